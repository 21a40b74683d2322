"""The sample city as a project ready to look at: layers, styles, named views."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app import api
from app.api import City
from app.sample_drill import add_drill, keep_shots
from app.sample_schemes import add_schemes, keep_answers
from app.settings import cache_folder
from app.wording import Wording, current
from layers.edits import SetInfo, SetLook, save_view
from layers.progress import Part, Progress, Silent
from layers.style import Colouring, Entry
from layers.viewpoint import View, Viewpoint

if TYPE_CHECKING:
    from data_samples import SampleFile

#: Changes whenever the project that `build_sample` makes changes.
VERSION = "9"
PROJECT_FILES = {"zh-CN": "滨江新区.gpkg", "en": "riverside.gpkg"}
TITLES = {"zh-CN": "滨江新区", "en": "Riverside New District"}
MOMENT = "2026-05-20T09:30"
EAST, NORTH = 508_000.0, 3_378_000.0
DRAWING = ".dxf"  # holds the control lines once more, for trying the import


@dataclass(frozen=True)
class Look:
    """How a layer of the sample is shown.

    Attributes
    ----------
    style : dict
        Fields of `layers.style.Style`.
    colours : tuple of (Chinese value, English value, colour)
        Legend of a colouring by categories, "" as value for the rest.
    field_zh, field_en : str
        Attribute that is coloured by, in a project with names in that language.
    label_zh, label_en : str
        Attribute that is written beside each object.
    visible : bool
        Whether it is shown at first.
    """

    style: dict[str, Any] = field(default_factory=dict)
    colours: tuple[tuple[str, str, str], ...] = ()
    field_zh: str = ""
    field_en: str = ""
    label_zh: str = ""
    label_en: str = ""
    visible: bool = True


#: Uses of buildings, in quiet tones that stay apart under the light.
USES = (
    ("住宅", "residential", "#ede3c6"), ("传统民居", "courtyard", "#c49a7c"),
    ("商铺", "retail", "#e0bb8e"), ("办公", "office", "#9db6cc"),
    ("商业", "commercial", "#d08a7a"), ("酒店", "hotel", "#b99bc0"),
    ("研发", "research", "#b5c7c9"), ("厂房", "industrial", "#b8a793"),
    ("仓储", "warehouse", "#a9a4b4"), ("教育", "education", "#dfa9a9"),
    ("文化", "culture", "#c997ad"), ("医疗", "medical", "#e3b7c2"),
    ("文物古建", "heritage", "#9c6b4e"), ("", "", "#dad5ca"),
)  # fmt: skip
#: Classes of GB 50137 with the colours of planning drawings, softened to lie under buildings.
LAND_USES = (
    ("一类居住用地", "Residential, class 1", "#fdf3b0"),
    ("二类居住用地", "Residential, class 2", "#fbe678"),
    ("三类居住用地", "Residential, class 3", "#e8c95a"),
    ("行政办公用地", "Administration", "#f0a3c0"), ("文化设施用地", "Culture", "#f2b27c"),
    ("高等院校用地", "Higher education", "#f4b6d2"), ("中小学用地", "Schools", "#f6c8dc"),
    ("科研用地", "Research", "#8fc3dc"), ("体育用地", "Sports", "#a9cf8b"),
    ("医疗卫生用地", "Medical", "#f19aa6"),
    ("社会福利用地", "Welfare", "#e8a9a9"), ("文物古迹用地", "Heritage", "#c98f7a"),
    ("商业用地", "Commerce", "#ee6f62"), ("商务用地", "Business", "#f0938a"),
    ("一类工业用地", "Industry, class 1", "#cda27a"),
    ("二类工业用地", "Industry, class 2", "#b3835a"),
    ("一类物流仓储用地", "Logistics, class 1", "#b89fd0"),
    ("交通枢纽用地", "Transport hub", "#b9bcc0"), ("城市道路用地", "Roads", "#d9dadc"),
    ("供应设施用地", "Supply facilities", "#8fb3d9"),
    ("环境设施用地", "Environmental facilities", "#7fa1c4"),
    ("公园绿地", "Park", "#8cc779"), ("防护绿地", "Protective green", "#b3d9a0"),
    ("广场用地", "Square", "#cfd8b8"), ("水域", "Water", "#a9d3ea"), ("", "", "#e4e2da"),
)  # fmt: skip
#: The six control lines, in the colours their preset gives them.
CONTROL = (
    ("道路", "road", "#e53935"), ("绿地", "green", "#43a047"), ("河湖", "river", "#1e88e5"),
    ("轨道", "rail", "#fb8c00"), ("电力", "power", "#212121"),
    ("通信", "communication", "#8e44ad"), ("", "", "#757575"),
)  # fmt: skip
LOOKS: dict[tuple[str, str], Look] = {
    ("buildings", ""): Look({"colour": "#dcd8cf"}, USES, "用途", "USE"),
    ("districts", "districts"): Look({}, LAND_USES, "类别", "class_en", visible=False),
    ("roads", "roads"): Look({"colour": "#8b8e92", "width_field": "width_m", "lamps": 35.0}),
    ("rail", "rail"): Look({"colour": "#6d4c7d", "width_field": "width_m"}, visible=False),
    ("places", "stations"): Look(
        {"colour": "#7b1fa2", "point_size": 11.0},
        label_zh="name",
        label_en="name_en",
        visible=False,
    ),
    ("places", ""): Look(
        {"colour": "#5d4037", "point_size": 6.0},
        label_zh="name",
        label_en="name_en",
        visible=False,
    ),
    ("control-lines", "control_lines"): Look(
        {"line_width": 2.5}, CONTROL, "类别", "class", visible=False
    ),
    ("pipes", ""): Look(visible=False),
    ("control-lines", "control_areas"): Look({}, CONTROL, "类别", "class", visible=False),
}


@dataclass(frozen=True)
class Sight:
    """A named view of the sample.

    Attributes
    ----------
    name_zh, name_en : str
        What it is called.
    target : (float, float, float)
        Metres east and north of the district's corner, height above datum.
    distance : float
        From the eye to it, metres.
    heading, pitch : float
        Degrees.
    shown : tuple of (kind, layer)
        Layers that are switched on in it besides the usual ones.
    switched_off : tuple of (kind, layer)
        Layers that are switched off in it.
    flat : bool
        Whether it is a parallel view.
    moment : str
        Local time, "" for the project's.
    underground : float
        How much of the ground is seen through, 0 to 1.
    """

    name_zh: str
    name_en: str
    target: tuple[float, float, float]
    distance: float
    heading: float
    pitch: float
    shown: tuple[tuple[str, str], ...] = ()
    switched_off: tuple[tuple[str, str], ...] = ()
    flat: bool = False
    moment: str = ""
    underground: float = 0.0


SIGHTS = (
    Sight("总体鸟瞰", "Bird's eye", (1480, 1150, 40), 2750, 16, -30),
    Sight("金融城天际线", "Skyline", (1260, 1420, 80), 1200, 10, -10, moment="2026-05-20T16:30"),
    Sight("金融城", "Finance City", (1190, 1390, 105), 720, 322, -22),
    Sight("滨江古城", "Old town", (800, 740, 40), 620, 25, -31),
    Sight("大学与镜湖", "University and lake", (1250, 1990, 40), 760, 300, -27),
    Sight("银杏苑地块", "Scheme site", (2046, 1236, 60), 560, 335, -30),
    Sight(
        "用地规划", "Land-use plan", (1500, 1205, 40), 4200, 0, -90, flat=True,
        shown=(("districts", "districts"),),
        switched_off=(("imagery", ""), ("buildings", ""), ("trees", "")),
    ),
    Sight(
        "控制线", "Control lines", (1320, 1150, 40), 1450, 335, -50,
        shown=(("control-lines", "control_lines"), ("control-lines", "control_areas")),
        switched_off=(("trees", ""),),
    ),
    Sight(
        "地下管线", "Under the ground", (1330, 1330, 34), 330, 330, -34, shown=(("pipes", ""),),
        switched_off=(("trees", ""),), underground=0.75,
    ),
    Sight(
        "爆管演练点", "Place of the burst", (1951, 1592, 37), 110, 300, -30,
        shown=(("pipes", ""),), switched_off=(("trees", ""), ("buildings", "")), underground=0.8,
    ),
    Sight(
        "规划给水管", "Planned water main", (1755, 566, 37), 46, 20, -28, shown=(("pipes", ""),),
        switched_off=(("trees", ""), ("buildings", ""), ("roads", "roads")), underground=0.85,
    ),
)  # fmt: skip


def sample_files(folder: Path, progress: Progress | None = None) -> Iterator[SampleFile]:
    """Write the sample's files into a folder and give them in the order of import.

    Raises
    ------
    Cancelled
        If the user stopped it.
    """
    from data_samples import generate

    told = progress or Silent()
    return iter(generate(folder, lambda done, total, _: told.step(done, total, "progress-sample")))


def build_sample(folder: Path, progress: Progress | None = None, *, locale: str = "zh-CN") -> Path:
    """Write the sample's files and a project with all of them.

    Parameters
    ----------
    folder : pathlib.Path
        Made where it is missing; files of an earlier run are replaced.
    progress : Progress or None
        Is told how far it is.
    locale : str
        Language of the names of layers and views and of what the legends tell.

    Returns
    -------
    pathlib.Path
        The project file.
    """
    told = progress or Silent()
    files = list(sample_files(folder, Part(told, 0.0, 0.7)))
    chinese = locale != "en"
    path = folder / PROJECT_FILES["zh-CN" if chinese else "en"]
    path.unlink(missing_ok=True)
    with api.new_project() as city:
        _fill(city, files, Part(told, 0.7, 0.92), chinese=chinese)
        city.save(path, Part(told, 0.92, 1.0))
    return path


def sample_project(progress: Progress | None = None) -> Path:
    """Give the sample project in the program's language; it is built the first time."""
    import data_samples

    locale = current().locale
    folder = cache_folder() / f"sample-{data_samples.VERSION}-{VERSION}-{locale}"
    path = folder / PROJECT_FILES[locale]
    if not path.is_file():
        build_sample(folder, progress, locale=locale)
    return path


