"""The layers: order, visibility, opacity, names, legends."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPoint, QSize, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QMenu,
    QSlider,
    QStackedLayout,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from app.qt.desk import Desk
from app.qt.layer_model import LayerModel
from app.qt.panels.named_list import bar_of, empty_word
from layers.edits import MoveLayer, SetLook

BUTTONS = ("import", "layer-zoom", "layer-rename", "layer-up", "layer-down", "layer-remove")
MENU = (
    "layer-zoom", "layer-only", "layer-show", "", "layer-rename", "layer-up", "layer-down", "",
    "layer-report", "", "layer-remove",
)  # fmt: skip
NARROWEST = 232  # points; less would leave no room for names
#: Keys that mean the layer only while the panel has the focus.
OWN_KEYS = ("layer-rename", "layer-remove")


class LayerTree(QWidget):
    """The panel of the layers.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("layer-panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumWidth(NARROWEST)
        self._desk = desk
        self._open: set[str] = set()  # layers whose legend is unfolded
        self._model = LayerModel(desk, self)
        self._tree = self._make_tree()
        box = QVBoxLayout(self)
        box.setContentsMargins(6, 4, 6, 6)
        box.setSpacing(4)
        box.addWidget(bar_of("layer-bar", [desk.actions[key] for key in BUTTONS]))
        self._empty = empty_word(desk, "layers-empty", self)
        self._stack = QStackedLayout()
        box.addLayout(self._stack, 1)  # before its pages: alone, it shows the first as a window
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._tree)
        box.addWidget(self._make_opacity())
        for key in OWN_KEYS:
            desk.actions[key].setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            self.addAction(desk.actions[key])
        actions = desk.actions
        actions.connect(
            {
                "layer-rename": self.rename,
                "layer-show": self._toggle,
                "layer-only": self._show_only,
                "layer-up": lambda: self._shift(1),
                "layer-down": lambda: self._shift(-1),
            }
        )
        desk.layer_chosen.connect(self._choose)
        desk.project_edited.connect(self._update_opacity)
        self._restore()
        self._choose("")

    def rename(self) -> None:
        """Let the user type another name for the chosen layer."""
        index = self._tree.currentIndex()
        if index.isValid() and not index.parent().isValid():
            dock = self.parentWidget()
            if dock is not None:
                dock.show()
            self._tree.setFocus()
            self._tree.edit(index.siblingAtColumn(0))

    # Parts -----------------------------------------------------------------------------------

    def _make_tree(self) -> QTreeView:
        tree = QTreeView()
        tree.setObjectName("layer-tree")
        tree.setModel(self._model)
        tree.setHeaderHidden(True)
        tree.setIndentation(14)
        tree.setUniformRowHeights(False)
        tree.setIconSize(QSize(40, 18))
        tree.setEditTriggers(
            QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.SelectedClicked
        )
        tree.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        tree.setDefaultDropAction(Qt.DropAction.MoveAction)
        tree.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        tree.customContextMenuRequested.connect(self._open_menu)
        tree.setExpandsOnDoubleClick(False)
        tree.doubleClicked.connect(self._double_clicked)
        header = tree.header()
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(30)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        tree.selectionModel().currentChanged.connect(self._current_changed)
        tree.expanded.connect(self._remember_open)
        tree.collapsed.connect(self._remember_closed)
        self._model.modelReset.connect(self._restore)
        self._desk.texts.bind(tree, "setAccessibleName", "panel-layers")
        return tree

    def _make_opacity(self) -> QWidget:
        row = QWidget()
        row.setObjectName("layer-opacity-row")
        self._opacity = QSlider(Qt.Orientation.Horizontal)
        self._opacity.setObjectName("layer-opacity")
        self._opacity.setRange(0, 100)
        self._opacity.setPageStep(10)
        self._percent = QLabel()
        self._percent.setObjectName("layer-opacity-value")
        self._percent.setMinimumWidth(self.fontMetrics().horizontalAdvance("100 %") + 4)
        self._percent.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        label = QLabel()
        label.setObjectName("layer-opacity-label")
        label.setBuddy(self._opacity)
        self._desk.texts.bind(label, "setText", "layer-opacity")
        self._desk.texts.bind(self._opacity, "setAccessibleName", "layer-opacity")
        for part in (label, self._percent):
            part.setProperty("role", "dim")
        box = QHBoxLayout(row)
        box.setContentsMargins(4, 2, 4, 2)
        box.addWidget(label)
        box.addWidget(self._opacity, 1)
        box.addWidget(self._percent)
        self._opacity.sliderPressed.connect(self._begin_drag)
        self._opacity.sliderReleased.connect(self._end_drag)
        self._opacity.valueChanged.connect(self._opacity_moved)
        return row

    # Choosing --------------------------------------------------------------------------------

    def _current_changed(self, current: QModelIndex, _before: QModelIndex) -> None:
        layer = self._model.layer_at(current)
        self._desk.choose_layer(layer.id if layer is not None else "")

    def _choose(self, layer_id: str) -> None:
        shown = self._model.layer_at(self._tree.currentIndex())
        if (shown.id if shown is not None else "") != layer_id:
            index = self._model.index_of(layer_id) if layer_id else QModelIndex()
            self._tree.setCurrentIndex(index)
        self._update_opacity()

    def _remember_open(self, index: QModelIndex) -> None:
        if layer := self._model.layer_at(index):
            self._open.add(layer.id)

    def _remember_closed(self, index: QModelIndex) -> None:
        if layer := self._model.layer_at(index):
            self._open.discard(layer.id)

    def _restore(self) -> None:
        for layer_id in self._open:
            index = self._model.index_of(layer_id)
            if index.isValid():
                self._tree.expand(index)
        self._stack.setCurrentIndex(1 if self._model.rowCount() else 0)
        layer = self._desk.layer
        self._tree.setCurrentIndex(
            self._model.index_of(layer.id) if layer is not None else QModelIndex()
        )

    def _double_clicked(self, index: QModelIndex) -> None:
        if self._model.layer_at(index) is not None:
            self._desk.actions["layer-zoom"].trigger()

    def _open_menu(self, at: QPoint) -> None:
        index = self._tree.indexAt(at)
        if not index.isValid():
            self._tree.setCurrentIndex(QModelIndex())
        menu = QMenu(self)
        menu.setObjectName("layer-menu")
        keys = MENU if index.isValid() else ("import",)
        for key in keys:
            if key:
                menu.addAction(self._desk.actions[key])
            else:
                menu.addSeparator()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self._tree.viewport().mapToGlobal(at))

    # Doing -----------------------------------------------------------------------------------

    def _toggle(self) -> None:
        layer = self._desk.layer
        if layer is not None:
            viewport = self._desk.viewport
            viewport.set_shown(layer, not viewport.shown(layer))

    def _show_only(self) -> None:
        self._model.show_only()

    def _shift(self, steps: int) -> None:
        layer = self._desk.layer
        if layer is not None:
            at = self._desk.project.layers.index(layer) + steps
            if 0 <= at < len(self._desk.project.layers):
                self._desk.run(MoveLayer(layer.id, at))

    def _update_opacity(self) -> None:
        layer = self._desk.layer
        percent = round((layer.opacity if layer is not None else 1.0) * 100)
        self._opacity.setEnabled(layer is not None)
        if percent != self._opacity.value():
            self._opacity.blockSignals(True)
            self._opacity.setValue(percent)
            self._opacity.blockSignals(False)
        self._percent.setText(f"{percent} %")

    def _begin_drag(self) -> None:
        self._desk.session.history.begin_gesture()

    def _end_drag(self) -> None:
        self._desk.session.history.end_gesture()

    def _opacity_moved(self, percent: int) -> None:
        layer = self._desk.layer
        if layer is not None and round(layer.opacity * 100) != percent:
            self._desk.run(SetLook(layer.id, "opacity", percent / 100))
