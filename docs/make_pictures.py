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
from collections.abc import Callable, Sequence
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
MOST_BYTES_ALL = 14_000_000


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


#: Corners of a stepped tower that is placed as a hand-made model: half widths and height, metres.
TOWER = ((24.0, 0.0, 30.0), (18.0, 30.0, 110.0), (12.0, 110.0, 160.0), (2.0, 160.0, 190.0))
SQUARE = (509_160.0, 3_379_375.0)
RIDGE = [(508_200.0, 3_380_350.0), (508_900.0, 3_379_900.0), (509_700.0, 3_379_300.0)]


def place_tower(city: City, locale: str) -> None:
    """Put a tower of boxes, written as OBJ, where it hides what stands there."""
    from layers.files.model_choices import ModelChoices

    del locale
    lines, first = [], 1
    for half, low, high in TOWER:
        for z in (low, high):
            lines += [
                f"v {x * half} {y * half} {z}" for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1))
            ]
        faces = ((4, 3, 2, 1), (5, 6, 7, 8), (1, 2, 6, 5), (2, 3, 7, 6), (3, 4, 8, 7), (4, 1, 5, 8))
        lines += ["f " + " ".join(str(first - 1 + corner) for corner in face) for face in faces]
        first += 8
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tower.obj"
        path.write_text("\n".join(lines))
        city.import_file(path, model=ModelChoices(at=SQUARE, up="z", unit=1.0, turn=30.0))


def colour_themes(city: City, locale: str) -> None:
    """Give the objects the colours of their districts' themes."""
    del locale
    city.paint_themes()


def asked(kind: str, params: dict[str, Any]) -> Callable[[City, str], None]:
    """Ask an analysis and draw its marks, and those of no other answer."""

    def ask(city: City, locale: str) -> None:
        from app.wording import Wording

        buildings = next(city.project.of_kind("buildings")).id
        told = {k: buildings if v == "buildings" else v for k, v in params.items()}
        name = Wording(locale).t(f"analysis-{kind}")
        city.show_answers(city.analyse(kind, told, keep=True, name=name).id)

    return ask


#: A place to look from, on the bank before Finance City.
PLACE = (509_330.0, 3_379_225.0)
#: A cone above the Twin Towers' neighbours: nothing shall stand higher.
CONE = {"limit": "cone", "points": ((509_213.0, 3_379_442.0, 190.0),), "radius": 500.0}
#: From where the skyline is drawn, and which way.
LOOK = {"eyes": ((510_460.0, 3_379_090.0),), "heading": 290.0, "width": 50.0}

#: What the maps and the papers of pipes are about, metres.
MAP = (509_120.0, 3_379_300.0, 509_480.0, 3_379_520.0)
TRENCH = [[509_725.1, 3_378_561.9], [509_754.3, 3_378_555.4], [509_762.2, 3_378_587.1]]
ACROSS = [[509_722.0, 3_378_524.7], [509_688.0, 3_378_525.7]]
SEWER = "WS00814,WS00818"
SHEET = (0.03, 0.02, 0.985, 0.8)  # part of a sheet that is shown: without the title block
BURST = [509_951.0, 3_379_592.0]
WHO = {"en": "Riverside Water", "zh-CN": "滨江水务集团"}

PAGES = (4, 5)  # of the planning report: the schemes beside each other, and their figures
PLOT = 205  # of the schemes, in the land-use plan


def offer_massing(city: City, locale: str) -> None:
    """Clear the plot of the schemes, and ask what may be built there."""
    from layers.planning.line_edits import rings_of

    plots = next(city.project.of_kind("districts"))
    city.new_scheme({"en": "What may be built", "zh-CN": "可建空间"}[locale])
    city.demolish(rings_of(plots.features, PLOT)[0].tolist())
    city.show_answers(city.analyse("massing", {"plot": PLOT}, keep=True).id)


