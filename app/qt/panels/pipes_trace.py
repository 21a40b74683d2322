"""The page on which a network is followed from a pipe or node."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QDoubleSpinBox, QLineEdit

from app.qt import pipe_tools
from app.qt.desk import Desk
from app.qt.panels.pipes_answer import AnswerPage
from app.qt.panels.result_table import ResultTable
from layers.kinds.answers import SavedAnalysis
from layers.pipes.naming import number_of
from layers.pipes.trace import WHATS

LISTED = (
    "number", "class", "length_m", "distance_m", "flow", "known_by", "certain",
)  # fmt: skip


class TracePage(AnswerPage):
    """Follows the pipes.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "trace", "pipe-trace")
        self._what = self.choice("what", [(what, f"choice-{what}") for what in WHATS])
        self._start = QLineEdit()
        self._start.setObjectName("pipes-trace-start")
        self._to = QLineEdit()
        self._to.setObjectName("pipes-trace-to")
        self._metres = QDoubleSpinBox()
        self._metres.setObjectName("pipes-trace-metres")
        self._metres.setRange(0.0, 100_000.0)
        self._metres.setDecimals(0)
        self._metres.setSingleStep(50.0)
        self._metres.setSuffix(" m")
        self._closed = QLineEdit()
        self._closed.setObjectName("pipes-trace-closed")
        self._hydraulics = QCheckBox()
        self._hydraulics.setObjectName("pipes-trace-hydraulics")
        desk.texts.bind(self._hydraulics, "setText", "pipes-trace-hydraulics")
        for name, field in (
            ("what", self._what), ("start", self._start), ("to", self._to),
            ("metres", self._metres), ("closed", self._closed),
        ):  # fmt: skip
            self.row(name, field)
        self.form.addRow(self._hydraulics)
        self.form.addRow(self.button("pick", desk.actions["tool-trace"].trigger))
        self.form.addRow(self.button("go", self.ask, primary=True))
        self.list = ResultTable(desk, "pipes-trace-list")
        row = self.answer_buttons()
        self.result.addWidget(self.list, 1)
        self.result.addLayout(row)
        self._what.currentIndexChanged.connect(self._what_chosen)
        self._start.returnPressed.connect(self.ask)
        self._to.returnPressed.connect(self.ask)
        self.list.chosen_row.connect(self._chosen)
        self.list.activated_row.connect(lambda row: self.zoom_to(self._rows[row]))
        pipe_tools.listen(desk, "trace", self.take)
        self._show_fields()
        self._retell_answer()

    def take(self, place: pipe_tools.Place) -> None:
        """Ask from what was clicked; of a way the second click is its end."""
        layer_id, object_id, *_ = place
        self.choose_layer(layer_id)
        pipes = self.pipes()
        if pipes is None:
            return
        name = f"#{object_id}"
        if self._what.currentData() == "way" and self._start.text() and not self._to.text():
            row = int(pipes.index_of([object_id])[0])
            node = int(pipes.end_node[row]) if pipes.role[row] == 0 else object_id
            self._to.setText(f"#{node}")
        else:
            self._start.setText(name)
            self._to.clear()
            if self._what.currentData() == "way":
                self._told.setText(number_of(pipes, object_id))
                return
        self.ask()

    def ask(self) -> None:
        """Ask what the form says."""
        if not self._start.text().strip():
            return
        self.ask_with({
            "layer": self.layer_id, "what": self._what.currentData(),
            "start": self._start.text(), "to": self._to.text(), "metres": self._metres.value(),
            "closed": self._closed.text(), "hydraulics": self._hydraulics.isChecked(),
        })  # fmt: skip

    def main_table(self) -> ResultTable:
        """Give the table."""
        return self.list

    def show_answer(self, item: SavedAnalysis | None) -> None:
        """List the pipes that were found."""
        words = self.desk.texts.wording
        self._rows = [] if item is None else item.outcome.table.to_pylist()
        self.list.setVisible(bool(self._rows))
        self.fill(self.list, self._rows, LISTED if self._rows else ())
        if item is None:
            self._told.setText(words.t("pipes-trace-begin"))
            return
        facts = item.outcome.facts
        told = words.t(
            "pipes-trace-told", runs=words.number(float(facts["runs"]), 0),
            length=words.number(float(facts["length_m"]), 1), valves=facts["valves"],
            customers=facts["customers"],
        )  # fmt: skip
        self._told.setText("\n".join(part for part in (told, self.notes()) if part))

    def _chosen(self, row: int) -> None:
        if self.list.hasFocus() and row < len(self._rows):
            self.select(self._rows[row])

    def _what_chosen(self) -> None:
        """Begin a way anew: the first click is where it starts, the second where it ends."""
        if self._what.currentData() == "way":
            self._start.clear()
            self._to.clear()
        self._show_fields()

    def _show_fields(self) -> None:
        what = self._what.currentData()
        self.form.setRowVisible(self._to, what == "way")
        self.form.setRowVisible(self._metres, what == "service")
        self.form.setRowVisible(self._hydraulics, what in {"upstream", "downstream"})
