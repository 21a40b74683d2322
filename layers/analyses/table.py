"""The table of analyses; a new one is a module and a row below."""

from __future__ import annotations

from importlib import import_module

from layers.analyses.base import Analysis
from layers.errors import CityError

#: Key -> ``module:object``; a module is loaded when its analysis is first asked for.
ANALYSES: dict[str, str] = {
    "sunlight": "layers.analyses.sunlight:ANALYSIS",
    "sunlight-facades": "layers.analyses.sunlight_places:FACADES",
    "sunlight-ground": "layers.analyses.sunlight_places:GROUND",
    "sight-lines": "layers.analyses.sight:LINES",
    "viewshed": "layers.analyses.sight:VIEWSHED",
    "landmark": "layers.analyses.sight:LANDMARK",
    "sky-view": "layers.analyses.sight:SKY",
    "skyline": "layers.analyses.skyline:ANALYSIS",
    "height-limits": "layers.analyses.height_limits:ANALYSIS",
    "six-lines": "layers.analyses.six_lines:ANALYSIS",
    "indicators": "layers.analyses.indicators:ANALYSIS",
    "land-use": "layers.analyses.indicators:LAND_USE",
    "themes": "layers.analyses.themes:ANALYSIS",
    "massing": "layers.analyses.massing:ANALYSIS",
    "service-radius": "layers.analyses.site:SERVICE",
    "street-wall": "layers.analyses.site:WALL",
    "fire-spacing": "layers.analyses.site:FIRE",
    "fire-access": "layers.analyses.fire_access:ANALYSIS",
    "slope": "layers.analyses.site:SLOPE",
    "pipe-check": "layers.analyses.pipe_check:ANALYSIS",
    "pipe-conflicts": "layers.analyses.pipe_conflicts:ANALYSIS",
    "pipe-cover": "layers.analyses.pipe_cover:ANALYSIS",
    "pipe-trace": "layers.analyses.pipe_trace:ANALYSIS",
    "pipe-burst": "layers.analyses.pipe_burst:ANALYSIS",
    "pipe-hydraulics": "layers.analyses.pipe_hydraulics:ANALYSIS",
    "pipe-section": "layers.analyses.pipe_sections:CROSS",
    "pipe-long-section": "layers.analyses.pipe_sections:LONG",
    "pipe-dig": "layers.analyses.pipe_digging:DIG",
    "pipe-affected": "layers.analyses.pipe_digging:AFFECTED",
    "drill-reach": "layers.analyses.drill_reach:REACH",
    "drill-nearest": "layers.analyses.drill_reach:NEAREST",
    "drill-coverage": "layers.analyses.drill_coverage:ANALYSIS",
    "drill-times": "layers.analyses.drill_reach:TIMES",
    "drill-plume": "layers.analyses.drill_hazards:PLUME",
    "drill-heat": "layers.analyses.drill_hazards:HEAT",
    "drill-blast": "layers.analyses.drill_hazards:BLAST",
    "drill-flood": "layers.analyses.drill_hazards:FLOOD",
    "drill-fire": "layers.analyses.drill_hazards:FIRE",
    "drill-resources": "layers.analyses.drill_resources:ANALYSIS",
    "drill-crowd": "layers.analyses.drill_crowd:ANALYSIS",
    "evacuation": "layers.analyses.evacuation:ANALYSIS",
    "risk-map": "layers.analyses.risk_map:ANALYSIS",
}

#: Groups of analyses in the order of menus.
GROUPS = ("planning", "light", "sight", "pipes", "drill")


def analysis_of(key: str) -> Analysis:
    """Give an analysis by its key.

    Raises
    ------
    CityError
        ``analysis.unknown``, naming those there are.
    """
    if key not in ANALYSES:
        names = ", ".join(ANALYSES)
        raise CityError(
            "analysis.unknown",
            f"There is no analysis '{key}'.",
            hint=f"choose one of: {names}",
            kind=key,
            names=names,
        )
    module, _, name = ANALYSES[key].partition(":")
    found: Analysis = getattr(import_module(module), name)
    return found
