"""A font for Chinese is found on every system, or its lack is told."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from layers.errors import CityError
from scene import fonts


@pytest.fixture
def fresh() -> Iterator[None]:
    """Forget what was found, before and after."""
    caches = (fonts.chinese_face, fonts._files, fonts.font)
    for cache in caches:
        cache.cache_clear()
    yield
    for cache in caches:
        cache.cache_clear()


def test_the_font_found_here_writes_simplified_chinese() -> None:
    face = fonts.chinese_face()
    assert face is not None
    assert fonts._has_signs(fonts.font(24), "滨江新区规划市")
    family = " ".join(part or "" for part in fonts.font(24).getname())
    assert not family.startswith("Noto") or " SC" in family


def test_bold_letters_are_wider_or_the_same() -> None:
    plain, heavy = fonts.font(40), fonts.font(40, bold=True)
    assert heavy.getlength("Riverside") >= plain.getlength("Riverside")


def test_a_named_font_file_counts_before_all_others(
    monkeypatch: pytest.MonkeyPatch, fresh: None
) -> None:
    here = fonts.chinese_face()
    assert here is not None
    fonts.chinese_face.cache_clear()
    monkeypatch.setenv("CITYSTAGE_FONT", str(here.path))
    monkeypatch.setattr(fonts, "folders", lambda: iter(()))
    monkeypatch.setattr(fonts, "_asked_fontconfig", lambda: None)
    fonts._files.cache_clear()
    assert fonts.chinese_face() == here


def test_where_there_is_no_chinese_font_it_is_told_with_what_to_install(
    monkeypatch: pytest.MonkeyPatch, fresh: None
) -> None:
    monkeypatch.delenv("CITYSTAGE_FONT", raising=False)
    monkeypatch.setattr(fonts, "folders", lambda: iter(()))
    monkeypatch.setattr(fonts, "_asked_fontconfig", lambda: None)
    fonts.check("Riverside", "")
    assert fonts.font(14).getlength("Riverside") > 20
    with pytest.raises(CityError) as caught:
        fonts.check("Riverside", "滨江新区", "长江")
    assert caught.value.code == "font.no_chinese"
    assert "fonts-noto-cjk" in caught.value.hint
    assert caught.value.facts == {"count": 2, "first": "滨江新区"}


def test_a_file_that_is_no_font_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "msyh.ttc"
    path.write_bytes(b"not a font")
    assert fonts._writes_chinese(path) is None


@pytest.mark.parametrize("system", ["win32", "darwin", "linux"])
def test_each_system_has_its_folders(system: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setenv("WINDIR", "C:/Windows")
    monkeypatch.setenv("LOCALAPPDATA", "C:/Users/li/AppData/Local")
    assert len(list(fonts.folders())) >= 2
