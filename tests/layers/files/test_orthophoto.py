from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from affine import Affine
from rasterio.enums import ColorInterp
from rasterio.warp import transform

from layers.errors import Cancelled, CityError
from layers.files import orthophoto
from layers.files.options import ImportOptions
from layers.files.orthophoto import read_imagery
from layers.frame import Frame

ZONE = "EPSG:4547"
FRAME = Frame(ZONE, (500_000.0, 3_380_000.0))
PLACE = Affine(0.5, 0.0, 500_000.0, 0.0, -0.5, 3_380_100.0)


def written(
    path: Path, values: Any, *, crs: str | None = ZONE, place: Affine = PLACE, **more: Any
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


def quarters(size: int = 40) -> Any:
    """Red in the north-west, green in the north-east, blue in the south-west, white elsewhere."""
    half = size // 2
    picture = np.full((3, size, size), 255, dtype=np.uint8)
    picture[:, :half, :half] = np.array([255, 0, 0])[:, None, None]
    picture[:, :half, half:] = np.array([0, 255, 0])[:, None, None]
    picture[:, half:, :half] = np.array([0, 0, 255])[:, None, None]
    return picture


def test_a_picture_in_the_projects_system_keeps_its_pixels(tmp_path: Path) -> None:
    image, _, report = read_imagery(written(tmp_path / "o.tif", quarters()), FRAME)
    np.testing.assert_array_equal(np.moveaxis(image.pixels[..., :3], -1, 0), quarters())
    assert (image.pixels[..., 3] == 255).all()
    assert image.extent() == (500_000.0, 3_380_080.0, 500_020.0, 3_380_100.0)
    assert [note.key for note in report.messages] == ["imagery_size"]


def test_a_picture_in_degrees_is_laid_north_up_in_the_project(tmp_path: Path) -> None:
    place = Affine(0.00001, 0, 114.02, 0, -0.00001, 30.55)
    path = written(tmp_path / "o.tif", quarters(200), crs="EPSG:4326", place=place)
    image, frame, _ = read_imagery(path, None)
    assert frame.crs == ZONE
    (east,), (north,) = transform("EPSG:4326", ZONE, [114.0205], [30.5495])
    column = int((east - image.west) / (image.east - image.west) * image.pixels.shape[1])
    row = int((image.north - north) / (image.north - image.south) * image.pixels.shape[0])
    assert image.pixels[row, column].tolist() == [255, 0, 0, 255]
    assert (image.pixels[..., 3] == 0).any()  # corners that the turned picture leaves open


def test_grey_and_palette_pictures_become_colours(tmp_path: Path) -> None:
    grey = np.tile(np.arange(0, 200, 5, dtype=np.uint8), (40, 1))
    image, _, _ = read_imagery(written(tmp_path / "g.tif", grey), FRAME)
    np.testing.assert_array_equal(image.pixels[..., 0], grey)
    np.testing.assert_array_equal(image.pixels[..., 2], grey)
    path = written(tmp_path / "p.tif", (np.indices((8, 8)).sum(axis=0) % 2).astype(np.uint8))
    with rasterio.open(path, "r+") as file:
        file.colorinterp = [ColorInterp.palette]
        file.write_colormap(1, {0: (10, 20, 30, 255), 1: (200, 100, 50, 255)})
    image, _, _ = read_imagery(path, FRAME)
    assert image.pixels[0, 0, :3].tolist() == [10, 20, 30]
    assert image.pixels[0, 1, :3].tolist() == [200, 100, 50]


def test_what_the_file_masks_is_clear(tmp_path: Path) -> None:
    picture = quarters()
    picture[:, :5] = 0
    image, _, _ = read_imagery(written(tmp_path / "o.tif", picture, nodata=0), FRAME)
    assert (image.pixels[:5, :, 3] == 0).all()
    assert (image.pixels[30:, 30:, 3] == 255).all()
    alpha = np.full((1, 40, 40), 255, dtype=np.uint8)
    alpha[:, :, :7] = 0
    path = written(tmp_path / "a.tif", np.concatenate([quarters(), alpha]))
    with rasterio.open(path, "r+") as file:
        file.colorinterp = [ColorInterp.red, ColorInterp.green, ColorInterp.blue, ColorInterp.alpha]
    image, _, _ = read_imagery(path, FRAME)
    assert (image.pixels[:, :7, 3] == 0).all()
    assert (image.pixels[:, 8:, 3] == 255).all()


def test_deep_pictures_are_stretched_and_that_is_told(tmp_path: Path) -> None:
    values = np.stack([np.linspace(300, 3000, 1600).reshape(40, 40)] * 4).astype(np.uint16)
    image, _, report = read_imagery(written(tmp_path / "o.tif", values), FRAME)
    assert image.pixels[0, 0, 0] == 0
    assert image.pixels[-1, -1, 0] == 255
    assert "stretched" in [note.key for note in report.messages]


def test_a_large_picture_stays_in_its_file_with_an_overview(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(orthophoto, "MOST_PIXELS", 10.0)
    image, _, report = read_imagery(written(tmp_path / "o.tif", quarters()), FRAME)
    assert image.pixels.shape == (10, 10, 4)
    assert image.extent() == (500_000.0, 3_380_080.0, 500_020.0, 3_380_100.0)
    assert image.pixels[1, 1].tolist() == [255, 0, 0, 255]
    assert "picture_stays_in_file" in [note.key for note in report.messages]
    assert image.fine is not None
    assert image.fine.step == 0.5
    part = image.fine.part(500_009.0, 3_380_091.0, 0.5, 4)  # around the middle, at full size
    assert part[0, 0].tolist() == [255, 0, 0, 255]
    assert part[0, 3].tolist() == [0, 255, 0, 255]
    assert part[3, 0].tolist() == [0, 0, 255, 255]


def test_parts_of_a_large_picture_hold_no_more_than_their_share(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(orthophoto, "MOST_PIXELS", 10.0)
    monkeypatch.setattr(orthophoto, "MOST_BYTES", 4 * 8 * 8 * 4)
    image, _, _ = read_imagery(written(tmp_path / "o.tif", quarters(80)), FRAME)
    assert isinstance(image.fine, orthophoto.PictureFiles)
    for i in range(12):
        image.fine.part(500_000.0 + i, 3_380_100.0, 0.5, 8)
        assert image.fine.bytes_held <= orthophoto.MOST_BYTES
    outside = image.fine.part(499_000.0, 3_380_100.0, 0.5, 8)
    assert not outside.any()


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:3857"])
def test_parts_of_a_picture_in_another_system_show_the_same_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, crs: str
) -> None:
    monkeypatch.setattr(orthophoto, "MOST_PIXELS", 10.0)
    x, y = transform(ZONE, crs, [500_000.0, 500_020.0], [3_380_100.0, 3_380_080.0])
    place = Affine((x[1] - x[0]) / 40, 0.0, x[0], 0.0, (y[1] - y[0]) / 40, y[0])
    path = written(tmp_path / "o.tif", quarters(), crs=crs, place=place)
    image, _, _ = read_imagery(path, FRAME)
    assert image.fine is not None
    assert image.fine.part(500_003.0, 3_380_097.0, 0.5, 4)[1, 1].tolist() == [255, 0, 0, 255]
    assert image.fine.part(500_015.0, 3_380_097.0, 0.5, 4)[1, 1].tolist() == [0, 255, 0, 255]


def test_a_photo_with_a_world_file_needs_only_its_system(tmp_path: Path) -> None:
    path = tmp_path / "o.png"
    with rasterio.open(
        path, "w", driver="PNG", width=40, height=40, count=3, dtype="uint8"
    ) as file:
        file.write(quarters())
    for left in tmp_path.glob("*.xml"):
        left.unlink()
    with pytest.raises(CityError, match="where on the earth"):
        read_imagery(path, FRAME)
    (tmp_path / "o.pgw").write_text("0.5\n0\n0\n-0.5\n500000.25\n3380099.75\n")
    with pytest.raises(CityError) as caught:
        read_imagery(path, FRAME)
    assert caught.value.code == "import.no_crs"
    image, _, _ = read_imagery(path, FRAME, ImportOptions(crs=ZONE))
    assert image.extent() == (500_000.0, 3_380_080.0, 500_020.0, 3_380_100.0)
    assert image.pixels[0, 0].tolist() == [255, 0, 0, 255]


def test_a_folder_of_pictures_becomes_one(tmp_path: Path) -> None:
    written(tmp_path / "a.tif", quarters())
    written(tmp_path / "b.tif", quarters(), place=PLACE @ Affine.translation(40, 0))
    image, _, report = read_imagery(tmp_path, FRAME)
    assert image.pixels.shape == (40, 80, 4)
    assert image.pixels[0, 40].tolist() == [255, 0, 0, 255]
    assert report.read == 2


def test_a_picture_that_is_all_masked_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "o.tif", np.zeros((3, 8, 8), dtype=np.uint8), nodata=0)
    with pytest.raises(CityError, match="masked out"):
        read_imagery(path, FRAME)


def test_reading_can_be_stopped(tmp_path: Path) -> None:
    class Stop:
        def step(self, *_: object) -> None:
            raise Cancelled

    with pytest.raises(Cancelled):
        read_imagery(written(tmp_path / "o.tif", quarters()), FRAME, None, Stop())
