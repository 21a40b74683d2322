"""Lanes for fire engines and places for ladders at high buildings, as an analysis."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa
import shapely

from layers.analyses.base import Marks, Note, Outcome, Reads, asking
from layers.analyses.choosing import layers_named
from layers.analyses.marks import STATUS_COLOURS, shape_marks
from layers.kinds.base import Layer
from layers.kinds.buildings import Buildings
from layers.planning.fire_access import (
    ENDS,
    Access,
    LaneLimits,
    Surroundings,
    Tower,
    access,
    lanes_of,
    paved_by,
    towers_of,
    trees_in_the_way,
)
from layers.planning.fire_turning import DeadEnd, Room, dead_ends, turning_room
from layers.planning.site_checks import stock_of
from layers.planning.uses import uses_of
from layers.progress import Progress
from layers.project import Project
from layers.rules import chosen
from layers.rules.rule import RuleSet, Status, Verdict, judge, worst
from layers.style import Style

SERVED = Style(colour=STATUS_COLOURS["pass"], outline=None, line_width=5.0, lift=0.6)
PADS = Style(colour="#1565c0", outline="#0d47a1", lift=0.5)
TURNING = Style(colour="#00838f", outline="#005b64", lift=0.5)
TREES = Style(colour="#bf360c", outline="#ffffff", point_size=8.0, lift=1.0)
LACKING = Style(colour=STATUS_COLOURS["warning"], outline=None, line_width=4.0, lift=0.5)
SCHEMA = pa.schema(
    [
        ("check", pa.string()), ("layer", pa.string()), ("object", pa.int64()),
        ("height_m", pa.float64()), ("actual", pa.float64()), ("required", pa.float64()),
        ("unit", pa.string()), ("paving", pa.string()), ("clause", pa.string()),
        ("pack", pa.string()), ("status", pa.string()), ("east", pa.float64()),
        ("north", pa.float64()),
        ("level", pa.float64()),
    ]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class AccessParams:
    """What is asked of ways for fire engines.

    Attributes
    ----------
    layers, roads, water, trees, green : tuple of str
        Layers of buildings, streets, water, trees, greenery; none means all visible ones.
    tower : float
        Height from which a building counts as high, metres.
    reach : float
        Metres ahead of a facade within which a lane serves it.
    tree : float
        Height from which trees are in the way of ladders, metres.
    dead_end : float
        Metres from which on a lane that meets no other one counts as a dead end.
    keep_all : bool
        Whether what is kept is listed too.
    pack : str
        Rule pack, "" for all.
    """

    layers: tuple[str, ...] = asking((), "layers", kinds=("buildings",))
    roads: tuple[str, ...] = asking((), "layers", kinds=("roads",))
    water: tuple[str, ...] = asking((), "layers", kinds=("water",))
    trees: tuple[str, ...] = asking((), "layers", kinds=("trees",))
    green: tuple[str, ...] = asking((), "layers", kinds=("greenery",))
    tower: float = asking(27.0, "number", unit="m", low=1.0, high=500.0)
    reach: float = asking(20.0, "number", unit="m", low=4.0, high=200.0)
    tree: float = asking(4.0, "number", unit="m", low=0.0, high=100.0)
    dead_end: float = asking(30.0, "number", unit="m", low=0.0, high=500.0)
    keep_all: bool = asking(False, "flag")
    pack: str = asking("", "pack")


class FireAccess:
    """The analysis ``fire-access``."""

    key: ClassVar[str] = "fire-access"
    Params: ClassVar[type[AccessParams]] = AccessParams
    group: ClassVar[str] = "planning"
    columns: ClassVar[Mapping[str, str]] = {
        "check": "fire-check", "object": "column-building", "actual": "fire-actual",
        "height_m": "fire-height", "required": "fire-required", "unit": "fire-unit",
    }  # fmt: skip

    def reads(self, project: Project, params: AccessParams) -> Reads:
        """Buildings, streets, water, trees, ground, rules."""
        ids = [layer.id for layer in layers_named(project, params.layers, "buildings")]
        others = (
            (params.roads, "roads"), (params.water, "water"), (params.trees, "trees"),
            (params.green, "greenery"),
        )  # fmt: skip
        for names, kind in others:
            ids += [layer.id for layer in layers_named(project, names, kind, needed=False)]
        return Reads(
            tuple(dict.fromkeys(ids)), packs=(params.pack or chosen.ALL,),
            about=("fire.lane", "fire.pad", "fire.turning"),
        )  # fmt: skip

    def run(self, project: Project, params: AccessParams, progress: Progress) -> Outcome:
        """Look around every high building."""
        rules = chosen.rules((params.pack,))
        layers = layers_named(project, params.layers, "buildings")
        stock = stock_of(layers)
        limits = _limits(rules, params.reach)
        roads = layers_named(project, params.roads, "roads", needed=False)
        water = layers_named(project, params.water, "water", needed=False)
        green = layers_named(project, params.green, "greenery", needed=False)
        trees = layers_named(project, params.trees, "trees", needed=False)
        around = Surroundings(
            lanes_of(roads, limits), stock.shapes, stock.body, stock.high, _areas(water),
            *trees_in_the_way(trees, params.tree), _areas(green), paved_by(roads),
        )  # fmt: skip
        turning = Turning(dead_ends(roads, limits, params.dead_end), around, params.reach)
        towers = towers_of(stock, params.tower)
        uses = _uses(layers)
        rows: list[dict[str, Any]] = []
        found: list[Access] = []
        for number, tower in enumerate(towers):
            progress.step(number, len(towers), "progress-fire-access")
            pad_rule = rules.find("fire.pad.length", height_m=tower.height)
            one = access(tower, around, limits, pad_rule.low if pad_rule is not None else 15.0)
            found.append(one)
            rows += _rows(project, tower, one, rules, uses.get(tower.body, "other"))
            rows += turning.rows(project, tower, rules)
        short = sum(row["short"] for row in rows)
        lacking = len({(row["layer"], row["object"]) for row in rows if row["short"]})
        kept = [row for row in rows if params.keep_all or row["short"]]
        table = pa.Table.from_pylist(kept, schema=SCHEMA)
        statuses: list[Status] = [row["status"] for row in rows]
        facts: dict[str, float | int | str | bool] = {
            "towers_count": len(towers), "lanes_count": len(around.lanes),
            "lacking_count": lacking, "shortfalls_count": int(short),
            "dead_ends_count": len(turning.rooms),
            "trees_count": len({number for one in found for number in one.trees}),
        }  # fmt: skip
        marks = (
            _marks(kept, towers, found) + turning.marks() + _tree_marks(kept, towers, found, around)
        )
        notes = [Note("fire_access_how")]
        if turning.unsure:
            notes.append(Note("fire_access_unpaved", {"count": turning.unsure}))
        return Outcome(table, facts, marks, worst(statuses), tuple(notes))


ANALYSIS = FireAccess()


class Turning:
    """The dead ends of lanes that serve high buildings, each looked at once.

    Parameters
    ----------
    ends : list of DeadEnd
        All of them.
    around : Surroundings
        What is in the way.
    reach : float
        Metres from a facade within which a lane serves it.
    """

    def __init__(self, ends: list[DeadEnd], around: Surroundings, reach: float) -> None:
        self._ends, self._around, self._reach = ends, around, reach
        self._lanes = shapely.STRtree([end.lane for end in ends])
        self.rooms: dict[int, Room] = {}
        self.unsure = 0  # dead ends with room enough on ground nobody knows to be paved
        self._told: set[int] = set()

    def rows(self, project: Project, tower: Tower, rules: RuleSet) -> list[dict[str, Any]]:
        """Hold the room at the dead ends of a tower's lanes against the rule, the least one."""
        near = self._lanes.query(tower.shape, predicate="dwithin", distance=self._reach)
        for k in near.tolist():
            if k not in self.rooms:
                self.rooms[k] = turning_room(self._ends[k], self._around)
        rule = rules.find("fire.turning", building="tower")
        if not len(near) or rule is None:
            return []
        worst_end = min(near.tolist(), key=lambda k: (self.rooms[k].side, self.rooms[k].paved))
        place, room = self._ends[worst_end].place, self.rooms[worst_end]
        told = _place(project, tower) | {
            "east": round(float(place[0]), 3), "north": round(float(place[1]), 3),
            "level": round(float(project.ground_at([place])[0]), 3),
        }  # fmt: skip
        paved = judge(rule, room.paved)
        if paved.holds or room.paved >= room.side:
            return [_row(told, "turning", paved, "m") | {"paving": "paved"}]
        verdict = judge(rule, room.side)
        if verdict.holds and worst_end not in self._told:
            self._told.add(worst_end)
            self.unsure += 1
        if verdict.status == "pass":
            verdict = replace(verdict, status="warning")
        return [_row(told, "turning", verdict, "m") | {"paving": "unknown"}]

    def marks(self) -> tuple[Marks, ...]:
        """Show the largest free places at the dead ends."""
        squares = [room.corners for room in self.rooms.values() if room.side > 0.0]
        return shape_marks(
            "fire-turning", "area", squares, {"row": [-1] * len(squares)}, field="", style=TURNING
        )


