"""The command line: ``citystage``. Parses, calls the Python interface, prints, gives a code.

Exit codes: 0 all right, 2 something the user can mend (told in one sentence),
130 stopped, 1 a fault of the program (told with the place of the log).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Annotated

import typer
from typer import Option

from app import (
    cli_analyses,
    cli_cache,
    cli_check,
    cli_compare,
    cli_control_lines,
    cli_drill,
    cli_export,
    cli_film,
    cli_ground,
    cli_import,
    cli_indicators,
    cli_look,
    cli_measure,
    cli_models,
    cli_pipes,
    cli_project,
    cli_report,
    cli_rules,
    cli_run,
    cli_schemes,
    cli_sight,
    cli_site,
    cli_sun,
    cli_sunlight,
    cli_symbols,
    wording,
)
from app.allocation import hand_back_large
from app.cli_help import translate, usage_sentence
from app.cli_output import OK, STOPPED, USER_ERROR, exit_code, say, tell
from app.log import keep_log
from app.turns import take_short_turns

app = typer.Typer(
    name="citystage",
    help="3D city visualisation and planning: import, look, measure, draw, without a server.",
    epilog="Without a command the window opens. Each command has examples: citystage import --help",
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
cli_project.register(app)
cli_import.register(app)
cli_look.register(app)
cli_measure.register(app)
cli_ground.register(app)
cli_analyses.register(app)
cli_check.register(app)
cli_control_lines.register(app)
cli_indicators.register(app)
cli_models.register(app)
cli_rules.register(app)
cli_pipes.register(app)
cli_film.register(app)
cli_export.register(app)
cli_run.register(app)
cli_schemes.register(app)
cli_drill.register(app)
cli_compare.register(app)
cli_report.register(app)
cli_sun.register(app)
cli_sunlight.register(app)
cli_sight.register(app)
cli_site.register(app)
cli_symbols.register(app)
cli_cache.register(app)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        say(f"citystage {version('citystage')}")
        raise typer.Exit(OK)


@app.callback(invoke_without_command=True)
def start(
    context: typer.Context,
    version: Annotated[
        bool,
        Option("--version", callback=_version, is_eager=True, help="Print the version and stop."),
    ] = False,
    lang: Annotated[
        str, Option("--lang", help="Language of texts, before or after the command: en, zh-CN.")
    ] = "",
) -> None:
    """3D city visualisation and planning: import, look, measure, draw, without a server."""
    del version, lang  # the first ends the program, the second was taken out by `main`
    if context.invoked_subcommand is None:
        cli_run.open_window(None)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    arguments : sequence of str or None
        What stands behind ``citystage``; None takes that of the process.

    Returns
    -------
    int
        The exit code.
    """
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None and os.name == "nt":
            reconfigure(encoding="utf-8", errors="replace")
    given = list(sys.argv[1:] if arguments is None else arguments)
    keep_log()
    hand_back_large()
    take_short_turns()
    try:
        given, chosen = _take_language(given)
        with wording.spoken(chosen):
            command = typer.main.get_command(app)
            completing = any(name.startswith("_CITYSTAGE_COMPLETE") for name in os.environ)
            if completing or {"-h", "--help"} & set(given):
                translate(command, wording.current())
            result = command.main(given, prog_name="citystage", standalone_mode=False)
    except typer.Abort:
        return exit_code(KeyboardInterrupt())
    except typer.exceptions.TyperException as error:
        for line in usage_sentence(error, wording.current()):
            tell(line)
        return USER_ERROR
    except BaseException as error:
        if isinstance(error, SystemExit):
            raise
        return exit_code(error)
    finally:
        if (kept := sys.modules.get("layers.files.kept")) is not None:
            kept.hurry()  # nobody waits for a picture any more
    code = result if isinstance(result, int) else OK
    if code == STOPPED:
        return exit_code(KeyboardInterrupt())
    return code


def _take_language(given: list[str]) -> tuple[list[str], str]:
    """Take ``--lang X`` out of the arguments, wherever it stands, and give both."""
    rest: list[str] = []
    chosen = ""
    waiting = iter(given)
    for word in waiting:
        if word == "--lang":
            chosen = next(waiting, "")
        elif word.startswith("--lang="):
            chosen = word.removeprefix("--lang=")
        elif word == "--":
            rest += [word, *waiting]
        else:
            rest.append(word)
    if chosen and not chosen.lower().startswith(("zh", "en")):
        from layers.errors import CityError

        names = ", ".join(wording.LOCALES)
        raise CityError(
            "cli.language",
            f"There are no texts in '{chosen}'.",
            hint=f"choose one of: {names}",
            chosen=chosen,
            names=names,
        )
    return rest, chosen


if __name__ == "__main__":
    sys.exit(main())
