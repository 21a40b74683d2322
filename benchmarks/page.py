"""The page of figures: docs/benchmarks.md, worded from docs/benchmarks.json."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path

from benchmarks.goals import goal_rows
from benchmarks.running import Figures

PACKAGES = ("vtk", "pyvista", "numpy", "shapely", "pyogrio")
VIEWERS = {"deck": "deck.gl", "maplibre": "MapLibre GL", "cesium": "CesiumJS"}


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


def cells(figures: Figures, *keys: str) -> list[object]:
    """Give figures as cells: three digits below ten, none above."""
    return [shown(figures.get(key)) for key in keys]


def shown(value: object) -> str:
    """Word one figure."""
    if value is None:
        return "-"
    if isinstance(value, float | int) and not isinstance(value, bool):
        return f"{value:,.2f}" if abs(value) < 10 else f"{value:,.0f}"
    return str(value)


def frames(parts: Figures) -> str:
    """Word files at some sizes."""
    keys = ("t_import", "t_first", "ms_overview", "ms_near", "ms_overview_moving",
            "ms_near_moving", "ms_overview_smooth", "ms_near_smooth", "ms_pick",
            "peak_pss_mb")  # fmt: skip
    head = ("buildings", "import", "first picture", "overview", "near", "overview, moving",
            "near, moving", "overview, smooth", "near, smooth", "pick", "peak MB")  # fmt: skip
    rows = [[name_of(name), *cells(f, *keys)] for name, f in parts.items()]
    return f"""Milliseconds from libraries and our compiled
loops loaded (the window loads those while it waits for a file); the first picture includes the
import and the OpenGL context and is complete. `again` is a file that was read before. `overview`
and `near` are frames of the finished picture, `smooth` with smoothed edges as in the window at
rest, `moving` while the eye moves, with as many pixels as the window gives it then (half along a
side at least, as many as fit into a hundredth of a second): medians of 12 bearings, each forced to
finish. GeoJSON is text in longitude and latitude, so it is parsed and projected as well. Memory is
the peak of the proportional set size.

{table(head, rows)}"""


def name_of(text: str) -> str:
    """Write "100000 gpkg" with a comma."""
    number, _, rest = text.partition(" ")
    return f"{int(number):,} {rest}".strip()


def naive(parts: Figures) -> str:
    """Word what a user would write."""
    names = (("geopandas and PyVista", "naive"), ("Citystage", "ours"))
    rows = [[who, *cells(parts[key], "objects", "t_first")] for who, key in names]
    ratio = parts["naive"]["t_first"] / parts["ours"]["t_first"]
    return f"""What a user of geopandas and PyVista would write: an extrusion per building, then a
merge (`benchmarks/naive.py`); milliseconds to the first picture. The naive way takes {ratio:.1f}
times as long for so few buildings, and grows with their number.

{table(("", "buildings", "first picture"), rows)}"""


def web(parts: Figures) -> str:
    """Word the web viewers."""
    keys = ("t_first", "ms_overview", "ms_near", "ms_pick", "peak_pss_mb")
    rows: list[list[object]] = []
    for size, figures in parts.items():
        rows += [
            [f"{int(size):,}", f"Citystage, {who}", *cells(figures[who], *keys)]
            for who in ("geojson", "gpkg", "geojson again", "gpkg again")
            if who in figures
        ]
        if "gpkg" in figures:
            moving = ("-", "ms_overview_moving", "ms_near_moving", "-", "-")
            rows.append([f"{int(size):,}", "Citystage, moving", *cells(figures["gpkg"], *moving)])
            fine = ("-", "ms_overview_smooth", "ms_near_smooth", "-", "-")
            rows.append([f"{int(size):,}", "Citystage, smooth", *cells(figures["gpkg"], *fine)])
        rows += [
            [f"{int(size):,}", title, *cells(figures[who], *keys)]
            for who, title in VIEWERS.items()
            if who in figures
        ]
    head = ("buildings", "who", "first frame", "overview", "near", "pick", "peak MB")
    return f"""deck.gl, MapLibre GL and CesiumJS draw the same GeoJSON files from the same eyes with
the same software rasteriser, in a headless Chromium, in the same run; ours runs before and
after them. Milliseconds. To be fair: a browser carries several processes and their memory;
deck.gl is given one layer, where its users would cut tiles; CesiumJS is at its best with 3D
Tiles made before; ours draws sky, ground, haze and edges besides. Ratios on a software
rasteriser say nothing exact about a graphics card.

