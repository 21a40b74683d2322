"""Measurements in the scene: points, lines and areas with their answers beside them."""

from __future__ import annotations

import math

import numpy as np

from layers.kinds.base import Layer
from layers.kinds.measurements import Measurement, Measurements
from layers.shapes import Floats, Ints
from layers.style import rgb
from scene import camera
from scene.labels import LabelSet
from scene.overlay import Overlay
from scene.rays import Aim, Hit
from scene.views.base import Bounds, FrameState, LayerView, StageContext

CHOSEN = "#ff8010"
REACH = 8.0  # pixels from a measurement at which it is found


ROUND = frozenset({"area", "cutfill"})  # kinds whose points enclose an area


def answer(item: Measurement) -> str:
    """Give the main value of a measurement with its unit, the same in every language.

    Parameters
    ----------
    item : Measurement
        What was measured.

    Returns
    -------
    str
        Such as ``123.45 m``, ``0.52 ha`` or ``37.2 deg``; "" where there is no value.
    """
    values = item.values
    if item.kind == "point":
        return f"{values.get('height_m', item.points[0][2]):.2f} m"
    if item.kind == "angle":
        return f"{math.degrees(values.get('angle_rad', 0.0)):.1f}°"
    if item.kind == "cutfill":
        return f"-{values.get('cut_m3', 0.0):,.0f} / +{values.get('fill_m3', 0.0):,.0f} m³"
    if item.kind == "area":
        area = values.get("area_m2", 0.0)
        return f"{area:,.1f} m²" if area < 1e5 else f"{area / 1e4:,.2f} ha"
    key = {"distance": "distance_3d_m", "polyline": "horizontal_m", "building": "height_m"}
    key["profile"] = "horizontal_m"
    metres = values.get(key[item.kind], 0.0)
    return f"{metres:,.2f} m" if metres < 1e4 else f"{metres / 1e3:,.3f} km"


def outline(item: Measurement) -> Floats:
    """Give the line that shows a measurement, (k, 3) project coordinates; closed for areas."""
    points = np.array(item.points, dtype=np.float64).reshape(-1, 3)
    return np.concatenate([points, points[:1]]) if item.kind in ROUND else points


def label_place(item: Measurement) -> tuple[float, float, float]:
    """Give the point the answer is written at: the middle of an area, else the last point."""
    points = np.array(item.points, dtype=np.float64)
    if item.kind in ROUND:
        place = points.mean(axis=0)
    elif item.kind == "distance":
        place = points[:2].mean(axis=0)
    elif item.kind == "angle":
        place = points[1]
    else:
        place = points[-1]
    return float(place[0]), float(place[1]), float(place[2])


class MeasurementsView(LayerView):
    """Draws the measurements over everything, so that none is hidden by what it measures."""

    def __init__(self, layer: Layer, context: StageContext) -> None:
        self._overlay: Overlay | None = None
        self._chosen: Overlay | None = None
        self._ids: Ints = np.empty(0, dtype=np.int64)
        super().__init__(layer, context)

    @property
    def _items(self) -> tuple[Measurement, ...]:
        data = self.layer.data
        assert isinstance(data, Measurements)
        return data.items

    def rebuild(self) -> None:
        """Draw all of them anew."""
        self._take_away()
        self._overlay = self._drawn(self._items, self.layer.style.colour)
        self.select(self._ids)

    def _drawn(
        self, items: tuple[Measurement, ...], colour: str, order: float = 0.0
    ) -> Overlay | None:
        if not items:
            return None
        lines = [outline(item) for item in items]
        areas = [np.array(item.points) for item in items if item.kind in ROUND]
        points = np.array([p for item in items for p in item.points], dtype=np.float64)
        return Overlay(
            self.context, lines, areas, points.reshape(-1, 3), colour=colour, order=order
        )

    def restyle(self) -> None:
        """Give colour and visibility, and write the answers."""
        shown = self.shown and self.layer.opacity > 0.0
        if self._overlay is not None:
            self._overlay.close()
            self._overlay = self._drawn(self._items, self.layer.style.colour)
        for overlay in (self._overlay, self._chosen):
            if overlay is not None:
                overlay.show(shown=shown)
        if not (shown and self._items):
            self.context.labels.remove(self.layer.id)
            return
        places = self.context.to_scene([label_place(item) for item in self._items])
        texts = tuple(f"{item.name}  {answer(item)}" for item in self._items)
        rank = np.full(len(texts), 1e6)
        ink = rgb(self.layer.style.colour)
        self.context.labels.put(
            self.layer.id, LabelSet(places, texts, rank, ink=ink, rise=9.0, bold=True)
        )

    def prepare(self, frame: FrameState) -> None:
        """Take the size of the picture."""
        for overlay in (self._overlay, self._chosen):
            if overlay is not None:
                overlay.prepare(frame)

    def bounds(self) -> Bounds | None:
        """Give the box around all points."""
        box = self.layer.data.extent()
        if box is None:
            return None
        heights = [p[2] for item in self._items for p in item.points]
        west, south, east, north = box
        return west, east, south, north, min(heights), max(heights)

    def nearest(self, frame: FrameState) -> float:
        """Measurements are drawn over everything, so the depth of the scene is not theirs."""
        del frame
        return float("inf")

    def pick(self, aim: Aim) -> Hit | None:
        """Give the measurement whose line or point is under the pixel."""
        best: tuple[float, Hit] | None = None
        for item in self._items:
            line = outline(item)
            pixels = camera.project_points(aim.viewpoint, line, aim.size)[:, :2]
            gap, place = _nearest_on(pixels, line, np.array([aim.x, aim.y]))
            if gap <= REACH * self.context.pixel_scale and (best is None or gap < best[0]):
                eye = aim.viewpoint
                away = math.dist(place, (eye.east, eye.north, eye.height))
                best = gap, Hit(self.layer.id, item.id, place, distance=away)
        return None if best is None else best[1]

    def select(self, ids: Ints) -> None:
        """Draw these again, in the colour of choice."""
        self._ids = ids
        if self._chosen is not None:
            self._chosen.close()
        items = tuple(item for item in self._items if item.id in ids)
        self._chosen = self._drawn(items, CHOSEN, 4.0)
        if self._chosen is not None:
            self._chosen.show(shown=self.shown)

    def close(self) -> None:
        """Take everything away."""
        super().close()
        self._take_away()
        self.context.labels.remove(self.layer.id)

    def _take_away(self) -> None:
        for overlay in (self._overlay, self._chosen):
            if overlay is not None:
                overlay.close()
        self._overlay = self._chosen = None


def _nearest_on(
    pixels: Floats, line: Floats, at: Floats
) -> tuple[float, tuple[float, float, float]]:
    """Give how far a line in the picture is from a pixel, and the place on it in space."""
    starts, ends = (pixels[:-1], pixels[1:]) if len(pixels) > 1 else (pixels, pixels)
    first, last = (line[:-1], line[1:]) if len(line) > 1 else (line, line)
    way = ends - starts
    share = ((at - starts) * way).sum(axis=1) / np.maximum((way**2).sum(axis=1), 1e-12)
    share = np.clip(share, 0.0, 1.0)[:, None]
    gaps = np.linalg.norm(starts + share * way - at, axis=1)
    gaps = np.where(np.isfinite(gaps), gaps, np.inf)
    best = int(np.argmin(gaps))
    place = first[best] + share[best] * (last[best] - first[best])
    return float(gaps[best]), (float(place[0]), float(place[1]), float(place[2]))
