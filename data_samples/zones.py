"""What each part of the district is for: the planner's colouring of the straight sheet.

A block belongs to the first zone of the table that holds its middle.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Zone:
    """A rectangle of the sheet and the programme built there.

    Attributes
    ----------
    s0, s1, t0, t1 : float
        Sheet metres.
    programme : str
        Key of `data_samples.city.PROGRAMMES`.
    code : str
        Land-use class.
    name_zh, name_en : str
        Name of the place; compounds without one take the next from `data_samples.names`.
    """

    s0: float
    s1: float
    t0: float
    t1: float
    programme: str
    code: str
    name_zh: str = ""
    name_en: str = ""

    def holds(self, s: float, t: float) -> bool:
        """Whether the sheet point lies in the rectangle."""
        return self.s0 <= s < self.s1 and self.t0 <= t < self.t1


Z = Zone
_FAR: Final = 9999.0

NORTH_WEST: Final = (
    Z(-_FAR, 560, 640, _FAR, "hill_park", "G1", "青屏山公园", "Qingping Hill Park"),
    Z(430, 800, 640, 925, "villas", "R1", "青屏山庄", "Qingping Villas"),
    Z(430, 800, 925, 1070, "villas", "R1", "云栖别院", "Yunqi Terraces"),
    Z(430, 800, 1070, 1226, "nursing", "A6", "青屏山颐养院", "Qingping Nursing Home"),
    Z(430, 800, 1226, _FAR, "villas", "R1", "松涛苑", "Songtao Court"),
    Z(-_FAR, 200, 88, 345, "towers", "R2"),
    Z(200, 430, 88, 345, "mixed", "R2"),
    Z(430, 620, 88, 345, "middle_school", "A33", "滨江第一中学", "Binjiang No. 1 Middle School"),
    Z(620, 800, 88, 345, "towers", "R2"),
    Z(-_FAR, 200, 345, 650, "slabs", "R2"),
    Z(200, 430, 345, 650, "mixed", "R2"),
    Z(430, 800, 345, 650, "mixed", "R2"),
)

CORE: Final = (
    Z(800, 960, 88, 206, "offices", "B2", "江畔商务中心", "Riverside Business Centre"),
    Z(960, 1120, 88, 206, "hotel", "B1", "江景国际酒店", "River View International Hotel"),
    Z(1120, 1280, 88, 206, "landmark", "B2", "滨江中心", "Binjiang Centre"),
    Z(800, 960, 206, 330, "offices", "B2", "新汇大厦", "Xinhui Plaza"),
    Z(960, 1120, 206, 330, "offices", "B2", "金融城", "Finance City"),
    Z(1120, 1280, 206, 330, "twin", "B2", "双子塔广场", "Twin Towers Plaza"),
    Z(800, 960, 330, 458, "offices", "B2", "环贸广场", "Huanmao Plaza"),
    Z(960, 1120, 330, 458, "core_square", "G3", "金融城中心广场", "Finance City Square"),
    Z(1120, 1280, 330, 458, "offices", "B2", "信达国际", "Xinda International"),
    Z(800, 960, 458, 610, "mall", "B1", "滨江天地购物中心", "Binjiang Tiandi Mall"),
    Z(960, 1120, 458, 610, "offices", "B2", "科创金融大厦", "Science Finance Tower"),
    Z(1120, 1280, 458, 610, "offices", "B2", "新区传媒中心", "New District Media Centre"),
    Z(1280, 1500, 88, 330, "theatre", "A2", "滨江大剧院", "Binjiang Grand Theatre"),
    Z(1280, 1500, 330, 458, "offices", "B2", "汇金中心", "Huijin Centre"),
    Z(1280, 1500, 458, 605, "mall", "B1", "新汇城", "Xinhui City Mall"),
    Z(1500, 1720, 88, 206, "museum", "A2", "滨江博物馆", "Binjiang Museum"),
    Z(1500, 1720, 206, 333, "hotel", "B1", "滨江会议中心", "Binjiang Conference Centre"),
    Z(1500, 1720, 333, 460, "offices", "B2", "长江商务港", "Changjiang Business Port"),
    Z(1500, 1720, 460, 605, "offices", "B2", "星河国际", "Galaxy International"),
)

NORTH: Final = (
    Z(800, 1280, 610, 908, "lake_park", "G1", "镜湖公园", "Mirror Lake Park"),
    Z(800, 1040, 908, 1214, "mixed", "R2"),
    Z(1040, 1280, 908, 1214, "civic", "A1", "滨江新区政务中心",
      "Riverside New District Civic Centre"),
    Z(800, 1280, 1214, _FAR, "old_slabs", "R2"),
    Z(1280, 1720, 600, 1215, "university", "A31", "滨江大学", "Binjiang University"),
    Z(1280, 1720, 1215, _FAR, "old_slabs", "R2", "滨江大学教师新村", "University Staff Village"),
    Z(1720, 1950, 88, 207, "towers", "R2"),
    Z(1720, 1950, 207, 333, "towers", "R2"),
    Z(1720, 1950, 333, 605, "hospital", "A5", "滨江新区人民医院",
      "Riverside New District People's Hospital"),
    Z(1950, 2152, 88, 207, "slabs", "R2"),
    Z(1950, 2152, 207, 333, "towers", "R2"),
    Z(1950, 2152, 333, 608, "mixed", "R2"),
    Z(1720, 1950, 605, 908, "mixed", "R2"),
    Z(1950, 2152, 605, 908, "towers", "R2"),
    Z(1720, 1950, 908, 1224, "school_and_slabs", "R2"),
    Z(1950, 2152, 908, 1224, "slabs", "R2"),
    Z(1720, 2152, 1224, _FAR, "slabs", "R2"),
)  # fmt: skip

EAST: Final = (
    Z(2208, 2410, 88, 335, "headquarters", "M1", "滨江总部基地", "Binjiang Headquarters Base"),
    Z(2410, 2620, 88, 335, "headquarters", "M1", "数字经济产业园", "Digital Economy Park"),
    Z(2620, 2838, 88, 345, "expo", "A2", "滨江会展中心", "Binjiang Exhibition Centre"),
    Z(2838, _FAR, 88, 350, "headquarters", "M1", "云谷总部园", "Cloud Valley Headquarters"),
    Z(2208, 2410, 335, 615, "research", "A35", "创新谷A区", "Innovation Valley Zone A"),
    Z(2410, 2620, 335, 620, "research", "A35", "创新谷B区", "Innovation Valley Zone B"),
    Z(2620, 2838, 345, 630, "research", "A35", "创新谷C区", "Innovation Valley Zone C"),
    Z(2838, _FAR, 350, 640, "towers", "R2"),
    Z(2208, 2410, 615, 770, "research", "A35", "软件园一期", "Software Park Phase 1"),
    Z(2410, 2620, 615, 770, "research", "A35", "软件园二期", "Software Park Phase 2"),
    Z(2208, 2410, 770, 915, "research", "A35", "生物医药园", "Biomedical Park"),
    Z(2410, 2620, 770, 920, "neighbourhood_park", "G1", "芯谷公园", "Chip Valley Park"),
    Z(2208, 2410, 915, 1076, "clean_factory", "M1", "光电产业园", "Photonics Park"),
    Z(2410, 2620, 915, 1078, "clean_factory", "M1", "智能制造园", "Smart Manufacturing Park"),
    Z(2208, 2410, 1076, 1230, "clean_factory", "M1", "新能源产业园", "New Energy Park"),
    Z(2410, 2620, 1076, 1232, "clean_factory", "M1", "集成电路产业园", "Semiconductor Park"),
    Z(2620, 2838, 625, 780, "research", "A35", "芯谷研发中心", "Chip Valley Research Centre"),
    Z(2620, 2838, 780, 930, "slabs", "R2", "芯谷人才公寓", "Chip Valley Apartments"),
    Z(2838, _FAR, 640, 932, "mixed", "R2"),
    Z(2620, 2838, 930, 1235, "clean_factory", "M1", "航空配件园", "Aviation Parts Park"),
    Z(2838, _FAR, 932, 1240, "clean_factory", "M1", "精密仪器园", "Precision Instruments Park"),
    Z(2208, 2620, 1230, _FAR, "logistics", "W1", "北环物流园", "North Ring Logistics Park"),
    Z(2620, _FAR, 1230, _FAR, "water_works", "U1", "滨江水厂", "Binjiang Water Works"),
)

SOUTH: Final = (
    Z(-_FAR, 200, -348, -60, "wetland_park", "G1", "苇塘湿地公园", "Weitang Wetland Park"),
    Z(200, 420, -345, -60, "old_slabs", "R2"),
    Z(-_FAR, 200, -630, -348, "slabs", "R2"),
    Z(200, 420, -630, -345, "school_and_slabs", "R2"),
    Z(-_FAR, 420, -_FAR, -625, "mixed", "R2"),
    Z(420, 1020, -348, -60, "old_town", "A7", "滨江古城", "Binjiang Old Town"),
    Z(1020, 1280, -348, -60, "old_town", "A7", "书院历史街区", "Academy Historic Quarter"),
    Z(420, 760, -618, -345, "old_town", "R3", "南门老街", "South Gate Old Street"),
    Z(760, 1020, -618, -345, "village", "R3", "何家湾村", "Hejiawan Village"),
    Z(1020, 1280, -618, -345, "market_and_slabs", "R2"),
    Z(420, 760, -_FAR, -618, "old_slabs", "R2"),
    Z(760, 1018, -_FAR, -618, "village", "R3", "邓家咀村", "Dengjiazui Village"),
    Z(1018, 1280, -_FAR, -618, "bus_station", "S3", "滨江客运站", "Binjiang Coach Station"),
    Z(1280, 1500, -343, -60, "shopping_street", "B1", "江南里商业街", "Jiangnanli Shopping Street"),
    Z(1500, 1720, -340, -60, "towers", "R2"),
    Z(1280, 1500, -625, -343, "mixed", "R2"),
    Z(1500, 1720, -628, -340, "middle_school", "A33", "滨江实验学校",
      "Binjiang Experimental School"),
    Z(1280, 1500, -_FAR, -622, "slabs", "R2"),
    Z(1500, 1720, -_FAR, -622, "towers", "R2"),
    Z(1720, 1950, -340, -60, "towers", "R2"),
    Z(1950, 2152, -345, -60, "mixed", "R2"),
    Z(1720, 1950, -626, -340, "stadium", "A4", "滨江体育中心", "Binjiang Sports Centre"),
    Z(1950, 2152, -626, -340, "neighbourhood_park", "G1", "体育公园", "Sports Park"),
    Z(1720, 2152, -_FAR, -622, "old_slabs", "R2"),
)  # fmt: skip

SOUTH_EAST: Final = (
    Z(2208, 2418, -348, -62, "light_industry", "M1", "东湾轻工园", "Dongwan Light Industry Park"),
    Z(2418, 2620, -350, -62, "light_industry", "M1", "食品产业园", "Food Industry Park"),
    Z(2620, 2838, -355, -62, "warehouses", "W1", "东湾港仓储区", "Dongwan Port Warehouses"),
    Z(2838, _FAR, -358, -62, "warehouses", "W1", "滨江港务公司", "Binjiang Port Company"),
    Z(2208, 2418, -484, -345, "factory", "M2", "滨江铸造厂", "Binjiang Foundry"),
    Z(2418, 2620, -486, -350, "factory", "M2", "东湾机械厂", "Dongwan Machine Works"),
    Z(2208, 2418, -622, -484, "factory", "M2", "滨江电缆厂", "Binjiang Cable Works"),
    Z(2418, 2620, -622, -486, "factory", "M2", "钢构制造厂", "Steel Structure Works"),
    Z(2620, 2838, -622, -352, "factory", "M2", "滨江汽车零部件厂", "Binjiang Auto Parts"),
    Z(2838, _FAR, -622, -356, "sewage_works", "U2", "东湾污水处理厂", "Dongwan Sewage Works"),
    Z(2208, 2620, -_FAR, -618, "factory", "M2", "滨江重型机械厂", "Binjiang Heavy Machinery"),
    Z(2620, 2838, -742, -618, "logistics", "W1", "铁路货场", "Rail Freight Yard"),
    Z(2838, _FAR, -742, -618, "substation", "U1", "东湾220千伏变电站", "Dongwan 220 kV Substation"),
    Z(2620, _FAR, -_FAR, -742, "logistics", "W1", "东湾物流园", "Dongwan Logistics Park"),
)

RIVERSIDE: Final = (
    Z(-_FAR, 2620, 0, 88, "riverside_park", "G1", "北岸滨江公园", "North Bank Riverside Park"),
    Z(2620, _FAR, 0, 88, "riverside_park", "G1", "会展滨江绿带", "Expo Riverside Green"),
    Z(-_FAR, 2150, -60, 0, "riverside_park", "G1", "南岸滨江公园", "South Bank Riverside Park"),
    Z(2150, _FAR, -60, 0, "wharf", "W1", "东湾码头", "Dongwan Wharf"),
)

ZONES: Final = (*RIVERSIDE, *NORTH_WEST, *CORE, *NORTH, *EAST, *SOUTH, *SOUTH_EAST)
