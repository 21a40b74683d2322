"""Commands about kept answers; and what every command that asks an analysis has in common."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer import Argument, Option

from app.cli_output import progress_bar, say, say_json, table, tell
from app.cli_project import ProjectFile, opened
from app.wording import current

if TYPE_CHECKING:
    from layers.kinds.answers import SavedAnalysis

CHECK_FAILED = 1
MOST_ROWS = 40  # rows of a table that are printed; files hold all

Which = Annotated[str, Argument(help="Number or name of the answer.")]
SaveAs = Annotated[str, Option("--save", help="Keep the answer in the project, so named.")]
Out = Annotated[
    list[Path] | None,
    Option("--out", help="Write the answer: .csv, .xlsx, .json, .geojson, .gpkg; may be repeated."),
]
AsJson = Annotated[bool, Option("--json", help="Print the answer as JSON.")]
AsCsv = Annotated[bool, Option("--csv", help="Print the table as CSV.")]
Scheme = Annotated[str, Option(help="Ask about this scheme; else about the city as it is.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    answers = typer.Typer(
        help="Answers kept in a project: list, show, ask again, export, remove."
        "\n\n[bold]Examples[/bold]\n\ncitystage analyses list city.gpkg"
    )
    answers.command("list")(list_answers)
    answers.command("show")(show)
    answers.command("again")(again)
    answers.command("export")(export)
    answers.command("show-in-scene")(show_in_scene)
    answers.command("remove")(remove)
    app.add_typer(answers, name="analyses")


def answer(
    project: Path,
    kind: str,
    params: Mapping[str, Any],
    *,
    save: str = "",
    out: list[Path] | None = None,
    as_json: bool = False,
    as_csv: bool = False,
    scheme: str = "",
    take: str = "",
) -> int:
    """Open a project, ask, keep and write the answer, print it, give the exit code.

    Parameters
    ----------
    project : pathlib.Path
        Project file.
    kind : str
        Key of the analysis.
    params : mapping
        What is asked.
    save : str
        Name to keep the answer under, "" for not.
    out : list of pathlib.Path or None
        Files to write.
    as_json, as_csv : bool
        What is printed instead of the table for people.
    scheme : str
        Scheme to ask about.
    take : str
        Name of a layer to keep the buildings that the answer offers as, "" for not.

    Returns
    -------
    int
        1 where a check fails, else 0.
    """
    from app.answer_words import analysis_name
    from layers.files.sheets import needs_folder

    needs_folder(*(out or ()))
    with opened(project, read_only=not (save or take)) as city:
        with progress_bar("answers-asking", name=analysis_name(kind)) as bar:
            item = city.analyse(
                kind, params, scheme=scheme, name=save, keep=bool(save), progress=bar
            )
        if take:
            city.take_offered(item, take)
        if save or take:
            city.save()
        for path in out or ():
            city.write_answer(path, item)
    print_answer(item, as_json=as_json, as_csv=as_csv)
    for path in out or ():
        tell(current().t("cli-wrote", path=path))
    return CHECK_FAILED if item.outcome.status == "fail" else 0


def print_answer(item: SavedAnalysis, *, as_json: bool = False, as_csv: bool = False) -> None:
    """Print an answer: figures, table, remarks; or as JSON or CSV."""
    from app.answer_words import cell, fact_lines, heading, status_name
    from layers.analyses.tables import answer_json

    w = current()
    if as_json:
        say_json(answer_json(item))
        return
    found = item.outcome.table
    if as_csv:
        _print_csv(item)
        return
    say(f"{item.name}: {status_name(item.outcome.status)}")
    for name, value in fact_lines(item):
        say(f"  {name}: {value}")
    columns = shown_columns(item)
    rows = found.select(columns).slice(0, MOST_ROWS).to_pylist()
    right = [i for i, name in enumerate(columns) if any(_number(row[name]) for row in rows)]
    if rows:
        cells = [[cell(name, row[name]) for name in columns] for row in rows]
        table([heading(item.kind, name) for name in columns], cells, right=right)
    if found.num_rows > MOST_ROWS:
        say(w.t("answers-more-rows", count=found.num_rows - MOST_ROWS))
    for note in item.outcome.notes:
        tell(w.note(note))


def shown_columns(item: SavedAnalysis) -> list[str]:
    """Give the columns that are printed for people: an analysis may name a few."""
    from app.answer_words import HIDDEN
    from layers.analyses.table import ANALYSES, analysis_of

    short = getattr(analysis_of(item.kind), "short", ()) if item.kind in ANALYSES else ()
    there = item.outcome.table.column_names
    return [name for name in short or there if name in there and name not in HIDDEN]


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _print_csv(item: SavedAnalysis) -> None:
    import csv
    import io

    from layers.analyses.tables import plain_value

    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(item.outcome.table.column_names)
    for row in item.outcome.table.to_pylist():
        writer.writerow([plain_value(value) for value in row.values()])
    say(text.getvalue().rstrip("\n"))


def list_answers(project: ProjectFile, as_json: AsJson = False) -> None:
    """List the answers kept in a project, and whether they still hold.

    [bold]Examples[/bold]

    citystage analyses list city.gpkg
    """
    from app.answer_words import analysis_name, changed_words, scheme_name, status_name
    from layers.analyses.tables import answer_json

    w = current()
    with opened(project, read_only=True) as city:
        stale = {item.id: city.stale_inputs(item) for item in city.answers}
        if as_json:
            kept = [answer_json(item, stale=stale[item.id]) for item in city.answers]
            say_json([{k: v for k, v in one.items() if k != "rows"} for one in kept])
            return
        rows = [
            [
                str(item.id), item.name, analysis_name(item.kind),
                status_name(item.outcome.status), str(item.outcome.table.num_rows),
                scheme_name(item.scheme),
                changed_words(city.project, stale[item.id]) if stale[item.id]
                else w.t("answers-holds"),
                item.created[:16].replace("T", " "),
            ]
            for item in city.answers
        ]  # fmt: skip
    if not rows:
        say(w.t("answers-none"))
        return
    names = ("number", "name", "analysis", "status", "rows", "scheme", "stale", "created")
    table([w.t(f"answers-column-{name}") for name in names], rows, right=(0, 4))


def show(
    project: ProjectFile, which: Which, as_json: AsJson = False, as_csv: AsCsv = False
) -> None:
    """Print a kept answer.

    [bold]Examples[/bold]

    citystage analyses show city.gpkg 1 --json
    """
    from app.answer_words import changed_words

    with opened(project, read_only=True) as city:
        item = city.answer(which)
        stale = city.stale_inputs(item)
        changes = changed_words(city.project, stale)
    print_answer(item, as_json=as_json, as_csv=as_csv)
    if stale:
        tell(current().t("answers-stale", changes=changes))


def again(
    project: ProjectFile,
    which: Annotated[
        list[str] | None, Argument(help="Numbers or names; none: all that are stale.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Ask kept questions again and save the answers. Exit code 1 where a check fails.

    [bold]Examples[/bold]

    citystage analyses again city.gpkg

    citystage analyses again city.gpkg 3
    """
    from app.answer_words import status_name

    w = current()
    with opened(project) as city:
        chosen = [city.answer(one) for one in which or ()]
        if not which:
            chosen = [item for item in city.answers if city.stale_inputs(item)]
        done = []
        for item in chosen:
            with progress_bar("answers-asking", name=item.name) as bar:
                done.append(city.ask_again(item, bar))
        if done:
            city.save()
    if as_json:
        from layers.analyses.tables import answer_json

        say_json([answer_json(item) for item in done])
    elif not done:
        say(w.t("answers-all-hold"))
    else:
        for old, item in zip(chosen, done, strict=True):
            before, after = status_name(old.outcome.status), status_name(item.outcome.status)
            rows = f"{old.outcome.table.num_rows} -> {item.outcome.table.num_rows}"
            say(w.t("answers-again-line", name=item.name, before=before, after=after, rows=rows))
    if any(item.outcome.status == "fail" for item in done):
        raise typer.Exit(CHECK_FAILED)


