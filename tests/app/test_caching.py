"""The cache as its user meets it: settings, command line, messages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app import caching, settings
from app.caching import GIB, settle
from app.settings import Settings
from layers.files.store import USUAL_BYTES, default_store, settle_default
from tests.app.conftest import Run


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    monkeypatch.setenv("CITYSTAGE_CACHE", str(folder))
    return folder / "store"


def test_the_cache_is_where_and_as_big_as_the_settings_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CITYSTAGE_CACHE")
    try:
        store = settle(Settings(cache_gib=0.5, cache_folder=str(tmp_path / "here")))
        assert (store.folder, store.most_bytes) == (tmp_path / "here" / "store", GIB // 2)
        assert default_store() is store
        assert settle(Settings(cache_gib=0)).most_bytes == 0
    finally:
        settle_default(None, USUAL_BYTES)


def test_the_settings_of_the_user_are_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CITYSTAGE_CONFIG", str(tmp_path))
    settings.save(Settings(cache_gib=1.5))
    assert settle().most_bytes == 3 * GIB // 2
    assert caching.is_fixed()


def test_a_command_tells_how_full_the_cache_is_and_empties_it(run: Run, own_cache: Path) -> None:
    settle().keep("a", {"x": [0.0] * 1000})
    code, out, err = run("cache", "info", "--json")
    told = json.loads(out)
    assert (code, err) == (0, "")
    assert (told["folder"], told["entries"]) == (str(own_cache), 1)
    assert 8000 < told["bytes"] < 9000 < told["most_bytes"]
    assert "one entry, 0.0 MB of at most" in run("cache", "info")[1]
    code, out, _ = run("cache", "clear", "--lang", "zh-CN")
    assert (code, "删除 1 项" in out) == (0, True)
    assert run("cache", "clear", "--lang", "en")[1].startswith("Removed 0 entries")


def test_a_command_that_cannot_keep_says_so_once_and_works(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("CITYSTAGE_CACHE", str(tmp_path / "file"))
    project = tmp_path / "p.gpkg"
    assert run("new", project, "--crs", "EPSG:4547")[0] == 0
    assert run("info", project)[0] == 0
    store = settle()
    assert not store.keep("a", {"x": [1.0]})
    assert not store.keep("a", {"x": [1.0]})
