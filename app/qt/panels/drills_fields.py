"""Fields of forms about drills: lines, texts, numbers, choices, places, symbols, moments."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from PySide6.QtCore import QDateTime, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDateTimeEdit,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from app.qt.desk import Desk
from app.qt.dialogs.choose_symbol import ChooseSymbol
from app.qt.dialogs.frame import caption
from app.qt.symbol_icons import symbol_icon, symbol_name
from app.qt.widgets.colour_button import ColourButton
from app.qt.widgets.number_field import roomy
from app.symbols import any_symbol
from layers.drills.plan import Place

Sort = Literal["line", "text", "number", "choice", "check", "colour", "place", "symbol", "moment"]
LINES = 46  # points of a field of two lines
NEVER = QDateTime.fromString("2000-01-01T00:00:00", Qt.DateFormat.ISODate)
NO_COLOUR = "#9e9e9e"


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a form.

    Attributes
    ----------
    key : str
        What it gives; its text is ``PREFIX-KEY``.
    sort : str
        What can be put in.
    low, high, step : float
        Of numbers.
    digits : int
        Behind the point.
    unit : str
        Behind the number.
    """

    key: str
    sort: Sort = "line"
    low: float = 0.0
    high: float = 1e6
    step: float = 1.0
    digits: int = 0
    unit: str = ""


