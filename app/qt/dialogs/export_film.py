"""Writing a film of a camera path or a story."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QDateTime, Qt, QTimer
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDateTimeEdit,
    QDoubleSpinBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QWidget,
)

from app.qt.desk import Desk
from app.qt.dialogs.frame import Dialog, caption
from app.qt.foreground import Foreground
from app.qt.widgets.number_field import roomy
from app.touring import FILM_SIZE, FPS, QUALITIES, film_of
from layers.camera_path import CameraPath
from layers.progress import Progress
from layers.touring import Dress
from layers.tours import Story

USUAL_DAY = "2026-06-21T08:00"
USUAL_LENGTH = 8 * 3600  # seconds of a day that runs, until somebody says otherwise
SIZES = ((1280, 720), (1920, 1080), (2560, 1440), (3840, 2160), (1080, 1920), (1080, 1080))


class ExportFilm(Dialog):
    """Asks for length, size and file of a film, then draws it.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    what : CameraPath or Story
        What is filmed.
    parent : QWidget
        The window.
    """

    def __init__(self, desk: Desk, what: CameraPath | Story, parent: QWidget) -> None:
        super().__init__(desk, "export-film", parent)
        self._window, self._what = parent, what
        form = QFormLayout()
        self._names = QComboBox()
        self._names.setObjectName("film-name")
        tours = desk.project.tours
        self._every: list[CameraPath | Story] = [*tours.paths, *tours.stories]
        if what not in self._every:
            self._every.insert(0, what)
        for one in self._every:
            self._names.addItem(one.name)
        self._names.setCurrentIndex(self._every.index(what))
        self._names.currentIndexChanged.connect(lambda row: self._take(self._every[row]))
        self._seconds = QDoubleSpinBox()
        self._seconds.setObjectName("film-seconds")
        self._seconds.setRange(0.1, 36_000.0)
        self._seconds.setSuffix(" s")
        self._fps = QDoubleSpinBox()
        self._fps.setObjectName("film-fps")
        self._fps.setRange(1.0, 120.0)
        self._fps.setDecimals(0)
        self._fps.setValue(FPS)
        self._size = QComboBox()
        self._size.setObjectName("film-size")
        for width, height in SIZES:
            self._size.addItem(f"{width} x {height}", (width, height))
        self._size.setCurrentIndex(SIZES.index(FILM_SIZE))
        self._quality = QComboBox()
        self._quality.setObjectName("film-quality")
        for quality in QUALITIES:
            self._quality.addItem(desk.texts.t(f"film-quality-{quality}"), quality)
        self._quality.setCurrentIndex(list(QUALITIES).index("good"))
        self._kind = QComboBox()
        self._kind.setObjectName("film-kind")
        for kind in ("mp4", "png"):
            self._kind.addItem(desk.texts.t(f"film-kind-{kind}"), kind)
        self._shadows = QCheckBox()
        self._shadows.setObjectName("film-shadows")
        self._shadows.setText(desk.texts.t("sun-shadows"))
        self._shadows.setChecked(desk.viewport.ready and desk.viewport.stage.shadows.on)
        self._frames = QLabel()
        self._frames.setObjectName("film-frames")
        self._frames.setProperty("role", "dim")
        for key, widget in (
            ("film-name", self._names), ("film-seconds", self._seconds), ("film-fps", self._fps),
            ("film-size", self._size), ("film-quality", self._quality), ("film-kind", self._kind),
        ):  # fmt: skip
            form.addRow(caption(desk, key, widget), widget)
        self.body.addLayout(form)
        self.body.addWidget(self._shadows)
        self.body.addWidget(self._make_captions())
        self.body.addLayout(self._make_day())
        self.body.addWidget(self._frames)
        for spin in (self._seconds, self._fps):
            spin.valueChanged.connect(self._count)
        self._take(what)
        self.add_cancel()
        self.add_button("film", "film-make", primary=True).clicked.connect(self._ask_file)

    def _make_captions(self) -> QCheckBox:
        """Make the switch of a story's texts."""
        self._captions = QCheckBox()
        self._captions.setObjectName("film-captions")
        self._captions.setText(self.desk.texts.t("film-captions"))
        self._captions.setChecked(True)
        return self._captions

    def _make_day(self) -> QHBoxLayout:
        """Make the switch and the two times of a path along which the day runs."""
        self._day = QCheckBox()
        self._day.setObjectName("film-day")
        self._day.setText(self.desk.texts.t("film-day"))
        self._times: list[QDateTimeEdit] = []
        self._of_day: list[QWidget] = [self._day]
        for name in ("film-day-from", "film-day-to"):
            edit = QDateTimeEdit()
            edit.setObjectName(name)
            edit.setDisplayFormat("yyyy-MM-dd HH:mm")
            edit.setEnabled(False)
            self._day.toggled.connect(edit.setEnabled)
            self._of_day += [caption(self.desk, name, edit), edit]
            self._times.append(edit)
        for field in (self._seconds, self._fps, *self._times):
            roomy(field)
        row = QHBoxLayout()
        for widget in self._of_day:
            row.addWidget(widget)
        return row

    def _take(self, what: CameraPath | Story) -> None:
        """Ask about another path or story."""
        self._what = what
        path = isinstance(what, CameraPath)
        self._seconds.setValue(what.seconds)
        self._seconds.setEnabled(path)
        self._captions.setVisible(not path)
        for widget in self._of_day:
            widget.setVisible(path)
        moments = what.moments if isinstance(what, CameraPath) else ()
        now = (self.desk.viewport.moment or self.desk.project.info.moment) or USUAL_DAY
        first = QDateTime.fromString(moments[0] if moments else now, Qt.DateFormat.ISODate)
        last = first.addSecs(USUAL_LENGTH)
        if moments:
            last = QDateTime.fromString(moments[-1], Qt.DateFormat.ISODate)
        self._day.setChecked(bool(moments))
        for edit, value in zip(self._times, (first, last), strict=True):
            edit.setDateTime(value)
        self._count()

    def moments(self) -> tuple[str, ...]:
        """Give the times at the beginning and the end; none where the day does not run."""
        if not isinstance(self._what, CameraPath) or not self._day.isChecked():
            return ()
        return tuple(edit.dateTime().toString("yyyy-MM-ddTHH:mm") for edit in self._times)

    def _count(self) -> None:
        frames = max(round(self._seconds.value() * self._fps.value()), 1)
        self._frames.setText(self.desk.texts.t("film-frames", count=frames))

    def _ask_file(self) -> None:
        texts, settings = self.desk.texts, self.desk.settings
        folder = Path(settings.last_folder or Path.home())
        dialog = QFileDialog(self, texts.t("film-file"), str(folder))
        dialog.setObjectName("film-file")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        name = self._what.name.replace("/", "-")
        if self._kind.currentData() == "mp4":
            dialog.setDefaultSuffix("mp4")
            dialog.setNameFilters([texts.t("film-filter")])
            name += ".mp4"
        dialog.selectFile(name)
        dialog.fileSelected.connect(self.write)
        dialog.open()

    def write(self, text: str) -> None:
        """Draw the film to a file, with progress and stop; tell what came of it."""
        path, desk, window, what = Path(text), self.desk, self._window, self._what
        desk.settings.last_folder = str(path.parent)
        desk.keep_settings()
        size, fps = self._size.currentData(), self._fps.value()
        fine = QUALITIES[self._quality.currentData()]
        seconds = self._seconds.value() if isinstance(what, CameraPath) else None
        locale, shadows = desk.texts.locale, self._shadows.isChecked()
        moments, captions = self.moments(), self._captions.isChecked()
        view, shade = desk.viewport, desk.settings.corner_shade
        dress = None  # a story's views say themselves how they look
        if isinstance(what, CameraPath):
            dress = Dress(view.look, view.cut, view.underground, view.explode)
        self.accept()

        def work(progress: Progress) -> int:
            return film_of(
                desk.project, path, path_shown=what if isinstance(what, CameraPath) else "",
                story=what if isinstance(what, Story) else "", seconds=seconds, fps=fps,
                size=tuple(size), shadows=shadows, supersample=fine, locale=locale,
                moments=moments, captions=captions, corner_shade=shade, dress=dress,
                progress=progress,
            )  # fmt: skip

        def film() -> None:
            count = Foreground(desk, "filming", window).work(work)
            if count is not None:
                desk.tell("success", "film-written", name=path.name, count=count)

        QTimer.singleShot(0, desk, film)
