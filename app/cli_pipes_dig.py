"""Digging: pits, trenches, and areas that are to be built on."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated, Any

import typer
from typer import Argument, Option

from app.cli_analyses import CHECK_FAILED, AsCsv, AsJson, Out, SaveAs, Scheme, answer, print_answer
from app.cli_output import progress_bar, say, say_json, table, tell
from app.cli_project import opened
from app.wording import current, dashed


def register(pipes: typer.Typer) -> None:
    """Add the commands."""
    pipes.command("dig")(dig)
    pipes.command("affected")(affected)


def dig(
    project: Annotated[Path, Argument(help="Project file (.gpkg).")],
    pit: Annotated[str, Option(help="Corners of the floor of a pit: 'X,Y X,Y X,Y ...'.")] = "",
    line: Annotated[str, Option(help="Middle of a trench: 'X,Y X,Y ...'.")] = "",
    pipe: Annotated[int, Option(help="Id of the run that a trench is dug for.")] = 0,
    layer: Annotated[str, Option(help="Layer of that run.")] = "",
    depth: Annotated[float, Option(help="Metres below the ground.")] = 2.0,
    width: Annotated[
        float, Option(help="Of the floor of a trench, metres; 0 takes what the pipe needs.")
    ] = 0.0,
    slope: Annotated[float, Option(help="Metres outwards for one metre of height.")] = 0.5,
    near: Annotated[float, Option(help="Metres within which pipes are listed.")] = 2.0,
    pipes: Annotated[
        list[str] | None, Option(help="Layers of pipes; without it all. May be repeated.")
    ] = None,
    pack: Annotated[str, Option(help="Rule pack; without it all.")] = "",
    offer: Annotated[
        bool, Option("--offer", help="Try the trench of a pipe up to 3 m to either side.")
    ] = False,
    picture: Annotated[Path | None, Option(help="Picture of the open pit to write (.png).")] = None,
    save: SaveAs = "",
    out: Out = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    scheme: Scheme = "",
) -> None:
    """Dig a pit or a trench: how much soil, which pipes are hit, which to be dug by hand.

    Ends with 1 where a pipe is hit.

    [bold]Examples[/bold]

    citystage pipes dig city.gpkg --pit "508000,3378000 508012,3378000 508012,3378008" --depth 3

    citystage pipes dig city.gpkg --line "508000,3378000 508060,3378000" --width 1.2 --out hit.xlsx

    citystage pipes dig city.gpkg --pipe 17 --layer Planned --offer
    """
    params: dict[str, Any] = {
        "area": _points(pit, 3), "line": _points(line, 2), "pipe": pipe, "layer": layer,
        "depth": depth, "width": width, "slope": slope, "near": near, "layers": pipes or [],
        "pack": pack,
    }  # fmt: skip
    w = current()
    with opened(project, read_only=not save) as city:
        with progress_bar("progress-digging") as bar:
            item = city.analyse("pipe-dig", params, scheme=scheme, name=save, keep=bool(save),
                                progress=bar)  # fmt: skip
            offers = city.offered_trenches(pipe, layer, slope=slope, width=width) if offer else []
        if save:
            city.save()
        for path in out or ():
            city.write_answer(path, item)
        if picture is not None:
            _draw(city, params, picture)
    if as_json:
        from layers.analyses.tables import answer_json
        from layers.pipes.excavation import by_owner

        told = answer_json(item) | {"owners": by_owner(item.outcome.table)}
        say_json(told | ({"offers": [_plain(row) for row in offers]} if offers else {}))
    else:
        print_answer(item, as_csv=as_csv)
    if not as_json and not as_csv:
        _print_owners(item.outcome.table)
        _print_offers(offers)
    for path in [*(out or ()), *([picture] if picture is not None else [])]:
        tell(w.t("cli-wrote", path=str(path)))
    raise typer.Exit(CHECK_FAILED if item.outcome.status == "fail" else 0)


def affected(
    project: Annotated[Path, Argument(help="Project file (.gpkg).")],
    area: Annotated[str, Option(help="Corners of the area: 'X,Y X,Y X,Y ...'.")] = "",
    line: Annotated[str, Option(help="Middle of a road that is widened: 'X,Y X,Y ...'.")] = "",
    width: Annotated[float, Option(help="How wide the road is to be, metres.")] = 20.0,
    pipes: Annotated[
        list[str] | None, Option(help="Layers of pipes; without it all. May be repeated.")
    ] = None,
    save: SaveAs = "",
    out: Out = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    scheme: Scheme = "",
) -> None:
    """List what lies in an area that is cleared, or that a road is widened into.

    [bold]Examples[/bold]

    citystage pipes affected city.gpkg --line "508000,3378000 508300,3378000" --width 30

    citystage pipes affected city.gpkg --area "508000,3378000 508080,3378000 508080,3378060"
    """
    params = {"area": _points(area, 3), "line": _points(line, 2), "width": width,
              "layers": pipes or []}  # fmt: skip
    raise typer.Exit(answer(project, "pipe-affected", params, save=save, out=out,
                            as_json=as_json, as_csv=as_csv, scheme=scheme))  # fmt: skip


def _points(text: str, least: int) -> list[list[float]]:
    from app.arguments import parse_points

    return [[p[0], p[1]] for p in parse_points(text, least=least)] if text else []


def _draw(city: Any, params: dict[str, Any], path: Path) -> None:
    from app.pipe_digging import eye_over

    cut = city.open_pit(params)
    city.render(camera=eye_over(city.project, cut), cut=cut, show=["pipes"]).save(path)


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {
        key: None if isinstance(value, float) and not math.isfinite(value) else value
        for key, value in row.items()
    }


def _print_owners(found: Any) -> None:
    from app.pipe_digging import OWNER_COLUMNS
    from layers.pipes.excavation import by_owner

    rows = by_owner(found)
    if rows:
        w = current()
        say(w.t("pipe-dig-by-owner"))
        table([w.t(f"pipe-dig-{dashed(key)}") for key in OWNER_COLUMNS],
              [[_cell(row[key]) for key in OWNER_COLUMNS] for row in rows],
              right=(2, 3, 4, 5))  # fmt: skip


def _print_offers(rows: list[dict[str, Any]]) -> None:
    from app.pipe_digging import OFFER_COLUMNS

    if rows:
        w = current()
        say(w.t("pipe-dig-offers"))
        table([w.t(f"pipe-dig-{dashed(key)}") for key in OFFER_COLUMNS],
              [[_cell(row[key]) for key in OFFER_COLUMNS] for row in rows],
              right=(0, 1, 2, 3, 4))  # fmt: skip


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.2f}" if math.isfinite(value) else "-"
    return str(value)
