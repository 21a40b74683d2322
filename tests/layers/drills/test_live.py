"""Live positions: read from what others write, the newest kept, the old ones told."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.drills.live import Board, Reading, Sighting, joined, match_of, matches, symbol_for
from layers.drills.live_reading import Reader
from layers.drills.live_sources import FollowedFile, MqttTopic, source_of
from layers.drills.resource_edits import take_over
from layers.errors import CityError
from layers.files.raw import Note
from layers.frame import Frame
from layers.kinds.base import Features, Layer
from layers.kinds.emergency import Emergency
from layers.project import Project
from layers.shapes import Shapes
from tests.layers.drills.broker import Broker

EAST, NORTH, NOW = 500_000.0, 3_380_000.0, 1_780_000_000.0


def town() -> Project:
    """Two engines and two hydrants of the same name."""
    project = Project(Frame("EPSG:4547", (EAST, NORTH)))
    table = pa.table(
        {
            "name": ["Engine 1", "Engine 2", "Hydrant", "Hydrant"],
            "type": ["engine", "engine", "hydrant", "hydrant"],
            "code": ["E1", "E2", "H1", "H2"],
            "status": ["available", "available", "", ""],
        }
    )
    places = [shapely.Point(EAST + 10 * i, NORTH) for i in range(4)]
    data = Features.of(Shapes.from_shapely(places), table)
    project.insert_layer(Layer("resources", "Fleet", data, layer_id="fleet"))
    return project


def reader(project: Project | None = None) -> Reader:
    return Reader(project or town(), NOW)


def lonlat(east: float, north: float) -> tuple[float, float]:
    frame = town().need_frame()
    lon, lat = frame.lonlat([[east, north]])[0]
    return float(lon), float(lat)


def keys(reading: Reading) -> list[str]:
    return [note.key for note in reading.notes]


def test_a_table_in_degrees_lies_in_the_project() -> None:
    lon, lat = lonlat(EAST + 100, NORTH + 50)
    text = f"编号,经度,纬度,状态,时间,速度\nE1,{lon:.8f},{lat:.8f},出动,{NOW - 5},36\n"
    [one] = reader().table(text).sightings
    assert (one.key, one.state, one.moment, one.speed_kmh) == ("E1", "committed", NOW - 5, 36.0)
    assert math.hypot(one.east - EAST - 100, one.north - NORTH - 50) < 0.01


def test_what_cannot_be_used_is_counted_with_its_first_line() -> None:
    text = (
        f"id,east,north,time\nA,{EAST},{NORTH},{NOW}\nB,,,{NOW}\n,{EAST},{NORTH},{NOW}\n"
        f"C,{EAST},{NORTH},yesterday\nD,{EAST}\nE,{EAST + 1e6},{NORTH},{NOW}\n"
        f"F,{EAST},{NORTH},{NOW + 4000}\n"
    )
    reading = reader().table(text)
    assert [one.key for one in reading.sightings] == ["A", "F"]
    assert reading.sightings[1].moment == NOW  # its clock is not believed
    told = {note.key: note.facts["line"] for note in reading.notes}
    assert told == {
        "live_short_row": 6, "live_no_place": 3, "live_no_key": 4, "live_no_time": 5,
        "live_far_away": 7, "live_clock_ahead": 8,
    }  # fmt: skip


def test_a_receiver_without_satellites_is_not_in_the_gulf_of_guinea() -> None:
    assert keys(reader().table("id,lon,lat\nA,0,0\n")) == ["live_no_fix"]


def test_a_table_without_places_says_which_columns_there_are() -> None:
    with pytest.raises(CityError) as told:
        reader().table("id,speed\nA,3\n")
    assert told.value.code == "live.no_places"
    assert told.value.facts["columns"] == "id, speed"


def test_geojson_and_plain_messages_say_the_same() -> None:
    lon, lat = lonlat(EAST, NORTH)
    feature = {
        "type": "Feature", "geometry": {"type": "Point", "coordinates": [lon, lat]},
        "properties": {"id": "E1", "status": "busy", "timestamp": "2026-05-28T20:26:40Z"},
    }  # fmt: skip
    plain = {"id": "E1", "lat": lat, "lon": lon, "state": "busy", "tst": 1_780_000_000}
    whole = {"type": "FeatureCollection", "features": [feature]}
    for raw in (feature, plain, whole, [plain]):
        [one] = reader().any(json.dumps(raw)).sightings
        assert (one.key, one.state, one.moment) == ("E1", "committed", NOW)
    lines = "\n".join(json.dumps(raw) for raw in (plain, feature)) + '\n{"id": "E2", "la'
    reading = reader().any(lines)
    assert len(reading.sightings) == 2
    assert keys(reading) == ["live_bad_line"]


def test_a_message_without_a_sender_takes_the_end_of_its_topic() -> None:
    text = json.dumps({"east": EAST, "north": NORTH})
    [one] = reader().any(text, "fleet/E2").sightings
    assert (one.key, one.east, one.moment) == ("E2", EAST, NOW)


def event(uid: str, more: str = "", kind: str = "a-f-G-E-V") -> str:
    lon, lat = lonlat(EAST + 7, NORTH)
    return (
        f'<event version="2.0" uid="{uid}" type="{kind}" time="2026-05-28T20:26:00Z" '
        f'start="2026-05-28T20:26:00Z" stale="2026-05-28T20:27:00Z"><point lat="{lat}" '
        f'lon="{lon}" hae="9999999.0" ce="5" le="5"/><detail>{more}</detail></event>'
    )


def test_cursor_on_target_is_read_event_by_event() -> None:
    more = '<contact callsign="Engine 1"/><track course="90" speed="10"/>'
    text = '<?xml version="1.0"?>' + event("u1", more) + '<event uid="x"><point' + event("u2")
    reading = reader().any(text + event("u3", kind="t-x-c-t"))
    first, second = reading.sightings
    assert (first.key, first.name, first.sort, first.course_deg) == (
        "u1", "Engine 1", "vehicle", 90.0,
    )  # fmt: skip
    assert first.speed_kmh == pytest.approx(36.0)
    assert math.isnan(first.height)
    assert first.stale_from == NOW + 20.0
    assert second.key == "u2"
    assert keys(reading) == ["live_bad_xml"]


def test_entities_are_not_read() -> None:
    assert keys(reader().any('<!DOCTYPE x [<!ENTITY a "b">]><event/>')) == ["live_bad_xml"]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_no_text_makes_it_crash(text: str) -> None:
    reading = reader().any(text)
    assert not reading.sightings or '"' in text
    assert not reader().table("id,lon,lat\n\n" + text.replace('"', "")).notes or text.strip()


def test_late_reports_change_nothing_and_old_ones_are_told() -> None:
    board = Board(60.0)
    assert board.take([Sighting("A", 1.0, 1.0, NOW), Sighting("B", 2.0, 2.0, NOW - 90)]) == 2
    assert board.take([Sighting("A", 9.0, 9.0, NOW - 30)]) == 0
    first, second = board.seen(NOW + 10)
    assert (first.sighting.east, first.age_s, first.stale) == (1.0, 10.0, False)
    assert (second.age_s, second.stale) == (100.0, True)
    board.take([Sighting("C", 0.0, 0.0, NOW, stale_from=NOW + 5)])
    assert board.seen(NOW + 6)[2].stale  # it said so itself


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("AB"), st.integers(0, 50)), max_size=20), st.randoms())
def test_the_order_of_reports_does_not_matter(reports: list[tuple[str, int]], dice: object) -> None:
    sightings = [Sighting(key, float(at), 0.0, float(at)) for key, at in reports]
    mixed = sightings.copy()
    dice.shuffle(mixed)  # type: ignore[attr-defined]  # hypothesis gives a Random
    boards = Board(), Board()
    for board, own in zip(boards, (sightings, mixed), strict=True):
        board.take(own)
    assert boards[0].seen(100.0) == boards[1].seen(100.0)


def test_notes_of_one_sort_are_added_up() -> None:
    notes = [Note("live_no_fix", {"count": 2, "line": 3}), Note("live_no_fix", {"count": 1})]
    [one] = joined(notes)
    assert (one.key, one.facts) == ("live_no_fix", {"count": 3, "line": 3})


def test_resources_are_found_by_code_or_name_unless_two_have_it() -> None:
    found = matches(town(), ["e1", "Engine 2", "Hydrant", "nobody"])
    assert {key: match.object_id for key, match in found.items()} == {"e1": 1, "Engine 2": 2}
    one = Sighting("x", 0.0, 0.0, 0.0, "Engine 2")
    match = match_of(one, found)
    assert match is not None
    assert symbol_for(one, match).key == "vehicle"


def test_resources_are_put_where_they_were_seen_as_one_step() -> None:
    project = town()
    board = Board(60.0)
    board.take([
        Sighting("E1", EAST + 500, NORTH + 5, NOW, state="committed"),
        Sighting("E2", EAST + 600, NORTH, NOW - 500),
    ])  # fmt: skip
    command, count = take_over(project, board.seen(NOW))
    assert command is not None
    command.do(project)
    layer = project.layer("fleet")
    assert isinstance(layer.data, Features)
    said = Emergency.of(layer.data, "resources")
    assert count == 1
    assert said.coords[:2].tolist() == [[EAST + 500, NORTH + 5], [EAST + 10, NORTH]]
    assert said.state.tolist()[:2] == ["committed", "ready"]
    command.undo(project)
    back = project.layer("fleet").data
    assert isinstance(back, Features)
    assert Emergency.of(back, "resources").coords[0, 0] == EAST


# Sources -------------------------------------------------------------------------------------


def test_of_a_growing_table_only_whole_new_rows_are_read(tmp_path: Path) -> None:
    path, project = tmp_path / "p.csv", town()
    path.write_text(f"id,east,north,time\nA,{EAST},{NORTH},{NOW}\nB,{EAST}", encoding="utf-8")
    source = FollowedFile(path)
    source.begin()

    def look() -> list[str]:
        reading = source.poll(project, NOW)
        return [] if reading is None else [one.key for one in reading.sightings]

    assert look() == ["A"]
    assert look() == []
    with path.open("a", encoding="utf-8") as file:
        file.write(f",{NORTH},{NOW}\nC,{EAST}\n")
    reading = source.poll(project, NOW)
    assert reading is not None
    assert [one.key for one in reading.sightings] == ["B"]
    assert reading.notes[0].facts["line"] == 4
    path.write_text(f"id,east,north,time\nD,{EAST},{NORTH},{NOW}\n", encoding="utf-8")
    assert look() == ["D"]  # written anew, and shorter


def test_a_file_that_is_being_written_is_read_when_it_is_whole(tmp_path: Path) -> None:
    path, project = tmp_path / "p.geojson", town()
    lon, lat = lonlat(EAST, NORTH)
    text = json.dumps({"id": "A", "lon": lon, "lat": lat})
    path.write_text(text[:20], encoding="utf-8")
    source = FollowedFile(path)
    half = source.poll(project, NOW)
    assert half is not None
    assert keys(half) == ["live_not_whole"]
    path.write_text(text, encoding="utf-8")
    whole = source.poll(project, NOW)
    assert whole is not None
    assert len(whole.sightings) == 1


def test_chinese_encodings_are_read(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_bytes(f"名称,x,y\n消防车1,{EAST},{NORTH}\n".encode("gb18030"))
    reading = FollowedFile(path).poll(town(), NOW)
    assert reading is not None
    assert reading.sightings[0].key == "消防车1"


def test_a_file_that_goes_away_is_told_and_found_again(tmp_path: Path) -> None:
    source = FollowedFile(tmp_path / "gone.csv")
    with pytest.raises(CityError) as told:
        source.begin()
    assert told.value.code == "live.no_file"
    (tmp_path / "gone.csv").write_text(f"id,x,y\nA,{EAST},{NORTH}\n", encoding="utf-8")
    assert source.poll(town(), NOW) is not None


def until(found: Callable[[], object]) -> None:
    ends = time.monotonic() + 10.0
    while not found() and time.monotonic() < ends:
        pass


def test_messages_of_a_broker_become_positions() -> None:
    message = json.dumps({"east": EAST, "north": NORTH, "time": NOW, "state": "ready"}).encode()
    broker = Broker([("fleet/E1/position", b"rubbish"), ("fleet/E2", message)])
    source = MqttTopic("127.0.0.1", "fleet/#", broker.port)
    try:
        source.begin()
        seen: list[Reading] = []

        def poll() -> bool:
            reading = source.poll(town(), NOW)
            seen.extend([reading] if reading is not None else [])
            return any(one.sightings for one in seen)

        until(poll)
        assert broker.topics == ["fleet/#"]
        assert [one.key for reading in seen for one in reading.sightings] == ["E2"]
        assert "live_not_whole" in [note.key for reading in seen for note in reading.notes]
    finally:
        source.end()
        broker.close()


def test_a_broker_that_hangs_up_is_told() -> None:
    broker = Broker(hangs_up=True)
    source = MqttTopic("127.0.0.1", "a", broker.port)
    source.begin()
    codes: list[str] = []

    def poll() -> bool:
        try:
            source.poll(town(), NOW)
        except CityError as error:
            codes.append(error.code)
        return bool(codes)

    until(poll)
    broker.close()
    assert codes == ["live.lost"]


def test_a_broker_that_refuses_or_is_not_there_is_told() -> None:
    broker = Broker(answer=5)
    with pytest.raises(CityError) as refused:
        MqttTopic("127.0.0.1", "a", broker.port).begin()
    broker.close()
    assert refused.value.code == "live.refused"
    with pytest.raises(CityError) as gone:
        MqttTopic("127.0.0.1", "a", broker.port).begin()
    assert gone.value.code == "live.no_broker"


def test_sources_are_named_by_one_text() -> None:
    assert source_of("a.csv") == FollowedFile(Path("a.csv"))
    topic = source_of("mqtts://broker:9000", topic="x")
    assert isinstance(topic, MqttTopic)
    assert (topic.host, topic.port, topic.secure) == ("broker", 9000, True)
    for text in ("", "broker:99999"):
        with pytest.raises(CityError) as told:
            source_of(text, topic="x" if text else "")
        assert told.value.code == "live.no_source"


@pytest.mark.parametrize("dirt", ["\r", "\0", '"', "\r\n\r\n", "\n\n"])
def test_dirt_between_rows_spoils_no_row_before_it(dirt: str) -> None:
    rows = f"id,east,north,time\nA,{EAST},{NORTH},{NOW}\n{dirt}\nB,{EAST},{NORTH},{NOW}\n"
    assert reader().table(rows).sightings[0].key == "A"
