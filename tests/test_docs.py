"""What the pages say exists: links, pictures, commands and their options."""

from __future__ import annotations

import re
import shlex
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import typer

from app import cli
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
COMMAND = re.compile(r"^(?:\.venv[/\\]\S+[/\\])?citystage (.*)$", re.MULTILINE)
FENCE = re.compile(r"```[a-z]*\n(.*?)```", re.DOTALL)


def commands() -> list[tuple[str, str]]:
    found = []
    for page in PAGES:
        for block in FENCE.findall(page.read_text(encoding="utf-8")):
            found += [(page.name, line) for line in COMMAND.findall(block)]
    return [(name, line) for name, line in found if not line[0].isupper() and ": " not in line]


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_links_and_pictures_of_a_page_exist(page: Path) -> None:
    targets = [t for t in LINK.findall(page.read_text(encoding="utf-8")) if "://" not in t]
    assert [t for t in targets if not (page.parent / t).exists()] == []


def test_there_are_commands_to_look_at() -> None:
    assert len(commands()) > 10


@pytest.mark.parametrize(("page", "line"), commands())
def test_a_command_that_is_shown_has_these_options(page: str, line: str) -> None:
    group: Any = typer.main.get_command(cli.app)
    words = [w for w in shlex.split(line, posix=True) if w != "..."]
    command = group
    while hasattr(command, "commands"):  # groups such as "pipes" have commands of their own
        assert words, f"{page}: a command is missing"
        name = words.pop(0)
        assert name in command.commands, f"{page}: no such command as {name}"
        command = command.commands[name]
    known = {opt for p in command.params for opt in (*p.opts, *p.secondary_opts)}
    known |= {"--help", "--lang"}
    assert [w for w in words if w.startswith("--") and w.split("=")[0] not in known] == []


def test_both_guides_have_the_same_chapters_and_pictures() -> None:
    guide = ROOT / "docs" / "guide"
    english = (guide / "README.md").read_text(encoding="utf-8")
    chinese = (guide / "README.zh-CN.md").read_text(encoding="utf-8")

    def parts(text: str) -> tuple[int, list[str]]:
        pictures = re.findall(r"pictures/([a-z-]+?)-(?:en|zh-CN)\.png", text)
        return len(re.findall(r"^#+ ", text, re.MULTILINE)), pictures

    assert parts(english) == parts(chinese)


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
