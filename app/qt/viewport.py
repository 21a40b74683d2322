"""The picture in the window: the one place where Qt and VTK meet."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pyvistaqt import QtInteractor

from app.qt.desk import Desk
from layers.kinds.base import Extent
from layers.project import Project
from layers.viewpoint import View, Viewpoint
from scene import camera
from scene.stage import Stage

SLOW_FRAME = 0.08  # seconds; a slower picture is not drawn again just because something is hovered
LOOK_EVERY = 40  # milliseconds between two looks at what lies under the pointer


class Canvas(QtInteractor):
    """The widget VTK draws into; it hands every event on and renders only when painted.

    Parameters
    ----------
    parent : QWidget
        Owner.
    hear : callable
        Gets each mouse, wheel and key event.
    """

    def __init__(self, parent: QWidget, hear: Callable[[QEvent], None]) -> None:
        super().__init__(parent, auto_update=False, multi_samples=0)
        self.setObjectName("canvas")
        self.setAcceptDrops(False)  # the window takes files
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._hear = hear
        self.frames = 0
        self.seconds = 0.0

    def render(self) -> None:  # type: ignore[override]  # pyvista's render, not Qt's
        """Ask Qt for one frame; many wishes before the next paint are one."""
        self.update()

    def paintGL(self) -> None:  # noqa: N802 - Qt's name
        """Draw a frame and remember how long it took."""
        before = time.perf_counter()
        super().paintGL()  # type: ignore[no-untyped-call]  # pyvistaqt is not typed
        self.seconds = time.perf_counter() - before
        self.frames += 1

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Hand it on."""
        self._hear(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Hand it on."""
        self._hear(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Hand it on."""
        self._hear(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Hand it on."""
        self._hear(event)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Hand it on."""
        self._hear(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Hand it on."""
        self._hear(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Hand it on."""
        self._hear(event)

    def enterEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Hand it on."""
        self._hear(event)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Hand it on."""
        self._hear(event)


class Viewport(QWidget):
    """The picture of the open project.

    Parameters
    ----------
    desk : Desk
        What the window works with.

    Signals
    -------
    pointed : (Hit or None,)
        What lies under the pointer.
    moved : (Viewpoint,)
        The eye is elsewhere.
    """

    pointed = Signal(object)
    moved = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("viewport")
        self._desk = desk
        self._canvas = Canvas(self, self._hear)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._canvas)
        self._stage: Stage | None = None
        self._project: Project | None = None
        self._at = QPointF(-1, -1)
        self._looking = QTimer(self)
        self._looking.setSingleShot(True)
        self._looking.setInterval(LOOK_EVERY)
        self._looking.timeout.connect(self._look)
        desk.project_changed.connect(self._take_up)
        desk.selection_changed.connect(self._show_selection)
        self._take_up()

    # The eye ---------------------------------------------------------------------------------

    @property
    def stage(self) -> Stage:
        """The stage of the open project."""
        assert self._stage is not None
        return self._stage

    @property
    def viewpoint(self) -> Viewpoint:
        """The eye."""
        return self.stage.viewpoint

    @viewpoint.setter
    def viewpoint(self, viewpoint: Viewpoint) -> None:
        self.stage.viewpoint = viewpoint

    @property
    def moment(self) -> str:
        """The moment the sun is drawn for, "" where it is the project's own."""
        moment = self.stage.moment
        return "" if moment == self._desk.project.info.moment else moment

    def hidden_layers(self) -> tuple[str, ...]:
        """Ids of the layers that are not to be seen now."""
        return tuple(x.id for x in self._desk.project.layers if not self.stage.shown(x))

    def show_view(self, view: View) -> None:
        """Go to a named view."""
        self.stage.show_view(view)

    def go_home(self) -> None:
        """Show everything, seen from the south."""
        self.viewpoint = self.stage.fit(heading=0.0)

    def fit(self, extent: Extent) -> None:
        """Show an extent (west, south, east, north, metres) without turning."""
        pitch = self.viewpoint.pitch
        self.viewpoint = self.stage.fit(extent, pitch=min(pitch, math.radians(-20)))

    def look_towards(self, heading: float | None, pitch: float) -> None:
        """Turn around the middle of the picture to a heading and a pitch, radians."""
        now = self.viewpoint
        self.viewpoint = Viewpoint.looking_at(
            now.target, now.distance, now.heading if heading is None else heading, pitch,
            fov=now.fov, projection=now.projection,
        )  # fmt: skip

    def zoom(self, factor: float) -> None:
        """Come nearer (factor above 1) or go away, towards the middle of the picture."""
        self.viewpoint = camera.zoom_at(self.viewpoint, self.viewpoint.target, factor)

    def set_parallel(self, parallel: bool) -> None:
        """Draw without or with perspective."""
        kind = "parallel" if parallel else "perspective"
        self.viewpoint = camera.with_projection(self.viewpoint, kind)

    # Inside ----------------------------------------------------------------------------------

    def close_stage(self) -> None:
        """Free what the picture holds; called before the window goes."""
        if self._stage is not None:
            self._stage.close()
            self._stage = None
        self._canvas.close()

    def _take_up(self) -> None:
        project = self._desk.project
        if project is self._project:
            return
        if self._stage is not None:
            self._stage.close()
        self._project = project
        self._stage = Stage(project, self._canvas)
        self._stage.needs_frame.connect(self._canvas.update)
        self._stage.changed_viewpoint.connect(self._eye_moved)
        self._canvas.update()
        self.moved.emit(self._stage.viewpoint)

    def _eye_moved(self, viewpoint: Viewpoint) -> None:
        self.moved.emit(viewpoint)

    def _show_selection(self) -> None:
        self.stage.select(self._desk.session.selection)

    def _hear(self, event: QEvent) -> None:
        if isinstance(event, QMouseEvent):
            self._at = event.position()
            self._looking.start()

    def _look(self) -> None:
        ratio = self._canvas.devicePixelRatioF()
        hit = self.stage.pick(self._at.x() * ratio, self._at.y() * ratio)
        self.pointed.emit(hit)
