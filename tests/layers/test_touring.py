"""Camera paths and stories are kept in the project, undone, and played."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from layers.camera_path import CameraPath
from layers.drills.edits import add_plan, drills_of
from layers.drills.plan import Element, Inject, Plan, Step
from layers.edits import SetViews
from layers.errors import CityError
from layers.files.project_file import open_project, save_project
from layers.frame import Frame
from layers.history import History, Label
from layers.project import Project
from layers.touring import (
    moment_between,
    remove_path,
    rename_view,
    save_path,
    save_story,
    show_path,
    show_story,
)
from layers.tours import Slide, Story
from layers.viewpoint import View, Viewpoint

A = Viewpoint.looking_at((500_000.0, 3_400_000.0, 0.0), 300.0)
B = Viewpoint.looking_at((501_000.0, 3_400_000.0, 0.0), 500.0, 1.0)
PATH = CameraPath("flight", (A, B), moments=("2026-06-21T08:00", "2026-06-21T18:00"))


def project() -> Project:
    made = Project(Frame("EPSG:4547", (500_000.0, 3_400_000.0)))
    views = (View("one", A, note="first"), View("two", B, hidden=("x",)))
    SetViews(views, Label("x")).do(made)
    return made


def test_paths_and_stories_are_undone_and_survive_the_file(tmp_path: Path) -> None:
    city = project()
    history = History(city)
    history.run(save_path(city, PATH))
    history.run(save_story(city, Story("tour", (Slide("one", "hello", 2.0), Slide("two")))))
    save_project(city, tmp_path / "city.gpkg")
    again = open_project(tmp_path / "city.gpkg").project
    assert again.tours == city.tours
    assert again.tours.path("flight") == PATH
    history.run(remove_path(city, "flight"))
    assert city.tours.paths == ()
    history.undo()
    assert city.tours.path("flight") == PATH
    history.undo()
    history.undo()
    assert not city.tours


def test_a_view_takes_its_slides_along_when_it_is_renamed() -> None:
    city = project()
    history = History(city)
    history.run(save_story(city, Story("tour", (Slide("one", "hello"), Slide("two")))))
    history.run(rename_view(city, "one", "first"))
    assert [view.name for view in city.views] == ["first", "two"]
    assert [slide.view for slide in city.tours.story("tour").slides] == ["first", "two"]
    with pytest.raises(CityError) as caught:
        history.run(rename_view(city, "first", "two"))
    assert caught.value.code == "view.name"
    history.undo()
    assert [view.name for view in city.views] == ["one", "two"]
    assert [slide.view for slide in city.tours.story("tour").slides] == ["one", "two"]


def test_a_view_takes_its_shots_along_when_it_is_renamed() -> None:
    city = project()
    history = History(city)
    shots = (Element("camera", text="one"), Element("message", text="one"))
    steps = (Step("s1", "See", elements=shots),)
    injects = (Inject("i1", "Wind turns", elements=(Element("camera", text="two"),)),)
    history.run(add_plan(city, Plan(0, "Gas", steps=steps, injects=injects)))
    history.run(rename_view(city, "one", "first"))
    kept = drills_of(city).plans[0]
    assert [element.text for element in kept.steps[0].elements] == ["first", "one"]
    assert kept.injects == injects
    history.undo()
    assert [element.text for element in drills_of(city).plans[0].steps[0].elements] == ["one"] * 2


def test_one_asks_for_what_is_not_there() -> None:
    for ask, code in ((project().tours.path, "path.none"), (project().tours.story, "story.none")):
        with pytest.raises(CityError) as caught:
            ask("nothing")
        assert caught.value.code == code
    with pytest.raises(CityError) as caught:
        show_story(project(), Story("empty"))
    assert caught.value.code == "story.empty"


def test_the_day_runs_along_the_path() -> None:
    show = show_path(PATH, lambda xy: np.zeros(len(xy)), seconds=10.0)
    moments = [show.view_at(second).moment for second in (0.0, 5.0, 10.0)]
    assert moments == ["2026-06-21T08:00:00", "2026-06-21T13:00:00", "2026-06-21T18:00:00"]
    assert show.view_at(0.0).camera.target == pytest.approx(A.target)
    with pytest.raises(CityError):
        moment_between("2026-06-21T08:00", "2026-06-21T18:00+08:00", 0.5)


def test_a_story_stands_on_its_views_and_travels_between() -> None:
    story = Story("tour", (Slide("one", "", 4.0), Slide("two", "here", 4.0, 2.0)))
    show = show_story(project(), story)
    assert show.seconds == 10.0
    first, last = show.view_at(1.0), show.view_at(9.9)
    assert (first.name, first.camera, first.note) == ("one", A, "first")
    assert (last.name, last.camera, last.note, last.hidden) == ("two", B, "here", ("x",))
    way = show.view_at(5.0)
    assert way.name == ""
    assert way.camera not in (A, B)
