"""What the pages that ask a network share: one answer at a time, kept in the project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtWidgets import QComboBox, QHBoxLayout

from app import analyses
from app.answer_words import analysis_name, cell, heading
from app.qt.desk import Desk
from app.qt.panels.pipes_page import PipesPage
from app.qt.panels.result_table import Cell, ResultTable
from layers.analyses import edits
from layers.analyses.running import snapshot
from layers.analyses.tables import write_answer
from layers.kinds.answers import SavedAnalysis
from layers.kinds.base import Features
from layers.kinds.pipes import Pipes
from layers.progress import Progress
from layers.shapes import Floats

AROUND = 40.0  # metres seen around what is zoomed to
SHOWN = 3000  # rows listed


class AnswerPage(PipesPage):
    """A page whose answer takes the place of its last one, until a new one is wanted beside it.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    key : str
        Of the page.
    kind : str
        Key of the analysis.
    """

    def __init__(self, desk: Desk, key: str, kind: str) -> None:
        super().__init__(desk, key)
        self.kind = kind
        self.item: SavedAnalysis | None = None
        self._fresh = True  # whether the next answer is kept beside the last one
        self._layer = QComboBox()
        self._layer.setObjectName(f"pipes-{key}-layer")
        self.row("layer", self._layer)
        self._told = self.dim("told")
        desk.project_changed.connect(self._other_project)
        desk.project_edited.connect(self._fill_layers)
        self.language_changed.connect(self._retell_answer)
        self._fill_layers()

    @property
    def layer_id(self) -> str:
        """Id of the chosen layer, "" for none."""
        return str(self._layer.currentData() or "")

    def choose_layer(self, layer_id: str) -> None:
        """Choose a layer of pipes."""
        self._layer.setCurrentIndex(max(self._layer.findData(layer_id), 0))

    def pipes(self) -> Pipes | None:
        """Give the chosen layer's pipes."""
        for layer in self.layers():
            if layer.id == self.layer_id and isinstance(layer.data, Pipes):
                return layer.data
        return None

    def answer_buttons(self) -> QHBoxLayout:
        """Put what was found above a result; give the row of what can be done with it."""
        self.result.addWidget(self._told)
        top = QHBoxLayout()
        top.addStretch(1)
        keep = self.button("keep", self.start_anew)
        self.desk.texts.bind(keep, "setToolTip", f"pipes-{self.key}-keep-tip")
        self._acts = [keep, self.button("zoom", self.zoom), self.button("export", self._export)]
        for one in self._acts:
            top.addWidget(one)
        return top

    # Asking ----------------------------------------------------------------------------------

    def ask_with(self, params: Mapping[str, Any]) -> None:
        """Ask beside the window; the answer takes the place of the last one, or is a new one."""
        desk, project = self.desk, self.desk.project
        frozen = snapshot(project)

        def work(progress: Progress) -> SavedAnalysis:
            return analyses.ask(frozen, self.kind, params, progress)

        def done(found: SavedAnalysis) -> None:
            if desk.project is project:
                self._keep(found)

        desk.start(analysis_name(self.kind, desk.texts.wording), work, done)

    def _keep(self, found: SavedAnalysis) -> None:
        """Put an answer into the project as a step that can be undone."""
        desk, project = self.desk, self.desk.project
        old = None if self._fresh or self.item is None else self.item
        there = [one for one in edits.answers_of(project).items if old and one.id == old.id]
        if there:
            fresh = replace(found, id=there[0].id, name=there[0].name, note=there[0].note)
            if not desk.run(edits.renew_answer(project, fresh)):
                return
        else:
            title = desk.texts.wording.kind("answers")
            if not desk.run(edits.add_answer(project, found, layer_name=title)):
                return
            fresh = edits.answers_of(project).items[-1]
        self._fresh = False
        self.item = fresh
        self._retell_answer()
        runs = self.runs_of(fresh)
        if runs:  # the pipes themselves, where they lie, beside the marks on the ground
            layer = str(runs[0]["layer"])
            desk.session.select({layer: [int(row["object"]) for row in runs]})

    def runs_of(self, item: SavedAnalysis) -> list[dict[str, Any]]:
        """Give the rows of an answer that are about the pipes it is about."""
        rows: list[dict[str, Any]] = item.outcome.table.to_pylist()
        return rows

    def start_anew(self) -> None:
        """Leave the answer as it is; the next one is kept beside it."""
        self._fresh = True
        self.item = None
        self._retell_answer()

    # Showing ---------------------------------------------------------------------------------

    def show_answer(self, item: SavedAnalysis | None) -> None:
        """Show an answer, or that there is none; pages say how."""
        raise NotImplementedError

    def _retell_answer(self) -> None:
        for one in self._acts:
            one.setVisible(self.item is not None)
        self.show_answer(self.item)

    def fill(self, table: ResultTable, rows: list[dict[str, Any]], names: tuple[str, ...]) -> None:
        """List rows under the headings of the analysis."""
        words = self.desk.texts.wording
        table.show_rows(
            [heading(self.kind, name, words) for name in names],
            [[Cell(row[name], cell(name, row[name], words)) for name in names]
             for row in rows[:SHOWN]],
        )  # fmt: skip

    def select(self, row: Mapping[str, Any]) -> None:
        """Select the object of a row in the scene."""
        layer, number = str(row.get("layer") or ""), row.get("object")
        if number is not None and any(one.id == layer for one in self.desk.project.layers):
            self.desk.session.select({layer: [int(number)]})

    def zoom_to(self, row: Mapping[str, Any]) -> None:
        """Select the object of a row and bring it into the picture."""
        self.select(row)
        for layer in self.desk.project.layers:
            data = layer.data
            if layer.id == row.get("layer") and isinstance(data, Features):
                self._fit(data.shapes.take(data.index_of([row["object"]])).bounds())

    def zoom(self) -> None:
        """Bring all that the answer shows into the picture."""
        boxes = [marks.data.extent() for marks in self.item.outcome.marks] if self.item else []
        known = [box for box in boxes if box is not None]
        if known:
            self._fit(np.array(known))

    def _fit(self, boxes: Floats) -> None:
        (west, south), (east, north) = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
        self.desk.viewport.fit((west - AROUND, south - AROUND, east + AROUND, north + AROUND))

    def notes(self) -> str:
        """Give the remarks of the answer, a line each."""
        notes = self.item.outcome.notes if self.item is not None else ()
        return "\n".join(self.desk.texts.wording.note(note) for note in notes)

    def _export(self) -> None:
        item = self.item
        if item is not None:
            self.main_table().ask_export(item.name, lambda path: self._write(item, path))

    def _write(self, item: SavedAnalysis, path: Path) -> int:
        project = self.desk.project
        names = {layer.id: layer.name for layer in project.layers}
        write_answer(item, path, project.need_frame(), layers=names)
        return int(item.outcome.table.num_rows)

    def main_table(self) -> ResultTable:
        """Give the table that asks for the file of an export."""
        raise NotImplementedError

    # Layers ----------------------------------------------------------------------------------

    def _fill_layers(self) -> None:
        now = [(layer.id, layer.name) for layer in self.layers()]
        had = [(self._layer.itemData(k), self._layer.itemText(k))
               for k in range(self._layer.count())]  # fmt: skip
        if now == had:
            return
        chosen = self.layer_id
        self._layer.clear()
        for layer_id, name in now:
            self._layer.addItem(name, layer_id)
        self.choose_layer(chosen)
        self.form.setRowVisible(self._layer, len(now) > 1)

    def _other_project(self) -> None:
        self.start_anew()
        self._fill_layers()
