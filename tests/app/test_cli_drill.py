"""Plans of drills from the command line: read, checked, played, drawn, written."""

from __future__ import annotations

import contextlib
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import shapely
from numpy.typing import NDArray
from PIL import Image

from app import api, drill_papers
from app.cli import main
from app.drills import street_ways
from app.jobs_file import read_job
from app.jobs_run import run_job
from app.sample_drill import sample_plan
from layers.drills.clock import timetable
from layers.drills.plan import Start
from layers.drills.plan_file import plan_to_json, read_plan, write_plan
from layers.drills.problems import problems
from layers.edits import AddLayer
from layers.kinds import kind_of
from layers.kinds.base import Features, Layer
from layers.kinds.emergency import Emergency
from layers.paper.document import Facts, Heading, Table
from layers.shapes import Shapes
from tests.app.conftest import commands
from tests.layers.drills.plans import small_plan

run = commands("drill")


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """A project with one street and the small plan."""
    path = tmp_path / "town.gpkg"
    with api.new_project(crs="EPSG:4547") as city:
        lines = [shapely.LineString([(-300.0, 0.0), (0.0, 0.0), (0.0, 100.0), (150.0, 100.0)]),
                 shapely.LineString([(150.0, 100.0), (150.0, -300.0)])]  # fmt: skip
        table = pa.table({"maxspeed": ["36", "36"]})
        roads = Features.of(Shapes.from_shapely(lines), table)
        city.run(AddLayer(Layer("roads", "Roads", roads, style=kind_of("roads").style)))
        city.add_plan(small_plan())
        city.save(path)
    return path


def test_plans_are_listed_checked_and_played(town: Path) -> None:
    code, text = run("list", town, "--json")
    assert code == 0
    (told,) = json.loads(text)["plans"]
    assert (told["name"], told["steps"], told["minutes"]) == ("燃气泄漏", 4, 14.5)
    code, text = run("check", town, "燃气泄漏", "--json")
    assert code == 0
    (told,) = json.loads(text)["problems"]
    assert (told["key"], told["grave"]) == ("unknown_view", False)  # the town has no views
    code, text = run("play", town, "1", "--at", "235", "--json")
    now = json.loads(text)
    (unit,) = now["units"]
    # 350 m of streets at 36 km/h: it left at 205 s and has 50 m to go.
    assert unit["east"] == pytest.approx(150.0, abs=0.01)
    assert unit["north"] == pytest.approx(50.0, abs=0.5)
    assert unit["heading_deg"] == pytest.approx(180.0)
    assert run("play", town, "1")[0] == 0


def test_a_plan_that_cannot_be_played_fails_the_check(town: Path, tmp_path: Path) -> None:
    plan = small_plan()
    plan = plan.with_step(replace(plan.step("s1"), role="nobody", start=Start("after", 0, "s3")))
    write_plan(plan, tmp_path / "wrong.json")
    assert run("import", town, tmp_path / "wrong.json")[0] == 0
    code, text = run("check", town, "2", "--json")
    assert code == 1
    assert {p["key"] for p in json.loads(text)["problems"]} >= {"circle", "unknown_role"}
    assert run("list", town)[0] == 0


def test_a_file_cut_short_is_opened_as_far_as_possible(town: Path, tmp_path: Path) -> None:
    text = json.dumps(plan_to_json(small_plan()), ensure_ascii=False)
    (tmp_path / "cut.json").write_text(text[: int(len(text) * 0.8)], encoding="utf-8")
    code, told = run("import", town, tmp_path / "cut.json", "--json")
    assert code == 0
    assert json.loads(told)["steps"] >= 2
    assert json.loads(told)["notes"]
    (tmp_path / "no.json").write_text("{}")
    assert run("import", town, tmp_path / "no.json")[0] == 2
    assert run("check", town, "Nobody's plan")[0] == 2
    assert run("play", town, "1", "--at", "5", "--fire", "i9=3")[0] == 2


def test_export_copy_and_remove(town: Path, tmp_path: Path) -> None:
    assert run("export", town, "1", tmp_path / "plan.json")[0] == 0
    assert json.loads((tmp_path / "plan.json").read_text("utf-8"))["name"] == "燃气泄漏"
    assert run("copy", town, "1", "Night")[0] == 0
    assert run("remove", town, "1")[0] == 0
    told = json.loads(run("list", town, "--json")[1])["plans"]
    assert [plan["name"] for plan in told] == ["Night"]


def test_a_plan_is_written_for_other_programs(town: Path, tmp_path: Path) -> None:
    from openpyxl import load_workbook

    for name in ("a.geojson", "a.czml", "a.kml", "a.cap.xml", "a.xlsx"):
        assert run("export", town, "1", tmp_path / name, "--fire", "i1=30")[0] == 0
        assert (tmp_path / name).stat().st_size > 500
    assert len(json.loads((tmp_path / "a.geojson").read_text("utf-8"))["features"]) >= 3
    text = (tmp_path / "a.cap.xml").read_text("utf-8")
    assert "<status>Exercise</status>" in text
    sheet = load_workbook(tmp_path / "a.xlsx").active
    assert [row[1] for row in sheet.iter_rows(min_row=2, values_only=True)] == ["Engine 1"]
    assert run("export", town, "1", tmp_path / "a.dwg")[0] == 2


