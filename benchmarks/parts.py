"""The parts of the benchmarks: each gives figures, or says what is missing on this machine."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks import peers, running
from benchmarks.cities import city_file
from benchmarks.running import FailedError, Figures, NotHereError, measured, once

NAIVE = 2_000  # buildings; the naive way takes minutes for more
QUICK = ("frames", "naive", "scale", "window", "limits")
FORMATS = ("gpkg", "geojson")
#: What stands around buildings.
AROUND = ("ground", "trees", "labels", "shadows", "drills", "symbols", "routing")


@dataclass(frozen=True)
class Plan:
    """What is measured, and where things lie.

    Attributes
    ----------
    folder : pathlib.Path
        For cities, projects and the store of derived data; may be kept between runs.
    repeats : int
        Fresh processes of which the median counts.
    small, large : tuple of int
        Sizes of the cities for files, and for projects.
    minutes : float
        Of the long flight.
    harness, tiles, pictures : pathlib.Path or None
        The web viewers, real tiles of a city, a folder for pictures.
    """

    folder: Path
    repeats: int
    small: tuple[int, ...]
    large: tuple[int, ...]
    minutes: float
    harness: Path | None = None
    tiles: Path | None = None
    pictures: Path | None = None

    @property
    def cache(self) -> str:
        """Where the program keeps what it can compute again."""
        return str(self.folder / "cache")


def warm(plan: Plan) -> None:
    """Compile the kernels, which are kept from here on."""
    once("city_frames", "--input", city_file(500, plan.folder), CITYSTAGE_CACHE=plan.cache)
    once("window", "--input", project(plan, 500), "--flights", "1", "--steps", "60",
         CITYSTAGE_CACHE=plan.cache)  # fmt: skip


def frames(plan: Plan) -> Figures:
    """Files at some sizes and in two formats: the first time and the second."""
    out: Figures = {}
    for size in plan.small:
        for suffix in FORMATS:
            path = city_file(size, plan.folder, f".{suffix}")
            runs: dict[str, list[Figures]] = {"": [], " again": []}
            for _ in range(plan.repeats):
                with tempfile.TemporaryDirectory() as cache:
                    for list_ in runs.values():
                        list_.append(once("city_frames", "--input", path, CITYSTAGE_CACHE=cache))
            for tail, figures in runs.items():
                out[f"{size} {suffix}{tail}"] = running.medians(figures)
    return out


def naive(plan: Plan) -> Figures:
    """What a user would write, beside ours."""
    path = city_file(NAIVE, plan.folder)
    return {
        "naive": measured("naive", "--input", path, repeats=plan.repeats),
        "ours": measured("city_frames", "--input", path, repeats=plan.repeats,
                         CITYSTAGE_CACHE=plan.cache),
    }  # fmt: skip


def project(plan: Plan, size: int) -> Path:
    """Give the project of a city, made once."""
    path = plan.folder / f"project_{size}.gpkg"
    if not path.exists():
        making(plan, size, path)
    return path


def making(plan: Plan, size: int, path: Path, cache: str = "") -> Figures:
    """Import a city, save its project, draw it once; what is kept lies in the plan's cache."""
    source = city_file(size, plan.folder)
    return once("making", "--input", source, "--project", path,
                CITYSTAGE_CACHE=cache or plan.cache)  # fmt: skip


def scale(plan: Plan) -> Figures:
    """Projects at their size: made, then opened again in fresh processes."""
    out: Figures = {}
    for size in plan.large:
        path = plan.folder / f"project_{size}.gpkg"
        path.unlink(missing_ok=True)
        with tempfile.TemporaryDirectory() as fresh:  # a file nobody has read before
            out[f"{size} made"] = making(plan, size, path, fresh)
        making(plan, size, path)
        out[f"{size}"] = measured(
            "scale", "--input", path, repeats=plan.repeats, CITYSTAGE_CACHE=plan.cache
        )
        storing = once("storing", "--input", city_file(size, plan.folder),
                       CITYSTAGE_CACHE=plan.cache)  # fmt: skip
        out[f"{size} stored"] = storing
    return out


def window(plan: Plan) -> Figures:
    """Flights in the real window."""
    return {
        str(size): here(once("window", "--input", project(plan, size), "--flights", "5",
                             CITYSTAGE_CACHE=plan.cache))
        for size in plan.large
    }  # fmt: skip


