"""The streets of the district: names, classes and where they run on the straight sheet.

Coordinates are ``(s, t)`` of `data_samples.frame`: metres along the river and away from its bank.
Streets may cross the whole sheet or stop on another street; `data_samples.streets` joins them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class StreetClass:
    """What a class of street has in common.

    Attributes
    ----------
    name_zh, name_en : str
        Name of the class.
    red_line : float
        Width between the red lines, metres.
    lanes : int
        Traffic lanes, both directions together.
    speed : int
        Speed limit, km/h.
    carriageway : float
        Share of the red-line width that is asphalt.
    """

    name_zh: str
    name_en: str
    red_line: float
    lanes: int
    speed: int
    carriageway: float


CLASSES: Final[dict[str, StreetClass]] = {
    "expressway": StreetClass("快速路", "Expressway", 26.0, 6, 80, 0.94),
    "ramp": StreetClass("匝道", "Ramp", 9.0, 1, 40, 0.85),
    "arterial": StreetClass("主干路", "Arterial", 40.0, 6, 60, 0.62),
    "collector": StreetClass("次干路", "Collector", 26.0, 4, 50, 0.60),
    "local": StreetClass("支路", "Local", 16.0, 2, 30, 0.56),
    "lane": StreetClass("巷道", "Lane", 6.0, 1, 15, 0.80),
}


@dataclass(frozen=True, slots=True)
class Street:
    """One named street on the sheet; `red_line` and `lanes` of 0 mean those of its class."""

    name_zh: str
    name_en: str
    kind: str
    points: tuple[tuple[float, float], ...]
    red_line: float = 0.0
    lanes: int = 0
    one_way: bool = False
    level: int = 0


def _s(
    name_zh: str, name_en: str, kind: str, *points: tuple[float, float], red: float = 0.0
) -> Street:
    return Street(name_zh, name_en, kind, points, red_line=red)


_W, _E = -70.0, 3070.0
_N, _S = 1560.0, -1080.0

ALONG_THE_RIVER: Final = (
    _s("滨江大道", "Binjiang Avenue", "arterial", (_W, 88), (800, 85), (1280, 92), (1720, 86),
       (2180, 88), (_E, 92)),
    _s("望江路", "Wangjiang Road", "collector", (_W, 352), (430, 338), (800, 330), (1280, 316),
       (1720, 334), (2180, 330), (2620, 338), (_E, 356)),
    _s("新区大道", "New District Avenue", "arterial", (_W, 652), (430, 628), (800, 602),
       (1280, 588), (1720, 598), (2180, 612), (2620, 622), (_E, 646), red=50.0),
    _s("学府路", "Xuefu Road", "collector", (560, 918), (800, 915), (1040, 902), (1280, 900)),
    _s("学府东路", "Xuefu East Road", "collector", (1720, 905), (2180, 912), (2620, 922), (_E,
        935)),
    _s("北环路", "North Ring Road", "arterial", (560, 1226), (800, 1215), (1280, 1212),
       (1720, 1222), (2180, 1226), (2620, 1232), (_E, 1242)),
    _s("沿江路", "Yanjiang Road", "collector", (_W, -66), (420, -62), (760, -58), (1280, -64),
       (1720, -66), (2180, -62), (_E, -66)),
    _s("建设路", "Jianshe Road", "arterial", (_W, -352), (420, -340), (760, -352), (1280, -345),
       (1720, -336), (2180, -345), (_E, -360)),
    _s("解放路", "Jiefang Road", "collector", (_W, -632), (420, -622), (1020, -612), (1280, -620),
       (1720, -628), (2180, -618), (_E, -622), red=30.0),
)  # fmt: skip

ACROSS_NORTH: Final = (
    _s("临江一路", "Linjiang 1st Road", "local", (196, 88), (204, 345), (190, 655)),
    _s("西山路", "Xishan Road", "collector", (430, 88), (436, 340), (428, 640)),
    _s("文昌巷", "Wenchang Lane", "local", (624, 88), (616, 345)),
    _s("山前路", "Shanqian Road", "local", (428, 628), (520, 720), (556, 860), (560, 920),
       (556, 1100), (560, 1226), (548, _N)),
    _s("清风路", "Qingfeng Road", "local", (560, 1072), (690, 1060), (800, 1066)),
    _s("青屏大道", "Qingping Avenue", "arterial", (800, 88), (804, 330), (798, 610), (806, 915),
       (796, 1215), (800, _N)),
    _s("金融一街", "Finance 1st Street", "local", (960, 88), (964, 205), (958, 330), (962, 600)),
    _s("金融二街", "Finance 2nd Street", "local", (1118, 88), (1120, 205), (1124, 330),
       (1120, 595)),
    _s("中央大道", "Central Avenue", "arterial", (1280, _S), (1284, -620), (1280, -66),
       (1280, 90), (1278, 320), (1280, 590), (1284, 900), (1280, 1212), (1284, _N)),
    _s("文化街", "Wenhua Street", "local", (1500, 88), (1496, 205), (1500, 332), (1504, 600)),
    _s("商务一路", "Business 1st Road", "local", (800, 206), (960, 202), (1120, 206),
       (1280, 200)),
    _s("商务二路", "Business 2nd Road", "local", (800, 462), (960, 458), (1120, 456),
       (1280, 452), (1500, 458), (1720, 464)),
    _s("朝阳街", "Zhaoyang Street", "local", (1500, 206), (1720, 208), (1950, 206),
       (2152, 210)),
    _s("湖滨路", "Hubin Road", "local", (1044, 902), (1038, 1060), (1042, 1215)),
    _s("人民路", "Renmin Road", "arterial", (1720, 88), (1722, 335), (1716, 600), (1722, 905),
       (1716, 1222), (1720, _N), ),
    _s("仁济路", "Renji Road", "local", (1950, 88), (1946, 335), (1952, 606), (1946, 908),
       (1950, 1224)),
    _s("创新一路", "Innovation 1st Road", "local", (2412, 88), (2408, 335), (2412, 616),
       (2406, 915), (2412, 1230)),
    _s("科技路", "Keji Road", "collector", (2620, 88), (2616, 338), (2622, 620), (2616, 922),
       (2622, 1232), (2618, _N)),
    _s("创新二路", "Innovation 2nd Road", "local", (2838, 88), (2842, 345), (2834, 630),
       (2840, 930), (2836, 1238)),
    _s("芯谷街", "Xingu Street", "local", (2208, 770), (2410, 764), (2620, 776), (2838, 784)),
    _s("软件园路", "Software Park Road", "local", (2208, 1078), (2410, 1072), (2620, 1080)),
)  # fmt: skip

ACROSS_SOUTH: Final = (
    _s("苇塘路", "Weitang Road", "local", (204, -66), (196, -345), (206, -630)),
    _s("老城西路", "Old Town West Road", "collector", (420, -62), (424, -345), (418, -622),
       (420, _S), ),
    _s("钟楼街", "Bell Tower Street", "local", (742, -60), (764, -200), (752, -352),
       (770, -500), (760, -620), (766, _S)),
    _s("书院街", "Academy Street", "local", (1020, -62), (1028, -210), (1016, -352),
       (1022, -612), (1014, _S)),
    _s("安居路", "Anju Road", "local", (1500, -66), (1504, -340), (1498, -624), (1502, _S)),
    _s("体育路", "Tiyu Road", "collector", (1720, -66), (1716, -340), (1722, -628),
       (1718, _S)),
    _s("和谐路", "Hexie Road", "local", (1950, -66), (1954, -342), (1948, -622)),
    _s("东湾一路", "Dongwan 1st Road", "local", (2418, -62), (2414, -350), (2420, -620)),
    _s("工业路", "Gongye Road", "collector", (2620, -64), (2624, -352), (2618, -620),
       (2622, _S)),
    _s("东湾二路", "Dongwan 2nd Road", "local", (2836, -66), (2842, -356), (2836, -620)),
    _s("物流路", "Wuliu Road", "local", (2836, -620), (2842, -745), (2836, _S)),
    _s("锻造街", "Duanzao Street", "local", (2208, -486), (2416, -482), (2620, -490)),
)  # fmt: skip

EXPRESSWAY_S: Final = 2180.0
EXPRESSWAY: Final = (
    Street("滨江快速路", "Binjiang Expressway", "expressway",
           ((2180, _S), (2176, -620), (2182, -66), (2180, 90), (2184, 600), (2178, 1226),
            (2180, _N)), level=1),
    Street("滨江快速路西辅路", "Expressway West Frontage", "collector",
           ((2152, _S), (2148, -620), (2154, -62)), red_line=13.0, lanes=2, one_way=True),
    Street("滨江快速路东辅路", "Expressway East Frontage", "collector",
           ((2208, -62), (2204, -620), (2208, _S)), red_line=13.0, lanes=2, one_way=True),
    Street("滨江快速路西辅路", "Expressway West Frontage", "collector",
           ((2152, 88), (2156, 600), (2150, 1226), (2152, _N)), red_line=13.0, lanes=2,
           one_way=True),
    Street("滨江快速路东辅路", "Expressway East Frontage", "collector",
           ((2208, _N), (2206, 1226), (2212, 600), (2208, 88)), red_line=13.0, lanes=2,
           one_way=True),
)  # fmt: skip

RAMPS: Final = (
    # (t where it leaves the frontage road, t where it reaches the viaduct, side: -1 west, +1 east)
    (500.0, 370.0, -1),
    (370.0, 500.0, 1),
    (1140.0, 1000.0, -1),
    (1000.0, 1140.0, 1),
    (-570.0, -430.0, -1),
    (-430.0, -570.0, 1),
)

FREIGHT: Final = ((_E, -742.0), (2700.0, -746.0), (2480.0, -752.0), (2360.0, -800.0), (2300.0, _S))
"""Freight railway of the harbour works."""

METRO: Final = (
    (_W, 352.0), (430, 338), (700, 332), (860, 372), (980, 440), (1120, 456), (1280, 452),
    (1500, 458), (1620, 510), (1740, 590), (1980, 606), (2180, 612), (2400, 616), (2620, 622),
    (2840, 634), (_E, 646),
)  # fmt: skip
"""Metro line 3: under the west and the core, on a viaduct along New District Avenue in the east."""

METRO_RISE: Final = (1850.0, 1990.0)
"""Between these `s` the line climbs from its tunnel to the viaduct."""

STATIONS: Final = (
    (180.0, "西山路", "Xishan Road"),
    (640.0, "青屏大道", "Qingping Avenue"),
    (1090.0, "金融城", "Finance City"),
    (1560.0, "大剧院", "Grand Theatre"),
    (2050.0, "滨江东", "Riverside East"),
    (2600.0, "科技路", "Keji Road"),
    (2900.0, "创新谷", "Innovation Valley"),
)
