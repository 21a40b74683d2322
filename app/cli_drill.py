"""Commands about drills: list, import, export, check, play, copy, remove."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer import Argument, Option

from app import (
    cli_drill_crowd,
    cli_drill_hazard,
    cli_drill_library,
    cli_drill_live,
    cli_drill_log,
    cli_drill_out,
    cli_drill_people,
    cli_drill_reach,
    cli_drill_resources,
)
from app.cli_output import say, say_json, table
from app.cli_project import AsJson, ProjectFile, opened
from app.wording import current

if TYPE_CHECKING:
    from layers.drills.plan import Plan
    from layers.drills.rehearsal import Rehearsal

CHECK_FAILED = 1
PlanName = Annotated[str, Argument(help="Name or number of the plan.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(
        help="Drills: plans on a timeline, what is wrong with them, and what is seen when."
        "\n\n[bold]Examples[/bold]\n\ncitystage drill list city.gpkg"
    )
    group.command("list")(list_plans)
    group.command("import")(bring)
    for command in (export, check, play, copy, remove):
        group.command(command.__name__)(command)
    cli_drill_out.register(group)
    cli_drill_reach.register(group)
    cli_drill_hazard.register(group)
    cli_drill_resources.register(group)
    cli_drill_people.register(group)
    cli_drill_crowd.register(group)
    cli_drill_library.register(group)
    cli_drill_live.register(group)
    cli_drill_log.register(group)
    app.add_typer(group, name="drill")


def list_plans(
    project: ProjectFile,
    find: Annotated[str, Option(help="Words that stand in its texts, in any order.")] = "",
    kind: Annotated[str, Option("--type", help="Only this type, such as gas-leak.")] = "",
    grade: Annotated[str, Option(help="Only this grade: I, II, III, IV.")] = "",
    region: Annotated[
        str, Option(help="Only here: west,south,east,north, or a ring 'e,n e,n e,n'.")
    ] = "",
    resource: Annotated[str, Option(help="Words in the name of a unit that takes part.")] = "",
    since: Annotated[str, Option(help="Not before this day, 2026-06-21.")] = "",
    until: Annotated[str, Option(help="Not after this day.")] = "",
    as_json: AsJson = False,
) -> None:
    """List the plans of a project, all or those that fit: type, grade, length, steps, roles.

    [bold]Examples[/bold]

    citystage drill list city.gpkg

    citystage drill list city.gpkg --find "metro ladder" --type gas-leak --json
    """
    from app.cli_places import box_of
    from layers.drills.clock import timetable
    from layers.drills.searching import Wanted, found

    ring = tuple((place[0], place[1]) for place in box_of(region))
    wanted = Wanted(find, kind, grade, ring, resource, since, until)

    w = current()
    with opened(project, read_only=True) as city:
        told = [
            {
                "id": plan.id, "name": plan.name, "type": plan.type, "grade": plan.grade,
                "minutes": round(timetable(plan).seconds / 60.0, 1), "steps": len(plan.steps),
                "roles": len(plan.roles), "injects": len(plan.injects), "version": plan.version,
                "archived": plan.archived,
            }
            for plan in found(city.plans, wanted)
        ]  # fmt: skip
    if as_json:
        say_json({"plans": told})
    elif not told:
        say(w.t("drill-none" if wanted == Wanted() else "drill-none-found"))
    else:
        names = ("id", "name", "type", "grade", "minutes", "steps", "roles", "injects", "version")
        rows = [
            [w.t(f"drill-type-{t['type']}") if n == "type" else str(t[n]) for n in names]
            for t in told
        ]
        table([w.t(f"drill-column-{name}") for name in names], rows, right=(0, 4, 5, 6, 7, 8))


def bring(
    project: ProjectFile,
    file: Annotated[Path, Argument(help="A plan written by drill export (.json).")],
    as_json: AsJson = False,
) -> None:
    """Read a plan from a file into a project; what is not sound in it is told and left out.

    [bold]Examples[/bold]

    citystage drill import city.gpkg plan.json
    """
    from app.drill_words import problem_facts, problems_told

    w = current()
    with opened(project) as city:
        plan, notes = city.import_plan(file)
        found = city.check_plan(plan.id)
        city.save()
    told = [w.note(note) for note in notes]
    if as_json:
        say_json({"id": plan.id, "name": plan.name, "steps": len(plan.steps), "notes": told,
                  "problems": [problem_facts(p) for p in found]})  # fmt: skip
        return
    say(w.t("drill-imported", name=plan.name, steps=len(plan.steps), roles=len(plan.roles)))
    for line in told:
        say("  " + line)
    if found:
        say("  " + problems_told(found))


def export(
    project: ProjectFile,
    name: PlanName,
    file: Annotated[
        Path, Argument(help="File to write (.json, .geojson, .czml, .kml, .xml, .xlsx).")
    ],
    at: Annotated[
        float | None, Option("--at", help="CAP message: second of the plan whose zones it tells.")
    ] = None,
    fire: Annotated[
        list[str] | None, Option("--fire", help="Inject given at a second, ID=SECONDS.")
    ] = None,
) -> None:
    """Write a plan into a file, by its ending.

    .json is the plan itself, to keep it, send it or edit it; .geojson, .czml and .kml are moving
    units and zones with their times; .xml is a CAP 1.2 message, always of status Exercise; .xlsx
    is the list of resources.

    [bold]Examples[/bold]

    citystage drill export city.gpkg "Gas leak" plan.json

    citystage drill export city.gpkg "Gas leak" warning.cap.xml --at 1800
    """
    from app.drill_files import write_drill
    from app.drill_words import parse_fired
    from layers.drills.plan_file import kept_path

    with opened(project, read_only=True) as city:
        fired = parse_fired(fire or [], city.plan(name))
        kept = kept_path(file) if file.suffix.lower() == ".json" else None
        path = write_drill(city, name, file, at=at, fired=fired)
    say(current().t("cli-wrote", path=str(path)))
    if kept is not None:
        say(current().t("drill-file-kept", name=file.name, kept=kept.name))


def check(project: ProjectFile, name: PlanName, as_json: AsJson = False) -> None:
    """Say what is wrong with a plan; the exit code is 1 where it cannot be played as it stands.

    [bold]Examples[/bold]

    citystage drill check city.gpkg "Gas leak"

    citystage drill check city.gpkg 1 --json
    """
    from app.drill_words import problem_facts, problem_words

    w = current()
    with opened(project, read_only=True) as city:
        plan = city.plan(name)
        found = city.check_plan(name)
    if as_json:
        say_json({"plan": plan.name, "problems": [problem_facts(p) for p in found]})
    elif not found:
        say(w.t("drill-sound", name=plan.name))
    else:
        rows = [[w.t("drill-grave" if p.grave else "drill-light"), problem_words(p)] for p in found]
        table([w.t("drill-column-weight"), w.t("drill-column-problem")], rows)
    if any(problem.grave for problem in found):
        raise typer.Exit(CHECK_FAILED)


def play(
    project: ProjectFile,
    name: PlanName,
    at: Annotated[
        float | None, Option("--at", help="Second of the plan; else the whole timetable is told.")
    ] = None,
    fire: Annotated[
        list[str] | None, Option("--fire", help="Inject given at a second, ID=SECONDS.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Tell the timetable of a plan, or who is where and what is on at one second.

    [bold]Examples[/bold]

    citystage drill play city.gpkg "Gas leak"

    citystage drill play city.gpkg "Gas leak" --at 600 --json
    """
    from app.drill_words import parse_fired

    with opened(project, read_only=True) as city:
        plan = city.plan(name)
        played = city.rehearse(name, parse_fired(fire or [], plan))
        if at is None:
            _tell_timetable(plan, played, as_json=as_json)
        else:
            _tell_second(plan, played, at, as_json=as_json)


