"""Drawing a plan of pipes: surroundings, zones, pipes with line types and texts, symbols, marks."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
import shapely

from layers.pipes.map_sheet import (
    BLANK,
    STATUS_DASHES,
    Backdrop,
    Layout,
    MapContent,
    MapFacts,
    MapMark,
    MapNode,
    MapOutline,
    MapRun,
    Words,
    draw_frame,
    draw_panel,
    laid_out,
    with_scale,
)
from layers.pipes.map_symbols import HALF, UP_TO, draw_symbol
from layers.pipes.plate import GREY, THIN, Board, Box, Plate, Stroke, Text, text_box, text_width
from layers.shapes import Floats
from layers.style import Colour

WATER, GREEN, HOUSE, ROAD = "#dcecf6", "#e9f2e1", "#ececea", "#f6f4ee"
EDGE = "#b9b9b6"
LETTERS = 1.8  # millimetres of what is written along runs
ARROW = 1.1
#: Widths of lines in millimetres up to a size of the pipe in metres.
WIDTHS = ((0.2, 0.25), (0.6, 0.4), (math.inf, 0.6))
AGAIN = 130.0  # millimetres within which the same text is not written twice
NODE_TEXTS = 600.0  # up to this scale nodes are written at


def draw_map(content: MapContent, extent: Box, facts: MapFacts, words: Words) -> Plate:
    """Draw a map.

    Parameters
    ----------
    content : MapContent
        What is shown.
    extent : Box
        West, south, east, north that must be on it, project metres.
    facts : MapFacts
        Title block, legend, scale, paper.
    words : callable
        Words of the sheet by their keys: ``legend``, ``project``, ``role-valve`` ...

    Returns
    -------
    Plate
        Pipes and nodes lead to their objects.

    Raises
    ------
    CityError
        As `layers.pipes.map_sheet.laid_out`.
    """
    layout = laid_out(extent, facts)
    board = Board()
    window = shapely.box(*layout.extent)
    _backdrop(board, layout, content.backdrop, window)
    for outline in content.outlines:
        _outline(board, layout, outline, window)
    shown = _runs(board, layout, content.runs)
    roles = _nodes(board, layout, content.nodes)
    for mark in content.marks:
        _mark(board, layout, mark)
    if facts.labels:
        _write_runs(board, layout, shown)
        _write_nodes(board, layout, content.nodes)
    _street_names(board, layout, content.backdrop)
    statuses = [key for key in STATUS_DASHES if any(run.status == key for run, _ in shown)]
    draw_frame(board, layout, words)
    draw_panel(board, layout, with_scale(facts, layout), statuses, roles, words)
    return Plate(layout.width, layout.height, tuple(board.shapes), facts.title)


def _backdrop(board: Board, layout: Layout, found: Backdrop, window: shapely.Polygon) -> None:
    for shapes, fill, edge, name in (
        (found.greens, GREEN, "", "green"), (found.waters, WATER, "#9fc4dc", "water"),
        (found.roads, ROAD, "", "roads"), (found.buildings, HOUSE, "#9a9a97", "buildings"),
    ):  # fmt: skip
        for shape in shapes:
            _area(board, layout, shape, window, fill, edge, name)
        if name == "roads":
            for kerb in found.kerbs:
                _line(board, layout, kerb, window)


def _line(board: Board, layout: Layout, shape: object, window: shapely.Polygon) -> None:
    clipped = shapely.clip_by_rect(shape, *window.bounds)  # type: ignore[call-overload]  # any shape
    for part in shapely.get_parts(clipped):
        if part.geom_type == "LineString":
            places = layout.place(shapely.get_coordinates(part))
            board.line(places, Stroke(THIN, EDGE), layer="roads")


def _area(
    board: Board, layout: Layout, shape: object, window: shapely.Polygon, fill: Colour,
    edge: Colour, name: str,
) -> None:  # fmt: skip
    """Fill what of a polygon lies on the map; holes become paper again."""
    west, south, east, north = window.bounds
    clipped = shapely.clip_by_rect(shape, west, south, east, north)  # type: ignore[call-overload]  # any shape
    stroke = Stroke(THIN, edge) if edge else None
    for part in shapely.get_parts(clipped):
        if part.geom_type != "Polygon" or part.is_empty:
            continue
        board.area(layout.place(shapely.get_coordinates(part.exterior)), fill, stroke, layer=name)
        for hole in part.interiors:
            board.area(layout.place(shapely.get_coordinates(hole)), BLANK, stroke, layer=name)


def _outline(board: Board, layout: Layout, outline: MapOutline, window: shapely.Polygon) -> None:
    stroke = Stroke(outline.width, outline.colour, outline.dash)
    shape = shapely.Polygon(outline.points) if outline.closed and len(outline.points) > 2 else (
        shapely.LineString(outline.points))  # fmt: skip
    clipped = shapely.intersection(shape, window)
    for part in shapely.get_parts(clipped):
        if part.geom_type == "Polygon":
            places = layout.place(shapely.get_coordinates(part.exterior))
            board.area(places, "", stroke, layer="zones")
            if outline.hatch:
                board.hatch(places.tolist(), outline.hatch, Stroke(THIN, outline.colour),
                            layer="zones")  # fmt: skip
            middle = layout.place(shapely.get_coordinates(part.representative_point()))[0]
            _named(board, layout, outline, middle)
        elif part.geom_type == "LineString":
            places = layout.place(shapely.get_coordinates(part))
            board.line(places, stroke, layer="zones")
            for at in (places[0], places[-1]):
                _named(board, layout, outline, at)


def _named(board: Board, layout: Layout, outline: MapOutline, at: Floats) -> None:
    if outline.text:
        board.label((float(at[0]), float(at[1])), (0.3, 0.3), outline.text, layout.box, size=2.6,
                    colour=outline.colour)  # fmt: skip


def _runs(board: Board, layout: Layout, runs: Iterable[MapRun]) -> list[tuple[MapRun, Floats]]:
    """Draw the runs that are on the map; give them with their places in millimetres."""
    west, south, east, north = layout.extent
    shown: list[tuple[MapRun, Floats]] = []
    for run in runs:
        low, high = run.points.min(axis=0), run.points.max(axis=0)
        if high[0] < west or low[0] > east or high[1] < south or low[1] > north:
            continue
        line = shapely.clip_by_rect(shapely.LineString(run.points), west, south, east, north)
        for part in shapely.get_parts(line):
            if part.geom_type != "LineString":
                continue
            places = layout.place(shapely.get_coordinates(part))
            symbol = next(mm for most, mm in WIDTHS if run.width <= most)
            wide = max(symbol, run.width * layout.factor if layout.scale <= 500.0 else 0.0)
            dash = STATUS_DASHES.get(run.status, ())
            board.line(places, Stroke(wide, run.colour, dash), link=run.link, layer="pipes")
            if run.flow:
                _arrow(board, places if run.flow > 0 else places[::-1], run.colour)
            shown.append((run, places))
    return shown


def _arrow(board: Board, places: Floats, colour: Colour) -> None:
    """Draw the direction of flow where there is room for it."""
    a, b = places[0], places[-1]
    length = float(np.hypot(*(b - a)))
    if length < 9.0:
        return
    along = (b - a) / length
    across = np.array([-along[1], along[0]])
    tip = a + along * length * 0.68
    back = tip - along * ARROW * 1.8
    board.area([tip, back + across * ARROW * 0.7, back - across * ARROW * 0.7], colour,
               Stroke(THIN, colour), layer="flow")  # fmt: skip


def _nodes(board: Board, layout: Layout, nodes: Iterable[MapNode]) -> list[str]:
    """Draw the nodes that this scale shows; give the roles there are."""
    west, south, east, north = layout.extent
    roles: dict[str, None] = {}
    for node in nodes:
        inside = west <= node.x <= east and south <= node.y <= north
        if not inside or layout.scale > UP_TO.get(node.role, 0.0):
            continue
        x, y = layout.place(np.array([[node.x, node.y]]))[0].tolist()
        draw_symbol(board, node.role, x, y, node.colour, node.link)
        board.take((x - HALF, y - HALF, x + HALF, y + HALF))
        roles[node.role] = None
    return [role for role in UP_TO if role in roles and role not in {"tee", "bend"}]


def _mark(board: Board, layout: Layout, mark: MapMark) -> None:
    x, y = layout.place(np.array([[mark.x, mark.y]]))[0].tolist()
    w, s, e, n = layout.box
    if not (w <= x <= e and s <= y <= n):
        return
    board.oval(x, y, 1.6, 1.6, stroke=Stroke(0.5, mark.colour), fill="", layer="marks")
    radius = max(2.1, text_width(mark.text, 2.4) / 2.0 + 0.8)
    for far in (6.0, 9.0, 13.0, 18.0, 24.0, 31.0, 39.0):
        for angle in np.radians([45, 135, -45, -135, 0, 90, 180, -90]).tolist():
            a, b = x + far * math.cos(angle), y + far * math.sin(angle)
            box = (a - radius, b - 2.1, a + radius, b + 2.1)
            if board.free(box) and w < box[0] and box[2] < e and s < box[1] and box[3] < n:
                _number(board, (x, y), (a, b), radius, mark)
                board.take(box)
                return


def _number(
    board: Board, at: tuple[float, float], to: tuple[float, float], radius: float, mark: MapMark
) -> None:
    """Write the number of a place in a circle, with a line to the place."""
    way = np.array(to) - np.array(at)
    far = float(np.hypot(*way))
    ends = [np.array(at) + way / far * 1.6, np.array(to) - way / far * 2.1]
    board.line(ends, Stroke(0.25, mark.colour), layer="marks")
    board.oval(*to, radius, 2.1, stroke=Stroke(0.25, mark.colour), fill=BLANK, layer="marks")
    board.text(*to, mark.text, 2.4, anchor="middle", colour=mark.colour, bold=True)


def _write_runs(board: Board, layout: Layout, shown: list[tuple[MapRun, Floats]]) -> None:
    """Write along runs, the longest first, where nothing else is written, not too often."""
    order = sorted(
        (item for item in shown if item[0].text),
        key=lambda item: -float(np.hypot(*(item[1][-1] - item[1][0]))),
    )
    said: dict[str, list[Floats]] = {}
    for run, places in order:
        step = np.diff(places, axis=0)
        k = int(np.argmax(np.hypot(*step.T)))
        a, b = places[k], places[k + 1]
        length = float(np.hypot(*(b - a)))
        wide = text_width(run.text, LETTERS)
        if length < wide + 5.0:
            continue
        for share in (0.5, 0.3, 0.7):
            middle = a + (b - a) * share
            room = min(share, 1.0 - share) * length
            near = any(
                float(np.hypot(*(middle - other))) < AGAIN for other in said.get(run.text, [])
            )
            if near or room < wide / 2.0 + 1.0:
                continue
            if _along(board, layout, run, middle, b - a):
                said.setdefault(run.text, []).append(middle)
                break


def _along(board: Board, layout: Layout, run: MapRun, middle: Floats, way: Floats) -> bool:
    turn = math.degrees(math.atan2(float(way[1]), float(way[0])))
    turn = turn - 180.0 if turn > 90.0 else turn + 180.0 if turn <= -90.0 else turn
    text = Text(float(middle[0]), float(middle[1]), run.text, LETTERS, "middle", turn,
                run.colour if _dark(run.colour) else "#333333", link=run.link)  # fmt: skip
    w, s, e, n = text_box(text)
    west, south, east, north = layout.box
    inside = w > west and s > south and e < east and n < north
    boxes = list(_pieces(text))
    if not inside or not all(board.free(box) for box in boxes):
        return False
    half, high = text_width(run.text, LETTERS) / 2.0 + 0.5, LETTERS * 0.55
    c, q = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    around = ((-half, -high), (half, -high), (half, high), (-half, high))
    corners = [(text.x + c * x - q * y, text.y + q * x + c * y) for x, y in around]
    board.area(corners, BLANK, None, layer="texts")
    board.shapes.append(text)
    for box in boxes:
        board.take(box)
    return True


def _pieces(text: Text) -> Iterable[Box]:
    """Give small boxes along a turned text: what it covers, not the large box around it."""
    half = text_width(text.words, text.size) / 2.0
    count = max(int(2.0 * half / text.size), 1)
    c, s = math.cos(math.radians(text.turn)), math.sin(math.radians(text.turn))
    r = text.size * 0.55
    for k in range(count + 1):
        at = -half + 2.0 * half * k / count
        x, y = text.x + c * at, text.y + s * at
        yield x - r, y - r, x + r, y + r


def _dark(colour: Colour) -> bool:
    red, green, blue = (int(colour[k : k + 2], 16) for k in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue < 150.0


def _write_nodes(board: Board, layout: Layout, nodes: Iterable[MapNode]) -> None:
    """Write beside nodes on maps of a large scale."""
    if layout.scale > NODE_TEXTS:
        return
    west, south, east, north = layout.extent
    for node in nodes:
        inside = west <= node.x <= east and south <= node.y <= north
        if node.text and inside:
            x, y = layout.place(np.array([[node.x, node.y]]))[0].tolist()
            board.label((x, y), (HALF, HALF), node.text, layout.box, size=1.7, link=node.link)


def _street_names(board: Board, layout: Layout, found: Backdrop) -> None:
    """Write the names of streets along their middles, not too often."""
    said: dict[str, list[Floats]] = {}
    west, south, east, north = layout.extent
    for line, name in found.names:
        clipped = shapely.clip_by_rect(line, west, south, east, north)  # type: ignore[call-overload]  # any shape
        for part in shapely.get_parts(clipped):
            if part.geom_type != "LineString":
                continue
            places = layout.place(shapely.get_coordinates(part))
            middle = places[len(places) // 2]
            way = places[-1] - places[0]
            near = any(float(np.hypot(*(middle - o))) < AGAIN for o in said.get(name, []))
            if near or float(np.hypot(*way)) < text_width(name, 2.6) + 6.0:
                continue
            run = MapRun(places, GREY, text=name)
            if _along(board, layout, run, middle, way):
                said.setdefault(name, []).append(middle)
