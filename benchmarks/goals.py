"""What the program shall reach, and whether the figures say that it does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from benchmarks.running import Figures

Parts = Figures
FASTEST = ("deck", "maplibre", "cesium")


@dataclass(frozen=True)
class Goal:
    """One line of the table of goals.

    Attributes
    ----------
    what, unit : str
        For people.
    wanted : float
        The bound.
    value : callable
        Parts to the figure; KeyError where something was not measured.
    least : bool
        Whether more is better.
    """

    what: str
    unit: str
    wanted: float
    value: Callable[[Parts], float]
    least: bool = False


def _peers(parts: Parts, size: int) -> Figures:
    found: Figures = parts["peers"]["figures"][str(size)]
    return found


def _first(parts: Parts, who: str) -> float:
    found = _peers(parts, 50_000)
    fastest = min(found[name]["t_first"] for name in FASTEST if name in found)
    return float(fastest / found[who]["t_first"])


def _over_maplibre(parts: Parts, theirs: str, ours: str) -> float:
    found = _peers(parts, 100_000)
    return float(found["maplibre"][theirs] / found["gpkg"][ours])


def _memory(parts: Parts) -> float:
    found = _peers(parts, 100_000)
    return float(found["gpkg"]["peak_pss_mb"] / found["maplibre"]["peak_pss_mb"])


def _scale(key: str, size: int = 1_000_000) -> Callable[[Parts], float]:
    def value(parts: Parts) -> float:
        return float(parts["scale"]["figures"][str(size)][key])

    return value


def _growth(parts: Parts) -> float:
    figures = parts["scale"]["figures"]
    return float(figures["1000000"]["ms_flight"] / figures["100000"]["ms_flight"])


def _style(key: str) -> Callable[[Parts], float]:
    def value(parts: Parts) -> float:
        f = parts["scale"]["figures"]["1000000"]
        return float(f[key] / f["ms_frame_before_style"])

    return value


def _window(key: str) -> Callable[[Parts], float]:
    def value(parts: Parts) -> float:
        return float(parts["window"]["figures"]["1000000"][key])

    return value


def _again(parts: Parts) -> float:
    return float(parts["frames"]["figures"]["50000 gpkg again"]["t_first"])


def _scrub(parts: Parts) -> float:
    return float(parts["around"]["figures"]["drills"]["added"])


def _one_to_all(parts: Parts) -> float:
    return float(parts["around"]["figures"]["routing"]["ms_one_to_all"])


GOALS = (
    Goal("first frame, GeoJSON, 50,000: fastest web viewer over ours", "x", 2.0,
         lambda p: _first(p, "geojson"), True),
    Goal("first frame, GeoPackage, 50,000: the same", "x", 4.0, lambda p: _first(p, "gpkg"), True),
    Goal("second start, 50,000", "ms", 600.0, _again),
    Goal("second start, 1,000,000", "ms", 2000.0, _scale("t_first")),
    Goal("overview at rest, 100,000: MapLibre over ours", "x", 3.0,
         lambda p: _over_maplibre(p, "ms_overview", "ms_overview"), True),
    Goal("overview at rest with smooth edges, 100,000: the same", "x", 3.0,
         lambda p: _over_maplibre(p, "ms_overview", "ms_overview_smooth"), True),
    Goal("overview, moving, 100,000: MapLibre over ours", "x", 6.0,
         lambda p: _over_maplibre(p, "ms_overview", "ms_overview_moving"), True),
    Goal("near, moving, 100,000: MapLibre over ours", "x", 3.0,
         lambda p: _over_maplibre(p, "ms_near", "ms_near_moving"), True),
    Goal("peak memory, 100,000: ours over MapLibre", "x", 0.6, _memory),
    Goal("pick, 1,000,000", "ms", 1.0, _scale("ms_pick")),
    Goal("near, moving, 1,000,000", "ms", 30.0, _scale("ms_near_moving")),
    Goal("overview, moving, 1,000,000", "ms", 60.0, _scale("ms_overview_moving")),
    Goal("overview at rest, 1,000,000", "ms", 200.0, _scale("ms_overview")),
    Goal("flight, 1,000,000 over 100,000", "x", 1.5, _growth),
    Goal("meshes from arrays, 1,000,000", "ms", 1500.0, _scale("ms_mesh")),
    Goal("peak memory in the window, 1,000,000", "MB", 2500.0, _window("peak_pss_mb")),
    Goal("longest gap in a flight, 1,000,000, median of 5", "ms", 50.0, _window("gap_median")),
    Goal("the same, worst", "ms", 100.0, _window("gap_worst")),
    Goal("colour all of 1,000,000, in frames", "x", 2.0, _style("ms_recolour")),
    Goal("hide half of 1,000,000, in frames", "x", 2.0, _style("ms_filter")),
    Goal("any second of a day with 500 elements of a drill", "ms", 100.0, _scrub),
    Goal("ways from one place to all through 100,000 edges", "ms", 200.0, _one_to_all),
    Goal("edit one of 1,000,000 until drawn", "ms", 100.0, _scale("ms_edit")),
)  # fmt: skip


def goal_rows(parts: Parts, before: Parts) -> list[list[object]]:
    """Give a row for every goal of which anything was measured: now, before, reached or not."""
    rows: list[list[object]] = []
    for goal in GOALS:
        now, then = _figure(goal, parts), _figure(goal, before)
        if now is None and then is None:
            continue
        sign = "at least" if goal.least else "at most"
        reached = "-"
        if now is not None:
            reached = "yes" if (now >= goal.wanted) == goal.least or now == goal.wanted else "no"
        rows.append([goal.what, f"{sign} {goal.wanted:g} {goal.unit}", _told(now, goal),
                     _told(then, goal), reached])  # fmt: skip
    return rows


def _figure(goal: Goal, parts: Parts) -> float | None:
    try:
        return goal.value(parts)
    except (KeyError, ValueError, ZeroDivisionError):
        return None


def _told(value: Any, goal: Goal) -> str:
    if value is None:
        return "-"
    return f"{value:.2f} {goal.unit}" if value < 10 else f"{value:,.0f} {goal.unit}"
