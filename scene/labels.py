"""Names beside things: chosen so that they do not cover each other, drawn with a halo."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonCore import vtkPoints
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkImageData, vtkPolyData
from vtkmodules.vtkRenderingCore import vtkPolyDataMapper2D, vtkTexture, vtkTexturedActor2D

from layers.shapes import Bools, Floats
from scene.texts import INK, PAPER, Bytes, Rgb, lay_over, text_picture

PIXELS = 13  # size of the letters at a pixel scale of 1
MOST_LOOKED_AT = 1500
ROOM = 11_000.0  # pixels of picture for each label, at a pixel scale of 1
FEWEST, MOST = 12, 400
TWIN = 160.0  # pixels within which the same name is not written twice
OVER = 1.15  # how much longer than its stretch a text along a line may be


@dataclass(frozen=True, slots=True, eq=False)
class LabelSet:
    """The labels of one layer.

    Attributes
    ----------
    points : (n, 3) float64
        What they stand at, scene coordinates.
    texts : tuple of n str
        What is written.
    rank : (n,) float64
        Those with a higher rank go first; equal ones by how near they are.
    ink, halo : (red, green, blue)
        0 to 255.
    rise : float
        Pixels between the point and the text above it.
    bold, must, hideable : bool
        Heavy letters; whether they are written even where they cover others; whether they are
        left out where something stands before their point.
    pixels : float
        Size of the letters at a pixel scale of 1.
    farthest : float
        Metres from the eye beyond which they are not written.
    along : (n, 3) float64 or None
        Way from each point to the end of a straight stretch that it is the middle of, scene
        coordinates: the text runs along it, and is left out where the stretch is too short for it
        in the picture. None for upright texts.
    """

    points: Floats
    texts: tuple[str, ...]
    rank: Floats
    ink: Rgb = INK
    halo: Rgb = PAPER
    rise: float = 7.0
    bold: bool = False
    must: bool = False
    hideable: bool = False
    pixels: float = PIXELS
    farthest: float = np.inf
    along: Floats | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """A label at its place in the picture.

    Attributes
    ----------
    picture : (rows, columns, 4) uint8
        The text.
    x, y : int
        Its top left corner before it is turned, pixels from the top left corner of the picture.
    key : tuple
        What was drawn, the same for the same picture.
    of : (str, int)
        Key of its set, and which of it.
    turn : float
        How far it is turned around its middle, radians counter-clockwise.
    """

    picture: Bytes
    x: int
    y: int
    key: tuple[Any, ...]
    of: tuple[str, int] = ("", 0)
    turn: float = 0.0

    @property
    def middle(self) -> tuple[float, float]:
        """Its middle, pixels from the top left corner of the picture."""
        rows, columns = self.picture.shape[:2]
        return self.x + columns / 2.0, self.y + rows / 2.0

    def boxes(self) -> Floats:
        """Give what it covers, (k, 4): left, top, right, bottom; small boxes where it is turned."""
        rows, columns = self.picture.shape[:2]
        if not self.turn:
            return np.array([[self.x, self.y, self.x + columns, self.y + rows]], dtype=np.float64)
        count = max(math.ceil(columns / rows), 1)
        at = (np.arange(count) + 0.5) / count * columns - columns / 2.0
        wide, high = abs(math.cos(self.turn)), abs(math.sin(self.turn))
        half = np.array(
            [columns / count * wide + rows * high, columns / count * high + rows * wide]
        )
        x, y = self.middle
        middles = np.column_stack([x + at * math.cos(self.turn), y - at * math.sin(self.turn)])
        return np.hstack([middles - half / 2.0, middles + half / 2.0])


def clip_matrix(camera: Any, aspect: float) -> Floats:
    """Give a camera's matrix from scene to clip coordinates, (4, 4)."""
    matrix = camera.GetCompositeProjectionTransformMatrix(aspect, -1.0, 1.0)
    return np.array([[matrix.GetElement(i, j) for j in range(4)] for i in range(4)])


