"""Reading rule packs: TOML files with single rules and with tables of figures."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from layers.errors import CityError
from layers.rules.rule import Condition, Rule, RuleSet

PACKS = Path(__file__).parent / "packs"
KEY = r"^[a-z0-9-]+(\.[a-z0-9-]+)+$"
NUMBER = r"[+-]?\d+(?:\.\d+)?"
RANGE = re.compile(rf"^(>)?({NUMBER})?\.\.(<)?({NUMBER})?$")
BOUND = re.compile(rf"^(<=|>=|<|>)({NUMBER})$")

Known = Literal["read", "second-hand", "memory-sure", "memory", "memory-weak", "own"]
Sense = Literal["minimum", "maximum", "range", "value"]
When = dict[str, str | float | bool | list[str]]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Origin(_Strict):
    """What a rule takes over from its pack or table where it says nothing itself."""

    clause: str = ""
    source: str = ""
    known: Known | None = None
    verified: bool | None = None
    checked_by: str = ""
    checked_on: str = ""
    mandatory: bool | None = None
    note: str = ""


class _Head(_Origin):
    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    standard: str
    title: str
    title_zh: str = ""
    issued: str = ""


class _Rule(_Origin):
    key: str = Field(pattern=KEY)
    value: float | tuple[float, float]
    unit: str
    sense: Sense = "minimum"
    when: When = {}

    @model_validator(mode="after")
    def _fits(self) -> _Rule:
        if isinstance(self.value, tuple) is not (self.sense == "range"):
            raise ValueError("a range has two figures, everything else has one")
        if isinstance(self.value, tuple) and self.value[0] > self.value[1]:
            raise ValueError("the first figure of a range is the lower one")
        return self


class _Table(_Origin):
    """Figures in rows and columns; ``"-"`` stands where there is no rule."""

    key: str = Field(pattern=KEY)
    unit: str
    sense: Sense = "minimum"
    row: str
    column: str
    columns: list[str]
    rows: dict[str, list[float | Literal["-"]]]
    symmetric: bool = False
    second_hand: dict[str, list[str]] = {}
    when: When = {}

    @model_validator(mode="after")
    def _full(self) -> _Table:
        for name, row in self.rows.items():
            if len(row) != len(self.columns):
                raise ValueError(
                    f"row '{name}' has {len(row)} figures for {len(self.columns)} columns"
                )
        return self


class _File(_Strict):
    pack: _Head
    rule: list[_Rule] = []
    table: list[_Table] = []


@dataclass(frozen=True, slots=True, eq=False)
class RulePack:
    """The rules of one file.

    Attributes
    ----------
    id, standard, title, title_zh, issued : str
        What it is called; `issued` is when the standard came out.
    rules : tuple of Rule
        In the order of the file.
    path : Path
        The file.
    """

    id: str
    standard: str
    title: str
    title_zh: str
    issued: str
    rules: tuple[Rule, ...]
    path: Path

    @property
    def verified(self) -> int:
        """How many of the rules somebody compared with the source."""
        return sum(rule.verified for rule in self.rules)


def read_pack(path: Path) -> RulePack:
    """Read a rule pack.

    Raises
    ------
    CityError
        ``rules.unreadable``, ``rules.invalid`` with the first thing that is wrong.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CityError(
            "rules.unreadable",
            f"{path.name} is not a rule pack that can be read: {error}.",
            hint="compare it with one written by: citystage rules copy PACK FILE",
            file=path.name,
            reason=str(error),
        ) from error
    try:
        return _pack(_File.model_validate(raw), path)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise _invalid(path, place, first["msg"], error.error_count()) from error
    except ValueError as error:
        raise _invalid(path, "when", str(error), 1) from error


def _invalid(path: Path, place: str, reason: str, count: int) -> CityError:
    return CityError(
        "rules.invalid",
        f"{path.name} has {count} mistakes; the first, at {place}: {reason}.",
        hint="compare it with one written by: citystage rules copy PACK FILE",
        file=path.name,
        count=count,
        place=place,
        reason=reason,
    )


