"""Icons are one family: one size, one stroke, round ends, the colour of the text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import app.qt

FOLDER = Path(app.qt.__file__).parent / "icons"
ARTWORK = {"citystage", "skyline"}  # not icons but pictures


def small(path: Path) -> bool:
    """Say whether it is a part of a control, such as the hook of a check box."""
    return path.stem.endswith(("-dark", "-light"))


ICONS = [p for p in sorted(FOLDER.glob("*.svg")) if p.stem not in ARTWORK and not small(p)]


@pytest.mark.parametrize("path", ICONS, ids=lambda path: path.stem)
def test_icons_are_drawn_alike(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    head = re.search(r"<svg[^>]*>", text)
    assert head is not None
    assert 'viewBox="0 0 24 24"' in head[0]
    assert 'width="24"' in head[0]
    assert not re.search(r"#[0-9a-fA-F]{3,8}\b", text), "icons take the colour of the text"
    if 'stroke="none"' in head[0]:
        assert 'fill="currentColor"' in head[0]
        return
    for part in ('stroke="currentColor"', 'stroke-width="1.6"', 'stroke-linecap="round"'):
        assert part in head[0]
    numbers = {float(width) for width in re.findall(r'stroke-width="([\d.]+)"', text)}
    assert all(1.0 <= number <= 2.4 for number in numbers)


def test_the_sun_has_the_light_filling_of_the_family() -> None:
    assert "fill-opacity" in (FOLDER / "sun.svg").read_text(encoding="utf-8")
