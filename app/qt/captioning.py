"""Captions over the active picture while a drill is shown: played, run with people, replayed."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from app.drill_captions import captions_of
from app.qt.drilling import Drilling
from app.qt.exercising import Exercising
from scene.captions import Captions

EVERY = 90  # milliseconds between two drawings


class Captioning(QObject):
    """Keeps the captions those of the second that is shown.

    Parameters
    ----------
    drilling : Drilling
        The plan at hand.
    exercising : Exercising
        The exercise that is run.
    """

    def __init__(self, drilling: Drilling, exercising: Exercising) -> None:
        super().__init__(drilling)
        self._drilling, self._exercising, self._desk = drilling, exercising, drilling.desk
        self._due = False
        self._waiting = QTimer(self)
        self._waiting.setSingleShot(True)
        self._waiting.setInterval(EVERY)
        self._waiting.timeout.connect(self._wait_over)
        desk = self._desk
        action = desk.actions["drills-captions"]
        action.setChecked(desk.settings.captions)
        action.toggled.connect(self._switch)
        for signal in (
            drilling.moved, drilling.changed, exercising.changed, exercising.ticked,
            desk.texts.changed, desk.viewport.rested,
        ):  # fmt: skip
            signal.connect(self.write)

    @property
    def busy(self) -> bool:
        """Whether captions are still to be written."""
        return self._due and self._waiting.isActive()

    def write(self) -> None:
        """Write the captions of the second shown; many wishes at once are one."""
        self._due = self._waiting.isActive()
        if self._due:
            return
        told = self._told()
        for pane in self._desk.viewport.panes:
            if pane.ready:
                pane.tell(told if pane is self._desk.viewport.active else None)
        self._waiting.start()

    def _wait_over(self) -> None:
        if self._due:
            self.write()

    def _switch(self, on: bool) -> None:
        self._desk.settings.captions = on
        self._desk.keep_settings()
        self._waiting.stop()
        self.write()

    def _told(self) -> Captions | None:
        """Give the captions; None where nothing of a drill is shown, or nobody wants them."""
        drilling, exercising = self._drilling, self._exercising
        played = drilling.played if drilling.showing and self._desk.settings.captions else None
        if played is None:
            return None
        words, now = self._desk.texts.wording, played.at(drilling.second)
        if exercising.at_hand and exercising.plan is not None:
            kind = words.t("drill-caption-exercise")
            return captions_of(exercising.plan, now, words, exercising.standing, kind)
        kind = words.t("drill-caption-replay") if drilling.stood_in else ""
        return captions_of(played.plan, now, words, kind=kind)
