"""A list of names and values that can be read, copied and unfolded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QSize, Qt
from PySide6.QtGui import QAction, QBrush, QColor, QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QMenu,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
)

from app.qt.desk import Desk

NAME, VALUE, TYPE = range(3)
LONG = 24  # letters; longer values get a tooltip
FAINT = Qt.ItemDataRole.UserRole
NAME_SHARE = 0.52  # of the width, at most
MOST_LINES = 8  # of one value


class _Wrapping(QStyledItemDelegate):
    """Makes rows as high as their wrapped texts; a style sheet alone would give them one line."""

    def sizeHint(  # noqa: N802 - Qt's name
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Give the size of a cell."""
        size = super().sizeHint(option, index)
        view = self.parent()
        text = index.data()
        if isinstance(view, QTreeWidget) and text and index.column() == VALUE:
            metrics = view.fontMetrics()
            width = max(view.columnWidth(VALUE) - 12, 30)
            box = metrics.boundingRect(0, 0, width, 10_000, Qt.TextFlag.TextWordWrap, str(text))
            lines = min(box.height(), MOST_LINES * metrics.lineSpacing())
            size.setHeight(max(size.height(), lines + 7))
        return size


@dataclass(frozen=True, slots=True)
class Line:
    """One line.

    Attributes
    ----------
    name, value : str
        What is shown.
    type : str
        What kind of value it is, in words.
    faint : bool
        Whether there is no value.
    below : tuple of Line
        More about it, unfolded on demand.
    """

    name: str
    value: str
    type: str = ""
    faint: bool = False
    below: tuple[Line, ...] = ()


class ValueList(QTreeWidget):
    """Shows lines; Ctrl+C copies the chosen ones, or all.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    name : str
        Object name.
    key : str
        Text for screen readers.
    typed : bool
        Whether the kind of value has a column.
    fitted : bool
        Whether the list is no higher than its lines.
    """

    def __init__(
        self, desk: Desk, name: str, key: str, *, typed: bool = False, fitted: bool = False
    ) -> None:
        super().__init__()
        self.setObjectName(name)
        self._desk = desk
        self._lines: tuple[Line, ...] = ()
        self._fitted = fitted
        self.itemExpanded.connect(self._fit)
        self.itemCollapsed.connect(self._fit)
        self.setColumnCount(3 if typed else 2)
        self.setIndentation(12)
        self.setRootIsDecorated(False)
        self.setAlternatingRowColors(True)
        self.setWordWrap(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHeaderHidden(True)
        header = self.header()
        header.setMinimumSectionSize(40)
        header.setStretchLastSection(False)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(VALUE, QHeaderView.ResizeMode.Stretch)
        if typed:
            header.setSectionResizeMode(TYPE, QHeaderView.ResizeMode.ResizeToContents)
        self.setItemDelegate(_Wrapping(self))
        header.sectionResized.connect(lambda *_: self.scheduleDelayedItemsLayout())
        desk.texts.bind(self, "setAccessibleName", key)
        copy = QAction(self)
        copy.setObjectName(f"{name}-copy")
        copy.setShortcut("Ctrl+C")
        copy.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        copy.triggered.connect(self._copy)
        desk.texts.bind(copy, "setText", "values-copy")
        desk.theme.set_icon(copy, "copy")
        self.addAction(copy)
        self._value_only = QAction(self)
        self._value_only.setObjectName(f"{name}-copy-value")
        self._value_only.triggered.connect(self._copy_value)
        desk.texts.bind(self._value_only, "setText", "values-copy-value")
        self.addAction(self._value_only)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._open_menu)
        desk.theme.changed.connect(self._dress)

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show these lines; what was unfolded and where it was scrolled stays."""
        if tuple(lines) == self._lines:
            return
        self._lines = tuple(lines)
        opened = {item.text(NAME) for item in _below(self.invisibleRootItem()) if item.isExpanded()}
        at = self.verticalScrollBar().value()
        widest = max((self.fontMetrics().horizontalAdvance(x.name) for x in lines), default=0)
        room = round(max(self.viewport().width(), 200) * NAME_SHARE)
        self.setColumnWidth(NAME, min(widest + 34, room))
        self.clear()
        self.setRootIsDecorated(any(line.below for line in lines))
        self.addTopLevelItems([self._item(line) for line in lines])
        for item in _below(self.invisibleRootItem()):
            item.setExpanded(item.text(NAME) in opened)
        self.verticalScrollBar().setValue(at)
        self._fit()

    def texts(self) -> dict[str, str]:
        """Give what is shown, by name."""
        return {line.name: line.value for line in self._lines}

    # Inside ----------------------------------------------------------------------------------

    def _fit(self) -> None:
        if self._fitted:
            items = _below(self.invisibleRootItem())
            count = len(items) + sum(len(_below(x)) for x in items if x.isExpanded())
            row = max(self.sizeHintForRow(0), self.fontMetrics().height() + 6)
            self.setMaximumHeight(count * row + 2 * self.frameWidth() + 4)

    def _item(self, line: Line) -> QTreeWidgetItem:
        item = QTreeWidgetItem([line.name, line.value, line.type][: self.columnCount()])
        item.setData(NAME, FAINT, line.faint)
        item.setToolTip(NAME, line.name)
        if len(line.value) > LONG:
            item.setToolTip(VALUE, line.value)
        for column in range(self.columnCount()):
            item.setTextAlignment(column, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        item.addChildren([self._item(below) for below in line.below])
        self._paint(item)
        return item

    def _paint(self, item: QTreeWidgetItem) -> None:
        colours = self._desk.theme.colours
        item.setForeground(NAME, QBrush(QColor(colours.dim)))
        ink = colours.faint if item.data(NAME, FAINT) else colours.text
        item.setForeground(VALUE, QBrush(QColor(ink)))
        item.setForeground(TYPE, QBrush(QColor(colours.faint)))
        for below in _below(item):
            self._paint(below)

    def _dress(self) -> None:
        for item in _below(self.invisibleRootItem()):
            self._paint(item)

    def _open_menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setObjectName(f"{self.objectName()}-menu")
        menu.addActions(self.actions())
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.viewport().mapToGlobal(at))

    def _copy(self) -> None:
        chosen = self.selectedItems()
        pairs = [(i.text(NAME), i.text(VALUE)) for i in chosen]
        if not pairs:
            pairs = [(line.name, line.value) for line in self._lines]
        QGuiApplication.clipboard().setText("\n".join("\t".join(pair) for pair in pairs))

    def _copy_value(self) -> None:
        item = self.currentItem()
        if item is not None:
            QGuiApplication.clipboard().setText(item.text(VALUE))


def _below(item: QTreeWidgetItem) -> list[QTreeWidgetItem]:
    children = [item.child(i) for i in range(item.childCount())]
    return [child for child in children if child is not None]
