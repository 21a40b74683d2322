"""Names do not cover each other, the important ones come first, twins are left out."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from scene.labels import Labels, LabelSet, Placed, draw_labels, projected, steps

SIZE = (800, 600)
#: Scene x and y from -1 to 1 over the picture, z into it.
MATRIX = np.array([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]], dtype=np.float64)


def a_set(points: list[tuple[float, float]], names: list[str], **more: object) -> LabelSet:
    spots = np.array([(x, y, 0.0) for x, y in points]).reshape(-1, 3)
    rank = more.pop("rank", np.zeros(len(names)))
    return LabelSet(spots, tuple(names), np.asarray(rank, dtype=np.float64), **more)  # type: ignore[arg-type]  # keywords of the test


def texts(placed: list[Placed]) -> list[str]:
    return [label.key[0] for label in placed]


def overlap(a: Placed, b: Placed) -> bool:
    across = a.x < b.x + b.picture.shape[1] and b.x < a.x + a.picture.shape[1]
    return bool(across and a.y < b.y + b.picture.shape[0] and b.y < a.y + a.picture.shape[0])


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.floats(-1.2, 1.2), st.floats(-1.2, 1.2)), max_size=60),
    st.floats(0.5, 3.0),
)
def test_no_label_covers_another_or_leaves_the_picture(
    points: list[tuple[float, float]], scale: float
) -> None:
    labels = Labels()
    labels.put("a", a_set(points, [f"地点 {i}" for i in range(len(points))]))
    placed = labels.layout(MATRIX, SIZE, scale)
    assert not any(overlap(a, b) for a, b in itertools.combinations(placed, 2))
    for label in placed:
        rows, columns = label.picture.shape[:2]
        assert label.x >= 0
        assert label.y >= 0
        assert label.x + columns <= SIZE[0]
        assert label.y + rows <= SIZE[1]


def test_the_higher_rank_wins_where_two_would_cover_each_other() -> None:
    labels = Labels()
    labels.put("a", a_set([(0, 0), (0.01, 0.01)], ["small", "large"], rank=[1, 2]))
    assert texts(labels.layout(MATRIX, SIZE, 1.0)) == ["large"]


def test_the_same_name_is_not_written_twice_side_by_side() -> None:
    labels = Labels()
    labels.put("a", a_set([(0, 0), (0, 0.15), (0.8, 0.8)], ["长江路"] * 3))
    assert len(labels.layout(MATRIX, SIZE, 1.0)) == 2


def test_labels_of_a_tool_are_written_whatever_they_cover() -> None:
    labels = Labels()
    labels.put("a", a_set([(0, 0)], ["12.50 m"], must=True))
    labels.put("b", a_set([(0, 0)], ["13.00 m"], must=True))
    labels.put("c", a_set([(0, 0)], ["river"], rank=[99]))
    assert sorted(texts(labels.layout(MATRIX, SIZE, 1.0))) == ["12.50 m", "13.00 m"]


def test_only_so_many_labels_are_written_as_a_picture_has_room_for() -> None:
    grid = [(x, y) for x in np.linspace(-0.97, 0.97, 40) for y in np.linspace(-0.95, 0.95, 40)]
    labels = Labels()
    labels.put("a", a_set(grid, [str(i) for i in range(1600)]))
    few, many = labels.layout(MATRIX, (400, 300), 1.0), labels.layout(MATRIX, (1600, 1200), 1.0)
    assert len(few) == 12
    assert 100 < len(many) < 200


def test_what_is_behind_the_eye_too_far_hidden_or_taken_gets_no_label() -> None:
    labels = Labels()
    labels.put("a", a_set([(0, 0), (0.5, 0.5)], ["left", "right"], hideable=True))
    behind = MATRIX.copy()
    behind[3, 3] = -1.0
    assert labels.layout(behind, SIZE, 1.0) == []
    assert labels.layout(MATRIX, SIZE, 1.0, farthest=0.5) == []
    taken = np.zeros((600, 800), dtype=bool)
    taken[:, :500] = True
    assert texts(labels.layout(MATRIX, SIZE, 1.0, taken=taken)) == ["right"]

    def hidden(points: NDArray[np.float64]) -> NDArray[np.bool_]:
        return points[:, 0] > 0.2

    assert texts(labels.layout(MATRIX, SIZE, 1.0, hidden=hidden)) == ["left"]
    labels.remove("a")
    labels.remove("a")
    assert len(labels) == 0
    assert labels.layout(MATRIX, SIZE, 1.0) == []


def test_points_fall_on_the_pixels_that_the_matrix_says() -> None:
    points = np.array([[-1.0, 1.0, 0.0], [1.0, -1.0, 0.0], [0.0, 0.0, 0.0]])
    pixels, depth = projected(MATRIX, points, SIZE)
    assert pixels.tolist() == [[0, 0], [800, 600], [400, 300]]
    assert (depth == 1).all()


def test_labels_are_drawn_above_their_point() -> None:
    labels = Labels()
    labels.put("a", a_set([(0, 0)], ["滨江"], rise=10.0))
    pixels = np.zeros((600, 800, 4), dtype=np.uint8)
    draw_labels(pixels, labels.layout(MATRIX, SIZE, 1.0))
    rows, columns = np.nonzero(pixels[..., 3])
    assert rows.max() <= 290
    assert abs(columns.mean() - 400) < 6


def test_what_stood_there_a_moment_ago_stays_while_the_eye_moves() -> None:
    labels = Labels()
    far_first = np.array([[0, 0, 0.9], [0, 0, 0.1]])
    labels.put("a", LabelSet(far_first, ("one", "two"), np.zeros(2)))
    depth = np.eye(4)
    depth[3] = [0, 0, 1, 0.01]  # further in z is further away
    assert texts(labels.layout(depth, SIZE, 1.0)) == ["two"]
    kept = frozenset({("a", 0)})
    assert texts(labels.layout(depth, SIZE, 1.0, kept=kept)) == ["one"]


def along(way: tuple[float, float, float], **more: object) -> Labels:
    labels = Labels()
    labels.put("a", a_set([(0, 0)], ["WS DN400"], along=np.array([way]), **more))
    return labels


@settings(max_examples=25, deadline=None)
@given(st.floats(0, 360))
def test_a_text_along_a_line_has_its_direction_and_is_never_upside_down(degrees: float) -> None:
    angle = np.radians(degrees)
    half = 200.0 * np.array([np.cos(angle), np.sin(angle)]) / (400.0, 300.0)
    (label,) = along((*half.tolist(), 0.0)).layout(MATRIX, SIZE, 1.0)
    assert -np.pi / 2 - 1e-9 < label.turn <= np.pi / 2 + 1e-9
    assert abs(np.sin(label.turn - angle)) < 1e-6
    x, y = label.middle[0] - 400.0, 300.0 - label.middle[1]
    assert abs(x * np.cos(angle) + y * np.sin(angle)) < 1.5  # beside the middle of the line
    assert 7.0 < np.hypot(x, y) < 30.0


def test_a_text_longer_than_its_line_in_the_picture_is_not_written() -> None:
    assert along((0.05, 0.0, 0.0)).layout(MATRIX, SIZE, 1.0) == []
    assert along((0.0, 0.0, 0.9)).layout(MATRIX, SIZE, 1.0) == []  # seen from its end
    assert len(along((0.15, 0.0, 0.0)).layout(MATRIX, SIZE, 1.0)) == 1


def test_a_line_that_ends_behind_the_eye_still_has_its_direction() -> None:
    matrix = np.array([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, -1, 0]], dtype=np.float64)
    found = steps(matrix, np.array([[0.2, -0.4, -1.0]]), np.array([[0.0, 0.0, 3.0]]), SIZE)[0]
    ahead = steps(matrix, np.array([[0.2, -0.4, -1.0]]), np.array([[0.0, 0.0, 0.01]]), SIZE)[0]
    np.testing.assert_allclose(found / 300.0, ahead)


def test_turned_texts_lie_beside_each_other_where_the_boxes_around_them_would_not() -> None:
    labels = Labels()
    way = np.tile([[0.2, 0.2667, 0.0]], (2, 1))
    labels.put("a", a_set([(-0.05, 0.05), (0.05, -0.05)], ["GD 2x4 aaaa", "YS DN800 bbb"],
                          along=way))  # fmt: skip
    assert len(labels.layout(MATRIX, SIZE, 1.0)) == 2
    labels.put("b", a_set([(0.0, 0.0)], ["crossing both of them"], along=way[:1] * [1, -1, 1]))
    assert len(labels.layout(MATRIX, SIZE, 1.0)) == 2


def test_a_turned_text_is_drawn_turned() -> None:
    pixels = np.zeros((*SIZE[::-1], 4), dtype=np.uint8)
    draw_labels(pixels, along((0.0, 0.5, 0.0), pixels=30.0).layout(MATRIX, SIZE, 1.0))
    rows, columns = np.nonzero(pixels[..., 3])
    assert np.ptp(rows) > 4 * np.ptp(columns)
    assert abs(rows.mean() - 300.0) < 4.0
    assert columns.max() < 400  # on the left of a line that leads up
