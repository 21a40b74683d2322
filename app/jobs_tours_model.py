"""What a job file may say of eyes: views, camera paths and stories made for the job alone."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, model_validator

from app.arguments import parse_camera
from app.jobs_fields import (
    Apart,
    Camera,
    CutText,
    JobTable,
    Look,
    Moment,
    Names,
    Point,
    Points,
    Share,
)
from layers.errors import CityError
from layers.tours import Slide

if TYPE_CHECKING:
    from app.api import City


class ViewJob(JobTable):
    """``[[view]]``: a named view; one of the same name in the project gives way to it."""

    name: str = Field(min_length=1)
    project: str = ""
    camera: Camera | None = None
    camera_crs: str = "EPSG:4326"
    hide: Names | None = None
    moment: Moment = ""
    note: str = ""
    look: Look = ""
    cut: CutText = ""
    underground: Share = 0.0
    explode: Apart = 0.0

    def keep(self, city: City) -> None:
        """Put the view into the project."""
        eye = city.overview()
        if self.camera is not None:
            text = ",".join(repr(float(number)) for number in self.camera)
            eye = parse_camera(city.project, text, self.camera_crs)
        city.save_view(
            self.name, eye, hidden=self.hide, moment=self.moment, note=self.note, look=self.look,
            cut=self.cut, underground=self.underground, explode=self.explode,
        )  # fmt: skip


class PathJob(JobTable):
    """``[[path]]``: a camera path over points, through views, or along a line of a layer."""

    name: str = Field(min_length=1)
    project: str = ""
    points: Points = ()
    crs: str = ""
    views: Names = ()
    line: str = ""
    object: int | None = None
    above: float = Field(default=40.0, gt=0)
    seconds: float = Field(default=20.0, gt=0)
    look: Literal["", "ahead", "free", "target"] = ""
    target: Point | None = None
    pitch: float | None = Field(default=None, ge=-89, le=60)
    closed: bool = False
    start: Moment = ""
    end: Moment = ""

    @model_validator(mode="after")
    def _one_source(self) -> PathJob:
        if sum([bool(self.points), bool(self.views), bool(self.line)]) != 1:
            raise ValueError(
                CityError(
                    "path.source",
                    "A camera path is made from points, from views or from a line.",
                    hint="give one of the three",
                )
            )
        return self

    def keep(self, city: City) -> None:
        """Put the path into the project."""
        options: dict[str, Any] = {"seconds": self.seconds, "closed": self.closed}
        if self.look:
            options["look"] = self.look
        if self.target is not None:
            options |= {"target": self.target, "look": self.look or "target"}
        if self.pitch is not None:
            options["pitch"] = math.radians(self.pitch)
        if self.start or self.end:
            options["moments"] = (self.start or self.end, self.end or self.start)
        city.save_path(
            self.name, points=self.points, views=self.views, line=self.line,
            object_id=self.object, crs=self.crs, above=self.above, **options,
        )  # fmt: skip


class SlideJob(JobTable):
    """A slide of a story: a view, what is written under it, seconds it stands, seconds to it."""

    view: str
    text: str = ""
    hold: float = Field(default=6.0, ge=0, le=3600)
    travel: float = Field(default=3.0, ge=0, le=600)


class StoryJob(JobTable):
    """``[[story]]``: views in order, with texts."""

    name: str = Field(min_length=1)
    project: str = ""
    slides: tuple[SlideJob | str, ...] = Field(min_length=1)

    def keep(self, city: City) -> None:
        """Put the story into the project."""
        city.save_story(
            self.name,
            [s if isinstance(s, str) else Slide(**s.model_dump()) for s in self.slides],
        )


class ShadowsJob(JobTable):
    """``[[shadows]]``: a layer of the shadows at several times, for the pictures of the job."""

    when: Names
    project: str = ""
    layers: Names = ()
    name: str = ""

    def keep(self, city: City) -> None:
        """Put the layer into the project."""
        city.shadow_plan(self.when, layers=self.layers, name=self.name)


KeptJob = ShadowsJob | ViewJob | PathJob | StoryJob
#: Tables of a job that are kept in its projects before anything is made, in this order.
KEPT_TABLES: dict[str, type[KeptJob]] = {
    "shadows": ShadowsJob, "view": ViewJob, "path": PathJob, "story": StoryJob,
}  # fmt: skip
