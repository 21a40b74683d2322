"""Import files: what is in them, how to read it, what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.import_plan import (
    Entry,
    Failed,
    Look,
    Outcome,
    carry_out,
    find_entries,
    look_at,
    share_crs,
)
from app.qt.desk import Desk
from app.qt.dialogs.frame import Dialog, heading
from app.qt.dialogs.import_choices import ImportChoices
from app.qt.dialogs.import_report import ReportView
from app.qt.jobs import Job
from app.report import report_lines, report_summary
from layers.daylight import get_ready
from layers.errors import CityError
from layers.kinds.terrain import Terrain
from layers.progress import Progress
from layers.project import Project
from scene.ground import prepare_ground

ROW = Qt.ItemDataRole.UserRole
SHOWN_AFTER = 300  # milliseconds; files that are refused sooner show no dialog at all


class ImportWizard(Dialog):
    """Leads from files to layers: choices with a preview, progress, report.

    It shows itself once there is something to choose, or after a moment of waiting.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    paths : list of pathlib.Path
        Files, folders, archives.
    parent : QWidget
        The window.

    Signals
    -------
    imported
        Layers were added.
    """

    imported = Signal()

    def __init__(self, desk: Desk, paths: list[Path], parent: QWidget) -> None:
        super().__init__(desk, "import", parent)
        self.resize(1060, 720)
        self._entries: list[Entry] = []
        self._job: Job | None = None
        self._looking: set[int] = set()
        self._pages = QStackedWidget()
        self._pages.setObjectName("import-pages")
        self._pages.addWidget(self._make_choosing())
        self._pages.addWidget(self._make_working())
        self._report = ReportView(desk)
        self._pages.addWidget(self._report)
        self.body.addWidget(self._pages, 1)
        self._problem = QLabel()
        self._problem.setObjectName("import-problem")
        self._problem.setProperty("role", "error")
        self._problem.setWordWrap(True)
        self.buttons.insertWidget(0, self._problem, 1)
        self.buttons.setStretch(1, 0)
        self._cancel = self.add_button("cancel", "button-cancel")
        self._cancel.clicked.connect(self.reject)
        self._import = self.add_button("import", "button-import", primary=True)
        self._import.clicked.connect(self._start)
        self._done = self.add_button("done", "button-done")
        self._done.clicked.connect(self.accept)
        self._done.hide()
        self.finished.connect(self._stop)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(SHOWN_AFTER)
        self._patience.timeout.connect(self.open)
        self._patience.start()
        self._find(paths)

    # Parts -----------------------------------------------------------------------------------

    def _make_choosing(self) -> QWidget:
        self._list = QListWidget()
        self._list.setObjectName("import-files")
        self._list.setIconSize(QSize(18, 18))
        self._list.currentRowChanged.connect(self._show_entry)
        self._list.itemChanged.connect(self._ticked)
        self.desk.texts.bind(self._list, "setAccessibleName", "import-layers")
        left = QWidget()
        box = QVBoxLayout(left)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(heading(self.desk, "import-layers"))
        box.addWidget(self._list, 1)
        self._choices = ImportChoices(self.desk)
        self._choices.changed.connect(self._entry_changed)
        self._choices.encoding_changed.connect(self._look_again)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setObjectName("import-split")
        split.addWidget(left)
        split.addWidget(self._choices)
        split.setStretchFactor(1, 1)
        split.setSizes([270, 760])
        split.setChildrenCollapsible(False)
        return split

    def _make_working(self) -> QWidget:
        page = QWidget()
        self._doing = QLabel()
        self._doing.setObjectName("import-doing")
        self._doing.setProperty("role", "heading")
        self._step = QLabel()
        self._step.setObjectName("import-step")
        self._step.setProperty("role", "dim")
        self._bar = QProgressBar()
        self._bar.setObjectName("import-progress")
        self._bar.setTextVisible(False)
        frame = QFrame()
        frame.setFixedWidth(520)
        inner = QVBoxLayout(frame)
        inner.addStretch(1)
        for part in (self._doing, self._bar, self._step):
            inner.addWidget(part)
        inner.addStretch(1)
        box = QHBoxLayout(page)
        box.addStretch(1)
        box.addWidget(frame)
        box.addStretch(1)
        return page

    # Looking into the files ------------------------------------------------------------------

    def _find(self, paths: list[Path]) -> None:
        settings = self.desk.settings
        storey, default = settings.storey_height, settings.default_height

        def work(progress: Progress) -> tuple[list[Entry], list[Failed]]:
            return find_entries(paths, storey, default, progress)

        self._wait("import-finding")
        self._run("job-preview", paths[0].name, work, self._found)

    def _found(self, result: tuple[list[Entry], list[Failed]]) -> None:
        entries, failed = result
        self._entries = entries
        if failed and not entries:
            for failure in failed:
                self.desk.tell_error(failure.error)
            self._give_up()
            return
        for entry in entries:
            entry.name = entry.name or self.desk.texts.wording.kind(entry.kind)
        self._list.blockSignals(True)
        for row, entry in enumerate(entries):
            item = QListWidgetItem(self._title(entry))
            item.setToolTip(str(entry.path))
            item.setData(ROW, row)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            state = Qt.CheckState.Checked if entry.include else Qt.CheckState.Unchecked
            item.setCheckState(state)
            self._list.addItem(item)
        self._list.blockSignals(False)
        for failure in failed:
            item = QListWidgetItem(failure.what)
            item.setIcon(self.desk.theme.icon("error", "error"))
            item.setToolTip(self.desk.texts.error(failure.error)[0])
            item.setFlags(Qt.ItemFlag.NoItemFlags)
            self._list.addItem(item)
        self._pages.setCurrentIndex(0)
        self._list.setCurrentRow(0)
        self._refresh()
        if self._patience.isActive():
            self._patience.stop()
            self.open()
        self._import.setFocus()

    def _show_entry(self, row: int) -> None:
        if not 0 <= row < len(self._entries):
            return
        entry = self._entries[row]
        self._choices.show_entry(entry)
        if entry.look is None and row not in self._looking:
            self._look_again()

    def _look_again(self) -> None:
        row = self._list.currentRow()
        if not 0 <= row < len(self._entries):
            return
        entry, frame = self._entries[row], self.desk.project.frame
        self._looking.add(row)
        encoding = entry.encoding

        def work(_progress: Progress) -> Look:
            return look_at(entry, frame)

        def looked(look: Look) -> None:
            self._looking.discard(row)
            if entry.encoding == encoding:
                entry.look = look
            if self._list.currentRow() == row:
                self._choices.show_entry(entry)
            self._refresh()

        def failed(error: Exception) -> None:
            self._looking.discard(row)
            self._choices.show_problem(error)

        self.desk.jobs.start(
            self.desk.texts.t("job-preview", name=entry.path.name), work, looked, failed
        )

    # Choosing --------------------------------------------------------------------------------

    def _ticked(self, item: QListWidgetItem) -> None:
        row = item.data(ROW)
        if row is not None:
            entry = self._entries[int(row)]
            entry.include = item.checkState() == Qt.CheckState.Checked
            self._list.setCurrentItem(item)
            self._refresh()

    def _entry_changed(self) -> None:
        row = self._list.currentRow()
        if 0 <= row < len(self._entries):
            share_crs(self._entries[row], self._entries)
        self._refresh()

    def _title(self, entry: Entry) -> str:
        count = self.desk.texts.wording.number(entry.count, 0) if entry.count >= 0 else ""
        return f"{entry.name}   {count}".rstrip()

    def _refresh(self) -> None:
        """Write the list anew and say what is missing before the import can begin."""
        self._list.blockSignals(True)
        for row, entry in enumerate(self._entries):
            item = self._list.item(row)
            colour = "warning" if entry.needs_crs else "text" if entry.include else "faint"
            item.setIcon(self.desk.theme.icon(f"kind-{entry.kind}", colour))
            item.setText(self._title(entry))
        self._list.blockSignals(False)
        missing = [entry.name for entry in self._entries if entry.needs_crs]
        chosen = [entry for entry in self._entries if entry.include]
        text = ""
        if missing:
            text = self.desk.texts.t("import-needs-crs", name=missing[0], count=len(missing))
        self._problem.setText(text)
        self._import.setEnabled(bool(chosen) and not missing)

    # Doing -----------------------------------------------------------------------------------

    def _start(self) -> None:
        project, entries = self.desk.project, list(self._entries)
        names = [entry.name for entry in entries if entry.include]

        def work(progress: Progress) -> Outcome:
            get_ready()
            outcome = carry_out(project, entries, progress)
            for layer in () if outcome.imported is None else outcome.imported.layers:
                if isinstance(layer.data, Terrain):
                    prepare_ground(layer.data, project.extent(visible_only=False))
            return outcome

        self._wait("import-working")
        self._import.setEnabled(False)
        self._run("job-importing", names[0], work, lambda got: self._finish(project, got))

    def _finish(self, project: Project, outcome: Outcome) -> None:
        imported = outcome.imported
        if imported is not None and project is self.desk.project:
            session = self.desk.session
            if not self.desk.attempt(lambda: session.apply(imported)):
                self.reject()
                return
            self.imported.emit()
        reports = imported.reports if imported is not None else ()
        self._tell(reports, outcome.failed)
        self._report.show_reports(reports, outcome.failed)
        self._pages.setCurrentIndex(2)
        self._cancel.hide()
        self._import.hide()
        self._done.show()
        self._done.setDefault(True)
        self._done.setFocus()

    def _tell(self, reports: Sequence[Any], failed: Sequence[Failed]) -> None:
        """Put the account into the messages, once for each layer."""
        words = self.desk.texts.wording
        for report in reports:
            details = "\n".join(report_lines(report, words))
            self.desk.tell_text(
                "warning" if report.skipped else "success",
                report_summary(report, words),
                details=details,
                quiet=True,
            )
        if reports:
            kept, read = sum(r.kept for r in reports), sum(r.read for r in reports)
            self.desk.tell(
                "success",
                "import-summary",
                layers=len(reports),
                kept=words.number(kept, 0),
                read=words.number(read, 0),
                skipped=words.number(read - kept, 0),
            )
        for failure in failed:
            self.desk.tell_error(failure.error)

    def _run(self, title: str, name: str, work: Any, done: Any) -> None:
        job = self.desk.jobs.start(self.desk.texts.t(title, name=name), work, done, self._failed)
        job.progressed.connect(self._progressed)
        job.ended.connect(self._ended)
        self._job = job

    def _wait(self, key: str) -> None:
        self._doing.setText(self.desk.texts.t(key))
        self._step.setText("")
        self._bar.setRange(0, 0)
        self._pages.setCurrentIndex(1)

    def _progressed(self, done: int, total: int, text: str) -> None:
        self._bar.setRange(0, max(total, 0))
        self._bar.setValue(done)
        self._step.setText(self.desk.texts.t(text) if text else "")

    def _failed(self, error: Exception) -> None:
        if isinstance(error, CityError) and self._entries:
            self._problem.setText(" ".join(self.desk.texts.error(error)))
            self._pages.setCurrentIndex(0)
            self._import.setEnabled(True)
            return
        self.desk.tell_error(error)
        self._give_up()

    def _give_up(self) -> None:
        self._patience.stop()
        if self.isVisible():
            self.reject()
        else:
            self.deleteLater()

    def _ended(self) -> None:
        self._job = None

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancelled.connect(self._tell_stopped)
            self._job.cancel()

    def _tell_stopped(self) -> None:
        self.desk.tell("info", "window-stopped")
