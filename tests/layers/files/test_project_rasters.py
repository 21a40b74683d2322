from __future__ import annotations

import shutil
import sqlite3
import zipfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin

from layers.content import content_hash
from layers.errors import Cancelled, CityError
from layers.files.options import ImportOptions
from layers.files.project_file import load_project, open_project, save_project
from layers.files.project_pack import unpack, write_pack
from layers.files.project_rasters import PREVIEW, is_missing, preview
from layers.files.raster import read_raster
from layers.frame import Frame
from layers.kinds.base import Layer
from layers.kinds.imagery import Imagery
from layers.kinds.terrain import Terrain
from layers.progress import Silent
from layers.project import Project
from tests.layers.files.projects import facts_of, hard_project, heights, town
from tests.layers.files.test_project_file import Stops


def write_dem(path: Path, *, size: int = 700, lift: float = 0.0) -> None:
    rows, columns = np.mgrid[0:size, 0:size]
    heights = (30 + lift + 10 * np.sin(rows / 90) + columns / 50).astype(np.float32)
    with rasterio.open(
        path, "w", driver="GTiff", width=size, height=size, count=1, dtype="float32",
        crs="EPSG:4547", transform=from_origin(500_000, 3_380_000, 2, 2),
    ) as file:  # fmt: skip
        file.write(heights, 1)


