"""Import a model: what was found in the file, which way is up, how large, where it stands."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import (
    QButtonGroup,
    QFormLayout,
    QLabel,
    QRadioButton,
    QWidget,
)

from app.qt.desk import Desk
from app.qt.dialogs.frame import Dialog, caption
from app.qt.model_placing import Waiting, import_model_file, wait_for_click
from app.qt.widgets.model_fields import axis_choice, number, unit_choice
from layers.files.model_choices import ModelChoices
from layers.files.model_import import Shaped, shape_model
from layers.files.model_read import RawModel, read_model
from layers.progress import Progress

CLICK, NUMBERS, MAP = "click", "numbers", "on-map"


class PlaceModelDialog(Dialog):
    """Asks how a model's file is meant and where it shall stand.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    path : pathlib.Path
        The file.
    parent : QWidget
        The window.
    """

    def __init__(self, desk: Desk, path: Path, parent: QWidget) -> None:
        super().__init__(desk, "place-model", parent)
        self._desk, self._path = desk, path
        self._raw: RawModel | None = None
        self._shaped: Shaped | None = None
        self.resize(520, 460)
        self._facts = QLabel(desk.texts.t("model-dialog-unread"))
        self._facts.setObjectName("model-facts")
        self._facts.setWordWrap(True)
        self.body.addWidget(self._facts)
        self._notes = QLabel()
        self._notes.setObjectName("model-notes")
        self._notes.setProperty("role", "dim")
        self._notes.setWordWrap(True)
        self.body.addWidget(self._notes)
        self.add_cancel()
        self._ok = self.add_button("place", "model-dialog-place", primary=True)
        self._ok.clicked.connect(self._accept)
        self._make_fields()
        self._changed()
        self._read()

    def _make_fields(self) -> None:
        desk, form = self._desk, QFormLayout()
        self._up, self._unit = axis_choice(desk), unit_choice(desk)
        self._turn = number(desk, "model-turn", 0.0, 360.0, 1, "°")
        self._turn.setWrapping(True)
        self._scale = number(desk, "model-scale", 0.001, 1000.0, 3)
        self._scale.setValue(1.0)
        for key, field in (("model-up", self._up), ("model-unit", self._unit),
                           ("model-turn", self._turn), ("model-scale", self._scale)):  # fmt: skip
            form.addRow(caption(desk, key, field), field)
        self._where: dict[str, QRadioButton] = {}
        group = QButtonGroup(self)
        for name in (CLICK, NUMBERS, MAP):
            button = QRadioButton()
            button.setObjectName(f"model-place-{name}")
            desk.texts.bind(button, "setText", f"model-place-{name}")
            group.addButton(button)
            button.toggled.connect(self._changed)
            self._where[name] = button
        self._east = number(desk, "model-east", -1e9, 1e9, 3, " m")
        self._north = number(desk, "model-north", -1e9, 1e9, 3, " m")
        extent = desk.project.extent()
        if extent is not None:
            self._east.setValue((extent[0] + extent[2]) / 2)
            self._north.setValue((extent[1] + extent[3]) / 2)
        form.addRow(caption(desk, "model-where"), self._where[MAP])
        form.addRow("", self._where[CLICK])
        form.addRow("", self._where[NUMBERS])
        form.addRow(caption(desk, "model-east", self._east), self._east)
        form.addRow(caption(desk, "model-north", self._north), self._north)
        self._where[CLICK].setChecked(True)
        self.body.addLayout(form)
        self.body.addStretch(1)
        for choice in (self._up, self._unit):
            choice.activated.connect(self._reshape)

    # Reading ---------------------------------------------------------------------------------

    def _read(self) -> None:
        path = self._path

        def work(progress: Progress) -> RawModel:
            return read_model(path, progress)

        def failed(error: Exception) -> None:
            self._desk.tell_error(error)
            self.reject()

        title = self._desk.texts.t("job-reading-model", name=path.name)
        self._desk.start(title, work, self._take, failed)

    def _take(self, raw: RawModel) -> None:
        self._raw = raw
        if not self._shape(ModelChoices()):
            return
        shaped = self._shaped
        assert shaped is not None
        self._up.setCurrentIndex(self._up.findData(shaped.model.up))
        self._show_unit(shaped.model.unit)
        self._where[MAP].setEnabled(shaped.on_map is not None)
        self._where[MAP].setChecked(shaped.on_map is not None)
        self._changed()

    def _show_unit(self, metres: float) -> None:
        at = self._unit.findData(metres)
        if at < 0:
            text = self._desk.texts.t("model-unit-as-file", metres=f"{metres:g}")
            self._unit.addItem(text, metres)
            at = self._unit.count() - 1
        self._unit.setCurrentIndex(at)

    def _reshape(self) -> None:
        self._shape(self._choices())
        self._changed()

    def _shape(self, choices: ModelChoices) -> bool:
        """Work out what the choices make of the file, and show it."""
        raw = self._raw
        if raw is None:
            return False

        def shape() -> None:
            self._shaped = shape_model(raw, choices)

        if not self._desk.attempt(shape) or self._shaped is None:
            return False
        words = self._desk.texts.wording
        low, high = self._shaped.model.box()
        size = [words.number(float(v), 2) for v in high - low]
        self._facts.setText(
            words.t(
                "model-dialog-file", name=self._path.name, width=size[0], depth=size[1],
                height=size[2], triangles=words.number(len(raw.triangles), 0),
            )
        )  # fmt: skip
        self._notes.setText("\n".join(words.note(note) for note in self._shaped.notes[1:]))
        return True

    # Answering -------------------------------------------------------------------------------

    def _choices(self) -> ModelChoices:
        at = None
        if self._where[NUMBERS].isChecked():
            at = (self._east.value(), self._north.value())
        return ModelChoices(
            at=at, turn=self._turn.value(), scale=self._scale.value(),
            up=self._up.currentData(), unit=self._unit.currentData(),
        )  # fmt: skip

    def _changed(self) -> None:
        typed = self._where[NUMBERS].isChecked()
        self._east.setEnabled(typed)
        self._north.setEnabled(typed)
        ready = self._shaped is not None
        if self._where[CLICK].isChecked() or typed:
            ready = ready and self._desk.project.frame is not None
        self._ok.setEnabled(ready)

    def _accept(self) -> None:
        assert self._shaped is not None
        choices = self._choices()
        self.accept()
        if self._where[CLICK].isChecked():
            wait_for_click(self._desk, Waiting(self._path, self._shaped.model, choices))
        else:
            import_model_file(self._desk, self._path, choices)
