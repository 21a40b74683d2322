"""The page of utility tunnels: compartments, racks, and the pipes that lie inside."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QLineEdit

from app.qt.desk import Desk
from app.qt.panels.pipes_page import PipesPage
from app.qt.panels.result_table import Cell, ResultTable
from layers.errors import CityError
from layers.kinds.base import Features
from layers.kinds.pipes import Pipes
from layers.pipes.tunnels import contents

LISTED = (
    "tunnel_number", "compartment", "width_m", "height_m", "racks", "rack", "pipe_number",
    "class", "problem",
)  # fmt: skip
AROUND = 10.0  # metres seen around what is zoomed to


class TunnelsPage(PipesPage):
    """Lists what lies in utility tunnels.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "tunnels")
        self._rows: list[dict[str, Any]] = []
        self._shown: list[dict[str, Any]] = []
        self._wrong: list[CityError] = []
        self._find = QLineEdit()
        self._find.setObjectName("pipes-tunnels-find")
        self._find.setClearButtonEnabled(True)
        self._find.textChanged.connect(self._show)
        self.row("find", self._find)
        self.list = ResultTable(desk, "pipes-tunnels-list")
        self._told = self.dim("told")
        line = QHBoxLayout()
        line.addWidget(self._told, 1)
        line.addWidget(self.button("zoom", self.zoom))
        line.addWidget(self.button("export", self._export))
        self.result.addLayout(line)
        self.result.addWidget(self.list, 1)
        self.list.chosen_row.connect(self._chosen)
        self.list.activated_row.connect(lambda _row: self.zoom())
        desk.project_edited.connect(self._read)
        self.language_changed.connect(self._show)
        self._read()

    def _read(self) -> None:
        """Look at all layers of pipes."""
        self._rows, self._wrong = [], []
        for layer in self.layers():
            if isinstance(layer.data, Pipes):
                try:
                    found = contents(layer.data).to_pylist()
                except CityError as error:  # one that cannot be read is told, the others stay
                    self._wrong.append(error)
                    continue
                self._rows += [{**row, "layer": layer.id} for row in found]
        self._show()

    def _show(self) -> None:
        words, find = self.desk.texts.wording, self._find.text().strip().casefold()
        self._shown = [
            row for row in self._rows
            if not find or any(find in str(row[name] or "").casefold() for name in LISTED)
        ]  # fmt: skip
        self.list.show_rows(
            [words.t(f"pipes-tunnel-{name.replace('_', '-')}") for name in LISTED],
            [[Cell(row[name], self._text(name, row[name])) for name in LISTED]
             for row in self._shown],
        )  # fmt: skip
        inside = sum(row["pipe"] is not None for row in self._shown)
        bad = sum(row["problem"] is not None for row in self._shown)
        tunnels = len({row["tunnel_number"] for row in self._shown})
        key = "pipes-tunnels-told" if self._rows else "pipes-tunnels-none"
        told = [words.t(key, tunnels=tunnels, pipes=inside, problems=bad)]
        self._told.setText("\n".join([*told, *(words.error(one)[0] for one in self._wrong)]))

    def _text(self, name: str, value: Any) -> str:
        words = self.desk.texts.wording
        if value is None:
            return ""
        if name == "problem":
            return words.t(f"pipes-tunnel-{value}")
        if name == "class":
            return words.t(f"pipe-class-{value}")
        return words.number(value, 2) if isinstance(value, float) else str(value)

    def _target(self) -> tuple[str, int] | None:
        """Give layer and object of the chosen row: the pipe, else the tunnel."""
        rows = self.list.chosen_rows()
        if not rows:
            return None
        row = self._shown[rows[0]]
        number = row["pipe"] if row["pipe"] is not None else row["tunnel"]
        return None if number is None else (str(row["layer"]), int(number))

    def _chosen(self, _row: int) -> None:
        target = self._target()
        if target is not None and self.list.hasFocus():
            self.desk.session.select({target[0]: [target[1]]})

    def zoom(self) -> None:
        """Bring the chosen one into the picture, with the ground seen through."""
        target = self._target()
        if target is None:
            return
        data = self.desk.project.layer(target[0]).data
        assert isinstance(data, Features)
        west, south, east, north = data.shapes.take(data.index_of([target[1]])).bounds()[0]
        self.desk.session.select({target[0]: [target[1]]})
        if not self.desk.actions["underground"].isChecked():
            self.desk.actions["underground"].trigger()
        self.desk.viewport.fit((west - AROUND, south - AROUND, east + AROUND, north + AROUND))

    def _export(self) -> None:
        self.list.ask_export(self.desk.texts.t("pipes-page-tunnels"))
