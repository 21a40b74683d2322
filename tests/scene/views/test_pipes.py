"""Pipes in the picture: underground, in their colours, pointed at, hidden, as symbols."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import shapely

from layers.edits import SetLook
from layers.frame import Frame
from layers.history import History
from layers.kinds.base import Features, Layer
from layers.kinds.pipes import KIND, ROLES, Pipes
from layers.pipes.looks import class_colours
from layers.project import Project
from layers.shapes import Shapes
from layers.viewpoint import Viewpoint
from scene.pipe_tiles import FAR, FINE, PipeTiles
from scene.rays import Hit
from scene.stage import Stage
from scene.views.pipes import PipesView
from tests.scene.cities import shot, staged

pytestmark = pytest.mark.picture
EAST, NORTH = 508_000.0, 3_378_000.0
ABOVE = Viewpoint.looking_at((EAST, NORTH, 0.0), 60.0, 0.0, math.radians(-89.0))


def pipes() -> Pipes:
    """A gas pipe of 1 m and a storm sewer beside it, 2 m down, and a hydrant."""
    lines: list[Any] = [
        shapely.LineString([(EAST - 80, NORTH + y), (EAST + 80, NORTH + y)]) for y in (0.0, 8.0)
    ]
    lines.append(shapely.Point(EAST + 10, NORTH - 8))
    plain = Features.of(Shapes.from_shapely(np.array(lines)), pa.table({"owner": ["a", "b", "c"]}))
    return Pipes.of_columns(
        plain, [2, 1, 0], [1.0, 1.0, 0.0], role=[0, 0, ROLES.index("hydrant")], level_of=0,
        start_level=[-2.0, -2.0, np.nan], end_level=[-2.0, -2.4, np.nan],
    )  # fmt: skip


def project(**style: Any) -> tuple[Project, Layer]:
    made = Project(Frame("EPSG:4547", (EAST, NORTH)))
    layer = Layer("pipes", "Pipes", pipes(), style=replace(KIND.style, **style))
    made.insert_layer(layer)
    return made, layer


def view_of(stage: Any) -> PipesView:
    return next(view for view in stage.views.values() if isinstance(view, PipesView))


def tiles_of(stage: Any) -> PipeTiles:
    tiles = view_of(stage).tiles
    assert tiles is not None
    return tiles


def found_in_the_middle(stage: Stage) -> Hit:
    hit = stage.pick(stage.size[0] / 2, stage.size[1] / 2)
    assert hit is not None
    return hit


def magenta(picture: Any) -> int:
    rgb = picture[..., :3].astype(int)
    return int(((rgb[..., 0] - rgb[..., 1] > 60) & (rgb[..., 2] - rgb[..., 1] > 60)).sum())


def test_pipes_are_seen_only_through_the_ground_and_found_there() -> None:
    made, layer = project()
    with staged(made) as stage:
        stage.viewpoint = ABOVE
        assert magenta(shot(stage)) == 0
        assert found_in_the_middle(stage).object_id == 0
        stage.underground.share = 0.7
        drawn = shot(stage)
        assert magenta(drawn) > 0
        hit = found_in_the_middle(stage)
        assert (hit.layer_id, hit.object_id) == (layer.id, 1)
        assert hit.point[2] == pytest.approx(-2.0, abs=0.02)


def test_the_pipe_fills_the_pixels_that_its_diameter_fills() -> None:
    made, _ = project()
    with staged(made) as stage:
        stage.viewpoint = ABOVE
        stage.underground.share = 1.0
        column = shot(stage)[:, stage.size[0] // 2, :3].astype(int)
        seen = (column[:, 0] - column[:, 1] > 60) & (column[:, 2] - column[:, 1] > 60)
        pixels = stage.size[1] / (2.0 * math.tan(ABOVE.fov / 2.0) * 62.5)
        assert seen.sum() == pytest.approx(pixels, abs=2.0)


def test_pipes_are_chosen_pointed_at_and_hidden_without_new_meshes() -> None:
    made, layer = project()
    with staged(made) as stage:
        stage.viewpoint = ABOVE
        stage.underground.share = 1.0
        before = shot(stage)
        kept = dict(tiles_of(stage).tiles[0].actors)
        stage.select({layer.id: np.array([1])})
        chosen = shot(stage)
        assert magenta(chosen) == 0
        assert (chosen != before).any()
        stage.select({})
        assert np.array_equal(shot(stage), before)
        view_of(stage).isolate(np.array([2]))
        assert magenta(shot(stage)) == 0
        view_of(stage).isolate(None)
        layer.style = replace(layer.style, pipe_hidden=("gas",))
        assert magenta(shot(stage)) == 0
        assert found_in_the_middle(stage).object_id == 0
        assert tiles_of(stage).tiles[0].actors == kept


def test_another_palette_can_be_undone() -> None:
    made, layer = project()
    history = History(made)
    with staged(made) as stage:
        stage.viewpoint = ABOVE
        stage.underground.share = 1.0
        before = shot(stage)
        other = replace(layer.style, colouring=class_colours("apwa"))
        history.run(SetLook(layer.id, "style", other))
        assert magenta(shot(stage)) == 0
        history.undo()
        assert np.array_equal(shot(stage), before)


def test_from_afar_pipes_become_lines_and_stay_in_the_picture() -> None:
    made, _ = project()
    with staged(made) as stage:
        stage.underground.share = 1.0
        stage.viewpoint = ABOVE
        shot(stage)
        assert tiles_of(stage).levels == [FINE]
        stage.viewpoint = Viewpoint.looking_at((EAST, NORTH, 0.0), 3000.0, 0.0, -1.5)
        picture = shot(stage)
        assert tiles_of(stage).levels == [FAR]
        assert magenta(picture) > 10


def test_a_box_takes_the_runs_whose_middle_is_in_it() -> None:
    made, layer = project()
    with staged(made) as stage:
        stage.viewpoint = ABOVE
        stage.underground.share = 1.0
        width, height = stage.size
        found = stage.pick_box(width * 0.4, height * 0.4, width * 0.6, height * 0.6)
        assert found[layer.id].tolist() == [1]


def test_symbols_lie_on_the_ground_and_are_found_there() -> None:
    made, layer = project(pipe_mode="symbols", pipe_codes=True)
    with staged(made) as stage:
        stage.viewpoint = ABOVE
        assert magenta(shot(stage)) > 0
        hit = found_in_the_middle(stage)
        assert (hit.layer_id, hit.object_id) == (layer.id, 1)
        layer.style = replace(layer.style, pipe_mode="true")
        assert magenta(shot(stage)) == 0


def test_the_error_band_is_wider_than_the_pipe() -> None:
    made, layer = project()
    with staged(made) as stage:
        stage.viewpoint = ABOVE
        stage.underground.share = 1.0
        before = shot(stage)
        layer.style = replace(layer.style, pipe_errors=True)
        assert (shot(stage) != before).any(axis=2).sum() > 100


@pytest.mark.parametrize("mode", ["true", "symbols"])
def test_pipes_take_other_colours_for_a_while_and_their_own_again(mode: str) -> None:
    made, _ = project(pipe_mode=mode)
    with staged(made) as stage:
        stage.viewpoint = ABOVE
        stage.underground.share = 0.9
        own = magenta(shot(stage))
        view_of(stage).tint(np.full((3, 3), (20, 40, 250), dtype=np.uint8))
        assert own > 500
        assert magenta(shot(stage)) < own / 10
        view_of(stage).tint(None)
        assert abs(magenta(shot(stage)) - own) < own / 10
