"""What the panels that keep named things share: their own actions, the bar above, the list."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QLabel,
    QListWidget,
    QStackedLayout,
    QStyle,
    QToolBar,
    QVBoxLayout,
    QWidget,
)

from app.qt.desk import Desk
from app.qt.menus import name_buttons

#: What an action of a panel is: key, icon, keys of the keyboard ("" for none), what it does.
Own = tuple[str, str, str, Callable[[], object]]


def own_actions(desk: Desk, panel: QWidget, prefix: str, rows: Iterable[Own]) -> dict[str, QAction]:
    """Make the actions of a panel; their names and texts are ``PREFIX-KEY``.

    Their keys are heard while the panel or something in it has the focus.
    """
    own: dict[str, QAction] = {}
    for key, picture, keys, does in rows:
        action = QAction(panel)
        action.setObjectName(f"{prefix}-{key}")
        action.setShortcut(keys)
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.triggered.connect(_plain(does))
        desk.texts.bind(action, "setText", f"{prefix}-{key}")
        desk.theme.set_icon(action, picture)
        panel.addAction(action)
        own[key] = action
    return own


def bar_of(name: str, actions: Iterable[QAction | None]) -> QToolBar:
    """Make the row of buttons above a panel's list; None is a line between two."""
    bar = QToolBar()
    bar.setObjectName(name)
    bar.setProperty("role", "panel")
    side = bar.style().pixelMetric(QStyle.PixelMetric.PM_SmallIconSize)
    bar.setIconSize(QSize(side, side))
    for action in actions:
        if action is None:
            bar.addSeparator()
        else:
            bar.addAction(action)
    name_buttons(bar)
    return bar


def empty_word(desk: Desk, key: str, panel: QWidget) -> QLabel:
    """Make what stands in place of an empty list in a panel."""
    label = QLabel(panel)
    label.setObjectName(key)
    label.setProperty("role", "dim")
    label.setWordWrap(True)
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setMargin(12)
    desk.texts.bind(label, "setText", key)
    return label


class NamedList(QWidget):
    """A panel with a list of what the project keeps under names, or a word where there is none.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    name : str
        Of panel, list and texts: ``NAME-list``, ``NAME-empty``, ``panel-NAME``.
    """

    def __init__(self, desk: Desk, name: str) -> None:
        super().__init__()
        self.setObjectName(f"{name}-panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._desk, self._name = desk, name
        self._list = QListWidget(self)
        self._list.setObjectName(f"{name}-list")
        desk.texts.bind(self._list, "setAccessibleName", f"panel-{name}")
        self._stack = QStackedLayout()
        self._stack.addWidget(empty_word(desk, f"{name}-empty", self))
        self._stack.addWidget(self._list)

    def _lay_out(self, actions: Iterable[QAction]) -> None:
        """Put the bar over the list."""
        box = QVBoxLayout(self)
        box.setContentsMargins(6, 4, 6, 6)
        box.setSpacing(4)
        box.addWidget(bar_of(f"{self._name}-bar", actions))
        box.addLayout(self._stack, 1)

    def _show_list(self, *, there: bool) -> None:
        """Show the list, or the word where there is nothing."""
        self._stack.setCurrentIndex(int(there))


def _plain(does: Callable[[], object]) -> Callable[[bool], None]:
    def call(_checked: bool = False) -> None:
        does()

    return call
