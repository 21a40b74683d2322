"""What the rules of clearance and cover call a pipe: by class, size, pressure and burial."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from layers.kinds.pipes import BANK, Pipes
from layers.pipes.classes import CLASS_KEYS, SUBCLASS_KEYS
from layers.rules.rule import Fact
from layers.shapes import Bools, Floats, Ints
from layers.style import texts

SMALL_WATER = 0.2  # metres of width up to which rules count a water pipe as small
#: Words of the burial method that mean a duct rather than a cable in the soil.
DUCTED = ("duct", "conduit", "管埋", "管块", "排管", "管沟", "套管", "沟埋")
#: Upper ends of gas pressure, MPa, and what rules call what lies below.
GAS = ((0.01, "gas-low"), (0.2, "gas-middle-b"), (0.4, "gas-middle-a"), (0.8, "gas-subhigh-b"),
       (1.6, "gas-subhigh-a"))  # fmt: skip
USUAL_GAS = "gas-middle-a"  # of a gas pipe whose pressure nobody told


@dataclass(frozen=True, slots=True, eq=False)
class RuleClasses:
    """What the rules call each of some pipes.

    Attributes
    ----------
    horizontal, vertical, cover : tuple of str
        Words of the rules, one per pipe; "" where the rules know no such pipe.
    facts : tuple of dict
        What else rules ask for: ``voltage_kv``, ``diameter_mm``, ``material``.
    assumed : (n,) bool
        Where a pressure was assumed.
    """

    horizontal: tuple[str, ...]
    vertical: tuple[str, ...]
    cover: tuple[str, ...]
    facts: tuple[dict[str, Fact], ...]
    assumed: Bools


def rule_classes(pipes: Pipes, rows: Ints) -> RuleClasses:
    """Tell what the rules call some of the objects of a layer.

    Parameters
    ----------
    pipes : Pipes
        Attributes ``pressure_mpa``, ``voltage_kv``, ``burial`` and ``material`` are used where
        the layer has them.
    rows : (k,) int64
        Positions.
    """
    pressure = _numbers(pipes, "pressure_mpa", rows)
    voltage = _numbers(pipes, "voltage_kv", rows)
    burial, material = _words(pipes, "burial", rows), _words(pipes, "material", rows)
    horizontal, vertical, cover, facts = [], [], [], []
    assumed = np.zeros(len(rows), dtype=bool)
    for k, row in enumerate(rows.tolist()):
        major = CLASS_KEYS[pipes.line_class[row]]
        minor = SUBCLASS_KEYS[pipes.subclass[row]]
        ducted = pipes.form[row] == BANK or any(word in burial[k] for word in DUCTED)
        words = _named(major, minor, float(pipes.width[row]), float(pressure[k]), ducted=ducted)
        horizontal.append(words[0])
        vertical.append(words[1])
        cover.append(words[2])
        assumed[k] = major == "gas" and bool(np.isnan(pressure[k]))
        known: dict[str, Fact] = {"diameter_mm": round(float(pipes.width[row]) * 1000.0, 3)}
        if not np.isnan(voltage[k]):
            known["voltage_kv"] = float(voltage[k])
        if material[k]:
            known["material"] = _material(material[k])
        facts.append(known)
    return RuleClasses(tuple(horizontal), tuple(vertical), tuple(cover), tuple(facts), assumed)


def _named(
    major: str, minor: str, width: float, pressure: float, *, ducted: bool
) -> tuple[str, str, str]:
    """Give the words for clearance beside, clearance above and below, and cover."""
    if major == "water" and minor == "grey":
        return "reclaimed", "reclaimed", "reclaimed"
    if major == "water":
        return ("water-small" if width <= SMALL_WATER else "water-large"), "water", "water"
    if major == "gas":
        return _gas(pressure), "gas", "gas"
    if major in {"power", "telecom"}:
        word = f"{major}-{'duct' if ducted else 'buried'}"
        return word, word, word
    if major == "other":
        return ("trench", "trench", "trench") if minor == "tunnel" else ("", "", "")
    return (major, major, major) if major in {"drain", "heat"} else ("", "", "")


def _gas(pressure: float) -> str:
    if np.isnan(pressure):
        return USUAL_GAS
    return next((word for most, word in GAS if pressure <= most), "")


def _material(text: str) -> str:
    if "钢" in text or "steel" in text or text in {"g", "gt"}:
        return "steel"
    if "混凝土" in text or "砼" in text or "concrete" in text or text in {"t", "tt"}:
        return "concrete"
    plastic = ("pvc", "hdpe", "upvc", "塑", "plastic")
    if text == "pe" or "聚乙烯" in text:
        return "pe"
    return "plastic" if any(word in text for word in plastic) else text


def _numbers(pipes: Pipes, name: str, rows: Ints) -> Floats:
    if name not in pipes.attributes.column_names:
        return np.full(len(rows), np.nan)
    return pipes.numbers(name)[rows]


def _words(pipes: Pipes, name: str, rows: Ints) -> Sequence[str]:
    if name not in pipes.attributes.column_names:
        return [""] * len(rows)
    return [str(word or "").casefold() for word in texts(pipes.column(name))[rows]]
