"""Looking into the city: ground that is seen through, cuts by numbers, objects standing alone."""

from __future__ import annotations

import math

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
FAR = 99_999_999.0
#: Which numbers a kind of cut has.
NUMBERS = {
    "none": (), "drawn": (), "plane": ("east", "north", "heading"), "level": ("low",),
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
            ("height", -1000.0, 9000.0, " m"), ("heading", -360.0, 360.0, "°"),
            ("lean", -89.0, 89.0, "°"),
            ("width", 1.0, 20_000.0, " m"), ("depth", 1.0, 20_000.0, " m"),
            ("low", -1000.0, 9000.0, " m"), ("high", -1000.0, 9000.0, " m"),
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
            kind = "none" if cut is None else "drawn"
            self._kind.setCurrentIndex(KINDS.index(kind))
            self._shown = cut
        self._show_rows()
        self._keep.setChecked(cut is not None and cut.keep == "inside")

    def _show_rows(self) -> None:
        kind = str(self._kind.currentData())
        for name, spin in self._numbers.items():
            self._form.setRowVisible(spin, name in NUMBERS[kind])
        self._form.setRowVisible(self._keep, kind not in {"none", "level"})

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
            cut = Cut.box(
                place, (at["width"].value(), at["depth"].value()), turn, at["low"].value(),
                at["high"].value(), "inside" if old and old.keep == "inside" else "outside",
            )  # fmt: skip
        self._shown = cut
        self._desk.viewport.cut = cut
