"""Symbols from the command line and Python: listed, drawn, kept in projects, favourites."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

from app import api, settings, symbols
from layers.drills.symbols import ALL
from layers.errors import CityError
from tests.app.conftest import commands
from tests.layers.files.test_symbol_import import glb, svg


@pytest.fixture(autouse=True)
def _own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CITYSTAGE_CONFIG", str(tmp_path / "config"))


@pytest.fixture
def town(tmp_path: Path) -> Path:
    path = tmp_path / "town.gpkg"
    with api.new_project(crs="EPSG:4547") as city:
        city.save(path)
    return path


run = commands("symbols")


def test_all_symbols_are_listed_and_found_by_pinyin(tmp_path: Path) -> None:
    code, text = run("list", "--json")
    assert code == 0
    assert len(json.loads(text)["symbols"]) == len(ALL) == 72
    code, text = run("list", "xhs", "--out", tmp_path / "out")
    assert (code, [p.name for p in (tmp_path / "out").iterdir()]) == (0, ["D20200-hydrant.svg"])
    assert run("list", "nothing at all")[0] == 1


def test_a_sheet_shows_every_symbol(tmp_path: Path) -> None:
    assert run("sheet", "--out", tmp_path / "all.png")[0] == 0
    assert run("sheet", "E3", "--dark", "--out", tmp_path / "ways.png")[0] == 0
    with Image.open(tmp_path / "all.png") as whole, Image.open(tmp_path / "ways.png") as two:
        assert whole.width > 1000
        assert two.width < 400
    assert run("sheet", "nothing", "--out", tmp_path / "none.png")[0] == 1


def test_own_symbols_are_kept_in_the_project_and_found_again(town: Path, tmp_path: Path) -> None:
    assert run("add", town, svg(tmp_path), "--name", "抽水车")[0] == 0
    assert run("add", town, glb(tmp_path))[0] == 0
    code, text = run("list", "csc", "--project", town, "--json")
    assert [row["code"] for row in json.loads(text)["symbols"]] == ["U00001"]
    out = tmp_path / "own"
    with api.open_project(town) as city:
        own = city.symbols("U0")
        assert symbols.write_symbols(own, out) == 2
        assert symbols.own_symbol(city.session.project, "抽水车").code == "U00001"
        with pytest.raises(CityError):
            symbols.own_symbol(city.session.project, "x")
    assert sorted(p.suffix for p in out.iterdir()) == [".png", ".svg"]
    assert run("remove", town, "tank")[0] == 0
    assert code == 0
    code, text = run("list", "U0", "--project", town, "--json")
    assert len(json.loads(text)["symbols"]) == 1


def test_wrong_files_end_with_code_2(town: Path, tmp_path: Path) -> None:
    assert run("add", town, tmp_path / "no.svg")[0] == 2
    assert run("remove", town, "no")[0] == 2


def test_favourites_stay_in_the_settings() -> None:
    assert run("favourite", "a20100", "D20301")[0] == 0
    assert settings.load().favourite_symbols == ["A20100", "D20301"]
    code, text = run("list", "--favourites", "--json")
    assert code == 0
    assert len(json.loads(text)["symbols"]) == 2
    assert [one.key for one in symbols.favourites()] == ["fire", "fire-engine"]
    assert run("favourite", "A20100", "--drop")[0] == 0
    assert settings.load().favourite_symbols == ["D20301"]
    assert run("favourite", "Q1")[0] == 2
