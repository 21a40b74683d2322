"""Flat layers lie on the ground in their colours, above each other in their order."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
import shapely
from numpy.typing import NDArray

from layers.frame import Frame
from layers.kinds import kind_of
from layers.kinds.base import Features, Layer
from layers.kinds.buildings import Buildings
from layers.project import Project
from layers.shapes import Shapes
from layers.style import Colouring, Entry
from layers.viewpoint import Viewpoint
from scene import camera
from scene.flat_parts import ribbon_widths, ribbons
from scene.stage import Stage
from scene.views.flat import FlatView, lift_of
from tests.scene.cities import SOUTH, WEST, shot, staged
from tests.scene.test_surface import hills

pytestmark = pytest.mark.picture
SIZE = (400, 300)
Pixels = NDArray[np.uint8]


def layer_of(kind: str, *geometry: shapely.Geometry, **style: object) -> Layer:
    """Give a layer of plain shapes with the fields id and use."""
    shapes = Shapes.from_shapely(np.array(geometry, dtype=object))
    table = pa.table(
        {"id": np.arange(1, len(shapes) + 1), "use": [f"use {i}" for i in range(len(shapes))],
         "wide": np.linspace(4.0, 20.0, len(shapes))}
    )  # fmt: skip
    look = replace(kind_of(kind).style, **{"built": False, **style})  # type: ignore[arg-type]  # fields of a style
    return Layer(kind, kind, Features.of(shapes, table), style=look)


def box(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    return shapely.box(WEST + west, SOUTH + south, WEST + east, SOUTH + north)


def line(*points: tuple[float, float]) -> shapely.LineString:
    return shapely.LineString([(WEST + x, SOUTH + y) for x, y in points])


@pytest.fixture
def stage() -> Iterator[Stage]:
    with staged(Project(Frame("EPSG:4547", (WEST, SOUTH))), SIZE) as made:
        made.project.info = replace(made.project.info, moment="2026-06-21T12:20")
        yield made


def look_down(stage: Stage, height: float = 300.0, middle: tuple[float, float] = (0, 0)) -> None:
    target = (WEST + middle[0], SOUTH + middle[1], 0.0)
    stage.viewpoint = Viewpoint.looking_at(target, height, 0.0, -math.pi / 2)


def colour_at(stage: Stage, east: float, north: float, height: float = 0.0) -> NDArray[np.int64]:
    spot = (WEST + east, SOUTH + north, height)
    x, y = camera.project_points(stage.viewpoint, [spot], stage.size)[0]
    return np.asarray(shot(stage)[int(y), int(x)], dtype=np.int64)


def near(colour: NDArray[np.int64], text: str, slack: int = 8) -> bool:
    want = [int(text[i : i + 2], 16) for i in (1, 3, 5)]
    return bool(np.abs(colour - want).max() <= slack)


def test_areas_have_their_colour_and_holes_show_the_ground(stage: Stage) -> None:
    lake = box(-50, -50, 50, 50).difference(box(-10, -10, 10, 10))
    layer = layer_of("greenery", lake, colour="#3060c0")
    stage.project.insert_layer(layer)
    look_down(stage)
    assert near(colour_at(stage, 30, 30), "#3060c0")
    assert not near(colour_at(stage, 0, 0), "#3060c0", 40)
    layer.style = replace(layer.style, colour="#c03030")
    assert near(colour_at(stage, 30, 30), "#c03030")
    layer.visible = False
    assert not near(colour_at(stage, 30, 30), "#c03030", 40)


def test_colours_follow_the_values_of_a_field(stage: Stage) -> None:
    entries = (Entry("a", "#d02020", "use 0"), Entry("b", "#2020d0", "use 1"))
    colouring = Colouring("use", "categories", entries, "#20d020")
    boxes = [box(-60 + 40 * i, -10, -25 + 40 * i, 10) for i in range(3)]
    stage.project.insert_layer(layer_of("greenery", *boxes, colouring=colouring))
    look_down(stage)
    seen = [colour_at(stage, -45 + 40 * i, 0) for i in range(3)]
    assert [near(c, t) for c, t in zip(seen, ("#d02020", "#2020d0", "#20d020"), strict=True)] == [
        True, True, True,
    ]  # fmt: skip


@pytest.mark.parametrize("height", [60.0, 900.0, 9000.0])
@pytest.mark.parametrize("pitch", [-90, -25])
def test_the_upper_layer_wins_near_and_far_without_flicker(
    stage: Stage, height: float, pitch: float
) -> None:
    colours = ("#d02020", "#20a020", "#2020d0")
    for colour in colours:
        stage.project.insert_layer(layer_of("greenery", box(-8e3, -8e3, 8e3, 8e3), colour=colour))
    for _ in range(3):
        stage.viewpoint = Viewpoint.looking_at((WEST, SOUTH, 0.0), height, 0.4, math.radians(pitch))
        top = stage.project.layers[-1].style.colour
        middle = shot(stage)[SIZE[1] // 2 :].astype(
            np.int64
        )  # the lower half has no haze to speak of
        channel = {"#d02020": 0, "#20a020": 1, "#2020d0": 2}[top]
        assert (middle.argmax(axis=2) == channel).all()
        stage.project.move_layer(stage.project.layers[0].id, 2)


def test_lines_are_as_wide_as_their_metres_say(stage: Stage) -> None:
    stage.project.insert_layer(
        layer_of("rail", line((-90, -40), (90, -40)), line((-90, 40), (90, 40)),
                 width_field="wide", width_m=1.0, colour="#d02020")
    )  # fmt: skip
    look_down(stage)
    red = (shot(stage)[..., 0] > 170) & (shot(stage)[..., 1] < 80)
    column = red[:, SIZE[0] // 2]
    metre = SIZE[1] / (2 * 300 * math.tan(stage.viewpoint.fov / 2))
    upper, lower = column[: SIZE[1] // 2].sum(), column[SIZE[1] // 2 :].sum()
    assert (upper, lower) == pytest.approx((20 * metre, 4 * metre), abs=1.5)


def test_lines_without_metres_keep_their_pixels(stage: Stage) -> None:
    stage.project.insert_layer(
        layer_of("control-lines", line((-5e3, 0), (5e3, 0)), line_width=4.0, colour="#d02020")
    )
    for height in (50.0, 5000.0):
        look_down(stage, height)
        pixels = shot(stage).astype(np.int64)
        red = (pixels[..., 0] > 150) & (pixels[..., 1] < 90)
        assert red[:, SIZE[0] // 2].sum() == pytest.approx(4, abs=1)


def test_streets_have_a_darker_kerb(stage: Stage) -> None:
    stage.project.insert_layer(
        layer_of("roads", line((-90, 0), (90, 0)), width_m=10.0, colour="#d0d0d0")
    )
    look_down(stage, 40.0)
    inside, kerb = colour_at(stage, 0, 0), colour_at(stage, 0, 5.3)
    assert near(inside, "#d0d0d0")
    assert (kerb < inside - 15).all()
    assert not near(colour_at(stage, 0, 7), "#d0d0d0", 4)


def test_flat_things_follow_a_terrain_that_comes_later_and_goes_again(stage: Stage) -> None:
    stage.project.insert_layer(layer_of("greenery", box(60, 60, 300, 280), colour="#2020d0"))
    summit = (135.0, (69 - 28) * 5.0)
    assert stage.bounds() is not None
    look_down(stage, 400.0, summit)

    def blue() -> NDArray[np.bool_]:
        pixels = shot(stage).astype(np.int64)
        return np.asarray((pixels[..., 2] > pixels[..., 0] + 60) & (pixels[..., 2] > 100))

    flat = blue().sum()
    land = Layer("terrain", "Land", hills(), style=kind_of("terrain").style)
    stage.project.insert_layer(land, 0)
    assert blue().sum() > 1.05 * flat  # some 60 m nearer to the eye
    assert np.ptp(shot(stage)[blue()][:, 2].astype(int)) > 25  # slopes are shaded
    stage.project.take_layer(land.id)
    assert blue().sum() == flat


def test_on_hills_nothing_of_an_area_drowns(stage: Stage) -> None:
    land = Layer("terrain", "Land", hills(), style=kind_of("terrain").style)
    stage.project.insert_layer(land)
    stage.project.insert_layer(
        layer_of("greenery", box(-400, -400, 800, 700), colour="#2020d0", lift=0.0)
    )
    for pitch in (-90, -50, -20):
        stage.viewpoint = Viewpoint.looking_at(
            (WEST + 200, SOUTH + 150, 30.0), 250.0, 0.7, math.radians(pitch)
        )
        pixels = shot(stage).astype(np.int64)[SIZE[1] // 2 :]
        assert (pixels[..., 2] > pixels[..., 0] + 50).mean() > 0.999


def test_places_are_discs_and_stand_on_roofs(stage: Stage) -> None:
    spot = shapely.Point(WEST, SOUTH)
    places = layer_of("places", spot, point_size=15.0, colour="#d02020", label_field="use")
    stage.project.insert_layer(places)
    stage.viewpoint = Viewpoint.looking_at((WEST, SOUTH, 0.0), 300.0, 0.0, math.radians(-30))

    def middle() -> tuple[float, float]:
        pixels = shot(stage).astype(np.int64)
        red = (pixels[..., 0] > 150) & (pixels[..., 1] < 90) & (pixels[..., 2] < 90)
        rows, columns = np.nonzero(red)
        assert 60 < len(rows) < 240
        return float(columns.mean()), float(rows.mean())

    assert middle() == pytest.approx((199.5, 149.5), abs=2)
    house = Buildings.blocks(Shapes.from_shapely(np.array([box(-20, -20, 20, 20)])), 50.0)
    stage.project.insert_layer(Layer("buildings", "House", house, style=kind_of("buildings").style))
    wanted = camera.project_points(stage.viewpoint, [(WEST, SOUTH, 50.0)], SIZE)[0]
    assert middle() == pytest.approx(tuple(wanted), abs=2)


def test_trees_are_crowns_near_and_dots_far(stage: Stage) -> None:
    spots = [shapely.Point(WEST + x, SOUTH + y) for x in range(-60, 61, 12) for y in (-20, 0, 20)]
    stage.project.insert_layer(layer_of("trees", *spots, colour="#20a020"))

    def green() -> int:
        pixels = shot(stage).astype(np.int64)
        return int((pixels[..., 1] > pixels[..., 0] + 30).sum())

    stage.viewpoint = Viewpoint.looking_at((WEST, SOUTH, 0.0), 150.0, 0.0, math.radians(-15))
    assert green() > 60 * len(spots)
    look_down(stage, 6000.0)
    assert 0 < green() < 12 * len(spots)


def test_a_chosen_object_is_framed_and_a_pointed_one_too(stage: Stage) -> None:
    layer = layer_of("greenery", box(-60, -20, -10, 20), box(10, -20, 60, 20), colour="#20a020")
    stage.project.insert_layer(layer)
    look_down(stage)
    before = shot(stage)
    stage.select({layer.id: [2]})
    chosen = (shot(stage) != before).any(axis=2)
    assert chosen.any()
    assert np.nonzero(chosen)[1].min() > SIZE[0] // 2
    stage.hover(layer.id, 1)
    pointed = (shot(stage) != before).any(axis=2)
    assert np.nonzero(pointed)[1].min() < SIZE[0] // 2
    stage.select({})
    stage.hover(None)
    assert np.array_equal(shot(stage), before)


def test_isolated_objects_are_drawn_and_found_alone(stage: Stage) -> None:
    layer = layer_of("greenery", box(-60, -20, -10, 20), box(10, -20, 60, 20), colour="#2020d0")
    stage.project.insert_layer(layer)
    look_down(stage)
    stage.isolate({layer.id: [2]})
    assert not near(colour_at(stage, -30, 0), "#2020d0", 40)
    assert near(colour_at(stage, 30, 0), "#2020d0")
    hit = stage.pick(*camera.project_points(stage.viewpoint, [(WEST - 30, SOUTH, 0.0)], SIZE)[0])
    assert hit is not None
    assert hit.object_id == 0
    assert stage.pick_box(0, 0, *SIZE) == {layer.id: np.array([2])}
    stage.isolate(None)
    assert near(colour_at(stage, -30, 0), "#2020d0")


def test_what_is_under_the_pointer_is_found(stage: Stage) -> None:
    layer = layer_of("roads", line((-90, 0), (90, 0)), line((0, 20), (0, 90)))
    stage.project.insert_layer(layer)
    look_down(stage)
    x, y = camera.project_points(stage.viewpoint, [(WEST, SOUTH + 60, 0.0)], SIZE)[0]
    hit = stage.pick(x, y)
    assert hit is not None
    assert (hit.layer_id, hit.object_id) == (layer.id, 2)


def test_names_are_written_only_while_the_layer_is_seen(stage: Stage) -> None:
    layer = layer_of("districts", box(-60, -60, 60, 60), label_field="use")
    stage.project.insert_layer(layer)
    assert len(stage.context.labels) == 1
    layer.visible = False
    assert len(stage.context.labels) == 0
    layer.visible = True
    layer.style = replace(layer.style, label_field="")
    assert len(stage.context.labels) == 0
    layer.style = replace(layer.style, label_field="no such field")
    assert len(stage.context.labels) == 0
    layer.style = replace(layer.style, label_field="use")
    stage.project.take_layer(layer.id)
    assert len(stage.context.labels) == 0


def test_an_empty_layer_and_a_degenerate_line_do_no_harm(stage: Stage) -> None:
    stage.project.insert_layer(Layer("roads", "none", Features.of(Shapes.from_shapely([]))))
    stage.project.insert_layer(layer_of("roads", line((0, 0), (0, 0)), width_m=6.0))
    look_down(stage)
    shot(stage)
    assert all(isinstance(view, FlatView) for view in stage.views.values())


def test_ribbons_take_the_width_of_their_field_within_reason() -> None:
    layer = layer_of("roads", line((0, 0), (9, 0)), line((0, 9), (9, 9)), width_m=6.0)
    rows = np.arange(2)
    assert ribbon_widths(layer.features, layer.style, rows).tolist() == [6.0, 6.0]
    by_field = replace(layer.style, width_field="wide")
    assert ribbon_widths(layer.features, by_field, rows).tolist() == [4.0, 20.0]
    missing = replace(layer.style, width_field="nothing", width_m=0.0)
    assert ribbon_widths(layer.features, missing, rows).tolist() == [0.0, 0.0]
    wide = ribbons(layer.features.shapes, np.array([4.0, 4.0]))
    assert wide.areas() == pytest.approx([9 * 4 + math.pi * 4] * 2, rel=0.03)


def test_a_layer_lies_above_those_below_it_whatever_their_lifts(stage: Stage) -> None:
    low, high = layer_of("roads", line((0, 0), (9, 0))), layer_of("greenery", box(0, 0, 9, 9))
    stage.project.insert_layer(low)
    stage.project.insert_layer(high)
    assert low.style.lift > high.style.lift
    assert lift_of(high, stage.context) > lift_of(low, stage.context) == low.style.lift
