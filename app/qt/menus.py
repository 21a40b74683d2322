"""Menu bar and toolbar: which action stands where."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMainWindow, QMenu, QMenuBar, QToolBar, QToolButton

from app.qt.asking import fill_menu
from app.qt.desk import Desk
from app.wording import LOCALES, OWN_NAMES
from layers.looks import LOOKS

EXAGGERATIONS = (0.5, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0)  # times that heights are drawn

#: Menus in order: key of the title, keys of actions, "" a line, "=NAME" a menu in the menu: one of
#: `SUBMENUS`, else filled by need.
MENUS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("file", ("new", "open", "=recent", "open-sample", "", "save", "save-as", "", "import",
              "import-folder", "import-model", "models-on-points", "import-pipes", "",
              "export-picture", "export-city", "copy-picture", "",
              "project-settings", "close-project", "quit")),
    ("edit", ("undo", "redo", "", "select-all", "select-none", "copy-coordinates", "",
              "settings")),
    ("view", ("view-back", "view-forward", "go-to", "", "home", "zoom-in", "zoom-out",
              "zoom-selection", "=direction", "", "view-save", "=views", "film", "",
              "underground", "open-ground", "isolate", "", "=looks", "=exaggeration",
              "furniture", "legend", "overview", "corner-shade", "", "=side-by-side", "=panels",
              "fullscreen")),
    ("layer", ("import", "", "layer-zoom", "layer-show", "layer-only", "", "layer-rename",
               "layer-up", "layer-down", "", "layer-report", "", "layer-remove")),
    ("measure", ("measure-point", "measure-distance", "measure-polyline", "measure-area",
                 "measure-building", "measure-angle", "", "measure-profile", "measure-cutfill")),
    ("pipes", ("import-pipes", "underground", "open-ground", "", "pipes-ask", "pipes-stats",
               "pipes-check", "pipes-plan", "pipes-section", "pipes-dig", "", "pipes-trace",
               "pipes-burst",
               "pipes-hydraulics", "pipes-tunnels", "", "pipes-paper", "", "tool-trace",
               "tool-burst")),
    ("schemes", ("schemes-panel", "compare-schemes", "planning-report", "", "build-draw",
                 "build-raise", "build-move", "build-turn", "build-copy", "build-split", "",
                 "build-demolish", "build-clear", "",
                 "build-import")),
    ("drills", ("drills-panel", "", "drills-plan", "drills-add-step", "drills-step",
                "drills-symbols", "drills-problems", "", "drills-play", "drills-previous",
                "drills-next", "drills-captions", "drills-close-street", "drills-room", "",
                "drills-board", "drills-exercise",
                "drills-review", "drills-paper", "", "drills-archive", "drills-resources",
                "drills-live", "drills-crowd")),
    ("analyses", ()),
    ("tools", ("tool-select", "tool-polygon", "tool-pan", "tool-orbit", "tool-fly", "tool-walk",
               "tool-path", "", "tool-cut", "cut-turn", "cut-clear", "",
               "place-model", "control-lines", "line-reshape", "",
               "=language", "=theme",
               "", "settings")),
    ("help", ("shortcuts", "open-sample", "logs", "", "about")),
)  # fmt: skip

#: Menus in menus that always hold the same.
SUBMENUS: dict[str, tuple[str, ...]] = {
    "direction": ("view-top", "view-plan", "", "view-north", "view-east", "view-south",
                  "view-west", "", "parallel"),
    "side-by-side": ("panes-1", "panes-2", "panes-4", "", "panes-linked"),
}  # fmt: skip

#: Buttons in order, "" a line; of keys joined by "|" one button, with the others in its menu.
TOOLBAR: tuple[str, ...] = (
    "new", "open", "save", "import", "", "undo", "redo", "", "tool-select|tool-polygon",
    "tool-pan", "tool-orbit", "tool-fly", "tool-walk", "", "home", "zoom-selection", "go-to",
    "view-top|view-plan|view-north|view-east|view-south|view-west", "parallel", "",
    "underground|open-ground", "tool-cut|cut-turn|cut-clear", "isolate",
    "panes-1|panes-2|panes-4", "",
    "measure-distance|measure-point|measure-polyline|measure-area|measure-building|measure-angle"
    "|measure-profile|measure-cutfill", "", "view-save", "export-picture", "film",
)  # fmt: skip

THEMES: tuple[Literal["system", "light", "dark"], ...] = ("system", "light", "dark")


class Menus:
    """The menu bar of the window and the menus in it that change.

    Parameters
    ----------
    window : QMainWindow
        Gets the bar.
    desk : Desk
        What the window works with.
    open_recent : callable
        Opens a file of the recent ones.
    show_view : callable
        Goes to a named view.
    """

    def __init__(
        self,
        window: QMainWindow,
        desk: Desk,
        open_recent: Callable[[Path], object],
        show_view: Callable[[str], object],
    ) -> None:
        self._desk = desk
        self._open_recent, self._show_view = open_recent, show_view
        self._by_name: dict[str, QMenu] = {}
        bar = window.menuBar()
        bar.setObjectName("menu-bar")
        for title, rows in MENUS:
            self._fill(self._new(bar, title), rows)
        self._by_name["recent"].aboutToShow.connect(self._fill_recent)
        self._by_name["views"].aboutToShow.connect(self._fill_views)
        self._fill_language()
        self._fill_theme()
        self._fill_looks()
        self._fill_exaggeration()
        fill_menu(desk, self._by_name["analyses"])
        desk.settings_changed.connect(self._recent_changed)
        desk.project_edited.connect(self._views_changed)
        self._recent_changed()
        self._views_changed()

    def __getitem__(self, name: str) -> QMenu:
        return self._by_name[name]

    def _new(self, parent: QMenuBar | QMenu, name: str) -> QMenu:
        menu = QMenu(parent)
        menu.setObjectName(f"menu-{name}")
        menu.setToolTipsVisible(True)
        parent.addMenu(menu)
        self._desk.texts.bind(menu, "setTitle", f"menu-{name}")
        self._by_name[name] = menu
        return menu

    def _fill(self, menu: QMenu, rows: tuple[str, ...]) -> None:
        for row in rows:
            if not row:
                menu.addSeparator()
            elif row.startswith("="):
                self._fill(self._new(menu, row[1:]), SUBMENUS.get(row[1:], ()))
            else:
                menu.addAction(self._desk.actions[row])

    def _recent_changed(self) -> None:
        self._by_name["recent"].setEnabled(bool(self._desk.settings.recent_files))

    def _fill_recent(self) -> None:
        menu = self._by_name["recent"]
        menu.clear()
        for number, text in enumerate(self._desk.settings.recent_files, 1):
            path = Path(text)
            action = menu.addAction(f"&{number}  {path.name}" if number < 10 else path.name)
            action.setObjectName(f"recent-{number}")
            action.setToolTip(text)
            action.setEnabled(path.is_file())
            action.triggered.connect(_call(self._open_recent, path))
        menu.addSeparator()
        clear = menu.addAction(self._desk.texts.t("recent-clear"))
        clear.setObjectName("recent-clear")
        clear.triggered.connect(self._clear_recent)

    def _clear_recent(self) -> None:
        self._desk.settings.recent_files = []
        self._desk.keep_settings()

    def _views_changed(self) -> None:
        self._by_name["views"].setEnabled(bool(self._desk.project.views))

    def _fill_views(self) -> None:
        menu = self._by_name["views"]
        menu.clear()
        for number, view in enumerate(self._desk.project.views, 1):
            name = view.name.replace("&", "&&")
            action = menu.addAction(f"&{number}  {name}" if number < 10 else name)
            action.setObjectName(f"go-to-view-{number}")
            action.triggered.connect(_call(self._show_view, view.name))

    def _fill_language(self) -> None:
        menu, group = self._by_name["language"], QActionGroup(self._by_name["language"])
        self._desk.theme.set_icon(menu, "language")
        for locale in LOCALES:
            action = menu.addAction(OWN_NAMES[locale])
            action.setObjectName(f"language-{locale}")
            action.setCheckable(True)
            action.setChecked(self._desk.texts.locale == locale)
            group.addAction(action)
            action.triggered.connect(_call(self._desk.speak, locale))
        self._desk.texts.changed.connect(self._mark_language)

    def _mark_language(self) -> None:
        for action in self._by_name["language"].actions():
            action.setChecked(action.objectName() == f"language-{self._desk.texts.locale}")

    def _fill_theme(self) -> None:
        menu, group = self._by_name["theme"], QActionGroup(self._by_name["theme"])
        self._desk.theme.set_icon(menu, "theme")
        for mode in THEMES:
            action = QAction(menu)
            action.setObjectName(f"theme-{mode}")
            self._desk.texts.bind(action, "setText", f"theme-{mode}")
            action.setCheckable(True)
            menu.addAction(action)
            group.addAction(action)
            action.triggered.connect(_call(self._desk.dress, mode))
        self._desk.theme.changed.connect(self._mark_theme)
        self._mark_theme()

    def _fill_looks(self) -> None:
        menu, group = self._by_name["looks"], QActionGroup(self._by_name["looks"])
        for look in LOOKS:
            action = QAction(menu)
            action.setObjectName(f"look-{look}")
            self._desk.texts.bind(action, "setText", f"look-{look}")
            action.setCheckable(True)
            menu.addAction(action)
            group.addAction(action)
            action.triggered.connect(_call(self._desk.viewport.wear, look))
        menu.aboutToShow.connect(self._mark_look)

    def _mark_look(self) -> None:
        now = self._desk.viewport.look
        for action in self._by_name["looks"].actions():
            action.setChecked(action.objectName() == f"look-{now}")

    def _fill_exaggeration(self) -> None:
        menu, group = self._by_name["exaggeration"], QActionGroup(self._by_name["exaggeration"])
        for factor in EXAGGERATIONS:
            action = menu.addAction(f"× {factor:g}")
            action.setObjectName(f"exaggeration-{factor:g}")
            action.setCheckable(True)
            group.addAction(action)
            action.triggered.connect(_call(self._desk.viewport.stretch, factor))
        menu.aboutToShow.connect(self._mark_exaggeration)

    def _mark_exaggeration(self) -> None:
        now = self._desk.viewport.viewpoint.stretch
        for action in self._by_name["exaggeration"].actions():
            action.setChecked(action.objectName() == f"exaggeration-{now:g}")

    def _mark_theme(self) -> None:
        for action in self._by_name["theme"].actions():
            action.setChecked(action.objectName() == f"theme-{self._desk.theme.mode}")


def make_toolbar(window: QMainWindow, desk: Desk) -> QToolBar:
    """Make the toolbar with the things used most."""
    bar = QToolBar(window)
    bar.setObjectName("toolbar")
    bar.setMovable(False)
    bar.setIconSize(QSize(22, 22))
    bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
    desk.texts.bind(bar, "setWindowTitle", "toolbar-title")
    for row in TOOLBAR:
        if not row:
            bar.addSeparator()
            continue
        first, *more = (desk.actions[key] for key in row.split("|"))
        bar.addAction(first)
        if more:
            _gather(bar, first, more, desk)
    name_buttons(bar)
    window.addToolBar(bar)
    return bar


def _gather(bar: QToolBar, first: QAction, more: list[QAction], desk: Desk) -> None:
    """Put actions into the menu of a button; of tools the last one chosen is on the button."""
    button = bar.widgetForAction(first)
    assert isinstance(button, QToolButton)
    menu = QMenu(button)
    menu.setObjectName(f"toolbar-menu-{first.objectName().split('-', 1)[-1]}")
    desk.texts.bind(menu, "setAccessibleName", "toolbar-more")
    menu.addActions([first, *more])
    button.setMenu(menu)
    button.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)


def name_buttons(bar: QToolBar) -> None:
    """Name the buttons of a bar after their actions, and let the Tab key reach them."""
    for action in bar.actions():
        button = bar.widgetForAction(action)
        if isinstance(button, QToolButton):
            button.setObjectName(f"{bar.objectName()}-{action.objectName().split('-', 1)[-1]}")
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)


def _call(what: Callable[..., object], *values: object) -> Callable[[bool], None]:
    def call(_checked: bool = False) -> None:
        what(*values)

    return call
