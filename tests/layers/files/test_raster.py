from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from affine import Affine
from rasterio.warp import transform

from layers.errors import Cancelled, CityError
from layers.files import fine_heights, raster
from layers.files.options import ImportOptions
from layers.files.raster import is_raster, read_raster, read_terrain
from layers.files.raw import Note
from layers.frame import CityGrid, Frame
from layers.kinds.imagery import Imagery
from layers.kinds.terrain import Terrain

ZONE = "EPSG:4547"
FRAME = Frame(ZONE, (500_000.0, 3_380_000.0))
NORTH_UP = Affine(2.0, 0.0, 500_000.0, 0.0, -2.0, 3_380_100.0)


def written(
    path: Path, values: Any, *, crs: str | None = ZONE, place: Affine = NORTH_UP, **more: Any
) -> Path:
    array = np.asarray(values)
    array = array[None] if array.ndim == 2 else array
    profile = {
        "driver": "GTiff", "count": len(array), "height": array.shape[1], "width": array.shape[2],
        "dtype": array.dtype, "crs": crs, "transform": place, **more,
    }  # fmt: skip
    with rasterio.open(path, "w", **profile) as file:
        file.write(array)
    return path


def slope(rows: int = 50, columns: int = 40) -> Any:
    r, c = np.mgrid[:rows, :columns]
    return (30 + 0.5 * c + 0.25 * r).astype(np.float32)


def keys(notes: tuple[Note, ...]) -> list[str]:
    return [note.key for note in notes]


def test_a_raster_in_the_projects_system_keeps_its_cells_exactly(tmp_path: Path) -> None:
    path = written(tmp_path / "dem.tif", slope())
    terrain, frame, report = read_terrain(path, FRAME)
    assert frame is FRAME
    np.testing.assert_array_equal(terrain.heights, slope())
    assert (terrain.west, terrain.north) == (500_001.0, 3_380_099.0)
    assert (terrain.step_east, terrain.step_north) == (2.0, 2.0)
    assert (report.read, report.kept, report.objects) == (1, 1, 1)
    assert keys(report.messages) == ["terrain_size"]


def test_heights_at_cell_centres_are_those_that_rasterio_samples(tmp_path: Path) -> None:
    path = written(tmp_path / "dem.tif", slope())
    terrain, _, _ = read_terrain(path, FRAME)
    places = [(500_001.0, 3_380_099.0), (500_041.0, 3_380_033.0), (500_079.0, 3_380_001.0)]
    with rasterio.open(path) as file:
        sampled = [float(value[0]) for value in file.sample(places)]
    np.testing.assert_allclose(terrain.height_at(places), sampled, atol=1e-4)


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:3857", "EPSG:32650"])
def test_a_raster_in_another_system_says_the_same_of_a_place(tmp_path: Path, crs: str) -> None:
    lon, lat = 114.02, 30.55
    (east,), (north,) = transform("EPSG:4326", crs, [lon], [lat])
    step = 0.0001 if crs == "EPSG:4326" else 10.0
    r, c = np.mgrid[:80, :80]
    values = (100 + 0.3 * c + 0.2 * r).astype(np.float32)
    place = Affine(step, 0, east - 40 * step, 0, -step, north + 40 * step)
    path = written(tmp_path / "dem.tif", values, crs=crs, place=place)
    terrain, frame, _ = read_terrain(path, None)
    assert frame.crs == ("EPSG:32650" if crs == "EPSG:32650" else ZONE)
    for column, row in ((30, 30), (40, 40), (55, 20)):
        x, y = place @ (column + 0.5, row + 0.5)
        (e,), (n,) = transform(crs, frame.crs, [x], [y])
        assert terrain.height_at([[e, n]])[0] == pytest.approx(values[row, column], abs=0.08)


