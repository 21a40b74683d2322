"""The moving half of the Python interface: camera paths, stories, films; `app.api.City` has it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from app.arguments import checked_size, pick_layers
from app.cutting import cut_from
from app.places import Place, find_places
from app.session import Session
from layers.camera_path import CameraPath, along_line
from layers.cut import Cut
from layers.daylight import read_moment
from layers.errors import CityError
from layers.kinds.base import Features
from layers.looks import checked
from layers.progress import Progress
from layers.project import Project
from layers.shapes import LINE, Floats
from layers.touring import (
    Dress,
    Show,
    remove_path,
    remove_story,
    save_path,
    save_story,
    show_path,
    show_story,
)
from layers.tours import Slide, Story
from layers.viewpoint import View, exploded, seen_through

if TYPE_CHECKING:
    from scene.furniture import Furniture

FILM_SIZE = (1280, 720)
FPS = 25.0
#: How many times larger frames are drawn before they are averaged.
QUALITIES = {"draft": 1, "good": 2, "best": 4}


class Touring:
    """What moves through an open project: paths, stories, films; and finding places in it."""

    session: Session

    @property
    def project(self) -> Project:
        """The project."""
        return self.session.project

    @property
    def paths(self) -> tuple[CameraPath, ...]:
        """The camera paths."""
        return self.project.tours.paths

    @property
    def stories(self) -> tuple[Story, ...]:
        """The stories."""
        return self.project.tours.stories

    def find(self, text: str, limit: int = 20) -> list[Place]:
        """Find places by coordinates, names or attribute values; the best first."""
        return find_places(self.project, text, limit)

    def save_path(
        self,
        name: str,
        *,
        points: Sequence[Sequence[float]] = (),
        views: Sequence[str] = (),
        line: str = "",
        object_id: int | None = None,
        crs: str = "",
        above: float = 40.0,
        **options: Any,
    ) -> CameraPath:
        """Keep a camera path; one of the same name is replaced. Say one of points, views, line.

        Parameters
        ----------
        name : str
            What to call it.
        points : sequence of (x, y)
            Places the way leads over.
        views : sequence of str
            Named views it passes, with their looks.
        line : str
            A layer with lines: its longest one, or that of `object_id`.
        object_id : int or None
            Number of the line in its layer.
        crs : str
            System of the points; "" takes the project's.
        above : float
            Metres over the ground, for points and lines.
        **options
            Further fields of `layers.camera_path.CameraPath`: ``seconds``, ``look``, ``target``
            (without a height: on the ground),
            ``closed``, ``ease``, ``pitch`` (radians), ``moments``, ``note``.

        Raises
        ------
        CityError
            ``path.source``, ``path.no_line``; as `CameraPath` does.
        """
        if sum([bool(len(points)), bool(views), bool(line)]) != 1:
            raise CityError(
                "path.source",
                "A camera path is made from points, from views or from a line.",
                hint="give one of the three",
            )
        for moment in options.get("moments", ()):
            read_moment(moment)
        if len(target := options.get("target") or ()) == 2:
            options["target"] = (*target, float(self.project.ground_at([target])[0]))
        if views:
            stops = tuple(self.project.view(view).camera for view in views)
            path = CameraPath(name, stops, **options)
        else:
            xy = self._line(line, object_id) if line else self._points(points, crs)
            path = along_line(name, xy, self.project.ground_at, above=above, **options)
        self.session.run(save_path(self.project, path))
        return path

    def remove_path(self, name: str) -> None:
        """Forget a camera path."""
        self.session.run(remove_path(self.project, name))

    def save_story(self, name: str, slides: Sequence[Slide | str]) -> Story:
        """Keep a story: views in order, by name or as `Slide` with text and times.

        Raises
        ------
        CityError
            ``project.no_such_view``, ``story.seconds``.
        """
        made = tuple(Slide(slide) if isinstance(slide, str) else slide for slide in slides)
        for slide in made:
            self.project.view(slide.view)
        story = Story(name, made)
        self.session.run(save_story(self.project, story))
        return story

    def remove_story(self, name: str) -> None:
        """Forget a story."""
        self.session.run(remove_story(self.project, name))

    def film(
        self,
        out: str | Path,
        *,
        path: str | CameraPath = "",
        story: str | Story = "",
        seconds: float | None = None,
        fps: float = FPS,
        size: tuple[int, int] = FILM_SIZE,
        moments: Sequence[str] = (),
        hide: Sequence[str] = (),
        captions: bool = True,
        shadows: bool = False,
        corner_shade: bool = False,
        look: str = "",
        cut: str | Cut | None = None,
        underground: float | None = None,
        explode: float | None = None,
        supersample: int = 2,
        locale: str = "",
        progress: Progress | None = None,
    ) -> int:
        """Draw a camera path or a story frame by frame; gives the number of frames.

        Two runs make the same frames, whatever the computer is busy with.

        Parameters
        ----------
        out : str or pathlib.Path
            ``.mp4``, or the name of a folder for PNG files.
        path, story : str or CameraPath, str or Story
            What is played: one of the two.
        seconds : float or None
            How long a path takes; None takes its own time.
        fps : float
            Frames per second.
        size : (int, int)
            Width and height, pixels.
        moments : (str, str)
            Local times at its beginning and end; the sun moves in between.
        hide : sequence of str
            Layers switched off.
        captions : bool
            Whether titles and texts of slides are written.
        shadows : bool
            Whether true shadows are drawn; they move where the moment does.
        corner_shade : bool
            Whether corners are shaded, as in pictures; takes about as long again.
        look, cut, underground, explode
            As in `City.render`; what is not said is that of the views, or as usual.
        supersample : int
            1 is quick, 2 smooth, 4 finest.
        locale : str
            Language of what is written.
        progress : Progress or None
            Is told each frame; may stop it, nothing is left then.
        """
        return film_of(
            self.project, Path(out), path_shown=path, story=story, seconds=seconds, fps=fps,
            size=size, moments=moments, hide=hide, captions=captions, shadows=shadows,
            corner_shade=corner_shade, dress=dress_of(look, cut, underground, explode),
            supersample=supersample, locale=locale, progress=progress,
        )  # fmt: skip

    def _points(self, points: Sequence[Sequence[float]], crs: str) -> Floats:
        xy = np.array([list(point)[:2] for point in points], dtype=np.float64)
        return self.project.need_frame().from_any(xy, crs) if crs else xy

    def _line(self, name: str, object_id: int | None) -> Floats:
        return line_of(self.project, name, object_id)


def film_of(
    project: Project,
    out: Path,
    *,
    path_shown: str | CameraPath = "",
    story: str | Story = "",
    seconds: float | None = None,
    fps: float = FPS,
    size: tuple[int, int] = FILM_SIZE,
    moments: Sequence[str] = (),
    hide: Sequence[str] = (),
    captions: bool = True,
    shadows: bool = False,
    corner_shade: bool = False,
    dress: Dress | None = None,
    supersample: int = 2,
    locale: str = "",
    progress: Progress | None = None,
) -> int:
    """Draw a film of a project; see `Touring.film`."""
    from scene.film import FilmRequest, make_film
    from scene.offscreen import Studio

    shown = playable(project, path_shown, story, seconds, tuple(moments), hide)
    if dress is not None:
        shown = dress.on(shown)
    request = FilmRequest(
        shown, checked_size(*size), fps, supersample,
        _captions(locale) if captions and story else None, shadows=shadows,
        corner_shade=corner_shade,
    )  # fmt: skip
    with Studio(project) as studio:
        return make_film(studio, request, out, progress)


def dress_of(
    look: str = "", cut: str | Cut | None = None, underground: float | None = None,
    explode: float | None = None,
) -> Dress:  # fmt: skip
    """Check how a film shall be drawn, and give it.

    Raises
    ------
    CityError
        ``look.unknown``, ``cut.text``, ``cut.shape``, ``view.underground``, ``view.explode``.
    """
    return Dress(
        checked(look), cut_from(cut),
        None if underground is None else seen_through(underground),
        None if explode is None else exploded(explode),
    )  # fmt: skip


def line_of(project: Project, name: str, object_id: int | None = None) -> Floats:
    """Give the corners of a line of a layer, (k, 2): the longest, or that of a number.

    Raises
    ------
    CityError
        ``path.no_line`` where the layer has none; as finding layer and object does.
    """
    data = project.layer(name).data
    rows = np.empty(0, dtype=np.int64)
    if isinstance(data, Features):
        rows = np.flatnonzero(data.shapes.kind == LINE)
        if object_id is not None:
            rows = np.intersect1d(rows, data.index_of([object_id]))
    if rows.size == 0:
        raise CityError(
            "path.no_line",
            f"The layer '{name}' has no such line.",
            hint="choose a layer with lines, or the number of one",
            layer=name,
        )
    assert isinstance(data, Features)
    lines = data.shapes.take(rows).to_shapely()
    longest = max(lines, key=lambda line: line.length)
    parts = getattr(longest, "geoms", None)
    if parts is not None:
        longest = max(parts, key=lambda line: line.length)
    return np.asarray(longest.coords)[:, :2]


def playable(
    project: Project,
    path: str | CameraPath = "",
    story: str | Story = "",
    seconds: float | None = None,
    moments: tuple[str, ...] = (),
    hide: Sequence[str] = (),
) -> Show:
    """Make a path or a story ready to be played, see `Touring.film`.

    Raises
    ------
    CityError
        ``film.what`` unless there is one of the two; ``path.none``, ``story.none``.
    """
    if bool(path) == bool(story):
        raise CityError(
            "film.what",
            "A film shows a camera path or a story.",
            hint="name one of the two",
        )
    hidden = {layer.id for layer in project.layers if not layer.visible}
    hidden |= pick_layers(project, hide)
    if story:
        return show_story(project, project.tours.story(story) if isinstance(story, str) else story)
    way = project.tours.path(path) if isinstance(path, str) else path
    if moments:
        for moment in moments:
            read_moment(moment)
        way = replace(way, moments=moments)
    if seconds is not None:
        way = replace(way, seconds=seconds)
    return show_path(way, project.ground_at, hidden=tuple(sorted(hidden)))


def _captions(locale: str) -> Callable[[View], Furniture | None]:
    from app.pictures import words_of
    from app.wording import Wording, current
    from scene.furniture import Furniture

    words = words_of(Wording(locale) if locale else current())

    def furniture(view: View) -> Furniture | None:
        if not view.name and not view.note:
            return None
        return Furniture(
            title=view.name, caption=view.note, legend=False, north=False, scale_bar=False,
            date=False, coordinates=False, words=words,
        )  # fmt: skip

    return furniture
