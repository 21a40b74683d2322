"""Put models on the points of a layer: which files, which points, which fields turn and size."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QWidget,
)

from app.modelling import read_library
from app.qt.desk import Desk
from app.qt.dialogs.frame import Dialog, caption
from app.qt.widgets.model_fields import axis_choice, unit_choice
from layers.edits import AddLayer
from layers.files.model_choices import ModelChoices
from layers.files.model_import import with_links
from layers.kinds.base import Features, Layer
from layers.kinds.models import KIND, Models
from layers.model_edits import placed_on_points
from layers.progress import Progress
from layers.project import Project
from layers.shapes import POINT

if TYPE_CHECKING:
    from layers.files.raw import Note
    from layers.kinds.model_library import Library

#: Rows of the form: key of its texts, words its field is likely called by.
FIELDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("model", ("model", "type", "species", "模型", "类型", "种类", "树种")),
    ("turn", ("turn", "rotation", "angle", "heading", "direction", "方向", "角度", "方位角")),
    ("scale", ("scale", "factor", "比例", "缩放")),
    ("height", ("height", "high", "高度", "高", "树高")),
)
MOST_NAMES = 4  # files that are told by name


class ModelsOnPointsDialog(Dialog):
    """Asks what a layer of models on points is made of.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    parent : QWidget
        The window.
    """

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(desk, "models-on-points", parent)
        self.resize(500, 420)
        self._files: list[Path] = []
        form = QFormLayout()
        self._points = QComboBox()
        self._points.setObjectName("on-points-layer")
        for layer in reversed(desk.project.layers):
            if fits(layer):
                self._points.addItem(f"{layer.name} ({len(layer.data)})", layer.id)
        form.addRow(caption(desk, "on-points-layer", self._points), self._points)
        row = QHBoxLayout()
        self._told = QLabel(desk.texts.t("on-points-no-files"))
        self._told.setObjectName("on-points-files")
        self._told.setWordWrap(True)
        choose = QPushButton()
        choose.setObjectName("on-points-choose")
        desk.texts.bind(choose, "setText", "on-points-choose")
        choose.clicked.connect(self._ask_files)
        row.addWidget(self._told, 1)
        row.addWidget(choose)
        form.addRow(caption(desk, "on-points-models"), row)
        self._up, self._unit = axis_choice(desk), unit_choice(desk)
        for box in (self._up, self._unit):
            box.insertItem(0, desk.texts.t("on-points-as-file"), None)
            box.setCurrentIndex(0)
        form.addRow(caption(desk, "model-up", self._up), self._up)
        form.addRow(caption(desk, "model-unit", self._unit), self._unit)
        self._fields: dict[str, QComboBox] = {}
        for key, _ in FIELDS:
            box = self._fields[key] = QComboBox()
            box.setObjectName(f"on-points-{key}")
            form.addRow(caption(desk, f"on-points-{key}", box), box)
        self._hide = QCheckBox()
        self._hide.setObjectName("on-points-hide")
        desk.texts.bind(self._hide, "setText", "on-points-hide")
        form.addRow("", self._hide)
        self.body.addLayout(form)
        self.body.addStretch(1)
        self.add_cancel()
        self._ok = self.add_button("place", "model-dialog-place", primary=True)
        self._ok.clicked.connect(self._accept)
        self._points.currentIndexChanged.connect(self._show_fields)
        self._show_fields()

    def take(self, files: list[Path]) -> None:
        """Take files of models."""
        self._files = files
        names = ", ".join(file.name for file in files[:MOST_NAMES])
        more = len(files) - MOST_NAMES
        self._told.setText(names + (f" + {more}" if more > 0 else ""))
        self._check()

    def _ask_files(self) -> None:
        dialog = QFileDialog(self, self.desk.texts.t("on-points-choose"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilters([self.desk.texts.t("files-model"), self.desk.texts.t("files-all")])
        dialog.filesSelected.connect(lambda names: self.take([Path(name) for name in names]))
        dialog.open()

    def _layer(self) -> Layer | None:
        chosen = self._points.currentData()
        return next((x for x in self.desk.project.layers if x.id == chosen), None)

    def _show_fields(self) -> None:
        layer = self._layer()
        names = list(layer.features.attributes.column_names) if layer is not None else []
        for key, words in FIELDS:
            box = self._fields[key]
            box.clear()
            box.addItem(self.desk.texts.t(f"on-points-{key}-none"), "")
            for name in names:
                box.addItem(name, name)
            likely = next((i for i, name in enumerate(names) if name.lower() in words), None)
            if likely is not None and not (key == "scale" and self._fields["height"].currentData()):
                box.setCurrentIndex(likely + 1)
        self._check()

    def _check(self) -> None:
        self._ok.setEnabled(self._layer() is not None and bool(self._files))

    def _accept(self) -> None:
        desk, layer, files = self.desk, self._layer(), list(self._files)
        assert layer is not None
        choices = ModelChoices(up=self._up.currentData(), unit=self._unit.currentData())
        fields = {f"{key}_field": str(box.currentData() or "") for key, box in self._fields.items()}
        hide, project = self._hide.isChecked(), desk.project
        features, name = layer.features, layer.name
        self.accept()

        def work(progress: Progress) -> tuple[Models, list[Note]]:
            progress.step(0, 2)
            library: Library
            library, notes = read_library(files, choices)
            progress.step(1, 2)
            data, unknown = placed_on_points(features, library, **fields)
            return told(project, data, notes, unknown, hide=hide)

        def done(made: tuple[Models, list[Note]]) -> None:
            if desk.project is not project:
                return
            new = Layer(KIND.key, name, made[0], style=KIND.style)
            if desk.run(AddLayer(new)):
                desk.choose_layer(new.id)
                words = desk.texts.wording
                details = "\n".join(words.note(note) for note in made[1])
                desk.tell("success", "on-points-placed", count=len(made[0]), details=details)

        desk.start(desk.texts.t("job-reading-model", name=files[0].name), work, done)


def fits(layer: Layer) -> bool:
    """Say whether models can be put on a layer: it holds points, and is not one of models."""
    data = layer.data
    if not isinstance(data, Features) or isinstance(data, Models) or not len(data):
        return False
    return bool((data.shapes.kind == POINT).all())


def told(
    project: Project, data: Models, notes: list[Note], unknown: int, *, hide: bool
) -> tuple[Models, list[Note]]:
    """Link buildings under models where that is wanted, and say what is to be said."""
    from layers.files.raw import Note

    if unknown:
        first = data.library.keys[0]
        notes = [*notes, Note("model_unknown_names", {"count": unknown, "first": first})]
    if hide:
        data, more = with_links(project, data, True)
        notes = [*notes, *more]
    return data, notes
