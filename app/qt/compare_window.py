"""A window that compares schemes: differences, linked pictures, a curtain, blinking, figures."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QSplitter,
    QTableWidget,
    QTableWidgetItem,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from app.qt.desk import Desk
from app.qt.jobs import Job
from app.qt.panels.result_table import Cell, ResultTable
from app.qt.scheme_pictures import Curtain, SchemePicture, link
from app.scheme_objects import ObjectChange, object_changes, object_heads, object_values
from app.scheme_reports import compared, figure_rows, write_comparison
from app.wording import Wording
from layers.progress import Progress
from layers.project import Project
from layers.schemes import captured, project_with
from layers.schemes_compare import COLOURS, Figure, difference_project, figures, shown_alone
from layers.schemes_model import EXISTING
from layers.viewpoint import Viewpoint

WAYS = ("difference", "panes", "curtain", "blink")
MOST = 4  # pictures beside each other
TABLES_HIGH = 250  # points of the tables at first
LOWEST = -0.3  # radians: an object is looked at from above
NEAR, TIMES = 80.0, 3.0  # metres from an object that is looked at, and how many times its size more


class CompareWindow(QWidget):
    """Compares up to four schemes of the open project, as they are when it opens.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    parent : QWidget
        The main window.
    """

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setObjectName("compare-window")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._desk = desk
        self._project = project_with(desk.project, _shown(desk.project))
        self._eye = desk.viewport.viewpoint
        self._pictures: list[SchemePicture] = []
        self._shown_widget: QWidget | None = None
        self._asking: Job | None = None
        self._filled: list[str] = []
        self._closed = False
        desk.texts.bind(self, "setWindowTitle", "compare-title")
        self._choices = [self._make_choice(number) for number in range(MOST)]
        self._way = QComboBox()
        self._way.setObjectName("compare-way")
        for way in WAYS:
            self._way.addItem(desk.texts.t(f"compare-{way}"), way)
        export = QPushButton()
        export.setObjectName("compare-export")
        desk.texts.bind(export, "setText", "compare-export")
        export.clicked.connect(self._export)
        top = QHBoxLayout()
        top.addWidget(self._way)
        for choice in self._choices:
            top.addWidget(choice)
        top.addStretch(1)
        top.addWidget(export)
        self._legend = QLabel(self._legend_text())
        self._legend.setObjectName("compare-legend")
        above = QWidget()
        self._place = QVBoxLayout(above)
        self._place.setContentsMargins(0, 0, 0, 0)
        self._objects: list[tuple[str, ObjectChange]] = []
        self._table, self._tabs = QTableWidget(), QTabWidget()
        self._list = ResultTable(desk, "compare-objects")
        parts = QSplitter(Qt.Orientation.Vertical)
        self._lay_parts(parts, above)
        box = QVBoxLayout(self)
        box.setContentsMargins(8, 8, 8, 8)
        box.addLayout(top)
        box.addWidget(self._legend)
        box.addWidget(parts, 1)
        self.resize(1280, 860)
        names = self._names()
        for number, choice in enumerate(self._choices):
            choice.setCurrentIndex(number if number < 2 and number < len(names) else -1)
            choice.currentIndexChanged.connect(self._rebuild)
        self._way.currentIndexChanged.connect(self._rebuild)
        self._rebuild()

    def _lay_parts(self, parts: QSplitter, above: QWidget) -> None:
        """Lay the tables below the pictures; the edge between them is dragged."""
        texts = self._desk.texts
        self._table.setObjectName("compare-table")
        self._table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self._table.verticalHeader().hide()
        texts.bind(self._list, "setAccessibleName", "compare-title")
        self._list.chosen_row.connect(self._look_at)
        self._tabs.setObjectName("compare-tabs")
        self._tabs.addTab(self._table, texts.t("compare-figures-tab"))
        self._tabs.addTab(self._list, texts.t("compare-objects-tab", count=0))
        parts.setObjectName("compare-parts")
        parts.addWidget(above)
        parts.addWidget(self._tabs)
        parts.setChildrenCollapsible(False)
        parts.setStretchFactor(0, 1)
        parts.setSizes([560, TABLES_HIGH])

    def _names(self) -> list[str]:
        return [EXISTING, *(scheme.name for scheme in captured(self._project).items)]

    def _make_choice(self, number: int) -> QComboBox:
        choice = QComboBox()
        choice.setObjectName(f"compare-scheme-{number + 1}")
        for name in self._names():
            text = self._desk.texts.t("schemes-existing") if name == EXISTING else name
            choice.addItem(text, name)
        choice.setPlaceholderText("-")
        return choice

    def _legend_text(self) -> str:
        texts = self._desk.texts
        parts = [
            f'<span style="color:{colour}">■</span> {texts.t(f"compare-{what}")}'
            for what, colour in COLOURS.items()
        ]
        return "&nbsp;&nbsp;&nbsp;".join(parts)

    @property
    def project(self) -> Project:
        """The project as it was when the window opened."""
        return self._project

    @property
    def chosen(self) -> list[str]:
        """The schemes that are compared, the one to compare with first."""
        names = [str(c.currentData()) for c in self._choices if c.currentIndex() >= 0]
        return list(dict.fromkeys(names))

    @property
    def pictures(self) -> tuple[SchemePicture, ...]:
        """The live pictures."""
        return tuple(self._pictures)

    # Showing ---------------------------------------------------------------------------------

    def _rebuild(self) -> None:
        names, way = self.chosen, str(self._way.currentData())
        for number, choice in enumerate(self._choices):
            choice.setVisible(number < (MOST if way == "panes" else 2))
        self._legend.setVisible(way == "difference")
        self._clear()
        if way != "panes":
            names = names[:2]
        if len(names) < 2:
            return
        if way == "difference":
            parts = {what: self._desk.texts.t(f"compare-{what}") for what in COLOURS}
            shown = difference_project(self._project, names[0], names[1], parts)
            self._pictures = [self._picture(shown, f"{self._word(names[0])} → "
                                                   f"{self._word(names[1])}")]  # fmt: skip
            self._put(self._pictures[0])
        else:
            self._pictures = [
                self._picture(shown_alone(self._project, name), self._word(name)) for name in names
            ]
            link(self._pictures)
            if way == "panes":
                self._put(self._grid())
            else:
                self._pictures[1].name_right = way == "curtain"
                curtain = Curtain(self._pictures[0], self._pictures[1])
                self._put(curtain)
                curtain.blinking = way == "blink"
        self._list_objects(names)
        for picture in self._pictures:
            picture.look_from(self._eye)
        if self._pictures:
            self._pictures[0].moved.connect(self._keep_eye)
        self._fill(names)

    def _keep_eye(self, eye: object) -> None:
        self._eye = self._pictures[0].stage.viewpoint if self._pictures else self._eye
        del eye

    def _word(self, name: str) -> str:
        return self._desk.texts.t("schemes-existing") if name == EXISTING else name

    def _picture(self, project: Project, name: str) -> SchemePicture:
        return SchemePicture(self._desk, project, name)

    def _grid(self) -> QWidget:
        grid = QWidget()
        cells = QGridLayout(grid)
        cells.setContentsMargins(0, 0, 0, 0)
        cells.setSpacing(4)
        wide = 2 if len(self._pictures) > 1 else 1
        for number, picture in enumerate(self._pictures):
            cells.addWidget(picture, number // wide, number % wide)
        return grid

    def _put(self, widget: QWidget) -> None:
        self._shown_widget = widget
        self._place.addWidget(widget, 1)

    def _clear(self) -> None:
        for picture in self._pictures:
            self._eye = picture.stage.viewpoint
            picture.close_stage()
        self._pictures = []
        if self._shown_widget is not None:
            self._place.removeWidget(self._shown_widget)
            self._shown_widget.setParent(None)
            self._shown_widget.deleteLater()
            self._shown_widget = None

    def _fill(self, names: list[str]) -> None:
        """Show plain figures at once, and those of analyses when a job has them."""
        project = self._project
        self._show_figures(names, figures(project, names))
        if self._asking is not None:
            self._asking.cancel()

        def done(found: tuple[Figure, ...]) -> None:
            if not self._closed and self._filled == names:
                self._show_figures(names, found)

        self._filled = names
        self._asking = self._desk.start(
            self._desk.texts.t("compare-title"),
            lambda progress: compared(project, names, progress),
            done,
        )

    def _show_figures(self, names: list[str], found: Sequence[Figure]) -> None:
        texts = self._desk.texts
        rows = figure_rows(self._project, names, texts.wording, found)
        heads = [texts.t("compare-column-what"), *(self._word(name) for name in names)]
        self._table.setColumnCount(len(heads))
        self._table.setHorizontalHeaderLabels(heads)
        self._table.setRowCount(len(rows))
        for line, row in enumerate(rows):
            self._table.setItem(line, 0, QTableWidgetItem(row.what))
            for column, cell in enumerate(row.cells):
                item = QTableWidgetItem(cell + ("  ★" if column in row.best else ""))
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self._table.setItem(line, column + 1, item)
        self._table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)

    def _list_objects(self, names: list[str]) -> None:
        """List what differs from the first scheme to each of the others."""
        words = self._desk.texts.wording
        self._objects = [
            (name, change)
            for name in names[1:]
            for change in object_changes(self._project, names[0], name)
        ]
        rows = [[self._word(name), *object_values(one, words)] for name, one in self._objects]
        heads = [words.t("answers-column-scheme"), *object_heads(words)]
        self._list.show_rows(heads, [[_cell(value, words) for value in row] for row in rows])
        self._tabs.setTabText(1, words.t("compare-objects-tab", count=len(rows)))

    def _look_at(self, row: int) -> None:
        """Look at an object from where the eye looks now."""
        if not self._pictures or not 0 <= row < len(self._objects):
            return
        change, eye = self._objects[row][1], self._pictures[0].stage.viewpoint
        high = float(np.nanmax([change.before_m, change.after_m, 0.0]))
        wide = math.sqrt(float(np.nan_to_num(change.area_m2)))
        east, north, ground = change.place
        self._eye = Viewpoint.looking_at(
            (east, north, ground + high / 2.0), NEAR + TIMES * max(high, wide), eye.heading,
            min(eye.pitch, LOWEST), fov=eye.fov, projection=eye.projection,
        )  # fmt: skip
        for picture in self._pictures:
            picture.look_from(self._eye)

    # Writing ---------------------------------------------------------------------------------

    def _export(self) -> None:
        dialog = QFileDialog(self, self._desk.texts.t("compare-export"))
        dialog.setObjectName("compare-folder")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self.export(Path(name)))
        dialog.open()

    def export(self, folder: Path, size: tuple[int, int] = (1600, 900)) -> None:
        """Write pictures of a size, sheet and tables of what is compared into a folder."""
        project, names = self._project, self.chosen
        locale = self._desk.texts.locale

        def work(progress: Progress) -> int:
            done = write_comparison(
                project, names, folder, size=size, locale=locale, progress=progress
            )
            return len(done)

        def told(count: int) -> None:
            self._desk.tell("success", "compare-written", count=count, folder=str(folder))

        self._desk.attempt(lambda: told(work(_Quiet())))

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Let the pictures go."""
        self._closed = True
        if self._asking is not None:
            self._asking.cancel()
        self._clear()
        super().closeEvent(event)


def _cell(value: object, words: Wording) -> Cell:
    """Give a cell of the list of objects."""
    if isinstance(value, float):
        return Cell(value, words.number(value, 1))
    return Cell(value, "" if value is None else str(value))


class _Quiet:
    """Progress nobody watches; drawing off-screen belongs to the main thread."""

    def step(self, done: int, total: int, text: str = "") -> None:
        """Go on."""


def _shown(project: Project) -> str:
    return project.schemes.active or EXISTING