def _areas(layers: Sequence[Layer]) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    """Give the polygons of some layers."""
    found = [
        shapely.force_2d(one)
        for layer in layers
        for one in layer.features.shapes.to_shapely()
        if one.geom_type == "Polygon"
    ]
    made = np.empty(len(found), dtype=object)
    made[:] = found
    return made


def _limits(rules: RuleSet, reach: float) -> LaneLimits:
    """Take from the rules what lanes and places must be; what no rule tells is as usual."""
    usual = LaneLimits()

    def least(key: str, otherwise: float) -> float:
        rule = rules.find(key)
        return rule.low if rule is not None and math.isfinite(rule.low) else otherwise

    distance = rules.find("fire.pad.distance")
    far = distance.high if distance is not None else usual.far
    return LaneLimits(
        least("fire.lane.width", usual.width), least("fire.lane.clear-height", usual.clear), reach,
        least("fire.pad.width", usual.pad_width), least("fire.pad.distance", usual.near),
        far if math.isfinite(far) else usual.far,
    )  # fmt: skip


def _uses(layers: Any) -> dict[tuple[str, int], str]:
    """Give what each building is used for."""
    out: dict[tuple[str, int], str] = {}
    for layer in layers:
        data = layer.data
        if isinstance(data, Buildings):
            words = uses_of(data)
            out |= {
                (layer.id, int(number)): str(use)
                for number, use in zip(data.ids, words, strict=True)
            }
    return out


