"""Which rule packs count: those that come with the program, and those of the user."""

from __future__ import annotations

from pathlib import Path

from app import settings
from layers.errors import CityError
from layers.rules.loader import RulePack, packs_in
from layers.rules.rule import Rule


def own_folder() -> Path:
    """Give the folder of the user's own packs; it need not exist."""
    return settings.config_folder() / "rules"


def packs() -> tuple[RulePack, ...]:
    """Give all packs that count, the user's last."""
    return packs_in([own_folder()])


def pack_called(name: str) -> RulePack:
    """Give a pack by its id.

    Raises
    ------
    CityError
        ``rules.no_pack``.
    """
    found = {pack.id: pack for pack in packs()}
    if name not in found:
        raise CityError(
            "rules.no_pack",
            f"There is no rule pack '{name}'.",
            hint=f"there are: {', '.join(found)}",
            name=name,
            names=", ".join(found),
        )
    return found[name]


def figure_of(rule: Rule) -> str:
    """Write the figure of a rule: at least, at most, from and to, with its unit."""
    unit = "" if rule.unit == "1" else f" {rule.unit}"
    if isinstance(rule.value, tuple):
        return f"{rule.value[0]:g}-{rule.value[1]:g}{unit}"
    sign = {"minimum": "≥ ", "maximum": "≤ "}.get(rule.sense, "")
    return f"{sign}{rule.value:g}{unit}"