def test_plans_come_from_templates_are_found_and_compared(town: Path) -> None:
    told = json.loads(run("new", town, "--json")[1])["templates"]
    assert len(told) == 5
    assert run("new", town, "--template", "no", "--at", "0,0")[0] == 2
    assert run("new", town, "--template", "waterlogging", "--at", "10,20", "--name", "Rain")[0] == 0
    plans = json.loads(run("list", town, "--type", "flood", "--json")[1])["plans"]
    assert [plan["name"] for plan in plans] == ["Rain"]
    assert json.loads(run("list", town, "--find", "asteroid", "--json")[1])["plans"] == []
    assert run("list", town, "--find", "asteroid")[0] == 0
    with api.open_project(town) as city:
        plan = city.plan("Rain")
        changed = plan.with_step(replace(plan.step("s02"), start=Start("after", 300.0, "s01")))
        city.change_plan(changed, keep=True)
        city.save()
    code, text = run("diff", town, "Rain@1", "Rain@2", "--json")
    assert code == 0
    found = json.loads(text)["differences"]
    assert {one["how"] for one in found} == {"changed", "moved"}
    assert json.loads(run("diff", town, "Rain", "--json")[1])["differences"] == found
    assert run("diff", town, "Rain", "1")[0] == 0
    assert run("diff", town, "Rain@9")[0] == 2


@pytest.mark.picture
def test_a_picture_shows_zones_and_units_and_two_are_the_same(town: Path, tmp_path: Path) -> None:
    shots = []
    for name, second in (("a", 600), ("b", 600), ("c", 10)):
        out = tmp_path / f"{name}.png"
        assert run("picture", town, "1", "--at", second, "--size", "320x200", "--out", out)[0] == 0
        shots.append(np.array(Image.open(out).convert("RGB")).astype(int))
    np.testing.assert_array_equal(shots[0], shots[1])

    def red(picture: NDArray[np.int64]) -> int:
        return int(((picture[..., 0] - picture[..., 1] > 50) & (picture[..., 0] > 120)).sum())

    assert red(shots[0]) > 200  # the cordon
    assert red(shots[2]) < red(shots[0]) / 4


@pytest.mark.picture
def test_a_film_of_a_rehearsal_has_its_frames(town: Path, tmp_path: Path) -> None:
    folder = tmp_path / "frames"
    code, _ = run("film", town, "1", "--speed", "290", "--fps", "1", "--size", "160x100",
                  "--out", folder)  # fmt: skip
    assert code == 0
    assert len(list(folder.glob("*.png"))) == 4
    assert run("film", town, "1", "--speed", "0", "--out", tmp_path / "x.mp4")[0] == 2


def test_the_script_and_the_form_are_written(town: Path, tmp_path: Path) -> None:
    from docx import Document

    code, _ = run("script", town, "1", "--no-pictures", "--out", tmp_path / "s.docx",
                  "--out", tmp_path / "s.pdf")  # fmt: skip
    assert code == 0
    document = Document(str(tmp_path / "s.docx"))
    cells = {cell.text for table in document.tables for row in table.rows for cell in row.cells}
    assert {"Alarm", "Gas at the station!", "0:04:00", "Evaluator"} <= cells
    assert (tmp_path / "s.pdf").read_bytes().startswith(b"%PDF")
    assert run("form", town, "1", "--out", tmp_path / "form.xlsx")[0] == 0


@pytest.mark.parametrize("chinese", [True, False])
def test_the_samples_plan_is_sound_and_full(chinese: bool) -> None:
    plan = sample_plan(chinese=chinese)
    assert len(plan.steps) >= 60
    assert len(plan.roles) == 12
    assert len(plan.injects) == 2
    assert 80.0 <= timetable(plan).seconds / 60.0 <= 95.0
    assert problems(plan) == []
    assert all(step.title and step.place is not None for step in plan.steps)
    with api.new_project(crs="EPSG:4547") as city:
        assert street_ways(city.project, plan) is None  # no streets, no ways: it still plays


def test_a_job_writes_scripts_lists_plans_and_legends_of_symbols(
    town: Path, tmp_path: Path
) -> None:
    (tmp_path / "job.toml").write_text(
        '[project]\nfile = "town.gpkg"\n'
        '[[symbols]]\nfile = "legend.png"\nplan = "燃气泄漏"\ncolumns = 4\nwords = "zh-CN"\n'
        '[[symbols]]\nfile = "two.png"\ncodes = ["A20100", "D20301"]\n'
        '[[drill]]\nfile = "script.docx"\nplan = "燃气泄漏"\npictures = false\n'
        '[[drill]]\nfile = "form.docx"\nplan = "燃气泄漏"\nwhat = "form"\n'
        '[[drill]]\nfile = "list.xlsx"\nplan = "燃气泄漏"\nwhat = "resources"\n'
        '[[drill]]\nfile = "plan.json"\nplan = "燃气泄漏"\n',
        encoding="utf-8",
    )
    made = run_job(read_job(tmp_path / "job.toml"), tmp_path / "out")
    assert [path.name for path in made.written] == [
        "legend.png", "two.png", "script.docx", "form.docx", "list.xlsx", "plan.json",
    ]  # fmt: skip
    with Image.open(tmp_path / "out/two.png") as image:
        assert image.width < 320
    assert read_plan(tmp_path / "out/plan.json").plan.name == "燃气泄漏"


