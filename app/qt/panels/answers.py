"""The answers of a project: a list, the figures and the table of one, asked again, written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QAction, QColor, QIcon
from PySide6.QtWidgets import (
    QDockWidget,
    QFileDialog,
    QInputDialog,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QSplitter,
    QStackedLayout,
    QToolBar,
    QVBoxLayout,
    QWidget,
)

from app import analyses
from app.answer_papers import papers_of
from app.answer_words import (
    HIDDEN,
    analysis_name,
    cell,
    changed_words,
    fact_lines,
    heading,
    scheme_name,
    status_name,
)
from app.qt import asking
from app.qt.desk import Desk
from app.qt.panels.result_table import Cell, ResultTable
from app.qt.panels.value_list import Line, ValueList
from layers.analyses import edits
from layers.analyses.marks import STATUS_COLOURS
from layers.analyses.tables import write_answer
from layers.edits import SetLook, Together
from layers.kinds.answers import ROWS, SavedAnalysis
from layers.kinds.base import Features
from layers.style import numbers

AROUND = 40.0  # metres shown around a row's place at least
SUFFIXES = ("xlsx", "csv", "geojson", "gpkg", "json")
NUMBER = Qt.ItemDataRole.UserRole


class AnswersPanel(QWidget):
    """The panel of the answers.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("answers-panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._desk = desk
        self._items: tuple[SavedAnalysis, ...] = ()
        self._stale: dict[int, tuple[str, ...]] = {}
        self._asked: dict[int, tuple[object, ...]] = {}  # what staleness was last looked at for
        self._chosen = 0
        self._following = False
        self._own = self._make_actions()
        self._make()
        asking.listen(desk, self.show_answer)
        desk.project_changed.connect(self._forget)
        desk.project_edited.connect(self._follow)
        desk.selection_changed.connect(self._selection_changed)
        desk.texts.changed.connect(self._retell)
        self._follow()

    # Parts -----------------------------------------------------------------------------------

    def _make_actions(self) -> dict[str, QAction]:
        out: dict[str, QAction] = {}
        for key, icon, does in (
            ("again", "redo", self._again),
            ("again-all", "recent", self._again_all),
            ("form", "edit", self._open_form),
            ("show", "eye", self._toggle_marks),
            ("rename", "rename", self._rename),
            ("note", "note", self._note),
            ("take", "kind-buildings", self._take),
            ("export", "table-export", self._ask_export),
            ("remove", "remove", self._remove),
        ):
            action = QAction(self)
            action.setObjectName(f"answers-{key}")
            self._desk.theme.set_icon(action, icon)
            self._desk.texts.bind(action, "setText", f"answers-{key}")
            self._desk.texts.bind(action, "setToolTip", f"answers-{key}")
            action.triggered.connect(_plain(does))
            out[key] = action
        out["show"].setCheckable(True)
        return out

    def _make(self) -> None:
        desk = self._desk
        bar = QToolBar()
        bar.setObjectName("answers-bar")
        bar.setIconSize(QSize(18, 18))
        for key, action in self._own.items():
            bar.addAction(action)
            bar.widgetForAction(action).setObjectName(f"answers-bar-{key}")
        self._list = QListWidget()
        self._list.setObjectName("answers-list")
        self._list.setIconSize(QSize(16, 16))
        self._list.currentItemChanged.connect(self._list_chosen)
        self._list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._list.customContextMenuRequested.connect(self._open_menu)
        self._list.itemDoubleClicked.connect(lambda _item: self._zoom_all())
        desk.texts.bind(self._list, "setAccessibleName", "panel-answers")
        self._title = QLabel()
        self._title.setObjectName("answer-title")
        self._title.setProperty("role", "heading")
        self._title.setWordWrap(True)
        self._warning = QLabel()
        self._warning.setObjectName("answer-stale")
        self._warning.setProperty("role", "warning")
        self._warning.setWordWrap(True)
        self._facts = ValueList(desk, "answer-facts", "answers-facts")
        self._table = ResultTable(desk, "answer-table")
        self._table.chosen_row.connect(self._row_chosen)
        self._table.activated_row.connect(self._row_zoomed)
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(4, 2, 4, 0)
        column.setSpacing(4)
        column.addWidget(self._title)
        column.addWidget(self._warning)
        column.addWidget(self._facts, 1)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setObjectName("answers-split")
        split.setChildrenCollapsible(False)
        for part, share in ((self._list, 2), (middle, 3), (self._table, 6)):
            split.addWidget(part)
            split.setStretchFactor(split.count() - 1, share)
        split.setSizes([230, 300, 620])
        self._stack = QStackedLayout()
        box = QVBoxLayout(self)
        box.setContentsMargins(6, 2, 6, 6)
        box.setSpacing(2)
        box.addWidget(bar)
        box.addLayout(self._stack, 1)  # before its pages: alone, it shows the first as a window
        self._stack.addWidget(self._empty_page())
        self._stack.addWidget(split)

    def _empty_page(self) -> QLabel:
        empty = QLabel()
        empty.setObjectName("answers-empty")
        empty.setProperty("role", "dim")
        empty.setWordWrap(True)
        empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        empty.setMargin(12)
        self._desk.texts.bind(empty, "setText", "answers-empty")
        return empty

    # Following the project -------------------------------------------------------------------

    def _forget(self) -> None:
        self._items, self._stale, self._asked, self._chosen = (), {}, {}, 0
        self._follow()

    def _follow(self) -> None:
        """Show the project's answers as they are now, and whether they still hold."""
        items = edits.answers_of(self._desk.project).items
        stale = {item.id: self._stale_of(item) for item in items}
        same = len(items) == len(self._items) and all(
            a is b for a, b in zip(items, self._items, strict=True)
        )
        if same and stale == self._stale:
            return
        self._items, self._stale = items, stale
        self._fill()

    def _stale_of(self, item: SavedAnalysis) -> tuple[str, ...]:
        """Look again only where something was swapped."""
        project = self._desk.project
        now: tuple[object, ...] = (
            item, project.frame, project.info.moment,
            *(layer.data for layer in project.layers if layer.kind != "answers"),
        )  # fmt: skip
        before = self._asked.get(item.id)
        if (
            before is not None
            and len(before) == len(now)
            and all(a is b for a, b in zip(before, now, strict=True))
        ):
            return self._stale.get(item.id, ())
        self._asked[item.id] = now
        return analyses.stale_inputs(project, item)

    def _fill(self) -> None:
        self._following = True
        self._list.clear()
        texts = self._desk.texts
        for item in self._items:
            stale = self._stale[item.id]
            words = [analysis_name(item.kind, texts.wording)]
            words += [status_name(item.outcome.status, texts.wording)]
            words += [scheme_name(item.scheme, texts.wording)] if item.scheme else []
            words += [texts.t("answers-is-stale")] if stale else []
            entry = QListWidgetItem(f"{item.name}\n{' · '.join(words)}")
            entry.setData(NUMBER, item.id)
            entry.setIcon(self._sign(item, bool(stale)))
            self._list.addItem(entry)
            if item.id == self._chosen:
                self._list.setCurrentItem(entry)
        self._following = False
        if self._items and self._list.currentRow() < 0:
            self._list.setCurrentRow(len(self._items) - 1)
        self._stack.setCurrentIndex(1 if self._items else 0)
        self._show()

    def _sign(self, item: SavedAnalysis, stale: bool) -> QIcon:
        status = item.outcome.status
        icon = {"pass": "success", "fail": "error", "warning": "warning"}.get(status, "info")
        return self._desk.theme.icon("recent" if stale else icon, "warning" if stale else "text")

    def _retell(self) -> None:
        if self._items:
            self._fill()

    # One answer ------------------------------------------------------------------------------

    @property
    def item(self) -> SavedAnalysis | None:
        """The answer that is chosen in the list."""
        return next((item for item in self._items if item.id == self._chosen), None)

    def show_answer(self, number: int) -> None:
        """Open the panel with an answer chosen."""
        self._chosen = number
        self._follow()
        for row, item in enumerate(self._items):
            if item.id == number:
                self._list.setCurrentRow(row)
        dock = self.parent()
        if isinstance(dock, QDockWidget):
            dock.show()
            dock.raise_()

    def _list_chosen(self, now: QListWidgetItem | None, _before: object = None) -> None:
        if not self._following and now is not None:
            self._chosen = int(now.data(NUMBER))
            self._show()

    def _show(self) -> None:
        item, words = self.item, self._desk.texts.wording
        stale = any(self._stale.values())
        for key, action in self._own.items():
            possible = stale if key == "again-all" else item is not None
            if key == "take" and item is not None:
                possible = any(marks.name == edits.OFFERED for marks in item.outcome.marks)
            action.setEnabled(possible)
        layer = edits.answers_layer(self._desk.project)
        seen = item is not None and item.shown and layer is not None and layer.visible
        self._own["show"].setChecked(seen)
        if item is None:
            return
        self._title.setText(f"{item.name} · {status_name(item.outcome.status, words)}")
        changes = self._stale.get(item.id, ())
        self._warning.setVisible(bool(changes))
        told = changed_words(self._desk.project, changes, words)
        self._warning.setText(words.t("answers-stale", changes=told))
        lines = [Line(name, value) for name, value in fact_lines(item, words)]
        lines += [Line(words.t("answers-remark"), words.note(n)) for n in item.outcome.notes]
        lines += [
            Line(words.t(f"answers-column-{name}"), value)
            for name, value in (
                ("scheme", scheme_name(item.scheme, words)),
                ("created", item.created[:16]),
            )
            if value
        ]
        lines += [Line(words.t("answers-program"), item.program)]
        lines += [Line(words.t("answers-note"), item.note)] if item.note else []
        self._facts.show_lines(lines)
        self._show_table(item)

    def _show_table(self, item: SavedAnalysis) -> None:
        words, found = self._desk.texts.wording, item.outcome.table
        columns = [name for name in found.column_names if name not in HIDDEN]
        rows = [
            [
                Cell(
                    row[name] if not isinstance(row[name], list) else str(row[name]),
                    cell(name, row[name], words),
                    self._colour(row[name]) if name == "status" else "",
                )
                for name in columns
            ]
            for row in found.select(columns).to_pylist()
        ]
        self._table.show_rows([heading(item.kind, name, words) for name in columns], rows)

    def _colour(self, status: object) -> str:
        ink = STATUS_COLOURS.get(str(status), "")
        return QColor(ink).darker(115).name() if status == "warning" else ink

    # Rows ------------------------------------------------------------------------------------

    def _row_chosen(self, row: int) -> None:
        """Select what a row is about, and its marks."""
        item = self.item
        layer = edits.answers_layer(self._desk.project)
        if item is None or layer is None or self._following:
            return
        chosen = {layer.id: [item.id * ROWS + row]} if item.shown else {}
        target = self._target(item, row)
        if target is not None:
            chosen[target[0]] = [target[1]]
        self._following = True
        self._desk.session.select(chosen)
        self._following = False
        box = self._box_of(item, row)
        if box is not None:
            self._desk.viewport.show_whole(box)

    def _target(self, item: SavedAnalysis, row: int) -> tuple[str, int] | None:
        found = item.outcome.table
        if not {"layer", "object"} <= set(found.column_names):
            return None
        layer_id, number = found.column("layer")[row].as_py(), found.column("object")[row].as_py()
        if layer_id is None or number is None:
            return None
        for layer in self._desk.project.layers:
            if layer.id == layer_id and isinstance(layer.data, Features):
                return (layer_id, int(number)) if number in layer.data.ids else None
        return None

    def _row_zoomed(self, row: int) -> None:
        item = self.item
        box = None if item is None else self._box_of(item, row)
        if box is not None:
            self._fit(box)

    def _box_of(self, item: SavedAnalysis, row: int) -> tuple[float, float, float, float] | None:
        """Give the box around the object, the place or the marks of a row."""
        target = self._target(item, row)
        if target is not None:
            data = self._desk.project.layer(target[0]).features
            return data.shapes.take(data.index_of([target[1]])).extent()
        found = item.outcome.table
        if {"east", "north"} <= set(found.column_names):
            east, north = found.column("east")[row].as_py(), found.column("north")[row].as_py()
            if east is not None and north is not None and np.isfinite([east, north]).all():
                return east, north, east, north
        for marks in item.outcome.marks:
            data_of = marks.data
            if isinstance(data_of, Features) and "row" in data_of.attributes.column_names:
                rows = numbers(data_of.column("row"))
                at = np.flatnonzero(rows == row)
                if len(at):
                    return data_of.shapes.take(at).extent()
        return None

    def _zoom_all(self) -> None:
        item = self.item
        box = None if item is None else item.extent()
        if box is not None:
            self._fit(box)

    def _fit(self, box: tuple[float, float, float, float]) -> None:
        west, south, east, north = box
        margin = max(AROUND, 0.6 * max(east - west, north - south))
        self._desk.viewport.fit((west - margin, south - margin, east + margin, north + margin))

    def _selection_changed(self) -> None:
        """Choose the row whose mark was clicked in the picture."""
        layer = edits.answers_layer(self._desk.project)
        if layer is None or self._following:
            return
        ids = self._desk.session.selection.get(layer.id)
        if ids is None or len(ids) != 1:
            return
        number, row = divmod(int(ids[0]), ROWS)
        if any(item.id == number for item in self._items):
            self.show_answer(number)
            self._following = True
            self._table.choose(row)
            self._following = False

    # Doing -----------------------------------------------------------------------------------

    def _open_menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setObjectName("answers-menu")
        menu.addActions(list(self._own.values()))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self._list.viewport().mapToGlobal(at))

    def _again(self) -> None:
        if self.item is not None:
            asking.again(self._desk, self.item)

    def _again_all(self) -> None:
        for item in self._items:
            if self._stale.get(item.id):
                asking.again(self._desk, item)

    def _open_form(self) -> None:
        from app.qt.dialogs.analysis_form import AnalysisForm

        if self.item is not None:
            params = dict(self.item.params)
            AnalysisForm(self._desk, self.item.kind, self.window(), params).show()

    def _toggle_marks(self) -> None:
        item = self.item
        if item is None:
            return
        project, shown = self._desk.project, {other.id for other in self._items if other.shown}
        layer = edits.answers_layer(project)
        if layer is None or layer.visible:
            self._desk.run(edits.show_answers(project, shown ^ {item.id}))
            return
        marks = edits.show_answers(project, shown | {item.id})  # the whole layer was hidden
        look = SetLook(layer.id, "visible", value=True)
        self._desk.run(Together((look, marks), marks.label))
        self._show()

    def _rename(self) -> None:
        self._type("answers-rename", "name", edits.rename_answer)

    def _note(self) -> None:
        self._type("answers-note", "note", edits.note_answer)

    def _type(self, key: str, what: str, make: Callable[..., object]) -> None:
        item, t = self.item, self._desk.texts.t
        if item is None:
            return
        dialog = QInputDialog(self.window())
        dialog.setObjectName(key)
        dialog.setWindowTitle(t(key))
        dialog.setLabelText(t("answers-column-name" if what == "name" else key))
        dialog.setTextValue(getattr(item, what))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        project, session = self._desk.project, self._desk.session

        def keep(text: str) -> None:
            self._desk.attempt(lambda: session.run(make(project, item.id, text)))  # type: ignore[arg-type]  # both make commands

        dialog.textValueSelected.connect(keep)
        dialog.open()

    def _remove(self) -> None:
        if self.item is not None:
            self._desk.run(edits.remove_answers(self._desk.project, [self.item.id]))

    def _take(self) -> None:
        if self.item is not None:
            command = edits.take_offered(self.item, self.item.name)
            self._desk.run(command)

    def _ask_export(self) -> None:
        item, texts = self.item, self._desk.texts
        if item is None:
            return
        folder = self._desk.settings.last_folder or str(Path.home())
        dialog = QFileDialog(self.window(), texts.t("answers-export"), folder)
        dialog.setObjectName("answers-file")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        known = (*SUFFIXES, *(suffix[1:] for suffix in papers_of(item.kind)))
        dialog.setNameFilters([texts.t(f"answers-files-{key}") for key in known])
        dialog.setDefaultSuffix(known[0])
        dialog.filterSelected.connect(
            lambda text: dialog.setDefaultSuffix(next(k for k in known if f"*.{k})" in text))
        )
        dialog.selectFile(item.name)
        dialog.fileSelected.connect(lambda text: self.export_to(Path(text)))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def export_to(self, path: Path) -> None:
        """Write the chosen answer; the suffix chooses how."""
        item, frame = self.item, self._desk.project.frame
        if item is None or frame is None:
            return
        if path.suffix.lower() in papers_of(item.kind):
            asking.write_on_paper(self._desk, item, path)
            return
        stale = self._stale.get(item.id, ())
        names = {layer.id: layer.name for layer in self._desk.project.layers}
        if self._desk.attempt(lambda: write_answer(item, path, frame, stale=stale, layers=names)):
            self._desk.tell("success", "answers-exported", name=path.name)


def _plain(does: Callable[[], object]) -> Callable[[bool], None]:
    def call(_checked: bool = False) -> None:
        does()

    return call
