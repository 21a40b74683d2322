"""Figures of units: closed bodies of the right size, in rows beside each other."""

from __future__ import annotations

import numpy as np
import pytest

from layers.drills.plan import Unit
from layers.drills.symbols import symbol_of
from layers.drills.unit_looks import unit_figure, unit_symbol
from scene.figures import formation
from scene.unit_figures import LENGTHS, MAKERS, figure
from scene.unit_marks import count_label


@pytest.mark.parametrize("key", sorted(MAKERS))
def test_figures_stand_on_the_ground_and_are_small_meshes(key: str) -> None:
    level = figure(key)
    low = min(float(mesh.points[:, 2].min()) for mesh in level.meshes)
    assert -0.01 <= low < 0.2
    assert level.triangles == sum(len(mesh.triangles) for mesh in level.meshes) < 500
    for mesh in level.meshes:
        assert mesh.triangles.max() < len(mesh.points)


@pytest.mark.parametrize("key", sorted(LENGTHS))
def test_faces_look_outwards(key: str) -> None:
    for mesh in figure(key).meshes:
        a, b, c = (mesh.points[mesh.triangles[:, k]].astype(float) for k in range(3))
        volume = np.einsum("ij,ij->i", np.cross(a, b), c).sum() / 6.0
        assert volume > 0.0, key


def test_units_stand_in_rows_without_standing_on_each_other() -> None:
    places = formation(500, 1.1)
    assert len(places) == 500
    gaps = np.linalg.norm(places[:, None] - places[None], axis=2) + 1e3 * np.eye(500)
    assert gaps.min() > 0.4
    assert np.array_equal(places, formation(500, 1.1))
    queue = formation(4, 10.0, 1)
    assert np.allclose(queue[:, 0], 0.0)
    assert np.allclose(np.diff(queue[:, 1]), -10.0)


def test_units_without_a_symbol_get_that_of_their_name_and_kind() -> None:
    assert unit_symbol(Unit("e", "一站水罐车")).key == "fire-engine"
    assert unit_symbol(Unit("p", "Police car 2")).key == "police-car"
    assert unit_symbol(Unit("d", "Eye", kind="drone")).key == "drone"
    assert unit_symbol(Unit("s", "Sand", kind="supply")).key == "depot"
    assert unit_symbol(Unit("x", "Engine", symbol="D30000")) == symbol_of("D30000")
    assert unit_figure(Unit("a", "Ambulance 1")) == "ambulance"
    assert unit_figure(Unit("v", "Visitors", kind="person")) == "person"
    assert unit_figure(Unit("h", "Hospital", symbol="D30000")) == "vehicle"


def test_counts_fit_into_four_signs() -> None:
    assert [count_label(n) for n in (1, 2, 999, 1000, 99_999)] == ["", "×2", "×999", "1k", "99k"]
