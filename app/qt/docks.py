"""The panels around the picture as docks: titles, tabs, where they stand."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QDockWidget,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QMenu,
    QToolButton,
    QWidget,
)

from app.qt.desk import Desk
from app.qt.panels import PANELS, PanelRow


class Docks:
    """The docks of a window, one for each row of ``PANELS``.

    Parameters
    ----------
    window : QMainWindow
        Gets the docks.
    desk : Desk
        What the window works with.
    menu : QMenu
        Gets an entry for each panel.
    """

    def __init__(self, window: QMainWindow, desk: Desk, menu: QMenu) -> None:
        self._window, self._desk = window, desk
        self._docks: dict[str, QDockWidget] = {}
        self._panels: dict[str, QWidget] = {}
        window.setDockNestingEnabled(True)
        window.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.RightDockWidgetArea)
        window.setCorner(Qt.Corner.BottomLeftCorner, Qt.DockWidgetArea.LeftDockWidgetArea)
        before: dict[Qt.DockWidgetArea, QDockWidget] = {}
        for row in PANELS:
            dock = self._make(row)
            dock.setVisible(row.shown)  # before it is stacked, else Qt leaves a tab bar behind
            if not row.shown:
                dock.visibilityChanged.connect(self._sizer(row))
            if row.stacked and row.area in before:
                window.tabifyDockWidget(before[row.area], dock)
                before[row.area].raise_()
            else:
                window.addDockWidget(row.area, dock)
                before[row.area] = dock
            action = dock.toggleViewAction()
            action.setShortcut(row.shortcut)
            action.triggered.connect(_raiser(dock))
            desk.theme.set_icon(action, row.key)
            menu.addAction(action)
        self.reset()
        self._add_reset(menu)

    def __getitem__(self, key: str) -> QDockWidget:
        return self._docks[key]

    def panel(self, key: str) -> QWidget:
        """Give the content of a dock."""
        return self._panels[key]

    def show(self, key: str) -> None:
        """Open a panel and bring it to the front."""
        self._docks[key].show()
        self._docks[key].raise_()

    def reset(self) -> None:
        """Open the panels that are open at first, at their first sizes."""
        self.size()
        for row in PANELS:
            self._docks[row.key].setFloating(False)
            self._docks[row.key].setVisible(row.shown)

    def size(self) -> None:
        """Give all panels their first sizes; they hold once the window has its own."""
        for way, areas in (
            (Qt.Orientation.Horizontal, {Qt.DockWidgetArea.LeftDockWidgetArea,
                                         Qt.DockWidgetArea.RightDockWidgetArea}),
            (Qt.Orientation.Vertical, {Qt.DockWidgetArea.BottomDockWidgetArea}),
        ):  # fmt: skip
            rows = [row for row in PANELS if row.area in areas]
            self._window.resizeDocks(
                [self._docks[row.key] for row in rows], [row.size for row in rows], way
            )

    def _sizer(self, row: PanelRow) -> Callable[[bool], None]:
        """Give a panel that was closed its size when it is opened for the first time."""
        done = "state" in self._desk.settings.window

        def size(shown: bool) -> None:
            nonlocal done
            if shown and not done and self._window.isVisible():
                done = True
                dock, way = self._docks[row.key], Qt.Orientation.Vertical
                QTimer.singleShot(0, lambda: self._window.resizeDocks([dock], [row.size], way))

        return size

    def _make(self, row: PanelRow) -> QDockWidget:
        dock = QDockWidget(self._window)
        dock.setObjectName(f"dock-{row.key}")
        self._desk.texts.bind(dock, "setWindowTitle", f"panel-{row.key}")
        panel = row.make(self._desk)
        dock.setWidget(panel)
        dock.setTitleBarWidget(DockTitle(dock, self._desk))
        self._docks[row.key], self._panels[row.key] = dock, panel
        return dock

    def _add_reset(self, menu: QMenu) -> None:
        menu.addSeparator()
        action = QAction(menu)
        action.setObjectName("panels-reset")
        self._desk.texts.bind(action, "setText", "panels-reset")
        action.triggered.connect(self.reset)
        menu.addAction(action)


def _raiser(dock: QDockWidget) -> Callable[[bool], None]:
    """Bring a dock that was opened to the front of its tabs."""

    def bring(shown: bool) -> None:
        if shown:
            dock.raise_()

    return bring


class DockTitle(QWidget):
    """The title of a dock with a button to float it and one to close it."""

    def __init__(self, dock: QDockWidget, desk: Desk) -> None:
        super().__init__(dock)
        self.setObjectName("dock-title")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        label = QLabel(dock.windowTitle())
        label.setObjectName("dock-title-text")
        dock.windowTitleChanged.connect(label.setText)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 4, 4, 4)
        row.setSpacing(0)
        row.addWidget(label, 1)
        for name, picture, does in (
            ("float", "float", lambda: dock.setFloating(not dock.isFloating())),
            ("close", "close", dock.close),
        ):
            button = QToolButton()
            button.setObjectName(f"dock-{name}")
            button.setIconSize(QSize(14, 14))
            desk.theme.set_icon(button, picture, "dim")
            desk.texts.bind(button, "setToolTip", f"dock-{name}")
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(does)
            row.addWidget(button)
