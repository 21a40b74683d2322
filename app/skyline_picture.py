"""Drawings of skylines from the command line and from the window."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from layers.project import Project


def draw_skyline(
    project: Path | Project,
    params: Mapping[str, Any],
    path: Path,
    *,
    scheme: str = "",
    title: str = "",
) -> None:
    """Draw the skyline that parameters of the analysis ``skyline`` ask for.

    Parameters
    ----------
    project : pathlib.Path or Project
        Project file, or an open project.
    params : mapping
        As the analysis takes them.
    path : pathlib.Path
        File to write: SVG, PDF, PNG or DXF.
    scheme : str
        Scheme to draw, "" for the city as it is shown.
    title : str
        Heading; "" says what it is.

    Raises
    ------
    CityError
        As the analysis does, and where the file cannot be written.
    """
    from app.analyses import asked_project
    from app.wording import current
    from layers.analyses.base import params_of
    from layers.analyses.skyline import ANALYSIS, skylines
    from layers.files.plates import write_plate
    from layers.planning.skyline_drawing import skyline_plate

    if isinstance(project, Path):
        from app.cli_project import opened

        with opened(project, read_only=True) as city:
            shown = asked_project(city.project, scheme)
    else:
        shown = asked_project(project, scheme)
    w = current()
    after, before, _, _ = skylines(shown, params_of(ANALYSIS, params))
    heading = title or w.t("skyline-title", east=f"{after.eye[0]:.0f}", north=f"{after.eye[1]:.0f}")
    plate = skyline_plate(after, lambda key: w.t(f"skyline-{key}"), before, heading)
    write_plate(plate, path)