def _fill(city: City, files: list[SampleFile], progress: Progress, *, chinese: bool) -> None:
    ids: dict[tuple[str, str], str] = {}
    chosen = [file for file in files if file.path.suffix != DRAWING]
    for number, file in enumerate(chosen):
        part = Part(progress, number / len(chosen), (number + 1) / len(chosen))
        city.import_file(
            file.path,
            file.kind,
            progress=part,
            name=file.title_zh if chinese else file.title_en,
            layer=file.layer or None,
            crs=None if file.states_crs else file.crs,
        )
        new = next(layer for layer in city.layers if layer.id not in ids.values())
        ids[file.kind, file.layer] = new.id
        _dress(city, new.id, LOOKS.get((file.kind, file.layer), Look()), chinese=chinese)
    title = TITLES["zh-CN" if chinese else "en"]
    info = replace(city.project.info, title=title, moment=MOMENT)
    city.run(SetInfo(info))
    add_schemes(city, chinese=chinese)
    keep_answers(city, chinese=chinese)
    add_drill(city, chinese=chinese)
    for sight in SIGHTS:
        _keep(city, sight, ids, chinese=chinese)
    name_kept(city, chinese=chinese)
    keep_shots(city, chinese=chinese)  # behind those of the city: the first one is shown at first


def name_kept(city: City, *, chinese: bool) -> None:
    """Name the layers of answers and drills in the language of the sample, not the program's."""
    words = Wording("zh-CN" if chinese else "en")
    for layer in city.layers:
        if layer.kind in ("answers", "drills"):
            city.run(SetLook(layer.id, "name", words.kind(layer.kind)))


