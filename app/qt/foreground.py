"""Work that has to be done on the main thread (VTK draws nowhere else), with progress and stop."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QProgressBar, QWidget

from app.qt.desk import Desk
from app.qt.dialogs.frame import Dialog
from layers.errors import Cancelled
from layers.progress import Progress

R = TypeVar("R")


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
        self._step.setText(self.desk.texts.t(text) if text else "")
        QApplication.processEvents()
        if self._stopped:
            raise Cancelled

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
