"""The web viewers beside us: the same files, cameras and rasteriser, in one run.

    python -m benchmarks.peers --harness DIR --sizes 50000,100000

DIR holds a harness that drives deck.gl, MapLibre GL and CesiumJS in a headless Chromium
(``drive.mjs``, ``make_city.py``, ``package.json``). It is copied to a folder of its own, where npm
installs its packages and where the files of the cities are made; nothing of it stays unless
``--work`` names that folder. Ours runs before and after the viewers; one JSON line at the end.

A viewer's own time from its libraries loaded to the first frame finished is compared with ours
from libraries loaded; the median of 12 bearings of a frame forced to finish; the memory of all its
processes. Screenshots of every viewer and of ours lie in ``--pictures``.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from pathlib import Path

from benchmarks.running import (
    ROOT,
    FailedError,
    Figures,
    NotHereError,
    last_json,
    medians,
    once,
    said,
)

VIEWERS = ("deck", "maplibre", "cesium")
NEEDED = ("drive.mjs", "make_city.py", "package.json", "common.js")
CHROMIUM = Path("/usr/bin/chromium")  # where the harness looks for it
CESIUM_MOST = 50_000  # buildings; it takes minutes for more


def check(harness: Path) -> None:
    """See whether all that is needed is here.

    Raises
    ------
    NotHereError
        Naming what is not.
    """
    gone = [name for name in NEEDED if not (harness / name).is_file()]
    if gone:
        raise NotHereError(
            f"the harness of the web viewers lacks {', '.join(gone)} in {harness.name}/"
        )
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            raise NotHereError(f"the web viewers need {program}, which is not installed")
    if not CHROMIUM.exists():
        raise NotHereError(f"the web viewers need Chromium at {CHROMIUM}, which is not installed")


def prepare(harness: Path, work: Path) -> None:
    """Copy the harness and install its packages, unless they are there."""
    for file in harness.iterdir():
        if file.is_file():
            shutil.copy(file, work / file.name)
    if not (work / "node_modules").is_dir():
        print("  npm install ...", flush=True)
        said(["npm", "install", "--no-audit", "--no-fund"], limit=900.0, folder=work)
    overview_last = "of ['near','overview']"
    for name in VIEWERS:  # a second page that ends at the overview, for its screenshot
        page = (work / f"{name}.html").read_text(encoding="utf-8")
        turned = page.replace("of ['overview','near']", overview_last)
        (work / f"{name}_far.html").write_text(turned, encoding="utf-8")


def viewer(name: str, size: int, work: Path, data: Path, pictures: Path | None) -> Figures:
    """Run one viewer once."""
    place = {"CITY_DATA": str(data)}
    command: list[str | Path] = ["node", work / "drive.mjs", name, str(size), "gl"]
    figures = last_json(said(command, limit=400.0, folder=work, environment=place))
    print(f"  {name} {size}: {json.dumps(figures)}", flush=True)
    if figures.get("fail"):
        raise FailedError(f"{name} {size}: {figures['fail']}")
    picture = data / f"{name}_{size}.png"
    if pictures is not None and picture.exists():
        shutil.copy(picture, pictures / picture.name)
    return figures


def ours(size: int, data: Path, pictures: Path | None) -> dict[str, Figures]:
    """Run ours once for each format."""
    out = {}
    for suffix in ("geojson", "gpkg"):
        arguments: list[str | Path] = ["--input", data / f"city_{size}.{suffix}"]
        if pictures is not None and suffix == "gpkg":
            arguments += ["--pictures", pictures]
        with tempfile.TemporaryDirectory() as cache:
            try:
                for tail in ("", " again"):
                    out[f"{suffix}{tail}"] = once("city_frames", *arguments, CITYSTAGE_CACHE=cache)
            except FailedError as error:
                print(f"  ours {size} {suffix}: {error}", file=sys.stderr, flush=True)
    return out


def compare(
    size: int, work: Path, data: Path, *, repeats: int, every: bool, pictures: Path | None
) -> dict[str, Figures]:
    """Run ours, the viewers and ours again at one size; medians by who."""
    runs: dict[str, list[Figures]] = {}

    def add(who: str, figures: Figures) -> None:
        runs.setdefault(who, []).append(figures)

    for number in range(repeats):
        for who, figures in ours(size, data, pictures if number == 0 else None).items():
            add(who, figures)
        for name in VIEWERS:
            if name == "cesium" and (number > 0 or (size > CESIUM_MOST and not every)):
                continue
            try:
                add(name, viewer(name, size, work, data, pictures))
            except FailedError as error:
                print(f"  {name} {size}: {error}", file=sys.stderr, flush=True)
    for who, figures in ours(size, data, None).items():
        add(who, figures)
    return {who: medians(list_) for who, list_ in runs.items()}


def run(
    harness: Path,
    sizes: list[int],
    *,
    work: Path,
    repeats: int = 1,
    every: bool = False,
    pictures: Path | None = None,
) -> Figures:
    """Compare at every size; the figures by size and who."""
    check(harness)
    prepare(harness, work)
    data = work / "cities"
    data.mkdir(exist_ok=True)
    missing = [str(size) for size in sizes if not (data / f"city_{size}.geojson").exists()]
    if missing:
        said([sys.executable, work / "make_city.py", *missing], limit=600.0,
             environment={"CITY_DATA": str(data)})  # fmt: skip
    out: Figures = {}
    for size in sizes:
        out[str(size)] = compare(size, work, data, repeats=repeats, every=every, pictures=pictures)
    if pictures is not None:
        for name in VIEWERS[:2] if sizes[0] > CESIUM_MOST and not every else VIEWERS:
            try:
                viewer(f"{name}_far", sizes[0], work, data, pictures)
            except FailedError as error:
                print(f"  {name}: {error}", file=sys.stderr, flush=True)
    return out


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--harness", type=Path, required=True)
    parser.add_argument("--sizes", default="50000,100000")
    parser.add_argument("--repeats", type=int, default=1)
    parser.add_argument("--every", action="store_true", help="CesiumJS at large sizes too")
    parser.add_argument("--work", type=Path, help="folder to keep packages and cities in")
    parser.add_argument("--pictures", type=Path, help="folder for the screenshots")
    args = parser.parse_args()
    sizes = [int(size) for size in args.sizes.split(",")]
    harness = args.harness.resolve()
    if args.pictures is not None:
        args.pictures.mkdir(parents=True, exist_ok=True)
    pictures = args.pictures.resolve() if args.pictures is not None else None
    with tempfile.TemporaryDirectory() as name:
        work = Path(args.work).resolve() if args.work is not None else Path(name)
        work.mkdir(parents=True, exist_ok=True)
        if ROOT in work.parents:
            parser.error("the packages do not belong into the project; choose another --work")
        try:
            figures = run(harness, sizes, work=work, repeats=args.repeats, every=args.every,
                          pictures=pictures)  # fmt: skip
        except NotHereError as error:
            print(f"skipped: {error}", file=sys.stderr)
            print(json.dumps({"skipped": str(error)}))
            return 0
    print(json.dumps(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