def _rows(
    project: Project, tower: Tower, one: Access, rules: RuleSet, use: str
) -> list[dict[str, Any]]:
    """Give what is held against rules for one tower."""
    place = _place(project, tower)
    sides = judge(rules.find("fire.lane.long-sides", use=use), float(one.sides))
    out = [_row(place, "lane", sides, "count")]
    if math.isfinite(one.gap):
        gap = judge(rules.find("fire.lane.distance"), one.gap, tolerance=0.01)
        out.append(_row(place, "lane_gap", gap, "m"))
    pad = rules.find("fire.pad.length", height_m=tower.height)
    if pad is not None:
        need = one.long_side - ENDS
        kept = one.pad >= need
        status: Status = ("pass" if kept else "fail") if pad.verified else "warning"
        verdict = Verdict(status, kept, one.pad, max(need - one.pad, 0.0), pad)
        out.append(_row(place, "pad", verdict, "m") | {"required": round(one.long_side, 2)})
    if one.bare > 0.0 or one.trees:
        trees = judge(rules.find("fire.pad.trees"), float(len(one.trees)))
        out.append(_row(place, "pad_trees", trees, "count"))
    if one.pads:
        slope = judge(rules.find("fire.pad.slope"), _slope(project, one.pads), tolerance=0.05)
        out.append(_row(place, "pad_slope", slope, "percent"))
    return [row for row in out if row["status"] != "none"]


