"""Buildings, what lies on the ground between them, and the plot they are placed on."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

USES: Final[dict[str, tuple[str, float]]] = {
    "residential": ("住宅", 2.95),
    "retail": ("商铺", 4.2),
    "commercial": ("商业", 5.1),
    "office": ("办公", 4.1),
    "hotel": ("酒店", 3.7),
    "education": ("教育", 3.8),
    "kindergarten": ("幼儿园", 3.6),
    "dormitory": ("宿舍", 3.3),
    "research": ("研发", 4.4),
    "medical": ("医疗", 4.0),
    "welfare": ("养老", 3.4),
    "culture": ("文化", 6.0),
    "sports": ("体育", 7.0),
    "government": ("行政办公", 4.0),
    "industrial": ("厂房", 7.0),
    "warehouse": ("仓储", 9.0),
    "transport": ("交通", 6.0),
    "utility": ("市政", 4.0),
    "courtyard": ("传统民居", 3.3),
    "heritage": ("文物古建", 4.5),
    "guardhouse": ("门卫", 3.2),
    "ancillary": ("附属用房", 3.6),
}
"""Chinese word and usual storey height, metres, of each use."""

FRAME, WALL, BRICK, STEEL, TIMBER, TUBE = "框架", "剪力墙", "砖混", "钢结构", "砖木", "框筒"


@dataclass(frozen=True, slots=True)
class Building:
    """One building or one separate part of it.

    Attributes
    ----------
    area : Polygon
        Footprint, plan metres.
    use : str
        Key of `USES`.
    floors : int
        Storeys above ground.
    height : float
        Top above the ground, metres.
    year : int
        Year of completion.
    structure : str
        Load-bearing system, in Chinese.
    name_zh, name_en : str
        Name, empty for most.
    min_height : float
        Height of the underside above the ground, metres: greater than 0 for bridges between towers.
    plot : int
        Number of the plot it stands on.
    """

    area: Polygon
    use: str
    floors: int
    height: float
    year: int
    structure: str
    name_zh: str = ""
    name_en: str = ""
    min_height: float = 0.0
    plot: int = -1


def cellars(building: Building) -> int:
    """Give the storeys below ground: those of high, large and public buildings of our time."""
    if building.min_height > 0.0 or building.year < 1995 or building.structure in (BRICK, TIMBER):
        return 0
    if building.height >= 100.0:
        return 3
    public = building.use in ("commercial", "hotel", "office", "medical", "culture", "transport")
    if building.floors >= 18 or (public and building.area.area >= 3000.0):
        return 2
    return int(building.floors >= 8 or (public and building.floors >= 3))


@dataclass(frozen=True, slots=True)
class Cover:
    """Ground of one kind, painted into the orthophoto: ``path``, ``track``, ``pitch`` and so on."""

    area: BaseGeometry
    kind: str


@dataclass
class Plot:
    """A piece of a block under one programme, being built up.

    Attributes
    ----------
    number : int
        Number in the district.
    area : Polygon
        Inside the red lines, plan metres.
    code : str
        Land-use class of GB 50137.
    name_zh, name_en : str
        Name of the place.
    frontage : BaseGeometry
        The part of its edge that lies on a street.
    rng : numpy.random.Generator
        Its own random numbers.
    """

    number: int
    area: Polygon
    code: str
    name_zh: str
    name_en: str
    frontage: BaseGeometry
    rng: np.random.Generator
    buildings: list[Building] = field(default_factory=list)
    covers: list[Cover] = field(default_factory=list)
    reserved: list[BaseGeometry] = field(default_factory=list)
    _inner: dict[float, Polygon] = field(default_factory=dict)

    def inner(self, setback: float) -> Polygon:
        """The plot without a strip `setback` metres wide along its edge, prepared for tests."""
        if setback not in self._inner:
            inner = self.area.buffer(-setback)
            shapely.prepare(inner)
            self._inner[setback] = inner
        return self._inner[setback]

    def footprints(self) -> NDArray[np.object_]:
        """Footprints placed so far."""
        return np.asarray([building.area for building in self.buildings], dtype=object)

    def free(self, area: BaseGeometry, setback: float, gap: float) -> bool:
        """Whether an area keeps `setback` from the edge and `gap` from all that is there."""
        if not self.inner(setback).contains(area):
            return False
        if self.buildings and shapely.dwithin(self.footprints(), area, gap).any():
            return False
        kept = np.asarray(self.reserved, dtype=object)
        return not (len(kept) and bool(shapely.dwithin(kept, area, min(gap, 2.0)).any()))

    def add(
        self,
        area: Polygon,
        use: str,
        floors: int,
        *,
        height: float = 0.0,
        year: int = 2016,
        structure: str = FRAME,
        name: tuple[str, str] = ("", ""),
        min_height: float = 0.0,
    ) -> Building:
        """Put up a building without asking for room; `height` 0 means storeys x storey height."""
        top = height or round(floors * USES[use][1] + float(self.rng.uniform(0.6, 1.8)), 1)
        building = Building(
            shapely.set_precision(area, 0.01), use, floors, round(top, 1), year, structure,
            name[0], name[1], min_height, self.number,
        )  # fmt: skip
        self.buildings.append(building)
        return building

    def place(
        self,
        area: Polygon,
        use: str,
        floors: int,
        *,
        setback: float = 6.0,
        gap: float = 6.0,
        height: float = 0.0,
        year: int = 2016,
        structure: str = FRAME,
        name: tuple[str, str] = ("", ""),
    ) -> bool:
        """Put up a building where there is room for it; False where there is none."""
        if not self.free(area, setback, gap):
            return False
        self.add(area, use, floors, height=height, year=year, structure=structure, name=name)
        return True

    def cover(self, area: BaseGeometry, kind: str, *, keep: bool = False) -> None:
        """Note ground of a kind inside the plot; `keep` keeps later buildings off it."""
        inside = area.intersection(self.area)
        if not inside.is_empty:
            self.covers.append(Cover(inside, kind))
            if keep:
                self.reserved.append(inside)

    def rename(self, names: dict[int, tuple[str, str]]) -> None:
        """Name buildings by their place in the list."""
        for index, (zh, en) in names.items():
            self.buildings[index] = replace(self.buildings[index], name_zh=zh, name_en=en)

    def year(self, first: int, last: int) -> int:
        """A random year."""
        return int(self.rng.integers(first, last + 1))
