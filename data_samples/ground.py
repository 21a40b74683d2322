"""What lies on the ground, as a grid of classes: the sheet for the orthophoto and for the trees."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import shapely
from numpy.typing import ArrayLike
from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry

from data_samples import frame
from data_samples.city import City, island
from data_samples.frame import Floats
from data_samples.raster import Classes, burn, gather, shape_of
from data_samples.roofs import roofs
from data_samples.streets import (
    Piece,
    clearances,
    freight_line,
    junction_disks,
    rails,
    stations,
)

CELL: Final = 0.5
"""Metres a cell."""

KINDS: Final = (
    "pavement", "asphalt", "marking_white", "marking_yellow", "verge", "compound", "lawn", "path",
    "plaza", "garden", "pond", "river", "playground", "track", "track_line", "pitch", "court",
    "parking", "yard", "concrete", "park", "forest", "reeds", "belt", "embankment",
    "helipad", "apron", "ballast", "rail", "deck", "parapet", "crown_dark", "crown", "crown_light",
    "crown_pine_dark", "crown_pine", "crown_pine_light", "crown_gold_dark", "crown_gold",
    "crown_gold_light", "roof_light", "roof_grey", "roof_red", "roof_blue", "roof_tile",
    "roof_tile_ridge", "roof_white", "roof_brown", "roof_edge", "roof_green", "roof_steel",
    "solar", "machine", "stone", "car_white", "car_dark", "car_red",
    "lorry_white", "lorry_blue", "container_red", "container_blue", "container_green",
    "container_white",
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
    found = np.asarray(shapely.polygons(np.stack(corners, axis=1)), dtype=object)
    return shapely.MultiPolygon(list(found))


CAR_LENGTH: Final = 4.6


def _markings(piece: Piece, reach: Floats) -> list[tuple[BaseGeometry, int]]:
    """Lane markings, median and zebra crossings of a piece; `reach` as of `streets.clearances`."""
    line, half, kind = piece.line, piece.carriageway / 2, piece.street.kind
    start, end = (0.0 if r == 0.0 else r + (7.0 if r > 5.0 else 1.5) for r in reach)
    if kind == "lane" or line.length - start - end < 8.0:
        return []
    solid = np.arange(start, line.length - end - 3.0, 3.0)
    dashed = np.arange(start + 2.0, max(line.length - end - 5.0, start + 2.1), 12.0)
    white, yellow = CODE["marking_white"], CODE["marking_yellow"]
    sides = np.array([[0.5 - half], [half - 0.5]])
    layers = [(bars(line, solid, 3.0, sides, 0.2), white)]
    width = 2 * (half - 0.5) / piece.lanes
    between = -(half - 0.5) + np.arange(1, piece.lanes) * width
    if not piece.street.one_way:
        between = between[np.abs(between) > 0.1]
        median = {"arterial": (1.1, CODE["verge"]), "expressway": (0.5, CODE["parapet"])}
        wide, tone = median.get(kind, (0.22, yellow))
        layers.append((bars(line, solid, 3.0, 0.0, wide), tone))
    if len(between):
        layers.append((bars(line, dashed, 5.0, between[:, None], 0.19), white))
    if piece.lanes < 2 or piece.structure != "ground" or line.length < 50.0:
        return layers
    stripes = np.arange(-half + 0.9, half - 0.5, 1.5)
    for at, wide in ((start - 6.0, reach[0]), (line.length - end + 2.0, reach[1])):
        if wide > 5.0:
            layers.append((bars(line, at, 4.0, stripes, 0.36), white))
    return layers


def _cars(pieces: Sequence[Piece], rng: np.random.Generator) -> list[tuple[BaseGeometry, int]]:
    """Cars in the lanes."""
    layers: list[tuple[BaseGeometry, int]] = []
    for piece in pieces:
        half, length = piece.carriageway / 2, piece.line.length
        if piece.lanes < 2 or length < 40.0:
            continue
        lane = -(half - 0.5) + (rng.permutation(piece.lanes) + 0.5) * 2 * (half - 0.5) / piece.lanes
        count = rng.poisson(length * piece.lanes / 75.0)
        at = rng.uniform(2.0, length - 8.0, count)
        tones = rng.choice(("car_white", "car_dark", "car_red"), count, p=(0.48, 0.38, 0.14))
        offset = lane[rng.integers(0, piece.lanes, count)]
        for tone in ("car_white", "car_dark", "car_red"):
            chosen = tones == tone
            if chosen.any():
                cars = bars(piece.line, at[chosen], CAR_LENGTH, offset[chosen], 0.95)
                layers.append((cars, CODE[tone]))
    return layers


def _carriageways(ground: Sequence[Piece]) -> list[tuple[BaseGeometry, int]]:
    half = np.array([piece.carriageway / 2 for piece in ground])
    strips = [piece.line.buffer(width, cap_style="flat")
              for piece, width in zip(ground, half, strict=True)]  # fmt: skip
    lane = np.array([piece.street.kind == "lane" for piece in ground])
    alleys: list[BaseGeometry] = [strip for strip, small in zip(strips, lane, strict=True) if small]
    alleys += junction_disks(
        [p for p, small in zip(ground, lane, strict=True) if small], half[lane]
    )
    wide: list[BaseGeometry] = [
        strip for strip, small in zip(strips, lane, strict=True) if not small
    ]
    wide += junction_disks([p for p, small in zip(ground, lane, strict=True) if not small],
                           half[~lane] + 1.5)  # fmt: skip
    return [(gather(alleys), CODE["stone"]), (gather(wide), CODE["asphalt"])]


def _streets(city: City) -> list[tuple[BaseGeometry, int]]:
    ground = [p for p in city.pieces if p.structure == "ground"]
    raised = [p for p in city.pieces if p.structure != "ground"]
    rng = frame.random(10)
    verges = [p.line.buffer(p.carriageway / 2 + 3.0, cap_style="flat")
              for p in ground if p.street.kind == "arterial"]  # fmt: skip
    layers = [(gather(verges), CODE["verge"]), *_carriageways(ground)]
    for piece, reach in zip(ground, clearances(ground), strict=True):
        layers.extend(_markings(piece, reach))
    layers.extend(_cars(ground, rng))
    railway = freight_line()
    metres = np.arange(0.0, railway.length - 3.0, 3.0)
    layers.append((railway.buffer(4.5), CODE["ballast"]))
    layers.extend((bars(railway, metres, 3.0, side, 0.25), CODE["rail"])
                  for side in (-2.9, -1.4, 1.4, 2.9))  # fmt: skip
    layers.extend((piece.line.buffer(piece.red_line / 2, cap_style="flat"), CODE["parapet"])
                  for piece in raised)  # fmt: skip
    layers.extend((piece.line.buffer(piece.red_line / 2 - 0.7, cap_style="flat"), CODE["deck"])
                  for piece in raised)  # fmt: skip
    for piece in raised:
        layers.extend(_markings(piece, np.zeros(2)))
    return [*layers, *_cars(raised, rng), *_viaduct()]


def _viaduct() -> list[tuple[BaseGeometry, int]]:
    """The metro where it runs above the ground, with the roofs of its stations."""
    tracks = [piece.line for piece in rails() if piece.kind == "metro" and piece.level >= 0]
    layers: list[tuple[BaseGeometry, int]] = []
    for line in tracks:
        metres = np.arange(0.0, line.length - 3.0, 3.0)
        layers.append((line.buffer(5.2, cap_style="flat"), CODE["parapet"]))
        layers.append((line.buffer(4.6, cap_style="flat"), CODE["ballast"]))
        layers.extend((bars(line, metres, 3.0, side, 0.25), CODE["rail"])
                      for side in (-3.0, -1.5, 1.5, 3.0))  # fmt: skip
    roofs = [station.box for station in stations() if station.level > 0]
    return [*layers, (gather(roofs), CODE["roof_white"])]


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
    layers.extend((plot.area, CODE[GROUND_OF_CODE.get(plot.code, "lawn")]) for plot in city.plots)
    housing = [
        building.area for building in city.buildings
        if building.use in {"residential", "office", "research", "education", "medical",
            "dormitory",
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
    layers.extend((shape, CODE[kind]) for shape, kind in roofs(city.buildings))
    burn(grid, CELL, layers)
    return grid
