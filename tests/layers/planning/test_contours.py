"""Contour lines lie where the ground has their height, whole over pieces, broken by gaps."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely

from layers.errors import CityError
from layers.files.contour_file import write_contours
from layers.frame import Frame
from layers.kinds.terrain import Terrain
from layers.planning import contours as module
from layers.planning.contours import contour_layer, contours, heights_written

WEST, NORTH = 500_000.0, 4_000_000.0


def cone(side: int = 121, step: float = 2.0) -> Terrain:
    """Give a cone: 60 m in the middle, one metre lower for every two outwards."""
    y, x = np.mgrid[0:side, 0:side].astype(np.float64)
    away = np.hypot(x - side // 2, y - side // 2) * step
    return Terrain((60.0 - 0.5 * away).astype(np.float32), WEST, NORTH, step, step)


def flat() -> Terrain:
    """Give level ground 3.2 m high."""
    return Terrain(np.full((5, 5), 3.2, dtype=np.float32), WEST, NORTH, 2.0, 2.0)


def test_the_lines_of_a_cone_are_circles() -> None:
    found = contours(cone(), 10.0)
    middle = shapely.Point(WEST + 120.0, NORTH - 120.0)
    rings = {h: line for h, line in zip(found.level, found.lines, strict=True) if line.is_closed}
    assert sorted(rings) == [0.0, 10.0, 20.0, 30.0, 40.0, 50.0]
    for height, line in rings.items():
        away = shapely.distance(shapely.points(shapely.get_coordinates(line)), middle)
        np.testing.assert_allclose(away, (60.0 - height) * 2.0, atol=0.06)
        assert line.length == pytest.approx(2 * np.pi * (60.0 - height) * 2.0, rel=2e-3)
    assert found.heavy.tolist() == [height in (0.0, 50.0) for height in found.level.tolist()]


def test_pieces_give_the_same_lines_as_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = contours(cone(), 10.0)
    monkeypatch.setattr(module, "BLOCK", 32)
    parts = contours(cone(), 10.0)
    assert parts.level.tolist() == whole.level.tolist()
    for height in np.unique(whole.level):
        a = shapely.unary_union(whole.lines[whole.level == height])
        b = shapely.unary_union(parts.lines[parts.level == height])
        assert a.length == pytest.approx(b.length)
        assert a.hausdorff_distance(b) < 1e-6


def test_unknown_ground_interrupts_the_lines() -> None:
    terrain = cone()
    heights = terrain.heights.copy()
    heights[:, 58:63] = np.nan
    found = contours(Terrain(heights, WEST, NORTH, 2.0, 2.0), 10.0)
    assert not any(line.is_closed for line in found.lines)
    assert not shapely.intersects(
        found.lines, shapely.box(WEST + 116.5, NORTH - 240, WEST + 123.5, NORTH)
    ).any()


@pytest.mark.parametrize("interval", [0.0, -5.0, 0.001, np.nan])
def test_an_interval_that_makes_no_sense_is_refused(interval: float) -> None:
    with pytest.raises(CityError) as refused:
        contours(cone(), interval)
    assert refused.value.code == "contours.interval"


def test_the_layer_tells_height_and_weight() -> None:
    found = contours(cone(), 10.0)
    layer = contour_layer(found, "Lines")
    table = layer.features.attributes
    assert table["height_m"].to_pylist() == found.level.tolist()
    assert sum(table["heavy"].to_pylist()) == int(found.heavy.sum())
    assert layer.style.label_field == "height_m"


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson", ".shp", ".dxf"])
def test_files_carry_the_height_in_every_corner(suffix: str, tmp_path: Path) -> None:
    found = contours(cone(), 20.0)
    path = tmp_path / f"lines{suffix}"
    write_contours(found, Frame("EPSG:4547", (WEST, NORTH)), path)
    table = pyogrio.read_dataframe(path)
    heights = [np.unique(shapely.get_coordinates(g, include_z=True)[:, 2]) for g in table.geometry]
    assert sorted(float(h[0]) for h in heights) == sorted(found.level.tolist())
    assert all(len(h) == 1 for h in heights)
    assert not [p for p in tmp_path.iterdir() if p.is_dir()]


def test_files_that_cannot_be_written_say_so(tmp_path: Path) -> None:
    found = contours(cone(), 20.0)
    for path, code in (
        (tmp_path / "lines.txt", "contours.file"),
        (tmp_path / "nowhere" / "lines.gpkg", "contours.write"),
    ):
        with pytest.raises(CityError) as refused:
            write_contours(found, None, path)
        assert refused.value.code == code
    with pytest.raises(CityError, match="no contour line"):
        write_contours(contours(flat(), 500.0), None, tmp_path / "a.gpkg")


def test_heights_are_written_on_the_heavy_lines_alone() -> None:
    terrain = cone()
    points, rank = heights_written(terrain, 2.0)
    assert len(points) == len(rank) > 4
    assert set(np.unique(points[:, 2]) % 10.0) == {0.0}
    np.testing.assert_allclose(terrain.height_at(points[:, :2]), points[:, 2], atol=0.2)
