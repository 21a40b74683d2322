"""The page of the exercise: run live; steps ticked, notes and symbols taken, every act logged."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.drill_words import clock, entry_words
from app.qt.dialogs.choose_symbol import ChooseSymbol
from app.qt.dialogs.frame import caption
from app.qt.dialogs.question import Answer, Question
from app.qt.drawing import ask_in_picture
from app.qt.drilling import Drilling
from app.qt.exercising import Exercising
from app.qt.panels.drills_delays import STEP, DelaysTable

NUMBER = Qt.ItemDataRole.UserRole
BIG = 36  # points of buttons that are pressed in a hurry


class ExercisePage(QScrollArea):
    """Runs exercises of the plan at hand.

    Parameters
    ----------
    drilling : Drilling
        The plan at hand.
    exercising : Exercising
        The exercise that is run.
    """

    def __init__(self, drilling: Drilling, exercising: Exercising) -> None:
        super().__init__()
        self.setObjectName("drills-exercise")
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._drilling, self._exercising, self._desk = drilling, exercising, drilling.desk
        self._author, self._note = QLineEdit(), QLineEdit()
        self._table = DelaysTable(drilling, "drills-exercise-table")
        self._time, self._acts = QLabel(), QListWidget()
        self._buttons: dict[str, QPushButton] = {}
        self._lay_out()
        self._author.setText(exercising.author)
        self._author.editingFinished.connect(self._take_author)
        self._note.returnPressed.connect(self._take_note)
        exercising.changed.connect(self._fill)
        exercising.ticked.connect(self._tick)
        drilling.step_chosen.connect(self._table.mark)
        self._desk.texts.follow(self._fill)

    def _lay_out(self) -> None:
        texts = self._desk.texts
        for name, field in (("author", self._author), ("note", self._note)):
            field.setObjectName(f"drills-exercise-{name}")
            field.setMinimumHeight(30)
            texts.bind(field, "setPlaceholderText", f"drills-exercise-{name}")
            texts.bind(field, "setToolTip", f"drills-exercise-{name}")
        self._time.setObjectName("drills-exercise-time")
        self._time.setStyleSheet("font-size: 22px; font-weight: 600;")
        self._acts.setObjectName("drills-exercise-log")
        self._acts.setMinimumHeight(90)
        self._table.setMinimumHeight(120)
        inner = QWidget()
        box = QVBoxLayout(inner)
        box.setContentsMargins(6, 4, 6, 4)
        box.setSpacing(4)
        run = self._exercising
        head = self._row(("start", run.start), ("go-on", run.go_on), ("end", self._ask_end))
        box.addLayout(head)
        signed = QHBoxLayout()
        signed.addWidget(self._time)
        signed.addWidget(caption(self._desk, "drills-exercise-signed", self._author))
        signed.addWidget(self._author, 1)
        box.addLayout(signed)
        box.addWidget(self._table, 3)
        box.addLayout(self._row(
            *((name, partial(self._tick_step, f"step-{name}"))
              for name in ("began", "ended", "skipped"))
        ))  # fmt: skip
        note = QHBoxLayout()
        note.addWidget(self._note, 1)
        for name, does in (("keep-note", self._take_note), ("message", self._take_message)):
            note.addWidget(self._button(name, does))
        box.addLayout(note)
        grid = QGridLayout()
        grid.setSpacing(4)
        for at, (name, does) in enumerate((
            ("symbol", self._ask_symbol), ("note-place", self._ask_note_place),
            ("take-back", self._take_back),
        )):  # fmt: skip
            grid.addWidget(self._button(name, does), 0, at)
        box.addLayout(grid)
        box.addWidget(self._acts, 2)
        self.setWidget(inner)

    def _row(self, *names: tuple[str, Callable[[], object]]) -> QHBoxLayout:
        row = QHBoxLayout()
        for name, does in names:
            row.addWidget(self._button(name, does))
        return row

    def _button(self, name: str, does: Callable[[], object]) -> QPushButton:
        button = QPushButton()
        button.setObjectName(f"drills-exercise-{name}")
        button.setMinimumHeight(BIG)
        self._desk.texts.bind(button, "setText", f"drills-exercise-{name}")
        button.clicked.connect(lambda _on=False: does())
        self._buttons[name] = button
        return button

    def _ask_end(self) -> None:
        """Ask before the exercise ends: it cannot be taken up again."""
        Question(
            self._desk, "end-exercise",
            (Answer("end-exercise-no", "dialog-end-exercise-no"),
             Answer("end-exercise-yes", "dialog-end-exercise-yes", self._exercising.end,
                    primary=True)),
            self.window(),
        ).open()  # fmt: skip

    # Acts ------------------------------------------------------------------------------------

    def _take_author(self) -> None:
        self._exercising.author = self._author.text()
        self._author.setText(self._exercising.author)

    def _tick_step(self, act: str) -> None:
        at = self._table.currentRow()
        item = self._table.item(at, 0)
        if at < 0 or item is None:
            self._desk.tell("warning", "drills-exercise-no-step")
        elif self._exercising.at_hand:
            self._exercising.tick_step(act, item.data(STEP))

    def _take_note(self) -> None:
        text = self._note.text().strip()
        if text and self._exercising.running:
            self._exercising.add("note", about=self._drilling.step, text=text)
            self._note.clear()

    def _take_message(self) -> None:
        text = self._note.text().strip()
        if text and self._exercising.running:
            self._exercising.add("message", text=text)
            self._note.clear()

    def _ask_note_place(self) -> None:
        """Let the place of the note that is typed be clicked in the picture."""
        text = self._note.text().strip()
        if not text:
            self._desk.tell("warning", "drills-exercise-no-note")
            self._note.setFocus()
            return
        ask_in_picture(self._desk, "spot", lambda hit: self._put("note", "", text, hit))
        self._note.clear()

    def _ask_symbol(self) -> None:
        dialog = ChooseSymbol(self._desk, self.window())
        dialog.chosen.connect(self._place_symbol)
        dialog.open()

    def _place_symbol(self, code: str) -> None:
        """Let the place of a symbol be clicked; words typed in the note become its label."""
        text = self._note.text().strip()
        self._note.clear()
        ask_in_picture(self._desk, "spot", lambda hit: self._put("symbol", code, text, hit))

    def _put(self, act: str, about: str, text: str, hit: Any) -> None:
        place = ((round(float(hit.point[0]), 3), round(float(hit.point[1]), 3)),)
        self._exercising.add(act, about=about, text=text, place=place)

    def _take_back(self) -> None:
        item = self._acts.currentItem() if self._acts.currentRow() >= 0 else None
        if item is None:
            self._desk.tell("warning", "drills-exercise-no-entry")
        elif item.data(NUMBER):
            self._exercising.take_back(int(item.data(NUMBER)))

    # Showing ---------------------------------------------------------------------------------

    def _tick(self) -> None:
        self._time.setText(clock(self._exercising.second))

    def _fill(self) -> None:
        run, on = self._exercising.so_far, self._exercising.running
        plan = self._drilling.plan
        self._buttons["start"].setEnabled(plan is not None and not on)
        for name in ("end", "began", "ended", "skipped", "keep-note", "message", "symbol",
                     "note-place", "take-back"):  # fmt: skip
            self._buttons[name].setEnabled(on)
        self._note.setEnabled(on)
        cut = not on and self._exercising.cut_off() is not None
        self._buttons["go-on"].setVisible(cut)
        for name, first in (("start", not on and not cut), ("go-on", cut)):
            self._buttons[name].setProperty("primary", "true" if first else "false")
            self._buttons[name].style().polish(self._buttons[name])
        if not on:
            self._time.setText("")
        self._table.fill(self._exercising.plan if self._exercising.at_hand else plan, run)
        self._fill_log()

    def _fill_log(self) -> None:
        run, plan = self._exercising.so_far, self._exercising.plan
        self._acts.clear()
        if run is None or plan is None:
            self._acts.addItem(self._desk.texts.t("drills-exercise-empty-log"))
            self._acts.item(0).setFlags(Qt.ItemFlag.NoItemFlags)
            return
        kept = {entry.number for entry in run.standing()}
        for entry in reversed(run.entries):
            item = QListWidgetItem(entry_words(plan, entry))
            if entry.number in kept and entry.act not in ("began", "went-on"):
                item.setData(NUMBER, entry.number)
            else:
                font = item.font()
                font.setStrikeOut(entry.number not in kept and entry.act != "taken-back")
                item.setFont(font)
            self._acts.addItem(item)
