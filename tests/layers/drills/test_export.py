"""Rehearsals as GeoJSON, CZML, KML and CAP: times, places, and what the formats ask for."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as Xml

import numpy as np
import pyogrio
import pytest
import shapely
from hypothesis import given, settings

from layers.drills.alert import CAP, AlertWords, alert, write_alert
from layers.drills.export import (
    GX,
    KML,
    begins_of,
    czml_text,
    geojson_text,
    kml_text,
    moment_of,
    stays,
    tracks,
    write_timed,
)
from layers.drills.plan import Plan
from layers.drills.rehearsal import rehearsal
from layers.errors import CityError
from layers.frame import Frame
from tests.layers.drills.plans import plans, small_plan

FRAME = Frame("EPSG:4547", (500_000.0, 2_500_000.0))
SENT = datetime(2026, 6, 20, 8, 30, tzinfo=UTC)
WORDS = AlertWords("en", "Gas leak", "EXERCISE.", area="Station")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d")
#: Elements inside others: in their order, least and most of each, None for any number.
PARTS: dict[str, tuple[tuple[str, int, int | None], ...]] = {
    "alert": (
        ("identifier", 1, 1), ("sender", 1, 1), ("sent", 1, 1), ("status", 1, 1),
        ("msgType", 1, 1), ("source", 0, 1), ("scope", 1, 1), ("restriction", 0, 1),
        ("addresses", 0, 1), ("code", 0, None), ("note", 0, 1), ("references", 0, 1),
        ("incidents", 0, 1), ("info", 0, None),
    ),
    "info": (
        ("language", 0, 1), ("category", 1, None), ("event", 1, 1), ("responseType", 0, None),
        ("urgency", 1, 1), ("severity", 1, 1), ("certainty", 1, 1), ("audience", 0, 1),
        ("eventCode", 0, None), ("effective", 0, 1), ("onset", 0, 1), ("expires", 0, 1),
        ("senderName", 0, 1), ("headline", 0, 1), ("description", 0, 1), ("instruction", 0, 1),
        ("web", 0, 1), ("contact", 0, 1), ("parameter", 0, None), ("resource", 0, None),
        ("area", 0, None),
    ),
    "parameter": (("valueName", 1, 1), ("value", 1, 1)),
    "area": (
        ("areaDesc", 1, 1), ("polygon", 0, None), ("circle", 0, None), ("geocode", 0, None),
        ("altitude", 0, 1), ("ceiling", 0, 1),
    ),
}  # fmt: skip
ALLOWED = {
    "status": {"Actual", "Exercise", "System", "Test", "Draft"},
    "msgType": {"Alert", "Update", "Cancel", "Ack", "Error"},
    "scope": {"Public", "Restricted", "Private"},
    "category": {"Geo", "Met", "Safety", "Security", "Rescue", "Fire", "Health", "Env",
                 "Transport", "Infra", "CBRNE", "Other"},
    "responseType": {"Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor", "Assess",
                     "AllClear", "None"},
    "urgency": {"Immediate", "Expected", "Future", "Past", "Unknown"},
    "severity": {"Extreme", "Severe", "Moderate", "Minor", "Unknown"},
    "certainty": {"Observed", "Likely", "Possible", "Unlikely", "Unknown"},
}  # fmt: skip


def here() -> Plan:
    """The small plan where the frame's zone is."""
    plan = small_plan()

    def moved(place: tuple[float, float]) -> tuple[float, float]:
        return place[0] + 500_000.0, place[1] + 2_500_000.0

    steps = tuple(
        replace(
            s, place=moved(s.place) if s.place else None,
            elements=tuple(replace(e, coords=tuple(map(moved, e.coords))) for e in s.elements),
        )
        for s in plan.steps
    )  # fmt: skip
    units = tuple(replace(u, place=moved(u.place)) for u in plan.units if u.place)
    return replace(plan, steps=steps, units=units, injects=())