def test_what_the_file_calls_unknown_is_unknown(tmp_path: Path) -> None:
    values = slope()
    values[3, 4] = -32768
    values[:, -1] = -32768
    path = written(tmp_path / "dem.tif", values.astype(np.int16), nodata=-32768)
    terrain, _, report = read_terrain(path, FRAME)
    assert terrain.heights.shape == (50, 39)  # the empty column at the edge is cut off
    assert np.isnan(terrain.heights[3, 4])
    assert np.isfinite(terrain.heights).sum() == 50 * 39 - 1
    assert "heights_absurd" not in keys(report.messages)


@pytest.mark.parametrize("value", [-9999.0, -32768.0, -999999.0, 3.4e38, np.inf, np.nan])
def test_absurd_values_are_unknown_although_the_file_is_silent(
    tmp_path: Path, value: float
) -> None:
    values = slope()
    values[10:12, 5] = value
    terrain, _, report = read_terrain(written(tmp_path / "dem.tif", values), FRAME)
    assert np.isnan(terrain.heights[10:12, 5]).all()
    assert np.nanmin(terrain.heights) >= 30
    told = [note.facts["count"] for note in report.messages if note.key == "heights_absurd"]
    assert told == ([] if math.isnan(value) else [2])


def test_zero_is_unknown_where_declared_or_clearly_a_collar(tmp_path: Path) -> None:
    values = slope()
    values[:5] = 0
    declared, _, _ = read_terrain(written(tmp_path / "a.tif", values, nodata=0), FRAME)
    assert np.nanmin(declared.heights) > 0
    silent, _, report = read_terrain(written(tmp_path / "b.tif", values), FRAME)
    assert np.nanmin(silent.heights) > 0
    assert "zero_collar" in keys(report.messages)
    coast = values - 30  # runs down to the sea: zero is a height
    shore, _, report = read_terrain(written(tmp_path / "c.tif", np.maximum(coast, 0)), FRAME)
    assert (shore.heights == 0).any()
    assert "zero_collar" not in keys(report.messages)


def test_a_value_for_unknown_can_be_named(tmp_path: Path) -> None:
    values = slope()
    values[2, 2] = 1234
    path = written(tmp_path / "dem.tif", values)
    terrain, _, _ = read_terrain(path, FRAME, ImportOptions(nodata=1234))
    assert np.isnan(terrain.heights[2, 2])


def test_feet_are_converted_where_asked_or_declared(tmp_path: Path) -> None:
    path = written(tmp_path / "dem.tif", slope())
    terrain, _, report = read_terrain(path, FRAME, ImportOptions(height_unit="ft"))
    np.testing.assert_allclose(terrain.heights, slope() * 0.3048, rtol=1e-6)
    assert "heights_converted" in keys(report.messages)
    with rasterio.open(path, "r+") as file:
        file.units = ("US survey foot",)
    terrain, _, _ = read_terrain(path, FRAME)
    np.testing.assert_allclose(terrain.heights, slope() * 1200 / 3937, rtol=1e-6)
    terrain, _, _ = read_terrain(path, FRAME, ImportOptions(height_unit="m"))
    np.testing.assert_array_equal(terrain.heights, slope())


def test_scale_and_offset_of_packed_heights_count(tmp_path: Path) -> None:
    path = written(tmp_path / "dem.tif", np.full((4, 4), 500, dtype=np.int16))
    with rasterio.open(path, "r+") as file:
        file.scales, file.offsets = (0.1,), (20.0,)
    terrain, _, _ = read_terrain(path, FRAME)
    np.testing.assert_allclose(terrain.heights, 70.0)


def rough(rows: int, columns: int) -> Any:
    rng = np.random.default_rng(4)
    return (slope(rows, columns) + rng.uniform(0, 3, (rows, columns))).astype(np.float32)


