"""A rule: a figure of a standard, when it holds, where it stands, and how sure it is."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Fact = str | float | int | bool
Facts = Mapping[str, Fact]
Status = Literal["pass", "fail", "warning", "none"]

#: How a figure came to be known, from sure to weak.
KNOWN = ("read", "second-hand", "memory-sure", "memory", "memory-weak", "own")
#: What the figure is to what is measured.
SENSES = ("minimum", "maximum", "range", "value")
MOST_CASES = 50_000  # that a set of rules remembers its answer for


@dataclass(frozen=True, slots=True)
class Condition:
    """What one fact must be for a rule to hold.

    Attributes
    ----------
    fact : str
        Name of the fact, such as ``"zone"`` or ``"diameter_mm"``.
    words : frozenset of str
        Texts of which the fact must be one; empty for a condition on numbers.
    low, high : float
        Numbers between which the fact must lie.
    open_low, open_high : bool
        Whether the bound itself is outside.
    """

    fact: str
    words: frozenset[str] = frozenset()
    low: float = -math.inf
    high: float = math.inf
    open_low: bool = False
    open_high: bool = False

    def holds(self, facts: Facts) -> bool:
        """Say whether the facts fulfil it; a fact that is not known does not."""
        value = facts.get(self.fact)
        if value is None:
            return False
        if self.words:
            return _word(value) in self.words
        if isinstance(value, str | bool) or math.isnan(value):
            return False
        above = value > self.low if self.open_low else value >= self.low
        below = value < self.high if self.open_high else value <= self.high
        return above and below

    def __str__(self) -> str:
        """Write it as it stands in a pack: ``zone=I,II`` or ``diameter_mm=300..600``."""
        if self.words:
            return f"{self.fact}={','.join(sorted(self.words))}"
        if self.high == math.inf:
            return f"{self.fact}{'>' if self.open_low else '>='}{self.low:g}"
        if self.low == -math.inf:
            return f"{self.fact}{'<' if self.open_high else '<='}{self.high:g}"
        above, below = ">" if self.open_low else "", "<" if self.open_high else ""
        if self.low == self.high:
            return f"{self.fact}={self.low:g}"
        return f"{self.fact}={above}{self.low:g}..{below}{self.high:g}"


@dataclass(frozen=True, slots=True)
class Rule:
    """One figure.

    Attributes
    ----------
    key : str
        What it is about, dotted: ``"pipes.clearance.horizontal"``.
    value : float or (float, float)
        The figure, or the two ends of a range.
    unit : str
        ``"m"``, ``"h"``, ``"%"``, ``"1"`` and so on.
    sense : str
        One of ``SENSES``.
    when : tuple of Condition
        All must hold.
    pack, standard, clause, source : str
        Id of the pack; number of the standard; where in it; who says so.
    known : str
        One of ``KNOWN``.
    verified : bool
        Whether somebody compared the figure with the source.
    checked_by, checked_on : str
        Who, and the ISO date; "" while unverified.
    mandatory : bool
        Whether the standard makes it compulsory.
    note : str
        What a reader should know.
    """

    key: str
    value: float | tuple[float, float]
    unit: str
    sense: str = "minimum"
    when: tuple[Condition, ...] = ()
    pack: str = ""
    standard: str = ""
    clause: str = ""
    source: str = ""
    known: str = "memory"
    verified: bool = False
    checked_by: str = ""
    checked_on: str = ""
    mandatory: bool = False
    note: str = ""

    def holds(self, facts: Facts) -> bool:
        """Say whether the rule is for such a case."""
        return all(condition.holds(facts) for condition in self.when)

    @property
    def low(self) -> float:
        """The least that is allowed, minus infinity where nothing says so."""
        if isinstance(self.value, tuple):
            return self.value[0]
        return self.value if self.sense in {"minimum", "value"} else -math.inf

    @property
    def high(self) -> float:
        """The most that is allowed, infinity where nothing says so."""
        if isinstance(self.value, tuple):
            return self.value[1]
        return self.value if self.sense in {"maximum", "value"} else math.inf

    def shortfall(self, actual: float) -> float:
        """Give by how much a value breaks the rule, in its unit; 0 where it does not."""
        return max(self.low - actual, actual - self.high, 0.0)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rule says of a measured value.

    Attributes
    ----------
    status : str
        ``"pass"`` or ``"fail"`` of a verified rule, ``"warning"`` of an unverified one whatever
        it would say, ``"none"`` where there is no rule or no value.
    holds : bool or None
        Whether the figure is kept; None where that cannot be said.
    actual : float
        What was measured; NaN for nothing.
    shortfall : float
        By how much it is broken, in the rule's unit.
    rule : Rule or None
        Which one.
    """

    status: Status
    holds: bool | None
    actual: float
    shortfall: float = 0.0
    rule: Rule | None = None


