"""Arrays told by what they were come back to the bit, and little is written for little."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from layers import schemes_commands as commands
from layers.files import journal_splices
from layers.files.journal import Journal, journal_folder
from layers.files.journal_splices import spliced, unspliced
from layers.files.project_file import load_project, save_project
from layers.files.recovery import recoverable
from layers.history import Command, History
from layers.shapes import starts_of
from tests.layers.files.projects import facts_of, town

SORTS = ["rising", "random", "same", "few", "flags", "places", "starts"]


def column(sort: str, count: int, seed: int) -> NDArray[np.generic]:
    """Give a column such as layers have."""
    random = np.random.default_rng(seed)
    if sort == "rising":
        return np.arange(count) * 3
    if sort == "random":
        return random.normal(size=count)
    if sort == "same":
        return np.zeros(count)
    if sort == "few":
        return random.choice([3.0, 6.0, np.nan], count)
    if sort == "flags":
        return random.random(count) < 0.5
    if sort == "places":
        return random.normal(size=(count, 2))
    return starts_of(random.integers(3, 9, count))


def changed(old: NDArray[np.generic], sort: str, seed: int) -> NDArray[np.generic]:
    """Leave some out, put some in, write others."""
    random = np.random.default_rng(seed)
    values = np.diff(old) if sort == "starts" else old
    values = np.delete(values, random.choice(len(values), random.integers(0, 12)), axis=0)
    at = np.sort(random.integers(0, len(values), random.integers(0, 6)))
    values = np.insert(values, at, values[random.integers(0, len(values), len(at))], axis=0)
    rows = random.integers(0, len(values), random.integers(0, 20))
    values[rows] = values[random.integers(0, len(values), len(rows))]
    return starts_of(values) if sort == "starts" else values


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(SORTS), st.integers(0, 10_000), st.sampled_from([64, 1000, 1 << 16]))
def test_what_is_spliced_comes_back(sort: str, seed: int, walk: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(journal_splices, "WALK", walk)
        patch.setattr(journal_splices, "SMALL", 100)
        old = column(sort, 5000, seed)
        new = changed(old, sort, seed + 1)
        told = spliced(old, new)
        if told is None:
            assert walk < 1 << 16
            return
        header, raw = told
        made = unspliced(old, header, raw)
    assert made.dtype == new.dtype
    assert made.shape == new.shape
    assert made.tobytes() == np.ascontiguousarray(new).tobytes()
    assert len(raw) < 3000 + new.nbytes // 8


def test_what_is_another_array_is_not_spliced() -> None:
    random = np.random.default_rng(1)
    old, new = random.normal(size=(2, 20_000))
    assert spliced(old, new) is None
    assert spliced(old, new.astype(np.float32)) is None
    assert spliced(old, old.reshape(-1, 2)) is None


def test_moving_removing_and_adding_write_little_and_come_back(tmp_path: Path) -> None:
    file = tmp_path / "p.gpkg"
    save_project(town(20_000), file)
    project = load_project(file)
    (layer,) = (one for one in project.layers if one.kind == "buildings")
    history = History(project)
    ids = layer.features.ids
    x, y = layer.features.shapes.centres()[50]
    edits: list[Callable[[], Command]] = [
        lambda: commands.move(project, layer.id, ids[70:72], 4.0, 1.0),
        lambda: commands.demolish(project, layer.id, ids[100:9000:900]),
        lambda: commands.copy(project, layer.id, ids[7:8], [[30.0 * i, 7.0] for i in range(9)])[0],
        lambda: commands.build(
            project, layer.id, commands.blocks_for(
                [(x, y), (x + 9, y), (x + 9, y + 8), (x, y + 8)], use="office", storeys=5
            ),
        )[0],
    ]  # fmt: skip
    with Journal.open(file) as journal:
        journal.stand_on(project)
        before = 0
        for edit in edits:
            history.run(edit())
            journal.record(project)
            size = sum(path.stat().st_size for path in journal_folder().iterdir())
            assert size - before < 250_000  # the city has four megabytes
            before = size
    found = recoverable(file)
    assert found is not None
    assert facts_of(found.restore()) == facts_of(project)


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A state folder for each test."""
    monkeypatch.setenv("CITYSTAGE_STATE", str(tmp_path / "state"))
