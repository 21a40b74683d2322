"""Names beside things: chosen so that they do not cover each other, drawn with a halo."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
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


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """A label at its place in the picture.

    Attributes
    ----------
    picture : (rows, columns, 4) uint8
        The text.
    x, y : int
        Its top left corner, pixels from the top left corner of the picture.
    key : tuple
        What was drawn, the same for the same picture.
    of : (str, int)
        Key of its set, and which of it.
    """

    picture: Bytes
    x: int
    y: int
    key: tuple[Any, ...]
    of: tuple[str, int] = ("", 0)


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
        """
        free = _Free(
            size, taken, max(FEWEST, min(MOST, round(size[0] * size[1] / ROOM / scale**2)))
        )
        out: list[Placed] = []
        for must in (True, False):
            order = _in_order(self._sets, matrix, size, farthest, hidden, must, kept)
            for name, i, x, y in order:
                s = self._sets[name]
                pixels = max(round(s.pixels * scale), 6)
                picture = text_picture(s.texts[i], pixels, s.ink, s.halo, bold=s.bold)
                rows, columns = picture.shape[:2]
                left, top = round(x - columns / 2), round(y - s.rise * scale - rows)
                if not free.take(left, top, columns, rows, s.texts[i], scale, must=must):
                    continue
                key = (s.texts[i], pixels, s.ink, s.halo, s.bold)
                out.append(Placed(picture, left, top, key, (name, i)))
                if free.full:
                    break
        return out


def _in_order(
    sets: dict[str, LabelSet], matrix: Floats, size: tuple[int, int], farthest: float,
    hidden: Callable[[Floats], Bools] | None, must: bool, kept: frozenset[tuple[str, int]],
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
        self._boxes = np.zeros((MOST * 4, 4))
        self._count = 0
        self._names: dict[str, list[tuple[float, float]]] = {}

    @property
    def full(self) -> bool:
        """Whether enough is written."""
        return self._count >= min(self._most, len(self._boxes))

    def take(
        self, x: int, y: int, width: int, height: int, name: str, scale: float, *, must: bool
    ) -> bool:
        """Take a place if it is free; gives whether it was."""
        if self._count >= len(self._boxes):
            return False
        inside = x >= 0 and y >= 0 and x + width <= self._size[0] and y + height <= self._size[1]
        gap = 3.0 * scale
        boxes = self._boxes[: self._count]
        covered = (
            (boxes[:, 0] < x + width + gap) & (boxes[:, 2] > x - gap)
            & (boxes[:, 1] < y + height + gap) & (boxes[:, 3] > y - gap)
        )  # fmt: skip
        twins = self._names.setdefault(name, [])
        near = any(abs(x - tx) + abs(y - ty) < TWIN * scale for tx, ty in twins)
        if not must and (not inside or near or bool(covered.any())):
            return False
        if (
            not must
            and self._taken is not None
            and self._taken[y : y + height, x : x + width].any()
        ):
            return False
        self._boxes[self._count] = x, y, x + width, y + height
        self._count += 1
        twins.append((x, y))
        return True


def draw_labels(under: Bytes, labels: Sequence[Placed]) -> None:
    """Lay labels over a picture, (h, w, 4) uint8, the most important uppermost."""
    for label in reversed(labels):
        lay_over(under, label.picture, label.x, label.y)


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
        corners, places = [], []
        for label in reversed(labels):
            rows, columns = label.picture.shape[:2]
            u, v = self._where[label.key]
            x, y = label.x, height - label.y - rows
            corners += [(x, y), (x + columns, y), (x + columns, y + rows), (x, y + rows)]
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
