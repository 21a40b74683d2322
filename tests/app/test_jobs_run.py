"""A job writes what it says, only what is out of date, and can be stopped."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.jobs_file import JobFile, read_job
from app.jobs_plan import plan
from app.jobs_projects import JobProject
from app.jobs_run import JobResult, run_job
from app.pictures import Order
from layers.analyses.edits import answers_of
from layers.errors import Cancelled, CityError
from layers.progress import Progress
from layers.project import Project
from tests.app.conftest import EAST, NORTH, ROWS

JOB = f"""\
[project]
file = "town.gpkg"

[defaults]
size = "320x200"

[[style]]
layer = "Buildings"
colour_by = "height"

[[picture]]
view = "鸟瞰"
sizes = ["320x200", "64x64"]

[[picture]]
name = "here"
camera = [114.0834, 30.5215, 140, 0, -30]
hide = "roads"
file = "cameras/{{n:02}}-{{view}}"

[[measure]]
kind = "distance"
name = "side"
points = [[{EAST}, {NORTH}], [{EAST + 300}, {NORTH + 400}]]

[[measure]]
kind = "building"
layer = "Buildings"
object = 1

[[table]]
file = "measured.csv"

[[table]]
file = "houses.csv"
what = "layer"
layer = "Buildings"
"""


class Sketch:
    """Stands in for a picture: remembers what it was asked for."""

    def __init__(self, order: Order) -> None:
        self.order = order

    def save(self, path: Path) -> None:
        name = self.order.view.name if self.order.view else self.order.name
        path.write_text(f"{name} {self.order.size} {self.order.hide}", encoding="utf-8")


class Sketcher:
    """Stands in for the painter; the pictures themselves are tested with the scene."""

    orders: list[Order] = []  # noqa: RUF012 - cleared by the fixture
    marks: list[str] = []  # noqa: RUF012 - cleared by the fixture
    open_now = 0

    def __init__(self, project: Project, locale: str) -> None:
        self.project, self.locale = project, locale
        kept = answers_of(project).items
        Sketcher.marks += [item.name for item in kept if item.shown and item.outcome.marks]
        Sketcher.open_now += 1

    def paint(self, order: Order, progress: Progress) -> Sketch:
        progress.step(1, 1)
        Sketcher.orders.append(order)
        return Sketch(order)

    def close(self) -> None:
        Sketcher.open_now -= 1


@pytest.fixture(autouse=True)
def sketcher(monkeypatch: pytest.MonkeyPatch) -> type[Sketcher]:
    Sketcher.orders = []
    Sketcher.marks = []
    Sketcher.open_now = 0
    monkeypatch.setattr("app.pictures.Painter", Sketcher, raising=False)
    return Sketcher


def write(town: Path, text: str = JOB) -> JobFile:
    path = town.with_name("job.toml")
    path.write_text(text, encoding="utf-8")
    return read_job(path)


def run(town: Path, text: str = JOB, **options: Any) -> JobResult:
    return run_job(write(town, text), town.parent / "out", **options)


def names(paths: tuple[Path, ...], out: Path) -> list[str]:
    return [path.relative_to(out).as_posix() for path in paths]


ALL = [
    "town-鸟瞰-320x200.png", "town-鸟瞰-64x64.png", "cameras/03-here.png", "measured.csv",
    "houses.csv",
]  # fmt: skip


def test_a_job_writes_its_files_and_a_manifest(town: Path) -> None:
    result = run(town)
    out = town.parent / "out"
    assert (names(result.written, out), result.kept) == (ALL, ())
    assert sorted(p.relative_to(out).as_posix() for p in out.rglob("*") if p.is_file()) == sorted(
        [*ALL, "manifest.json"]
    )
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    entries = manifest["files"]
    assert [entry["file"] for entry in entries] == ALL
    assert entries[0]["view"] == "鸟瞰"
    assert (entries[1]["width"], entries[1]["height"]) == (64, 64)
    assert all(len(entry["sha256"]) == 64 and entry["seconds"] >= 0 for entry in entries)
    assert manifest["program"].startswith("citystage")
    with (out / "measured.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["id"], row["name"]) for row in rows] == [("1", "side"), ("2", "Buildings 1")]
    with (out / "houses.csv").open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.DictReader(file))) == ROWS * ROWS + 2
    assert Sketcher.open_now == 0
    first, _, here = Sketcher.orders
    assert first.view is not None
    assert here.camera is not None
    assert here.hide == ("roads",)


def test_what_is_up_to_date_is_left_alone(town: Path) -> None:
    run(town)
    again = run(town)
    assert (again.written, len(again.kept)) == ((), len(ALL))
    assert len(Sketcher.orders) == 3
    assert len(run(town, force=True).written) == len(ALL)


def test_a_file_that_was_touched_or_lost_is_made_again(town: Path) -> None:
    run(town)
    out = town.parent / "out"
    (out / ALL[0]).write_text("touched")
    (out / "houses.csv").unlink()
    assert names(run(town).written, out) == [ALL[0], "houses.csv"]


def test_a_change_of_the_project_makes_all_and_of_the_job_what_it_is_about(town: Path) -> None:
    from app import api

    run(town)
    out = town.parent / "out"
    changed = JOB.replace('hide = "roads"', 'hide = "buildings"')
    assert names(run(town, changed).written, out) == ["cameras/03-here.png"]
    styled = changed.replace('colour_by = "height"', 'colour = "#112233"')
    assert names(run(town, styled).written, out) == ALL[:3]
    with api.open_project(town) as city:
        city.rename("Streets", "Roads")
        city.save()
    assert len(run(town, styled).written) == len(ALL)


def test_what_the_job_forgets_leaves_the_manifest_and_stays_on_the_disk(town: Path) -> None:
    run(town)
    run(town, JOB[: JOB.index('[[table]]\nfile = "houses.csv"')])
    out = town.parent / "out"
    entries = json.loads((out / "manifest.json").read_text(encoding="utf-8"))["files"]
    assert [entry["file"] for entry in entries] == ALL[:4]
    assert (out / "houses.csv").exists()


def test_a_broken_manifest_counts_as_none(town: Path) -> None:
    run(town)
    (town.parent / "out" / "manifest.json").write_text('{"files": [3]}')
    assert len(run(town).written) == len(ALL)


class StopAfter:
    """Progress of somebody who presses stop."""

    def __init__(self, pictures: int) -> None:
        self.pictures = pictures

    def step(self, done: int, total: int, text: str = "") -> None:
        del done, total, text
        if len(Sketcher.orders) == self.pictures:
            raise Cancelled


def test_a_stopped_job_keeps_what_is_finished_and_goes_on(town: Path) -> None:
    with pytest.raises(Cancelled):
        run(town, progress=StopAfter(1))
    out = town.parent / "out"
    entries = json.loads((out / "manifest.json").read_text(encoding="utf-8"))["files"]
    assert [entry["file"] for entry in entries] == ALL[:1]
    assert Sketcher.open_now == 0
    assert not list(out.glob(".part*"))
    assert names(run(town).written, out) == ALL[1:]


def test_every_file_is_told_when_it_is_done(town: Path) -> None:
    told: list[tuple[str, bool]] = []
    run(town)
    run(town, done=lambda path, fresh: told.append((path.name, fresh)))
    assert told == [(Path(name).name, False) for name in ALL]


SEEN = f"""\
[project]
file = "town.gpkg"

