"""A metre from a wall, four thousand kilometres from zero, nothing trembles and flickers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray

from layers.kinds import kind_of
from layers.kinds.base import Layer
from layers.kinds.buildings import Buildings
from layers.project import Project
from layers.shapes import Shapes
from layers.viewpoint import Viewpoint
from tests.scene.cities import shot, staged

pytestmark = pytest.mark.picture

FAR = (39_500_000.0, 4_000_000.0)  # east and north, as in a zone of Gauss and Krueger


def street(east: float, north: float, apart: float = 300.0) -> Project:
    """Give two houses a hand apart, and one some way away that draws the scene's origin off."""
    shapes = [
        shapely.box(east, north, east + 12.0, north + 8.0),
        shapely.box(east + 12.125, north, east + 24.0, north + 8.0),
        shapely.box(east + apart, north + apart, east + apart + 20.0, north + apart + 20.0),
    ]
    data = Buildings.blocks(Shapes.from_shapely(shapes), np.array([9.0, 15.0, 30.0]))
    project = Project()  # without a system the sun stands still
    style = replace(kind_of("buildings").style, outline=None)
    project.insert_layer(Layer("buildings", "Street", data, style=style))
    return project


def at_wall(east: float, north: float, aside: float = 0.0) -> Viewpoint:
    """Look along the wall from a metre before it, past the gap between the houses."""
    return Viewpoint(east + 10.0 + aside, north - 1.0, 1.7, 0.9, 0.05, 5.0)


def pictures(east: float, north: float) -> list[NDArray[np.uint8]]:
    """Draw a walk of a few centimetres."""
    with staged(street(east, north, 30_000.0), (320, 240)) as stage:
        out = []
        for step in range(4):
            stage.viewpoint = at_wall(east, north, step / 64)  # exact far away too
            out.append(shot(stage))
        return out


def test_the_walk_along_a_wall_looks_the_same_at_zero_and_far_away() -> None:
    for near, far in zip(pictures(0.0, 0.0), pictures(*FAR), strict=True):
        assert (near != far).any(axis=2).mean() < 0.003
    assert np.ptp(near[..., 0].astype(int)) > 8  # walls of two houses


def test_a_step_of_a_millimetre_moves_the_picture_by_less_than_a_pixel() -> None:
    with staged(street(*FAR, 30_000.0), (320, 240)) as stage:
        before = at_wall(*FAR)
        stage.viewpoint = before
        first = shot(stage).astype(int)
        changes = []
        for step in range(1, 9):
            stage.viewpoint = replace(before, east=before.east + 0.001 * step)
            changes.append((np.abs(shot(stage).astype(int) - first).max(axis=2) > 6).mean())
        assert changes[0] < 0.01
        assert max(np.diff(changes)) < 0.01  # no jump between two steps


def test_far_walls_a_hand_apart_keep_their_order_while_the_eye_nears() -> None:
    east, north = FAR
    with staged(street(east, north, 30_000.0), (320, 240)) as stage:
        for metres in (2.0, 20.0, 200.0, 2000.0):
            pair = []
            for turn in (0.0, 1e-6):  # the slightest turn must not make faces change places
                stage.viewpoint = Viewpoint.looking_at(
                    (east + 12.0, north + 4.0, 9.0), metres, 0.6 + turn, -0.5
                )
                pair.append(shot(stage).astype(int))
            assert (np.abs(pair[0] - pair[1]).max(axis=2) > 12).mean() < 0.002
