"""The choices for one layer of an import, with its first rows underneath."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.import_plan import VALUED, Entry, kinds_for
from app.qt.crs_picker import CrsPicker
from app.qt.desk import Desk
from app.qt.dialogs.frame import Dialog, caption, heading
from app.qt.dialogs.import_facts import FactChoices
from app.qt.dialogs.import_lines import LineChoices
from app.qt.widgets.low_scroll import LowScroll
from app.qt.widgets.number_field import roomy
from layers.errors import CityError
from layers.files.encodings import CHOICES
from layers.files.map_shift import BAIDU, GCJ
from layers.files.systems import display
from layers.kinds.emergency import SORTS
from layers.style import HEIGHTS

_DEGREES = ("EPSG:4326", "EPSG:4490")  # what shifted degrees pretend to be
OTHER = "?"  # the entry of the list of systems that opens the picker


class ImportChoices(QWidget):
    """Kind, name, encoding, coordinate system, heights, and a preview.

    Parameters
    ----------
    desk : Desk
        What the window works with.

    Signals
    -------
    changed
        A choice was made; it is in the entry already.
    encoding_changed
        The texts have to be read again.
    """

    changed = Signal()
    encoding_changed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("import-choices")
        self._desk = desk
        self._entry: Entry | None = None
        self._filling = False
        fields = QWidget()
        fields.setObjectName("import-fields")
        self._form = QFormLayout(fields)
        self._form.setContentsMargins(0, 0, 6, 0)
        self._form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._form.setHorizontalSpacing(14)
        self._form.setVerticalSpacing(8)
        self._make_fields()
        box = QVBoxLayout(self)
        box.setContentsMargins(12, 0, 0, 0)
        box.setSpacing(10)
        self._scroll = LowScroll(fields)
        box.addWidget(self._scroll)
        box.addWidget(heading(desk, "import-preview"))
        self._remark = QLabel()
        self._remark.setObjectName("import-remark")
        self._remark.setProperty("role", "dim")
        self._remark.setWordWrap(True)
        box.addWidget(self._remark)
        box.addWidget(self._make_table(), 1)

    def show_entry(self, entry: Entry) -> None:
        """Show an entry's choices and its first rows."""
        self._entry = entry
        self._filling = True
        words = self._desk.texts
        self._kind.clear()
        for key in kinds_for(entry.geometry):
            self._kind.addItem(self._desk.theme.icon(f"kind-{key}"), words.wording.kind(key), key)
        self._kind.setCurrentIndex(max(self._kind.findData(entry.kind), 0))
        self._name.setText(entry.name)
        self._fill_encoding(entry)
        self._fill_crs(entry)
        self._fill_heights(entry)
        self._storey.setValue(entry.storey_height)
        self._default.setValue(entry.default_height)
        self._fill_table(entry)
        self._lines.show_entry(entry)
        self._facts.show_entry(entry)
        self._filling = False
        self._show_rows()

    def show_problem(self, error: Exception) -> None:
        """Tell why there is no preview."""
        sentence = self._desk.texts.error(error)[0] if isinstance(error, CityError) else str(error)
        self._remark.setText(sentence)

    # Parts -----------------------------------------------------------------------------------

    def _make_fields(self) -> None:
        self._kind = self._combo("import-kind")
        self._name = QLineEdit()
        self._name.setObjectName("import-name")
        self._name.textEdited.connect(self._take)
        self._crs = self._combo("import-crs")
        self._encoding = self._combo("import-encoding")
        self._height = self._combo("import-height")
        self._floors = self._combo("import-floors")
        self._heights = self._combo("import-heights")
        self._storey = self._metres("import-storey-height", 0.5, 20.0)
        self._default = self._metres("import-default-height", 0.1, 1000.0)
        metres = QWidget()
        row = QHBoxLayout(metres)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._storey)
        row.addWidget(caption(self._desk, "import-default-height", self._default))
        row.addWidget(self._default)
        row.addStretch(1)
        self._metres_row = metres
        self._lines = LineChoices(self._desk)
        self._lines.changed.connect(self.changed)
        self._facts = FactChoices(self._desk)
        self._facts.changed.connect(self.changed)
        for key, field in (
            ("import-kind", self._kind), ("import-name", self._name),
            ("import-crs", self._crs), ("import-encoding", self._encoding),
            ("import-height", self._height), ("import-floors", self._floors),
            ("import-storey-height", metres), ("import-heights", self._heights),
            ("import-lines", self._lines), ("import-facts", self._facts),
        ):  # fmt: skip
            buddy = self._storey if field is metres else field
            self._form.addRow(caption(self._desk, key, buddy), field)
        for choices in (self._lines, self._facts):
            self._form.setRowVisible(choices, False)  # kinds that have them are rare

    def _make_table(self) -> QTableWidget:
        table = QTableWidget()
        table.setObjectName("import-rows")
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setAlternatingRowColors(True)
        table.setShowGrid(False)
        table.verticalHeader().setDefaultSectionSize(24)
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        self._desk.texts.bind(table, "setAccessibleName", "import-preview")
        self._table = table
        return table

    def _combo(self, name: str) -> QComboBox:
        combo = QComboBox()
        combo.setObjectName(name)
        combo.setMinimumContentsLength(20)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        combo.currentIndexChanged.connect(self._take)
        return combo

    def _metres(self, name: str, low: float, high: float) -> QDoubleSpinBox:
        spin = QDoubleSpinBox()
        roomy(spin)
        spin.setObjectName(name)
        spin.setRange(low, high)
        spin.setDecimals(2)
        spin.setSuffix(" m")
        spin.setMinimumWidth(110)
        spin.valueChanged.connect(self._take)
        return spin

    # Filling ---------------------------------------------------------------------------------

    def _fill_encoding(self, entry: Entry) -> None:
        words = self._desk.texts
        told = entry.look.encoding if entry.look is not None else entry.told_encoding
        self._encoding.clear()
        found = words.t("import-encoding-found", encoding=told) if told else words.t("import-found")
        self._encoding.addItem(found, "")
        for name in CHOICES:
            self._encoding.addItem(name, name)
        self._encoding.setCurrentIndex(max(self._encoding.findData(entry.encoding), 0))

    def _fill_crs(self, entry: Entry) -> None:
        words, look = self._desk.texts, entry.look
        told = entry.told_crs or (look.crs if look is not None else None)
        self._crs.clear()
        if told:
            self._crs.addItem(words.t("import-crs-told", crs=display(told)), "")
        else:
            self._crs.addItem(words.t("import-crs-missing"), "")
        offered = [] if look is None else [(g.crs, g.swapped) for g in look.guesses]
        for crs, _swapped in dict.fromkeys(offered):
            self._crs.addItem(words.t("import-crs-fits", crs=display(crs)), crs)
        if not entry.raster and (told in _DEGREES or any(crs in _DEGREES for crs, _ in offered)):
            for shift in (GCJ, BAIDU):
                self._crs.addItem(words.t("import-crs-shifted", system=shift), shift)
        if entry.crs and self._crs.findData(entry.crs) < 0:
            self._crs.addItem(display(entry.crs), entry.crs)
        self._crs.insertSeparator(self._crs.count())
        self._crs.addItem(words.t("import-crs-other"), OTHER)
        self._crs.setCurrentIndex(max(self._crs.findData(entry.crs), 0))

    def _fill_heights(self, entry: Entry) -> None:
        words, look = self._desk.texts, entry.look
        fields = look.numeric if look is not None else ()
        for combo, found, chosen in (
            (self._height, look.height if look else "", entry.height_field),
            (self._floors, look.floors if look else "", entry.floors_field),
        ):
            combo.clear()
            key = "import-field-found" if found else "import-no-field"
            text = words.t(key, field=found)
            combo.addItem(text, "")
            for name in fields:
                combo.addItem(name, name)
            combo.setCurrentIndex(max(combo.findData(chosen), 0))
        self._heights.clear()
        self._heights.addItem(words.t("import-heights-usual"), None)
        for how in HEIGHTS:
            self._heights.addItem(words.t(f"import-heights-{how}"), how)
        self._heights.setCurrentIndex(max(self._heights.findData(entry.heights), 0))

    def _fill_table(self, entry: Entry) -> None:
        look = entry.look
        self._table.clear()
        if look is None:
            self._table.setColumnCount(0)
            self._table.setRowCount(0)
            self._remark.setText(self._desk.texts.t("import-looking"))
            return
        self._table.setColumnCount(len(look.columns))
        self._table.setRowCount(len(look.rows))
        self._table.setHorizontalHeaderLabels(list(look.columns))
        for i, row in enumerate(look.rows):
            for j, text in enumerate(row):
                self._table.setItem(i, j, QTableWidgetItem(text))
        self._table.resizeColumnsToContents()
        for column in range(len(look.columns)):
            self._table.setColumnWidth(column, min(max(self._table.columnWidth(column), 70), 240))
        notes = " ".join(self._desk.texts.wording.note(note) for note in look.notes)
        if entry.raster:
            notes = self._desk.texts.t("import-raster")
        self._remark.setText(notes)
        self._remark.setVisible(bool(notes))

    def _show_rows(self) -> None:
        entry = self._entry
        if entry is None:
            return
        buildings = entry.kind == "buildings"
        for field in (self._height, self._floors, self._metres_row):
            self._form.setRowVisible(field, buildings)
        self._form.setRowVisible(self._lines, entry.kind == "control-lines")
        self._form.setRowVisible(self._facts, entry.kind in SORTS)
        self._form.setRowVisible(self._heights, not entry.raster and entry.kind != "pipes")
        has_texts = not entry.raster and (
            entry.look is None or entry.look.encoding is not None or bool(entry.encoding)
        )
        self._form.setRowVisible(self._encoding, has_texts)
        self._table.setVisible(not entry.raster)
        self._scroll.updateGeometry()

    # Taking ----------------------------------------------------------------------------------

    def _take(self) -> None:
        entry = self._entry
        if self._filling or entry is None:
            return
        if self._crs.currentData() == OTHER:
            self._ask_crs(entry)
            return
        before = entry.kind
        entry.kind = str(self._kind.currentData())
        entry.name = self._name.text().strip() or entry.path.stem
        entry.crs = str(self._crs.currentData() or "")
        entry.height_field = str(self._height.currentData() or "")
        entry.floors_field = str(self._floors.currentData() or "")
        entry.heights = self._heights.currentData()
        entry.storey_height = self._storey.value()
        entry.default_height = self._default.value()
        encoding = str(self._encoding.currentData() or "")
        if encoding != entry.encoding:
            entry.encoding = encoding
            self.encoding_changed.emit()
        elif before != entry.kind and entry.kind in VALUED:
            entry.facts = None
            self.encoding_changed.emit()  # more rows tell which classes there are
            self._facts.show_entry(entry)
        self._show_rows()
        self.changed.emit()

    def _ask_crs(self, entry: Entry) -> None:
        dialog = CrsDialog(self._desk, self)
        dialog.picker.choose(entry.crs)

        def taken() -> None:
            entry.crs = dialog.picker.crs

        dialog.accepted.connect(taken)
        dialog.finished.connect(lambda _result: self._shown_again(entry))
        dialog.open()

    def _shown_again(self, entry: Entry) -> None:
        self._filling = True
        self._fill_crs(entry)
        self._filling = False
        self.changed.emit()


class CrsDialog(Dialog):
    """Choose the coordinate system of a file."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(desk, "crs", parent)
        self.resize(560, 460)
        self.picker = CrsPicker(desk)
        self.body.addWidget(self.picker, 1)
        self.add_cancel()
        ok = self.add_button("ok", "button-ok", primary=True)
        ok.clicked.connect(self.accept)
        ok.setEnabled(False)
        self.picker.changed.connect(lambda crs: ok.setEnabled(bool(crs)))