def _dress(city: City, layer_id: str, look: Look, *, chinese: bool) -> None:
    label = look.label_zh if chinese else look.label_en
    style = replace(city.project.layer(layer_id).style, label_field=label, **look.style)
    if look.colours:
        entries = tuple(
            Entry(zh, colour, value=zh) if chinese else Entry(en.capitalize(), colour, value=en)
            for zh, en, colour in look.colours
            if zh
        )
        field_name = look.field_zh if chinese else look.field_en
        style = replace(
            style, colouring=Colouring(field_name, "categories", entries, look.colours[-1][2])
        )
    city.run(SetLook(layer_id, "style", style))
    if not look.visible:
        city.run(SetLook(layer_id, "visible", False))


def _keep(city: City, sight: Sight, ids: dict[tuple[str, str], str], *, chinese: bool) -> None:
    x, y, height = sight.target
    camera = Viewpoint.looking_at(
        (EAST + x, NORTH + y, height),
        sight.distance,
        math.radians(sight.heading),
        math.radians(sight.pitch),
        projection="parallel" if sight.flat else "perspective",
    )
    on = {ids[key] for key in sight.shown}
    off = {ids[key] for key in sight.switched_off}
    hidden = {layer.id for layer in city.layers if not layer.visible} - on | off
    name = sight.name_zh if chinese else sight.name_en
    view = View(name, camera, tuple(sorted(hidden)), sight.moment, underground=sight.underground)
    city.run(save_view(city.project, view))
