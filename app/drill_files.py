"""A plan as files for others: its own, GeoJSON, CZML, KML, CAP 1.2, a list of resources."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from app.api import City
from app.wording import Wording, current, dashed
from layers.drills.rehearsal import Rehearsal
from layers.drills.resource_problems import begins_at
from layers.kinds.base import Features
from layers.kinds.emergency import Emergency
from layers.kinds.valid_time import Moment
from layers.project import Project

RESOURCE_COLUMNS = (
    "what", "name", "sort", "role", "quantity", "unit", "capacity", "state", "valid_from",
    "valid_to", "contact", "owner", "longitude", "latitude", "steps",
)  # fmt: skip
KINDS = ("vehicle", "team", "person", "drone", "supply")


def write_drill(
    city: City,
    name: str | int,
    path: Path | str,
    *,
    at: float | None = None,
    fired: Mapping[str, float] | None = None,
    sent: datetime | None = None,
) -> Path:
    """Write a plan by the ending of the file.

    Parameters
    ----------
    city : City
        The open project.
    name : str or int
        Name or number of the plan.
    path : pathlib.Path or str
        ``.json`` the plan itself, ``.geojson``, ``.czml`` and ``.kml`` moving units and what is
        drawn, ``.xml`` a CAP 1.2 message of status Exercise, ``.xlsx`` the list of resources.
    at : float or None
        Second of the plan whose zones the message is about; None for the whole region.
    fired : mapping or None
        Injects that are given, and when.
    sent : datetime or None
        When the message is sent; None for now.

    Raises
    ------
    CityError
        ``drill.ending``, ``drill.begins``, ``project.no_crs``.
    """
    file = Path(path)
    if file.suffix.lower() == ".json":
        return city.write_plan(name, file)
    write_played(city.project, city.rehearse(name, fired), file, at=at, sent=sent)
    return file


def write_played(
    project: Project, played: Rehearsal, file: Path, *,
    at: float | None = None, sent: datetime | None = None, words: Wording | None = None,
) -> None:  # fmt: skip
    """Write a plan that was made ready to be played: any ending of `write_drill` but ``.json``."""
    from layers.drills.export import write_timed

    w = words or current()
    ending = file.suffix.lower()
    if ending == ".xml":
        _write_cap(project, played, file, at, sent, w)
    elif ending == ".xlsx":
        write_resources(project, played, file, w)
    else:
        write_timed(played, project.need_frame(), file)


def _write_cap(
    project: Project, played: Rehearsal, path: Path, at: float | None, sent: datetime | None,
    w: Wording,
) -> None:  # fmt: skip
    from layers.drills.alert import AlertWords, alert, write_alert

    plan = played.plan
    words = AlertWords(
        w.locale, w.t(f"drill-type-{plan.type}"), w.t("drill-cap-exercise"),
        area=w.t("drill-cap-area", name=plan.name),
    )  # fmt: skip
    moment = sent or datetime.now().astimezone()
    write_alert(alert(played, project.need_frame(), words, moment, second=at), path)


def write_resources(
    project: Project, played: Rehearsal, path: Path, words: Wording | None = None
) -> None:
    """Write units of a plan, and resources of the project, as one sheet of a workbook."""
    from layers.files.sheets import appearing, write_xlsx

    w = words or current()
    frame = project.need_frame()
    rows = _unit_rows(played, w)
    rows += _resource_rows(project, w, begins_at(project, played.plan))
    places = [row.pop("place") for row in rows]
    known = [at for at, place in enumerate(places) if place is not None]
    if known:
        for at, (east, north) in zip(
            known, frame.lonlat([places[at] for at in known]).tolist(), strict=True
        ):
            rows[at] |= {"longitude": round(east, 7), "latitude": round(north, 7)}
    header = [w.t(f"drill-list-{dashed(name)}") for name in RESOURCE_COLUMNS]
    cells = [[row.get(name) for name in RESOURCE_COLUMNS] for row in rows]
    with appearing(path) as partial:
        write_xlsx(partial, header, cells, title=w.t("drill-list"))


def _unit_rows(played: Rehearsal, w: Wording) -> list[dict[str, Any]]:
    plan = played.plan
    roles = {role.id: role for role in plan.roles}
    out: list[dict[str, Any]] = []
    for unit in plan.units:
        role = roles.get(unit.role)
        steps = [s for s in plan.steps if any(need.unit == unit.id for need in s.units)]
        steps.sort(key=lambda step: (played.table.begins[step.id], step.id))
        out.append({
            "what": w.t("drill-list-of-plan"), "name": unit.name,
            "sort": w.t(f"drill-unit-{unit.kind}") if unit.kind in KINDS else unit.kind,
            "role": role.name if role else unit.role,
            "quantity": unit.count, "contact": role.contact if role else "",
            "owner": role.organisation if role else "",
            "place": played.courses[unit.id].at(0.0)[0] if unit.id in played.courses else None,
            "steps": "; ".join(step.title for step in steps),
        })  # fmt: skip
    return out


def _resource_rows(project: Project, w: Wording, moment: Moment) -> list[dict[str, Any]]:
    """Give the resources of a project as they are at a moment."""
    out: list[dict[str, Any]] = []
    for layer in project.of_kind("resources"):
        if not isinstance(layer.data, Features):
            continue
        found = Emergency.of(layer.data, "resources", layer.name)
        states = found.states(moment)
        spans = [found.valid.words(at, moment.offset) for at in range(len(found))]
        out += [
            {
                "what": layer.name, "name": found.name[at], "sort": w.t(f"sort-{found.sort[at]}"),
                "quantity": float(found.quantity[at]), "unit": found.unit[at],
                "capacity": float(found.capacity[at]),
                "state": w.t(f"resource-state-{states[at]}"),
                "valid_from": spans[at][0], "valid_to": spans[at][1],
                "contact": found.contact[at], "owner": found.owner[at],
                "place": (float(found.coords[at, 0]), float(found.coords[at, 1])),
            }
            for at in range(len(found))
        ]  # fmt: skip
    return out
