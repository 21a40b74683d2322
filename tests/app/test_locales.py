"""Every text that the program can say exists in both languages, with the values it mentions."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from fluent.syntax import FluentParser
from fluent.syntax import ast as ftl
from fluent.syntax.visitor import Visitor

from app.wording import LOCALES, dashed
from layers.kinds import KINDS

ROOT = Path(__file__).parents[2]
LOCALE = ROOT / "app" / "locale"


class Variables(Visitor):
    def __init__(self) -> None:
        self.names: set[str] = set()

    def visit_VariableReference(self, node: ftl.VariableReference) -> None:  # noqa: N802
        self.names.add(node.id.name)


def variables(node: ftl.BaseNode | None) -> set[str]:
    visitor = Variables()
    if node is not None:
        visitor.visit(node)
    return visitor.names


def entries(locale: str) -> Iterator[tuple[Path, ftl.EntryType]]:
    for path in sorted((LOCALE / locale).glob("*.ftl")):
        for entry in FluentParser().parse(path.read_text(encoding="utf-8")).body:
            yield path, entry


def texts(locale: str) -> dict[str, ftl.Message]:
    return {e.id.name: e for _, e in entries(locale) if isinstance(e, ftl.Message)}


ENGLISH, CHINESE = texts("en"), texts("zh-CN")


@dataclass(frozen=True)
class Said:
    """A text that the code names."""

    key: str
    place: str
    facts: frozenset[str] | None  # None where they cannot be told from the code
    hint: bool = False


def constant(node: ast.expr | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def argument(call: ast.Call, position: int, name: str) -> ast.expr | None:
    if len(call.args) > position:
        return call.args[position]
    return next((k.value for k in call.keywords if k.arg == name), None)


def dict_keys(node: ast.expr | None) -> frozenset[str] | None:
    if node is None:
        return frozenset()
    if isinstance(node, ast.Dict):
        keys = [constant(k) for k in node.keys]
        return None if None in keys else frozenset(k for k in keys if k is not None)
    return None


def said_by(call: ast.Call, place: str) -> Iterator[Said]:
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    keywords = {k.arg for k in call.keywords}
    given = None if None in keywords else frozenset(k for k in keywords if k is not None)
    first = constant(argument(call, 0, "code" if name == "CityError" else "key"))
    if name == "CityError" and first:
        yield Said(f"error-{dashed(first)}", place, given, hint="hint" in keywords)
    elif name == "Note" and first:
        yield Said(f"note-{dashed(first)}", place, dict_keys(argument(call, 1, "facts")))
    elif name == "Label" and first:
        yield Said(first, place, dict_keys(argument(call, 1, "facts")))
    elif name == "t" and first and isinstance(call.func, ast.Attribute):
        yield Said(first.partition(".")[0], place, given)
    elif name in {"lose", "mend"} and first:
        yield Said(f"reason-{dashed(first)}", place, frozenset())
    elif name == "Message":
        key = constant(argument(call, 1, "key"))
        if key:
            yield Said(key, place, dict_keys(argument(call, 2, "facts")))
    for keyword in call.keywords:
        if keyword.arg in {"unreadable", "repaired"}:  # reason to the features it is about
            for node in ast.walk(keyword.value):
                for reason in dict_keys(node) or () if isinstance(node, ast.Dict) else ():
                    yield Said(f"reason-{dashed(reason)}", place, frozenset())


@cache
def said() -> tuple[Said, ...]:
    found: list[Said] = []
    for folder in ("layers", "scene", "app"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            file = path.relative_to(ROOT)
            for node in ast.walk(tree):
                place = f"{file}:{getattr(node, 'lineno', 0)}"
                if isinstance(node, ast.Call):
                    found += said_by(node, place)
                elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                    text = node.value
                    if text.startswith("progress-") and text.replace("-", "").isidentifier():
                        found.append(Said(text, place, frozenset()))
    return tuple(found)


def listed(problems: set[str]) -> str:
    return "\n".join(["", *sorted(problems)])


def test_both_languages_have_the_same_texts() -> None:
    english = set(ENGLISH)
    in_code = ("error-", "help-")  # whose English stands in the code
    chinese = {key for key in CHINESE if not key.startswith(in_code) or key in english}
    wrong = {f"only in English: {key}" for key in english - chinese}
    wrong |= {f"only in Chinese: {key}" for key in chinese - english}
    assert not wrong, listed(wrong)


@pytest.mark.parametrize("locale", LOCALES)
def test_the_files_of_a_language_can_be_read_and_name_each_text_once(locale: str) -> None:
    wrong: set[str] = set()
    seen: dict[str, Path] = {}
    for path, entry in entries(locale):
        if isinstance(entry, ftl.Junk):
            wrong.add(f"{path.name}: cannot be read: {(entry.content or '')[:60]!r}")
        elif isinstance(entry, ftl.Message):
            if entry.id.name in seen:
                wrong.add(f"{path.name}: {entry.id.name} is also in {seen[entry.id.name].name}")
            seen[entry.id.name] = path
    assert not wrong, listed(wrong)


def test_both_languages_mention_the_same_values() -> None:
    wrong = {
        f"{key}: {sorted(variables(ENGLISH[key]))} against {sorted(variables(CHINESE[key]))}"
        for key in ENGLISH.keys() & CHINESE.keys()
        if variables(ENGLISH[key]) != variables(CHINESE[key])
    }
    assert not wrong, listed(wrong)


def test_every_text_that_the_code_names_exists() -> None:
    wrong: set[str] = set()
    for item in said():
        if item.key.startswith("error-"):
            if item.key not in CHINESE:
                wrong.add(f"{item.key} (zh-CN)   {item.place}")
            elif item.hint and "hint" not in {a.id.name for a in CHINESE[item.key].attributes}:
                wrong.add(f"{item.key}.hint (zh-CN)   {item.place}")
        else:
            wrong |= {
                f"{item.key} ({locale})   {item.place}"
                for locale, known in (("en", ENGLISH), ("zh-CN", CHINESE))
                if item.key not in known
            }
    assert not wrong, listed(wrong)


def test_texts_mention_only_values_that_the_code_gives() -> None:
    wrong: set[str] = set()
    for item in said():
        if item.facts is None or item.key not in CHINESE:
            continue
        missing = variables(CHINESE[item.key]) - item.facts
        if missing:
            wrong.add(f"{item.key} mentions {sorted(missing)}   {item.place}")
    assert not wrong, listed(wrong)


def test_no_error_text_is_left_over() -> None:
    known = {item.key for item in said()}
    computed = {"error-with-place"}
    left = {key for key in CHINESE if key.startswith("error-")} - known - computed
    assert not left, listed(left)


def test_every_kind_of_layer_has_a_name() -> None:
    assert {f"kind-{key}" for key in KINDS} <= ENGLISH.keys() & CHINESE.keys()
