"""The measurements: a table, all values of one, renaming, notes, measuring again, export."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QPoint, QSize, Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDockWidget,
    QFileDialog,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QSplitter,
    QStackedLayout,
    QTableView,
    QToolBar,
    QVBoxLayout,
    QWidget,
)

from app.measure_words import more_values, origin_lines, value_lines
from app.qt.desk import Desk
from app.qt.dialogs.measurement_points import MeasurementPoints
from app.qt.models.measurement_model import HEADS, KIND, NAME, VALUE, MeasurementModel
from app.qt.panels.ground_details import GroundDetails
from app.qt.panels.value_list import Line, ValueList
from layers.edits import change_measurements, measurement_layer, remove_measurements
from layers.errors import CityError
from layers.history import Label
from layers.kinds.measurements import Measurement, Measurements
from layers.planning.measure import measure_again
from layers.planning.measure_tables import write_measurements

AROUND = 30.0  # metres shown around a measurement at least
FILTERS = ("xlsx", "csv", "geojson")


class MeasurementsPanel(QWidget):
    """The panel of the measurements.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("measurements-panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._desk = desk
        self._choosing = False
        self._model = MeasurementModel(desk, self)
        self._own = self._make_actions()
        self._make()
        self._table.selectionModel().selectionChanged.connect(self._rows_chosen)
        self._model.modelReset.connect(self._selection_changed)
        self._model.dataChanged.connect(self._show_details)
        desk.selection_changed.connect(self._selection_changed)
        desk.tool_changed.connect(self._tool_changed)
        desk.texts.changed.connect(self._show_details)
        self._selection_changed()
        self._tool_changed(desk.session.tool)

    # Parts -----------------------------------------------------------------------------------

    def _make(self) -> None:
        desk = self._desk
        self._hint = QLabel()
        self._hint.setObjectName("measurements-hint")
        self._hint.setProperty("role", "dim")
        self._hint.setWordWrap(True)
        self._empty = QLabel()
        self._empty.setObjectName("measurements-empty")
        self._empty.setProperty("role", "dim")
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setMargin(12)
        desk.texts.bind(self._empty, "setText", "measurements-empty")
        self._table = QTableView()
        self._table.setObjectName("measurements-table")
        self._table.setModel(self._model)
        self._table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self._table.setEditTriggers(
            QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.SelectedClicked
        )
        self._table.setShowGrid(False)
        self._table.setAlternatingRowColors(True)
        self._table.setTabKeyNavigation(False)
        self._table.setIconSize(QSize(16, 16))
        self._table.verticalHeader().hide()
        self._table.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 10)
        header = self._table.horizontalHeader()
        header.setObjectName("measurements-header")
        header.setHighlightSections(False)
        header.setStretchLastSection(True)
        for column, width in zip(range(len(HEADS)), (108, 60, 132, 200), strict=True):
            self._table.setColumnWidth(column, width)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self._table.setColumnHidden(KIND, True)
        self._table.doubleClicked.connect(self._double_clicked)
        self._table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._table.customContextMenuRequested.connect(self._open_menu)
        desk.texts.bind(self._table, "setAccessibleName", "panel-measurements")
        split = QSplitter(Qt.Orientation.Vertical)
        split.setObjectName("measurements-split")
        split.setChildrenCollapsible(False)
        split.addWidget(self._table)
        split.addWidget(self._make_details())
        split.setStretchFactor(0, 1)
        split.setStretchFactor(1, 1)
        self._stack = QStackedLayout()
        box = QVBoxLayout(self)
        box.setContentsMargins(6, 4, 6, 6)
        box.setSpacing(4)
        box.addWidget(self._make_bar())
        box.addWidget(self._hint)
        box.addLayout(self._stack, 1)  # before its pages: alone, it shows the first as a window
        self._stack.addWidget(self._empty)
        self._stack.addWidget(split)

    def _make_details(self) -> QWidget:
        self._details = QWidget()
        self._details.setObjectName("measurement-details")
        self._title = QLabel()
        self._title.setObjectName("measurement-title")
        self._title.setProperty("role", "heading")
        self._title.setWordWrap(True)
        self._stale = QLabel()
        self._stale.setObjectName("measurement-stale")
        self._stale.setProperty("role", "warning")
        self._stale.setWordWrap(True)
        self._desk.texts.bind(self._stale, "setText", "measure-stale")
        self._values = ValueList(self._desk, "measurement-values", "measure-values")
        self._note = QLineEdit()
        self._note.setObjectName("measurement-note")
        self._desk.texts.bind(self._note, "setPlaceholderText", "measure-note")
        self._desk.texts.bind(self._note, "setAccessibleName", "measure-note")
        self._note.editingFinished.connect(self._noted)
        box = QVBoxLayout(self._details)
        box.setContentsMargins(2, 6, 2, 0)
        box.setSpacing(4)
        for part in (self._title, self._stale):
            box.addWidget(part)
        self._ground = GroundDetails(self._desk)
        self._ground.changed.connect(self._moved)
        box.addWidget(self._ground)
        box.addWidget(self._values, 1)
        box.addWidget(self._note)
        return self._details

    def _make_actions(self) -> dict[str, QAction]:
        rows: tuple[tuple[str, str, str, Callable[[], object]], ...] = (
            ("zoom", "zoom-to", "", self._zoom),
            ("rename", "rename", "F2", self._rename),
            ("points", "points", "", self._edit_points),
            ("again", "view-update", "", self._measure_again),
            ("again-all", "redo", "", self._measure_all_again),
            ("copy", "copy", "Ctrl+C", self._copy),
            ("export", "table-export", "", self._export),
            ("remove", "remove", "Del", self._remove),
        )
        own: dict[str, QAction] = {}
        for key, icon, keys, does in rows:
            action = QAction(self)
            action.setObjectName(f"measurements-{key}")
            action.setShortcut(keys)
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            action.triggered.connect(_plain(does))
            self._desk.texts.bind(action, "setText", f"measurements-{key}")
            self._desk.theme.set_icon(action, icon)
            self.addAction(action)
            own[key] = action
        return own

    def _make_bar(self) -> QToolBar:
        bar = QToolBar()
        bar.setObjectName("measurements-bar")
        bar.setProperty("role", "panel")
        bar.setIconSize(QSize(16, 16))
        for key, action in self._own.items():
            bar.addAction(action)
            button = bar.widgetForAction(action)
            button.setObjectName(f"measurements-bar-{key}")
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return bar

    # Showing ---------------------------------------------------------------------------------

    def _tool_changed(self, tool: str) -> None:
        """Tell how to measure, and stand where the answers will be seen."""
        measuring = tool.startswith("measure-")
        self._hint.setVisible(measuring)
        if not measuring:
            return
        self._desk.texts.bind(self._hint, "setText", f"measure-how-{tool.removeprefix('measure-')}")
        dock = self.parentWidget()
        while dock is not None and not isinstance(dock, QDockWidget):
            dock = dock.parentWidget()
        if dock is not None:
            dock.show()
            dock.raise_()

    def _chosen(self) -> list[Measurement]:
        rows = sorted(index.row() for index in self._table.selectionModel().selectedRows())
        return [self._model.items[row] for row in rows]

    def _selection_changed(self) -> None:
        """Choose the rows of the measurements that are selected in the picture."""
        self._stack.setCurrentIndex(1 if self._model.items else 0)
        layer = measurement_layer(self._desk.project)
        ids = self._desk.session.selection.get(layer.id, ()) if layer is not None else ()
        rows = [row for i in ids if (row := self._model.row_of(int(i))) >= 0]
        chosen = QItemSelection()
        for row in rows:
            chosen.select(self._model.index(row, 0), self._model.index(row, len(HEADS) - 1))
        self._choosing = True
        flags = QItemSelectionModel.SelectionFlag
        self._table.selectionModel().select(chosen, flags.ClearAndSelect)
        if rows and self._table.currentIndex().row() not in rows:
            at = self._model.index(rows[0], NAME)
            self._table.selectionModel().setCurrentIndex(at, flags.NoUpdate)
            self._table.scrollTo(at)
        self._choosing = False
        self._show_details()

    def _rows_chosen(self) -> None:
        if self._choosing:
            return
        layer = measurement_layer(self._desk.project)
        if layer is not None:
            ids = [item.id for item in self._chosen()]
            self._desk.session.select({layer.id: ids} if ids else {})
        self._show_details()

    def _show_details(self) -> None:
        chosen, words = self._chosen(), self._desk.texts.wording
        some = len(self._model.items) > 0
        stale = any(self._model.stale(row) for row in range(len(self._model.items)))
        for key, possible in (
            ("zoom", bool(chosen)), ("rename", len(chosen) == 1), ("again", bool(chosen)),
            ("points", len(chosen) == 1 and chosen[0].kind != "building"),
            ("again-all", stale), ("copy", some), ("export", some), ("remove", bool(chosen)),
        ):  # fmt: skip
            self._own[key].setEnabled(possible)
        self._details.setVisible(len(chosen) == 1)
        self._ground.show_item(chosen[0] if len(chosen) == 1 else None)
        if len(chosen) != 1:
            return
        item = chosen[0]
        self._title.setText(item.name)
        self._stale.setVisible(self._model.stale(self._model.row_of(item.id)))
        lines = [Line(name, value) for name, value in value_lines(item, words)]
        lines += [self._points_line(item), *self._target_line(item)]
        lines += [Line(name, value) for name, value in origin_lines(item, words)]
        self._values.show_lines(lines)
        if not self._note.hasFocus() or self._note.text() != item.note:
            self._note.setText(item.note)

    def _points_line(self, item: Measurement) -> Line:
        words = self._desk.texts.wording
        below = tuple(
            Line(str(number), f"{p[0]:.3f}, {p[1]:.3f}, {p[2]:.3f}")
            for number, p in enumerate(item.points, 1)
        )
        count = words.number(len(item.points), 0)
        return Line(words.t("measure-points"), count, below=below)

    def _target_line(self, item: Measurement) -> list[Line]:
        if item.target is None:
            return []
        layer_id, object_id = item.target
        names = [x.name for x in self._desk.project.layers if x.id == layer_id]
        words = self._desk.texts.wording
        name = names[0] if names else words.t("value-unknown")
        return [Line(words.t("measure-target"), f"{name} {object_id}")]

    def _open_menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setObjectName("measurements-menu")
        menu.addActions(list(self._own.values()))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self._table.viewport().mapToGlobal(at))

    # Doing -----------------------------------------------------------------------------------

    def _double_clicked(self) -> None:
        if self._table.currentIndex().column() != NAME:
            self._zoom()

    def _zoom(self) -> None:
        points = [p for item in self._chosen() for p in item.points]
        if points:
            east, north = [p[0] for p in points], [p[1] for p in points]
            margin = max(AROUND, 0.4 * max(max(east) - min(east), max(north) - min(north)))
            self._desk.viewport.fit(
                (min(east) - margin, min(north) - margin, max(east) + margin, max(north) + margin)
            )

    def _rename(self) -> None:
        chosen = self._chosen()
        if len(chosen) == 1:
            index = self._model.index(self._model.row_of(chosen[0].id), NAME)
            self._table.setFocus()
            self._table.edit(index)

    def _noted(self) -> None:
        chosen, note = self._chosen(), self._note.text().strip()
        if len(chosen) == 1 and chosen[0].note != note:
            title = Label("edit-note-measurement", {"name": chosen[0].name})
            self._model.change(replace(chosen[0], note=note), title)

    def _edit_points(self) -> None:
        chosen = self._chosen()
        if len(chosen) == 1:
            dialog = MeasurementPoints(self._desk, chosen[0], self.window())
            dialog.measured.connect(self._moved)
            dialog.open()

    def _moved(self, item: Measurement) -> None:
        self._model.change(item, Label("edit-change-measurement", {"name": item.name}))

    def _measure_again(self) -> None:
        self._again(self._chosen())

    def _measure_all_again(self) -> None:
        items = self._model.items
        self._again([item for row, item in enumerate(items) if self._model.stale(row)])

    def _again(self, items: list[Measurement]) -> None:
        """Measure again what can be; tell the first that cannot."""
        project = self._desk.project
        layer = measurement_layer(project)
        if layer is None or not isinstance(layer.data, Measurements) or not items:
            return
        data, done, error = layer.data, [], None
        for item in items:
            try:
                data = data.with_changed(measure_again(project, item))
                done.append(item.name)
            except CityError as problem:
                error = error or problem
        if done:
            names = self._desk.texts.wording.listed(done[:4])
            names = f"{names} …" if len(done) > 4 else names
            title = Label("edit-again-measurement", {"name": names})
            self._desk.run(change_measurements(project, data, title))
        if error is not None:
            self._desk.tell_error(error)

    def _remove(self) -> None:
        ids = [item.id for item in self._chosen()]
        if ids and not self._note.hasFocus():
            self._desk.attempt(
                lambda: self._desk.session.run(remove_measurements(self._desk.project, ids))
            )

    def _copy(self) -> None:
        words = self._desk.texts.wording
        ground = self._desk.settings.distance == "ground"
        lines = []
        for item in self._chosen() or self._model.items:
            value = str(self._model.index(self._model.row_of(item.id), VALUE).data())
            cells = (item.name, words.t(f"measure-{item.kind}"), value,
                     more_values(item, words, ground=ground))  # fmt: skip
            lines.append("\t".join(cells))
        QGuiApplication.clipboard().setText("\n".join(lines) + "\n")
        count = words.number(len(lines), 0)
        self._desk.tell("success", "measurements-copied", count=count)

    def _export(self) -> None:
        texts = self._desk.texts
        folder = self._desk.settings.last_folder or str(Path.home())
        dialog = QFileDialog(self.window(), texts.t("files-measurements-file"), folder)
        dialog.setObjectName("measurements-file")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([texts.t(f"files-{key}") for key in FILTERS])
        dialog.setDefaultSuffix(FILTERS[0])
        dialog.filterSelected.connect(
            lambda text: dialog.setDefaultSuffix(next(k for k in FILTERS if f"*.{k}" in text))
        )
        dialog.selectFile(texts.t("panel-measurements"))
        dialog.fileSelected.connect(lambda text: self.export_to(Path(text)))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def export_to(self, path: Path) -> None:
        """Write the chosen measurements, or all where none is chosen, to a file.

        Parameters
        ----------
        path : pathlib.Path
            ``.csv``, ``.xlsx`` or ``.geojson``.
        """
        items = self._chosen() or list(self._model.items)
        stale = {item.id: self._model.stale(self._model.row_of(item.id)) for item in items}
        frame = self._desk.project.need_frame()
        if self._desk.attempt(lambda: write_measurements(items, path, frame, stale)):
            count = self._desk.texts.wording.number(len(items), 0)
            self._desk.tell("success", "measurements-exported", count=count, name=path.name)


def _plain(does: Callable[[], object]) -> Callable[[bool], None]:
    def call(_checked: bool = False) -> None:
        does()

    return call