def test_heights_of_a_large_raster_stay_in_the_file_and_are_exact(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(raster, "MOST_CELLS", 500)
    monkeypatch.setattr(fine_heights, "OVERVIEW", 20)
    monkeypatch.setattr(fine_heights, "BLOCK", 16)
    values = rough(100, 80)
    terrain, _, report = read_terrain(written(tmp_path / "dem.tif", values), FRAME)
    assert terrain.heights.size <= 400
    assert "terrain_stays_in_file" in keys(report.messages)
    whole, _, _ = read_terrain(tmp_path / "dem.tif", FRAME, ImportOptions(resolution=2.0))
    assert terrain.extent() == (500_001.0, 3_379_901.0, 500_159.0, 3_380_099.0)
    rng = np.random.default_rng(1)
    places = rng.uniform([499_990, 3_379_890], [500_170, 3_380_110], (2000, 2))
    one = Terrain(values, 500_001.0, 3_380_099.0, 2.0, 2.0)
    np.testing.assert_allclose(terrain.height_at(places), one.height_at(places), atol=1e-5)
    assert whole.grain == (2.0, 2.0)
    row, col = rng.integers(0, 100, 300), rng.integers(0, 80, 300)
    nodes = np.column_stack([500_001.0 + 2.0 * col, 3_380_099.0 - 2.0 * row])
    np.testing.assert_array_equal(terrain.height_at(nodes), values[row, col])


def test_opening_a_large_raster_reads_a_small_part_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(raster, "MOST_CELLS", 500)
    monkeypatch.setattr(fine_heights, "OVERVIEW", 20)
    monkeypatch.setattr(fine_heights, "BLOCK", 16)
    monkeypatch.setattr(fine_heights, "MOST_BLOCKS", 4)
    terrain, _, _ = read_terrain(written(tmp_path / "dem.tif", rough(200, 160)), FRAME)
    assert isinstance(terrain.fine, fine_heights.HeightFiles)
    assert terrain.fine.cells_read < 200 * 160 / 20
    terrain.height_at([[500_050.0, 3_380_050.0]])
    assert terrain.fine.cells_read < 200 * 160 / 20 + 17 * 17 + 1


def test_tiles_of_different_cells_become_one_ground_without_a_seam(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "tiles"
    folder.mkdir()

    def plane(place: Affine, rows: int, columns: int) -> Any:
        r, c = np.mgrid[:rows, :columns]
        east, north = place.c + (c + 0.5) * place.a, place.f + (r + 0.5) * place.e
        return (0.1 * (east - 500_000) + 0.2 * (north - 3_380_000) + 50).astype(np.float32)

    left, right = NORTH_UP, Affine(4.0, 0.0, 500_080.0, 0.0, -4.0, 3_380_100.0)
    written(folder / "a.tif", plane(left, 40, 40), place=left)
    written(folder / "b.tif", plane(right, 20, 20), place=right)
    for large in (False, True):
        if large:
            monkeypatch.setattr(raster, "MOST_CELLS", 500)
            monkeypatch.setattr(fine_heights, "BLOCK", 16)
        terrain, _, report = read_terrain(folder, FRAME)
        assert (terrain.fine is not None) == large
        assert report.kept == 2
        east = np.arange(500_004.0, 500_155.0, 1.0)
        line = np.column_stack([east, np.full(len(east), 3_380_051.0)])
        wanted = 0.1 * (east - 500_000) + 0.2 * 51 + 50
        found = terrain.height_at(line)
        assert np.isfinite(found).all()
        assert np.abs(found - wanted).max() < 0.25  # half a coarse cell at the seam
        assert np.abs(np.diff(found)).max() < 0.35


@pytest.mark.parametrize("absurd", [-32768.0, 3.4e38, -999999.0, -9999.0])
def test_absurd_values_are_unknown_though_nobody_declared_them(
    tmp_path: Path, absurd: float
) -> None:
    values = slope()
    values[10:14, 20:24] = absurd
    terrain, _, report = read_terrain(written(tmp_path / "dem.tif", values), FRAME)
    assert "heights_absurd" in keys(report.messages)
    assert np.isnan(terrain.heights[10:14, 20:24]).all()
    assert float(np.nanmax(terrain.heights)) == values[values < 1000].max()


def test_a_resolution_can_be_chosen(tmp_path: Path) -> None:
    path = written(tmp_path / "dem.tif", slope(100, 80))
    terrain, _, _ = read_terrain(path, FRAME, ImportOptions(resolution=8.0))
    assert terrain.step_east == pytest.approx(8.0)
    assert terrain.heights.shape == (25, 20)


def test_a_turned_raster_is_laid_north_up(tmp_path: Path) -> None:
    place = Affine.translation(500_000, 3_380_000) @ Affine.rotation(30) @ Affine.scale(2, -2)
    path = written(tmp_path / "dem.tif", slope(), place=place)
    terrain, _, _ = read_terrain(path, FRAME)
    spot = place @ (20.5, 25.5)
    assert terrain.height_at([spot])[0] == pytest.approx(slope()[25, 20], abs=0.05)


def test_text_grids_need_somebody_to_say_where_they_are(tmp_path: Path) -> None:
    path = tmp_path / "dem.asc"
    path.write_text(
        "ncols 3\nnrows 2\nxllcorner 500000\nyllcorner 3380000\ncellsize 10\nNODATA_value -9999\n"
        "1 2 3\n4 -9999 6\n"
    )
    with pytest.raises(CityError) as caught:
        read_terrain(path, None)
    assert caught.value.code == "import.no_crs"
    terrain, _, _ = read_terrain(path, None, ImportOptions(crs=ZONE))
    np.testing.assert_array_equal(terrain.heights, [[1, 2, 3], [4, np.nan, 6]])
    assert (terrain.west, terrain.north) == (500_005.0, 3_380_015.0)


def test_a_folder_of_tiles_becomes_one_terrain(tmp_path: Path) -> None:
    whole = slope(40, 40)
    for row in (0, 1):
        for column in (0, 1):
            part = whole[row * 20 : row * 20 + 20, column * 20 : column * 20 + 20]
            place = NORTH_UP @ Affine.translation(column * 20, row * 20)
            written(tmp_path / f"tile_{row}_{column}.tif", part, place=place)
    terrain, _, report = read_terrain(tmp_path, FRAME)
    np.testing.assert_allclose(terrain.heights, whole, atol=1e-4)
    assert report.read == 4
    assert is_raster(tmp_path, ImportOptions())
    (tmp_path / "roads.shp").touch()
    assert not is_raster(tmp_path, ImportOptions())


def test_tiles_in_different_systems_are_refused(tmp_path: Path) -> None:
    written(tmp_path / "a.tif", slope())
    written(tmp_path / "b.tif", slope(), crs="EPSG:4548")
    with pytest.raises(CityError, match="2 coordinate systems"):
        read_terrain(tmp_path, FRAME)


def test_a_raster_in_the_citys_own_grid_is_turned_back(tmp_path: Path) -> None:
    grid = CityGrid(-490_000.0, -3_370_000.0, math.radians(5.0))
    frame = Frame(ZONE, FRAME.origin, grid)
    path = written(tmp_path / "dem.tif", slope(), crs=None, place=Affine(2, 0, 9000, 0, -2, 9000))
    terrain, _, _ = read_terrain(path, frame, ImportOptions(crs="city-grid"))
    spot = grid.from_grid([Affine(2, 0, 9000, 0, -2, 9000) @ (20.5, 25.5)])
    assert terrain.height_at(spot)[0] == pytest.approx(slope()[25, 20], abs=0.05)


@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")  # on writing
def test_a_picture_without_a_place_and_an_empty_raster_are_refused(tmp_path: Path) -> None:
    nowhere = written(tmp_path / "x.tif", slope(), crs=None, place=Affine.identity())
    with pytest.raises(CityError, match="where on the earth") as caught:
        read_terrain(nowhere, FRAME)
    assert caught.value.code == "raster.no_place"
    blank = written(tmp_path / "y.tif", np.full((4, 4), -9999, dtype=np.float32))
    with pytest.raises(CityError, match="no usable height"):
        read_terrain(blank, FRAME)


def test_files_that_are_no_rasters_say_so(tmp_path: Path) -> None:
    broken = tmp_path / "broken.tif"
    broken.write_bytes(b"II*\0garbage")
    for path, code in (
        (broken, "raster.unreadable"), (tmp_path / "gone.tif", "file.missing"),
        (tmp_path, "raster.unreadable"),
    ):  # fmt: skip
        with pytest.raises(CityError) as caught:
            read_terrain(path, FRAME)
        assert caught.value.code == code
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(CityError, match="no raster file"):
        read_terrain(empty, FRAME)


def test_a_cut_file_is_told_when_its_cells_are_read(tmp_path: Path) -> None:
    path = written(tmp_path / "dem.tif", slope(400, 400))
    path.write_bytes(path.read_bytes()[:200_000])
    with pytest.raises(CityError) as caught:
        read_terrain(path, FRAME)
    assert caught.value.code == "raster.unreadable"


def test_reading_can_be_stopped(tmp_path: Path) -> None:
    class Stop:
        def step(self, *_: object) -> None:
            raise Cancelled

    with pytest.raises(Cancelled):
        read_terrain(written(tmp_path / "dem.tif", slope()), FRAME, None, Stop())


def test_what_a_raster_is_shows_by_its_bands(tmp_path: Path) -> None:
    heights = written(tmp_path / "a.tif", slope())
    colours = written(tmp_path / "b.tif", np.full((3, 8, 8), 90, dtype=np.uint8))
    layer, _, report = read_raster(heights, FRAME, ImportOptions(name="Ground"))
    assert (layer.kind, layer.name, report.name) == ("terrain", "Ground", "Ground")
    assert isinstance(layer.data, Terrain)
    assert layer.source.report["kind"] == "terrain"
    layer, _, _ = read_raster(colours, FRAME, ImportOptions())
    assert isinstance(layer.data, Imagery)
    assert is_raster(heights, ImportOptions())
    assert not is_raster(heights, ImportOptions(kind="buildings"))
    assert not is_raster(tmp_path / "a.geojson", ImportOptions())


def test_the_same_file_gives_the_same_terrain_again(tmp_path: Path) -> None:
    place = Affine(0.0001, 0, 114.0, 0, -0.0001, 30.6)
    path = written(tmp_path / "dem.tif", slope(), crs="EPSG:4326", place=place)
    first, frame, _ = read_terrain(path, None)
    again, _, _ = read_terrain(path, frame)
    np.testing.assert_array_equal(first.heights, again.heights)
    assert (first.west, first.north) == (again.west, again.north)


@pytest.mark.shared
def test_liechtenstein_lies_the_same_in_both_of_its_height_models(shared_data: Path) -> None:
    folder = shared_data / "li-liechtenstein-osm-dem/docs/examples/contour"
    geographic, frame, _ = read_terrain(folder / "liecthenstein-aster-dem-v2.tif", None)
    mercator, _, _ = read_terrain(folder / "liecthenstein-aster-dem-v2-3857.tif", frame)
    assert frame.crs == "EPSG:32632"
    assert 380 < np.nanmin(geographic.heights) < np.nanmax(geographic.heights) < 2725
    vaduz = frame.from_lonlat([[9.5209, 47.1410], [9.55, 47.10]])
    one, two = geographic.height_at(vaduz), mercator.height_at(vaduz)
    assert np.abs(one - two).max() < 15  # the models are 30 and 40 m wide, the slopes steep
    with rasterio.open(folder / "liecthenstein-aster-dem-v2.tif") as file:
        places = [(9.45 + 0.01 * i, 47.05 + 0.01 * i) for i in range(20)]
        sampled = np.array([float(v[0]) for v in file.sample(places)])
    there = geographic.height_at(frame.from_lonlat(places))
    known = (sampled > 0) & np.isfinite(there)
    assert known.sum() > 15
    assert np.median(np.abs(there[known] - sampled[known])) < 5


@pytest.mark.shared
def test_kentucky_counts_feet_on_the_ground_and_metres_upwards(shared_data: Path) -> None:
    path = shared_data / "us-kentucky-ky4-wntr/ky4_elevation.tif"
    terrain, frame, report = read_terrain(path, None)
    assert frame.crs == "EPSG:32616"
    assert 26 < terrain.step_east < 29  # 91 feet
    assert 117 < np.nanmin(terrain.heights) < np.nanmax(terrain.heights) < 227
    assert "heights_taken_as_metres" in keys(report.messages)