def hold(message: Xml.Element) -> None:
    """Hold a message against the rules of CAP 1.2."""

    assert message.tag == f"{{{CAP}}}alert"
    for parent in message.iter():
        assert parent.tag.startswith(f"{{{CAP}}}")
        assert not parent.attrib
        parts = PARTS.get(parent.tag.removeprefix(f"{{{CAP}}}"), ())
        order = [name for name, _, _ in parts]
        names = [child.tag.removeprefix(f"{{{CAP}}}") for child in parent]
        assert [order.index(name) for name in names] == sorted(map(order.index, names))
        for name, least, most in parts:
            assert least <= names.count(name) <= (most or len(names))
        if not parts:  # whatever is told says something
            assert (parent.text or "").strip()
            assert not names
    assert message.findtext(f"{{{CAP}}}status") == "Exercise"
    for name in ("identifier", "sender"):
        assert not re.search(r"[\s,<&]", message.findtext(f"{{{CAP}}}{name}") or " ")
    for node in message.iter():
        name = node.tag.removeprefix(f"{{{CAP}}}")
        if name in ALLOWED:
            assert node.text in ALLOWED[name]
        if name in ("sent", "effective", "onset", "expires"):
            assert MOMENT.fullmatch(node.text or "")
        if name == "polygon":
            corners = (node.text or "").split(" ")
            assert len(corners) >= 4
            assert corners[0] == corners[-1]
            assert len(set(corners)) >= 3
            for lat, lon in (map(float, corner.split(",")) for corner in corners):
                assert -90 <= lat <= 90
                assert -180 <= lon <= 180


def test_a_unit_is_a_line_with_a_moment_at_every_corner() -> None:
    told = json.loads(geojson_text(rehearsal(here()), FRAME))
    unit = next(f for f in told["features"] if f["properties"]["what"] == "unit")
    assert unit["geometry"]["type"] == "LineString"
    times = unit["properties"]["times"]
    assert len(times) == len(unit["geometry"]["coordinates"])
    assert times == sorted(times)
    assert times[0] == "2026-06-21T01:00:00Z"
    back = FRAME.from_lonlat(unit["geometry"]["coordinates"])
    np.testing.assert_allclose(back[0], (500_000.0, 2_500_000.0), atol=0.02)
    np.testing.assert_allclose(back[-1], (500_150.0, 2_500_000.0), atol=0.02)
    zones = [f for f in told["features"] if f["properties"]["what"] == "zone"]
    areas = [shapely.geometry.shape(f["geometry"]).area for f in zones]
    assert areas == sorted(areas)
    assert len(areas) > 2
    assert all(a["properties"]["end"] == b["properties"]["begin"]
               for a, b in pairwise(zones))  # fmt: skip


def test_czml_and_kml_tell_the_same_track() -> None:
    played = rehearsal(here())
    packets = json.loads(czml_text(played, FRAME))
    assert packets[0]["id"] == "document"
    assert packets[0]["version"] == "1.0"
    assert len({p["id"] for p in packets}) == len(packets)
    told = np.array(packets[1]["position"]["cartographicDegrees"]).reshape(-1, 4)
    assert (np.diff(told[:, 0]) > 0).all()
    root = Xml.fromstring(kml_text(played, FRAME))
    track = next(root.iter(f"{{{GX}}}Track"))
    whens = [node.text for node in track.findall(f"{{{KML}}}when")]
    coords = [node.text or "" for node in track.findall(f"{{{GX}}}coord")]
    assert len(whens) == len(coords) == len(told)
    assert whens == [moment_of(played.plan, second) for second in told[:, 0]]
    np.testing.assert_allclose(
        [list(map(float, text.split()))[:2] for text in coords], told[:, 1:3], atol=1e-7
    )
    polygons = list(root.iter(f"{{{KML}}}Polygon"))
    assert len(polygons) == sum(p.get("polygon") is not None for p in packets)


def test_a_message_keeps_the_rules_of_cap_and_is_always_an_exercise(tmp_path: Path) -> None:
    played = rehearsal(here())
    for second in (None, 0.0, 300.0, 600.0):
        message = alert(played, FRAME, WORDS, SENT, second=second)
        hold(message)
    assert message.findtext(f".//{{{CAP}}}instruction") == "EXERCISE. Keep out"
    assert message.findtext(f"{{{CAP}}}sent") == "2026-06-20T08:30:00-00:00"
    assert message.findtext(f".//{{{CAP}}}severity") == "Moderate"
    assert message.findtext(f".//{{{CAP}}}onset") == "2026-06-21T09:10:00+08:00"
    write_alert(message, tmp_path / "a.cap.xml")
    hold(Xml.parse(tmp_path / "a.cap.xml").getroot())


