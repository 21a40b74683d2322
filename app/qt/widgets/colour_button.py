"""A button that shows a colour and lets another one be chosen."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QColorDialog, QToolButton, QWidget

from app.qt.desk import Desk


class ColourButton(QToolButton):
    """Shows a colour; a click opens the choice of another one.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    name : str
        Object name; the choice is called ``NAME-choice``.
    key : str
        Text of the tooltip and for screen readers.

    Signals
    -------
    chosen : (str,)
        Another colour, ``#rrggbb``.
    """

    chosen = Signal(str)

    def __init__(self, desk: Desk, name: str, key: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setProperty("role", "colour")
        self.setIconSize(QSize(44, 16))
        desk.texts.bind(self, "setToolTip", key)
        desk.texts.bind(self, "setAccessibleName", key)
        self._desk, self._key = desk, key
        self._colour = ""
        self.clicked.connect(self._ask)

    @property
    def colour(self) -> str:
        """The colour shown."""
        return self._colour

    def show_colour(self, colour: str) -> None:
        """Show a colour, ``#rrggbb``."""
        if colour != self._colour:
            self._colour = colour
            self.setIcon(QIcon(field(colour, self.iconSize())))
            self.setAccessibleDescription(colour)

    def _ask(self) -> None:
        ask_colour(self._desk, self, self._colour, self._key, self.chosen.emit)


def ask_colour(
    desk: Desk, owner: QWidget, colour: str, key: str, then: Callable[[str], object]
) -> None:
    """Open the choice of a colour.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    owner : QWidget
        Who asks; the dialog is called after it.
    colour : str
        The colour to begin with.
    key : str
        Text of the title.
    then : callable
        Gets the other colour, ``#rrggbb``.
    """
    dialog = QColorDialog(QColor(colour), owner.window())
    dialog.setObjectName(f"{owner.objectName()}-choice")
    dialog.setWindowTitle(desk.texts.t(key))
    dialog.setOption(QColorDialog.ColorDialogOption.DontUseNativeDialog)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.colorSelected.connect(lambda picked: then(picked.name()))
    dialog.open()


def field(colour: str, size: QSize, ratio: float = 2.0) -> QPixmap:
    """Draw a rounded field in a colour."""
    out = QPixmap(size * ratio)
    out.setDevicePixelRatio(ratio)
    out.fill(Qt.GlobalColor.transparent)
    painter = QPainter(out)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QColor(0, 0, 0, 90))
    painter.setBrush(QColor(colour))
    painter.drawRoundedRect(QRectF(0.5, 0.5, size.width() - 1, size.height() - 1), 3, 3)
    painter.end()
    return out


def ramp(colours: tuple[str, ...], size: QSize, ratio: float = 2.0) -> QPixmap:
    """Draw colours side by side."""
    out = QPixmap(size * ratio)
    out.setDevicePixelRatio(ratio)
    out.fill(Qt.GlobalColor.transparent)
    painter = QPainter(out)
    width = size.width() / len(colours)
    for i, colour in enumerate(colours):
        painter.fillRect(QRectF(i * width, 1, width + 0.5, size.height() - 2), QColor(colour))
    painter.end()
    return out
