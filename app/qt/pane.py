"""One picture of the open project in the window: its stage, its tool, its overlay, its events."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import ArrayLike
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QVBoxLayout

from app.qt.canvas import QUICK_FRAME, Canvas
from app.qt.compass import Compass
from app.qt.desk import Desk
from app.qt.eye import Eye
from app.qt.gliding import Gliding
from app.qt.overlay import Overlay
from app.qt.overview_map import OverviewMap
from app.qt.pacing import Pacing
from app.qt.pointing import DIGITS, cursor, key_event, pointer_event, wheel_event
from app.qt.roaming import Roaming
from app.qt.tools import CLICK_SELECTS, LASTING, TOOL_FOR
from layers.edits import SetLook
from layers.kinds.base import Layer
from layers.project import Project
from layers.viewpoint import View, Viewpoint
from scene import camera
from scene.captions import Captions
from scene.detail import Detail, detail_for
from scene.rays import Hit
from scene.stage import Stage
from scene.tools.events import DRAG_FROM, LEFT, RIGHT, PointerEvent, Tool
from scene.tools.roam import Roam
from scene.tools.select import combined
from scene.warming import warm_programs

SLOW_FRAME = 0.08  # seconds; a slower picture is not drawn again just because something is hovered
STILL_AFTER = 150  # milliseconds after the last movement
FURNISH_EVERY = 90  # milliseconds between two drawings of the furniture while the eye moves
FURNISH_SHARE = 8.0  # frames between two of them on a slow machine
BUILD_FOR = 0.05  # seconds of making what layers look like before events are heard again
BUILD_EVERY = 10  # milliseconds between two looks at what threads have made of layers
TOO_SLOW = 0.25  # seconds; where a picture takes so long there is none of half a city
SLOW_SHARE = 4.0  # frames of pause between two pictures of half a city
COMMANDING = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
CORNER = 10  # points between compass or map and the edges
LEAST_COMPASS = 220  # points of width and height a picture with a compass has
STANDING = frozenset({"buildings", "models", "trees", "pipes"})  # kinds that stand in the way
LOOK_EVERY = 40  # milliseconds between two looks at what lies under the pointer


class Pane(Eye):
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
    menu_wanted : (QPoint on the screen, Hit or None)
        The right button was clicked.
    shown_changed
        A named view shows other layers than before.
    touched
        Somebody does something in this picture.
    """

    pointed = Signal(object)
    moved = Signal(object)
    menu_wanted = Signal(object, object)
    shown_changed = Signal()
    touched = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.setObjectName("viewport")
        self._canvas = Canvas(self, self._hear, desk.settings.surface)
        self._pacing = Pacing(self._canvas, shade=desk.settings.corner_shade)
        desk.texts.bind(self._canvas, "setAccessibleName", "viewport")
        desk.settings_changed.connect(self._follow_settings)
        self.setFocusProxy(self._canvas)
        self._canvas.resized.connect(self._resized, Qt.ConnectionType.QueuedConnection)
        self._canvas.painted.connect(self._painted)
        self._canvas.beginning.connect(self._warm)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._canvas)
        self._overlay = Overlay(desk, self)
        self._compass = Compass(desk, self)
        self._compass.turned.connect(self._turn_to)
        self._map = OverviewMap(desk, self)
        self._map.wanted.connect(self._look_at_place)
        self._tool: Tool | None = None
        self._project: Project | None = None
        self.isolated = False
        self._furniture, self._legend = desk.settings.furniture, desk.settings.legend
        self._overview = desk.settings.overview
        self._at = QPointF(-1, -1)
        self._pressed: QPointF | None = None
        self._looking = self._timer(self._look, LOOK_EVERY)
        self._resting = self._timer(self._rest, STILL_AFTER)
        self._building = self._timer(self._build, BUILD_EVERY)
        self._pausing = self._timer(self._canvas.wish)
        self._furnishing = self._timer(self._furnish, FURNISH_EVERY)
        self._roaming = Roaming(self._canvas, lambda: self._tool)
        self.gliding = Gliding(self, self._canvas, self._history)

    def _timer(self, call: Callable[[], None], milliseconds: int = 0) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(milliseconds)
        timer.timeout.connect(call)
        return timer

    def wake(self) -> None:
        """Start the graphics card while the picture is not to be seen yet."""
        if not self._canvas.frames:
            self._canvas.wake()

    def begin(self) -> None:
        """Show the open project; called once the desk knows the pictures."""
        self._listen(on=True)
        self._take_up()
        self._show_selection()

    def _listen(self, *, on: bool) -> None:
        desk = self._desk
        for signal, slot in (
            (desk.project_changed, self._take_up),
            (desk.project_edited, self._settle),
            (desk.selection_changed, self._show_selection),
            (desk.tool_changed, self._use_tool),
            (desk.texts.changed, self._want_frame),
        ):
            if on:
                signal.connect(slot)
            else:
                signal.disconnect(slot)

    @property
    def ready(self) -> bool:
        """Whether there is a stage to look at."""
        return self._stage is not None

    @property
    def tool(self) -> Tool:
        """The tool in use."""
        assert self._tool is not None
        return self._tool

    @property
    def frames(self) -> int:
        """How many frames were drawn so far."""
        return self._canvas.frames

    @property
    def busy(self) -> bool:
        """Whether another frame is going to be drawn by itself."""
        timers = (self._resting, self._furnishing, self._building, self._pausing)
        waiting = any(timer.isActive() for timer in timers)
        moving = self._roaming.moving or self.gliding.moving
        return waiting or moving or self._canvas.drawing or self._pacing.busy

    @property
    def moment(self) -> str:
        """The moment the sun is drawn for, "" where it is the project's own."""
        moment = self.stage.moment
        return "" if moment == self._desk.project.info.moment else moment

    def hidden_layers(self) -> tuple[str, ...]:
        """Ids of the layers that are not to be seen now."""
        return tuple(x.id for x in self._desk.project.layers if not self.stage.shown(x))

    def shown(self, layer: Layer) -> bool:
        """Say whether a layer is to be seen now: its own switch, or that of the view shown."""
        return self._stage.shown(layer) if self._stage is not None else layer.visible

    def set_shown(self, layer: Layer, shown: bool) -> bool:
        """Show or hide a layer; gives False where that failed."""
        if layer.visible != shown:
            return self._desk.run(SetLook(layer.id, "visible", shown))
        others = {
            other.id: self.stage.shown(other)
            for other in self._desk.project.layers
            if other is not layer and self.stage.shown(other) != other.visible
        }
        self.stage.show_only(others)
        self.shown_changed.emit()
        return True

    def show_view(self, view: View) -> None:
        """Go to a named view."""
        self._unseen = False
        self.stage.show_view(view)
        self.shown_changed.emit()

    def isolate(self, selection: Mapping[str, ArrayLike] | None) -> None:
        """Show these objects alone, of all that stands on the ground; None shows all again."""
        self.isolated = selection is not None
        if selection is not None:
            standing = [x for x in self._desk.project.layers if x.kind in STANDING]
            selection = {x.id: selection.get(x.id, ()) for x in standing} | dict(selection)
        self.stage.isolate(selection)

    def look_like(self, other: Pane) -> None:
        """Take eye, layers, look, sun, cut and ground of another picture."""
        mine, its = self.stage, other.stage
        layers = self._desk.project.layers
        mine.show_only({x.id: its.shown(x) for x in layers if its.shown(x) != x.visible})
        mine.look, mine.moment = its.own_look, other.moment
        mine.cutting.cut, mine.underground.share = its.cutting.cut, its.underground.share
        mine.shadows.on, mine.exploding.spread = its.shadows.on, its.exploding.spread
        self.viewpoint = other.viewpoint

    def set_overview(self, shown: bool) -> None:
        """Show or hide the overview map."""
        self._overview = shown
        self._place_corners()
        self._want_frame()

    def set_furniture(self, shown: bool) -> None:
        """Show or hide compass, scale bar and place."""
        self._furniture = shown
        self._place_corners()
        self._want_frame()

    def set_corner_shade(self, shade: bool) -> None:
        """Shade corners in pictures at rest, or not."""
        self._pacing.set_shade(shade)

    def _detail(self) -> Detail:
        settings = self._desk.settings
        return detail_for(settings.fineness, settings.mesh_mb)

    def _follow_settings(self) -> None:
        if self._stage is not None and self._stage.detail != self._detail():
            self._stage.detail = self._detail()

    def set_legend(self, shown: bool) -> None:
        """Show or hide the legend."""
        self._legend = shown
        self._want_frame()

    def tell(self, captions: Captions | None) -> None:
        """Write captions over the picture, or none."""
        self._overlay.tell(captions)

    def show_box(self, box: tuple[float, float, float, float] | None) -> None:
        """Draw the box of a selection, pixels of the picture; None for none."""
        if box is None:
            self._overlay.show_box(None)
            return
        x0, y0, x1, y1 = (value / self._ratio for value in box)
        self._overlay.show_box(QRectF(x0, y0, x1 - x0, y1 - y0))

    # Inside ----------------------------------------------------------------------------------

    @property
    def _ratio(self) -> float:
        return self._canvas.devicePixelRatioF()

    def close_stage(self) -> None:
        """Free what the picture holds; called before the window goes."""
        self._pacing.take(None)
        if self._stage is None:
            self._canvas.finish()
            return
        self._listen(on=False)
        for timer in self.findChildren(QTimer):
            timer.stop()
        if self._tool is not None:
            self._tool.cancel()
        self._stage.close()
        self._stage = self._tool = self._project = None
        self._canvas.finish()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Keep the overlay over the picture."""
        super().resizeEvent(event)
        self._overlay.setGeometry(self.rect())
        if self._stage is not None:
            self._overlay.clear()  # legend and scale stand where they did not belong any more
            self._furnishing.start()
        self._place_corners()

    def _resized(self) -> None:
        self._settle()
        self._want_frame()

    def _settle(self) -> None:
        """Show the whole city until somebody moves the eye."""
        if self._unseen and self._stage is not None and self.isVisible():
            self._stage.viewpoint = self._home()

    def _take_up(self) -> None:
        project = self._desk.project
        if project is self._project:
            return
        if self._stage is not None:
            self._stage.close()
        self._project = project
        self._unseen = True
        self._history.clear()
        self.isolated = False
        begun = time.perf_counter()
        self._stage = Stage(project, self._canvas.plotter, patient=True, detail=self._detail())
        self._pacing.take(self._stage)
        self._stage.context.pixel_scale = self._ratio
        self._stage.needs_frame.connect(self._want_frame)
        self._stage.changed_viewpoint.connect(self._eye_moved)
        if time.perf_counter() - begun < BUILD_FOR:
            self._build()
        if self._desk.session.tool not in LASTING:
            self._desk.lay_down_tool()
        self._use_tool(self._desk.session.tool)
        self._settle()
        self._want_frame()
        self.moved.emit(self._stage.viewpoint)

    def _build(self) -> None:
        """Let the stage make some of what it still has to make, then let the window breathe."""
        if self._stage is None:
            return
        self._stage.build(BUILD_FOR)
        if self._stage.waiting:
            self._building.start()
        else:
            self._settle()

    def _want_frame(self) -> None:
        if self._stage is not None and self._stage.waiting:
            if not self._building.isActive():
                self._building.start()
            took = self._canvas.seconds
            since = time.perf_counter() - self._canvas.painted_at
            if took > TOO_SLOW or (took > QUICK_FRAME and since < SLOW_SHARE * took):
                return  # half a city is seldom worth a slow picture
        if (pause := self._pacing.pause()) > 0.0:
            if not self._pausing.isActive():
                self._pausing.start(round(1000.0 * pause))
            return
        self._canvas.wish()
        self._resting.start()
        if not self._furnishing.isActive():
            self._furnishing.start()

    def _warm(self) -> None:
        """Make the programs of the graphics card while nobody waits for a city."""
        if self._stage is not None:
            warm_programs(self._stage)

    def _painted(self) -> None:
        """Count the time at rest from the end of a frame, which may take longer than that."""
        self._pausing.stop()
        if self._stage is not None and self._stage.moving:
            self._resting.start()
            pause = max(FURNISH_EVERY, round(FURNISH_SHARE * 1000.0 * self._canvas.seconds))
            self._furnishing.setInterval(pause)

    def _rest(self) -> None:
        if not self._roaming.moving and self._stage is not None:
            self._pacing.rest()
            if self._history.rest(self._stage.viewpoint):
                self.rested.emit()
        self._furnish()

    def _turn_to(self, heading: float) -> None:
        self.touched.emit()
        v = self.viewpoint
        self.viewpoint = camera.orbit(v, heading - v.heading, 0.0)

    def _look_at_place(self, east: float, north: float) -> None:
        self.touched.emit()
        self.look_at(east, north)

    def _place_corners(self) -> None:
        """Put compass and overview map into the corners, where there is room for them."""
        width, height = self.width(), self.height()
        self._compass.move(CORNER, CORNER)
        self._compass.setVisible(self._furniture and min(width, height) > LEAST_COMPASS)
        self._map.move(width - self._map.width() - CORNER, height - self._map.height() - 4 * CORNER)
        room = width > 2.5 * self._map.width() and height > 3.2 * self._map.height()
        self._map.setVisible(self._overview and room)
        self._overlay.leave_free(self._map)

    def _furnish(self) -> None:
        """Draw the furniture for the picture as it is now."""
        if self._stage is None or not self.isVisible():
            return
        self._show_look(self._stage)
        self._overlay.furnish(self._stage, furniture=self._furniture, legend=self._legend)

    def _show_look(self, stage: Stage) -> None:
        v = stage.viewpoint
        self._compass.show_look(v.heading, v.pitch)
        if self._map.isVisible():
            ground = float(stage.ground.height_at([(v.east, v.north)])[0])
            self._map.show_eye(v, stage.size, ground)

    def _eye_moved(self, viewpoint: Viewpoint) -> None:
        self._pacing.move()
        self.moved.emit(viewpoint)

    def _show_selection(self) -> None:
        self.stage.select(self._desk.session.selection)

    def _use_tool(self, key: str) -> None:
        if self._tool is not None:
            self._tool.cancel()
        self._overlay.show_box(None)
        make = TOOL_FOR.get(key, TOOL_FOR["tool-pan"])
        self._tool = make(self._desk, self.stage)
        self._canvas.setCursor(cursor(self._tool.cursor))
        if isinstance(self._tool, Roam) and self._desk.viewport.active is self:
            self.setFocus()  # its keys are heard at once
            self._tool.begin()
        self._roaming.wake()

    # Events ----------------------------------------------------------------------------------

    def _hear(self, event: QEvent) -> None:
        if self._stage is None:
            return  # the picture is gone, the last events are still on their way
        if isinstance(event, QMouseEvent):
            self._mouse(event)
        elif isinstance(event, QWheelEvent):
            self._unseen = False
            self.touched.emit()
            self.tool.pointer(wheel_event(event, self._ratio))
            event.accept()
        elif isinstance(event, QKeyEvent):
            self._key(event)
        elif event.type() == QEvent.Type.Leave:
            self._looking.stop()
            self.stage.hover(None)
            self.pointed.emit(None)

    def _mouse(self, event: QMouseEvent) -> None:
        self._at = event.position()
        kinds = QEvent.Type
        if event.type() in {kinds.MouseButtonPress, kinds.MouseButtonDblClick}:
            self._unseen = False
            self.touched.emit()
            self._pressed = event.position()
            clicks = 2 if event.type() == kinds.MouseButtonDblClick else 1
            self.tool.pointer(pointer_event("press", event, self._ratio, clicks=clicks))
        elif event.type() == kinds.MouseButtonRelease:
            self._release(pointer_event("release", event, self._ratio), event)
        else:
            self.tool.pointer(pointer_event("move", event, self._ratio))
            if self._pressed is None and not self._looking.isActive():
                self._looking.start()
        event.accept()
        self._canvas.setCursor(cursor(self.tool.cursor))
        self._roaming.wake()

    def _release(self, told: PointerEvent, event: QMouseEvent) -> None:
        used, start, self._pressed = self._desk.session.tool, self._pressed, None
        self._looking.start()  # nothing was looked for while the button was held
        self.tool.pointer(told)
        if start is None:
            return
        way = event.position() - start
        if math.hypot(way.x(), way.y()) * self._ratio >= DRAG_FROM:
            return
        if told.button == RIGHT:
            at = event.globalPosition()
            hit = self.stage.pick(told.x, told.y)
            self.menu_wanted.emit(QPoint(round(at.x()), round(at.y())), hit)
        elif told.button == LEFT and used in CLICK_SELECTS:
            self._select_at(told)

    def _select_at(self, told: PointerEvent) -> None:
        hit = self.stage.pick(told.x, told.y)
        found = {}
        if hit is not None and hit.object_id:
            found = {hit.layer_id: np.array([hit.object_id], dtype=np.int64)}
        self.stage.hover(None)
        self._desk.session.select(combined(self.stage.selection, found, told.modifiers))

    def _selected(self, hit: Hit) -> bool:
        """Say whether an object is selected, so that it shows in that colour."""
        return hit.object_id in self._desk.session.selection.get(hit.layer_id, ())

    def _key(self, event: QKeyEvent) -> None:
        if event.type() == QEvent.Type.ShortcutOverride:
            typed = event.text() in DIGITS and not event.modifiers() & COMMANDING
            typed = typed and getattr(self.tool, "typing", False)
            gone = event.key() == Qt.Key.Key_Delete and getattr(self.tool, "deletes", False)
            event.setAccepted(typed or gone)
            return
        told = key_event(event) if event.type() == QEvent.Type.KeyPress else None
        if told is not None and self.tool.key(told):
            self._unseen = False
            event.accept()
        elif told is not None and told.key == "escape":
            if self._desk.session.selection or self._desk.session.tool in LASTING:
                self._desk.session.select({})
            else:
                self._desk.lay_down_tool()
        else:
            event.ignore()

    def _look(self) -> None:
        if self.stage.waiting:
            return  # looking would wait for the whole city
        hit = self.stage.pick(self._at.x() * self._ratio, self._at.y() * self._ratio)
        self.pointed.emit(hit)
        if self._canvas.seconds < SLOW_FRAME:
            if hit is not None and hit.object_id and not self._selected(hit):
                self.stage.hover(hit.layer_id, hit.object_id)
            else:
                self.stage.hover(None)
