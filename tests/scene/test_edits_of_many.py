"""After any edits a city looks as if it had been opened so, and little of it was made anew."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import shapely

from layers import schemes_commands as commands
from layers.edits import SetHeight
from layers.history import Command, History
from layers.kinds.base import Layer
from layers.kinds.buildings import Buildings
from layers.project import Project
from layers.schemes_build import Block
from layers.shapes import Ints
from layers.style import by_ranges
from layers.viewpoint import Viewpoint
from scene.choosing import CELLS
from scene.detail import Detail
from scene.merged import Merged
from scene.stage import Stage
from scene.views.buildings import BuildingsView
from tests.scene.cities import SOUTH, WEST, city, project_with, shot, staged

pytestmark = pytest.mark.picture

COUNT = 9000
SIDE = math.ceil(math.sqrt(COUNT))
COARSE = Detail(still_pixels=2.2)  # cells of several nodes stand for the city
EYE = Viewpoint.looking_at((WEST + 1400.0, SOUTH + 1400.0, 0.0), 6000.0, 0.3, math.radians(-45))


def town() -> tuple[Project, Layer]:
    """Give a town coloured by height, so that a wrong place in the texture shows."""
    project, layer = project_with(city(COUNT))
    assert isinstance(layer.data, Buildings)
    colouring = by_ranges("height", layer.data.height, steps=7)
    layer.style = replace(layer.style, outline=None, colouring=colouring)
    return project, layer


def block(west: int, south: int, side: int) -> Ints:
    """Give the ids of a square of buildings."""
    return np.array([1 + (south + r) * SIDE + west + c for r in range(side) for c in range(side)])


def view_of(stage: Stage) -> BuildingsView:
    """Give the view of the town."""
    view = next(iter(stage.views.values()))
    assert isinstance(view, BuildingsView)
    return view


def check(stage: Stage, project: Project) -> None:
    """What is drawn, and what is known of it, is that of a stage just built."""
    stage.detail, stage.viewpoint = COARSE, EYE
    picture = shot(stage)
    view = view_of(stage)
    pieces, source = view.tiles.pieces, view.tiles._source
    assert pieces is not None
    assert source is not None
    shown = pieces.kind[view.tiles.shown]
    assert (shown == CELLS).sum() >= 3
    tree, mesher = source.tree, source.mesher
    np.testing.assert_allclose(source.boxes, mesher.boxes())
    assert sorted(tree.order.tolist()) == list(range(len(mesher.buildings)))
    area, sums = mesher.plans.area, source.merged.sums
    np.testing.assert_allclose(area, mesher.buildings.shapes.areas(), rtol=1e-6)
    anew = Merged(tree, mesher.solids)
    filled = sums[:, 4] > 0.0
    assert int(filled.sum()) == len(anew)
    np.testing.assert_allclose(sums[filled], anew.sums, rtol=1e-9)
    with staged(project, stage.size) as fresh:
        fresh.detail, fresh.viewpoint = COARSE, EYE
        wanted = shot(fresh)
    # Who moves within a leaf counts on in the cell next door: a point lies a pixel aside.
    assert (np.abs(picture.astype(int) - wanted).max(axis=2) > 2).mean() < 5e-4


def some_edits(project: Project, layer: Layer) -> list[Callable[[], Command]]:
    """Give edits of all sorts, near each other and far apart."""
    first = block(20, 20, 1)

    def build() -> Command:
        x, y = WEST + 1500.0, SOUTH + 1501.0
        made = [Block.of_storeys(shapely.box(x, y, x + 14, y + 9), 30, "office")]
        return commands.build(project, layer.id, made)[0]

    return [
        lambda: commands.demolish(project, layer.id, block(0, 0, 12)),  # cells are left empty
        build,
        lambda: commands.move(project, layer.id, first, 900.0, 1200.0),
        lambda: commands.copy(project, layer.id, first, [[60.0 * i, 7.0] for i in range(10)])[0],
        lambda: commands.turn(project, layer.id, block(40, 40, 3), 30.0),
        lambda: SetHeight(layer.id, int(first[0]), 300.0),
        lambda: commands.demolish(project, layer.id, np.arange(500, 9000, 800)),
        lambda: commands.push(project, layer.id, block(60, 5, 2), 90.0),
    ]


def test_after_any_edit_the_far_city_looks_as_if_it_was_opened_so() -> None:
    project, layer = town()
    history = History(project)
    with staged(project, (320, 240)) as stage:
        stage.detail, stage.viewpoint = COARSE, EYE
        shot(stage)
        edits = some_edits(project, layer)
        for edit in edits:
            history.run(edit())
            check(stage, project)
        for number in range(len(edits)):
            history.undo()
            if number % 2:
                check(stage, project)


def test_a_cell_that_is_new_moves_no_colours() -> None:
    project, layer = town()
    history = History(project)
    with staged(project, (320, 240)) as stage:
        stage.detail, stage.viewpoint = COARSE, EYE
        history.run(commands.demolish(project, layer.id, block(0, 0, 12)))
        shot(stage)
    with staged(project, (320, 240)) as stage:  # knows nothing of what stood there
        stage.detail, stage.viewpoint = COARSE, EYE
        shot(stage)
        before = len(view_of(stage).tiles._source.merged)  # type: ignore[union-attr]  # is drawn
        history.undo()
        assert len(view_of(stage).tiles._source.merged) > before  # type: ignore[union-attr]
        check(stage, project)


def test_only_the_tiles_that_are_touched_are_made_anew() -> None:
    project, layer = town()
    history = History(project)
    with staged(project, (320, 240)) as stage:
        shot(stage)
        view = view_of(stage)
        whole = len(view.tiles)
        assert whole >= 12
        for edit in some_edits(project, layer)[1:6]:
            history.run(edit())
            assert 1 <= view.tiles_built <= 3
            history.undo()
            assert 1 <= view.tiles_built <= 3
        history.run(commands.demolish(project, layer.id, block(5, 5, 1)))
        assert view.tiles_built == 1
