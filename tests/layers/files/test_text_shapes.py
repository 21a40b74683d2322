"""Shapes as texts in columns of tables, however they are spelt."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely

from tests.layers.files.town import EAST, NORTH, ZONE, content, house, in_degrees, taken, told

SQUARE = in_degrees(house(0))
HEX = shapely.to_wkb(SQUARE, hex=True)
RING = ";".join(f"{x:.8f},{y:.8f}" for x, y in shapely.get_coordinates(SQUARE).tolist())


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("wkt", SQUARE.wkt),
        ("多边形", SQUARE.wkt),
        ("geom", f"SRID=4326;{SQUARE.wkt}"),
        ("wkb", HEX),
        ("Shape", f"0x{HEX}"),
        ("the_geom", f"\\x{HEX.lower()}"),
        ("边界坐标", RING),
        ("边界坐标", RING.rsplit(";", 1)[0]),
        ("path", RING),
    ],
)
def test_an_outline_is_read(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text(f'编号,{name},height\n1,"{text}",12\n')
    blocks = content(taken(path, crs="EPSG:4326"))
    assert blocks.shapes.areas() == pytest.approx([144], rel=1e-3)


def test_arcs_and_surfaces_are_read_and_what_is_broken_is_counted(tmp_path: Path) -> None:
    arc = f"CIRCULARSTRING ({EAST} {NORTH},{EAST + 10} {NORTH + 10},{EAST + 20} {NORTH})"
    base = f"({EAST + 20} {NORTH},{EAST} {NORTH})"
    curved = f"CURVEPOLYGON (COMPOUNDCURVE ({arc},{base}))"
    texts = [curved, f"MULTISURFACE ({curved})", house(40).wkt, "POLYGON ((1 2, 3", "", "n/a"]
    path = tmp_path / "t.csv"
    path.write_text("WKT,height\n" + "".join(f'"{text}",8\n' for text in texts))
    report = told(path, crs=ZONE)
    assert (report.read, report.kept) == (6, 3)
    assert report.skipped == {"coordinates_unreadable": 2, "no_geometry": 1}
    areas = content(taken(path, crs=ZONE)).shapes.areas()
    assert areas == pytest.approx([157, 157, 144], rel=0.02)
