"""A rule holds for its cases; the closest one counts; an unverified one only warns."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.rules.loader import built_in, rule_set
from layers.rules.rule import Condition, Rule, RuleSet, judge, worst

COVER = Rule("pipes.cover", 0.7, "m", when=(Condition("pipe", frozenset({"water"})),))
PE = replace(COVER, value=1.0, when=(*COVER.when, Condition("material", frozenset({"pe"}))))


def test_the_rule_with_the_most_conditions_counts() -> None:
    rules = RuleSet((PE, COVER))
    found = rules.find("pipes.cover", pipe="water", material="pe")
    assert found is PE
    assert rules.find("pipes.cover", pipe="water", material="steel") is COVER
    assert rules.find("pipes.cover", pipe="gas") is None
    assert rules.missing("pipes.cover", pipe="water") == {"material"}


def test_the_later_of_two_equal_rules_counts() -> None:
    ours = replace(COVER, value=0.9)
    assert RuleSet((COVER, ours)).find("pipes.cover", pipe="water") is ours


def test_an_unverified_rule_neither_passes_nor_fails() -> None:
    short = judge(COVER, 0.5)
    assert (short.status, short.holds) == ("warning", False)
    assert short.shortfall == pytest.approx(0.2)
    assert (judge(COVER, 0.8).status, judge(COVER, 0.8).holds) == ("warning", True)
    checked = replace(COVER, verified=True)
    assert judge(checked, 0.5).status == "fail"
    assert judge(checked, 0.7).status == "pass"
    assert judge(checked, 0.699, tolerance=0.005).status == "pass"
    assert judge(None, 1.0).status == judge(checked, math.nan).status == "none"


def test_the_worst_of_several_verdicts_counts() -> None:
    assert worst(["pass", "warning", "none"]) == "warning"
    assert worst(["pass", "fail", "warning"]) == "fail"
    assert worst([]) == "none"


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.floats(-2e6, 2e6))
def test_a_range_is_kept_exactly_between_its_ends(a: float, b: float, actual: float) -> None:
    low, high = min(a, b), max(a, b)
    rule = Rule("x.y", (low, high), "m", "range", verified=True)
    verdict = judge(rule, actual)
    assert verdict.holds is (low <= actual <= high)
    assert verdict.shortfall == max(low - actual, actual - high, 0.0)


def test_no_figure_that_comes_along_claims_to_be_checked() -> None:
    rules = rule_set(built_in())
    assert len(rules.unverified()) == len(rules.rules) > 500
    for rule in rules.rules:
        assert rule.standard
        assert rule.source
        assert rule.pack


@pytest.mark.parametrize(
    ("key", "facts", "value"),
    [
        ("pipes.clearance.horizontal", {"first": "drain", "second": "water-large"}, 1.5),
        ("pipes.clearance.horizontal", {"first": "water-large", "second": "drain"}, 1.5),
        ("pipes.clearance.horizontal", {"first": "gas-subhigh-a", "second": "building"}, 13.5),
        ("pipes.clearance.vertical", {"upper": "water", "lower": "power-buried"}, 0.5),
        (
            "pipes.clearance.vertical",
            {"upper": "water", "lower": "power-buried", "plate": True},
            0.25,
        ),
        ("pipes.cover", {"pipe": "water", "surface": "carriageway"}, 0.7),
        ("pipes.cover", {"pipe": "water", "surface": "carriageway", "material": "pe"}, 1.0),
        ("setback.road", {"height_m": 60.0, "road_width_m": 30.0}, 10.0),
        ("setback.road", {"height_m": 60.1, "road_width_m": 24.0}, 10.0),
        ("setback.road", {"height_m": 24.0, "road_width_m": 24.0}, 3.0),
        ("density.ratio.most", {"storeys": 11, "zone-group": "II-VI"}, 2.6),
        ("drains.manhole-spacing", {"diameter_mm": 800}, 100.0),
        ("sunlight.hours.great-cold", {"use": "housing", "zone": "IV", "city": "large"}, 3.0),
    ],
)
def test_figures_are_found_by_their_facts(
    key: str, facts: dict[str, str | float | bool], value: float
) -> None:
    rule = rule_set(built_in()).find(key, facts)
    assert rule is not None
    assert rule.value == value


def test_horizontal_clearance_is_the_same_both_ways() -> None:
    rules = rule_set(built_in())
    classes = ("water-small", "drain", "reclaimed", "heat", "power-buried", "telecom-duct")
    for a in classes:
        for b in classes:
            one = rules.find("pipes.clearance.horizontal", first=a, second=b)
            two = rules.find("pipes.clearance.horizontal", first=b, second=a)
            assert (one and one.value) == (two and two.value)
