"""Land-use classes of GB 50137-2011 that the sample uses, with the limits of its plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class LandUse:
    """A land-use class and the usual limits of a plot of it.

    Attributes
    ----------
    name_zh, name_en : str
        Name of the class.
    far : float
        Least floor-area ratio limit the plan gives (the plot's own limit may be higher).
    density : float
        Greatest share of the plot under buildings, percent.
    green : float
        Least share of green, percent.
    height : float
        Greatest building height, metres (the plot's own limit may be higher).
    """

    name_zh: str
    name_en: str
    far: float
    density: float
    green: float
    height: float


CLASSES: Final[dict[str, LandUse]] = {
    "R1": LandUse("一类居住用地", "Residential, class 1", 0.6, 30, 40, 12),
    "R2": LandUse("二类居住用地", "Residential, class 2", 1.5, 28, 35, 36),
    "R3": LandUse("三类居住用地", "Residential, class 3", 1.5, 60, 10, 24),
    "A1": LandUse("行政办公用地", "Administration", 1.2, 35, 35, 50),
    "A2": LandUse("文化设施用地", "Culture", 1.0, 40, 35, 40),
    "A31": LandUse("高等院校用地", "Higher education", 0.8, 25, 40, 60),
    "A33": LandUse("中小学用地", "Schools", 0.8, 30, 35, 24),
    "A35": LandUse("科研用地", "Research", 0.8, 50, 20, 60),
    "A4": LandUse("体育用地", "Sports", 0.6, 40, 35, 50),
    "A5": LandUse("医疗卫生用地", "Medical", 1.6, 35, 35, 80),
    "A6": LandUse("社会福利用地", "Welfare", 0.8, 30, 40, 24),
    "A7": LandUse("文物古迹用地", "Heritage", 1.0, 65, 10, 12),
    "B1": LandUse("商业用地", "Commerce", 2.0, 55, 15, 60),
    "B2": LandUse("商务用地", "Business", 4.0, 50, 20, 100),
    "M1": LandUse("一类工业用地", "Industry, class 1", 0.8, 50, 20, 60),
    "M2": LandUse("二类工业用地", "Industry, class 2", 0.6, 60, 15, 30),
    "W1": LandUse("一类物流仓储用地", "Logistics, class 1", 0.5, 60, 10, 24),
    "S1": LandUse("城市道路用地", "Roads", 0, 0, 0, 0),
    "S2": LandUse("城市轨道交通用地", "Rail transit", 0, 0, 0, 0),
    "H21": LandUse("铁路用地", "Railway", 0, 0, 0, 0),
    "S3": LandUse("交通枢纽用地", "Transport hub", 0.5, 40, 15, 30),
    "U1": LandUse("供应设施用地", "Supply facilities", 0.4, 40, 25, 24),
    "U2": LandUse("环境设施用地", "Environmental facilities", 0.3, 40, 30, 24),
    "G1": LandUse("公园绿地", "Park", 0.05, 5, 70, 12),
    "G2": LandUse("防护绿地", "Protective green", 0, 0, 90, 0),
    "G3": LandUse("广场用地", "Square", 0, 5, 30, 6),
    "E1": LandUse("水域", "Water", 0, 0, 0, 0),
}