def test_moments_of_a_message_have_the_offset_of_the_plan_and_never_a_z() -> None:
    china = datetime(2026, 6, 20, 8, 30, 15, 250_000, timezone(timedelta(hours=8)))
    message = alert(rehearsal(here()), FRAME, WORDS, china, second=60.0)
    hold(message)
    told = {
        name: message.findtext(f".//{{{CAP}}}{name}") or ""
        for name in ("sent", "effective", "onset", "expires")
    }
    assert told["sent"] == told["effective"] == "2026-06-20T08:30:15+08:00"
    assert told["onset"] == "2026-06-21T09:01:00+08:00"
    moments = [datetime.fromisoformat(told[name]) for name in ("sent", "onset", "expires")]
    assert moments == sorted(moments)
    ring = (message.findtext(f".//{{{CAP}}}polygon") or "").split()
    lat, lon = map(float, ring[0].split(","))
    assert (22.0 < lat < 23.0, 113.5 < lon < 114.5) == (True, True)  # latitude first


def test_other_programs_read_what_is_written(tmp_path: Path) -> None:
    played = rehearsal(here())
    for name in ("a.geojson", "a.kml"):
        write_timed(played, FRAME, tmp_path / name)
        read = pyogrio.read_dataframe(tmp_path / name)
        assert read.crs.to_epsg() == 4326
        assert {"LineString", "Polygon"} <= set(read.geometry.geom_type) or name == "a.kml"
        middle = shapely.union_all(read.geometry.to_numpy()).centroid
        np.testing.assert_allclose(FRAME.from_lonlat([[middle.x, middle.y]])[0],
                                   (500_100.0, 2_500_030.0), atol=120.0)  # fmt: skip


def test_a_czml_has_what_its_readers_ask_for() -> None:
    packets = json.loads(czml_text(rehearsal(here()), FRAME))
    first, last = (
        datetime.fromisoformat(part) for part in packets[0]["clock"]["interval"].split("/")
    )
    for packet in packets[1:]:
        begin, end = (datetime.fromisoformat(part) for part in packet["availability"].split("/"))
        assert first <= begin < end
        assert last >= begin
        drawn = {"point", "polyline", "polygon"} & set(packet)
        assert len(drawn) == 1
        assert ("position" in packet) == (drawn == {"point"})
        for shape in drawn & {"polyline", "polygon"}:
            numbers = packet[shape]["positions"]["cartographicDegrees"]
            assert len(numbers) % 3 == 0
            assert len(numbers) // 3 >= (3 if shape == "polygon" else 2)
        if "epoch" in packet.get("position", {}):
            assert len(packet["position"]["cartographicDegrees"]) % 4 == 0


@settings(max_examples=40, deadline=None)
@given(plans())
def test_every_plan_can_be_written(plan: Plan) -> None:
    played = rehearsal(plan)
    hold(alert(played, FRAME, WORDS, SENT, second=10.0))
    Xml.fromstring(kml_text(played, FRAME))
    told = json.loads(geojson_text(played, FRAME))
    units = [f for f in told["features"] if f["properties"]["what"] == "unit"]
    assert len(units) == len(played.courses)
    for _, times, places in tracks(played):
        assert (np.diff(times) > 0).all()
        assert len(times) == len(places)
    assert all(stay.ends >= stay.begins for stay in stays(played))
    czml = json.loads(czml_text(played, FRAME))
    assert len({p["id"] for p in czml}) == len(czml)


def test_what_cannot_be_written_is_explained(tmp_path: Path) -> None:
    played = rehearsal(replace(here(), begins="tomorrow"))
    with pytest.raises(CityError, match="no moment") as wrong:
        write_timed(played, FRAME, tmp_path / "a.kml")
    assert wrong.value.code == "drill.begins"
    with pytest.raises(CityError) as wrong:
        write_timed(played, FRAME, tmp_path / "a.shp")
    assert wrong.value.code == "drill.ending"
    assert not list(tmp_path.iterdir())
    assert begins_of(replace(here(), begins="")).year == 2000
    for begins in ("9999-12-31T23:59:59+08:00", "0001-01-01"):
        with pytest.raises(CityError) as wrong:
            kml_text(rehearsal(replace(here(), begins=begins)), FRAME)
        assert wrong.value.code == "drill.begins"
