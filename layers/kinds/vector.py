"""Flat layers of shapes: streets, water, green, districts, control lines, places and plain ones."""

from __future__ import annotations

from layers.kinds.base import Features, Kind
from layers.style import Style

ANY = "point+line+polygon"

GREENERY = Kind("greenery", Features, ANY, Style(colour="#a9c48d", lift=0.10, built=True), 10)
WATER = Kind(
    "water",
    Features,
    ANY,
    Style(colour="#7fb2d6", outline="#5b8fb5", lift=0.15, built=True),
    20,
)
DISTRICTS = Kind(
    "districts", Features, "polygon", Style(colour="#e3cfa4", outline="#8d7a52", lift=0.05), 5
)
ROADS = Kind(
    "roads", Features, ANY, Style(colour="#8b8d91", width_m=7.0, lift=0.25, built=True), 30
)
RAIL = Kind("rail", Features, ANY, Style(colour="#5d4a66", width_m=5.0, lift=0.35, built=True), 40)
CONTROL_LINES = Kind(
    "control-lines", Features, ANY, Style(colour="#e53935", line_width=2.5, lift=0.60), 60
)
TREES = Kind("trees", Features, "point", Style(colour="#4f8a4a", point_size=5.0, built=True), 80)
PLACES = Kind("places", Features, ANY, Style(colour="#c2185b", point_size=9.0), 85)
FEATURES = Kind("features", Features, ANY, Style(colour="#6a51a3", line_width=1.5, lift=0.40), 50)

KINDS = (GREENERY, WATER, DISTRICTS, ROADS, RAIL, CONTROL_LINES, TREES, PLACES, FEATURES)
