"""What a picture's furniture tells: legends of what is seen, where the scale holds, the place."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Literal
from weakref import WeakKeyDictionary

import numpy as np

from layers.kinds.answers import Answers
from layers.kinds.base import Features, Layer
from layers.kinds.control_lines import preset_key
from layers.kinds.pipes import Pipes
from layers.pipes.classes import CLASS_KEYS, CLASSES
from layers.project import Project
from layers.shapes import LINE, POINT
from layers.style import Colouring, Entry, Legend, Style, rgb
from layers.viewpoint import Viewpoint
from scene import camera
from scene.answer_legends import answer_legends, faded
from scene.colours import object_colours
from scene.flat_parts import FILL
from scene.furniture import Facts, Words
from scene.ground import Ground
from scene.looks import ORDINARY, Look

Shape = Literal["area", "line", "point"]

NOBODY = "#010204"  # a colour that no legend has
#: What `_leaves_some` found, for as long as the data lives.
_LEAVES: WeakKeyDictionary[Features, tuple[Colouring, bool]] = WeakKeyDictionary()
NO_LEGEND = ("imagery", "measurements", "answers", "drills", "models", "clouds")
GROUND = (240, 240, 232)
LEVEL_GROUND = math.radians(-89.5)  # steeper looks show all of the ground at one scale


def legend_of(layer: Layer, words: Words, under: tuple[int, int, int] = GROUND) -> Legend:
    """Give the legend of one layer: its colours, or its name with its one colour.

    Parameters
    ----------
    layer : Layer
        What the legend is of.
    words : Words
        Texts in the reader's language.
    under : (red, green, blue)
        The ground that shows through areas, 0 to 255.
    """
    style, shape = layer.style, shape_of(layer)
    fill = style.fill or FILL.get(layer.kind, 1.0)
    share = layer.opacity * (fill if shape == "area" else 1.0)
    if layer.kind == "control-lines" and style.line_form != "ground":
        share = layer.opacity * 0.7  # walls and volumes show more of their colour
    name = layer.name
    if layer.kind == "control-lines" and isinstance(layer.data, Features):
        preset = style.line_preset or preset_key(layer.data)
        name = f"{layer.name} · {words.presets.get(preset, preset)}"
    if style.colouring is None:
        return Legend(name, (Entry(layer.name, faded(style.colour, share, under)),), shape)
    colouring, field = style.colouring, style.colouring.field
    lines = list(colouring.entries)
    if (
        isinstance(layer.data, Pipes)
        and field == "class"
        and "class" not in layer.data.attributes.column_names
    ):
        field, lines = words.pipe_class or field, pipe_lines(layer, words)
    if isinstance(layer.data, Features):
        if _leaves_some(layer.data, colouring):
            lines.append(Entry(words.other, colouring.other))
        if field == "height" and field not in layer.data.attributes.column_names:
            field = words.height
        field = {"theme": words.theme, "project_phase": words.phase}.get(field, field)
        if field == "time" and "sun_azimuth_deg" in layer.data.attributes.column_names:
            field = words.time  # of a layer of shadows
    if layer.kind == "terrain":
        names = {"height": words.elevation, "slope": words.slope, "aspect": words.aspect}
        field = names.get(field, field)
    entries = tuple(Entry(line.label, faded(line.colour, share, under)) for line in lines)
    return Legend(f"{name} · {field}", entries, shape)


def pipe_lines(layer: Layer, words: Words) -> list[Entry]:
    """Give the lines of the classes of pipes that are there and not switched off, named."""
    data, style = layer.data, layer.style
    assert isinstance(data, Pipes)
    assert style.colouring is not None
    shown = {CLASS_KEYS[code] for code in np.unique(data.line_class).tolist()}
    shown -= set(style.pipe_hidden)
    codes = {item.key: item.code for item in CLASSES}
    return [
        replace(entry, label=f"{codes[key]} {words.pipe_classes.get(key, key)}")
        if (key := str(entry.value)) in codes else entry
        for entry in style.colouring.entries
        if str(entry.value) not in codes or str(entry.value) in shown
    ]  # fmt: skip


def _leaves_some(data: Features, colouring: Colouring) -> bool:
    """Say whether some object has a value that no line of the legend stands for."""
    known = _LEAVES.get(data)
    if known is None or known[0] != colouring:
        colours = object_colours(data, Style(colouring=replace(colouring, other=NOBODY)))
        known = colouring, bool((colours == rgb(NOBODY)).all(axis=1).any())
        _LEAVES[data] = known
    return known[1]


def shape_of(layer: Layer) -> Shape:
    """Give the form of a layer's sign: area, line or point, what most of its objects are."""
    data = layer.data
    if not isinstance(data, Features) or len(data) == 0:
        return "area"
    kind = data.shapes.kind
    if (kind == POINT).mean() > 0.5:
        return "point"
    return "line" if (kind == LINE).mean() > 0.5 else "area"


