"""Planned pipes for scripts, commands and the window: drawn into a layer of city or scheme."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.wording import current
from layers.edits import AddLayer, SetData
from layers.errors import CityError
from layers.history import Command, Label
from layers.kinds.base import Layer
from layers.kinds.pipes import KIND, PLANNED, Pipes
from layers.project import Project
from layers.schemes import free_id
from layers.shapes import Floats

if TYPE_CHECKING:
    from layers.pipes.drafting import Design
    from layers.pipes.live import LiveCheck


def planned_layer(project: Project, name: str = "") -> Layer | None:
    """Give the layer that planned pipes go into: the named one, or the first that holds only such.

    Raises
    ------
    CityError
        ``pipes.not_pipes`` where the named one is no layer of pipes.
    """
    if name:
        layer = next((x for x in project.layers if name in {x.id, x.name}), None)
        if layer is not None and not isinstance(layer.data, Pipes):
            raise CityError(
                "pipes.not_pipes",
                f"The layer '{layer.name}' is no layer of pipes.",
                hint="name a layer of the kind pipes",
                name=layer.name,
            )
        return layer
    for layer in project.of_kind("pipes"):
        data = layer.data
        if isinstance(data, Pipes) and len(data.runs) and (data.status[data.runs] == PLANNED).all():
            return layer
    return None


def add_planned(project: Project, points: Floats, design: Design, layer: str = "") -> Command:
    """Give the step that puts a planned pipe into the city, or into the scheme that is shown.

    Parameters
    ----------
    project : Project
        Where.
    points : (k, 2 or 3) float64
        The line, project coordinates.
    design : Design
        What it is like.
    layer : str
        Layer it goes into; one that is not there is made. "" takes the first layer of planned
        pipes, or makes one.

    Raises
    ------
    CityError
        ``pipes.draft_line``, ``pipes.not_pipes``, ``project.no_crs``.
    """
    from layers.pipes.drafting import appended, draft, node_at

    project.need_frame()
    there = planned_layer(project, layer)
    label = Label("edit-draw-pipe", {"name": str((design.facts or {}).get("number") or "")})
    if there is None:
        made = draft(points, design, project.ground_at)
        name = layer or current().t("pipes-plan-layer")
        return AddLayer(Layer("pipes", name, made, style=KIND.style))
    data = there.data
    assert isinstance(data, Pipes)
    nodes = [node_at(data, (float(p[0]), float(p[1]))) for p in points]
    made = draft(
        points, design, project.ground_at, first_id=free_id(project, there.id), nodes=nodes
    )
    return SetData(there.id, appended(data, made), label)


def live_check(project: Project) -> LiveCheck:
    """Give what checks drafts against the project as it is now, with the rules that count."""
    from layers.analyses.pipe_check import PipeCheckParams, site_of
    from layers.pipes.live import LiveCheck
    from layers.rules import chosen

    layers = [(x.id, x.data) for x in project.of_kind("pipes") if isinstance(x.data, Pipes)]
    return LiveCheck(layers, chosen.rules(("",)), site_of(project, PipeCheckParams(order=False)))


def class_named(word: str) -> tuple[str, str]:
    """Give class and subclass that a word or code means.

    Raises
    ------
    CityError
        ``pipes.class``.
    """
    from layers.pipes.classes import class_of

    found = class_of(word)
    if found is None:
        raise CityError(
            "pipes.class",
            f"There is no class of pipes called '{word}'.",
            hint="write water, drain, gas, heat, power, telecom, industry, other, a subclass such"
            " as sewage, or a code such as WS",
            word=word,
        )
    return found


def size_named(text: str) -> tuple[float, float]:
    """Give width and height in metres of a size in millimetres; the height of a round one is 0.

    Raises
    ------
    CityError
        ``pipes.plan_size``.

    Examples
    --------
    >>> size_named("DN300"), size_named("800x600")
    ((0.3, 0.0), (0.8, 0.6))
    """
    plain = text.strip().upper().removeprefix("DN").replace("×", "X").replace("*", "X")
    parts = plain.split("X")
    try:
        numbers = [float(part) / 1000.0 for part in parts]
    except ValueError:
        numbers = []
    if len(numbers) not in {1, 2} or not all(value > 0 for value in numbers):
        raise CityError(
            "pipes.plan_size",
            f"'{text}' is no size.",
            hint="write millimetres: 300, or 800x600",
            text=text,
        )
    return numbers[0], numbers[1] if len(numbers) == 2 else 0.0
