"""Keeps the wheel from changing numbers while somebody scrolls past them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QAbstractSlider, QAbstractSpinBox, QComboBox, QScrollBar, QWidget


class QuietWheel(QObject):
    """Lets the wheel reach a field only while the field has the focus."""

    def watch(self, parent: QWidget) -> None:
        """Look after every field in a widget."""
        for kind in (QAbstractSpinBox, QAbstractSlider, QComboBox):
            for field in parent.findChildren(kind):
                if not isinstance(field, QScrollBar):
                    field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
                    field.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Pass the wheel on to what can be scrolled."""
        wheel = event.type() == QEvent.Type.Wheel
        if wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)
