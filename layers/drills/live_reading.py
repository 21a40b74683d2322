"""Reports of positions out of texts: tables, GeoJSON, Cursor on Target, plain JSON messages.

What cannot be used is counted by reason, with the first line it stood in, and left out; a text
that is not whole (somebody is writing it) gives what can be read of it.
"""

from __future__ import annotations

import csv
import io
import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree as Xml

import numpy as np
import pyarrow as pa
import shapely

from layers.drills.live import AHEAD, FAR, Reading, Sighting
from layers.errors import CityError
from layers.files.point_columns import places
from layers.files.raw import Note
from layers.frame import read_crs
from layers.kinds.base import Extent
from layers.kinds.emergency import HAZARD_SORTS, OTHER, RESOURCE_SORTS, sort_of, state_of
from layers.project import Project

GPS = "EPSG:4326"
SEPARATORS = ",;\t|"
#: Names of fields in reports, in small letters, the best first.
FIELDS: dict[str, tuple[str, ...]] = {
    "key": ("key", "uid", "id", "callsign", "code", "device", "device_id", "vehicle", "tid",
            "编号", "标识", "设备号", "车牌号", "呼号", "name", "名称"),
    "name": ("name", "callsign", "label", "名称", "呼号"),
    "sort": ("sort", "type", "kind", "category", "类型", "类别"),
    "state": ("state", "status", "状态"),
    "moment": ("moment", "time", "timestamp", "datetime", "date_time", "tst", "t", "reported",
               "时间", "上报时间", "定位时间"),
    "height": ("height", "alt", "altitude", "hae", "z", "elevation", "高程", "高度"),
    "course": ("course", "heading", "bearing", "cog", "direction", "航向", "方向"),
    "speed": ("speed_kmh", "speed", "velocity", "vel", "速度"),
    "east": ("lon", "lng", "long", "longitude", "经度", "east", "easting", "x"),
    "north": ("lat", "latitude", "纬度", "north", "northing", "y"),
}  # fmt: skip
#: Cursor on Target: what a type of an atom is a sort of (b, m, p are marks, t are tasks).
COT_SORTS = (
    ("fire-station", r"^a-.-G-I-B"), ("hospital", r"^a-.-G-I-X-H|^a-.-G-U-C-.*M"),
    ("vehicle", r"^a-.-G-E-V"), ("team", r"^a-.-G-U|^a-.-G$"), ("camera", r"^b-m-p-s-p-loc"),
)  # fmt: skip
EVENT = re.compile(
    r"<event\b(?:[^>]*/>|[^>]*>.*?(?:</event>|(?=<event\b)|\Z))", re.DOTALL
)  # one that is cut short ends where the next begins
NO_HEIGHT = 9_000_000.0  # Cursor on Target says 9999999.0 for none


