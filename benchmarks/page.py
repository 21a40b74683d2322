"""The page of figures: docs/benchmarks.md."""

from __future__ import annotations

import datetime
import os
import platform
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

Figures = dict[str, Any]
NAIVE = 2_000  # buildings; the naive way takes minutes for more
PACKAGES = ("vtk", "pyvista", "numpy", "shapely", "pyogrio")


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Write a Markdown table, the first column to the left."""
    lines = [f"| {' | '.join(head)} |", f"|---{'|--:' * (len(head) - 1)}|"]
    lines += [f"| {' | '.join(str(cell) for cell in row)} |" for row in rows]
    return "\n".join(lines)


def machine() -> str:
    """Name the processor, its number, the memory and the versions that matter."""
    name = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        models = [x for x in cpuinfo.read_text().splitlines() if x.startswith("model name")]
        name = models[0].split(":", 1)[1].strip() if models else name
    parts = ", ".join(f"{package} {version(package)}" for package in PACKAGES)
    python = f"{platform.system()}, Python {platform.python_version()}"
    return f"{name}, {os.cpu_count()} processors seen, {python}, {parts}"


def frame_rows(sizes: Sequence[int], figures: dict[str, Figures]) -> list[list[object]]:
    """Give a row per size and format: import, first picture, frames, pick, memory."""
    rows: list[list[object]] = []
    for size in sizes:
        for suffix in ("gpkg", "geojson"):
            f = figures[f"frames {size} {suffix}"]
            times = [round(f[k]) for k in ("t_import", "t_first", "ms_overview", "ms_near")]
            rows.append([f"{size:,} {suffix}", *times, f["ms_pick"], round(f["peak_pss_mb"])])
    return rows


def storing_rows(sizes: Sequence[int], figures: dict[str, Figures]) -> list[list[object]]:
    """Give a row per size: save, save again, open, size of the file."""
    rows: list[list[object]] = []
    for size in sizes:
        f = figures[f"stored {size}"]
        times = [round(f[k]) for k in ("ms_save", "ms_save_again", "ms_open")]
        rows.append([f"{size:,}", *times, f["megabytes"]])
    return rows


def ratio_rows(sizes: Sequence[int], figures: dict[str, Figures]) -> list[list[object]]:
    """Give the ratios: naive over ours, and the largest size over the smallest."""
    naive, ours = figures["naive"], figures["frames naive"]
    small, large = (figures[f"frames {n} gpkg"] for n in (sizes[0], sizes[-1]))
    way, times = f"{sizes[0]:,} to {sizes[-1]:,}", f"{sizes[-1] / sizes[0]:g} times the buildings"
    each = naive["t_first"] / NAIVE / (large["t_first"] / sizes[-1])
    rows: list[list[object]] = [
        ["first picture, naive over ours", f"{NAIVE:,}", _ratio(naive, ours, "t_first", 2)],
        [
            "the same per building",
            f"{NAIVE:,}, {sizes[-1]:,}",
            round(each, 1),
        ],
        [f"import, {times}", way, _ratio(large, small, "t_import", 1)],
        [f"first picture, {times}", way, _ratio(large, small, "t_first", 1)],
        [f"near frame, {times}", way, _ratio(large, small, "ms_near", 2)],
        [f"overview frame, {times}", way, _ratio(large, small, "ms_overview", 2)],
    ]
    return rows


def _ratio(a: Figures, b: Figures, key: str, digits: int) -> float:
    return float(round(a[key] / b[key], digits))


def page(sizes: Sequence[int], figures: dict[str, Figures], repeats: int) -> str:
    """Word the figures as the page of the documentation."""
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    head = ("buildings", "import", "first picture", "overview", "near", "pick", "peak MB")
    return f"""# Benchmarks

Made by `make bench` on {today}. Each figure is the median of {repeats} fresh processes; trust
ratios taken in one run more than milliseconds. The picture is drawn off-screen at 1280 x 720 by
whatever OpenGL there is (here a software rasteriser on the processor, no GPU).

Machine: {machine()}.

The city is made up by `benchmarks/cities.py`: rectilinear footprints of 4 to 12 corners on a 30 m
grid, 5 % of them with a courtyard.

## Import and first picture
Milliseconds, counted from libraries loaded; the first picture includes the import. `overview` and
`near` are frames, the medians of 12 bearings, each forced to finish. GeoJSON is text in longitude
and latitude: it is parsed and projected as well. Memory is the peak of the proportional set size.

{table(head, frame_rows(sizes, figures))}

## Saving and opening
Milliseconds for a project of one layer; `again` is the second save, after the height of one
building changed.

{table(("buildings", "save", "save again", "open", "file MB"), storing_rows(sizes, figures))}

## Ratios
The naive way is what a user of geopandas and PyVista would write: an extrusion per building, then
a merge (`benchmarks/naive.py`).

{table(("what", "buildings", "ratio"), ratio_rows(sizes, figures))}

## Again
`make bench` runs all of it and writes this page. One file alone, as one JSON line:

```
python -m benchmarks.city_frames --input FILE --views overview,near --json
```
"""
