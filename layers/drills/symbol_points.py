"""The sixty symbols of points: incidents, hazards, places to protect, resources.

The figures are our own. Codes that are not `told` are our own numbering in the form of the
standard: a letter and 1 + 2 + 2 digits.
"""

from __future__ import annotations

from layers.drills.symbol_shapes import (
    Stroke,
    Symbol,
    arc,
    area,
    box,
    disc,
    gap,
    hole,
    hollow,
    line,
    ring,
    star,
)

_FLAME = area(16, 2, 21, 8, 22, 10.5, 24, 8.5, 25, 14, 22, 20, 18, 22, 14, 22, 10, 20, 7, 15, 9, 9,
              12, 12, 13, 8)  # fmt: skip
_EMBER = gap(16.5, 12, 19.5, 16, 18.5, 20, 13.5, 20, 12.5, 17, 15, 16)
_CROSS = area(13.5, 3, 18.5, 3, 18.5, 9.5, 25, 9.5, 25, 14.5, 18.5, 14.5, 18.5, 21, 13.5, 21, 13.5,
              14.5, 7, 14.5, 7, 9.5, 13.5, 9.5)  # fmt: skip
_HOUSE = area(3.5, 12, 16, 2.5, 28.5, 12, 25.5, 12, 25.5, 21.5, 6.5, 21.5, 6.5, 12)


def _wave(y: float) -> Stroke:
    return line(3.5, y + 1, 7, y - 1.5, 11.5, y + 1.5, 16, y - 1.5, 20.5, y + 1.5, 25, y - 1.5,
                28.5, y + 1)  # fmt: skip


def _person(x: float, top: float, size: float = 1.0) -> tuple[Stroke, ...]:
    s = size
    return (
        disc(x, top + 2.6 * s, 2.6 * s),
        area(x - 4 * s, top + 14 * s, x - 3.4 * s, top + 7.4 * s, x - 1.6 * s, top + 6 * s,
             x + 1.6 * s, top + 6 * s, x + 3.4 * s, top + 7.4 * s, x + 4 * s, top + 14 * s),
    )  # fmt: skip


def _lorry(*, body: float, cab: float) -> tuple[Stroke, ...]:
    return (
        box(3, body, 19, 17.5),
        area(20, 17.5, 20, cab, 25, cab, 29, cab + 4.5, 29, 17.5),
        hollow(21.8, cab + 1.6, 24.4, cab + 4.4),
        *_wheels(9, 23.5),
    )


def _wheels(first: float, second: float) -> tuple[Stroke, ...]:
    return (
        hole(first, 18, 3.9), hole(second, 18, 3.9), disc(first, 18.2, 2.9),
        disc(second, 18.2, 2.9),
    )  # fmt: skip


def _sector(begin: float, end: float) -> Stroke:
    return area(*arc(16, 12, 10, 10, begin, end), *arc(16, 12, 3.6, 3.6, end, begin))


_SPIKES = tuple(
    one
    for turn in range(0, 360, 45)
    for x, y in (arc(16, 12, 9.2, 9.2, turn, turn, 1)[:2],)
    for one in (line(x, y, 16, 12), disc(x, y, 1.7))
)

