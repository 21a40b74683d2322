"""Live pictures of any project beside each other: linked, under a curtain, or blinking."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from app.qt.canvas import QUICK_FRAME, Canvas
from app.qt.desk import Desk
from app.qt.pacing import Pacing
from app.qt.pointing import BUTTONS, cursor, pointer_event, wheel_event
from layers.project import Project
from layers.viewpoint import Viewpoint
from scene.detail import detail_for
from scene.stage import Stage
from scene.tools.navigate import Navigate

BUILD_FOR = 0.05  # seconds of making before events are heard again
STILL_AFTER = 200  # milliseconds
BLINK = 800  # milliseconds a picture stays
MARGIN = 10  # points between the name and the edges
BADGE = (
    "background: rgba(255, 255, 255, 215); color: #1d2a32; padding: 4px 9px;"
    " border-radius: 4px; font-weight: 600;"
)
HANDLE = 10  # points of the curtain's edge


class SchemePicture(QWidget):
    """One picture of a project that can be turned and moved.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    project : Project
        What is drawn; it may be a snapshot of a scheme.
    name : str
        Written into the corner.

    Signals
    -------
    moved : (Viewpoint,)
        Somebody moved the eye here.
    """

    moved = Signal(object)

    def __init__(self, desk: Desk, project: Project, name: str) -> None:
        super().__init__()
        self.setObjectName("scheme-picture")
        self._canvas = Canvas(self, self._hear, desk.settings.surface)
        self._pacing = Pacing(self._canvas, shade=desk.settings.corner_shade)
        detail = detail_for(desk.settings.fineness, desk.settings.mesh_mb)
        self.stage = Stage(project, self._canvas.plotter, patient=True, detail=detail)
        self._pacing.take(self.stage)
        self.stage.context.pixel_scale = self._canvas.devicePixelRatioF()
        self._navigate = Navigate(self.stage)
        self._following = False
        self._label = QLabel(name, self)
        self._label.setObjectName("scheme-picture-name")
        self._label.setStyleSheet(BADGE)
        self.name_right = False
        self._label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._canvas)
        self._building = QTimer(self)
        self._building.setSingleShot(True)
        self._building.timeout.connect(self._build)
        self._resting = QTimer(self)
        self._resting.setSingleShot(True)
        self._resting.setInterval(STILL_AFTER)
        self._resting.timeout.connect(self._pacing.rest)
        self.stage.needs_frame.connect(self._want_frame)
        self.stage.changed_viewpoint.connect(self._eye_moved)
        self._want_frame()

    def look_from(self, viewpoint: Viewpoint) -> None:
        """Take the eye of another picture."""
        self._following = True
        try:
            self.stage.viewpoint = viewpoint
        finally:
            self._following = False

    def close_stage(self) -> None:
        """Free what the picture holds."""
        for timer in (self._building, self._resting):
            timer.stop()
        self._pacing.take(None)
        self._navigate.cancel()
        self.stage.close()
        self._canvas.finish()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Keep the name in the corner."""
        super().resizeEvent(event)
        self._label.adjustSize()
        right = self.width() - self._label.width() - MARGIN
        self._label.move(right if self.name_right else MARGIN, MARGIN)
        self._label.raise_()
        self._want_frame()

    @property
    def busy(self) -> bool:
        """Whether another frame is going to be drawn by itself."""
        waiting = self._building.isActive() or self._resting.isActive()
        return waiting or self._canvas.drawing or self._pacing.busy

    def _eye_moved(self, viewpoint: Viewpoint) -> None:
        self._pacing.move()
        if not self._following:
            self.moved.emit(viewpoint)

    def _build(self) -> None:
        self.stage.build(BUILD_FOR)
        if self.stage.waiting:
            self._building.start()
        else:
            self._want_frame()

    def _want_frame(self) -> None:
        if self.stage.waiting:
            if not self._building.isActive():
                self._building.start()
            if self._canvas.seconds > QUICK_FRAME:
                return  # half a city is not worth a slow picture
        self._canvas.wish()
        self._resting.start()

    def _hear(self, event: QEvent) -> None:
        if self.stage.closed:
            return
        ratio, kinds = self._canvas.devicePixelRatioF(), QEvent.Type
        if isinstance(event, QWheelEvent):
            self._navigate.pointer(wheel_event(event, ratio))
        elif isinstance(event, QMouseEvent) and (
            event.button() in BUTTONS or event.type() == kinds.MouseMove
        ):
            if event.type() in {kinds.MouseButtonPress, kinds.MouseButtonDblClick}:
                self._navigate.pointer(pointer_event("press", event, ratio))
            elif event.type() == kinds.MouseButtonRelease:
                self._navigate.pointer(pointer_event("release", event, ratio))
            else:
                self._navigate.pointer(pointer_event("move", event, ratio))
        event.accept()
        self._canvas.setCursor(cursor(self._navigate.cursor))


class Edge(QFrame):
    """The edge of the curtain, which is dragged.

    Signals
    -------
    dragged : (int,)
        Where it shall be, points from the left of its parent.
    """

    dragged = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("curtain-edge")
        self.setProperty("role", "curtain")
        self.setCursor(Qt.CursorShape.SplitHCursor)
        self.setAutoFillBackground(True)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Follow the pointer."""
        parent = self.parentWidget()
        assert parent is not None
        self.dragged.emit(round(parent.mapFromGlobal(event.globalPosition()).x()))


class Curtain(QWidget):
    """Two pictures of one size over each other; a curtain shows the first left of its edge.

    Parameters
    ----------
    left, right : SchemePicture
        The pictures; both draw the whole, so that they fit together at the edge.
    """

    def __init__(self, left: SchemePicture, right: SchemePicture) -> None:
        super().__init__()
        self.setObjectName("curtain")
        self._left, self._right = left, right
        right.setParent(self)
        self._window = QWidget(self)
        self._window.setObjectName("curtain-window")
        left.setParent(self._window)
        self._edge = Edge(self)
        self._edge.dragged.connect(self._draw_to)
        self.share = 0.5
        self._blinking = QTimer(self)
        self._blinking.setInterval(BLINK)
        self._blinking.timeout.connect(self._blink)

    @property
    def blinking(self) -> bool:
        """Whether the pictures take turns."""
        return self._blinking.isActive()

    @blinking.setter
    def blinking(self, on: bool) -> None:
        self._edge.setVisible(not on)
        if on:
            self.share = 1.0
            self._blinking.start()
        else:
            self._blinking.stop()
            self.share = 0.5
        self._lay()

    def _blink(self) -> None:
        self.share = 0.0 if self.share > 0.5 else 1.0
        self._lay()

    def _draw_to(self, at: int) -> None:
        self.share = min(max(at / max(self.width(), 1), 0.0), 1.0)
        self._lay()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Give both pictures the whole size."""
        super().resizeEvent(event)
        self._lay()

    def _lay(self) -> None:
        whole = QRect(0, 0, max(self.width(), 1), max(self.height(), 1))
        at = round(self.share * whole.width())
        self._right.setGeometry(whole)
        self._left.setGeometry(whole)
        self._window.setGeometry(0, 0, at, whole.height())
        self._edge.setGeometry(at - HANDLE // 2, 0, HANDLE, whole.height())
        self._edge.raise_()


def link(pictures: Sequence[SchemePicture]) -> None:
    """Let all eyes move together."""
    for picture in pictures:
        others = [other for other in pictures if other is not picture]

        def follow(viewpoint: Viewpoint, others: list[SchemePicture] = others) -> None:
            for other in others:
                other.look_from(viewpoint)

        picture.moved.connect(follow)
