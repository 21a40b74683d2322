"""A plan along time: a lane for each role, phases as bands, steps that can be dragged."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QToolTip, QWidget

from app.drill_words import clock
from app.qt.desk import Desk
from app.qt.widgets.timeline_links import Linking
from app.qt.widgets.timeline_paint import paint
from layers.drills.clock import Timetable, timetable
from layers.drills.plan import Plan
from layers.drills.retiming import moved, nodes, snapped, stretched

NAMES = (96, 190)  # points of the column of names, at least and at most
RULER = 44  # points of the band of phases and the ruler
ROWS = (18, 24)  # points of a step: where there is little room, and where there is enough
GAPS = (3, 6)  # points around the steps of a lane, likewise
EDGE = 7  # points at the end of a step that stretch it
FAR = 4  # points a pointer goes before it drags
REACH = 7  # points within which a dragged step snaps
TIGHT = 70  # points between two lines of the grid at least
GRID = (1.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0, 7200.0, 21600.0)
ZOOM = (1e-3, 40.0)  # points per second
FOLDED = 3  # points of a moment on both sides

Actual = Mapping[str, tuple[float | None, float | None]]


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane: its role ("" for nobody), where it begins, its rows of steps, its height, points."""

    role: str
    name: str
    top: int
    rows: int
    height: int


