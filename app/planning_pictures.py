"""Pictures of a planning report: where the site lies, schemes side by side, what differs."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from PIL import Image

from app.arguments import nothing_to_see
from app.scheme_reports import Grid, draw_views, scheme_word, sheet_of, views_of
from app.wording import Wording
from layers.kinds.base import Extent, Features, Layer, LayerState
from layers.progress import Part, Progress, Silent
from layers.project import Project
from layers.schemes import project_with
from layers.schemes_compare import (
    COLOURS,
    building_figures,
    changed_area,
    difference_project,
    shown_alone,
)
from layers.schemes_model import EXISTING
from layers.shapes import Shapes
from layers.style import Style
from layers.viewpoint import View, Viewpoint

if TYPE_CHECKING:
    from app.planning_report import Place, ReportOptions

AROUND = 60.0  # metres around the site in pictures of it
FAR = 700.0  # metres around the site in the picture of where it lies
DIFFERS = 0.0005  # share of pixels from which pictures differ
NOTICED = 40  # of 3 x 255 that a pixel must change
SITE_COLOUR = "#d50000"
PLAN = 1.2  # times as tall as other pictures, and how wide for their height
STRAIGHT_DOWN = -math.pi / 2
WIDEST = 100.0  # degrees of a picture with straight lines


@dataclass(frozen=True, slots=True)
class Drawn:
    """Pictures of a report, as PNG.

    Attributes
    ----------
    location : bytes
        Two plans of the existing city with the site.
    views : tuple of (str, bytes)
        Names of views, and the schemes in each beside each other.
    same : tuple of str
        Views in which the schemes look the same.
    differences : bytes
        What each scheme changes of the existing city.
    eyes : tuple of bytes
        From each place that is looked from, the existing city and the schemes.
    """

    location: bytes
    views: tuple[tuple[str, bytes], ...]
    same: tuple[str, ...]
    differences: bytes
    eyes: tuple[bytes, ...]


def site_of(project: Project, names: Sequence[str]) -> Extent:
    """Give the box of what schemes change; of the whole city where they change no building.

    Raises
    ------
    CityError
        ``argument.empty_project`` where nothing lies in the project.
    """
    area = changed_area(project, names)
    if area is not None:
        west, south, east, north = (float(v) for v in area.bounds)
        return west, south, east, north
    whole = project.extent() or project.extent(visible_only=False)
    if whole is None:
        raise nothing_to_see()
    return whole


def gaze(
    project: Project, options: ReportOptions, place: Place
) -> tuple[tuple[float, float, float], float]:  # fmt: skip
    """Give the eye at a place, and the heading to what is looked at, degrees from grid north."""
    from layers.analyses.sight_from import places_of
    from layers.planning.visibility import EYE

    east, north, up = (float(v) for v in places_of(project, (place,), "", EYE)[0])
    target = options.look_to
    if not target:
        west, south, right, top = site_of(project, options.schemes)
        target = ((west + right) / 2.0, (south + top) / 2.0)
    heading = math.degrees(math.atan2(target[0] - east, target[1] - north)) % 360.0
    return (east, north, up), heading


def draw(
    project: Project, options: ReportOptions, words: Wording, progress: Progress = Silent()
) -> Drawn:
    """Draw the pictures of a report; belongs to the main thread of a window.

    Raises
    ------
    CityError
        ``project.no_such_view``; as drawing does.
    """
    names = list(options.schemes)
    box = site_of(project, names)
    near = _site_view(project, names, box, options, words)
    every = options.views in {("all",), ("*",), ()}
    looks = [near] if every and not project.views else views_of(project, options.views or ("all",))
    eyes = [_eye_view(project, options, place, words) for place in options.look_from]
    shown = list(dict.fromkeys([*([EXISTING] if eyes else []), *names]))
    made: dict[str, list[Any]] = {}
    cities = [shown_alone(project, name) for name in names]
    for number, name in enumerate(shown):
        part = Part(progress, 0.75 * number / len(shown), 0.75 * (number + 1) / len(shown))
        wanted = [*(looks if name in names else []), *eyes]
        made[name] = _pictures(shown_alone(project, name), wanted, name, options, words, part)
    views: list[tuple[str, bytes]] = []
    same: list[str] = []
    for row, view in enumerate(looks):
        pixels = [made[name][row] for name in names]
        if every and not _differ(pixels):
            same.append(view.name)
        else:
            views.append((view.name, _beside(pixels, _legends(cities, view, words))))
    first = {name: len(looks) if name in names else 0 for name in shown}
    faces = [
        _beside([made[n][first[n] + k] for n in shown], _legends(cities, eye, words))
        for k, eye in enumerate(eyes)
    ]
    changed = _differences(project, names, near, options, words, Part(progress, 0.75, 0.9))
    where = _location(project, box, options, words, Part(progress, 0.9, 1.0))
    return Drawn(where, tuple(views), tuple(same), changed, tuple(faces))


def _pictures(
    shown: Project, views: Sequence[View], name: str, options: ReportOptions, words: Wording,
    progress: Progress, *, plain: bool = False,
) -> list[Any]:  # fmt: skip
    if not views:
        return []
    drawn = draw_views(
        shown, views, scheme_word(name, words), words, options.size, options.moment,
        shadows=options.shadows and not plain, progress=progress, printed=True,
    )  # fmt: skip
    return [picture.pixels[..., :3] for picture in drawn]


def _differ(pixels: Sequence[Any]) -> bool:
    """Say whether pictures differ below their headings."""
    head = pixels[0].shape[0] // 8
    first = pixels[0][head:].astype(np.int16)
    return any(
        (np.abs(other[head:].astype(np.int16) - first).sum(axis=2) > NOTICED).mean() > DIFFERS
        for other in pixels[1:]
    )


def _legends(cities: Sequence[Project], view: View, words: Wording) -> Any:
    """Give the legends of all pictures in a view, each layer once."""
    from app.pictures import words_of
    from scene.picture_facts import legends_of

    def shown(layer: Layer) -> bool:
        return layer.visible if view.hidden is None else layer.id not in view.hidden

    found: dict[str, Any] = {}
    for city in cities:
        for legend in legends_of(city, shown, words_of(words)):
            found.setdefault(legend.title, legend)
    return tuple(found.values())


def _beside(pixels: Sequence[Any], legends: Any) -> bytes:
    """Put pictures beside each other, of four two below two; one legend below serves all."""
    from scene.legend_strip import legend_strip

    columns = 2 if len(pixels) in {2, 4} else min(len(pixels), 3)
    rows = [list(pixels[k : k + columns]) for k in range(0, len(pixels), columns)]
    grid: Grid = rows
    out = io.BytesIO()
    whole = np.asarray(sheet_of(grid))
    strip = legend_strip(legends, whole.shape[1])
    Image.fromarray(np.vstack([whole, strip[..., :3]])).save(out, "PNG")
    return out.getvalue()


def _site_view(
    project: Project, names: Sequence[str], box: Extent, options: ReportOptions,
    words: Wording,
) -> View:  # fmt: skip
    """Look at the site from the south, with all that stands on it in the picture."""
    around = _wider(box, AROUND)
    low, high = _levels(project, names, around)
    camera = Viewpoint.over(
        around, low, high, heading=math.radians(-25.0), pitch=math.radians(-28.0),
        aspect=options.size[0] / options.size[1],
    )  # fmt: skip
    return View(words.t("planning-site"), camera, _hidden(project))


def _hidden(project: Project) -> tuple[str, ...]:
    return tuple(layer.id for layer in project.layers if not layer.visible)


def _levels(project: Project, names: Sequence[str], box: Extent) -> tuple[float, float]:
    """Give the ground and the highest top in a box."""
    west, south, east, north = box
    spots = [[x, y] for x in np.linspace(west, east, 5) for y in np.linspace(south, north, 5)]
    ground = np.asarray(project.ground_at(spots))
    low = float(np.nanmin(ground)) if np.isfinite(ground).any() else 0.0
    area = shapely.box(*box)
    tops = [building_figures(project_with(project, name), area)["highest_m"] for name in names]
    return low, low + max(tops, default=0.0)


def _wider(box: Extent, metres: float) -> Extent:
    return box[0] - metres, box[1] - metres, box[2] + metres, box[3] + metres


def _eye_view(project: Project, options: ReportOptions, place: Place, words: Wording) -> View:
    """Look from a place as somebody there does."""
    eye, heading = gaze(project, options, place)
    aspect = options.size[0] / options.size[1]
    wide = math.radians(min(options.width, WIDEST))
    tall = 2.0 * math.atan(math.tan(wide / 2.0) / aspect)
    up = math.radians(4.0)
    if len(options.look_to) > 2:
        away = math.hypot(options.look_to[0] - eye[0], options.look_to[1] - eye[1])
        up = max(up, math.atan2(options.look_to[2] - eye[2], max(away, 1.0)) - tall / 4.0)
    camera = Viewpoint(*eye, math.radians(heading), up, 200.0, tall)
    number = options.look_from.index(place) + 1
    return View(words.t("planning-eye", number=number), camera, _hidden(project))


def _differences(
    project: Project, names: Sequence[str], near: View, options: ReportOptions, words: Wording,
    progress: Progress,
) -> bytes:  # fmt: skip
    """Draw what each scheme changes of the existing city."""
    parts = {what: words.t(f"compare-{what}") for what in COLOURS}
    pixels, cities = [], []
    proposed = [name for name in names if name != EXISTING]
    for number, name in enumerate(proposed):
        part = Part(progress, number / len(proposed), (number + 1) / len(proposed))
        shown = difference_project(project, EXISTING, name, parts)
        cities.append(shown)
        pixels += _pictures(shown, [near], name, options, words, part, plain=True)
    return _beside(pixels, _legends(cities, near, words))


def _location(
    project: Project, box: Extent, options: ReportOptions, words: Wording,
    progress: Progress,
) -> bytes:  # fmt: skip
    """Draw the existing city from above with the edge of the site: all of it, and around it."""
    shown = shown_alone(project, EXISTING)
    whole = shown.extent() or shown.extent(visible_only=False) or box
    spots = [((box[0] + box[2]) / 2.0, (box[1] + box[3]) / 2.0)]
    level = float(np.nan_to_num(np.asarray(shown.ground_at(spots))[0]))
    edge = shapely.box(*_wider(box, 8.0))
    style = Style(colour=SITE_COLOUR, outline=SITE_COLOUR, line_width=4.0)
    ring = Features.of(Shapes.from_shapely([edge.exterior]))
    out = Project(shown.frame, shown.info)
    for layer in shown.layers:
        out.insert_layer(LayerState.of(layer).layer())
    out.insert_layer(Layer("roads", words.t("planning-site"), ring, style=style))
    tall = round(options.size[1] * PLAN)  # plans are square rather than wide
    options = replace(options, size=(round(tall * PLAN), tall), shadows=False)
    looks = [
        View(words.t("planning-location-city"), _flat(whole, level, options), _hidden(shown)),
        View(words.t("planning-location-near"), _flat(_wider(box, FAR), level, options),
             _hidden(shown)),
    ]  # fmt: skip
    pictures = _pictures(out, looks, EXISTING, options, words, progress)
    return _beside(pictures, _legends([out], looks[0], words))


def _flat(box: Extent, level: float, options: ReportOptions) -> Viewpoint:
    return Viewpoint.over(
        box, level, level, pitch=STRAIGHT_DOWN, aspect=options.size[0] / options.size[1],
        projection="parallel",
    )  # fmt: skip
