"""The fields in which models are described: numbers, the axis that points up, the unit."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QDoubleSpinBox

from app.qt.desk import Desk
from app.qt.widgets.number_field import roomy
from layers.files.model_choices import UNITS


def number(
    desk: Desk, name: str, low: float, high: float, digits: int, suffix: str = ""
) -> QDoubleSpinBox:
    """Make a field for a number; its text for screen readers and its name are `name`."""
    field = QDoubleSpinBox()
    field.setObjectName(name)
    field.setDecimals(digits)
    field.setRange(low, high)
    field.setSuffix(suffix)
    field.setKeyboardTracking(False)
    roomy(field)
    desk.texts.bind(field, "setAccessibleName", name)
    return field


def axis_choice(desk: Desk) -> QComboBox:
    """Make the choice of the axis that points up; its data are ``"y"`` and ``"z"``."""
    box = QComboBox()
    box.setObjectName("model-up")
    for axis in ("z", "y"):
        box.addItem(axis.upper(), axis)
    desk.texts.bind(box, "setAccessibleName", "model-up")
    return box


def unit_choice(desk: Desk) -> QComboBox:
    """Make the choice of the unit; its data are metres."""
    box = QComboBox()
    box.setObjectName("model-unit")
    for word, metres in UNITS.items():
        box.addItem(word, metres)
    desk.texts.bind(box, "setAccessibleName", "model-unit")
    return box
