"""One open project with what is not saved: selection, tool, messages, lock and journal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray
from psygnal import Signal

from app.caching import GIB, settle
from app.settings import load
from app.wording import Message
from layers.errors import CityError
from layers.frame import Frame
from layers.history import Command, History
from layers.progress import Part, Progress, Silent
from layers.project import Info, Project

if TYPE_CHECKING:
    from layers.files.importing import Imported
    from layers.files.journal_writer import JournalWriter
    from layers.files.lock import ProjectLock
    from layers.files.options import ImportOptions
    from layers.files.raw import Note
    from layers.files.recovery import Recovery

Selection = Mapping[str, NDArray[np.int64]]
#: The tool that is active where no other was chosen.
NAVIGATE = "navigate"


class Session:
    """A project somebody works on.

    The window keeps one for its whole life; scripts and the command line make
    one per project. Long steps come in two halves for those who run them in a
    worker: `reserve` and `open_project`, then `adopt`; `Recovery.restore`, then
    `recovered`; `import_file` of `layers.files.importing`, then `apply`;
    `save_project`, then `saved`.

    Parameters
    ----------
    journaled : bool
        Whether edits are written to a journal that survives a crash; scripts
        that save at once need none.

    Attributes
    ----------
    condenses : bool
        Whether what undo keeps is condensed as soon as it takes too much memory, right after the
        step. A window does that beside the window instead.

    Signals
    -------
    project_changed
        `project`, `history` or `path` is another one.
    selection_changed
    tool_changed : (str,)
    message : (Message,)
        May come from the thread that writes the journal.
    """

    project_changed = Signal()
    selection_changed = Signal()
    tool_changed = Signal(str)
    message = Signal(Message)

    def __init__(self, *, journaled: bool = True) -> None:
        settings = load()
        settle(settings)
        self._journaled = journaled
        self._undo_bytes = round(settings.undo_gib * GIB)
        self.condenses = True
        self._lock: ProjectLock | None = None
        self._journal: JournalWriter | None = None
        self._selection: dict[str, NDArray[np.int64]] = {}
        self._tool = NAVIGATE
        self.project = Project()
        self.history = History(self.project)
        self.path: Path | None = None
        self._take_up(self.project, None, None)

    # The project -----------------------------------------------------------------------------

    def new(self, crs: str = "", title: str = "") -> None:
        """Start an empty project without a file.

        Parameters
        ----------
        crs : str
            Coordinate system; "" waits for the first import to propose one.
        title : str
            Shown on pictures.

        Raises
        ------
        CityError
            ``crs.unknown`` or ``crs.not_metric``.
        """
        frame = Frame(crs) if crs else None
        self._take_up(Project(frame, Info(title=title)), None, None)

    def open(self, path: Path, progress: Progress | None = None) -> tuple[Note, ...]:
        """Open a project file.

        Returns
        -------
        tuple of Note
            What the user should know: files that are missing, changes by other programs.

        Raises
        ------
        CityError
            If it cannot be read, or ``project.in_use`` if another program has it open.
        """
        from layers.files.project_file import open_project

        lock = self.reserve(path)
        try:
            opened = open_project(path, progress or Silent())
        except BaseException:
            _release(lock)
            raise
        self.adopt(opened.project, path, lock)
        return opened.notes

    def reserve(self, path: Path) -> ProjectLock | None:
        """Make sure that no other program opens the file; None where this session has it already.

        Raises
        ------
        CityError
            ``project.in_use`` if another program has it.
        """
        from layers.files.lock import ProjectLock

        if self._lock is not None and self.path is not None and _same(self.path, path):
            return None
        lock = ProjectLock()
        lock.acquire(path)
        return lock

    def adopt(self, project: Project, path: Path | None, lock: ProjectLock | None = None) -> None:
        """Take up a project that was loaded elsewhere, with the lock from `reserve`."""
        if lock is None and path is not None and self.path is not None and _same(self.path, path):
            lock, self._lock = self._lock, None  # the same file again: keep the lock
        self._take_up(project, path, lock)

    def recoverable(self, path: Path | None) -> Recovery | None:
        """Give the edits that a crash left behind for a file (None: for an untitled project)."""
        from layers.files.journal import Journal

        return Journal.recoverable(path)

    def recover(
        self, recovery: Recovery, path: Path | None, progress: Progress | None = None
    ) -> None:
        """Take up the project as it was at the last edit before the crash; it counts as unsaved.

        Parameters
        ----------
        recovery : Recovery
            From `recoverable`.
        path : pathlib.Path or None
            File to go on with.
        progress : Progress or None
            Is told how far it is.

        Raises
        ------
        CityError
            ``journal.damaged``, ``journal.incomplete`` or ``project.in_use``; the
            open project stays.
        """
        lock = self.reserve(path) if path is not None else None
        try:
            project = recovery.restore(progress or Silent())
        except BaseException:
            _release(lock)
            raise
        self.recovered(recovery, project, path, lock)

    def recovered(
        self,
        recovery: Recovery,
        project: Project,
        path: Path | None,
        lock: ProjectLock | None = None,
    ) -> None:
        """Take up a project that `Recovery.restore` gave elsewhere, with the lock from `reserve`.

        It counts as unsaved. What the crash left goes once this session's own journal holds it.
        """
        self.adopt(project, path, lock)
        if self._journal is not None and self._journal.file != recovery.file:
            self._journal.take_over(recovery.discard)
        self.history.mark_unsaved()

    def save(self, progress: Progress | None = None, *, overwrite: bool = False) -> None:
        """Write the project to its file.

        Raises
        ------
        CityError
            ``session.no_path`` where it has no file yet; as writing does.
        """
        if self.path is None:
            raise CityError(
                "session.no_path",
                "The project has no file yet.",
                hint="choose a file to save it to",
            )
        self.save_as(self.path, progress, overwrite=overwrite)

    def save_as(
        self, path: Path, progress: Progress | None = None, *, overwrite: bool = False
    ) -> None:
        """Write the project to a file and go on with that file.

        With `overwrite` it replaces what another program wrote there.

        Raises
        ------
        CityError
            ``project.in_use`` if another program has that file open; as writing does.
        """
        from layers.files.project_file import save_project

        lock = self.reserve(path)
        self.flush()
        try:
            save_project(self.project, path, progress or Silent(), overwrite=overwrite)
        except BaseException:
            _release(lock)
            raise
        self.saved(path, lock)

    def saved(self, path: Path, lock: ProjectLock | None = None) -> None:
        """Note that the project was written to a file, with the lock from `reserve`."""
        moved = self.path is None or not _same(self.path, path)
        if moved:
            self._end_journal()
            _release(self._lock)
            self.path, self._lock = path, lock
            self._begin_journal()
        self.history.mark_saved()
        if moved:
            self.project_changed.emit()

    def flush(self) -> None:
        """Wait until the journal holds every edit made so far, in whatever thread.

        Do so before the project is saved: after a crash between saving and forgetting it is the
        last step that tells whether all of it stands in the file.
        """
        if self._journal is not None:
            self._journal.flush()

    @property
    def unsaved(self) -> bool:
        """Whether the project differs from its file."""
        return self.history.unsaved

    def close(self) -> None:
        """Let the file go and forget the journal; what was not saved is gone."""
        self._end_journal()
        _release(self._lock)
        self._lock = None

    # Changing it -----------------------------------------------------------------------------

    def run(self, command: Command) -> None:
        """Do a command as a step that can be undone."""
        self.history.run(command)

    def undo(self) -> None:
        """Take the last step back."""
        self.history.undo()

    def redo(self) -> None:
        """Do the last step that was taken back again."""
        self.history.redo()

    @property
    def undo_bytes(self) -> int:
        """How much memory undo may take before older steps keep what they changed alone."""
        return self._undo_bytes

    @undo_bytes.setter
    def undo_bytes(self, most: int) -> None:
        self._undo_bytes = self.history.most = most
        if self.condenses:
            self.history.condense()

    def import_file(
        self, path: Path, options: ImportOptions | None = None, progress: Progress | None = None
    ) -> Imported:
        """Import a file and add its layers as one step that can be undone.

        Raises
        ------
        CityError
            As the import does; nothing is changed then.
        """
        from layers.files.importing import import_file

        imported = import_file(self.project, path, options, progress)
        self.apply(imported)
        return imported

    def import_files(
        self,
        paths: Sequence[Path],
        options: ImportOptions | None = None,
        progress: Progress | None = None,
    ) -> list[Imported]:
        """Import files one after the other, each as a step that can be undone."""
        told = progress or Silent()
        count = max(len(paths), 1)
        return [
            self.import_file(path, options, Part(told, i / count, (i + 1) / count))
            for i, path in enumerate(paths)
        ]

    def apply(self, imported: Imported) -> None:
        """Add what an import gave."""
        from layers.files.importing import commands_for

        self.run(commands_for(imported))

    # What is not saved -----------------------------------------------------------------------

    @property
    def selection(self) -> Selection:
        """Ids of the selected objects by the id of their layer; no layer stands empty."""
        return self._selection

    def select(self, selection: Mapping[str, ArrayLike]) -> None:
        """Select these objects and no others."""
        chosen: dict[str, NDArray[np.int64]] = {}
        for layer_id, ids in selection.items():
            array = np.unique(np.asarray(ids, dtype=np.int64).reshape(-1))
            if array.size:
                array.setflags(write=False)
                chosen[layer_id] = array
        same = chosen.keys() == self._selection.keys() and all(
            np.array_equal(ids, self._selection[layer_id]) for layer_id, ids in chosen.items()
        )
        if not same:
            self._selection = chosen
            self.selection_changed.emit()

    @property
    def tool(self) -> str:
        """Name of the active tool."""
        return self._tool

    @tool.setter
    def tool(self, name: str) -> None:
        if name != self._tool:
            self._tool = name
            self.tool_changed.emit(name)

    def tell(self, message: Message) -> None:
        """Tell the user something once."""
        self.message.emit(message)

    # Inside ----------------------------------------------------------------------------------

    def _take_up(self, project: Project, path: Path | None, lock: ProjectLock | None) -> None:
        self._end_journal()
        if lock is not self._lock:
            _release(self._lock)
        self.project, self.path, self._lock = project, path, lock
        self.history = History(project, self._undo_bytes)
        self.history.changed.connect(self._history_changed)
        project.layer_removed.connect(self._layer_removed)
        self._selection = {}
        self._begin_journal()
        self.project_changed.emit()

    def _layer_removed(self, layer: object) -> None:
        layer_id = getattr(layer, "id", "")
        if layer_id in self._selection:
            self.select({k: v for k, v in self._selection.items() if k != layer_id})

    def _begin_journal(self) -> None:
        if not self._journaled:
            return
        from layers.files.journal import Journal
        from layers.files.journal_writer import JournalWriter

        try:
            journal = Journal.open(self.path)
        except CityError as error:
            self.tell(Message("warning", error=error))
            return
        if journal.problem is not None:
            self.tell(Message("warning", error=journal.problem))
        if not self.history.unsaved:
            journal.stand_on(self.project)
        self._journal = JournalWriter(journal, self._journal_failed)

    def _end_journal(self) -> None:
        if self._journal is not None:
            self._journal.clear()
            self._journal = None

    def _journal_failed(self, error: CityError) -> None:
        self.tell(Message("warning", error=error))  # the edit itself is done; told once

    def _history_changed(self) -> None:
        if self._journal is not None and self.history.unsaved:
            self._journal.note(self.project)
        elif self._journal is not None:
            self._journal.saved(self.project)
        if self.condenses:
            self.history.condense()


def _release(lock: ProjectLock | None) -> None:
    if lock is not None:
        lock.release()


def _same(a: Path, b: Path) -> bool:
    return a.resolve() == b.resolve()