def check_scheme(kind: str, position: int, **params: Any) -> Callable[[City, str], None]:
    """Ask something of a scheme of the sample, show it and its marks."""

    def ask(city: City, locale: str) -> None:
        del locale
        name = city.schemes.items[position].name
        city.activate_scheme(name)
        city.show_answers(city.analyse(kind, params, scheme=name, keep=True).id)

    return ask


#: A tank of gas that blows up on the square before the towers.
CROWD = (
    (508_985.0, 3_379_590.0), (509_050.0, 3_379_590.0), (509_050.0, 3_379_680.0),
    (508_985.0, 3_379_680.0),
)  # fmt: skip
GATES = ((509_050.0, 3_379_610.0), (508_985.0, 3_379_640.0))
LEAK = {"point": (509_130.0, 3_379_650.0), "fuel": "lpg", "mass": 5000.0}
BANK = {"en": "Finance City", "zh-CN": "金融城"}
EYE = {"en": "Bird's eye", "zh-CN": "总体鸟瞰"}
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
    Drawn(
        "cut",
        {"en": "Old town", "zh-CN": "滨江古城"},
        {"cut": "plane 508790,3378578,38.8 heading=205 lean=25", "size": SMALL},
    ),
    Drawn(
        "layers-apart", {"en": "Bird's eye", "zh-CN": "总体鸟瞰"}, {"explode": 75.0, "size": SMALL}
    ),
    Drawn("models", {"en": "Finance City", "zh-CN": "金融城"}, {"size": SMALL}, place_tower),
    Drawn("themes", {"en": "Bird's eye", "zh-CN": "总体鸟瞰"}, {"size": SMALL}, colour_themes),
    Drawn(
        "sun-facades",
        {"en": "Finance City", "zh-CN": "金融城"},
        {"size": SMALL, "show": ("answers",), "moment": "2026-01-20T12:00"},
        asked("sunlight-facades", {"spacing": 3.0}),
    ),
    Drawn(
        "viewshed",
        {"en": "Finance City", "zh-CN": "金融城"},
        {"size": SMALL, "show": ("answers",)},
        asked("viewshed", {"eyes": (PLACE,), "reach": 600.0}),
    ),
    Drawn(
        "height-limits",
        {"en": "Finance City", "zh-CN": "金融城"},
        {"size": SMALL, "show": ("answers",)},
        asked("height-limits", CONE),
    ),
    Drawn(
        "massing",
        {"en": "Scheme site", "zh-CN": "银杏苑地块"},
        {"size": SMALL, "show": ("answers",), "hide": ("trees",)},
        offer_massing,
    ),
    Drawn(
        "six-lines",
        {"en": "Scheme site", "zh-CN": "银杏苑地块"},
        {"size": SMALL, "show": ("answers", "control-lines"), "hide": ("trees",)},
        check_scheme("six-lines", 1),
    ),
    Drawn(
        "fire-access",
        {"en": "Scheme site", "zh-CN": "银杏苑地块"},
        {"size": SMALL, "show": ("answers",), "hide": ("trees",)},
        check_scheme("fire-access", 0, keep_all=True),
    ),
    Drawn("drill-blast", BANK, {"size": SMALL, "show": ("answers",)}, asked("drill-blast", LEAK)),
    Drawn(
        "drill-reach",
        EYE,
        {"size": SMALL, "show": ("answers",), "hide": ("trees",)},
        asked("drill-reach", {"minutes": "2 3 5"}),
    ),
    Drawn("underground", {"en": "Under the ground", "zh-CN": "地下管线"}, {"size": SMALL}),
    Drawn("planned-main", {"en": "Planned water main", "zh-CN": "规划给水管"}, {"size": SMALL}),
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


