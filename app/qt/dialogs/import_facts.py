"""Of an import of resources or hazard sources: which field says what, and what words mean."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QGridLayout,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.import_plan import Entry
from app.qt.desk import Desk
from app.qt.dialogs.frame import caption
from app.qt.widgets.quiet_wheel import QuietWheel
from layers.files.fact_fields import MEANINGS, WORDED, FactFields, guess_facts, meanings_of, meant
from layers.kinds.emergency import OTHER, SORTS, STATES, sort_of

ALL = ":"  # begins the entries that hold for all objects
ROWS = 30  # words that are shown at most, those that nobody knows first
PAIRS = 3  # captions with their fields beside each other
NOTHING = (OTHER, "unknown")


class FactChoices(QWidget):
    """A field for each fact, guessed at first, and what the words for sorts and states mean.

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
        self.setObjectName("import-facts")
        self._desk = desk
        self._entry: Entry | None = None
        self._wheel = QuietWheel(self)
        self._fields: dict[str, QComboBox] = {}
        self._captions: dict[str, QLabel] = {}
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(6)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(4)
        for meaning in MEANINGS:
            field = self._fields[meaning] = QComboBox()
            field.setObjectName(f"import-fact-{meaning}")
            field.setMinimumContentsLength(8)
            field.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            field.currentIndexChanged.connect(self._take)
            key = f"resources-fact-{meaning.replace('_', '-')}"
            self._captions[meaning] = caption(desk, key, field)
        box.addLayout(self._grid)
        box.addWidget(self._make_table())
        self._wheel.watch(self)

    def _make_table(self) -> QTableWidget:
        table = self._table = QTableWidget(0, 3)
        table.setObjectName("import-fact-words")
        header = table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(28)
        table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setFixedHeight(126)
        return table

    def show_entry(self, entry: Entry) -> None:
        """Show what the fields of an entry mean."""
        self._entry = entry
        if entry.kind not in SORTS:
            return
        columns = entry.look.columns if entry.look is not None else ()
        guessed = guess_facts(columns, entry.kind)
        facts = entry.facts or FactFields()
        shown = meanings_of(entry.kind)
        for meaning, field in self._fields.items():
            self._grid.removeWidget(field)
            self._grid.removeWidget(self._captions[meaning])
            for part in (field, self._captions[meaning]):
                part.setVisible(meaning in shown)
            if meaning not in shown:
                continue
            row, column = divmod(shown.index(meaning), PAIRS)
            self._grid.addWidget(self._captions[meaning], row, 2 * column)
            self._grid.addWidget(field, row, 2 * column + 1)
            self._grid.setColumnStretch(2 * column + 1, 1)
            told = facts.fields.get(meaning, guessed.get(meaning, ""))
            if meaning in facts.fixed:
                told = ALL + facts.fixed[meaning]
            with QSignalBlocker(field):
                self._offer(field, meaning, columns, entry)
                field.setCurrentIndex(max(field.findData(told), 0))
        self._show_words()

    def _offer(self, field: QComboBox, meaning: str, columns: Sequence[str], entry: Entry) -> None:
        t = self._desk.texts.t
        field.clear()
        usual = sort_of(entry.name, SORTS[entry.kind]) if meaning == "sort" else OTHER
        if usual != OTHER:
            field.addItem(t("import-fact-by-name", sort=t(f"sort-{usual}")), "")
        else:
            field.addItem(t("import-fact-none"), "")
        for name in columns:
            field.addItem(name, name)
        keys = {"sort": [one.key for one in SORTS[entry.kind]], "state": list(STATES[:-1])}
        if meaning in keys:
            field.insertSeparator(field.count())
            for key in keys[meaning]:
                word = t(f"sort-{key}" if meaning == "sort" else f"resource-state-{key}")
                field.addItem(t("import-fact-all", word=word), ALL + key)

    def _show_words(self) -> None:
        """List the words of the chosen fields of sort and state with what they mean."""
        entry, table, t = self._entry, self._table, self._desk.texts.t
        if entry is None:
            return
        heads = ("import-fact-word", "import-fact-what", "import-fact-means")
        table.setHorizontalHeaderLabels([t(key) for key in heads])
        rows: list[tuple[str, str, str]] = []
        values = entry.look.values if entry.look is not None else {}
        told = entry.facts.words if entry.facts is not None else {}
        for meaning in WORDED if entry.kind == "resources" else WORDED[:1]:
            field = str(self._fields[meaning].currentData() or "")
            found = meant(values.get(field, ()), meaning, entry.kind)
            found |= {w: k for w, k in told.get(meaning, {}).items() if w in found}
            rows += [(word, meaning, key) for word, key in found.items()]
        rows.sort(key=lambda row: row[2] not in NOTHING)
        rows = rows[:ROWS]
        table.setRowCount(len(rows))
        table.setVisible(bool(rows))
        for at, (word, meaning, key) in enumerate(rows):
            cell = QTableWidgetItem(word)
            cell.setToolTip(word)
            table.setItem(at, 0, cell)
            table.setItem(at, 1, QTableWidgetItem(t(f"resources-fact-{meaning}")))
            table.setCellWidget(at, 2, self._meaning_box(at, word, meaning, key))

    def _meaning_box(self, at: int, word: str, meaning: str, key: str) -> QComboBox:
        entry, t = self._entry, self._desk.texts.t
        box = QComboBox()
        box.setObjectName(f"import-fact-means-{at}")
        box.setAccessibleName(word)
        kind = entry.kind if entry is not None else "resources"
        keys = [*(one.key for one in SORTS[kind]), OTHER] if meaning == "sort" else STATES
        for one in keys:
            box.addItem(t(f"sort-{one}" if meaning == "sort" else f"resource-state-{one}"), one)
        box.setCurrentIndex(box.findData(key))
        box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        box.activated.connect(lambda _at: self._word_chosen(word, meaning, box))
        self._wheel.watch(box)
        return box

    # Taking ----------------------------------------------------------------------------------

    def _word_chosen(self, word: str, meaning: str, box: QComboBox) -> None:
        entry = self._entry
        if entry is None:
            return
        before = self._facts(entry)
        words = {one: dict(own) for one, own in before.words.items()}
        words.setdefault(meaning, {})[word] = str(box.currentData())
        entry.facts = FactFields(before.fields, before.fixed, words)
        self.changed.emit()

    def _take(self) -> None:
        entry = self._entry
        if entry is None:
            return
        entry.facts = self._facts(entry)
        self._show_words()
        self.changed.emit()

    def _facts(self, entry: Entry) -> FactFields:
        """Give what the fields show."""
        fields: dict[str, str] = {}
        fixed: dict[str, str] = {}
        for meaning in meanings_of(entry.kind):
            told = str(self._fields[meaning].currentData() or "")
            if told.startswith(ALL):
                fixed[meaning] = told.removeprefix(ALL)
            else:
                fields[meaning] = told
        words = entry.facts.words if entry.facts is not None else {}
        return FactFields(fields, fixed, words)
