"""Commands that run whole things: run, sample, pack, open."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer
from typer import Argument, Option

from app.cli_output import progress_bar, say
from app.cli_project import opened
from app.wording import current
from layers.errors import CityError


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("run")(run)
    app.command("sample")(sample)
    app.command("pack")(pack)
    app.command("open")(open_command)


def run(
    job: Annotated[Path, Argument(help="Job file (.toml); docs/job-file.md tells its keys.")],
    out: Annotated[Path, Option("--out", "-o", help="Folder for pictures and tables.")],
    force: Annotated[bool, Option("--force", help="Make everything again.")] = False,
    check: Annotated[bool, Option("--check", help="Only check the job file.")] = False,
) -> None:
    """Run a job file: pictures, measurements and tables, with a manifest. Needs no display.

    What is up to date is left alone, so that a job can run every night.

    [bold]Examples[/bold]

    citystage run night.toml --out pictures

    citystage run night.toml --out pictures --force
    """
    from app.jobs_file import read_job
    from app.jobs_run import run_job

    file = read_job(job)
    if check:
        say(current().t("run-checked", job=job.name))
        return

    def tell_file(path: Path, fresh: bool) -> None:
        say(current().t("run-written" if fresh else "run-kept", path=path))

    with progress_bar("run-running", job=job.name) as bar:
        result = run_job(file, out, force=force, progress=bar, done=tell_file)
    w = current()
    say(
        w.t(
            "run-summary",
            written=len(result.written),
            kept=len(result.kept),
            seconds=w.number(result.seconds, 1),
            manifest=result.manifest,
        )
    )


def sample(
    folder: Annotated[Path, Argument(help="Folder for the files and the project.")],
    names: Annotated[
        Literal["zh-CN", "en"] | None,
        Option(help="Language of layers, views and legends; else the program's."),
    ] = None,
) -> None:
    """Write the sample city: its files as planners have them, and a project with views.

    [bold]Examples[/bold]

    citystage sample riverside
    """
    from app.sample import build_sample

    with progress_bar("cli-sample") as bar:
        path = build_sample(folder, bar, locale=names or current().locale)
    say(current().t("cli-wrote", path=path))


def pack(
    project: Annotated[Path, Argument(help="Project file (.gpkg).")],
    out: Annotated[Path, Argument(help="Archive to write (.zip).")],
    with_sources: Annotated[
        bool, Option("--with-sources", help="Take the imported files along, too.")
    ] = False,
) -> None:
    """Put a project and the rasters it refers to into one archive, to hand on.

    [bold]Examples[/bold]

    citystage pack city.gpkg city.zip
    """
    from layers.files.project_pack import write_pack

    with (
        opened(project, read_only=True) as city,
        progress_bar("cli-packing", file=out.name) as bar,
    ):
        write_pack(city.project, out, bar, name=project.name, with_sources=with_sources)
    say(current().t("cli-wrote", path=out))


def open_command(
    project: Annotated[Path | None, Argument(help="Project file (.gpkg).")] = None,
    sample: Annotated[bool, Option("--sample", help="Open the sample city.")] = False,
) -> None:
    """Open the window, with a project where one is named.

    [bold]Examples[/bold]

    citystage open city.gpkg

    citystage open --sample
    """
    if project is not None and sample:
        raise CityError(
            "cli.project_or_sample",
            "The window opens with one project, or with the sample, not with both.",
            hint="leave one of them out",
        )
    open_window(project, sample=sample)


def open_window(project: Path | None, *, sample: bool = False) -> None:
    """Start the window; comes back when it is closed.

    Raises
    ------
    CityError
        ``cli.no_display`` where there is none; Qt would end the program without a word.
    """
    displays = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    if sys.platform == "linux" and not any(os.environ.get(name) for name in displays):
        raise CityError(
            "cli.no_display",
            "There is no display to open a window on.",
            hint="draw pictures without one: citystage render --help, citystage run --help",
        )
    from app.qt.start import run as run_window

    raise typer.Exit(run_window(project, sample=sample))
