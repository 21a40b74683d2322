"""Commands about the cache: cache info, cache clear."""

from __future__ import annotations

from typing import Annotated

import typer
from typer import Option

from app.cli_output import say, say_json
from app.wording import current

cache = typer.Typer(
    name="cache",
    help="What was read and computed before, kept to be quick the next time. "
    "Nothing is lost without.\n\n[bold]Examples[/bold]\n\ncitystage cache info\n\n"
    "citystage cache clear",
    no_args_is_help=True,
)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(cache)


@cache.command("info")
def info(
    as_json: Annotated[bool, Option("--json", help="Print the answer as JSON.")] = False,
) -> None:
    """Tell where the cache lies, how much it holds and how much it may hold.

    The variable CITYSTAGE_CACHE names another place; the settings of the window a place and a size.

    [bold]Examples[/bold]

    citystage cache info

    citystage cache info --json
    """
    from app.caching import settle, size_words

    found = settle().info()
    if as_json:
        say_json(
            {
                "folder": str(found.folder),
                "entries": found.entries,
                "bytes": found.bytes,
                "most_bytes": found.most_bytes,
            }
        )
        return
    say(
        current().t(
            "cache-info",
            folder=str(found.folder),
            entries=found.entries,
            size=size_words(found.bytes),
            most=size_words(found.most_bytes),
        )
    )


@cache.command("clear")
def clear() -> None:
    """Remove everything in the cache. Files and projects are read anew the next time.

    [bold]Examples[/bold]

    citystage cache clear
    """
    from app.caching import settle, size_words

    gone = settle().clear()
    say(
        current().t(
            "cache-cleared",
            folder=str(gone.folder),
            entries=gone.entries,
            size=size_words(gone.bytes),
        )
    )
