"""Commands that follow a network: trace, burst, hydraulics, valves; the model is kept."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from app import api
from app.cli import main
from layers.kinds.pipes import Pipes

#: A ring of four streets fed at one corner, a tail with the last house.
MODEL = """[JUNCTIONS]
B 10 1.0
C 10 1.0
D 10 1.0
E 10 2.0
[RESERVOIRS]
A 50
[PIPES]
P1 A B 100 200 120 0 Open
P2 B C 100 200 120 0 Open
P3 C D 100 200 120 0 Open
P4 D B 140 100 120 0 Open
P5 D E 100 100 120 0 Open
[TIMES]
Duration 4:00
Hydraulic Timestep 1:00
Report Timestep 1:00
[OPTIONS]
Units LPS
Headloss H-W
[COORDINATES]
A 500000 3380000
B 500100 3380000
C 500200 3380000
D 500200 3380100
E 500300 3380100
[END]
"""


@pytest.fixture
def city(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    model = tmp_path / "net.inp"
    model.write_text(MODEL, encoding="utf-8")
    path = str(tmp_path / "city.gpkg")
    assert main(["pipes", "import", path, str(model), "--crs", "EPSG:4547", "--create"]) == 0
    capsys.readouterr()
    return path


def told(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def test_the_project_keeps_the_model(city: str, tmp_path: Path) -> None:
    (tmp_path / "net.inp").unlink()
    data = api.open_project(city).project.layers[-1].data
    assert isinstance(data, Pipes)
    assert len(data.model) > 100
    assert main(["pipes", "hydraulics", city, "--json"]) == 0


def test_a_network_is_followed_by_numbers(city: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pipes", "trace", city, "P5", "--what", "downstream", "--json"]) == 0
    facts = told(capsys)["facts"]
    assert isinstance(facts, dict)
    assert (facts["runs"], facts["customers"]) == (0, 0)
    assert main(["pipes", "trace", city, "A", "--what", "way", "--to", "E", "--csv"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(",")[2] for line in lines[1:]] == ["P1", "P4", "P5"]
    assert main(["pipes", "trace", city, "nothing"]) == 2
    assert "no pipe or node 'nothing'" in capsys.readouterr().err
    assert main(["pipes", "trace", city, "A", "--what", "colour"]) == 2


def test_a_burst_without_valves_fails_and_with_them_names_them(
    city: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["pipes", "burst", city, "--run", "P3"]) == 1
    capsys.readouterr()
    assert main(["pipes", "valves", city, "--rule", "n", "--json"]) == 0
    assert told(capsys)["valves"] == 7
    out = tmp_path / "burst.xlsx"
    place = "500200,3380060"
    code = main(["pipes", "burst", city, "--at", place, "--save", "b", "--out", str(out), "--json"])
    assert code == 0
    found = told(capsys)
    facts, rows = found["facts"], found["rows"]
    assert isinstance(facts, dict)
    assert isinstance(rows, list)
    assert facts["run"] == "P3"
    valves = [row for row in rows if row["part"] == "valve"]
    assert [row["number"] for row in valves] == ["P3-V2", "P2-V1"]
    assert [row["step"] for row in valves] == [1, 2]
    assert openpyxl.load_workbook(out).worksheets[0].max_row > 4
    assert main(["analyses", "list", city, "--json"]) == 0
    capsys.readouterr()
    assert main(["pipes", "burst", city, "--run", "P3", "--seized", "P3-V2", "--json"]) == 0
    seized = told(capsys)["rows"]
    assert isinstance(seized, list)
    assert "P3-V2" not in [row["number"] for row in seized if row["part"] == "valve"]
    assert main(["pipes", "burst", city]) == 2
    assert "--run" in capsys.readouterr().err


def test_pressure_is_compared_before_and_after_the_closure(
    city: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["pipes", "valves", city, "--rule", "n"]) == 0
    capsys.readouterr()
    assert main(["pipes", "hydraulics", city, "--hours", "4", "--run", "P3", "--json"]) == 0
    found = told(capsys)
    facts, rows = found["facts"], found["rows"]
    assert isinstance(facts, dict)
    assert isinstance(rows, list)
    assert facts["times_count"] == 5
    by_number = {row["number"]: row for row in rows}
    assert by_number["P3"]["flow_lps"] == 0.0
    assert by_number["P4"]["pressure_change_m"] < 0.0
    assert by_number["P5"]["flow_lps"] == pytest.approx(2.0, abs=0.01)


def test_valves_come_from_a_table(
    city: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "valves.csv"
    table.write_text("link,node\nP1,B\nP5,D\n", encoding="utf-8")
    assert main(["pipes", "valves", city, "--file", str(table), "--json"]) == 0
    assert told(capsys)["valves"] == 2
    table.write_text("link,node\nP1,E\n", encoding="utf-8")
    assert main(["pipes", "valves", city, "--file", str(table)]) == 2
    assert "P1, E" in capsys.readouterr().err
    table.write_text("pipe\nP1\n", encoding="utf-8")
    assert main(["pipes", "valves", city, "--file", str(table)]) == 2
    assert "link and node" in capsys.readouterr().err
