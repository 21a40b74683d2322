"""The pointer finds corners, middles and edges."""

from __future__ import annotations

import pytest
import shapely

from layers.frame import Frame
from layers.kinds.base import Features, Layer
from layers.kinds.buildings import Buildings
from layers.planning.snapping import Snapper
from layers.project import Project
from layers.shapes import Shapes


@pytest.fixture
def town() -> Project:
    project = Project(Frame("EPSG:4547"))
    block = Shapes.from_shapely([shapely.box(0, 0, 20, 10), shapely.box(100, 0, 120, 10)])
    street = Shapes.from_shapely([shapely.LineString([(0, -20), (50, -20), (90, -20)])])
    project.insert_layer(Layer("roads", "Street", Features.of(street)))
    project.insert_layer(Layer("buildings", "Blocks", Buildings.blocks(block, [12.0, 30.0])))
    return project


def test_a_roof_corner_wins_over_the_edge_beside_it(town: Project) -> None:
    found = Snapper(town).snap((0.4, 0.2, 11.8), 1.0)
    assert found is not None
    assert (found.what, found.point, found.object_id) == ("vertex", (0.0, 0.0, 12.0), 1)


def test_the_foot_of_a_wall_is_found_as_well(town: Project) -> None:
    found = Snapper(town).snap((119.8, 10.1, 0.3), 1.0)
    assert found is not None
    assert found.point == (120.0, 10.0, 0.0)


def test_edges_and_their_middles_are_found(town: Project) -> None:
    snapper = Snapper(town)
    middle = snapper.snap((10.1, 0.0, 12.2), 1.0)
    edge = snapper.snap((5.0, 0.3, 12.0), 1.0)
    upright = snapper.snap((20.2, 10.0, 3.0), 1.0)
    assert middle is not None
    assert edge is not None
    assert upright is not None
    assert (middle.what, middle.point) == ("middle", (10.0, 0.0, 12.0))
    assert (edge.what, edge.point) == ("edge", (5.0, 0.0, 12.0))
    assert (upright.what, upright.point) == ("edge", (20.0, 10.0, 3.0))
    assert snapper.snap((5.0, 0.3, 12.0), 1.0, edges=False) is None


def test_lines_have_corners_but_no_closing_edge(town: Project) -> None:
    snapper = Snapper(town)
    bend = snapper.snap((50.5, -20.0, 0.0), 1.0)
    assert bend is not None
    assert (bend.what, bend.layer_id) == ("vertex", town.layer("Street").id)
    assert snapper.snap((45.2, -19.0, 0.0), 0.5) is None


def test_nothing_is_found_far_away_or_on_hidden_layers(town: Project) -> None:
    snapper = Snapper(town)
    assert snapper.snap((60.0, 60.0, 0.0), 2.0) is None
    town.layer("Blocks").visible = False
    assert snapper.snap((0.0, 0.0, 12.0), 1.0) is None


def test_new_content_is_snapped_to_at_once(town: Project) -> None:
    snapper = Snapper(town)
    assert snapper.snap((300.0, 0.0, 5.0), 1.0) is None
    town.layer("Blocks").data = Buildings.blocks(
        Shapes.from_shapely([shapely.box(300, 0, 310, 9)]), 5.0
    )
    found = snapper.snap((300.0, 0.0, 5.0), 1.0)
    assert found is not None
    assert found.what == "vertex"
