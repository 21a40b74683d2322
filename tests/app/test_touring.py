"""Paths, stories, films and cuts from Python, the command line and job files."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import shapely

from app import api
from app.cli import main
from app.jobs_file import read_job
from app.jobs_run import run_job
from app.touring import dress_of
from layers.errors import CityError
from layers.kinds.base import Features, Layer
from layers.kinds.buildings import Buildings
from layers.shapes import Shapes
from layers.touring import Show
from layers.tours import Slide
from layers.viewpoint import View, Viewpoint

EAST, NORTH = 509_463.0, 3_377_851.0


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a block, a street, two views, a path and a story."""
    path = tmp_path / "city.gpkg"
    with api.new_project(crs="EPSG:4547", title="Small") as city:
        block = Shapes.from_shapely([shapely.box(EAST, NORTH, EAST + 40, NORTH + 40)])
        city.project.insert_layer(Layer("buildings", "Blocks", Buildings.blocks(block, 30.0)))
        street = shapely.LineString([(EAST - 200, NORTH - 20), (EAST, NORTH - 20),
                                     (EAST + 200, NORTH - 60)])  # fmt: skip
        city.project.insert_layer(
            Layer("roads", "Street", Features.of(Shapes.from_shapely([street])))
        )
        city.save_view("south", city.overview())
        city.save_view("east", city.overview(heading=270.0), note="From the east")
        city.save_path("fly", views=["south", "east"], seconds=0.4)
        city.save_story("talk", [Slide("south", "", 0.2, 0.0), Slide("east", "Look", 0.2, 0.2)])
        city.save(path)
    return path


def test_paths_are_made_from_points_views_and_lines(project: Path) -> None:
    with api.open_project(project) as city:
        line = city.save_path("street", line="Street", above=12.0)
        assert (len(line.stops), line.look, line.above) == (3, "ahead", 12.0)
        points = city.save_path("p", points=[(114.0986, 30.5208), (114.1, 30.53)], crs="EPSG:4326")
        assert points.stops[0].north == pytest.approx(3_377_851, abs=60)
        with pytest.raises(CityError) as caught:
            city.save_path("x", line="Blocks")
        assert caught.value.code == "path.no_line"
        with pytest.raises(CityError) as caught:
            city.save_path("x")
        assert caught.value.code == "path.source"


def test_the_commands_list_keep_and_forget(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["paths", str(project), "--save", "street", "--line", "Street:1",
                 "--target", f"{EAST},{NORTH}"]) == 0  # fmt: skip
    assert main(["stories", str(project), "--save", "more", "--slide", "south|Here|2|1"]) == 0
    capsys.readouterr()
    assert main(["paths", str(project), "--json"]) == 0
    paths = json.loads(capsys.readouterr().out)["paths"]
    assert [(p["name"], p["look"]) for p in paths] == [("fly", "free"), ("street", "target")]
    assert main(["stories", str(project), "--remove", "talk", "--json"]) == 0
    (story,) = json.loads(capsys.readouterr().out)["stories"]
    assert story["slides"] == [{"view": "south", "text": "Here", "hold": 2.0, "travel": 1.0}]
    assert main(["find", str(project), f"{EAST},{NORTH}", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["places"][0]["how"] == "project"


@pytest.mark.picture
def test_a_film_comes_from_the_command_line(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "f.mp4"
    told = ["film", str(project), "--path", "fly", "--fps", "10", "--size", "96x54"]
    assert main([*told, "--quality", "draft", "--out", str(out)]) == 0
    assert out.stat().st_size > 500
    assert "4" in capsys.readouterr().out
    assert main([*told, "--story", "talk", "--out", str(out)]) == 2
    assert main([*told[:3], "nothing", *told[4:], "--out", str(out)]) == 2


@pytest.mark.picture
def test_a_job_films_and_cuts_and_leaves_alone_what_is_up_to_date(
    project: Path, tmp_path: Path
) -> None:
    job = tmp_path / "night.toml"
    job.write_text(
        f'''[project]
file = "{project.name}"
[[film]]
story = "talk"
file = "talk.mp4"
fps = 10
size = "96x54"
quality = "draft"
[[picture]]
view = "south"
size = "96x54"
cut = "level {EAST},{NORTH} low=10"
''',
        encoding="utf-8",
    )
    first = run_job(read_job(job), tmp_path / "out")
    assert sorted(path.suffix for path in first.written) == [".mp4", ".png"]
    again = run_job(read_job(job), tmp_path / "out")
    assert len(again.kept) == 2
    assert again.written == ()


@pytest.mark.parametrize(
    "table",
    ['[[film]]\nfile = "a.mp4"', '[[film]]\npath = "a"\nfile = "a.avi"',
     '[[picture]]\ncut = "ball 1,2"'],
)  # fmt: skip
def test_a_job_that_makes_no_sense_is_refused(tmp_path: Path, table: str) -> None:
    job = tmp_path / "bad.toml"
    job.write_text(f"[project]\nsample = true\n{table}\n", encoding="utf-8")
    with pytest.raises(CityError):
        read_job(job)


def test_a_film_is_dressed_in_look_cut_and_glass() -> None:
    dress = dress_of("night", "level 0,0 low=5", 0.4, None)
    plain = View("a", Viewpoint(0.0, 0.0, 100.0), look="white", explode=20.0)
    shown = dress.on(Show(3.0, lambda second: replace(plain, note=f"{second:g}")))
    view = shown.view_at(2.0)
    assert (view.look, view.underground, view.explode, view.note) == ("night", 0.4, 20.0, "2")
    assert view.cut is not None
    assert dress_of().on(Show(1.0, lambda _: plain)).view_at(0.0) == plain
    with pytest.raises(CityError) as caught:
        dress_of("sepia")
    assert caught.value.code == "look.unknown"


def test_a_film_of_the_command_line_takes_a_look_and_shade(project: Path) -> None:
    out = project.with_name("frames")
    args = ["film", str(project), "--path", "fly", "--size", "160x90", "--fps", "5", "--when",
            "2026-06-21T15:00", "--look", "blueprint", "--corner-shade", "-o",
            str(out)]  # fmt: skip
    assert main(args) == 0
    assert len(list(out.glob("*.png"))) == 2
