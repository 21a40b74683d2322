"""The schemes of the project: a tree over the existing city, and the tools to edit one."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QFont
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QMenu,
    QScrollArea,
    QSplitter,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.qt.desk import Desk
from app.qt.dialogs.merge_schemes import MergeSchemes
from app.qt.dialogs.question import Answer, Question
from app.qt.panels.named_list import bar_of, own_actions
from app.qt.panels.schemes_build import BuildForm
from app.schemes import author_of
from layers.history import Command
from layers.schemes import captured
from layers.schemes_edits import (
    activate,
    duplicate,
    new_scheme,
    promote,
    remove_scheme,
    set_scheme,
    set_status,
)
from layers.schemes_model import ARCHIVED, DRAFT, EXISTING, Scheme

ID = Qt.ItemDataRole.UserRole


class SchemesPanel(QWidget):
    """The dock of the schemes.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("schemes-panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._desk = desk
        self._filling, self._active = False, ""
        self._tree = self._make_tree()
        self._own = self._make_actions()
        above = QWidget()
        top = QVBoxLayout(above)
        top.setContentsMargins(0, 0, 0, 0)
        top.setSpacing(4)
        more = (None, desk.actions["compare-schemes"])
        top.addWidget(bar_of("schemes-bar", (*self._own.values(), *more)))
        top.addWidget(self._tree, 1)
        below = QScrollArea()
        below.setObjectName("build-scroll")
        below.setWidgetResizable(True)
        below.setFrameShape(QScrollArea.Shape.NoFrame)
        below.setWidget(BuildForm(desk))
        parts = QSplitter(Qt.Orientation.Vertical)
        parts.addWidget(above)
        parts.addWidget(below)
        parts.setSizes([220, 330])
        parts.setChildrenCollapsible(False)
        box = QVBoxLayout(self)
        box.setContentsMargins(6, 4, 6, 6)
        box.addWidget(parts)
        desk.project_edited.connect(self._fill)
        desk.texts.follow(self._fill)
        desk.theme.changed.connect(self._fill)
        self._fill()

    def _make_tree(self) -> QTreeWidget:
        tree = QTreeWidget()
        tree.setObjectName("schemes-tree")
        tree.setColumnCount(3)
        tree.setRootIsDecorated(False)
        tree.setUniformRowHeights(True)
        tree.setExpandsOnDoubleClick(False)
        tree.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        tree.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        tree.customContextMenuRequested.connect(self._open_menu)
        tree.itemDoubleClicked.connect(lambda _item, _column: self._activate())
        tree.itemChanged.connect(self._renamed)
        tree.currentItemChanged.connect(self._enable)
        header = tree.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in (1, 2):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        self._desk.texts.bind(tree, "setAccessibleName", "panel-schemes")
        return tree

    def _make_actions(self) -> dict[str, QAction]:
        return own_actions(self._desk, self, "schemes", (
            ("add", "add", "", self._add),
            ("activate", "view-go", "", self._activate),
            ("copy", "copy", "", self._copy),
            ("rename", "rename", "F2", self._rename),
            ("merge", "merge", "", self._merge),
            ("promote", "success", "", self._promote),
            ("archive", "recent", "", self._archive),
            ("remove", "remove", "Del", self._remove),
        ))  # fmt: skip

    def _open_menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setObjectName("schemes-menu")
        for action in self._own.values():
            menu.addAction(action)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self._tree.viewport().mapToGlobal(at))

    # Showing ---------------------------------------------------------------------------------

    def _fill(self) -> None:
        texts, schemes = self._desk.texts, captured(self._desk.project)
        chosen = self._chosen_id()
        self._filling = True
        self._tree.clear()
        self._tree.setHeaderLabels(
            [texts.t(f"schemes-column-{key}") for key in ("name", "edits", "status")]
        )
        root = self._item(texts.t("schemes-existing"), "", "", "", active=not schemes.active)
        self._tree.addTopLevelItem(root)
        items = {"": root}
        waiting = list(schemes.items)
        while waiting:
            scheme = waiting.pop(0)
            if scheme.parent not in items:
                waiting.append(scheme)
                continue
            counts = scheme.counts()
            told = texts.t("schemes-counts", **counts)
            status = texts.t(f"schemes-status-{scheme.status}")
            item = self._item(
                scheme.name, told, status, scheme.id, active=scheme.id == schemes.active
            )
            item.setToolTip(0, self._tip(scheme))
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
            item.setDisabled(scheme.status == "promoted")
            items[scheme.parent].addChild(item)
            items[scheme.id] = item
        self._tree.expandAll()
        if schemes.active != self._active:
            self._active = chosen = schemes.active
        self._tree.setCurrentItem(items.get(chosen, items.get(schemes.active, root)))
        self._filling = False
        self._enable()

    def _item(
        self, name: str, told: str, status: str, scheme_id: str, *, active: bool
    ) -> QTreeWidgetItem:
        item = QTreeWidgetItem([name, told, status])
        item.setData(0, ID, scheme_id)
        sign = "radio-on" if active else "radio-off"
        item.setIcon(0, self._desk.theme.icon("schemes", "accent" if active else "dim"))
        font = QFont(item.font(0))
        font.setBold(active)
        item.setFont(0, font)
        item.setData(0, Qt.ItemDataRole.AccessibleDescriptionRole, sign)
        return item

    def _tip(self, scheme: Scheme) -> str:
        return self._desk.texts.t(
            "schemes-tip", name=scheme.name, author=scheme.author or "-",
            created=scheme.created.replace("T", " ")[:16],
            changed=scheme.changed.replace("T", " ")[:16], note=scheme.note or "-",
        )  # fmt: skip

    def _enable(self) -> None:
        scheme = self._chosen()
        schemes = self._desk.project.schemes
        draft = scheme is not None and scheme.status == DRAFT
        there = {
            "add": bool(self._desk.project.layers),
            "activate": (draft or scheme is None) and self._chosen_id() != schemes.active,
            "copy": scheme is not None and scheme.status != "promoted",
            "rename": scheme is not None,
            "merge": draft and len(schemes.items) > 1,
            "promote": draft,
            "archive": scheme is not None and scheme.status in {DRAFT, ARCHIVED},
            "remove": scheme is not None and not schemes.children(scheme.id),
        }
        for key, possible in there.items():
            self._own[key].setEnabled(possible)
        back = scheme is not None and scheme.status == ARCHIVED
        self._own["archive"].setText(
            self._desk.texts.t("schemes-restore" if back else "schemes-archive")
        )

    # Doing -----------------------------------------------------------------------------------

    def _chosen_id(self) -> str:
        item = self._tree.currentItem()
        return str(item.data(0, ID)) if item is not None else ""

    def _chosen(self) -> Scheme | None:
        """Give the scheme that is marked, None for the existing city."""
        schemes = captured(self._desk.project)
        return next((s for s in schemes.items if s.id == self._chosen_id()), None)

    def _free(self, key: str, **facts: object) -> str:
        names = {scheme.name for scheme in self._desk.project.schemes.items}
        number = len(names) + 1
        while (name := self._desk.texts.t(key, number=number, **facts)) in names:
            number += 1
        return name

    def _run(self, command: Command) -> bool:
        done = self._desk.run(command)
        self._fill()
        return done

    def _add(self) -> None:
        scheme = self._chosen()
        parent = EXISTING if scheme is None else scheme.id
        author = author_of(self._desk.project)
        name = self._free("schemes-new-name")
        if self._run(new_scheme(name, parent=parent, author=author)):
            self._mark(self._desk.project.schemes.active)
            self._rename()

    def _mark(self, scheme_id: str) -> None:
        for item in self._tree.findItems("*", Qt.MatchFlag.MatchWildcard
                                         | Qt.MatchFlag.MatchRecursive):  # fmt: skip
            if item.data(0, ID) == scheme_id:
                self._tree.setCurrentItem(item)

    def _activate(self) -> None:
        scheme = self._chosen()
        if self._chosen_id() != self._desk.project.schemes.active:
            self._run(activate(EXISTING if scheme is None else scheme.name))

    def _copy(self) -> None:
        if scheme := self._chosen():
            name = self._free("schemes-copy-name", name=scheme.name)
            self._run(duplicate(scheme.name, name, author=author_of(self._desk.project)))

    def _rename(self) -> None:
        item = self._tree.currentItem()
        if item is not None and self._chosen() is not None and self.isVisible():
            self._tree.setFocus()
            self._tree.editItem(item, 0)

    def _renamed(self, item: QTreeWidgetItem, column: int) -> None:
        if self._filling or column != 0:
            return
        scheme = next(
            (s for s in self._desk.project.schemes.items if s.id == item.data(0, ID)), None
        )
        name = item.text(0).strip()
        if scheme is not None and name != scheme.name:
            self._run(set_scheme(scheme.id, new_name=name))
        else:
            self._fill()

    def _merge(self) -> None:
        if scheme := self._chosen():
            MergeSchemes(self._desk, scheme.id, self.window()).open()

    def _archive(self) -> None:
        if scheme := self._chosen():
            back = scheme.status == ARCHIVED
            self._run(set_status(scheme.name, DRAFT if back else ARCHIVED))

    def _promote(self) -> None:
        self._ask("promote-scheme", promote)

    def _remove(self) -> None:
        self._ask("remove-scheme", remove_scheme)

    def _ask(self, key: str, command: Callable[[str], Command]) -> None:
        scheme = self._chosen()
        if scheme is None:
            return
        answers = (
            Answer("cancel", "button-cancel"),
            Answer("yes", f"button-{key}", lambda: self._run(command(scheme.name)), primary=True),
        )
        Question(self._desk, key, answers, self.window(), name=scheme.name).open()
