"""The page on which pipes are held against rules: findings listed, marked, cut through."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QCheckBox, QComboBox

from app import analyses
from app.answer_words import cell, heading
from app.qt.desk import Desk
from app.qt.panels.pipes_answer import AnswerPage
from app.qt.panels.pipes_section import SectionPage
from app.qt.panels.result_table import Cell, ResultTable
from layers.analyses.marks import STATUS_COLOURS
from layers.kinds.answers import SavedAnalysis
from layers.kinds.pipes import Pipes
from layers.pipes.checking import CHECKS
from layers.rules import chosen

AROUND = 12.0  # metres seen around a finding
HALF_CUT = 12.0  # metres of a section on each side of a finding
SHOW = ("certain", "possible", "unknown")
MOST = 5000  # rows listed
LISTED = (
    "check", "number", "class", "other_number", "other_class", "required", "actual", "shortfall",
    "certainty", "clause", "filled", "note", "more", "verified", "pack", "object", "other",
)  # fmt: skip


class CheckPage(AnswerPage):
    """Holds pipes against rules.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "check", "pipe-check")
        self._rows: list[dict[str, Any]] = []
        self._shown: list[int] = []
        self._of = self.choice("of", [
            ("all", "pipes-check-all-layers"), ("layer", "pipes-check-one-layer"),
            ("planned", "ask-pipe-check-planned"),
        ])  # fmt: skip
        self._pack = QComboBox()
        self._pack.setObjectName("pipes-check-pack")
        self._flags = {name: self._flag(name) for name in (*CHECKS, "survey_error")}
        self.row("of", self._of)
        self.row("rules", self._pack)
        self.form.addRow(self.button("go", self.ask, primary=True))  # seen in small windows, too
        for flag in self._flags.values():
            self.form.addRow(flag)
        self._show = self.choice(
            "show",
            [("all", "pipes-check-show-any"), *((key, f"pipes-check-show-{key}") for key in SHOW)],
        )
        desk.texts.bind(self._show, "setAccessibleName", "pipes-check-show")
        self._kind = QComboBox()
        self._kind.setObjectName("pipes-check-kind")
        self._kind.setMinimumContentsLength(8)
        self._kind.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        desk.texts.bind(self._kind, "setAccessibleName", "column-check")
        top = self.answer_buttons()
        self._cut = self.button("section", self.cut)
        self._show.setMinimumContentsLength(7)
        top.insertWidget(0, self._kind)
        top.insertWidget(1, self._show)
        top.insertWidget(2, self._cut)
        self.list = ResultTable(desk, "pipes-check-list")
        desk.texts.bind(self.list, "setAccessibleName", "pipes-page-check")
        self.result.addLayout(top)
        self.result.addWidget(self.list, 1)
        self._show.currentIndexChanged.connect(self._fill)
        self._kind.currentIndexChanged.connect(self._fill)
        self.list.chosen_row.connect(self._chosen)
        self.list.activated_row.connect(self._go_to)
        desk.project_edited.connect(self._tell)
        self._fill_packs()
        self._retell_answer()

    def _flag(self, name: str) -> QCheckBox:
        box = QCheckBox()
        box.setObjectName(f"pipes-check-{name.replace('_', '-')}")
        box.setChecked(True)
        key = name.replace("_", "-")
        self.desk.texts.bind(box, "setText", f"pipes-check-short-{key}")
        self.desk.texts.bind(box, "setToolTip", f"ask-pipe-check-{key}")
        return box

    def _fill_packs(self) -> None:
        self._pack.addItem(self.desk.texts.t("ask-all-packs"), "")
        for pack in chosen.packs():
            if any(rule.key.startswith(("pipes.", "drains.")) for rule in pack.rules):
                self._pack.addItem(pack.standard, pack.id)

    # Asking ----------------------------------------------------------------------------------

    def ask(self) -> None:
        """Check what the form says, beside the window."""
        of = self._of.currentData()
        self.ask_with({
            **{name: flag.isChecked() for name, flag in self._flags.items()},
            "layers": [self.layer_id] if of == "layer" else [],
            "planned": of == "planned", "pack": self._pack.currentData(),
        })  # fmt: skip

    # Showing ---------------------------------------------------------------------------------

    def show_answer(self, item: SavedAnalysis | None) -> None:
        """List what was found."""
        self._rows = item.outcome.table.to_pylist() if item is not None else []
        self._offer_kinds()
        self._fill()
        self._tell()

    def main_table(self) -> ResultTable:
        """Give the table of findings."""
        return self.list

    def _offer_kinds(self) -> None:
        """Offer the kinds of findings that there are, with their numbers."""
        words, now = self.desk.texts.wording, self._kind.currentData()
        counts = Counter(str(row["check"]) for row in self._rows)
        with QSignalBlocker(self._kind):
            self._kind.clear()
            self._kind.addItem(words.t("pipes-check-show-all"), "")
            for kind, count in counts.most_common():
                self._kind.addItem(f"{words.t(f'pipe-check-{kind}')} ({count:,})", kind)
            self._kind.setCurrentIndex(max(self._kind.findData(now), 0))

    def _fill(self) -> None:
        words, item, wanted = self.desk.texts.wording, self.item, self._show.currentData()
        kind = self._kind.currentData()
        some = [
            k for k, row in enumerate(self._rows)
            if wanted in {"all", row["certainty"]} and kind in {"", row["check"]}
        ]  # fmt: skip
        self._shown = some[:MOST]
        names = () if item is None else LISTED
        self.list.show_rows(
            [heading(self.kind, name, words) for name in names],
            [[self._cell(self._rows[k], name) for name in names] for k in self._shown],
        )
        for part in (self.list, self._show, self._kind, self._cut):
            part.setVisible(item is not None)

    def _cell(self, row: dict[str, Any], name: str) -> Cell:
        text, value = cell(name, row[name], self.desk.texts.wording), row[name]
        if name in {"other", "object"} and not value:
            return Cell(None, "")
        if name in {"required", "actual", "shortfall"} and text:
            unit = row["unit"]
            digits = 4 if row["check"] == "slope" else 2
            text = f"{value:.{digits}f}"
            text = text if unit in {"", "1"} else f"{text} {unit}"
        ink = STATUS_COLOURS.get(row["status"], "") if name == "shortfall" else ""
        return Cell(value, text, ink if row["status"] == "fail" else "")

    def _tell(self) -> None:
        words, item = self.desk.texts.wording, self.item
        if item is None:
            self._told.setText(words.t("pipes-check-begin"))
            return
        facts = item.outcome.facts
        text = words.t("pipes-check-none")
        if self._rows:
            text = words.t(
                "pipes-check-count", count=words.number(len(self._rows), 0),
                certain=words.number(float(facts["certain_count"]), 0),
                possible=words.number(float(facts["possible_count"]), 0),
                unknown=words.number(float(facts["unknown_count"]), 0),
            )  # fmt: skip
        if analyses.stale_inputs(self.desk.project, item):
            text = f"{text}\n{words.t('pipes-check-stale')}"
        self._told.setText(text)
        self._told.setToolTip(self.notes())

    # Rows ------------------------------------------------------------------------------------

    def _row(self) -> dict[str, Any] | None:
        rows = self.list.chosen_rows()
        return self._rows[self._shown[rows[0]]] if rows else None

    def _chosen(self, at: int) -> None:
        """Select what a finding is about."""
        row = self._rows[self._shown[at]]
        there = {layer.id for layer in self.desk.project.layers}
        wanted: dict[str, list[int]] = {}
        for layer, number in ((row["layer"], row["object"]), (row["other_layer"], row["other"])):
            if layer in there and number:
                wanted.setdefault(layer, []).append(int(number))
        self.desk.session.select(wanted)

    def _go_to(self, at: int) -> None:
        """Bring a finding into the picture, with the ground seen through."""
        row = self._rows[self._shown[at]]
        if not self.desk.actions["underground"].isChecked():
            self.desk.actions["underground"].trigger()
        east, north = row["east"], row["north"]
        self.desk.viewport.fit((east - AROUND, north - AROUND, east + AROUND, north + AROUND))

    def cut(self) -> None:
        """Cut across the pipe of the chosen finding, there, and show the section."""
        row = self._row()
        if row is None:
            return
        data = self.desk.project.layer(row["layer"]).data
        assert isinstance(data, Pipes)
        place = np.array([row["east"], row["north"]])
        at = int(data.index_of([row["object"]])[0])
        first = data.shapes.first_coord
        way = data.shapes.coords[first[at + 1] - 1] - data.shapes.coords[first[at]]
        way = way / max(float(np.hypot(*way)), 1e-9)
        across = np.array([-way[1], way[0]]) * HALF_CUT
        self.desk.actions["pipes-section"].trigger()
        page = self.window().findChild(SectionPage, "pipes-page-section")
        if page is not None:
            page.cut_along(np.array([place - across, place + across]))