def copy(
    project: ProjectFile,
    name: PlanName,
    new: Annotated[str, Argument(help="Name of the copy.")],
) -> None:
    """Copy a plan under a new name.

    [bold]Examples[/bold]

    citystage drill copy city.gpkg "Gas leak" "Gas leak at night"
    """
    with opened(project) as city:
        plan = city.copy_plan(name, new)
        city.save()
    say(current().t("drill-copied", name=plan.name))


def remove(project: ProjectFile, name: PlanName) -> None:
    """Remove a plan, its versions and its exercises.

    [bold]Examples[/bold]

    citystage drill remove city.gpkg "Gas leak at night"
    """
    with opened(project) as city:
        plan = city.plan(name)
        city.remove_plan(name)
        city.save()
    say(current().t("drill-removed", name=plan.name))


def _tell_timetable(plan: Plan, played: Rehearsal, *, as_json: bool) -> None:
    from app.drill_words import clock, timetable_rows

    w = current()
    rows = timetable_rows(plan, played)
    if as_json:
        say_json({"plan": plan.name, "seconds": played.table.seconds, "steps": rows})
        return
    names = ("begins", "ends", "phase", "role", "title", "place")
    cells = [
        [clock(r["begins_s"]), clock(r["ends_s"]), r["phase"], r["role"], r["title"], r["place"]]
        for r in rows
    ]
    table([w.t(f"drill-column-{name}") for name in names], cells, right=(0, 1))


def _tell_second(plan: Plan, played: Rehearsal, second: float, *, as_json: bool) -> None:
    from app.drill_words import clock, now_facts

    facts = now_facts(plan, played.at(second))
    if as_json:
        say_json(facts)
        return
    w = current()
    say(w.t("drill-now", time=clock(second)))
    for step in facts["running"]:
        say(f"  {step['role']}: {step['title']}")
    for text in facts["messages"]:
        say(f"  “{text}”")
    if facts["next"]:
        first = facts["next"][0]
        say(w.t("drill-next", time=clock(first["begins_s"]), title=first["title"]))
    names = ("unit", "state", "east", "north", "heading", "step")
    cells = [
        [u["name"], w.t(f"resource-state-{u['state']}"), f"{u['east']:.1f}", f"{u['north']:.1f}",
         "" if u["heading_deg"] is None else f"{u['heading_deg']:.0f}°", u["step"]]
        for u in facts["units"]
    ]  # fmt: skip
    table([w.t(f"drill-column-{name}") for name in names], cells, right=(2, 3, 4))
