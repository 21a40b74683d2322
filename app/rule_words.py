"""Rules in words: what a rule is about, and when it holds; keys stay where there are no words."""

from __future__ import annotations

import math

from app.wording import Wording, current, dashed
from layers.rules.rule import Condition, Rule


def rule_name(key: str, words: Wording | None = None) -> str:
    """Give what a rule is about; its key where nobody has named it."""
    name = f"rule-{dashed(key)}"
    text = (words or current()).t(name)
    return key if text == name else text


def when_of(rule: Rule, words: Wording | None = None) -> str:
    """Give when a rule holds, "" for always."""
    w = words or current()
    return w.t("rule-and").join(_condition(one, w) for one in rule.when)


def _condition(condition: Condition, words: Wording) -> str:
    name = _known(f"rule-fact-{dashed(condition.fact)}", condition.fact, words)
    if condition.words:
        told = words.t("rule-or").join(
            _known(f"rule-word-{dashed(word)}", word, words) for word in sorted(condition.words)
        )
        return words.t("rule-is", fact=name, value=told)
    low, high = condition.low, condition.high
    if math.isfinite(low) and math.isfinite(high):
        return words.t("rule-between", fact=name, low=f"{low:g}", high=f"{high:g}")
    if math.isfinite(low):
        sign = ">" if condition.open_low else "≥"
        return f"{name} {sign} {low:g}"
    sign = "<" if condition.open_high else "≤"
    return f"{name} {sign} {high:g}"


def _known(key: str, otherwise: str, words: Wording) -> str:
    text = words.t(key)
    return otherwise if text == key else text
