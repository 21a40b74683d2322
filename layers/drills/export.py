"""A rehearsal as files of other programs: GeoJSON, CZML and KML with times, in WGS 84."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import numpy as np

from layers.drills.plan import SHAPE_OF, Element, Plan
from layers.drills.rehearsal import Rehearsal, now_of
from layers.errors import CityError
from layers.files.safe_write import replacing
from layers.frame import Frame
from layers.shapes import Floats

DIGITS = 7  # of degrees: a centimetre
GROWING = 8  # parts a growing zone is told in
YEARS = range(1000, 9000)  # so that sums of moments are still moments
NO_DATE = datetime(2000, 1, 1, tzinfo=UTC)  # second 0 of a plan that names no moment
RED = "#e53935"
KML = "http://www.opengis.net/kml/2.2"
GX = "http://www.google.com/kml/ext/2.2"
Box = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Stay:
    """An element while it looks one way.

    Attributes
    ----------
    element : Element
        With the coordinates it has then.
    about, title : str
        The step or inject it belongs to, and its words.
    begins, ends : float
        Seconds of the plan.
    """

    element: Element
    about: str
    title: str
    begins: float
    ends: float


def begins_of(plan: Plan) -> datetime:
    """Give the moment of second 0; without a time zone it counts as UTC.

    Raises
    ------
    CityError
        ``drill.begins`` where what the plan says is no moment.
    """
    if not plan.begins:
        return NO_DATE
    try:
        moment = datetime.fromisoformat(plan.begins)
        told = moment.year in YEARS
    except ValueError:
        told = False
    if not told:
        raise CityError(
            "drill.begins",
            f"'{plan.begins}' is no moment that a drill can begin at.",
            hint="write it as 2026-06-21T09:00:00+08:00",
            text=plan.begins,
        )
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def moment_of(plan: Plan, second: float) -> str:
    """Give a second of the plan as ISO 8601 in UTC, such as ``2026-06-21T01:00:00Z``."""
    moment = begins_of(plan) + timedelta(seconds=round(second, 3))
    return moment.astimezone(UTC).isoformat(timespec="auto").replace("+00:00", "Z")


def stays(played: Rehearsal) -> list[Stay]:
    """List what is drawn, and from when to when; a zone that grows comes in several parts."""
    out: list[Stay] = []
    last = played.table.seconds
    for step in played.plan.steps:
        begin, end = played.table.begins[step.id], played.table.ends[step.id]
        for element in step.elements:
            if element.kind not in SHAPE_OF or not element.coords:
                continue
            until = last if element.stays or end <= begin else end
            grows = element.kind == "zone" and element.grow_from != element.grow_to and end > begin
            parts = GROWING if grows else 1
            marks = np.linspace(begin, end, parts + 1) if grows else np.array([begin, until])
            for number in range(parts):
                share = (number + 1) / parts if grows else 1.0
                ends = until if number == parts - 1 else float(marks[number + 1])
                out.append(
                    Stay(now_of(element, share), step.id, step.title, float(marks[number]), ends)
                )
    for inject in played.plan.injects:
        if inject.id not in played.fired:
            continue
        begin = played.fired[inject.id]
        out += [
            Stay(element, inject.id, inject.title, begin, max(last, begin))
            for element in inject.elements
            if element.kind in SHAPE_OF and element.coords
        ]
    return out


def tracks(played: Rehearsal) -> Iterator[tuple[str, Floats, Floats]]:
    """Give every unit with its seconds, (k,) rising, and places, (k, 2) project coordinates.

    The first is second 0, the last the end of the plan.
    """
    for unit, course in played.courses.items():
        times, places = course.seconds, course.places
        end = max(played.table.seconds, float(times[-1]))
        if end > times[-1]:
            times, places = np.append(times, end), np.vstack([places, places[-1]])
        kept = np.append(np.diff(times) > 1e-6, True)  # of several at once the last counts
        yield unit, times[kept], places[kept]


def write_timed(played: Rehearsal, frame: Frame, path: Path) -> None:
    """Write a rehearsal by the ending of the file: ``.geojson``, ``.czml`` or ``.kml``.

    Parameters
    ----------
    played : Rehearsal
        What is written.
    frame : Frame
        That of the project; coordinates are carried to WGS 84.
    path : pathlib.Path
        The file.

    Raises
    ------
    CityError
        ``drill.ending``, ``drill.begins``.
    """
    writers = {".geojson": geojson_text, ".czml": czml_text, ".kml": kml_text}
    writer = writers.get(path.suffix.lower())
    if writer is None:
        raise CityError(
            "drill.ending",
            f"A plan cannot be written as '{path.suffix}'.",
            hint="choose .json, .geojson, .czml, .kml, .xml (CAP 1.2) or .xlsx",
            ending=path.suffix,
        )
    text = writer(played, frame)
    with replacing(path) as file:
        file.write_text(text, encoding="utf-8")


# --- GeoJSON ------------------------------------------------------------------------------------


def geojson_text(played: Rehearsal, frame: Frame) -> str:
    """Give units as lines with the moment of every corner, and what is drawn, as GeoJSON."""
    plan = played.plan
    features = []
    for unit_id, times, places in tracks(played):
        unit = plan.unit(unit_id)
        moves = bool((np.abs(np.diff(places, axis=0)) > 0.01).any())
        degrees = _degrees(frame, places)
        shape: Box = (
            {"type": "LineString", "coordinates": degrees}
            if moves
            else {"type": "Point", "coordinates": degrees[0]}
        )
        facts = {
            "what": "unit", "id": unit_id, "name": unit.name, "kind": unit.kind,
            "role": unit.role, "count": unit.count,
            "times": [moment_of(plan, t) for t in times] if moves else [],
            "seconds": np.round(times, 3).tolist() if moves else [],
        }  # fmt: skip
        features.append({"type": "Feature", "geometry": shape, "properties": facts})
    for stay in stays(played):
        element = stay.element
        facts = {
            "what": element.kind, "about": stay.about, "title": stay.title,
            "text": element.text, "symbol": element.symbol, "colour": element.colour,
            "begin": moment_of(plan, stay.begins), "end": moment_of(plan, stay.ends),
        }  # fmt: skip
        features.append({"type": "Feature", "geometry": _shape(frame, element),
                         "properties": facts})  # fmt: skip
    told = {"type": "FeatureCollection", "name": plan.name, "exercise": True, "features": features}
    return json.dumps(told, ensure_ascii=False, indent=1)


def _shape(frame: Frame, element: Element) -> Box:
    degrees = _degrees(frame, np.array(element.coords, dtype=float))
    kind = SHAPE_OF[element.kind]
    if kind == "point" or len(degrees) == 1:
        return {"type": "Point", "coordinates": degrees[0]}
    if kind == "line" or len(degrees) == 2:
        return {"type": "LineString", "coordinates": degrees}
    return {"type": "Polygon", "coordinates": [closed_ring(degrees)]}


# --- CZML ---------------------------------------------------------------------------------------


def czml_text(played: Rehearsal, frame: Frame) -> str:
    """Give units with positions over time, and what is drawn, as CZML on the ground."""
    plan = played.plan
    first, last = moment_of(plan, 0.0), moment_of(plan, max(played.table.seconds, 1.0))
    packets: list[Box] = [
        {
            "id": "document", "name": plan.name, "version": "1.0",
            "clock": {"interval": f"{first}/{last}", "currentTime": first, "multiplier": 10},
        }
    ]  # fmt: skip
    for unit_id, times, places in tracks(played):
        unit = plan.unit(unit_id)
        degrees = _degrees(frame, places)
        timed = [n for t, p in zip(times, degrees, strict=True) for n in (round(t, 3), *p, 0.0)]
        packets.append(
            {
                "id": f"unit-{unit_id}", "name": unit.name, "availability": f"{first}/{last}",
                "position": {"epoch": first, "cartographicDegrees": timed,
                             "interpolationAlgorithm": "LINEAR", "interpolationDegree": 1,
                             "forwardExtrapolationType": "HOLD"},
                "point": {"pixelSize": 12, "color": {"rgba": _rgba(_unit_colour(plan, unit.role))},
                          "heightReference": "CLAMP_TO_GROUND"},
                "label": {"text": unit.name, "font": "14px sans-serif",
                          "pixelOffset": {"cartesian2": [0, -20]},
                          "heightReference": "CLAMP_TO_GROUND"},
            }
        )  # fmt: skip
    for number, stay in enumerate(stays(played)):
        packets.append(_packet(number, stay, plan, frame))
    return json.dumps(packets, ensure_ascii=False, indent=1)


def _packet(number: int, stay: Stay, plan: Plan, frame: Frame) -> Box:
    element = stay.element
    shape = _shape(frame, element)
    colour = element.colour or RED
    begin, end = moment_of(plan, stay.begins), moment_of(plan, max(stay.ends, stay.begins + 0.001))
    packet: Box = {
        "id": f"element-{number}-{stay.about}", "name": element.text or stay.title,
        "description": stay.title, "availability": f"{begin}/{end}",
    }  # fmt: skip
    if shape["type"] == "Point":
        packet["position"] = {"cartographicDegrees": [*shape["coordinates"], 0.0]}
        packet["point"] = {"pixelSize": 14, "color": {"rgba": _rgba(colour)},
                           "heightReference": "CLAMP_TO_GROUND"}  # fmt: skip
        packet["label"] = {"text": packet["name"], "heightReference": "CLAMP_TO_GROUND"}
    elif shape["type"] == "LineString":
        packet["polyline"] = {
            "positions": {"cartographicDegrees": _flat(shape["coordinates"])}, "width": 4,
            "clampToGround": True, "material": {"solidColor": {"color": {"rgba": _rgba(colour)}}},
        }  # fmt: skip
    else:
        packet["polygon"] = {
            "positions": {"cartographicDegrees": _flat(shape["coordinates"][0][:-1])},
            "material": {"solidColor": {"color": {"rgba": _rgba(colour, 90)}}},
        }
    return packet


def _flat(degrees: list[list[float]]) -> list[float]:
    return [number for place in degrees for number in (*place, 0.0)]


# --- KML ----------------------------------------------------------------------------------------


def kml_text(played: Rehearsal, frame: Frame) -> str:
    """Give units as tracks and what is drawn with its span of time, as KML on the ground."""
    plan = played.plan
    Xml.register_namespace("", KML)
    Xml.register_namespace("gx", GX)
    root = Xml.Element(_k("kml"))
    document = _child(root, "Document")
    _child(document, "name", plan.name)
    _child(document, "description", plan.summary)
    for unit_id, times, places in tracks(played):
        unit = plan.unit(unit_id)
        mark = _child(document, "Placemark", id=f"unit-{unit_id}")
        _child(mark, "name", unit.name)
        style = _child(_child(mark, "Style"), "LineStyle")
        _child(style, "color", _abgr(_unit_colour(plan, unit.role)))
        _child(style, "width", "3")
        track = Xml.SubElement(mark, f"{{{GX}}}Track")
        _child(track, "altitudeMode", "clampToGround")
        for second in times:
            _child(track, "when", moment_of(plan, second))
        for east, north in _degrees(frame, places):
            Xml.SubElement(track, f"{{{GX}}}coord").text = f"{east:.7f} {north:.7f} 0"
    for stay in stays(played):
        _placemark(document, stay, plan, frame)
    Xml.indent(root)
    text: str = Xml.tostring(root, encoding="unicode")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + text + "\n"


def _placemark(document: Xml.Element, stay: Stay, plan: Plan, frame: Frame) -> None:
    element = stay.element
    mark = _child(document, "Placemark")
    _child(mark, "name", element.text or stay.title)
    _child(mark, "description", stay.title)
    span = _child(mark, "TimeSpan")
    _child(span, "begin", moment_of(plan, stay.begins))
    _child(span, "end", moment_of(plan, stay.ends))
    style = _child(mark, "Style")
    line = _child(style, "LineStyle")
    _child(line, "color", _abgr(element.colour or RED))
    _child(line, "width", "3")
    _child(_child(style, "PolyStyle"), "color", _abgr(element.colour or RED, 90))
    shape = _shape(frame, element)
    coords = shape["coordinates"]
    if shape["type"] == "Point":
        _child(_child(mark, "Point"), "coordinates", _pairs([coords]))
    elif shape["type"] == "LineString":
        line = _child(mark, "LineString")
        _child(line, "tessellate", "1")
        _child(line, "coordinates", _pairs(coords))
    else:
        area = _child(mark, "Polygon")
        _child(area, "tessellate", "1")
        ring = _child(_child(area, "outerBoundaryIs"), "LinearRing")
        _child(ring, "coordinates", _pairs(coords[0]))


def _k(name: str) -> str:
    return f"{{{KML}}}{name}"


def _child(parent: Xml.Element, name: str, text: str = "", **attributes: str) -> Xml.Element:
    made = Xml.SubElement(parent, _k(name), attributes)
    made.text = xml_safe(text) or None
    return made


def xml_safe(text: str) -> str:
    """Give a text without the signs that XML 1.0 cannot hold."""
    return "".join(
        c for c in text
        if c in "\t\n\r" or (ord(c) >= 32 and not 0xD800 <= ord(c) <= 0xDFFF
                             and ord(c) not in (0xFFFE, 0xFFFF))
    )  # fmt: skip


def _pairs(degrees: list[list[float]]) -> str:
    return " ".join(f"{east:.7f},{north:.7f},0" for east, north in degrees)


# --- shared -------------------------------------------------------------------------------------


def closed_ring(ring: list[list[float]]) -> list[list[float]]:
    """Give a ring of degrees counter-clockwise, with its first corner again at the end."""
    ring = ring[:-1] if len(ring) > 1 and ring[0] == ring[-1] else ring
    twice = sum(
        a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:] + ring[:1], strict=True)
    )  # fmt: skip
    ring = ring if twice >= 0 or math.isnan(twice) else ring[::-1]
    return [*ring, ring[0]]


def _degrees(frame: Frame, places: Floats) -> list[list[float]]:
    found: list[list[float]] = np.round(frame.lonlat(places), DIGITS).tolist()
    return found


def _unit_colour(plan: Plan, role: str) -> str:
    return next((r.colour for r in plan.roles if r.id == role and r.colour), "#1565c0")


def _channels(colour: str) -> tuple[int, int, int]:
    try:
        red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    except ValueError:
        return _channels(RED)
    return red, green, blue


def _rgba(colour: str, opacity: int = 255) -> list[int]:
    return [*_channels(colour), opacity]


def _abgr(colour: str, opacity: int = 255) -> str:
    red, green, blue = _channels(colour)
    return f"{opacity:02x}{blue:02x}{green:02x}{red:02x}"