{table(head, rows)}"""


def scale(parts: Figures) -> str:
    """Word projects at their size."""
    sizes = [name for name in parts if name.isdigit()]
    rows: list[list[object]] = []
    words = {
        "t_open": "open the project", "t_first": "second start: to the complete picture",
        "ms_overview_moving": "overview frame, moving", "ms_near_moving": "near frame, moving",
        "ms_overview": "overview frame, at rest", "ms_near": "near frame, at rest",
        "ms_overview_smooth": "overview frame, at rest, smooth",
        "ms_near_smooth": "near frame, at rest, smooth",
        "ms_flight": "flight through the city, frame", "ms_flight_p95": "- 95 % of frames below",
        "ms_flight_worst": "- longest frame", "ms_recolour": "colour all by an attribute, drawn",
        "ms_filter": "hide every other building, drawn",
        "ms_frame_before_style": "- a frame of that view", "ms_edit": "height of one, drawn",
        "ms_undo": "- undone, drawn", "ms_move": "one moved, drawn",
        "ms_move_undone": "- undone, drawn", "ms_remove_ten": "ten removed, drawn",
        "ms_add_ten": "- and back, drawn", "ms_copy_ten": "ten copied, drawn",
        "ms_copy_undone": "- undone, drawn", "ms_pick_first": "first pick", "ms_pick": "pick",
        "ms_mesh": "full meshes from arrays", "peak_pss_mb": "peak memory, MB",
    }  # fmt: skip
    for key, text in words.items():
        rows.append([text, *(shown(parts[size].get(key)) for size in sizes)])
    for key, text in (("t_import", "import of the GeoPackage"), ("ms_save", "save the project"),
                      ("megabytes", "size of the project, MB")):  # fmt: skip
        rows.append([text, *(shown(parts.get(f"{size} made", {}).get(key)) for size in sizes)])
    for key, text in (("ms_save_again", "save again after an edit"),):
        rows.append([text, *(shown(parts.get(f"{size} stored", {}).get(key)) for size in sizes)])
    head = ("milliseconds", *(f"{int(size):,}" for size in sizes))
    return f"""A project is opened in a fresh process. The flight is the same way through every
city, low and winding, 60 m a frame.

{table(head, rows)}"""


def window(parts: Figures) -> str:
    """Word the flights in the window."""
    keys = ("t_open", "t_complete", "gap_median", "gap_worst", "gap_p99", "frames_per_second",
            "frames_at_rest", "peak_pss_mb")  # fmt: skip
    head = ("buildings", "opened", "complete", "longest gap, median", "longest gap, worst",
            "99 % of gaps below", "frames a second", "frames at rest", "peak MB")  # fmt: skip
    rows = [[f"{int(size):,}", *cells(f, *keys)] for size, f in parts.items()]
    return f"""The real window on a virtual display, 1280 x 720 pixels of city,
which come into the window as images where a program draws, as here. Five flights, a
new eye every 16 ms while pieces stream in; a gap is the time between two answers of the
window, milliseconds. At rest nothing is drawn. Memory is looked at while the project is
opened and in a sixth flight whose gaps do not count: to ask for it keeps frames waiting.

{table(head, rows)}"""


def limits(parts: Figures) -> str:
    """Word where the limit is."""
    rows: list[list[object]] = []
    said = []
    for size, f in parts.items():
        for view in ("overview", "near"):
            for how in ("moving", "still"):
                whole, half = f[f"{view}_{how}"], f[f"{view}_{how}_half"]
                empty = f[f"{view}_empty"]
                pixels = max(0.0, (whole - half) / 0.75)
                python = f[f"{view}_python"] if how == "moving" else None
                corners = max(whole - max(pixels, empty), 0.0)
                rows.append([f"{int(size):,}", f"{view}, {how}", *map(
                    shown, (whole, half, empty, pixels, corners, python))])  # fmt: skip
        said += [
            f"- {int(size):,}, {view}: {'; '.join(f.get(f'{view}_most', []))}"
            for view in ("overview", "near", "flight")
        ]
    head = ("buildings", "view", "frame", "half size", "empty", "pixels", "corners", "Python")
    return f"""Milliseconds. `half size` is a picture of half the width and height, `empty` one
without buildings.
`pixels` is what follows from the two sizes, `corners` what remains of the frame beside pixels (or
beside the empty picture, if that is more), `Python` the part of a moving frame in which nothing is
drawn: choosing, uploading, uniforms.

{table(head, rows)}

The functions that cost most beside drawing, per moving frame:

{chr(10).join(said)}"""


def viewers(parts: Figures) -> str:
    """Word the mesh viewers."""
    rows: list[list[object]] = []
    said = []
    for who in ("f3d", "open3d"):
        f = parts.get(who, {})
        if "skipped" in f:
            said.append(f"{f['skipped']}.")
        elif f:
            rows.append([who, *cells(f, "t_first", "ms_overview", "ms_near", "peak_pss_mb")])
    head = ("viewer", "first frame", "overview", "near", "peak MB")
    size = shown(parts.get("glb_mb"))
    return f"""The same city as one GLB file of {size} MB in viewers of meshes, from the
package index; milliseconds. They read meshes that are made already and know neither buildings
nor attributes.

{table(head, rows)}

{" ".join(said)}"""


def tiles(parts: Figures) -> str:
    """Word the real tiles."""
    keys = ("objects", "t_import", "t_first", "ms_moving", "ms_moving_p95", "ms_moving_worst",
            "ms_still", "peak_pss_mb")  # fmt: skip
    head = ("input", "buildings", "import", "first picture", "moving", "95 % below", "longest",
            "at rest", "peak MB")  # fmt: skip
    return f"""A flight of 240 frames along a real city; milliseconds.

{table(head, [[parts["input"], *cells(parts, *keys)]])}"""


AROUND = {
    "ground": "Terrain of 10,000 x 10,000 cells, beside reading it whole and a plain mesh.",
    "trees": "A hundred thousand trees of four forms over a square of 6 km.",
    "labels": "Chinese names, the same flight with and without them, eye by eye in turn: `more` is "
    "what a frame with them takes longer, `chosen` the part in which they are placed and laid out.",
    "shadows": "True shadows of 10,000 buildings and as many trees, beside a flight without them.",
    "drills": "A plan of a day with 500 elements, shown at seconds in no order: `scrub` is looking "
    "it up, putting it into the scene and the frame, `added` what of it is not the frame without.",
    "routing": "Ways through a hundred thousand edges: from one place to all, land within minutes, "
    "beside networkx with the same net, whose seconds must be the same.",
    "symbols": "Five thousand resources that make room for each other, the same flight with and "
    "without them; ten thousand people that all move before each frame, beside the empty square.",
}
PIPES = {
    "checks": "A hundred thousand pipes held against each other by all rules of clearance, beside "
    "every pair and a loop over a tree, which only find the pairs; seconds.",
    "bursts": "A burst in a network of fifteen thousand pipes: valves, walk, who is without water, "
    "each valve seized; beside numbering the segments with WNTR, whose time is told with the "
    "square of the count; milliseconds.",
    "drawn": "A hundred thousand pipes with nodes drawn, beside a tube for every run; "
    "milliseconds, each frame forced to its end.",
}


def around(parts: Figures) -> str:
    """Word what stands around buildings; what could not be measured is told."""
    out = ["Milliseconds where nothing else is said, each frame forced to its end."]
    for name, sentence in AROUND.items():
        figures = parts.get(name, {"missing": "it was not run"})
        if "missing" in figures:
            out.append(f"{sentence} Not measured: {figures['missing']}")
            continue
        rows = [[key.replace("_", " "), shown(value)] for key, value in level(figures).items()]
        out.append(f"{sentence}\n\n{table(('figure', name), rows)}")
    return "\n\n".join(out)


def level(figures: Figures) -> Figures:
    """Write figures within figures on one level, their names joined."""
    out: Figures = {}
    for key, value in figures.items():
        if isinstance(value, dict):
            out |= {f"{key} {name}": inner for name, inner in level(value).items()}
        else:
            out[key] = value
    return out


def sunlight(figures: Figures) -> str:
    """Word what was measured of sunlight."""
    rows = [[key.replace("_", " "), shown(value)] for key, value in figures.items()]
    return f"""Places on facades, one day minute by minute, beside a ray for every minute of some of
them: the share says how many minutes are counted in the time that one bare ray takes.

{table(("figure", "sunlight"), rows)}"""


def six_lines(figures: Figures) -> str:
    """Word what was measured of control lines."""
    rows = [[key.replace("_", " "), shown(value)] for key, value in figures.items()]
    return f"""Buildings held against control lines of six classes with all setbacks, beside a tenth
of the city, and beside a loop over every pair, whose time is told with the product of the counts;
seconds.