def _place(project: Project, tower: Tower) -> dict[str, Any]:
    """Give what every row says of a tower."""
    middle = tower.shape.centroid
    return {
        "layer": tower.body[0], "object": tower.body[1], "height_m": round(tower.height, 2),
        "east": round(middle.x, 3), "north": round(middle.y, 3),
        "level": round(float(project.ground_at([[middle.x, middle.y]])[0]) + tower.height, 3),
    }  # fmt: skip


def _row(place: Mapping[str, Any], check: str, verdict: Verdict, unit: str) -> dict[str, Any]:
    rule = verdict.rule
    required = None if rule is None else rule.low if math.isfinite(rule.low) else rule.high
    return {
        **place, "check": check, "actual": round(verdict.actual, 2), "required": required,
        "unit": unit, "paving": "", "clause": "" if rule is None else rule.clause,
        "pack": "" if rule is None else rule.pack, "status": verdict.status,
        "short": verdict.shortfall > 0.0,
    }  # fmt: skip


def _slope(project: Project, pads: tuple[np.ndarray[Any, Any], ...]) -> float:
    """Give the steepest slope over the sides of places for ladders, percent."""
    corners = np.stack(pads)
    level = project.ground_at(corners.reshape(-1, 2)).reshape(len(pads), 4)
    away = np.roll(corners, -1, axis=1) - corners
    rise = np.abs(np.roll(level, -1, axis=1) - level)
    return float((rise / np.maximum(np.hypot(away[..., 0], away[..., 1]), 1e-9)).max() * 100.0)


def _tree_marks(
    kept: list[dict[str, Any]], towers: list[Tower], found: list[Access], around: Surroundings
) -> tuple[Marks, ...]:
    """Show the trees that take places for ladders away."""
    listed = {
        (row["layer"], row["object"]): number
        for number, row in enumerate(kept) if row["check"] == "pad_trees"
    }  # fmt: skip
    rows: dict[int, int] = {}
    for tower, one in zip(towers, found, strict=True):
        for number in one.trees:
            rows.setdefault(number, listed.get(tower.body, -1))
    places = [shapely.get_coordinates(around.stems[number]) for number in rows]
    return shape_marks(
        "fire-trees", "point", places, {"row": list(rows.values())}, field="", style=TREES
    )


def _marks(
    kept: list[dict[str, Any]], towers: list[Tower], found: list[Access]
) -> tuple[Marks, ...]:
    """Show the facades that a lane serves, the places for ladders, and the towers that lack one."""
    first: dict[tuple[str, int], int] = {}
    lacking: set[tuple[str, int]] = set()
    for row, listed in enumerate(kept):
        body = (listed["layer"], listed["object"])
        first.setdefault(body, row)
        if listed["short"]:
            lacking.add(body)
    served, pads, plans = [], [], []
    for tower, one in zip(towers, found, strict=True):
        row = first.get(tower.body, -1)
        served += [(row, line) for line in one.served]
        pads += [(row, pad) for pad in one.pads]
        if tower.body in lacking:
            plans.append((row, shapely.get_coordinates(shapely.get_exterior_ring(tower.shape))))
    out: tuple[Marks, ...] = ()
    for name, what, shapes, style in (
        ("fire-lanes", "line", served, SERVED), ("fire-pads", "area", pads, PADS),
        ("fire-lacking", "line", plans, LACKING),
    ):  # fmt: skip
        rows, coords = [row for row, _ in shapes], [line for _, line in shapes]
        out += shape_marks(name, what, coords, {"row": rows}, field="", style=style)
    return out