_INCIDENTS: tuple[Symbol, ...] = (
    Symbol("A10100", "flood", ("Flood", "洪涝"), "hong lao", (_wave(11.5), _wave(16), _wave(20.5),
           area(14.6, 2, 17.4, 2, 17.4, 5, 20, 5, 16, 9, 12, 5, 14.6, 5))),
    Symbol("A10200", "storm", ("Storm", "大风"), "da feng", (
           disc(16, 12, 3.2),
           area(*arc(16, 12, 6.6, 6.6, 180, 290, 9), 23.5, 2, *arc(15.5, 11, 10, 9, 285, 190, 9)),
           area(*arc(16, 12, 6.6, 6.6, 0, 110, 9), 8.5, 22, *arc(16.5, 13, 10, 9, 105, 10, 9)))),
    Symbol("A10300", "earthquake", ("Earthquake", "地震"), "di zhen", (
           line(3, 13, 8, 13, 11, 6, 14.5, 20, 18.5, 3, 22, 17, 24, 13, 29, 13),)),
    Symbol("A10400", "landslide", ("Geological hazard", "地质灾害"), "di zhi zai hai", (
           area(3, 21.5, 3, 4, 7, 4, 14, 12, 20, 17, 29, 21.5), disc(15, 5.5, 2.6),
           disc(21.5, 10, 3), disc(27, 16, 2.2)), told=True),
    Symbol("A10500", "waterlogging", ("Waterlogging", "内涝"), "nei lao", (
           area(6, 13.5, 16, 3, 26, 13.5), box(8.5, 13, 23.5, 16), hollow(14, 10, 18, 15.9),
           _wave(17.2), _wave(21.2))),
    Symbol("A10600", "snow", ("Snow and ice", "冰雪灾害"), "bing xue zai hai", (
           line(16, 2.5, 16, 21.5), line(7.8, 7.2, 24.2, 16.8), line(24.2, 7.2, 7.8, 16.8),
           line(13, 4, 16, 6.5, 19, 4), line(13, 20, 16, 17.5, 19, 20),
           line(7.5, 11, 11, 9, 10.5, 5), line(24.5, 13, 21, 15, 21.5, 19),
           line(24.5, 11, 21, 9, 21.5, 5), line(7.5, 13, 11, 15, 10.5, 19)), short="冰雪灾害"),
    Symbol("A10700", "forest-fire", ("Forest fire", "森林火灾"), "sen lin huo zai", (
           area(9, 2, 14, 8.5, 11.5, 8.5, 15.5, 14, 12.5, 14, 17, 19, 10.3, 19, 10.3, 22, 7.7, 22,
                7.7, 19, 2, 19, 5.5, 14, 2.5, 14, 6.5, 8.5, 4, 8.5),
           area(23.5, 7, 26.5, 12, 28, 11, 29.5, 16, 27.5, 21, 24, 22, 20.5, 21, 18.5, 17.5, 20, 13,
                21.8, 14.5),
           gap(24, 15.5, 25.8, 18, 25, 20.3, 22.4, 20.3, 21.8, 18.2))),
    Symbol("A20100", "fire", ("Fire", "火灾"), "huo zai", (_FLAME, _EMBER)),
    Symbol("A20200", "explosion", ("Explosion", "爆炸"), "bao zha", (
           star(16, 12, 11, 5.4, 9), ("H", (16, 12, 2.4)))),
    Symbol("A20300", "gas-leak", ("Gas leak", "燃气泄漏"), "ran qi xie lou", (
           box(2.5, 16.5, 14, 21.5), box(18, 16.5, 29.5, 21.5), ring(12, 7.5, 3),
           ring(20, 5.5, 3.2), line(16, 15.5, 16, 11.5), line(13.5, 16, 12.5, 13.5),
           line(18.5, 16, 19.5, 12.5))),
    Symbol("A20400", "traffic", ("Traffic accident", "交通事故"), "jiao tong shi gu", (
           area(2.5, 19, 2.5, 14, 5, 10, 11, 10, 13.5, 14, 13.5, 19),
           area(29.5, 19, 29.5, 14, 27, 10, 21, 10, 18.5, 14, 18.5, 19),
           disc(5.8, 19.5, 2.2), disc(10.4, 19.5, 2.2), disc(26.2, 19.5, 2.2),
           disc(21.6, 19.5, 2.2), line(16, 2, 16, 7.5), line(11, 3.5, 13.5, 8),
           line(21, 3.5, 18.5, 8))),
    Symbol("A20500", "chemical", ("Chemical leak", "危化品泄漏"), "wei hua pin xie lou", (
           line(12, 2.6, 20, 2.6), line(13.6, 3, 13.6, 9, 6.5, 21, 25.5, 21, 18.4, 9, 18.4, 3),
           area(11.2, 13.5, 20.8, 13.5, 24.8, 21, 7.2, 21), hole(14, 17.8, 1.3),
           hole(18.2, 16.2, 1.1)), short="危化泄漏"),
    Symbol("A20600", "collapse", ("Collapse", "坍塌"), "tan ta", (
           area(4, 21.5, 4, 5, 13, 2.5, 11.5, 8, 15, 10.5, 13, 14, 17, 17, 16, 21.5),
           hollow(6.5, 8, 9, 11), hollow(6.5, 14, 9, 17),
           area(19, 21.5, 20.5, 17, 25, 16, 29, 21.5), area(19, 10, 22.5, 8.5, 24, 12, 20.5, 13.5),
           area(22, 3.5, 25, 4.5, 24, 7, 21.5, 6.2))),
    Symbol("A20700", "power-cut", ("Power failure", "停电"), "ting dian", (
           area(18.5, 2, 8, 13.5, 14.6, 13.5, 12.5, 22, 24, 9.8, 17.2, 9.8),
           ("K", (5.6, 2, 30, 18.2, 28.4, 20.6, 4, 4.4)), line(5, 4.6, 27.6, 19.6))),
    Symbol("A20800", "water-burst", ("Burst water main", "供水管爆裂"), "gong shui guan bao lie", (
           box(2.5, 15.5, 13.5, 21), box(18.5, 15.5, 29.5, 21), line(16, 15, 16, 3),
           line(13.5, 15, 9.5, 7, 6, 10), line(18.5, 15, 22.5, 7, 26, 10)), short="水管爆裂"),
    Symbol("A20900", "trapped", ("People trapped", "人员被困"), "ren yuan bei kun", (
           *_person(16, 5, 1.1), line(5, 3, 5, 21.5), line(10, 3, 10, 21.5), line(22, 3, 22, 21.5),
           line(27, 3, 27, 21.5), line(3.5, 3, 28.5, 3))),
    Symbol("A21000", "pollution", ("Pollution", "环境污染"), "huan jing wu ran", (
           area(3, 13, *arc(12.5, 13, 9.5, 6.5, 180, 360), 28.5, 7.5, 27, 13, 28.5, 18.5,
                *arc(12.5, 13, 9.5, 6.5, 0, 180)),
           ("K", (6.2, 10, 7.4, 8.8, 9, 10.4, 10.6, 8.8, 11.8, 10, 10.2, 11.6, 11.8, 13.2, 10.6,
                  14.4, 9, 12.8, 7.4, 14.4, 6.2, 13.2, 7.8, 11.6)))),
    Symbol("A30100", "epidemic", ("Health incident", "公共卫生事件"),
           "gong gong wei sheng shi jian", (disc(16, 12, 5.6), *_SPIKES,
           hole(14.2, 10.6, 1.4), hole(18, 13.4, 1.2)), short="公共卫生"),
    Symbol("A30200", "food-poisoning", ("Food poisoning", "食物中毒"), "shi wu zhong du", (
           area(4, 12, 28, 12, *arc(16, 12, 12, 9.5, 0, 180)),
           line(12, 9, 11, 6.5, 13, 4.5, 12, 2.5), line(20, 9, 19, 6.5, 21, 4.5, 20, 2.5),
           gap(15, 13.5, 17, 13.5, 16.6, 17.6, 15.4, 17.6), hole(16, 19.4, 1.1))),
    Symbol("A30300", "animal-epidemic", ("Animal epidemic", "动物疫情"), "dong wu yi qing", (
           area(*arc(16, 16.5, 6.5, 5, 0, 360)), disc(7.2, 11.5, 2.6), disc(24.8, 11.5, 2.6),
           disc(12.2, 5.8, 2.8), disc(19.8, 5.8, 2.8))),
    Symbol("A40100", "crowd", ("Crowd", "人群聚集"), "ren qun ju ji", (
           *_person(7.5, 6, 0.95), *_person(24.5, 6, 0.95), hole(16, 5.6, 4),
           *_person(16, 3, 1.3))),
    Symbol("A40200", "attack", ("Attack", "暴恐事件"), "bao kong shi jian", (
           disc(13.5, 14.5, 7.2), area(17, 5.5, 21.8, 10, 19.5, 12, 15, 8),
           line(20, 7, 22.5, 4, 25.5, 4.5), star(27, 6, 3.2, 1.2, 4), hole(11, 12, 1.8))),
)  # fmt: skip

