"""The panel of sun and shadow: date and time, running through day and year, true shadows."""

from __future__ import annotations

import math
import re
import time
from datetime import date, datetime, timedelta

from PySide6.QtCore import QDate, QSignalBlocker, Qt, QTime, QTimer
from PySide6.QtWidgets import (
    QCheckBox,
    QDateEdit,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSlider,
    QTimeEdit,
    QVBoxLayout,
    QWidget,
)

from app.qt.desk import Desk
from app.qt.dialogs.frame import caption
from layers.daylight import read_moment, sun_position
from layers.edits import AddLayer, SetInfo
from layers.errors import CityError
from layers.kinds.base import Layer
from layers.kinds.buildings import Buildings
from layers.planning.shadow_plan import shadow_plan
from layers.progress import Progress

PLAN_TIMES = ("09:00", "12:00", "15:00")
TIME = re.compile(r"(\d{1,2})(?:[:：]([0-5]\d))?")
MINUTES = 5  # between two places of the slider of the day
TICK = 120  # milliseconds between two pictures of a run
MOST_STEPS = 6  # at once, where a picture takes longer than that
STEPS = {"day": timedelta(minutes=10), "year": timedelta(days=3)}


class SunPanel(QWidget):
    """Chooses the moment the sun is drawn for.

    Moving a slider shows the moment at once; the project keeps its own until it is told to take
    this one.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("sun-panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._desk = desk
        self._running, self._ticked = "", 0.0
        form = QFormLayout()
        form.setHorizontalSpacing(12)
        self._date = QDateEdit()
        self._date.setObjectName("sun-date")
        self._date.setCalendarPopup(True)
        self._date.setDisplayFormat("yyyy-MM-dd")
        self._year = self._slider("sun-year", 0, 364)
        self._time = QTimeEdit()
        self._time.setObjectName("sun-time")
        self._time.setDisplayFormat("HH:mm")
        self._day = self._slider("sun-day", 0, 24 * 60 // MINUTES - 1)
        form.addRow(caption(desk, "sun-date", self._date), self._row(self._date, "year"))
        form.addRow("", self._year)
        form.addRow(caption(desk, "sun-time", self._time), self._row(self._time, "day"))
        form.addRow("", self._day)
        self._shadows = QCheckBox()
        self._shadows.setObjectName("sun-shadows")
        desk.texts.bind(self._shadows, "setText", "sun-shadows")
        self._told = QLabel()
        self._told.setObjectName("sun-told")
        self._told.setProperty("role", "dim")
        self._told.setWordWrap(True)
        self._keep = QPushButton()
        self._keep.setObjectName("sun-keep")
        desk.texts.bind(self._keep, "setText", "sun-keep")
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 10, 12, 10)
        box.addLayout(form)
        box.addWidget(self._shadows)
        box.addWidget(self._told)
        box.addWidget(self._keep, 0, Qt.AlignmentFlag.AlignLeft)
        self._add_several(box)
        box.addStretch(1)
        self._timer = QTimer(self)
        self._timer.setInterval(TICK)
        self._timer.timeout.connect(self._tick)
        self._project_moment = ""
        self._connect()
        self._follow()

    def _connect(self) -> None:
        desk = self._desk
        self._date.dateChanged.connect(self._typed)
        self._time.timeChanged.connect(self._typed)
        self._year.valueChanged.connect(self._slid)
        self._day.valueChanged.connect(self._slid)
        self._shadows.toggled.connect(self._dress)
        desk.viewport.moved.connect(self._dress)
        desk.viewport.rested.connect(self._dress)
        self._times.textChanged.connect(self._check)
        self._plan.clicked.connect(self._add_plan)
        self._keep.clicked.connect(self._take)
        desk.project_changed.connect(self._follow)
        desk.project_edited.connect(self._edited)
        desk.texts.changed.connect(self._tell)

    # Parts -----------------------------------------------------------------------------------

    def _slider(self, name: str, low: int, high: int) -> QSlider:
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setObjectName(name)
        slider.setRange(low, high)
        self._desk.texts.bind(slider, "setAccessibleName", name)
        return slider

    def _row(self, field: QWidget, what: str) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addWidget(field, 1)
        play = QPushButton()
        play.setObjectName(f"sun-run-{what}")
        play.setCheckable(True)
        self._desk.texts.bind(play, "setText", f"sun-run-{what}")
        play.clicked.connect(lambda on: self._run(what if on else ""))
        row.addWidget(play)
        return row

    def _add_several(self, box: QVBoxLayout) -> None:
        """Put in times and the button that makes a layer of them."""
        desk = self._desk
        self._times = QLineEdit(" ".join(PLAN_TIMES))
        self._times.setObjectName("sun-plan-times")
        desk.texts.bind(self._times, "setToolTip", "sun-plan-times.tip")
        self._plan = QPushButton()
        self._plan.setObjectName("sun-plan")
        desk.texts.bind(self._plan, "setText", "sun-plan")
        desk.texts.bind(self._plan, "setToolTip", "sun-plan.tip")
        several = QFormLayout()
        several.setHorizontalSpacing(12)
        several.addRow(caption(desk, "sun-plan-times", self._times), self._times)
        box.addLayout(several)
        box.addWidget(self._plan, 0, Qt.AlignmentFlag.AlignLeft)

    # The moment ------------------------------------------------------------------------------

    @property
    def moment(self) -> datetime:
        """The moment that is chosen, local time of the place."""
        day, time = self._date.date(), self._time.time()
        return datetime(day.year(), day.month(), day.day(), time.hour(), time.minute())

    def _set(self, when: datetime, *, show: bool = True) -> None:
        """Put all fields to a moment, then show it."""
        fields = (self._date, self._time, self._year, self._day)
        blockers = [QSignalBlocker(field) for field in fields]
        self._date.setDate(QDate(when.year, when.month, when.day))
        self._time.setTime(QTime(when.hour, when.minute))
        self._year.setValue(min((when.date() - date(when.year, 1, 1)).days, 364))
        self._day.setValue((when.hour * 60 + when.minute) // MINUTES)
        del blockers
        if show:
            self._show()
        else:
            self._tell()

    def _typed(self) -> None:
        self._set(self.moment)

    def _slid(self) -> None:
        day = date(self._date.date().year(), 1, 1) + timedelta(days=self._year.value())
        minutes = self._day.value() * MINUTES
        self._set(datetime(day.year, day.month, day.day, minutes // 60, minutes % 60))

    def _run(self, what: str) -> None:
        """Run through the day or the year, or stop."""
        self._running = what
        for other in STEPS:
            button = self.findChild(QPushButton, f"sun-run-{other}")
            if button is not None:
                button.setChecked(other == what)
        if what:
            self._ticked = time.perf_counter()
            self._timer.start()
        else:
            self._timer.stop()

    def _tick(self) -> None:
        if not self.isVisible():
            self._run("")
            return
        now, since = self.moment, time.perf_counter() - self._ticked
        self._ticked += since
        steps = min(max(round(1000.0 * since / TICK), 1), MOST_STEPS)
        then = now + STEPS[self._running] * steps
        same_year = then.year == now.year
        if self._running == "day":
            then = datetime.combine(now.date(), then.time())
        self._set(then if same_year else then.replace(year=now.year))

    # Showing and keeping -----------------------------------------------------------------------

    def _show(self) -> None:
        """Let the picture have this moment; all pictures where their eyes move together."""
        viewport = self._desk.viewport
        for pane in viewport.panes:
            if pane.ready and (viewport.linked or pane is viewport.active):
                pane.stage.moment = self.moment.isoformat(timespec="minutes")
        self._tell()

    def _dress(self) -> None:
        """Give all pictures their shadows, or take them; also to the stages of another project."""
        wanted = self._shadows.isChecked()
        for pane in self._desk.viewport.panes:
            if pane.ready and pane.stage.shadows.on != wanted:
                pane.stage.shadows.on = wanted
                pane.stage.needs_frame.emit()

    # Several times -------------------------------------------------------------------------------

    def _moments(self) -> list[str]:
        """Give the times that are written, on the chosen day; nothing where one cannot be read."""
        day, out = self._date.date().toString("yyyy-MM-dd"), []
        for word in self._times.text().replace(",", " ").replace("，", " ").split():
            found = TIME.fullmatch(word)
            if found is None or int(found[1]) > 23:
                return []
            out.append(f"{day}T{int(found[1]):02d}:{found[2] or '00'}")
        return sorted(set(out))

    def _check(self) -> None:
        self._plan.setEnabled(bool(self._moments()))

    def _add_plan(self) -> None:
        """Make the layer of shadows at several times, in a thread, as a step that can be undone."""
        desk, moments, project = self._desk, self._moments(), self._desk.project
        layers = [one for one in project.layers if one.visible and isinstance(one.data, Buildings)]
        name = desk.texts.t("sun-plan-name", day=moments[0][:10])

        def draw(progress: Progress) -> Layer:
            return shadow_plan(project, layers, moments, progress, name=name)

        def add(made: Layer) -> None:
            desk.run(AddLayer(made))
            times = len(set(made.features.attributes.column("time").to_pylist()))
            desk.tell("success", "sun-plan-made", name=made.name, times=times)

        desk.start(desk.texts.t("sun-plan-job"), draw, add)

    def _tell(self) -> None:
        """Say where the sun stands."""
        frame = self._desk.project.frame
        viewport = self._desk.viewport
        if frame is None or not viewport.ready:
            self._told.setText(self._desk.texts.t("sun-no-place"))
            return
        try:
            eye = viewport.viewpoint
            longitude, latitude = frame.lonlat([(eye.east, eye.north)])[0]
            moment = self.moment.isoformat(timespec="minutes")
            azimuth, elevation = sun_position(float(longitude), float(latitude), moment)
        except CityError:
            self._told.setText(self._desk.texts.t("sun-no-place"))
            return
        degrees = math.degrees(elevation)
        if degrees <= 0.0:
            self._told.setText(self._desk.texts.t("sun-below", degrees=f"{-degrees:.1f}"))
            return
        length = f"{1.0 / math.tan(elevation):.2f}"
        self._told.setText(
            self._desk.texts.t(
                "sun-told",
                azimuth=f"{math.degrees(azimuth) % 360:.1f}",
                elevation=f"{degrees:.1f}",
                length=length,
            )
        )

    def _take(self) -> None:
        """Make this the project's moment, as a step that can be undone."""
        from dataclasses import replace

        moment = self.moment.isoformat(timespec="minutes")
        self._desk.run(SetInfo(replace(self._desk.project.info, moment=moment)))

    def _follow(self) -> None:
        """Take the moment of another project."""
        self._run("")
        self._project_moment = self._desk.project.info.moment
        try:
            when = read_moment(self._project_moment)
        except CityError:
            return
        self._set(when.replace(tzinfo=None), show=False)

    def _edited(self) -> None:
        """Follow the project's moment where it was changed."""
        if self._desk.project.info.moment != self._project_moment:
            self._follow()
