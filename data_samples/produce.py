"""From the plan to the files, step by step."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from data_samples import city as district
from data_samples import (
    control_lines,
    ground,
    imagery,
    pipe_errors,
    pipe_tables,
    pipes,
    tables,
    terrain,
    trees,
    write,
)
from data_samples.frame import Floats
from data_samples.raster import Classes
from data_samples.trees import Trees

if TYPE_CHECKING:
    from data_samples import SampleFiles

STEPS = ("plan", "ground", "trees", "terrain", "orthophoto", "vector layers", "control lines",
         "pipes")  # fmt: skip


def produce(files: SampleFiles, progress: Callable[[int, int, str], None] | None = None) -> None:
    """Build the district and write `files`.

    Parameters
    ----------
    files : SampleFiles
        Paths to write.
    progress : callable, optional
        Told steps done, steps in all, and the step that begins.
    """

    def tell(step: int) -> None:
        if progress:
            progress(step, len(STEPS), STEPS[step] if step < len(STEPS) else "")

    path = {(file.kind, file.layer): file.path for file in files}
    tell(0)
    city = district.build()
    tell(1)
    grid = ground.paint(city)
    tell(2)
    wood = trees.plant(city, grid)
    write.tree_list(wood, path["trees", ""])
    tell(3)
    heights = terrain.heights(city)
    write.elevation(heights, terrain.CELL, path["terrain", ""])
    tell(4)
    with ThreadPoolExecutor(max_workers=1) as beside:
        photograph = beside.submit(_photograph, grid, wood, heights, path["imagery", ""])
        _vectors(city, path, tell)
        tell(7)
        survey = pipes.lay_everything(city, heights, terrain.CELL)
        pipe_tables.workbook(*pipe_errors.survey_rows(survey), path["pipes", ""])
        photograph.result()
    tell(len(STEPS))


def _photograph(grid: Classes, wood: Trees, heights: Floats, path: Path) -> None:
    imagery.crowns(grid, wood)
    write.photograph(imagery.develop(grid, heights, terrain.CELL), ground.CELL, path)


def _vectors(
    city: district.City, path: dict[tuple[str, str], Path], tell: Callable[[int], None]
) -> None:
    tell(5)
    write.shapefile(tables.buildings(city), path["buildings", ""], "GBK", code_page=False)
    write.shapefile(tables.greenery(city), path["greenery", ""], "UTF-8", code_page=True)
    write.geojson(tables.water(city), path["water", ""])
    write.geojson(tables.places(city), path["places", ""])
    tell(6)
    found = control_lines.controls(city)
    write.drawing(found, path["control-lines", ""])
    write.geopackage(
        path["roads", "roads"],
        (
            ("districts", "用地", tables.districts(city)),
            ("roads", "道路", tables.roads(city)),
            ("rail", "轨道", tables.rail_lines()),
            ("stations", "轨道站点", tables.station_points()),
            ("control_lines", "控制线", tables.control_table(found, areas=False)),
            ("control_areas", "控制范围", tables.control_table(found, areas=True)),
        ),
    )
