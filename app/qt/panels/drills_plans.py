"""The list of plans: searched, made, copied, read, written, put away."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QToolBar,
    QVBoxLayout,
    QWidget,
)

from app.drill_words import clock, problems_told
from app.qt.drilling import Drilling
from app.qt.menus import name_buttons
from layers.drills import edits
from layers.drills.clock import timetable
from layers.drills.plan import GRADES, TYPES, Plan, Role
from layers.drills.plan_file import kept_path, read_plan, write_plan
from layers.drills.searching import Wanted, found
from layers.drills.symbol_edits import symbols_in
from layers.errors import CityError

NUMBER = Qt.ItemDataRole.UserRole


class PlanList(QWidget):
    """All plans of the project.

    Parameters
    ----------
    drilling : Drilling
        The plan at hand.

    Signals
    -------
    made
        A new plan was made: it is to be told what it is.
    """

    made = Signal()

    def __init__(self, drilling: Drilling) -> None:
        super().__init__()
        self.setObjectName("drills-plans")
        self.setMinimumWidth(212)  # the words of both choices are read
        self._drilling, self._desk = drilling, drilling.desk
        texts = self._desk.texts
        self._words = QLineEdit()
        self._words.setObjectName("drills-search")
        self._words.setClearButtonEnabled(True)
        texts.bind(self._words, "setPlaceholderText", "drills-search")
        self._sort, self._grade = QComboBox(), QComboBox()
        self._sort.setObjectName("drills-sort")
        self._grade.setObjectName("drills-grade")
        for box, first, values in (
            (self._sort, "drills-any-type", TYPES), (self._grade, "drills-any-grade", GRADES),
        ):  # fmt: skip
            box.setMinimumContentsLength(3)
            box.setMinimumWidth(64)
            box.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            box.addItem(first, "")
            for value in values:
                box.addItem(value, value)
            box.currentIndexChanged.connect(self._fill)
            texts.bind(box, "setAccessibleName", first)
        self._archived = QCheckBox()
        self._archived.setObjectName("drills-archived")
        texts.bind(self._archived, "setText", "drills-archived")
        self._list = QListWidget()
        self._list.setObjectName("drills-list")
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setTextElideMode(Qt.TextElideMode.ElideRight)
        texts.bind(self._list, "setAccessibleName", "panel-drills")
        self._own: dict[str, QAction] = {}
        row = QHBoxLayout()
        row.addWidget(self._sort, 1)
        row.addWidget(self._grade, 1)
        box_ = QVBoxLayout(self)
        box_.setContentsMargins(4, 4, 2, 4)
        box_.setSpacing(4)
        box_.addWidget(self._make_bar())
        box_.addWidget(self._words)
        box_.addLayout(row)
        box_.addWidget(self._list, 1)
        box_.addWidget(self._archived)
        self._words.textChanged.connect(self._fill)
        self._archived.toggled.connect(self._fill)
        self._list.currentItemChanged.connect(self._choose)
        drilling.listed.connect(self._fill)
        drilling.changed.connect(self._fill)
        texts.follow(self._retell)

    def _make_bar(self) -> QToolBar:
        bar = QToolBar()
        bar.setObjectName("drills-bar")
        bar.setProperty("role", "panel")
        bar.setIconSize(QSize(16, 16))
        for key, picture, does in (
            ("new", "add", self.add),
            ("copy", "copy", self.copy),
            ("import", "import", self._ask_import),
            ("export", "table-export", self._ask_export),
            ("archive", "inside", self.archive),
            ("remove", "remove", self.remove),
        ):
            action = QAction(self)
            action.setObjectName(f"drills-{key}")
            action.triggered.connect(lambda _on=False, does=does: does())
            self._desk.texts.bind(action, "setText", f"drills-{key}")
            self._desk.theme.set_icon(action, picture)
            bar.addAction(action)
            self._own[key] = action
        name_buttons(bar)
        bar.setMinimumWidth(bar.sizeHint().width())  # no button hides behind an arrow
        return bar

    # Doing -----------------------------------------------------------------------------------

    def add(self) -> None:
        """Make an empty plan with one role."""
        t = self._desk.texts.t
        roles = (Role("r1", t("drills-first-role")),)
        self._drilling.add(Plan(0, t("drills-new-name"), roles=roles))
        self.made.emit()

    def copy(self) -> None:
        """Copy the plan at hand."""
        plan = self._drilling.plan
        if plan is not None:
            name = self._desk.texts.t("drills-copy-name", name=plan.name)
            made = edits.copy_plan(self._desk.project, plan.id, name)
            if self._desk.run(made):
                self._drilling.choose(self._drilling.plans[-1].id)

    def archive(self) -> None:
        """Put the plan away, or take it up again."""
        plan = self._drilling.plan
        if plan is not None:
            self._drilling.keep(replace(plan, archived=not plan.archived))

    def remove(self) -> None:
        """Remove the plan; undo brings it back."""
        plan = self._drilling.plan
        if plan is not None:
            self._desk.run(edits.remove_plan(self._desk.project, plan.id))

    def _ask_import(self) -> None:
        dialog = QFileDialog(self.window(), self._desk.texts.t("drills-import"))
        dialog.setNameFilter(self._desk.texts.t("drills-files"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda text: self.import_from(Path(text)))
        dialog.open()

    def import_from(self, path: Path) -> None:
        """Read a plan; what was not sound in it is told."""
        try:
            reading = read_plan(path)
        except CityError as error:
            self._desk.tell_error(error)
            return
        plan = reading.plan
        plan = plan if plan.name.strip() else replace(plan, name=path.stem)
        self._drilling.add(plan, reading.symbols)
        for note in reading.notes:
            self._desk.tell_text("warning", self._desk.texts.wording.note(note))
        if wrong := self._drilling.problems:
            self._desk.tell_text("warning", problems_told(wrong, self._desk.texts.wording))

    def _ask_export(self) -> None:
        plan = self._drilling.plan
        if plan is None:
            return
        dialog = QFileDialog(self.window(), self._desk.texts.t("drills-export"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(self._desk.texts.t("drills-files"))
        dialog.setDefaultSuffix("json")
        dialog.selectFile(f"{plan.name}.json")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda text: self.export_to(Path(text)))
        dialog.open()

    def export_to(self, path: Path) -> None:
        """Write the plan at hand into a file of its own."""
        plan = self._drilling.plan
        symbols, kept = symbols_in(self._desk.project), kept_path(path)
        if plan is not None and self._desk.attempt(lambda: write_plan(plan, path, symbols)):
            self._desk.tell("success", "drills-written", name=path.name)
            if kept is not None:
                self._desk.tell("info", "drill-file-kept", name=path.name, kept=kept.name)

    # Showing ---------------------------------------------------------------------------------

    def _retell(self) -> None:
        t = self._desk.texts.t
        for box, first, start in (
            (self._sort, "drills-any-type", "drill-type"),
            (self._grade, "drills-any-grade", "drill-grade"),
        ):
            for at in range(box.count()):
                value = box.itemData(at)
                box.setItemText(at, t(f"{start}-{value}") if value else t(first))
        self._fill()

    def _fill(self) -> None:
        plan, t = self._drilling.plan, self._desk.texts.t
        wanted = Wanted(
            self._words.text(), self._sort.currentData() or "", self._grade.currentData() or "",
            archived=self._archived.isChecked(),
        )  # fmt: skip
        shown = found(self._drilling.plans, wanted)
        self._list.blockSignals(True)
        self._list.clear()
        for one in shown:
            long = clock(timetable(one).seconds)
            told = t("drills-row", kind=t(f"drill-type-{one.type}"), grade=one.grade, time=long)
            item = QListWidgetItem(f"{one.name}\n{told}")
            item.setData(NUMBER, one.id)
            item.setToolTip(one.summary)
            self._list.addItem(item)
            if plan is not None and one.id == plan.id:
                self._list.setCurrentItem(item)
        self._list.blockSignals(False)
        for key, action in self._own.items():
            action.setEnabled(key in ("new", "import") or plan is not None)
        away = plan is not None and plan.archived
        self._own["archive"].setText(t("drills-unarchive" if away else "drills-archive"))

    def _choose(self) -> None:
        item = self._list.currentItem()
        if item is not None:
            self._drilling.choose(int(item.data(NUMBER)))
