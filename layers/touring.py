"""Keeping and playing camera paths and stories: the commands, and the picture at each second."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from layers.camera_path import CameraPath, Ground, Track, between
from layers.cut import Cut
from layers.daylight import read_moment
from layers.drills.edits import rename_view as rename_view_in_plans
from layers.edits import SetViews, Together
from layers.errors import CityError
from layers.history import Command, Label
from layers.project import Project
from layers.tours import Story, Tours
from layers.viewpoint import View


@dataclass(eq=False)
class SetTours:
    """Swap the camera paths and stories; the label tells what for."""

    tours: Tours
    title: Label
    _before: Tours = field(default_factory=Tours, init=False, repr=False)

    @property
    def label(self) -> Label:
        """What the swap is for."""
        return self.title

    def do(self, project: Project) -> None:
        """Swap."""
        self._before, project.tours = project.tours, self.tours

    def undo(self, project: Project) -> None:
        """Swap back."""
        project.tours = self._before

    def absorb(self, later: Command) -> bool:
        """Keep steps apart."""
        del later
        return False


def save_path(project: Project, path: CameraPath) -> SetTours:
    """Make the command that adds a path, or replaces the one of the same name."""
    return SetTours(project.tours.with_path(path), Label("edit-save-path", {"name": path.name}))


def remove_path(project: Project, name: str) -> SetTours:
    """Make the command that removes a path."""
    return SetTours(project.tours.without_path(name), Label("edit-remove-path", {"name": name}))


def save_story(project: Project, story: Story) -> SetTours:
    """Make the command that adds a story, or replaces the one of the same name."""
    return SetTours(project.tours.with_story(story), Label("edit-save-story", {"name": story.name}))


def remove_story(project: Project, name: str) -> SetTours:
    """Make the command that removes a story."""
    return SetTours(project.tours.without_story(name), Label("edit-remove-story", {"name": name}))


def rename_view(project: Project, old: str, new: str) -> Command:
    """Make the command that gives a view another name, also in stories and plans that show it.

    Raises
    ------
    CityError
        ``project.no_such_view``; ``view.name``, when it is run, where another view is called so.
    """
    project.view(old)
    title = Label("edit-rename-view", {"name": old, "new": new})
    views = tuple(replace(v, name=new) if v.name == old else v for v in project.views)
    tours = project.tours
    stories = tuple(
        replace(story, slides=tuple(
            replace(slide, view=new) if slide.view == old else slide for slide in story.slides
        ))
        for story in tours.stories
    )  # fmt: skip
    steps: list[Command] = [SetViews(views, title)]
    if stories != tours.stories:
        steps.append(SetTours(Tours(tours.paths, stories), title))
    if (shots := rename_view_in_plans(project, old, new, title)) is not None:
        steps.append(shots)
    return steps[0] if len(steps) == 1 else Together(tuple(steps), title)


class Show:
    """A path or a story as something to play: the picture at each second.

    Parameters
    ----------
    seconds : float
        How long it takes.
    view_at : callable
        Gives the view at a second; its name tells slides apart, its note is the text.
    """

    def __init__(self, seconds: float, view_at: Callable[[float], View]) -> None:
        self.seconds = seconds
        self.view_at = view_at


@dataclass(frozen=True, slots=True)
class Dress:
    """How all views of a show are drawn, where it says so; else each as it is.

    Attributes
    ----------
    look : str
        One of `layers.looks.LOOKS`.
    cut : Cut or None
        What is taken away.
    underground : float or None
        How much of the ground is seen through, 0 to 1.
    explode : float or None
        Metres that the layers are drawn apart.
    """

    look: str = ""
    cut: Cut | None = None
    underground: float | None = None
    explode: float | None = None

    def on(self, show: Show) -> Show:
        """Give a show in this dress."""

        def view_at(second: float) -> View:
            view = show.view_at(second)
            return replace(
                view,
                look=self.look or view.look,
                cut=self.cut or view.cut,
                underground=view.underground if self.underground is None else self.underground,
                explode=view.explode if self.explode is None else self.explode,
            )

        return Show(show.seconds, view_at)


def show_path(
    path: CameraPath, ground: Ground, *, seconds: float | None = None,
    hidden: tuple[str, ...] | None = None,
) -> Show:  # fmt: skip
    """Make a camera path playable; the moment of day runs along where the path says so."""
    track = Track(path, ground)
    whole = path.seconds if seconds is None else seconds

    def view_at(second: float) -> View:
        moment = ""
        if path.moments:
            moment = moment_between(path.moments[0], path.moments[1], second / whole)
        return View(path.name, track.at(second, whole), hidden, moment)

    return Show(whole, view_at)


def show_story(project: Project, story: Story) -> Show:
    """Make a story playable: each view stands, then the eye travels to the next one.

    Raises
    ------
    CityError
        ``project.no_such_view``, ``story.empty``.
    """
    if not story.slides:
        raise CityError(
            "story.empty",
            f"The story '{story.name}' has no slides.",
            hint="add views to it",
            name=story.name,
        )
    views = [project.view(slide.view) for slide in story.slides]

    def view_at(second: float) -> View:
        left = second
        for i, slide in enumerate(story.slides):
            if i and left < slide.travel:
                share = left / slide.travel
                eye = between(views[i - 1].camera, views[i].camera, share)
                base = views[i - 1] if share < 0.5 else views[i]
                return replace(base, name="", camera=eye, note="")
            left -= slide.travel if i else 0.0
            if left < slide.hold or slide is story.slides[-1]:
                view = views[i]
                return replace(view, note=slide.text or view.note)
            left -= slide.hold
        raise AssertionError("the last slide lasts")

    return Show(story.seconds, view_at)


def moment_between(first: str, last: str, share: float) -> str:
    """Give a moment between two, ISO 8601 to the second.

    >>> moment_between("2026-06-21T08:00", "2026-06-21T18:00", 0.5)
    '2026-06-21T13:00:00'

    Raises
    ------
    CityError
        ``daylight.moment``; ``path.moments`` where only one of the two names its offset.
    """
    start, end = read_moment(first), read_moment(last)
    if (start.tzinfo is None) != (end.tzinfo is None):
        raise CityError(
            "path.moments",
            "A camera path has a moment at its beginning and one at its end, or none.",
            hint="give two, such as 2026-06-21T08:00 and 2026-06-21T18:00",
        )
    return (start + (end - start) * min(max(share, 0.0), 1.0)).isoformat(timespec="seconds")
