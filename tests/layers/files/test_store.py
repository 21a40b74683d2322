"""The city store: what comes out is what went in, and nothing that happens to it stops anybody."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from layers.files import store as store_module
from layers.files.raw import Note
from layers.files.store import Store, default_store, settle_default

ROOT = Path(__file__).parents[3]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store", 10_000_000)


@pytest.fixture
def notes(store: Store) -> list[Note]:
    heard: list[Note] = []
    store.told.connect(heard.append)
    return heard


def kept(store: Store, key: str = "a", size: int = 1000) -> Path:
    table = pa.table({"name": ["东方明珠", None, "b"], "number": [1, 2, None]})
    assert store.keep(key, {"x": np.arange(size), "y": np.eye(3)}, {"f": [1, "二"]}, {"t": table})
    return store._path(key)


def test_what_was_kept_comes_back_as_it_was(store: Store) -> None:
    kept(store)
    found = store.load("a")
    assert found is not None
    assert found.arrays["x"].tolist() == list(range(1000))
    assert (found.arrays["y"] == np.eye(3)).all()
    assert found.facts == {"f": [1, "二"]}
    assert found.tables["t"].to_pydict() == {
        "name": ["东方明珠", None, "b"],
        "number": [1, 2, None],
    }
    assert store.load("b") is None
    assert (store.has("a"), store.has("b")) == (True, False)


@settings(max_examples=30, deadline=None)
@given(
    array=st.sampled_from(["<f8", "<i4", "|b1", "<u8", "<f4", "|u1"]).flatmap(
        lambda kind: arrays(np.dtype(kind), st.lists(st.integers(0, 5), max_size=3).map(tuple))
    )
)
def test_any_array_comes_back_bit_by_bit(
    array: np.ndarray[Any, Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    store = Store(tmp_path_factory.mktemp("store"))
    store.keep("a", {"one": array, "two": array.copy(order="F")})
    found = store.load("a")
    assert found is not None
    for got in found.arrays.values():
        assert (got.dtype, got.shape, got.tobytes()) == (array.dtype, array.shape, array.tobytes())


def test_arrays_of_the_store_cannot_be_changed_and_lie_at_aligned_places(store: Store) -> None:
    kept(store)
    found = store.load("a")
    assert found is not None
    for array in found.arrays.values():
        assert not array.flags.writeable
        assert array.ctypes.data % 64 == 0
    with pytest.raises(ValueError, match="WRITEABLE"):
        found.arrays["x"].setflags(write=True)


def test_objects_cannot_be_kept(store: Store) -> None:
    with pytest.raises(TypeError, match="objects"):
        store.keep("a", {"x": np.array([None])})


def test_a_flip_anywhere_is_noticed_and_told_once(store: Store, notes: list[Note]) -> None:
    path = kept(store)
    whole = path.read_bytes()
    assert store.load("a") is not None
    part_of_something = np.flatnonzero(np.frombuffer(whole, np.uint8))
    for at in part_of_something[:: len(part_of_something) // 60].tolist():
        broken = bytearray(whole)
        broken[at] ^= 0x10
        path.write_bytes(broken)
        assert store.load("a") is None, at
        assert not path.exists()
    assert [note.key for note in notes] == ["store_rebuilt"]
    kept(store)
    assert store.load("a") is not None


@pytest.mark.parametrize("share", [0.0, 0.001, 0.3, 0.9, 0.9999])
def test_a_file_that_is_cut_short_is_dropped(store: Store, notes: list[Note], share: float) -> None:
    path = kept(store)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    assert store.load("a") is None
    assert not path.exists()
    assert len(notes) == 1


def test_another_version_and_another_key_are_dropped(
    store: Store, notes: list[Note], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(store)
    monkeypatch.setattr(store_module, "VERSION", 99)
    assert store.load("a") is None
    monkeypatch.undo()
    kept(store)
    store._path("a").replace(store._path("b"))
    assert store.load("b") is None
    assert len(notes) == 1


def test_the_least_recently_used_goes_first(store: Store) -> None:
    store.most_bytes = 400_000
    for number, key in enumerate("abc"):
        path = kept(store, key, 15_000)
        os.utime(path, (1000.0 + number, 1000.0 + number))
    assert store.load("a") is not None  # used now: b is the oldest then
    kept(store, "d", 15_000)
    assert [key for key in "abcd" if store.has(key)] == ["a", "c", "d"]
    assert store.info().bytes <= store.most_bytes


def test_what_is_too_big_is_not_kept_and_removes_nothing(store: Store) -> None:
    kept(store)
    assert not store.keep("big", {"x": np.zeros(2_000_000)})
    assert store.has("a")


def test_an_entry_in_use_outlives_its_eviction(store: Store) -> None:
    kept(store, "a", 20_000)
    found = store.load("a")
    assert found is not None
    store.clear()
    assert store.load("a") is None
    assert found.arrays["x"].sum() == 20_000 * 19_999 // 2
    kept(store, "a", 10)
    assert found.arrays["x"].sum() == 20_000 * 19_999 // 2


def test_half_written_files_of_the_dead_are_swept_those_of_the_living_stay(store: Store) -> None:
    kept(store)
    dead, living = store.folder / "x-1-1.part", store.folder / "y-2-2.part"
    for path in (dead, living):
        path.write_bytes(b"half")
    os.utime(dead, (1000.0, 1000.0))
    kept(store, "b")
    assert (dead.exists(), living.exists()) == (False, True)
    assert store.load("a") is not None


@pytest.mark.parametrize(
    ("number", "key"),
    [
        (errno.ENOSPC, "store_full"),
        (errno.EROFS, "store_not_writable"),
        (errno.EACCES, "store_not_writable"),
    ],
)
def test_without_space_or_rights_life_goes_on_and_is_told_once(
    store: Store, notes: list[Note], monkeypatch: pytest.MonkeyPatch, number: int, key: str
) -> None:
    kept(store)

    def fails(*_: object) -> int:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(store_module, "_pour", fails)
    for name in "xyz":
        assert not store.keep(name, {"x": np.zeros(10)})
    assert [note.key for note in notes] == [key]
    assert not list(store.folder.glob("*.part"))


def test_a_full_disk_is_made_room_on_by_old_entries(
    store: Store, notes: list[Note], monkeypatch: pytest.MonkeyPatch
) -> None:
    store.most_bytes = 1_000_000
    for key in "abc":
        kept(store, key, 30_000)
    usual = store_module._pour
    full = [True]

    def fails_once(file: object, data: Any) -> int:
        if full.pop() if full else False:
            raise OSError(errno.ENOSPC, "full")
        return usual(file, data)

    monkeypatch.setattr(store_module, "_pour", fails_once)
    assert store.keep("d", {"x": np.zeros(10)})
    assert notes == []
    assert store.info().entries < 4


def test_a_folder_that_cannot_be_made_stops_nobody(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    store = Store(tmp_path / "file" / "store")
    heard: list[Note] = []
    store.told.connect(heard.append)
    assert not store.keep("a", {"x": np.zeros(3)})
    assert store.load("a") is None
    assert [note.key for note in heard] == ["store_not_writable"]
    assert store.info().entries == 0


def test_a_store_of_no_size_keeps_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path / "none", 0)
    assert not store.keep("a", {"x": np.zeros(3)})
    assert store.load("a") is None
    assert not (tmp_path / "none").exists()


WRITER = """
import sys, numpy as np
from layers.files.store import Store
store = Store(sys.argv[1], 600_000)
for turn in range(60):
    for key in range(6):
        store.keep(str(key), {"x": np.full(10_000, key)})
        found = store.load(str((key + turn) % 6))
        assert found is None or (found.arrays["x"] == (key + turn) % 6).all()