def projected(matrix: Floats, points: Floats, size: tuple[int, int]) -> tuple[Floats, Floats]:
    """Give where scene points are in a picture.

    Parameters
    ----------
    matrix : (4, 4) float64
        From scene to clip coordinates.
    points : (n, 3) float64
        Scene coordinates.
    size : (int, int)
        Width and height, pixels.

    Returns
    -------
    pixels : (n, 2) float64
        From the top left corner; NaN behind the eye.
    depth : (n,) float64
        The fourth coordinate: metres ahead where lines of sight meet in the eye, else 1.
    """
    clip = np.column_stack([points, np.ones(len(points))]) @ matrix.T
    depth = clip[:, 3]
    ahead = np.where(depth > 1e-6, depth, np.nan)
    x = (clip[:, 0] / ahead + 1.0) * size[0] / 2.0
    y = (1.0 - clip[:, 1] / ahead) * size[1] / 2.0
    return np.column_stack([x, y]), depth


def steps(matrix: Floats, points: Floats, ways: Floats, size: tuple[int, int]) -> Floats:
    """Give which way short ways from scene points lead in a picture.

    Parameters
    ----------
    matrix : (4, 4) float64
        From scene to clip coordinates.
    points, ways : (n, 3) float64
        Scene coordinates; points lie ahead of the eye.
    size : (int, int)
        Width and height, pixels.

    Returns
    -------
    (n, 2) ndarray of float64
        Pixels to the right and down. A way's end may lie behind the eye: straight lines stay
        straight, so that the direction at the point is that of the whole line.
    """
    clip = np.column_stack([points, np.ones(len(points))]) @ matrix.T
    step = np.column_stack([ways, np.zeros(len(ways))]) @ matrix.T
    w, dw = clip[:, 3], step[:, 3]
    right, up = ((step[:, k] * w - clip[:, k] * dw) / (w * w) for k in (0, 1))
    return np.column_stack([right * size[0] / 2.0, -up * size[1] / 2.0])


class Labels:
    """All labels of a stage."""

    def __init__(self) -> None:
        self._sets: dict[str, LabelSet] = {}
        self.visible = True

    def put(self, key: str, labels: LabelSet) -> None:
        """Write these labels under a key, in place of those before."""
        self._sets[key] = labels

    def remove(self, key: str) -> None:
        """Write them no more."""
        self._sets.pop(key, None)

    def __len__(self) -> int:
        return sum(len(s.texts) for s in self._sets.values())

    def layout(
        self, matrix: Floats, size: tuple[int, int], scale: float, farthest: float = np.inf,
        taken: Bools | None = None, hidden: Callable[[Floats], Bools] | None = None,
        kept: frozenset[tuple[str, int]] = frozenset(),
        gone: Callable[[Floats], Bools] | None = None,
    ) -> list[Placed]:  # fmt: skip
        """Choose which labels to write and where.

        Parameters
        ----------
        matrix : (4, 4) float64
            From scene to clip coordinates.
        size : (int, int)
            Width and height of the picture, pixels.
        scale : float
            How much larger letters are than at a scale of 1.
        farthest : float
            Metres; labels further away are left out.
        taken : (height, width) bool or None
            Where other things stand already.
        hidden : callable or None
            Says which scene points, (n, 3), something stands before: they get no label.
        kept : frozenset of (str, int)
            Labels that stood there a moment ago: they go before others of their rank, so that
            names do not flicker while the eye moves.
        gone : callable or None
            Says which scene points a cut takes away: what stood there has no name, wherever one
            may stand before another.
        """
        free = _Free(
            size, taken, max(FEWEST, min(MOST, round(size[0] * size[1] / ROOM / scale**2)))
        )
        out: list[Placed] = []
        for must in (True, False):
            order = _in_order(self._sets, matrix, size, farthest, hidden, must, kept, gone)
            for name, i, x, y in order:
                label = _placed(self._sets[name], (name, i), x, y, scale, matrix, size)
                if label is None or not free.take(label, scale, must=must):
                    continue
                out.append(label)
                if free.full:
                    break
        return out


def _placed(
    s: LabelSet, of: tuple[str, int], x: float, y: float, scale: float, matrix: Floats,
    size: tuple[int, int],
) -> Placed | None:  # fmt: skip
    """Give a label over its point, or along its line; None where the line is too short for it."""
    i = of[1]
    pixels = max(round(s.pixels * scale), 6)
    picture = text_picture(s.texts[i], pixels, s.ink, s.halo, bold=s.bold)
    rows, columns = picture.shape[:2]
    key = (s.texts[i], pixels, s.ink, s.halo, s.bold)
    if s.along is None:
        left, top = round(x - columns / 2), round(y - s.rise * scale - rows)
        return Placed(picture, left, top, key, of)
    right, down = steps(matrix, s.points[i : i + 1], s.along[i : i + 1], size)[0].tolist()
    if 2.0 * math.hypot(right, down) * OVER < columns:
        return None
    turn = math.atan2(-down, right)
    if not -math.pi / 2.0 < turn <= math.pi / 2.0:  # read from below or from the right
        turn += math.pi if turn < 0.0 else -math.pi
    lift = s.rise * scale + rows / 2.0
    x, y = x - lift * math.sin(turn), y - lift * math.cos(turn)
    return Placed(picture, round(x - columns / 2), round(y - rows / 2), key, of, turn)


