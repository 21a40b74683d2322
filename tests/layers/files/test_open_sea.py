"""Degrees whose axes are turned put towns of Europe and Africa into the sea."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely

from layers.files.open_sea import is_open_sea
from tests.layers.files.town import collection as text_of
from tests.layers.files.town import feature, keys, place, refused, taken

TOWNS = {
    "Munich": (11.57, 48.13), "Paris": (2.35, 48.85), "Amsterdam": (4.9, 52.37),
    "Venice": (12.33, 45.44), "Basra": (47.8, 30.5), "Lagos": (3.4, 6.45), "Madrid": (-3.7, 40.4),
}  # fmt: skip


@pytest.mark.parametrize("town", TOWNS)
def test_towns_are_not_in_the_sea(town: str) -> None:
    assert not is_open_sea(*TOWNS[town])


def test_oceans_are_and_what_is_no_place_is_not() -> None:
    assert is_open_sea(48.13, 11.57)
    assert is_open_sea(-40.0, 30.0)
    assert not is_open_sea(400.0, 30.0)


@pytest.mark.parametrize("header", ["name,lon,lat", "name,coordinates"])
def test_axes_that_lead_into_the_sea_are_swapped_and_told(tmp_path: Path, header: str) -> None:
    rows = [f"{48.13 + i / 1000:.3f}, {11.57 + i / 1000:.3f}" for i in range(4)]
    cells = rows if header.count(",") == 2 else [f'"{row}"' for row in rows]
    path = tmp_path / "t.csv"
    path.write_text("\n".join([header, *(f"a,{cell}" for cell in cells)]))
    made = taken(path, None)
    assert "axes_swapped" in keys(made.reports[0])
    assert place(made) == (11.57, 48.13)
    assert place(taken(path, None, swap_axes=False)) == (48.13, 11.57)


def test_tables_without_names_are_told_which_axis_stands_first(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("".join(f"{i},{48.13 + i / 1000:.4f},{11.57:.4f}\n" for i in range(3)))
    assert "--swap-axes" in refused(path, None).hint
    assert refused(path, None).facts["swapped"] is True
    path.write_text("".join(f"{i},{11.57:.4f},{48.13 + i / 1000:.4f}\n" for i in range(3)))
    assert refused(path, None).facts["swapped"] is False


def test_what_lies_on_land_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "t.geojson"
    path.write_text(text_of(feature(shapely.Point(2.35, 48.85))))
    made = taken(path, None)
    assert place(made) == (2.35, 48.85)
    assert "axes_swapped" not in keys(made.reports[0])
