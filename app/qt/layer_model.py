"""The layers of the project as a tree for Qt: the topmost first, legend lines under each."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QBrush, QColor, QIcon, QPainter, QPixmap

from app.qt.desk import Desk
from app.qt.theme import pixmap
from layers.edits import MoveLayer, SetLook, Together
from layers.history import Label
from layers.kinds import KINDS
from layers.kinds.base import Layer
from layers.project import Project
from layers.style import Entry

Index = QModelIndex | QPersistentModelIndex
MIME = "application/x-citystage-layer"
NAME, COUNT = 0, 1
ROOT = QModelIndex()


class LayerModel(QAbstractItemModel):
    """Rows are layers, their children the lines of their legends.

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
        self._project: Project | None = None
        self._layers: list[Layer] = []
        self._legends: list[tuple[Entry, ...]] = []
        desk.project_changed.connect(self._take_up)
        desk.theme.changed.connect(self._reload)
        desk.texts.changed.connect(self._reload)
        desk.viewport.shown_changed.connect(self._look_changed)
        self._take_up()

    def layer_at(self, index: Index) -> Layer | None:
        """Give the layer of a row, or of the row a legend line stands under."""
        if not index.isValid():
            return None
        row = index.row() if index.internalId() == 0 else index.internalId() - 1
        return self._layers[row] if row < len(self._layers) else None

    def index_of(self, layer_id: str) -> QModelIndex:
        """Give the row of a layer, an invalid index where there is none."""
        for row, layer in enumerate(self._layers):
            if layer.id == layer_id:
                return self.createIndex(row, 0, 0)
        return QModelIndex()

    def show_only(self) -> None:
        """Hide every layer but the chosen one, as one step."""
        chosen = self._desk.layer
        if chosen is None:
            return
        steps = tuple(
            SetLook(layer.id, "visible", layer is chosen)
            for layer in self._layers
            if layer.visible != (layer is chosen)
        )
        if steps:
            self._desk.run(Together(steps, Label("edit-look-only", {"name": chosen.name})))

    # Qt asks ---------------------------------------------------------------------------------

    def index(self, row: int, column: int, parent: Index = ROOT) -> QModelIndex:
        """Give a place in the tree."""
        if not self.hasIndex(row, column, parent):
            return QModelIndex()
        if not parent.isValid():
            return self.createIndex(row, column, 0)
        return self.createIndex(row, column, parent.row() + 1)

    def parent(self, index: Index = ROOT) -> QModelIndex:  # type: ignore[override]  # two of Qt's
        """Give the layer row of a legend line."""
        if not index.isValid() or index.internalId() == 0:
            return QModelIndex()
        return self.createIndex(index.internalId() - 1, 0, 0)

    def rowCount(self, parent: Index = ROOT) -> int:  # noqa: N802 - Qt's name
        """Count layers, or legend lines."""
        if not parent.isValid():
            return len(self._layers)
        if parent.internalId() == 0 and parent.column() == 0:
            return len(self._legends[parent.row()])
        return 0

    def columnCount(self, _parent: Index = ROOT) -> int:  # noqa: N802 - Qt's name
        """Name and number of objects."""
        return 2

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Say what can be done with a row."""
        flag = Qt.ItemFlag
        if not index.isValid():
            return flag.ItemIsDropEnabled
        if index.internalId():
            return flag.ItemIsEnabled | flag.ItemIsSelectable | flag.ItemNeverHasChildren
        out = flag.ItemIsEnabled | flag.ItemIsSelectable | flag.ItemIsDragEnabled
        if index.column() == NAME:
            out |= flag.ItemIsEditable | flag.ItemIsUserCheckable
        return out

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Give what a row shows."""
        layer = self.layer_at(index)
        if layer is None:
            return None
        if index.internalId():
            entry = self._legends[index.internalId() - 1][index.row()]
            return self._legend_data(entry, index.column(), role)
        return self._layer_data(layer, index.column(), role)

    def setData(  # noqa: N802 - Qt's name
        self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole
    ) -> bool:
        """Rename, show or hide as a step that can be undone."""
        layer = self.layer_at(index)
        if layer is None or index.internalId():
            return False
        if role == Qt.ItemDataRole.CheckStateRole:
            shown = Qt.CheckState(value) == Qt.CheckState.Checked
            return self._desk.viewport.set_shown(layer, shown)
        name = str(value).strip()
        if role == Qt.ItemDataRole.EditRole and name and name != layer.name:
            return self._desk.run(SetLook(layer.id, "name", name))
        return False

    def supportedDropActions(self) -> Qt.DropAction:  # noqa: N802 - Qt's name
        """Layers are moved, never copied."""
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:  # noqa: N802 - Qt's name
        """Name the kind of thing that can be dropped here."""
        return [MIME]

    def mimeData(self, indexes: Any) -> QMimeData:  # noqa: N802 - Qt's name
        """Pack the layer that is dragged."""
        data = QMimeData()
        layer = self.layer_at(indexes[0]) if indexes else None
        if layer is not None:
            data.setData(MIME, layer.id.encode())
        return data

    def dropMimeData(  # noqa: N802 - Qt's name
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        """Move the dragged layer to where it was dropped."""
        del action, column
        layer_id = bytes(data.data(MIME).data()).decode()
        at = self.index_of(layer_id)
        if not at.isValid():
            return False
        if parent.isValid():
            under = self.layer_at(parent)
            row = self._layers.index(under) if under is not None else row
        row = len(self._layers) if row < 0 else row
        wanted = row if row <= at.row() else row - 1
        if wanted != at.row():
            self._desk.run(MoveLayer(layer_id, len(self._layers) - 1 - wanted))
        return False  # the project has moved it; Qt shall not remove the old row

    # Inside ----------------------------------------------------------------------------------

    def _layer_data(self, layer: Layer, column: int, role: int) -> Any:
        roles = Qt.ItemDataRole
        faint = QBrush(QColor(self._desk.theme.colours.faint))
        out: Any = None
        if role == roles.ToolTipRole:
            out = self._tip(layer)
        elif column == COUNT and role == roles.DisplayRole:
            countable = KINDS[layer.kind].shapes != "raster"
            out = self._desk.texts.wording.number(len(layer.data), 0) if countable else None
        elif column == COUNT and role == roles.TextAlignmentRole:
            out = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        elif role == roles.ForegroundRole:
            out = faint if column == COUNT or not self._shown(layer) else None
        elif column == COUNT:
            out = None
        elif role in {roles.DisplayRole, roles.EditRole}:
            out = layer.name
        elif role == roles.CheckStateRole:
            out = Qt.CheckState.Checked if self._shown(layer) else Qt.CheckState.Unchecked
        elif role == roles.DecorationRole:
            out = self._sign(layer)
        return out

    def _legend_data(self, entry: Entry, column: int, role: int) -> Any:
        if column != NAME:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.label
        if role == Qt.ItemDataRole.DecorationRole:
            return swatch(entry.colour, QSize(14, 14))
        if role == Qt.ItemDataRole.ForegroundRole:
            return QBrush(QColor(self._desk.theme.colours.dim))
        return None

    def _tip(self, layer: Layer) -> str:
        texts = self._desk.texts
        kind = texts.wording.kind(layer.kind)
        where = str(layer.source.path) if layer.source.path is not None else ""
        return "\n".join(line for line in (layer.name, kind, where) if line)

    def _sign(self, layer: Layer) -> QIcon:
        colours = self._desk.theme.colours
        ink = colours.text if self._shown(layer) else colours.faint
        ratio = 2.0
        out = QPixmap(QSize(40, 18) * ratio)
        out.setDevicePixelRatio(ratio)
        out.fill(Qt.GlobalColor.transparent)
        painter = QPainter(out)
        painter.drawPixmap(0, 1, pixmap(f"kind-{layer.kind}", ink, QSize(16, 16), ratio))
        if KINDS[layer.kind].shapes != "raster":
            painter.drawPixmap(22, 3, swatch(layer.style.colour, QSize(12, 12)))
        painter.end()
        sign = QIcon()
        for mode in (QIcon.Mode.Normal, QIcon.Mode.Selected):
            sign.addPixmap(out, mode)
        return sign

    def _shown(self, layer: Layer) -> bool:
        return self._desk.viewport.shown(layer)

    def _take_up(self) -> None:
        project = self._desk.project
        if project is not self._project:
            self._project = project
            project.layer_added.connect(self._layer_added)
            project.layer_removed.connect(self._layer_removed)
            project.layers_moved.connect(self._reload)
            for layer in project.layers:
                self._watch(layer)
        self._reload()

    def _watch(self, layer: Layer) -> None:
        layer.look_changed.connect(self._look_changed, unique=True)
        layer.data_changed.connect(self._look_changed, unique=True)

    def _layer_added(self, layer: Layer, _at: int) -> None:
        self._watch(layer)
        self._reload()

    def _layer_removed(self, layer: Layer) -> None:
        layer.look_changed.disconnect(self._look_changed, missing_ok=True)
        layer.data_changed.disconnect(self._look_changed, missing_ok=True)
        self._reload()

    def _look_changed(self) -> None:
        if [_legend(layer) for layer in self._layers] != self._legends:
            self._reload()
        elif self._layers:
            last = len(self._layers) - 1
            self.dataChanged.emit(self.createIndex(0, 0, 0), self.createIndex(last, 1, 0))

    def _reload(self) -> None:
        self.beginResetModel()
        self._layers = list(reversed(self._desk.project.layers))
        self._legends = [_legend(layer) for layer in self._layers]
        self.endResetModel()


def _legend(layer: Layer) -> tuple[Entry, ...]:
    colouring = layer.style.colouring
    return colouring.entries if colouring is not None else ()


def swatch(colour: str, size: QSize, ratio: float = 2.0) -> QPixmap:
    """Draw a little rounded field in a colour."""
    out = QPixmap(size * ratio)
    out.setDevicePixelRatio(ratio)
    out.fill(Qt.GlobalColor.transparent)
    painter = QPainter(out)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QColor(0, 0, 0, 70))
    painter.setBrush(QColor(colour))
    painter.drawRoundedRect(QRectF(0.5, 0.5, size.width() - 1, size.height() - 1), 3, 3)
    painter.end()
    return out