class Timeline(QAbstractScrollArea):
    """Shows and changes when the steps of a plan are.

    Parameters
    ----------
    desk : Desk
        Where colours and words come from.

    Signals
    -------
    seek_wanted : (float,)
        A second of the plan is to be shown.
    step_chosen, step_opened : (str,)
        A step was clicked, clicked twice.
    plan_changed : (Plan, str)
        A step was dragged or moved by keys: the new plan, and ``"move"``, ``"stretch"`` or
        ``"hand"`` (to another lane).
    link_wanted : (str, str)
        The second step shall begin after the first one.
    menu_wanted : (str, str, float, QPoint)
        The right button was clicked: on which step, in which lane, at which second, where on the
        screen.
    add_wanted : (str, float)
        A free place was clicked twice: its lane and second.
    remove_wanted : (str,)
        A step shall go.
    """

    seek_wanted = Signal(float)
    step_chosen = Signal(str)
    step_opened = Signal(str)
    plan_changed = Signal(object, str)
    link_wanted = Signal(str, str)
    menu_wanted = Signal(str, str, float, QPoint)
    add_wanted = Signal(str, float)
    remove_wanted = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("drill-timeline")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(320, 150)
        self.desk = desk
        self.plan: Plan | None = None
        self.table = Timetable({}, {})
        self.lanes: tuple[Lane, ...] = ()
        self.conflicts: frozenset[str] = frozenset()
        self.actual: Actual = {}
        self.second, self.chosen = 0.0, ""
        self.scale = 0.1  # points per second
        self.names, self.row, self.gap = NAMES[0], ROWS[1], GAPS[1]  # points
        self._corner = 0  # points that buttons take beside the ruler
        self.guide: float | None = None  # the second that a dragged step snapped to
        self.linking = Linking(self)
        self._rows: dict[str, int] = {}
        self._lane: dict[str, Lane] = {}
        self._following: dict[str, float] = {}  # when the next step of the same row begins
        self._before: Plan | None = None  # what a drag began with
        self._grab: tuple[str, str, QPoint, float] | None = None
        self._dragged = self._seeking = False
        self._fitted = True
        self.viewport().setMouseTracking(True)
        desk.texts.bind(self, "setAccessibleName", "drills-timeline")
        desk.theme.changed.connect(self.viewport().update)
        desk.texts.changed.connect(self._lay_out)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Ask for a few lanes."""
        return QSize(640, 260)

    def hold(self, bar: QWidget) -> None:
        """Put a few buttons into the free corner beside the ruler."""
        bar.setParent(self)
        bar.setGeometry(QRect(QPoint(2, 6), bar.sizeHint()))
        self.names = self._corner = bar.sizeHint().width() + 8
        bar.show()

    # What is shown ---------------------------------------------------------------------------

    def show_plan(
        self, plan: Plan | None, conflicts: Collection[str] = (), actual: Actual | None = None
    ) -> None:
        """Show a plan, the steps that something is wrong with, and when steps really were."""
        fresh = (plan.id if plan else 0) != (self.plan.id if self.plan else 0)
        self.conflicts, self.actual = frozenset(conflicts), actual or {}
        self._before = self._grab = None
        self._take(plan)
        if fresh or self._fitted:
            self.fit()

    def show_second(self, second: float) -> None:
        """Put the cursor to a second; it stays in sight."""
        self.second = second
        x = self.x_of(second)
        if not self.names <= x <= self.viewport().width() - 10 and self._grab is None:
            bar = self.horizontalScrollBar()
            bar.setValue(bar.value() + x - self.names - self.viewport().width() // 4)
        self.viewport().update()

    def choose(self, step: str) -> None:
        """Mark a step, and bring it into sight."""
        self.chosen = step
        if self._grab is None:
            self.reveal(step)
        self.viewport().update()

    def fit(self) -> None:
        """Show the whole plan."""
        room = max(self.viewport().width() - self.names - 24, 60)
        self.scale = min(max(room / max(self.table.seconds, 60.0), ZOOM[0]), ZOOM[1])
        self._fitted = True
        self._set_bars()

    def zoom(self, factor: float, at: int | None = None) -> None:
        """Stretch time around a column of the widget; None takes the cursor's or the middle."""
        if at is None:
            at = self.x_of(self.second)
            if not self.names <= at <= self.viewport().width():
                at = (self.names + self.viewport().width()) // 2
        second = self.second_at(at)
        self.scale = min(max(self.scale * factor, ZOOM[0]), ZOOM[1])
        self._fitted = False
        self._set_bars()
        bar = self.horizontalScrollBar()
        bar.setValue(round(second * self.scale) - (at - self.names))

    # Places ----------------------------------------------------------------------------------

    def x_of(self, second: float) -> int:
        """Give the column of a second."""
        return self.names + round(second * self.scale) - self.horizontalScrollBar().value()

    def second_at(self, x: int) -> float:
        """Give the second of a column."""
        return (x - self.names + self.horizontalScrollBar().value()) / self.scale

    def top_of(self, lane: Lane) -> int:
        """Give where a lane begins, points from the top of the widget."""
        return RULER + lane.top - self.verticalScrollBar().value()

    def bar(self, step: str) -> QRect:
        """Give where a step is drawn."""
        lane, row = self._lane[step], self._rows[step]
        left, right = self.x_of(self.table.begins[step]), self.x_of(self.table.ends[step])
        wide = max(right - left, 2 * FOLDED)
        return QRect(left, self.top_of(lane) + self.gap + row * self.row, wide, self.row - 3)

    def room_after(self, step: str) -> int:
        """Give the points between the end of a step and the next one in its row."""
        following = self._following.get(step)
        end = self.bar(step).right()
        return (self.viewport().width() if following is None else self.x_of(following)) - end

    def has(self, step: str) -> bool:
        """Say whether a step is drawn."""
        return step in self._rows

    def in_order(self) -> list[str]:
        """Give the steps in the order of time."""
        return sorted(self._rows, key=lambda s: (self.table.begins[s], s))

    def lane_at(self, y: int) -> Lane | None:
        """Give the lane at a height of the widget."""
        if y < RULER:
            return None
        inside = [x for x in self.lanes if 0 <= y - self.top_of(x) < x.height]
        return inside[0] if inside else None

    def step_at(self, place: QPoint) -> str:
        """Give the step at a place, "" for none."""
        if self.plan is None or place.y() < RULER or place.x() < self.names:
            return ""
        hits = [s for s in self._rows if self.bar(s).adjusted(-2, 0, 2, 0).contains(place)]
        return hits[-1] if hits else ""

    @property
    def grid(self) -> float:
        """Seconds between two lines of the ruler."""
        return next((g for g in GRID if g * self.scale >= TIGHT), 43_200.0)

    @property
    def snap(self) -> float:
        """Seconds that steps are moved by."""
        return next((g for g in GRID if g * self.scale >= TIGHT / 10), 3_600.0)

    # Pointer ---------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Choose a step or a second."""
        place = event.position().toPoint()
        if event.button() == Qt.MouseButton.RightButton:
            self._ask_menu(place, event.globalPosition().toPoint())
        if event.button() != Qt.MouseButton.LeftButton or self.linking.press(place):
            return
        if place.y() < RULER and place.x() >= self.names:
            self._seeking = True
            self.seek_wanted.emit(max(self.second_at(place.x()), 0.0))
            return
        step = self.step_at(place)
        if step and self.plan is not None:
            area = self.bar(step)
            stretch = place.x() > area.right() - EDGE and area.width() > 2 * EDGE
            what = "stretch" if stretch else "move"
            begin = self.table.ends[step] if stretch else self.table.begins[step]
            self._grab, self._before, self._dragged = (step, what, place, begin), self.plan, False
        self.chosen = step
        self.step_chosen.emit(step)
        self.viewport().update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Drag a step or the cursor; show what a press would do."""
        place = event.position().toPoint()
        if self._seeking:
            self.seek_wanted.emit(max(self.second_at(place.x()), 0.0))
        elif self.linking.move(place):
            pass
        elif self._grab is not None:
            self._drag(place)
        else:
            self._hover(place)

    def _hover(self, place: QPoint) -> None:
        """Show by the pointer what a press would do, and the dot of the step below it."""
        step, dot = self.step_at(place), self.linking.dot_at(place)
        end = bool(step) and place.x() > self.bar(step).right() - EDGE
        shape = Qt.CursorShape.SizeHorCursor if end else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(Qt.CursorShape.CrossCursor if dot else shape)
        if not dot and step != self.linking.hovered:
            self.linking.hovered = step
            self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Let go: what was dragged is one step."""
        del event
        self._seeking, self.guide = False, None
        if self.linking.active and not self.linking.by_keys:
            self.linking.end()
            return
        grab, before, after = self._grab, self._before, self.plan
        self._grab = self._before = None
        if grab is not None and self._dragged and after is not None and after is not before:
            self._take(before)
            assert before is not None
            other = after.step(grab[0]).role != before.step(grab[0]).role
            self.plan_changed.emit(after, "hand" if other else grab[1])
        self._dragged = False
        self.viewport().update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Open the form of a step, or add one where there is none."""
        place = event.position().toPoint()
        step, lane = self.step_at(place), self.lane_at(place.y())
        if step:
            self.step_opened.emit(step)
        elif lane is not None and place.x() >= self.names:
            self.add_wanted.emit(lane.role, self._rounded(place.x()))

    def _rounded(self, x: int) -> float:
        """Give the second of a column on the grid that steps are moved by."""
        return max(round(self.second_at(x) / self.snap) * self.snap, 0.0)

    def _ask_menu(self, place: QPoint, screen: QPoint) -> None:
        step, lane = self.step_at(place), self.lane_at(place.y())
        if self.plan is None or lane is None or place.x() < self.names:
            return
        if step:
            self.chosen = step
            self.step_chosen.emit(step)
            self.viewport().update()
        self.menu_wanted.emit(step, lane.role, self._rounded(place.x()), screen)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Scroll; with Ctrl stretch time, with Shift go along it."""
        turn = event.angleDelta()
        held = event.modifiers()
        if held & Qt.KeyboardModifier.ControlModifier:
            self.zoom(1.25 ** (turn.y() / 120.0), round(event.position().x()))
        elif held & Qt.KeyboardModifier.ShiftModifier or turn.x():
            bar = self.horizontalScrollBar()
            bar.setValue(bar.value() - (turn.x() or turn.y()))
        else:
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() - turn.y() // 2)
        event.accept()

    # Keys ------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Keep the keys that are meant for steps, though menus have them, too."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            mine = {
                Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Plus,
                Qt.Key.Key_Minus, Qt.Key.Key_Home, Qt.Key.Key_Return, Qt.Key.Key_Escape,
                Qt.Key.Key_L, Qt.Key.Key_Delete, Qt.Key.Key_Menu,
            }  # fmt: skip
            if event.key() in mine:
                event.accept()
                return True
        return super().event(event)

    def viewportEvent(self, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Tell the step under the pointer."""
        if isinstance(event, QHelpEvent):
            step = self.step_at(event.pos())
            QToolTip.showText(event.globalPos(), self.told(step) if step else "", self)
            return True
        return super().viewportEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Choose steps up and down, move them left and right, with Shift stretch them.

        Ctrl with up and down gives a step to the lane above or below, L hangs another one on it,
        Delete removes it.
        """
        key, shift = event.key(), event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if self._link_key(key):
            return
        if key == Qt.Key.Key_Escape and self._before is not None:
            self._take(self._before)
            self._grab = self._before = self.guide = None
        elif key == Qt.Key.Key_Delete and self.has(self.chosen):
            self.remove_wanted.emit(self.chosen)
        elif key == Qt.Key.Key_Menu and self.has(self.chosen) and self.plan is not None:
            corner = self.viewport().mapToGlobal(self.bar(self.chosen).bottomLeft())
            role, begin = self.plan.step(self.chosen).role, self.table.begins[self.chosen]
            self.menu_wanted.emit(self.chosen, role, begin, corner)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and (
            event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            self._hand_on(-1 if key == Qt.Key.Key_Up else 1)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._choose_next(-1 if key == Qt.Key.Key_Up else 1)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._nudge(-1.0 if key == Qt.Key.Key_Left else 1.0, stretch=bool(shift))
        elif key == Qt.Key.Key_Plus:
            self.zoom(1.25)
        elif key == Qt.Key.Key_Minus:
            self.zoom(0.8)
        elif key == Qt.Key.Key_Home:
            self.fit()
        elif key == Qt.Key.Key_Return and self.chosen:
            self.step_opened.emit(self.chosen)
        else:
            super().keyPressEvent(event)

    def _link_key(self, key: int) -> bool:
        """Hang another step on the chosen one by keys; says whether the key was for that."""
        linking = self.linking
        if not linking.active:
            if key == Qt.Key.Key_L and self.has(self.chosen):
                linking.begin(self.chosen)
                return True
            return False
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Left):
            linking.choose(-1)
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Right):
            linking.choose(1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            linking.end()
        else:
            linking.leave()
        return True

    def _hand_on(self, way: int) -> None:
        """Give the chosen step to the lane above or below."""
        if self.plan is None or not self.has(self.chosen):
            return
        step = self.plan.step(self.chosen)
        at = [lane.role for lane in self.lanes].index(step.role) + way
        if 0 <= at < len(self.lanes):
            made = self.plan.with_step(replace(step, role=self.lanes[at].role))
            self.plan_changed.emit(made, "hand")

    def _choose_next(self, way: int) -> None:
        order = self.in_order()
        if not order:
            return
        at = order.index(self.chosen) + way if self.chosen in order else 0
        self.choose(order[min(max(at, 0), len(order) - 1)])
        self.step_chosen.emit(self.chosen)

    def _nudge(self, way: float, *, stretch: bool) -> None:
        if self.plan is None or self.chosen not in self._rows:
            return
        step = self.chosen
        if stretch:
            after = stretched(self.plan, step, self.plan.step(step).seconds + way * self.snap)
        else:
            after = moved(self.plan, step, self.table.begins[step] + way * self.snap)
        if after != self.plan:
            self.plan_changed.emit(after, "stretch" if stretch else "move")

    def _drag(self, place: QPoint) -> None:
        assert self._grab is not None
        assert self._before is not None
        step, what, start, second = self._grab
        far = place.x() - start.x()
        if not self._dragged and (place - start).manhattanLength() < FAR:
            return
        self._dragged = True
        table = timetable(self._before)
        marks = [node for node in nodes(table) if node != second]
        then = snapped(second + far / self.scale, marks, self.snap, REACH / self.scale)
        self.guide = then if then in marks else None
        if what == "stretch":
            self._take(stretched(self._before, step, then - table.begins[step]))
            return
        made = moved(self._before, step, then) if abs(far) >= FAR else self._before
        lane = self.lane_at(place.y())
        if lane is not None and lane.role != made.step(step).role:
            made = made.with_step(replace(made.step(step), role=lane.role))
        self._take(made)

    # Inside ----------------------------------------------------------------------------------

    def told(self, step_id: str) -> str:
        """Give what is said of a step: when, what, who."""
        assert self.plan is not None
        step = self.plan.step(step_id)
        names = {role.id: role.name for role in self.plan.roles}
        begin, end = self.table.begins[step_id], self.table.ends[step_id]
        lines = [f"{clock(begin)} - {clock(end)}", step.title, names.get(step.role, step.role)]
        return "\n".join(line for line in (*lines, step.place_name) if line)

    def _take(self, plan: Plan | None) -> None:
        self.plan = plan
        self._lay_out()

    def _lay_out(self) -> None:
        plan = self.plan
        self.table = Timetable({}, {}) if plan is None else timetable(plan)
        self._rows, self._lane, self._following, self.lanes = {}, {}, {}, ()
        if plan is not None:
            roles = {role.id: role.name for role in plan.roles}
            for step in plan.steps:  # a role that is missing gets a lane under its id
                roles.setdefault(step.role, step.role or self.desk.texts.t("drills-nobody"))
            self._make_room(plan, roles)
            lanes, top = [], 0
            for role, name in roles.items():
                rows = self._stack(plan, role)
                lanes.append(Lane(role, name, top, rows, rows * self.row + 2 * self.gap))
                top += lanes[-1].height
            self.lanes = tuple(lanes)
            by_role = {lane.role: lane for lane in lanes}
            self._lane = {step.id: by_role[step.role] for step in plan.steps}
        self._set_bars()

    def _make_room(self, plan: Plan, roles: Mapping[str, str]) -> None:
        """Choose how wide names and how high rows are: low ones where there is little room."""
        wide = max((self.fontMetrics().horizontalAdvance(x) for x in roles.values()), default=0)
        self.names = min(max(wide + 22, NAMES[0], self._corner), NAMES[1])
        rows = sum(self._stack(plan, role) for role in roles)
        high = self.viewport().height() - RULER
        roomy = rows * ROWS[1] + 2 * GAPS[1] * len(roles) <= high
        self.row, self.gap = (ROWS[1], GAPS[1]) if roomy else (ROWS[0], GAPS[0])

    def _stack(self, plan: Plan, role: str) -> int:
        """Put steps of a role that overlap below each other; gives the rows that are needed."""
        free: list[float] = []
        last: list[str] = []
        mine = [step for step in plan.steps if step.role == role]
        for step in sorted(mine, key=lambda s: (self.table.begins[s.id], s.id)):
            begin, end = self.table.begins[step.id], self.table.ends[step.id]
            row = next((i for i, till in enumerate(free) if till <= begin), len(free))
            if row == len(free):
                free.append(0.0)
                last.append(step.id)
            else:
                self._following[last[row]] = begin
                last[row] = step.id
            free[row] = max(end, begin + 1.0)
            self._rows[step.id] = row
        return max(len(free), 1)

    def reveal(self, step: str) -> None:
        """Bring a step into sight."""
        if not self.has(step):
            return
        area = self.bar(step)
        high, wide = self.viewport().height(), self.viewport().width()
        up, along = self.verticalScrollBar(), self.horizontalScrollBar()
        if area.top() < RULER + self.gap or area.bottom() > high - self.gap:
            up.setValue(up.value() + area.top() - (RULER + high) // 2)
        if area.left() < self.names or area.left() > wide - 40:
            along.setValue(along.value() + area.left() - self.names - 60)

    def _set_bars(self) -> None:
        page = self.viewport().size()
        long = round(self.table.seconds * self.scale) + 120
        high = sum(lane.height for lane in self.lanes)
        along, up = self.horizontalScrollBar(), self.verticalScrollBar()
        along.setPageStep(max(page.width() - self.names, 1))
        along.setRange(0, 0 if self._fitted else max(long - (page.width() - self.names), 0))
        up.setPageStep(max(page.height() - RULER, 1))
        up.setRange(0, max(high - (page.height() - RULER), 0))
        along.setSingleStep(30)
        up.setSingleStep(self.row)
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Keep the whole plan in sight where it was."""
        super().resizeEvent(event)
        self._lay_out()
        if self._fitted:
            self.fit()
        else:
            self._set_bars()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw lanes, steps, what hangs on what, and the cursor."""
        del event
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint(self, painter)
        painter.end()
