"""What the dialogs share in shape: a heading, a body, a row of buttons."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.qt.desk import Desk

TITLE, EDGE = 32, 8  # what the system draws above and below a dialog, pixels


class Dialog(QDialog):
    """A dialog with a heading, a line of explanation, a body and buttons.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    key : str
        Its texts are ``dialog-KEY`` and ``dialog-KEY.lead``.
    parent : QWidget
        The window it belongs to.
    """

    def __init__(self, desk: Desk, key: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(f"dialog-{key}")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.desk = desk
        desk.texts.bind(self, "setWindowTitle", f"dialog-{key}")
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(20, 18, 20, 16)
        self._box.setSpacing(12)
        if desk.texts.t(f"dialog-{key}.lead") != f"dialog-{key}.lead":
            lead = QLabel()
            lead.setObjectName("dialog-lead")
            lead.setProperty("role", "dim")
            lead.setWordWrap(True)
            desk.texts.bind(lead, "setText", f"dialog-{key}.lead")
            self._box.addWidget(lead)
        self.body = QVBoxLayout()
        self.body.setSpacing(10)
        self._box.addLayout(self.body, 1)
        rule = QFrame()
        rule.setProperty("role", "rule")
        self._box.addWidget(rule)
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(8)
        self.buttons.addStretch(1)
        self._box.addLayout(self.buttons)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Keep the buttons on the screen, however small it is."""
        room = self.screen().availableGeometry().adjusted(0, TITLE, 0, -EDGE)
        self.resize(self.size().boundedTo(room.size()))
        super().showEvent(event)

    def add_button(self, name: str, key: str, *, primary: bool = False) -> QPushButton:
        """Put a button into the row at the foot.

        Parameters
        ----------
        name : str
            Object name.
        key : str
            Key of its text.
        primary : bool
            Whether Enter means it.
        """
        button = QPushButton()
        button.setObjectName(name)
        button.setAutoDefault(primary)
        button.setDefault(primary)
        self.desk.texts.bind(button, "setText", key)
        self.buttons.addWidget(button)
        return button

    def add_close(self) -> QPushButton:
        """Put the one button of a dialog that only shows something."""
        button = self.add_button("close", "button-close", primary=True)
        button.clicked.connect(self.accept)
        return button

    def add_cancel(self) -> QPushButton:
        """Put the button that leaves everything as it was."""
        button = self.add_button("cancel", "button-cancel")
        button.clicked.connect(self.reject)
        return button


def heading(desk: Desk, key: str) -> QLabel:
    """Make a heading inside a dialog."""
    label = QLabel()
    label.setObjectName(f"heading-{key}")
    label.setProperty("role", "heading")
    desk.texts.bind(label, "setText", key)
    return label


def caption(desk: Desk, key: str, buddy: QWidget | None = None, *, dim: bool = False) -> QLabel:
    """Make the label of a field."""
    label = QLabel()
    label.setObjectName(f"label-{key}")
    if dim:
        label.setProperty("role", "dim")
        label.setWordWrap(True)
    if buddy is not None:
        label.setBuddy(buddy)
        desk.texts.bind(buddy, "setAccessibleName", key)
    desk.texts.bind(label, "setText", key)
    return label