def test_a_script_lies_on_few_pages_and_says_where_steps_are(town: Path, tmp_path: Path) -> None:
    with api.open_project(town) as city:
        plan = city.plans[0]
        spot = replace(plan.steps[0], place=(120.0, 80.0), place_name="")
        city.change_plan(plan.with_step(spot))
        made = drill_papers.script(city.project, city.rehearse(plan.id), pictures=False,
                                   locale="en")  # fmt: skip
    tables = [block for block in made.blocks if isinstance(block, Table)]
    assert "E 120  N 80" in {cell for table in tables for row in table.rows for cell in row}
    assert isinstance(made.blocks[-1], Table)  # nothing is left for a page of its own
    headings = [block.text for block in made.blocks if isinstance(block, Heading)]
    assert "Symbols" in headings
    values = dict(next(block for block in made.blocks if isinstance(block, Facts)).rows)
    assert values["Begins"] == "not given" or values["Begins"]


def test_a_plan_without_a_city_has_a_script_without_pictures(tmp_path: Path) -> None:
    with api.new_project(crs="EPSG:4547") as city:
        plan = city.add_plan(small_plan())
        made = drill_papers.script(city.project, city.rehearse(plan.id), locale="zh-CN")
    headings = [block.text for block in made.blocks if isinstance(block, Heading)]
    assert "关键时刻" not in headings


def test_fields_of_resources_are_told_by_command_and_by_job(tmp_path: Path) -> None:
    places = tmp_path / "places.csv"
    places.write_text("code,kind,lon,lat,st\nA,FD,114.1,30.5,ACT\nB,?,114.2,30.5,OFF\n", "utf-8")
    told = [
        "--field",
        "name=code",
        "--field",
        "sort=kind",
        "--field",
        "state=st",
        "--field",
        "unit:pcs",
        "--word",
        "FD=fire-station",
        "--word",
        "OFF=out-of-service",
    ]
    project = tmp_path / "c.gpkg"
    with contextlib.redirect_stdout(io.StringIO()) as out:
        assert main(["import", str(project), str(places), "--create", *told]) == 0
    assert "name = code" in out.getvalue()
    (tmp_path / "job.toml").write_text(
        '[project]\ncrs = "EPSG:4547"\n[[project.import]]\nfile = "places.csv"\nas = "resources"\n'
        'field = ["name=code", "sort=kind", "state=st", "unit:pcs"]\n'
        'word = ["FD=fire-station", "OFF=out-of-service"]\n'
        '[[analysis]]\nkind = "drill-resources"\nfile = "counted.csv"\n',
        encoding="utf-8",
    )
    made = run_job(read_job(tmp_path / "job.toml"), tmp_path / "out")
    assert "fire" in made.written[0].read_text(encoding="utf-8-sig").lower()
    with api.open_project(project, read_only=True) as city:
        (layer,) = city.project.of_kind("resources")
        found = Emergency.of(layer.features, "resources", layer.name)
    assert found.name.tolist() == ["A", "B"]
    assert found.sort.tolist() == ["fire-station", "other"]
    assert found.state.tolist() == ["ready", "out-of-service"]
    assert found.unit.tolist() == ["pcs", "pcs"]


def test_help_counts_only_what_is_in_service_at_the_moment_asked(town: Path) -> None:
    with api.open_project(town) as city:
        table = pa.table({
            "type": ["fire station"] * 2, "name": ["Old", "New"],
            "有效期": ["2020年1月1日至2026年6月30日", "2026-07-01 - 长期"],
        })  # fmt: skip
        places = Shapes.from_shapely([shapely.Point(-250.0, 0.0), shapely.Point(-50.0, 0.0)])
        layer = Layer("resources", "Stations", Features.of(places, table))
        city.run(AddLayer(layer))
        city.save()

    def asked(*words: Path | str) -> dict[str, Any]:
        code, text = run(*words, "--json")
        assert code == 0
        told: dict[str, Any] = json.loads(text)
        return told

    for when, first in (((), "Old"), (("--when", "2026年9月1日"), "New")):
        told = asked("nearest", town, "--at", "-300,0", "--number", "1", *when)
        assert [row["name"] for row in told["rows"]] == [first]
    told = asked("resources", town, "--when", "2027-01-01")
    assert [row["not_in_service_count"] for row in told["rows"]] == [1]
    assert run("nearest", town, "--at", "0,0", "--when", "soon")[0] == 2
