"""Pictures are written whole, with what they show inside."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from layers.errors import CityError
from scene.pictures import LARGEST, Picture, check_size, read_facts


def picture(alpha: int = 255) -> Picture:
    pixels = np.random.default_rng(1).integers(0, 255, (30, 40, 4), dtype=np.uint8)
    pixels[..., 3] = alpha
    return Picture(pixels, {"Citystage:view": "滨江北岸", "Citystage:size": "40x30"})


def test_a_picture_comes_back_from_its_file_with_its_facts(tmp_path: Path) -> None:
    made = picture()
    path = made.save(tmp_path / "新" / "图 1.png", {"Software": "Citystage 0.1"})
    with Image.open(path) as image:
        assert image.mode == "RGB"
        assert np.array_equal(np.asarray(image), made.pixels[..., :3])
    facts = read_facts(path)
    assert facts["Citystage:view"] == "滨江北岸"
    assert facts["Software"] == "Citystage 0.1"
    assert made.size == (40, 30)
    assert [p.name for p in path.parent.iterdir()] == ["图 1.png"]


def test_clear_parts_are_kept(tmp_path: Path) -> None:
    path = picture(alpha=77).save(tmp_path / "clear.png")
    with Image.open(path) as image:
        assert image.mode == "RGBA"
        assert np.asarray(image)[0, 0, 3] == 77


def test_the_same_picture_is_the_same_file(tmp_path: Path) -> None:
    a, b = (picture().save(tmp_path / name) for name in ("a.png", "b.png"))
    assert a.read_bytes() == b.read_bytes()


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(CityError) as caught:
        picture().save(tmp_path / "file" / "a.png")
    assert caught.value.code == "picture.write"
    assert caught.value.where.endswith("a.png")


def test_a_file_that_is_no_picture_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"no")
    with pytest.raises(CityError) as caught:
        read_facts(tmp_path / "a.png")
    assert caught.value.code == "picture.read"


@pytest.mark.parametrize("size", [(15, 100), (100, 0), (LARGEST + 1, 100), (LARGEST, LARGEST)])
def test_sizes_that_cannot_be_drawn_are_told(size: tuple[int, int]) -> None:
    with pytest.raises(CityError) as caught:
        check_size(*size)
    assert caught.value.code == "picture.size"
    assert str(LARGEST) in caught.value.hint


def test_the_largest_pictures_are_allowed() -> None:
    check_size(LARGEST, 8192)
    check_size(16, 16)
