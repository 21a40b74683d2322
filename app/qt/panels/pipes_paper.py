"""The page on which maps and papers of pipes are made, looked at and written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app import papers
from app.pipe_maps import MapOptions, map_plates, write_sheets
from app.pipe_permit import PermitOptions, permit
from app.pipe_repair import RepairOptions, repair_sheet
from app.pipe_report import ReportOptions, statistics_report
from app.qt.desk import Desk
from app.qt.drawing import What, ask_in_picture
from app.qt.panels.pipes_page import PipesPage
from app.qt.widgets.plate_view import PlateView
from app.wording import Wording
from layers.analyses.running import snapshot
from layers.errors import CityError
from layers.files.plates import SUFFIXES as DRAWINGS
from layers.paper.document import Document
from layers.paper.typst_writer import page_pictures
from layers.pipes.plate import PAPERS, Plate
from layers.pipes.statistics import DIMENSIONS
from layers.progress import Progress
from layers.project import Project
from layers.shapes import Floats

WHAT = ("map", "permit", "repair", "report")
#: What is drawn in the picture for each, None for nothing.
DRAWN: dict[str, What | None] = {"map": "area", "permit": "line", "repair": "spot", "report": None}
SIDES: tuple[What, ...] = ("line", "area")
#: Sheets of a map, or a paper with pictures of its pages.
Made = tuple[tuple[Plate, ...] | Document, list[bytes]]
REPORTS = (".pdf", ".docx", ".xlsx", ".png")
PAGE_WIDTH = 620  # points of a page in the list
DOTS = 90.0  # per inch of pages that are looked at


class PaperPage(PipesPage):
    """Makes maps, permits, repair sheets and reports.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "paper")
        self.made: Plate | Document | None = None
        self.sheets: tuple[Plate, ...] = ()
        self._places: dict[str, Any] = {}
        self._what = self.choice("what", [(what, f"pipes-paper-what-{what}") for what in WHAT])
        self._by = self.choice("by", [(by, f"pipes-by-{by}") for by in DIMENSIONS])
        self._size = QComboBox()
        self._size.setObjectName("pipes-paper-size")
        self._size.addItem(desk.texts.t("pipes-paper-size-auto"), "")
        for name, *_ in PAPERS:
            self._size.addItem(name, name)
        self._scale = self._number("scale", 0.0, 500_000.0, 0.0, 0)
        self._scale.setSpecialValueText(desk.texts.t("pipes-paper-size-auto"))
        self._side = self.choice("side", [(one, f"pipes-paper-side-{one}") for one in SIDES])
        self._depth = self._number("depth", 0.1, 60.0, 2.0, 2)
        self._width = self._number("width", 0.0, 100.0, 1.2, 2)
        self._slope = self._number("slope", 0.0, 10.0, 0.3, 2)
        self._texts = {name: QLineEdit() for name in (
            "applicant", "purpose", "place", "title", "number"
        )}  # fmt: skip
        self._labels = QCheckBox()
        self._labels.setObjectName("pipes-paper-labels")
        self._labels.setChecked(True)
        desk.texts.bind(self._labels, "setText", "pipes-paper-labels")
        self._several = QCheckBox()
        self._several.setObjectName("pipes-paper-several")
        desk.texts.bind(self._several, "setText", "pipes-paper-several")
        self._sheet = QComboBox()
        self._draw = self.button("draw", self.draw)
        self._go = self.button("go", self.go, primary=True)
        self._write = self.button("export", self._export)
        self._told = self.dim("told")
        self.view = PlateView("pipes-paper-view")
        self._pages = QWidget()
        self._lay_out()
        self._what.currentIndexChanged.connect(self._show_fields)
        self._show_fields()

    def _number(
        self, name: str, low: float, high: float, value: float, digits: int
    ) -> QDoubleSpinBox:
        field = QDoubleSpinBox()
        field.setObjectName(f"pipes-paper-{name}")
        field.setRange(low, high)
        field.setDecimals(digits)
        field.setValue(value)
        if name in {"depth", "width"}:
            field.setSuffix(" m")
        return field

    def _lay_out(self) -> None:
        self.row("what", self._what)
        rows: list[tuple[str, QWidget]] = [
            ("by", self._by), ("scale", self._scale), ("size", self._size), ("side", self._side),
            ("depth", self._depth), ("width", self._width), ("slope", self._slope),
            *self._texts.items(),
        ]  # fmt: skip
        for name, field in rows:
            field.setObjectName(f"pipes-paper-{name}")
            self.row(name, field)
        self.form.addRow(self._labels)
        self.form.addRow(self._several)
        for buttons in ((self._draw,), (self._go, self._write)):
            line = QHBoxLayout()
            for button in buttons:
                line.addWidget(button)
            self.form.addRow(line)
        self.form.addRow(self._told)
        self.row("sheet", self._sheet)
        self._sheet.setObjectName("pipes-paper-sheet")
        self._sheet.activated.connect(self._turn_to)
        self.form.setRowVisible(self._sheet, False)
        self._write.setEnabled(False)
        QVBoxLayout(self._pages)
        scroll = QScrollArea()
        scroll.setObjectName("pipes-paper-pages")
        scroll.setWidgetResizable(True)
        scroll.setWidget(self._pages)
        self._shown = QStackedWidget()
        self._shown.addWidget(self.view)
        self._shown.addWidget(scroll)
        self.result.addWidget(self._shown, 1)

    def _show_fields(self) -> None:
        what = self._what.currentData()
        maps, dug = what == "map", what == "permit"
        for field, needed in (
            (self._by, maps), (self._size, maps), (self._labels, maps), (self._several, maps),
            (self._scale, what != "report"), (self._side, dug), (self._depth, dug),
            (self._width, dug), (self._slope, dug), (self._texts["applicant"], dug),
            (self._texts["purpose"], dug), (self._texts["place"], dug),
        ):  # fmt: skip
            self.form.setRowVisible(field, needed)
        self._draw.setVisible(bool(DRAWN[what]))
        key = f"pipes-paper-draw-{what}" if DRAWN[what] else "pipes-paper-draw"
        self._draw.setText(self.desk.texts.t(key))
        self._told.setText(self.desk.texts.t(f"pipes-paper-told-{what}"))

    # Making ----------------------------------------------------------------------------------

    def draw(self) -> None:
        """Let the place be drawn in the picture, and make the paper of it."""
        what = self._what.currentData()
        asked: What | None = self._side.currentData() if what == "permit" else DRAWN[what]
        if asked is not None:
            ask_in_picture(self.desk, asked, self.drawn)

    def drawn(self, made: Any) -> None:
        """Take what was drawn: corners, a line, or a hit."""
        what = self._what.currentData()
        if what == "repair":
            self._places[what] = (float(made.point[0]), float(made.point[1]))
        else:
            points: Floats = made[:, :2].round(3)
            self._places[what] = points
        self.go()

    def go(self) -> None:
        """Make the paper and show it."""
        what = self._what.currentData()
        if what in {"permit", "repair"} and what not in self._places:
            self.draw()
            return
        project, words = snapshot(self.desk.project), self.desk.texts.wording
        options = self._options(what)

        def work(progress: Progress) -> Made:
            made = _made(project, options, words, progress)
            if isinstance(made, Document):
                return made, page_pictures(made, papers.look(), DOTS)
            return made, []

        self.desk.start(self.desk.texts.t(f"pipes-paper-what-{what}"), work, self._show)

    def _options(self, what: str) -> Any:
        text = {name: field.text().strip() for name, field in self._texts.items()}
        title, number = text["title"], text["number"]
        scale = self._scale.value()
        if what == "map":
            found = self._places.get(what)
            box = None
            if found is not None:
                low, high = found.min(axis=0), found.max(axis=0)
                box = (float(low[0]), float(low[1]), float(high[0]), float(high[1]))
            return MapOptions(
                box=box, by=self._by.currentData(), scale=scale, paper=self._size.currentData(),
                labels=self._labels.isChecked(), title=title, number=number,
                sheets=self._several.isChecked(),
            )  # fmt: skip
        if what == "permit":
            dig: dict[str, Any] = {
                self._side.currentData(): self._places[what].tolist(), "slope": self._slope.value(),
                "depth": self._depth.value(), "width": self._width.value(),
            }  # fmt: skip
            return PermitOptions(
                dig, applicant=text["applicant"], purpose=text["purpose"], place=text["place"],
                scale=scale, title=title, number=number,
            )  # fmt: skip
        if what == "repair":
            return RepairOptions(
                {"at": list(self._places[what])}, scale=scale, title=title, number=number
            )
        return ReportOptions(title=title, number=number)

    def _turn_to(self, number: int) -> None:
        """Show one of several sheets."""
        self.made = self.sheets[number]
        self._shown.setCurrentIndex(0)
        self.view.show_plate(self.made)

    def _show(self, result: Made) -> None:
        made, pages = result
        self._write.setEnabled(True)
        self.sheets = () if isinstance(made, Document) else made
        count = len(self.sheets)
        self._sheet.clear()
        self._sheet.addItems([f"{k} / {count}" for k in range(1, count + 1)])
        self.form.setRowVisible(self._sheet, count > 1)
        if isinstance(made, Document):
            self.made = made
        else:
            self._turn_to(0)
            return
        self._shown.setCurrentIndex(1)
        layout = self._pages.layout()
        assert layout is not None
        while (item := layout.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        for page in pages:
            picture = QPixmap()
            picture.loadFromData(page)
            label = QLabel()
            label.setPixmap(picture.scaledToWidth(
                min(PAGE_WIDTH, picture.width()), Qt.TransformationMode.SmoothTransformation
            ))  # fmt: skip
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            layout.addWidget(label)

    # Writing ---------------------------------------------------------------------------------

    def endings(self) -> tuple[str, ...]:
        """Give the endings that what is shown can be written with."""
        return DRAWINGS if isinstance(self.made, Plate) else REPORTS

    def _export(self) -> None:
        """Ask for a file and write what is shown."""
        texts = self.desk.texts
        dialog = QFileDialog(self.window(), texts.t("pipes-paper-file"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([f"{one[1:].upper()} (*{one})" for one in self.endings()])
        dialog.setDefaultSuffix("pdf")
        dialog.filterSelected.connect(
            lambda text: dialog.setDefaultSuffix(text.rpartition("*.")[2].rstrip(")"))
        )
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda text: self.export_to(Path(text)))
        dialog.open()

    def export_to(self, path: Path) -> None:
        """Write what is shown; a name without a known ending becomes a PDF."""
        made = self.made
        if made is None:
            return
        if path.suffix.lower() not in self.endings():
            path = path.with_name(f"{path.name}.pdf")
        try:
            if isinstance(made, Plate):
                files = write_sheets(self.sheets, path)
            else:
                files = papers.write(made, path)
        except CityError as error:
            self.desk.tell_error(error)
            return
        names = files[0].name if len(files) == 1 else f"{files[0].name} … {files[-1].name}"
        self.desk.tell("success", "pipes-paper-written", name=names)


def _made(
    project: Project, options: Any, words: Wording, progress: Progress
) -> tuple[Plate, ...] | Document:
    """Make the paper that options are of."""
    if isinstance(options, MapOptions):
        return map_plates(project, options, words, progress)
    if isinstance(options, PermitOptions):
        return permit(project, options, words, progress)
    if isinstance(options, RepairOptions):
        return repair_sheet(project, options, words, progress)
    return statistics_report(project, options, words, progress)