_HAZARDS: tuple[Symbol, ...] = (
    Symbol("B10000", "hazardous-store", ("Hazardous store", "危险品仓库"), "wei xian pin cang ku", (
           area(16, 2, 29, 21.5, 3, 21.5), gap(16, 6.5, 25, 19.3, 7, 19.3), box(15, 9.5, 17, 15),
           disc(16, 17.2, 1.3)), short="危险品库"),
    Symbol("B10100", "radiation-source", ("Radiation source", "放射源"), "fang she yuan", (
           _sector(240, 300), _sector(0, 60), _sector(120, 180), disc(16, 12, 2.2))),
    Symbol("B20000", "gas-station", ("Filling station", "加油站"), "jia you zhan", (
           box(6.5, 3, 18.5, 20.5), hollow(9, 5.5, 16, 10.5), line(4.5, 21, 20.5, 21),
           line(18.5, 11, 22, 11, 22, 17.5, 25.5, 17.5, 25.5, 8, 22, 4.5))),
    Symbol("B30000", "gas-governor", ("Gas governor", "调压站"), "tiao ya zhan", (
           ring(16, 10.5, 7), line(16, 10.5, 20, 7), disc(16, 10.5, 1.6),
           line(2.5, 20.5, 29.5, 20.5), line(16, 17.5, 16, 20.5))),
    Symbol("B40000", "reservoir", ("Reservoir, dike", "水库堤坝"), "shui ku di ba", (
           area(17, 21.5, 19.5, 4, 23.5, 4, 29.5, 21.5), line(3, 9, 6.5, 7, 10.5, 9, 14, 7, 18, 9),
           line(3, 14, 6.5, 12, 10.5, 14, 14, 12, 17, 13.5), line(3, 19, 6.5, 17, 10.5, 19, 14, 17,
           16, 18))),
    Symbol("B50000", "underpass", ("Underpass", "下穿通道"), "xia chuan tong dao", (
           area(2.5, 3, 29.5, 3, 29.5, 21.5, 25.5, 21.5, 25.5, 14, *arc(16, 14, 9.5, 7, 0, -180),
                6.5, 21.5, 2.5, 21.5), line(8.5, 15.5, 12, 13.8, 16, 15.8, 20, 13.8, 23.5, 15.5),
           line(8.5, 20, 12, 18.3, 16, 20.3, 20, 18.3, 23.5, 20))),
    Symbol("B60000", "slope", ("Slope", "边坡"), "bian po", (
           area(3, 21.5, 24, 3, 29, 3, 29, 21.5), line(5, 12, 14, 4), area(3, 14, 4, 8.6, 9, 13))),
    Symbol("B70000", "high-rise", ("High-rise", "高层建筑"), "gao ceng jian zhu", (
           box(10, 2, 22, 21.5), *(hollow(x, y, x + 2.6, y + 2.4) for x in (12.2, 17.2)
           for y in (4.5, 8.8, 13.1)), hollow(14.6, 17.6, 17.4, 21.5), line(4, 21, 28, 21))),
    Symbol("B80000", "chemical-plant", ("Chemical works", "化工企业"), "hua gong qi ye", (
           area(3, 21.5, 3, 10, 9.5, 14, 9.5, 10, 16, 14, 16, 10, 20.5, 12.7, 21.5, 2.5, 25, 2.5,
                26, 12, 29, 12, 29, 21.5), hollow(6, 16.5, 8.5, 19), hollow(12, 16.5, 14.5, 19),
           hollow(18, 16.5, 20.5, 19))),
)  # fmt: skip

