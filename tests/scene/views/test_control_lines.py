"""Control lines stand as walls and volumes, and their legend names the preset."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import shapely

from layers.frame import Frame
from layers.kinds import kind_of
from layers.kinds.base import Features, Layer
from layers.kinds.control_lines import lines_of
from layers.project import Project
from layers.shapes import Shapes
from scene.furniture import Words
from scene.picture_facts import legend_of
from scene.stage import Stage
from scene.views.control_lines import ControlLinesView, heights_of_lines
from scene.walls import Walls
from tests.scene.cities import SOUTH, WEST, shot, staged

SIZE = (400, 300)


def lines(*shapes: Any, form: Any = "walls", **columns: Any) -> Layer:
    features = Features.of(Shapes.from_shapely(list(shapes)), pa.table(columns))
    look = replace(kind_of("control-lines").style, line_form=form, line_height=40.0)
    return Layer("control-lines", "Lines", features, style=look)


def area(size: float = 100.0) -> shapely.Polygon:
    return shapely.box(WEST + 50, SOUTH + 50, WEST + 50 + size, SOUTH + 50 + size)


@pytest.fixture
def stage() -> Iterator[Stage]:
    with staged(Project(Frame("EPSG:4547", (WEST, SOUTH))), SIZE) as made:
        yield made


def walls_of(stage: Stage, layer: Layer) -> list[Walls]:
    stage.project.insert_layer(layer)
    stage.build()
    view = stage.views[layer.id]
    assert isinstance(view, ControlLinesView)
    return [part for part in view._parts if isinstance(part, Walls)]


@pytest.mark.picture
def test_walls_stand_as_high_as_the_style_says_and_volumes_have_a_lid(stage: Stage) -> None:
    (walls,) = walls_of(stage, lines(area(), **{"class": ["green"]}))
    low, high = walls.data.GetBounds()[4:]
    assert high - low == pytest.approx(40.0, abs=0.01)
    (volume,) = walls_of(stage, lines(area(), form="volumes", **{"class": ["green"]}))
    assert volume.data.GetNumberOfCells() > walls.data.GetNumberOfCells()


@pytest.mark.picture
def test_a_cable_as_a_volume_is_as_wide_as_its_corridor(stage: Stage) -> None:
    cable = shapely.LineString([(WEST, SOUTH), (WEST + 100, SOUTH)])
    columns: dict[str, Any] = {"class": ["power"], "width_m": [20.0]}
    (volume,) = walls_of(stage, lines(cable, form="volumes", **columns))
    west, east, south, north = volume.data.GetBounds()[:4]
    assert (east - west, north - south) == (pytest.approx(100.0, abs=0.1), pytest.approx(20.0))


@pytest.mark.picture
def test_walls_are_seen_and_go_with_their_layer(stage: Stage) -> None:
    layer = lines(area(), **{"class": ["green"]})
    stage.project.insert_layer(layer)
    stage.build()
    seen = shot(stage)
    layer.visible = False
    assert np.abs(seen.astype(int) - shot(stage).astype(int)).max() > 20


def test_heights_a_line_tells_go_before_those_of_the_style() -> None:
    told = lines_of(
        Features.of(
            Shapes.from_shapely([area(), area()]),
            pa.table({"class": ["green", "green"], "low_m": [None, 30.0], "top_m": [None, 60.0]}),
        )
    )
    low, top = heights_of_lines(told, 25.0)
    assert low.tolist() == [0.0, 30.0]
    assert top.tolist() == [25.0, 60.0]


def test_the_legend_names_the_preset() -> None:
    words = Words(presets={"six-lines": "Six lines", "national": "National lines"})
    assert "Six lines" in legend_of(lines(area(), **{"class": ["power"]}), words).title
    law = lines(area(), **{"Layer": ["紫线"]})
    assert "National lines" in legend_of(law, words).title
    chosen = replace(law.style, line_preset="six-lines")
    law.style = chosen
    assert "Six lines" in legend_of(law, words).title
