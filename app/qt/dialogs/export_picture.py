"""Write a picture of any size: which view, how large, what stands on it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QFormLayout,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSpinBox,
    QWidget,
)

from app.pictures import furniture_of
from app.qt.desk import Desk
from app.qt.dialogs.frame import Dialog, caption
from app.qt.foreground import Foreground
from app.qt.widgets.number_field import roomy
from layers.planning.measure import program
from layers.progress import Progress
from layers.viewpoint import View
from scene.offscreen import Picture, PictureRequest, render_picture

LARGEST = 16384
FURNITURE = ("legend", "north", "scale_bar", "date", "coordinates")
#: Sizes to choose from: key of the name, width, height. Paper at 300 dots per inch.
SIZES = (
    ("export-window", 0, 0), ("1920 × 1080", 1920, 1080), ("2560 × 1440", 2560, 1440),
    ("3840 × 2160 (4K)", 3840, 2160), ("7680 × 4320 (8K)", 7680, 4320),
    ("A4, 300 dpi", 3508, 2480), ("A3, 300 dpi", 4961, 3508), ("A1, 300 dpi", 9933, 7016),
    ("export-own", -1, -1),
)  # fmt: skip


class ExportPicture(Dialog):
    """Asks for view, size and furniture, then for the file, and draws.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    parent : QWidget
        The window.
    """

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(desk, "picture", parent)
        self.setMinimumWidth(460)
        self._window = parent
        form = QFormLayout()
        form.setHorizontalSpacing(14)
        form.setVerticalSpacing(10)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._view = QComboBox()
        self._view.setObjectName("export-view")
        self._view.addItem(desk.texts.t("export-view-current"), "")
        for view in desk.project.views:
            self._view.addItem(view.name, view.name)
        form.addRow(caption(desk, "export-view", self._view), self._view)
        self._size = QComboBox()
        self._size.setObjectName("export-size")
        for name, width, height in SIZES:
            words = desk.texts.t(name) if name.startswith("export-") else name
            self._size.addItem(words, (width, height))
        form.addRow(caption(desk, "export-size", self._size), self._size)
        self._width, self._height = self._pixels("export-width"), self._pixels("export-height")
        row = QHBoxLayout()
        row.addWidget(self._width, 1)
        row.addWidget(QLabel("×"))
        row.addWidget(self._height, 1)
        form.addRow(caption(desk, "export-pixels", self._width), row)
        self._title = QLineEdit(desk.project.info.title)
        self._title.setObjectName("export-title")
        form.addRow(caption(desk, "export-title", self._title), self._title)
        form.addRow(caption(desk, "export-furniture"), self._make_furniture())
        self._fine = QComboBox()
        self._fine.setObjectName("export-fine")
        for times in (1, 2, 3, 4):
            self._fine.addItem(desk.texts.t(f"export-fine-{times}"), times)
        self._fine.setCurrentIndex(1)
        form.addRow(caption(desk, "export-fine", self._fine), self._fine)
        self._transparent = self._check("export-transparent", on=False)
        form.addRow("", self._transparent)
        self.body.addLayout(form)
        self._view.currentIndexChanged.connect(self._take_view)
        self._size.currentIndexChanged.connect(self._take_size)
        self._width.valueChanged.connect(self._own_size)
        self._height.valueChanged.connect(self._own_size)
        self._set_pixels(*desk.settings.picture_size)
        self._own_size()
        self.add_cancel()
        self.add_button("export", "button-export", primary=True).clicked.connect(self._ask_file)

    # Parts -----------------------------------------------------------------------------------

    def _make_furniture(self) -> QGridLayout:
        grid = QGridLayout()
        self._parts: dict[str, QCheckBox] = {}
        for place, name in enumerate(FURNITURE):
            check = self._check(f"export-{name.replace('_', '-')}", on=True)
            grid.addWidget(check, place // 2, place % 2)
            self._parts[name] = check
        return grid

    def _pixels(self, name: str) -> QSpinBox:
        spin = QSpinBox()
        roomy(spin)
        spin.setObjectName(name)
        spin.setRange(16, LARGEST)
        spin.setSuffix(" px")
        return spin

    def _check(self, name: str, *, on: bool) -> QCheckBox:
        check = QCheckBox()
        check.setObjectName(name)
        check.setChecked(on)
        self.desk.texts.bind(check, "setText", name)
        return check

    def _set_pixels(self, width: int, height: int) -> None:
        for spin, value in ((self._width, width), (self._height, height)):
            spin.blockSignals(True)
            spin.setValue(value)
            spin.blockSignals(False)

    def _take_size(self) -> None:
        width, height = self._size.currentData()
        if width == 0:
            width, height = self.desk.viewport.stage.size
        if width > 0:
            self._set_pixels(width, height)

    def _own_size(self) -> None:
        """Show the name of the size that is typed, or that it is one's own."""
        size = (self._width.value(), self._height.value())
        known = [i for i, (_, width, height) in enumerate(SIZES) if (width, height) == size]
        self._size.blockSignals(True)
        self._size.setCurrentIndex(known[0] if known else len(SIZES) - 1)
        self._size.blockSignals(False)

    # Doing -----------------------------------------------------------------------------------

    def request(self) -> PictureRequest:
        """Give what is wanted as the scene takes it."""
        desk, viewport = self.desk, self.desk.viewport
        name = str(self._view.currentData())
        if name:
            view = desk.project.view(name)
        else:
            view = View(
                "", viewport.viewpoint, viewport.hidden_layers(), viewport.moment,
                look=viewport.look, cut=viewport.cut, underground=viewport.underground,
                explode=viewport.explode,
            )  # fmt: skip
        title = self._title.text().strip()
        parts = {part: check.isChecked() for part, check in self._parts.items()}
        furniture = None
        if title or any(parts.values()):
            own = title if title != self._usual_title() else None
            whole = furniture_of(desk.project, view, desk.texts.wording, own)
            furniture = replace(
                whole,
                legend=parts["legend"],
                north=parts["north"],
                scale_bar=parts["scale_bar"],
                date=parts["date"],
                coordinates=parts["coordinates"],
            )
        return PictureRequest(
            view,
            (self._width.value(), self._height.value()),
            furniture,
            transparent=self._transparent.isChecked(),
            supersample=int(self._fine.currentData()),
        )

    def _usual_title(self) -> str:
        return str(self._view.currentData()) or self.desk.project.info.title

    def _take_view(self) -> None:
        self._title.setText(self._usual_title())

    def _ask_file(self) -> None:
        texts, settings = self.desk.texts, self.desk.settings
        folder = Path(settings.last_folder or Path.home())
        dialog = QFileDialog(self, texts.t("files-picture-file"), str(folder))
        dialog.setObjectName("picture-file")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("png")
        dialog.setNameFilters([texts.t("files-picture")])
        name = self._view.currentData() or self.desk.project.info.title or "city"
        dialog.selectFile(f"{name}.png".replace("/", "-"))
        dialog.fileSelected.connect(self._export)
        dialog.open()

    def _export(self, text: str) -> None:
        path, request, desk = Path(text), self.request(), self.desk
        desk.settings.picture_size = request.size
        desk.settings.last_folder = str(path.parent)
        desk.keep_settings()
        self.accept()
        window = self._window
        QTimer.singleShot(0, desk, lambda: write_picture(desk, window, request, path))


def write_picture(desk: Desk, window: QWidget, request: PictureRequest, path: Path) -> None:
    """Draw a picture and write it, with progress and stop; tell what came of it."""

    def draw(progress: Progress) -> Picture:
        picture = render_picture(desk.project, request, progress)
        picture.save(path, {"Software": program()})
        return picture

    if Foreground(desk, "drawing", window).work(draw) is not None:
        desk.tell("success", "picture-written", name=path.name)
