"""Asking, summing up, checking and planning pipes from the command line and from Python."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import shapely
from typer.testing import CliRunner

from app import api
from app.cli import app
from layers.edits import AddLayer
from layers.errors import CityError
from layers.kinds import KINDS
from layers.kinds.base import Layer
from layers.kinds.buildings import Buildings
from layers.kinds.pipes import INVERT, TOP
from layers.pipes.drafting import Design
from layers.shapes import Shapes
from tests.app.conftest import commands
from tests.layers.pipes.made import EAST, NORTH, network


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sewer, a gas pipe beside it, and a water pipe that crosses both 0.1 m below the gas."""
    path = tmp_path_factory.mktemp("pipes") / "city.gpkg"
    data = network(
        [[(0, 0), (60, 0)], [(0, 2), (60, 2)], [(30, -30), (30, 30)]],
        ["drain", "gas", "water"], [0.5, 0.2, 0.15], [(-3.0, -3.4), (-1.0, -1.0), (-1.3, -1.3)],
        level_of=[INVERT, TOP, TOP], assumed=[0, 0, 1],
        attributes={"number": ["WS1", "RQ7", "JS9"], "material": ["concrete", "PE", "PE"],
                    "year": [1990, 2005, 2010], "owner": ["A", "B", "C"]},
    )  # fmt: skip
    with api.new_project(crs="EPSG:4547") as city:
        city.run(AddLayer(Layer("pipes", "Pipes", data, style=KINDS["pipes"].style)))
        city.save(path)
    return path


run = commands("pipes")


def rows(*words: object) -> list[dict[str, Any]]:
    code, text = run(*words, "--json")
    assert code in {0, 1}, text
    found: list[dict[str, Any]] = json.loads(text)
    return found


def test_an_expression_finds_pipes_and_tells_everything(project: Path) -> None:
    found = rows("ask", project, "material = PE and year < 2008")
    assert [row["number"] for row in found] == ["RQ7"]
    assert found[0]["size"] == "DN200"
    assert found[0]["pressure_mpa"] is None


def test_places_numbers_and_boxes(project: Path) -> None:
    near = rows("ask", project, "--near", f"{EAST + 10},{NORTH + 5}", "--most", 1)
    assert [(row["number"], row["distance_m"]) for row in near] == [("RQ7", 2.9)]
    assert [row["number"] for row in rows("ask", project, "--number", "ws1")] == ["WS1"]
    box = f"{EAST + 29},{NORTH + 10},{EAST + 31},{NORTH + 20}"
    assert [row["number"] for row in rows("ask", project, "--box", box)] == ["JS9"]
    line = f"{EAST},{NORTH} {EAST + 20},{NORTH}"
    assert len(rows("ask", project, "--along", line, "--width", 4.2)) == 2


def test_nothing_found_ends_with_one_and_mistakes_with_two(project: Path) -> None:
    assert run("ask", project, "year > 2020")[0] == 1
    assert isinstance(CliRunner().invoke(app, ["pipes", "ask", str(project), "--box", "1,2"])
                      .exception, CityError | SystemExit)  # fmt: skip


def test_tables_are_written_in_words(project: Path, tmp_path: Path) -> None:
    run("ask", project, "number = JS9", "--csv", tmp_path / "found.csv")
    head, line = (tmp_path / "found.csv").read_text(encoding="utf-8-sig").splitlines()
    assert "Greatest depth (m)" in head or "最大埋深" in head
    assert "JS9" in line
    run("stats", project, "--by", "class", "--by", "material", "--csv", tmp_path / "sums.xlsx")
    assert (tmp_path / "sums.xlsx").stat().st_size > 1000


def test_a_dash_in_place_of_a_file_prints_the_table(project: Path) -> None:
    code, text = run("ask", project, "number = JS9", "--csv", "-")
    head, line = text.splitlines()
    assert code == 0
    assert head.count(",") == line.count(",") > 10
    assert "JS9" in line
    assert len(run("stats", project, "--by", "material", "--csv", "-")[1].splitlines()) == 3
    assert not Path("-").exists()


def test_statistics_name_both_lengths(project: Path) -> None:
    found = rows("stats", project, "--by", "material")
    assert {(row["material"], row["plan_length_m"]) for row in found} == {
        ("PE", 120.0), ("concrete", 60.0)}  # fmt: skip
    assert found[1]["true_length_m"] == pytest.approx((60**2 + 0.4**2) ** 0.5, abs=1e-3)
    across = rows("stats", project, "--by", "material", "--by", "class", "--cross")
    assert across[0] == {"material": "PE", "drain": 0.0, "gas": 60.0, "water": 60.0, "total": 120.0}


