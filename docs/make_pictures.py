"""Make the pictures of the README and the user guide from the sample city.

Run it with ``make pictures``, or: python docs/make_pictures.py [--only window|drawn] [--out FOLDER]

Everything is made anew: the sample city in a temporary folder, pictures drawn without a window,
and pictures of the real window on a virtual screen of its own (`window_pictures.py`). Settings,
logs and caches of the person who runs it are not touched.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image

if TYPE_CHECKING:
    from app.api import City

HERE = Path(__file__).resolve().parent
LOCALES = ("en", "zh-CN")
SIZE = (1440, 810)  # pixels of the pictures that are drawn without a window
SMALL = (960, 540)  # of those that stand side by side
SCREEN = (1920, 1200)
COLOURS = 256
MOST_BYTES = 500_000  # of one picture
MOST_BYTES_ALL = 6_500_000


@dataclass(frozen=True)
class Drawn:
    """A picture that is drawn without a window.

    Attributes
    ----------
    name : str
        Start of the file name; the language follows.
    view : dict of str to str
        Name of the view in each language.
    options : dict
        What `City.render` is told besides.
    prepare : callable or None
        Changes the city before, given the city and the language.
    """

    name: str
    view: dict[str, str]
    options: dict[str, Any]
    prepare: Callable[[City, str], None] | None = None


#: Heights as building codes part them: to 10 m, 27 m, 54 m, 100 m, and above; metres.
STEPS = ((0.0, 10.0), (10.0, 27.0), (27.0, 54.0), (54.0, 100.0), (100.0, 1000.0))
SHADES = ("#f6ecd2", "#f2c879", "#e08a4f", "#b4484a", "#66244f")


def colour_heights(city: City, locale: str) -> None:
    """Colour the buildings by the height classes of planners."""
    from layers.style import Colouring, Entry

    last = "> 100 m"
    lines = tuple(
        Entry(last if high == 1000.0 else f"{low:g} - {high:g} m", shade, low=low, high=high)
        for (low, high), shade in zip(STEPS, SHADES, strict=True)
    )
    name = "Buildings" if locale == "en" else "建筑"
    city.style(name, colouring=Colouring("height", "ranges", lines))


PICTURES = (
    Drawn("birds-eye", {"en": "Bird's eye", "zh-CN": "总体鸟瞰"}, {}),
    Drawn("land-use", {"en": "Land-use plan", "zh-CN": "用地规划"}, {}),
    Drawn("control-lines", {"en": "Control lines", "zh-CN": "控制线"}, {}),
    Drawn(
        "heights",
        {"en": "Bird's eye", "zh-CN": "总体鸟瞰"},
        {"hide": ("trees", "imagery")},
        colour_heights,
    ),
    *(
        Drawn(
            f"look-{look}", {"en": "Old town", "zh-CN": "滨江古城"}, {"look": look, "size": SMALL}
        )
        for look in ("white", "realistic", "night", "blueprint")
    ),
)


def shrink(path: Path) -> int:
    """Write a PNG with a palette, without text inside, and give its size in bytes.

    The palette covers the rare colours, too: those of legends and signs have to be right.
    """
    with Image.open(path) as opened:
        whole = opened.convert("RGB")
    small = whole.quantize(
        COLOURS, method=Image.Quantize.MAXCOVERAGE, kmeans=1, dither=Image.Dither.NONE
    )
    small.save(path, optimize=True)
    return path.stat().st_size


def draw(sample: Path, locale: str, out: Path) -> None:
    """Draw `PICTURES` of the sample in one language."""
    from app import api

    for picture in PICTURES:
        with api.open_project(sample, read_only=True) as city:
            if picture.prepare is not None:
                picture.prepare(city, locale)
            told = {"size": SIZE} | picture.options
            drawn = city.render(picture.view[locale], locale=locale, **told)
            drawn.save(out / f"{picture.name}-{locale}.png")


def photograph(sample: Path, locale: str, out: Path) -> None:
    """Take pictures of the window in a process of its own."""
    script = HERE / "window_pictures.py"
    subprocess.run([sys.executable, script, locale, sample, out], check=True)


def make(out: Path, only: str) -> list[Path]:
    """Make the pictures in both languages.

    Parameters
    ----------
    out : pathlib.Path
        Folder, made where it is missing.
    only : str
        ``"window"``, ``"drawn"``, or "" for both.
    """
    from app.sample import build_sample

    out.mkdir(parents=True, exist_ok=True)
    before = {path: path.stat().st_mtime_ns for path in out.glob("*.png")}
    with tempfile.TemporaryDirectory() as folder:
        for name in ("CONFIG", "STATE", "CACHE"):
            os.environ[f"CITYSTAGE_{name}"] = str(Path(folder) / name.lower())
        for locale in LOCALES:
            os.environ["CITYSTAGE_LANG"] = locale
            sample = build_sample(Path(folder) / locale, locale=locale)
            if only != "window":
                draw(sample, locale, out)
            if only != "drawn":
                photograph(sample, locale, out)
    return sorted(path for path in out.glob("*.png") if path.stat().st_mtime_ns != before.get(path))


def main() -> int:
    """Make the pictures, shrink them, and tell their sizes; 1 where one is too large."""
    from pyvirtualdisplay.display import Display

    parser = argparse.ArgumentParser(description="Make the pictures of the README and the guide.")
    parser.add_argument("--out", type=Path, default=HERE / "pictures")
    parser.add_argument("--only", choices=("window", "drawn"), default="")
    given = parser.parse_args()
    with Display(visible=False, size=SCREEN):
        made = make(given.out, given.only)
    sizes = {path: shrink(path) for path in made}
    for path, count in sizes.items():
        print(f"{count / 1000:7.0f} kB  {path.name}")  # noqa: T201
    whole = sum(path.stat().st_size for path in given.out.glob("*.png"))
    print(f"{whole / 1000:7.0f} kB in all")  # noqa: T201
    return int(max(sizes.values(), default=0) > MOST_BYTES or whole > MOST_BYTES_ALL)


if __name__ == "__main__":
    sys.path.insert(0, str(HERE.parent))
    sys.exit(main())
