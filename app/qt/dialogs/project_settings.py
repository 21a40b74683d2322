"""What the project says of itself: title, sun, coordinate system, the city's own grid."""

from __future__ import annotations

import math
from dataclasses import replace

from PySide6.QtCore import QDateTime, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QDateTimeEdit,
    QDoubleSpinBox,
    QFormLayout,
    QGroupBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from app.qt.crs_picker import CrsPicker
from app.qt.desk import Desk
from app.qt.dialogs.frame import Dialog, caption
from app.qt.widgets.number_field import roomy
from layers.edits import SetFrame, SetInfo, Together
from layers.errors import CityError
from layers.files.systems import display
from layers.frame import CityGrid, Frame
from layers.history import Command, Label
from layers.viewpoint import EXAGGERATIONS

ISO = "yyyy-MM-ddTHH:mm"


class ProjectSettings(Dialog):
    """Title, author, note, moment; coordinate system, height datum, city grid.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    parent : QWidget
        The window.
    """

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(desk, "project-settings", parent)
        project = desk.project
        self._info, self._frame = project.info, project.frame
        self._open = not project.layers  # only an empty project may change its system
        self.resize(640, 660 if self._open else 400)
        self.body.addLayout(self._make_info())
        self.body.addWidget(self._make_frame(), 1)
        self._problem = QLabel()
        self._problem.setObjectName("project-problem")
        self._problem.setProperty("role", "error")
        self._problem.setWordWrap(True)
        self.buttons.insertWidget(0, self._problem, 1)
        self.buttons.setStretch(1, 0)
        self.add_cancel()
        ok = self.add_button("ok", "button-ok", primary=True)
        ok.clicked.connect(self._accept)

    # Parts -----------------------------------------------------------------------------------

    def _make_info(self) -> QFormLayout:
        form = _form()
        self._texts: dict[str, QLineEdit] = {}
        for name in ("title", "author", "note"):
            field = QLineEdit(getattr(self._info, name))
            field.setObjectName(f"project-{name}")
            self._texts[name] = field
            form.addRow(caption(self.desk, f"project-{name}", field), field)
        self._moment = QDateTimeEdit(QDateTime.fromString(self._info.moment[:16], ISO))
        self._moment.setObjectName("project-moment")
        self._moment.setDisplayFormat("yyyy-MM-dd  HH:mm")
        self._moment.setCalendarPopup(True)
        form.addRow(caption(self.desk, "project-moment", self._moment), self._moment)
        self._stretch = self._spin("project-exaggeration", self._info.exaggeration, 10.0, " ×", 2)
        self._stretch.setMinimum(EXAGGERATIONS[0])
        label = caption(self.desk, "project-exaggeration", self._stretch)
        form.addRow(label, self._stretch)
        return form

    def _make_frame(self) -> QGroupBox:
        group = QGroupBox()
        group.setObjectName("project-frame")
        self.desk.texts.bind(group, "setTitle", "project-crs")
        box = QVBoxLayout(group)
        self._picker: CrsPicker | None = None
        if self._open:
            self._picker = CrsPicker(self.desk, metric_only=True)
            self._picker.choose(self._frame.crs if self._frame is not None else "")
            box.addWidget(self._picker, 1)
        elif self._frame is not None:
            told = QLabel(display(self._frame.crs))
            told.setObjectName("project-crs-told")
            told.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            box.addWidget(told)
            box.addWidget(caption(self.desk, "project-crs-fixed", dim=True))
        form = _form()
        self._datum = QLineEdit(self._frame.height_datum if self._frame is not None else "")
        self._datum.setObjectName("project-datum")
        self.desk.texts.bind(self._datum, "setPlaceholderText", "project-datum-example")
        form.addRow(caption(self.desk, "project-datum", self._datum), self._datum)
        grid = self._frame.grid if self._frame is not None else None
        self._has_grid = QCheckBox()
        self._has_grid.setObjectName("project-has-grid")
        self._has_grid.setChecked(grid is not None)
        self.desk.texts.bind(self._has_grid, "setText", "project-has-grid")
        form.addRow(self._has_grid)
        grid = grid or CityGrid()
        self._dx = self._spin("project-grid-dx", grid.dx, 1e8, " m", 3)
        self._dy = self._spin("project-grid-dy", grid.dy, 1e8, " m", 3)
        self._turn = self._spin("project-grid-turn", math.degrees(grid.rotation), 360.0, "°", 6)
        row = QHBoxLayout()
        row.setSpacing(8)
        for key, spin in (("project-grid-dx", self._dx), ("project-grid-dy", self._dy),
                          ("project-grid-turn", self._turn)):  # fmt: skip
            row.addWidget(caption(self.desk, key, spin))
            row.addWidget(spin, 1)
        form.addRow(row)
        self._has_grid.toggled.connect(self._enable_grid)
        self._enable_grid(self._has_grid.isChecked())
        box.addLayout(form)
        return group

    def _spin(
        self, name: str, value: float, most: float, suffix: str, digits: int
    ) -> QDoubleSpinBox:
        spin = QDoubleSpinBox()
        roomy(spin)
        spin.setObjectName(name)
        spin.setRange(-most, most)
        spin.setDecimals(digits)
        spin.setSuffix(suffix)
        spin.setValue(value)
        return spin

    def _enable_grid(self, on: bool) -> None:
        for spin in (self._dx, self._dy, self._turn):
            spin.setEnabled(on)

    # Doing -----------------------------------------------------------------------------------

    def _accept(self) -> None:
        try:
            steps = self._steps()
        except CityError as error:
            self._problem.setText(" ".join(self.desk.texts.error(error)))
            return
        if not steps or self.desk.run(Together(tuple(steps), Label("edit-set-info"))):
            self.accept()

    def _steps(self) -> list[Command]:
        info = replace(
            self._info,
            title=self._texts["title"].text().strip(),
            author=self._texts["author"].text().strip(),
            note=self._texts["note"].text().strip(),
            moment=self._moment.dateTime().toString(ISO),
            exaggeration=self._stretch.value(),
        )
        steps: list[Command] = []
        if info != self._info:
            steps.append(SetInfo(info))
        frame = self._wanted_frame()
        if frame is not None and frame != self._frame:
            steps.append(SetFrame(frame))
        return steps

    def _wanted_frame(self) -> Frame | None:
        crs = self._frame.crs if self._frame is not None else ""
        if self._picker is not None:
            crs = self._picker.crs or crs
        if not crs:
            return None
        grid = None
        if self._has_grid.isChecked():
            turn = math.radians(self._turn.value())
            grid = CityGrid(self._dx.value(), self._dy.value(), turn)
        same = self._frame is not None and self._frame.crs == crs
        origin = self._frame.origin if same and self._frame is not None else (0.0, 0.0)
        return Frame(crs, origin, grid, self._datum.text().strip())


def _form() -> QFormLayout:
    form = QFormLayout()
    form.setHorizontalSpacing(14)
    form.setVerticalSpacing(8)
    form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    return form
