"""The page on which pipes are cut: a line or a way, and the drawing that answers clicks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
)

from app.pipe_sections import BOTH, CROSS, LONG, DrawingOptions, Kind, section_plate
from app.qt.asking import ask
from app.qt.desk import Desk
from app.qt.drawing import ask_in_picture
from app.qt.panels.pipes_page import PipesPage
from app.qt.widgets.plate_view import PlateView
from app.wording import OWN_NAMES
from layers.analyses.edits import answers_of
from layers.analyses.running import snapshot
from layers.errors import CityError
from layers.files.plates import SUFFIXES, write_plate
from layers.kinds.pipes import RUN, Pipes
from layers.pipes.plate import Link, Plate
from layers.progress import Progress
from layers.shapes import Floats
from scene.rays import Hit

HOW = ("cross", "long", "runs")
FILTERS = ("pdf", "svg", "png", "dxf")
AROUND = 15.0  # metres seen around what is zoomed to


class SectionPage(PipesPage):
    """Cuts pipes and shows the drawing.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "section")
        self._asked: tuple[Kind, dict[str, Any]] | None = None
        self._ends: list[tuple[str, str]] = []  # layer and name of the picked nodes
        self._way_layer = ""
        self._how = self.choice("kind", [(how, f"pipes-section-kind-{how}") for how in HOW])
        self._path = QLineEdit()
        self._path.setObjectName("pipes-section-path")
        self._path.setClearButtonEnabled(True)
        self._scale = self._figure("scale", 200_000.0, 100.0)
        self._times = self._figure("exaggeration", 100.0, 1.0)
        self._title, self._number = QLineEdit(), QLineEdit()
        self._title.setObjectName("pipes-section-title")
        self._number.setObjectName("pipes-section-number")
        self._words = self.choice("words", [("", "pipes-section-words-own")])
        for locale, name in OWN_NAMES.items():
            self._words.addItem(name, locale)
        self._words.addItem(desk.texts.t("pipes-section-words-both"), BOTH)
        self._kept = QComboBox()
        self._kept.setObjectName("pipes-section-kept")
        self._kept.setMinimumContentsLength(8)
        self._band = QCheckBox()
        self._band.setObjectName("pipes-section-band")
        self._band.setChecked(True)
        desk.texts.bind(self._band, "setText", "pipes-section-band")
        self._pick = self.button("pick", self.pick)
        self._go = QPushButton()
        self._go.setObjectName("pipes-section-go")
        self._go.clicked.connect(lambda _checked=False: self.go())
        self.view = PlateView("pipes-section-view")
        self._lay_out()
        self._how.currentIndexChanged.connect(self._show_fields)
        self._path.returnPressed.connect(self.go)
        for field in (self._scale, self._times):
            field.valueChanged.connect(self._redraw)
        for line in (self._title, self._number):
            line.editingFinished.connect(self._redraw)
        self._words.currentIndexChanged.connect(self._redraw)
        self._band.toggled.connect(self._redraw)
        self.view.clicked.connect(self._clicked)
        self.view.opened.connect(self._opened)
        self._kept.activated.connect(self._open_kept)
        desk.project_edited.connect(self._fill_kept)
        desk.selection_changed.connect(self._mark)
        desk.project_changed.connect(self._forget)
        self.language_changed.connect(self._retold)
        self._forget()
        self._retold()
        self._fill_kept()

    def _lay_out(self) -> None:
        self.row("kind", self._how)
        nodes = QHBoxLayout()
        nodes.addWidget(self._path, 1)
        nodes.addWidget(self._pick)
        self.row("path", nodes, self._path)
        self.form.addRow(self._go)
        for name, field in (
            ("kept", self._kept),
            ("scale", self._scale), ("exaggeration", self._times), ("title", self._title),
            ("number", self._number), ("words", self._words),
        ):  # fmt: skip
            self.row(name, field)
        self.form.addRow(self._band)
        top = QHBoxLayout()
        self._told = self.dim("told")
        self._buttons = [
            self.button("fit", self.view.fit), self.button("keep", self.keep),
            self.button("export", self._export),
        ]  # fmt: skip
        for button in self._buttons:
            top.addWidget(button)
        top.addStretch(1)
        self.result.addWidget(self._told)
        self.desk.texts.bind(self.view, "setAccessibleName", "pipes-section-plate")
        self.result.addLayout(top)
        self.result.addWidget(self.view, 1)

    def _figure(self, name: str, most: float, step: float) -> QDoubleSpinBox:
        field = QDoubleSpinBox()
        field.setObjectName(f"pipes-section-{name}")
        field.setRange(0.0, most)
        field.setDecimals(0)
        field.setSingleStep(step)
        field.setKeyboardTracking(False)
        return field

    # Asking ----------------------------------------------------------------------------------

    def go(self) -> None:
        """Cut what the form says; a cross section asks for its line first."""
        how = self._how.currentData()
        if how == "cross":
            ask_in_picture(self.desk, "line", self.cut_along)
        elif how == "long":
            self.unroll({"path": self._path.text().strip(), "layer": self._way_layer})
        else:
            self._unroll_selected()

    def cut_along(self, points: Floats) -> None:
        """Cut along a line of the picture, (k, 2 or 3)."""
        line = np.asarray(points, dtype=np.float64)[:, :2].round(3).tolist()
        self._ask(CROSS, {"line": line})

    def unroll(self, params: dict[str, Any]) -> None:
        """Unroll a way; the parameters are those of the analysis."""
        self._ask(LONG, params)

    def _unroll_selected(self) -> None:
        for layer in self.layers():
            data = layer.data
            ids = self.desk.session.selection.get(layer.id)
            if ids is None or not isinstance(data, Pipes):
                continue
            rows = data.index_of(ids)
            runs = data.ids[rows[data.role[rows] == RUN]]
            if len(runs):
                named = ",".join(str(run) for run in runs.tolist())
                self.unroll({"runs": named, "layer": layer.id})
                return
        self.desk.tell("info", "pipes-section-no-runs")

    def pick(self) -> None:
        """Take two nodes from the picture."""
        self._ends = []
        self._how.setCurrentIndex(HOW.index("long"))
        ask_in_picture(self.desk, "spot", self._picked)

    def _picked(self, hit: Hit) -> None:
        layer = next((one for one in self.layers() if one.id == hit.layer_id), None)
        data = layer.data if layer is not None else None
        name = ""
        if layer is not None and isinstance(data, Pipes) and hit.object_id:
            row = int(data.index_of([hit.object_id])[0])
            if data.role[row] != RUN:
                name = _name(data, row)
        if layer is None or not name:
            self.desk.tell("info", "pipes-section-no-node")
            return
        self._ends.append((layer.id, name))
        self._path.setText(", ".join(one for _, one in self._ends))
        self._way_layer = layer.id
        if len(self._ends) < 2:
            self.desk.tell("info", "pipes-section-picked", name=name)
            ask_in_picture(self.desk, "spot", self._picked)
        else:
            self.go()

    def _ask(self, kind: Kind, params: dict[str, Any]) -> None:
        self._asked = (kind, params)
        self._redraw()

    def _redraw(self) -> None:
        if self._asked is None:
            return
        kind, params = self._asked
        project, options = snapshot(self.desk.project), self.options()
        words = self.desk.texts.wording

        def work(progress: Progress) -> Plate:
            progress.step(0, 1)
            return section_plate(project, kind, params, options, words)

        self.desk.start(self.desk.texts.t("section-drawing"), work, self._show)

    def options(self) -> DrawingOptions:
        """Give how the drawing is made, as the form says it."""
        return DrawingOptions(
            self._scale.value(), self._times.value(), self._title.text().strip(),
            self._number.text().strip(), language=str(self._words.currentData() or ""),
            error_band=self._band.isChecked(),
        )  # fmt: skip

    # Showing ---------------------------------------------------------------------------------

    def _show(self, plate: Plate | None) -> None:
        self.view.show_plate(plate)
        for button in self._buttons:
            button.setEnabled(plate is not None)
        self._retold()
        self._mark()

    def _forget(self) -> None:
        self._asked = None
        self._ends, self._way_layer = [], ""
        self._show(None)

    def _show_fields(self) -> None:
        how = self._how.currentData()
        self.form.setRowVisible(1, how == "long")
        key = "draw" if how == "cross" else "go-long"
        self._go.setText(self.desk.texts.t(f"pipes-section-{key}"))

    def _retold(self) -> None:
        t = self.desk.texts.t
        self._show_fields()
        self._path.setPlaceholderText(t("pipes-section-path-hint"))
        self._scale.setSpecialValueText(t("pipes-section-scale-auto"))
        self._times.setSpecialValueText(t("pipes-section-exaggeration-auto"))
        self._words.setItemText(self._words.count() - 1, t("pipes-section-words-both"))
        plate = self.view.plate
        if plate is None:
            self._told.setText(t("pipes-section-none"))
            return
        self._told.setText(t("pipes-section-told", count=len(_runs(self.desk, plate))))

    def _clicked(self, link: Link) -> None:
        layer_id, object_id = link
        if any(layer.id == layer_id for layer in self.desk.project.layers):
            self.desk.session.select({layer_id: [object_id]})

    def _opened(self, link: Link) -> None:
        layer_id, object_id = link
        for layer in self.layers():
            if layer.id == layer_id and isinstance(layer.data, Pipes):
                row = layer.data.index_of([object_id])
                box = layer.data.shapes.bounds()[row][0]
                self.desk.viewport.fit(
                    (box[0] - AROUND, box[1] - AROUND, box[2] + AROUND, box[3] + AROUND)
                )

    def _fill_kept(self) -> None:
        """Offer the sections that the project keeps."""
        items = [one for one in answers_of(self.desk.project).items if one.kind in (CROSS, LONG)]
        now = [(one.id, one.name) for one in items]
        had = [(self._kept.itemData(k), self._kept.itemText(k))
               for k in range(self._kept.count())]  # fmt: skip
        if now != had:
            self._kept.clear()
            for number, name in now:
                self._kept.addItem(name, number)
            self._kept.setCurrentIndex(-1)
        self.form.setRowVisible(self._kept, bool(now))

    def _open_kept(self, at: int) -> None:
        """Draw a kept section again, as the project is now."""
        number = self._kept.itemData(at)
        for one in answers_of(self.desk.project).items:
            if one.id == number and one.kind in (CROSS, LONG):
                self._ask(CROSS if one.kind == CROSS else LONG, dict(one.params))

    def _mark(self) -> None:
        chosen = self.desk.session.selection
        self.view.mark({(layer, int(one)) for layer, ids in chosen.items() for one in ids})

    # Keeping ---------------------------------------------------------------------------------

    def keep(self) -> None:
        """Keep the answer in the project."""
        if self._asked is not None:
            kind, params = self._asked
            ask(self.desk, kind, params, name=self._title.text().strip())

    def _export(self) -> None:
        texts = self.desk.texts
        folder = self.desk.settings.last_folder or str(Path.home())
        dialog = QFileDialog(self.window(), texts.t("files-section-file"), folder)
        dialog.setObjectName("section-file")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([texts.t(f"files-{key}") for key in FILTERS])
        dialog.setDefaultSuffix(FILTERS[0])
        dialog.filterSelected.connect(
            lambda text: dialog.setDefaultSuffix(next(k for k in FILTERS if f"*.{k}" in text))
        )
        plate = self.view.plate
        dialog.selectFile(plate.title if plate is not None else "")
        dialog.fileSelected.connect(lambda text: self.export_to(Path(text)))
        dialog.open()

    def export_to(self, path: Path) -> None:
        """Write the drawing that is shown; endings are those of `layers.files.plates`."""
        plate = self.view.plate
        if plate is None:
            return
        if path.suffix.lower() not in SUFFIXES:
            path = path.with_name(f"{path.name}.{FILTERS[0]}")
        try:
            write_plate(plate, path)
        except CityError as error:
            self.desk.tell_error(error)
            return
        self.desk.tell("success", "pipes-section-written", name=path.name)


def _name(data: Pipes, row: int) -> str:
    """Give what a node is called, its id where it has no number."""
    if "number" in data.attributes.column_names:
        said = data.row(int(data.ids[row])).get("number")
        if said:
            return str(said)
    return str(int(data.ids[row]))


def _runs(desk: Desk, plate: Plate) -> set[Link]:
    """Give the runs that a drawing shows."""
    pipes = {layer.id: layer.data for layer in desk.project.layers if layer.kind == "pipes"}
    found = {shape.link for shape in plate.shapes if shape.link is not None}
    out = set()
    for layer_id, object_id in found:
        data = pipes.get(layer_id)
        if isinstance(data, Pipes) and data.role[data.index_of([object_id])[0]] == RUN:
            out.add((layer_id, object_id))
    return out
