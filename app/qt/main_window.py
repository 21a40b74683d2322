"""The main window: the picture in the middle, menus above, panels around, status below."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import cast

from PySide6.QtCore import QByteArray, QPoint, QSize, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDesktopServices,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
)
from PySide6.QtWidgets import QMainWindow, QMenu, QSizePolicy, QStackedWidget

from app.qt.actions import ROWS, TOOLS
from app.qt.compare_window import CompareWindow
from app.qt.desk import Desk
from app.qt.dialogs.about import AboutDialog
from app.qt.dialogs.control_line import ControlLineDialog
from app.qt.dialogs.export_city import ExportCity
from app.qt.dialogs.export_picture import ExportPicture
from app.qt.dialogs.import_report import LayerReportDialog
from app.qt.dialogs.planning_report import PlanningReportDialog
from app.qt.dialogs.project_settings import ProjectSettings
from app.qt.dialogs.settings import SettingsDialog
from app.qt.dialogs.shortcuts import ShortcutsDialog
from app.qt.docks import Docks
from app.qt.documents import Documents
from app.qt.menus import Menus, make_toolbar
from app.qt.moving import Moving
from app.qt.notices import NoticeBar
from app.qt.opening import Opening
from app.qt.panels.drills import DrillsPanel
from app.qt.panels.drills_archive import ArchivePanel
from app.qt.panels.pipes import PAGES, PipesPanel
from app.qt.panels.views import ViewsPanel
from app.qt.panes import Panes
from app.qt.status import StatusLine
from app.qt.tool_hint import ToolHint
from app.qt.tools import TOOL_FOR
from app.qt.undo_memory import UndoMemory
from app.qt.welcome import Welcome
from app.settings import state_folder
from layers.edits import RemoveLayer
from layers.files.report import LayerReport
from layers.kinds.base import Features
from layers.reach import reach_of
from scene.rays import Hit

LAYER_ACTIONS = (
    "layer-rename", "layer-show", "layer-only", "layer-zoom", "layer-up", "layer-down",
    "layer-report", "layer-remove",
)  # fmt: skip
NEEDS_LAYERS = (
    "export-picture", "export-city", "copy-picture", "select-all", "home", "zoom-selection",
    "view-save", "copy-coordinates",
)  # fmt: skip
NEEDS_PROJECT = (
    "save", "save-as", "project-settings", "close-project", "zoom-in", "zoom-out", "view-top",
    "view-plan", "view-north", "view-east", "view-south", "view-west", "parallel", "furniture",
    "legend", "overview", "panes-1", "panes-2", "panes-4", "go-to", "underground",
    "open-ground",
    "isolate", "film", *TOOLS,
)  # fmt: skip
PLACE_MENU = (
    "copy-coordinates", "zoom-selection", "select-none", "", "layer-zoom", "layer-show",
    "layer-only", "", "view-save", "copy-picture", "export-picture",
)  # fmt: skip
LEVEL = math.radians(-18)  # pitch of the views from the four sides
STATE_VERSION = 1
FRAME = QSize(16, 40)  # what a window's own title and borders take at most, pixels


class MainWindow(QMainWindow):
    """The window of Citystage.

    Parameters
    ----------
    desk : Desk
        What the window works with.

    Signals
    -------
    closed
        The window is gone; nothing of it is used any more.
    """

    closed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("main-window")
        self.desk = desk
        self.setAcceptDrops(True)
        self.setMinimumSize(900, 600)
        self._leaving = False
        self._hit: Hit | None = None
        self.viewport = Panes(desk)
        desk.viewport = self.viewport
        ToolHint(desk, self.viewport)
        self.viewport.begin()
        self.documents = Documents(desk, self)
        self._welcome = Welcome(desk, self.documents.open)
        self._pages = QStackedWidget()
        self._pages.setObjectName("pages")
        self._pages.addWidget(self._welcome)
        self._pages.addWidget(self.viewport)
        self.setCentralWidget(self._pages)
        self._notice = NoticeBar(desk, self._pages)
        self.addActions([desk.actions[row.key] for row in ROWS if row.key not in
                         {"layer-rename", "layer-remove"}])  # fmt: skip
        self._menus = Menus(self, desk, self.documents.open, self.show_view)
        self._toolbar = make_toolbar(self, desk)
        self.docks = Docks(self, desk, self._menus["panels"])
        self._status = StatusLine(desk)
        self.setStatusBar(self._status)
        self._connect()
        self.moving = Moving(desk, self, self.docks)
        self.opening = Opening(desk)
        self.undo_memory = UndoMemory(desk, self.viewport)
        self._restore()
        self._update()

    def _connect_schemes(self) -> None:
        desk = self.desk
        desk.actions.connect(
            {
                "schemes-panel": lambda: self.docks.show("schemes"),
                "build-import": self.documents.import_into_scheme,
                "compare-schemes": lambda: CompareWindow(desk, self).show(),
                "planning-report": lambda: PlanningReportDialog(desk, self).open(),
            }
        )

    def _connect_drills(self) -> None:
        """Connect what the menu of drills can do."""
        docks, drills = self.docks, cast(DrillsPanel, self.docks.panel("drills"))
        does = {
            f"drills-{key}": _after(lambda: docks.show("drills"), verb)
            for key, verb in drills.verbs().items()
        }
        for key in ("live", "resources", "crowd", "archive"):
            does[f"drills-{key}"] = partial(docks.show, key)
        self.desk.actions.connect(does)
        archive = cast(ArchivePanel, docks.panel("archive"))
        archive.opened.connect(drills.drilling.choose)
        archive.opened.connect(lambda _number: docks.show("drills"))

    def _connect(self) -> None:
        desk, documents = self.desk, self.documents
        view = self.viewport
        desk.actions.connect(
            {
                "new": documents.new,
                "open": documents.open_dialog,
                "open-sample": documents.open_sample,
                "save": documents.save,
                "save-as": documents.save_as,
                "import": documents.import_dialog,
                "import-folder": documents.import_folder,
                "import-model": documents.import_model,
                "models-on-points": documents.place_on_points,
                "import-pipes": documents.import_pipes,
                "close-project": documents.close,
                "quit": self.close,
                "undo": lambda: desk.attempt(desk.session.undo),
                "redo": lambda: desk.attempt(desk.session.redo),
                "select-all": self._select_all,
                "select-none": lambda: desk.session.select({}),
                "copy-coordinates": self._copy_coordinates,
                "home": view.go_home,
                "zoom-in": lambda: view.zoom(1.3),
                "zoom-out": lambda: view.zoom(1 / 1.3),
                "zoom-selection": self._zoom_to_selection,
                "view-top": lambda: view.look_towards(0.0, -math.pi / 2),
                "view-north": lambda: view.look_towards(0.0, LEVEL),
                "view-east": lambda: view.look_towards(math.pi / 2, LEVEL),
                "view-south": lambda: view.look_towards(math.pi, LEVEL),
                "view-west": lambda: view.look_towards(-math.pi / 2, LEVEL),
                "view-save": self._save_view,
                "layer-zoom": self._zoom_to_layer,
                "layer-remove": self._remove_layer,
                "layer-report": self._show_report,
                "project-settings": lambda: ProjectSettings(desk, self).open(),
                "settings": lambda: SettingsDialog(desk, self).open(),
                "shortcuts": lambda: ShortcutsDialog(desk, self).open(),
                "about": lambda: AboutDialog(desk, self).open(),
                "export-picture": lambda: ExportPicture(desk, self).open(),
                "export-city": lambda: ExportCity(desk, self).open(),
                "copy-picture": self._copy_picture,
                "logs": self._open_logs,
                "control-lines": lambda: ControlLineDialog(desk, self).show(),
            }
        )
        self._connect_schemes()
        desk.actions.connect({f"pipes-{row.key}": self._page_opener(row.key) for row in PAGES})
        self._connect_drills()
        desk.actions["parallel"].toggled.connect(view.set_parallel)
        desk.actions["furniture"].setChecked(desk.settings.furniture)
        desk.actions["legend"].setChecked(desk.settings.legend)
        desk.actions["furniture"].toggled.connect(view.set_furniture)
        desk.actions["legend"].toggled.connect(view.set_legend)
        desk.actions["corner-shade"].setChecked(desk.settings.corner_shade)
        desk.actions["corner-shade"].toggled.connect(view.set_corner_shade)
        desk.actions["fullscreen"].toggled.connect(self._set_fullscreen)
        for key in TOOLS:
            desk.actions[key].triggered.connect(self._tool_setter(key))
        desk.tool_changed.connect(self._mark_tool)
        self._mark_tool()
        view.pointed.connect(self._pointed)
        view.moved.connect(self._eye_moved)
        view.shown_changed.connect(self._update)
        view.menu_wanted.connect(self._open_place_menu)
        self._notice.details_wanted.connect(lambda: self.docks.show("messages"))
        desk.selection_changed.connect(self._choose_selected)
        for signal in (desk.project_edited, desk.selection_changed, desk.layer_chosen,
                       desk.texts.changed, documents.started_changed):  # fmt: skip
            signal.connect(self._update)

    def _mark_tool(self) -> None:
        if self.desk.session.tool in TOOLS:
            self.desk.actions[self.desk.session.tool].setChecked(True)

    def _tool_setter(self, key: str) -> Callable[[], None]:
        def choose() -> None:
            self.desk.session.tool = key

        return choose

    def _page_opener(self, key: str) -> Callable[[], None]:
        def open_page() -> None:
            self.docks.show("pipes")
            cast(PipesPanel, self.docks.panel("pipes")).page(key)

        return open_page

    # What is shown ---------------------------------------------------------------------------

    def _update(self) -> None:
        desk = self.desk
        project, history, actions = desk.project, desk.session.history, desk.actions
        started = self.documents.started
        self._pages.setCurrentIndex(1 if started else 0)
        policy = QSizePolicy.Policy.Ignored if started else QSizePolicy.Policy.Preferred
        self._welcome.setSizePolicy(policy, policy)  # unseen it keeps no panel from growing
        layer = desk.layer
        actions.enable(started, *NEEDS_PROJECT)
        actions.enable(False, *(key for key in TOOLS if key not in TOOL_FOR))
        actions.enable(bool(project.layers), *NEEDS_LAYERS)
        actions.enable(layer is not None, *LAYER_ACTIONS)
        actions["layer-show"].setChecked(layer is not None and self.viewport.shown(layer))
        if layer is not None:
            at = project.layers.index(layer)
            actions["layer-up"].setEnabled(at < len(project.layers) - 1)
            actions["layer-down"].setEnabled(at > 0)
            actions["layer-report"].setEnabled(bool(layer.source.report))
        actions["select-none"].setEnabled(bool(desk.session.selection))
        self._label_step("undo", history.undo_label is not None)
        self._label_step("redo", history.redo_label is not None)
        for row in ROWS:
            actions.tip(row.key, desk.texts)
        self._title()

    def _choose_selected(self) -> None:
        """Let the layer of what was just selected be the chosen one."""
        selection = self.desk.session.selection
        if len(selection) == 1:
            self.desk.choose_layer(next(iter(selection)))

    def _label_step(self, key: str, possible: bool) -> None:
        texts, history = self.desk.texts, self.desk.session.history
        label = history.undo_label if key == "undo" else history.redo_label
        text = texts.t(f"action-{key}")
        if label is not None:
            text = texts.t(f"action-{key}-step", step=texts.wording.label(label))
        self.desk.actions[key].setText(text)
        self.desk.actions[key].setEnabled(possible)

    def _title(self) -> None:
        desk = self.desk
        path, title = desk.session.path, desk.project.info.title
        if not self.documents.started:
            self.setWindowTitle("Citystage")
            self.setWindowModified(False)
            return
        name = path.name if path is not None else desk.texts.t("window-untitled")
        shown = f"{title} ({name})" if title else name
        self.setWindowTitle(f"{shown}[*] - Citystage")
        self.setWindowModified(desk.session.unsaved)

    def _pointed(self, hit: Hit | None) -> None:
        self._hit = hit
        self._status.show_hit(hit)

    def _eye_moved(self) -> None:
        parallel = self.viewport.viewpoint.projection == "parallel"
        action = self.desk.actions["parallel"]
        if action.isChecked() != parallel:
            action.blockSignals(True)
            action.setChecked(parallel)
            action.blockSignals(False)

    def _open_place_menu(self, at: QPoint, hit: Hit | None) -> None:
        """Open the menu of a place in the picture."""
        self._hit = hit
        desk = self.desk
        if hit is not None and hit.object_id:
            desk.choose_layer(hit.layer_id)
            chosen = desk.session.selection.get(hit.layer_id)
            if chosen is None or hit.object_id not in chosen:
                desk.session.select({hit.layer_id: [hit.object_id]})
        menu = QMenu(self)
        menu.setObjectName("place-menu")
        for key in PLACE_MENU:
            if key:
                menu.addAction(desk.actions[key])
            else:
                menu.addSeparator()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(at)

    def _set_fullscreen(self, full: bool) -> None:
        if full:
            self.showFullScreen()
        else:
            self.showNormal()

    # Doing -----------------------------------------------------------------------------------

    def show_view(self, name: str) -> None:
        """Go to a named view."""
        self.desk.attempt(lambda: self.viewport.show_view(self.desk.project.view(name)))

    def _save_view(self) -> None:
        self.docks.show("views")
        cast(ViewsPanel, self.docks.panel("views")).save_current()

    def _zoom_to_layer(self) -> None:
        layer = self.desk.layer
        extent = layer.data.extent() if layer is not None else None
        if extent is not None:
            self.viewport.fit(extent)

    def _zoom_to_selection(self) -> None:
        reach = reach_of(self.desk.project, self.desk.session.selection)
        if reach is None:
            self._zoom_to_layer()
        else:
            self.viewport.fit(*reach)

    def _select_all(self) -> None:
        layer = self.desk.layer
        chosen = [layer] if layer is not None else self.desk.project.layers
        self.desk.session.select(
            {x.id: x.data.ids for x in chosen if isinstance(x.data, Features) and x.visible}
        )

    def _copy_coordinates(self) -> None:
        if self._hit is None:
            self.desk.tell("info", "coordinates-none")
            return
        text = ", ".join(f"{value:.3f}" for value in self._hit.point)
        QGuiApplication.clipboard().setText(text)
        self.desk.tell("success", "coordinates-copied", text=text)

    def _copy_picture(self) -> None:
        QGuiApplication.clipboard().setPixmap(self.viewport.grab())
        self.desk.tell("success", "picture-copied")

    def _remove_layer(self) -> None:
        layer = self.desk.layer
        if layer is not None:
            self.desk.run(RemoveLayer(layer.id))

    def _show_report(self) -> None:
        layer = self.desk.layer
        if layer is not None and layer.source.report:
            report = LayerReport.from_json(layer.source.report)
            LayerReportDialog(self.desk, report, self).open()

    def _open_logs(self) -> None:
        folder = state_folder()
        folder.mkdir(parents=True, exist_ok=True)
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    # Files dropped, leaving ------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Take files."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's name
        """Open a project, import anything else."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        event.acceptProposedAction()
        self.documents.take(paths)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Ask for unsaved changes, then let everything go."""
        if not self._leaving and self.desk.session.unsaved:
            event.ignore()
            self.documents.leave(self._leave)
            return
        self.keep_state()
        self.desk.jobs.cancel_all()
        self.desk.jobs.wait()
        self.viewport.close_stage()
        self.desk.session.close()
        event.accept()
        self.closed.emit()

    def _leave(self) -> None:
        self._leaving = True
        self.close()

    def keep_state(self) -> None:
        """Remember size, place and panels for the next start."""
        if self.isFullScreen():
            self.showNormal()
        window = self.desk.settings.window
        window["geometry"] = bytes(self.saveGeometry().toBase64().data()).decode()
        window["state"] = bytes(self.saveState(STATE_VERSION).toBase64().data()).decode()
        self.desk.keep_settings()

    def _restore(self) -> None:
        window = self.desk.settings.window
        self.resize(QSize(1440, 900).boundedTo(self.screen().availableSize() - FRAME))
        if "geometry" in window:
            self.restoreGeometry(QByteArray.fromBase64(window["geometry"].encode()))
        if "state" in window:
            self.restoreState(QByteArray.fromBase64(window["state"].encode()), STATE_VERSION)
        else:
            QTimer.singleShot(0, self.docks.size)


def _after(first: Callable[[], object], then: Callable[[], object]) -> Callable[[], None]:
    """Give what does one thing after another."""

    def both() -> None:
        first()
        then()

    return both