[[analysis]]
file = "seen.csv"
kind = "viewshed"
name = "From the corner"
params = {{ eyes = [[{EAST - 20}, {NORTH - 20}]], reach = 60, spacing = 10 }}

[[picture]]
view = "鸟瞰"
answers = "From the corner"
"""


def test_pictures_show_the_marks_of_answers_of_the_same_job(town: Path) -> None:
    run(town, SEEN)
    assert Sketcher.marks == ["From the corner"]
    assert "answers" in Sketcher.orders[0].show
    assert run(town, SEEN).written == ()
    nearer = SEEN.replace("reach = 60", "reach = 50")
    assert len(run(town, nearer).written) == 2
    with pytest.raises(CityError, match="'From the tower'"):
        run(town, SEEN.replace('answers = "From the corner"', 'answers = "From the tower"'))


EYES = f"""\
[[project]]
name = "made"
crs = "EPSG:4547"
[[project.import]]
file = "houses.geojson"
as = "buildings"
height_field = "高度"

[[shadows]]
when = ["2026-12-21T10:00", "2026-12-21T14:00"]
name = "Shade"

[[view]]
name = "winter"
camera = [114.0834, 30.5215, 140, 0, -30]
moment = "2026-12-21T15:00"
look = "white"
cut = "plane {EAST + 100},{NORTH + 100} heading=90"

