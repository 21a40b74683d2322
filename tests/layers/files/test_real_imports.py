"""The real data sets, as planners have them, each with what it is known to hold."""

from __future__ import annotations

import tarfile
from pathlib import Path

import numpy as np
import pytest
import shapely

from layers.errors import CityError
from layers.files.importing import import_file
from layers.files.options import ImportOptions
from layers.files.report import LayerReport
from layers.kinds.base import Layer
from layers.kinds.buildings import Buildings
from layers.kinds.pipes import Pipes
from layers.project import Project

pytestmark = pytest.mark.shared
OSM = "li-liechtenstein-osm-dem/baremaps-testing/src/main/resources/liechtenstein"


def imported(path: Path, **options: object) -> list[tuple[Layer, LayerReport]]:
    found = import_file(Project(), path, ImportOptions(**options))  # type: ignore[arg-type]  # any
    for report in found.reports:
        assert report.read == report.kept + sum(report.skipped.values())
    return list(zip(found.layers, found.reports, strict=True))


def one(path: Path, **options: object) -> tuple[Layer, LayerReport]:
    ((layer, report),) = imported(path, **options)
    return layer, report


def buildings(layer: Layer) -> Buildings:
    assert isinstance(layer.data, Buildings)
    return layer.data


def test_the_bund_keeps_every_building_and_repairs_eight(shared_data: Path) -> None:
    layer, report = one(shared_data / "cn-shanghai-bund/shanghaiwaitan.json")
    data = buildings(layer)
    assert (report.read, report.kept, report.skipped) == (10_613, 10_613, {})
    assert report.repaired == {"nested_polygon": 8}
    assert report.height_rule == "Floor x 3 m"
    assert (data.height.min(), data.height.max()) == (3.0, 354.0)
    assert data.shapes.areas().min() < 0.6  # the sliver stays
    assert report.height_defaulted == 0


@pytest.mark.parametrize(
    ("name", "kind", "encoding", "kept"),
    [
        ("外滩街道边界", "districts", "GBK", 1), ("上海主城区地铁", "rail", "GBK", 203),
        ("黄浦区-水域", "water", "UTF-8", 46), ("黄浦区_绿地", "greenery", "UTF-8", 300),
        ("subway", "rail", "UTF-8", 1),
    ],
)  # fmt: skip
def test_the_flat_layers_of_the_bund_are_read_in_their_encodings(
    shared_data: Path, name: str, kind: str, encoding: str, kept: int
) -> None:
    layer, report = one(shared_data / f"cn-shanghai-bund/{name}.json")
    assert (layer.kind, report.encoding, report.kept, report.skipped) == (kind, encoding, kept, {})


