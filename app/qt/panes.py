"""One, two or four pictures of the same project beside each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from numpy.typing import ArrayLike
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QSplitter, QVBoxLayout, QWidget

from app.qt.desk import Desk
from app.qt.pacing import give_back
from app.qt.pane import Pane
from layers.cut import Cut
from layers.edits import SetInfo
from layers.kinds.base import Extent, Layer
from layers.viewpoint import View, Viewpoint
from scene.stage import Stage
from scene.tools.events import Tool

COUNTS = (1, 2, 4)
SOON = 300  # milliseconds


class Panes(QWidget):
    """The pictures of the window. One of them is active: menus, keys and panels mean that one.

    Parameters
    ----------
    desk : Desk
        What the window works with.

    Signals
    -------
    pointed : (Hit or None,)
        What lies under the pointer.
    moved : (Viewpoint,)
        The eye of the active picture is elsewhere.
    menu_wanted : (QPoint on the screen, Hit or None)
        The right button was clicked.
    shown_changed
        The active picture shows other layers than before.
    rested
        An eye stands still, or another picture is the active one.
    """

    pointed = Signal(object)
    moved = Signal(object)
    menu_wanted = Signal(object, object)
    shown_changed = Signal()
    rested = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("viewport")
        self._desk = desk
        self._linked = True
        self._linking = False
        self._begun = False
        self._frames: list[QFrame] = []
        self._panes: list[Pane] = []
        self._columns = QSplitter(Qt.Orientation.Vertical)
        self._rows = [QSplitter(Qt.Orientation.Horizontal) for _ in range(2)]
        for row in self._rows:
            row.setChildrenCollapsible(False)
            self._columns.addWidget(row)
        self._columns.setChildrenCollapsible(False)
        self._rows[1].hide()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._columns)
        self._active = self._add()

    def begin(self) -> None:
        """Show the open project; called once the desk knows these pictures."""
        self._begun = True
        self._desk.lay_down_tool()
        self._active.begin()

    # Which pictures there are --------------------------------------------------------------------

    @property
    def panes(self) -> tuple[Pane, ...]:
        """All pictures, row by row."""
        return tuple(self._panes)

    @property
    def active(self) -> Pane:
        """The picture that is meant."""
        return self._active

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self._panes)

    @count.setter
    def count(self, count: int) -> None:
        """Show 1, 2 or 4; new ones look as the active one does."""
        assert count in COUNTS
        like, fewer = self._active, count < len(self._panes)
        self._rows[1].setVisible(count > 2)
        while len(self._panes) > count:
            pane, frame = self._panes.pop(), self._frames.pop()
            if pane is self._active:
                self._activate(self._panes[0])
                like = self._active
            pane.close_stage()
            frame.setParent(None)
            frame.deleteLater()
        if fewer:
            QTimer.singleShot(SOON, give_back)  # when Qt let them go: what they held is freed
        while len(self._panes) < count:
            pane = self._add()
            if self._begun:
                pane.begin()
                pane.look_like(like)
        for row in self._rows:
            row.setSizes([1000] * row.count())
        self._columns.setSizes([1000, 1000])
        self._mark()

    @property
    def linked(self) -> bool:
        """Whether all eyes move together."""
        return self._linked

    @linked.setter
    def linked(self, linked: bool) -> None:
        self._linked = linked
        if linked and self._begun:
            self._follow(self._active, self.viewpoint)

    def close_stage(self) -> None:
        """Free what the pictures hold, the last one first; called before the window goes."""
        for pane in reversed(self._panes):
            pane.close_stage()

    # What the active one does --------------------------------------------------------------------

    @property
    def ready(self) -> bool:
        """Whether the active picture has a stage to look at."""
        return self._active.ready

    @property
    def stage(self) -> Stage:
        """The stage of the active picture."""
        return self._active.stage

    @property
    def tool(self) -> Tool:
        """The tool in use in the active picture."""
        return self._active.tool

    def wake(self) -> None:
        """Start the graphics card while the picture is not to be seen yet."""
        self._panes[0].wake()

    @property
    def frames(self) -> int:
        """How many frames were drawn so far, in all pictures."""
        return sum(pane.frames for pane in self._panes)

    @property
    def busy(self) -> bool:
        """Whether another frame is going to be drawn by itself."""
        return any(pane.busy for pane in self._panes)

    @property
    def viewpoint(self) -> Viewpoint:
        """The eye of the active picture."""
        return self._active.viewpoint

    @viewpoint.setter
    def viewpoint(self, viewpoint: Viewpoint) -> None:
        self._active.viewpoint = viewpoint

    @property
    def moment(self) -> str:
        """The moment the sun is drawn for, "" where it is the project's own."""
        return self._active.moment

    def stretch(self, factor: float) -> None:
        """Draw heights in every pane so many times higher, now and in the project."""
        info = self._desk.project.info
        if factor != info.exaggeration:
            self._desk.run(SetInfo(replace(info, exaggeration=factor)))
        for pane in self.panes:
            pane.stage.exaggeration = factor

    @property
    def look(self) -> str:
        """Name of the look of the picture."""
        return self._active.stage.look

    def wear(self, look: str) -> None:
        """Give the project a look; every pane shows it, whatever its named view said."""
        info = self._desk.project.info
        if look != info.look:
            self._desk.run(SetInfo(replace(info, look=look)))
        for pane in self.panes:
            pane.stage.look = ""

    @property
    def steps(self) -> tuple[bool, bool]:
        """Whether there is a look to go back to, and one to go on to."""
        return self._active.steps

    @property
    def cut(self) -> Cut | None:
        """What is taken away in the active picture."""
        return self._active.stage.cutting.cut

    @cut.setter
    def cut(self, cut: Cut | None) -> None:
        self._active.stage.cutting.cut = cut
        if cut is not None:
            self._active.stage.exploding.spread = 0.0
        self.rested.emit()

    @property
    def explode(self) -> float:
        """Metres that the layers of the active picture are drawn apart."""
        return self._active.stage.exploding.spread

    @explode.setter
    def explode(self, metres: float) -> None:
        if metres:
            self._active.stage.cutting.cut = None
        self._active.stage.exploding.spread = metres
        self.rested.emit()

    @property
    def underground(self) -> float:
        """How much of the ground is seen through in the active picture, 0 to 1."""
        return self._active.stage.underground.share

    @underground.setter
    def underground(self, share: float) -> None:
        self._active.stage.underground.share = share
        self.rested.emit()

    @property
    def isolated(self) -> bool:
        """Whether some objects stand alone in the active picture."""
        return self._active.isolated

    def isolate(self, selection: Mapping[str, ArrayLike] | None) -> None:
        """Show these objects alone in the active picture; None shows all again."""
        self._active.isolate(selection)
        self.rested.emit()

    def hidden_layers(self) -> tuple[str, ...]:
        """Ids of the layers that are not to be seen now."""
        return self._active.hidden_layers()

    def shown(self, layer: Layer) -> bool:
        """Say whether a layer is to be seen now: its own switch, or that of the view shown."""
        return self._active.shown(layer)

    def set_shown(self, layer: Layer, shown: bool) -> bool:
        """Show or hide a layer; gives False where that failed."""
        return self._active.set_shown(layer, shown)

    def show_view(self, view: View) -> None:
        """Go to a named view."""
        self._active.show_view(view)

    def go_home(self) -> None:
        """Show the whole city with north at the top."""
        self._active.go_home()

    def fit(self, extent: Extent, top: float | None = None) -> None:
        """Show an extent (west, south, east, north, metres), up to a height, without turning."""
        self._active.fit(extent, top)

    def show_whole(self, extent: Extent) -> None:
        """Glide to where a whole extent is seen, unless it is seen well already."""
        self._active.gliding.show(extent)

    def look_towards(self, heading: float, pitch: float) -> None:
        """Turn around the middle of the picture to a heading and a pitch, radians."""
        self._active.look_towards(heading, pitch)

    def look_at(self, east: float, north: float) -> None:
        """Bring a place to the middle of the picture without turning."""
        self._active.look_at(east, north)

    def show_plan(self) -> None:
        """Look straight down without perspective, north up."""
        self._active.show_plan()

    def step(self, back: bool) -> None:
        """Go to the look before this one, or on again."""
        self._active.step(back)

    def zoom(self, factor: float) -> None:
        """Come nearer (factor above 1) or go away, towards the middle of the picture."""
        self._active.zoom(factor)

    def set_parallel(self, parallel: bool) -> None:
        """Draw without or with perspective."""
        self._active.set_parallel(parallel)

    def show_box(self, box: tuple[float, float, float, float] | None) -> None:
        """Draw the box of a selection, pixels of the picture; None for none."""
        self._active.show_box(box)

    def set_furniture(self, shown: bool) -> None:
        """Show or hide compass, scale bar and place in all pictures."""
        self._desk.settings.furniture = shown
        for pane in self._panes:
            pane.set_furniture(shown)

    def set_legend(self, shown: bool) -> None:
        """Show or hide the legend in all pictures."""
        self._desk.settings.legend = shown
        for pane in self._panes:
            pane.set_legend(shown)

    def set_corner_shade(self, shade: bool) -> None:
        """Shade corners in pictures at rest, or not."""
        self._desk.settings.corner_shade = shade
        for pane in self._panes:
            pane.set_corner_shade(shade)

    def set_overview(self, shown: bool) -> None:
        """Show or hide the overview map in all pictures."""
        self._desk.settings.overview = shown
        for pane in self._panes:
            pane.set_overview(shown)

    # Inside --------------------------------------------------------------------------------------

    def _add(self) -> Pane:
        pane = Pane(self._desk)
        pane.pointed.connect(self.pointed)
        pane.menu_wanted.connect(self.menu_wanted)
        pane.touched.connect(lambda: self._activate(pane))
        pane.moved.connect(lambda viewpoint: self._moved(pane, viewpoint))
        pane.shown_changed.connect(self.shown_changed)
        pane.rested.connect(self.rested)
        frame = QFrame()
        frame.setObjectName(f"pane-{len(self._panes) + 1}")
        frame.setProperty("role", "pane")
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(pane)
        self._rows[len(self._panes) // 2].addWidget(frame)
        self._panes.append(pane)
        self._frames.append(frame)
        return pane

    def _activate(self, pane: Pane) -> None:
        if pane is self._active or pane not in self._panes:
            return
        self._active = pane
        self.setFocusProxy(pane)
        self._mark()
        self.moved.emit(pane.viewpoint)
        self.shown_changed.emit()
        self.rested.emit()

    def _mark(self) -> None:
        """Frame the active picture where there are several."""
        many = len(self._panes) > 1
        for pane, frame in zip(self._panes, self._frames, strict=True):
            layout = frame.layout()
            assert layout is not None
            edge = 2 if many else 0
            layout.setContentsMargins(edge, edge, edge, edge)
            frame.setProperty("active", "yes" if many and pane is self._active else "no")
            frame.style().unpolish(frame)
            frame.style().polish(frame)

    def _moved(self, pane: Pane, viewpoint: Viewpoint) -> None:
        if self._linking:
            return
        if pane is self._active:
            self.moved.emit(viewpoint)
        if self._linked and pane is self._active:
            self._follow(pane, viewpoint)

    def _follow(self, leader: Pane, viewpoint: Viewpoint) -> None:
        with self._quiet():
            for pane in self._panes:
                if pane is not leader and pane.ready:
                    pane.viewpoint = viewpoint

    @contextmanager
    def _quiet(self) -> Iterator[None]:
        self._linking = True
        try:
            yield
        finally:
            self._linking = False
