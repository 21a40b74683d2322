"""What the pages say exists: links, pictures, commands and their options."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer

from app import cli

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
