"""Colours by attribute: categories or ranges, and the legend that can be edited."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal, cast

from PySide6.QtCore import QSignalBlocker, QSize, Qt
from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFormLayout,
    QHeaderView,
    QLabel,
    QSpinBox,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.qt.desk import Desk
from app.qt.widgets.colour_button import ask_colour, field, ramp
from app.qt.widgets.number_field import roomy
from layers.edits import SetLook
from layers.errors import CityError
from layers.kinds.base import Features, Layer
from layers.kinds.buildings import Buildings
from layers.object_table import column_kind
from layers.palettes import (
    BUILT,
    MOST_CATEGORIES,
    Method,
    counted,
    made,
    palettes,
    repainted,
    spread,
    with_entry,
    with_limit,
    without_entry,
)
from layers.style import RANGE_COLOURS, Colouring, recoloured

Mode = Literal["", "categories", "ranges"]
MODES: tuple[Mode, ...] = ("", "categories", "ranges")
METHODS: tuple[Method, ...] = ("quantiles", "equal")
COLOUR, LABEL, LIMIT, COUNT = range(4)
STEPS = {"categories": 12, "ranges": 6}
ROWS_SEEN = 14


class ColouringEditor(QWidget):
    """Edits how a layer is coloured by one of its fields.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("colouring-editor")
        self._desk = desk
        self._layer: Layer | None = None
        self._data: Features | None = None
        self._shown: Colouring | None = None
        self._filled = False
        self._methods: dict[str, Method] = {}  # by layer; a style does not keep how it was made
        self._palettes: dict[tuple[str, str], str] = {}  # by layer and mode
        self._asked: dict[tuple[str, str], int] = {}  # classes asked for, also where fewer came
        self._make()

    # Parts -----------------------------------------------------------------------------------

    def _make(self) -> None:
        self._form = QFormLayout()
        self._form.setHorizontalSpacing(10)
        self._form.setVerticalSpacing(7)
        self._mode = self._combo("mode")
        self._field = self._combo("field")
        self._steps = QSpinBox()
        self._steps.setObjectName("colouring-steps")
        self._steps.setKeyboardTracking(False)
        roomy(self._steps)
        self._add("steps", self._steps)
        self._method = self._combo("method")
        self._palette = self._combo("palette")
        self._palette.setIconSize(QSize(46, 14))
        self._legend = QTableWidget(0, 4)
        self._legend.setObjectName("colouring-legend")
        self._legend.verticalHeader().setVisible(False)
        self._legend.setShowGrid(False)
        self._legend.setIconSize(QSize(26, 14))
        self._legend.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self._legend.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self._legend.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        header = self._legend.horizontalHeader()
        header.setMinimumSectionSize(36)
        header.setSectionResizeMode(LABEL, QHeaderView.ResizeMode.Stretch)
        for column in (COLOUR, LIMIT, COUNT):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        self._desk.texts.bind(self._legend, "setAccessibleName", "colouring-legend")
        self._desk.texts.bind(self._legend, "setToolTip", "colouring-legend-tip")
        remove = QAction(self._legend)
        remove.setObjectName("colouring-remove")
        remove.setShortcut("Del")
        remove.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        remove.triggered.connect(self._remove)
        self._desk.texts.bind(remove, "setText", "colouring-remove")
        self._legend.addAction(remove)
        self._legend.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        box.addLayout(self._form)
        box.addWidget(self._legend)
        self._mode.activated.connect(self._mode_picked)
        self._field.activated.connect(lambda _at: self._remake())
        self._method.activated.connect(lambda _at: self._remake())
        self._steps.valueChanged.connect(self._steps_typed)
        self._palette.activated.connect(self._palette_picked)
        self._legend.itemChanged.connect(self._edited)
        self._legend.cellClicked.connect(self._clicked)
        self._legend.cellActivated.connect(self._clicked)

    def _add(self, key: str, widget: QWidget) -> None:
        label = QLabel()
        label.setObjectName(f"colouring-{key}-label")
        label.setProperty("role", "dim")
        label.setBuddy(widget)
        self._desk.texts.bind(label, "setText", f"colouring-{key}")
        self._desk.texts.bind(widget, "setAccessibleName", f"colouring-{key}")
        self._form.addRow(label, widget)

    def _combo(self, key: str) -> QComboBox:
        combo = QComboBox()
        combo.setObjectName(f"colouring-{key}")
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        combo.setMinimumContentsLength(8)
        self._add(key, combo)
        return combo

    # Showing ---------------------------------------------------------------------------------

    def retell(self) -> None:
        """Write everything in the language of the window."""
        self._filled = False

    def show_layer(self, layer: Layer | None) -> None:
        """Show how a layer of shapes is coloured; None shows nothing."""
        self._layer = layer
        if layer is None:
            return
        data = layer.features
        if not self._filled:
            self._fill_choices()
        colouring = layer.style.colouring
        if data is self._data and colouring is self._shown and self._filled:
            return
        if self._data is None or data.attributes is not self._data.attributes or not self._filled:
            self._fill_fields(data)
        self._data, self._shown, self._filled = data, colouring, True
        mode: Mode = "" if colouring is None else colouring.mode
        self._mode.setCurrentIndex(self._mode.findData(mode))
        for widget in (self._field, self._steps, self._palette):
            self._form.setRowVisible(widget, bool(mode))
        self._form.setRowVisible(self._method, mode == "ranges")
        self._legend.setVisible(bool(mode))
        if colouring is None:
            return
        if self._field.findData(colouring.field) < 0:
            self._field.addItem(colouring.field, colouring.field)
        self._field.setCurrentIndex(self._field.findData(colouring.field))
        with QSignalBlocker(self._steps):
            ranges = colouring.mode == "ranges"
            self._steps.setRange(2 if ranges else 1, len(RANGE_COLOURS) if ranges
                                 else MOST_CATEGORIES)  # fmt: skip
            self._steps.setValue(len(colouring.entries))
        method = self._methods.get(layer.id, "quantiles")
        self._method.setCurrentIndex(self._method.findData(method))
        self._fill_palettes(colouring)
        self._fill_legend(data, colouring)

    def _fill_choices(self) -> None:
        words = self._desk.texts
        for combo, key, values in (
            (self._mode, "colouring-mode", [mode or "none" for mode in MODES]),
            (self._method, "colouring-method", list(METHODS)),
        ):
            combo.clear()
            for value in values:
                combo.addItem(words.t(f"{key}-{value}"), "" if value == "none" else value)
        self._legend.setHorizontalHeaderLabels(
            ["", words.t("colouring-label"), words.t("colouring-limit"), words.t("colouring-count")]
        )

    def _fill_fields(self, data: Features) -> None:
        self._field.clear()
        names = data.attributes.column_names
        if isinstance(data, Buildings) and BUILT not in names:
            self._field.addItem(self._desk.texts.t("column-height"), BUILT)
        for name in names:
            self._field.addItem(name, name)

    def _fill_palettes(self, colouring: Colouring) -> None:
        self._palette.clear()
        size = self._palette.iconSize()
        for key, colours in palettes(colouring.mode).items():
            shown = colours[:8]
            if colouring.mode == "ranges":
                shown = tuple(spread(colours, max(len(colouring.entries), 2)))
            text = self._desk.texts.t(f"palette-{key}")
            self._palette.addItem(QIcon(ramp(shown, size)), text, key)
            if repainted(colouring, key).entries == colouring.entries:
                self._palette.setCurrentIndex(self._palette.count() - 1)
        own = all(repainted(colouring, key) != colouring for key in palettes(colouring.mode))
        if own:
            self._palette.insertItem(0, self._desk.texts.t("palette-own"), "")
            self._palette.setCurrentIndex(0)

    def _fill_legend(self, data: Features, colouring: Colouring) -> None:
        ranges = colouring.mode == "ranges"
        number = self._desk.texts.wording.number
        counts = counted(data, colouring)
        entries = colouring.entries
        with QSignalBlocker(self._legend):
            self._legend.setRowCount(len(entries) + 1)
            self._legend.setColumnHidden(LIMIT, not ranges)
            for row, count in enumerate(counts):
                entry = entries[row] if row < len(entries) else None
                last = row >= len(entries) - 1
                colour = entry.colour if entry else colouring.other
                label = entry.label if entry else self._desk.texts.t("colouring-other")
                limit = "" if last or entry is None else _written(entry.high)
                self._cell(row, COLOUR, "", editable=False).setIcon(
                    QIcon(field(colour, self._legend.iconSize()))
                )
                name = self._cell(row, LABEL, label, editable=entry is not None)
                name.setToolTip(label)
                self._cell(row, LIMIT, limit, editable=ranges and not last, right=True)
                self._cell(row, COUNT, number(count, 0), editable=False, right=True)
        rows = min(self._legend.rowCount(), ROWS_SEEN)
        height = self._legend.horizontalHeader().sizeHint().height() + 4
        self._legend.setFixedHeight(
            height + rows * self._legend.verticalHeader().defaultSectionSize()
        )

    def _cell(
        self, row: int, column: int, text: str, *, editable: bool, right: bool = False
    ) -> QTableWidgetItem:
        item = self._legend.item(row, column)
        if item is None:
            item = QTableWidgetItem()
            self._legend.setItem(row, column, item)
        item.setText(text)
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        item.setFlags(flags | Qt.ItemFlag.ItemIsEditable if editable else flags)
        if right:
            item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return item

    # Changing --------------------------------------------------------------------------------

    def _mode_picked(self) -> None:
        mode = cast(Mode, self._mode.currentData())
        if self._layer is None or self._data is None:
            return
        if not mode:
            self._put(None)
            return
        if self._shown is not None and self._shown.mode == mode:
            return
        self._remake(mode)

    def _remake(self, mode: Mode = "") -> None:
        """Make the colouring anew from what is chosen."""
        layer, data = self._layer, self._data
        wanted = mode or cast(Mode, self._mode.currentData())
        if layer is None or data is None or wanted == "":
            return
        self._methods[layer.id] = self._method.currentData() or "quantiles"
        name = str(self._field.currentData())
        if mode == "ranges":
            name = self._numeric_field(data)
        kept = self._shown.other if self._shown is not None else None
        try:
            colouring = made(
                data, name, wanted,
                steps=self._asked.get((layer.id, wanted), STEPS[wanted]),
                method=self._methods[layer.id],
                palette=self._palettes.get((layer.id, wanted), ""),
            )  # fmt: skip
        except CityError as error:
            self._desk.tell_error(error)
            self._again()
            return
        self._put(colouring if kept is None else replace(colouring, other=kept))

    def _numeric_field(self, data: Features) -> str:
        """Give the field to begin ranges with: the one chosen, or the first with numbers."""
        chosen = str(self._field.currentData())
        numeric = [
            f.name for f in data.attributes.schema if column_kind(f.type) in {"integer", "number"}
        ]
        if isinstance(data, Buildings) and BUILT not in numeric:
            numeric.insert(0, BUILT)
        return chosen if chosen in numeric or not numeric else numeric[0]

    def _steps_typed(self, count: int) -> None:
        if self._layer is not None and self._shown is not None:
            self._asked[self._layer.id, self._shown.mode] = count
            self._remake()

    def _palette_picked(self) -> None:
        key = str(self._palette.currentData())
        if self._layer is not None and self._shown is not None and key:
            self._palettes[self._layer.id, self._shown.mode] = key
            self._put(repainted(self._shown, key))

    def _clicked(self, row: int, column: int) -> None:
        colouring = self._shown
        if column != COLOUR or colouring is None:
            return
        own = row < len(colouring.entries)
        colour = colouring.entries[row].colour if own else colouring.other

        def change(picked: str) -> None:
            if self._shown is not colouring:
                return
            if own:
                entry = replace(colouring.entries[row], colour=picked)
                self._put(with_entry(colouring, row, entry))
            else:
                self._put(replace(colouring, other=picked))

        ask_colour(self._desk, self._legend, colour, "colouring-colour", change)

    def _edited(self, item: QTableWidgetItem) -> None:
        colouring, row = self._shown, item.row()
        if colouring is None or row >= len(colouring.entries):
            return
        entry, text = colouring.entries[row], item.text().strip()
        try:
            if item.column() == LABEL and text and text != entry.label:
                self._put(with_entry(colouring, row, replace(entry, label=text)))
                return
            if item.column() == LIMIT and text != _written(entry.high):
                self._put(with_limit(colouring, row, _limit(text)))
                return
        except CityError as error:
            self._desk.tell_error(error)
        self._again()

    def _remove(self) -> None:
        colouring, row = self._shown, self._legend.currentRow()
        if colouring is not None and 0 <= row < len(colouring.entries) > 1:
            self._put(without_entry(colouring, row))

    def _put(self, colouring: Colouring | None) -> None:
        layer = self._layer
        if layer is None or layer.style.colouring == colouring:
            self._again()
            return
        self._desk.run(SetLook(layer.id, "style", recoloured(layer.style, colouring)))

    def _again(self) -> None:
        """Show once more what is in force."""
        layer, self._shown = self._layer, None
        self._filled = False
        self.show_layer(layer)


def _written(limit: float | None) -> str:
    """Write a limit so that it can be typed again."""
    if limit is None:
        return ""
    return f"{limit:.0f}" if abs(limit) >= 1e6 else f"{limit:g}"


def _limit(text: str) -> float:
    try:
        return float(text.replace(",", ""))
    except ValueError as error:
        raise CityError(
            "style.not_a_number",
            f"'{text}' is not a number.",
            hint="write the limit such as 24 or 3.5",
            text=text,
        ) from error