def _in_order(
    sets: dict[str, LabelSet], matrix: Floats, size: tuple[int, int], farthest: float,
    hidden: Callable[[Floats], Bools] | None, must: bool, kept: frozenset[tuple[str, int]],
    gone: Callable[[Floats], Bools] | None = None,
) -> list[tuple[str, int, float, float]]:  # fmt: skip
    """List the labels in the picture, the most important and nearest first."""
    rows: list[tuple[float, bool, float, str, int, float, float]] = []
    for key, s in sets.items():
        if s.must is not must or not s.texts:
            continue
        pixels, depth = projected(matrix, s.points, size)
        inside: Bools = np.isfinite(pixels).all(axis=1) & (depth < min(farthest, s.farthest))
        inside &= (pixels >= 0).all(axis=1) & (pixels <= size).all(axis=1)
        found = np.flatnonzero(inside)
        found = found[np.lexsort((depth[found], -s.rank[found]))][:MOST_LOOKED_AT]
        if gone is not None and not s.must and len(found):
            found = found[~gone(s.points[found])]
        if hidden is not None and s.hideable and len(found):
            found = found[~hidden(s.points[found])]
        new = [(key, i) not in kept for i in found.tolist()]
        rows += [
            (-rank, other, far, key, i, x, y)
            for rank, other, far, i, (x, y) in zip(
                s.rank[found].tolist(), new, depth[found].tolist(), found.tolist(),
                pixels[found].tolist(), strict=True,
            )
        ]  # fmt: skip
    rows.sort()
    return [(key, i, x, y) for _, _, _, key, i, x, y in rows]


class _Free:
    """What of a picture is still free of labels."""

    def __init__(self, size: tuple[int, int], taken: Bools | None, most: int) -> None:
        self._size, self._taken, self._most = size, taken, most
        self._boxes = np.zeros((0, 4))
        self._count = 0
        self._names: dict[str, list[tuple[float, float]]] = {}

    @property
    def full(self) -> bool:
        """Whether enough is written."""
        return self._count >= min(self._most, MOST * 4)

    def take(self, label: Placed, scale: float, *, must: bool) -> bool:
        """Take the place of a label if it is free; gives whether it was."""
        if self._count >= MOST * 4:
            return False
        boxes, name = label.boxes(), str(label.key[0])
        x, y = label.middle
        twins = self._names.setdefault(name, [])
        near = any(abs(x - tx) + abs(y - ty) < TWIN * scale for tx, ty in twins)
        if not must and (near or not self._open(boxes, scale)):
            return False
        self._boxes = np.concatenate([self._boxes, boxes])
        self._count += 1
        twins.append((x, y))
        return True

    def _open(self, boxes: Floats, scale: float) -> bool:
        """Say whether boxes lie in the picture, and nothing stands there."""
        if (boxes[:, :2] < 0).any() or (boxes[:, 2:] > self._size).any():
            return False
        gap, others = 3.0 * scale, self._boxes
        near = (others[:, None, :2] < boxes[:, 2:] + gap) & (
            others[:, None, 2:] > boxes[:, :2] - gap
        )
        if near.all(axis=2).any():
            return False
        return self._taken is None or not any(
            self._taken[top:bottom, left:right].any()
            for left, top, right, bottom in boxes.astype(np.int64).tolist()
        )


def _turned(label: Placed) -> Bytes:
    """Give the picture of a label as it is turned."""
    rows, columns = label.picture.shape[:2]
    clear = (*label.picture[0, 0, :3].tolist(), 0)
    image = Image.new("RGBA", (columns, rows + 2), clear)
    image.paste(Image.fromarray(label.picture), (0, 1))
    turned = image.rotate(
        math.degrees(label.turn), Image.Resampling.BICUBIC, expand=True, fillcolor=clear
    )
    return np.asarray(turned, dtype=np.uint8)


