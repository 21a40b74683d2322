"""What lies over pipes: carriageways, bridges, and everything else."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import shapely

from layers.frame import Frame
from layers.kinds.base import Features, Layer
from layers.pipes.cover import check_cover
from layers.pipes.pavement import street_lines, surface_at
from layers.project import Project
from layers.rules.loader import built_in, rule_set
from layers.shapes import Floats, Shapes
from tests.layers.pipes.made import EAST, NORTH, network


def city() -> Project:
    """Make a street of 8 m with footways, and a bridge across further east."""
    lines = [[(0, 0), (100, 0)], [(300, -50), (300, 50)]]
    shapes = [shapely.LineString([(EAST + x, NORTH + y) for x, y in line]) for line in lines]
    table = pa.table({"name": ["Mill Lane", "Bridge"], "highway": ["residential", "residential"],
                      "width": [8.0, 8.0], "bridge": ["no", "yes"], "layer": [0, 1]})  # fmt: skip
    project = Project(Frame("EPSG:4547", (EAST, NORTH)))
    project.insert_layer(Layer("roads", "Roads", Features.of(Shapes.from_shapely(shapes), table)))
    return project


def at(*places: tuple[float, float]) -> Floats:
    return np.array([(EAST + x, NORTH + y) for x, y in places])


def test_places_are_on_the_carriageway_on_a_bridge_or_beside() -> None:
    surface = surface_at(city())
    assert surface is not None
    assert surface(at((50, 3), (50, 20), (300, 10))) == ("carriageway", "footway", "bridge")


def test_streets_on_the_ground_have_names_and_widths() -> None:
    streets = street_lines(city())
    assert streets is not None
    assert streets.name.tolist() == ["Mill Lane"]
    assert streets.whole[0] >= streets.width[0] == 8.0


def test_a_project_without_streets_tells_no_surface() -> None:
    assert surface_at(Project()) is None
    assert street_lines(Project()) is None


def test_cover_asks_for_more_below_a_carriageway_and_for_none_on_a_bridge() -> None:
    """Gas with its top 0.7 m below the ground: 0.9 m below carriageways, 0.6 m beside them."""
    lines = [[(20, 0), (80, 0)], [(20, 30), (80, 30)], [(300, -40), (300, 40)]]
    pipes = network(lines, ["gas"] * 3, [0.2] * 3, [(9.3, 9.3), (9.3, 9.3), (12.0, 12.0)],
                    level_of=0)  # fmt: skip
    table = check_cover(
        pipes, rule_set(built_in()), lambda places: np.full(len(places), 10.0), surface_at(city())
    )
    (row,) = table.to_pylist()
    assert (row["pipe"], row["surface"], row["required_m"]) == (1, "carriageway", 0.9)
