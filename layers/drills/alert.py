"""A warning of a drill in the Common Alerting Protocol 1.2; its status is always Exercise.

References
----------
OASIS, *Common Alerting Protocol Version 1.2*, 2010, section 3.2. Order, number and values of the
elements are those of classes that others generated from its schema; a test holds them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree as Xml

import numpy as np
import shapely

from layers.drills.export import begins_of, closed_ring, xml_safe
from layers.drills.plan import Place, Plan, places_of
from layers.drills.rehearsal import Rehearsal
from layers.files.safe_write import replacing
from layers.frame import Frame

CAP = "urn:oasis:names:tc:emergency:cap:1.2"
STATUS = "Exercise"  # nothing else is ever sent from here
AROUND = 100.0  # metres around places where neither zones nor a region say the area
CATEGORIES = {
    "fire": "Fire", "gas-leak": "CBRNE", "chemical": "CBRNE", "flood": "Met",
    "earthquake": "Geo", "traffic": "Transport", "crowd": "Safety", "power": "Infra",
}  # fmt: skip
SEVERITIES = {"I": "Extreme", "II": "Severe", "III": "Moderate", "IV": "Minor"}
DIGITS = 6  # of degrees


@dataclass(frozen=True, slots=True)
class AlertWords:
    """What people read in the message.

    Attributes
    ----------
    language : str
        ``zh-CN`` or ``en``.
    event : str
        The type of the incident.
    exercise : str
        That it is an exercise; stands before headline and description, too.
    sender : str
        Who sends it, without spaces and commas.
    area : str
        What the area is called.
    """

    language: str
    event: str
    exercise: str
    sender: str = "citystage"
    area: str = "-"


def alert(
    played: Rehearsal,
    frame: Frame,
    words: AlertWords,
    sent: datetime,
    *,
    second: float | None = None,
) -> Xml.Element:
    """Make the message of a drill.

    Parameters
    ----------
    played : Rehearsal
        What is played.
    frame : Frame
        That of the project.
    words : AlertWords
        Texts for people.
    sent : datetime
        With a time zone.
    second : float or None
        Of the plan: the zones there are then make the area, the messages on the screen the
        instruction. None takes the region of the plan, and of zones their largest.
    """
    plan = played.plan
    Xml.register_namespace("", CAP)
    root = Xml.Element(f"{{{CAP}}}alert")
    at = f"-{second:g}" if second is not None else ""
    stamp = sent.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")  # no two messages are called the same
    _child(root, "identifier", f"citystage-exercise-{plan.id}-{plan.version}{at}-{stamp}")
    _child(root, "sender", _one_word(words.sender))
    _child(root, "sent", cap_moment(sent))
    _child(root, "status", STATUS)
    _child(root, "msgType", "Alert")
    _child(root, "scope", "Public")
    _child(root, "note", words.exercise)
    info = _child(root, "info")
    begins = begins_of(plan)
    onset = begins + timedelta(seconds=second or 0.0)
    length = timedelta(seconds=max(played.table.seconds, (second or 0.0) + 60.0, 60.0))
    # Receivers drop a message that is over when it comes: a plan of an earlier day counts from now.
    ends = max(begins + length, sent + length)
    for name, text in (
        ("language", words.language),
        ("category", CATEGORIES.get(plan.type, "Other")),
        ("event", words.event),
        ("responseType", "Monitor"),
        ("urgency", "Immediate"),
        ("severity", SEVERITIES.get(plan.grade, "Unknown")),
        ("certainty", "Unknown"),
        ("effective", cap_moment(sent)),
        ("onset", cap_moment(onset)),
        ("expires", cap_moment(ends)),
        ("headline", f"{words.exercise} {plan.name}"),
        ("description", f"{words.exercise} {plan.summary}".strip()),
    ):
        _child(info, name, text)
    told = played.at(second).messages if second is not None else ()
    if told:
        _child(info, "instruction", f"{words.exercise} {' '.join(told)}")
    parameter = _child(info, "parameter")
    _child(parameter, "valueName", "grade")
    _child(parameter, "value", plan.grade)
    rings = area_rings(played, second)
    if rings:
        area = _child(info, "area")
        _child(area, "areaDesc", words.area)
        for ring in rings:
            degrees = np.round(frame.lonlat(np.array(ring)), DIGITS).tolist()
            corners = closed_ring(degrees)
            _child(area, "polygon", " ".join(f"{lat:.6f},{lon:.6f}" for lon, lat in corners))
    return root


def write_alert(message: Xml.Element, path: Path) -> None:
    """Write a message into a file."""
    Xml.indent(message)
    text = Xml.tostring(message, encoding="unicode")
    with replacing(path) as file:
        file.write_text(f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n', encoding="utf-8")


def cap_moment(moment: datetime) -> str:
    """Give a moment as CAP wants it: whole seconds, ``+08:00``, and ``-00:00`` for UTC.

    Examples
    --------
    >>> from datetime import UTC
    >>> cap_moment(datetime(2026, 6, 21, 1, 0, tzinfo=UTC))
    '2026-06-21T01:00:00-00:00'
    """
    text = moment.replace(microsecond=0).isoformat()
    return text.replace("+00:00", "-00:00")


def area_rings(played: Rehearsal, second: float | None) -> list[list[Place]]:
    """Give the open rings of the area of a message, project coordinates.

    Zones that are shown at that second; else the region of the plan; else the land around all
    places that it names. Zones that overlap become one.
    """
    plan = played.plan
    found: list[shapely.Geometry] = _zones(played, second) if second is not None else []
    if not found and len(plan.region) >= 3:
        found = [shapely.Polygon(plan.region)]
    if not found:
        found = _zones(played, None)
    if not found:
        found = _around(plan)
    whole = shapely.union_all([shapely.make_valid(one) for one in found])
    parts = [part for part in shapely.get_parts(whole) if isinstance(part, shapely.Polygon)]
    return [
        [(float(x), float(y)) for x, y in part.exterior.coords[:-1]]
        for part in parts
        if part.area > 0.0
    ]


def _zones(played: Rehearsal, second: float | None) -> list[shapely.Geometry]:
    if second is not None:
        elements = [one.element for one in played.at(second).shown]
    else:
        elements = [element for step in played.plan.steps for element in step.elements]
    rings = [e.coords for e in elements if e.kind == "zone" and len(e.coords) >= 3]
    return [shapely.Polygon(ring) for ring in rings]


def _around(plan: Plan) -> list[shapely.Geometry]:
    places: list[Sequence[float]] = [p for coords in places_of(plan).values() for p in coords]
    if not places:
        return []
    return [shapely.MultiPoint(places).convex_hull.buffer(AROUND, quad_segs=4)]


def _one_word(text: str) -> str:
    """Give a sender without the signs that CAP forbids there."""
    kept = "".join("-" if c.isspace() or c in ",<&" else c for c in xml_safe(text))
    return kept or "citystage"


def _child(parent: Xml.Element, name: str, text: str = "") -> Xml.Element:
    made = Xml.SubElement(parent, f"{{{CAP}}}{name}")
    made.text = xml_safe(text) or None
    return made