@pytest.fixture(scope="module")
def some_tiles(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forty tiles of lower Manhattan, neighbours among them."""
    folder = tmp_path_factory.mktemp("ny")
    with tarfile.open(shared_data / "us-newyork-mapzen-tiles/ny-tiles.tar.gz") as archive:
        for member in archive:
            stem = Path(member.name).stem
            if member.isfile() and stem.isdigit() and 90 <= int(stem) < 130:
                archive.extract(member, folder, filter="data")
    return folder


def test_one_tile_of_new_york_leaves_out_its_points(some_tiles: Path) -> None:
    tile = next(some_tiles.rglob("106.json"))
    layer, report = one(tile, kind="buildings")
    assert set(report.skipped) <= {"not_a_polygon", "duplicate", "sliver"}
    assert report.skipped["not_a_polygon"] > 0
    assert len(buildings(layer)) == report.objects > 0


def test_tiles_of_new_york_come_as_one_layer_without_doubles(some_tiles: Path) -> None:
    layer, report = one(next(some_tiles.rglob("106.json")).parent, kind="buildings")
    data = buildings(layer)
    assert report.skipped["duplicate"] > 0
    assert report.repaired["joined_at_tile_edge"] > 0
    shown = data.drawn
    shapes = data.shapes.to_shapely()
    parent = data.part_of > 0
    assert parent.sum() > 100
    assert (data.min_height[parent] > 0).any()
    at = np.searchsorted(data.ids, data.part_of[parent & shown])
    both = shown[at]
    shared = shapely.area(shapely.intersection(shapes[parent & shown][both], shapes[at[both]]))
    low = np.maximum(data.min_height[parent & shown][both], data.min_height[at[both]])
    high = np.minimum(data.height[parent & shown][both], data.height[at[both]])
    twice = (shared * np.clip(high - low, 0, None)).sum()
    built = ((data.height - data.min_height) * data.shapes.areas())[shown].sum()
    assert twice < 1e-4 * built  # a part is not drawn inside its own building
    kinds = np.array(data.column("kind").to_pylist())
    ids = np.array(data.column("id").to_pylist())
    whole = (kinds == "building") & ~parent
    _, counts = np.unique(ids[whole], return_counts=True)
    assert (counts > 1).sum() <= 10  # only buildings whose pieces do not touch


def test_liechtenstein_has_its_buildings_ways_and_trees(shared_data: Path) -> None:
    path = shared_data / OSM / "liechtenstein.osm.pbf"
    found = {layer.kind: report for layer, report in imported(path)}
    assert found["buildings"].kept == 14_007 + 57  # 57 of them parts
    assert found["buildings"].height_defaulted > 13_000
    assert found["roads"].kept == 6_703
    assert found["trees"].kept > 10_000
    assert {"water", "greenery", "rail"} < set(found)


def test_delft_comes_with_surfaces_and_from_its_footprints(shared_data: Path) -> None:
    folder = shared_data / "nl-delft-3dfier"
    layer, report = one(folder / "output/testarea.json", kind="buildings", layer="Building")
    data = buildings(layer)
    assert (report.kept, report.height_defaulted, report.crs) == (160, 0, "EPSG:28992")
    assert data.surfaces is not None
    assert set(data.surfaces.owner.tolist()) == set(data.ids.tolist())
    assert np.isfinite(data.base).all()
    layer, report = one(folder / "bgt/bgt_pand.sqlite", kind="buildings")
    assert (report.read, report.kept) == (160, 160)
    with pytest.raises(CityError, match="no features"):
        one(folder / "bgt/bgt_tunneldeel.sqlite")


def test_the_block_in_chongqing_has_no_heights_to_tell(shared_data: Path) -> None:
    _, report = one(shared_data / "cn-gisclub-buildings/data/building.shp")
    assert (report.kind, report.kept, report.height_rule) == ("buildings", 54, "default 9 m")
    assert report.height_defaulted == 54


def test_districts_and_medical_places_in_gbk(shared_data: Path) -> None:
    folder = shared_data / "cn-gbk-districts-poi"
    for city, count, first in (("chongqing", 38, "忠县"), ("shanghai", 17, "黄浦区")):
        layer, report = one(folder / f"shapefile/{city}_shp/区县界_area.shp")
        assert (layer.kind, report.kept, report.encoding) == ("districts", count, "GBK")
        assert first in layer.features.attributes.column("NAME").to_pylist()
    layer, report = one(folder / "data-sample/上海poi/shanghai_hospital.csv")
    assert (layer.kind, report.kept) == ("places", 7_513)
    with pytest.raises(CityError) as caught:
        one(folder / "shapefile/sz.shp")
    assert (caught.value.code, caught.value.facts["proposal"]) == ("import.no_crs", "EPSG:4326")
    assert one(folder / "shapefile/sz.shp", crs="EPSG:4326")[1].kept == 10


def test_zoning_in_taiwan_keeps_its_own_system(shared_data: Path) -> None:
    for name, count in (("G0104", 308), ("F0201", 155)):
        path = shared_data / f"tw-landuse-zoning/{name}.json"
        found = import_file(Project(), path)
        assert (found.frame.crs, found.reports[0].crs) == ("EPSG:3826", "EPSG:3826")
        assert (found.reports[0].kind, found.reports[0].kept) == ("districts", count)


@pytest.mark.parametrize(
    ("name", "kind", "kept"),
    [
        ("Infra/Hydrants/INFRA_Hydrants", "places", 1960),
        ("Infra/Street_Lights/INFRA_StreetLights", "places", 6117),
        ("Trans/Street_Centerlines/TRANS_Centerlines", "roads", 2643),
        ("CDD/Zoning_Districts/CDD_ZoningDistricts", "districts", 261),
        ("Public_Safety/Fire_Stations/PUBLICSAFETY_FireStations", "places", 8),
        ("Public_Safety/Emergency_Shelters/PUBLICSAFETY_EmergencyShelters", "places", 15),
        ("Hydro/FEMA_Floodplains_100_Year/FEMA_FloodPlains100Year", "water", 21),
    ],
)
def test_cambridge_keeps_points_lines_and_polygons(
    shared_data: Path, name: str, kind: str, kept: int
) -> None:
    layer, report = one(shared_data / f"us-cambridge-gis/{name}.geojson")
    assert (layer.kind, report.read, report.kept) == (kind, kept, kept)


def test_pipes_in_feet_come_in_metres(shared_data: Path) -> None:
    found = import_file(Project(), shared_data / "us-kentucky-ky4-wntr/ky4_pipes.geojson")
    assert (found.frame.crs, found.reports[0].crs) == ("EPSG:32616", "EPSG:3547")
    pipes = found.layers[0].data
    assert isinstance(pipes, Pipes)
    lengths, told = pipes.shapes.lengths()[pipes.runs], pipes.numbers("length")[pipes.runs]
    assert np.median(lengths / told) == pytest.approx(1.0, abs=0.02)
