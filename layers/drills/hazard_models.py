"""Formulas for screening: gas plume, heat of a fire, blast, flood, fire from house to house.

None of them replaces a study. Each says what it rests on; figures of substances and fuels are
from memory of the tables named and were not compared with them.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import ndimage
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.special import erfc

from layers.shapes import Bools, Floats, Ints

STABILITIES = ("A", "B", "C", "D", "E", "F")
SITES = ("open", "urban")
MOLAR_L = 24.45  # litres of a mole of gas at 25 degrees C and 101.325 kPa
TNT_MJ = 4.52  # megajoules in a kilogram of TNT
P0 = 101.325  # kPa


@dataclass(frozen=True, slots=True)
class Substance:
    """A gas with its thresholds.

    Attributes
    ----------
    key : str
        Name; its words are ``choice-gas-KEY``.
    molar : float
        Grams a mole.
    ppm : tuple of float
        Thresholds, rising, parts of a million by volume.
    source : str
        What the thresholds are.
    """

    key: str
    molar: float
    ppm: tuple[float, ...]
    source: str


#: AEGL of the US EPA for 60 minutes (1, 2, 3); of methane shares of the lower explosive limit.
SUBSTANCES: dict[str, Substance] = {
    one.key: one
    for one in (
        Substance("chlorine", 70.9, (0.5, 2.0, 20.0), "AEGL 60 min"),
        Substance("ammonia", 17.03, (30.0, 160.0, 1100.0), "AEGL 60 min"),
        Substance("hydrogen-sulphide", 34.08, (0.51, 27.0, 50.0), "AEGL 60 min"),
        Substance("sulphur-dioxide", 64.06, (0.2, 0.75, 30.0), "AEGL 60 min"),
        Substance("hydrogen-chloride", 36.46, (1.8, 22.0, 100.0), "AEGL 60 min"),
        Substance("carbon-monoxide", 28.01, (83.0, 330.0), "AEGL-2, AEGL-3 60 min"),
        Substance("methane", 16.04, (5_000.0, 30_000.0, 50_000.0), "10, 60, 100 % LEL"),
    )
}


@dataclass(frozen=True, slots=True)
class Fuel:
    """A burning liquid: kilograms burnt on a square metre a second, megajoules a kilogram."""

    rate: float
    heat: float


FUELS: dict[str, Fuel] = {
    "petrol": Fuel(0.055, 43.7),
    "diesel": Fuel(0.045, 43.0),
    "lpg": Fuel(0.099, 46.0),
    "lng": Fuel(0.078, 50.0),
    "methanol": Fuel(0.017, 20.0),
}

_GAS_WORDS = {
    "chlorine": r"^(liquid )?chlorine$|^(液)?氯气?$|\bcl2\b", "ammonia": r"ammonia$|氨气?$|\bnh3\b",
    "hydrogen-sulphide": r"hydrogen sul(ph|f)ide|硫化氢|\bh2s\b",
    "sulphur-dioxide": r"sul(ph|f)ur dioxide|二氧化硫|\bso2\b",
    "hydrogen-chloride": r"hydrogen chloride|hydrochloric|氯化氢|盐酸|\bhcl\b",
    "carbon-monoxide": r"carbon monoxide|一氧化碳|煤气$|\bco\b",
    "methane": r"methane|natural gas|甲烷|天然气|\bch4\b|\b[cl]ng\b",
}  # fmt: skip
_FUEL_WORDS = {
    "petrol": r"petrol|gasoline|汽油", "diesel": r"diesel|柴油",
    "lpg": r"\blpg\b|propane|butane|液化石油气|液化气|丙烷|丁烷",
    "lng": r"\blng\b|natural gas|methane|天然气|甲烷", "methanol": r"methanol|甲醇",
}  # fmt: skip


def named_gas(text: str) -> str:
    """Give the gas that a text of a hazard source means, "" for none of `SUBSTANCES`.

    Examples
    --------
    >>> named_gas("液氯"), named_gas("Natural gas"), named_gas("wheat")
    ('chlorine', 'methane', '')
    """
    return _named(text, _GAS_WORDS)


def named_fuel(text: str) -> str:
    """Give the fuel that a text of a hazard source means, "" for none of `FUELS`.

    Examples
    --------
    >>> named_fuel("92号汽油"), named_fuel("LPG"), named_fuel("chlorine")
    ('petrol', 'lpg', '')
    """
    return _named(text, _FUEL_WORDS)


def _named(text: str, words: dict[str, str]) -> str:
    small = text.strip().lower().replace("-", " ")
    return next((key for key, pattern in words.items() if re.search(pattern, small)), "")


#: Briggs (1973): factor and form of sigma-y and sigma-z by stability class.
_OPEN_Y = {"A": 0.22, "B": 0.16, "C": 0.11, "D": 0.08, "E": 0.06, "F": 0.04}
_OPEN_Z = {
    "A": (0.20, 0.0, 0.0), "B": (0.12, 0.0, 0.0), "C": (0.08, 0.0002, -0.5),
    "D": (0.06, 0.0015, -0.5), "E": (0.03, 0.0003, -1.0), "F": (0.016, 0.0003, -1.0),
}  # fmt: skip
_URBAN_Y = {"A": 0.32, "B": 0.32, "C": 0.22, "D": 0.16, "E": 0.11, "F": 0.11}
_URBAN_Z = {
    "A": (0.24, 0.001, 0.5), "B": (0.24, 0.001, 0.5), "C": (0.20, 0.0, 0.0),
    "D": (0.14, 0.0003, -0.5), "E": (0.08, 0.0015, -0.5), "F": (0.08, 0.0015, -0.5),
}  # fmt: skip


def spreads(distance: ArrayLike, stability: str, site: str = "open") -> tuple[Floats, Floats]:
    """Give sigma-y and sigma-z of Briggs (1973), metres.

    Parameters
    ----------
    distance : (n,) array_like of float
        Metres downwind; fitted from 100 m to 10 km.
    stability : str
        Class of Pasquill, A (unstable) to F (stable).
    site : str
        ``open`` or ``urban``.

    Examples
    --------
    >>> [float(round(s[0], 1)) for s in spreads([1000.0], "D")]
    [76.3, 37.9]
    """
    x = np.maximum(np.asarray(distance, dtype=np.float64), 1e-6)
    urban = site == "urban"
    factor = (_URBAN_Y if urban else _OPEN_Y)[stability]
    bend = 0.0004 if urban else 0.0001
    across = factor * x / np.sqrt(1.0 + bend * x)
    up, more, power = (_URBAN_Z if urban else _OPEN_Z)[stability]
    return across, up * x * (1.0 + more * x) ** power


@dataclass(frozen=True, slots=True)
class Plume:
    """A steady leak into the wind.

    Attributes
    ----------
    grams : float
        A second.
    wind : float
        Metres a second at the height of the leak.
    stability, site : str
        See `spreads`.
    height : float
        Of the leak above the ground, metres.
    """

    grams: float
    wind: float
    stability: str = "D"
    site: str = "urban"
    height: float = 1.0

    def at(self, along: ArrayLike, across: ArrayLike, up: float = 1.5,
           seconds: float = math.inf) -> Floats:  # fmt: skip
        r"""Give grams in a cubic metre downwind, after the leak has lasted some seconds.

        .. math:: C=\frac{Q}{2\pi u\sigma_y\sigma_z}e^{-y^2/2\sigma_y^2}
           \left(e^{-(z-h)^2/2\sigma_z^2}+e^{-(z+h)^2/2\sigma_z^2}\right)

        Before the front, which goes with the wind, half the complementary error function of
        (x - ut) / (sqrt(2) sigma-y) is taken of it.
        """
        x = np.asarray(along, dtype=np.float64)
        y = np.asarray(across, dtype=np.float64)
        side, rise = spreads(x, self.stability, self.site)
        one = np.exp(-((up - self.height) ** 2) / (2.0 * rise**2))
        other = np.exp(-((up + self.height) ** 2) / (2.0 * rise**2))
        found = (
            self.grams / (2.0 * math.pi * self.wind * side * rise)
            * np.exp(-(y**2) / (2.0 * side**2)) * (one + other)
        )  # fmt: skip
        if math.isfinite(seconds):
            found = found * 0.5 * erfc((x - self.wind * seconds) / (math.sqrt(2.0) * side))
        return np.where(x > 0.0, found, 0.0)


def grams_of_ppm(ppm: float, molar: float) -> float:
    """Give grams in a cubic metre of air at 25 degrees C.

    >>> round(grams_of_ppm(20.0, 70.9), 4)
    0.058
    """
    return ppm * molar / MOLAR_L / 1000.0


def heat_radius(megawatts: float, share: float, limit: float) -> float:
    r"""Give where the heat of a fire falls to a limit: a point source in clear air.

    .. math:: r=\sqrt{\chi Q/(4\pi q)}

    Parameters
    ----------
    megawatts : float
        Heat set free, Q.
    share : float
        Part of it that is radiated, 0 to 1.
    limit : float
        Kilowatts on a square metre.

    Examples
    --------
    >>> round(heat_radius(100.0, 0.3, 4.0), 2)
    24.43
    """
    return math.sqrt(share * megawatts * 1000.0 / (4.0 * math.pi * limit))


def overpressure(distance: ArrayLike, tnt: float) -> Floats:
    """Give the peak side-on overpressure of a blast, kPa: Kinney and Graham (1985).

    Parameters
    ----------
    distance : (n,) array_like of float
        Metres.
    tnt : float
        Kilograms of TNT.

    Examples
    --------
    >>> round(float(overpressure(100.0, 1000.0)), 2)
    9.99
    """
    z = np.asarray(distance, dtype=np.float64) / tnt ** (1.0 / 3.0)
    top = 808.0 * (1.0 + (z / 4.5) ** 2)
    under = np.sqrt((1 + (z / 0.048) ** 2) * (1 + (z / 0.32) ** 2) * (1 + (z / 1.35) ** 2))
    return np.asarray(P0 * top / under)


def blast_radius(tnt: float, kpa: float) -> float:
    """Give where the overpressure falls to a limit, metres."""
    low, high = 1e-3, 1e5
    for _ in range(80):
        middle = math.sqrt(low * high)
        low, high = (middle, high) if overpressure(middle, tnt) > kpa else (low, middle)
    return low


def tnt_of(kilograms: float, heat: float, share: float) -> float:
    """Give the kilograms of TNT that are like a cloud of gas.

    >>> round(tnt_of(1000.0, 46.0, 0.04), 1)
    407.1
    """
    return share * kilograms * heat / TNT_MJ


def flooded(ground: Floats, source: tuple[int, int], level: float) -> Bools:
    """Give the cells below a level that are joined to the source, (rows, columns).

    Parameters
    ----------
    ground : (rows, columns) float64
        Metres; NaN where unknown, which stays dry.
    source : (row, column)
        Where the water comes from.
    level : float
        Of the water, metres.
    """
    low = np.nan_to_num(ground, nan=np.inf) < level
    labels, _ = ndimage.label(low, structure=np.ones((3, 3)))
    number = labels[source]
    return np.asarray((labels == number) & (number > 0))


def water_ways(wet: Bools, source: tuple[int, int], step: tuple[float, float]) -> Floats:
    """Give the way of water from the source through wet cells, metres; infinite where dry.

    Parameters
    ----------
    wet : (rows, columns) bool
        See `flooded`.
    source : (row, column)
        Where it begins.
    step : (float, float)
        Metres from column to column and from row to row.
    """
    out = np.full(wet.shape, np.inf)
    number = np.full(wet.shape, -1, dtype=np.int64)
    cells = np.flatnonzero(wet.ravel())
    number.ravel()[cells] = np.arange(len(cells))
    if not len(cells) or number[source] < 0:
        return out
    tails: list[Ints] = []
    heads: list[Ints] = []
    costs: list[Floats] = []
    for down, right in ((0, 1), (1, 0), (1, 1), (1, -1)):
        a = number[: wet.shape[0] - down, max(-right, 0) : wet.shape[1] - max(right, 0)]
        b = number[down:, max(right, 0) : wet.shape[1] + min(right, 0)]
        both = (a >= 0) & (b >= 0)
        tails.append(a[both])
        heads.append(b[both])
        costs.append(np.full(both.sum(), math.hypot(right * step[0], down * step[1])))
    graph = csr_array(
        (np.concatenate(costs), (np.concatenate(tails), np.concatenate(heads))),
        shape=(len(cells), len(cells)),
    )
    begin = np.array([number[source]])
    out.ravel()[cells] = dijkstra(graph, directed=False, indices=begin)[0]
    return out


@dataclass(frozen=True, slots=True)
class FireSpread:
    """A rule of our own for fire from house to house; no published model.

    Attributes
    ----------
    gap : float
        Metres a fire jumps without wind.
    minutes : float
        From the first flame in a house until it threatens the next one.
    wind : float
        Metres a second.
    towards : float
        Which way the wind blows, degrees clockwise from grid north.
    """

    gap: float = 6.0
    minutes: float = 20.0
    wind: float = 3.0
    towards: float = 90.0

    def jumps(self, away: Floats, bearing: Floats) -> Floats:
        """Give the minutes to jump gaps, metres, at bearings, degrees; infinite for too far.

        With the wind a fire jumps farther by a tenth for each metre a second, against it less
        far, by as much; and so much sooner or later.
        """
        lean = 1.0 + 0.1 * self.wind * np.cos(np.radians(bearing - self.towards))
        lean = np.maximum(lean, 0.2)
        return np.where(away <= self.gap * lean, self.minutes / lean, np.inf)


def fire_times(
    start: ArrayLike, one: Ints, other: Ints, minutes: Floats, count: int
) -> NDArray[np.float64]:
    """Give when each of `count` houses burns, minutes; infinite for never.

    Parameters
    ----------
    start : array_like of int
        Houses that burn at once.
    one, other : (k,) int64
        Pairs, each way round.
    minutes : (k,) float64
        From one to the other.
    """
    good = np.isfinite(minutes)
    graph = csr_array((minutes[good], (one[good], other[good])), shape=(count, count))
    found = dijkstra(graph, indices=np.asarray(start, dtype=np.int64), min_only=True)
    return np.asarray(found, dtype=np.float64)
