"""What is laid aside comes back, its place is used again, and a full disk is no error."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.errors import CityError
from layers.scratch import CHUNK, LaidAside, Scratch


def bytes_of(seed: int, size: int) -> np.ndarray[tuple[int], np.dtype[np.uint8]]:
    return np.random.default_rng(seed).integers(0, 256, size, dtype=np.uint8)


@given(st.lists(st.tuples(st.integers(1, 300), st.integers(0, 3)), max_size=30))
@settings(max_examples=60, deadline=None)
def test_whatever_is_kept_and_let_go_all_comes_back(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[int, int]]
) -> None:
    folder = tmp_path_factory.mktemp("scratch")
    scratch = Scratch(lambda: folder)
    held: dict[int, LaidAside] = {}
    most = 0
    for number, (size, gone) in enumerate(steps):
        kept = scratch.lay_aside(bytes_of(number, size))
        assert kept is not None
        held[number] = kept
        del kept
        most = max(most, sum(one.size for one in held.values()))
        for other in list(held)[:gone]:
            del held[other]
        for other, one in held.items():
            assert one.read().tobytes() == bytes_of(other, one.size).tobytes()


def test_a_place_that_is_free_is_used_again(tmp_path: Path) -> None:
    scratch = Scratch(lambda: tmp_path)
    for number in range(50):
        kept = scratch.lay_aside(bytes_of(number, 1000))
        assert kept is not None
        assert kept.start == 0
        del kept


def test_large_pieces_are_written_and_read_in_parts_while_others_are(tmp_path: Path) -> None:
    scratch = Scratch(lambda: tmp_path)
    raws = [bytes_of(number, CHUNK + 12_345 * number) for number in range(3)]
    found: dict[int, LaidAside | None] = {}

    def work(number: int) -> None:
        found[number] = scratch.lay_aside(raws[number])

    threads = [threading.Thread(target=work, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number, raw in enumerate(raws):
        kept = found[number]
        assert kept is not None
        assert np.array_equal(kept.read(), raw)


def test_without_a_folder_or_rights_nothing_is_laid_aside(tmp_path: Path) -> None:
    assert Scratch(lambda: None).lay_aside(bytes_of(1, 10)) is None
    (tmp_path / "file").write_text("where the folder should be")
    assert Scratch(lambda: tmp_path / "file" / "below").lay_aside(bytes_of(1, 10)) is None


def test_a_disk_that_gives_nothing_back_is_told(tmp_path: Path) -> None:
    scratch = Scratch(lambda: tmp_path)
    kept = scratch.lay_aside(bytes_of(1, 100))
    assert kept is not None
    assert scratch._file is not None
    scratch._file.truncate(10)
    with pytest.raises(CityError) as told:
        kept.read()
    assert told.value.code == "undo.unreadable"
