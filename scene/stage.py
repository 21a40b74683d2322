"""The stage: one project drawn into one VTK window, on screen or off."""

from __future__ import annotations

import math
import weakref
from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pyvista as pv
from psygnal import Signal

from layers.kinds.base import Extent, Layer
from layers.looks import USUAL, checked
from layers.project import Project
from layers.shapes import Floats, Ints
from layers.viewpoint import View, Viewpoint
from scene import camera, frames, light
from scene.cutting import Cutting
from scene.detail import Detail
from scene.exploding import Exploding
from scene.ground import Ground
from scene.leftovers import Leftovers
from scene.live_marks import LiveMarks
from scene.looks import look_of
from scene.occlusion import Occlusion
from scene.pointed import Pointed
from scene.shadows import Shadows
from scene.sketch import Sketch
from scene.surroundings import Surroundings
from scene.underground import Underground
from scene.views import VIEW_FOR
from scene.views.base import Bounds, LayerView, StageContext

LOW = 50.0  # metres over the ground up to which the eye stays as heights are exaggerated


class Stage(Pointed):
    """Draws a project and follows it; owns the views, the camera and the light.

    The stage never renders. It emits `needs_frame` whenever the picture is out of date; whoever
    owns the window renders then, as often as fits.

    Parameters
    ----------
    project : Project
        What is drawn.
    plotter : pyvista.BasePlotter
        Where. Its lights, cullers and interactor style are taken away.
    patient : bool
        Whether the views of layers wait until `build` is called, so that a window can do
        other things in between; who asks for what lies under a pixel does not wait. Tiles come
        then one by one as threads make them (`advance`); else a frame waits for all it shows.
    detail : Detail or None
        How much is drawn, and how finely; None is right for two cores without a graphics card.

    Signals
    -------
    needs_frame
        The picture is out of date.
    changed_viewpoint : (Viewpoint,)
        The eye moved.
    warned : (text key,)
        Something works in a plainer way; told once per key.
    """

    needs_frame = Signal()
    changed_viewpoint = Signal(Viewpoint)
    warned = Signal(str)

    def __init__(
        self, project: Project, plotter: pv.BasePlotter, *, patient: bool = False,
        detail: Detail | None = None,
    ) -> None:  # fmt: skip
        self.project, self.plotter = project, plotter
        self.ground = Ground(project)
        self.closed = False
        self._patient = patient
        self._waiting: list[Layer] = []
        self._views: dict[str, LayerView] = {}
        self._switches: dict[str, bool] = {}  # what the named view shown last says of layers
        self._visible: dict[str, bool] = {}  # what the layers said when that was last looked at
        self._selection: dict[str, Ints] = {}
        self._hovered: tuple[str, int] | None = None
        self._warned: set[str] = set()
        self._moment: str | None = None
        self._look = ""
        self._viewpoint = Viewpoint(0.0, 0.0, 1000.0)
        self._usual_stretch = project.info.exaggeration
        self._placed = False
        self._ground_seen = (self.ground.terrain, self.ground.level)
        self.context = StageContext(
            plotter=plotter,
            project=project,
            origin=self._find_origin(),
            ground=self.ground,
            request_frame=self._request_frame,
            shown=self.shown,
            warn=self._warn,
            patient=patient,
            detail=detail or Detail(),
        )
        frames.take_over(plotter)
        self._occlusion = Occlusion(self.context.renderer)
        self._leftovers = Leftovers(plotter.render_window)
        self.surroundings = Surroundings(self.context)
        self.sketch_view = Sketch(self.context)
        self.live = LiveMarks(self.context)
        self.cutting = Cutting(self.context)
        self.underground = Underground(self.context)
        self.shadows = Shadows(self.context)
        self.exploding = Exploding(self.context, self._make_anew)
        for layer in project.layers:
            self._add(layer)
        self._listen()
        self.needs_frame.connect(self._outdate)
        self._order()
        self._light()
        self.viewpoint = self.fit()
        self._placed = project.extent(visible_only=False) is not None
        self._observers = frames.observe(
            plotter, weakref.WeakMethod(self._prepare), weakref.WeakMethod(self._drawn)
        )

    # --- what it looks like from outside -------------------------------------------------

    @property
    def viewpoint(self) -> Viewpoint:
        """The eye."""
        return self._viewpoint

    @viewpoint.setter
    def viewpoint(self, viewpoint: Viewpoint) -> None:
        usual = self.project.info.exaggeration
        if not viewpoint.exaggeration and usual != 1.0:
            viewpoint = self._stretched(viewpoint, usual)
        self._viewpoint = viewpoint
        self.context.materials.show_stretch(viewpoint.stretch)
        camera.apply(viewpoint, self.context.renderer.GetActiveCamera(), self.context.origin)
        self.changed_viewpoint.emit(viewpoint)
        self.needs_frame.emit()

    @property
    def exaggeration(self) -> float:
        """How many times higher everything is drawn than it is; 0.5 to 10."""
        return self._viewpoint.stretch

    @exaggeration.setter
    def exaggeration(self, factor: float) -> None:
        if factor != self._viewpoint.stretch:
            self.viewpoint = self._stretched(self._viewpoint, factor)

    def _stretched(self, v: Viewpoint, factor: float) -> Viewpoint:
        """Draw heights higher; the ground in the middle stays there, a low eye where it is."""
        over = v.height - float(self.ground.height_at([(v.east, v.north)])[0])
        met = self.ground.meet(camera.pixel_ray(v, 1.0, 1.0, (2, 2))) if over > LOW else None
        return camera.stretched(v, factor, None if met is None else met[0])

    @property
    def moment(self) -> str:
        """ISO 8601 local time the sun is drawn for; set "" to follow the project again."""
        return self._moment or self.project.info.moment

    @moment.setter
    def moment(self, moment: str) -> None:
        self._moment = moment or None
        self._light()

    @property
    def look(self) -> str:
        """Name of the look of the picture; set "" to follow the project again."""
        return self._look or self.project.info.look or USUAL

    @look.setter
    def look(self, look: str) -> None:
        self._look = checked(look)
        self._light()

    @property
    def own_look(self) -> str:
        """Name of the look, "" where it is the project's."""
        return self._look

    @property
    def smooth(self) -> bool:
        """Whether edges are smoothed: on for a picture that stands still, off while it moves."""
        return bool(self.context.renderer.GetUseFXAA())

    @smooth.setter
    def smooth(self, smooth: bool) -> None:
        if smooth != self.smooth:
            self.context.renderer.SetUseFXAA(smooth)
            self.needs_frame.emit()

    @property
    def views(self) -> Mapping[str, LayerView]:
        """The views by layer id; read only."""
        return MappingProxyType(self._views)

    @property
    def selection(self) -> Mapping[str, Ints]:
        """Ids of the selected objects by layer id; read only."""
        return MappingProxyType(self._selection)

    def shown(self, layer: Layer) -> bool:
        """Say whether a layer is to be seen now."""
        return self._switches.get(layer.id, layer.visible)

    def bounds(self) -> Bounds | None:
        """Give the box around everything shown, project metres; None where nothing is."""
        views = [view for view in self._views.values() if self.shown(view.layer)]
        waiting = [layer for layer in self._waiting if self.shown(layer)]
        return frames.bounds_of(views, waiting, self.ground.level, self.exploding.highest)

    # --- the eye --------------------------------------------------------------------------

    def fit(
        self,
        extent: Extent | None = None,
        *,
        top: float | None = None,
        heading: float | None = None,
        pitch: float | None = None,
    ) -> Viewpoint:
        """Give the viewpoint that shows an extent, or everything there is; does not go there.

        Parameters
        ----------
        extent : (west, south, east, north) or None
            Metres; None takes all layers that are shown.
        top : float or None
            Up to which height above datum, metres; None guesses from the extent.
        heading, pitch : float or None
            Radians; None keeps the heading (north at first) and looks down 40 degrees.
        """
        box = self.bounds()
        ground, highest = self.ground.level, self.ground.level
        if box is not None:
            ground, highest = box[4], box[5]
            main = self.project.extent(main=True)
            if extent is None and main != self.project.extent():
                extent = main  # a slip of the file shall not make everything else a dot
            extent = extent or (box[0], box[2], box[1], box[3])
        if extent is None:
            extent = (-500.0, -500.0, 500.0, 500.0)
            if self.project.frame is not None:
                east, north = self.project.frame.origin
                extent = (east - 500.0, north - 500.0, east + 500.0, north + 500.0)
        else:
            middle = [[(extent[0] + extent[2]) / 2, (extent[1] + extent[3]) / 2]]
            ground = float(self.ground.height_at(middle)[0])
            room = max(extent[2] - extent[0], extent[3] - extent[1], 20.0)
            highest = min(highest, ground + room) if top is None else top
        v = replace(
            self._viewpoint,
            heading=self._viewpoint.heading if heading is None else heading,
            pitch=math.radians(-40.0) if pitch is None else pitch,
        )
        west, south, east, north = extent
        heights = [ground, max(highest, ground)]
        corners = np.array(np.meshgrid([west, east], [south, north], heights))
        return camera.framed(v, corners.reshape(3, 8).T, self.size)

    def show_view(self, view: View) -> None:
        """Go to a named view: its eye, its layers, its moment, its cut."""
        self._switches = {}
        if view.hidden is not None:
            self._switches = {i: i not in view.hidden for i in self._visible}
        self._look = view.look
        self.moment = view.moment
        self.cutting.cut = view.cut
        self.underground.share = view.underground
        self.exploding.spread = 0.0 if view.cut is not None else view.explode
        self._restyle(self._views.values())
        self.viewpoint = view.camera

    def show_only(self, switches: Mapping[str, bool] | None) -> None:
        """Switch layers on and off in this picture alone; None follows the layers again."""
        self._switches = dict(switches or {})
        self._restyle(self._views.values())

    def close(self) -> None:
        """Free the views and everything they hold on the graphics card."""
        if self.closed:
            return
        self.closed = True
        frames.stop(self.plotter, self._observers)
        self._listen(on=False)
        for layer in self.project.layers:
            self._drop(layer)
        self._occlusion.close()
        self._leftovers.close()
        self.context.drawing_order.close()
        self.cutting.close()
        self.sketch_view.close()
        self.live.close()
        self.surroundings.close()
        self.context.works.close()
        frames.release(self.plotter)

    # --- following the project ---------------------------------------------------------------

    def _listen(self, *, on: bool = True) -> None:
        project = self.project
        for signal, slot in (
            (project.layer_added, self._layer_added),
            (project.layer_removed, self._layer_removed),
            (project.layers_moved, self._order),
            (project.frame_changed, self._frame_changed),
            (project.info_changed, self._info_changed),
        ):
            if on:
                signal.connect(slot)
            else:
                signal.disconnect(slot)

    def _layer_added(self, layer: Layer) -> None:
        if not self._placed and layer.data.extent() is not None:
            self._move_origin()
        self._switches.pop(layer.id, None)
        if self._add(layer):
            self._order()
        self._follow_ground()
        if not self._placed and layer.data.extent() is not None:
            self._placed = True
            self._light()
            self.viewpoint = self.fit()
        self.needs_frame.emit()

    def _layer_removed(self, layer: Layer) -> None:
        self._drop(layer)
        self._placed = self.project.extent(visible_only=False) is not None
        self._selection.pop(layer.id, None)
        self._switches.pop(layer.id, None)
        if self._hovered is not None and self._hovered[0] == layer.id:
            self._hovered = None
        self._order()
        self._follow_ground()
        self.needs_frame.emit()

    def _add(self, layer: Layer) -> bool:
        self._visible[layer.id] = layer.visible
        drawn = layer.kind in VIEW_FOR
        if drawn and self._patient:
            self._waiting.append(layer)
        elif drawn:
            self._views[layer.id] = VIEW_FOR[layer.kind](layer, self.exploding.of(layer))
        layer.look_changed.connect(self._look_changed)
        layer.data_changed.connect(self._data_changed)  # after the view has followed
        return drawn

    def _drop(self, layer: Layer) -> None:
        layer.look_changed.disconnect(self._look_changed)
        layer.data_changed.disconnect(self._data_changed)
        self._visible.pop(layer.id, None)
        self._waiting = [other for other in self._waiting if other is not layer]
        view = self._views.pop(layer.id, None)
        if view is not None:
            view.close()

    def _look_changed(self) -> None:
        for layer in self.project.layers:
            if self._visible.get(layer.id) is not layer.visible:
                self._visible[layer.id] = layer.visible
                self._switches.pop(layer.id, None)  # the user's switch counts more than the view's
        self.needs_frame.emit()

    def _data_changed(self) -> None:
        if not self._placed and self.project.extent(visible_only=False) is not None:
            self._move_origin()
            self._placed = True
            self.viewpoint = self.fit()
        self._follow_ground()

    def _follow_ground(self) -> None:
        """Let the views follow where the ground is another one now."""
        before = self._ground_seen
        self.ground.forget()
        self.surroundings.ground_changed()
        self._ground_seen = (self.ground.terrain, self.ground.level)
        if before[0] is not self._ground_seen[0] or before[1] != self._ground_seen[1]:
            for layer_id, view in list(self._views.items()):
                if self._patient and type(view).ahead(view.layer, self.context) is not None:
                    self._drop(view.layer)  # it is laid on the new ground by threads
                    self._add(view.layer)
                elif layer_id in self._views:
                    view.ground_changed()
            self._order()

    def _order(self) -> None:
        for position, layer in enumerate(self.project.layers):
            if layer.id in self._views:
                self._views[layer.id].set_order(position)
        self.needs_frame.emit()

    def _frame_changed(self) -> None:
        if not self._placed:
            self._move_origin()
        self._light()

    def _move_origin(self) -> None:
        """Put the scene's zero point near the data; the views are made anew."""
        origin = self._find_origin()
        if np.array_equal(origin, self.context.origin):
            return
        self.context.origin = origin
        self.ground.forget()
        self.surroundings.close()
        self.surroundings = Surroundings(self.context)
        self._make_anew()
        self.sketch_view.close()
        self.sketch_view = Sketch(self.context)
        self.cutting = self.cutting.moved(self.context)
        self._light()
        self.viewpoint = self._viewpoint

    def _make_anew(self) -> None:
        """Make the views of all layers again; those of a patient stage wait their turn."""
        chosen, self._hovered = self._selection, None
        for layer in self.project.layers:
            if layer.id in self._views:
                self._drop(layer)
                self._add(layer)
        self._selection = {}
        self.select(chosen)
        self._order()

    def _find_origin(self) -> Floats:
        extent = self.project.extent(visible_only=False, main=True)
        if extent is not None:
            middle = [(extent[0] + extent[2]) / 2, (extent[1] + extent[3]) / 2, 0.0]
            return np.round(middle, -2)  # full hundreds: seldom another one as layers come and go
        frame = self.project.frame
        return np.array([*(frame.origin if frame is not None else (0.0, 0.0)), 0.0])

    def _info_changed(self) -> None:
        if self.project.info.exaggeration != self._usual_stretch:
            self._usual_stretch = self.project.info.exaggeration
            self.exaggeration = self._usual_stretch
        self._light()

    def _light(self) -> None:
        self.context.materials.show_look(look_of(self.look))
        light.apply(self, self.moment)
        self.underground.light_from_below()
        self.needs_frame.emit()

    def _restyle(self, views: Iterable[LayerView]) -> None:
        for view in views:
            view.restyle()
        self.needs_frame.emit()

    def _request_frame(self) -> None:
        self.needs_frame.emit()

    def _warn(self, key: str) -> None:
        if key not in self._warned:
            self._warned.add(key)
            self.warned.emit(key)

    def _prepare(self) -> None:
        """Get everything ready for the frame the window is about to draw."""
        self._outdated = False
        self.exploding.follow()
        layers = (layer.opacity for layer in self.project.layers)
        self.context.drawing_order.keep((self.context.materials.seen_through, *layers))
        self.surroundings.follow_eye()
        self.underground.follow_eye()
        frame = frames.prepare(self.context, self._views.values(), self.ground)
        self.surroundings.prepare(frame)
        self.shadows.prepare(frame, self._views.values())
        self.sketch_view.prepare(frame)
        self.live.prepare(frame)
        self.cutting.prepare(self._views.values())
        self.underground.prepare()

    def _drawn(self) -> None:
        """Let the views look at what became of the frame."""
        for view in list(self._views.values()):
            view.drawn()
