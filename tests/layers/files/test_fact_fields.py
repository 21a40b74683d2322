"""Fields of files say what somebody told, or what their names let one guess."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import shapely

from layers.errors import CityError
from layers.files.fact_fields import (
    FactFields,
    guess_facts,
    meanings_of,
    meant,
    read_facts,
    with_facts_of,
)
from layers.files.importing import import_file
from layers.files.options import ImportOptions
from layers.kinds.base import Features
from layers.kinds.emergency import Emergency
from layers.project import Project
from layers.shapes import Shapes


def layer(**columns: list[object]) -> Features:
    count = len(next(iter(columns.values())))
    places = Shapes.from_shapely([shapely.Point(10.0 * i, 5.0) for i in range(count)])
    return Features.of(places, pa.table(columns))


def said(made: Features, name: str = "") -> Emergency:
    return Emergency.of(made, "resources", name)


def test_fields_are_guessed_by_whole_words_and_each_says_one_thing() -> None:
    columns = ["OBJECTID", "SUBTYPE", "HYDRANT_ID", "HYDRANT_GPM", "HYDRANT_OWNER",
               "HYDRANT_LOCATION", "LIFECYCLESTATUS", "LASTEDITOR"]  # fmt: skip
    assert guess_facts(columns, "resources") == {
        "name": "HYDRANT_ID", "state": "LIFECYCLESTATUS", "capacity": "HYDRANT_GPM",
        "owner": "HYDRANT_OWNER", "place": "HYDRANT_LOCATION",
    }  # fmt: skip
    chinese = ["医院名称", "类别", "床位数", "联系人电话", "主管单位", "详细地址"]
    assert guess_facts(chinese, "resources") == {
        "sort": "类别", "name": "医院名称", "capacity": "床位数", "contact": "联系人电话",
        "owner": "主管单位", "place": "详细地址",
    }  # fmt: skip
    assert guess_facts(["OBJECTID", "GlobalID", "x"], "resources") == {}


def test_what_is_guessed_counts_without_a_word_and_is_told() -> None:
    plain = layer(HYDRANT_ID=["H1", "H2"], LIFECYCLESTATUS=["ACT", "ABN"])
    made, notes = with_facts_of(plain, None, "resources", "Hydrants")
    assert said(made, "Hydrants").name.tolist() == ["H1", "H2"]
    assert said(made, "Hydrants").state.tolist() == ["ready", "out-of-service"]
    assert made.attributes.column_names[:2] == ["HYDRANT_ID", "LIFECYCLESTATUS"]
    assert [note.key for note in notes] == ["facts_fields"]
    assert "name = HYDRANT_ID" in str(notes[0].facts["fields"])


def test_what_is_told_goes_before_names_that_would_say_it() -> None:
    plain = layer(name=["a", "b"], 标识=["站一", None], status=["ok", "ok"], beds=["12", "-"])
    told = read_facts(["name=标识", "state=", "sort:hospital", "quantity=beds", "capacity="])
    made, notes = with_facts_of(plain, told, "resources", "x")
    found = said(made)
    assert found.name.tolist() == ["站一", ""]
    assert found.state.tolist() == ["unknown", "unknown"]
    assert found.sort.tolist() == ["hospital", "hospital"]
    np.testing.assert_array_equal(found.quantity, [12.0, np.nan])
    np.testing.assert_array_equal(found.capacity, [np.nan, np.nan])
    assert made.attributes.column("name (file)").to_pylist() == ["a", "b"]
    assert "facts_renamed" in [note.key for note in notes]


def test_words_of_the_file_mean_sorts_and_states() -> None:
    plain = layer(type=["FD", "H", "?"], status=["1", "0", None], name=["a", "b", "c"])
    told = read_facts([], ["FD=fire-station", "H=hydrant", "1=ready", "0=out-of-service"])
    made, notes = with_facts_of(plain, told, "resources", "x")
    assert said(made).sort.tolist() == ["fire-station", "hydrant", "other"]
    assert said(made).state.tolist() == ["ready", "out-of-service", "unknown"]
    unknown = next(note for note in notes if note.key == "facts_unknown_sort")
    assert unknown.facts == {"count": 1, "words": "?"}
    assert made.attributes.column("type (file)").to_pylist() == ["FD", "H", "?"] or (
        made.attributes.column("type").to_pylist() == ["FD", "H", "?"]
    )


def test_a_file_of_plain_fields_stays_as_it_is() -> None:
    plain = layer(sort=["hydrant"], name=["a"], state=["ready"])
    made, _ = with_facts_of(plain, None, "resources", "x")
    assert made.attributes.equals(plain.attributes)
    shown = dict.fromkeys(meanings_of("resources"), "")
    shown |= guess_facts(plain.attributes.column_names, "resources")
    made, _ = with_facts_of(plain, FactFields(shown), "resources", "x")
    assert made.attributes.equals(plain.attributes)


@pytest.mark.parametrize(
    ("fields", "words", "code"),
    [
        (["colour=x"], [], "facts.meaning"),
        (["name"], [], "facts.text"),
        ([], ["ACT"], "facts.text"),
        ([], ["ACT=sleeping"], "facts.word"),
        (["sort:castle"], [], "facts.word"),
        (["name=nobody"], [], "facts.field"),
    ],
)
def test_what_cannot_be_told_is_refused(fields: list[str], words: list[str], code: str) -> None:
    with pytest.raises(CityError) as caught:
        with_facts_of(layer(name=["a"]), read_facts(fields, words), "resources", "x")
    assert caught.value.code == code


def test_words_are_shown_with_what_they_are_taken_for() -> None:
    assert meant(["诊所", "FD"], "sort", "resources") == {"诊所": "hospital", "FD": "other"}


@pytest.mark.shared
def test_medical_places_of_shanghai_come_with_names_sorts_and_addresses(shared_data: Path) -> None:
    path = shared_data / "cn-gbk-districts-poi/data-sample/上海poi/shanghai_hospital.csv"
    got = import_file(Project(), path, ImportOptions(kind="resources", crs="EPSG:4326"))
    found = Emergency.of(got.layers[0].features, "resources", got.layers[0].name)
    assert len(found) > 5000
    assert (found.name != "").mean() > 0.99
    assert (found.place != "").mean() > 0.9
    assert (found.sort == "hospital").mean() > 0.5


@pytest.mark.shared
def test_hydrants_of_cambridge_have_names_and_states(shared_data: Path) -> None:
    path = shared_data / "us-cambridge-gis/Infra/Hydrants/INFRA_Hydrants.geojson"
    told = read_facts(["unit:gpm"], ["MITFL=ready"])
    got = import_file(Project(), path, ImportOptions(kind="resources", facts=told))
    found = Emergency.of(got.layers[0].features, "resources", got.layers[0].name)
    assert set(found.sort) == {"hydrant"}
    assert set(found.unit) == {"gpm"}
    assert (found.state == "out-of-service").sum() == 4
    assert (found.state == "ready").sum() == len(found) - 4