def draw_drill(sample: Path, locale: str, out: Path) -> None:
    """Draw a second of the sample's drill, and people who leave a square."""
    from app import api
    from app.crowd import crowd_eye, crowd_words
    from app.drill_pictures import paint
    from app.pictures import Order, Painter
    from app.wording import Wording
    from layers.analyses.drill_crowd import CrowdParams, walk_of

    with api.open_project(sample, read_only=True) as city:
        played = city.rehearse(city.plans[0].id)
        for _, drawn in paint(city.project, played, [2200.0], Order(size=SMALL), locale):
            drawn.save(out / f"drill-{locale}.png")
        found = walk_of(city.project, CrowdParams(CROWD, GATES, people=900))
        people = found.at(20.0)
        title = crowd_words(found, 20.0, Wording(locale))
        order = Order(camera=crowd_eye(city.project, found), size=SMALL, title=title)
        with Painter(city.project, locale) as painter:
            drawn = painter.paint(order, before=lambda stage: stage.live.show_people(*people))
        drawn.save(out / f"drill-crowd-{locale}.png")


def lay_symbols(locale: str, out: Path) -> None:
    """Draw all emergency symbols on one sheet."""
    from app.symbols import found, sheet

    sheet(found(), chinese=locale == "zh-CN").save(out / f"symbols-{locale}.png")


def before_drawings(pages: Sequence[Path]) -> Path:
    """Give the last page before the larger ones: conflicts stand on it."""
    areas = []
    for page in pages:
        with Image.open(page) as opened:
            areas.append(opened.width * opened.height)
    return pages[next(n for n, area in enumerate(areas) if area > 1.2 * areas[0]) - 1]


def set_papers(sample: Path, locale: str, out: Path) -> None:
    """Draw a map of pipes, and pages of a permit and of a repair sheet."""
    from app import api
    from app.pipe_maps import MapOptions
    from app.pipe_permit import PermitOptions
    from app.pipe_repair import RepairOptions

    dig = {"line": TRENCH, "depth": 2.6, "width": 1.2, "slope": 0.3}
    asked = PermitOptions(dig, applicant=WHO[locale], language=locale, date="2026-05-20")
    sheet = RepairOptions({"at": BURST}, language=locale, date="2026-05-20")
    with tempfile.TemporaryDirectory() as name, api.open_project(sample, read_only=True) as city:
        folder = Path(name)
        plan = MapOptions(box=MAP, language=locale, date="2026-05-20", paper="A4")
        city.write_pipe_map(folder / "pipes-map.png", plan)
        pages = city.write_permit(folder / "permit.png", asked)
        before_drawings(pages).rename(folder / "pipes-permit.png")
        pages = city.write_repair_sheet(folder / "repair.png", sheet)
        pages[2].rename(folder / "pipes-repair.png")
        for paper, wide in (("pipes-map", SIZE[0]), ("pipes-permit", 960), ("pipes-repair", 960)):
            with Image.open(folder / f"{paper}.png") as page:
                high = round(page.height * wide / page.width)
                page.convert("RGB").resize((wide, high), Image.Resampling.LANCZOS).save(
                    out / f"{paper}-{locale}.png"
                )


def cut_pipes(sample: Path, locale: str, out: Path) -> None:
    """Draw a section across a street, one along a sewer, and a trench that is dug."""
    from app import api
    from app.pipe_digging import eye_over
    from app.pipe_sections import CROSS, LONG, DrawingOptions

    told = DrawingOptions(language=locale, date="2026-05-20")
    drawings = (("pipes-section", CROSS, {"line": ACROSS}), ("pipes-along", LONG, {"path": SEWER}))
    with tempfile.TemporaryDirectory() as name, api.open_project(sample, read_only=True) as city:
        for picture, kind, params in drawings:
            page = Path(name) / f"{picture}.png"
            city.write_section(page, kind, params, told)
            with Image.open(page) as whole:
                left, top, right, bottom = SHEET
                part = whole.convert("RGB").crop((
                    round(left * whole.width), round(top * whole.height),
                    round(right * whole.width), round(bottom * whole.height),
                ))  # fmt: skip
                high = round(part.height * SIZE[0] / part.width)
                part.resize((SIZE[0], high), Image.Resampling.LANCZOS).save(
                    out / f"{picture}-{locale}.png"
                )
        dig = {"line": TRENCH, "depth": 2.6, "width": 1.2, "slope": 0.3}
        pit = city.open_pit(dig)
        drawn = city.render(cut=pit, camera=eye_over(city.project, pit), size=SMALL, locale=locale,
                            show=("pipes",), hide=("trees",))  # fmt: skip
        drawn.save(out / f"pipes-pit-{locale}.png")