def write_photo(path: Path, *, size: int = 600) -> None:
    pixels = np.random.default_rng(0).integers(0, 255, (3, size, size), dtype=np.uint8)
    with rasterio.open(
        path, "w", driver="GTiff", width=size, height=size, count=3, dtype="uint8",
        crs="EPSG:4547", transform=from_origin(500_000, 3_380_000, 1, 1),
    ) as file:  # fmt: skip
        file.write(pixels)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with a project, and its rasters in a folder beside it."""
    folder = tmp_path / "city"
    (folder / "rasters").mkdir(parents=True)
    write_dem(folder / "rasters" / "dem.tif")
    write_photo(folder / "rasters" / "正射.tif")
    project = town()
    frame = project.need_frame()
    for name, kind in (("dem.tif", "terrain"), ("正射.tif", "imagery")):
        options = ImportOptions(kind=kind, resolution=2.0 if kind == "imagery" else None)
        layer, _, _ = read_raster(folder / "rasters" / name, frame, options)
        project.insert_layer(layer)
    save_project(project, folder / "p.gpkg")
    return folder


def keys(path: Path) -> list[str]:
    return [note.key for note in open_project(path).notes]


def test_rasters_stay_in_their_files_and_come_back_whole(place: Path) -> None:
    project = load_project(place / "p.gpkg")
    assert keys(place / "p.gpkg") == []
    terrain = project.layers[1]
    assert isinstance(terrain.data, Terrain)
    assert terrain.data.heights.shape == (700, 700)
    assert project.layers[2].source.options["resolution"] == 2.0
    with closing(sqlite3.connect(place / "p.gpkg")) as con:
        assert con.execute(
            "SELECT DISTINCT storage FROM citystage_layers WHERE kind!='buildings'"
        ).fetchall() == [("file",)]
        kept = con.execute("SELECT sum(length(data)) FROM citystage_parts").fetchone()[0]
    assert kept < terrain.data.heights.nbytes


def test_a_folder_that_moves_as_a_whole_keeps_its_rasters(place: Path) -> None:
    before = facts_of(load_project(place / "p.gpkg"))[3]
    moved = place.with_name("moved")
    shutil.move(place, moved)
    assert keys(moved / "p.gpkg") == []
    project = load_project(moved / "p.gpkg")
    assert project.layers[1].source.path == moved / "rasters" / "dem.tif"
    assert [x[-1] for x in facts_of(project)[3]] == [x[-1] for x in before]  # type: ignore[attr-defined]


def test_a_project_that_moves_alone_finds_its_rasters_where_they_were(
    place: Path, tmp_path: Path
) -> None:
    (tmp_path / "far").mkdir()
    shutil.copy(place / "p.gpkg", tmp_path / "far" / "p.gpkg")
    assert keys(tmp_path / "far" / "p.gpkg") == []


def test_a_missing_raster_is_told_and_a_preview_stands_in(place: Path) -> None:
    whole = load_project(place / "p.gpkg").layers[1].data
    (place / "rasters" / "dem.tif").rename(place / "dem.tif")
    opened = open_project(place / "p.gpkg")
    layer = opened.project.layers[1]
    assert [(n.key, n.facts["name"]) for n in opened.notes] == [("raster_missing", "dem")]
    assert is_missing(layer)
    assert isinstance(layer.data, Terrain)
    assert isinstance(whole, Terrain)
    assert max(layer.data.heights.shape) == PREVIEW
    assert layer.data.extent() == pytest.approx(whole.extent())
    at = [[500_500.0, 3_379_400.0], [501_000.0, 3_379_000.0]]
    assert layer.data.height_at(at) == pytest.approx(whole.height_at(at), abs=0.1)
    save_project(opened.project, place / "p.gpkg")  # must not make the preview the truth
    assert keys(place / "p.gpkg") == ["raster_missing"]
    (place / "dem.tif").rename(place / "rasters" / "dem.tif")
    again = open_project(place / "p.gpkg")
    assert again.notes == ()
    assert content_hash(again.project.layers[1].data) == content_hash(whole)
    assert not is_missing(again.project.layers[1])


def test_a_changed_raster_is_read_as_it_is_now_and_told(place: Path) -> None:
    write_dem(place / "rasters" / "dem.tif", lift=5.0)
    opened = open_project(place / "p.gpkg")
    assert [n.key for n in opened.notes] == ["raster_changed"]
    save_project(opened.project, place / "p.gpkg")
    assert keys(place / "p.gpkg") == []


def test_a_broken_raster_is_told(place: Path) -> None:
    (place / "rasters" / "dem.tif").write_bytes(b"no raster")
    opened = open_project(place / "p.gpkg")
    assert [n.key for n in opened.notes] == ["raster_unreadable"]
    assert is_missing(opened.project.layers[1])


def test_an_edited_raster_is_kept_in_the_project(place: Path) -> None:
    project = load_project(place / "p.gpkg")
    terrain = project.layers[1].data
    assert isinstance(terrain, Terrain)
    project.layers[1].data = replace(terrain, heights=terrain.heights + 1)
    save_project(project, place / "p.gpkg")
    assert facts_of(load_project(place / "p.gpkg")) == facts_of(project)
    assert keys(place / "p.gpkg") == []


def test_previews_are_small_and_lie_over_the_same_ground() -> None:
    photo = Imagery(np.zeros((2000, 300, 4), np.uint8), 0.0, 0.0, 30.0, 200.0)
    small = preview(photo)
    assert isinstance(small, Imagery)
    assert small.pixels.shape == (512, 300, 4)
    assert small.extent() == photo.extent()
    thin = Terrain(np.zeros((2, 3000), np.float32), 0.0, 0.0, 1.0, 1.0)
    less = preview(thin)
    assert isinstance(less, Terrain)
    assert less.heights.shape == (2, 512)
    assert less.extent() == pytest.approx(thin.extent())


# Packing


def test_a_pack_opens_elsewhere_with_all_its_rasters(place: Path, tmp_path: Path) -> None:
    (place / "rasters" / "dem.tif.aux.xml").write_text("<PAMDataset/>")
    (place / "rasters" / "dem.tfw").write_text("2\n0\n0\n-2\n500001\n3379999\n")
    (place / "rasters" / "other.tif").write_text("not of the project")
    project = load_project(place / "p.gpkg")
    write_pack(project, tmp_path / "送审.zip")
    shutil.rmtree(place)
    with zipfile.ZipFile(tmp_path / "送审.zip") as archive:
        assert sorted(archive.namelist()) == [
            "data/dem.tfw", "data/dem.tif", "data/dem.tif.aux.xml", "data/正射.tif", "送审.gpkg",
        ]  # fmt: skip
    file = unpack(tmp_path / "送审.zip", tmp_path / "theirs")
    opened = open_project(file)
    assert opened.notes == ()
    assert [x[-1] for x in facts_of(opened.project)[3]] == [x[-1] for x in facts_of(project)[3]]  # type: ignore[attr-defined]
    assert opened.project.layers[1].source.path == tmp_path / "theirs" / "data" / "dem.tif"
    with closing(sqlite3.connect(file)) as con:
        sources = "".join(r[0] for r in con.execute("SELECT source FROM citystage_layers"))
    assert "absolute" not in sources  # nobody learns the sender's folders


def test_rasters_of_one_name_from_two_folders_are_both_packed(place: Path, tmp_path: Path) -> None:
    (place / "b").mkdir()
    write_dem(place / "b" / "dem.tif", lift=3.0)
    project = load_project(place / "p.gpkg")
    layer, _, _ = read_raster(
        place / "b" / "dem.tif", project.need_frame(), ImportOptions(kind="terrain")
    )
    project.insert_layer(layer)
    write_pack(project, tmp_path / "p.zip")
    shutil.rmtree(place)
    opened = open_project(unpack(tmp_path / "p.zip", tmp_path / "x"))
    assert opened.notes == ()
    assert [content_hash(y.data) for y in opened.project.layers] == [
        content_hash(y.data) for y in project.layers
    ]


def test_a_project_without_files_can_be_packed(tmp_path: Path) -> None:
    project = hard_project()
    write_pack(project, tmp_path / "p.zip", name="城市")
    file = unpack(tmp_path / "p.zip", tmp_path / "x")
    assert file.name == "城市.gpkg"
    assert [x[-1] for x in facts_of(load_project(file))[3]] == [x[-1] for x in facts_of(project)[3]]  # type: ignore[attr-defined]


def test_sources_of_vector_layers_go_along_where_asked_for(tmp_path: Path) -> None:
    for ending in ("shp", "dbf", "shx", "cpg"):
        (tmp_path / f"a.{ending}").write_text(ending)
    project = town()
    source = replace(project.layers[0].source, path=tmp_path / "a.shp")
    project.layers[0].source = source
    write_pack(project, tmp_path / "p.zip", with_sources=True)
    with zipfile.ZipFile(tmp_path / "p.zip") as archive:
        assert sorted(archive.namelist()) == [
            "data/a.cpg",
            "data/a.dbf",
            "data/a.shp",
            "data/a.shx",
            "p.gpkg",
        ]


def test_a_stopped_pack_leaves_the_old_one(place: Path, tmp_path: Path) -> None:
    project = load_project(place / "p.gpkg")
    write_pack(project, tmp_path / "p.zip")
    before = (tmp_path / "p.zip").read_bytes()
    with pytest.raises(Cancelled):
        write_pack(project, tmp_path / "p.zip", Stops(9))
    assert (tmp_path / "p.zip").read_bytes() == before
    with pytest.raises(Cancelled):
        unpack(tmp_path / "p.zip", tmp_path / "x", Stops(2))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["city", "p.zip"]


def test_what_is_no_pack_is_told(tmp_path: Path) -> None:
    (tmp_path / "text.zip").write_text("x")
    with zipfile.ZipFile(tmp_path / "data.zip", "w") as archive:
        archive.writestr("a.shp", "x")
    with zipfile.ZipFile(tmp_path / "evil.zip", "w") as archive:
        archive.writestr("p.gpkg", "x")
        archive.writestr("../../evil.txt", "x")
    for name in ("text.zip", "data.zip", "evil.zip", "missing.zip"):
        with pytest.raises(CityError) as told:
            unpack(tmp_path / name, tmp_path / "x", Silent())
        assert told.value.code == "project_file.not_a_pack"
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "a").touch()
    with pytest.raises(CityError) as told:
        unpack(tmp_path / "text.zip", tmp_path / "full")
    assert told.value.code == "project_file.folder_taken"


def test_rasters_without_a_file_are_kept_in_the_project(tmp_path: Path) -> None:
    project = Project(Frame("EPSG:4547"))
    heights_ = np.random.default_rng(1).random((900, 40)).astype(np.float32)
    heights_[3, 5] = np.nan
    project.insert_layer(Layer("terrain", "drawn", Terrain(heights_, 0.0, 0.0, 1.0, 1.0)))
    save_project(project, tmp_path / "p.gpkg")
    assert facts_of(load_project(tmp_path / "p.gpkg")) == facts_of(project)
    assert heights(town())[0] == 12.0
