"""What comes out of drills: pictures, films, the script, the form for evaluators."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from typer import Argument, Option

from app.cli_output import progress_bar, say
from app.cli_project import ProjectFile, opened
from app.wording import current

PlanName = Annotated[str, Argument(help="Name or number of the plan.")]
Run = Annotated[
    int, Option("--run", help="Number of an exercise: what really happened instead of the plan.")
]
Ghosts = Annotated[
    bool,
    Option("--ghosts/--no-ghosts", help="With --run: units faint where they should have been."),
]
Fire = Annotated[list[str] | None, Option("--fire", help="Inject given at a second, ID=SECONDS.")]
ViewName = Annotated[str, Option("--view", help="Named view; else the places of the plan.")]
Size = Annotated[str, Option(help="Width x height, pixels.")]


def register(group: typer.Typer) -> None:
    """Add the commands to the group of drills."""
    for command in (picture, film, script, form):
        group.command(command.__name__)(command)


def picture(
    project: ProjectFile,
    name: PlanName,
    out: Annotated[Path, Option(help="PNG file to write.")],
    at: Annotated[float, Option("--at", help="Second of the plan.")] = 0.0,
    view: ViewName = "",
    size: Size = "1280x720",
    fire: Fire = None,
    run: Run = 0,
    ghosts: Ghosts = True,
) -> None:
    """Draw the city at a second of a plan.

    [bold]Examples[/bold]

    citystage drill picture city.gpkg "Gas leak" --at 1800 --out fire.png
    """
    from app.arguments import parse_size
    from app.drill_pictures import paint
    from app.drill_words import clock, parse_fired
    from app.pictures import Order

    with opened(project, read_only=True) as city, progress_bar("progress-drawing") as progress:
        fired = parse_fired(fire or [], city.plan(name))
        played = city.replay(run, ghosts=ghosts) if run else city.rehearse(name, fired)
        order = Order(view=city.project.view(view) if view else None, size=parse_size(size))
        for _, made in paint(city.project, played, [at], order, progress=progress):
            made.save(out)
    say(current().t("drill-picture", path=str(out), time=clock(at)))


def film(
    project: ProjectFile,
    name: PlanName,
    out: Annotated[Path, Option(help="MP4 file, or a folder for PNG files.")],
    speed: Annotated[float, Option(help="Seconds of the plan per second of the film.")] = 60.0,
    fps: Annotated[float, Option(help="Frames a second.")] = 10.0,
    start: Annotated[float, Option("--from", help="First second of the plan.")] = 0.0,
    end: Annotated[float, Option("--to", help="Last second; 0 for the end.")] = 0.0,
    view: ViewName = "",
    size: Size = "1280x720",
    fire: Fire = None,
    run: Run = 0,
    ghosts: Ghosts = True,
    legend: Annotated[
        bool, Option("--legend/--no-legend", help="Symbols, zones and states in the picture.")
    ] = False,
) -> None:
    """Make the film of a rehearsal, frame by frame, the same every time.

    [bold]Examples[/bold]

    citystage drill film city.gpkg "Gas leak" --speed 120 --legend --out rehearsal.mp4
    """
    from app import drill_pictures
    from app.arguments import parse_size
    from app.drill_words import parse_fired
    from app.pictures import Order

    with opened(project, read_only=True) as city, progress_bar("progress-drawing") as progress:
        fired = parse_fired(fire or [], city.plan(name))
        played = city.replay(run, ghosts=ghosts) if run else city.rehearse(name, fired)
        order = Order(view=city.project.view(view) if view else None, size=parse_size(size))
        kind = current().t("drill-caption-replay") if run else ""
        wanted = drill_pictures.Film(fps, speed, start, end, legend, kind)
        frames = drill_pictures.film(
            city.project, played, out, order, wanted, progress=progress
        )  # fmt: skip
    say(current().t("drill-film", path=str(out), frames=frames))


def script(
    project: ProjectFile,
    name: PlanName,
    out: Annotated[list[Path], Option(help="File to write: .pdf, .docx, .xlsx; repeat.")],
    pictures: Annotated[
        bool, Option("--pictures/--no-pictures", help="Draw the key moments.")
    ] = True,
) -> None:
    """Write the script: situation, people, key moments, every step with its words.

    [bold]Examples[/bold]

    citystage drill script city.gpkg "Gas leak" --out script.pdf --out script.docx
    """
    from app import drill_papers, papers

    with opened(project, read_only=True) as city, progress_bar("progress-drawing") as progress:
        played = city.rehearse(name)
        found = city.check_plan(name)
        made = drill_papers.script(
            city.project, played, found, pictures=pictures, progress=progress
        )  # fmt: skip
        files = [file for path in out for file in papers.write(made, path)]
    for file in files:
        say(current().t("cli-wrote", path=str(file)))


def form(
    project: ProjectFile,
    name: PlanName,
    out: Annotated[list[Path], Option(help="File to write: .pdf, .docx, .xlsx; repeat.")],
) -> None:
    """Write the form for evaluators: objectives and steps with boxes to fill in.

    [bold]Examples[/bold]

    citystage drill form city.gpkg "Gas leak" --out form.docx
    """
    from app import drill_papers, papers

    with opened(project, read_only=True) as city:
        made = drill_papers.evaluation(city.project, city.rehearse(name))
        files = [file for path in out for file in papers.write(made, path)]
    for file in files:
        say(current().t("cli-wrote", path=str(file)))
