"""Blocks between the streets and the plots they are divided into."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.affinity import rotate
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import split as split_by

from data_samples import frame
from data_samples.streets import Piece, corridor, freight_line, water_area
from data_samples.zones import ZONES, Zone

FREIGHT_HALF_WIDTH = 12.0
LANE_BLOCK = {"old_town": 5200.0, "village": 6200.0}
"""Lanes divide blocks of these programmes until they are smaller than this, square metres."""


@dataclass(frozen=True, slots=True)
class Block:
    """Land inside the red lines of its streets.

    Attributes
    ----------
    area : Polygon
        Plan metres.
    zone : Zone
        What it is for.
    """

    area: Polygon
    zone: Zone


def zone_at(area: BaseGeometry) -> Zone | None:
    """The zone that holds the middle of an area, None in the river and under the expressway."""
    point = area.representative_point() if not area.contains(area.centroid) else area.centroid
    s, t = frame.unbend([(point.x, point.y)])[0]
    return next((zone for zone in ZONES if zone.holds(s, t)), None)


def faces(lines: Sequence[BaseGeometry]) -> list[Polygon]:
    """Faces of the network, the district's edge and the banks, ordered from the south-west."""
    edge = frame.extent().exterior
    banks = water_area().exterior
    linework = shapely.unary_union([*lines, edge, banks, freight_line()], grid_size=0.01)
    found = shapely.get_parts(shapely.polygonize(shapely.get_parts(linework)))
    inside = [face for face in found if frame.extent().buffer(1.0).contains(face)]
    return sorted(inside, key=lambda f: (round(f.centroid.y), round(f.centroid.x)))


def round_corners(area: BaseGeometry, radius: float) -> BaseGeometry:
    """The area with its outward corners rounded, as kerbs at junctions are."""
    return area.buffer(-radius, join_style="mitre").buffer(radius, quad_segs=3)


def polygons(area: BaseGeometry, least: float) -> list[Polygon]:
    """The polygons of a geometry that are larger than `least` square metres, largest first."""
    parts = [part for part in shapely.get_parts(area) if part.geom_type == "Polygon"]
    return sorted((p for p in parts if p.area >= least), key=lambda p: -p.area)


def blocks(pieces: Sequence[Piece]) -> list[Block]:
    """All blocks of the district, ordered from the south-west.

    Parameters
    ----------
    pieces : sequence of Piece
        The noded network.

    Returns
    -------
    list of Block
        They overlap neither each other nor any street, the railway or the river.
    """
    ground = [piece for piece in pieces if piece.structure == "ground"]
    taken = shapely.union_all(
        [corridor(pieces), freight_line().buffer(FREIGHT_HALF_WIDTH), water_area()]
    )
    shapely.prepare(taken)
    made: list[Block] = []
    for face in faces([piece.line for piece in ground]):
        for land in polygons(face.difference(taken), 300.0):
            zone = zone_at(land)
            if zone is None:
                continue
            lane = zone.programme in LANE_BLOCK
            rounded = round_corners(land, 1.5 if lane else 6.0)
            made.extend(
                Block(shapely.set_precision(part, 0.001), zone)
                for part in polygons(rounded, 300.0 if lane else 900.0)
            )
    return made


def longest_direction(area: BaseGeometry) -> float:
    """Direction of the longer side of the smallest rectangle around an area, degrees 0 to 180."""
    ring = shapely.get_coordinates(shapely.minimum_rotated_rectangle(area))
    sides = np.diff(ring[:3], axis=0)
    east, north = sides[np.argmax(np.hypot(*sides.T))]
    return float(np.degrees(np.arctan2(north, east)) % 180.0)


def cut_line(area: BaseGeometry, share: float, turn: float = 0.0) -> LineString:
    """A line across the longer side of `area` that leaves about `share` of its length behind it.

    Parameters
    ----------
    area : shapely geometry
        The area to cut.
    share : float
        Between 0 and 1, from the western (or southern) end.
    turn : float
        Degrees by which the line leans from square.
    """
    direction = longest_direction(area)
    direction = direction - 180.0 if direction > 135.0 else direction
    flat = rotate(area, -direction, origin=(0, 0))
    west, south, east, north = flat.bounds
    x = west + share * (east - west)
    line = LineString([(x, south - 50.0), (x, north + 50.0)])
    line = rotate(line, turn, origin=(x, (south + north) / 2))
    return rotate(line, direction, origin=(0, 0))


def split(area: Polygon, share: float, turn: float = 0.0) -> list[Polygon]:
    """Both sides of `cut_line`, the western (or southern) first."""
    halves = shapely.get_parts(split_by(area, cut_line(area, share, turn)))
    direction = longest_direction(area)
    vertical = 45.0 < direction <= 135.0
    return sorted(halves, key=lambda p: p.centroid.y if vertical else p.centroid.x)


def lane_lines(face: Polygon, largest: float, rng: np.random.Generator) -> list[LineString]:
    """Crooked lanes that divide a face until its parts are smaller than `largest`.

    Each lane runs from edge to edge of the part it divides, so that lanes meet lanes.
    """
    waiting, lanes = [face], []
    while waiting:
        part = waiting.pop()
        if part.area < largest * rng.uniform(0.75, 1.3):
            continue
        line = cut_line(part, rng.uniform(0.4, 0.6), rng.uniform(-9.0, 9.0))
        inside = [p for p in shapely.get_parts(line.intersection(part)) if p.length > 12.0]
        if len(inside) != 1:
            continue
        ends = shapely.get_coordinates(inside[0])
        along = ends[1] - ends[0]
        bow = np.array([-along[1], along[0]]) * rng.uniform(-0.035, 0.035)
        middle = LineString([ends[0] - along * 0.002, ends.mean(axis=0) + bow,
                             ends[1] + along * 0.002])  # fmt: skip
        halves = [h for h in shapely.get_parts(split_by(part, middle)) if h.area > 50.0]
        if len(halves) != 2:
            continue
        lanes.append(middle)
        waiting.extend(sorted(halves, key=lambda h: (h.centroid.x, h.centroid.y)))
    return lanes
