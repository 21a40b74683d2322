"""Resources and hazard sources say what their files say, and no more."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import shapely

from layers.files.importing import import_file
from layers.files.options import ImportOptions
from layers.kinds.base import Features
from layers.kinds.emergency import HAZARD_SORTS, RESOURCE_SORTS, Emergency, sort_of, state_of
from layers.project import Project
from layers.shapes import Shapes


def layer(**columns: list[object]) -> Features:
    count = len(next(iter(columns.values())))
    places = Shapes.from_shapely([shapely.Point(10.0 * i, 5.0) for i in range(count)])
    return Features.of(places, pa.table(columns))


def test_chinese_fields_are_read_by_what_they_mean() -> None:
    said = Emergency.of(layer(
        资源类型=["消防救援站", "医院", "别的"], 名称=["一号站", "市立医院", "仓库"],
        状态=["待命", "维修中", None], 床位=[None, 300, None], 电话=["119", None, None],
    ))  # fmt: skip
    assert said.sort.tolist() == ["fire-station", "hospital", "depot"]
    assert said.state.tolist() == ["ready", "out-of-service", "unknown"]
    np.testing.assert_array_equal(said.capacity, [np.nan, 300.0, np.nan])
    assert said.contact.tolist() == ["119", "", ""]
    np.testing.assert_array_equal(said.coords[:, 0], [0.0, 10.0, 20.0])


def test_the_name_of_the_layer_tells_the_sort_where_no_field_does() -> None:
    said = Emergency.of(layer(id=[1, 2]), "resources", "INFRA_Hydrants")
    assert said.sort.tolist() == ["hydrant", "hydrant"]
    assert Emergency.of(layer(id=[1]), "hazards", "加油站").sort.tolist() == ["gas-station"]
    assert Emergency.of(layer(id=[1])).sort.tolist() == ["other"]


def test_every_sort_is_known_by_its_own_key() -> None:
    for table in (RESOURCE_SORTS, HAZARD_SORTS):
        for sort in table:
            assert sort_of(sort.key, table) == sort.key


def test_unknown_words_are_no_state() -> None:
    assert state_of("maybe") == "unknown"
    assert state_of("READY") == "ready"


@pytest.mark.shared
def test_hydrants_and_stations_of_cambridge_come_as_resources(shared_data: Path) -> None:
    city = shared_data / "us-cambridge-gis"
    for path, sort, least in (
        (city / "Infra/Hydrants/INFRA_Hydrants.geojson", "hydrant", 1000),
        (city / "Public_Safety/Fire_Stations/PUBLICSAFETY_FireStations.geojson", "fire-station", 5),
        (city / "Public_Safety/Emergency_Shelters/PUBLICSAFETY_EmergencyShelters.geojson",
         "shelter", 1),
    ):  # fmt: skip
        result = import_file(Project(), path, ImportOptions(kind="resources"))
        (made,) = result.layers
        assert isinstance(made.data, Features)
        said = Emergency.of(made.data, "resources", made.name)
        assert (said.sort == sort).mean() > 0.9
        assert len(said) >= least
