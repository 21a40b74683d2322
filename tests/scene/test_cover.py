"""Names stand on roofs, and a building hides what is behind it."""

from __future__ import annotations

import numpy as np
import shapely

from layers.kinds.buildings import Buildings
from layers.shapes import Shapes
from scene.cover import Cover
from scene.surface import Surface
from tests.scene.cities import SOUTH, WEST

GROUND = Surface.of(None, 5.0, (WEST, SOUTH, WEST + 400, SOUTH + 400))


def courtyard(height: float = 30.0) -> Cover:
    """Give a block of 60 m with a court of 20 m in it, on ground of 5 m."""
    block = shapely.box(WEST, SOUTH, WEST + 60, SOUTH + 60)
    yard = shapely.box(WEST + 20, SOUTH + 20, WEST + 40, SOUTH + 40)
    data = Buildings.blocks(Shapes.from_shapely(np.array([block.difference(yard)])), height)
    return Cover.of([(data, np.array([5.0]))], GROUND)


def test_the_top_is_the_roof_or_the_ground_where_there_is_none() -> None:
    spots = [(WEST + 10, SOUTH + 10), (WEST + 30, SOUTH + 30), (WEST + 90, SOUTH), (0.0, 0.0)]
    assert courtyard().tops(spots).tolist() == [35.0, 5.0, 5.0, 5.0]


def test_a_block_hides_what_is_behind_it_but_not_what_stands_on_or_before_it() -> None:
    eye = (WEST + 30.0, SOUTH - 200.0, 60.0)
    points = [
        (WEST + 30, SOUTH + 150, 6.0),  # behind
        (WEST + 30, SOUTH + 150, 80.0),  # behind, but higher than the line over the roof
        (WEST + 30, SOUTH - 20, 6.0),  # before
        (WEST + 30, SOUTH + 10, 35.0),  # on the roof
        (WEST + 30, SOUTH + 30, 6.0),  # in the court
        (WEST + 300, SOUTH + 150, 6.0),  # beside
    ]
    hidden = courtyard().hidden(points, eye)
    assert hidden.tolist() == [True, False, False, False, True, False]


def test_straight_from_above_nothing_is_hidden() -> None:
    points = [(WEST + 30.0, SOUTH + 30.0, 6.0), (WEST + 10.0, SOUTH + 10.0, 35.0)]
    assert not courtyard().hidden(points, (WEST + 30.0, SOUTH + 30.0, 900.0)).any()
    assert not courtyard().hidden(points, (0.0, 0.0, 0.0), (0.0, 0.0, -1.0)).any()


def test_parallel_lines_of_sight_are_followed_backwards() -> None:
    look = np.array([0.0, 1.0, -0.05])
    points = [(WEST + 30.0, SOUTH + 90.0, 6.0), (WEST + 30.0, SOUTH - 90.0, 6.0)]
    hidden = courtyard().hidden(points, (0.0, 0.0, 0.0), look / np.linalg.norm(look))
    assert hidden.tolist() == [True, False]


def test_without_buildings_nothing_is_hidden() -> None:
    cover = Cover.of([], GROUND)
    assert cover.tops([(WEST, SOUTH)]).tolist() == [5.0]
    assert not cover.hidden([(WEST, SOUTH, 5.0)], (WEST + 500, SOUTH, 5.0)).any()


def test_outlines_that_are_not_drawn_do_not_hide() -> None:
    shapes = Shapes.from_shapely(np.array([shapely.box(WEST, SOUTH, WEST + 60, SOUTH + 60)]))
    data = Buildings.blocks(shapes, 30.0)
    drawn = np.zeros(1, dtype=bool)
    outline = Buildings(
        data.shapes, data.ids, data.feature, data.attributes, data.height, data.min_height,
        data.base, data.height_rule, data.part_of, drawn,
    )  # fmt: skip
    assert Cover.of([(outline, np.array([5.0]))], GROUND).tops([(WEST + 9, SOUTH + 9)])[0] == 5.0
