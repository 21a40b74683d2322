"""The rule packs that count for analyses: those of the program and those of the user's folders.

Analyses know no settings; whoever starts them (`app.analyses`) says where the user's packs lie.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from pathlib import Path

from layers.content import text_hash
from layers.errors import CityError
from layers.rules.loader import RulePack, packs_in, rule_set
from layers.rules.rule import RuleSet

ALL = "*"
_folders: list[Path] = []
_about: ContextVar[tuple[str, ...]] = ContextVar("about", default=())


def use(folders: Sequence[Path]) -> None:
    """Say in which folders the user's packs lie; later ones count more."""
    _folders[:] = folders


def packs(ids: Sequence[str] = (ALL,)) -> tuple[RulePack, ...]:
    """Give the packs of these ids; ``"*"`` and "" stand for all.

    Raises
    ------
    CityError
        ``rules.no_pack``.
    """
    found = packs_in(_folders)
    if not ids or ALL in ids or "" in ids:
        return found
    by_id = {pack.id: pack for pack in found}
    for name in ids:
        if name not in by_id:
            names = ", ".join(by_id)
            raise CityError(
                "rules.no_pack", f"There is no rule pack '{name}'.",
                hint=f"there are: {names}", name=name, names=names,
            )  # fmt: skip
    return tuple(by_id[name] for name in ids)


def rules(ids: Sequence[str] = (ALL,)) -> RuleSet:
    """Give the rules of the packs of these ids together; see `seeing`."""
    return rule_set(tuple(_part(pack, _about.get()) for pack in packs(ids)))


@contextmanager
def seeing(about: tuple[str, ...]) -> Iterator[None]:
    """Let `rules` give only those whose keys begin so; nothing: all.

    What an analysis says it looks up is then all it can look up.
    """
    token = _about.set(about)
    try:
        yield
    finally:
        _about.reset(token)


def _part(pack: RulePack, about: tuple[str, ...]) -> RulePack:
    if not about:
        return pack
    return replace(pack, rules=tuple(r for r in pack.rules if r.key.startswith(about)))


def pack_hash(pack: RulePack, about: tuple[str, ...] = ()) -> str:
    """Give the hash of a pack's rules, the same in every process; "" where none begins so."""
    told = [
        f"{replace(rule, when=())!r} {' '.join(str(condition) for condition in rule.when)}"
        for rule in _part(pack, about).rules
    ]
    return text_hash("\n".join(told)) if told else ""
