"""Run the benchmarks and write docs/benchmarks.md.

Each figure is the median of several fresh processes; the same run measures ours, the naive way and
ten times the size, so that ratios hold whatever the machine is doing besides.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.cities import city_file
from benchmarks.page import NAIVE, Figures, page

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "benchmarks.md"


def measured(module: str, path: Path, repeats: int) -> Figures:
    """Run a benchmark in fresh processes and give the median of each figure."""
    runs = []
    for _ in range(repeats):
        done = subprocess.run(
            [sys.executable, "-m", f"benchmarks.{module}", "--input", str(path)],
            capture_output=True, text=True, check=True, cwd=ROOT,
        )  # fmt: skip
        runs.append(json.loads(done.stdout.strip().splitlines()[-1]))
        print(f"  {module} {path.name}: {runs[-1]}", flush=True)
    return {
        key: statistics.median(run[key] for run in runs)
        if isinstance(value, int | float)
        else value
        for key, value in runs[0].items()
    }


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="10000,100000")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--page", type=Path, default=PAGE)
    args = parser.parse_args()
    sizes = [int(size) for size in args.sizes.split(",")]
    figures: dict[str, Figures] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        warm = city_file(500, folder)
        measured("city_frames", warm, 1)  # compiled kernels are kept from here on
        few = city_file(NAIVE, folder)
        figures["naive"] = measured("naive", few, args.repeats)
        figures["frames naive"] = measured("city_frames", few, args.repeats)
        for size in sizes:
            for suffix in (".gpkg", ".geojson"):
                path = city_file(size, folder, suffix)
                figures[f"frames {size} {suffix[1:]}"] = measured("city_frames", path, args.repeats)
            figures[f"stored {size}"] = measured("storing", city_file(size, folder), args.repeats)
    args.page.write_text(page(sizes, figures, args.repeats), encoding="utf-8")
    print(f"wrote {args.page}")


if __name__ == "__main__":
    main()
