"""An exercise that was cut off, by a crash or a power cut, is offered when its plan is opened."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from app.drill_words import clock
from app.qt.dialogs.question import Answer, Question
from app.qt.drilling import Drilling
from app.qt.exercising import Exercising
from layers.drills.log import read_log


class Resuming(QObject):
    """Asks once for each project that is opened.

    Parameters
    ----------
    drilling : Drilling
        The plans.
    exercising : Exercising
        Takes the exercise up.
    show : callable
        Brings the page of the exercise to the front.
    parent : QWidget
        The panel.
    """

    def __init__(
        self,
        drilling: Drilling,
        exercising: Exercising,
        show: Callable[[], object],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._drilling, self._exercising, self._show = drilling, exercising, show
        self._parent = parent
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.look)
        drilling.desk.project_changed.connect(self._timer.start)

    def look(self) -> None:
        """Ask whether the newest exercise that was cut off is to go on."""
        desk, run = self._drilling.desk, self._exercising
        found = None if run.running else run.any_cut_off()
        if found is None:
            return
        plan, path = found
        entries, _ = read_log(path)
        last = entries[-1]
        Question(
            desk, "resume-exercise",
            (Answer("resume-later", "dialog-resume-exercise-later"),
             Answer("resume-end", "dialog-resume-exercise-end", lambda: self._end(plan.id)),
             Answer("resume-go-on", "dialog-resume-exercise-go-on", lambda: self._go_on(plan.id),
                    primary=True)),
            self._parent.window(), name=plan.name, count=len(entries),
            moment=last.moment[:16].replace("T", " "), time=clock(last.second),
        ).open()  # fmt: skip

    def _go_on(self, plan: int) -> None:
        self._drilling.choose(plan)
        self._show()
        self._exercising.go_on()

    def _end(self, plan: int) -> None:
        """Keep what was logged as an exercise that ended where it was cut off."""
        self._drilling.choose(plan)
        self._show()
        self._exercising.end_cut_off()
