"""Every real footprint at hand becomes a block that is closed, faces outward and loses nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import affinity
from shapely.geometry.base import BaseGeometry

from layers.files.importing import import_file
from layers.files.options import ImportOptions
from layers.kinds.buildings import Buildings
from layers.project import Project
from layers.shapes import Bools, Floats, Ints, Shapes
from scene.meshing import BlockMesher, Mesh
from tests.scene.cities import SOUTH, WEST, polygons

LI = "li-liechtenstein-osm-dem/baremaps-testing/src/main/resources/liechtenstein"
CITIES = {
    "bund": ("cn-shanghai-bund/shanghaiwaitan.json", 10_000),
    "manhattan": ("us-newyork-mapzen-tiles/ny-tiles.tar.gz", 100_000),
    "liechtenstein": (f"{LI}/liechtenstein.osm.pbf", 14_000),
    "chongqing": ("cn-gisclub-buildings/data/building.shp", 50),
    "delft": ("nl-delft-3dfier/bgt/bgt_pand.sqlite", 50),
}
GROUP = 1000  # buildings in a mesh
PRECISION = 3e-4  # metres a border may be off: points are float32 around the middle of a tile


@dataclass(frozen=True)
class Whole:
    """The blocks of a city in meshes of a thousand; corners relative to each building's first."""

    data: Buildings
    points: Floats
    owner: Ints
    triangles: Ints


def whole(data: Buildings) -> Whole:
    """Make all blocks of a city, on level ground."""
    mesher = BlockMesher(data, np.zeros(len(data)))
    slots = np.arange(len(data))
    order = np.lexsort(np.round(data.shapes.centres() / 1000.0).T)  # near each other, as in tiles
    points, owner, triangles, count = [], [], [], 0
    for start in range(0, len(order), GROUP):
        rows = order[start : start + GROUP]
        centre = np.array([*data.shapes.centres()[rows[0]], 0.0])
        mesh: Mesh | None = mesher.blocks(rows, slots, centre)
        if mesh is None:
            continue
        who = mesh.marks[:, 0].astype(np.int64)
        first = data.shapes.coords[data.shapes.first_coord[who]]
        local = mesh.points.astype(np.float64) + centre
        local[:, :2] -= first
        points.append(local)
        owner.append(who)
        triangles.append(mesh.triangles.astype(np.int64) + count)
        count += len(local)
    return Whole(data, np.concatenate(points), np.concatenate(owner), np.concatenate(triangles))


def per_building(mesh: Whole, values: Floats, triangles: Ints) -> Floats:
    """Add up a value of triangles for each building."""
    owner = mesh.owner[mesh.triangles[triangles, 0]]
    return np.asarray(np.bincount(owner, values, minlength=len(mesh.data)), dtype=np.float64)


def check(data: Buildings) -> None:
    """Roofs have the area of the footprint, blocks are closed and full, walls face outward."""
    mesh = whole(data)
    a, b, c = (mesh.points[mesh.triangles[:, k]] for k in range(3))
    area2 = np.cross(b - a, c - a)
    size = np.linalg.norm(area2, axis=1)
    level = (a[:, 2] == b[:, 2]) & (b[:, 2] == c[:, 2])
    up = np.flatnonzero(level & (area2[:, 2] > 0))
    down = np.flatnonzero(level & (area2[:, 2] < 0))
    drawn, floats = data.drawn, data.drawn & (data.min_height > 0)
    wanted = data.shapes.areas()
    border = data.shapes.lengths()
    slack = PRECISION * border

    roofs = per_building(mesh, area2[up, 2] / 2, up)
    assert (np.abs(roofs - wanted)[drawn] <= slack[drawn]).all()
    assert (roofs[~drawn] == 0).all()
    undersides = per_building(mesh, -area2[down, 2] / 2, down)
    assert (np.abs(undersides - wanted)[floats] <= slack[floats]).all()
    on_ground = drawn & (data.min_height == 0)
    assert (undersides[on_ground] <= slack[on_ground]).all()

    walls = np.flatnonzero(~level)
    assert (area2[walls, 2] == 0).all()  # upright
    tall = data.height - data.min_height
    around = per_building(mesh, size[walls] / 2, walls)
    assert (np.abs(around - border * tall)[drawn] <= (slack * tall)[drawn]).all()

    # the flux of (x, y, 0) through walls that face outward is twice the volume
    middle = (a + b + c) / 3
    flux = per_building(mesh, (middle[:, :2] * area2[:, :2]).sum(axis=1)[walls] / 2, walls)
    volume = wanted * tall
    assert (np.abs(flux / 2 - volume)[drawn] <= (slack * tall)[drawn]).all()
    assert_closed(mesh, on_ground)


