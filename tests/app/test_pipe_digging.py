"""Digging by command and from Python."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from app import api
from app.cli import main
from layers.files.project_file import save_project
from layers.progress import Silent
from tests.layers.pipes.made import EAST, NORTH
from tests.layers.pipes.streets import street


@pytest.fixture
def city(tmp_path: Path) -> Path:
    path = tmp_path / "city.gpkg"
    save_project(street(), path, Silent())
    return path


def places(*points: tuple[float, float]) -> str:
    return " ".join(f"{EAST + x},{NORTH + y}" for x, y in points)


PIT = places((30, -8), (40, -8), (40, -2), (30, -2))


def test_a_pit_that_hits_a_pipe_ends_with_one(
    city: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "hit.xlsx"
    command = ["pipes", "dig", str(city), "--pit", PIT, "--depth", "2", "--slope", "0"]
    assert main([*command, "--out", str(table), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["facts"]["volume_m3"] == pytest.approx(120.0)
    assert told["facts"]["hits_count"] == 1
    assert [(one["owner"], one["hits"]) for one in told["owners"]] == [("water", 1)]
    assert len(list(openpyxl.load_workbook(table).active.iter_rows())) >= 2
    assert main(command) == 1
    shown = capsys.readouterr().out
    assert "By owner:" in shown
    assert "water" in shown


def test_a_pit_that_stays_above_ends_with_nothing(city: Path) -> None:
    command = ["pipes", "dig", str(city), "--pit", PIT, "--depth", "0.5", "--slope", "0"]
    assert main([*command, "--save", "Shallow"]) == 0
    with api.open_project(city) as opened:
        assert opened.answer("Shallow").outcome.status in {"none", "warning"}


def test_what_cannot_be_dug_ends_with_two(
    city: Path, capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    assert main(["pipes", "dig", str(city)]) == 2
    assert "exactly one" in capsys.readouterr().err
    assert main(["pipes", "dig", str(city), "--pit", PIT, "--depth", "0"]) == 2


def test_places_of_a_trench_are_offered(city: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["pipes", "dig", str(city), "--pipe", "1", "--slope", "0", "--offer", "--json"]
    main(command)
    offers = json.loads(capsys.readouterr().out)["offers"]
    assert len(offers) == 13
    assert [one["hits"] for one in offers] == sorted(one["hits"] for one in offers)


def test_the_open_pit_is_a_cut_for_pictures(city: Path) -> None:
    with api.open_project(city, read_only=True) as opened:
        ring = [[EAST + x, NORTH + y] for x, y in ((30, -8), (40, -8), (40, -2), (30, -2))]
        cut = opened.open_pit({"area": ring, "depth": 2.0})
    assert cut.pit
    assert cut.outline.area == pytest.approx(12.0 * 8.0)


def test_a_widened_road_tells_what_is_affected(
    city: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = places((-30, 0), (30, 0))
    assert main(["pipes", "affected", str(city), "--line", line, "--width", "36", "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)["facts"]
    assert (facts["pipes_count"], facts["buildings_count"]) == (4, 1)
    assert main(["pipes", "affected", str(city)]) == 2
