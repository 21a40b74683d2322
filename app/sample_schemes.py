"""Two schemes for a riverside plot of the sample city, each good at what the other is not.

A puts two towers on a podium: it keeps every control line, but takes winter sun from the
neighbour in the north and stands in the view from the park to the towers of Finance City.
B builds a court of five to eight storeys: sun and view stay, but its southern slab crosses the road
line of Binjiang Avenue by three metres.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import ArrayLike
from shapely.geometry import Polygon

from layers.edits import SetData
from layers.history import Label
from layers.kinds import kind_of
from layers.schemes_build import Block
from layers.schemes_commands import build, demolish_inside
from layers.schemes_edits import activate, new_scheme
from layers.schemes_model import EXISTING
from layers.schemes_rows import drop
from layers.shapes import Floats

if TYPE_CHECKING:
    from app.api import City

EAST, NORTH = 508_000.0, 3_378_000.0
#: The plot, metres east and north of the district's corner.
SITE = ((1958, 1296), (1958, 1208), (1962, 1202), (2126, 1168), (2130, 1171), (2135, 1264))
SOUTH = ((1962.0, 1205.0), (2127.0, 1170.4))  # road line of Binjiang Avenue along the plot
AHEAD = ((1964.0, 1294.5), (2131.0, 1264.5))  # road line of Zhaoyang Street
#: The protected view: from the riverside park, at eye height, to Twin Tower A in Finance City.
VIEW_FROM, VIEW_TO, VIEW_WIDTH = (2460.0, 1090.0, 39.0), (1213.5, 1441.7, 236.9), 24.0
NAMES = {"A": ("A 滨江双塔", "A Towers"), "B": ("B 院落街坊", "B Courts")}
NOTES = {
    "A": ("两栋 32 层塔楼加两层裙房", "Two towers of 32 storeys on a podium of two"),
    "B": ("围合院落，5 至 8 层板楼", "Slabs of five to eight storeys around a court"),
}


def add_schemes(city: City, *, chinese: bool) -> None:
    """Add both schemes to the sample city and show the existing one."""
    for key, blocks in (("A", _towers()), ("B", _courts())):
        word = 0 if chinese else 1
        city.run(
            new_scheme(NAMES[key][word], author=city.project.info.author, note=NOTES[key][word])
        )
        layer = next(city.project.of_kind("buildings")).id
        city.run(demolish_inside(city.project, layer, _placed(SITE)))
        for building in blocks:
            command, _ = build(city.project, layer, building)
            city.run(command)
        _fell_trees(city, [block.footprint for building in blocks for block in building])
    city.run(activate(EXISTING))


def keep_answers(city: City, *, chinese: bool) -> None:
    """Keep what checks find: A breaks the view and takes sun, B crosses the road line."""
    word = 0 if chinese else 1
    spots = [[EAST + x, NORTH + y, z] for x, y, z in (VIEW_FROM, VIEW_TO)]
    view = {"limit": "corridor", "points": spots, "width": VIEW_WIDTH}
    sun = {"compare": "scheme", "before": EXISTING, "day": "dahan", "listed": "buildings"}
    line = {"eyes": [spots[0]], "heading": 285.0, "width": 90.0, "compare": "scheme",
            "before": EXISTING}  # fmt: skip
    asked: tuple[tuple[str, str, dict[str, Any], tuple[str, str]], ...] = (
        ("height-limits", "A", view, ("看双子塔的视廊：A", "View to the Twin Towers: A")),
        ("height-limits", "B", view, ("看双子塔的视廊：B", "View to the Twin Towers: B")),
        ("six-lines", "B", {}, ("六线核查：B", "Control lines: B")),
        ("sunlight", "A", sun, ("大寒日日照：A", "Winter sun: A")),
        ("skyline", "A", line, ("公园看天际线：A", "Skyline from the park: A")),
    )
    for kind, key, params, name in asked:
        city.analyse(kind, params, scheme=NAMES[key][word], name=name[word], keep=True)
    city.hide("answers")


def _fell_trees(city: City, footprints: Sequence[Polygon]) -> None:
    """Take the trees out where buildings come to stand."""
    built = shapely.union_all(list(footprints)).buffer(2.0)
    for layer in city.project.of_kind("trees"):
        places = layer.features.shapes.coords
        gone = layer.features.ids[shapely.contains_xy(built, places[:, 0], places[:, 1])]
        if len(gone):
            left = kind_of(layer.kind).unpack(drop(layer.data.pack(), gone))
            city.run(SetData(layer.id, left, Label("edit-build-demolish", {"count": len(gone)})))


def _placed(corners: ArrayLike) -> Floats:
    return np.asarray(np.asarray(corners, dtype=np.float64) + np.array([EAST, NORTH]))


def _strip(line: ArrayLike, begin: float, end: float, near: float, far: float) -> Polygon:
    """Give a rectangle along a line: from `begin` to `end` along it, `near` to `far` beside it.

    Metres; what is beside counts to the left of the way.
    """
    first, last = np.asarray(line, dtype=np.float64)
    along = (last - first) / np.hypot(*(last - first))
    beside = np.array([-along[1], along[0]])
    spots = ((begin, near), (end, near), (end, far), (begin, far))
    return Polygon(_placed([first + along * a + beside * b for a, b in spots]))


def _towers() -> tuple[tuple[Block, ...], ...]:
    podium = _strip(SOUTH, 82.0, 150.0, 12.0, 60.0)
    low = Block.of_storeys(podium, 2, "commercial", name="滨江中心")
    east = _strip(SOUTH, 106.0, 140.0, 26.0, 46.0)
    west = _strip(SOUTH, 14.0, 48.0, 34.0, 54.0)
    tower = Block.of_storeys(east, 32, "residential", low=low.height, name="滨江中心")
    other = Block.of_storeys(west, 32, "residential", name="滨江一号")
    return (low, tower), (other,)


def _courts() -> tuple[tuple[Block, ...], ...]:
    slabs = (
        (_strip(SOUTH, 34.0, 118.0, -3.0, 11.0), 8),
        (_strip(AHEAD, 22.0, 142.0, -30.0, -16.0), 5),
        (Polygon(_placed([(1967, 1222), (1981, 1222), (1981, 1262), (1967, 1262)])), 8),
        (Polygon(_placed([(2104, 1188), (2118, 1188), (2118, 1240), (2104, 1240)])), 8),
    )
    return tuple(
        (Block.of_storeys(slab, storeys, "residential", name="银杏里"),) for slab, storeys in slabs
    )
