"""A drawing on paper in the window: zoomed by the wheel, moved by dragging, clicked for objects."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QFontMetricsF,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPen,
    QPolygonF,
    QResizeEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QGraphicsItem,
    QGraphicsPathItem,
    QGraphicsScene,
    QGraphicsView,
    QWidget,
)

from layers.pipes.plate import Link, Oval, Path, Plate, Shape, Stroke, Text

STEP = 1.25  # times a notch of the wheel zooms
LARGEST = 80.0  # points of a millimetre
HALO = "#ff6d00"  # round what is selected
FONT_PIXELS = 100  # letters are outlined at this size and scaled down
READABLE = 2.2  # points of a millimetre from which the whole drawing can be read
ROUND = 14.0  # millimetres around pipes that are shown with them
TEXT = 0  # key of what tells texts from things
SLACK = 4  # points beside a thing that still count as a click on it


class PlateView(QGraphicsView):
    """Shows a drawing.

    Signals
    -------
    clicked : ((str, int),)
        Layer and object of what was clicked.
    opened : ((str, int),)
        The same for a double click.
    """

    clicked = Signal(object)
    opened = Signal(object)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._own = QGraphicsScene(self)
        self.setScene(self._own)
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setBackgroundBrush(QColor("#8a8d91"))
        self.viewport().setCursor(Qt.CursorShape.ArrowCursor)
        self._plate: Plate | None = None
        self._of: dict[Link, list[QGraphicsItem]] = {}
        self._links: dict[QGraphicsItem, Link] = {}
        self._halos: list[QGraphicsItem] = []
        self._pressed = QPointF()
        self._fitted = True

    @property
    def plate(self) -> Plate | None:
        """What is shown."""
        return self._plate

    def show_plate(self, plate: Plate | None) -> None:
        """Show another drawing, or none: all of it, or in little room what can be clicked."""
        self._own.clear()
        self._of, self._links, self._halos = {}, {}, []
        self._plate = plate
        if plate is None:
            return
        self._own.setSceneRect(-10.0, -10.0, plate.width + 20.0, plate.height + 20.0)
        self._own.addRect(
            0.0, 0.0, plate.width, plate.height, QPen(Qt.PenStyle.NoPen), QBrush(QColor("#ffffff"))
        )
        for shape in plate.shapes:
            item = _item(shape, plate.height)
            self._own.addItem(item)
            if shape.link is not None:
                self._of.setdefault(shape.link, []).append(item)
                self._links[item] = shape.link
        self.fit()
        if self.transform().m11() < READABLE and self._links:
            self._fit_things()

    def fit(self) -> None:
        """Show the whole drawing."""
        if self._plate is not None:
            self.fitInView(
                QRectF(0.0, 0.0, self._plate.width, self._plate.height),
                Qt.AspectRatioMode.KeepAspectRatio,
            )
        self._fitted = True

    def _fit_things(self) -> None:
        """Show pipes and manholes with what stands around them."""
        box = QRectF()
        for item in self._links:
            if item.data(TEXT) is None:
                box = box.united(item.sceneBoundingRect())
        if not box.isEmpty():
            self.fitInView(
                box.adjusted(-ROUND, -ROUND, ROUND, ROUND), Qt.AspectRatioMode.KeepAspectRatio
            )
            self._fitted = False

    def mark(self, links: set[Link]) -> None:
        """Put a halo round these objects, and see one of them."""
        for item in self._halos:
            self._own.removeItem(item)
        self._halos = []
        pen = QPen(QColor(HALO), 0.9)
        for link in links & set(self._of):
            for item in self._of[link]:
                box = item.sceneBoundingRect().adjusted(-0.8, -0.8, 0.8, 0.8)
                halo = self._own.addRect(box, pen)
                halo.setZValue(10.0)
                self._halos.append(halo)
        if self._halos and not self._fitted:
            self.ensureVisible(self._halos[0], 30, 30)

    def link_at(self, x: int, y: int) -> Link | None:
        """Give what is shown at a point of the widget."""
        around = QRectF(x - SLACK, y - SLACK, 2.0 * SLACK, 2.0 * SLACK).toRect()
        found = [self._links[item] for item in self.items(around) if item in self._links]
        at = [self._links[item] for item in self.items(x, y) if item in self._links]
        both = [*at, *found]
        return both[0] if both else None

    # Qt's events -----------------------------------------------------------------------------

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Zoom to what is under the pointer."""
        turn = event.angleDelta().y()
        factor = STEP ** (turn / 120.0)
        now = self.transform().m11()
        if turn and (factor < 1.0 or now * factor < LARGEST):
            self._fitted = False
            self.scale(factor, factor)
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Remember where a click or a drag began."""
        self._pressed = event.position()
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Tell what was clicked."""
        super().mouseReleaseEvent(event)
        moved = event.position() - self._pressed
        if math.hypot(moved.x(), moved.y()) < 4.0:
            link = self.link_at(round(event.position().x()), round(event.position().y()))
            if link is not None:
                self.clicked.emit(link)
        else:
            self._fitted = False

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Tell what was double clicked."""
        link = self.link_at(round(event.position().x()), round(event.position().y()))
        if link is not None:
            self.opened.emit(link)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Keep the whole drawing in sight where it was."""
        super().resizeEvent(event)
        if self._fitted:
            self.fit()


def _item(shape: Shape, high: float) -> QGraphicsPathItem:
    path = QPainterPath()
    if isinstance(shape, Text):
        item = QGraphicsPathItem(_letters(shape, high))
        item.setPen(QPen(Qt.PenStyle.NoPen))
        item.setBrush(QColor(shape.colour))
        item.setData(TEXT, shape.words)
        return item
    if isinstance(shape, Oval):
        path.addEllipse(QPointF(shape.x, high - shape.y), shape.rx, shape.ry)
    else:
        path = _outline(shape, high)
    item = QGraphicsPathItem(path)
    item.setPen(_pen(shape.stroke))
    item.setBrush(QColor(shape.fill) if shape.fill else Qt.BrushStyle.NoBrush)
    return item


def _outline(shape: Path, high: float) -> QPainterPath:
    path = QPainterPath()
    corners = [QPointF(float(x), high - float(y)) for x, y in shape.points]
    path.addPolygon(QPolygonF(corners))
    if shape.closed:
        path.closeSubpath()
    return path


def _pen(stroke: Stroke | None) -> QPen:
    if stroke is None:
        return QPen(Qt.PenStyle.NoPen)
    pen = QPen(QColor(stroke.colour), stroke.width)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    if stroke.dash:
        pen.setDashPattern([part / stroke.width for part in stroke.dash])
    return pen


def _letters(text: Text, high: float) -> QPainterPath:
    """Give a text as outlines in millimetres."""
    font = QFont()
    font.setPixelSize(FONT_PIXELS)
    font.setBold(text.bold)
    path = QPainterPath()
    path.addText(0.0, 0.0, font, text.words)
    wide = QFontMetricsF(font).horizontalAdvance(text.words)
    left = {"start": 0.0, "middle": -wide / 2.0, "end": -wide}[text.anchor]
    size = text.size / FONT_PIXELS
    place = QTransform()
    place.translate(text.x, high - text.y)
    place.rotate(-text.turn)
    place.scale(size, size)
    place.translate(left, 0.36 * FONT_PIXELS)
    return place.map(path)
