"""Ask for the planning report of schemes: which, which views, sun, places, files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QWidget,
)

from app.cli_places import path_of, point_of
from app.planning_report import (
    ReportOptions,
    check_files,
    find,
    names_of,
    write_report,
)
from app.qt.desk import Desk
from app.qt.dialogs.frame import Dialog, caption
from app.qt.foreground import Foreground
from app.scheme_reports import scheme_word
from layers.analyses.running import snapshot
from layers.progress import Part, Progress
from layers.schemes import captured
from layers.schemes_model import EXISTING

DAYS = (("", "planning-ask-day-rule"), ("dahan", "planning-day-dahan"),
        ("dongzhi", "planning-day-dongzhi"))  # fmt: skip
FORMATS = ((".pdf", True), (".docx", False), (".xlsx", True))
ROWS_HIGH = 120  # points of the list of schemes at most


class PlanningReportDialog(Dialog):
    """Asks what the report tells, then for the file; draws, reckons and writes.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    parent : QWidget
        The window.
    """

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(desk, "planning-report", parent)
        self.setMinimumWidth(480)
        self._window = parent
        form = QFormLayout()
        form.setHorizontalSpacing(14)
        form.setVerticalSpacing(10)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._schemes = self._make_schemes()
        form.addRow(caption(desk, "planning-ask-schemes", self._schemes), self._schemes)
        self._views = QComboBox()
        self._views.setObjectName("planning-views")
        self._views.addItem(desk.texts.t("planning-ask-views-all"), "all")
        for view in desk.project.views:
            self._views.addItem(view.name, view.name)
        form.addRow(caption(desk, "planning-ask-views", self._views), self._views)
        self._sunlight = self._check("planning-ask-sunlight", on=True)
        form.addRow("", self._sunlight)
        self._day = QComboBox()
        self._day.setObjectName("planning-day")
        self._day.setEditable(True)
        for value, key in DAYS:
            self._day.addItem(desk.texts.t(key), value)
        form.addRow(caption(desk, "planning-ask-day", self._day), self._day)
        self._from, row = self._place("planning-from")
        form.addRow(caption(desk, "planning-ask-from", self._from), row)
        self._to, row = self._place("planning-to", take=False)
        form.addRow(caption(desk, "planning-ask-to", self._to), row)
        self._shadows = self._check("planning-ask-shadows", on=False)
        form.addRow("", self._shadows)
        kinds = QHBoxLayout()
        self._formats: dict[str, QCheckBox] = {}
        for suffix, on in FORMATS:
            box = QCheckBox(suffix[1:].upper())
            box.setObjectName(f"planning-format{suffix.replace('.', '-')}")
            box.setChecked(on)
            kinds.addWidget(box)
            self._formats[suffix] = box
        form.addRow(caption(desk, "planning-ask-files"), kinds)
        self.body.addLayout(form)
        self._sunlight.toggled.connect(self._day.setEnabled)
        self.add_cancel()
        self.add_button("planning-go", "planning-go", primary=True).clicked.connect(self._ask_file)
        desk.project_changed.connect(self.close)

    def _make_schemes(self) -> QListWidget:
        texts, project = self.desk.texts, self.desk.project
        rows = QListWidget()
        rows.setObjectName("planning-schemes")
        rows.setMaximumHeight(ROWS_HIGH)
        items = captured(project).items
        for name in (EXISTING, *(scheme.name for scheme in items)):
            item = QListWidgetItem(scheme_word(name, texts.wording))
            item.setData(Qt.ItemDataRole.UserRole, name)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            drafts = [s.name for s in items if s.status == "draft"]
            item.setCheckState(
                Qt.CheckState.Checked if name in drafts[:4] else Qt.CheckState.Unchecked
            )
            rows.addItem(item)
        return rows

    def _check(self, key: str, *, on: bool) -> QCheckBox:
        check = QCheckBox()
        check.setObjectName(key)
        check.setChecked(on)
        self.desk.texts.bind(check, "setText", key)
        return check

    def _place(self, name: str, *, take: bool = True) -> tuple[QLineEdit, QHBoxLayout]:
        field = QLineEdit()
        field.setObjectName(name)
        self.desk.texts.bind(field, "setPlaceholderText", "planning-ask-place")
        row = QHBoxLayout()
        row.addWidget(field, 1)
        if take:
            button = QPushButton()
            button.setObjectName(f"{name}-eye")
            button.setAutoDefault(False)
            self.desk.texts.bind(button, "setText", "planning-ask-eye")
            button.clicked.connect(self._take_eye)
            row.addWidget(button)
        return field, row

    def _take_eye(self) -> None:
        eye = self.desk.viewport.viewpoint
        self._from.setText(f"{eye.east:.2f},{eye.north:.2f},{eye.height:.2f}")

    def options(self) -> ReportOptions:
        """Give what the fields say.

        Raises
        ------
        CityError
            ``place.text``.
        """
        rows = [self._schemes.item(row) for row in range(self._schemes.count())]
        names = [
            str(item.data(Qt.ItemDataRole.UserRole))
            for item in rows
            if item.checkState() == Qt.CheckState.Checked
        ]
        day = self._day.currentText().strip()
        at = self._day.findText(day)
        day = str(self._day.itemData(at)) if at >= 0 else day
        to = self._to.text().strip()
        return ReportOptions(
            schemes=tuple(names),
            views=(str(self._views.currentData()),),
            day=day,
            sunlight=self._sunlight.isChecked(),
            look_from=path_of(self._from.text()),
            look_to=point_of(to) if to else (),
            shadows=self._shadows.isChecked(),
        )

    def files(self, path: Path) -> list[Path]:
        """Give the files to write beside a name."""
        chosen = [suffix for suffix, box in self._formats.items() if box.isChecked()]
        stem = path.with_suffix("") if path.suffix.lower() in self._formats else path
        return [stem.with_name(stem.name + suffix) for suffix in chosen]

    def _ask_file(self) -> None:
        texts, settings = self.desk.texts, self.desk.settings
        folder = Path(settings.last_folder or Path.home())
        dialog = QFileDialog(self, texts.t("planning-ask-file"), str(folder))
        dialog.setObjectName("planning-file")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.selectFile(f"{texts.t('planning-title')}.pdf")
        dialog.fileSelected.connect(lambda name: self.write(Path(name)))
        dialog.open()

    def write(self, path: Path) -> None:
        """Check what the fields say, then make the report."""
        desk, window, files = self.desk, self._window, self.files(path)
        made: list[ReportOptions] = []

        def check() -> None:
            options = self.options()
            check_files(files)
            made.append(replace(options, schemes=names_of(desk.project, options)))

        desk.attempt(check)
        if not made:
            return
        desk.settings.last_folder = str(path.parent)
        desk.keep_settings()
        self.accept()
        QTimer.singleShot(0, desk, lambda: make_report(desk, window, made[0], files))


def make_report(desk: Desk, window: QWidget, options: ReportOptions, files: list[Path]) -> None:
    """Draw with progress and stop, then ask and write beside the window; tell what came of it."""
    from app.planning_pictures import Drawn, draw

    frozen, words = snapshot(desk.project), desk.texts.wording

    def pictures(progress: Progress) -> Drawn:
        return draw(frozen, options, words, progress)

    drawn = Foreground(desk, "drawing", window).work(pictures)
    if drawn is None:
        return

    def work(progress: Progress) -> list[Path]:
        found = find(frozen, options, Part(progress, 0.0, 0.8))
        return write_report(
            frozen, options, files, found, drawn, words, Part(progress, 0.8, 1.0)
        )  # fmt: skip

    def done(made: list[Path]) -> None:
        names = words.listed(path.name for path in made)
        desk.tell("success", "planning-written", names=names)

    desk.start(desk.texts.t("planning-making"), work, done)
