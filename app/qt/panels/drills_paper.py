"""The page on which a drill's script, form and film are written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QDoubleSpinBox,
    QFileDialog,
    QFormLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QWidget,
)

from app import papers
from app.drill_files import write_played
from app.drill_papers import evaluation, script
from app.drill_pictures import Film, film
from app.pictures import Order
from app.qt.dialogs.frame import caption
from app.qt.drilling import Drilling
from layers.analyses.running import snapshot
from layers.progress import Progress

PAPERS = (".pdf", ".docx", ".xlsx")
FILES = (".geojson", ".czml", ".kml", ".cap.xml", ".xlsx")


class PaperPage(QScrollArea):
    """Writes what goes out of a plan.

    Parameters
    ----------
    drilling : Drilling
        The plan at hand.
    """

    def __init__(self, drilling: Drilling) -> None:
        super().__init__()
        self.setObjectName("drills-paper")
        self._drilling, self._desk = drilling, drilling.desk
        texts = self._desk.texts
        self._pictures = QCheckBox()
        self._pictures.setObjectName("drills-pictures")
        self._pictures.setChecked(True)
        texts.bind(self._pictures, "setText", "drills-pictures")
        self._legend = QCheckBox()
        self._legend.setObjectName("drills-film-legend")
        texts.bind(self._legend, "setText", "drills-film-legend")
        self._speed = QDoubleSpinBox()
        self._speed.setObjectName("drills-film-speed")
        self._speed.setRange(0.1, 600.0)
        self._speed.setValue(60.0)
        inner = QWidget()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        form = QFormLayout(inner)
        form.setContentsMargins(10, 8, 10, 8)
        form.addRow(self._pictures)
        form.addRow(self._button("script", lambda: self._ask("script", PAPERS, self.write_script)))
        form.addRow(self._button("form", lambda: self._ask("form", PAPERS, self.write_form)))
        form.addRow(self._button("files", lambda: self._ask("files", FILES, self.write_file)))
        form.addRow(caption(self._desk, "drills-film-speed", self._speed), self._speed)
        form.addRow(self._legend)
        form.addRow(self._button("film", lambda: self._ask("film", (".mp4",), self.write_film)))
        told = QLabel()
        told.setObjectName("drills-paper-told")
        told.setProperty("role", "dim")
        told.setWordWrap(True)
        texts.bind(told, "setText", "drills-paper-told")
        form.addRow(told)
        self.setWidget(inner)

    def _button(self, key: str, does: Callable[[], object]) -> QPushButton:
        button = QPushButton()
        button.setObjectName(f"drills-write-{key}")
        self._desk.texts.bind(button, "setText", f"drills-write-{key}")
        button.clicked.connect(lambda _on=False: does())
        return button

    def _ask(self, key: str, endings: tuple[str, ...], write: Callable[[Path], None]) -> None:
        plan = self._drilling.plan
        if plan is None:
            return
        dialog = QFileDialog(self.window(), self._desk.texts.t(f"drills-write-{key}"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        kinds = [self._desk.texts.t(f"drills-ending-{one[1:].replace('.', '-')}")
                 if key == "files" else one[1:].upper() for one in endings]  # fmt: skip
        dialog.setNameFilters([f"{w} (*{one})" for w, one in zip(kinds, endings, strict=True)])
        dialog.setDefaultSuffix(endings[0][1:])
        dialog.filterSelected.connect(
            lambda text: dialog.setDefaultSuffix(text.rpartition("*.")[2].rstrip(")"))
        )
        dialog.selectFile(f"{plan.name}{endings[0]}")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda text: write(Path(text)))
        dialog.open()

    def write_script(self, path: Path) -> None:
        """Write the script beside the window."""
        drilling, locale = self._drilling, self._desk.texts.locale
        played, found = drilling.played, drilling.problems
        project, pictures = snapshot(self._desk.project), self._pictures.isChecked()
        if played is None:
            return

        def work(progress: Progress) -> None:
            made = script(
                project, played, found, locale=locale, pictures=pictures, progress=progress
            )
            papers.write(made, path)

        self._start("script", path, work)

    def write_form(self, path: Path) -> None:
        """Write the form for evaluators beside the window."""
        played, locale = self._drilling.played, self._desk.texts.locale
        project = snapshot(self._desk.project)
        if played is not None:
            self._start(
                "form", path,
                lambda _progress: papers.write(evaluation(project, played, locale=locale), path),
            )  # fmt: skip

    def write_file(self, path: Path) -> None:
        """Write moving units, a message or the list of resources for other programs."""
        played, words = self._drilling.played, self._desk.texts.wording
        project = snapshot(self._desk.project)
        if played is not None:
            self._start(
                "files", path, lambda _progress: write_played(project, played, path, words=words)
            )

    def write_film(self, path: Path) -> None:
        """Make the film of the rehearsal beside the window, with the injects that were fired."""
        played, locale = self._drilling.played, self._desk.texts.locale
        project, texts = snapshot(self._desk.project), self._desk.texts
        kind = texts.t("drill-caption-replay") if self._drilling.stood_in else ""
        wanted = Film(speed=self._speed.value(), legend=self._legend.isChecked(), kind=kind)
        if played is not None:
            order = Order(size=(1280, 720))
            self._start(
                "film", path,
                lambda progress: film(project, played, path, order, wanted, locale, progress),
            )  # fmt: skip

    def _start(self, key: str, path: Path, work: Callable[[Progress], object]) -> None:
        self._desk.start(
            self._desk.texts.t(f"drills-write-{key}"), work,
            lambda _made: self._desk.tell("success", "drills-written", name=path.name),
        )  # fmt: skip
