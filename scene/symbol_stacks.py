"""Symbols that would cover each other: a stack with its number from far, beside each other near."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numba as nb
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from vtkmodules.vtkRenderingCore import vtkActor

from layers.shapes import Floats, Ints
from scene import fonts
from scene.actors import add_attribute, mapper_of, polydata, set_points
from scene.labels import clip_matrix, projected
from scene.shading import set_uniform, shader_property
from scene.symbol_marks import SymbolMarks
from scene.symbol_pictures import Drawn

if TYPE_CHECKING:
    from scene.views.base import FrameState, StageContext

NEAR_EACH = 0.78  # of a symbol's size: nearer ones are one stack
MOST_COVERED = 0.09  # share of the picture that far symbols may cover
WIDER = (1.0, 1.7, 2.8, 4.5, 7.0)  # times that, tried one after the other until they cover less
MOST_LOOSE = 400  # near symbols that are pushed off each other
PUSHES = 24  # rounds of that
MOST_OPEN = 8  # symbols that stand beside each other when near; more stay a stack
ROW = 4  # in one row
BEHIND = 1  # symbols seen behind the first of a stack
STEP = 0.09  # of the size: how far they look out
BADGE = 0.46  # size of a number beside that of a symbol
LEGIBLE = 13.0  # pixels of a number at least
MOST = 99  # largest number written
NUMBER = 64  # pixels of a number in the atlas


class SymbolStacks:
    """Many symbols that make room for each other.

    Parameters
    ----------
    context : StageContext
        Where.
    points : (m, 3) float64
        Scene coordinates.
    drawn : sequence of (Symbol or UserSymbol, str)
        The symbol and label of each; later ones lie above and speak for a stack.
    size, least, full, order
        As `SymbolMarks` takes them; within `full` metres stacks open.
    rise : (m,) float64 or float
        Pixels that each stands above its place.
    also : sequence of (Symbol or UserSymbol, str)
        Others that `draw` may show later.
    """

    def __init__(
        self, context: StageContext, points: Floats, drawn: Sequence[Drawn], *, size: float,
        least: float, full: float = 1200.0, order: float = -1.0, rise: Floats | float = 0.0,
        also: Sequence[Drawn] = (),
    ) -> None:  # fmt: skip
        self._context, self._points = context, points
        self._size, self._least, self._full = size, least / size, full
        self._rise = np.broadcast_to(np.asarray(rise, dtype=np.float64), (len(points),))
        self._marks = SymbolMarks(
            points, drawn, size=size, least=least, full=full, order=order, also=also
        )  # fmt: skip
        self._numbers = SymbolMarks(
            points, [], size=BADGE * size, least=min(LEGIBLE, BADGE * size), full=full,
            order=order + 0.5 if order >= 0.0 else order, sheet=_numbers(),
        )  # fmt: skip
        self._leader: Ints = np.arange(len(points), dtype=np.int64)
        self._laid: tuple[Floats, ...] = ()
        self._tails = Tails(points, size, least, full, order - 0.5 if order >= 0.5 else order)
        for place, actor in zip((order - 0.5, order, order + 0.5), self.actors, strict=True):
            context.materials.painted[actor] = place
            context.renderer.AddActor(actor)

    @property
    def actors(self) -> list[Any]:
        """What is drawn, the lowest first."""
        return [self._tails.actor, self._marks.actor, self._numbers.actor]

    def draw(self, drawn: Sequence[Drawn]) -> None:
        """Show other symbols of those it was made with, (m,) in the order of the points."""
        self._marks.draw(drawn)

    def move(self, points: Floats) -> None:
        """Put the symbols at other points, as many as before, scene coordinates."""
        self._points = points
        self._marks.move(points)
        self._numbers.move(points)
        self._tails.move(points)

    def prepare(self, frame: FrameState) -> None:
        """Take the size of the picture and make room."""
        scale = self._context.pixel_scale
        self._lay_out(frame, scale)
        for made in (self._tails, self._marks, self._numbers):
            made.prepare(frame, scale)

    def _lay_out(self, frame: FrameState, scale: float) -> None:
        count = len(self._points)
        if not count:
            return
        width, height = frame.size
        matrix = clip_matrix(self._context.renderer.GetActiveCamera(), width / height)
        pixels, depth = projected(matrix, self._points, frame.size)
        away = np.where(depth > 1e-3, depth, np.inf)
        share = np.maximum(self._least, np.minimum(1.0, self._full / away))
        sizes = self._size * scale * share
        edge = sizes[:, None]
        inside = (pixels > -edge) & (pixels < np.array(frame.size) + edge)  # not for NaN
        seen = np.asarray(inside.all(axis=1))
        reach = np.full(count, height / frame.pixels) if frame.parallel else depth
        rise = self._rise * scale * share
        near = (reach <= self._full) & seen
        self._leader = stacked(
            np.where(seen[:, None], pixels, np.nan), sizes, near, float(width * height)
        )
        laid = arranged(pixels, sizes, near, self._leader, rise)
        shift = laid[0] / (scale * share)[:, None]
        now = (np.round(shift, 1), laid[1], laid[2])
        if len(self._laid) == 3 and all(
            np.array_equal(a, b) for a, b in zip(now, self._laid, strict=True)
        ):
            return
        self._laid = now
        self._marks.shift(shift, laid[1])
        self._tails.shift(np.where(laid[1][:, None] > 0.0, shift, 0.0), laid[1])
        corner = np.column_stack([np.full(count, 0.42), np.full(count, 0.66)]) * self._size
        corner[:, 1] += self._rise
        small = min(LEGIBLE, BADGE * self._size) / (BADGE * self._size)
        corner *= (share / np.maximum(small, np.minimum(1.0, self._full / away)))[:, None]
        numbers = np.minimum(laid[2], MOST + 1).astype(np.int64)
        self._numbers.choose(np.maximum(numbers - 2, 0))
        self._numbers.shift(corner, (numbers > 1).astype(np.float64))

    def show(self, *, shown: bool, opacity: float = 1.0) -> None:
        """Show or hide all."""
        for actor in self.actors:
            actor.SetVisibility(shown)
            actor.GetProperty().SetOpacity(opacity)

    def close(self) -> None:
        """Take everything away."""
        window = self._context.renderer.GetRenderWindow()
        for actor in self.actors:
            self._context.renderer.RemoveActor(actor)
            if window is not None:
                actor.ReleaseGraphicsResources(window)


class Tails:
    """Points from symbols that were moved aside to their places, one actor.

    Parameters
    ----------
    points : (m, 3) float64
        Scene coordinates.
    size, least, full, order
        As `SymbolMarks` takes them.
    """

    def __init__(
        self, points: Floats, size: float, least: float, full: float, order: float
    ) -> None:
        self._size = size
        self.actor: Any = vtkActor()
        self._shader = shader_property(
            "symbol",
            uniforms={
                "symbolFrame": ("vertex", (100.0, 100.0, size)),
                "symbolFar": ("vertex", (least / size, full, order)),
                "symbolScale": ("vertex", 1.0),
            },
        )
        self.actor.SetShaderProperty(self._shader)
        count = len(points)
        corners = np.arange(3 * count, dtype=np.int32).reshape(-1, 3)
        self._data = polydata(np.repeat(points, 3, axis=0), corners)
        foot = np.array([[0.0, 0.0], [0.16, 0.3], [-0.16, 0.3]])
        add_attribute(self._data, "corner", np.tile(foot, (count, 1)))
        self.shift(np.zeros((count, 2)), np.ones(count))
        self.actor.SetMapper(mapper_of(self._data, symbolCorner="corner", symbolShift="shift"))
        look = self.actor.GetProperty()
        look.SetLighting(False)
        look.SetColor(1.0, 1.0, 1.0)
        self.actor.SetPickable(False)
        self.actor.ForceTranslucentOn()

    def shift(self, pixels: Floats, share: Floats) -> None:
        """Follow symbols drawn beside their places, as `SymbolMarks.shift` takes it."""
        values = np.repeat(np.column_stack([pixels, share]), 3, axis=0)
        values[::3, :2] = 0.0
        add_attribute(self._data, "shift", values)
        self._data.Modified()

    def move(self, points: Floats) -> None:
        """Put them at other points, scene coordinates."""
        set_points(self._data, np.repeat(points, 3, axis=0))

    def prepare(self, frame: FrameState, pixel_scale: float) -> None:
        """Take the size of the picture."""
        width, height = frame.size
        value = (float(width), float(height), self._size * pixel_scale)
        set_uniform(self._shader, "vertex", "symbolFrame", value)
        set_uniform(self._shader, "vertex", "symbolScale", float(pixel_scale))


def stacked(pixels: Floats, sizes: Floats, near: NDArray[np.bool_], area: float) -> Ints:
    """Find the symbol that speaks for each; far ones make larger stacks where they are many.

    Parameters
    ----------
    pixels, sizes
        As `grouped` takes them.
    near : (n,) bool
        Whether each is so near that its stack opens.
    area : float
        Of the picture, square pixels.

    Returns
    -------
    (n,) int64
        As `grouped` gives it.
    """
    far = ~near & ~np.isnan(pixels[:, 0])
    leader = np.arange(len(pixels))
    for wider in WIDER:
        leader = grouped(pixels, np.where(far, wider * sizes, sizes), NEAR_EACH)
        speaking = np.unique(leader[far])
        if float((sizes[speaking] ** 2).sum()) <= MOST_COVERED * area:
            break
    return leader


@nb.njit(cache=True, nogil=True)
def grouped(pixels: Floats, sizes: Floats, near: float) -> Ints:
    """Find the symbol that speaks for each: the last of those that lie over each other.

    Parameters
    ----------
    pixels : (n, 2) float64
        Places in the picture; NaN for those that are not seen.
    sizes : (n,) float64
        Pixels.
    near : float
        How near two are one stack, as share of the size.

    Returns
    -------
    (n,) int64
        Positions; its own for one that stands alone, speaks for others or is not seen.
    """
    count = len(pixels)
    leader = np.arange(count)
    cell = 1.0
    for i in range(count):
        cell = max(cell, sizes[i])
    west, south = np.inf, np.inf
    east, north = -np.inf, -np.inf
    for i in range(count):
        if not np.isnan(pixels[i, 0]):
            west, east = min(west, pixels[i, 0]), max(east, pixels[i, 0])
            south, north = min(south, pixels[i, 1]), max(north, pixels[i, 1])
    if not west <= east:
        return leader
    columns = int((east - west) / cell) + 3
    rows = int((north - south) / cell) + 3
    head = np.full(columns * rows, -1)
    following = np.full(count, -1)
    for i in range(count - 1, -1, -1):
        if np.isnan(pixels[i, 0]):
            continue
        column = int((pixels[i, 0] - west) / cell) + 1
        row = int((pixels[i, 1] - south) / cell) + 1
        best, found = np.inf, -1
        for r in range(row - 1, row + 2):
            for c in range(column - 1, column + 2):
                j = head[r * columns + c]
                while j >= 0:
                    reach = max(sizes[i], sizes[j]) * near
                    dx, dy = abs(pixels[i, 0] - pixels[j, 0]), abs(pixels[i, 1] - pixels[j, 1])
                    if dx < reach and dy < reach and dx + dy < best:
                        best, found = dx + dy, j
                    j = following[j]
        if found >= 0:
            leader[i] = found
        else:
            at = row * columns + column
            following[i] = head[at]
            head[at] = i
    return leader


def arranged(
    pixels: Floats, sizes: Floats, near: NDArray[np.bool_], leader: Ints, rise: Floats
) -> tuple[Floats, Floats, Floats]:
    """Say where each symbol of a stack is drawn.

    Parameters
    ----------
    pixels : (n, 2) float64
        Places in the picture, down from the top.
    sizes : (n,) float64
        Pixels.
    near : (n,) bool
        Whether each is so near that its stack opens.
    leader : (n,) int64
        As `grouped` gives it.
    rise : (n,) float64
        Pixels that each stands above its place.

    Returns
    -------
    shift : (n, 2) float64
        Pixels to the right and up.
    share : (n,) float64
        Times its size; 0 hides it.
    number : (n,) float64
        What is written on it, 0 for nothing.
    """
    shift, share, number = _placed(
        pixels, sizes, near, leader, rise, np.argsort(leader, kind="stable")
    )
    loose = np.flatnonzero(near & (number == 0.0) & (share > 0.0))
    if 1 < len(loose) <= MOST_LOOSE:
        foot = pixels[loose] * (1.0, -1.0)
        shift[loose] = apart(foot + shift[loose], sizes[loose]) - foot
    return shift, share, number


@nb.njit(cache=True, nogil=True)
def apart(places: Floats, sizes: Floats) -> Floats:
    """Push squares off each other, each as little as it takes.

    Parameters
    ----------
    places : (n, 2) float64
        Pixels.
    sizes : (n,) float64
        Their sides, pixels.

    Returns
    -------
    (n, 2) float64
    """
    out = places.copy()
    for _ in range(PUSHES):
        still = True
        for a in range(len(out)):
            for b in range(a):
                need = 0.515 * (sizes[a] + sizes[b])
                dx, dy = out[a, 0] - out[b, 0], out[a, 1] - out[b, 1]
                over_x, over_y = need - abs(dx), need - abs(dy)
                if over_x < 0.5 or over_y < 0.5:
                    continue
                still = False
                if over_x <= over_y:
                    push = 0.5 * over_x if dx >= 0.0 else -0.5 * over_x
                    out[a, 0] += push
                    out[b, 0] -= push
                else:
                    push = 0.5 * over_y if dy >= 0.0 else -0.5 * over_y
                    out[a, 1] += push
                    out[b, 1] -= push
        if still:
            break
    return out


@nb.njit(cache=True, nogil=True)
def _placed(
    pixels: Floats, sizes: Floats, near: NDArray[np.bool_], leader: Ints, rise: Floats, order: Ints
) -> tuple[Floats, Floats, Floats]:
    """Lay the members of each stack beside each other, or behind the first of them."""
    count = len(leader)
    shift = np.zeros((count, 2))
    shift[:, 1] = rise
    share, number = np.ones(count), np.zeros(count)
    begin = 0
    while begin < count:
        first = leader[order[begin]]
        end = begin + 1
        while end < count and leader[order[end]] == first:
            end += 1
        members = end - begin
        opened = near[first] and members <= MOST_OPEN
        for slot in range(members if members > 1 else 0):
            row = order[end - 1 - slot]  # the last speaks
            shift[row, 0] = pixels[first, 0] - pixels[row, 0]
            shift[row, 1] = pixels[row, 1] - pixels[first, 1] + rise[first]
            if opened:
                wide = min(members - slot // ROW * ROW, ROW)
                shift[row, 0] += 1.03 * (slot % ROW - (wide - 1) / 2.0) * sizes[first]
                shift[row, 1] += 1.03 * (slot // ROW) * sizes[first]
            elif slot > BEHIND:
                share[row] = 0.0
            else:
                shift[row, 0] += STEP * slot * sizes[first]
                shift[row, 1] += STEP * slot * sizes[first]
        if members > 1 and not opened:
            number[first] = members
        begin = end
    return shift, share, number


@lru_cache(maxsize=1)
def _numbers() -> tuple[NDArray[np.uint8], int, int]:
    """Draw the numbers 2 to 99 and 99+, with columns and rows."""
    columns, rows = 10, 10
    sheet = Image.new("RGBA", (columns * NUMBER, rows * NUMBER), (255, 255, 255, 0))
    draw = ImageDraw.Draw(sheet)
    for at in range(MOST):
        text = str(at + 2) if at + 2 <= MOST else f"{MOST}+"
        x, y = at % columns * NUMBER, at // columns * NUMBER
        draw.ellipse((x + 2, y + 2, x + NUMBER - 3, y + NUMBER - 3), fill=(255, 255, 255, 255))
        draw.ellipse((x + 6, y + 6, x + NUMBER - 7, y + NUMBER - 7), fill=(32, 40, 52, 255))
        font = fonts.font(34 if len(text) < 3 else 25, bold=True)
        draw.text((x + NUMBER / 2, y + NUMBER / 2), text, fill="#ffffff", font=font, anchor="mm")
    return np.asarray(sheet), columns, rows
