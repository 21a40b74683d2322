"""What the command line prints: errors, progress, tables; and how it ends."""

from __future__ import annotations

import csv
import json
import logging
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from app.log import log_file
from app.wording import current
from layers.errors import Cancelled, CityError

if TYPE_CHECKING:
    from rich.progress import Progress as RichProgress
    from rich.progress import TaskID

OK, FAULT, USER_ERROR, STOPPED = 0, 1, 2, 130


def say(text: str) -> None:
    """Print a line of the result."""
    print(text, flush=True)


def say_json(value: Any) -> None:
    """Print a result for programs: one JSON value, Chinese as it is."""
    print(json.dumps(value, ensure_ascii=False, indent=2), flush=True)


def say_csv(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Print a table for programs: the lines of a CSV file."""
    from layers.files.sheets import plain

    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([plain(value) for value in row] for row in rows)
    sys.stdout.flush()


def tell(text: str) -> None:
    """Print a line beside the result, to stderr."""
    print(text, file=sys.stderr, flush=True)


def show_error(error: CityError) -> None:
    """Print an error: one sentence, and what to try."""
    wording = current()
    sentence, hint = wording.error(error)
    tell(f"citystage: {sentence}")
    if hint:
        tell("  " + wording.t("cli-try", hint=hint))
    for other in getattr(error, "others", ()):  # a job file tells all its mistakes
        show_error(other)


def exit_code(error: BaseException) -> int:
    """Print what ended the program and give its exit code."""
    if isinstance(error, CityError):
        show_error(error)
        return USER_ERROR
    if isinstance(error, Cancelled | KeyboardInterrupt):
        tell("citystage: " + current().t("cli-stopped"))
        return STOPPED
    if isinstance(error, BrokenPipeError):
        sys.stderr.close()  # whoever read us went away; Python would complain once more
        return OK
    logging.getLogger("citystage").critical("unexpected end", exc_info=error)
    reason = f"{type(error).__name__}: {error}".splitlines()[0][:200]
    tell("citystage: " + current().t("cli-unexpected", reason=reason))
    tell("  " + current().t("cli-try", hint=current().t("cli-unexpected-hint", log=log_file())))
    return FAULT


class Bar:
    """Progress as a bar on stderr; does nothing where stderr is no terminal."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._rich: RichProgress | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Bar:
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

            self._rich = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                TextColumn("{task.percentage:>3.0f} %"),
                TimeElapsedColumn(),
                console=Console(stderr=True),
                transient=True,
            )
            self._rich.start()
            self._task = self._rich.add_task(self._title, total=None)
        return self

    def __exit__(self, *_: object) -> None:
        if self._rich is not None:
            self._rich.stop()

    def step(self, done: int, total: int, text: str = "") -> None:
        """Show how far the work is."""
        if self._rich is None or self._task is None:
            return
        what = f"{self._title}: {current().t(text)}" if text else self._title
        self._rich.update(self._task, completed=done, total=total or None, description=what)


@contextmanager
def progress_bar(key: str, **facts: object) -> Iterator[Bar]:
    """Show a bar with a title while something runs."""
    with Bar(current().t(key, **facts)) as bar:
        yield bar


def table(
    columns: Sequence[str], rows: Sequence[Sequence[str]], *, right: Sequence[int] = ()
) -> None:
    """Print a table; numbers in the columns `right` stand to the right."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False, soft_wrap=not sys.stdout.isatty())
    grid = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for number, column in enumerate(columns):
        grid.add_column(
            column,
            justify="right" if number in right else "left",
            overflow="fold",
            no_wrap=not sys.stdout.isatty(),
        )
    for row in rows:
        grid.add_row(*(cell.replace("[", r"\[") for cell in row))
    if not sys.stdout.isatty():
        console = Console(highlight=False, width=400)
    console.print(grid)
