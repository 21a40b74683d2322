"""The page of planned pipes: what the next one is like, drawing it, and its conflicts."""

from __future__ import annotations

import math
from typing import Any

from PySide6.QtWidgets import QDoubleSpinBox, QLineEdit

from app.answer_words import cell, heading
from app.qt import pipe_drawing
from app.qt.desk import Desk
from app.qt.panels.pipes_answer import AnswerPage
from app.qt.panels.result_table import Cell, ResultTable
from app.qt.widgets.number_field import roomy
from layers.errors import CityError
from layers.kinds.answers import SavedAnalysis
from layers.pipes.classes import CLASSES, SUBCLASSES
from layers.pipes.drafting import Design

LISTED = (
    "severity", "check", "number", "class", "other_number", "other_class", "required", "actual",
    "shortfall", "yields", "why", "cost", "certainty", "clause", "filled",
)  # fmt: skip
AROUND = 12.0  # metres seen around a conflict
INK = {"collision": "#d32f2f", "high": "#d9480f"}


class PlanPage(AnswerPage):
    """Draws planned pipes and lists their conflicts.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "plan", "pipe-conflicts")
        self._rows: list[dict[str, Any]] = []
        kinds = [(item.key, f"pipe-class-{item.key}") for item in CLASSES]
        kinds += [(f"{item.of}/{item.key}", f"pipe-class-{item.key}") for item in SUBCLASSES]
        self._class = self.choice("class", kinds)
        self._number = QLineEdit()
        self._number.setObjectName("pipes-plan-number")
        self._width = self._figure("width", 1.0, 10_000.0, 300.0, " mm", digits=0)
        self._way = self.choice(
            "way", [(way, f"pipes-plan-way-{way}") for way in ("cover", "slope")]
        )
        self._cover = self._figure("cover", 0.0, 100.0, 1.2, " m")
        self._slope = self._figure("slope", -100.0, 500.0, 3.0, " ‰")
        for name, field in (
            ("class", self._class), ("width", self._width), ("number", self._number),
            ("way", self._way), ("cover", self._cover), ("slope", self._slope),
        ):  # fmt: skip
            self.row(name, field)
        self.form.addRow(self.button("draw", self.draw, primary=True))
        self.form.addRow(self.button("go", self.ask))
        self.list = ResultTable(desk, "pipes-plan-list")
        desk.texts.bind(self.list, "setAccessibleName", "pipes-page-plan")
        self.result.addLayout(self.answer_buttons())
        self.result.addWidget(self.list, 1)
        self._way.currentIndexChanged.connect(self._show_fields)
        self._class.currentIndexChanged.connect(self._usual_way)
        self.list.chosen_row.connect(self._chosen)
        self.list.activated_row.connect(self._go_to)
        self._show_fields()
        self._retell_answer()

    def _figure(
        self, name: str, low: float, high: float, value: float, unit: str, *, digits: int = 2
    ) -> QDoubleSpinBox:
        field = QDoubleSpinBox()
        field.setObjectName(f"pipes-plan-{name}")
        field.setRange(low, high)
        field.setDecimals(digits)
        field.setValue(value)
        field.setSuffix(unit)
        field.setKeyboardTracking(False)
        roomy(field)
        return field

    def _show_fields(self) -> None:
        self.form.setRowVisible(self._slope, self._way.currentData() == "slope")

    def _fill_layers(self) -> None:
        super()._fill_layers()
        self.form.setRowVisible(self._layer, False)  # planned pipes have a layer of their own

    def _usual_way(self) -> None:
        """Let drains slope and others follow the ground."""
        major = str(self._class.currentData()).partition("/")[0]
        way = "slope" if major == "drain" else "cover"
        self._way.setCurrentIndex(self._way.findData(way))

    @property
    def design(self) -> Design:
        """What the next pipe is like."""
        major, _, minor = str(self._class.currentData()).partition("/")
        return Design(
            major, minor, self._width.value() / 1000.0, way=self._way.currentData(),
            cover=self._cover.value(), slope_permille=self._slope.value(),
            facts={"number": self._number.text().strip()},
        )  # fmt: skip

    # Doing -----------------------------------------------------------------------------------

    def draw(self) -> None:
        """Draw a pipe in the picture, with the ground seen through."""
        try:
            design = self.design
        except CityError as error:
            self.desk.tell_error(error)
            return
        if not self.desk.actions["underground"].isChecked():
            self.desk.actions["underground"].trigger()
        pipe_drawing.begin(self.desk, design, self.ask)

    def ask(self) -> None:
        """Hold what is planned against everything."""
        self.ask_with({})

    # Showing ---------------------------------------------------------------------------------

    def show_answer(self, item: SavedAnalysis | None) -> None:
        """List the conflicts."""
        words = self.desk.texts.wording
        self._rows = item.outcome.table.to_pylist() if item is not None else []
        names = LISTED if item is not None else ()
        self.list.show_rows(
            [heading(self.kind, name, words) for name in names],
            [[self._cell(row, name) for name in names] for row in self._rows],
        )
        self.list.setVisible(item is not None)
        if item is None:
            self._told.setText(words.t("pipes-plan-begin"))
            return
        facts = item.outcome.facts
        told = words.t(
            "pipes-plan-count", count=words.number(len(self._rows), 0),
            collision=words.number(float(facts["collision_count"]), 0),
            high=words.number(float(facts["high_count"]), 0),
            cost=words.number(float(facts["cost"]), 0),
        )  # fmt: skip
        if "soil_m3" in facts:
            told += " " + words.t(
                "pipes-plan-soil", soil=words.quantity(float(facts["soil_m3"]), "m3"),
                length=words.quantity(float(facts["trench_m"]), "m"),
            )  # fmt: skip
        self._told.setText(told)
        self._told.setToolTip(self.notes())

    def main_table(self) -> ResultTable:
        """Give the table of conflicts."""
        return self.list

    def _cell(self, row: dict[str, Any], name: str) -> Cell:
        words, value = self.desk.texts.wording, row[name]
        text = cell(name, value, words)
        if name in {"required", "actual", "shortfall"} and text and row["unit"] not in {"", "1"}:
            text = f"{text} {row['unit']}"
        if name == "cost" and not math.isnan(value):
            text = words.number(float(value), 0)
        return Cell(value, text, INK.get(row["severity"], "") if name == "severity" else "")

    def _chosen(self, at: int) -> None:
        row = self._rows[at]
        there = {layer.id for layer in self.desk.project.layers}
        wanted: dict[str, list[int]] = {}
        for layer, number in ((row["layer"], row["object"]), (row["other_layer"], row["other"])):
            if layer in there and number:
                wanted.setdefault(layer, []).append(int(number))
        self.desk.session.select(wanted)

    def _go_to(self, at: int) -> None:
        east, north = self._rows[at]["east"], self._rows[at]["north"]
        self.desk.viewport.fit((east - AROUND, north - AROUND, east + AROUND, north + AROUND))
