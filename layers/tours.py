"""What is shown in a row: camera paths and stories of slides, kept in the project."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from layers.camera_path import CameraPath
from layers.errors import CityError


@dataclass(frozen=True, slots=True)
class Slide:
    """One view of a story.

    Attributes
    ----------
    view : str
        Name of the view.
    text : str
        What is written under it; "" takes the view's note.
    hold : float
        Seconds it stands.
    travel : float
        Seconds the eye takes to come here from the slide before; 0 jumps.
    """

    view: str
    text: str = ""
    hold: float = 6.0
    travel: float = 3.0

    def __post_init__(self) -> None:
        if not (0.0 <= self.hold <= 3600.0 and 0.0 <= self.travel <= 600.0):
            raise CityError(
                "story.seconds",
                f"The slide '{self.view}' stands up to an hour and travels up to ten minutes.",
                hint="give seconds, such as 6 and 3",
                view=self.view,
            )


@dataclass(frozen=True, slots=True)
class Story:
    """Views in order, with texts.

    Attributes
    ----------
    name : str
        Unique among the stories of the project.
    slides : tuple of Slide
        In order.
    """

    name: str
    slides: tuple[Slide, ...] = ()

    @property
    def seconds(self) -> float:
        """How long it takes to play."""
        return sum(slide.hold + (slide.travel if i else 0.0) for i, slide in enumerate(self.slides))


T = TypeVar("T", CameraPath, Story)


@dataclass(frozen=True, slots=True)
class Tours:
    """The camera paths and stories of a project.

    Attributes
    ----------
    paths : tuple of CameraPath
    stories : tuple of Story
    """

    paths: tuple[CameraPath, ...] = ()
    stories: tuple[Story, ...] = ()

    def __post_init__(self) -> None:
        for items in (self.paths, self.stories):
            names = [item.name for item in items]
            if len(set(names)) != len(names) or not all(name.strip() for name in names):
                raise CityError(
                    "path.name",
                    "Two camera paths or stories cannot have the same name, and none can be empty.",
                    hint="choose another name",
                )

    def __bool__(self) -> bool:
        return bool(self.paths or self.stories)

    def path(self, name: str) -> CameraPath:
        """Give a path by its name.

        Raises
        ------
        CityError
            ``path.none``, naming those there are.
        """
        for path in self.paths:
            if path.name == name:
                return path
        names = ", ".join(path.name for path in self.paths) or "-"
        raise CityError(
            "path.none",
            f"There is no camera path '{name}'.",
            hint=f"there are: {names}",
            name=name,
            names=names,
        )

    def story(self, name: str) -> Story:
        """Give a story by its name.

        Raises
        ------
        CityError
            ``story.none``, naming those there are.
        """
        for story in self.stories:
            if story.name == name:
                return story
        names = ", ".join(story.name for story in self.stories) or "-"
        raise CityError(
            "story.none",
            f"There is no story '{name}'.",
            hint=f"there are: {names}",
            name=name,
            names=names,
        )

    def with_path(self, path: CameraPath) -> Tours:
        """Add a path, or replace the one of the same name."""
        return Tours(_put(self.paths, path), self.stories)

    def without_path(self, name: str) -> Tours:
        """Take a path out."""
        gone = self.path(name)
        return Tours(tuple(p for p in self.paths if p is not gone), self.stories)

    def with_story(self, story: Story) -> Tours:
        """Add a story, or replace the one of the same name."""
        return Tours(self.paths, _put(self.stories, story))

    def without_story(self, name: str) -> Tours:
        """Take a story out."""
        gone = self.story(name)
        return Tours(self.paths, tuple(s for s in self.stories if s is not gone))

    def to_json(self) -> dict[str, Any]:
        """Give plain values for files."""
        return {
            "paths": [path.to_json() for path in self.paths],
            "stories": [asdict(story) for story in self.stories],
        }

    @classmethod
    def from_json(cls, raw: dict[str, Any]) -> Tours:
        """Build it from the values `to_json` gave."""
        return cls(
            tuple(CameraPath.from_json(path) for path in raw.get("paths", ())),
            tuple(
                Story(story["name"], tuple(Slide(**slide) for slide in story["slides"]))
                for story in raw.get("stories", ())
            ),
        )


def _put(items: tuple[T, ...], new: T) -> tuple[T, ...]:
    if any(item.name == new.name for item in items):
        return tuple(new if item.name == new.name else item for item in items)
    return items + (new,)  # noqa: RUF005 - the type of a starred pair is lost
