"""Keys that are held while the eye flies or walks: they go to the tool, not to the menus."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from app.qt.pointing import key_event
from scene.tools.events import Tool
from scene.tools.roam import Roam

EVERY = 16  # milliseconds between two steps


class Roaming(QObject):
    """Lets the tools of flying and walking move on for as long as keys are held.

    Parameters
    ----------
    canvas : QWidget
        Gets the keys.
    tool : callable
        Gives the tool in use, None before there is one.
    """

    def __init__(self, canvas: QWidget, tool: Callable[[], Tool | None]) -> None:
        super().__init__(canvas)
        self._tool = tool
        self._last = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY)
        self._timer.timeout.connect(self._tick)
        canvas.installEventFilter(self)

    @property
    def moving(self) -> bool:
        """Whether the eye is on its way."""
        return self._timer.isActive()

    def wake(self) -> None:
        """Move on where the tool has somewhere to go."""
        tool = self._tool()
        if isinstance(tool, Roam) and tool.moving and not self._timer.isActive():
            self._last = time.perf_counter()
            self._timer.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Take the keys that fly and walk before they are shortcuts."""
        tool = self._tool()
        if not isinstance(tool, Roam):
            return super().eventFilter(watched, event)
        kinds = QEvent.Type
        if event.type() == kinds.FocusOut:
            tool.cancel()
        elif isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Shift:
                tool.fast(event.type() == kinds.KeyPress)
                return False
            told = key_event(event)
            if told is None or not tool.wants(told):
                return False
            event.accept()
            if event.type() == kinds.ShortcutOverride or event.isAutoRepeat():
                return True
            if event.type() == kinds.KeyPress:
                tool.key(told)
                self.wake()
            else:
                tool.key_up(told)
            return True
        return False

    def _tick(self) -> None:
        tool = self._tool()
        if not isinstance(tool, Roam) or not tool.moving:
            self._timer.stop()
            return
        now = time.perf_counter()
        tool.tick(now - self._last)
        self._last = now
