"""The table of a layer's objects: sort, filter, choose both ways, copy, export."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike
from PySide6.QtCore import QByteArray, QPoint, QSize, Qt, QTimer
from PySide6.QtGui import QAction, QGuiApplication, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QSizePolicy,
    QStackedLayout,
    QToolBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.layer_table import write_layer_table
from app.qt.desk import Desk
from app.qt.models.object_model import ObjectModel
from app.qt.models.values import filter_names, rule_words
from app.qt.panels.object_view import ObjectView
from app.resource_words import states_now
from layers.conditions import matching
from layers.errors import CityError
from layers.kinds.base import Features, Layer
from layers.kinds.emergency import SORTS
from layers.object_table import ObjectTable
from layers.progress import Progress
from layers.project import Project
from layers.shapes import Ints

PAUSE = 250  # milliseconds after the last letter of a filter
NONE: Ints = np.empty(0, dtype=np.int64)


class AttributesPanel(QWidget):
    """The panel of the table.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("attributes-panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._desk = desk
        self._project: Project | None = None
        self._layer: Layer | None = None
        self._data: Features | None = None
        self._locale = ""
        self._moment = ""  # of which the states of resources are told
        self._headers: dict[str, QByteArray] = {}  # by layer: widths, order, hidden columns
        self._filters: dict[str, str] = {}
        self._model = ObjectModel(desk, self)
        self._view = ObjectView(self._model)
        desk.texts.bind(self._view, "setAccessibleName", "panel-attributes")
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(PAUSE)
        self._typing.timeout.connect(self._apply_filter)
        self._make()
        self._view.chosen.connect(self._chosen)
        self._view.activated_row.connect(self._zoom_to_row)
        self._view.horizontalHeader().customContextMenuRequested.connect(self._header_menu)
        self._view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._view.customContextMenuRequested.connect(self._row_menu)
        desk.project_changed.connect(self._forget)
        desk.project_edited.connect(self._follow)
        desk.layer_chosen.connect(self._follow)
        desk.selection_changed.connect(self._selection_changed)
        desk.texts.changed.connect(self._follow)
        self._follow()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Ask for room for some rows when the panel is opened."""
        return QSize(900, 290)

    # Parts -----------------------------------------------------------------------------------

    def _make(self) -> None:
        desk = self._desk
        self._layers = QComboBox()
        self._layers.setObjectName("attributes-layer")
        self._layers.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        desk.texts.bind(self._layers, "setAccessibleName", "attributes-layer")
        desk.texts.bind(self._layers, "setToolTip", "attributes-layer")
        self._layers.activated.connect(self._layer_picked)
        self._filter = QLineEdit()
        self._filter.setObjectName("attributes-filter")
        self._filter.setClearButtonEnabled(True)
        desk.texts.bind(self._filter, "setPlaceholderText", "attributes-filter-example")
        desk.texts.bind(self._filter, "setAccessibleName", "attributes-filter")
        desk.texts.bind(self._filter, "setToolTip", "attributes-filter-tip")
        self._filter.textChanged.connect(self._typed)
        self._filter.returnPressed.connect(self._select_found)
        sign = QAction(self)
        desk.theme.set_icon(sign, "filter", "dim")
        self._filter.addAction(sign, QLineEdit.ActionPosition.LeadingPosition)
        for button in self._filter.findChildren(QToolButton):
            button.setObjectName("attributes-filter-button")
            desk.texts.bind(button, "setToolTip", "attributes-filter")
        self._counts = QLabel()
        self._counts.setObjectName("attributes-counts")
        self._counts.setProperty("role", "dim")
        self._problem = QLabel()
        self._problem.setObjectName("attributes-problem")
        self._problem.setProperty("role", "error")
        self._problem.setWordWrap(True)
        self._problem.hide()
        top = QHBoxLayout()
        top.setSpacing(6)
        top.addWidget(self._layers)
        top.addWidget(self._filter, 1)
        top.addWidget(self._make_bar())
        top.addWidget(self._counts)
        self._empty = QLabel()
        self._empty.setObjectName("attributes-empty")
        self._empty.setProperty("role", "dim")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        desk.texts.bind(self._empty, "setText", "attributes-empty")
        self._stack = QStackedLayout()
        box = QVBoxLayout(self)
        box.setContentsMargins(6, 4, 6, 6)
        box.setSpacing(4)
        box.addLayout(top)
        box.addWidget(self._problem)
        box.addLayout(self._stack, 1)  # before its pages: alone, it shows the first as a window
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._view)

    def _make_bar(self) -> QToolBar:
        bar = QToolBar()
        bar.setObjectName("attributes-bar")
        bar.setProperty("role", "panel")
        bar.setIconSize(QSize(16, 16))
        bar.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        rows: tuple[tuple[str, str, str, Callable[[], object]], ...] = (
            ("zoom", "zoom-to", "", self._desk.actions["zoom-selection"].trigger),
            ("select-found", "select-box", "", self._select_found),
            ("invert", "invert", "", self._invert),
            ("only", "selected-only", "", self._show_only),
            ("copy", "copy", "Ctrl+C", self._copy),
            ("export", "table-export", "", self._export),
            ("columns", "columns", "", self._column_menu),
        )
        self._own: dict[str, QAction] = {}
        for key, icon, keys, does in rows:
            action = QAction(self)
            action.setObjectName(f"attributes-{key}")
            action.setShortcut(keys)
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            action.setCheckable(key == "only")
            action.triggered.connect(_plain(does))
            self._desk.texts.bind(action, "setText", f"attributes-{key}")
            self._desk.theme.set_icon(action, icon)
            self.addAction(action)
            bar.addAction(action)
            button = bar.widgetForAction(action)
            button.setObjectName(f"attributes-bar-{key}")
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            self._own[key] = action
        return bar

    # Following the project -------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Fill the table only once somebody looks."""
        super().showEvent(event)
        self._follow()

    def _forget(self) -> None:
        """Begin anew with another project."""
        if self._desk.project is not self._project:
            self._project = self._desk.project
            self._headers.clear()
            self._filters.clear()
            self._layer = None
            self._own["only"].setChecked(False)
            self._model.show_only_selected(False)

    def _follow(self) -> None:
        """Show the chosen layer, or the topmost one with a table."""
        if not self.isVisible():
            return
        tabled = [x for x in reversed(self._desk.project.layers) if isinstance(x.data, Features)]
        chosen = self._desk.layer
        if chosen not in tabled:
            chosen = self._layer if self._layer in tabled else next(iter(tabled), None)
        names = [(x.name, x.id) for x in tabled]
        shown = [
            (self._layers.itemText(i), self._layers.itemData(i))
            for i in range(self._layers.count())
        ]
        if names != shown:
            self._layers.clear()
            for name, layer_id in names:
                self._layers.addItem(name, layer_id)
        self._layers.setEnabled(bool(tabled))
        if chosen is not None:
            self._layers.setCurrentIndex(self._layers.findData(chosen.id))
        self._stack.setCurrentIndex(0 if chosen is None else 1)
        self._show(chosen)

    def _show(self, layer: Layer | None) -> None:
        data = None if layer is None else layer.features
        words, project = self._desk.texts.wording, self._desk.project
        timed = layer is not None and layer.kind in SORTS
        moment = project.info.moment if timed else ""
        same = self._locale == self._desk.texts.locale and moment == self._moment
        if data is self._data and layer is self._layer and same:
            self._model.mark(self._selected())
            self._count()
            return
        other = layer is not self._layer
        header = self._view.horizontalHeader()
        if other and self._layer is not None:
            self._headers[self._layer.id] = header.saveState()
        self._layer, self._data, self._locale = layer, data, self._desk.texts.locale
        self._moment = moment
        states = states_now(project, layer, words) if layer is not None else ()
        table = ObjectTable(data, rule_words(words), states) if data else None
        self._model.show_table(table, self._selected())
        if other:
            self._first_look(layer)
        self._apply_filter()
        self._go_to_selected()

    def _first_look(self, layer: Layer | None) -> None:
        header = self._view.horizontalHeader()
        state = self._headers.get(layer.id) if layer is not None else None
        if state is None or not header.restoreState(state):
            header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
            for at in range(self._model.columnCount()):
                header.setSectionHidden(at, False)
                header.moveSection(header.visualIndex(at), at)
            self._view.fit_columns()
        line = self._filters.get(layer.id, "") if layer is not None else ""
        if self._filter.text() != line:
            self._filter.blockSignals(True)
            self._filter.setText(line)
            self._filter.blockSignals(False)

    def _layer_picked(self, at: int) -> None:
        self._desk.choose_layer(str(self._layers.itemData(at)))

    # Filter ----------------------------------------------------------------------------------

    def _typed(self) -> None:
        if self._layer is not None:
            self._filters[self._layer.id] = self._filter.text()
        self._typing.start()

    def _apply_filter(self) -> bool:
        """Show what fits the filter; False where the filter is wrong."""
        self._typing.stop()
        table, line, wrong = self._model.table, self._filter.text(), ""
        try:
            found = None
            if table is not None and line.strip():
                found = matching(table, line, filter_names(table, self._desk.texts.wording))
            self._model.filter(found)
        except CityError as error:
            sentence, hint = self._desk.texts.error(error)
            wrong = f"{sentence} {self._desk.texts.t('notice-try', hint=hint)}"
        self._problem.setText(wrong)
        self._problem.setVisible(bool(wrong))
        self._count()
        return not wrong

    # Choosing --------------------------------------------------------------------------------

    def _selected(self) -> Ints:
        if self._layer is None:
            return NONE
        return np.asarray(self._desk.session.selection.get(self._layer.id, NONE))

    def _selection_changed(self) -> None:
        if not self.isVisible():
            return
        self._model.mark(self._selected())
        self._count()
        self._go_to_selected()

    def _go_to_selected(self) -> None:
        row = self._model.first_marked_row()
        if row >= 0 and not self._view.hasFocus():
            self._view.go_to(row)

    def _chosen(self, rows: ArrayLike, mode: str) -> None:
        ids = self._model.ids(rows)
        old = self._selected()
        if mode == "add":
            ids = np.union1d(old, ids)
        elif mode == "toggle":
            ids = np.setxor1d(old, ids)
        self._select(ids)

    def _select(self, ids: Ints) -> None:
        """Select these objects of the layer; the table always shows what came of it."""
        if self._layer is None:
            return
        self._desk.choose_layer(self._layer.id)
        self._desk.session.select({self._layer.id: ids})
        self._model.mark(self._selected())

    def _select_found(self) -> None:
        if self._apply_filter():
            self._select(self._model.ids())

    def _invert(self) -> None:
        if self._model.table is not None:
            self._select(np.setdiff1d(self._model.ids(), self._selected()))

    def _show_only(self) -> None:
        self._model.show_only_selected(self._own["only"].isChecked())
        self._count()

    def _zoom_to_row(self, row: int) -> None:
        self._select(self._model.ids([row]))
        self._desk.actions["zoom-selection"].trigger()

    def _count(self) -> None:
        words = self._desk.texts.wording
        marked = int(self._model.marked.sum())
        self._counts.setText(
            words.t(
                "attributes-counts",
                shown=words.number(self._model.rowCount(), 0),
                total=words.number(self._model.total, 0),
                selected=words.number(marked, 0),
            )
        )
        some = self._model.rowCount() > 0
        for key in ("select-found", "copy", "export", "columns", "invert"):
            self._own[key].setEnabled(some)
        self._own["zoom"].setEnabled(marked > 0)

    # Columns ---------------------------------------------------------------------------------

    def _column_menu(self) -> None:
        button = self.findChild(QWidget, "attributes-bar-columns")
        at = self.mapToGlobal(QPoint(0, 0))
        if button is not None:
            at = button.mapToGlobal(QPoint(0, button.height()))
        self._open_columns(at)

    def _header_menu(self, at: QPoint) -> None:
        self._open_columns(self._view.horizontalHeader().mapToGlobal(at))

    def _open_columns(self, at: QPoint) -> None:
        menu, header = QMenu(self), self._view.horizontalHeader()
        menu.setObjectName("attributes-columns-menu")
        everything = menu.addAction(self._desk.texts.t("attributes-all-columns"))
        everything.setObjectName("attributes-all-columns")
        everything.triggered.connect(_plain(self._show_all_columns))
        menu.addSeparator()
        for column in range(self._model.columnCount()):
            name = str(self._model.headerData(column, Qt.Orientation.Horizontal))
            action = menu.addAction(name.replace("&", "&&"))
            action.setObjectName(f"column-{column}")
            action.setCheckable(True)
            action.setChecked(not header.isSectionHidden(column))
            action.toggled.connect(self._shower(column))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(at)

    def _shower(self, column: int) -> Callable[[bool], None]:
        def show(shown: bool) -> None:
            header = self._view.horizontalHeader()
            if shown or header.hiddenSectionCount() < header.count() - 1:
                header.setSectionHidden(column, not shown)

        return show

    def _show_all_columns(self) -> None:
        for column in range(self._model.columnCount()):
            self._view.horizontalHeader().setSectionHidden(column, False)

    def _row_menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setObjectName("attributes-menu")
        for key in ("zoom", "select-found", "invert", "only", "", "copy", "export", "columns"):
            if key:
                menu.addAction(self._own[key])
            else:
                menu.addSeparator()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self._view.viewport().mapToGlobal(at))

    # Taking away -----------------------------------------------------------------------------

    def _wanted(self) -> Ints:
        """Positions of the selected rows as they are shown, of all rows shown where none is."""
        rows = self._model.positions
        chosen = rows[self._model.marked[rows]]
        return chosen if len(chosen) else rows

    def _copy(self) -> None:
        if self._model.table is None:
            return
        header = self._view.horizontalHeader()
        visual = [header.logicalIndex(at) for at in range(header.count())]
        columns = [column for column in visual if not header.isSectionHidden(column)]
        positions = self._wanted()
        lines = self._model.lines(positions, columns)
        QGuiApplication.clipboard().setText("\n".join(lines) + "\n")
        count = self._desk.texts.wording.number(len(positions), 0)
        self._desk.tell("success", "attributes-copied", count=count)

    def _export(self) -> None:
        if self._layer is None:
            return
        texts, name = self._desk.texts, self._layer.name
        folder = self._desk.settings.last_folder or str(Path.home())
        dialog = QFileDialog(self.window(), texts.t("files-table-file"), folder)
        dialog.setObjectName("table-file")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([texts.t("files-xlsx"), texts.t("files-csv")])
        dialog.setDefaultSuffix("xlsx")
        dialog.filterSelected.connect(
            lambda chosen: dialog.setDefaultSuffix("csv" if "*.csv" in chosen else "xlsx")
        )
        dialog.selectFile(name)
        dialog.fileSelected.connect(lambda text: self.export_to(Path(text)))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def export_to(self, path: Path) -> None:
        """Write the selected rows, or all rows shown where none is selected, to a file.

        Parameters
        ----------
        path : pathlib.Path
            ``.csv`` or ``.xlsx``.
        """
        if self._layer is None:
            return
        project, layer_id, rows = self._desk.project, self._layer.id, self._wanted()

        def write(progress: Progress) -> int:
            progress.step(0, 0)
            return write_layer_table(project, layer_id, path, rows)

        def done(count: int) -> None:
            shown = self._desk.texts.wording.number(count, 0)
            self._desk.tell("success", "attributes-exported", count=shown, name=path.name)

        self._desk.start(self._desk.texts.t("job-table", name=path.name), write, done)


def _plain(does: Callable[[], object]) -> Callable[[bool], None]:
    def call(_checked: bool = False) -> None:
        does()

    return call
