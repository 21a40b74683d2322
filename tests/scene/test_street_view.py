"""Streets and water drawn as they are built: decks, strips, tiles, paint by distance."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
import shapely
from numpy.typing import NDArray

from layers.drills.symbols import symbol_of
from layers.frame import Frame
from layers.kinds import kind_of
from layers.kinds.base import Features, Layer
from layers.project import Project
from layers.shapes import Shapes
from layers.street_heights import THICKNESS, decks_of
from layers.street_marks import street_lamps
from layers.streets import Streets, kerb_height
from layers.viewpoint import Viewpoint
from scene.stage import Stage
from scene.street_decks import CONCRETE, LIGHT, TOP, deck_body, lamp_body, portal_body
from scene.street_strips import strip_mesh
from scene.street_view import BuiltLines
from scene.unit_marks import UnitLook, UnitMarks
from scene.views.flat import FlatView
from scene.water import CLIMB, WaterArea, climbs
from tests.scene.cities import SOUTH, WEST, shot, staged

SIZE = (400, 300)


def line(*points: tuple[float, float]) -> shapely.LineString:
    return shapely.LineString([(WEST + x, SOUTH + y) for x, y in points])


def layer_of(kind: str, *shapes: shapely.Geometry, style: dict[str, object] | None = None,
             **columns: list[object]) -> Layer:  # fmt: skip
    table = pa.table(columns or {"id": list(range(len(shapes)))})
    data = Features.of(Shapes.from_shapely(np.array(shapes, dtype=object)), table)
    look = replace(kind_of(kind).style, **(style or {}))  # type: ignore[arg-type]  # fields
    return Layer(kind, kind, data, style=look)


@pytest.fixture
def stage() -> Iterator[Stage]:
    with staged(Project(Frame("EPSG:4547", (WEST, SOUTH))), SIZE) as made:
        made.project.info = replace(made.project.info, moment="2026-06-21T12:20")
        yield made


def built(stage: Stage) -> BuiltLines:
    view = next(view for view in stage.views.values() if isinstance(view, FlatView))
    part = view._parts[0]
    assert isinstance(part, BuiltLines)
    return part


def look(stage: Stage, x: float, y: float, height: float) -> NDArray[np.uint8]:
    target = (WEST + x, SOUTH + y, 0.0)
    stage.viewpoint = Viewpoint.looking_at(target, height, 0.0, -math.pi / 2)
    return shot(stage)


# --- geometry -------------------------------------------------------------------------------------


def test_a_strip_is_as_wide_as_said_along_bends() -> None:
    points = np.array([[0.0, 0, 0], [10, 0, 0], [10, 10, 0], [50, 50, 2], [60, 50, 2]])
    mesh, faces, path = strip_mesh(points, np.array([0, 3, 5]), np.array([2.0, 1.0]))
    assert path.tolist() == [0, 0, 0, 1, 1] * 2
    a, b, c = (mesh[faces[:, i]] for i in range(3))
    cross = np.cross(b - a, c - a)
    assert (cross[:, 2] > 0).all()
    area = np.linalg.norm(cross[:, :2], axis=1) * 0 + cross[:, 2] / 2
    assert area.sum() == pytest.approx(20 * 2.0 + 10 * 1.0)


def deck() -> tuple[object, Streets]:
    way = np.array([line((-200, 0), (200, 0))], dtype=object)
    data = layer_of("roads", *way, structure=["viaduct"], width=[10.0], class_=["x"]).features
    made = Streets.of(data)
    return decks_of(way, made, lambda xy: np.full(len(xy), 3.0)), made


def test_a_deck_has_thickness_and_its_top_faces_up() -> None:
    way = np.array([line((-200, 0), (200, 0))], dtype=object)
    decks, made = deck()
    body = deck_body(way, made, decks, lambda xy: np.full(len(xy), 3.0), parapets=False)  # type: ignore[arg-type]  # made above
    top = body.kind[body.triangles[:, 0]] == TOP
    a, b, c = (body.points[body.triangles[top][:, i]] for i in range(3))
    cross = np.cross(b - a, c - a)
    assert (cross[:, 2] > 0).all()
    half = 5.0 + float(made.sidewalk[0])
    assert cross[:, 2].sum() / 2 == pytest.approx(400.0 * 2 * half, rel=1e-3)
    beams = body.points[body.kind == CONCRETE][:, 2]
    assert np.isclose(beams, body.points[body.kind == TOP][:, 2].max() - THICKNESS).any()
    assert beams.min() == pytest.approx(2.5)  # piers reach into the ground


def test_lamps_and_portals_stand_where_they_are_told() -> None:
    way = np.array([line((0, 0), (100, 0))], dtype=object)
    made = Streets.of(layer_of("roads", *way, width=[8.0]).features)
    lamps = street_lamps(way, made, 40.0)
    body = lamp_body(lamps, np.full(len(lamps.place), 7.0))
    assert body.points[:, 2].min() == pytest.approx(7.0)
    heads = body.points[body.kind == LIGHT]
    assert np.abs(heads[:, 1] - SOUTH).max() < np.abs(lamps.place[:, 1] - SOUTH).max()
    mouth = portal_body(
        np.array([[5.0, 5.0]]), np.array([[1.0, 0.0]]), np.array([8.0]), np.array([2.0]),
        np.array([0]),
    )  # fmt: skip
    assert mouth.points[:, 2].max() == pytest.approx(2.0 + 6.7)


# --- in the picture -------------------------------------------------------------------------------


@pytest.mark.picture
def test_paint_shows_near_the_eye_and_is_gone_far_away(stage: Stage) -> None:
    streets = layer_of(
        "roads", line((-300, 0), (300, 0)), style={"colour": "#606060"}, highway=["primary"]
    )
    stage.project.insert_layer(streets)
    near = look(stage, 0, 0, 60)
    tile = built(stage)._tiles[0]
    assert any(t.strips is not None for t in built(stage)._tiles)
    assert (near[..., :3].min(axis=2) > 190).sum() > 20
    far = look(stage, 0, 0, 6000)
    shown = [t.strips for t in built(stage)._tiles if t.strips is not None]
    assert not any(strips.actor.GetVisibility() for strips in shown)
    assert tile.surfaced
    middle = far[SIZE[1] // 2 - 1 : SIZE[1] // 2 + 1, SIZE[0] // 2]
    assert middle.size


@pytest.mark.picture
def test_tiles_are_made_when_they_come_into_view(stage: Stage) -> None:
    streets = layer_of("roads", *[line((2000 * i, 0), (2000 * i + 100, 0)) for i in range(3)])
    stage.project.insert_layer(streets)
    look(stage, 50, 0, 200)
    part = built(stage)

    def made() -> set[int]:
        """Give which of the three streets have a tile with a surface."""
        return {round((t.box[0] - WEST) / 2000) for t in part._tiles if t.surfaced}

    assert made() == {0}
    look(stage, 4050, 0, 200)
    assert made() == {0, 2}


@pytest.mark.picture
def test_a_window_shows_strips_at_once_and_makes_tiles_one_by_one(stage: Stage) -> None:
    stage.context.patient = True
    stage.project.insert_layer(layer_of("roads", line((-300, 0), (300, 0))))
    strips = look(stage, 0, 0, 200)
    part = built(stage)
    assert part.waiting
    assert not stage.complete
    asked: list[int] = []
    stage.needs_frame.connect(lambda: asked.append(1))
    steps = 1
    while stage.advance(0.0):
        steps += 1
    assert steps == len(part._tiles) > 1
    assert asked
    surfaces = shot(stage)
    settled = bool(stage.complete)
    assert settled
    middle = strips[SIZE[1] // 2, 40:-40], surfaces[SIZE[1] // 2, 40:-40]
    assert np.abs(middle[0].astype(float).mean() - middle[1].astype(float).mean()) < 12.0


def test_from_far_streets_are_strips_in_a_picture_too(stage: Stage) -> None:
    stage.project.insert_layer(layer_of("roads", line((-3000, 0), (3000, 0))))
    look(stage, 0, 0, 9000)
    part = built(stage)
    assert not part.waiting
    assert not any(tile.surfaced for tile in part._tiles)
    look(stage, 0, 0, 200)
    assert any(tile.surfaced for tile in part._tiles)


@pytest.mark.picture
def test_colours_by_attribute_part_the_surface_and_follow_the_style(stage: Stage) -> None:
    from layers.style import Colouring, Entry

    entries = (Entry("a", "#d02020", "a"), Entry("b", "#2020d0", "b"))
    cross = layer_of(
        "roads", line((-80, 0), (80, 0)), line((0, -80), (0, 80)), use=["a", "b"],
        highway=["service", "residential"],
        style={"colouring": Colouring("use", "categories", entries)},
    )  # fmt: skip
    stage.project.insert_layer(cross)
    picture = look(stage, 0, 0, 150).astype(int)
    red = (picture[..., 0] > 150) & (picture[..., 2] < 90)
    blue = (picture[..., 2] > 150) & (picture[..., 0] < 90)
    assert red.sum() > 200
    assert blue.sum() > 200
    assert blue[SIZE[1] // 2, SIZE[0] // 2]  # the higher class has the crossing
    cross.style = replace(cross.style, colouring=None, colour="#20a020")
    picture = look(stage, 0, 0, 150).astype(int)
    assert ((picture[..., 1] > 120) & (picture[..., 0] < 90)).sum() > 400


@pytest.mark.picture
def test_built_and_plain_are_both_picked_as_their_lines(stage: Stage) -> None:
    streets = layer_of("roads", line((-80, 0), (80, 0)))
    stage.project.insert_layer(streets)
    for way in (True, False):
        streets.style = replace(streets.style, built=way)
        look(stage, 0, 0, 150)
        hit = stage.pick(SIZE[0] / 2, SIZE[1] / 2)
        assert hit is not None
        assert (hit.layer_id, hit.object_id) == (streets.id, 1)


@pytest.mark.picture
def test_a_bridge_is_pointed_at_and_marked_on_its_deck(stage: Stage) -> None:
    bridge = line((-200, 0), (0, 0), (200, 0))
    streets = layer_of("roads", bridge, level=[2], structure=["viaduct"])
    stage.project.insert_layer(streets)
    decks = built(stage).decks
    top = float(decks.height.max())
    assert top > 4.0
    target = (WEST, SOUTH, top)
    stage.viewpoint = Viewpoint.looking_at(target, 150.0, 0.0, math.radians(-20.0))
    hit = stage.pick(SIZE[0] / 2, SIZE[1] / 2)
    assert hit is not None
    assert (hit.layer_id, hit.object_id) == (streets.id, 1)
    assert hit.point[2] == pytest.approx(top, abs=0.5)  # on the deck, not on the ground below
    before = shot(stage).astype(int)
    stage.select({streets.id: [1]})
    after = shot(stage).astype(int)
    rows = np.flatnonzero((np.abs(after - before).max(axis=2) > 60).any(axis=1))
    assert np.abs(rows - SIZE[1] / 2).min() < 8


@pytest.mark.picture
def test_tunnels_show_as_they_are_asked_for(stage: Stage) -> None:
    way = (line((-150, 0), (-40, 0)), line((-40, 0), (40, 0)), line((40, 0), (150, 0)))
    layer = layer_of("roads", *way, tunnel=["no", "yes", "no"], style={"colour": "#d02020"})
    stage.project.insert_layer(layer)

    def red_in_the_middle() -> int:
        part = look(stage, 0, 0, 100)[130:170, 180:220].astype(int)
        return int(((part[..., 0] > 130) & (part[..., 1] < 90)).sum())

    assert red_in_the_middle() == 0
    layer.style = replace(layer.style, tunnels="dashed")
    assert red_in_the_middle() > 0
    layer.style = replace(layer.style, tunnels="portals")
    assert red_in_the_middle() == 0
    assert built(stage)._bodies


@pytest.mark.picture
def test_water_keeps_its_colour_from_above_and_stands_still(stage: Stage) -> None:
    lake = shapely.box(WEST - 100, SOUTH - 100, WEST + 100, SOUTH + 100)
    layer = layer_of("water", lake, style={"colour": "#4080c0", "outline": None})
    stage.project.insert_layer(layer)
    first = look(stage, 0, 0, 300)
    view = next(iter(stage.views.values()))
    assert isinstance(view, FlatView)
    assert isinstance(view._parts[0], WaterArea)
    middle = first[100:200, 150:250, :3].reshape(-1, 3).astype(int).mean(axis=0)
    assert np.abs(middle - [0x40, 0x80, 0xC0]).max() < 24
    assert np.array_equal(first, shot(stage))
    low = Viewpoint.looking_at((WEST, SOUTH, 0.0), 80.0, 0.0, math.radians(-4))
    stage.viewpoint = low
    mirrored = shot(stage)[200:290, 100:300, :3].reshape(-1, 3).astype(int).mean(axis=0)
    assert mirrored.sum() > middle.sum()  # the sky is brighter than the water


def test_water_follows_a_coarse_terrain_but_does_not_climb_its_banks() -> None:
    owner = np.repeat([0, 1], 100)
    above = np.full(200, -1.0)
    above[:5] = 3.0  # a bank
    above[100:150] = np.linspace(0.0, 4.0, 50)  # a bed that the terrain does not know
    allowed = climbs(above, owner)
    assert (allowed[:100] == CLIMB).all()
    assert 3.0 < allowed[100] < 4.1
    assert (climbs(np.full(3, -2.0), np.zeros(3, dtype=np.int64)) == CLIMB).all()


def test_footways_lie_a_kerb_above_the_carriageway(stage: Stage) -> None:
    street = layer_of(
        "roads", line((0.0, 0.0), (120.0, 0.0)), style={"built": True},
        highway=["residential"], sidewalk=["both"],
    )  # fmt: skip
    stage.project.insert_layer(street)
    stage.viewpoint = Viewpoint.looking_at((WEST + 60.0, SOUTH, 0.0), 30.0, 0.3, -0.3)
    shot(stage)
    heights = {
        round(area.actor.GetPosition()[2] - area.rise, 2): area.rise
        for tile in built(stage)._tiles
        for area in tile.areas
    }
    assert kerb_height() == 0.15
    assert sorted(heights.values()) == [0.0, kerb_height()]
    stones = [tile.stones for tile in built(stage)._tiles if tile.stones is not None]
    assert stones


def test_units_go_over_bridges_and_below_those_that_cross_their_way(stage: Stage) -> None:
    bridge = line((-200, 0), (0, 0), (200, 0))
    streets = layer_of("roads", bridge, level=[2], structure=["viaduct"])
    stage.project.insert_layer(streets)
    look(stage, 0.0, 0.0, 200.0)
    decks = built(stage).decks
    middle = np.argmin(np.abs(decks.place[:, 0] - WEST))
    top = float(decks.height[middle])
    assert top > 3.0
    places = np.array([[WEST, SOUTH], [WEST, SOUTH], [WEST, SOUTH + 90.0], [WEST, SOUTH + 1.0]])
    facing = np.array([math.pi / 2.0, 0.0, math.pi / 2.0, -math.pi / 2.0])  # along, across
    heights = stage.context.footing(places, facing)
    assert heights[[0, 3]] == pytest.approx(top, abs=0.1)
    assert heights[[1, 2]] == pytest.approx(0.0, abs=0.1)
    units = UnitMarks(
        stage.context, [UnitLook((symbol_of("D20301"), ""), "fire-engine", 1, "#0057d9")] * 4, 20.0
    )
    units.move(places, np.full(4, math.nan), facing)
    assert units.points[:, 2] - units.points[1, 2] == pytest.approx([top, 0.0, 0.0, top], abs=0.1)
    units.close()
    streets.visible = False
    shot(stage)
    assert stage.context.footing(places, facing) == pytest.approx(0.0, abs=0.1)
