"""The sample city: 滨江新区 / Riverside New District, made by a program, the same every time.

`generate` lays out streets along a river, divides the land, builds on it, plants it, paints it from
above and writes everything in the formats that planning offices have. `data_samples/README.md` says
what each file holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from data_samples.frame import CRS, SEED
from data_samples.write import SampleFile

__all__ = [
    "CRS",
    "SEED",
    "TITLE_EN",
    "TITLE_ZH",
    "VERSION",
    "SampleFile",
    "SampleFiles",
    "generate",
]

VERSION: Final = "9"
"""Changes whenever the files that `generate` writes change."""

TITLE_ZH: Final = "滨江新区"
TITLE_EN: Final = "Riverside New District"

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class SampleFiles:
    """What `generate` wrote, in the order in which it is best imported.

    Attributes
    ----------
    folder : Path
        Where the files lie.
    files : tuple of SampleFile
        One entry per layer.
    """

    folder: Path
    files: tuple[SampleFile, ...]

    def __iter__(self) -> Iterator[SampleFile]:
        """The entries in turn."""
        return iter(self.files)

    def of_kind(self, kind: str) -> tuple[SampleFile, ...]:
        """The entries to be imported as `kind`."""
        return tuple(file for file in self.files if file.kind == kind)


def contents(folder: Path) -> SampleFiles:
    """What the sample consists of, whether or not it was written to `folder` yet."""
    plan, metric, degrees = folder / "滨江新区规划.gpkg", CRS, "EPSG:4326"
    rows = (
        (folder / "dem_2m.tif", "terrain", "", metric, True, "Terrain", "地形"),
        (folder / "ortho_0.5m.tif", "imagery", "", metric, True, "Orthophoto", "正射影像"),
        (folder / "建筑.shp", "buildings", "", metric, True, "Buildings", "建筑"),
        (plan, "districts", "districts", metric, True, "Land use", "用地"),
        (plan, "roads", "roads", metric, True, "Roads", "道路"),
        (plan, "rail", "rail", metric, True, "Rail", "轨道"),
        (plan, "places", "stations", metric, True, "Metro stations", "轨道站点"),
        (folder / "water.geojson", "water", "", degrees, True, "Water", "水系"),
        (folder / "绿地.shp", "greenery", "", metric, True, "Green areas", "绿地"),
        (folder / "树木.csv", "trees", "", metric, False, "Trees", "树木"),
        (folder / "控制线.dxf", "control-lines", "", metric, False, "Drawing", "控制线图"),
        (plan, "control-lines", "control_lines", metric, True, "Control lines", "控制线"),
        (plan, "control-lines", "control_areas", metric, True, "Control areas", "控制范围"),
        (folder / "地下管线.xlsx", "pipes", "", metric, False, "Pipes", "地下管线"),
        (folder / "places.geojson", "places", "", degrees, True, "Places", "地名"),
    )  # fmt: skip
    return SampleFiles(folder, tuple(SampleFile(*row) for row in rows))


def generate(folder: Path, progress: Progress | None = None) -> SampleFiles:
    """Make the sample city.

    Parameters
    ----------
    folder : Path
        Created where it is missing; files of an earlier run are written over.
    progress : callable, optional
        Told steps done, steps in all, and what is being made. An exception it raises stops the
        work.

    Returns
    -------
    SampleFiles
        What was written.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:  # doctest: +SKIP
    ...     len(generate(Path(folder)).of_kind("buildings"))
    1
    """
    from data_samples.produce import produce

    folder.mkdir(parents=True, exist_ok=True)
    produce(contents(folder), progress)
    return contents(folder)
