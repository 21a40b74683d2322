"""What is being worked on beside the window: words, how far it is, and a button that stops it."""

from __future__ import annotations

from PySide6.QtWidgets import (
    QGridLayout,
    QLabel,
    QProgressBar,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from app.qt.desk import Desk
from app.qt.jobs import Job


class WorkLine(QWidget):
    """The oldest job that runs; not seen while nothing runs.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    name : str
        Start of the names of its parts.
    width : int
        Of the bar, pixels; 0 puts it below the words, as wide as there is room, so that nothing
        moves as the words change.
    """

    def __init__(self, desk: Desk, name: str = "job", width: int = 150) -> None:
        super().__init__()
        self.setObjectName(f"{name}-work")
        self._desk = desk
        self._job: Job | None = None
        self._title = QLabel()
        self._title.setObjectName(f"{name}-title")
        self._bar = QProgressBar()
        self._bar.setObjectName(f"{name}-progress")
        self._bar.setTextVisible(False)
        self._cancel = QToolButton()
        self._cancel.setObjectName(f"{name}-cancel")
        desk.theme.set_icon(self._cancel, "close")
        desk.texts.bind(self._cancel, "setToolTip", "job-cancel")
        desk.texts.bind(self._cancel, "setAccessibleName", "job-cancel")
        self._cancel.clicked.connect(self._stop)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(4)
        grid.addWidget(self._title, 0, 0)
        if width:
            self._bar.setFixedWidth(width)
            grid.addWidget(self._bar, 0, 1)
            grid.addWidget(self._cancel, 0, 2)
        else:
            self._title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            grid.addWidget(self._bar, 1, 0)
            grid.addWidget(self._cancel, 1, 1)
        desk.jobs.changed.connect(self._jobs_changed)
        self._jobs_changed()

    def _jobs_changed(self) -> None:
        running = self._desk.jobs.running
        job = running[0] if running else None
        if job is not self._job:
            self._job = job
            if job is not None:
                job.progressed.connect(self._progressed)
                self._progressed(*job.progress)
        self.setVisible(job is not None)

    def _progressed(self, done: int, total: int, text: str) -> None:
        if self._job is None:
            return
        self._bar.setRange(0, max(total, 0))
        self._bar.setValue(done)
        words, title = self._desk.texts, self._job.title
        step = words.t(text) if text else ""
        if self._job.stopping:
            step = words.t("job-stopping")
        self._title.setText(words.t("job-step", title=title, step=step) if step else title)

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._progressed(*self._job.progress)
