"""Commands about hand-made models: place, models."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer import Argument, Option

from app.arguments import parse_numbers
from app.cli_output import progress_bar, say, say_json, table
from app.cli_project import ProjectFile, opened
from app.wording import current
from layers.errors import CityError

if TYPE_CHECKING:
    from app.api import City
    from layers.files.model_choices import ModelChoices
    from layers.kinds.base import Layer

#: The options of ``import`` that are about models.
ModelAt = Annotated[str, Option(help="Models: where they stand, EAST,NORTH or EAST,NORTH,HEIGHT.")]
ModelRotate = Annotated[float | None, Option(help="Models: degrees clockwise from above.")]
ModelScale = Annotated[float | None, Option(help="Models: size against the file.")]
ModelUp = Annotated[str, Option(help="Models: axis of the file that points up, y or z.")]
ModelUnit = Annotated[str, Option(help="Models: unit of the file: m, cm, mm, ft, in.")]
ModelAnchor = Annotated[
    str, Option(help="Models: what stands at the place, origin or base (its middle).")
]
ModelRise = Annotated[float | None, Option(help="Models: metres they are lifted.")]
ModelHide = Annotated[
    bool | None, Option("--hide-buildings/--keep-buildings", help="Models: buildings under them.")
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("place")(place)
    app.command("models")(models)


def model_choices(
    at: str,
    rotate: float | None,
    scale: float | None,
    up: str,
    unit: str,
    anchor: str,
    rise: float | None,
    hide: bool | None,
) -> ModelChoices | None:
    """Read what was chosen for a model on the command line; None where nothing was."""
    from layers.files.model_choices import ModelChoices, read_unit

    if anchor not in {"", "origin", "base"}:
        raise CityError(
            "model.anchor",
            f"'{anchor}' is no part of a model to stand on.",
            hint="write origin or base",
            anchor=anchor,
        )
    given: dict[str, Any] = {
        "at": parse_numbers(at) if at else None, "turn": rotate, "scale": scale,
        "up": up.lower() or None, "unit": read_unit(unit) if unit else None,
        "anchor": anchor or None, "rise": rise, "hide": hide,
    }  # fmt: skip
    chosen = {key: value for key, value in given.items() if value is not None}
    return ModelChoices(**chosen) if chosen else None


def place(
    project: ProjectFile,
    files: Annotated[
        list[Path] | None, Argument(help="Models (GLB, OBJ ...) for the points of --points.")
    ] = None,
    layer: Annotated[str, Option(help="Layer of models to place more of; else the only one.")] = "",
    model: Annotated[str, Option(help="Key of the model; else the first of the layer.")] = "",
    at: Annotated[
        list[str] | None, Option(help="EAST,NORTH or EAST,NORTH,HEIGHT; may be repeated.")
    ] = None,
    points: Annotated[str, Option(help="Layer of points the FILES are placed on.")] = "",
    model_field: Annotated[str, Option(help="Field of --points naming the file of each.")] = "",
    rotate_field: Annotated[str, Option(help="Field of --points: degrees clockwise.")] = "",
    scale_field: Annotated[str, Option(help="Field of --points: size, 1 as in the file.")] = "",
    height_field: Annotated[str, Option(help="Field of --points: height in metres.")] = "",
    rotate: Annotated[float, Option(help="Degrees clockwise seen from above.")] = 0.0,
    scale: Annotated[float, Option(help="Size against the file.")] = 1.0,
    up: Annotated[str, Option(help="Axis of the files that points up: y or z.")] = "",
    unit: Annotated[str, Option(help="Unit of the files: m, cm, mm, ft, in or metres.")] = "",
    name: Annotated[str, Option(help="Name of the new layer for --points.")] = "",
    hide_buildings: Annotated[
        bool, Option("--hide-buildings", help="Hide the buildings under the models.")
    ] = False,
) -> None:
    """Place models: more of those there are, or one on each point of a layer.

    [bold]Examples[/bold]

    citystage place city.gpkg --model tower --at 508000,3378000 --at 508200,3378050 --rotate 30

    citystage place city.gpkg oak.glb plane.glb --points Trees --model-field species

    citystage place city.gpkg lamp.obj --points Lamps --rotate-field bearing --name Lamps
    """
    wording = current()
    with opened(project) as city:
        if points:
            if not files:
                raise CityError(
                    "cli.no_models",
                    "No model was named for the points.",
                    hint="name one or several files before --points",
                )
            _on_points(city, files, points, name, up, unit, hide_buildings, {
                "model_field": model_field, "turn_field": rotate_field,
                "scale_field": scale_field, "height_field": height_field,
            })  # fmt: skip
        else:
            if files or not at:
                raise CityError(
                    "cli.no_places",
                    "It was not said where the models stand.",
                    hint="give --at EAST,NORTH (also several times), or --points LAYER; a file "
                    "comes in with: citystage import PROJECT FILE --at EAST,NORTH",
                )
            ids = city.place_models(
                layer, [parse_numbers(text) for text in at], model=model, turn=rotate,
                scale=scale, hide_buildings=hide_buildings,
            )  # fmt: skip
            say(wording.t("cli-placed", count=len(ids), first=ids[0], last=ids[-1]))
        with progress_bar("cli-saving") as bar:
            city.save(progress=bar)
    say(wording.t("cli-wrote", path=project))


def _on_points(
    city: City,
    files: list[Path],
    points: str,
    name: str,
    up: str,
    unit: str,
    hide: bool,
    fields: dict[str, str],
) -> None:
    wording = current()
    choices = model_choices("", None, None, up, unit, "", None, None)
    new, notes = city.place_on_points(files, points, name=name, choices=choices, **fields)
    if hide:
        city.hide_buildings_under(new.id)
    say(wording.t("cli-placed-layer", count=len(new.data), name=new.name))
    for note in notes:
        say("  " + wording.t("report-note", text=wording.note(note)))


def models(
    project: ProjectFile,
    layer: Annotated[str, Option(help="Layer of models; else the only one.")] = "",
    number: Annotated[
        list[int] | None, Option("--object", help="Number of a model; else all are meant.")
    ] = None,
    at: Annotated[str, Option(help="Move to EAST,NORTH or EAST,NORTH,HEIGHT.")] = "",
    rotate: Annotated[float | None, Option(help="Turn to degrees clockwise.")] = None,
    scale: Annotated[float | None, Option(help="Size against the file.")] = None,
    ground: Annotated[
        bool | None, Option("--on-ground/--absolute", help="What heights count from.")
    ] = None,
    model: Annotated[str, Option(help="Let another model of the layer stand there.")] = "",
    up: Annotated[str, Option(help="Axis of the model's file that points up: y or z.")] = "",
    unit: Annotated[str, Option(help="Unit of the model's file: m, cm, mm, ft, in.")] = "",
    hide_buildings: Annotated[
        bool | None,
        Option("--hide-buildings/--show-buildings", help="Buildings under the models."),
    ] = None,
    remove: Annotated[bool, Option("--remove", help="Take the models away.")] = False,
    as_json: Annotated[bool, Option("--json", help="Print the list as JSON.")] = False,
) -> None:
    """List the models of a layer, or change them.

    [bold]Examples[/bold]

    citystage models city.gpkg --json

    citystage models city.gpkg --object 1 --at 508010,3378020 --rotate 45

    citystage models city.gpkg --layer tower --up z --unit mm

    citystage models city.gpkg --object 1 --show-buildings
    """
    from layers.files.model_choices import read_unit

    changes = [at, rotate is not None, scale is not None, ground is not None, model, up, unit,
               hide_buildings is not None, remove]  # fmt: skip
    if (at or remove) and not number:
        raise CityError(
            "cli.which_model",
            "It was not said which models are meant.",
            hint="give --object NUMBER; without anything else the command lists them",
        )
    with opened(project, read_only=not any(changes)) as city:
        chosen = city.model_layer(layer)
        if up or unit:
            axis: Any = up.lower() or None
            city.set_model_axes(chosen.id, model, up=axis, unit=read_unit(unit) if unit else None)
        if remove:
            city.remove_models(chosen.id, number or [])
        elif at or rotate is not None or scale is not None or ground is not None or (
            model and not (up or unit)
        ):  # fmt: skip
            city.change_models(
                chosen.id, number, place=parse_numbers(at) if at else None, turn=rotate,
                scale=scale, on_ground=ground, model="" if up or unit else model,
            )  # fmt: skip
        if hide_buildings is not None:
            change = city.hide_buildings_under if hide_buildings else city.show_buildings_under
            change(chosen.id, number)
        _list(chosen, as_json=as_json)
        if any(changes):
            with progress_bar("cli-saving") as bar:
                city.save(progress=bar)


def model_rows(layer: Layer) -> list[dict[str, Any]]:
    """Give the models of a layer as plain values."""
    from layers.kinds.models import models_of

    data = models_of(layer)
    rows = []
    for i, (east, north, height) in enumerate(data.places.tolist()):
        number = int(data.ids[i])
        hidden = data.links.of_instances([number])
        rows.append(
            {
                "id": number, "model": data.library.keys[int(data.model[i])],
                "east": east, "north": north, "height": height,
                "on_ground": bool(data.on_ground[i]), "turn_deg": float(data.turn[i]),
                "scale": float(data.scale[i]),
                "hides": [[name, building] for _, name, building in hidden],
            }
        )  # fmt: skip
    return rows


def _list(layer: Layer, *, as_json: bool) -> None:
    rows = model_rows(layer)
    if as_json:
        say_json({"layer": layer.name, "models": rows})
        return
    wording = current()
    keys = ("id", "model", "east", "north", "height", "ground", "turn", "scale", "hides")
    heads = [wording.t(f"cli-model-{key}") for key in keys]
    yes, no = wording.t("value-yes"), wording.t("value-no")
    lines = [
        (
            str(row["id"]), row["model"], wording.number(row["east"], 2),
            wording.number(row["north"], 2), wording.number(row["height"], 2),
            yes if row["on_ground"] else no, wording.number(row["turn_deg"], 1),
            wording.number(row["scale"], 3), str(len(row["hides"])),
        )
        for row in rows
    ]  # fmt: skip
    table(heads, lines, right=(0, 2, 3, 4, 6, 7, 8))