{table(("figure", "control lines"), rows)}"""


def pipes(parts: Figures) -> str:
    """Word what was measured underground."""
    out = []
    for name, sentence in PIPES.items():
        rows = [[key.replace("_", " "), shown(value)] for key, value in parts[name].items()]
        out.append(f"{sentence}\n\n{table(('figure', name), rows)}")
    return "\n\n".join(out)


def popping(parts: Figures) -> str:
    """Word what levels of detail change in the picture."""
    error, added, worst, worst99 = cells(
        parts, "error", "added", "added_worst_step", "added_worst_p99"
    )
    moved, most, most99 = cells(parts, "moved", "moved_worst_step", "moved_worst_p99")
    return f"""{parts["steps"]} complete pictures of {parts["input"]} with smooth edges from
twelve kilometres to one, each beside the picture with every building in full; means over squares
of 8 pixels, grey levels of 255. A step moves the full picture by {moved} in the mean ({most} at
most, the strongest hundredth of the squares by {most99}). Levels of detail change {added} more in
the mean ({worst} in the worst step, its strongest hundredth {worst99}); a picture is {error} off
the full one."""


def soak(parts: Figures) -> str:
    """Word the long flight."""
    grows = "memory grew" if parts.get("grows") else "memory did not grow"
    slope, rise, level, peak = cells(parts, "mb_per_minute", "mb_rise", "mb_warm", "mb_peak")
    medians, lows = (
        ", ".join(f"{mb:,.0f}" for mb in parts.get(name, [])) for name in ("mb_tenths", "mb_lows")
    )
    left = " and ".join(f"{mb:,.0f}" for mb in parts.get("mb_left", []))
    return f"""{parts["minutes"]:g} minutes over {parts["input"]}, {parts["frames"]:,} frames with
picks, selections and edits: {grows}. Level {level} MB, peak {peak} MB, at most
{parts["props"]} things on stage; a line through all samples after a third of the time has a slope
of {slope} MB a minute. A driver that draws without a graphics card keeps parts of pictures until it
is made to let go of them at rest; what is kept for good shows in the lows, which rose by
{rise} MB. In ten stretches: medians {medians};
lows {lows}. When the city was closed {left} MB were left, after a first short
round and after all."""


SECTIONS: dict[str, tuple[str, Callable[[Figures], str]]] = {
    "frames": ("Files", frames),
    "naive": ("The naive way", naive),
    "peers": ("Beside web viewers", web),
    "scale": ("A project at its size", scale),
    "window": ("The window", window),
    "limits": ("Where the limit is", limits),
    "popping": ("Levels of detail coming nearer", popping),
    "viewers": ("Beside viewers of meshes", viewers),
    "tiles": ("Real tiles", tiles),
    "around": ("The world around", around),
    "pipes": ("Pipes", pipes),
    "sunlight": ("Sunlight", sunlight),
    "six-lines": ("Control lines", six_lines),
    "soak": ("A long flight", soak),
}


def section(name: str, part: Figures) -> str:
    """Word one part, whatever became of it."""
    title, word = SECTIONS[name]
    when = part["date"][:10]
    if "skipped" in part:
        return f"## {title}\nNot measured on {when}: {part['skipped']}."
    if "failed" in part:
        return f"## {title}\nFailed on {when}: {part['failed']}"
    count = part["repeats"]
    times = "once" if count == 1 else f"in {count} fresh processes"
    note = f"Measured {times} on {when}; it took {part['minutes']:g} minutes."
    return f"## {title}\n{word(part['figures'])}\n\n{note}"


def page(figures: Figures) -> str:
    """Word all figures as the page of the documentation."""
    parts = figures["parts"]
    machines = {part["machine"] for part in parts.values()}
    sections = [section(name, parts[name]) for name in SECTIONS if name in parts]
    goals = goal_rows(parts, figures.get("before", {}))
    head = ("what", "wanted", "measured", "before levels of detail", "reached")
    return f"""# Benchmarks

Written by `make bench`. Each figure is a median of fresh processes; trust ratios taken in one run
more than milliseconds. Pictures are 1280 x 720, drawn by whatever OpenGL there is (here a software
rasteriser on the processor, no graphics card).

Machine: {"; ".join(sorted(machines)) or machine()}.

The cities are made up: rectilinear footprints of 4 to 12 corners on a 30 m grid, 5 % of them with
a courtyard (`benchmarks/cities.py`).

## Goals
{table(head, goals) if goals else "Nothing measured yet."}

{chr(10).join(f"{text}{chr(10)}" for text in sections)}
## Again
`make bench` runs the quick parts and writes this page; `python -m benchmarks --all` runs
everything (about two hours), `--only peers` one part; `python -m benchmarks --help` tells what is
needed. One file alone, as one JSON line:

```
python -m benchmarks.city_frames --input FILE --views overview,near --json
```
"""
