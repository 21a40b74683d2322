"""The level of a store of hazardous substances after GB 18218-2018: R = alpha x sum(beta q / Q).

Critical amounts and factors are from memory and were not compared with the printed standard.
"""

from __future__ import annotations

import re

#: Substance -> pattern of its names, critical amount Q in tonnes, factor beta.
SUBSTANCES: dict[str, tuple[str, float, float]] = {
    "chlorine": (r"chlorine|液氯|氯气|^氯$", 5.0, 4.0),
    "ammonia": (r"ammonia|液氨|氨", 10.0, 2.0),
    "sulphur-dioxide": (r"sul(ph|f)ur dioxide|二氧化硫", 20.0, 2.0),
    "hydrogen-sulphide": (r"hydrogen sul(ph|f)ide|硫化氢", 5.0, 5.0),
    "hydrogen-chloride": (r"hydrogen chloride|氯化氢", 20.0, 3.0),
    "hydrogen": (r"hydrogen|氢", 5.0, 1.5),
    "acetylene": (r"acetylene|乙炔", 1.0, 1.5),
    "lpg": (r"lpg|propane|butane|液化石油气|丙烷|丁烷", 50.0, 1.5),
    "natural-gas": (r"lng|cng|methane|natural gas|天然气|甲烷", 50.0, 1.5),
    "methanol": (r"methanol|甲醇", 500.0, 1.0),
    "petrol": (r"petrol|gasoline|汽油", 200.0, 1.0),
    "diesel": (r"diesel|柴油", 5000.0, 1.0),
    "benzene": (r"benzene|苯", 50.0, 1.0),
}
NEAR = 500.0  # metres around the store whose people count


def substance_of(word: str) -> str:
    """Give the key of a substance, "" for one that is not known.

    >>> substance_of("液氯"), substance_of("Hydrogen sulphide"), substance_of("Sand")
    ('chlorine', 'hydrogen-sulphide', '')
    """
    text = word.lower()
    return next((k for k, (p, _, _) in SUBSTANCES.items() if text and re.search(p, text)), "")


def alpha(people: float) -> float:
    """Give the factor of the people within 500 m.

    >>> [alpha(n) for n in (0, 10, 40, 60, 100)]
    [0.5, 1.0, 1.2, 1.5, 2.0]
    """
    if people >= 100:
        return 2.0
    if people >= 50:
        return 1.5
    if people >= 30:
        return 1.2
    return 1.0 if people >= 1 else 0.5


def r_value(substance: str, tonnes: float, people: float) -> float:
    """Give R of one substance.

    >>> r_value("chlorine", 10.0, 200)
    16.0
    """
    _, critical, beta = SUBSTANCES[substance]
    return alpha(people) * beta * tonnes / critical
