"""Films: every frame drawn by its number, so that two runs make the same film."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from layers.errors import CityError
from layers.progress import Part, Progress, Silent
from layers.touring import Show
from layers.viewpoint import View
from scene.film_files import sink_for
from scene.furniture import Furniture
from scene.offscreen import PictureRequest, Studio

MOST_FRAMES = 250_000


@dataclass(frozen=True, slots=True)
class FilmRequest:
    """A film that is wanted.

    Attributes
    ----------
    show : Show
        What is played.
    size : (int, int)
        Width and height, pixels.
    fps : float
        Frames per second, 1 to 120.
    supersample : int
        How many times larger each frame is drawn before it is averaged, 1 to 4.
    furniture : callable or None
        Gives what is drawn over a frame's view; None for the bare city.
    labels : bool
        Whether names are written.
    shadows : bool
        Whether true shadows are drawn; they move where the moment does.
    corner_shade : bool
        Whether corners are shaded, as in pictures.
    """

    show: Show
    size: tuple[int, int] = (1280, 720)
    fps: float = 25.0
    supersample: int = 2
    furniture: Callable[[View], Furniture | None] | None = None
    labels: bool = True
    shadows: bool = False
    corner_shade: bool = False

    def __post_init__(self) -> None:
        if not 1.0 <= self.fps <= 120.0:
            raise CityError(
                "film.fps",
                f"A film has 1 to 120 frames per second, not {self.fps:g}.",
                hint="25 or 30 suit most screens",
                fps=f"{self.fps:g}",
            )
        if self.show.seconds * self.fps > MOST_FRAMES:
            raise CityError(
                "film.too_long",
                f"The film would have more than {MOST_FRAMES} frames.",
                hint="make it shorter, or with fewer frames per second",
                most=MOST_FRAMES,
            )

    @property
    def count(self) -> int:
        """How many frames it has, at least one."""
        return max(round(self.show.seconds * self.fps), 1)

    def second(self, number: int) -> float:
        """Give the second that a frame, counted from 0, shows; the last one shows the end."""
        return self.show.seconds * number / max(self.count - 1, 1)


def make_film(
    studio: Studio, request: FilmRequest, out: Path, progress: Progress | None = None
) -> int:
    """Draw a film; gives the number of frames.

    Parameters
    ----------
    studio : Studio
        Draws the frames.
    request : FilmRequest
        What is wanted.
    out : pathlib.Path
        ``.mp4``, or the name of a folder for PNG files. It appears whole or not at all.
    progress : Progress or None
        Is told each frame.

    Raises
    ------
    CityError
        ``film.suffix``, ``film.exists``, ``film.write``, ``film.encoder``; as drawing does.
    Cancelled
        If the user stopped it; nothing is left then.
    """
    told = progress or Silent()
    count = request.count
    with sink_for(out, request.size, request.fps) as sink:
        for number in range(count):
            view = request.show.view_at(request.second(number))
            furniture = request.furniture(view) if request.furniture is not None else None
            picture = studio.picture(
                PictureRequest(
                    view, request.size, furniture,
                    supersample=request.supersample, labels=request.labels,
                    shadows=request.shadows, corner_shade=request.corner_shade,
                ),
                Part(told, number / count, (number + 1) / count),
            )  # fmt: skip
            sink.add(picture.pixels)
    told.step(count, count, "progress-drawing")
    return count