heard = []
print("sound")
"""


def test_two_programs_and_their_threads_never_meet_a_half_file(tmp_path: Path) -> None:
    heard: list[Note] = []
    store = Store(tmp_path, 600_000)
    store.told.connect(heard.append)
    others = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE
        )
        for _ in range(2)
    ]
    wrong: list[int] = []

    def read() -> None:
        for turn in range(300):
            key = turn % 6
            store.keep(str(key), {"x": np.full(10_000, key)})
            found = store.load(str(key))
            if found is not None and not (found.arrays["x"] == key).all():
                wrong.append(key)

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for other in others:
        out, _ = other.communicate()
        assert (other.returncode, out.strip()) == (0, b"sound")
    assert (wrong, heard) == ([], [])
    assert store.info().bytes <= 1_200_000  # each of them made room for its own last one


def test_the_usual_store_follows_variable_and_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CITYSTAGE_CACHE", str(tmp_path / "named"))
    assert default_store().folder == tmp_path / "named" / "store"
    assert settle_default(tmp_path / "chosen", 5) is default_store()
    assert default_store().folder == tmp_path / "named" / "store"
    monkeypatch.delenv("CITYSTAGE_CACHE")
    assert (default_store().folder, default_store().most_bytes) == (tmp_path / "chosen/store", 5)
    settle_default(None, store_module.USUAL_BYTES)
    assert default_store().folder.name == "store"
