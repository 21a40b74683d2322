"""Units of a plan: state, heading, and figures near the eye."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from vtkmodules.vtkRenderingCore import vtkActor

from layers.shapes import Floats, Ints
from layers.style import Colour, Rgb, rgb
from scene.actors import add_attribute, drop, mapper_of, polydata, set_colours, set_points
from scene.figures import PEOPLE, Figures, Kind, formation
from scene.pixel_marks import ON_TOP, RoundMarks
from scene.shading import set_uniform, shader_property
from scene.symbol_pictures import Drawn

if TYPE_CHECKING:
    from scene.views.base import FrameState, StageContext

MARK = 13.0  # pixels of the disc that a unit stands on
APART = {"crew": 1.4, "person": 1.1}  # metres between two of a unit
QUEUE = 10.0  # metres between two vehicles of a unit
MOST_VEHICLES = 12  # of one unit that are drawn
RAISED = 0.3  # metres over the ground from which on somebody goes over a bridge
STANDS = 1.1  # metres that marks stand above the ground


@dataclass(frozen=True, slots=True)
class UnitLook:
    """How a unit is drawn.

    Attributes
    ----------
    drawn : (Symbol or UserSymbol, str)
        Symbol and label.
    figure : str or Kind
        One of `scene.unit_figures`, "" for none, or the kind made of a user's model.
    count : int
        How many there are.
    colour : str
        Of its state, ``#rrggbb``.
    """

    drawn: Drawn
    figure: str | Kind
    count: int
    colour: Colour


class HeadingMarks:
    """Arrow heads beside the discs of units that move, one actor.

    Parameters
    ----------
    context : StageContext
        Where.
    inks : (n, 3) uint8
        Colour of each unit.
    order : float
        What has a higher order lies above.
    """

    def __init__(self, context: StageContext, inks: Rgb, order: float) -> None:
        self._context, self._count = context, len(inks)
        self.actor: Any = vtkActor()
        self._shader = shader_property(
            "heading",
            uniforms={
                "headingFrame": ("vertex", (100.0, 100.0, 1.0)),
                "headingOrder": ("vertex", order),
            },
        )
        self.actor.SetShaderProperty(self._shader)
        rim = np.array([[-8.2, 3.5], [8.2, 3.5], [0.0, 19.0]])
        inner = np.array([[-5.6, 5.0], [5.6, 5.0], [0.0, 15.4]])
        count = len(inks)
        self._data = polydata(
            np.zeros((6 * count, 3)), np.arange(6 * count, dtype=np.int32).reshape(-1, 3)
        )
        add_attribute(self._data, "corner", np.tile(np.vstack([rim, inner]), (count, 1)))
        self.paint(inks)
        add_attribute(self._data, "ahead", np.zeros((6 * count, 3)))
        self.actor.SetMapper(mapper_of(self._data, headingAhead="ahead", headingCorner="corner"))
        look = self.actor.GetProperty()
        look.SetLighting(False)
        look.SetAmbient(1.0)
        look.SetDiffuse(0.0)
        self.actor.SetPickable(False)
        self.actor.ForceTranslucentOn()
        context.materials.painted[self.actor] = order
        context.renderer.AddActor(self.actor)

    def paint(self, inks: Rgb) -> None:
        """Give each unit its colour, (n, 3) uint8."""
        whole = np.full((self._count, 6, 3), 255, dtype=np.uint8)
        whole[:, 3:] = inks[:, None]
        set_colours(self._data, whole.reshape(-1, 3))
        self._data.Modified()

    def move(self, points: Floats, headings: Floats) -> None:
        """Put them at scene points, (n, 3), with headings in radians, NaN for none."""
        ahead = np.zeros((self._count, 3))
        goes = np.isfinite(headings)
        ahead[goes, 0], ahead[goes, 1] = np.sin(headings[goes]), np.cos(headings[goes])
        add_attribute(self._data, "ahead", np.repeat(ahead, 6, axis=0))
        set_points(self._data, np.repeat(points, 6, axis=0))

    def prepare(self, frame: FrameState) -> None:
        """Take the size of the picture."""
        width, height = frame.size
        value = (float(width), float(height), self._context.pixel_scale)
        set_uniform(self._shader, "vertex", "headingFrame", value)


class UnitMarks:
    """The units of a plan at one second.

    Parameters
    ----------
    context : StageContext
        Where.
    looks : sequence of UnitLook
        One for each unit.
    order : float
        What has a higher order lies above.
    """

    def __init__(self, context: StageContext, looks: Sequence[UnitLook], order: float) -> None:
        self._context, self.looks, self._order = context, tuple(looks), order
        nowhere = np.zeros((len(looks), 3))
        self.points: Floats = nowhere
        self._above = np.zeros((len(looks), 3))
        self._above[:, 2] = [_height(look) for look in looks]
        inks = inks_of(looks)
        self._headings = HeadingMarks(context, inks, order)
        self._discs = RoundMarks(nowhere, MARK, rim=0.26, pull=ON_TOP + order, colours=inks)
        context.renderer.AddActor(self._discs.actor)
        self._make_figures()

    def become(self, looks: Sequence[UnitLook]) -> bool:
        """Take other looks; tell whether that went without making anything anew.

        States change often; what stands beside each other changes with a plan.
        """
        new = tuple(looks)
        if [_body(look) for look in new] != [_body(look) for look in self.looks]:
            return False
        if [look.colour for look in new] != [look.colour for look in self.looks]:
            inks = inks_of(new)
            self._headings.paint(inks)
            self._discs.paint(inks)
        self.looks = new
        return True

    def _make_figures(self) -> None:
        kinds: list[Kind] = []
        names: dict[object, int] = {}
        which: list[Ints] = []
        unit: list[Ints] = []
        beside: list[Floats] = []
        for row, look in enumerate(self.looks):
            if look.figure == "":
                continue
            if look.figure not in names:
                names[look.figure] = len(kinds)
                made = Kind.of(look.figure) if isinstance(look.figure, str) else look.figure
                kinds.append(made)
            people = look.figure in PEOPLE
            count = look.count if people else min(look.count, MOST_VEHICLES)
            apart = APART.get(str(look.figure), QUEUE)
            places = formation(max(count, 1), apart, 0 if people else 1)
            which.append(np.full(len(places), names[look.figure], dtype=np.int64))
            unit.append(np.full(len(places), row, dtype=np.int64))
            beside.append(places)
        empty = np.zeros(0, dtype=np.int64)
        self._unit = np.concatenate(unit) if unit else empty
        self._beside = np.concatenate(beside) if beside else np.zeros((0, 2))
        self._figures = Figures(self._context, kinds, np.concatenate(which) if which else empty)

    @property
    def figures(self) -> Figures:
        """The figures near the eye."""
        return self._figures

    def move(
        self, places: Floats, headings: Floats, facing: Floats, gone: Floats | None = None
    ) -> None:
        """Put the units at places.

        Parameters
        ----------
        places : (n, 2) float64
            Project coordinates.
        headings : (n,) float64
            Radians from north eastwards; NaN while a unit stands.
        facing : (n,) float64
            Which way each looks, also while it stands.
        gone : (n,) float64 or None
            Metres that each has gone since the plan began.
        """
        ground = self._context.ground
        heights = self._context.footing(places, facing)
        scene = self._context.to_scene(np.column_stack([places, heights + STANDS]))
        self._headings.move(scene, headings)
        self._discs.move(scene)
        self.points = scene + self._above
        if not len(self._figures):
            return
        turn = facing[self._unit]
        right, ahead = self._beside.T
        xy = places[self._unit] + np.column_stack(
            [right * np.cos(turn) + ahead * np.sin(turn),
             ahead * np.cos(turn) - right * np.sin(turn)]
        )  # fmt: skip
        low = ground.surface.height_at(xy)
        raised = (heights > ground.height_at(places) + RAISED)[self._unit]  # on bridge or water
        feet = np.column_stack([xy, np.where(raised, heights[self._unit], low)])
        walked = np.zeros(len(places)) if gone is None else gone
        walked = np.where(np.isfinite(headings), walked, np.nan)
        self._figures.move(self._context.to_scene(feet), turn, None, walked[self._unit])

    def prepare(self, frame: FrameState) -> None:
        """Take the size of the picture, choose figures."""
        self._headings.prepare(frame)
        self._discs.prepare(frame, self._context.pixel_scale)
        self._figures.prepare(frame)

    @property
    def actors(self) -> list[Any]:
        """What lies over the scene."""
        return [self._headings.actor, self._discs.actor]

    def fade(self, share: float) -> None:
        """Draw discs and headings so solid only, 0 to 1."""
        for actor in self.actors:
            actor.GetProperty().SetOpacity(share)
            self._context.materials.painted[actor] = self._order

    def show(self, *, shown: bool) -> None:
        """Show or hide all."""
        for actor in self.actors:
            actor.SetVisibility(shown)
        self._figures.show(shown=shown)

    def close(self) -> None:
        """Take everything away."""
        for actor in self.actors:
            drop(self._context.renderer, actor)
        self._figures.close()


def inks_of(looks: Sequence[UnitLook]) -> Rgb:
    """Give the colours of the states of units, (n, 3) uint8."""
    return np.array([rgb(look.colour) for look in looks], dtype=np.uint8).reshape(-1, 3)


def _body(look: UnitLook) -> tuple[str | Kind, int]:
    return look.figure, look.count


def _height(look: UnitLook) -> float:
    """Give the metres that the symbol of a unit stands above it."""
    if look.figure == "":
        return 0.0
    return 1.4 if look.figure in PEOPLE else 3.6


def count_label(count: int) -> str:
    """Write how many a unit is, in four signs at most.

    >>> count_label(1), count_label(250), count_label(12_500)
    ('', '×250', '12k')
    """
    if count <= 1:
        return ""
    return f"×{count}" if count < 1000 else f"{count // 1000}k"


def heading_of(radians: float | None) -> float:
    """Give a heading as a number, NaN for none."""
    return math.nan if radians is None else radians
