"""Looking into the city: ground that is seen through, cuts by numbers, objects standing alone."""

from __future__ import annotations

import math
from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from app.qt.desk import Desk
from app.qt.dialogs.frame import caption, heading
from layers.cut import Cut

KINDS = ("none", "plane", "slope", "level", "box", "drawn")
KIND_OF = {"leaning": "slope", "outline": "drawn"}  # what the panel calls a form of `Cut`
FAR = 99_999_999.0
DEEPEST, HIGHEST = -1000.0, 9000.0  # metres; the deepest stands for "no end"
SWEEP = 100  # steps of the slider that moves a cut, to each side
#: Which numbers a kind of cut has.
NUMBERS = {
    "none": (), "drawn": ("low", "high"), "plane": ("east", "north", "heading"), "level": ("low",),
    "slope": ("east", "north", "height", "heading", "lean"),
    "box": ("east", "north", "heading", "width", "depth", "low", "high"),
}  # fmt: skip


class InsidePanel(QWidget):
    """Says how much of the ground is seen through, where the city is cut, and what is alone.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("inside-panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._desk = desk
        self._shown: Cut | None = None
        self._from: dict[str, float] = {}  # numbers of the cut when the slider was taken
        self._reach = 0.0  # metres the slider moves it to each side
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 10, 12, 10)
        box.addWidget(heading(desk, "inside-underground"))
        box.addLayout(self._make_underground())
        box.addSpacing(8)
        box.addWidget(heading(desk, "inside-cut"))
        box.addLayout(self._make_cut())
        box.addSpacing(8)
        box.addWidget(heading(desk, "inside-explode"))
        box.addLayout(self._make_explode())
        box.addSpacing(8)
        box.addWidget(heading(desk, "inside-isolate"))
        self._alone = QPushButton()
        self._alone.setObjectName("inside-alone")
        self._alone.setCheckable(True)
        desk.texts.bind(self._alone, "setText", "inside-alone")
        self._alone.clicked.connect(desk.actions["isolate"].trigger)
        box.addWidget(self._alone, 0, Qt.AlignmentFlag.AlignLeft)
        hint = QLabel()
        hint.setObjectName("inside-alone-hint")
        hint.setProperty("role", "dim")
        hint.setWordWrap(True)
        desk.texts.bind(hint, "setText", "inside-alone-hint")
        box.addWidget(hint)
        box.addStretch(1)
        desk.viewport.rested.connect(self._follow)
        desk.viewport.shown_changed.connect(self._follow)
        desk.project_changed.connect(self._follow)
        desk.selection_changed.connect(self._follow)
        self._follow()

    # Parts -----------------------------------------------------------------------------------

    def _make_underground(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setObjectName("inside-share")
        self._slider.setRange(0, 100)
        self._desk.texts.bind(self._slider, "setAccessibleName", "inside-share")
        self._slider.valueChanged.connect(self._slid)
        self._percent = QLabel()
        self._percent.setObjectName("inside-percent")
        self._percent.setMinimumWidth(40)
        row.addWidget(caption(self._desk, "inside-share", self._slider))
        row.addWidget(self._slider, 1)
        row.addWidget(self._percent)
        return row

    def _make_cut(self) -> QFormLayout:
        desk = self._desk
        form = self._form = QFormLayout()
        form.setHorizontalSpacing(12)
        self._kind = QComboBox()
        self._kind.setObjectName("inside-kind")
        for kind in KINDS:
            self._kind.addItem(desk.texts.t(f"inside-kind-{kind}"), kind)
        self._kind.activated.connect(self._choose)
        desk.texts.changed.connect(self._name_kinds)
        form.addRow(caption(desk, "inside-kind", self._kind), self._kind)
        self._numbers: dict[str, QDoubleSpinBox] = {}
        for name, low, high, unit in (
            ("east", -FAR, FAR, " m"), ("north", -FAR, FAR, " m"),
            ("height", DEEPEST, HIGHEST, " m"), ("heading", -360.0, 360.0, "°"),
            ("lean", -89.0, 89.0, "°"),
            ("width", 1.0, 20_000.0, " m"), ("depth", 1.0, 20_000.0, " m"),
            ("low", DEEPEST, HIGHEST, " m"), ("high", DEEPEST, HIGHEST, " m"),
        ):  # fmt: skip
            spin = self._numbers[name] = QDoubleSpinBox()
            spin.setObjectName(f"inside-{name}")
            spin.setRange(low, high)
            spin.setDecimals(1)
            spin.setSingleStep(5.0 if name in {"heading", "lean", "width", "depth"} else 1.0)
            spin.setSuffix(unit)
            spin.setKeyboardTracking(False)
            spin.valueChanged.connect(self._typed)
            form.addRow(caption(desk, f"inside-{name}", spin), spin)
        for name in ("low", "high"):
            desk.texts.bind(self._numbers[name], "setSpecialValueText", "inside-no-end")
        self._sweep = QSlider(Qt.Orientation.Horizontal)
        self._sweep.setObjectName("inside-sweep")
        self._sweep.setRange(-SWEEP, SWEEP)
        desk.texts.bind(self._sweep, "setAccessibleName", "inside-sweep")
        desk.texts.bind(self._sweep, "setToolTip", "inside-sweep-tip")
        self._sweep.valueChanged.connect(self._swept)
        self._sweep.sliderReleased.connect(self._let_go)
        form.addRow(caption(desk, "inside-sweep", self._sweep), self._sweep)
        self._keep = QCheckBox()
        self._keep.setObjectName("inside-keep")
        desk.texts.bind(self._keep, "setText", "inside-keep")
        self._keep.clicked.connect(desk.actions["cut-turn"].trigger)
        form.addRow("", self._keep)
        return form

    def _make_explode(self) -> QHBoxLayout:
        row, desk = QHBoxLayout(), self._desk
        self._apart = QDoubleSpinBox()
        self._apart.setObjectName("inside-apart")
        self._apart.setRange(0.0, 2000.0)
        self._apart.setDecimals(0)
        self._apart.setSingleStep(50.0)
        self._apart.setSuffix(" m")
        self._apart.setKeyboardTracking(False)
        self._apart.valueChanged.connect(self._pull_apart)
        row.addWidget(caption(desk, "inside-apart", self._apart))
        row.addWidget(self._apart)
        row.addStretch(1)
        return row

    # Showing ---------------------------------------------------------------------------------

    def _name_kinds(self) -> None:
        for i, kind in enumerate(KINDS):
            self._kind.setItemText(i, self._desk.texts.t(f"inside-kind-{kind}"))

    def _follow(self) -> None:
        """Show what the active picture is like."""
        viewport = self._desk.viewport
        if not viewport.ready:
            return
        share = round(100 * viewport.underground)
        with QSignalBlocker(self._slider):
            self._slider.setValue(share)
        self._percent.setText(f"{share} %")
        self._alone.setChecked(viewport.isolated)
        self._alone.setEnabled(viewport.isolated or bool(self._desk.session.selection))
        with QSignalBlocker(self._apart):
            self._apart.setValue(viewport.explode)
        cut = viewport.cut
        if cut is None or cut != self._shown:
            self._take_over(cut)
        self._show_rows()
        self._keep.setChecked(cut is not None and cut.keep == "inside")

    def _take_over(self, cut: Cut | None) -> None:
        """Show the numbers of a cut that comes from elsewhere: clicks, a view, another picture."""
        self._shown = cut
        form = None if cut is None else cut.form
        kind = "none" if form is None else KIND_OF.get(form.kind, form.kind)
        self._kind.setCurrentIndex(KINDS.index(kind))
        if cut is None or form is None:
            return
        told = {
            "low": DEEPEST if cut.low is None else cut.low,
            "high": DEEPEST if cut.high is None else cut.high,
            "heading": math.degrees(form.heading) % 360.0, "lean": math.degrees(form.lean),
            "width": form.size[0], "depth": form.size[1],
            **dict(zip(("east", "north", "height"), form.place, strict=False)),
        }  # fmt: skip
        for name in NUMBERS[kind]:
            with QSignalBlocker(self._numbers[name]):
                self._numbers[name].setValue(told[name])

    def _show_rows(self) -> None:
        kind, cut = str(self._kind.currentData()), self._shown
        dug = cut is not None and bool(cut.pit)  # a pit ends where its walls do
        for name, spin in self._numbers.items():
            self._form.setRowVisible(spin, name in NUMBERS[kind] and not dug)
        self._form.setRowVisible(self._sweep, kind in {"plane", "slope", "level"})
        self._form.setRowVisible(self._keep, kind != "none")

    # Doing -----------------------------------------------------------------------------------

    def _slid(self, percent: int) -> None:
        self._desk.viewport.underground = percent / 100.0

    def _pull_apart(self, metres: float) -> None:
        self._desk.viewport.explode = metres

    def _choose(self) -> None:
        """Begin a cut of another kind, in the middle of the picture."""
        viewport, kind = self._desk.viewport, str(self._kind.currentData())
        if kind == "drawn":
            self._follow()
            self._desk.actions["tool-cut"].trigger()
            return
        east, north, _ = viewport.viewpoint.target
        ground = float(self._desk.project.ground_at([(east, north)])[0])
        begin = {
            "east": east, "north": north, "width": 200.0, "depth": 200.0,
            "heading": math.degrees(viewport.viewpoint.heading) + 180.0,
            "height": ground, "lean": 30.0,
            "low": ground + (10.0 if kind == "level" else -10.0), "high": ground + 500.0,
        }  # fmt: skip
        for name, value in begin.items():
            with QSignalBlocker(self._numbers[name]):
                self._numbers[name].setValue(value % 360.0 if name == "heading" else value)
        self._typed()

    def _typed(self) -> None:
        """Cut as the numbers say."""
        self._desk.attempt(self._cut)

    def _cut(self) -> None:
        kind, at = str(self._kind.currentData()), self._numbers
        turn = math.radians(at["heading"].value())
        place = (at["east"].value(), at["north"].value())
        low, high = self._end("low"), self._end("high")
        old = self._desk.viewport.cut
        cut: Cut | None = None
        if kind == "plane":
            cut = Cut.plane(place, turn)
        elif kind == "slope":
            at_height = (*place, at["height"].value())
            cut = Cut.leaning(at_height, turn, math.radians(at["lean"].value()))
        elif kind == "level":
            cut = Cut.level(place, at["low"].value())
        elif kind == "box":
            cut = Cut.box(place, (at["width"].value(), at["depth"].value()), turn, low, high)
        elif kind == "drawn" and old is not None:
            cut = replace(old, low=low, high=high)
        if cut is not None and old is not None:
            cut = replace(cut, keep=old.keep)
        self._shown = cut
        self._desk.viewport.cut = cut

    def _end(self, name: str) -> float | None:
        value = self._numbers[name].value()
        return None if value <= DEEPEST else value

    # Moving a cut through the city ---------------------------------------------------------------

    def _swept(self, step: int) -> None:
        """Move the cut to where the slider is, from where it was taken."""
        kind, at = str(self._kind.currentData()), self._numbers
        if not self._from:
            self._from = {name: spin.value() for name, spin in at.items()}
            self._reach = 0.5 * self._desk.viewport.viewpoint.distance
        begun, way = self._from, self._reach * step / SWEEP
        turn = math.radians(begun["heading"])
        to = {"low": begun["low"] + way / 4.0} if kind == "level" else {
            "east": begun["east"] + way * math.sin(turn),
            "north": begun["north"] + way * math.cos(turn),
        }  # fmt: skip
        for name, value in to.items():
            with QSignalBlocker(at[name]):
                at[name].setValue(value)
        self._typed()
        if not self._sweep.isSliderDown():
            self._let_go()

    def _let_go(self) -> None:
        """Begin from the middle again next time."""
        self._from = {}
        with QSignalBlocker(self._sweep):
            self._sweep.setValue(0)
