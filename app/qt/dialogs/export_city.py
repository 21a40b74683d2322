"""Write the city for other programs: what of it, in what format, where to."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QFileDialog,
    QFormLayout,
    QLabel,
    QLineEdit,
    QWidget,
)

from app.exporting import FORMATS, Format, choose_of, remarks, summary, write
from app.qt.desk import Desk
from app.qt.dialogs.frame import Dialog, caption
from app.qt.widgets.number_field import roomy
from layers.errors import CityError
from layers.files.city_choice import Choice
from layers.files.city_export import Written
from layers.kinds.base import Layer
from layers.kinds.buildings import Buildings
from layers.kinds.models import Models
from layers.progress import Progress

ENDINGS: dict[Format, str] = {"3dtiles": "", "glb": ".glb", "cityjson": ".city.json"}
VISIBLE, SELECTED = "visible", "selected"


def _fits(layer: Layer) -> bool:
    return isinstance(layer.data, Buildings | Models) or layer.kind == "trees"


class ExportCity(Dialog):
    """Asks for format and layers, then for the place, and writes beside the window.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    parent : QWidget
        The window.
    """

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(desk, "export-city", parent)
        self.setMinimumWidth(480)
        form = QFormLayout()
        form.setHorizontalSpacing(14)
        form.setVerticalSpacing(10)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._format = QComboBox()
        self._format.setObjectName("export-format")
        for key in FORMATS:
            self._format.addItem(desk.texts.t(f"export-format-{key}"), key)
        form.addRow(caption(desk, "export-format", self._format), self._format)
        self._about = QLabel()
        self._about.setObjectName("export-about")
        self._about.setProperty("role", "dim")
        self._about.setWordWrap(True)
        form.addRow("", self._about)
        self._which = QComboBox()
        self._which.setObjectName("export-which")
        self._which.addItem(desk.texts.t("export-which-visible"), VISIBLE)
        if self._selected():
            self._which.addItem(desk.texts.t("export-which-selected"), SELECTED)
            self._which.setCurrentIndex(1)
        for layer in reversed(desk.project.layers):
            if _fits(layer):
                self._which.addItem(layer.name, layer.id)
        form.addRow(caption(desk, "export-which", self._which), self._which)
        self._where = QLineEdit()
        self._where.setObjectName("export-where")
        desk.texts.bind(self._where, "setPlaceholderText", "export-where-example")
        form.addRow(caption(desk, "export-where", self._where), self._where)
        self._offset = QDoubleSpinBox()
        self._offset.setObjectName("export-height-offset")
        self._offset.setRange(-200.0, 200.0)
        self._offset.setDecimals(2)
        self._offset.setSuffix(" m")
        roomy(self._offset)
        self._offset_label = caption(desk, "export-height-offset", self._offset)
        self._offset_help = caption(desk, "export-height-offset-help", dim=True)
        form.addRow(self._offset_label, self._offset)
        form.addRow("", self._offset_help)
        self.body.addLayout(form)
        self._problem = QLabel()
        self._problem.setObjectName("export-problem")
        self._problem.setProperty("role", "error")
        self._problem.setWordWrap(True)
        self._problem.hide()
        self.body.addWidget(self._problem)
        self._format.currentIndexChanged.connect(self._format_changed)
        self._format_changed()
        self.add_cancel()
        self.add_button("export", "button-export", primary=True).clicked.connect(self._ask_place)

    @property
    def _kind(self) -> Format:
        return FORMATS[self._format.currentIndex()]

    def _selected(self) -> dict[str, list[int]]:
        """Give the selected buildings, models and trees by layer."""
        desk = self.desk
        return {
            layer.id: desk.session.selection[layer.id].tolist()
            for layer in desk.project.layers
            if layer.id in desk.session.selection and _fits(layer)
        }

    def _format_changed(self) -> None:
        kind = self._kind
        self._about.setText(self.desk.texts.t(f"export-about-{kind}"))
        for part in (self._offset_label, self._offset, self._offset_help):
            part.setVisible(kind == "3dtiles")
        self._grow()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Make room for all lines of the texts."""
        super().showEvent(event)
        self._grow()

    def _grow(self) -> None:
        layout = self.layout()
        assert layout is not None
        layout.activate()
        needed = layout.heightForWidth(self.width())
        if self.isVisible() and needed > self.height():
            self.resize(self.width(), needed)

    def chosen(self) -> Choice:
        """Give what is asked for.

        Raises
        ------
        CityError
            As `layers.files.city_choice.choose` does.
        """
        project, which = self.desk.project, str(self._which.currentData())
        where = self._where.text()
        if which != SELECTED:
            return choose_of(project, () if which == VISIBLE else (which,), where)
        found: list[Choice] = []
        refused: CityError | None = None
        for layer_id, ids in self._selected().items():
            try:
                found.append(choose_of(project, (layer_id,), where, ids))
            except CityError as error:
                refused = refused or error
        if not found and refused is not None:
            raise refused
        return Choice.joined(found)

    def _ask_place(self) -> None:
        """Ask where to write; a mistake in the condition is told here, before."""
        try:
            chosen = self.chosen()
        except CityError as error:
            self._problem.setText(" ".join(self.desk.texts.error(error)))
            self._problem.show()
            return
        texts, settings, kind = self.desk.texts, self.desk.settings, self._kind
        folder = Path(settings.last_folder or Path.home())
        dialog = QFileDialog(self, texts.t(f"files-export-{kind}"), str(folder))
        dialog.setObjectName("export-file")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        if kind != "3dtiles":
            dialog.setDefaultSuffix(ENDINGS[kind].lstrip("."))
            dialog.setNameFilters([texts.t(f"files-filter-{kind}")])
        name = (self.desk.project.info.title or "city").replace("/", "-")
        dialog.selectFile(f"{name}{ENDINGS[kind] or '-3dtiles'}")
        dialog.fileSelected.connect(lambda text: self._export(chosen, Path(text)))
        dialog.open()

    def _export(self, chosen: Choice, path: Path) -> None:
        desk, kind = self.desk, self._kind
        offset = self._offset.value() if self._offset.value() != 0.0 else None
        desk.settings.last_folder = str(path.parent)
        desk.keep_settings()
        self.accept()
        write_city(desk, chosen, kind, path, offset)


def write_city(
    desk: Desk, chosen: Choice, kind: Format, path: Path, offset: float | None = None
) -> None:
    """Write the city beside the window; tell what came of it.

    The file dialog has asked already whether a file may be replaced.
    """
    project = desk.project

    def work(progress: Progress) -> Written:
        return write(project, chosen, kind, path, progress, height_offset=offset, overwrite=True)

    def done(written: Written) -> None:
        texts = desk.texts.wording
        lines = remarks(written, texts)
        desk.tell_text("success", summary(written, texts, path.name), hint=" ".join(lines))

    desk.start(desk.texts.t("job-exporting", name=path.name), work, done)
