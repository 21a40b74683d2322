"""Of an import of control lines: the field of the class, what its values mean, and the rest."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QInputDialog,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.control_lines import keep_template, kept_templates, worded
from app.import_plan import Entry
from app.qt.desk import Desk
from app.qt.dialogs.frame import caption
from app.qt.widgets.quiet_wheel import QuietWheel
from layers.errors import CityError
from layers.files.line_templates import FROM_FIELDS, LineTemplate, read_template
from layers.kinds.control_lines import (
    CLASS,
    DOCUMENT,
    FIELDS,
    NO_CLASS,
    PRESETS,
    SETBACK,
    WIDTH,
    preset_of,
)

NAMES, OPEN = "", "?"
#: Attributes that are set value by value in the table, beside the class.
TYPED = (WIDTH, SETBACK, DOCUMENT)
HEADS = ("import-lines-value", "import-lines-class", "control-line-width", "control-line-setback",
         "control-line-document")  # fmt: skip


class LineChoices(QWidget):
    """Template, class of each value of a field, and the fields of the other attributes.

    Parameters
    ----------
    desk : Desk
        What the window works with.

    Signals
    -------
    changed
        A choice was made; it is in the entry already.
    """

    changed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("import-lines")
        self._desk = desk
        self._entry: Entry | None = None
        self._filling = False
        self._wheel = QuietWheel(self)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(6)
        box.addLayout(self._make_head())
        self._details = QWidget()
        self._details.setObjectName("import-lines-details")
        inner = QVBoxLayout(self._details)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(6)
        inner.addWidget(self._make_table())
        inner.addLayout(self._make_fields())
        box.addWidget(self._details)

    # Parts -----------------------------------------------------------------------------------

    def _make_head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self._template, self._field = QComboBox(), QComboBox()
        self._template.setObjectName("import-lines-template")
        self._template.activated.connect(self._template_chosen)
        self._field.setObjectName("import-lines-field")
        self._field.currentIndexChanged.connect(self._field_chosen)
        self._keep = QPushButton()
        self._keep.setObjectName("import-lines-keep")
        self._keep.setAutoDefault(False)
        self._desk.texts.bind(self._keep, "setText", "import-lines-keep")
        self._keep.clicked.connect(self._keep_as)
        self._field_caption = caption(self._desk, "import-lines-field", self._field)
        row.addWidget(self._template, 2)
        row.addWidget(self._field_caption)
        row.addWidget(self._field, 1)
        row.addWidget(self._keep)
        return row

    def _make_table(self) -> QTableWidget:
        self._table = QTableWidget(0, len(HEADS))
        self._table.setObjectName("import-lines-values")
        self._table.setHorizontalHeaderLabels([self._desk.texts.t(key) for key in HEADS])
        header = self._table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self._table.verticalHeader().hide()
        self._table.verticalHeader().setDefaultSectionSize(28)
        self._table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self._table.setFixedHeight(150)
        self._table.itemChanged.connect(self._typed)
        return self._table

    def _make_fields(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(4)
        self._sources: dict[str, QComboBox] = {}
        words = {"width_m": "width", "setback_m": "setback", "low_m": "low", "top_m": "top",
                 "issued_by": "issuer", "line_status": "status"}  # fmt: skip
        for at, name in enumerate(FROM_FIELDS):
            combo = QComboBox()
            combo.setObjectName(f"import-lines-from-{name}")
            combo.currentIndexChanged.connect(self._take_sources)
            key = f"import-lines-{words.get(name, name)}"
            grid.addWidget(caption(self._desk, key, combo, dim=True), at // 2, at % 2 * 2)
            grid.addWidget(combo, at // 2, at % 2 * 2 + 1)
            self._sources[name] = combo
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        return grid

    # Filling ---------------------------------------------------------------------------------

    def show_entry(self, entry: Entry) -> None:
        """Show what is chosen for an entry."""
        self._entry = entry
        self._filling = True
        t = self._desk.texts.t
        self._template.clear()
        self._template.addItem(t("import-lines-names"), NAMES)
        for key in PRESETS:
            self._template.addItem(t(f"line-preset-{key}"), key)
        for name, path in kept_templates().items():
            self._template.addItem(name, str(path))
        self._template.insertSeparator(self._template.count())
        self._template.addItem(t("import-lines-open"), OPEN)
        chosen = entry.lines
        at = 0 if chosen is None else self._template.findData(chosen.preset)
        self._template.setCurrentIndex(max(at, 0))
        self._show_details()
        self._filling = False

    def _show_details(self) -> None:
        entry = self._entry
        lines = entry.lines if entry is not None else None
        for widget in (self._details, self._field, self._field_caption, self._keep):
            widget.setVisible(lines is not None)
        if entry is None or lines is None:
            return
        filling, self._filling = self._filling, True
        look = entry.look
        values = look.values if look is not None else {}
        self._field.clear()
        for name in dict.fromkeys((*values, lines.field)):
            self._field.addItem(name, name)
        self._field.setCurrentIndex(self._field.findData(lines.field))
        for name, combo in self._sources.items():
            combo.clear()
            combo.addItem(self._desk.texts.t("import-lines-none"), "")
            for column in look.columns if look is not None else ():
                combo.addItem(column, column)
            combo.setCurrentIndex(max(combo.findData(lines.fields.get(name, "")), 0))
        self._fill_table(lines, values.get(lines.field, ()))
        self._filling = filling

    def _fill_table(self, lines: LineTemplate, values: tuple[str, ...]) -> None:
        preset = preset_of(lines.preset)
        self._table.setRowCount(len(values))
        for row, value in enumerate(values):
            said = lines.mapping.get(value, {})
            shown = QTableWidgetItem(value)
            shown.setFlags(shown.flags() & ~Qt.ItemFlag.ItemIsEditable)
            self._table.setItem(row, 0, shown)
            combo = QComboBox()
            combo.setObjectName(f"import-lines-class-{row}")
            combo.addItem(self._desk.texts.t("lines-without-class"), NO_CLASS)
            for one in preset.classes:
                combo.addItem(self._desk.texts.t(f"line-{one.key}"), one.key)
            key = str(said.get(CLASS, "")) or preset.match(value)
            combo.setCurrentIndex(max(combo.findData(key), 0))
            combo.currentIndexChanged.connect(
                lambda _at, v=value, c=combo: self._set(v, CLASS, c.currentData())
            )
            self._wheel.watch(combo)
            self._table.setCellWidget(row, 1, combo)
            for column, name in enumerate(TYPED, start=2):
                told = said.get(name)
                self._table.setItem(
                    row, column, QTableWidgetItem("" if told is None else str(told))
                )

    # Taking ----------------------------------------------------------------------------------

    def _template_chosen(self) -> None:
        entry, data = self._entry, str(self._template.currentData() or "")
        if entry is None:
            return
        if data == OPEN:
            title = self._desk.texts.t("import-lines-open")
            pattern = self._desk.texts.t("import-lines-file")
            data, _ = QFileDialog.getOpenFileName(self, title, "", pattern)
            if not data:
                self.show_entry(entry)
                return
        if not self._desk.attempt(lambda: setattr(entry, "lines", self._template_of(data, entry))):
            self.show_entry(entry)
            return
        self._show_details()
        self.changed.emit()

    def _template_of(self, data: str, entry: Entry) -> LineTemplate | None:
        if data == NAMES:
            return None
        if data not in PRESETS:
            return worded(read_template(Path(data)), self._desk.texts.wording)
        columns = entry.look.columns if entry.look is not None else ()
        values = entry.look.values if entry.look is not None else {}
        preset = preset_of(data)

        def known(name: str) -> int:
            return sum(bool(preset.match(value)) for value in values.get(name, ()))

        candidates = [name for name in FIELDS[CLASS] if name in values] or list(values)
        field = max(candidates, key=known, default="Layer")
        fields = {
            name: next(
                (source for source in FIELDS[name] if source in columns and source != field), ""
            )
            for name in FROM_FIELDS
        }
        return LineTemplate(data, field, {}, {k: v for k, v in fields.items() if v})

    def _field_chosen(self) -> None:
        if not self._filling and self._entry is not None and self._entry.lines is not None:
            field = str(self._field.currentData() or self._entry.lines.field)
            self._change(replace(self._entry.lines, field=field))
            self._show_details()

    def _take_sources(self) -> None:
        if not self._filling and self._entry is not None and self._entry.lines is not None:
            chosen = {name: str(combo.currentData() or "") for name, combo in self._sources.items()}
            self._change(
                replace(self._entry.lines, fields={k: v for k, v in chosen.items() if v})
            )  # fmt: skip

    def _typed(self, item: QTableWidgetItem) -> None:
        if self._filling or item.column() < 2:
            return
        value, text = self._table.item(item.row(), 0), item.text().strip()
        name = TYPED[item.column() - 2]
        told: Any = text or None
        if told is not None and name.endswith("_m"):
            try:
                told = max(float(text), 0.0)
            except ValueError:
                told = None
                self._filling = True
                item.setText("")
                self._filling = False
        if value is not None:
            self._set(value.text(), name, told)

    def _set(self, value: str, name: str, told: Any) -> None:
        """Set one attribute of one value of the field."""
        if self._filling or self._entry is None or self._entry.lines is None:
            return
        lines = self._entry.lines
        row = {key: old for key, old in lines.mapping.get(value, {}).items() if key != name}
        if told not in (None, ""):
            row[name] = told
        self._change(replace(lines, mapping={**lines.mapping, value: row}))

    def _change(self, lines: LineTemplate) -> None:
        assert self._entry is not None
        self._entry.lines = worded(lines, self._desk.texts.wording)
        self.changed.emit()

    def _keep_as(self) -> None:
        lines = self._entry.lines if self._entry is not None else None
        if lines is None or self._entry is None:
            return
        t = self._desk.texts.t
        name, taken = QInputDialog.getText(
            self, t("import-lines-keep"), t("import-lines-keep-name"), text=self._entry.path.stem
        )
        if taken and name.strip():
            self.keep(name.strip())

    def keep(self, name: str) -> None:
        """Keep what is chosen as a template for further imports."""
        entry = self._entry
        if entry is None or entry.lines is None:
            return
        preset, look = preset_of(entry.lines.preset), entry.look
        values = look.values.get(entry.lines.field, ()) if look is not None else ()
        guessed = {value: {CLASS: preset.match(value) or NO_CLASS} for value in values}
        whole = {
            value: {**guessed.get(value, {}), **entry.lines.mapping.get(value, {})}
            for value in (*guessed, *entry.lines.mapping)
        }
        template = replace(entry.lines, mapping=whole)
        try:
            keep_template(template, name)
        except (CityError, OSError) as error:
            self._desk.tell_error(error)
            return
        self._desk.tell("success", "import-lines-kept", name=name)
        at = self._template.currentIndex()
        self.show_entry(entry)
        self._template.setCurrentIndex(at)
