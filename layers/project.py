"""The project: the truth about a city, changed by commands alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from psygnal import Signal

from layers.errors import CityError
from layers.frame import Frame
from layers.kinds.base import Extent, Features, Layer
from layers.kinds.buildings import Buildings
from layers.kinds.terrain import Terrain
from layers.schemes_model import Schemes
from layers.shapes import Floats
from layers.tours import Tours
from layers.viewpoint import View

DEFAULT_MOMENT = "2026-06-21T10:00"


@dataclass(frozen=True, slots=True)
class Info:
    """What the project says of itself.

    Attributes
    ----------
    title : str
        Shown on pictures.
    author : str
        Person or bureau.
    note : str
        Remark.
    moment : str
        ISO 8601 local time of the place, for the sun.
    look : str
        One of `layers.looks.LOOKS`; "" is the usual one.
    exaggeration : float
        How many times higher everything is drawn than it is, 0.5 to 10.
    """

    title: str = ""
    author: str = ""
    note: str = ""
    moment: str = DEFAULT_MOMENT
    look: str = ""
    exaggeration: float = 1.0


WIDE_EDGE = 3.0  # cells of the terrain; the ground is looked at along longer edges too


class Project:
    """Ordered layers, a frame, named views. Commands (`layers.edits`) change it, nobody else.

    Layers are ordered from the bottom up: the last one is drawn on top and
    stands first in the layer tree.

    Signals
    -------
    layer_added : (Layer, position)
    layer_removed : (Layer,)
    layers_moved
    views_changed
    tours_changed
    schemes_changed
    frame_changed
    info_changed
    """

    layer_added = Signal(Layer, int)
    layer_removed = Signal(Layer)
    layers_moved = Signal()
    views_changed = Signal()
    tours_changed = Signal()
    schemes_changed = Signal()
    frame_changed = Signal()
    info_changed = Signal()

    def __init__(self, frame: Frame | None = None, info: Info | None = None) -> None:
        self._frame = frame
        self._info = info or Info()
        self._layers: list[Layer] = []
        self._views: tuple[View, ...] = ()
        self._tours = Tours()
        self._schemes = Schemes()

    @property
    def frame(self) -> Frame | None:
        """The coordinate system; None until it is chosen or proposed by the first import."""
        return self._frame

    @frame.setter
    def frame(self, frame: Frame | None) -> None:
        self._frame = frame
        self.frame_changed.emit()

    def need_frame(self) -> Frame:
        """Give the frame.

        Raises
        ------
        CityError
            ``project.no_crs`` while there is none.
        """
        if self._frame is None:
            raise CityError(
                "project.no_crs",
                "The project has no coordinate system yet.",
                hint="import a file that names its own, or make the project with --crs EPSG:4547",
            )
        return self._frame

    @property
    def info(self) -> Info:
        """Title, author, moment."""
        return self._info

    @info.setter
    def info(self, info: Info) -> None:
        self._info = info
        self.info_changed.emit()

    @property
    def layers(self) -> tuple[Layer, ...]:
        """The layers, bottom first."""
        return tuple(self._layers)

    def layer(self, layer_id: str) -> Layer:
        """Give a layer by its id, or by its name where the name is unique.

        Raises
        ------
        CityError
            ``project.no_such_layer``, naming those there are.
        """
        for layer in self._layers:
            if layer.id == layer_id:
                return layer
        named = [layer for layer in self._layers if layer.name == layer_id]
        if len(named) == 1:
            return named[0]
        names = ", ".join(layer.name for layer in self._layers) or "-"
        raise CityError(
            "project.no_such_layer",
            f"There is no layer '{layer_id}'.",
            hint=f"the layers are: {names}",
            layer=layer_id,
            layers=names,
        )

    def contents(self) -> Iterator[object]:
        """Give all contents the project holds, those of its schemes and what they change too."""
        for layer in self._layers:
            yield layer.data
        yield from self._schemes.contents()

    def of_kind(self, kind: str) -> Iterator[Layer]:
        """Give the layers of one kind, bottom first."""
        return (layer for layer in self._layers if layer.kind == kind)

    def insert_layer(self, layer: Layer, position: int | None = None) -> None:
        """Put a layer in (for commands); None puts it on top."""
        at = len(self._layers) if position is None else min(max(position, 0), len(self._layers))
        self._layers.insert(at, layer)
        self.layer_added.emit(layer, at)

    def take_layer(self, layer_id: str) -> tuple[Layer, int]:
        """Take a layer out (for commands); gives it and where it was."""
        layer = self.layer(layer_id)
        at = self._layers.index(layer)
        del self._layers[at]
        self.layer_removed.emit(layer)
        return layer, at

    def move_layer(self, layer_id: str, position: int) -> int:
        """Put a layer at another place (for commands); gives the place it had."""
        layer = self.layer(layer_id)
        at = self._layers.index(layer)
        self._layers.insert(min(max(position, 0), len(self._layers) - 1), self._layers.pop(at))
        self.layers_moved.emit()
        return at

    @property
    def views(self) -> tuple[View, ...]:
        """Named views, in order."""
        return self._views

    @views.setter
    def views(self, views: tuple[View, ...]) -> None:
        self._views = views
        self.views_changed.emit()

    @property
    def tours(self) -> Tours:
        """Camera paths and stories."""
        return self._tours

    @tours.setter
    def tours(self, tours: Tours) -> None:
        self._tours = tours
        self.tours_changed.emit()

    @property
    def schemes(self) -> Schemes:
        """Schemes over the existing city; `layers` shows the active one."""
        return self._schemes

    @schemes.setter
    def schemes(self, schemes: Schemes) -> None:
        self._schemes = schemes
        self.schemes_changed.emit()

    def view(self, name: str) -> View:
        """Give a view by its name.

        Raises
        ------
        CityError
            ``project.no_such_view``, naming those there are.
        """
        for view in self._views:
            if view.name == name:
                return view
        names = ", ".join(view.name for view in self._views) or "-"
        raise CityError(
            "project.no_such_view",
            f"There is no view '{name}'.",
            hint=f"the views are: {names}",
            view=name,
            views=names,
        )

    def terrain(self) -> Terrain | None:
        """Give the topmost terrain, visible or not; None where there is none."""
        for layer in reversed(self._layers):
            if isinstance(layer.data, Terrain):
                return layer.data
        return None

    def ground_at(self, coords: ArrayLike) -> Floats:
        """Give the ground height at places, (n,) metres above datum.

        Beyond the terrain, and where it is unknown, the terrain's level counts;
        0 where there is no terrain.
        """
        xy = np.asarray(coords, dtype=np.float64).reshape(-1, 2)
        terrain = self.terrain()
        if terrain is None:
            return np.zeros(len(xy))
        return np.nan_to_num(terrain.height_at(xy), nan=terrain.level)

    def base_of(self, buildings: Buildings, at: ArrayLike | None = None) -> Floats:
        """Give the ground level buildings stand on, metres above datum.

        A level that came with the building counts; else it is the lowest ground
        under its footprint's corners, long edges and middle, 0 where there is no terrain.

        Parameters
        ----------
        buildings : Buildings
            n buildings.
        at : (k,) array_like of int or None
            Positions of those asked for; None asks for all.

        Returns
        -------
        (k,) or (n,) ndarray of float64
        """
        chosen = np.arange(len(buildings)) if at is None else np.asarray(at, dtype=np.int64)
        base = buildings.base[chosen].copy()
        missing = np.flatnonzero(np.isnan(base))
        if missing.size == 0:
            return base
        if self.terrain() is None:
            base[missing] = 0.0
            return base
        shapes = buildings.shapes
        if missing.size < len(shapes):
            shapes = shapes.take(chosen[missing])
        elif at is not None:
            shapes = shapes.take(chosen)
        lowest = np.minimum.reduceat(self.ground_at(shapes.coords), shapes.first_coord[:-1])
        lowest = np.minimum(lowest, self.ground_at(shapes.centres()))
        terrain = self.terrain()
        if terrain is not None:
            places, owner = shapes.along_long_edges(WIDE_EDGE * min(terrain.grain))
            np.minimum.at(lowest, owner, self.ground_at(places))
        base[missing] = lowest
        return base

    def extent(self, *, visible_only: bool = True, main: bool = False) -> Extent | None:
        """Give west, south, east, north of the layers together, metres; None if nothing lies.

        With `main`, the few shapes that lie far from all others of their layer do not count.
        """
        boxes = []
        for layer in self._layers:
            data = layer.data
            box = data.main_extent() if main and isinstance(data, Features) else data.extent()
            if (layer.visible or not visible_only) and box is not None:
                boxes.append(box)
        if not boxes:
            return None
        array = np.array(boxes)
        low, high = array[:, :2].min(axis=0), array[:, 2:].max(axis=0)
        return float(low[0]), float(low[1]), float(high[0]), float(high[1])
