"""The help pages of the command line in the reader's language, and mistakes in usage."""

from __future__ import annotations

from typing import Any

import typer

from app.wording import Wording


def translate(command: Any, wording: Wording, path: tuple[str, ...] = ()) -> None:
    """Put the texts of a language into a command, its options and its sub-commands.

    English stands in the code. Texts of other languages are ``help-COMMAND`` and
    ``help-COMMAND-OPTION``, ``help-GROUP-any-OPTION`` for what the commands of a group share,
    or ``help-any-OPTION``; the examples of a command stay as they are.
    """
    if wording.locale == "en":
        return
    place = "-".join(path) or "main"
    if wording.has(f"help-{place}"):
        _, mark, examples = (command.help or "").partition("[bold]Examples[/bold]")
        title = wording.t("help-examples")
        told = wording.t(f"help-{place}")
        command.help = f"{told}\n\n[bold]{title}[/bold]{examples}" if mark else told
        command.short_help = told.split("\n", 1)[0]
    if command.epilog and wording.has(f"help-{place}-epilog"):
        command.epilog = wording.t(f"help-{place}-epilog")
    own = command.get_help_option(typer.Context(command))
    for parameter in (*command.params, *([own] if own is not None else [])):
        key = help_key(wording, path, parameter.name or "")
        if key:
            parameter.help = wording.t(key)
    for name, inner in getattr(command, "commands", {}).items():
        translate(inner, wording, (*path, name))


def help_key(wording: Wording, path: tuple[str, ...], name: str) -> str:
    """Give the key of the help of an option of a command, "" where the language has none."""
    groups = ["-".join((*path[:count], "any")) for count in range(len(path) - 1, -1, -1)]
    for owner in ("-".join(path) or "main", *groups):
        key = f"help-{owner}-{name.replace('_', '-')}"
        if wording.has(key):
            return key
    return ""


def usage_sentence(error: typer.exceptions.TyperException, wording: Wording) -> list[str]:
    """Give the lines that tell a mistake in usage: what is wrong, and what to try."""
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "citystage"
    text = error.format_message().strip()
    return [
        "citystage: " + wording.t("cli-usage", text=text),
        "  " + wording.t("cli-try", hint=f"{path} --help"),
    ]
