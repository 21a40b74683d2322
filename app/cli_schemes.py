"""Commands about schemes: list, new, activate, show, import, merge, promote, archive, remove."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer import Argument, Option

from app.cli_output import progress_bar, say, say_json, table
from app.cli_project import AsJson, ProjectFile, opened
from app.wording import current
from layers.errors import CityError

if TYPE_CHECKING:
    from app.api import City
    from layers.schemes_model import Scheme

Name = Annotated[str, Argument(help="Name of a scheme.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(
        help="Schemes: named branches over the existing city that keep only what differs."
        "\n\n[bold]Examples[/bold]\n\ncitystage schemes list city.gpkg"
    )
    for command in (new, activate, show, set_facts, merge, promote, archive, restore, remove):
        group.command(command.__name__.replace("set_facts", "set"))(command)
    group.command("list")(list_schemes)
    group.command("copy")(copy)
    group.command("import")(bring)
    app.add_typer(group, name="schemes")


def list_schemes(project: ProjectFile, as_json: AsJson = False) -> None:
    """List the schemes of a project: what each changes, who made it, its state.

    [bold]Examples[/bold]

    citystage schemes list city.gpkg

    citystage schemes list city.gpkg --json
    """
    w = current()
    with opened(project, read_only=True) as city:
        items = city.schemes.items
        told = [scheme_facts(city, scheme) for scheme in items]
        shown = city.scheme
    if as_json:
        say_json({"active": shown, "schemes": told})
        return
    if not told:
        say(w.t("schemes-none"))
        return
    names = ("name", "parent", "status", "added", "changed", "removed", "author", "edited")
    rows = [
        [
            ("* " if item["name"] == shown else "  ") + item["name"],
            item["parent"] or w.t("schemes-existing"),
            w.t(f"schemes-status-{item['status']}"),
            *(str(item[key]) for key in ("added", "changed", "removed")),
            item["author"],
            item["changed_at"].replace("T", " ")[:16],
        ]
        for item in told
    ]
    table([w.t(f"schemes-column-{name}") for name in names], rows, right=(3, 4, 5))


def scheme_facts(city: City, scheme: Scheme) -> dict[str, Any]:
    """Give what a scheme is as values that JSON can hold."""
    parent = city.schemes.get(scheme.parent).name if scheme.parent else ""
    return {
        "name": scheme.name,
        "id": scheme.id,
        "parent": parent,
        "status": scheme.status,
        "author": scheme.author,
        "created": scheme.created,
        "changed_at": scheme.changed,
        "note": scheme.note,
        **scheme.counts(),
        "bytes": scheme.size,
    }


def new(
    project: ProjectFile,
    name: Annotated[str, Argument(help="Name of the new scheme.")],
    parent: Annotated[
        str, Option(help="Scheme it builds on; 'existing' is the city as it is.")
    ] = "existing",
    note: Annotated[str, Option(help="Remark.")] = "",
    author: Annotated[str, Option(help="Who makes it; else the project's author.")] = "",
) -> None:
    """Add a scheme and make it the active one: edits land in it from now on.

    [bold]Examples[/bold]

    citystage schemes new city.gpkg A --note "塔楼方案"

    citystage schemes new city.gpkg A2 --parent A
    """
    with opened(project) as city:
        made = city.new_scheme(name, parent=parent, note=note, author=author)
        city.save()
    say(current().t("schemes-made", name=made.name))


def activate(
    project: ProjectFile,
    name: Annotated[str, Argument(help="Name of a scheme; 'existing' is the city as it is.")],
) -> None:
    """Make a scheme the active one, or go back to the existing city.

    [bold]Examples[/bold]

    citystage schemes activate city.gpkg A

    citystage schemes activate city.gpkg existing
    """
    with opened(project) as city:
        city.activate_scheme(name)
        city.save()
        shown = city.scheme
    w = current()
    say(w.t("schemes-shown", name=w.t("schemes-existing") if shown == "existing" else shown))


def show(project: ProjectFile, name: Name, as_json: AsJson = False) -> None:
    """Tell what a scheme changes, layer by layer.

    [bold]Examples[/bold]

    citystage schemes show city.gpkg A
    """
    w = current()
    with opened(project, read_only=True) as city:
        schemes = city.schemes
        scheme = schemes.get(name)
        names = {layer.id: layer.name for layer in city.layers}
        names |= {item.layer.id: item.layer.name for s in schemes.items for item in s.added}
        names |= {held.layer.id: held.layer.name for held in schemes.base}
        layers = [
            {
                "layer": names.get(layer_id, layer_id),
                "added": patch.added_ids.tolist(),
                "changed": patch.changed_ids.tolist(),
                "removed": patch.removed.tolist(),
                "whole": patch.whole,
            }
            for layer_id, patch in scheme.patches.items()
        ]
        told = {
            **scheme_facts(city, scheme),
            "layers": layers,
            "layers_added": [item.layer.name for item in scheme.added],
            "layers_removed": [names.get(layer_id, layer_id) for layer_id in scheme.dropped],
        }
    if as_json:
        say_json(told)
        return
    say(f"{told['name']}  {w.t('schemes-status-' + scheme.status)}  {told['note']}".rstrip())
    rows = [
        [str(row["layer"]), *(str(len(row[key])) for key in ("added", "changed", "removed"))]
        for row in layers
    ]
    columns = ("layer", "added", "changed", "removed")
    table([w.t(f"schemes-column-{name}") for name in columns], rows, right=(1, 2, 3))
    for key in ("layers_added", "layers_removed"):
        if told[key]:
            say(w.t("schemes-" + key.replace("_", "-"), names=w.listed(told[key])))


def set_facts(
    project: ProjectFile,
    name: Name,
    rename: Annotated[str, Option(help="Another name.")] = "",
    note: Annotated[str | None, Option(help="Another remark.", show_default=False)] = None,
    parent: Annotated[
        str, Option(help="Let it build on another scheme and stay as it looks.")
    ] = "",
) -> None:
    """Rename a scheme, change its remark, or let it build on another one.

    [bold]Examples[/bold]

    citystage schemes set city.gpkg A --rename "A 双塔"
    """
    changes = {"new_name": rename or None, "note": note}
    with opened(project) as city:
        if parent:
            city.rebase_scheme(name, parent)
        city.set_scheme(name, **{k: v for k, v in changes.items() if v is not None})
        city.save()
    say(current().t("schemes-set", name=rename or name))


def copy(
    project: ProjectFile,
    name: Name,
    new_name: Annotated[str, Argument(help="Name of the copy.")],
) -> None:
    """Add a scheme with the same changes as another.

    [bold]Examples[/bold]

    citystage schemes copy city.gpkg A B
    """
    with opened(project) as city:
        city.duplicate_scheme(name, new_name)
        city.save()
    say(current().t("schemes-made", name=new_name))


def merge(
    project: ProjectFile,
    into: Annotated[str, Argument(help="Scheme that takes the changes.")],
    name: Annotated[str, Argument(help="Scheme that gives them; it stays as it is.")],
    prefer: Annotated[
        str, Option(help="Which side counts where both changed an object: ours or theirs.")
    ] = "",
    dry_run: Annotated[bool, Option("--dry-run", help="Only list the conflicts.")] = False,
    as_json: AsJson = False,
) -> None:
    """Take what a scheme changes into another, with conflicts shown.

    Exit code 1 where both changed the same objects and no side was chosen.

    [bold]Examples[/bold]

    citystage schemes merge city.gpkg A B --dry-run

    citystage schemes merge city.gpkg A B --prefer theirs
    """
    if prefer not in {"", "ours", "theirs"}:
        raise CityError(
            "schemes.side",
            f"'{prefer}' is no side.",
            hint="write --prefer ours or --prefer theirs",
            side=prefer,
        )
    w = current()
    with opened(project, read_only=dry_run) as city:
        names = {layer.id: layer.name for layer in city.layers}
        found = city.scheme_conflicts(into, name)
        told = [
            {"layer": names.get(c.layer, c.layer), "object": c.object_id, "ours": c.ours,
             "theirs": c.theirs}
            for c in found
        ]  # fmt: skip
        done = not dry_run and (not found or bool(prefer))
        if done:
            side: Any = prefer or None
            city.merge_scheme(into, name, prefer=side)
            city.save()
    if as_json:
        say_json({"conflicts": told, "merged": done})
    else:
        columns = ("layer", "object", "ours", "theirs")
        if told:
            rows = [
                [str(row["layer"]), str(row["object"]),
                 *(w.t(f"schemes-did-{row[key]}") for key in ("ours", "theirs"))]
                for row in told
            ]  # fmt: skip
            table([w.t(f"schemes-column-{key}") for key in columns], rows, right=(1,))
        say(w.t("schemes-merged" if done else "schemes-not-merged",
                name=name, into=into, count=len(told)))  # fmt: skip
    if told and not done:
        raise typer.Exit(1)


def promote(project: ProjectFile, name: Name) -> None:
    """Make a scheme the existing city; schemes over it then stand on the city.

    [bold]Examples[/bold]

    citystage schemes promote city.gpkg A
    """
    with opened(project) as city:
        city.promote_scheme(name)
        city.save()
    say(current().t("schemes-promoted", name=name))


def archive(project: ProjectFile, name: Name) -> None:
    """Put a scheme aside; it can be looked at and compared, not edited.

    [bold]Examples[/bold]

    citystage schemes archive city.gpkg B
    """
    with opened(project) as city:
        city.archive_scheme(name)
        city.save()
    say(current().t("schemes-set", name=name))


def restore(project: ProjectFile, name: Name) -> None:
    """Take a scheme out of the archive.

    [bold]Examples[/bold]

    citystage schemes restore city.gpkg B
    """
    with opened(project) as city:
        city.restore_scheme(name)
        city.save()
    say(current().t("schemes-set", name=name))


def remove(project: ProjectFile, name: Name) -> None:
    """Remove a scheme that no other builds on.

    [bold]Examples[/bold]

    citystage schemes remove city.gpkg B
    """
    with opened(project) as city:
        city.remove_scheme(name)
        city.save()
    say(current().t("schemes-removed", name=name))


def bring(
    project: ProjectFile,
    name: Name,
    file: Annotated[Path, Argument(help="File with the new buildings.")],
    area: Annotated[
        str, Option(help="Demolish inside this area: corners X,Y X,Y X,Y in the project's system.")
    ] = "",
    clear: Annotated[
        bool, Option("--clear", help="Demolish what the new footprints stand on.")
    ] = False,
    layer: Annotated[str, Option(help="Layer of buildings; else the lowest one.")] = "",
    crs: Annotated[str, Option(help="Coordinate system of the file where it names none.")] = "",
    height_field: Annotated[str, Option(help="Field with heights above ground.")] = "",
) -> None:
    """Demolish inside an area and add the buildings of a file to a scheme.

    The scheme is made where there is none of this name.

    [bold]Examples[/bold]

    citystage schemes import city.gpkg A towers.geojson --clear

    citystage schemes import city.gpkg A towers.shp --area "9000,9200 9300,9200 9300,9500"
    """
    from app.arguments import parse_points

    corners = parse_points(area, least=3) if area else None
    options: dict[str, Any] = {"crs": crs or None, "height_field": height_field or None}
    with opened(project) as city:
        if all(name not in {s.name, s.id} for s in city.schemes.items):
            city.new_scheme(name)
        else:
            city.activate_scheme(name)
        with progress_bar("cli-importing", file=file.name) as bar:
            done = city.import_into_scheme(
                file, area=corners, clear=clear, layer=layer, progress=bar,
                **{key: value for key, value in options.items() if value is not None},
            )  # fmt: skip
        city.save()
    say(current().t("schemes-brought", name=name, added=done.added, demolished=done.demolished,
                    layer=done.layer))  # fmt: skip
