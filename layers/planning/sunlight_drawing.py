"""A plan of a statement about sunlight: which buildings keep their sun, which lose it, to whom."""

from __future__ import annotations

from collections.abc import Callable, Collection

import numpy as np

from layers.kinds.base import Layer
from layers.kinds.buildings import Buildings
from layers.pipes.plate import GREY, INK, Path, Plate, Shape, Stroke, Text
from layers.planning.obstacles import Body
from layers.planning.sunlight_statement import RESULTS, Statement
from layers.shapes import Floats

WIDE, TALL = 250.0, 132.0  # millimetres of the drawing
MARGIN, FOOT = 4.0, 14.0
FILLS = {
    "lost": "#d32f2f", "worse": "#ef6c00", "short": "#8e24aa", "less": "#fbc02d",
    "new": "#64b5f6", "kept": "#a5d6a7",
}  # fmt: skip
OTHERS = "#e8e8e8"
ROUND = (1.0, 2.0, 5.0)


def statement_plan(
    made: Statement, layers: Collection[Layer], new: Collection[Body], words: Callable[[str], str]
) -> Plate:
    """Draw the buildings of a statement by the worst of their windows, new ones with an edge.

    Parameters
    ----------
    made : Statement
        What was found.
    layers : collection of Layer
        Buildings to draw.
    new : collection of (layer id, number)
        The new ones.
    words : callable
        Gives words for ``RESULTS``, ``others``, ``new-building`` and ``north``.
    """
    worst = worst_results(made)
    box = _box(made, layers, new)
    scale = min((WIDE - 2 * MARGIN) / (box[2] - box[0]), (TALL - FOOT - MARGIN) / (box[3] - box[1]))

    def to_paper(places: Floats) -> Floats:
        return np.asarray((places - box[:2]) * scale + [MARGIN, FOOT])

    shapes: list[Shape] = []
    edges: list[Shape] = []
    for layer in layers:
        data = layer.data
        if not isinstance(data, Buildings):
            continue
        bounds = data.shapes.bounds()
        near = (bounds[:, 0] < box[2]) & (bounds[:, 2] > box[0])
        near &= (bounds[:, 1] < box[3]) & (bounds[:, 3] > box[1]) & data.drawn
        whole = np.where(data.part_of > 0, data.part_of, data.ids)
        for row in np.flatnonzero(near):
            body = (layer.id, int(whole[row]))
            first = data.shapes.shape_start[row]
            a, b = data.shapes.ring_start[first], data.shapes.ring_start[first + 1]
            ring = np.clip(to_paper(data.shapes.coords[a:b]), [0.5, FOOT - 2], [WIDE - 0.5, TALL])
            fill = FILLS[worst[body]] if body in worst else OTHERS
            shapes.append(Path(ring, True, Stroke(0.1, GREY), fill, link=body))
            if body in new:
                edges.append(Path(ring, True, Stroke(0.6, "#b71c1c")))
    return Plate(WIDE, TALL, (*shapes, *edges, *_key(words, scale, bool(new))), "")


def worst_results(made: Statement) -> dict[Body, str]:
    """Give the worst that became of a window of each building."""
    rank = {result: i for i, result in enumerate(RESULTS)}
    out: dict[Body, str] = {}
    windows = made.windows
    for layer, number, result in zip(
        windows.layers, windows.building.tolist(), made.results(), strict=True
    ):
        body = (layer, number)
        if body not in out or rank[result] < rank[out[body]]:
            out[body] = result
    return out


def _box(made: Statement, layers: Collection[Layer], new: Collection[Body]) -> Floats:
    places = [made.windows.middle[:, :2]]
    for layer in layers:
        data = layer.data
        if isinstance(data, Buildings):
            mine = [number for name, number in new if name == layer.id]
            rows = np.flatnonzero(np.isin(data.ids, mine) | np.isin(data.part_of, mine))
            places.append(data.shapes.take(rows).centres())
    spots = np.concatenate(places)
    low, high = spots.min(axis=0) - 25.0, spots.max(axis=0) + 25.0
    return np.concatenate([low, high])


def _key(words: Callable[[str], str], scale: float, has_new: bool) -> list[Shape]:
    out: list[Shape] = []
    x, y = MARGIN, 5.0
    rows = [(words(result), FILLS[result]) for result in RESULTS] + [(words("others"), OTHERS)]
    for text, colour in rows:
        ring = np.array([[x, y - 1.2], [x + 4, y - 1.2], [x + 4, y + 1.2], [x, y + 1.2]])
        out += [Path(ring, True, Stroke(0.1, GREY), colour), Text(x + 5, y, text, 2.4)]
        x += 27.0
    if has_new:
        ring = np.array([[x, y - 1.2], [x + 4, y - 1.2], [x + 4, y + 1.2], [x, y + 1.2]])
        out += [
            Path(ring, True, Stroke(0.6, "#b71c1c")), Text(x + 5, y, words("new-building"), 2.4)
        ]  # fmt: skip
    metres = _round(40.0 / scale)
    end = WIDE - MARGIN
    bar = np.array([[end - metres * scale, 9.6], [end, 9.6]])
    out += [Path(bar, stroke=Stroke(0.5, INK)), Text(end, 7.6, f"{metres:g} m", 2.4, "end")]
    x, y = WIDE - 8.0, TALL - 14.0
    arrow = np.array([[x - 2.0, y], [x, y + 8.0], [x + 2.0, y], [x, y + 2.0]])
    return [*out, Path(arrow, True, None, INK), Text(x, y + 10.5, words("north"), 3.0, "middle")]


def _round(metres: float) -> float:
    ten = 10.0 ** np.floor(np.log10(metres))
    return float(max(step * ten for step in ROUND if step * ten <= metres))
