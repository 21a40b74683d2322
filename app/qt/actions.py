"""The table of everything that can be chosen from a menu, the toolbar or the keyboard."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence

from app.qt.texts import Texts
from app.qt.theme import Theme


@dataclass(frozen=True, slots=True)
class ActionRow:
    """One thing that can be done.

    Attributes
    ----------
    key : str
        Its texts are ``action-KEY`` and, as tooltip, ``action-KEY.tip``.
    icon : str
        Name of the icon, "" for none.
    shortcut : str
        Keys, several separated by ``;``.
    group : str
        Actions of one group exclude each other; "" for none. They are checkable.
    checkable : bool
        Whether it is on or off.
    section : str
        Where the shortcuts page lists it.
    """

    key: str
    icon: str = ""
    shortcut: str = ""
    group: str = ""
    checkable: bool = False
    section: str = "file"


ROWS: tuple[ActionRow, ...] = (
    ActionRow("new", "new", "Ctrl+N"),
    ActionRow("open", "open", "Ctrl+O"),
    ActionRow("open-sample", "sample"),
    ActionRow("save", "save", "Ctrl+S"),
    ActionRow("save-as", "save-as", "Ctrl+Shift+S"),
    ActionRow("import", "import", "Ctrl+I"),
    ActionRow("import-folder", "open"),
    ActionRow("import-model", "kind-models"),
    ActionRow("models-on-points", "kind-models"),
    ActionRow("import-pipes", "kind-pipes"),
    ActionRow("export-picture", "export-picture", "Ctrl+E"),
    ActionRow("export-city", "export-city", "Ctrl+Shift+E"),
    ActionRow("copy-picture", "copy", "Ctrl+Shift+C"),
    ActionRow("project-settings", "project-settings"),
    ActionRow("close-project", "close", "Ctrl+W"),
    ActionRow("quit", "quit", "Ctrl+Q"),
    ActionRow("undo", "undo", "Ctrl+Z", section="edit"),
    ActionRow("redo", "redo", "Ctrl+Y;Ctrl+Shift+Z", section="edit"),
    ActionRow("select-all", "select-box", "Ctrl+A", section="edit"),
    ActionRow("select-none", "select-none", "Ctrl+D", section="edit"),
    ActionRow("copy-coordinates", "measure-point", "Ctrl+Shift+X", section="edit"),
    ActionRow("settings", "settings", "Ctrl+,", section="edit"),
    ActionRow("home", "home", "Home", section="view"),
    ActionRow("zoom-in", "zoom-in", "+;Ctrl+=", section="view"),
    ActionRow("zoom-out", "zoom-out", "-;Ctrl+-", section="view"),
    ActionRow("zoom-selection", "zoom-to", "F", section="view"),
    ActionRow("view-back", "back", "Alt+Left;[", section="view"),
    ActionRow("view-forward", "forward", "Alt+Right;]", section="view"),
    ActionRow("film", "film", section="view"),
    ActionRow("go-to", "search", "Ctrl+F", section="view"),
    ActionRow("view-top", "view-top", "5", section="view"),
    ActionRow("view-plan", "plan", "7", section="view"),
    ActionRow("view-north", "view-north", "8", section="view"),
    ActionRow("view-east", "view-east", "6", section="view"),
    ActionRow("view-south", "view-south", "2", section="view"),
    ActionRow("view-west", "view-west", "4", section="view"),
    ActionRow("parallel", "projection", "P", checkable=True, section="view"),
    ActionRow("view-save", "view-add", "Ctrl+B", section="view"),
    ActionRow("furniture", "furniture", "Ctrl+G", checkable=True, section="view"),
    ActionRow("legend", "legend", "Ctrl+L", checkable=True, section="view"),
    ActionRow("overview", "overview", "Ctrl+M", checkable=True, section="view"),
    ActionRow("corner-shade", "skyline", checkable=True, section="view"),
    ActionRow("panes-1", "panes-1", "Ctrl+Alt+1", group="panes", section="view"),
    ActionRow("panes-2", "panes-2", "Ctrl+Alt+2", group="panes", section="view"),
    ActionRow("panes-4", "panes-4", "Ctrl+Alt+4", group="panes", section="view"),
    ActionRow("panes-linked", "link", "Ctrl+Alt+L", checkable=True, section="view"),
    ActionRow("underground", "underground", "U", checkable=True, section="view"),
    ActionRow("open-ground", "open-ground", "Shift+U", checkable=True, section="view"),
    ActionRow("isolate", "isolate", "I", checkable=True, section="view"),
    ActionRow("fullscreen", "fullscreen", "F11", checkable=True, section="view"),
    ActionRow("layer-rename", "rename", "F2", section="layer"),
    ActionRow("layer-show", "eye", "Ctrl+H", checkable=True, section="layer"),
    ActionRow("layer-only", "eye", section="layer"),
    ActionRow("layer-zoom", "zoom-to", "Ctrl+J", section="layer"),
    ActionRow("layer-up", "up", "Ctrl+Shift+Up", section="layer"),
    ActionRow("layer-down", "down", "Ctrl+Shift+Down", section="layer"),
    ActionRow("layer-report", "info", section="layer"),
    ActionRow("layer-remove", "remove", "Del", section="layer"),
    ActionRow("tool-select", "select", "S", group="tool", section="tools"),
    ActionRow("tool-polygon", "select-polygon", "Shift+S", group="tool", section="tools"),
    ActionRow("tool-pan", "pan", "H", group="tool", section="tools"),
    ActionRow("tool-orbit", "orbit", "O", group="tool", section="tools"),
    ActionRow("tool-fly", "fly", "Shift+F", group="tool", section="tools"),
    ActionRow("tool-walk", "walk", "Shift+W", group="tool", section="tools"),
    ActionRow("tool-path", "path", "Shift+P", group="tool", section="tools"),
    ActionRow("tool-cut", "cut", "Shift+X", group="tool", section="tools"),
    ActionRow("control-lines", "kind-control-lines", section="tools"),
    ActionRow("line-reshape", "edit", group="tool", section="tools"),
    ActionRow("cut-turn", section="tools"),
    ActionRow("cut-clear", "close", section="tools"),
    ActionRow("place-model", "place-model", "M", group="tool", section="tools"),
    ActionRow("measure-point", "measure-point", "Ctrl+1", group="tool", section="measure"),
    ActionRow("measure-distance", "measure-distance", "Ctrl+2", group="tool", section="measure"),
    ActionRow("measure-polyline", "measure-polyline", "Ctrl+3", group="tool", section="measure"),
    ActionRow("measure-area", "measure-area", "Ctrl+4", group="tool", section="measure"),
    ActionRow("measure-building", "measure-building", "Ctrl+5", group="tool", section="measure"),
    ActionRow("measure-angle", "measure-angle", "Ctrl+6", group="tool", section="measure"),
    ActionRow("measure-profile", "measure-profile", "Ctrl+7", group="tool", section="measure"),
    ActionRow("measure-cutfill", "measure-cutfill", "Ctrl+8", group="tool", section="measure"),
    ActionRow("pipes-ask", "search", "Ctrl+Shift+F", section="pipes"),
    ActionRow("pipes-stats", "statistics", section="pipes"),
    ActionRow("pipes-check", "check-rules", section="pipes"),
    ActionRow("pipes-plan", "pipe-plan", section="pipes"),
    ActionRow("pipes-section", "measure-profile", section="pipes"),
    ActionRow("pipes-dig", "measure-cutfill", section="pipes"),
    ActionRow("pipes-trace", "link", section="pipes"),
    ActionRow("pipes-burst", "pipe-burst", "Ctrl+Shift+B", section="pipes"),
    ActionRow("pipes-hydraulics", "pipe-flow", section="pipes"),
    ActionRow("pipes-tunnels", "pipe-tunnel", section="pipes"),
    ActionRow("pipes-paper", "table-export", section="pipes"),
    ActionRow("tool-trace", "link", group="tool", section="pipes"),
    ActionRow("tool-burst", "pipe-burst", group="tool", section="pipes"),
    ActionRow("build-draw", "build-draw", "Alt+1", group="tool", section="schemes"),
    ActionRow("build-raise", "build-raise", "Alt+2", group="tool", section="schemes"),
    ActionRow("build-move", "build-move", "Alt+3", group="tool", section="schemes"),
    ActionRow("build-turn", "orbit", "Alt+4", group="tool", section="schemes"),
    ActionRow("build-copy", "copy", "Alt+5", group="tool", section="schemes"),
    ActionRow("build-split", "cut", "Alt+6", group="tool", section="schemes"),
    ActionRow("build-demolish", "remove", "Alt+7", group="tool", section="schemes"),
    ActionRow("build-clear", "select-polygon", "Alt+8", group="tool", section="schemes"),
    ActionRow("schemes-panel", "schemes", section="schemes"),
    ActionRow("build-import", "import", section="schemes"),
    ActionRow("planning-report", "note", section="schemes"),
    ActionRow("compare-schemes", "panes-2", "Ctrl+Alt+C", section="schemes"),
    ActionRow("drills-panel", "drills", section="drills"),
    ActionRow("drills-play", "play", "Ctrl+Alt+Space", section="drills"),
    ActionRow("drills-next", "next", "Ctrl+Alt+Right", section="drills"),
    ActionRow("drills-previous", "previous", "Ctrl+Alt+Left", section="drills"),
    ActionRow("drills-captions", "note", checkable=True, section="drills"),
    ActionRow("drills-close-street", "close-street", "Ctrl+Alt+X", section="drills"),
    ActionRow("drills-room", "fullscreen", "Ctrl+Alt+M", section="drills"),
    ActionRow("drills-add-step", "add", "Ctrl+Alt+N", section="drills"),
    ActionRow("drills-plan", "plan", section="drills"),
    ActionRow("drills-step", "edit", section="drills"),
    ActionRow("drills-symbols", "kind-resources", section="drills"),
    ActionRow("drills-problems", "warning", section="drills"),
    ActionRow("drills-exercise", "check-rules", section="drills"),
    ActionRow("drills-board", "float", section="drills"),
    ActionRow("drills-review", "statistics", section="drills"),
    ActionRow("drills-paper", "table-export", section="drills"),
    ActionRow("drills-archive", "archive", section="drills"),
    ActionRow("drills-resources", "kind-resources", section="drills"),
    ActionRow("drills-crowd", "crowd", section="drills"),
    ActionRow("drills-live", "live", section="drills"),
    ActionRow("shortcuts", "keyboard", "F1", section="help"),
    ActionRow("logs", "open", section="help"),
    ActionRow("about", "about", section="help"),
)

#: Tools the window does not know how to run yet stay out of its menus.
TOOLS = tuple(row.key for row in ROWS if row.group == "tool")


class Actions:
    """The actions of one window.

    Parameters
    ----------
    owner : QObject
        The window; it gets the shortcuts.
    texts, theme
        Where words and icons come from.
    """

    def __init__(self, owner: QObject, texts: Texts, theme: Theme) -> None:
        self.groups: dict[str, QActionGroup] = {}
        self._all: dict[str, QAction] = {}
        for row in ROWS:
            action = QAction(owner)
            action.setObjectName(f"action-{row.key}")
            action.setShortcuts([QKeySequence(keys) for keys in row.shortcut.split(";") if keys])
            texts.bind(action, "setText", f"action-{row.key}")
            if row.icon:
                theme.set_icon(action, row.icon)
            action.setCheckable(row.checkable or bool(row.group))
            if row.group:
                group = self.groups.setdefault(row.group, QActionGroup(owner))
                group.addAction(action)
            self._all[row.key] = action

    def __getitem__(self, key: str) -> QAction:
        return self._all[key]

    def connect(self, handlers: Mapping[str, Callable[[], object]]) -> None:
        """Say what each action does; checkable ones ask their own state."""
        for key, handler in handlers.items():
            self._all[key].triggered.connect(_plain(handler))

    def enable(self, enabled: bool, *keys: str) -> None:
        """Switch actions on or off."""
        for key in keys:
            self._all[key].setEnabled(enabled)

    def tip(self, key: str, texts: Texts) -> None:
        """Write the tooltip: what it does and its keys."""
        action = self._all[key]
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        text = texts.t(f"action-{key}.tip")
        name = texts.plain(f"action-{key}").replace("…", "").replace("...", "")
        if text == f"action-{key}.tip":
            text = name
        action.setToolTip(f"{text}  ({keys})" if keys else text)
        action.setStatusTip("")


def _plain(handler: Callable[[], object]) -> Callable[[bool], None]:
    def call(_checked: bool = False) -> None:
        handler()

    return call
