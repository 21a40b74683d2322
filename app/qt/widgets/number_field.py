"""A number with a slider beside it; a drag of the slider is one step."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QAbstractSpinBox, QDoubleSpinBox, QHBoxLayout, QSlider, QWidget

from app.qt.desk import Desk


class NumberField(QWidget):
    """Slider and typed number for the same value.

    Parameters
    ----------
    desk : Desk
        What the window works with; drags are gestures of its history.
    name : str
        Object name of the number; the slider is ``NAME-slider``.
    key : str
        Text for screen readers.
    low, high, step : float
        What the slider reaches.
    digits : int
        Digits behind the point.
    unit : str
        Written behind the number.
    most : float or None
        What can be typed at most, where that is more than `high`.

    Signals
    -------
    changed : (float,)
        Another value, at each step of a drag.
    """

    changed = Signal(float)

    def __init__(
        self,
        desk: Desk,
        name: str,
        key: str,
        *,
        low: float,
        high: float,
        step: float,
        digits: int = 1,
        unit: str = "",
        most: float | None = None,
    ) -> None:
        super().__init__()
        self.setObjectName(f"{name}-field")
        self._desk, self._low, self._step = desk, low, step
        self._slider = QSlider(Qt.Orientation.Horizontal)
        self._slider.setObjectName(f"{name}-slider")
        self._slider.setRange(0, round((high - low) / step))
        self._slider.setMinimumWidth(50)
        self.number = QDoubleSpinBox()
        self.number.setObjectName(name)
        self.number.setDecimals(digits)
        self.number.setRange(low, high if most is None else most)
        self.number.setSingleStep(step)
        self.number.setSuffix(unit)
        self.number.setKeyboardTracking(False)
        roomy(self.number)
        self.number.setFixedWidth(self.fontMetrics().horizontalAdvance("000.00 px") + 36)
        for part in (self._slider, self.number):
            desk.texts.bind(part, "setAccessibleName", key)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._slider, 1)
        row.addWidget(self.number)
        self.setFocusProxy(self.number)
        self._slider.sliderPressed.connect(self._begin)
        self._slider.sliderReleased.connect(self._end)
        self._slider.valueChanged.connect(self._slid)
        self.number.valueChanged.connect(self._typed)

    def show_value(self, value: float) -> None:
        """Show a value without telling."""
        with QSignalBlocker(self.number), QSignalBlocker(self._slider):
            if not self.number.hasFocus() or self.number.value() != value:
                self.number.setValue(value)
            self._slider.setValue(round((value - self._low) / self._step))

    def _begin(self) -> None:
        self._desk.session.history.begin_gesture()

    def _end(self) -> None:
        self._desk.session.history.end_gesture()

    def _slid(self, at: int) -> None:
        value = self._low + at * self._step
        with QSignalBlocker(self.number):
            self.number.setValue(value)
        self.changed.emit(self.number.value())

    def _typed(self, value: float) -> None:
        with QSignalBlocker(self._slider):
            self._slider.setValue(round((value - self._low) / self._step))
        self.changed.emit(value)


def roomy(field: QAbstractSpinBox) -> None:
    """Keep the number of a field away from its border; a style sheet cannot."""
    field.lineEdit().setTextMargins(5, 0, 2, 0)