[[view]]
name = "all"
underground = 0.5

[[path]]
name = "flight"
points = "{EAST},{NORTH} {EAST + 200},{NORTH + 100} {EAST + 300},{NORTH}"
above = 60
target = [{EAST + 100}, {NORTH + 50}]
start = "2026-06-21T08:00"

[[path]]
name = "past the views"
views = ["winter", "all"]
closed = true

[[story]]
name = "talk"
slides = ["all", {{ view = "winter", text = "At three", hold = 2 }}]

[[picture]]
views = ["*"]
size = "64x64"
"""


def test_a_job_has_views_paths_stories_and_shadows_of_its_own(
    town: Path, town_files: dict[str, Path]
) -> None:
    import geopandas as gpd

    houses = gpd.read_file(town_files["buildings"])
    houses[houses.is_valid].to_file(town.with_name("houses.geojson"), driver="GeoJSON")
    file = write(town, EYES)
    with JobProject(file, 0).city() as city:
        flight, past = city.paths
        assert (flight.look, flight.target) == ("target", (EAST + 100, NORTH + 50, 0.0))
        assert flight.moments == ("2026-06-21T08:00", "2026-06-21T08:00")
        assert past.closed
        assert [slide.text for slide in city.stories[0].slides] == ["", "At three"]
        assert city.project.view("all").underground == 0.5
        assert [layer.name for layer in city.layers] == ["Shade", "houses"]
    run(town, EYES)
    assert [order.view and order.view.name for order in Sketcher.orders] == ["winter", "all"]
    winter = Sketcher.orders[0].view
    assert winter is not None
    assert winter.cut is not None
    assert winter.look == "white"
    assert run(town, EYES).written == ()
    assert len(run(town, EYES.replace("140, 0, -30", "150, 0, -30")).written) == 2


@pytest.mark.parametrize(("old", "new", "told"), [
    ('views = ["winter", "all"]', 'views = ["winter", "none"]', r"job.toml:\d+: .*'none'"),
    ('views = ["winter", "all"]', "seconds = 5", "made from points"),
    ('name = "talk"', 'name = "talk"\nslide = 1', "did you mean 'slides'"),
    ("hold = 2", "hold = -2", r"job.toml:\d+"),
])  # fmt: skip
def test_a_mistake_in_views_and_paths_is_told_with_its_line(
    town: Path, town_files: dict[str, Path], old: str, new: str, told: str
) -> None:
    import geopandas as gpd

    houses = gpd.read_file(town_files["buildings"])
    houses[houses.is_valid].to_file(town.with_name("houses.geojson"), driver="GeoJSON")
    with pytest.raises(CityError, match=told):
        run(town, EYES.replace(old, new))


GROUND = f"""\
[project]
file = "town.gpkg"

[[profile]]
file = "plot.png"
points = "{EAST},{NORTH} {EAST + 90},{NORTH + 120}"
size = "400x200"

