"""The named views of the project: save, go to, rename, update, delete."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListWidgetItem,
    QMenu,
)

from app.qt.desk import Desk
from app.qt.panels.named_list import NamedList, own_actions
from layers.edits import remove_view, save_view
from layers.touring import rename_view
from layers.viewpoint import View

NAME = Qt.ItemDataRole.UserRole


class ViewsPanel(NamedList):
    """The panel of the named views.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "views")
        self._filling = False
        self._list.setEditTriggers(
            QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.SelectedClicked
        )
        self._list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._list.customContextMenuRequested.connect(self._open_menu)
        self._list.itemActivated.connect(self._go_to_item)
        self._list.itemChanged.connect(self._renamed)
        self._list.currentItemChanged.connect(self._enable)
        self._own = own_actions(desk, self, "views", (
            ("go", "view-go", "", self._go),
            ("update", "view-update", "", self._update),
            ("rename", "rename", "F2", self._rename),
            ("remove", "remove", "Del", self._remove),
        ))  # fmt: skip
        self._lay_out([desk.actions["view-save"], *self._own.values()])
        desk.project_edited.connect(self._fill)
        desk.theme.changed.connect(self._refill)
        self._shown: tuple[View, ...] | None = None
        self._fill()

    def save_current(self) -> None:
        """Keep what the picture shows now as a new view, and let its name be typed."""
        viewport = self._desk.viewport
        names = {view.name for view in self._desk.project.views}
        number = len(names) + 1
        while (name := self._desk.texts.t("views-new-name", number=number)) in names:
            number += 1
        view = View(name, viewport.viewpoint, viewport.hidden_layers(), viewport.moment,
                    look=viewport.look, cut=viewport.cut,
                    underground=viewport.underground, explode=viewport.explode)  # fmt: skip
        if self._desk.run(save_view(self._desk.project, view)):
            self._list.setCurrentRow(self._list.count() - 1)
            if self.isVisible():
                self._list.setFocus()
                self._list.editItem(self._list.currentItem())

    def go_to(self, name: str) -> None:
        """Show a named view."""
        self._desk.viewport.show_view(self._desk.project.view(name))

    def _open_menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setObjectName("views-menu")
        menu.addAction(self._desk.actions["view-save"])
        if self._list.itemAt(at) is not None:
            menu.addSeparator()
            for action in self._own.values():
                menu.addAction(action)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self._list.viewport().mapToGlobal(at))

    # Showing ---------------------------------------------------------------------------------

    def _refill(self) -> None:
        self._shown = None
        self._fill()

    def _fill(self) -> None:
        views = self._desk.project.views
        if views != self._shown:
            self._shown = views
            chosen = self._chosen()
            self._filling = True
            self._list.clear()
            sign: QIcon = self._desk.theme.icon("views", "accent")
            for view in views:
                item = QListWidgetItem(sign, view.name)
                item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
                item.setData(NAME, view.name)
                item.setToolTip(view.note or view.name)
                self._list.addItem(item)
                if view.name == chosen:
                    self._list.setCurrentItem(item)
            self._filling = False
            self._show_list(there=bool(views))
        self._enable()

    def _enable(self) -> None:
        for action in self._own.values():
            action.setEnabled(self._list.currentItem() is not None)

    def _chosen(self) -> str:
        item = self._list.currentItem()
        return str(item.data(NAME)) if item is not None else ""

    # Doing -----------------------------------------------------------------------------------

    def _go_to_item(self, item: QListWidgetItem) -> None:
        self.go_to(str(item.data(NAME)))

    def _go(self) -> None:
        if name := self._chosen():
            self.go_to(name)

    def _update(self) -> None:
        if name := self._chosen():
            old, viewport = self._desk.project.view(name), self._desk.viewport
            view = View(name, viewport.viewpoint, viewport.hidden_layers(), viewport.moment,
                        old.note, viewport.look, viewport.cut, viewport.underground,
                        viewport.explode)  # fmt: skip
            if self._desk.run(save_view(self._desk.project, view)):
                self._desk.tell("success", "views-updated", name=name)

    def _rename(self) -> None:
        item = self._list.currentItem()
        if item is not None:
            self._list.editItem(item)

    def _remove(self) -> None:
        if name := self._chosen():
            self._desk.run(remove_view(self._desk.project, name))

    def _renamed(self, item: QListWidgetItem) -> None:
        old, new = str(item.data(NAME)), item.text().strip()
        if self._filling or new == old:
            return
        if not self._desk.run(rename_view(self._desk.project, old, new)):
            self._refill()
