from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
from shapely import Point

from layers.files.raw import Note, RawLayer, as_objects
from layers.files.themes import of_theme, together


def raw_of(columns: dict[str, list[Any]], **more: Any) -> RawLayer:
    n = len(next(iter(columns.values())))
    return RawLayer(
        path=Path("a.osm.pbf"), name="a", geometry=as_objects([Point(i, 0) for i in range(n)]),
        attributes=pa.table(columns), crs="EPSG:4326", encoding=None,
        ids=as_objects([f"way/{i}" for i in range(n)]), **more,
    )  # fmt: skip


def test_an_extract_is_sifted_by_its_tags() -> None:
    raw = raw_of({
        "osm_id": ["1", "2", "3", "4"],
        "building": ["yes", None, "no", None],
        "building:part": [None, "yes", None, None],
        "natural": [None, None, "water", "wood"],
    })  # fmt: skip
    assert of_theme(raw, "buildings").tolist() == [True, True, False, False]
    assert of_theme(raw, "water").tolist() == [False, False, True, False]
    assert of_theme(raw, "greenery").tolist() == [False, False, False, True]
    assert of_theme(raw, "features").all()


def test_a_planners_own_table_is_never_sifted() -> None:
    raw = raw_of({"building": ["A1", None], "name": ["x", "y"]})
    assert of_theme(raw, "buildings").all()
    assert of_theme(raw_of({"kind": ["house", "shed"]}), "buildings").all()


def test_tiles_tell_buildings_by_their_kind() -> None:
    raw = raw_of({"kind": ["building", "building_part", "address", None]})
    assert of_theme(raw, "buildings").tolist() == [True, True, False, False]
    assert of_theme(raw, "places").all()


def test_layers_of_one_file_are_put_together() -> None:
    first = raw_of({"osm_id": ["1"], "natural": ["water"]}, notes=(Note("x"),))
    second = raw_of({"osm_id": ["2", "3"], "waterway": ["river", None]}, repaired={"y": ["way/1"]})
    whole = together([first, second], "water")
    assert (whole.name, len(whole)) == ("water", 3)
    assert whole.attributes.column_names == ["osm_id", "natural", "waterway"]
    assert whole.attributes.column("natural").to_pylist() == ["water", None, None]
    assert whole.notes == first.notes
    assert whole.repaired == {"y": ["way/1"]}
    assert together([first], "w").name == "w"