[[profile]]
file = "streets/{{n}}.csv"
layer = "Streets"
object = 2
spacing = 20
"""


@pytest.mark.parametrize(("old", "new"), [
    ('file = "plot.png"', 'file = "plot.pdf"'), ("object = 2", ""),
    ("spacing = 20", 'points = "0,0 9,9"'),
])  # fmt: skip
def test_a_profile_needs_one_line_and_a_file_of_its_kinds(town: Path, old: str, new: str) -> None:
    with pytest.raises(CityError, match="a line of a layer"):
        run(town, GROUND.replace(old, new))


def test_a_question_is_asked_once_for_its_file_and_its_pictures(
    town: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.api import City

    asked: list[str] = []
    plain = City.analyse

    def counted(self: City, kind: str, *rest: Any, **more: Any) -> Any:
        asked.append(kind)
        return plain(self, kind, *rest, **more)

    monkeypatch.setattr(City, "analyse", counted)
    run(town, SEEN.replace('view = "鸟瞰"', 'views = ["鸟瞰"]\nsizes = ["64x64", "32x32"]'))
    assert asked == ["viewshed"]
    assert len(Sketcher.orders) == 2


def test_measurements_without_a_table_get_one(town: Path) -> None:
    text = JOB[: JOB.index("[[table]]")]
    assert names(run(town, text).written, town.parent / "out")[-1] == "town-measurements.csv"


def test_files_are_imported_for_a_job_alone(town: Path, town_files: dict[str, Path]) -> None:
    text = f"""
    [[project]]
    crs = "EPSG:4547"
    name = "made"
    [[project.import]]
    file = '{town_files["buildings"]}'
    as = "buildings"
    name = "Houses"
    [[project.import]]
    file = '{town_files["roads"]}'

    [[project]]
    file = "town.gpkg"

    [[picture]]
    show = "buildings"
    [[table]]
    project = "made"
    file = "{{project}}.csv"
    what = "layer"
    layer = "Houses"
    """
    result = run(town, text)
    assert names(result.written, town.parent / "out") == [
        "made-overview-1600x900.png", "made.csv", "town-overview-1600x900.png",
    ]  # fmt: skip
    assert run(town, text).written == ()


WRONG = [
    ('view = "鸟瞰"', 'view = "none"', "project.no_such_view", "job.toml:11"),
    ('hide = "roads"', 'hide = "rails"', "project.no_such_layer", "job.toml:15"),
    ('colour_by = "height"', 'colour_by = "no"', "features.no_such_field", "job.toml:7"),
    ("object = 1", "object = 99", "features.no_such_id", "job.toml:26"),
    ('file = "measured.csv"', 'file = "measured.pdf"', "tables.suffix", "job.toml:31"),
    ('file = "houses.csv"', 'file = "Measured.csv"', "job.same_output", "job.toml:34"),
    ("cameras/{n:02}-{view}", "here.jpg", "job.picture_suffix", "job.toml:15"),
    ("town.gpkg", "none.gpkg", "project_file.missing", "none.gpkg"),
]


@pytest.mark.parametrize(("old", "new", "code", "where"), WRONG)
def test_a_mistake_that_only_the_project_shows_is_told_with_the_jobs_line(
    town: Path, old: str, new: str, code: str, where: str
) -> None:
    assert old in JOB
    with pytest.raises(CityError) as caught:
        run(town, JOB.replace(old, new))
    assert caught.value.code == code
    assert where in caught.value.where


def test_a_wrong_view_is_found_before_anything_of_its_project_is_drawn(town: Path) -> None:
    text = JOB + '[[picture]]\nview = "none"\nfile = "x.png"\n'
    with pytest.raises(CityError):
        run(town, text)
    assert Sketcher.orders == []


def test_all_views_of_a_project_are_drawn_under_safe_names(town: Path) -> None:
    from app import api

    with api.open_project(town) as city:
        city.save_view("a/b: c?", city.overview())
        city.save()
    text = '[project]\nfile = "town.gpkg"\n[[picture]]\nviews = ["*"]\nfile = "{n}-{view}"\n'
    job = write(town, text)
    outputs = plan(job, [JobProject(job, 0)], date(2026, 6, 21))
    assert [output.file.as_posix() for output in outputs] == ["1-鸟瞰.png", "2-a_b_ c_.png"]


def test_an_output_folder_that_cannot_be_made_is_told(town: Path) -> None:
    (town.parent / "out").write_text("a file")
    with pytest.raises(CityError) as caught:
        run(town)
    assert caught.value.code == "job.write"


def test_a_job_that_asks_for_nothing_is_told(town: Path) -> None:
    with pytest.raises(CityError) as caught:
        run(town, '[project]\nfile = "town.gpkg"\n')
    assert caught.value.code == "job.nothing"


@pytest.mark.parametrize("name", ["docs/examples/night.toml", "data_samples/sample.toml"])
def test_the_jobs_that_come_with_the_program_are_right(name: str) -> None:
    job = read_job(Path(__file__).parents[2] / name).job
    assert job.picture
    assert job.table