def export(
    project: ProjectFile,
    which: Which,
    out: Annotated[Path, Argument(help="File: .csv, .xlsx, .json, .geojson or .gpkg.")],
) -> None:
    """Write a kept answer to a file.

    [bold]Examples[/bold]

    citystage analyses export city.gpkg 1 six-lines.xlsx
    """
    with opened(project, read_only=True) as city:
        city.write_answer(out, city.answer(which))
    say(current().t("cli-wrote", path=out))


def show_in_scene(
    project: ProjectFile,
    which: Annotated[
        list[str] | None, Argument(help="Numbers or names of answers; none: hide all.")
    ] = None,
    add: Annotated[bool, Option("--add", help="Keep those that are drawn already.")] = False,
) -> None:
    """Draw the marks of these answers in pictures of the project, and of no others.

    [bold]Examples[/bold]

    citystage analyses show-in-scene city.gpkg 1 4
    """
    with opened(project) as city:
        chosen = {city.answer(one).id for one in which or ()}
        if add:
            chosen |= {item.id for item in city.answers if item.shown}
        city.show_answers(*chosen)
        city.save()
        names = [item.name for item in city.answers if item.shown]
    say(current().t("answers-shown", names=current().listed(names), count=len(names)))


def remove(
    project: ProjectFile,
    which: Annotated[list[str], Argument(help="Numbers or names of answers.")],
) -> None:
    """Forget kept answers.

    [bold]Examples[/bold]

    citystage analyses remove city.gpkg 1 2
    """
    with opened(project) as city:
        items = [city.answer(one) for one in which]
        city.remove_answers(*(item.id for item in items))
        city.save()
    for item in items:
        say(current().t("answers-removed", name=item.name))
