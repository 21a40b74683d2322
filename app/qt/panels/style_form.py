"""What the parts of the style panel share: rows with captions, and steps that can be undone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QFormLayout, QLabel, QWidget

from app.qt.desk import Desk
from app.qt.widgets.number_field import roomy
from layers.edits import SetLook
from layers.kinds.base import Layer
from layers.style import Style


class StyleForm(QWidget):
    """Rows of one part of a layer's style.

    The row ``KEY`` has the caption ``style-KEY``; its field is called the same.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    name : str
        Object name.
    """

    def __init__(self, desk: Desk, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self._desk = desk
        self._layer: Layer | None = None
        self._rows: dict[str, tuple[QLabel, QWidget]] = {}
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setHorizontalSpacing(10)
        self._form.setVerticalSpacing(7)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)

    def _add(self, key: str, field: QWidget) -> None:
        """Put a field in a row of its own."""
        label = QLabel()
        label.setObjectName(f"style-{key}-label")
        label.setProperty("role", "dim")
        label.setBuddy(field)
        self._desk.texts.bind(label, "setText", f"style-{key}")
        self._desk.texts.bind(field, "setAccessibleName", f"style-{key}")
        self._form.addRow(label, field)
        self._rows[key] = (label, field)

    def _combo(self, key: str) -> QComboBox:
        """Make a row with a choice."""
        combo = QComboBox()
        combo.setObjectName(f"style-{key}")
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        combo.setMinimumContentsLength(8)
        self._add(key, combo)
        return combo

    def _metres(
        self, key: str, most: float, step: float, zero: str, digits: int = 0
    ) -> QDoubleSpinBox:
        """Make a row with metres; `zero` is the key of what 0 means."""
        field = QDoubleSpinBox()
        field.setObjectName(f"style-{key}")
        field.setRange(0.0, most)
        field.setDecimals(digits)
        field.setSingleStep(step)
        field.setSuffix(" m")
        field.setKeyboardTracking(False)
        roomy(field)
        self._desk.texts.bind(field, "setSpecialValueText", zero)
        self._add(key, field)
        return field

    def _name_choices(self, combo: QComboBox, keys: Sequence[str]) -> None:
        """Give a choice its words in the language of now."""
        at = max(combo.currentIndex(), 0)
        combo.clear()
        combo.addItems([self._desk.texts.t(key) for key in keys])
        combo.setCurrentIndex(at)

    def _reveal(self, shown: set[str]) -> None:
        """Show these rows and no others."""
        for key, parts in self._rows.items():
            for part in parts:
                part.setVisible(key in shown)

    def _set(self, **looks: Any) -> None:
        """Change the layer's style as a step."""
        if self._layer is None:
            return
        style: Style = replace(self._layer.style, **looks)
        if style != self._layer.style:
            self._desk.run(SetLook(self._layer.id, "style", style))
