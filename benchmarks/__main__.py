"""Run the benchmarks and write docs/benchmarks.md.

    make bench                                   the quick ones, some minutes
    python -m benchmarks --all                   everything: about two hours on two cores
    python -m benchmarks --only peers,window     some parts; see benchmarks/parts.py
    python -m benchmarks --page-only             words the figures again, measures nothing

``--all`` takes cities of 100,000 and 1,000,000 buildings, a flight of 30 minutes, mesh viewers from
the package index, and, where they are found, the web viewers (``--harness DIR``, else ``peers/``
in the folder named by CITYSTAGE_SHARED or in ``../shared``; Chromium and node are needed) and real
tiles of a city (``--tiles FILE_OR_DIR``, else a folder ``*-tiles`` beside the real data). It wants
8 GB of memory and 6 GB of disk; ``--folder`` keeps cities, projects and packages for the next run,
``--pictures`` the screenshots of all viewers for a look by eye. For the figures to count nothing
else should run on the machine.

Each part runs in processes of its own. A part that fails is told, on the page too, and the others
go on; figures are kept in docs/benchmarks.json after every part, so that a run may be broken off
and parts may be run one by one. The exit code is 1 if any part failed.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import sys
import tempfile
import time
import traceback
from pathlib import Path

from benchmarks.page import machine, page
from benchmarks.parts import PARTS, QUICK, Plan, space, warm
from benchmarks.running import ROOT, FailedError, Figures, NotHereError

PAGE = ROOT / "docs" / "benchmarks.md"
SHARED = Path(os.environ.get("CITYSTAGE_SHARED", ROOT.parent / "shared" / "data"))
ROOM = 3.0  # GB of disk that should be free


def kept(path: Path) -> Figures:
    """Give the figures of earlier runs."""
    if not path.exists():
        return {"parts": {}}
    figures: Figures = json.loads(path.read_text(encoding="utf-8"))
    return figures


def keep(path: Path, figures: Figures) -> None:
    """Write the figures, and the page beside them."""
    path.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    path.with_suffix(".md").write_text(page(figures), encoding="utf-8")


def measure(name: str, plan: Plan) -> Figures:
    """Run one part; what goes wrong is part of what it gives."""
    begin = time.monotonic()
    out: Figures = {"date": datetime.datetime.now(datetime.UTC).isoformat(timespec="minutes")}
    print(f"{name} ...", flush=True)
    try:
        out["figures"] = PARTS[name](plan)
    except NotHereError as error:
        out["skipped"] = str(error)
        print(f"  skipped: {error}", file=sys.stderr, flush=True)
    except FailedError as error:
        out["failed"] = str(error)
        print(f"  failed: {error}", file=sys.stderr, flush=True)
    except Exception as error:  # noqa: BLE001 - the other parts shall run all the same
        traceback.print_exc()
        out["failed"] = repr(error)[:300]
    out["minutes"] = round((time.monotonic() - begin) / 60.0, 1)
    out["machine"], out["repeats"] = machine(), plan.repeats
    return out


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--all", action="store_true", help="the long ones too")
    parser.add_argument("--only", default="", help=f"some of: {', '.join(PARTS)}")
    parser.add_argument("--small", default="", help="sizes of cities as files")
    parser.add_argument("--large", default="", help="sizes of cities as projects")
    parser.add_argument("--repeats", type=int, default=0, help="processes a figure is taken from")
    parser.add_argument("--minutes", type=float, default=30.0, help="of the long flight")
    parser.add_argument("--harness", type=Path, default=SHARED.parent / "peers")
    parser.add_argument("--tiles", type=Path, default=next(SHARED.glob("*-tiles"), None))
    parser.add_argument("--folder", type=Path, help="keeps cities and projects")
    parser.add_argument("--pictures", type=Path, help="folder for screenshots")
    parser.add_argument("--page", type=Path, default=PAGE)
    parser.add_argument("--page-only", action="store_true")
    return parser.parse_args()


def plan_of(args: argparse.Namespace, folder: Path) -> Plan:
    """Turn the command line into a plan."""

    def sizes(text: str, usual: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(int(size) for size in text.split(",")) if text else usual

    pictures = args.pictures.resolve() if args.pictures else None
    if pictures is not None:
        pictures.mkdir(parents=True, exist_ok=True)
    return Plan(
        folder,
        args.repeats or (3 if args.all else 1),
        sizes(args.small, (10_000, 50_000, 100_000) if args.all else (10_000, 100_000)),
        sizes(args.large, (100_000, 1_000_000) if args.all else (100_000,)),
        args.minutes,
        args.harness.resolve() if args.harness else None,
        args.tiles.resolve() if args.tiles else None,
        pictures,
    )


def main() -> int:
    """Run from the command line."""
    args = arguments()
    store: Path = args.page.with_suffix(".json")
    figures = kept(store)
    if args.page_only:
        keep(store, figures)
        return 0
    names = [*PARTS] if args.all else [*QUICK]
    if args.only:
        names = [name.strip() for name in args.only.split(",")]
        if unknown := sorted(set(names) - set(PARTS)):
            print(f"there are no parts {', '.join(unknown)}", file=sys.stderr)
            return 2
    with tempfile.TemporaryDirectory() as temporary:
        folder = args.folder.resolve() if args.folder else Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        plan = plan_of(args, folder)
        if space(folder) < ROOM:
            print(f"little room: {space(folder):.1f} GB are free in {folder}", file=sys.stderr)
        try:
            warm(plan)
        except FailedError as error:
            print(f"the first run failed: {error}", file=sys.stderr)
        for name in names:
            figures["parts"][name] = measure(name, plan)
            keep(store, figures)
    print(f"wrote {args.page}")
    return int(any("failed" in figures["parts"][name] for name in names))


if __name__ == "__main__":
    sys.exit(main())
