"""Work that has to be done on the main thread (VTK draws nowhere else), with progress and stop."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QProgressBar, QWidget

from app.qt.desk import Desk
from app.qt.dialogs.frame import Dialog
from layers.errors import Cancelled
from layers.progress import Progress

R = TypeVar("R")
SURE_AFTER = 2.0  # seconds after which what is left is told


class Foreground(Dialog):
    """A small dialog over the window while the main thread works; the `Progress` of the work.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    key : str
        Key of the dialog's texts.
    parent : QWidget
        The window.
    """

    def __init__(self, desk: Desk, key: str, parent: QWidget) -> None:
        super().__init__(desk, key, parent)
        self.setWindowModality(Qt.WindowModality.ApplicationModal)
        self.setMinimumWidth(420)
        self._step = QLabel()
        self._step.setObjectName("foreground-step")
        self._step.setProperty("role", "dim")
        self._bar = QProgressBar()
        self._bar.setObjectName("foreground-progress")
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 0)
        self.body.addWidget(self._step)
        self.body.addWidget(self._bar)
        self.add_button("stop", "job-cancel").clicked.connect(self.reject)
        self._stopped = False
        self._begun: tuple[float, int] | None = None  # when it began, and with how much done
        self.rejected.connect(self._stop)

    def step(self, done: int, total: int, text: str = "") -> None:
        """Show how far the work is and let the window breathe.

        Raises
        ------
        Cancelled
            If the user asked to stop.
        """
        self._bar.setRange(0, max(total, 0))
        self._bar.setValue(done)
        words = [self.desk.texts.t(text)] if text else []
        if total > 1:
            words.append(self.desk.texts.t("foreground-of", done=done, total=total))
        if (left := self._left(done, total)) is not None:
            words.append(self.desk.texts.t("foreground-left", seconds=left))
        self._step.setText(" · ".join(words))
        QApplication.processEvents()
        if self._stopped:
            raise Cancelled

    def _left(self, done: int, total: int) -> int | None:
        """Give the seconds that the rest will take at the pace so far, once that is known."""
        now = time.monotonic()
        if not 0 < done < total or self._begun is None:
            self._begun = (now, done)
            return None
        begun, first = self._begun
        if done <= first or now - begun < SURE_AFTER:
            return None
        return max(round((now - begun) * (total - done) / (done - first)), 1)

    def work(self, work: Callable[[Progress], R]) -> R | None:
        """Do the work; None where it was stopped or failed, which is told."""
        self.show()
        QApplication.processEvents()
        try:
            return work(self)
        except Cancelled:
            self.desk.tell("info", "window-stopped")
        except Exception as error:  # noqa: BLE001 - told once, with a trace in the log
            self.desk.tell_error(error)
        finally:
            self._stopped = False
            self.accept()
        return None

    def _stop(self) -> None:
        self._stopped = True