_PROTECTED: tuple[Symbol, ...] = (
    Symbol("C10000", "school", ("School", "学校"), "xue xiao", (
           area(16, 3, 29.5, 9, 16, 15, 2.5, 9), area(8, 13, 16, 16.6, 24, 13, 24, 18, 16, 21.5, 8,
           18), line(27, 10, 27, 18))),
    Symbol("C20000", "metro", ("Metro station", "地铁站"), "di tie zhan", (
           ring(16, 12, 9.4), line(10.5, 16.5, 12.5, 8, 16, 14, 19.5, 8, 21.5, 16.5))),
    Symbol("C30000", "protected", ("Place to protect", "防护目标"), "fang hu mu biao", (
           area(16, 2, 26, 5, 26, 12.5, 22.5, 18, 16, 22, 9.5, 18, 6, 12.5, 6, 5),
           gap(11, 11, 13, 9, 15.2, 11.2, 20, 6.5, 22, 8.5, 15.2, 15.2))),
    Symbol("C30100", "heritage", ("Heritage site", "文物保护单位"), "wen wu bao hu dan wei", (
           area(16, 1.8, 20, 5.5, 25, 6.5, 23.5, 9, 8.5, 9, 7, 6.5, 12, 5.5),
           box(10, 9, 22, 12),
           area(16, 11, 24, 12.8, 29, 13.5, 27, 16.4, 5, 16.4, 3, 13.5, 8, 12.8),
           box(8, 16, 10.6, 21.5), box(14.7, 16, 17.3, 21.5), box(21.4, 16, 24, 21.5),
           line(5, 21.2, 27, 21.2)), short="文物单位"),
    Symbol("C40000", "government", ("Public office", "党政机关"), "dang zheng ji guan", (
           area(16, 2, 28.5, 8.5, 3.5, 8.5), *(box(x, 10, x + 3, 18) for x in (5.5, 11, 18, 23.5)),
           box(3.5, 19, 28.5, 21.8))),
    Symbol("C50000", "nursing-home", ("Nursing home", "养老院"), "yang lao yuan", (
           disc(12.5, 5, 3), area(9.5, 9, 14.5, 8.5, 16.5, 12, 21.5, 13.5, 20.8, 15.6, 15, 14.4,
           13.8, 13, 14, 16, 17, 21.5, 13.8, 21.5, 11.3, 17.6, 9, 21.5, 5.8, 21.5, 9, 15.5),
           line(22, 12.5, 22, 21.5))),
    Symbol("C60000", "stadium", ("Sports ground", "体育场馆"), "ti yu chang guan", (
           area(*arc(16, 12, 13, 9.5, 0, 360, 28)), ("K", arc(16, 12, 9.6, 6.4, 0, 360, 28)),
           line(*arc(16, 12, 5.4, 2.8, 0, 360, 20)))),
    Symbol("C70000", "mall", ("Shopping centre", "商场"), "shang chang", (
           area(5.5, 8, 26.5, 8, 28, 21.5, 4, 21.5), line(*arc(16, 8, 5, 5.5, 180, 360, 10)),
           ("L", (11, 8, 11, 10)), hole(11, 11.5, 1.4), hole(21, 11.5, 1.4))),
    Symbol("C80000", "railway-station", ("Railway station", "火车站"), "huo che zhan", (
           area(9, 17, 8, 15.5, 8, 5, 11, 2.5, 21, 2.5, 24, 5, 24, 15.5, 23, 17),
           hollow(10.5, 6, 21.5, 10.5), hole(11.8, 13.6, 1.4), hole(20.2, 13.6, 1.4),
           line(10.5, 17, 6.5, 22), line(21.5, 17, 25.5, 22), line(9.3, 20, 22.7, 20))),
    Symbol("C90000", "bridge", ("Bridge", "桥梁"), "qiao liang", (
           box(2.5, 9, 29.5, 12.5), area(2.5, 12, 29.5, 12, 29.5, 21, 26.5, 21,
           *arc(21.2, 21, 5, 6, 0, -180, 10), *arc(10.8, 21, 5, 6, 0, -180, 10), 2.5, 21),
           line(4, 5, 28, 5), line(6, 5, 6, 9), line(16, 5, 16, 9), line(26, 5, 26, 9))),
)  # fmt: skip

