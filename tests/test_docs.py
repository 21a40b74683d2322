"""What the pages say exists: links, pictures, commands and their options."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import typer

from app import cli
from app.qt.menus import MENUS
from app.wording import Wording, dashed
from layers.analyses.table import ANALYSES, analysis_of
from layers.drills.log import Entry, Exercise
from layers.kinds.measurements import Measurement
from layers.project import Info
from layers.style import Colouring, Style
from layers.style import Entry as LegendEntry
from layers.tours import Slide
from layers.viewpoint import View, Viewpoint

ROOT = Path(__file__).parents[1]
PAGES = sorted(
    [ROOT / "README.md", *(ROOT / "docs").rglob("*.md"), ROOT / "data_samples/README.md"]
)
LINK = re.compile(r"\]\(([^)#]+)\)")
COMMAND = re.compile(r"^(?: {4})?(?:\.venv[/\\]\S+[/\\])?citystage (.*)$", re.MULTILINE)
FENCE = re.compile(r"```[a-z]*\n(.*?)```", re.DOTALL)
IN_LINE = re.compile(r"`citystage ([^`]+)`")
TOP: Any = typer.main.get_command(cli.app)


def commands() -> list[tuple[str, str]]:
    """Give the commands that stand in blocks of their own, with the page they are on."""
    found = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        blocks = [*FENCE.findall(text), *re.findall(r"^ {4}citystage .*$", text, re.MULTILINE)]
        for block in blocks:
            found += [(page.name, line) for line in COMMAND.findall(block)]
    return [(name, line) for name, line in found if not line[0].isupper() and ": " not in line]


def named() -> list[tuple[str, str]]:
    """Give the commands that sentences name, whole or only by their name."""
    found = []
    for page in PAGES:
        text = FENCE.sub("", page.read_text(encoding="utf-8"))
        found += [(page.name, " ".join(line.split())) for line in IN_LINE.findall(text)]
    return [(name, line) for name, line in found if not line.startswith("-")]


def parse(line: str) -> None:
    """Let the command line read what stands behind ``citystage``, values too; runs nothing."""
    command, words = TOP, shlex.split(line, comments=True)
    context = TOP.make_context("citystage", words)
    while hasattr(command, "commands"):  # groups such as "pipes" have commands of their own
        assert words, f"{line}: the command is missing"
        name, command, words = command.resolve_command(context, words)
        context = command.make_context(name, list(words), parent=context)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_links_and_pictures_of_a_page_exist(page: Path) -> None:
    targets = [t for t in LINK.findall(page.read_text(encoding="utf-8")) if "://" not in t]
    assert [t for t in targets if not (page.parent / t).exists()] == []


def test_there_are_commands_to_look_at() -> None:
    assert len(commands()) > 10


@pytest.mark.parametrize(("page", "line"), commands())
def test_a_command_that_is_shown_can_be_typed_as_it_stands(page: str, line: str) -> None:
    parse(line)


@pytest.mark.parametrize(("page", "line"), named())
def test_a_command_that_a_sentence_names_exists_with_these_options(page: str, line: str) -> None:
    try:
        parse(line)
    except typer.exceptions.TyperException as error:
        if type(error).__name__ != "MissingParameter":  # the sentence is not about the project
            raise


def test_both_guides_have_the_same_chapters_and_pictures() -> None:
    guide = ROOT / "docs" / "guide"
    english = (guide / "README.md").read_text(encoding="utf-8")
    chinese = (guide / "README.zh-CN.md").read_text(encoding="utf-8")

    def parts(text: str) -> tuple[int, list[str]]:
        pictures = re.findall(r"pictures/([a-z-]+?)-(?:en|zh-CN)\.png", text)
        return len(re.findall(r"^#+ ", text, re.MULTILINE)), pictures

    assert parts(english) == parts(chinese)


def leaves(command: Any, *path: str) -> Iterator[tuple[str, ...]]:
    """Give the words that lead to each command."""
    for name, inner in command.commands.items():
        if hasattr(inner, "commands"):
            yield from leaves(inner, *path, name)
        else:
            yield (*path, name)


def test_the_page_on_scripting_names_every_command() -> None:
    text = (ROOT / "docs" / "scripting.md").read_text(encoding="utf-8")
    rows = [row for row in text.splitlines() if row.startswith("| `")]
    codes = [re.findall(r"`([^`]+)`", row) for row in rows]
    missing = []
    for path in leaves(TOP):
        about = [row for row in codes if len(path) == 1 or any(c.startswith(path[0]) for c in row)]
        if not any(path[-1] in code.split()[: len(path)] for row in about for code in row):
            missing.append(" ".join(path))
    assert missing == []


def words(page: str) -> set[str]:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    return set(re.findall(r"`([^`\n]+)`", text))


def test_every_module_the_page_on_the_architecture_names_exists() -> None:
    there = [f for top in ("layers", "scene", "app", "shaders") for f in (ROOT / top).rglob("*")]
    there += [*(ROOT / "tests").glob("*.py")]
    paths = {file.relative_to(ROOT).as_posix() for file in there}
    named = {w for w in words("architecture.md") if re.fullmatch(r"[\w/-]+\.(py|glsl|toml)", w)}
    assert len(named) > 100
    assert sorted(w for w in named if not any(f"/{p}".endswith(f"/{w}") for p in paths)) == []


def test_the_page_on_the_architecture_names_every_package() -> None:
    inits = [f for top in ("layers", "scene", "app") for f in (ROOT / top).rglob("__init__.py")]
    packages = {file.parent.relative_to(ROOT).as_posix() for file in inits}
    assert len(packages) > 15
    assert sorted(packages - words("architecture.md")) == []


@pytest.mark.parametrize(
    "kept",
    [Style, Colouring, LegendEntry, Info, View, Viewpoint, Slide, Measurement, Exercise, Entry],
    ids=lambda kept: f"{kept.__module__}.{kept.__name__}",
)
def test_the_page_on_the_project_file_names_what_is_kept(kept: Any) -> None:
    assert [f.name for f in fields(kept) if f.name not in words("project-file.md")] == []


def plain(text: str) -> str:
    """Give the words of an entry as a page writes them: no letters of keys, no dots."""
    return re.sub(r"\(&.\)|&|…", "", text).strip().casefold()


def entries(wording: Wording) -> dict[str, set[str]]:
    """Give what stands in each menu, and in each group of analyses, by their titles."""
    menus = {}
    for menu, rows in MENUS:
        keys = [f"menu-{r[1:]}" if r.startswith("=") else f"action-{r}" for r in rows if r]
        menus[plain(wording.t(f"menu-{menu}"))] = {plain(wording.t(key)) for key in keys}
    analyses = menus[plain(wording.t("menu-analyses"))]
    for key in ANALYSES:
        group = plain(wording.t(f"analyses-group-{analysis_of(key).group}"))
        analyses.add(group)
        found = menus.setdefault(f"{plain(wording.t('menu-analyses'))} > {group}", set())
        found.add(plain(wording.t(f"analysis-{dashed(key)}")))
    return menus


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_entries_of_menus_that_a_page_names_are_there(page: Path) -> None:
    chinese = "zh-CN" in page.name
    menus = entries(Wording("zh-CN" if chinese else "en"))
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    bold = re.findall(r"\*\*([^*|]+? > [^*]+?)\*\*", text)
    told = [*bold, *re.findall(r"菜单(\w+ > \w+)|menu (\w+ > [\w ]+)", text)]
    paths = ["".join(path) for path in told]
    assert paths or "guide" not in page.as_posix()
    wrong = []
    for path in paths:
        *where, entry = (plain(" ".join(part.split())) for part in path.split(" > "))
        if where[0] in menus and entry not in menus.get(" > ".join(where), set()):
            wrong.append(path)
    assert wrong == []
