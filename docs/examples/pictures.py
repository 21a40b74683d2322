"""Draw a project's buildings by height, measure a distance, and keep a table. No display is needed.

Run it with: python pictures.py riverside.gpkg out
"""

from __future__ import annotations

import sys
from pathlib import Path

from app import api
from layers.errors import CityError


def main(project: Path, out: Path) -> None:
    """Write three files into `out`.

    Parameters
    ----------
    project : pathlib.Path
        A project file with a layer of buildings.
    out : pathlib.Path
        Folder, made where it is missing.
    """
    out.mkdir(parents=True, exist_ok=True)
    with api.open_project(project, read_only=True) as city:
        buildings = next(layer for layer in city.layers if layer.kind == "buildings")
        city.colour_by(buildings.name, "height", "ranges", steps=5)
        camera = city.overview(heading=20, pitch=-35)
        city.render(camera=camera, size=(1280, 720)).save(out / "heights.png")
        for view in city.views[:1]:
            city.render(view, size=(1280, 720), title=view.name).save(out / "view.png")
        west, south, east, north = buildings.data.extent() or (0.0, 0.0, 1.0, 1.0)
        found = city.measure_distance((west, south), (east, north), name="corner to corner")
        city.write_measurements(out / "measured.csv", [found])


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]), Path(sys.argv[2]))
    except CityError as error:
        sys.exit(str(error))