def compare_schemes(sample: Path, locale: str, out: Path) -> None:
    """Draw the existing city, both schemes, and what differs, on one sheet."""
    from app import api
    from app.scheme_reports import write_comparison

    view = {"en": "Scheme site", "zh-CN": "银杏苑地块"}[locale]
    with tempfile.TemporaryDirectory() as name, api.open_project(sample, read_only=True) as city:
        names = ["existing", *(scheme.name for scheme in city.schemes.items)]
        write_comparison(
            city.project, names, Path(name), views=[view], size=SMALL, found=(), locale=locale
        )
        with Image.open(Path(name) / "sheet.png") as sheet:
            high = round(sheet.height * SIZE[0] / sheet.width)
            sheet.resize((SIZE[0], high), Image.Resampling.LANCZOS).save(
                out / f"schemes-{locale}.png"
            )


def plot_skyline(sample: Path, locale: str, out: Path) -> None:
    """Draw a skyline as it is and with the towers of the first scheme."""
    from app import api
    from app.skyline_picture import draw_skyline
    from app.wording import set_current

    set_current(locale)
    with api.open_project(sample, read_only=True) as city, tempfile.TemporaryDirectory() as name:
        scheme = city.schemes.items[0].name
        page = Path(name) / "skyline.png"
        draw_skyline(
            sample, {**LOOK, "compare": "scheme", "before": "existing"}, page, scheme=scheme
        )
        with Image.open(page) as drawn:
            high = round(drawn.height * SIZE[0] / drawn.width)
            drawn.convert("RGB").resize((SIZE[0], high), Image.Resampling.LANCZOS).save(
                out / f"skyline-{locale}.png"
            )


def set_report(sample: Path, locale: str, out: Path) -> None:
    """Set the planning report of both schemes, and put two of its pages beside each other."""
    from app import api
    from app.planning_report import ReportOptions, write_planning_report
    from app.wording import Wording

    view = {"en": "Scheme site", "zh-CN": "银杏苑地块"}[locale]
    with tempfile.TemporaryDirectory() as name, api.open_project(sample, read_only=True) as city:
        options = ReportOptions(
            tuple(scheme.name for scheme in city.schemes.items), views=(view,), sunlight=False,
            date="2026-05-20",
        )  # fmt: skip
        pages = write_planning_report(
            city.project, options, [Path(name) / "report.png"], words=Wording(locale)
        )
        wide = SIZE[0] // 2
        shown = [Image.open(pages[number]).convert("RGB") for number in PAGES]
        high = round(shown[0].height * wide / shown[0].width)
        sheet = Image.new("RGB", (2 * wide, high), "white")
        for number, page in enumerate(shown):
            small = page.resize((wide, high), Image.Resampling.LANCZOS)
            sheet.paste(small, (number * wide, 0))
        sheet.save(out / f"planning-report-{locale}.png")


def plot_profile(sample: Path, locale: str, out: Path) -> None:
    """Draw the plot of the ground along a line."""
    from app import api
    from app.ground_plots import plot
    from app.wording import set_current

    set_current(locale)
    with api.open_project(sample, read_only=True) as city:
        plot(city.profile(RIDGE), size=SMALL).save(out / f"profile-{locale}.png")


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
                draw_drill(sample, locale, out)
                lay_symbols(locale, out)
                set_papers(sample, locale, out)
                cut_pipes(sample, locale, out)
                plot_profile(sample, locale, out)
                plot_skyline(sample, locale, out)
                compare_schemes(sample, locale, out)
                set_report(sample, locale, out)
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
