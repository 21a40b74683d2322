"""An import that is stopped, wherever it is, leaves project, history and store as they were."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pytest

from app.session import Session
from layers.errors import Cancelled
from layers.files.kept import finish
from layers.files.store import default_store
from tests.scene.cities import city


class StopsAt:
    """Raises at the n-th report of progress."""

    def __init__(self, number: int) -> None:
        self.left = number

    def step(self, *_: object) -> None:
        """Count down."""
        self.left -= 1
        if self.left < 0:
            raise Cancelled


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson"])
def test_stopping_an_import_anywhere_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    monkeypatch.setenv("CITYSTAGE_CACHE", str(tmp_path / "cache"))
    data = city(6000)
    path = tmp_path / f"town{suffix}"
    shapes = data.shapes.to_shapely()
    frame = gpd.GeoDataFrame({"height": data.height}, geometry=shapes, crs="EPSG:4547")
    (frame if suffix == ".gpkg" else frame.to_crs(4326)).to_file(path)
    assert path.stat().st_size > 1_000_000  # such files are kept in the store
    session = Session(journaled=False)
    session.new("EPSG:4547")
    stopped = 0
    for number in range(40):
        progress = StopsAt(number)
        try:
            session.import_file(path, progress=progress)
        except Cancelled:
            stopped += 1
            assert session.project.layers == ()
            assert session.history.labels == ()
            finish()  # a file that was read whole is kept, even where its reader went away then
            assert not list(default_store().folder.glob("*.part"))
        else:
            break
    assert stopped >= 3
    (layer,) = session.project.layers
    assert len(layer.features) == 6000
    assert len(session.history.labels) == 1
    session.close()
