"""A cross section on paper, as engineers draw it: in scale, with a table of levels below."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from layers.pipes.plate import GREY, MIDDLE, THIN, Board, Plate, Stroke, text_width
from layers.pipes.section_frame import (
    Axes,
    Between,
    Frame,
    PlateFacts,
    Row,
    Words,
    draw_ground,
    draw_lines_of_control,
    draw_ruler,
    draw_section_of,
    draw_strips,
    draw_table,
    finished,
    fitting_scale,
    keep_ground_free,
    laid_out,
)
from layers.pipes.section_trees import PIT, CutTree
from layers.pipes.sections import CrossSection, CutPipe

BUILDING_SHOWN = 22.0  # millimetres of a building above the ground that are drawn
TREE_SHOWN = 16.0  # millimetres of a tree above the ground that are drawn
CROWN, TRUNK, SOIL = "#e4efd9", "#7a5b3a", "#8a6d4a"
BELOW = 0.35  # metres shown below the lowest pipe


def cross_plate(
    section: CrossSection, words: Words, facts: PlateFacts = PlateFacts()
) -> Plate:  # fmt: skip
    """Draw a cross section.

    Parameters
    ----------
    section : CrossSection
        What is cut.
    words : callable
        Gives the words of the drawing for their keys: ``level``, ``row-ground`` and so on.
    facts : PlateFacts
        Title block, scale and what is shown.

    Returns
    -------
    Plate
        Shapes of pipes lead to (layer, run).
    """
    pipes = section.pipes
    frame = Frame(_rows(section, words))
    low, high = _levels(section)
    above = _above(section)
    facts = replace(facts, exaggeration=facts.exaggeration or 1.0)
    scale, _ = fitting_scale(
        section.line.length, high - low, frame, (facts.exaggeration,), len(pipes), above
    )
    scale = facts.scale or scale
    up = 1000.0 / scale * facts.exaggeration
    high += above / up
    axes, paper, name = laid_out(
        frame, section.line.length, low, high, scale, facts.exaggeration, len(pipes)
    )
    board = Board()
    draw_ruler(board, axes, words)
    surface = axes.north(float(section.ground.level.max()))
    _draw_blocks(board, axes, section, words)
    _draw_trees(board, axes, section.trees)
    draw_ground(board, axes, section.ground, section.strips)
    if section.strips:
        draw_strips(board, axes, section.strips, surface + 5.0, words)
    _draw_shafts(board, axes, section)
    for pipe in pipes:
        draw_section_of(board, axes, pipe, error_band=facts.error_band)
    if section.marks:
        draw_lines_of_control(board, axes, _marks(section, 1.0 / axes.across), axes.box[3] - 1.5)
    keep_ground_free(board, axes, section.ground)
    _write_labels(board, axes, section)
    wanted = np.array([axes.east(pipe.station) for pipe in pipes])
    bottoms = np.array([axes.north(pipe.bottom) for pipe in pipes])
    draw_table(board, axes, frame, wanted, bottoms, [(pipe.layer, pipe.pipe) for pipe in pipes])
    return finished(
        board, paper, name, replace(facts, scale=scale), words,
        [pipe.line_class for pipe in pipes], scale,
    )  # fmt: skip


def _marks(section: CrossSection, near: float) -> list[tuple[float, str, str]]:
    """Give station, names and colour of control lines; those nearer than that become one."""
    out: list[tuple[float, str, str]] = []
    for mark in section.marks:
        if out and mark.station - out[-1][0] < near:
            station, names, colour = out[-1]
            if mark.name not in names.split(" / "):
                out[-1] = (station, f"{names} / {mark.name}", colour)
        else:
            out.append((mark.station, mark.name, mark.colour))
    return out


def level_text(value: float, *, assumed: bool) -> str:
    """Write a level; an assumed one carries a star.

    >>> level_text(-0.0001, assumed=True)
    '0.00*'
    """
    return f"{round(value, 2) + 0.0:.2f}{'*' if assumed else ''}"


def _rows(section: CrossSection, words: Words) -> list[Row | Between]:
    pipes = section.pipes
    unsure = ["level" in pipe.assumed for pipe in pipes]
    soft = ["ground" in pipe.assumed for pipe in pipes]

    def levels(values: list[float], *flags: list[bool]) -> tuple[str, ...]:
        return tuple(
            level_text(value, assumed=any(flag[k] for flag in flags))
            for k, value in enumerate(values)
        )

    rows: list[Row | Between] = [
        Row(
            words("row-number"), tuple(_shortened(pipe.number or str(pipe.pipe)) for pipe in pipes)
        ),
        Row(words("row-code"), tuple(_sized(pipe) for pipe in pipes)),
        Row(words("row-ground"), levels([pipe.ground for pipe in pipes], soft)),
        Row(words("row-top"), levels([pipe.top for pipe in pipes], unsure)),
        Row(words("row-centre"), levels([pipe.centre for pipe in pipes], unsure)),
        Row(words("row-invert"), levels([pipe.invert for pipe in pipes], unsure)),
        Row(words("row-cover"), levels([pipe.cover for pipe in pipes], unsure, soft)),
    ]
    if any(pipe.material for pipe in pipes):
        rows.insert(2, Row(words("row-material"), tuple(_shortened(p.material) for p in pipes)))
    for key, values in (("row-spacing", section.spacing()), ("row-gap", section.gaps())):
        cells = tuple(
            (k, k + 1, f"{value + 0.0:.2f}" if math.isfinite(value) else "-")
            for k, value in enumerate(values.tolist())
        )
        rows.append(Between(words(key), cells))
    return rows


def _sized(pipe: CutPipe) -> str:
    return f"{pipe.code}*" if "size" in pipe.assumed else pipe.code


def _shortened(text: str) -> str:
    while text_width(text, 2.3) > 22.0:
        text = text[:-2] + "…" if text.endswith("…") else text[:-1] + "…"
    return text


def _levels(section: CrossSection) -> tuple[float, float]:
    """Give the lowest and the highest level that are drawn, without what stands above ground."""
    low = [float(section.ground.level.min()) - 0.8]
    low += [pipe.bottom - pipe.depth_error for pipe in section.pipes]
    low += [shaft.bottom - 0.2 for shaft in section.shafts]
    low += [tree.ground - tree.deep - 0.1 for tree in section.trees]
    low += [block.cellar - 0.2 for block in section.blocks if np.isfinite(block.cellar)]
    high = [float(section.ground.level.max())]
    high += [pipe.top for pipe in section.pipes]
    return math.floor((min(low) - BELOW) * 2.0) / 2.0, max(high)


def _above(section: CrossSection) -> float:
    """Give how many millimetres are needed above the ground."""
    need = 6.0
    if section.strips:
        need = 12.0
    if section.blocks:
        need = max(need, BUILDING_SHOWN + 6.0)
    if section.trees:
        need = max(need, TREE_SHOWN + 8.0)
    return need + (8.0 if section.marks else 0.0)


def _draw_trees(board: Board, axes: Axes, trees: tuple[CutTree, ...]) -> None:
    """Draw trees, cut off above where there is no room for them, and their pits."""
    brown = Stroke(THIN, SOIL, (1.2, 0.8))
    for tree in trees:
        link = (tree.layer, tree.tree)
        x, foot = axes.east(tree.station), axes.north(tree.ground)
        half, deep = PIT / 2.0 * axes.across, axes.north(tree.ground - tree.deep)
        pit = [(x - half, foot), (x - half, deep), (x + half, deep), (x + half, foot)]
        board.line(pit, brown, layer="trees", link=link)
        high = min(tree.height * axes.up, TREE_SHOWN)
        wide = tree.crown / 2.0 * axes.across
        fork = foot + 0.45 * high
        turn = np.linspace(math.pi, 2.0 * math.pi, 24)
        crown = np.column_stack([x + wide * np.cos(turn), foot + high + 0.55 * high * np.sin(turn)])
        board.area(crown, CROWN, None, layer="trees", link=link)
        board.line(crown, Stroke(THIN, "#5d8a3a"), layer="trees", link=link)
        board.line([(x, foot), (x, fork)], Stroke(0.5, TRUNK), layer="trees", link=link)


def _draw_blocks(board: Board, axes: Axes, section: CrossSection, words: Words) -> None:
    """Draw buildings, cut off above where they are higher than there is room."""
    for block in section.blocks:
        a, b = axes.east(block.start), axes.east(block.end)
        foot = axes.north(block.bottom)
        top = axes.north(block.top)
        shown = min(top, foot + BUILDING_SHOWN)
        board.rectangle(a, foot, b, shown, "#f4efe8", None, layer="buildings")
        corners = [(a, foot), (b, foot), (b, shown), (a, shown)]
        board.hatch(corners, 3.0, Stroke(0.06, "#b09a80"), layer="buildings")
        link = (block.layer, block.building)
        if np.isfinite(block.cellar):
            floor = axes.north(block.cellar)
            board.rectangle(a, floor, b, foot, "#eeeae3", None, layer="buildings")
            dash = (1.6, 1.0) if block.assumed else ()
            board.line([(a, foot), (a, floor), (b, floor), (b, foot)], Stroke(MIDDLE, dash=dash),
                       layer="buildings", link=link)  # fmt: skip
            told = f"{words('cellar')} {level_text(block.cellar, assumed=block.assumed)}"
            if text_width(told, 2.2) <= b - a - 1.0:
                board.text((a + b) / 2.0, floor + 2.0, told, 2.2, anchor="middle", link=link)
        board.line([(a, shown), (a, foot), (b, foot), (b, shown)], Stroke(MIDDLE),
                   layer="buildings", link=link)  # fmt: skip
        if shown < top:
            middle = (a + b) / 2.0
            board.line(
                [(a - 1.5, shown), (middle - 1.5, shown), (middle - 0.6, shown + 1.6),
                 (middle + 0.6, shown - 1.6), (middle + 1.5, shown), (b + 1.5, shown)],
                Stroke(THIN), layer="buildings",
            )  # fmt: skip
        else:
            board.line([(a, shown), (b, shown)], Stroke(MIDDLE), layer="buildings")
        text = f"{words('building')} {block.top - block.bottom:.1f} m"
        if text_width(text, 2.2) > b - a - 1.0:
            text = f"{block.top - block.bottom:.1f}"
        if text_width(text, 2.2) <= b - a - 1.0:
            middle, level = (a + b) / 2.0, (foot + shown) / 2.0 + 4.0
            wide = text_width(text, 2.2) / 2.0 + 0.6
            board.rectangle(middle - wide, level - 1.5, middle + wide, level + 1.5, "#ffffff", None,
                            layer="texts")  # fmt: skip
            board.text(middle, level, text, 2.2, anchor="middle", link=link)


def _draw_shafts(board: Board, axes: Axes, section: CrossSection) -> None:
    for shaft in section.shafts:
        a, b = axes.east(shaft.start), axes.east(shaft.end)
        foot, top = axes.north(shaft.bottom), axes.north(shaft.ground)
        link = (shaft.layer, shaft.node)
        board.rectangle(a, foot, b, top, "#ffffff", Stroke(MIDDLE, GREY), layer="manholes",
                        link=link)  # fmt: skip
        board.line([(a - 0.6, top), (b + 0.6, top)], Stroke(0.6), layer="manholes")
        if shaft.number:
            board.text((a + b) / 2.0, top + 2.2, shaft.number, 2.2, anchor="middle", link=link)
            wide = text_width(shaft.number, 2.2) / 2.0
            board.take(((a + b) / 2.0 - wide, top + 0.8, (a + b) / 2.0 + wide, top + 3.6))


def _write_labels(board: Board, axes: Axes, section: CrossSection) -> None:
    """Write class and size beside each pipe, the largest first."""
    west, south, east, _ = axes.box
    lowest = axes.at(section.ground.station, section.ground.level)
    bounds = (west - 2.0, south, east + 2.0, float(lowest[:, 1].max()) - 1.0)
    for pipe in sorted(section.pipes, key=lambda one: -one.half_along * one.half_high):
        at = axes.east(pipe.station), axes.north(pipe.centre)
        half = pipe.half_along * axes.across, pipe.half_high * axes.up
        board.label(at, half, _sized(pipe), bounds, link=(pipe.layer, pipe.pipe))
