"""Checks, indicators and kept answers from the command line and in Python."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from app.api import open_project
from layers.edits import SetHeight
from layers.errors import CityError
from layers.schemes_edits import activate, new_scheme
from tests.app.conftest import EAST, NORTH, Run


@pytest.fixture
def planned(town_file: Path, tmp_path: Path) -> Path:
    """The town with a green line, a draft and two plots."""
    path = tmp_path / "town.gpkg"
    shutil.copy(town_file, path)
    areas = [shapely.box(EAST - 5, NORTH - 5, EAST + 10, NORTH + 300),
             shapely.box(EAST + 45, NORTH - 5, EAST + 50, NORTH + 30)]  # fmt: skip
    lines = gpd.GeoDataFrame(
        {"Layer": ["绿地绿线", "道路红线"], "文号": ["规〔2026〕1号", None]},
        geometry=areas, crs="EPSG:4547",
    )  # fmt: skip
    lines.to_file(tmp_path / "lines.gpkg", layer="lines", driver="GPKG")
    halves = [shapely.box(EAST - 20, NORTH - 20, EAST + 100, NORTH + 260),
              shapely.box(EAST + 100, NORTH - 20, EAST + 260, NORTH + 260)]  # fmt: skip
    plots = gpd.GeoDataFrame(
        {"名称": ["西块", "东块"], "容积率": [5.0, 0.1], "类别": ["居住", "商业"]},
        geometry=halves, crs="EPSG:4547",
    )  # fmt: skip
    plots.to_file(tmp_path / "plots.gpkg", layer="plots", driver="GPKG")
    with open_project(path) as city:
        city.import_file(tmp_path / "lines.gpkg", "control-lines", name="Lines")
        city.import_file(tmp_path / "plots.gpkg", "districts", name="Plots")
        city.save()
    return path


def test_a_check_that_fails_ends_with_one_and_is_kept_and_written(
    run: Run, planned: Path, tmp_path: Path
) -> None:
    out = tmp_path / "six.xlsx"
    code, told, _ = run("check", "six-lines", planned, "--save", "Six", "--out", out)
    assert code == 1
    assert "crosses" in told
    assert out.stat().st_size > 1000
    code, told, _ = run("analyses", "list", planned, "--json")
    (kept,) = json.loads(told)
    assert (code, kept["name"], kept["status"], kept["stale"]) == (0, "Six", "fail", [])


def test_a_check_without_findings_ends_with_nothing(run: Run, planned: Path) -> None:
    code, told, _ = run("check", "six-lines", planned, "--only", "road", "--no-setbacks", "--json")
    rows = json.loads(told)["rows"]
    assert code == 0
    assert {row["status"] for row in rows} <= {"warning"}
    code, told, _ = run("check", "six-lines", planned, "--only", "river", "--csv")
    assert code == 0
    assert next(csv.reader(io.StringIO(told)))[:2] == ["layer", "object"]


def test_bad_questions_end_with_two(run: Run, planned: Path) -> None:
    assert run("check", "six-lines", planned, "--preset", "seven")[0] == 2
    assert run("check", "six-lines", planned, "--lines", "none")[0] == 2
    assert run("indicators", planned, "--area", "0,0 1,1")[0] == 2
    assert run("analyses", "show", planned, "7")[0] == 2


def test_indicators_hold_plots_against_their_limits(run: Run, planned: Path) -> None:
    code, told, _ = run("indicators", planned, "--json")
    west, east = json.loads(told)["rows"]
    assert code == 1
    assert (west["far_status"], east["far_status"]) == ("pass", "fail")
    code, told, _ = run("indicators", planned, "--by", "site", "--json")
    (whole,) = json.loads(told)["rows"]
    assert code == 0
    total = west["floor_area_m2"] + east["floor_area_m2"]
    assert whole["floor_area_m2"] == pytest.approx(total)
    code, told, _ = run("land-use", planned, "--json")
    rows = json.loads(told)["rows"]
    assert sum(row["share_percent"] for row in rows) == pytest.approx(100.0)
    assert {row["zone"] for row in rows} == {"居住", "商业"}
    assert "failing_count" not in json.loads(told)["facts"]  # uses have no limits, plots have


def test_kept_answers_become_stale_and_are_asked_again(run: Run, planned: Path) -> None:
    run("indicators", planned, "--save", "现状指标")
    with open_project(planned) as city:
        layer = next(iter(city.project.of_kind("buildings")))
        city.session.run(SetHeight(layer.id, int(layer.features.ids[0]), 99.0))
        city.save()
    code, told, error = run("analyses", "show", planned, "现状指标")
    assert code == 0
    assert "现状指标" in told
    assert layer.name in error
    code, told, _ = run("analyses", "again", planned)
    assert code == 1
    assert "现状指标" in told
    assert run("analyses", "again", planned)[:2] == (0, "All answers still hold.\n")
    assert run("analyses", "remove", planned, "1")[0] == 0
    assert "no answers" in run("analyses", "list", planned)[1]


def test_answers_in_python(planned: Path, tmp_path: Path) -> None:
    with open_project(planned) as city:
        item = city.analyse("six-lines", {"classes": ["green"]}, name="Green", keep=True)
        assert [kept.id for kept in city.answers] == [item.id]
        city.write_answer(tmp_path / "g.geojson", city.answer("Green"))
        assert json.loads((tmp_path / "g.geojson").read_text("utf-8"))["features"]
        with pytest.raises(CityError, match="no parameter"):
            city.analyse("six-lines", {"nothing": 1})
        city.session.undo()
        assert not city.answers


def test_a_drawing_gets_its_classes_and_its_walls(run: Run, planned: Path, tmp_path: Path) -> None:
    template = tmp_path / "t.toml"
    assert run("control-lines", "template", planned, "Lines", template)[0] == 0
    assert '[layer."绿地绿线"]' in template.read_text("utf-8")
    code, told, _ = run("control-lines", "assign", planned, "Lines", "--template", template)
    assert code == 0
    assert "Green space" in told
    assert run("control-lines", "look", planned, "Lines", "--form", "walls", "--height", 25)[0] == 0
    with open_project(planned, read_only=True) as city:
        style = city.project.layer("Lines").style
    assert (style.line_form, style.line_height, style.line_preset) == ("walls", 25.0, "six-lines")
    assert run("control-lines", "look", planned, "Lines", "--form", "tent")[0] == 2
    assert run("control-lines", "assign", planned, "Plots")[0] == 2


def test_a_job_asks_and_writes_answers(run: Run, planned: Path, tmp_path: Path) -> None:
    job = tmp_path / "job.toml"
    job.write_text(
        f"""