@lru_cache(maxsize=1)
def built_in() -> tuple[RulePack, ...]:
    """Give the packs that come with the program."""
    return tuple(read_pack(path) for path in sorted(PACKS.glob("*.toml")))


def packs_in(folders: Iterable[Path]) -> tuple[RulePack, ...]:
    """Give the built-in packs and those of folders; one of the same id takes the other's place."""
    out = {pack.id: pack for pack in built_in()}
    for folder in folders:
        for path in sorted(folder.glob("*.toml")) if folder.is_dir() else ():
            pack = read_pack(path)
            out.pop(pack.id, None)  # the newer one counts as later
            out[pack.id] = pack
    return tuple(out.values())


def rule_set(packs: Sequence[RulePack]) -> RuleSet:
    """Put the rules of packs together."""
    return RuleSet(tuple(rule for pack in packs for rule in pack.rules))


def _pack(file: _File, path: Path) -> RulePack:
    head = file.pack
    rules = [*_tabled(file), *_single(file)]  # a single rule may be an exception to a table
    made = tuple(replace(rule, pack=head.id, standard=head.standard) for rule in rules)
    return RulePack(head.id, head.standard, head.title, head.title_zh, head.issued, made, path)


def _single(file: _File) -> Iterator[Rule]:
    for raw in file.rule:
        when = _conditions(raw.when)
        rule = Rule(raw.key, raw.value, raw.unit, raw.sense, when)
        yield _with_origin(rule, raw, file.pack)


def _tabled(file: _File) -> Iterator[Rule]:
    for raw in file.table:
        shared = _conditions(raw.when)
        done = set()
        for name, row in raw.rows.items():
            for other, value in zip(raw.columns, row, strict=True):
                pairs = [(name, other)]
                if raw.symmetric and name != other:
                    pairs.append((other, name))
                for first, second in pairs:
                    if value == "-" or (first, second) in done:
                        continue
                    done.add((first, second))
                    when = (*shared, _condition(raw.row, first), _condition(raw.column, second))
                    rule = Rule(raw.key, float(value), raw.unit, raw.sense, when)
                    rule = _with_origin(rule, raw, file.pack)
                    seen = other in raw.second_hand.get(name, ())
                    yield replace(rule, known="second-hand") if seen else rule


def _with_origin(rule: Rule, own: _Origin, pack: _Origin) -> Rule:
    return replace(
        rule,
        clause=own.clause or pack.clause,
        source=own.source or pack.source,
        known=own.known or pack.known or "memory",
        verified=bool(own.verified if own.verified is not None else pack.verified),
        checked_by=own.checked_by or pack.checked_by,
        checked_on=own.checked_on or pack.checked_on,
        mandatory=bool(own.mandatory if own.mandatory is not None else pack.mandatory),
        note=own.note or pack.note,
    )


def _conditions(when: When) -> tuple[Condition, ...]:
    return tuple(_condition(fact, value) for fact, value in when.items())


def _condition(fact: str, value: str | float | bool | list[str]) -> Condition:
    if isinstance(value, bool):
        return Condition(fact, frozenset({"yes" if value else "no"}))
    if isinstance(value, list):
        return Condition(fact, frozenset(value))
    if not isinstance(value, str):
        return Condition(fact, low=float(value), high=float(value))
    return _bounds(fact, value) or Condition(fact, frozenset({value}))


def _bounds(fact: str, text: str) -> Condition | None:
    """Read ``300..600``, ``>24..60``, ``110..<220`` or ``<=24``; None for a plain word."""
    if match := RANGE.match(text):
        above, low, below, high = match.groups()
        if low is None and high is None:
            raise ValueError(f"'{fact} = {text}' has no bound")
        return Condition(
            fact,
            low=float(low) if low else -float("inf"),
            high=float(high) if high else float("inf"),
            open_low=bool(above),
            open_high=bool(below),
        )
    if match := BOUND.match(text):
        sign, number = match.group(1), float(match.group(2))
        if sign[0] == "<":
            return Condition(fact, high=number, open_high=sign == "<")
        return Condition(fact, low=number, open_low=sign == ">")
    return None
