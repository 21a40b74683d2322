"""Taking one scheme into another: which one, and who is right where both changed an object."""

from __future__ import annotations

from PySide6.QtWidgets import (
    QComboBox,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from app.qt.desk import Desk
from app.qt.dialogs.frame import Dialog, caption
from layers.schemes import captured
from layers.schemes_merge import Conflict, Side, conflicts, merge

COLUMNS = ("layer", "object", "ours", "theirs", "side")


class MergeSchemes(Dialog):
    """Asks for the scheme to take in, and for a side in each conflict.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    into : str
        Id of the scheme that takes.
    parent : QWidget
        The window.
    """

    def __init__(self, desk: Desk, into: str, parent: QWidget) -> None:
        super().__init__(desk, "merge-schemes", parent)
        self.resize(640, 460)
        self._into = into
        self._found: tuple[Conflict, ...] = ()
        self._other = QComboBox()
        self._other.setObjectName("merge-other")
        for scheme in captured(desk.project).items:
            if scheme.id != into and scheme.status != "promoted":
                self._other.addItem(scheme.name, scheme.id)
        self._other.currentIndexChanged.connect(self._fill)
        name = captured(desk.project).get(into).name
        self._lead = QLabel(desk.texts.t("merge-into", name=name))
        self._lead.setObjectName("merge-into")
        self._told = QLabel()
        self._told.setObjectName("merge-told")
        self._told.setProperty("role", "dim")
        self._table = QTableWidget(0, len(COLUMNS))
        self._table.setObjectName("merge-conflicts")
        self._table.verticalHeader().hide()
        self._table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self._table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.body.addWidget(self._lead)
        self.body.addWidget(caption(desk, "merge-other", self._other))
        self.body.addWidget(self._other)
        self.body.addWidget(self._told)
        self.body.addWidget(self._table, 1)
        self.add_cancel()
        button = self.add_button("merge", "button-merge-schemes", primary=True)
        button.setEnabled(self._other.count() > 0)
        button.clicked.connect(self._accept)
        self._fill()

    def _fill(self) -> None:
        texts, project = self.desk.texts, self.desk.project
        self._table.setHorizontalHeaderLabels([texts.t(f"schemes-column-{c}") for c in COLUMNS])
        other = self._other.currentData()
        self._found = conflicts(project, self._into, str(other)) if other else ()
        names = {layer.id: layer.name for layer in project.layers}
        self._table.setRowCount(len(self._found))
        for row, one in enumerate(self._found):
            did = [texts.t(f"schemes-did-{word}") for word in (one.ours, one.theirs)]
            cells = [names.get(one.layer, one.layer), str(one.object_id or "-"), *did]
            for column, text in enumerate(cells):
                self._table.setItem(row, column, QTableWidgetItem(text))
            side = QComboBox()
            side.setObjectName(f"merge-side-{row}")
            for key in ("ours", "theirs"):
                side.addItem(texts.t(f"schemes-side-{key}"), key)
            self._table.setCellWidget(row, len(cells), side)
        self._table.setVisible(bool(self._found))
        self._told.setText(texts.t("merge-conflicts", count=len(self._found)))

    def _accept(self) -> None:
        choices: dict[tuple[str, int], Side] = {}
        for row, one in enumerate(self._found):
            side = self._table.cellWidget(row, len(COLUMNS) - 1)
            assert isinstance(side, QComboBox)
            choices[one.layer, one.object_id] = "ours" if side.currentData() == "ours" else "theirs"
        other = str(self._other.currentData())
        if self.desk.run(merge(self._into, other, choices=choices)):
            self.accept()
