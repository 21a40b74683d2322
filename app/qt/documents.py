"""Projects and files: new, open, save, import, the sample, recovery, leaving."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from app.qt.building import import_buildings
from app.qt.desk import Desk
from app.qt.dialogs.new_project import NewProject
from app.qt.dialogs.question import Answer, Question
from layers.errors import CityError
from layers.files.model_import import is_model
from layers.progress import Progress
from layers.project import Project

if TYPE_CHECKING:
    from layers.files.lock import ProjectLock
    from layers.files.project_file import Opened
    from layers.files.recovery import Recovery

ENDING = ".gpkg"
FILE_DIALOG = QSize(900, 560)  # Qt's own size cuts off the columns
Then = Callable[[], object]


class Documents(QObject):
    """Everything that opens, fills, saves or leaves a project.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    window : QWidget
        Owner of the dialogs.

    Signals
    -------
    started_changed
        `started` is another one.
    """

    started_changed = Signal()

    def __init__(self, desk: Desk, window: QWidget) -> None:
        super().__init__(window)
        self._desk, self._window = desk, window
        self._started = False

    @property
    def started(self) -> bool:
        """Whether there is a project to show; else the welcome page is."""
        session = self._desk.session
        return self._started or session.path is not None or bool(session.project.layers)

    # Starting --------------------------------------------------------------------------------

    def new(self) -> None:
        """Ask for title and coordinate system and start an empty project."""
        self.leave(self._ask_new)

    def _ask_new(self) -> None:
        dialog = NewProject(self._desk, self._window)
        dialog.chosen.connect(self._start_new)
        dialog.open()

    def _start_new(self, crs: str, title: str) -> None:
        if self._desk.attempt(lambda: self._desk.session.new(crs, title)):
            self._set_started(True)

    def close(self) -> None:
        """Leave the project and go back to the welcome page."""
        self.leave(self._close)

    def _close(self) -> None:
        self._started = False
        self._desk.session.new()
        self.started_changed.emit()

    # Opening ---------------------------------------------------------------------------------

    def open_dialog(self) -> None:
        """Ask for a project file."""
        dialog = self._file_dialog("open-file")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters(
            [self._desk.texts.t("files-project"), self._desk.texts.t("files-all")]
        )
        dialog.fileSelected.connect(lambda text: self.open(Path(text)))
        dialog.open()

    def open(self, path: Path) -> None:
        """Open a project file, after asking for unsaved changes."""
        self.leave(lambda: self._open(path))

    def open_sample(self) -> None:
        """Open the sample city; it is made on first use."""
        self.leave(self._open_sample)

    def _open_sample(self) -> None:
        def make(progress: Progress) -> Path:
            from app.sample import sample_project

            return sample_project(progress)

        self._desk.start(self._desk.texts.t("job-sample"), make, self._open_copy)

    def _open_copy(self, path: Path) -> None:
        """Open a file as a project without a file, so that the file stays as it is."""

        def read(progress: Progress) -> Project:
            from layers.daylight import get_ready
            from layers.files.project_file import load_project

            get_ready()
            return with_ground(load_project(path, progress))

        self._desk.start(
            self._desk.texts.t("job-opening", name=path.name),
            read,
            self.show_project,
        )

    def _open(self, path: Path) -> None:
        session = self._desk.session
        try:
            lock = session.reserve(path)
            recovery = session.recoverable(path)
        except CityError as error:
            if error.code == "project.in_use":
                self._offer_copy(path, error)
                return
            self._desk.settings.forget(path)
            self._desk.keep_settings()
            self._desk.tell_error(error)
            return
        if recovery is not None:
            self._offer(recovery, path, lambda: self._load(path, lock), lock)
            return
        self._load(path, lock)

    def _offer_copy(self, path: Path, error: CityError) -> None:
        """Tell who has the project open, and offer to look into it all the same."""
        Question(
            self._desk,
            "in-use",
            (
                Answer("cancel", "button-cancel"),
                Answer("copy", "button-open-copy", lambda: self._open_copy(path), primary=True),
            ),
            self._window,
            told=self._desk.texts.error(error)[0],
            name=path.name,
        ).open()

    def _load(self, path: Path, lock: ProjectLock | None) -> None:
        def read(progress: Progress) -> Opened:
            from layers.daylight import get_ready
            from layers.files.project_file import open_project

            get_ready()
            opened = open_project(path, progress)
            with_ground(opened.project)
            return opened

        def failed(error: Exception) -> None:
            if lock is not None:
                lock.release()
            self._desk.settings.forget(path)
            self._desk.keep_settings()
            self._desk.tell_error(error)

        def done(opened: Opened) -> None:
            self._adopt(opened.project, path, lock)
            for note in opened.notes:
                self._desk.tell_text("warning", self._desk.texts.wording.note(note))

        job = self._desk.start(
            self._desk.texts.t("job-opening", name=path.name), read, done, failed
        )
        if lock is not None:
            job.cancelled.connect(lock.release)

    def show_project(self, project: Project) -> None:
        """Go on with a project that was made in the program and has no file yet."""
        self._adopt(project, None, None)

    def _adopt(self, project: Project, path: Path | None, lock: ProjectLock | None) -> None:
        self._started = True
        self._desk.session.adopt(project, path, lock)
        if path is not None:
            self._desk.remember(path)
        self.started_changed.emit()
        if project.views:
            self._desk.viewport.show_view(project.views[0])

    # Recovery --------------------------------------------------------------------------------

    def offer_recovery(self) -> None:
        """Offer what a crash left of a project that had no file yet."""
        recovery = self._desk.session.recoverable(None)
        if recovery is not None:
            self._offer(recovery, None, lambda: None, None)

    def _offer(
        self, recovery: Recovery, path: Path | None, otherwise: Then, lock: ProjectLock | None
    ) -> None:
        name = path.name if path is not None else self._desk.texts.t("window-untitled")

        def read(progress: Progress) -> Project:
            from layers.daylight import get_ready

            get_ready()
            return with_ground(recovery.restore(progress))

        def done(project: Project) -> None:
            self._desk.session.recovered(recovery, project, path, lock)
            self._set_started(True)
            self._desk.tell("success", "recovered")

        def failed(error: Exception) -> None:
            if lock is not None:
                lock.release()
            self._desk.tell_error(error)

        def restore() -> None:
            job = self._desk.start(self._desk.texts.t("job-opening", name=name), read, done, failed)
            if lock is not None:
                job.cancelled.connect(lock.release)

        def drop() -> None:
            recovery.discard()
            otherwise()

        Question(
            self._desk,
            "recovery",
            (
                Answer("discard", "button-discard-edits", drop),
                Answer("restore", "button-restore", restore, primary=True),
            ),
            self._window,
            icon="recent",
            otherwise=lock.release if lock is not None else None,
            name=name,
        ).open()

    # Saving ----------------------------------------------------------------------------------

    def save(self, then: Then | None = None) -> None:
        """Write the project to its file; ask for one where it has none."""
        path = self._desk.session.path
        if path is None:
            self.save_as(then)
        else:
            self._save_to(path, then)

    def save_as(self, then: Then | None = None) -> None:
        """Ask for a file and write the project there."""
        dialog = self._file_dialog("save-file")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(ENDING.lstrip("."))
        dialog.setNameFilters([self._desk.texts.t("files-project")])
        path, title = self._desk.session.path, self._desk.project.info.title
        dialog.selectFile(path.name if path is not None else (title or "city") + ENDING)
        dialog.fileSelected.connect(lambda text: self._save_to(Path(text), then))
        dialog.open()

    def _save_to(self, path: Path, then: Then | None, *, overwrite: bool = False) -> None:
        session = self._desk.session
        try:
            lock = session.reserve(path)
        except CityError as error:
            self._desk.tell_error(error)
            return
        project, history = session.project, session.history
        before = history.labels

        def write(progress: Progress) -> None:
            from layers.files.project_file import save_project

            session.flush()
            save_project(project, path, progress, overwrite=overwrite)

        def done(_result: Any) -> None:
            if session.history is not history:
                return  # another project was opened meanwhile; the file is written all the same
            edited = history.labels != before
            session.saved(path, lock)
            if edited:
                history.mark_unsaved()
            self._desk.remember(path)
            self._desk.tell("success", "saved", name=path.name)
            if then is not None:
                then()

        def failed(error: Exception) -> None:
            if lock is not None:
                lock.release()
            if isinstance(error, CityError) and error.code == "project_file.changed_outside":
                self._ask_overwrite(path, then, error)
            else:
                self._desk.tell_error(error)

        job = self._desk.start(
            self._desk.texts.t("job-saving", name=path.name), write, done, failed
        )
        if lock is not None:
            job.cancelled.connect(lock.release)

    def _ask_overwrite(self, path: Path, then: Then | None, error: CityError) -> None:
        """Ask what to do with a file that another program changed meanwhile."""
        Question(
            self._desk,
            "overwrite",
            (
                Answer("cancel", "button-cancel"),
                Answer("save-as", "button-save-as", lambda: self.save_as(then), primary=True),
                Answer(
                    "overwrite",
                    "button-overwrite",
                    lambda: self._save_to(path, then, overwrite=True),
                ),
            ),
            self._window,
            name=path.name,
            layers=str(error.facts.get("layers", "")),
        ).open()

    # Importing -------------------------------------------------------------------------------

    def import_dialog(self) -> None:
        """Ask for files, then how to read them."""
        dialog = self._file_dialog("import-file")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        texts = self._desk.texts
        dialog.setNameFilters(
            [texts.t("files-all-data"), texts.t("files-vector"), texts.t("files-raster"),
             texts.t("files-all")]
        )  # fmt: skip
        dialog.filesSelected.connect(lambda names: self.take([Path(name) for name in names]))
        dialog.open()

    def import_folder(self) -> None:
        """Ask for a folder (a geodatabase, tiles, rasters), then how to read it."""
        dialog = self._file_dialog("import-folder")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(lambda name: self.take([Path(name)]))
        dialog.open()

    def import_into_scheme(self) -> None:
        """Ask for a file of buildings that are added to what is shown."""
        dialog = self._file_dialog("import-buildings")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([self._desk.texts.t("files-vector"), self._desk.texts.t("files-all")])
        dialog.fileSelected.connect(lambda name: import_buildings(self._desk, Path(name)))
        dialog.open()

    def import_model(self) -> None:
        """Ask for a model's file, then where it stands."""
        dialog = self._file_dialog("import-model")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([self._desk.texts.t("files-model"), self._desk.texts.t("files-all")])
        dialog.fileSelected.connect(lambda name: self.take([Path(name)]))
        dialog.open()

    def place_on_points(self) -> None:
        """Ask which models shall stand on the points of which layer."""
        from app.qt.dialogs.models_on_points import ModelsOnPointsDialog, fits

        if not any(fits(layer) for layer in self._desk.project.layers):
            self._desk.tell("info", "on-points-no-layer")
            return
        ModelsOnPointsDialog(self._desk, self._window).open()

    def import_pipes(self) -> None:
        """Ask for survey tables or a hydraulic model, then which field says what."""
        dialog = self._file_dialog("import-pipes")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([self._desk.texts.t("files-pipes"), self._desk.texts.t("files-all")])
        dialog.fileSelected.connect(lambda name: self.take_pipes(Path(name)))
        dialog.open()

    def take_pipes(self, path: Path) -> None:
        """Ask how the pipes of a file are meant, and import them."""
        from app.qt.dialogs.import_pipes import ImportPipesDialog

        self._desk.settings.last_folder = str(path.parent)
        dialog = ImportPipesDialog(self._desk, path, self._window)
        dialog.imported.connect(self.started_changed)
        dialog.open()

    def take(self, paths: Sequence[Path]) -> None:
        """Open a project file; import anything else."""
        if len(paths) == 1 and self._is_project(paths[0]):
            self.open(paths[0])
        elif len(paths) == 1 and paths[0].suffix.lower() == ".inp":
            self.take_pipes(paths[0])
        elif paths and is_model(paths[0]):
            self._take_model(paths[0], paths[1:])
        elif paths:
            from app.qt.dialogs.import_wizard import ImportWizard

            self._desk.settings.last_folder = str(paths[0].parent)
            wizard = ImportWizard(self._desk, list(paths), self._window)
            wizard.imported.connect(self.started_changed)

    def _take_model(self, path: Path, others: Sequence[Path]) -> None:
        """Ask how a model stands; further files follow when that is settled."""
        from app.qt.dialogs.place_model import PlaceModelDialog
        from app.qt.model_placing import import_model_file
        from layers.files.model_choices import ModelChoices
        from layers.files.model_tiles import is_tileset
        from layers.files.point_cloud import is_cloud

        self._desk.settings.last_folder = str(path.parent)
        if is_tileset(path) or is_cloud(path):
            import_model_file(self._desk, path, ModelChoices(), then=self.started_changed.emit)
            self.take(others)
            return
        dialog = PlaceModelDialog(self._desk, path, self._window)
        dialog.accepted.connect(self.started_changed)
        dialog.finished.connect(lambda _result: self.take(others))
        dialog.open()

    def _is_project(self, path: Path) -> bool:
        from layers.files.project_reader import opened_for_reading

        if path.suffix.lower() != ENDING or not path.is_file():
            return False
        try:
            with opened_for_reading(path):
                return True
        except CityError as error:
            return error.code != "project_file.foreign"  # opening tells what is wrong with it

    # Leaving ---------------------------------------------------------------------------------

    def leave(self, then: Then) -> None:
        """Go on with `then` once unsaved changes are saved or given up."""
        if not self._desk.session.unsaved:
            then()
            return
        path = self._desk.session.path
        Question(
            self._desk,
            "unsaved",
            (
                Answer("discard", "button-discard", then),
                Answer("cancel", "button-cancel"),
                Answer("save", "button-save", lambda: self.save(then), primary=True),
            ),
            self._window,
            name=path.name if path is not None else self._desk.texts.t("window-untitled"),
        ).open()

    # Inside ----------------------------------------------------------------------------------

    def _set_started(self, started: bool) -> None:
        self._started = started
        self.started_changed.emit()

    def _file_dialog(self, name: str) -> QFileDialog:
        folder = self._desk.settings.last_folder or str(Path.home())
        dialog = QFileDialog(self._window, self._desk.texts.t(f"files-{name}"), folder)
        dialog.setObjectName(name)
        dialog.resize(FILE_DIALOG)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return dialog


def with_ground(project: Project) -> Project:
    """Work out the ground of a project in the thread that read it; gives the project."""
    from layers.rules.loader import built_in
    from scene.fonts import chinese_face
    from scene.ground import get_ready

    get_ready(project)
    built_in()
    for bold in (False, True):  # found among all fonts of the system, which takes a while
        chinese_face(bold=bold)
    return project
