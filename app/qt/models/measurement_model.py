"""The measurements of the project as a table for Qt."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QBrush, QColor

from app.measure_words import main_value, more_values
from app.qt.desk import Desk
from layers.edits import change_measurements, measurement_layer
from layers.history import Label
from layers.kinds.measurements import Measurement, Measurements
from layers.planning.measure import is_stale

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
NAME, KIND, VALUE, MORE = range(4)
HEADS = ("measure-name", "measure-kind", "measure-value", "measure-more")
Role = Qt.ItemDataRole


class MeasurementModel(QAbstractTableModel):
    """One row per measurement, the oldest first; names can be edited.

    Parameters
    ----------
    desk : Desk
        The project is read from it, changes go through it as commands.
    parent : QObject
        Owner.
    """

    def __init__(self, desk: Desk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._items: tuple[Measurement, ...] = ()
        self._stale: dict[int, bool] = {}
        self._inputs: dict[int, tuple[object, ...]] = {}  # what staleness was last asked for
        desk.project_edited.connect(self.follow)
        desk.texts.changed.connect(self._reload)
        desk.theme.changed.connect(self._reload)
        desk.settings_changed.connect(self._reload)
        self.follow()

    @property
    def items(self) -> tuple[Measurement, ...]:
        """The measurements, in the order of the rows."""
        return self._items

    def stale(self, row: int) -> bool:
        """Say whether something a measurement depends on has changed since."""
        return self._stale.get(self._items[row].id, False)

    def row_of(self, measurement_id: int) -> int:
        """Give the row of a measurement, -1 where it is gone."""
        return next((i for i, item in enumerate(self._items) if item.id == measurement_id), -1)

    def follow(self) -> None:
        """Show the project's measurements as they are now."""
        layer = measurement_layer(self._desk.project)
        data = layer.data if layer is not None else None
        items = data.items if isinstance(data, Measurements) else ()
        stale = {item.id: self._is_stale(item) for item in items}
        if items == self._items and stale == self._stale:
            return
        same = [item.id for item in items] == [item.id for item in self._items]
        if not same:
            self.beginResetModel()
        self._items, self._stale = items, stale
        if same:
            self._reload()
        else:
            self.endResetModel()

    # Qt asks ---------------------------------------------------------------------------------

    def rowCount(self, parent: Index = ROOT) -> int:  # noqa: N802 - Qt's name
        """Count the measurements."""
        return 0 if parent.isValid() else len(self._items)

    def columnCount(self, parent: Index = ROOT) -> int:  # noqa: N802 - Qt's name
        """Name, kind, value, more values."""
        return 0 if parent.isValid() else len(HEADS)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Say that names can be edited."""
        out = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return out | Qt.ItemFlag.ItemIsEditable if index.column() == NAME else out

    def headerData(  # noqa: N802 - Qt's name
        self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole
    ) -> Any:
        """Give the heading of a column."""
        if orientation == Qt.Orientation.Horizontal and role == Role.DisplayRole:
            return self._desk.texts.t(HEADS[section])
        if orientation == Qt.Orientation.Horizontal and role == Role.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """Give what a cell shows."""
        if not index.isValid():
            return None
        item, column = self._items[index.row()], index.column()
        stale = self.stale(index.row())
        if role in {Role.DisplayRole, Role.EditRole}:
            return self._text(item, column)
        colours = self._desk.theme.colours
        out: Any = None
        if role == Role.DecorationRole and column == NAME:
            sign = ("warning", "warning") if stale else (f"measure-{item.kind}", "dim")
            out = self._desk.theme.icon(*sign)
        elif role == Role.ToolTipRole:
            lines = [item.name, self._text(item, VALUE), self._text(item, MORE), item.note]
            if stale:
                lines.append(self._desk.texts.t("measure-stale"))
            out = "\n".join(line for line in lines if line)
        elif role == Role.ForegroundRole and stale and column in {VALUE, MORE}:
            out = QBrush(QColor(colours.warning))
        return out

    def setData(  # noqa: N802 - Qt's name
        self, index: Index, value: Any, role: int = Role.EditRole
    ) -> bool:
        """Rename as a step that can be undone."""
        name = str(value).strip()
        item = self._items[index.row()]
        if role != Role.EditRole or not name or name == item.name:
            return False
        return self.change(
            replace(item, name=name),
            Label("edit-rename-measurement", {"name": item.name, "new": name}),
        )

    def change(self, item: Measurement, title: Label) -> bool:
        """Put another measurement in the place of the one with its number."""
        layer = measurement_layer(self._desk.project)
        if layer is None or not isinstance(layer.data, Measurements):
            return False
        data = layer.data.with_changed(item)
        return self._desk.run(change_measurements(self._desk.project, data, title))

    # Inside ----------------------------------------------------------------------------------

    def _text(self, item: Measurement, column: int) -> str:
        words = self._desk.texts.wording
        ground = self._desk.settings.distance == "ground"
        if column == NAME:
            return item.name
        if column == KIND:
            return words.t(f"measure-{item.kind}")
        if column == VALUE:
            return main_value(item, words, ground=ground)
        return more_values(item, words, ground=ground)

    def _is_stale(self, item: Measurement) -> bool:
        """Ask again only where something it depends on was swapped."""
        project = self._desk.project
        target: object = None
        if item.target is not None:
            target = next((x.data for x in project.layers if x.id == item.target[0]), None)
        inputs = (item, project.frame, project.terrain(), target)
        before = self._inputs.get(item.id)
        if before is not None and all(a is b for a, b in zip(before, inputs, strict=True)):
            return self._stale.get(item.id, False)
        self._inputs[item.id] = inputs
        return is_stale(project, item)

    def _reload(self) -> None:
        if self._items:
            last = self.index(len(self._items) - 1, len(HEADS) - 1)
            self.dataChanged.emit(self.index(0, 0), last)
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(HEADS) - 1)