def draw_labels(under: Bytes, labels: Sequence[Placed]) -> None:
    """Lay labels over a picture, (h, w, 4) uint8, the most important uppermost."""
    for label in reversed(labels):
        if not label.turn:
            lay_over(under, label.picture, label.x, label.y)
            continue
        picture, (x, y) = _turned(label), label.middle
        lay_over(under, picture, round(x - picture.shape[1] / 2), round(y - picture.shape[0] / 2))


def _corners(label: Placed, height: int) -> list[tuple[float, float]]:
    """Give the corners of a label, pixels from the lower left corner of the picture."""
    rows, columns = label.picture.shape[:2]
    if not label.turn:
        left, low = label.x, height - label.y - rows
        return [
            (left, low),
            (left + columns, low),
            (left + columns, low + rows),
            (left, low + rows),
        ]
    (x, y), c, q = label.middle, math.cos(label.turn), math.sin(label.turn)
    right, up = columns / 2.0, rows / 2.0
    around = ((-right, -up), (right, -up), (right, up), (-right, up))
    return [(x + c * a - q * b, height - y + q * a + c * b) for a, b in around]


class LabelOverlay:
    """Labels over a window: quads on one texture, placed anew in each frame.

    Parameters
    ----------
    renderer : vtkRenderer
        Where.
    """

    SIDE = 1024

    def __init__(self, renderer: Any) -> None:
        self._renderer = renderer
        self._atlas: Bytes = np.zeros((self.SIDE, self.SIDE, 4), dtype=np.uint8)
        self._where: dict[tuple[Any, ...], tuple[int, int]] = {}
        self._pen = (0, 0, 0)  # x, y, height of the row
        self._image = vtkImageData()
        self._image.SetDimensions(self.SIDE, self.SIDE, 1)
        self._image.GetPointData().SetScalars(numpy_to_vtk(self._atlas.reshape(-1, 4)))
        texture = vtkTexture()
        texture.SetInputData(self._image)
        texture.SetColorModeToDirectScalars()
        texture.InterpolateOff()
        self._texture = texture
        self._data = vtkPolyData()
        mapper = vtkPolyDataMapper2D()
        mapper.SetInputData(self._data)
        self.actor = vtkTexturedActor2D()
        self.actor.SetMapper(mapper)
        self.actor.SetTexture(texture)
        self.actor.VisibilityOff()
        renderer.AddViewProp(self.actor)

    def show(self, labels: Sequence[Placed], height: int) -> None:
        """Write these labels; `height` is that of the picture, pixels."""
        self.actor.SetVisibility(bool(labels))
        if not labels:
            return
        if not all(self._keep(label) for label in labels):
            self._where, self._pen = {}, (0, 0, 0)
            self._atlas[:] = 0
            labels = [label for label in labels if self._keep(label)]
        self._texture.SetInterpolate(any(label.turn for label in labels))
        corners, places = [], []
        for label in reversed(labels):
            rows, columns = label.picture.shape[:2]
            u, v = self._where[label.key]
            corners += _corners(label, height)
            places += [(u, v + rows), (u + columns, v + rows), (u + columns, v), (u, v)]
        at = np.array(places, dtype=np.float32) / self.SIDE
        points = vtkPoints()
        flat = np.column_stack([np.array(corners, dtype=np.float32), np.zeros(len(corners))])
        points.SetData(numpy_to_vtk(flat.astype(np.float32), deep=True))
        cells = vtkCellArray()
        index = np.arange(len(corners), dtype=np.int32)
        cells.SetData(4, numpy_to_vtk(index, deep=True))
        self._data.SetPoints(points)
        self._data.SetPolys(cells)
        self._data.GetPointData().SetTCoords(numpy_to_vtk(at, deep=True))
        self._data.Modified()

    def close(self) -> None:
        """Take everything away."""
        self._renderer.RemoveViewProp(self.actor)

    def _keep(self, label: Placed) -> bool:
        """Have a label in the texture; False where the texture is full."""
        if label.key in self._where:
            return True
        rows, columns = label.picture.shape[:2]
        x, y, tall = self._pen
        if x + columns + 1 > self.SIDE:
            x, y, tall = 0, y + tall + 1, 0
        if columns > self.SIDE or y + rows > self.SIDE:
            return False
        self._atlas[y : y + rows, x : x + columns] = label.picture
        self._where[label.key] = (x, y)
        self._pen = (x + columns + 1, y, max(tall, rows))
        self._image.GetPointData().GetScalars().Modified()
        self._image.Modified()
        return True
