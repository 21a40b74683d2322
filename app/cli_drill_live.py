"""Commands that follow live positions: who was seen last where, how old that is."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer import Argument, Option

from app.cli_output import say, say_json, table
from app.cli_project import opened
from app.wording import current

if TYPE_CHECKING:
    from app.api import City
    from app.live import Following

EVERY = 0.5  # seconds between two looks


def register(group: typer.Typer) -> None:
    """Add the command to the group of drills."""
    group.command("live")(live)


def live(
    project: Annotated[Path, Argument(help="Project file (.gpkg).")],
    file: Annotated[
        str, Option("--file", help="File that is followed: .csv .json .geojson .xml .cot.")
    ] = "",
    broker: Annotated[str, Option(help="MQTT broker, HOST or HOST:PORT (mqtts:// for TLS).")] = "",
    topic: Annotated[str, Option(help="Topic; + and # stand for parts of it.")] = "",
    user: Annotated[
        str, Option(help="User at the broker; password in CITYSTAGE_MQTT_PASSWORD.")
    ] = "",
    seconds: Annotated[
        float, Option("--for", help="Follow for so many seconds; 0 looks once.", min=0.0)
    ] = 0.0,
    stale: Annotated[float, Option(help="Seconds after which a report is old.", min=1.0)] = 60.0,
    out: Annotated[Path | None, Option(help="Picture of the last state, PNG.")] = None,
    view: Annotated[str, Option(help="Named view of the picture; else all of the city.")] = "",
    size: Annotated[str, Option(help="Width x height of the picture, pixels.")] = "1600x900",
    take_over: Annotated[
        bool, Option("--take-over", help="Put resources where they were seen, and save.")
    ] = False,
    as_json: Annotated[bool, Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Follow live positions from a file or an MQTT topic; old ones are told with their age.

    Nothing is sent and no port is opened. Rows and messages that cannot be used are counted and
    told. A report is about a resource of the project where its key is the resource's code or name.

    [bold]Examples[/bold]

    citystage drill live city.gpkg --file positions.csv --for 60

    citystage drill live city.gpkg --broker 10.0.0.5 --topic "fleet/+/position" --for 30 --json
    """
    from app.live import Following
    from layers.drills.live import Board
    from layers.drills.live_sources import source_of

    source = source_of(broker if topic else file, topic=topic, user=user)
    with opened(project, read_only=not take_over) as city:
        following = Following(source, Board(stale))
        source.begin()
        try:
            _follow(city, following, max(seconds, 1.0 if topic else 0.0))
        finally:
            source.end()
        if following.problem is not None and not len(following.board):
            raise following.problem
        _tell(city, following, as_json=as_json)
        if take_over:
            _take_over(city, following, quiet=as_json)
        if out is not None:
            _draw(city, following, out, view, size)
            if not as_json:
                say(current().t("cli-wrote", path=str(out)))


def _follow(city: City, following: Following, seconds: float) -> None:
    ends = time.monotonic() + seconds
    while True:
        following.look(city.project)
        left = ends - time.monotonic()
        if left <= 0.0:
            return
        time.sleep(min(EVERY, left))


def _tell(city: City, following: Following, *, as_json: bool) -> None:
    from app.live import age, facts, note_words

    w = current()
    rows = facts(city.project, following.seen())
    told = note_words(following.notes)
    if as_json:
        say_json({"source": following.source.name, "reports": following.reports,
                  "positions": rows, "notes": told})  # fmt: skip
        return
    say(w.t("live-told", name=following.source.name, reports=following.reports,
            count=len(rows), stale=sum(row["stale"] for row in rows)))  # fmt: skip
    names = ("name", "sort", "state", "east", "north", "age", "resource")
    layers = {layer.id: layer.name for layer in city.project.layers}
    cells = [
        [row["name"], w.t(f"sort-{row['sort']}"), w.t(f"resource-state-{row['state']}"),
         f"{row['east']:.1f}", f"{row['north']:.1f}",
         age(row["age_s"], w) + (f" ({w.t('live-stale')})" if row["stale"] else ""),
         layers.get(row["layer"] or "", "")]
        for row in rows
    ]  # fmt: skip
    if cells:
        table([w.t(f"live-column-{name}") for name in names], cells, right=(3, 4))
    for line in told:
        say("  " + line)


def _take_over(city: City, following: Following, *, quiet: bool) -> None:
    from layers.drills.resource_edits import take_over

    command, count = take_over(city.project, following.seen())
    if command is not None:
        city.run(command)
        city.save()
    if not quiet:
        say(current().t("live-taken-over", count=count))


def _draw(city: City, following: Following, out: Path, view: str, size: str) -> None:
    from app.arguments import parse_size
    from app.live import marks
    from app.pictures import Order, Painter

    w = current()
    order = Order(size=parse_size(size), view=city.project.view(view) if view else None)
    shown = marks(city.project, following.seen(), w)
    with Painter(city.project) as painter:
        picture = painter.paint(order, before=lambda stage: stage.live.show(shown))
    picture.save(out)
