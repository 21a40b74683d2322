"""Pages under large buttons in two rows: none hides behind an arrow where there is little room."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QGridLayout,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

COLUMNS = 4
HIGH = 27  # points of a button


class TabGrid(QWidget):
    """Pages, one of which is shown; the buttons above stand in rows of four.

    Signals
    -------
    current_changed : (int,)
        Another page is shown.
    """

    current_changed = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._stack, self._grid = QStackedWidget(), QGridLayout()
        self._group = QButtonGroup(self)
        self._buttons: list[QToolButton] = []
        self._grid.setContentsMargins(4, 2, 4, 2)
        self._grid.setSpacing(1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addLayout(self._grid)
        box.addWidget(self._stack, 1)
        self._group.idClicked.connect(self.show_page)

    def add_page(self, name: str, page: QWidget) -> None:
        """Put a page behind the others."""
        button = QToolButton()
        button.setObjectName(name)
        button.setProperty("role", "page")
        button.setCheckable(True)
        button.setMinimumHeight(HIGH)
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        at = len(self._buttons)
        self._group.addButton(button, at)
        self._grid.addWidget(button, at // COLUMNS, at % COLUMNS)
        self._grid.setColumnStretch(at % COLUMNS, 1)
        self._buttons.append(button)
        self._stack.addWidget(page)
        if at == 0:
            button.setChecked(True)

    def name_page(self, at: int, text: str) -> None:
        """Set the text of a button."""
        self._buttons[at].setText(text)

    @property
    def current(self) -> int:
        """The page that is shown."""
        return self._stack.currentIndex()

    def show_page(self, at: int) -> None:
        """Show a page."""
        self._buttons[at].setChecked(True)
        if at != self._stack.currentIndex():
            self._stack.setCurrentIndex(at)
            self.current_changed.emit(at)
