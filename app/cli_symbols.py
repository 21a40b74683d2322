"""``citystage symbols``: emergency symbols listed, drawn on a sheet, written, brought by users."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer import Argument, Option

from app.cli_analyses import AsJson
from app.cli_output import say, say_json, table, tell
from app.cli_project import ProjectFile
from app.wording import current

if TYPE_CHECKING:
    from app.symbols import AnySymbol

GROUP = typer.Typer(
    help="Emergency symbols: found, drawn on a sheet, written as SVG, brought."
    "\n\n[bold]Examples[/bold]\n\ncitystage symbols list xhs"
)
Words = Annotated[str, Argument(help="Code, name, pinyin or its initials; else all.")]
Of = Annotated[Path | None, Option("--project", help="Project whose own symbols count, too.")]


def register(app: typer.Typer) -> None:
    """Add the group to the command line."""
    app.add_typer(GROUP, name="symbols")


@GROUP.command("list")
def list_symbols(
    words: Words = "",
    project: Of = None,
    favourites: Annotated[bool, Option("--favourites", help="Only the favourites.")] = False,
    out: Annotated[Path | None, Option(help="Folder for SVG files.")] = None,
    as_json: AsJson = False,
) -> None:
    """List symbols, all or those that fit, and write them as SVG files.

    [bold]Examples[/bold]

    citystage symbols list xhs

    citystage symbols list fire --out symbols
    """
    from app.symbols import write_symbols

    w = current()
    chosen = _chosen(words, project, favourites=favourites)
    if as_json:
        say_json({"symbols": [
            {"code": s.code, "key": s.key, "english": s.names[0], "chinese": s.names[1],
             "pinyin": s.pinyin, "initials": s.initials, "told": getattr(s, "told", False)}
            for s in chosen
        ]})  # fmt: skip
    else:
        rows = [
            [s.code, s.names[1], s.names[0], s.pinyin or s.initials,
             w.t("value-yes" if getattr(s, "told", False) else "value-no")]
            for s in chosen
        ]  # fmt: skip
        names = ("code", "chinese", "english", "initials", "told")
        table([w.t(f"symbols-column-{name}") for name in names], rows)
    if out is not None:
        write_symbols(chosen, out)
        say(w.t("cli-wrote", path=str(out)))
    if not chosen:
        raise typer.Exit(1)


@GROUP.command()
def sheet(
    out: Annotated[Path, Option(help="PNG file to write.")],
    words: Words = "",
    project: Of = None,
    favourites: Annotated[bool, Option("--favourites", help="Only the favourites.")] = False,
    dark: Annotated[bool, Option("--dark", help="On dark ground.")] = False,
) -> None:
    """Draw symbols on one sheet with their codes and names.

    [bold]Examples[/bold]

    citystage symbols sheet --out symbols.png
    """
    from app.symbols import sheet as drawn

    w = current()
    chosen = _chosen(words, project, favourites=favourites)
    if not chosen:
        tell(w.t("symbols-nothing", words=words))
        raise typer.Exit(1)
    drawn(chosen, chinese=w.locale == "zh-CN", dark=dark).save(out)
    say(w.t("cli-wrote", path=str(out)))


@GROUP.command()
def add(
    project: ProjectFile,
    file: Annotated[Path, Argument(help="SVG drawing, or GLB or glTF model.")],
    name: Annotated[str, Option(help="What it is called; else the name of the file.")] = "",
) -> None:
    """Bring a symbol of one's own into a project.

    [bold]Examples[/bold]

    citystage symbols add city.gpkg pump.svg --name "Pump lorry"
    """
    from app.api import open_project

    w = current()
    with open_project(project) as city:
        made, notes = city.add_symbol(file, name)
        city.save()
    say(w.t("symbols-added", name=made.name, code=made.code))
    for note in notes:
        tell(w.note(note))


@GROUP.command()
def remove(
    project: ProjectFile,
    symbol: Annotated[str, Argument(help="Code or name of a symbol of the project's own.")],
) -> None:
    """Take a symbol of one's own out of a project.

    [bold]Examples[/bold]

    citystage symbols remove city.gpkg U00001
    """
    from app.api import open_project

    with open_project(project) as city:
        city.remove_symbol(symbol)
        city.save()
    say(current().t("symbols-removed", name=symbol))


@GROUP.command()
def favourite(
    codes: Annotated[list[str], Argument(help="Codes of symbols.")],
    drop: Annotated[bool, Option("--drop", help="Take them out of the favourites.")] = False,
) -> None:
    """Keep symbols as favourites, or drop them.

    [bold]Examples[/bold]

    citystage symbols favourite A20100 D20301
    """
    from app.symbols import favourites, set_favourite

    for code in codes:
        set_favourite(code.upper(), on=not drop)
    w = current()
    kept = favourites()
    say(w.t("symbols-favourites", count=len(kept), codes=", ".join(s.code for s in kept) or "-"))


def _chosen(words: str, project: Path | None, *, favourites: bool) -> list[AnySymbol]:
    """Give the symbols of a command."""
    from app import symbols
    from app.api import open_project

    if project is None:
        kept = symbols.found(words)
        liked = {one.code for one in symbols.favourites()}
        return [one for one in kept if one.code in liked or not favourites]
    with open_project(project, read_only=True) as city:
        kept = city.symbols(words)
        liked = {one.code for one in symbols.favourites(city.session.project)}
    return [one for one in kept if one.code in liked or not favourites]
