"""The score sheet: every objective with its figures, a score and a remark."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QDoubleSpinBox, QFrame, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout

from app.drill_review import later
from app.qt.desk import Desk
from app.qt.widgets.number_field import roomy
from layers.drills.review import Score

HIGH = 32  # points of fields
UNSCORED = -1.0


class ScoreCard(QFrame):
    """One objective.

    Parameters
    ----------
    desk : Desk
        What the window works with.

    Signals
    -------
    given : (str, float, str)
        Objective, score, remark.
    """

    given = Signal(str, float, str)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk, self._row = desk, Score("", "", 1.0, 0, 0, 0, 0, None)
        self._text, self._figures = QLabel(), QLabel()
        self._value, self._remark = QDoubleSpinBox(), QLineEdit()
        self._text.setWordWrap(True)
        self._text.setStyleSheet("font-weight: 600;")
        self._figures.setWordWrap(True)
        self._figures.setProperty("role", "dim")
        self._value.setRange(UNSCORED, 100.0)
        self._value.setDecimals(0)
        self._value.setSingleStep(5.0)
        self._value.setKeyboardTracking(False)
        self._value.setMinimumHeight(HIGH)
        self._value.setMinimumWidth(86)
        roomy(self._value)
        self._remark.setMinimumHeight(HIGH)
        desk.texts.bind(self._value, "setSpecialValueText", "drills-review-no-score-yet")
        desk.texts.bind(self._value, "setAccessibleName", "drills-review-score")
        desk.texts.bind(self._remark, "setPlaceholderText", "drills-review-remark")
        box, line = QVBoxLayout(self), QHBoxLayout()
        box.setContentsMargins(0, 2, 0, 6)
        box.setSpacing(2)
        line.addWidget(self._value)
        line.addWidget(self._remark, 1)
        box.addWidget(self._text)
        box.addWidget(self._figures)
        box.addLayout(line)
        self._value.valueChanged.connect(lambda _value: self._give())
        self._remark.editingFinished.connect(self._give)

    def show_score(self, row: Score, *, editable: bool) -> None:
        """Show an objective."""
        self._row = row
        for part, kind in ((self, "card"), (self._value, "value"), (self._remark, "remark")):
            part.setObjectName(f"drills-score-{kind}-{row.objective}")
        t = self._desk.texts.t
        told = t("drills-review-told", done=row.done, steps=row.steps, on_time=row.on_time,
                 late=later(row.mean_late_s) or "-")  # fmt: skip
        if row.suggested is not None:
            told = f"{told}\n{t('drills-review-suggested', score=f'{row.suggested:.0f}')}"
        self._text.setText(row.text)
        self._figures.setText(told)
        with QSignalBlocker(self._value):
            self._value.setValue(UNSCORED if row.value is None else row.value)
        self._remark.setText(row.remark)
        self._value.setEnabled(editable)
        self._remark.setEnabled(editable)

    def _give(self) -> None:
        value, remark = self._value.value(), self._remark.text().strip()
        before = UNSCORED if self._row.value is None else self._row.value
        if (value, remark) == (before, self._row.remark):
            return
        if value < 0.0:
            if self._row.value is not None or remark:
                self._desk.tell("warning", "drills-review-no-score")
            return
        self.given.emit(self._row.objective, value, remark)


class ScoreSheet(QFrame):
    """All objectives below each other.

    Parameters
    ----------
    desk : Desk
        What the window works with.

    Signals
    -------
    given : (str, float, str)
        Objective, score, remark.
    """

    given = Signal(str, float, str)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("drills-review-scores")
        self._desk = desk
        self._cards: list[ScoreCard] = []
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)

    def show_scores(self, rows: list[Score], *, editable: bool) -> None:
        """Show the objectives of a plan."""
        while len(self._cards) < len(rows):
            card = ScoreCard(self._desk)
            card.given.connect(self.given)
            self._box.addWidget(card)
            self._cards.append(card)
        for at, card in enumerate(self._cards):
            card.setVisible(at < len(rows))
            if at < len(rows):
                card.show_score(rows[at], editable=editable)
