"""Headings of the columns and figures of tracing, bursts and hydraulics."""

from __future__ import annotations

_NAMES = (
    "affected_count", "along_streets", "already_closed_count", "area_m2", "assumed_valves_count",
    "away_m", "bounded", "buildings", "certain", "class", "customers", "cut_off_m",
               "cut_off_runs_count",
    "demand_lps", "distance_m", "farthest_m", "flow", "flow_lps", "from_node", "hospitals", "hour",
    "hydrants", "instead", "isolated_m", "isolated_runs_count", "known_by", "length_m", "loops",
    "low_pressure_nodes_count", "nodes", "number", "out_of_reach_count", "part", "parts", "people",
    "pressure_change_m", "pressure_m", "pressure_max_m", "pressure_min_m", "run", "runs",
    "schools", "sources", "step", "subclass", "times_count", "to_node", "uncertain_runs_count",
    "valves", "velocity_max_mps", "velocity_mps", "walk_m", "walked_m", "what", "why",
)  # fmt: skip
#: Column -> key of its heading.
COLUMNS: dict[str, str] = {name: f"tracing-{name.replace('_', '-')}" for name in _NAMES}
