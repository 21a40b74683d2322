"""Import pipes: choose the tables or the model, see which field says what, mend it, import."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QTabWidget,
    QWidget,
)

from app.qt.crs_picker import CrsPicker
from app.qt.desk import Desk
from app.qt.dialogs.frame import Dialog, caption
from layers.errors import CityError
from layers.files.options import ImportOptions
from layers.files.pipe_choices import PipeChoices
from layers.files.pipe_fields import KNOWN_LINE, KNOWN_POINT, FieldMap, guess_fields, read_map
from layers.kinds.pipes import KIND
from layers.pipes.classes import CLASSES, SUBCLASSES
from layers.progress import Progress

if TYPE_CHECKING:
    from layers.files.importing import Imported
    from layers.files.pipe_tables import SurveySheet

KEYS = {"points": KNOWN_POINT, "lines": KNOWN_LINE}
NEEDED = {"points": ("number", "east", "north"), "lines": ("from_number", "to_number")}


class ImportPipesDialog(Dialog):
    """Asks for what an import of pipes needs, and imports.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    path : pathlib.Path
        Table of points (or of both), or a hydraulic model.
    parent : QWidget
        The window.

    Signals
    -------
    imported
        The layer is in the project.
    """

    imported = Signal()

    def __init__(self, desk: Desk, path: Path, parent: QWidget) -> None:
        super().__init__(desk, "import-pipes", parent)
        self._path, self._lines = path, Path()
        self._template = FieldMap()
        self._sheets: list[SurveySheet] = []
        self._boxes: dict[tuple[str, str], QComboBox] = {}
        self._survey = path.suffix.lower() != ".inp"
        self.resize(640, 720 if self._survey else 420)
        self._make_files()
        self._tabs = QTabWidget()
        self._tabs.setObjectName("pipes-fields")
        self._tabs.setMinimumHeight(280)
        self.body.addWidget(self._tabs, 1)
        self._tabs.setVisible(self._survey)
        self._make_choices()
        self._said = QLabel()
        self._said.setObjectName("pipes-said")
        self._said.setProperty("role", "dim")
        self._said.setWordWrap(True)
        self.body.addWidget(self._said)
        self.add_cancel()
        self._ok = self.add_button("import-pipes", "button-import", primary=True)
        self._ok.clicked.connect(self._import)
        self._read()

    def _make_files(self) -> None:
        form = QFormLayout()
        name = QLabel(self._path.name)
        name.setObjectName("pipes-points-file")
        form.addRow(caption(self.desk, "pipes-points-file"), name)
        self._lines_name = QLabel("–")
        self._lines_name.setObjectName("pipes-lines-file")
        row = QHBoxLayout()
        row.addWidget(self._lines_name, 1)
        row.addWidget(self._button("pipes-choose-lines", self._ask_lines))
        label = caption(self.desk, "pipes-lines-file")
        if self._survey:
            form.addRow(label, row)
            row = QHBoxLayout()
            row.addStretch(1)
            row.addWidget(self._button("pipes-load-template", self._ask_template))
            row.addWidget(self._button("pipes-save-template", self._ask_save))
            form.addRow(caption(self.desk, "pipes-template"), row)
        self.body.addLayout(form)

    def _button(self, key: str, act: object) -> QPushButton:
        button = QPushButton()
        button.setObjectName(key)
        button.setAutoDefault(False)
        self.desk.texts.bind(button, "setText", key)
        button.clicked.connect(act)
        return button

    def _make_choices(self) -> None:
        words = self.desk.texts.wording
        form = QFormLayout()
        self._crs = CrsPicker(self.desk)
        self._crs.setObjectName("pipes-crs")
        self._crs.setMaximumHeight(150)
        if self.desk.project.frame is not None:
            self._crs.choose(self.desk.project.frame.crs)
        form.addRow(caption(self.desk, "import-crs", self._crs), self._crs)
        self._class = QComboBox()
        self._class.setObjectName("pipes-class")
        self._class.addItem(words.t("pipes-class-told"), "")
        named = [(item.code, item.key) for item in CLASSES]
        for code, key in [*named, *((item.code, item.key) for item in SUBCLASSES)]:
            self._class.addItem(f"{code} {words.t(f'pipe-class-{key}')}", key)
        form.addRow(caption(self.desk, "pipes-class", self._class), self._class)
        self._at = QLineEdit()
        self._at.setObjectName("pipes-at")
        self._at.setPlaceholderText("508000, 3378000")
        if not self._survey:
            form.addRow(caption(self.desk, "pipes-at", self._at), self._at)
        self.body.addLayout(form)

    # Files -----------------------------------------------------------------------------------

    def _ask_lines(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self, self.desk.texts.t("pipes-choose-lines"), str(self._path.parent),
            self.desk.texts.t("files-tables"),
        )  # fmt: skip
        if name:
            self.take_lines(Path(name))

    def take_lines(self, path: Path) -> None:
        """Take a file as the table of the lines."""
        self._lines = path
        self._lines_name.setText(path.name)
        self._read()

    def _ask_template(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self, self.desk.texts.t("pipes-load-template"), str(self._path.parent), "*.toml"
        )
        if name:
            self.take_template(Path(name))

    def take_template(self, path: Path) -> None:
        """Take the fields of a template."""
        try:
            self._template = read_map(path)
        except CityError as error:
            self.desk.tell_error(error)
            return
        self._read()

    def _ask_save(self) -> None:
        name, _ = QFileDialog.getSaveFileName(
            self, self.desk.texts.t("pipes-save-template"),
            str(self._path.with_suffix(".toml")), "*.toml",
        )  # fmt: skip
        if name:
            self.save_template(Path(name))

    def save_template(self, path: Path) -> None:
        """Write the fields as they are chosen now."""
        try:
            path.write_text(self.fields().to_toml(), encoding="utf-8")
        except OSError as error:
            self._said.setText(str(error.strerror or error))
            return
        self._said.setText(self.desk.texts.t("pipes-fields-saved", path=path.name))

    # Fields ----------------------------------------------------------------------------------

    def _read(self) -> None:
        """Read the tables again and show what each field is taken for."""
        if not self._survey:
            return
        from layers.files.pipe_tables import read_sheets

        template = self._template if self._template.points else None
        try:
            self._sheets = read_sheets(self._path, fields=template)
            if self._lines.name:
                self._sheets += read_sheets(self._lines, fields=template)
        except CityError as error:
            self.desk.tell_error(error)
            self._sheets = []
        self._boxes.clear()
        while self._tabs.count():
            self._tabs.removeTab(0)
        for what in ("points", "lines"):
            mine = [sheet for sheet in self._sheets if sheet.what == what]
            self._add_tab(what, mine or [sheet for sheet in self._sheets if sheet.what is None])
        self._check()

    def _add_tab(self, what: str, sheets: list[SurveySheet]) -> None:
        texts = self.desk.texts
        columns = list(dict.fromkeys(n for sheet in sheets for n in sheet.table.column_names))
        guessed = guess_fields(columns, "points" if what == "points" else "lines")
        chosen = dict(getattr(self._template, what)) or guessed
        grid = QTableWidget(len(KEYS[what]), 2)
        grid.setObjectName(f"pipes-fields-{what}")
        grid.verticalHeader().setVisible(False)
        grid.setHorizontalHeaderLabels([texts.t("pipes-fields-key"), texts.t("pipes-fields-field")])
        grid.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        for row, key in enumerate(KEYS[what]):
            item = QTableWidgetItem(
                texts.t(f"pipes-field-{key.replace('_', '-')}")
                + (" *" if key in NEEDED[what] else "")
            )
            grid.setItem(row, 0, item)
            box = QComboBox()
            box.setObjectName(f"pipes-field-{what}-{key}")
            box.addItem("–", "")
            for column in columns:
                box.addItem(column, column)
            box.setCurrentIndex(max(box.findData(chosen.get(key, "")), 0))
            box.currentIndexChanged.connect(self._check)
            grid.setCellWidget(row, 1, box)
            self._boxes[what, key] = box
        grid.resizeColumnToContents(0)
        self._tabs.addTab(grid, texts.t(f"pipes-tab-{what}"))

    def fields(self) -> FieldMap:
        """Give the fields as they are chosen now."""
        told: dict[str, dict[str, str]] = {"points": {}, "lines": {}}
        for (what, key), box in self._boxes.items():
            if box.currentData():
                told[what][key] = str(box.currentData())
        return replace(self._template, points=told["points"], lines=told["lines"])

    def _check(self) -> None:
        """Say what is missing; importing waits for it."""
        texts = self.desk.texts
        missing = [
            texts.t(f"pipes-field-{key.replace('_', '-')}")
            for what, keys in NEEDED.items() for key in keys
            if (what, key) in self._boxes and not self._boxes[what, key].currentData()
        ]  # fmt: skip
        self._ok.setEnabled(not self._survey or (bool(self._sheets) and not missing))
        self._said.setText(
            texts.t("pipes-fields-missing", names=texts.wording.listed(missing)) if missing else ""
        )

    # Importing -------------------------------------------------------------------------------

    def _choices(self) -> PipeChoices:
        at = None
        if self._at.text().strip():
            try:
                east, north = (
                    float(part) for part in self._at.text().replace("，", ",").split(",")
                )
            except ValueError as error:
                raise CityError(
                    "pipes.at",
                    "A network stands at two numbers: east and north.",
                    hint="write --at 508000,3378000",
                ) from error
            at = (east, north)
        return PipeChoices(
            lines=str(self._lines) if self._lines.name else "",
            table=self.fields() if self._survey else None,
            line_class=str(self._class.currentData() or ""), at=at,
        )  # fmt: skip

    def _import(self) -> None:
        desk, project, path = self.desk, self.desk.project, self._path
        try:
            options = ImportOptions(kind=KIND.key, crs=self._crs.crs or None, pipes=self._choices())
        except CityError as error:
            desk.tell_error(error)
            return

        def work(progress: Progress) -> Imported:
            from layers.files.importing import import_file

            return import_file(project, path, options, progress)

        def done(imported: Imported) -> None:
            if desk.project is not project:
                return
            if desk.attempt(lambda: desk.session.apply(imported)):
                layer, report = imported.layers[0], imported.reports[0]
                desk.choose_layer(layer.id)
                told = "\n".join(desk.texts.wording.note(note) for note in report.messages)
                desk.tell("success", "pipes-imported", name=layer.name, kept=report.kept,
                          read=report.read, details=told)  # fmt: skip
                self.imported.emit()
                self.accept()

        self._ok.setEnabled(False)
        desk.start(desk.texts.t("job-importing-pipes", name=path.name), work, done, self._failed)

    def _failed(self, error: Exception) -> None:
        self.desk.tell_error(error)
        self._check()
