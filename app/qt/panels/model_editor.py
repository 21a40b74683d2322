"""The selected models in the inspector: place, turn, size, axis, unit, hidden buildings."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.qt.desk import Desk
from app.qt.dialogs.frame import caption
from app.qt.widgets.model_fields import axis_choice, number, unit_choice
from layers.errors import CityError
from layers.history import Command
from layers.kinds.base import Layer
from layers.kinds.models import Models, models_of
from layers.model_edits import (
    change_models,
    link_buildings,
    remove_models,
    set_axes,
    unlink_buildings,
)
from layers.shapes import Ints


class ModelEditor(QWidget):
    """Fields for the models that are selected; hidden while none is.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("model-editor")
        self._desk = desk
        self._make()
        for signal in (desk.selection_changed, desk.project_edited, desk.texts.changed):
            signal.connect(self.refresh)
        self.refresh()

    def _make(self) -> None:
        desk, form = self._desk, QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        self._east = number(desk, "model-east", -1e9, 1e9, 3)
        self._north = number(desk, "model-north", -1e9, 1e9, 3)
        self._height = number(desk, "model-height", -1e5, 1e5, 3, " m")
        desk.texts.bind(self._height, "setToolTip", "model-height-tip")
        self._turn = number(desk, "model-turn", 0.0, 360.0, 1, "°")
        self._turn.setWrapping(True)
        self._turn.setSingleStep(5.0)
        desk.texts.bind(self._turn, "setToolTip", "model-turn-tip")
        self._scale = number(desk, "model-scale", 0.001, 1000.0, 3)
        self._scale.setSingleStep(0.1)
        desk.texts.bind(self._scale, "setToolTip", "model-scale-tip")
        self._from, self._which = QComboBox(), QComboBox()
        self._from.setObjectName("model-counts-from")
        self._which.setObjectName("model-which")
        self._up, self._unit = axis_choice(desk), unit_choice(desk)
        for key, field in (
            ("model-which", self._which), ("model-east", self._east), ("model-north", self._north),
            ("model-height", self._height), ("model-counts-from", self._from),
            ("model-turn", self._turn), ("model-scale", self._scale), ("model-up", self._up),
            ("model-unit", self._unit),
        ):  # fmt: skip
            form.addRow(caption(desk, key, field), field)
        self._hides = QLabel()
        self._hides.setObjectName("model-hides")
        self._hide, self._show = self._button("model-hide"), self._button("model-show-again")
        self._remove = self._button("model-remove")
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addLayout(form)
        box.addWidget(self._hides)
        for button in (self._hide, self._show, self._remove):
            box.addWidget(button)
        self._connect()

    def _button(self, key: str) -> QPushButton:
        button = QPushButton()
        button.setObjectName(key)
        self._desk.texts.bind(button, "setText", key)
        return button

    def _connect(self) -> None:
        for field in (self._east, self._north, self._height):
            field.editingFinished.connect(self._moved)
        self._turn.editingFinished.connect(self._turned)
        self._scale.editingFinished.connect(self._scaled)
        self._from.activated.connect(self._grounded)
        self._which.activated.connect(self._exchanged)
        self._up.activated.connect(self._axes)
        self._unit.activated.connect(self._axes)
        self._hide.clicked.connect(lambda: self._run(link_buildings))
        self._show.clicked.connect(lambda: self._run(unlink_buildings))
        self._remove.clicked.connect(lambda: self._run(remove_models))

    # Showing ---------------------------------------------------------------------------------

    def _chosen(self) -> tuple[Layer, Models, Ints] | None:
        """Give the layer, its models and the positions of those selected."""
        for layer_id, ids in self._desk.session.selection.items():
            layer = next((x for x in self._desk.project.layers if x.id == layer_id), None)
            if layer is not None and isinstance(layer.data, Models):
                try:
                    return layer, layer.data, layer.data.index_of(ids)
                except CityError:  # some are gone; the selection follows in a moment
                    return None
        return None

    def refresh(self) -> None:
        """Show what is selected now."""
        chosen = self._chosen()
        self.setVisible(chosen is not None)
        if chosen is None:
            return
        _, data, at = chosen
        row, words = int(at[0]), self._desk.texts.wording
        east, north, height = data.places[row].tolist()
        values = (
            (self._east, east), (self._north, north), (self._height, height),
            (self._turn, float(data.turn[row])), (self._scale, float(data.scale[row])),
        )  # fmt: skip
        for field, value in values:
            with QSignalBlocker(field):
                field.setValue(value)
        for field in (self._east, self._north, self._height):
            field.setEnabled(len(at) == 1)
        self._from.clear()
        self._from.addItem(words.t("model-on-ground"), True)
        self._from.addItem(words.t("model-absolute"), False)
        self._from.setCurrentIndex(0 if data.on_ground[row] else 1)
        self._which.clear()
        self._which.addItems(list(data.library.keys))
        self._which.setCurrentIndex(int(data.model[row]))
        model = data.library.models[int(data.model[row])]
        self._up.setCurrentIndex(self._up.findData(model.up))
        if self._unit.findData(model.unit) < 0:
            text = words.t("model-unit-as-file", metres=f"{model.unit:g}")
            self._unit.addItem(text, model.unit)
        self._unit.setCurrentIndex(self._unit.findData(model.unit))
        count = len(data.links.of_instances(data.ids[at]))
        told = words.t("model-hides", count=count) if count else words.t("model-hides-none")
        self._hides.setText(told)
        self._show.setVisible(count > 0)
        self._hide.setVisible(count == 0)

    # Changing --------------------------------------------------------------------------------

    def _run(self, make: object, **values: object) -> None:
        chosen = self._chosen()
        if chosen is None or not callable(make):
            return
        layer, data, at = chosen

        def run() -> None:
            command: Command = make(self._desk.project, layer.id, data.ids[at], **values)
            self._desk.session.run(command)

        if not self._desk.attempt(run):
            self.refresh()

    def _moved(self) -> None:
        chosen = self._chosen()
        if chosen is None or len(chosen[2]) != 1:
            return
        place = (self._east.value(), self._north.value(), self._height.value())
        old = chosen[1].places[int(chosen[2][0])].tolist()
        if max(abs(a - b) for a, b in zip(place, old, strict=True)) >= 0.0005:
            self._run(change_models, place=place)

    def _turned(self) -> None:
        chosen = self._chosen()
        if (
            chosen is not None
            and (abs(chosen[1].turn[chosen[2]] - self._turn.value()) > 0.05).any()
        ):
            self._run(change_models, turn=self._turn.value())

    def _scaled(self) -> None:
        chosen = self._chosen()
        if chosen is None:
            return
        if (abs(chosen[1].scale[chosen[2]] - self._scale.value()) > 0.0005).any():
            self._run(change_models, scale=self._scale.value())

    def _grounded(self) -> None:
        self._run(change_models, on_ground=bool(self._from.currentData()))

    def _exchanged(self) -> None:
        self._run(change_models, key=self._which.currentText())

    def _axes(self) -> None:
        chosen = self._chosen()
        if chosen is None:
            return
        layer, _, at = chosen
        data = models_of(layer)
        key = data.library.keys[int(data.model[int(at[0])])]
        up, unit = self._up.currentData(), self._unit.currentData()
        self._desk.run(set_axes(self._desk.project, layer.id, key, up=up, unit=unit))
