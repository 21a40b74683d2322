"""The Python interface has the verbs of the command line."""

from __future__ import annotations

import csv
import doctest
import json
import math
from pathlib import Path

import pytest

from app import api, arguments, jobs_file, jobs_plan, toml_lines, wording
from app.layer_table import write_layer_table
from layers.errors import CityError
from tests.app.conftest import EAST, NORTH, ROWS


@pytest.mark.parametrize(
    "module",
    [api, arguments, jobs_file, jobs_plan, toml_lines, wording],
    ids=lambda m: m.__name__,
)
def test_the_examples_in_the_docstrings_are_true(module: object) -> None:
    failed, tried = doctest.testmod(module)  # type: ignore[arg-type]  # a module, parametrised
    assert (failed, tried > 0) == (0, True)


def test_a_project_is_made_filled_saved_and_opened(
    tmp_path: Path, town_files: dict[str, Path]
) -> None:
    path = tmp_path / "new.gpkg"
    with api.new_project(path, title="New") as city:
        (report,) = city.import_file(town_files["buildings"], "buildings", default_height=5.0)
        assert (report.read, report.kept) == (ROWS * ROWS + 1, ROWS * ROWS + 1)
        assert report.objects == ROWS * ROWS + 2  # the twisted one falls into two
        city.rename("buildings", "Houses")
        city.hide("Houses")
        city.style("Houses", colour="#112233", opacity=0.5)
        city.colour_by("Houses", "use")
        city.save()
    with api.open_project(path, read_only=True) as city:
        (layer,) = city.layers
        assert (layer.name, layer.visible, layer.opacity) == ("Houses", False, 0.5)
        assert layer.style.colouring is not None
        assert [e.value for e in layer.style.colouring.entries] == ["住宅", "办公"]
        city.colour_by("Houses", None)
        city.show("buildings")
        assert city.layers[0].visible
        with pytest.raises(CityError) as caught:
            city.save()
        assert caught.value.code == "session.no_path"
        city.save(tmp_path / "copy.gpkg")
    with pytest.raises(CityError, match="there already"):
        api.new_project(path)


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda c: c.import_file("x.shp", heigth_field="h"), "api.no_such_option"),
        (lambda c: c.style("Buildings", color="#fff"), "style.no_such_field"),
        (lambda c: c.style("Buildings", colour="red"), "style.colour"),
        (lambda c: c.colour_by("Buildings", "nope"), "features.no_such_field"),
        (lambda c: c.hide("nope"), "project.no_such_layer"),
        (lambda c: c.remove_view("nope"), "project.no_such_view"),
        (lambda c: c.render("nope"), "project.no_such_view"),
        (lambda c: c.render(size=(10, 10)), "argument.size"),
        (lambda c: c.measure_distance((1, 2), (1, 2)), "measure.same_point"),
        (lambda c: c.measure_building("Streets", 1), "measure.not_buildings"),
        (lambda c: c.measure_point((1, 2), crs="nope"), "crs.unknown"),
        (lambda c: c.remove_measurements(1), "measurements.none"),
        (lambda c: c.import_file("x.shp"), "file.missing"),
    ],
)
def test_a_mistake_is_told_and_changes_nothing(town_file: Path, call: object, code: str) -> None:
    with api.open_project(town_file, read_only=True) as city:
        with pytest.raises(CityError) as caught:
            call(city)  # type: ignore[operator]  # one of the functions above
        assert caught.value.code == code
        assert city.session.history.undo_label is None


def test_a_view_remembers_what_is_hidden(town: Path) -> None:
    with api.open_project(town) as city:
        camera = city.camera(EAST, NORTH, 300, 350, -45, crs="EPSG:4547", fov=30)
        city.save_view("here", camera, hidden=["roads"], moment="2026-01-01T12:00")
        city.save()
        streets = city.project.layer("Streets").id
    with api.open_project(town) as city:
        view = city.views[1]
        assert view.hidden == (streets,)
        assert math.degrees(view.camera.fov) == pytest.approx(30)
        city.remove_view("鸟瞰")
        assert [v.name for v in city.views] == ["here"]


def test_measurements_are_kept_written_and_forgotten(town: Path, tmp_path: Path) -> None:
    with api.open_project(town) as city:
        lonlat = city.project.need_frame().lonlat([[EAST, NORTH], [EAST + 300, NORTH + 400]])
        found = city.measure_distance(*lonlat.tolist(), crs="EPSG:4326", keep=True, name="d")
        assert found.values["horizontal_m"] == pytest.approx(500, abs=1e-6)
        city.measure_polyline([(EAST, NORTH), (EAST + 3, NORTH), (EAST + 3, NORTH + 4)], keep=True)
        city.measure_angle((EAST + 1, NORTH), (EAST, NORTH), (EAST, NORTH + 1), keep=True)
        city.measure_building("Buildings", 1, keep=True)
        city.measure_point((EAST, NORTH, 12.0), keep=True)
        assert [item.id for item in city.measurements] == [1, 2, 3, 4, 5]
        city.remove_measurements(2, 3)
        assert city.write_measurements(tmp_path / "kept.csv") == 3
        city.save()
    with (tmp_path / "kept.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["name"] for row in rows] == ["d", "Buildings 1", "point"]
    assert rows[0]["horizontal_m"].startswith("500.0") or rows[0]["horizontal_m"].startswith(
        "499.9"
    )
    with api.open_project(town, read_only=True) as city:
        assert len(city.measurements) == 3
        assert city.write_measurements(tmp_path / "kept.geojson") == 3
    whole = json.loads((tmp_path / "kept.geojson").read_text(encoding="utf-8"))
    assert len(whole["features"]) == 3


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_a_layers_objects_are_a_table(town_file: Path, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"layer{suffix}"
    with api.open_project(town_file, read_only=True) as city:
        assert write_layer_table(city.project, "Buildings", path) == ROWS * ROWS + 2
    if suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        first, last = rows[0], rows[-1]
        assert (first["名称"], float(first["area_m2"]), float(first["height_m"])) == ("楼0", 480, 6)
        assert first["height_from"] == "field"
        assert last["名称"] == f"楼{ROWS * ROWS}"
    else:
        from openpyxl import load_workbook

        rows = list(load_workbook(path).active.iter_rows(values_only=True))
        assert len(rows) == ROWS * ROWS + 3
        assert "名称" in rows[0]
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_a_table_of_streets_has_lengths_and_a_wrong_suffix_is_told(
    town_file: Path, tmp_path: Path
) -> None:
    with api.open_project(town_file, read_only=True) as city:
        write_layer_table(city.project, "Streets", tmp_path / "s.csv")
        with pytest.raises(CityError) as caught:
            write_layer_table(city.project, "Streets", tmp_path / "s.pdf")
    assert caught.value.code == "tables.layer_suffix"
    with (tmp_path / "s.csv").open(encoding="utf-8-sig", newline="") as file:
        assert {round(float(row["length_m"])) for row in csv.DictReader(file)} == {260}
