"""Commands about the library of plans: new ones from templates, what differs between two."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer import Argument, Option

from app.cli_output import say, say_json, table
from app.cli_places import point_of
from app.cli_project import AsJson, ProjectFile, opened
from app.wording import current

if TYPE_CHECKING:
    from app.api import City
    from layers.drills.differences import Difference
    from layers.drills.plan import Plan


def register(group: typer.Typer) -> None:
    """Add the commands to the group of drills."""
    group.command("new")(new)
    group.command("diff")(diff)


def new(
    project: ProjectFile,
    template: Annotated[str, Option(help="Which template; without it they are listed.")] = "",
    at: Annotated[str, Option(help="Where it happens, as east,north.")] = "",
    name: Annotated[str, Option(help="Name of the plan; else that of the template.")] = "",
    as_json: AsJson = False,
) -> None:
    """Make a plan from the library, or list what there is.

    [bold]Examples[/bold]

    citystage drill new city.gpkg

    citystage drill new city.gpkg --template gas-leak --at 500,600 --name "Gas leak, east"
    """
    from layers.drills.templates import plan_from, templates

    w = current()
    chinese = w.locale != "en"
    if not template:
        rows = [[t.key, t.name[not chinese], t.grade, t.summary[not chinese]] for t in templates()]
        if as_json:
            say_json({"templates": [dict(zip(("key", "name", "grade", "summary"), row, strict=True))
                                    for row in rows]})  # fmt: skip
            return
        names = ("template", "name", "grade", "summary")
        table([w.t(f"drill-column-{one}") for one in names], rows)
        return
    with opened(project) as city:
        place = point_of(at)[:2] if at else _middle(city)
        made = plan_from(template, (place[0], place[1]), name=name, chinese=chinese)
        plan = city.add_plan(made)
        city.save()
    if as_json:
        say_json({"id": plan.id, "name": plan.name, "steps": len(plan.steps)})
    else:
        say(w.t("drill-made", name=plan.name, steps=len(plan.steps), roles=len(plan.roles)))


def diff(
    project: ProjectFile,
    first: Annotated[str, Argument(help="Name or number of a plan; NAME@2 is its version 2.")],
    second: Annotated[
        str, Argument(help="The other one; without it the version before is compared.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Say what differs between two plans, or two versions of one.

    [bold]Examples[/bold]

    citystage drill diff city.gpkg "Gas leak" "Gas leak at night"

    citystage drill diff city.gpkg "Gas leak@1" "Gas leak@3" --json
    """
    from app.drill_differences import difference_row
    from layers.drills.differences import differences
    from layers.drills.edits import drills_of

    w = current()
    with opened(project, read_only=True) as city:
        if second:
            before, after = _version(city, first), _version(city, second)
        else:
            after = _version(city, first)
            every = drills_of(city.project).versions_of(after.id)
            earlier = [plan for plan in every if plan.version < after.version]
            before = earlier[-1] if earlier else after
    found = differences(before, after)
    if as_json:
        say_json({"before": _facts(before), "after": _facts(after),
                  "differences": [_row(one) for one in found]})  # fmt: skip
    elif not found:
        say(w.t("drill-same", first=before.name, second=after.name))
    else:
        names = ("part", "how", "what", "field", "before", "after")
        cells = [difference_row(one, before, after, w) for one in found]
        table([w.t(f"drill-column-{one}") for one in names], cells)


def _version(city: City, text: str) -> Plan:
    """Give a plan, or with ``@2`` behind its name the version."""
    from layers.drills.edits import drills_of
    from layers.errors import CityError

    name, mark, number = text.rpartition("@")
    if not mark or not number.isdigit() or any(plan.name == text for plan in city.plans):
        return city.plan(text)
    every = drills_of(city.project).versions_of(city.plan(name).id)
    for plan in every:
        if plan.version == int(number):
            return plan
    told = ", ".join(str(plan.version) for plan in every)
    raise CityError(
        "drill.no_such_version",
        f"'{name}' has no version {number}.",
        hint=f"there are: {told}",
        name=name,
        number=number,
        versions=told,
    )


def _middle(city: City) -> tuple[float, float]:
    extent = city.project.extent(visible_only=False)
    if extent is None:
        return 0.0, 0.0
    west, south, east, north = extent
    return round((west + east) / 2.0, 1), round((south + north) / 2.0, 1)


def _facts(plan: Plan) -> dict[str, Any]:
    return {"id": plan.id, "name": plan.name, "version": plan.version}


def _row(one: Difference) -> dict[str, Any]:
    return {"part": one.part, "how": one.how, "id": one.id, "name": one.name,
            "field": one.field, "before": one.before, "after": one.after}  # fmt: skip