_RESOURCES: tuple[Symbol, ...] = (
    Symbol("D10000", "command", ("Command post", "指挥部"), "zhi hui bu", (
           line(8, 22, 8, 2.5), area(9, 2.5, 27, 2.5, 22.5, 8, 27, 13.5, 9, 13.5))),
    Symbol("D20100", "fire-station", ("Fire station", "消防站"), "xiao fang zhan", (
           _HOUSE, gap(16.3, 8.5, 19, 12, 20, 11.4, 21.2, 15.5, 19.5, 19.5, 12.5, 19.5, 10.8, 16,
           12, 12, 13.6, 13.4))),
    Symbol("D20200", "hydrant", ("Hydrant", "消火栓"), "xiao huo shuan", (
           box(11.5, 8, 20.5, 19.5), box(8, 19, 24, 21.8), area(*arc(16, 8, 5.5, 5, 180, 360, 12)),
           box(7, 10.5, 25, 14.5), hole(16, 12.6, 2), box(14.8, 1.6, 17.2, 4))),
    Symbol("D20300", "vehicle", ("Vehicle", "车辆"), "che liang", _lorry(body=6, cab=8.5)),
    Symbol("D20301", "fire-engine", ("Fire engine", "消防车"), "xiao fang che", (
           *_lorry(body=9.5, cab=9.5), line(3, 7.5, 20, 3), line(3, 4.2, 20, -0.3 + 0.8),
           line(6.5, 6.4, 6.5, 3.4), line(11.5, 5.2, 11.5, 2.2), line(16.5, 3.8, 16.5, 1.2))),
    Symbol("D20302", "ambulance", ("Ambulance", "救护车"), "jiu hu che", (
           area(3, 17.5, 3, 5, 20.5, 5, 25, 10.5, 29, 12, 29, 17.5), hollow(20.5, 7.4, 21.6, 10.4),
           gap(9.6, 6.3, 12.4, 6.3, 12.4, 8.9, 15, 8.9, 15, 11.7, 12.4, 11.7, 12.4, 14.3, 9.6, 14.3,
               9.6, 11.7, 7, 11.7, 7, 8.9, 9.6, 8.9), *_wheels(8.5, 23.5), box(16.5, 2, 19.5, 4))),
    Symbol("D20303", "police-car", ("Police car", "警车"), "jing che", (
           area(2.5, 18, 2.5, 12.5, 7, 11.5, 10.5, 6, 20.5, 6, 24.5, 11.5, 29.5, 13, 29.5, 18),
           gap(10, 11, 12, 7.8, 15, 7.8, 15, 11), gap(16.8, 11, 16.8, 7.8, 19.6, 7.8, 21.8, 11),
           *_wheels(8.5, 23.5), box(12.5, 2.6, 15.4, 5), box(16.2, 2.6, 19.1, 5))),
    Symbol("D20400", "team", ("Team", "队伍"), "dui wu", (
           *_person(9.5, 5, 1.15), *_person(22.5, 5, 1.15))),
    Symbol("D20500", "water-source", ("Water source", "水源"), "shui yuan", (
           area(16, 2, 21.5, 9.5, 23.5, 14, *arc(16, 14.5, 7.5, 7.2, 0, 180), 8.5, 14, 10.5, 9.5),
           ("K", (*arc(16, 14.5, 5, 4.8, 95, 170, 8), *arc(16, 14.5, 3.2, 3, 170, 95, 8))))),
    Symbol("D20600", "police", ("Police", "公安"), "gong an", (
           area(16, 2, 26, 4.5, 26, 11.5, 22.5, 17.5, 16, 22, 9.5, 17.5, 6, 11.5, 6, 4.5),
           ("K", star(16, 11.2, 6, 2.5, 5)[1]))),
    Symbol("D20700", "drone", ("Drone", "无人机"), "wu ren ji", (
           box(12.5, 10, 19.5, 15), line(7, 7, 25, 18), line(25, 7, 7, 18), ring(7, 6.5, 3.4),
           ring(25, 6.5, 3.4), ring(7, 18, 3.4), ring(25, 18, 3.4))),
    Symbol("D20800", "checkpoint", ("Checkpoint", "检查点"), "jian cha dian", (
           box(4, 4, 8.5, 21.5), area(8, 6, 29, 6, 29, 11, 8, 11), gap(12, 6.9, 15.5, 6.9, 13.5,
           10.1, 10, 10.1), gap(19, 6.9, 22.5, 6.9, 20.5, 10.1, 17, 10.1), gap(26, 6.9, 28, 6.9,
           27.5, 10.1, 24, 10.1), line(27, 11, 27, 21), line(2.5, 21.2, 29.5, 21.2))),
    Symbol("D30000", "hospital", ("Medical", "医疗"), "yi liao", (_CROSS,)),
    Symbol("D40000", "shelter", ("Shelter", "避难场所"), "bi nan chang suo", (
           line(3, 13.5, 16, 3, 29, 13.5), *_person(16, 8.4, 0.95), line(4, 21.4, 28, 21.4))),
    Symbol("D50000", "assembly", ("Assembly point", "集结点"), "ji jie dian", (
           disc(16, 12, 2.8), area(3, 4.5, 5.5, 2.5, 9, 5.5, 11, 3.5, 11.8, 10, 5, 9.5, 7, 7.5),
           area(29, 4.5, 26.5, 2.5, 23, 5.5, 21, 3.5, 20.2, 10, 27, 9.5, 25, 7.5),
           area(3, 19.5, 5.5, 21.5, 9, 18.5, 11, 20.5, 11.8, 14, 5, 14.5, 7, 16.5),
           area(29, 19.5, 26.5, 21.5, 23, 18.5, 21, 20.5, 20.2, 14, 27, 14.5, 25, 16.5))),
    Symbol("D60000", "depot", ("Depot", "物资库"), "wu zi ku", (
           area(3.5, 9, 16, 2.5, 28.5, 9, 28.5, 21.5, 3.5, 21.5), hollow(8.5, 11.5, 23.5, 21.5),
           box(10, 16.8, 15.4, 21.5), box(16.6, 16.8, 22, 21.5), box(13.3, 12.4, 18.7, 15.8))),
    Symbol("D70000", "camera", ("Camera", "摄像头"), "she xiang tou", (
           area(3.5, 5, 22, 3, 23, 12, 4.5, 14), area(24, 5, 28.5, 5.6, 28.8, 9.4, 24.4, 10.2),
           line(12, 14, 14, 18.5, 6, 18.5), line(5, 15.5, 5, 21.5), hole(18.5, 7.6, 2))),
    Symbol("D80000", "helipad", ("Helicopter pad", "直升机起降点"), "zhi sheng ji qi jiang dian", (
           ring(16, 12, 9.4), box(11.4, 6.8, 14.2, 17.2), box(17.8, 6.8, 20.6, 17.2),
           box(13, 10.6, 19, 13.4)), short="直升机坪"),
    Symbol("D90000", "communications", ("Communications", "应急通信"),
           "ying ji tong xin", (line(10.5, 21.5, 16, 8, 21.5, 21.5), line(12.6, 16.5, 19.4, 16.5),
           disc(16, 7, 2.4),
           line(*arc(16, 7, 6, 6, 135, 225, 8)), line(*arc(16, 7, 6, 6, -45, 45, 8)),
           line(*arc(16, 7.5, 10.2, 9.5, 143, 214, 8)),
           line(*arc(16, 7.5, 10.2, 9.5, -34, 37, 8)))),
)  # fmt: skip

POINTS: tuple[Symbol, ...] = (*_INCIDENTS, *_HAZARDS, *_PROTECTED, *_RESOURCES)
