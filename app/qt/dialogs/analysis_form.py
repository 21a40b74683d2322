"""The form of any analysis, made from its parameters; it stays open beside the picture."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QFormLayout, QLabel, QLineEdit, QScrollArea, QWidget

from app.qt.asking import ask
from app.qt.desk import Desk
from app.qt.dialogs.frame import Dialog
from app.qt.widgets.ask_fields import FIELD_FOR, AskField, HazardAsked
from app.qt.widgets.quiet_wheel import QuietWheel
from app.wording import Wording, dashed
from layers.analyses.base import Ask, asked, defaults, params_of
from layers.analyses.table import analysis_of
from layers.drills.hazard_models import named_fuel, named_gas
from layers.errors import CityError

WIDE = 560  # points: words of choices are not cut
ROOM = 460  # points of height of the rows at most


class AnalysisForm(Dialog):
    """Asks for the parameters of an analysis and starts it.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    kind : str
        Key of the analysis.
    parent : QWidget
        The window.
    params : mapping or None
        What the fields show at first, where that is not the defaults.
    """

    def __init__(
        self, desk: Desk, kind: str, parent: QWidget, params: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(desk, "analysis", parent)
        self.setWindowFlag(Qt.WindowType.Tool)
        self.kind = kind
        self._analysis = analysis_of(kind)
        texts, key = desk.texts, f"analysis-{dashed(kind)}"
        texts.bind(self, "setWindowTitle", key)
        self._say("analysis-lead", "dim", f"{key}.tip")
        self._say("analysis-limits", "warning", f"{key}-limits")
        inner = QWidget()
        self._form = QFormLayout(inner)
        self._form.setContentsMargins(0, 0, 8, 0)
        self._form.setHorizontalSpacing(12)
        self._form.setVerticalSpacing(8)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._fields: dict[str, AskField] = {}
        self._labels: list[tuple[QLabel, str]] = []
        self._add_fields({**defaults(self._analysis.Params), **(params or {})})
        self._scheme = self._make_scheme()
        self._name = QLineEdit()
        self._name.setObjectName("analysis-name")
        self._name.setPlaceholderText(texts.t(key))
        self._add_row("answers-column-name", self._name)
        scroll = QScrollArea()
        scroll.setObjectName("analysis-fields")
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setWidget(inner)
        scroll.setMinimumHeight(min(inner.sizeHint().height() + 4, ROOM))
        self.body.addWidget(scroll, 1)
        self._problem = QLabel()
        self._problem.setObjectName("analysis-problem")
        self._problem.setProperty("role", "warning")
        self._problem.setWordWrap(True)
        self._problem.hide()
        self.body.addWidget(self._problem)
        self.add_cancel()
        self._go = self.add_button("analysis-go", "analysis-go", primary=True)
        self._go.clicked.connect(self._start)
        self._wheel = QuietWheel(self)
        self._wheel.watch(self)
        texts.changed.connect(self._retell)
        desk.project_changed.connect(self.close)
        self.resize(WIDE, self.sizeHint().height())

    def _say(self, name: str, role: str, key: str) -> None:
        """Say something above the fields, where there is a text for it."""
        texts = self.desk.texts
        if texts.t(key) == key:
            return
        label = QLabel()
        label.setObjectName(name)
        label.setProperty("role", role)
        label.setWordWrap(True)
        texts.bind(label, "setText", key)
        self.body.addWidget(label)

    def _add_fields(self, values: Mapping[str, Any]) -> None:
        for name, how in asked(self._analysis.Params).items():
            field = FIELD_FOR[how.what](self.desk, f"ask-{dashed(name)}", how)
            field.follow(self._value)
            field.put(values[name])
            self._fields[name] = field
            key = ask_key(self.kind, name, self.desk.texts.wording)
            self._add_row(key, field, how)
            if isinstance(field, HazardAsked):
                field.chosen.connect(partial(self._suit, field))

    def _suit(self, field: HazardAsked, chosen: str) -> None:
        """Let gas and fuel be those of the hazard source that was chosen."""
        text = field.substances.get(chosen, "")
        for name, named in (("substance", named_gas(text)), ("fuel", named_fuel(text))):
            if named and name in self._fields:
                self._fields[name].put(named)

    def _add_row(self, key: str, field: QWidget, how: Ask | None = None) -> None:
        label = QLabel(self.desk.texts.t(key))
        label.setObjectName(f"label-{key}")
        label.setProperty("role", "dim")
        label.setWordWrap(True)
        label.setBuddy(field)
        field.setAccessibleName(self.desk.texts.t(key))
        self._labels.append((label, key))
        del how
        self._form.addRow(label, field)

    def _make_scheme(self) -> QComboBox | None:
        names = [scheme.name for scheme in self.desk.project.schemes.items]
        if not names:
            return None
        box = QComboBox()
        box.setObjectName("analysis-scheme")
        box.addItem(self.desk.texts.t("analysis-scheme-shown"), "")
        for name in names:
            box.addItem(name, name)
        self._add_row("ask-scheme", box)
        return box

    def _value(self, name: str) -> Any:
        """Give what another field holds (a field of attributes follows its layer)."""
        return self._fields[name].take() if name in self._fields else ""

    @property
    def params(self) -> dict[str, Any]:
        """What the fields say."""
        return {name: field.take() for name, field in self._fields.items()}

    def put(self, name: str, value: Any) -> None:
        """Fill one field."""
        self._fields[name].put(value)

    def _start(self) -> None:
        try:
            params = self.params
            params_of(self._analysis, params)
            if "hazard" in params and not params["hazard"] and not params["point"]:
                raise CityError(
                    "drill.no_source", "Nobody said where it happens.",
                    hint="click a place in the picture, or choose a hazard source",
                )  # fmt: skip
        except CityError as error:
            sentence, hint = self.desk.texts.error(error)
            self._problem.setText(f"{sentence} {hint}".strip())
            self._problem.show()
            return
        scheme = self._scheme.currentData() if self._scheme is not None else ""
        ask(self.desk, self.kind, params, scheme=scheme, name=self._name.text().strip())
        self.accept()

    def _retell(self) -> None:
        for label, key in self._labels:
            label.setText(self.desk.texts.t(key))
        self._name.setPlaceholderText(self.desk.texts.t(f"analysis-{dashed(self.kind)}"))


def ask_key(kind: str, name: str, words: Wording) -> str:
    """Give the key of a parameter's caption: its own for the analysis, or the shared one."""
    own = f"ask-{dashed(kind)}-{dashed(name)}"
    return own if words.t(own) != own else f"ask-{dashed(name)}"