@dataclass(slots=True)
class _Faults:
    """Counts what could not be used, with the first of each reason."""

    _found: dict[str, list[Any]] = field(default_factory=dict)

    def add(self, reason: str, line: int, value: object = "") -> None:
        kept = self._found.setdefault(reason, [0, line, str(value)[:60]])
        kept[0] += 1

    def notes(self) -> tuple[Note, ...]:
        return tuple(
            Note(f"live_{reason}", {"count": count, "line": line, "value": value})
            for reason, (count, line, value) in self._found.items()
        )


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads texts for one project.

    Attributes
    ----------
    project : Project
        Whose coordinates the places are given in.
    now : float
        The moment of what says none, seconds since 1970 UTC.
    """

    project: Project
    now: float

    def table(self, text: str, first_line: int = 1) -> Reading:
        """Read rows with a heading; places in degrees, or in project coordinates.

        Parameters
        ----------
        text : str
            The heading first.
        first_line : int
            Number in the file of the row after the heading, less one; for what is told.
        """
        faults = _Faults()
        heading, _, _ = text.partition("\n")
        separator = max(SEPARATORS, key=heading.count)
        rows = _rows(text, separator, faults)
        if not rows:
            return Reading((), faults.notes())
        names = [name.strip().lstrip("\ufeff") for name in rows[0]]
        lines, cells = [], []
        for number, row in enumerate(rows[1:], first_line + 1):
            if not any(cell.strip() for cell in row):
                continue
            if len(row) < len(names):
                faults.add("short_row", number, separator.join(row))
                continue
            lines.append(number)
            cells.append([cell.strip() for cell in row[: len(names)]])
        unique = {name or f"_{at}": at for at, name in reversed(list(enumerate(names)))}
        table = pa.table({name: [row[at] for row in cells] for name, at in unique.items()})
        found = places(table) if cells else None
        if cells and found is None:
            raise CityError(
                "live.no_places",
                f"No column says where the rows lie; there are: {', '.join(names)}.",
                hint="name two columns lon and lat, or east and north",
                columns=", ".join(names),
            )
        out = []
        for at, row in enumerate(cells):
            geometry = None if found is None else found.geometry[at]
            said = {name.lower(): row[column] for name, column in unique.items()}
            crs = None if found is None else found.crs
            out.append(self._sighting(said, _middle(geometry), crs, lines[at], faults))
        return Reading(tuple(one for one in out if one is not None), faults.notes())

    def json(self, text: str, topic: str = "") -> Reading:
        """Read GeoJSON, one message with a place, a list of messages, or one message per line.

        Parameters
        ----------
        text : str
            The message.
        topic : str
            Names the sender where the message does not: its last part counts.
        """
        faults = _Faults()
        out = []
        for line, raw in _documents(text, faults):
            for said, geometry, crs in _messages(raw, line, faults):
                if not _first(said, "key"):
                    said["key"] = topic.rpartition("/")[2]
                out.append(self._sighting(said, _place_in(said, geometry), crs, line, faults))
        return Reading(tuple(one for one in out if one is not None), faults.notes())

    def cot(self, text: str) -> Reading:
        """Read Cursor on Target events, one or many, within a root or one after the other."""
        faults = _Faults()
        out = []
        for line, event in _events(text, faults):
            kind, point = event.get("type", ""), event.find("point")
            if kind.startswith("t-"):  # a task or a sign of life, no place of anything
                continue
            said = _of_event(event, kind)
            at = None if point is None else _pair(point.get("lon"), point.get("lat"))
            out.append(self._sighting(said, at, GPS, line, faults))
        return Reading(tuple(one for one in out if one is not None), faults.notes())

    def any(self, text: str, topic: str = "") -> Reading:
        """Read a message of whichever form."""
        start = text.lstrip("\ufeff \t\r\n")[:1]
        return self.cot(text) if start == "<" else self.json(text, topic)

    def _sighting(
        self, said: Mapping[str, Any], at: tuple[float, float] | None, crs: str | None, line: int,
        faults: _Faults,
    ) -> Sighting | None:  # fmt: skip
        key = str(_first(said, "key")).strip()
        if not key:
            faults.add("no_key", line)
            return None
        if at is None or not (math.isfinite(at[0]) and math.isfinite(at[1])):
            faults.add("no_place", line, key)
            return None
        if crs == GPS and at == (0.0, 0.0):  # what receivers send while they look for satellites
            faults.add("no_fix", line, key)
            return None
        place = self._project_place(at, crs)
        if place is None:
            faults.add("far_away", line, key)
            return None
        moment = _moment(_first(said, "moment"))
        if moment is None:
            faults.add("no_time", line, _first(said, "moment"))
            return None
        if math.isnan(moment):
            moment = self.now
        elif moment > self.now + AHEAD:
            faults.add("clock_ahead", line, _first(said, "moment"))
            moment = self.now
        sort = str(_first(said, "sort"))
        found = sort_of(sort, RESOURCE_SORTS)
        found = found if found != OTHER else sort_of(sort, HAZARD_SORTS)
        name = str(_first(said, "name")).strip()
        found = found if found != OTHER else sort_of(name, RESOURCE_SORTS)
        return Sighting(
            key, *place, moment, name, found,
            state_of(str(_first(said, "state"))), _number(_first(said, "height")),
            _number(_first(said, "course")) % 360.0, _number(_first(said, "speed")),
            _number(said.get("_stale", "")) if said.get("_stale") else math.inf,
        )  # fmt: skip

    def _project_place(
        self, at: tuple[float, float], crs: str | None
    ) -> tuple[float, float] | None:
        if crs == GPS and (abs(at[0]) > 180.0 or abs(at[1]) > 90.0):
            return None
        place = np.array([at])
        if crs is not None:
            place = self.project.need_frame().from_any(place, crs)
        east, north = float(place[0, 0]), float(place[0, 1])
        extent = self.project.extent(visible_only=False)
        return (east, north) if _near(east, north, extent) else None


def _rows(text: str, separator: str, faults: _Faults) -> list[list[str]]:
    """Give the rows of a table; where one cannot be read, the rows before it."""
    plain = text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")
    rows: list[list[str]] = []
    reader = csv.reader(io.StringIO(plain), delimiter=separator)
    while True:
        try:
            rows.append(next(reader))
        except StopIteration:
            return rows
        except csv.Error as error:
            faults.add("bad_line", reader.line_num, error)


def _near(east: float, north: float, extent: Extent | None) -> bool:
    if not (math.isfinite(east) and math.isfinite(north)):
        return False
    if extent is None:
        return True
    west, south, right, top = extent
    return west - FAR <= east <= right + FAR and south - FAR <= north <= top + FAR


def _first(said: Mapping[str, Any], meaning: str) -> Any:
    for name in FIELDS[meaning]:
        value = said.get(name)
        if value is not None and str(value).strip():
            return value
    return ""


def _number(value: object) -> float:
    try:
        return float(str(value))
    except ValueError:
        return math.nan


def _pair(east: object, north: object) -> tuple[float, float] | None:
    pair = _number(east), _number(north)
    return pair if math.isfinite(pair[0]) and math.isfinite(pair[1]) else None


def _middle(geometry: Any) -> tuple[float, float] | None:
    if geometry is None or shapely.is_empty(geometry):
        return None
    middle = geometry if geometry.geom_type == "Point" else shapely.centroid(geometry)
    return float(middle.x), float(middle.y)


def _place_in(said: Mapping[str, Any], geometry: Any) -> tuple[float, float] | None:
    if geometry is None:
        return _pair(_first(said, "east"), _first(said, "north"))
    try:
        return _middle(shapely.geometry.shape(geometry))
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, shapely.GEOSException):
        return None


def _moment(value: object) -> float | None:
    """Give seconds since 1970 of a number or an ISO 8601 text; NaN for none, None for rubbish.

    >>> _moment("2026-06-21T10:00:00Z") == _moment(1782036000) == _moment("1782036000000")
    True
    """
    text = str(value).strip()
    if not text:
        return math.nan
    number = _number(text)
    if math.isfinite(number):
        seconds = number / 1000.0 if number > 1e11 else number
        return seconds if seconds > 1e8 else None
    try:
        told = datetime.fromisoformat(text.replace("/", "-"))
    except ValueError:
        return None
    return told.astimezone(UTC).timestamp()  # without a zone it is that of this computer


def _documents(text: str, faults: _Faults) -> Iterator[tuple[int, Any]]:
    """Give the JSON documents of a text: one, or one in each line."""
    try:
        yield 1, json.loads(text)
    except ValueError:
        lines = text.splitlines()
        if sum(line.lstrip()[:1] == "{" and line.rstrip()[-1:] == "}" for line in lines) < 1:
            faults.add("not_whole", len(lines))
            return
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                yield number, json.loads(line)
            except ValueError:
                faults.add("bad_line", number, line.strip())


def _messages(
    raw: Any, line: int, faults: _Faults
) -> Iterator[tuple[dict[str, Any], Any, str | None]]:
    """Give what messages say, the geometry, and what its coordinates are."""
    if isinstance(raw, list):
        for one in raw:
            yield from _messages(one, line, faults)
        return
    if not isinstance(raw, dict):
        faults.add("bad_line", line, raw)
        return
    if raw.get("type") == "FeatureCollection":
        crs = _crs_of(raw)
        for one in raw.get("features") or []:
            for said, geometry, _ in _messages(one, line, faults):
                yield said, geometry, crs
        return
    if raw.get("type") == "Feature":
        said = {str(k).lower(): v for k, v in (raw.get("properties") or {}).items()}
        if raw.get("id") not in (None, ""):
            said.setdefault("id", raw["id"])
        yield said, raw.get("geometry") or {}, _crs_of(raw)
        return
    said = {str(k).lower(): v for k, v in raw.items()}
    metres = not any(name in said for name in FIELDS["east"][:5])
    yield said, said.get("geometry"), None if metres and "geometry" not in said else GPS


def _crs_of(raw: Mapping[str, Any]) -> str:
    """Give the coordinate system that old GeoJSON names; degrees where it names none."""
    member = raw.get("crs")
    name = str((member.get("properties") or {}).get("name", "")) if isinstance(member, dict) else ""
    if not name or name.upper().endswith(("CRS84", ":4326")):
        return GPS
    return read_crs(name).to_string()


def _events(text: str, faults: _Faults) -> Iterator[tuple[int, Xml.Element]]:
    """Give the events of a text; each is read for itself, so that a bad one spoils no other."""
    if re.search(r"<!(DOCTYPE|ENTITY)", text):
        faults.add("bad_xml", 1, "<!DOCTYPE")  # nobody sends one who means well
        return
    end = 0
    for found in re.finditer(EVENT, text):
        line = text.count("\n", 0, found.start()) + 1
        end = found.end()
        try:
            yield line, Xml.fromstring(found.group())
        except Xml.ParseError:
            faults.add("bad_xml", line, found.group()[:40])
    if not end and text.strip():
        faults.add("not_whole", 1)


def _of_event(event: Xml.Element, kind: str) -> dict[str, Any]:
    """Give what an event says, by the names of fields of other reports."""
    detail = event.find("detail")
    said: dict[str, Any] = {"uid": event.get("uid", ""), "time": event.get("time", "")}
    point = event.find("point")
    height = _number("" if point is None else point.get("hae", ""))
    said["height"] = height if abs(height) < NO_HEIGHT else math.nan
    stale = _moment(event.get("stale", ""))
    if stale is not None and math.isfinite(stale):
        said["_stale"] = stale
    said["sort"] = next((sort for sort, like in COT_SORTS if re.search(like, kind)), "")
    if detail is None:
        return said
    parts = {child.tag: child for child in detail}
    if "contact" in parts:
        said["name"] = parts["contact"].get("callsign", "")
    if "track" in parts:
        said["course"] = parts["track"].get("course", "")
        said["speed_kmh"] = _number(parts["track"].get("speed", "")) * 3.6
    if "status" in parts:
        ready = parts["status"].get("readiness", "")
        said["state"] = {"true": "ready", "false": "out-of-service"}.get(ready.lower(), "")
    said["sort"] = parts["sort"].get("value", "") if "sort" in parts else said["sort"]
    return said
