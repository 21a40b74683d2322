"""The page of a burst: valves in walking order, who is without water, what if one is seized."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QLineEdit, QTabWidget

from app.pipe_valves import put_valves
from app.qt import pipe_tools
from app.qt.desk import Desk
from app.qt.panels.pipes_answer import AnswerPage
from app.qt.panels.result_table import ResultTable
from layers.kinds.answers import SavedAnalysis
from layers.kinds.pipes import RUN
from layers.pipes.naming import names_in

#: Parts of the answer, and what is listed of each.
PARTS: dict[str, tuple[str, ...]] = {
    "valve": ("step", "number", "what", "walked_m", "why"),
    "affected": ("what", "number", "why", "away_m", "people"),
    "if-seized": ("number", "instead", "length_m", "affected_count", "what"),
    "feeding": ("number", "what", "affected_count", "length_m"),
    "run": ("number", "why", "length_m"),
}


class BurstPage(AnswerPage):
    """Answers bursts.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "burst", "pipe-burst")
        self._at: tuple[float, float] | None = None
        self._run, self._seized, self._closed = QLineEdit(), QLineEdit(), QLineEdit()
        for name, field in (
            ("run", self._run), ("seized", self._seized), ("closed", self._closed),
        ):  # fmt: skip
            field.setObjectName(f"pipes-burst-{name}")
            field.setClearButtonEnabled(True)
            field.returnPressed.connect(self.ask)
            self.row(name, field)
        self._run.textEdited.connect(self._typed)
        self.form.addRow(self.button("pick", desk.actions["tool-burst"].trigger))
        self.form.addRow(self.button("go", self.ask, primary=True))
        self.form.addRow(self.button("valves", self._put_valves))
        self._tabs = QTabWidget()
        self._tabs.setObjectName("pipes-burst-tabs")
        self._tabs.setDocumentMode(True)
        self._rows: dict[str, list[dict[str, Any]]] = {part: [] for part in PARTS}
        self._lists: dict[str, ResultTable] = {}
        for part in PARTS:
            table = ResultTable(desk, f"pipes-burst-{part}")
            table.chosen_row.connect(lambda row, part=part: self._chosen(part, row))
            table.activated_row.connect(lambda row, part=part: self.zoom_to(self._rows[part][row]))
            self._tabs.addTab(table, "")
            self._lists[part] = table
        self._seize = self.button("seize", self._seize_chosen)
        self._pressure = self.button("pressure", self._open_pressure)
        self.form.addRow(self._pressure)
        row = self.answer_buttons()
        row.insertWidget(0, self._seize)
        self.result.addWidget(self._tabs, 1)
        self.result.addLayout(row)
        pipe_tools.listen(desk, "burst", self.take)
        self._retell_answer()

    @property
    def run(self) -> str:
        """Number or id of the run that bursts."""
        return self._run.text().strip()

    def take(self, place: pipe_tools.Place) -> None:
        """Let the pipe burst where it was clicked; a node bursts with a pipe beside it."""
        layer_id, object_id, east, north = place
        self.choose_layer(layer_id)
        pipes = self.pipes()
        if pipes is None:
            return
        row = int(pipes.index_of([object_id])[0])
        if pipes.role[row] != RUN:
            beside = (pipes.start_node == object_id) | (pipes.end_node == object_id)
            if not beside.any():
                self.desk.tell("warning", "pipes-tool-no-pipe")
                return
            object_id = int(pipes.ids[beside][0])
        self._run.setText(f"#{object_id}")
        self._at = (east, north)
        self._seized.clear()
        self.ask()

    def ask(self) -> None:
        """Ask what the form says."""
        if self.run:
            self.ask_with({
                "layer": self.layer_id, "run": self.run, "at": self._at or (),
                "seized": self._seized.text(), "closed": self._closed.text(),
            })  # fmt: skip

    def runs_of(self, item: SavedAnalysis) -> list[dict[str, Any]]:
        """Give the rows of the pipes without water."""
        return [row for row in item.outcome.table.to_pylist() if row["part"] == "run"]

    def main_table(self) -> ResultTable:
        """Give the table of the valves."""
        return self._lists["valve"]

    def show_answer(self, item: SavedAnalysis | None) -> None:
        """Show the parts of an answer."""
        words = self.desk.texts.wording
        rows = [] if item is None else item.outcome.table.to_pylist()
        for part, names in PARTS.items():
            wanted = {part, "hydrant"} if part == "affected" else {part}
            self._rows[part] = [row for row in rows if row["part"] in wanted]
            self.fill(self._lists[part], self._rows[part], names)
            at = self._tabs.indexOf(self._lists[part])
            title = words.t(f"pipes-burst-tab-{part}")
            self._tabs.setTabText(at, f"{title} ({len(self._rows[part])})")
        self._tabs.setVisible(item is not None)
        for one in (self._seize, self._pressure):
            one.setVisible(item is not None)
        if item is None:
            self._told.setText(words.t("pipes-burst-begin"))
            return
        f = item.outcome.facts
        told = words.t(
            "pipes-burst-told", valves=f["valves"], walk=words.number(float(f["walk_m"]), 0),
            customers=f["customers"], buildings=f["buildings"], hospitals=f["hospitals"],
            schools=f["schools"], hydrants=f["hydrants"],
            length=words.number(float(f["isolated_m"]) + float(f["cut_off_m"]), 0),
        )  # fmt: skip
        self._told.setText("\n".join(part for part in (told, self.notes()) if part))

    def _typed(self) -> None:
        self._at = None

    def _chosen(self, part: str, row: int) -> None:
        if self._lists[part].hasFocus() and row < len(self._rows[part]):
            self.select(self._rows[part][row])

    def _seize_chosen(self) -> None:
        """Ask again with the chosen valve seized."""
        rows = self._lists["valve"].chosen_rows()
        if rows:
            row = self._rows["valve"][rows[0]]
            names = [*names_in(self._seized.text()), f"#{row['object']}"]
            self._seized.setText(", ".join(dict.fromkeys(names)))
            self.ask()

    def _open_pressure(self) -> None:
        """Hand the burst over to the page of pressure and flow."""
        seized = self._seized.text()
        pipe_tools.hand_over(self.desk, "hydraulics", self.layer_id, self.run, seized)

    def _put_valves(self) -> None:
        """Put in valves by rule as a step that can be undone."""

        def put() -> None:
            name, count = put_valves(self.desk.session, self.layer_id, "n-1")
            self.desk.tell("success", "pipes-valves-put", name=name, count=str(count))

        self.desk.attempt(put)
