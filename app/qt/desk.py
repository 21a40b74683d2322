"""What every part of the window works with: session, settings, words, look, jobs."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from PySide6.QtCore import QObject, Signal

from app import settings as settings_file
from app.caching import settle
from app.qt.actions import Actions
from app.qt.jobs import Job, Jobs, Work
from app.qt.texts import Texts
from app.qt.theme import Theme
from app.session import Session
from app.settings import Settings
from app.wording import Message, detect
from layers.errors import CityError
from layers.files.raw import Note
from layers.history import Command, History
from layers.kinds.base import Layer
from layers.project import Project

if TYPE_CHECKING:
    from app.qt.panes import Panes

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that was told, in words.

    Attributes
    ----------
    level : str
        ``"info"``, ``"success"``, ``"warning"`` or ``"error"``.
    text : str
        One sentence.
    hint : str
        What to try, "" for nothing.
    details : str
        More for those who ask (an import report, a trace), "" for nothing.
    quiet : bool
        Whether it is only written into the messages.
    """

    level: Literal["info", "success", "warning", "error"]
    text: str
    hint: str = ""
    details: str = ""
    quiet: bool = False


class Desk(QObject):
    """The shared things of one window.

    Parameters
    ----------
    session : Session
        The open project.
    settings : Settings
        What the user chose.

    Signals
    -------
    noticed : (Notice,)
        Something is to be told once.
    project_changed
        Another project is open, or it has another file.
    project_edited
        Layers, looks, data, views, frame or info changed, or the history did.
    selection_changed
    tool_changed : (str,)
    layer_chosen : (str,)
        Id of the layer that layer commands are about, "" for none.
    settings_changed
    """

    noticed = Signal(object)
    project_changed = Signal()
    project_edited = Signal()
    selection_changed = Signal()
    tool_changed = Signal(str)
    layer_chosen = Signal(str)
    settings_changed = Signal()
    _kept = Signal(object)  # brings remarks of the cache from any thread to this one
    _heard = Signal(object)  # the same for messages, some of which the journal's thread has

    def __init__(self, session: Session, settings: Settings) -> None:
        super().__init__()
        self.session = session
        self.settings = settings
        self.texts = Texts(detect(settings.language))
        self.theme = Theme(settings.theme)
        self.jobs = Jobs()
        self.actions = Actions(self, self.texts, self.theme)
        self._viewport: Panes | None = None
        self._layer = ""
        self._history: History | None = None
        session.project_changed.connect(self._take_up)
        session.selection_changed.connect(self._forward_selection)
        session.tool_changed.connect(self._forward_tool)
        session.message.connect(self._hear)
        self._heard.connect(self._told)
        self._kept.connect(self._tell_note)
        self._settle_cache()
        self._take_up()

    # What is open ----------------------------------------------------------------------------

    @property
    def project(self) -> Project:
        """The open project."""
        return self.session.project

    @property
    def layer(self) -> Layer | None:
        """The layer that is chosen in the tree."""
        return next((layer for layer in self.project.layers if layer.id == self._layer), None)

    def choose_layer(self, layer_id: str) -> None:
        """Make a layer the one that layer commands are about."""
        if layer_id != self._layer:
            self._layer = layer_id
            self.layer_chosen.emit(layer_id)

    @property
    def viewport(self) -> Panes:
        """The picture."""
        assert self._viewport is not None, "the window sets it before panels are made"
        return self._viewport

    @viewport.setter
    def viewport(self, viewport: Panes) -> None:
        self._viewport = viewport

    # Doing -----------------------------------------------------------------------------------

    def lay_down_tool(self) -> None:
        """Take the tool to begin with: users of GIS move the map, users of CAD select."""
        cad = self.settings.navigation == "cad"
        self.session.tool = "tool-select" if cad else "tool-pan"

    def run(self, command: Command) -> bool:
        """Do a command as an undoable step; tell the error and give False where it fails."""
        return self.attempt(lambda: self.session.run(command))

    def attempt(self, what: Callable[[], object]) -> bool:
        """Do something; tell the error and give False where it fails."""
        try:
            what()
        except CityError as error:
            self.tell_error(error)
            return False
        return True

    def start(
        self,
        title: str,
        work: Work,
        done: Callable[[Any], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
    ) -> Job:
        """Start long work; an error is told unless `failed` takes it."""
        job = self.jobs.start(title, work, done, failed or self.tell_error)
        job.cancelled.connect(self._tell_stopped)
        return job

    # Telling ---------------------------------------------------------------------------------

    def tell(
        self,
        level: Literal["info", "success", "warning", "error"],
        key: str,
        *,
        details: str = "",
        **facts: object,
    ) -> None:
        """Tell a text by its key; ``KEY.hint`` is told with it where there is one."""
        hint = self.texts.t(f"{key}.hint", **facts)
        hint = "" if hint == f"{key}.hint" else hint
        self.noticed.emit(Notice(level, self.texts.t(key, **facts), hint, details))

    def tell_text(
        self,
        level: Literal["info", "success", "warning", "error"],
        text: str,
        *,
        hint: str = "",
        details: str = "",
        quiet: bool = False,
    ) -> None:
        """Tell a sentence that is worded already."""
        self.noticed.emit(Notice(level, text, hint, details, quiet))

    def tell_error(self, error: Exception) -> None:
        """Tell an error once: its sentence and what to try; a fault of ours goes to the log."""
        if isinstance(error, CityError):
            sentence, hint = self.texts.error(error)
            self.noticed.emit(Notice("error", sentence, hint))
            return
        log.error("unexpected error", exc_info=error)
        fault = f"{type(error).__name__}: {error}"
        text = self.texts.t("window-fault", error=fault)
        hint = self.texts.t("window-fault.hint", error=fault)
        self.noticed.emit(Notice("error", text, hint))

    # Settings --------------------------------------------------------------------------------

    def keep_settings(self) -> None:
        """Write the settings and let everybody look at them again."""
        self.attempt(lambda: settings_file.save(self.settings))
        self._settle_cache()
        self.settings_changed.emit()

    def remember(self, path: Path) -> None:
        """Put a file in front of the recent ones."""
        self.settings.remember(path)
        self.keep_settings()

    def speak(self, locale: Literal["en", "zh-CN"]) -> None:
        """Switch the language, now and from now on."""
        self.settings.language = locale
        self.texts.use(locale)
        self.keep_settings()

    def dress(self, mode: Literal["system", "light", "dark"]) -> None:
        """Switch the look, now and from now on."""
        self.settings.theme = mode
        self.theme.use(mode)
        self.keep_settings()

    # Inside ----------------------------------------------------------------------------------

    def _take_up(self) -> None:
        project, history = self.session.project, self.session.history
        if history is not self._history:
            self._history = history
            history.changed.connect(self._edited)
            project.layer_removed.connect(self._layer_removed)
            self._layer = ""
        self.project_changed.emit()
        self.layer_chosen.emit(self._layer)
        self.project_edited.emit()

    def _layer_removed(self, layer: Layer) -> None:
        if layer.id == self._layer:
            self.choose_layer("")

    def _edited(self) -> None:
        self.project_edited.emit()

    def _forward_selection(self) -> None:
        self.selection_changed.emit()

    def _forward_tool(self, tool: str) -> None:
        self.tool_changed.emit(tool)

    def _hear(self, message: Message) -> None:
        self._heard.emit(message)

    def _told(self, message: Message) -> None:
        if message.error is not None:
            self.tell_error(message.error)
        else:
            sentence, hint = self.texts.wording.message(message)
            self.tell_text(message.level, sentence, hint=hint)

    def _settle_cache(self) -> None:
        settle(self.settings).told.connect(self._cache_told, unique=True)

    def _cache_told(self, note: Note) -> None:
        self._kept.emit(note)

    def _tell_note(self, note: Note) -> None:
        self.tell_text("warning", self.texts.wording.note(note))

    def _tell_stopped(self) -> None:
        self.tell("info", "window-stopped")
