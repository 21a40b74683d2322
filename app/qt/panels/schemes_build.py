"""The form for editing buildings: tools, and what the next building is like."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QPushButton,
    QSpinBox,
    QToolBar,
    QVBoxLayout,
    QWidget,
)

from app.qt.building import BUILD_TOOLS, demolish_selected, set_storeys, settings_of
from app.qt.desk import Desk
from app.qt.dialogs.frame import caption
from app.qt.menus import name_buttons
from app.qt.widgets.quiet_wheel import QuietWheel
from layers.kinds.buildings import Buildings
from layers.schemes_build import USES


class BuildForm(QWidget):
    """Tools for buildings with the fields they read.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("build-form")
        self._desk = desk
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 6, 0, 0)
        box.setSpacing(6)
        bar = QToolBar()
        bar.setObjectName("build-bar")
        bar.setProperty("role", "panel")
        bar.setIconSize(QSize(18, 18))
        for key in BUILD_TOOLS:
            bar.addAction(desk.actions[key])
        name_buttons(bar)
        box.addWidget(bar)
        self._form = QFormLayout()
        self._form.setHorizontalSpacing(10)
        self._form.setVerticalSpacing(5)
        box.addLayout(self._form)
        self._use = QComboBox()
        self._use.setObjectName("build-use")
        for key in USES:
            self._use.addItem("", key)
        self._use.currentIndexChanged.connect(self._changed)
        self._row("build-use", self._use)
        now = settings_of(desk)
        self._storeys = self._count("build-storeys", 1, 250, now.storeys)
        self._storey = self._metres("build-storey", 20.0, now.storey)
        self._podium = self._count("build-podium", 0, 30, now.podium_storeys)
        self._setback = self._metres("build-setback", 100.0, now.setback)
        self._columns = self._count("build-columns", 1, 50, now.columns)
        self._rows = self._count("build-rows", 1, 50, now.rows)
        self._gap = self._metres("build-gap", 1000.0, now.gap)
        desk.texts.bind(self._podium, "setSpecialValueText", "build-no-podium")
        row = QHBoxLayout()
        self._apply = self._button("build-apply", lambda: set_storeys(desk))
        self._remove = self._button("build-remove", lambda: demolish_selected(desk))
        row.addWidget(self._apply)
        row.addWidget(self._remove)
        row.addStretch(1)
        box.addLayout(row)
        self._wheel = QuietWheel(self)
        self._wheel.watch(self)
        desk.selection_changed.connect(self._enable)
        desk.project_edited.connect(self._enable)
        desk.texts.follow(self._retell)
        self._retell()
        self._changed()
        self._enable()

    def _row(self, key: str, field: QWidget) -> None:
        self._form.addRow(caption(self._desk, key, field), field)

    def _count(self, key: str, low: int, high: int, value: int) -> QSpinBox:
        field = QSpinBox()
        field.setObjectName(key)
        field.setRange(low, high)
        field.setValue(value)
        field.setKeyboardTracking(False)
        field.valueChanged.connect(self._changed)
        self._row(key, field)
        return field

    def _metres(self, key: str, most: float, value: float) -> QDoubleSpinBox:
        field = QDoubleSpinBox()
        field.setObjectName(key)
        field.setRange(0.0, most)
        field.setDecimals(1)
        field.setSingleStep(0.1 if most < 50 else 1.0)
        field.setSuffix(" m")
        field.setValue(value)
        field.setKeyboardTracking(False)
        field.valueChanged.connect(self._changed)
        self._row(key, field)
        return field

    def _button(self, key: str, does: Callable[[], None]) -> QPushButton:
        button = QPushButton()
        button.setObjectName(key)
        button.setAutoDefault(False)
        self._desk.texts.bind(button, "setText", key)
        button.clicked.connect(lambda _checked: does())
        return button

    def _changed(self) -> None:
        if not hasattr(self, "_gap"):
            return  # the fields are still being made
        now = settings_of(self._desk)
        now.use = str(self._use.currentData())
        now.storeys, now.storey = self._storeys.value(), self._storey.value()
        now.podium_storeys, now.setback = self._podium.value(), self._setback.value()
        now.columns, now.rows = self._columns.value(), self._rows.value()
        now.gap = self._gap.value()
        usual = USES[now.use].storey
        self._storey.setSpecialValueText(
            self._desk.texts.t("build-storey-usual", metres=f"{usual:g}")
        )
        tool = self._desk.viewport.tool if self._desk.session.tool == "build-draw" else None
        if tool is not None and hasattr(tool, "height"):
            tool.height = now.height

    def _retell(self) -> None:
        for at, key in enumerate(USES):
            self._use.setItemText(at, self._desk.texts.t(f"build-use-{key}"))
        self._changed()

    def _enable(self) -> None:
        project, selection = self._desk.project, self._desk.session.selection
        there = {layer.id: layer for layer in project.layers}
        some = any(
            layer_id in there and isinstance(there[layer_id].data, Buildings)
            for layer_id in selection
        )
        self._apply.setEnabled(some)
        self._remove.setEnabled(some)
