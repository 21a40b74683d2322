"""A pit in the scene: the ground is gone, what hangs in it stays and is picked."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import shapely

from layers.analyses.pipe_digging import PipeDigParams, dug_of, pit_cut
from layers.cut import Cut
from layers.project import Project
from layers.shapes import Floats
from layers.viewpoint import View, Viewpoint
from scene.cut_faces import EARTH, FLOOR, PAVED, faces_of, pit_faces
from scene.offscreen import PictureRequest, Studio
from scene.street_view import BuiltLines
from scene.trees import Trees
from scene.views.base import LayerView
from scene.views.flat import FlatView
from tests.layers.pipes.made import EAST, NORTH
from tests.layers.pipes.streets import features, layer, street

RING = tuple((EAST + x, NORTH + y) for x, y in ((-6, -9), (6, -9), (6, -1), (-6, -1)))
DOWN = Viewpoint.looking_at(
    (EAST, NORTH - 5.0, 20.0), 40.0, 0.0, -math.pi / 2, projection="parallel"
)
SIZE = (400, 300)


def dug_street() -> tuple[Project, PipeDigParams]:
    return street(), PipeDigParams(area=RING, depth=3.0, slope=0.5)


def test_floor_and_walls_have_their_colours_and_walls_differ() -> None:
    project, params = dug_street()
    parts = list(pit_faces(pit_cut(dug_of(project, params))))
    assert len({colour for _, colour in parts}) >= 3
    assert sum(len(faces) for faces, _ in parts) == len(dug_of(project, params).triangles)
    assert EARTH != FLOOR


class Paved(LayerView):
    """A street 0.16 m above the ground on the eastern half."""

    def __init__(self) -> None:
        pass

    def laid_at(self, places: Floats) -> Floats:
        return np.where(places[:, 0] > EAST, 20.16, np.nan)

    rebuild = restyle = pick = inside = None  # type: ignore[assignment]  # nobody asks


def test_the_edge_of_a_street_reaches_down_to_the_wall_below_it() -> None:
    project, params = dug_street()
    cut = pit_cut(dug_of(project, params))
    with Studio(project) as studio:
        context = studio.stage.context
        faces = list(faces_of(cut, np.array(cut.ring), context, [Paved()]))
        bare = list(faces_of(cut, np.array(cut.ring), context, []))
    edge = np.concatenate([part.reshape(-1, 3) for part, colour in faces if colour == PAVED])
    assert edge[:, 2].min() == pytest.approx(20.0, abs=0.01)
    assert edge[:, 2].max() == pytest.approx(20.16)
    assert edge[:, 0].min() > EAST - 0.6
    assert PAVED not in {colour for _, colour in bare}


def shot(studio: Studio, cut: Cut | None) -> np.ndarray:
    view = View("", DOWN, None, cut=cut)
    request = PictureRequest(view, SIZE, supersample=1, corner_shade=False)
    return np.asarray(studio.picture(request).pixels[..., :3].astype(int))


@pytest.mark.picture
def test_a_water_main_shows_in_the_pit_and_is_picked_there() -> None:
    project, params = dug_street()
    cut = pit_cut(dug_of(project, params))
    middle = SIZE[0] / 2, SIZE[1] / 2
    with Studio(project) as studio:
        before = shot(studio, None)
        top = studio.stage.pick(*middle)
        assert top is not None
        assert top.layer_id != "pipes"
        seen = shot(studio, cut)
        colour = seen[SIZE[1] // 2, SIZE[0] // 2]
        assert colour[1] - colour[0] > 40  # the blue of water
        pipe = studio.stage.pick(*middle)
        assert pipe is not None
        assert (pipe.layer_id, pipe.object_id) == ("pipes", 1)
        floor = studio.stage.pick(middle[0], middle[1] - 15)
        assert floor is not None
        assert floor.object_id == 0
        assert floor.point[2] == pytest.approx(17.0, abs=0.01)
        assert np.abs(shot(studio, None) - before).mean() < 1.0


def test_a_named_view_keeps_the_pit() -> None:
    project, params = dug_street()
    cut = pit_cut(dug_of(project, params))
    assert type(cut).from_json(cut.to_json()) == cut
    assert replace(cut, pit=()) != cut


@pytest.mark.picture
def test_a_pit_is_closed_where_the_drawn_ground_is_lower_than_its_rim() -> None:
    """Low eyes look over the near wall; nothing but earth and ground is there to be seen."""
    project, params = dug_street()
    cut = pit_cut(dug_of(project, params))
    raised = tuple(
        tuple(part + (0.25 if k % 3 == 2 else 0.0) for k, part in enumerate(triangle))
        for triangle in cut.pit
    )
    eye = Viewpoint.looking_at((EAST, NORTH - 5.0, 20.0), 30.0, 0.4, math.radians(-25))
    with Studio(project) as studio:
        view = View("", eye, None, cut=replace(cut, pit=raised))
        request = PictureRequest(view, SIZE, supersample=1, corner_shade=False)
        seen = np.asarray(studio.picture(request).pixels[..., :3].astype(int))
    low = seen[SIZE[1] // 3 :]
    assert not (low.min(axis=2) > 225).any()  # the sky below the horizon is pale


def planted() -> Project:
    """Give the street with a tree in the pit and one beside it, and with lamps along it."""
    project = street()
    road = project.layer("road")
    road.style = replace(road.style, built=True, lamps=8.0)
    trees = features([shapely.Point(0, -5), shapely.Point(9, -5)], height_m=[6.0, 6.0])
    project.insert_layer(layer("trees", "trees", trees))
    return project


@pytest.mark.picture
def test_trees_and_lamps_whose_ground_is_dug_away_are_gone_and_come_back() -> None:
    project = planted()
    cut = pit_cut(dug_of(project, PipeDigParams(area=RING, depth=3.0, slope=0.5)))
    with Studio(project) as studio:

        def standing(cut: Cut | None) -> tuple[int, int, int]:
            shot(studio, cut)
            views = studio.stage.views
            grown = [view for view in views.values() if isinstance(view, FlatView)]
            trees = next(v._places for v in grown if isinstance(v._places, Trees))
            built = next(v._lines for v in grown if isinstance(v._lines, BuiltLines))
            bodies = [tile.lamps.body for tile in built._tiles if tile.lamps is not None]
            lamps = sum(len(body.points) for body in bodies)
            return sum(trees.counts().values()), sum(len(b.places) for b in trees.bodies), lamps

        before = standing(None)
        assert before[:2] == (2, 2)
        seen = standing(cut)
        assert seen[:2] == (1, 1)
        assert 0 < seen[2] < before[2]
        assert standing(None) == before
