"""The archive of drills: plans searched by everything, compared, copied in part, begun anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import numpy as np
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QSplitter,
    QTableWidget,
    QTableWidgetItem,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from app.qt.desk import Desk
from app.qt.dialogs.frame import caption
from app.qt.drawing import ask_in_picture
from app.qt.panels.drills_compare import ComparePage
from app.qt.panels.drills_library import LibraryPage
from app.qt.panels.drills_nodes import NodesPage
from layers.drills import edits
from layers.drills.clock import timetable
from layers.drills.plan import GRADES, TYPES, Place, Plan
from layers.drills.searching import Wanted, found
from layers.history import Label

NUMBER = Qt.ItemDataRole.UserRole
COLUMNS = ("name", "grade", "date", "type", "minutes", "steps", "version")
NAME_WIDTH = 230  # points of the names of plans at first
TABS = ("compare", "nodes", "library")
BUTTONS = ("open", "copy", "put-away", "restore")


class ArchivePanel(QSplitter):
    """All plans of the project, those put away, too.

    Parameters
    ----------
    desk : Desk
        What the window works with.

    Signals
    -------
    opened : (int,)
        Number of a plan that is to be played and changed.
    """

    opened = Signal(int)

    def __init__(self, desk: Desk) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setObjectName("archive-panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._desk = desk
        self._region: tuple[Place, ...] = ()
        self._data: object = None
        self.compare = ComparePage(desk)
        self.nodes = NodesPage(desk)
        self.library = LibraryPage(desk)
        self._tabs = QTabWidget()
        self._tabs.setObjectName("archive-tabs")
        for page in (self.compare, self.nodes, self.library):
            self._tabs.addTab(page, "")
        self._table = self._make_table()
        self._buttons: dict[str, QPushButton] = {}
        for part, stretch in ((self._make_search(), 0), (self._make_middle(), 1), (self._tabs, 1)):
            self.addWidget(part)
            self.setStretchFactor(self.count() - 1, stretch)
        self.setSizes([230, 520, 480])
        self.compare.restored.connect(self._fill)
        for page in (self.nodes, self.library):
            page.made.connect(self.opened.emit)
        desk.project_edited.connect(self._follow)
        desk.project_changed.connect(self._follow)
        desk.texts.follow(self._retell)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Ask for room for rows."""
        return QSize(1000, 340)

    # Parts -----------------------------------------------------------------------------------

    def _make_search(self) -> QWidget:
        desk, part = self._desk, QWidget()
        form = QFormLayout(part)
        form.setContentsMargins(8, 6, 6, 6)
        self._lines: dict[str, QLineEdit] = {}
        self._boxes: dict[str, QComboBox] = {}
        for name in ("words", "resource", "since", "until"):
            line = self._lines[name] = QLineEdit()
            line.setObjectName(f"archive-{name}")
            line.setClearButtonEnabled(True)
            line.textChanged.connect(self._fill)
        for name in ("since", "until"):
            self._lines[name].setPlaceholderText("2026-06-21")
        for name, values in (("type", TYPES), ("grade", GRADES)):
            box = self._boxes[name] = QComboBox()
            box.setObjectName(f"archive-{name}")
            box.addItem("", "")
            for value in values:
                box.addItem(value, value)
            box.currentIndexChanged.connect(self._fill)
        self._away = QCheckBox()
        self._away.setObjectName("archive-away")
        self._away.setChecked(True)
        desk.texts.bind(self._away, "setText", "archive-away")
        self._away.toggled.connect(self._fill)
        for name in ("words", "type", "grade", "resource", "since", "until"):
            field: QWidget = self._lines.get(name) or self._boxes[name]
            form.addRow(caption(desk, f"archive-{name}", field), field)
        row = QHBoxLayout()
        self._draw, self._whole = QPushButton(), QPushButton()
        for name, button in (("draw", self._draw), ("whole", self._whole)):
            button.setObjectName(f"archive-{name}")
            desk.texts.bind(button, "setText", f"archive-{name}")
            row.addWidget(button)
        self._draw.clicked.connect(lambda _on=False: self.draw_region())
        self._whole.clicked.connect(lambda _on=False: self._take_region(()))
        form.addRow(row)
        form.addRow(self._away)
        return part

    def _make_table(self) -> QTableWidget:
        table = QTableWidget(0, len(COLUMNS))
        table.setObjectName("archive-table")
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.verticalHeader().hide()
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        table.horizontalHeader().resizeSection(0, NAME_WIDTH)
        table.itemSelectionChanged.connect(self._chosen)
        table.cellDoubleClicked.connect(lambda _row, _column: self.open_chosen())
        return table

    def _make_middle(self) -> QWidget:
        part = QWidget()
        box = QVBoxLayout(part)
        box.setContentsMargins(4, 6, 4, 6)
        self._told = QLabel()
        self._told.setObjectName("archive-told")
        self._told.setProperty("role", "dim")
        row = QHBoxLayout()
        doing: tuple[Callable[[], None], ...] = (
            self.open_chosen, self.copy_chosen, self.put_away, self.take_back,
        )  # fmt: skip
        for name, does in zip(BUTTONS, doing, strict=True):
            button = self._buttons[name] = QPushButton()
            button.setObjectName(f"archive-{name}")
            self._desk.texts.bind(button, "setText", f"archive-{name}")
            button.clicked.connect(lambda _on=False, does=does: does())
            row.addWidget(button)
        box.addWidget(self._told)
        box.addWidget(self._table, 1)
        box.addLayout(row)
        return part

    # Doing -----------------------------------------------------------------------------------

    @property
    def chosen(self) -> Plan | None:
        """The plan of the row that is chosen."""
        rows = self._table.selectionModel().selectedRows()
        item = self._table.item(rows[0].row(), 0) if rows else None
        if item is None:
            return None
        number = item.data(NUMBER)
        return next((plan for plan in self._plans() if plan.id == number), None)

    def page(self, key: str) -> None:
        """Show a page on the right."""
        self._tabs.setCurrentIndex(TABS.index(key))

    def draw_region(self) -> None:
        """Let an area be drawn in the picture; plans with a place in it are found."""
        ask_in_picture(
            self._desk, "area",
            lambda points: self._take_region(
                tuple((float(east), float(north)) for east, north in np.asarray(points)[:, :2])
            ),
        )  # fmt: skip

    def open_chosen(self) -> None:
        """Take the plan up in the panel of drills."""
        plan = self.chosen
        if plan is not None:
            self.opened.emit(plan.id)

    def copy_chosen(self) -> None:
        """Copy the plan and take the copy up."""
        plan = self.chosen
        if plan is None:
            return
        name = self._desk.texts.t("drills-copy-name", name=plan.name)
        if self._desk.run(edits.copy_plan(self._desk.project, plan.id, name)):
            self.opened.emit(self._plans()[-1].id)

    def put_away(self) -> None:
        """Put the plan into the archive."""
        self._set_archived(archived=True)

    def take_back(self) -> None:
        """Take the plan out of the archive."""
        self._set_archived(archived=False)

    def _set_archived(self, *, archived: bool) -> None:
        plan = self.chosen
        if plan is not None and plan.archived != archived:
            title = Label("edit-archive-plan" if archived else "edit-unarchive-plan",
                          {"name": plan.name})  # fmt: skip
            fresh = replace(plan, archived=archived)
            self._desk.run(edits.change_plan(self._desk.project, fresh, label=title))

    def _take_region(self, ring: tuple[Place, ...]) -> None:
        self._region = ring
        self._whole.setEnabled(bool(ring))
        self._fill()

    # Showing ---------------------------------------------------------------------------------

    def _plans(self) -> tuple[Plan, ...]:
        return edits.drills_of(self._desk.project).plans

    def _follow(self) -> None:
        data = edits.drills_of(self._desk.project)
        if data is not self._data and (len(data) or self._table.rowCount()):
            self._data = data
            self._fill()

    def _wanted(self) -> Wanted:
        text = {name: line.text().strip() for name, line in self._lines.items()}
        days = {}
        for name in ("since", "until"):
            day = _day(text[name])
            self._lines[name].setProperty("wrong", bool(text[name]) and not day)
            self._lines[name].setToolTip(
                self._desk.texts.t("archive-no-day") if text[name] and not day else ""
            )
            days[name] = day
        return Wanted(
            text["words"], self._boxes["type"].currentData() or "",
            self._boxes["grade"].currentData() or "", self._region, text["resource"],
            days["since"], days["until"], self._away.isChecked(),
        )  # fmt: skip

    def _fill(self) -> None:
        plan, t = self.chosen, self._desk.texts.t
        every = self._plans()
        shown = found(every, self._wanted())
        table = self._table
        table.blockSignals(True)
        table.clearSelection()
        table.setRowCount(len(shown))
        grey = self.palette().placeholderText()
        for row, one in enumerate(shown):
            words = (
                one.name, one.grade, (one.begins or one.changed)[:10],
                t(f"drill-type-{one.type}"), f"{timetable(one).seconds / 60.0:.0f}",
                str(len(one.steps)), str(one.version),
            )  # fmt: skip
            for column, text in enumerate(words):
                item = QTableWidgetItem(text)
                item.setData(NUMBER, one.id)
                item.setToolTip(one.summary or one.name)
                if one.archived:
                    item.setForeground(grey)
                table.setItem(row, column, item)
            if plan is not None and one.id == plan.id:
                table.selectRow(row)
        table.blockSignals(False)
        key = "archive-region-told" if self._region else "archive-told"
        self._told.setText(t(key, count=len(shown), all=len(every)))
        if self.chosen is None and shown:
            table.selectRow(0)
        self._chosen()

    def _chosen(self) -> None:
        plan = self.chosen
        for name, button in self._buttons.items():
            fits = plan is not None and (name not in ("put-away", "restore")
                                         or plan.archived == (name == "restore"))  # fmt: skip
            button.setEnabled(fits)
        self.compare.show_plan(plan)
        self.nodes.show_plan(plan)

    def _retell(self) -> None:
        t = self._desk.texts.t
        for at, key in enumerate(TABS):
            self._tabs.setTabText(at, t(f"archive-tab-{key}"))
        for name, first, start in (
            ("type", "drills-any-type", "drill-type"), ("grade", "drills-any-grade", "drill-grade"),
        ):  # fmt: skip
            box = self._boxes[name]
            for at in range(box.count()):
                value = box.itemData(at)
                box.setItemText(at, t(f"{start}-{value}") if value else t(first))
        self._table.setHorizontalHeaderLabels([t(f"archive-column-{name}") for name in COLUMNS])
        self._take_region(self._region)


def _day(text: str) -> str:
    """Give a day as it is compared, "" for what is none."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").date().isoformat()
    except ValueError:
        return ""