def assert_closed(mesh: Whole, on_ground: Bools) -> None:
    """Every side of a triangle meets one other; blocks on the ground are open to it alone."""
    start = mesh.triangles.ravel()
    end = mesh.triangles[:, [1, 2, 0]].ravel()
    count = len(mesh.points)
    forth, back = start * count + end, end * count + start
    keys, times = np.unique(forth, return_counts=True)
    assert (times == 1).all()
    at = np.searchsorted(keys, back)
    met = (at < len(keys)) & (keys[np.minimum(at, len(keys) - 1)] == back)
    foot = mesh.points[:, 2]
    low = np.full(len(mesh.data), np.inf)
    np.minimum.at(low, mesh.owner, foot)
    at_ground = (foot[start] == low[mesh.owner[start]]) & (foot[end] == low[mesh.owner[end]])
    open_below = at_ground & on_ground[mesh.owner[start]]
    assert (met | open_below).all()


@pytest.mark.shared
@pytest.mark.parametrize("name", CITIES)
def test_every_real_footprint_becomes_a_sound_block(shared_data: Path, name: str) -> None:
    file, least = CITIES[name]
    imported = import_file(Project(), shared_data / file, ImportOptions(kind="buildings"))
    (layer,) = imported.layers
    data = layer.data
    assert isinstance(data, Buildings)
    assert len(data) >= least
    check(replace(data, surfaces=None))


def shifted(shape: BaseGeometry, east: float, north: float) -> BaseGeometry:
    """Give a shape elsewhere."""
    return affinity.translate(shape, east, north)


@st.composite
def courtyards(draw: st.DrawFn) -> shapely.Polygon:
    """Draw a polygon with one hole, turned by some angle."""
    shape = draw(polygons(holed=False))
    hole = shapely.box(WEST - 0.6, SOUTH - 0.6, WEST + 0.6, SOUTH + 0.6)
    hole = affinity.rotate(hole, draw(st.floats(0.0, 89.0)))
    return shapely.Polygon(shape.exterior, [hole.exterior]) if shape.contains(hole) else shape


@st.composite
def towns(draw: st.DrawFn) -> Buildings:
    """Draw some buildings: with dents and holes, on the ground and floating, far from zero."""
    either = st.one_of(polygons(holed=False), courtyards())
    shapes = draw(st.lists(either, min_size=1, max_size=6))
    count = len(shapes)
    moved = [shifted(shape, 80.0 * i, 0.0) for i, shape in enumerate(shapes)]
    tall = draw(st.lists(st.floats(2.0, 300.0), min_size=count, max_size=count))
    low = draw(st.lists(st.sampled_from([0.0, 0.0, 1.5]), min_size=count, max_size=count))
    data = Buildings.blocks(Shapes.from_shapely(moved), np.array(tall))
    return replace(data, min_height=np.array(low))


@settings(max_examples=60, deadline=None)
@given(towns())
def test_any_footprint_becomes_a_sound_block(data: Buildings) -> None:
    check(data)


def row_of_courtyards(east: float, north: float) -> Buildings:
    """Give squares with a courtyard, 40 m apart."""
    block = shapely.difference(shapely.box(-9, -9, 9, 9), shapely.box(-3, -3, 3, 3))
    shapes = [shifted(block, east + 40.0 * i, north) for i in range(40)]
    return Buildings.blocks(Shapes.from_shapely(shapes), np.linspace(4.0, 60.0, 40))


def test_a_city_four_thousand_kilometres_from_zero_has_the_same_blocks() -> None:
    near = whole(row_of_courtyards(0.0, 0.0))
    far = whole(row_of_courtyards(39_000_000.0 + WEST, SOUTH))
    np.testing.assert_array_equal(near.triangles, far.triangles)
    np.testing.assert_allclose(near.points, far.points, atol=2e-4)
