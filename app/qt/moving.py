"""What moves in the window: steps of the view, panes, going to places, flights, films."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QMainWindow

from app.places import Place
from app.qt.desk import Desk
from app.qt.dialogs.export_film import ExportFilm
from app.qt.dialogs.go_to import GoTo
from app.qt.docks import Docks
from app.qt.panels.tours import ToursPanel
from app.qt.panes import COUNTS
from app.qt.player import Player
from layers.camera_path import CameraPath
from layers.kinds.base import Extent
from layers.reach import reach_of
from layers.tours import Story
from layers.viewpoint import Viewpoint
from scene.underground import USUAL

LEAST = 60.0  # metres around a place that are shown
NEAR, STEEP = 400.0, math.radians(-35.0)  # metres from the eye to coordinates, and its pitch


class Moving(QObject):
    """Connects the actions that move the eye.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    window : QMainWindow
        Owner of the dialogs.
    docks : Docks
        Where the panel of paths and stories is.
    """

    def __init__(self, desk: Desk, window: QMainWindow, docks: Docks) -> None:
        super().__init__(window)
        self._desk, self._window = desk, window
        self._docks, self._share = docks, USUAL
        view = desk.viewport
        desk.actions.connect(
            {
                "view-back": lambda: view.step(back=True),
                "view-forward": lambda: view.step(back=False),
                "view-plan": view.show_plan,
                "go-to": self.ask_place,
                "film": self._film_chosen,
                "underground": self._see_underground,
                "isolate": self._isolate,
                "cut-turn": self._turn_cut,
                "cut-clear": lambda: setattr(view, "cut", None),
                **{f"panes-{count}": self._pane_setter(count) for count in COUNTS},
            }
        )
        desk.actions["overview"].setChecked(desk.settings.overview)
        desk.actions["overview"].toggled.connect(view.set_overview)
        desk.actions["panes-linked"].setChecked(view.linked)
        desk.actions["panes-linked"].toggled.connect(self._link)
        desk.actions["panes-1"].setChecked(True)
        view.rested.connect(self._update)
        view.shown_changed.connect(self._update)
        desk.selection_changed.connect(self._update)
        desk.project_edited.connect(self._update)
        self.player = Player(desk, window)
        panel = docks.panel("tours")
        assert isinstance(panel, ToursPanel)
        panel.play, panel.film = self.play, self.film
        self._update()

    def play(self, what: CameraPath | Story) -> None:
        """Play a path in the picture, or a story full screen."""
        if self.player.playing:
            self.player.stop()
        if isinstance(what, CameraPath):
            self.player.play_path(what)
        else:
            self.player.play_story(what)

    def film(self, what: CameraPath | Story) -> None:
        """Ask for the film of a path or a story, and draw it."""
        ExportFilm(self._desk, what, self._window).open()

    def _film_chosen(self) -> None:
        """Film the path or story that is chosen in the panel, else the first one."""
        self._docks.show("tours")
        panel = self._docks.panel("tours")
        assert isinstance(panel, ToursPanel)
        tours = self._desk.project.tours
        every: list[CameraPath | Story] = [*tours.paths, *tours.stories]
        what = panel.chosen() or next(iter(every), None)
        if what is None:
            self._desk.tell("info", "film-none")
        else:
            self.film(what)

    def ask_place(self) -> None:
        """Ask where to go."""
        GoTo(self._desk, self._window, self.go_to).open()

    def go_to(self, place: Place) -> None:
        """Show a place that was found; objects are selected."""
        desk = self._desk
        if place.kind == "view":
            desk.attempt(lambda: desk.viewport.show_view(desk.project.view(place.title)))
            return
        if place.layer_id:
            chosen = {place.layer_id: np.array(place.object_ids)}
            desk.session.select(chosen)
            reach = reach_of(desk.project, chosen)
            if reach is not None:
                desk.viewport.fit(widened(reach[0]), reach[1])
        elif place.kind == "coordinates" and place.extent is not None:
            west, south, east, north = place.extent
            self._point_out((west + east) / 2.0, (south + north) / 2.0, place.title)
        elif place.extent is not None:
            desk.viewport.fit(widened(place.extent))

    def _point_out(self, east: float, north: float, title: str) -> None:
        """Bring a place to the middle and mark it until somebody does something there."""
        pane = self._desk.viewport.active
        ground = float(self._desk.project.ground_at([(east, north)])[0])
        now = pane.viewpoint
        pane.viewpoint = Viewpoint.looking_at(
            (east, north, ground), NEAR, now.heading, min(now.pitch, STEEP), fov=now.fov,
            projection=now.projection, exaggeration=now.exaggeration,
        )  # fmt: skip
        pane.stage.sketch([np.array([(east, north, ground)])], [((east, north, ground), title)])

        def forget() -> None:
            if pane.ready:
                pane.stage.sketch()

        pane.touched.connect(forget, Qt.ConnectionType.SingleShotConnection)

    def _pane_setter(self, count: int) -> Callable[[], None]:
        def choose() -> None:
            self._desk.viewport.count = count
            self._desk.actions[f"panes-{count}"].setChecked(True)
            self._update()

        return choose

    def _turn_cut(self) -> None:
        """Keep what was taken away, and take away what was kept."""
        cut = self._desk.viewport.cut
        if cut is not None:
            inside = cut.keep == "outside"
            self._desk.viewport.cut = replace(cut, keep="inside" if inside else "outside")

    def _see_underground(self) -> None:
        """Let the ground be seen through as much as last time, or make it solid."""
        view = self._desk.viewport
        if view.underground > 0.0:
            self._share = view.underground
            view.underground = 0.0
        else:
            view.underground = self._share

    def _isolate(self) -> None:
        """Show the selected objects alone, or everything again."""
        desk = self._desk
        if desk.viewport.isolated:
            desk.viewport.isolate(None)
        elif desk.session.selection:
            desk.viewport.isolate(desk.session.selection)
        else:
            desk.tell("info", "isolate-none")
        self._update()

    def _link(self, linked: bool) -> None:
        self._desk.viewport.linked = linked

    def _update(self) -> None:
        back, forward = self._desk.viewport.steps
        self._desk.actions.enable(back, "view-back")
        self._desk.actions.enable(forward, "view-forward")
        self._desk.actions.enable(self._desk.viewport.count > 1, "panes-linked")
        cut = self._desk.viewport.cut is not None
        self._desk.actions.enable(cut, "cut-turn", "cut-clear")
        self._desk.actions["underground"].setChecked(self._desk.viewport.underground > 0.0)
        self._desk.actions["isolate"].setChecked(self._desk.viewport.isolated)


def widened(extent: Extent) -> Extent:
    """Give an extent with enough of its surroundings to see where it is, metres."""
    west, south, east, north = extent
    room = max(0.6 * max(east - west, north - south), LEAST)
    return west - room, south - room, east + room, north + room