def limits(plan: Plan) -> Figures:
    """Corners, pixels, uploads, Python."""
    return {
        str(size): once("limits", "--input", project(plan, size), CITYSTAGE_CACHE=plan.cache)
        for size in plan.large
    }


def web(plan: Plan) -> Figures:
    """The web viewers beside us."""
    if plan.harness is None or not plan.harness.is_dir():
        raise NotHereError("no harness of the web viewers; name its folder with --harness")
    work = plan.folder / "web"
    work.mkdir(exist_ok=True)
    sizes = [50_000, 100_000]
    repeats = max(plan.repeats - 1, 1)
    return peers.run(plan.harness, sizes, work=work, repeats=repeats, pictures=plan.pictures)


def viewers(plan: Plan) -> Figures:
    """Viewers of meshes."""
    arguments: list[str | Path] = ["--input", project(plan, plan.large[0])]
    arguments += ["--environment", plan.folder / "viewers"]
    if plan.pictures is not None:
        arguments += ["--pictures", plan.pictures]
    return once("viewers", *arguments, limit=3600.0, CITYSTAGE_CACHE=plan.cache)


def flythrough(plan: Plan) -> Figures:
    """Real tiles."""
    if plan.tiles is None or not plan.tiles.exists():
        raise NotHereError("no real tiles; name their file or folder with --tiles")
    arguments: list[str | Path] = ["--input", plan.tiles]
    if plan.pictures is not None:
        arguments += ["--pictures", plan.pictures]
    return once("flythrough", *arguments, limit=1800.0, CITYSTAGE_CACHE=plan.cache)


def pipes(plan: Plan) -> Figures:
    """Pipes held against each other, burst, and drawn, beside the naive ways."""
    return {
        "checks": measured("pipe_checks", repeats=plan.repeats, CITYSTAGE_CACHE=plan.cache),
        "bursts": measured("bursts", repeats=plan.repeats, CITYSTAGE_CACHE=plan.cache),
        "drawn": once("pipes", limit=1200.0, CITYSTAGE_CACHE=plan.cache),
    }


def soak(plan: Plan) -> Figures:
    """A long flight over the largest city."""
    return once(
        "soak", "--input", project(plan, plan.large[-1]), "--minutes", f"{plan.minutes:g}",
        "--quiet", limit=plan.minutes * 60.0 + 900.0, CITYSTAGE_CACHE=plan.cache,
    )  # fmt: skip


def around(plan: Plan) -> Figures:
    """What stands around buildings, each measured by a module of its own."""
    out: Figures = {}
    for name in AROUND:
        if not Path(__file__).with_name(f"{name}.py").exists():
            out[name] = {"missing": f"there is no benchmarks/{name}.py"}
            continue
        try:
            out[name] = once(name, limit=1200.0, CITYSTAGE_CACHE=plan.cache)
        except FailedError as error:
            out[name] = {"missing": str(error)}
    return out


def here(figures: Figures) -> Figures:
    """Give figures back unless they say that something was missing.

    Raises
    ------
    NotHereError
        If they do.
    """
    if "skipped" in figures:
        raise NotHereError(str(figures["skipped"]))
    return figures


def space(folder: Path) -> float:
    """Give the free space of a folder's disk, GB."""
    return shutil.disk_usage(folder).free / 1e9


def sunlight(plan: Plan) -> Figures:
    """Hours of sun on a hundred thousand places, beside the bare rate of rays."""
    return once("sunlight", CITYSTAGE_CACHE=plan.cache)


def six_lines(plan: Plan) -> Figures:
    """A hundred thousand buildings held against two thousand control lines."""
    return measured("six_lines", repeats=plan.repeats, CITYSTAGE_CACHE=plan.cache)


def popping(plan: Plan) -> Figures:
    """What levels of detail change in the picture while the eye comes nearer."""
    return once(
        "popping", "--input", city_file(plan.small[-1], plan.folder), CITYSTAGE_CACHE=plan.cache
    )


PARTS: dict[str, Callable[[Plan], Figures]] = {
    "frames": frames,
    "naive": naive,
    "peers": web,
    "scale": scale,
    "window": window,
    "limits": limits,
    "popping": popping,
    "viewers": viewers,
    "tiles": flythrough,
    "around": around,
    "pipes": pipes,
    "sunlight": sunlight,
    "six-lines": six_lines,
    "soak": soak,
}