def legends_of(
    project: Project, shown: Callable[[Layer], bool], words: Words, look: Look = ORDINARY, *,
    layers: bool = True,
) -> tuple[Legend, ...]:  # fmt: skip
    """Give the legends of what is in a picture, answers first, then layers from above.

    Parameters
    ----------
    project : Project
        What is drawn.
    shown : callable
        Whether a layer is in the picture.
    words : Words
        Texts in the reader's language.
    look : Look
        Of the picture; layers whose colours it paints over have no legend.
    layers : bool
        Whether layers are named, beside answers.
    """
    named = [
        layer
        for layer in reversed(project.layers if layers else ())
        if shown(layer) and layer.kind not in NO_LEGEND and len(layer.data) and layer.opacity > 0
        and (layer.kind != "terrain" or layer.style.colouring is not None)
        and look.shows_colours(layer.kind)
    ]  # fmt: skip
    under = ground_colour(project, shown)
    answers = [
        legend
        for layer in project.layers
        if isinstance(layer.data, Answers) and shown(layer)
        for legend in answer_legends(layer.data, words, layer.opacity, under)
    ]
    return tuple(answers + [legend_of(layer, words, under) for layer in named])


def facts_of(
    project: Project,
    viewpoint: Viewpoint,
    size: tuple[int, int],
    moment: str,
    shown: Callable[[Layer], bool],
    ground: Ground,
    words: Words,
    look: Look = ORDINARY,
    *,
    layers: bool = True,
) -> Facts:
    """Collect what the furniture of a picture tells.

    Parameters
    ----------
    project : Project
        What is drawn.
    viewpoint : Viewpoint
        From where.
    size : (int, int)
        Width and height of the picture, pixels.
    moment : str
        ISO 8601 moment of the light.
    shown : callable
        Whether a layer is in the picture.
    ground : Ground
        Where the middle of the picture meets the ground.
    words : Words
        Texts in the reader's language.
    look : Look
        Of the picture; some heed no moment.
    layers : bool
        Whether the legend names layers, beside answers.
    """
    scale, everywhere = scale_of(viewpoint, size, ground)
    return Facts(
        legends=legends_of(project, shown, words, look, layers=layers),
        heading=viewpoint.heading,
        pitch=viewpoint.pitch,
        position=(viewpoint.east, viewpoint.north, viewpoint.height),
        metres_per_pixel=scale,
        everywhere=everywhere,
        moment="" if look.night or look.even else moment,
        crs=project.frame.name if project.frame is not None else "",
        exaggeration=viewpoint.stretch,
    )


def ground_colour(project: Project, shown: Callable[[Layer], bool]) -> tuple[int, int, int]:
    """Give the colour of the ground in a picture, 0 to 255: the topmost terrain's, else light."""
    seen = [layer for layer in reversed(project.layers) if shown(layer)]
    terrains = [layer for layer in seen if layer.kind == "terrain"]
    if not terrains or any(layer.kind == "imagery" for layer in seen):
        return GROUND
    return rgb(terrains[0].style.colour)


def scale_of(viewpoint: Viewpoint, size: tuple[int, int], ground: Ground) -> tuple[float, bool]:
    """Give metres per pixel across the middle of the picture, and whether that holds everywhere.

    0 where the middle of the picture is sky.
    """
    if viewpoint.projection == "parallel":
        return camera.metres_per_pixel(viewpoint, viewpoint.target, size), True
    met = ground.meet(camera.pixel_ray(viewpoint, size[0] / 2, size[1] / 2, size))
    if met is None or met[1] > 50_000.0:
        return 0.0, False
    flat = ground.terrain is None and viewpoint.pitch < LEVEL_GROUND
    return camera.metres_per_pixel(viewpoint, met[0], size), flat
