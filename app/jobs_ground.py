"""What a job file may say of the ground along a line, and how that is written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import Field, model_validator

from app.arguments import outline_of
from app.jobs_fields import JobTable, Points, Size, check_placeholders
from layers.errors import CityError
from layers.planning.profile import SUFFIXES

if TYPE_CHECKING:
    from app.api import City

PLOT = ".png"


class ProfileJob(JobTable):
    """``[[profile]]``: the ground along a line, as a plot or as a table of stations."""

    file: str
    project: str = ""
    points: Points = ()
    crs: str = ""
    layer: str = ""
    object: int | None = None
    spacing: float | None = Field(default=None, gt=0)
    size: Size = (1200, 600)
    title: str = ""

    @model_validator(mode="after")
    def _one_line(self) -> ProfileJob:
        check_placeholders(self.file, ("project", "date", "n"))
        ends = (PLOT, *SUFFIXES)
        named = bool(self.layer) and self.object is not None
        if (len(self.points) > 1) == named or Path(self.file).suffix.lower() not in ends:
            raise ValueError(
                CityError(
                    "job.profile",
                    "A profile of a job has points or a line of a layer, and a file that ends "
                    "with .png, .csv or .xlsx.",
                    hint='write points = "x,y x,y", or layer = "Roads" and object = 12, and '
                    'file = "profile.png"',
                )
            )
        return self

    def write(self, city: City, path: Path) -> None:
        """Write the plot or the table.

        Raises
        ------
        CityError
            As `City.profile` and writing do.
        """
        from app.ground_plots import write_plot
        from layers.planning.profile import write_profile

        points = self.points or outline_of(city.project, f"{self.layer}:{self.object}")
        found = city.profile(points, crs=self.crs, spacing=self.spacing)
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix.lower() == PLOT:
            write_plot(found, path, title=self.title, size=self.size)
        else:
            write_profile(found, path)