class TextField(QPlainTextEdit):
    """A few lines of text that tell when they are left.

    Signals
    -------
    left
        The keyboard went elsewhere.
    """

    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setTabChangesFocus(True)
        self.setFixedHeight(LINES)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Tell that the text is complete."""
        super().focusOutEvent(event)
        self.left.emit()


class FieldForm(QWidget):
    """A form of fields; each tells its value when it is complete.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    prefix : str
        Begins the names of the widgets and the keys of their texts.
    fields : sequence of Field
        From top to bottom.

    Signals
    -------
    given : (str, object)
        A field has another value: its key and the value. Of a place that is to be clicked in the
        picture the value is ``...``.
    """

    given = Signal(str, object)

    def __init__(self, desk: Desk, prefix: str, fields: Sequence[Field]) -> None:
        super().__init__()
        self._desk, self._prefix = desk, prefix
        self._fields = {field.key: field for field in fields}
        self._widgets: dict[str, QWidget] = {}
        self._values: dict[str, Any] = {}
        self._told: dict[str, QLabel] = {}
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setVerticalSpacing(4)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for field in fields:
            made = self._make(field)
            made.setObjectName(self.name(field.key))
            self._widgets[field.key] = made
            self._form.addRow(caption(desk, self.name(field.key), made), made)
            tip = f"{self.name(field.key)}.tip"
            if desk.texts.t(tip) != tip:
                desk.texts.bind(made, "setToolTip", tip)

    def name(self, key: str) -> str:
        """Give the name of the widget of a field, which is the key of its text, too."""
        return f"{self._prefix}-{key.replace('_', '-')}"

    # Showing ---------------------------------------------------------------------------------

    def show_values(self, values: Mapping[str, Any]) -> None:
        """Show values by key; fields that are not named stay as they are."""
        for key, value in values.items():
            if key in self._fields:
                self._values[key] = value
                widget = self._widgets[key]
                with QSignalBlocker(widget):
                    self._show(self._fields[key].sort, key, widget, value)

    def offer(self, key: str, rows: Sequence[tuple[str, str]]) -> None:
        """Let a choice offer rows (value, text); a value that is not among them stays shown."""
        box = self._widgets[key]
        assert isinstance(box, QComboBox)
        with QSignalBlocker(box):
            box.clear()
            for value, text in rows:
                box.addItem(text, value)
            self._choose(box, str(self._values.get(key, "")))

    def show_rows(self, keys: Sequence[str]) -> None:
        """Show only the rows of these fields."""
        for key, widget in self._widgets.items():
            self._form.setRowVisible(widget, key in keys)

    def widget(self, key: str) -> QWidget:
        """Give the widget of a field."""
        return self._widgets[key]

    def _show(self, sort: Sort, key: str, widget: QWidget, value: Any) -> None:
        if isinstance(widget, QLineEdit):
            if widget.text() != value:
                widget.setText(value)
        elif isinstance(widget, QPlainTextEdit):
            if widget.toPlainText() != value:
                widget.setPlainText(value)
        elif isinstance(widget, QDoubleSpinBox):
            widget.setValue(float(value))
        elif isinstance(widget, QComboBox):
            self._choose(widget, str(value))
        elif isinstance(widget, QCheckBox):
            widget.setChecked(bool(value))
        elif isinstance(widget, ColourButton):
            widget.show_colour(value or NO_COLOUR)
        elif isinstance(widget, QDateTimeEdit):
            moment = QDateTime.fromString(str(value)[:19], Qt.DateFormat.ISODate)
            widget.setDateTime(moment if moment.isValid() else NEVER)
        elif sort == "place":
            self._told[key].setText(self._place_words(value))
        elif sort == "symbol" and isinstance(widget, QPushButton):
            self._show_symbol(widget, str(value))

    def _place_words(self, place: Place | None) -> str:
        if not place:
            return self._desk.texts.t("drills-field-nowhere")
        return f"E {place[0]:,.0f}   N {place[1]:,.0f}".replace(",", " ")

    def _show_symbol(self, button: QPushButton, code: str) -> None:
        if code:
            symbol = any_symbol(code, self._desk.project)
            button.setIcon(symbol_icon(symbol))
            button.setText(symbol_name(symbol, self._desk.texts.locale))
        else:
            button.setIcon(self._desk.theme.icon("search"))
            button.setText(self._desk.texts.t("drills-field-symbol"))

    @staticmethod
    def _choose(box: QComboBox, value: str) -> None:
        at = box.findData(value)
        if at < 0 and value:
            box.addItem(value, value)
            at = box.count() - 1
        box.setCurrentIndex(at)

    # Making ----------------------------------------------------------------------------------

    def _make(self, field: Field) -> QWidget:
        make: dict[Sort, Callable[[Field], QWidget]] = {
            "line": self._line, "text": self._text, "number": self._number,
            "choice": self._choice, "check": self._check, "colour": self._colour,
            "place": self._place, "symbol": self._symbol, "moment": self._moment,
        }  # fmt: skip
        return make[field.sort](field)

    def _give(self, key: str, value: object) -> None:
        if value is ... or value != self._values.get(key):
            self.given.emit(key, value)

    def _line(self, field: Field) -> QWidget:
        line = QLineEdit()
        line.editingFinished.connect(lambda: self._give(field.key, line.text().strip()))
        return line

    def _text(self, field: Field) -> QWidget:
        text = TextField()
        text.left.connect(lambda: self._give(field.key, text.toPlainText().strip()))
        return text

    def _number(self, field: Field) -> QWidget:
        box = QDoubleSpinBox()
        box.setDecimals(field.digits)
        box.setRange(field.low, field.high)
        box.setSingleStep(field.step)
        box.setSuffix(field.unit)
        box.setKeyboardTracking(False)
        roomy(box)

        def give(value: float) -> None:
            self._give(field.key, value if field.digits else int(value))

        box.valueChanged.connect(give)
        return box

    def _choice(self, field: Field) -> QWidget:
        box = QComboBox()
        box.setMinimumContentsLength(8)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.activated.connect(lambda _at: self._give(field.key, box.currentData() or ""))
        return box

    def _check(self, field: Field) -> QWidget:
        box = QCheckBox()
        box.toggled.connect(partial(self._give, field.key))
        return box

    def _colour(self, field: Field) -> QWidget:
        button = ColourButton(self._desk, self.name(field.key), self.name(field.key))
        button.chosen.connect(partial(self._give, field.key))
        return button

    def _place(self, field: Field) -> QWidget:
        told = QLabel()
        told.setObjectName(f"{self.name(field.key)}-told")
        told.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        told.setWordWrap(True)
        row = QWidget()
        box = QHBoxLayout(row)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(4)
        box.addWidget(told, 1)
        for key, value in (("pick", ...), ("none", None)):
            button = QPushButton()
            button.setObjectName(f"{self.name(field.key)}-{key}")
            self._desk.texts.bind(button, "setText", f"drills-field-{key}")
            button.clicked.connect(
                lambda _on=False, value=value: self._give(field.key, value)
            )  # fmt: skip
            box.addWidget(button)
        self._told[field.key] = told
        return row

    def _symbol(self, field: Field) -> QWidget:
        button = QPushButton()
        button.setIconSize(QSize(22, 22))
        button.clicked.connect(lambda _on=False: self._ask_symbol(field.key))
        return button

    def _ask_symbol(self, key: str) -> None:
        dialog = ChooseSymbol(self._desk, self.window())
        dialog.chosen.connect(partial(self._give, key))
        dialog.open()

    def _moment(self, field: Field) -> QWidget:
        edit = QDateTimeEdit()
        edit.setCalendarPopup(True)
        edit.setMinimumDateTime(NEVER)
        edit.setDisplayFormat("yyyy-MM-dd HH:mm")
        self._desk.texts.bind(edit, "setSpecialValueText", "drills-field-no-moment")
        edit.setKeyboardTracking(False)

        def give(moment: QDateTime) -> None:
            text = "" if moment == NEVER else moment.toString("yyyy-MM-ddTHH:mm:00")
            self._give(field.key, text)

        edit.dateTimeChanged.connect(give)
        return edit
