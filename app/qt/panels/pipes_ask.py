"""The page on which pipes are asked for, and the sheet of everything known of one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QSplitter,
)

from app.pipes_asking import Answer, Question, ask, fact_head, fact_text, write_facts
from app.qt.desk import Desk
from app.qt.drawing import What, ask_in_picture
from app.qt.panels.pipes_page import PipesPage
from app.qt.panels.result_table import Cell, ResultTable
from layers.analyses.running import snapshot
from layers.kinds.base import Features
from layers.pipes.sheet import FROM_ASSUMED
from layers.progress import Progress
from layers.shapes import Floats
from scene.rays import Hit

HOW = ("where", "number", "near", "box", "area", "along", "road", "chosen")
TYPED = ("where", "number", "road")
DRAWN: dict[str, What] = {"near": "spot", "box": "line", "area": "area", "along": "line"}
LISTED = (
    "number", "role", "class", "subclass", "size", "material", "depth_m", "pressure_mpa",
    "year", "owner", "road", "plan_length_m", "status", "assumed",
)  # fmt: skip
#: What the sheet tells first: what somebody at an open trench asks.
FIRST = (
    "number", "class", "subclass", "size", "depth_m", "depth_start_m", "depth_end_m",
    "pressure_mpa", "voltage_kv", "year", "date", "owner", "contact", "material", "status", "road",
)  # fmt: skip
LEFT_OUT = {"layer_id", "width_mm", "height_mm"}
MOST_LISTED = 5000  # rows; more are selected and exported, and not listed
AROUND = 15.0  # metres seen around what is zoomed to


class AskPage(PipesPage):
    """Asks for pipes and shows what is found.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "ask")
        self._answer: Answer | None = None
        self._rows: list[dict[str, Any]] = []
        self._facts: dict[str, Any] | None = None  # what the sheet tells
        self._how = self.choice("how", [(how, f"pipes-ask-how-{how}") for how in HOW])
        self._text = QLineEdit()
        self._text.setObjectName("pipes-ask-text")
        self._text.setClearButtonEnabled(True)
        self._width = QSpinBox()
        self._width.setObjectName("pipes-ask-width")
        self._width.setRange(1, 1000)
        self._width.setValue(20)
        self._width.setSuffix(" m")
        self._most = QSpinBox()
        self._most.setObjectName("pipes-ask-most")
        self._most.setRange(1, 1000)
        self._most.setValue(5)
        self._runs = QCheckBox()
        self._runs.setObjectName("pipes-ask-runs")
        desk.texts.bind(self._runs, "setText", "pipes-ask-runs")
        self._go = QPushButton()
        self._go.setObjectName("pipes-ask-go")
        self._make()
        self._how.currentIndexChanged.connect(self._show_fields)
        self._text.returnPressed.connect(self.ask)
        self._go.clicked.connect(self.ask)
        self.language_changed.connect(self._retold)
        desk.project_changed.connect(self._forget)
        desk.selection_changed.connect(self._pointed_at)
        self._show_fields()
        self._show(None)

    def _make(self) -> None:
        self.row("how", self._how)
        self.row("text", self._text)
        self.row("width", self._width)
        self.row("most", self._most)
        self.form.addRow(self._runs)
        self.form.addRow(self._go)
        top = QHBoxLayout()
        self._told = self.dim("told")
        self.result.addWidget(self._told)
        self._buttons = [
            self.button("zoom", self.zoom),
            self.button("open-link", self._open_link),
            self.button("export", self._export),
        ]
        for button in self._buttons:
            top.addWidget(button)
        top.addStretch(1)
        self.list = ResultTable(self.desk, "pipes-ask-list")
        self.sheet = ResultTable(self.desk, "pipes-ask-sheet")
        self.desk.texts.bind(self.list, "setAccessibleName", "pipes-ask-table")
        self.desk.texts.bind(self.sheet, "setAccessibleName", "pipes-ask-sheet")
        both = QSplitter(Qt.Orientation.Horizontal)
        both.setObjectName("pipes-ask-both")
        both.addWidget(self.list)
        both.addWidget(self.sheet)
        both.setStretchFactor(0, 3)
        both.setStretchFactor(1, 2)
        both.setChildrenCollapsible(False)
        self.result.addLayout(top)
        self.result.addWidget(both, 1)
        self.list.chosen_row.connect(self._chosen)
        self.list.activated_row.connect(lambda _row: self.zoom())

    # Asking ----------------------------------------------------------------------------------

    def ask(self) -> None:
        """Ask what the form says, after something was drawn where it has to be."""
        how = self._how.currentData()
        if how in DRAWN:
            ask_in_picture(self.desk, DRAWN[how], self._drawn)
            return
        text = self._text.text().strip()
        if how == "where":
            self.ask_for(Question(where=text))
        elif how == "road":
            self.ask_for(Question(road=text, width=self._width.value()))
        elif how == "chosen":
            self.ask_for(Question(chosen=dict(self.desk.session.selection)))
        elif text:
            self.ask_for(Question(number=text), Question(address=text))

    def ask_for(self, *questions: Question) -> None:
        """Ask beside the window; of several questions the first that finds something counts."""
        desk, project = self.desk, self.desk.project
        frozen, words = snapshot(project), desk.texts.wording
        asked = [replace(one, runs_only=self._runs.isChecked()) for one in questions]

        def work(progress: Progress) -> Answer:
            progress.step(0, 1)
            for one in asked[:-1]:
                found = ask(frozen, one, words)
                if found.table.num_rows:
                    return found
            return ask(frozen, asked[-1], words)

        def done(answer: Answer) -> None:
            if desk.project is project:
                self._show(answer)
                desk.session.select(answer.selection)

        desk.start(desk.texts.t("pipes-page-ask"), work, done)

    def _drawn(self, made: Hit | Floats) -> None:
        how = self._how.currentData()
        if isinstance(made, Hit):
            place = (made.point[0], made.point[1])
            self.ask_for(Question(near=place, most=self._most.value()))
            return
        points = tuple((float(p[0]), float(p[1])) for p in made)
        if how == "area":
            self.ask_for(Question(area=points))
        elif how == "box":
            east, north = zip(*points, strict=True)
            self.ask_for(Question(box=(min(east), min(north), max(east), max(north))))
        else:
            self.ask_for(Question(along=points, width=self._width.value()))

    # Showing ---------------------------------------------------------------------------------

    def _show_fields(self) -> None:
        how = self._how.currentData()
        for field, shown in (
            (self._text, how in TYPED), (self._width, how in {"along", "road"}),
            (self._most, how == "near"),
        ):  # fmt: skip
            self.form.setRowVisible(field, shown)
        if how in TYPED:
            self._text.setPlaceholderText(self.desk.texts.t(f"pipes-ask-example-{how}"))
        self._go.setText(self.desk.texts.t("pipes-ask-draw" if how in DRAWN else "pipes-ask-go"))

    def _retold(self) -> None:
        self._show_fields()
        self._show(self._answer)

    def _forget(self) -> None:
        self._show(None)

    def _show(self, answer: Answer | None) -> None:
        """List what was found."""
        words = self.desk.texts.wording
        self._answer = answer
        found = answer.table if answer is not None else None
        self._rows = found.slice(0, MOST_LISTED).to_pylist() if found is not None else []
        self._facts = None
        names = list(LISTED)
        if len({row["layer_id"] for row in self._rows}) > 1:
            names.insert(0, "layer")
        if self._rows and "distance_m" in self._rows[0]:
            names.insert(0, "distance_m")
        self.list.show_rows(
            [fact_head(name, words) for name in names],
            [[Cell(row[name], fact_text(name, row[name], words)) for name in names]
             for row in self._rows],
        )  # fmt: skip
        self.list.setVisible(bool(self._rows))
        self.sheet.setVisible(bool(self._rows))
        for button in self._buttons:
            button.setVisible(bool(self._rows))
        if found is None:
            self._told.setText(words.t("pipes-ask-begin"))
        elif not self._rows:
            self._told.setText(words.t("pipes-ask-none"))
        else:
            length = float(np.nansum(found.column("plan_length_m").to_numpy()))
            self._told.setText(words.t("pipes-ask-count", count=words.number(found.num_rows, 0),
                                       length=words.number(length, 1)))  # fmt: skip
            self.list.choose(0)
            self._chosen(0)

    def _chosen(self, row: int) -> None:
        """Show everything known of a row."""
        if row < len(self._rows):
            self._tell(self._rows[row])
            if self.list.hasFocus():  # somebody goes through the list
                facts = self._rows[row]
                self.desk.session.select({facts["layer_id"]: [facts["id"]]})

    def _pointed_at(self) -> None:
        """Show everything known of the one pipe that was clicked in the picture."""
        chosen = self.desk.session.selection
        pipes = {layer.id for layer in self.layers()}
        one = len(chosen) == 1 and all(len(ids) == 1 and x in pipes for x, ids in chosen.items())
        if not one or not self.isVisible() or self.list.hasFocus():
            return
        found = ask(self.desk.project, Question(chosen=dict(chosen)), self.desk.texts.wording)
        if found.table.num_rows:
            self._tell(found.table.to_pylist()[0])

    def _tell(self, facts: dict[str, Any]) -> None:
        """Show everything known of one."""
        words = self.desk.texts.wording
        self._facts = facts
        guessed = set(str(facts["assumed"] or "").split())
        lines = []
        for name in (*FIRST, *(name for name in facts if name not in FIRST)):
            value = facts[name]
            text = fact_text(name, value, words)
            if not text or name in LEFT_OUT:
                continue
            assumed = FROM_ASSUMED.get(name) in guessed
            if assumed:
                text = words.t("pipes-ask-assumed-mark", value=text)
            colour = self.desk.theme.colours.warning if assumed else ""
            lines.append([Cell(name, fact_head(name, words)), Cell(text, text, colour)])
        self.sheet.show_rows([words.t("pipes-ask-sheet"), ""], lines)
        self.sheet.show()
        for button in self._buttons[:2]:
            button.show()
        self._buttons[1].setEnabled(bool(facts["link"]))

    def zoom(self) -> None:
        """Bring the chosen one into the picture, with the ground seen through."""
        facts = self._facts
        if facts is None:
            return
        data = self.desk.project.layer(facts["layer_id"]).data
        assert isinstance(data, Features)
        west, south, east, north = data.shapes.take(data.index_of([facts["id"]])).bounds()[0]
        self.desk.session.select({facts["layer_id"]: [facts["id"]]})
        if not self.desk.actions["underground"].isChecked():
            self.desk.actions["underground"].trigger()
        self.desk.viewport.fit((west - AROUND, south - AROUND, east + AROUND, north + AROUND))

    def _open_link(self) -> None:
        facts = self._facts
        if facts is None or not facts["link"]:
            return
        text = str(facts["link"])
        path = self.desk.session.path
        url = QUrl.fromUserInput(text, str(path.parent) if path is not None else "")
        if not QDesktopServices.openUrl(url):
            self.desk.tell("warning", "pipes-ask-no-link", name=text)

    def _export(self) -> None:
        words = self.desk.texts.wording
        answer = self._answer
        if answer is not None:
            self.list.ask_export(
                words.t("panel-pipes"), lambda p: write_facts(answer.table, p, words)
            )
