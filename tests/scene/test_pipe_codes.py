"""Codes run along the straight stretches of pipes."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import shapely

from layers.frame import Frame
from layers.kinds.base import Features
from layers.kinds.pipes import Pipes
from layers.project import Project
from layers.shapes import Shapes
from scene.ground import Ground
from scene.pipe_codes import stretches
from tests.scene.cities import staged


def a_layer(*lines: list[tuple[float, float]]) -> Pipes:
    plain = Features.of(
        Shapes.from_shapely(np.array([shapely.LineString(line) for line in lines])),
        pa.table({"n": list(range(len(lines)))}),
    )
    return Pipes.of_columns(plain, [1] * len(lines), [0.4] * len(lines), role=[0] * len(lines))


def ground() -> Ground:
    with staged(Project(Frame("EPSG:4547", (0.0, 0.0)))) as stage:
        return stage.context.ground


def test_the_longest_straight_stretch_of_a_run_goes_first() -> None:
    pipes = a_layer([(0, 0), (10, 0), (10, 50)], [(100, 0), (100.5, 0)])
    levels = np.array([-1.0, -1.0, -3.0, -1.0, -1.0])
    found = stretches(pipes, np.arange(2), levels, ground())
    assert found.run.tolist() == [0, 0]  # a stretch of half a metre gets no text
    assert found.rank[1] > found.rank[0]
    np.testing.assert_allclose(found.middle[1, :2], [10.0, 25.0])
    np.testing.assert_allclose(found.middle[:, 2] + found.half[:, 2], [-1.0 - 2.0 / 6.0, -3.0])


def test_bends_of_less_than_half_a_metre_do_not_part_a_text() -> None:
    x = np.linspace(0.0, 60.0, 61)
    pipes = a_layer(np.column_stack([x, 0.2 * np.sin(x)]).tolist())
    found = stretches(pipes, np.array([0]), np.zeros(61), ground())
    assert len(found.run) == 1
    np.testing.assert_allclose(found.half[0, :2], [30.0, 0.0], atol=0.1)


def test_long_stretches_are_written_along_again_and_again() -> None:
    pipes = a_layer([(0, 0), (0, 900)])
    found = stretches(pipes, np.array([0]), None, ground())
    assert len(found.run) == 10
    assert np.ptp(found.middle[:, 1]) > 800.0
    assert (found.rank == found.rank.max()).sum() == 1
