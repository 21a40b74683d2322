"""What undo may take in memory is a setting; saving and recovery know nothing of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely

from app import settings as settings_file
from app.session import Session
from app.settings import Settings
from layers.content import array_hash, content_hash
from layers.edits import AddLayer
from layers.kinds.base import Layer
from layers.kinds.buildings import Buildings
from layers.project import Project
from layers.schemes_commands import copy, demolish, move
from layers.shapes import Shapes


@pytest.fixture(autouse=True)
def own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CITYSTAGE_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("CITYSTAGE_CONFIG", str(tmp_path / "config"))


def city(count: int = 1_500) -> Layer:
    boxes = [shapely.box(500_000 + 20 * i, 0, 500_009 + 20 * i, 9) for i in range(count)]
    data = Buildings.blocks(Shapes.from_shapely(boxes), np.arange(count) % 30 + 5.0)
    return Layer("buildings", "Houses", data, layer_id="houses")


def told(project: Project) -> list[str]:
    """Hashes worked out anew: nothing remembered of arrays counts."""
    packed = project.layer("houses").data.pack()
    return [content_hash(packed), *(array_hash(a.copy()) for a in packed.arrays.values())]


def dirty(session: Session) -> bool:
    return session.unsaved


def edits(session: Session) -> list[list[str]]:
    """Make nine edits; give the states from the first on."""
    states = [told(session.project)]
    project = session.project
    for number in range(9):
        ids = [10 * number + 3, 10 * number + 7]
        if number % 3 == 0:
            session.run(demolish(project, "houses", ids))
        elif number % 3 == 1:
            session.run(move(project, "houses", ids, 3.0, 4.0))
        else:
            session.run(copy(project, "houses", ids, [[0.0, 40.0]])[0])
        states.append(told(project))
    return states


def test_the_setting_bounds_what_undo_keeps_right_after_each_step() -> None:
    settings_file.save(Settings(undo_gib=0.0))
    session = Session(journaled=False)
    session.new("EPSG:4547")
    session.run(AddLayer(city()))
    states = edits(session)
    least = session.history.held_bytes()
    session.undo_bytes = 10**9
    session.undo()
    session.redo()
    assert least < 3 * sum(a.nbytes for a in city().data.pack().arrays.values())
    for wanted in reversed(states[:-1]):
        session.undo()
        assert told(session.project) == wanted
    assert session.history.held_bytes() > least
    session.undo_bytes = 0
    assert session.history.held_bytes() < 1.2 * least
    for wanted in states[1:]:
        session.redo()
        assert told(session.project) == wanted
    session.close()


def test_undo_past_condensed_steps_survives_a_crash_and_knows_what_is_saved(
    tmp_path: Path,
) -> None:
    settings_file.save(Settings(undo_gib=0.0))
    path = tmp_path / "city.gpkg"
    session = Session()
    session.new("EPSG:4547")
    session.run(AddLayer(city()))
    states = edits(session)
    for _ in range(4):
        session.undo()
    session.save_as(path)
    assert not dirty(session)
    for _ in range(3):
        session.undo()
    assert dirty(session)
    for _ in range(3):
        session.redo()
    assert not dirty(session)
    for _ in range(4):
        session.undo()
    assert session._journal is not None
    session._journal.close()  # what a crash leaves
    assert session._lock is not None
    session._lock.release()

    after = Session()
    recovery = after.recoverable(path)
    assert recovery is not None
    after.recover(recovery, path)
    assert told(after.project) == states[1]
    after.close()
