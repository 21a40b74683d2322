"""Maps and papers of pipes as verbs of an open project."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app.session import Session
from layers.progress import Progress, Silent

if TYPE_CHECKING:
    from app.pipe_maps import MapOptions
    from app.pipe_permit import PermitOptions
    from app.pipe_repair import RepairOptions
    from app.pipe_report import ReportOptions


class Papering:
    """Maps and papers; `app.api.City` has these verbs."""

    session: Session

    def write_pipe_map(
        self, path: str | Path, options: MapOptions | None = None
    ) -> tuple[Path, ...]:
        """Write a distribution map of pipes: ``.pdf``, ``.svg``, ``.png`` or ``.dxf``.

        Parameters
        ----------
        path : path-like
            The file.
        options : app.pipe_maps.MapOptions or None
            Which pipes, which part, colours, scale, paper.

        Returns
        -------
        tuple of Path
            What was written: one file, or one per sheet.

        Raises
        ------
        CityError
            As `app.pipe_maps.map_plate` and `layers.files.plates.write_plate`.
        """
        from app.pipe_maps import MapOptions, write_map

        return write_map(self.session.project, Path(path), options or MapOptions())

    def write_permit(
        self, path: str | Path, options: PermitOptions, progress: Progress | None = None
    ) -> tuple[Path, ...]:
        """Write the package for a permit to open a road: ``.pdf``, ``.docx``, ``.xlsx``, ``.png``.

        Parameters
        ----------
        path : path-like
            The file.
        options : app.pipe_permit.PermitOptions
            What is dug, who asks.
        progress : Progress or None
            Told of the stages.

        Returns
        -------
        tuple of pathlib.Path
            The files.

        Raises
        ------
        CityError
            As `app.pipe_permit.permit` and `app.papers.write`.
        """
        from app.papers import write
        from app.pipe_permit import permit

        made = permit(self.session.project, options, progress=progress or Silent())
        return write(made, Path(path))

    def write_repair_sheet(
        self, path: str | Path, options: RepairOptions, progress: Progress | None = None
    ) -> tuple[Path, ...]:
        """Write the repair sheet of a burst; see `write_permit` for the formats.

        Raises
        ------
        CityError
            As `app.pipe_repair.repair_sheet` and `app.papers.write`.
        """
        from app.papers import write
        from app.pipe_repair import repair_sheet

        made = repair_sheet(self.session.project, options, progress=progress or Silent())
        return write(made, Path(path))

    def write_pipe_report(
        self, path: str | Path, options: ReportOptions | None = None,
        progress: Progress | None = None,
    ) -> tuple[Path, ...]:  # fmt: skip
        """Write the report of statistics on pipes; see `write_permit` for the formats.

        Raises
        ------
        CityError
            As `app.pipe_report.statistics_report` and `app.papers.write`.
        """
        from app.papers import write
        from app.pipe_report import ReportOptions, statistics_report

        made = statistics_report(
            self.session.project, options or ReportOptions(), progress=progress or Silent()
        )
        return write(made, Path(path))