def judge(rule: Rule | None, actual: float, *, tolerance: float = 0.0) -> Verdict:
    """Hold a measured value against a rule.

    Parameters
    ----------
    rule : Rule or None
        None gives the verdict ``"none"``.
    actual : float
        In the rule's unit.
    tolerance : float
        How far a value may miss the figure, for what is no more than rounding.
    """
    if rule is None or math.isnan(actual):
        return Verdict("none", None, actual, 0.0, rule)
    missing = rule.shortfall(actual)
    missing = 0.0 if missing <= tolerance else missing
    status: Status = "warning"
    if rule.verified:
        status = "fail" if missing else "pass"
    return Verdict(status, not missing, actual, missing, rule)


@dataclass(frozen=True, slots=True, eq=False)
class RuleSet:
    """The rules that count, those of later packs before those of earlier ones.

    Attributes
    ----------
    rules : tuple of Rule
        In the order of the packs.
    """

    rules: tuple[Rule, ...]
    _by_key: dict[str, list[Rule]] = field(default_factory=dict, init=False, repr=False)
    _found: dict[object, Rule | None] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        for rule in self.rules:
            self._by_key.setdefault(rule.key, []).append(rule)

    def keys(self) -> list[str]:
        """List what there are rules about."""
        return sorted(self._by_key)

    def about(self, key: str) -> Sequence[Rule]:
        """Give all rules about something."""
        return tuple(self._by_key.get(key, ()))

    def find(self, key: str, facts: Facts | None = None, **more: Fact) -> Rule | None:
        """Give the rule for a case: of those that hold the one with the most conditions.

        Of equally close ones that of the later pack counts, and in a pack the later one.
        """
        known = {**(facts or {}), **more}
        case = (key, *sorted(known.items()))
        if case not in self._found:
            if len(self._found) >= MOST_CASES:
                self._found.clear()
            self._found[case] = self._best(key, known)
        return self._found[case]

    def _best(self, key: str, known: Facts) -> Rule | None:
        best: Rule | None = None
        for rule in self._by_key.get(key, ()):
            if rule.holds(known) and (best is None or len(rule.when) >= len(best.when)):
                best = rule
        return best

    def missing(self, key: str, facts: Facts | None = None, **more: Fact) -> frozenset[str]:
        """Name the facts that rules about something ask for and that are not known."""
        known = {**(facts or {}), **more}
        asked = {condition.fact for rule in self.about(key) for condition in rule.when}
        return frozenset(asked - known.keys())

    def unverified(self) -> tuple[Rule, ...]:
        """Give the rules nobody has compared with their source."""
        return tuple(rule for rule in self.rules if not rule.verified)


def worst(statuses: Iterable[Status]) -> Status:
    """Give the status that counts for several together."""
    order: tuple[Status, ...] = ("none", "pass", "warning", "fail")
    return max(statuses, key=order.index, default="none")


def _word(value: Fact) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else f"{value:g}"