[project]
file = {json.dumps(str(planned))}
[[analysis]]
file = "six.json"
kind = "six-lines"
params = {{ classes = ["green"] }}
[[analysis]]
file = "{{n}}-site.xlsx"
kind = "indicators"
params = {{ way = "site" }}
""",
        encoding="utf-8",
    )
    code, _, error = run("run", job, "--out", tmp_path / "out")
    assert code == 0, error
    found = json.loads((tmp_path / "out" / "six.json").read_text("utf-8"))
    assert {row["line_class"] for row in found["rows"]} == {"green"}
    assert (tmp_path / "out" / "2-site.xlsx").stat().st_size > 1000
    job.write_text(job.read_text("utf-8").replace("six.json", "six.doc"), encoding="utf-8")
    assert run("run", job, "--out", tmp_path / "out")[0] == 2


def test_answers_belong_to_the_scheme_they_were_asked_about(planned: Path) -> None:
    with open_project(planned) as city:
        plain = city.analyse("indicators", keep=True, name="plain")
        city.session.run(new_scheme("A"))
        layer = next(iter(city.project.of_kind("buildings")))
        city.session.run(SetHeight(layer.id, int(layer.features.ids[0]), 99.0))
        shown = city.analyse("indicators", keep=True, name="of A")
        existing = city.analyse("indicators", scheme="existing", keep=True, name="now")
        assert (plain.scheme, shown.scheme, existing.scheme) == ("", "A", "existing")
        area = [one.outcome.facts["floor_area_m2"] for one in (plain, shown, existing)]
        assert area[0] == area[2] != area[1]
        city.session.run(activate("existing"))
        assert [city.stale_inputs(item) for item in city.answers] == [(), (), ()]
        assert city.ask_again("of A").outcome.facts == shown.outcome.facts
