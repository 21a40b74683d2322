"""Answers that compare with something else know when that changed; marks are shown by choice."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from app import cli
from app.api import open_project
from app.wording import Wording
from layers.edits import SetHeight
from layers.errors import CityError
from layers.planning.theme_paint import DIMMED
from layers.schemes_edits import activate, new_scheme
from tests.app.conftest import EAST, NORTH

EYE = {"eyes": ((EAST - 200.0, NORTH, 2.0),), "step": 1.0, "compare": "scheme"}


def test_an_answer_held_against_a_project_file_is_stale_when_the_file_changes(
    town_file: Path, tmp_path: Path
) -> None:
    other, path = tmp_path / "before.gpkg", tmp_path / "town.gpkg"
    shutil.copy(town_file, other)
    shutil.copy(town_file, path)
    with open_project(path) as city:
        item = city.analyse("skyline", EYE | {"before": str(other)}, keep=True)
        assert city.stale_inputs(item) == ()
        with open_project(other) as before:
            layer = next(before.project.of_kind("buildings"))
            before.session.run(SetHeight(layer.id, int(layer.features.ids[0]), 99.0))
            before.save()
        assert city.stale_inputs(item) == ("file:before.gpkg",)
        other.unlink()
        assert city.stale_inputs(item) == ("file:before.gpkg",)


def test_an_answer_held_against_a_scheme_is_stale_when_the_scheme_changes(
    town_file: Path, tmp_path: Path
) -> None:
    path = tmp_path / "town.gpkg"
    shutil.copy(town_file, path)
    with open_project(path) as city:
        layer = next(city.project.of_kind("buildings"))
        city.session.run(new_scheme("A"))
        city.session.run(activate("existing"))
        item = city.analyse("skyline", EYE | {"before": "A"}, keep=True)
        assert city.stale_inputs(item) == ()
        city.session.run(activate("A"))
        city.session.run(SetHeight(layer.id, int(layer.features.ids[0]), 99.0))
        city.session.run(activate("existing"))
        assert city.stale_inputs(city.answers[-1]) == ("scheme:A",)


def test_marks_of_chosen_answers_are_shown_from_the_command_line(
    town_file: Path, tmp_path: Path
) -> None:
    path = tmp_path / "town.gpkg"
    shutil.copy(town_file, path)
    with open_project(path) as city:
        for name in ("one", "two"):
            city.analyse("skyline", EYE | {"compare": "nothing"}, name=name, keep=True)
        city.save()
    assert cli.main(["analyses", "show-in-scene", str(path), "one"]) == 0
    with open_project(path) as city:
        assert [item.name for item in city.answers if item.shown] == ["one"]
    assert cli.main(["analyses", "show-in-scene", str(path), "two", "--add"]) == 0
    with open_project(path) as city:
        assert [item.name for item in city.answers if item.shown] == ["one", "two"]


def test_angles_have_two_digits_and_places_on_earth_seven() -> None:
    words = Wording("en")
    assert words.value("sun_azimuth_deg", 181.25) == "181.25°"
    assert words.value("longitude_deg", 114.1068140) == "114.1068140°"


def test_objects_take_the_colours_of_their_phase_and_the_rest_is_dimmed(
    town_file: Path, tmp_path: Path
) -> None:
    path = tmp_path / "town.gpkg"
    shutil.copy(town_file, path)
    with open_project(path) as city:
        layer = next(city.project.of_kind("buildings"))
        was = layer.data, layer.style
        city.paint_themes({"way": "phases", "year": 2020}, ("existing",))
        colouring = layer.style.colouring
        assert colouring is not None
        assert colouring.field == "project_phase"
        assert {e.colour for e in colouring.entries if e.value != "existing"} <= {DIMMED}
        assert "project_phase" in layer.features.attributes.column_names
        with pytest.raises(CityError, match="There is no theme 'moon'"):
            city.paint_themes({"way": "phases"}, ("moon",))
        city.session.undo()
        assert (layer.data, layer.style) == was
        city.session.run(new_scheme("A"))
        with pytest.raises(CityError, match="while a scheme is shown"):
            city.paint_themes({"way": "phases"})
