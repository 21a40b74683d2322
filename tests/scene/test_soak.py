"""A flight of some hundred frames leaves nothing behind: no memory, no things on the stage."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest

from layers.edits import SetHeight
from layers.history import History
from layers.viewpoint import Viewpoint
from scene.detail import Detail
from scene.stage import Stage
from scene.views.buildings import BuildingsView
from tests.scene.cities import SOUTH, WEST, city, project_with, shot, staged

pytestmark = pytest.mark.picture

COUNT = 3000
ROUND = 24  # frames
SMALL = replace(Detail(), mesh_bytes=1_500_000, uploads_moving=2, workers=1)
#: what is in view may be more than the limit on meshes allows, and stays
MESHES = 10_000_000


def eyes(turn: float) -> list[Viewpoint]:
    """Give one round over the town, low and high in turns."""
    out = []
    for number in range(ROUND):
        angle = math.tau * number / ROUND + turn
        middle = (WEST + 820 + 450 * math.cos(angle), SOUTH + 820 + 450 * math.sin(angle), 0.0)
        away = 260.0 + 180.0 * math.sin(3.0 * angle)
        out.append(Viewpoint.looking_at(middle, away, angle, -0.35))
    return out


def megabytes() -> float:
    """Give the memory this process made itself, without files and libraries."""
    lines = Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines()
    wanted = ("RssAnon:", "RssShmem:")
    return sum(float(line.split()[1]) for line in lines if line.startswith(wanted)) / 1024.0


def fly(stage: Stage, turn: float) -> int:
    """Fly one round; gives the most things there were on the stage."""
    most = 0
    props = stage.context.renderer.GetViewProps()
    for eye in eyes(turn):
        stage.moving = True
        stage.viewpoint = eye
        shot(stage)
        stage.advance(0.01)
        most = max(most, int(props.GetNumberOfItems()))
    return most


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads memory from /proc")
def test_a_long_flight_with_edits_and_selections_does_not_grow() -> None:
    project, layer = project_with(city(COUNT))
    history = History(project)
    ids = layer.features.ids
    levels, things, meshes = [], [], []
    with staged(project, (160, 90), patient=True) as stage:
        stage.build()
        stage.detail = SMALL
        view = stage.views[layer.id]
        assert isinstance(view, BuildingsView)
        for number in range(10):
            things.append(fly(stage, 0.3 * number))
            stage.select({layer.id: ids[number::500]})
            history.run(SetHeight(layer.id, int(ids[7 * number]), 33.0))
            history.undo()
            stage.finish()
            shot(stage)
            stage.let_go()
            meshes.append(view.tiles.nbytes)
            levels.append(megabytes())
    assert max(meshes) < MESHES
    assert max(things[5:]) <= max(things[:5]) + 20
    assert max(levels[6:]) - max(levels[3:6]) < 25.0
