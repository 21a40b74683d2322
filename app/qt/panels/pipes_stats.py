"""The page of statistics: sums by one property or two, as a table and as bars."""

from __future__ import annotations

import math
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QScrollArea, QSplitter

from app.pipes_asking import (
    Question,
    fact_head,
    fact_text,
    group_text,
    sum_up,
    surroundings,
    write_facts,
)
from app.qt.desk import Desk
from app.qt.panels.pipes_page import PipesPage
from app.qt.panels.result_table import Cell, ResultTable
from app.qt.widgets.bar_chart import Bar, BarChart, Part
from layers.analyses.running import snapshot
from layers.kinds.base import Features
from layers.palettes import CATEGORY_PALETTES
from layers.pipes.classes import CLASSES
from layers.pipes.statistics import DIMENSIONS
from layers.progress import Progress
from layers.shapes import POLYGON

VALUES = ("plan_length_m", "true_length_m", "runs", "nodes")
MOST_BARS = 30
QUALITATIVE = CATEGORY_PALETTES["plain"]
CLASS_COLOURS = {item.key: item.colour for item in CLASSES}


class StatsPage(PipesPage):
    """Sums up pipes.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "stats")
        self._table: Any = None
        self._by: tuple[str, ...] = ()
        choices = [(name, f"pipes-by-{name}") for name in DIMENSIONS]
        self._first = self.choice("by", choices)
        self._second = self.choice("and", [("", "pipes-stats-nothing"), *choices])
        self._of = self.choice(
            "of", [("all", "pipes-stats-of-all"), ("chosen", "pipes-stats-of-chosen")]
        )
        self._value = self.choice(
            "value", [(name, f"pipes-fact-{name.replace('_', '-')}") for name in VALUES]
        )
        self._districts = QComboBox()
        self._districts.setObjectName("pipes-stats-districts")
        self.row("by", self._first)
        self.row("and", self._second)
        self.row("districts", self._districts)
        self.row("of", self._of)
        self.row("value", self._value)
        self.form.addRow(self.button("go", self.sum_up))
        self._make_result()
        for box in (self._first, self._second):
            box.currentIndexChanged.connect(self._show_fields)
        self._value.currentIndexChanged.connect(self._draw)
        self.language_changed.connect(self._show)
        desk.project_edited.connect(self._follow)
        self._follow()
        self._show_fields()
        self._show()

    def _make_result(self) -> None:
        top = QHBoxLayout()
        self._told = self.dim("told")
        self._save = self.button("export", self._export)
        top.addWidget(self._save)
        top.addStretch(1)
        self.list = ResultTable(self.desk, "pipes-stats-table")
        self.chart = BarChart(self.desk, "pipes-stats-chart")
        scroll = QScrollArea()
        scroll.setObjectName("pipes-stats-bars")
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setWidget(self.chart)
        both = QSplitter(Qt.Orientation.Horizontal)
        both.setObjectName("pipes-stats-both")
        both.addWidget(self.list)
        both.addWidget(scroll)
        both.setStretchFactor(0, 3)
        both.setStretchFactor(1, 2)
        self.result.addWidget(self._told)
        self.result.addLayout(top)
        self.result.addWidget(both, 1)

    def sum_up(self) -> None:
        """Sum up what the form says."""
        by: tuple[str, ...] = (self._first.currentData(),)
        second = self._second.currentData()
        if second and second != by[0]:
            by = (*by, second)
        of_all = self._of.currentData() == "all"
        question = Question() if of_all else Question(chosen=dict(self.desk.session.selection))
        desk, project = self.desk, self.desk.project
        frozen, words = snapshot(project), desk.texts.wording
        districts = str(self._districts.currentData() or "")

        def work(progress: Progress) -> Any:
            progress.step(0, 1)
            return sum_up(frozen, by, question, surroundings(frozen, districts), words)

        def done(table: Any) -> None:
            if desk.project is project:
                self._table, self._by = table, by
                self._show()

        desk.start(desk.texts.t("pipes-page-stats"), work, done)

    def _show_fields(self) -> None:
        asked = "district" in {self._first.currentData(), self._second.currentData()}
        self.form.setRowVisible(self._districts, asked)

    def _follow(self) -> None:
        """Offer the layers of areas that there are."""
        now = self._districts.currentData()
        fitting = [
            layer
            for layer in self.desk.project.layers
            if isinstance(layer.data, Features) and len(layer.data)
            and int(layer.data.shapes.kind[0]) == POLYGON
        ]  # fmt: skip
        wanted = [(layer.name, layer.id) for layer in fitting]
        wanted.sort(key=lambda pair: self.desk.project.layer(pair[1]).kind != "districts")
        wanted = wanted or [(self.desk.texts.t("pipes-stats-none"), "")]
        held = range(self._districts.count())
        if wanted != [(self._districts.itemText(i), self._districts.itemData(i)) for i in held]:
            self._districts.clear()
            for name, layer_id in wanted:
                self._districts.addItem(name, layer_id)
            self._districts.setCurrentIndex(max(self._districts.findData(now), 0))

    def _show(self) -> None:
        words = self.desk.texts.wording
        empty = self._table is None
        self.list.setVisible(not empty)
        self._save.setVisible(not empty)
        self._told.setText(words.t("pipes-stats-begin" if empty else "pipes-stats-lengths"))
        if not empty:
            names = self._table.column_names
            self.list.show_rows(
                [fact_head(name, words) for name in names],
                [[self._cell(name, row[name]) for name in names]
                 for row in self._table.to_pylist()],
            )  # fmt: skip
        self._draw()

    def _cell(self, name: str, value: Any) -> Cell:
        words = self.desk.texts.wording
        if name in self._by:
            text = group_text(name, value, words)
            return Cell(text, text)
        return Cell(value, fact_text(name, value, words))

    def _draw(self) -> None:
        """Draw the bars of what the table says."""
        if self._table is None:
            self.chart.show_bars([])
            return
        words, value = self.desk.texts.wording, self._value.currentData()
        parts: dict[str, list[Part]] = {}
        seconds: dict[str, str] = {}
        for row in self._table.to_pylist():
            second = row[self._by[-1]]
            colour = seconds.setdefault(second, self._colour(second, len(seconds)))
            if len(self._by) == 1 and self._by[0] != "class":
                colour = self.desk.theme.colours.accent
            amount = float(row[value])
            if amount > 0 and math.isfinite(amount):
                name = words.listed(group_text(by, row[by], words) for by in self._by)
                told = f"{name}: {fact_text(value, row[value], words)}"
                parts.setdefault(row[self._by[0]], []).append(Part(amount, colour, told))
        sums = {group: sum(part.value for part in some) for group, some in parts.items()}
        order = sorted(sums, key=lambda group: -sums[group])[:MOST_BARS]
        digits = 0 if value in {"runs", "nodes"} else 1
        self.chart.show_bars([
            Bar(group_text(self._by[0], group, words), tuple(parts[group]),
                words.number(sums[group], digits))
            for group in order
        ])  # fmt: skip

    def _colour(self, group: str, number: int) -> str:
        return CLASS_COLOURS.get(group) or QUALITATIVE[number % len(QUALITATIVE)]

    def _export(self) -> None:
        words, table = self.desk.texts.wording, self._table
        self.list.ask_export(
            words.t("pipes-page-stats"),
            lambda path: write_facts(table, path, words, title="statistics"),
        )
