"""Pictures without parts in their file get a copy that has them: once, and true."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rasterio
from numpy.typing import NDArray
from PIL import Image

from layers.files import orthophoto
from layers.files.options import ImportOptions
from layers.files.orthophoto import read_imagery
from layers.files.picture_pyramid import in_parts
from layers.progress import Silent

WEST, NORTH, STEP = 500_000.0, 3_380_000.0, 0.5
SIDE = 1500


def colours(bands: int) -> NDArray[np.uint8]:
    """A slope of colours; the last of four bands hides the left half."""
    rows, columns = np.mgrid[0:SIDE, 0:SIDE]
    out = np.stack([rows // 6, columns // 6, (rows + columns) // 12], axis=2).astype(np.uint8)
    if bands == 4:
        clear = np.where(columns < SIDE // 2, 0, 255).astype(np.uint8)
        out = np.concatenate([out, clear[..., None]], axis=2)
    return out


def picture(folder: Path, name: str, bands: int) -> Path:
    path = folder / name
    Image.fromarray(colours(bands)).save(path)
    world = {".jpg": ".jgw", ".png": ".pgw"}[path.suffix]
    numbers = (STEP, 0, 0, -STEP, WEST + STEP / 2, NORTH - STEP / 2)
    path.with_suffix(world).write_text("\n".join(str(number) for number in numbers))
    return path


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of its own, and pictures that count as large."""
    monkeypatch.setenv("CITYSTAGE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(orthophoto, "MOST_PIXELS", 700.0)
    return tmp_path / "cache" / "store"


@pytest.mark.parametrize(("name", "bands", "near"), [("a.jpg", 3, 12), ("b.png", 4, 0)])
def test_parts_of_the_copy_are_those_of_the_picture(
    tmp_path: Path, cache: Path, name: str, bands: int, near: int
) -> None:
    path = picture(tmp_path, name, bands)
    image = read_imagery(path, None, ImportOptions(crs="EPSG:4547"))[0]
    (copy,) = cache.glob("*.entry")
    with rasterio.open(copy) as made:
        assert made.is_tiled
        assert made.overviews(1) == [2, 4]
    assert image.fine is not None
    part = image.fine.part(WEST + 800 * STEP, NORTH - 900 * STEP, STEP, 256)
    wanted = colours(bands)[900:1156, 800:1056].astype(int)
    assert np.abs(part[..., :3].astype(int) - wanted[..., :3]).max() <= near
    if bands == 4:
        clear = image.fine.part(WEST + 100 * STEP, NORTH - 900 * STEP, STEP, 64)
        assert not clear[..., 3].any()


def test_the_copy_is_made_once_and_its_loss_is_none(tmp_path: Path, cache: Path) -> None:
    path = picture(tmp_path, "a.jpg", 3)
    options = ImportOptions(crs="EPSG:4547")
    read_imagery(path, None, options)
    (copy,) = cache.glob("*.entry")
    before = copy.stat().st_ino
    image = read_imagery(path, None, options)[0]
    assert [entry.stat().st_ino for entry in cache.glob("*.entry")] == [before]
    copy.unlink()
    assert image.fine is not None
    assert image.fine.part(WEST, NORTH, STEP, 64)[..., 3].all()


def test_what_has_parts_needs_no_copy(tmp_path: Path, cache: Path) -> None:
    path = tmp_path / "tiled.tif"
    with rasterio.open(
        path, "w", driver="GTiff", width=600, height=600, count=3, dtype="uint8", tiled=True
    ) as made:
        made.write(np.zeros((3, 600, 600), dtype=np.uint8))
    with rasterio.open(path) as source:
        assert in_parts(source, Silent()) is None
    assert not cache.exists()


def test_without_a_cache_the_picture_is_read_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = picture(tmp_path, "a.jpg", 3)
    monkeypatch.setattr("layers.files.picture_pyramid.default_store", Nothing)
    image = read_imagery(path, None, ImportOptions(crs="EPSG:4547"))[0]
    assert image.fine is not None
    assert image.fine.part(WEST, NORTH, STEP, 64)[..., 3].all()


class Nothing:
    """A store that keeps nothing."""

    most_bytes = 0
