"""The overview map in the corner: the whole city from above, and what the eye sees of it."""

from __future__ import annotations

import math
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QWidget

from app.qt.desk import Desk
from layers.kinds.base import Extent, Features, Layer
from layers.kinds.buildings import Buildings
from layers.shapes import LINE, POINT, POLYGON, Floats, Shapes
from layers.viewpoint import Viewpoint
from scene.seen_ground import footprint

WIDTH, HEIGHT = 210, 160  # points
ROOM = 8  # points around the city
LEAST = 1.5  # points; smaller things are dots
FEW_CORNERS = 12  # of a ring or line that are all drawn
MOST_CORNERS = 60_000  # of a layer that are drawn as they are; larger layers are thinned out
AT_ONCE = 100_000  # corners of a city that is drawn while everybody waits; others by a thread


@dataclass(frozen=True, slots=True)
class _Fit:
    """How an extent lies on the map."""

    extent: Extent

    @property
    def size(self) -> tuple[float, float]:
        """Metres from west to east and from south to north."""
        west, south, east, north = self.extent
        return max(east - west, 1.0), max(north - south, 1.0)

    @property
    def scale(self) -> float:
        """Points per metre."""
        wide, high = self.size
        return min((WIDTH - 2 * ROOM) / wide, (HEIGHT - 2 * ROOM) / high)

    @property
    def corner(self) -> tuple[float, float]:
        """Points from left and top to the extent."""
        wide, high = self.size
        return (WIDTH - wide * self.scale) / 2, (HEIGHT - high * self.scale) / 2

    def points(self, places: Floats) -> Floats:
        """Give where places are on the map, (n, 2)."""
        left, top = self.corner
        west, _, _, upper = self.extent
        return np.column_stack([left + (places[:, 0] - west) * self.scale,
                                top + (upper - places[:, 1]) * self.scale])  # fmt: skip


