"""Playing camera paths and stories in the window."""

from __future__ import annotations

import time

from PySide6.QtCore import QByteArray, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QMainWindow, QWidget

from app.qt.desk import Desk
from layers.camera_path import CameraPath
from layers.touring import Show, show_path, show_story
from layers.tours import Story
from layers.viewpoint import View

EVERY = 16  # milliseconds between two looks at the clock


class Player(QObject):
    """Plays one show at a time in the active picture; Escape or a click stops it.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    window : QMainWindow
        Is made full screen for stories.

    Signals
    -------
    changed
        It began or ended.
    """

    changed = Signal()

    def __init__(self, desk: Desk, window: QMainWindow) -> None:
        super().__init__(window)
        self.setObjectName("player")
        self._desk, self._window = desk, window
        self._show: Show | None = None
        self._begun = 0.0
        self._full = self._large = False
        self._arranged = QByteArray()
        self._hidden: list[QWidget] = []
        self._last: tuple[object, ...] = ()
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY)
        self._timer.timeout.connect(self._tick)
        self._caption = QLabel(desk.viewport)
        self._caption.setObjectName("player-caption")
        self._caption.setWordWrap(True)
        self._caption.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._caption.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._caption.hide()
        window.installEventFilter(self)
        desk.project_changed.connect(self.stop)

    @property
    def playing(self) -> bool:
        """Whether something is played."""
        return self._show is not None

    def play_path(self, path: CameraPath) -> None:
        """Fly a path in the active picture."""
        project = self._desk.project
        self._start(show_path(path, project.ground_at, hidden=self._desk.viewport.hidden_layers()))

    def play_story(self, story: Story) -> None:
        """Show a story full screen, with its texts."""
        shows: list[Show] = []
        if self._desk.attempt(lambda: shows.append(show_story(self._desk.project, story))):
            self._dim(on=True)
            self._start(shows[0])

    def stop(self) -> None:
        """End it; the eye stays where it is."""
        if self._show is None:
            return
        self._timer.stop()
        self._show = None
        self._caption.hide()
        self._dim(on=False)
        self.changed.emit()

    def seek(self, second: float) -> None:
        """Show the picture of a second."""
        assert self._show is not None
        view = self._show.view_at(second)
        look = (view.hidden, view.moment)
        if look != self._last:
            self._last = look
            self._desk.viewport.show_view(view)
        else:
            self._desk.viewport.viewpoint = view.camera
        self._write(view)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Stop at Escape."""
        if (
            self._show is not None
            and isinstance(event, QKeyEvent)
            and event.type() in {QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride}
            and event.key() == Qt.Key.Key_Escape
        ):
            self.stop()
            return True
        return super().eventFilter(watched, event)

    # Inside ----------------------------------------------------------------------------------

    def _start(self, show: Show) -> None:
        self._show, self._last = show, ()
        self._begun = time.perf_counter()
        self.seek(0.0)
        self._timer.start()
        self._desk.viewport.active.setFocus()
        self.changed.emit()

    def _tick(self) -> None:
        if self._show is None:
            return
        second = time.perf_counter() - self._begun
        self.seek(min(second, self._show.seconds))
        if second >= self._show.seconds:
            self.stop()

    def _write(self, view: View) -> None:
        """Write the text of a slide over the lower part of the picture."""
        words = [word for word in (view.name if self._hidden else "", view.note) if word]
        self._caption.setVisible(bool(words))
        if not words:
            return
        self._caption.setText("\n".join(words))
        area = self._desk.viewport.rect()
        self._caption.setFixedWidth(min(int(area.width() * 0.7), 1100))
        self._caption.adjustSize()
        self._caption.move(
            (area.width() - self._caption.width()) // 2, area.height() - self._caption.height() - 48
        )
        self._caption.raise_()

    def _dim(self, *, on: bool) -> None:
        """Leave nothing but the picture, full screen, or bring all back."""
        window = self._window
        if on and not self._hidden:
            self._full, self._large = window.isFullScreen(), window.isMaximized()
            self._arranged = window.saveState()
            parts: list[QWidget] = [window.menuBar(), window.statusBar()]
            parts += window.findChildren(QWidget, "toolbar")
            parts += [
                w for w in window.findChildren(QWidget) if w.objectName().startswith("dock-")
                and w.inherits("QDockWidget")
            ]  # fmt: skip
            self._hidden = [part for part in parts if part.isVisible()]
            for part in self._hidden:
                part.hide()
            window.showFullScreen()
        elif not on and self._hidden:
            for part in self._hidden:
                part.show()
            self._hidden = []
            if not self._full:
                show = window.showMaximized if self._large else window.showNormal
                show()
            window.restoreState(self._arranged)  # which panel lies over which, and their sizes