def test_a_check_tells_the_crossing(project: Path) -> None:
    code, text = run("check", project, "--check", "crossing", "--no-survey-error", "--json")
    answer = json.loads(text)
    assert (code, answer["status"]) == (0, "warning")
    (row,) = answer["rows"]
    assert (row["number"], row["other_number"], row["filled"]) == (
        "RQ7", "JS9", "pressure-pipe")  # fmt: skip
    assert row["actual"] == pytest.approx(0.1)
    assert row["shortfall"] == pytest.approx(0.05)


def test_a_planned_pipe_belongs_to_its_scheme(project: Path, tmp_path: Path) -> None:
    import shutil

    copy = tmp_path / "copy.gpkg"
    shutil.copy(project, copy)
    with api.open_project(copy) as city:
        city.new_scheme("A")
        city.save()
    points = f"{EAST + 50},{NORTH - 20} {EAST + 50},{NORTH + 20}"
    code, _ = run("plan", copy, "--points", points, "--class", "sewage", "--size", "400",
                  "--cover", "0.7", "--scheme", "A")  # fmt: skip
    assert code == 0
    answer = json.loads(run("conflicts", copy, "--scheme", "A", "--json")[1])
    (row,) = [row for row in answer["rows"] if row["check"] == "crossing"
              and row["other_number"] == "RQ7"]  # fmt: skip
    assert (row["severity"], row["why"], row["yields"]) == ("collision", "gravity", "other")
    assert row["cost"] == pytest.approx(20 * 1200)
    planned = "status = planned"
    found = [len(rows("ask", copy, planned, "--scheme", name)) for name in ("existing", "A")]
    assert found == [0, 3]
    lengths = [sum(row["plan_length_m"] for row in rows("stats", copy, "--scheme", name))
               for name in ("existing", "A")]  # fmt: skip
    assert lengths[1] - lengths[0] == pytest.approx(40.0)
    checked = [json.loads(run("quality", copy, "--json", "--scheme", name)[1])["layers"]
               for name in ("existing", "A")]  # fmt: skip
    assert len(checked[1]) == len(checked[0]) + 1
    assert run("map", copy, tmp_path / "plan.svg", "--scheme", "A", "--words", "en")[0] == 0
    assert "planned" in (tmp_path / "plan.svg").read_text(encoding="utf-8").casefold()
    result = CliRunner().invoke(app, ["pipes", "conflicts", str(copy), "--scheme", "existing"])
    assert isinstance(result.exception, CityError)
    assert result.exception.code == "pipes.none_planned"


def test_scripts_ask_sum_up_and_plan(project: Path) -> None:
    with api.open_project(project, read_only=True) as city:
        assert city.ask_pipes("class = water").column("number").to_pylist() == ["JS9"]
        assert city.pipe_statistics("owner").num_rows == 3
        city.plan_pipe([(EAST, NORTH + 9), (EAST + 30, NORTH + 9)], Design("heat", width=0.3))
        assert city.analyse("pipe-conflicts", {}).outcome.facts["planned_count"] == 1


def test_a_new_building_of_a_scheme_stands_over_pipes_that_are_there(project: Path) -> None:
    """A house over the sewer: 20 m of DN 500 are laid anew, at 2,500 a metre."""
    with api.open_project(project, read_only=True) as city:
        city.new_scheme("House")
        walls = shapely.box(EAST + 10, NORTH - 1, EAST + 20, NORTH + 0.5)
        house = Buildings.blocks(Shapes.from_shapely([walls]), 9.0)
        city.run(AddLayer(Layer("buildings", "New", house, style=KINDS["buildings"].style)))
        item = city.analyse("pipe-conflicts", {})
        rows = item.outcome.table.to_pylist()
        assert item.outcome.facts["new_buildings_count"] == 1
        assert [row["number"] for row in rows] == ["WS1", "RQ7"]
        assert (rows[0]["check"], rows[0]["severity"], rows[0]["why"]) == (
            "building", "collision", "thing")  # fmt: skip
        assert rows[0]["cost"] == pytest.approx(50_000)
        assert item.outcome.facts["cost"] == 50_000 + 20 * 1_200