class OverviewMap(QWidget):
    """A small map with the cone of the view; click or drag to go there.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    parent : QWidget
        The picture.

    Signals
    -------
    wanted : (float, float)
        Look at this place: east, north, project coordinates.
    """

    wanted = Signal(float, float)
    _drawn = Signal(object)

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("overview-map")
        self.setFixedSize(WIDTH, HEIGHT)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self._desk = desk
        self._drawn_of: tuple[object, ...] = ()
        self._keep: tuple[object, ...] = ()
        self._image: QImage | None = None
        self._fit = _Fit((0.0, 0.0, 1.0, 1.0))
        self._threads: ThreadPoolExecutor | None = None
        self._drawn.connect(self._take, Qt.ConnectionType.QueuedConnection)
        self._eye: Viewpoint | None = None
        self._cone: Floats = np.empty((0, 2))
        desk.texts.bind(self, "setToolTip", "overview-map")
        desk.texts.bind(self, "setAccessibleName", "overview-map")

    def show_eye(self, eye: Viewpoint, size: tuple[int, int], ground: float) -> None:
        """Draw the cone of a view.

        Parameters
        ----------
        eye : Viewpoint
            The eye.
        size : (int, int)
            Width and height of the picture, pixels.
        ground : float
            Height of the ground that is seen, metres.
        """
        self._eye, self._cone = eye, footprint(eye, size, ground)
        self.update()

    def to_map(self, east: float, north: float) -> QPointF:
        """Give where a place is on the map, points."""
        return QPointF(*self._fit.points(np.array([[east, north]]))[0])

    def to_place(self, at: QPointF) -> tuple[float, float]:
        """Give the place at a point of the map."""
        left, top = self._fit.corner
        west, _, _, upper = self._fit.extent
        return west + (at.x() - left) / self._fit.scale, upper - (at.y() - top) / self._fit.scale

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Go there."""
        self.wanted.emit(*self.to_place(event.position()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Go along."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.wanted.emit(*self.to_place(event.position()))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the city, then the eye."""
        self._follow()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF(0.5, 0.5, WIDTH - 1, HEIGHT - 1)
        edge = QPainterPath()
        edge.addRoundedRect(frame, 5, 5)
        painter.setClipPath(edge)
        painter.fillRect(self.rect(), QColor("#eef1ee"))
        if self._image is not None:
            painter.drawImage(0, 0, self._image)
        if self._eye is not None:
            self._paint_eye(painter, self._eye)
        painter.setClipping(False)
        painter.setPen(QPen(QColor(29, 42, 50, 140), 1.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(edge)
        painter.end()

    # Inside --------------------------------------------------------------------------------------

    def _paint_eye(self, painter: QPainter, eye: Viewpoint) -> None:
        colour = QColor("#d0342c")
        if len(self._cone) >= 3:
            painter.setPen(QPen(colour, 1.2))
            colour.setAlpha(45)
            painter.setBrush(colour)
            painter.drawPolygon(QPolygonF([self.to_map(x, y) for x, y in self._cone]))
        at = self.to_map(eye.east, eye.north)
        inside = QPointF(min(max(at.x(), 6.0), WIDTH - 6.0), min(max(at.y(), 6.0), HEIGHT - 6.0))
        painter.save()
        painter.translate(inside)
        painter.rotate(math.degrees(eye.heading))
        painter.setPen(QPen(QColor("white"), 1.0))
        painter.setBrush(QColor("#d0342c"))
        arrow = [QPointF(0, -7), QPointF(5, 5), QPointF(0, 2), QPointF(-5, 5)]
        painter.drawPolygon(QPolygonF(arrow))
        painter.restore()

    def _follow(self) -> None:
        """Draw the city anew where the project is another than it was."""
        project = self._desk.project
        layers = [x for x in project.layers if isinstance(x.data, Features) and x.visible]
        now = tuple((x.id, id(x.data), x.style.colour) for x in layers)
        if self._drawn_of == (id(project), now):
            return
        self._keep = (project, [x.data for x in layers])  # so that no other gets their place
        self._drawn_of = (id(project), now)
        fit = _Fit(project.extent() or (0.0, 0.0, 1000.0, 1000.0))
        parts = [_part_of(layer) for layer in layers]
        ratio = self.devicePixelRatioF()
        if sum(len(shapes.coords) for shapes, _ in parts) <= AT_ONCE:
            self._take((self._drawn_of, fit, _city(parts, fit, ratio)))
            return
        if self._image is None:
            self._fit = fit
        if self._threads is None:
            self._threads = ThreadPoolExecutor(1, "overview-map")
        drawn_of = self._drawn_of

        def hand_over(job: Future[QImage]) -> None:
            with suppress(RuntimeError):  # the window was closed meanwhile
                self._drawn.emit((drawn_of, fit, job.result()))

        self._threads.submit(_city, parts, fit, ratio).add_done_callback(hand_over)

    def _take(self, drawn: tuple[tuple[object, ...], _Fit, QImage]) -> None:
        """Show a city that was drawn, unless there is another one by now."""
        drawn_of, fit, image = drawn
        if drawn_of == self._drawn_of:
            self._fit, self._image = fit, image
            self.update()


def _part_of(layer: Layer) -> tuple[Shapes, str]:
    data = layer.data
    assert isinstance(data, Features)
    return data.shapes, "#6f7a82" if isinstance(data, Buildings) else layer.style.colour


def _city(parts: list[tuple[Shapes, str]], fit: _Fit, ratio: float) -> QImage:
    """Draw shapes in their colours, the first lowest; any thread may do it."""
    image = QImage(
        round(WIDTH * ratio), round(HEIGHT * ratio), QImage.Format.Format_ARGB32_Premultiplied
    )
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for shapes, colour in parts:
        _paint_shapes(painter, shapes, QColor(colour), fit)
    painter.end()
    return image


def _paint_shapes(painter: QPainter, shapes: Shapes, colour: QColor, fit: _Fit) -> None:
    drawn = np.flatnonzero(shapes.kind != POINT)
    if not len(drawn):
        return
    box = shapes.bounds()[drawn]
    size = np.maximum(box[:, 2] - box[:, 0], box[:, 3] - box[:, 1]) * fit.scale
    painter.setPen(QPen(colour, 1.0))
    dots = fit.points((box[:, :2] + box[:, 2:])[size < LEAST] / 2.0).astype(np.int64)
    cells = np.unique(dots[:, 0] * HEIGHT + dots[:, 1])
    painter.drawPoints(_polygon(np.column_stack([cells // HEIGHT, cells % HEIGHT]) + 0.5))
    shapes = shapes.take(drawn[size >= LEAST])
    if len(shapes.coords) > MOST_CORNERS:
        shapes = shapes.take(_largest(shapes))
    corners = fit.points(shapes.coords)
    painter.setPen(Qt.PenStyle.NoPen)
    for kind in (POLYGON, LINE):
        path = QPainterPath()
        path.setFillRule(Qt.FillRule.OddEvenFill)
        for row in np.flatnonzero(shapes.kind == kind):
            for ring in range(shapes.shape_start[row], shapes.shape_start[row + 1]):
                points = corners[shapes.ring_start[ring] : shapes.ring_start[ring + 1]]
                path.addPolygon(_polygon(_thinned(points)))
        if kind == POLYGON:
            painter.fillPath(path, colour)
        else:
            painter.strokePath(path, QPen(colour, 1.0))


def _thinned(points: Floats) -> Floats:
    """Leave out corners that lie within half a point of the one before."""
    if len(points) < FEW_CORNERS:
        return points
    cell = np.rint(points * 2.0)
    other = np.ones(len(points), dtype=bool)
    other[1:-1] = (cell[1:-1] != cell[:-2]).any(axis=1)
    return points[other]


def _polygon(points: Floats) -> QPolygonF:
    return QPolygonF([QPointF(x, y) for x, y in points.tolist()])


def _largest(shapes: Shapes) -> np.ndarray:
    """Give the rows of the largest shapes that fit into what is drawn."""
    box = shapes.bounds()
    size = np.maximum(box[:, 2] - box[:, 0], box[:, 3] - box[:, 1])
    order = np.argsort(-size, kind="stable")
    counts = np.diff(shapes.first_coord)[order]
    return np.sort(order[: max(int(np.searchsorted(np.cumsum(counts), MOST_CORNERS)), 1)])
