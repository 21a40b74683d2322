"""Commands about rules: which figures of standards count, and whether anybody has checked them."""

from __future__ import annotations

import shutil
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer import Argument, Option

from app.cli_output import say, say_json, table
from app.wording import current
from layers.errors import CityError

if TYPE_CHECKING:
    from layers.rules.loader import RulePack
    from layers.rules.rule import Rule

Pack = Annotated[str, Argument(help="Id of a pack, as 'citystage rules list' prints it.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    rules = typer.Typer(
        help="Rule packs: figures of standards with clause, source and whether they were checked."
        "\n\n[bold]Examples[/bold]\n\ncitystage rules list"
    )
    rules.command("list")(list_packs)
    rules.command("show")(show)
    rules.command("check")(check)
    rules.command("copy")(copy)
    app.add_typer(rules, name="rules")


def list_packs(
    as_json: Annotated[bool, Option("--json", help="Print them as JSON.")] = False,
) -> None:
    """List the rule packs: those that come with the program and your own.

    Your own packs lie in the folder that is named below the list; one with the id of another
    takes its place.

    [bold]Examples[/bold]

    citystage rules list
    """
    from app.rules import own_folder, packs

    w = current()
    if as_json:
        say_json([_pack_facts(pack) for pack in packs()])
        return
    columns = [w.t(f"rules-column-{name}") for name in ("id", "standard", "rules", "checked")]
    rows = [[pack.id, pack.standard, str(len(pack.rules)), str(pack.verified)] for pack in packs()]
    table([*columns, w.t("rules-column-title")], [
        [*row, pack_title(pack)] for row, pack in zip(rows, packs(), strict=True)
    ], right=(2, 3))  # fmt: skip
    say(w.t("rules-own", folder=str(own_folder())))


def show(
    pack: Pack,
    key: Annotated[str, Option(help="Only rules whose key begins so.")] = "",
    as_json: Annotated[bool, Option("--json", help="Print them as JSON.")] = False,
) -> None:
    """Print the rules of a pack: figure, unit, when it holds, clause, how it is known.

    [bold]Examples[/bold]

    citystage rules show gb50289-2016 --key pipes.cover
    """
    from app.rules import figure_of, pack_called

    w = current()
    found = [rule for rule in pack_called(pack).rules if rule.key.startswith(key)]
    if as_json:
        say_json([_rule_facts(rule) for rule in found])
        return
    names = ("key", "figure", "when", "clause", "known", "checked")
    rows = [
        [
            rule.key,
            figure_of(rule),
            "  ".join(str(condition) for condition in rule.when),
            rule.clause,
            w.t(f"rules-known-{rule.known}"),
            rule.checked_on if rule.verified else w.t("rules-unchecked"),
        ]
        for rule in found
    ]
    table([w.t(f"rules-column-{name}") for name in names], rows, right=(1,))


def check(
    file: Annotated[Path, Argument(help="Rule pack (.toml).")],
) -> None:
    """Read a rule pack and tell what is wrong with it.

    [bold]Examples[/bold]

    citystage rules check ours.toml
    """
    from layers.rules.loader import read_pack

    pack = read_pack(file)
    say(current().t("rules-fine", id=pack.id, count=len(pack.rules), checked=pack.verified))


def copy(
    pack: Pack,
    file: Annotated[Path, Argument(help="File to write (.toml).")],
) -> None:
    """Write a pack into a file, to start your own with.

    [bold]Examples[/bold]

    citystage rules copy setbacks-example ours.toml
    """
    from app.rules import pack_called

    if file.exists():
        raise CityError(
            "rules.exists", f"{file.name} exists already.", hint="choose another name",
            file=file.name,
        )  # fmt: skip
    shutil.copyfile(pack_called(pack).path, file)
    say(current().t("cli-wrote", path=str(file)))


def pack_title(pack: RulePack) -> str:
    """Give the title of a pack in the reader's language."""
    return pack.title_zh if current().locale.startswith("zh") and pack.title_zh else pack.title


def _pack_facts(pack: RulePack) -> dict[str, Any]:
    return {
        "id": pack.id,
        "standard": pack.standard,
        "title": pack_title(pack),
        "issued": pack.issued,
        "rules": len(pack.rules),
        "verified": pack.verified,
        "file": pack.path.name,
    }


def _rule_facts(rule: Rule) -> dict[str, Any]:
    return {**asdict(rule), "when": [str(condition) for condition in rule.when]}
