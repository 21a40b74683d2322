"""A longitudinal section on paper: heights drawn larger, with the table of levels below."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from layers.pipes.long_sections import LongSection, Stop, Stretch
from layers.pipes.plate import DASHED, GREY, MIDDLE, THIN, Board, Plate, Stroke, spread
from layers.pipes.section_drawing import level_text
from layers.pipes.section_frame import (
    Axes,
    Between,
    Frame,
    PlateFacts,
    Row,
    Words,
    draw_ground,
    draw_ruler,
    draw_section_of,
    draw_strips,
    draw_table,
    finished,
    fitting_scale,
    keep_ground_free,
    laid_out,
)

NAMES_ABOVE = 14.0  # millimetres above the ground for names of nodes
NARROWEST_SHAFT = 1.2  # millimetres
USUAL = (10.0, 5.0, 2.0, 1.0)  # times that heights are drawn, the best first
STEP = 0.01  # metres between two levels at a node that are both written


def long_plate(section: LongSection, words: Words, facts: PlateFacts = PlateFacts()) -> Plate:
    """Draw a longitudinal section.

    Parameters
    ----------
    section : LongSection
        What is unrolled.
    words : callable
        Gives the words of the drawing for their keys.
    facts : PlateFacts
        Title block, scale and what is shown; without exaggeration it is 10 or what fits.

    Returns
    -------
    Plate
        Shapes of pipes and nodes lead to (layer, id).
    """
    frame = Frame(_rows(section, words))
    low, high = _levels(section)
    length = section.line.length
    usual = (facts.exaggeration,) if facts.exaggeration else USUAL
    above = NAMES_ABOVE + (9.0 if section.strips else 0.0)
    scale, times = fitting_scale(length, high - low, frame, usual, len(section.stops), above)
    scale = facts.scale or scale
    facts = replace(facts, exaggeration=times)
    high += above / (1000.0 / scale * facts.exaggeration)
    axes, paper, name = laid_out(
        frame, length, low, high, scale, facts.exaggeration, len(section.stops)
    )
    board = Board()
    draw_ruler(board, axes, words)
    for stretch in section.stretches:
        _draw_stretch(board, axes, section, stretch, error_band=facts.error_band)
    draw_ground(board, axes, section.ground, section.strips)
    surface = axes.north(float(section.ground.level.max()))
    if section.strips:
        draw_strips(board, axes, section.strips, surface + NAMES_ABOVE + 1.0, words)
    for stop in section.stops:
        _draw_stop(board, axes, section, stop)
    for pipe in section.crossings:
        draw_section_of(board, axes, pipe, error_band=facts.error_band)
    _name_stops(board, axes, section, surface)
    keep_ground_free(board, axes, section.ground)
    _write_labels(board, axes, section, words)
    wanted = np.array([axes.east(stop.station) for stop in section.stops])
    bottoms = np.array([axes.north(stop.bottom) for stop in section.stops])
    links = [(section.layer, stop.node) for stop in section.stops]
    draw_table(board, axes, frame, wanted, bottoms, links)
    classes = [one.line_class for one in section.stretches]
    classes += [pipe.line_class for pipe in section.crossings]
    return finished(board, paper, name, replace(facts, scale=scale), words, classes, scale)


def stop_levels(section: LongSection, k: int, what: str) -> tuple[float, ...]:
    """Give the levels of a way at one of its nodes: of the run that comes, then of that which
    goes, where they differ.

    Parameters
    ----------
    section : LongSection
        The way.
    k : int
        Which node.
    what : str
        ``"invert"``, ``"top"`` or ``"centre"``.
    """
    values = []
    if k > 0:
        values.append(float(getattr(section.stretches[k - 1], what)[-1]))
    if k < len(section.stretches):
        values.append(float(getattr(section.stretches[k], what)[0]))
    if len(values) == 2 and abs(values[0] - values[1]) < STEP:
        values = values[1:]
    return tuple(values)


def stop_assumed(section: LongSection, k: int) -> bool:
    """Say whether a level at a node was assumed."""
    return any("level" in one.assumed for one in section.stretches[max(k - 1, 0) : k + 1])


def _rows(section: LongSection, words: Words) -> list[Row | Between]:
    stops, stretches = section.stops, section.stretches
    n = range(len(stops))

    def levels(what: str) -> tuple[str, ...]:
        return tuple(
            " / ".join(level_text(value, assumed=stop_assumed(section, k))
                       for value in stop_levels(section, k, what))
            for k in n
        )  # fmt: skip

    soft = section.ground.source == "assumed"
    ground = [stop.ground for stop in stops]
    top = [max(stop_levels(section, k, "top")) for k in n]
    deep = [min(stop_levels(section, k, "invert")) for k in n]
    flags = [(soft and not stops[k].ground_told) or stop_assumed(section, k) for k in n]
    rows: list[Row | Between] = [
        Row(words("row-node"), tuple(stop.number or str(stop.node) for stop in stops)),
        Row(words("row-station"), tuple(station_text(stop.station) for stop in stops)),
        Row(words("row-ground"), tuple(
            level_text(z, assumed=soft and not stop.ground_told)
            for z, stop in zip(ground, stops, strict=True))),
        Row(words("row-top"), levels("top")),
        Row(words("row-invert"), levels("invert")),
        Row(words("row-cover"), tuple(
            level_text(ground[k] - top[k], assumed=flags[k]) for k in n)),
        Row(words("row-depth"), tuple(
            level_text(ground[k] - deep[k], assumed=flags[k]) for k in n)),
    ]  # fmt: skip
    sizes = _joined([_sized(one) for one in stretches])
    rows.append(Between(words("row-size"), sizes))
    rows.append(Between(words("row-slope"), tuple(
        (k, k + 1, f"{one.slope * 1000.0:.2f}") for k, one in enumerate(stretches))))  # fmt: skip
    rows.append(Between(words("row-length"), tuple(
        (k, k + 1, f"{one.length:.2f}") for k, one in enumerate(stretches))))  # fmt: skip
    return rows


def _sized(one: Stretch) -> str:
    code = f"{one.code}*" if "size" in one.assumed else one.code
    return f"{code} {one.material}".strip()


def station_text(metres: float) -> str:
    """Write a station as engineers do.

    >>> station_text(1234.5)
    '1+234.50'
    """
    kilometres, rest = divmod(round(metres, 2), 1000.0)
    return f"{int(kilometres)}+{rest:06.2f}"


def _joined(texts: list[str]) -> tuple[tuple[int, int, str], ...]:
    """Join neighbours that say the same."""
    out: list[tuple[int, int, str]] = []
    for k, text in enumerate(texts):
        if out and out[-1][2] == text:
            out[-1] = (out[-1][0], k + 1, text)
        else:
            out.append((k, k + 1, text))
    return tuple(out)


def _levels(section: LongSection) -> tuple[float, float]:
    low = [float((one.centre - one.half_high).min()) for one in section.stretches]
    low += [stop.bottom for stop in section.stops]
    low += [pipe.bottom for pipe in section.crossings]
    high = [float(section.ground.level.max())] + [stop.ground for stop in section.stops]
    high += [float(one.top.max()) for one in section.stretches]
    return math.floor(min(low) - 0.5), max(high)


def _draw_stretch(
    board: Board, axes: Axes, section: LongSection, one: Stretch, *, error_band: bool
) -> None:
    top = axes.at(one.station, one.top)
    bottom = axes.at(one.station, one.centre - one.half_high)
    unsure = "level" in one.assumed
    link, layer = (section.layer, one.pipe), f"pipes-{one.line_class}"
    if error_band:
        error = section.survey_error(one.station, one.centre)
        for side in (top + np.outer(error, (0.0, axes.up)),
                     bottom - np.outer(error, (0.0, axes.up))):  # fmt: skip
            board.line(side, Stroke(0.09, GREY, (0.8, 0.6)), layer="survey-error")
    fill = "#ffffff" if one.status == "abandoned" else one.colour
    outline = np.concatenate([top, bottom[::-1]])
    board.area(outline, fill, None, layer=layer, link=link)
    pen = Stroke(MIDDLE, "#d00000" if one.status == "planned" else "#000000",
                 DASHED if unsure else ())  # fmt: skip
    board.line(top, pen, layer=layer, link=link)
    board.line(bottom, pen, layer=layer, link=link)
    if one.half_high * 2.0 * axes.up > 2.5 and one.gravity:
        board.line(axes.at(one.station, one.centre), Stroke(0.09, "#ffffff", (4.0, 1.0, 0.6, 1.0)),
                   layer=layer)  # fmt: skip


def _draw_stop(board: Board, axes: Axes, section: LongSection, stop: Stop) -> None:
    x, link = axes.east(stop.station), (section.layer, stop.node)
    foot, top = axes.north(stop.bottom), axes.north(stop.ground)
    if stop.chamber:
        half = max(0.5 * axes.across, NARROWEST_SHAFT / 2.0)
        board.rectangle(x - half, foot, x + half, top, "#ffffff", Stroke(MIDDLE),
                        layer="manholes", link=link)  # fmt: skip
        board.line([(x - half - 0.5, top), (x + half + 0.5, top)], Stroke(0.6), layer="manholes")
        board.take((x - half, foot, x + half, top))
    else:
        board.line([(x, foot), (x, top)], Stroke(0.09, GREY, (0.8, 0.6)), layer="manholes",
                   link=link)  # fmt: skip
    for branch in stop.branches:
        y = axes.north(branch.centre)
        rx = max(branch.half_high * axes.across, 0.7)
        ry = max(branch.half_high * axes.up, 0.7)
        board.oval(x, y, rx, ry, stroke=Stroke(THIN), fill=branch.colour, layer="branches",
                   link=(section.layer, branch.pipe))  # fmt: skip
        board.take((x - rx, y - ry, x + rx, y + ry))


def _name_stops(board: Board, axes: Axes, section: LongSection, surface: float) -> None:
    """Write the numbers of nodes upright above the ground, apart from each other."""
    named = [stop for stop in section.stops if stop.number]
    wanted = [axes.east(stop.station) for stop in named]
    at = spread(wanted, np.full(len(named), 3.2), axes.x - 4.0, axes.box[2] + 4.0)
    for stop, x, want in zip(named, at.tolist(), wanted, strict=True):
        foot = axes.north(stop.ground) + 0.4
        level = surface + 3.5
        board.line([(want, foot), (want, level - 1.6), (x, level - 0.4)], Stroke(0.09, GREY),
                   layer="leaders")  # fmt: skip
        board.text(x, level, stop.number, 2.2, turn=90.0, link=(section.layer, stop.node))


def _write_labels(board: Board, axes: Axes, section: LongSection, words: Words) -> None:
    """Write what joins and what crosses, with its level."""
    _, south, _, north = axes.box
    bounds = (axes.x - 3.0, south, axes.box[2] + 3.0, north - NAMES_ABOVE)
    for one in section.stretches:
        for a, b in zip(one.station[:-1], one.station[1:], strict=True):
            ends = axes.at([a, b], np.interp([a, b], one.station, one.centre))
            count = max(int((ends[1, 0] - ends[0, 0]) / 4.0), 1)
            half = one.half_high * axes.up
            for k in range(count):
                share = np.array([k, k + 1]) / count
                x = ends[0, 0] + share * (ends[1, 0] - ends[0, 0])
                y = ends[0, 1] + share * (ends[1, 1] - ends[0, 1])
                board.take((x[0], float(y.min()) - half, x[1], float(y.max()) + half))
    for pipe in section.crossings:
        mark = "*" if "level" in pipe.assumed else ""
        text = f"{pipe.code} {words('top')} {pipe.top:.2f}{mark}"
        at = axes.east(pipe.station), axes.north(pipe.centre)
        half_size = pipe.half_along * axes.across, pipe.half_high * axes.up
        board.label(at, half_size, text, bounds, link=(pipe.layer, pipe.pipe))
    for stop in section.stops:
        for branch in stop.branches:
            at = axes.east(stop.station), axes.north(branch.centre)
            size = max(branch.half_high * axes.across, 0.7), max(branch.half_high * axes.up, 0.7)
            text = f"{branch.code} {branch.centre - branch.half_high:.2f}"
            board.label(at, size, text, bounds, link=(section.layer, branch.pipe))
