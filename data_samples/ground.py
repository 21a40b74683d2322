"""What lies on the ground, as a grid of classes: the sheet for the orthophoto and for the trees."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

import numpy as np
import shapely
from numpy.typing import ArrayLike
from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry

from data_samples.city import City, island
from data_samples.frame import Floats
from data_samples.raster import Classes, burn, gather, shape_of
from data_samples.streets import Piece, freight_line

CELL: Final = 0.5
"""Metres a cell."""

KINDS: Final = (
    "pavement", "asphalt", "marking_white", "marking_yellow", "verge", "compound", "lawn", "path",
    "plaza", "garden", "pond", "river", "playground", "track", "track_line", "pitch", "court",
    "parking", "yard", "concrete", "containers", "park", "forest", "reeds", "belt", "embankment",
    "helipad", "apron", "ballast", "rail", "deck", "parapet", "crown_dark", "crown", "crown_light",
    "crown_pine_dark", "crown_pine", "crown_pine_light", "crown_gold_dark", "crown_gold",
    "crown_gold_light", "roof_light", "roof_grey", "roof_red", "roof_blue", "roof_tile",
    "roof_tile_ridge", "roof_white", "roof_brown", "roof_edge", "roof_green", "solar",
)  # fmt: skip
CODE: Final = {kind: number for number, kind in enumerate(KINDS, start=1)}

GROUND_OF_CODE: Final = {"R1": "compound", "R2": "compound", "A7": "yard", "R3": "yard"}


def beside(line: LineString, along: ArrayLike, offset: ArrayLike) -> Floats:
    """Points `along` metres from a line's start and `offset` metres to its left.

    Parameters
    ----------
    line : LineString
        Plan metres.
    along, offset : array_like of float
        Broadcast against each other to n values.

    Returns
    -------
    (n, 2) ndarray of float64
    """
    points = shapely.get_coordinates(line)
    steps = np.diff(points, axis=0)
    length = np.hypot(*steps.T)
    at, aside = np.broadcast_arrays(np.asarray(along, float), np.asarray(offset, float))
    reached = np.concatenate([[0.0], np.cumsum(length)])
    index = np.clip(np.searchsorted(reached, at, side="right") - 1, 0, len(length) - 1)
    unit = steps[index] / length[index][..., None]
    here = points[index] + unit * (at - reached[index])[..., None]
    return np.asarray(here + np.stack([-unit[..., 1], unit[..., 0]], axis=-1) * aside[..., None])


def bars(
    line: LineString, start: ArrayLike, length: float, offset: ArrayLike, half: float
) -> BaseGeometry:
    """Painted bars along a line: from `start` for `length` metres, `half` metres to either side."""
    begin, aside = np.broadcast_arrays(np.asarray(start, float), np.asarray(offset, float))
    end = begin + length
    corners = [
        beside(line, begin.ravel(), (aside - half).ravel()),
        beside(line, end.ravel(), (aside - half).ravel()),
        beside(line, end.ravel(), (aside + half).ravel()),
        beside(line, begin.ravel(), (aside + half).ravel()),
    ]
    return shapely.multipolygons(shapely.polygons(np.stack(corners, axis=1)))


def _markings(piece: Piece) -> list[tuple[BaseGeometry, int]]:
    line, half, kind = piece.line, piece.carriageway / 2, piece.street.kind
    raised = piece.structure != "ground"
    clear = 0.0 if raised else min(piece.red_line * 0.62 + 6.0, line.length * 0.3)
    if kind == "lane" or line.length - 2 * clear < 8.0:
        return []
    solid = np.arange(clear, line.length - clear - 3.0, 3.0)
    dashed = np.arange(clear + 2.0, max(line.length - clear - 5.0, clear + 2.1), 12.0)
    white, yellow = CODE["marking_white"], CODE["marking_yellow"]
    layers = [(bars(line, solid, 3.0, side * (half - 0.5), 0.2), white) for side in (-1.0, 1.0)]
    width = 2 * (half - 0.5) / piece.lanes
    for lane in range(1, piece.lanes):
        offset = -(half - 0.5) + lane * width
        if piece.street.one_way or lane * 2 != piece.lanes:
            layers.append((bars(line, dashed, 5.0, offset, 0.19), white))
        elif kind == "arterial":
            layers.append((bars(line, solid, 3.0, 0.0, 1.1), CODE["verge"]))
        elif kind == "expressway":
            layers.append((bars(line, solid, 3.0, 0.0, 0.5), CODE["parapet"]))
        else:
            layers.append((bars(line, solid, 3.0, 0.0, 0.22), yellow))
    if raised or line.length < 60.0 or piece.lanes < 2:
        return layers
    stripes = np.arange(-half + 0.9, half - 0.5, 1.5)
    for at in (clear - 7.0, line.length - clear + 3.0):
        layers.append((bars(line, at, 4.0, stripes, 0.36), white))
    return layers


def _streets(city: City) -> list[tuple[BaseGeometry, int]]:
    ground = [p for p in city.pieces if p.structure == "ground"]
    raised = [p for p in city.pieces if p.structure != "ground"]
    asphalt = CODE["asphalt"]
    layers: list[tuple[BaseGeometry, int]] = []
    for piece in ground:
        if piece.street.kind == "arterial":
            strip = piece.line.buffer(piece.carriageway / 2 + 3.0, cap_style="flat")
            layers.append((strip, CODE["verge"]))
    asphalt_strips = [p.line.buffer(p.carriageway / 2, cap_style="flat") for p in ground]
    disks = []
    for piece in ground:
        for end in (0, -1):
            disks.append(shapely.get_point(piece.line, end).buffer(piece.carriageway / 2 + 1.5))
    layers.append((gather([*asphalt_strips, *disks]), asphalt))
    for piece in ground:
        layers.extend(_markings(piece))
    railway = freight_line()
    layers.append((railway.buffer(4.5), CODE["ballast"]))
    metres = np.arange(0.0, railway.length - 3.0, 3.0)
    for side in (-2.9, -1.4, 1.4, 2.9):
        layers.append((bars(railway, metres, 3.0, side, 0.25), CODE["rail"]))
    for piece in raised:
        layers.append((piece.line.buffer(piece.red_line / 2, cap_style="flat"), CODE["parapet"]))
    for piece in raised:
        deck = piece.line.buffer(piece.red_line / 2 - 0.7, cap_style="flat")
        layers.append((deck, CODE["deck"]))
    for piece in raised:
        layers.extend(_markings(piece))
    return layers


ROOFS: Final = {
    "courtyard": ("roof_tile",), "heritage": ("roof_tile",),
    "industrial": ("roof_blue", "roof_white", "roof_white", "roof_grey"),
    "warehouse": ("roof_blue", "roof_white", "roof_red"),
    "sports": ("roof_white",), "culture": ("roof_white", "roof_light"),
    "education": ("roof_red", "roof_light", "roof_light"), "kindergarten": ("roof_red",),
    "retail": ("roof_grey", "roof_light", "roof_brown"),
    "residential": ("roof_light", "roof_grey", "roof_brown", "roof_light"),
    "utility": ("roof_grey",), "research": ("roof_light", "roof_white", "roof_green"),
    "commercial": ("roof_light", "roof_white"),
}  # fmt: skip


def _roofs(city: City) -> list[tuple[BaseGeometry, int]]:
    """Roofs in one tone a plot and use, with a parapet, ridges on tiles and collectors on flats."""
    by_code: dict[int, list[BaseGeometry]] = defaultdict(list)
    inner: dict[int, list[BaseGeometry]] = defaultdict(list)
    for number, building in enumerate(city.buildings):
        tones = ROOFS.get(building.use, ("roof_light", "roof_grey"))
        old = building.use in {"residential", "retail"} and building.year < 1950
        pick = number if building.use in {"industrial", "warehouse"} else building.plot
        tone = "roof_tile" if old else tones[pick * 7 % len(tones)]
        if building.use == "residential" and building.floors <= 3 and building.year > 2000:
            tone = "roof_red"
        large = building.area.area > 120.0 and tone != "roof_tile"
        if large:
            by_code[CODE["roof_edge"]].append(building.area)
            inner[CODE[tone]].append(building.area.buffer(-0.9, join_style="mitre"))
        else:
            by_code[CODE[tone]].append(building.area)
            if tone == "roof_tile":
                ridge = building.area.buffer(-1.9, join_style="mitre")
                inner[CODE["roof_tile_ridge"]].append(ridge.buffer(0.5).difference(ridge))
        if building.use == "residential" and 6 <= building.floors <= 11:
            strip = building.area.buffer(-4.4, join_style="mitre")
            inner[CODE["solar"]].append(strip)
    outer = [(gather(shapes), code) for code, shapes in by_code.items()]
    order = sorted(inner.items(), key=lambda pair: pair[0])
    return [*outer, *((gather(shapes), code) for code, shapes in order)]


def paint(city: City) -> Classes:
    """The grid of classes, trees not yet on it.

    Parameters
    ----------
    city : City
        The district.

    Returns
    -------
    (5000, 6000) ndarray of uint8
        Values of `CODE`; the first row is the northern edge.
    """
    grid = np.full(shape_of(CELL), CODE["pavement"], np.uint8)
    river = shapely.union_all([shapely.box(0, 0, 0, 0), city.river])
    layers: list[tuple[BaseGeometry, int]] = [(river, CODE["river"])]
    layers.append((island(), CODE["park"]))
    for plot in city.plots:
        layers.append((plot.area, CODE[GROUND_OF_CODE.get(plot.code, "lawn")]))
    housing = [
        building.area for building in city.buildings
        if building.use in {"residential", "office", "research", "education", "medical", "dormitory",
                            "kindergarten", "hotel", "government", "welfare"}
    ]  # fmt: skip
    for plot in city.plots:
        layers.extend((cover.area, CODE[cover.kind]) for cover in plot.covers)
        layers.extend(
            (cover.area.buffer(-1.2).difference(cover.area.buffer(-1.6)), CODE["track_line"])
            for cover in plot.covers if cover.kind == "track"
        )  # fmt: skip
        layers.extend(
            (cover.area.buffer(-9.5), CODE["pitch"])
            for cover in plot.covers if cover.kind == "track"
        )  # fmt: skip
    aprons = shapely.buffer(np.asarray(housing, dtype=object), 2.6, join_style="mitre")
    layers.append((gather(list(aprons)), CODE["apron"]))
    layers.extend((lake.area, CODE["pond"]) for lake in city.lakes)
    layers.extend(_streets(city))
    layers.extend(_roofs(city))
    burn(grid, CELL, layers)
    return grid
