"""Roofs: forms from fields, closed faces, volumes by formula."""

from __future__ import annotations

import math

import numpy as np
import pyarrow as pa
import pytest
import shapely
import shapely.affinity
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from layers.kinds.buildings import Buildings
from layers.roof_shapes import FORMS, form_of, roofed, volumes
from layers.shapes import Shapes

EAST, NORTH = 508_000.0, 3_378_000.0


def buildings(*polygons: BaseGeometry, height: float = 12.0, **columns: list[object]) -> Buildings:
    shapes = Shapes.from_shapely(np.array(polygons, dtype=object))
    return Buildings.blocks(shapes, height, pa.table(columns))


def box(wide: float, deep: float, turn: float = 0.0) -> shapely.Polygon:
    flat = shapely.affinity.rotate(shapely.box(0, 0, wide, deep), turn, origin=(0, 0))
    return shapely.affinity.translate(flat, EAST, NORTH)


def volume_of(data: Buildings, owner: int) -> float:
    """Reckon the volume that faces enclose, by the divergence of position; they must close."""
    surfaces = data.surfaces
    assert surfaces is not None
    total = 0.0
    for face in np.flatnonzero(surfaces.owner == owner):
        for ring in range(surfaces.face_start[face], surfaces.face_start[face + 1]):
            points = surfaces.coords[surfaces.ring_start[ring] : surfaces.ring_start[ring + 1]]
            points = points - [EAST, NORTH, 0.0]
            for i in range(1, len(points) - 1):
                total += float(np.dot(points[0], np.cross(points[i], points[i + 1]))) / 6.0
    return total


def open_edges(data: Buildings, owner: int) -> int:
    """Count the edges that are not run through once in each direction."""
    surfaces = data.surfaces
    assert surfaces is not None
    count: dict[tuple[object, object], int] = {}
    for face in np.flatnonzero(surfaces.owner == owner):
        for ring in range(surfaces.face_start[face], surfaces.face_start[face + 1]):
            points = surfaces.coords[surfaces.ring_start[ring] : surfaces.ring_start[ring + 1]]
            keys = [tuple(np.rint(p * 200).astype(int).tolist()) for p in points]
            for a, b in zip(keys, keys[1:] + keys[:1], strict=True):
                if a != b:
                    count[a, b] = count.get((a, b), 0) + 1
    return sum(1 for (a, b), n in count.items() if count.get((b, a), 0) != n)


@pytest.mark.parametrize("turn", [0.0, 27.0, 90.0])
@pytest.mark.parametrize(
    ("word", "missing"),
    [
        ("gabled", 0.5),
        ("双坡", 0.5),
        ("skillion", 0.5),
        ("pyramidal", 2 / 3),
        ("hipped", 1 - (1 / 2 - 10 / 6 / 30)),
    ],
)
def test_a_roof_over_a_rectangle_has_the_volume_of_its_formula(
    word: str, missing: float, turn: float
) -> None:
    data = buildings(box(30, 10, turn), roof=[word], roof_height=[4.0])
    made = roofed(data, np.array([5.0]))
    want = 300 * 12.0 - 300 * 4.0 * missing
    assert volumes(data)[0] == pytest.approx(want, rel=1e-4)
    assert volume_of(made, 1) == pytest.approx(want, rel=1e-4)
    assert open_edges(made, 1) == 0
    assert made.surfaces is not None
    assert made.surfaces.coords[:, 2].min() == pytest.approx(5.0)
    assert made.surfaces.coords[:, 2].max() == pytest.approx(17.0)


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from(["gable", "hip", "shed", "pyramid"]),
    st.floats(6, 40), st.floats(6, 40), st.floats(0.2, 0.8), st.floats(0.2, 0.8), st.floats(0, 90),
)  # fmt: skip
def test_roofs_over_corners_close_and_enclose_what_is_told(
    form: str, wide: float, deep: float, share: float, cut: float, turn: float
) -> None:
    corner = shapely.box(0, 0, wide, deep).difference(
        shapely.box(wide * share, deep * cut, wide + 1, deep + 1)
    )
    turned = shapely.affinity.rotate(corner, turn, origin=(0, 0))
    data = buildings(shapely.affinity.translate(turned, EAST, NORTH), roof_type=[form])
    made = roofed(data, np.zeros(1))
    assert volume_of(made, 1) == pytest.approx(float(volumes(data)[0]), rel=2e-3)


def test_flat_and_unknown_roofs_stay_blocks_and_given_faces_stay() -> None:
    data = buildings(box(10, 10), box(10, 10), roof=["flat", None])
    assert roofed(data, np.zeros(2)) is data
    assert volumes(data).tolist() == pytest.approx([1200.0, 1200.0])
    first = roofed(buildings(box(20, 10), roof=["gable"]), np.zeros(1))
    assert roofed(first, np.zeros(1)) is first


def test_words_of_roofs_are_understood() -> None:
    words = ["half-hipped", "人字顶", "攒尖", "lean_to", "平屋顶", "gabled"]
    assert [FORMS[form_of(w)] for w in words] == [
        "hip", "gable", "pyramid", "shed", "flat", "gable",
    ]  # fmt: skip


def test_without_a_field_the_roof_rises_with_the_width_but_not_above_its_share() -> None:
    made = roofed(buildings(box(40, 10), roof=["gable"]), np.zeros(1))
    assert made.surfaces is not None
    eaves = np.unique(made.surfaces.coords[:, 2].round(6))
    assert eaves.tolist() == pytest.approx([0.0, 12.0 - 0.58 * 5.0, 12.0], abs=1e-3)
    low = roofed(buildings(box(40, 30), height=4.0, roof=["gable"]), np.zeros(1))
    assert low.surfaces is not None
    assert np.unique(low.surfaces.coords[:, 2].round(6))[1] == pytest.approx(4.0 * 0.4)
    assert math.isfinite(float(volumes(buildings(box(5, 5), roof=["hip"]))[0]))


@pytest.mark.parametrize("turn", [0.0, 31.0])
def test_a_house_around_a_court_has_ridges_along_its_wings(turn: float) -> None:
    ring = shapely.Polygon(
        box(20, 16).exterior, [box(20, 16).buffer(-4, join_style="mitre").exterior]
    )
    ring = shapely.affinity.rotate(ring, turn, origin=(EAST, NORTH))
    data = buildings(ring, height=6.0, roof=["gable"], roof_height=[2.0])
    made = roofed(data, np.array([3.0]))
    assert made.surfaces is not None
    assert open_edges(made, 1) == 0
    want = ring.area * 4.0 + ring.area / 2.0 * 2.0
    assert volume_of(made, 1) == pytest.approx(want, rel=1e-6)
    assert volumes(data)[0] == pytest.approx(want, rel=1e-6)
    high = made.surfaces.coords[:, 2]
    assert (high.min(), high.max()) == (3.0, 9.0)
    at = made.surfaces.coords[high > 8.9, :2]
    assert np.allclose(shapely.distance(shapely.points(at), ring.exterior), 2.0)
