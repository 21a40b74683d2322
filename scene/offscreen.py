"""Pictures of a project without a window, of any size, the same every time.

Large pictures are drawn in tiles: the camera looks at a part of the picture at a time, with a
margin that is cut off, so that lines and marks of a width in pixels have no seams. Each tile is
drawn larger than needed and averaged, which smooths edges alike on every driver.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkUnsignedCharArray

from layers.progress import Progress, Silent
from layers.project import Project
from layers.shapes import Bools
from layers.viewpoint import View, Viewpoint
from scene.corner_shade import CornerShade
from scene.drill_legends import drill_legends
from scene.furniture import Furniture, Words, draw_furniture
from scene.labels import Placed, clip_matrix, draw_labels
from scene.looks import look_of
from scene.occlusion import depths
from scene.paced import COARSE
from scene.picture_facts import facts_of
from scene.pictures import Picture, as_json, check_size
from scene.stage import Stage
from scene.texts import Bytes, lay_over
from scene.unseen import unseen_window

__all__ = ["Furniture", "Picture", "PictureRequest", "Studio", "Words", "render_picture"]

TILE = 1024  # pixels of the finished picture along a side of a tile
MARGIN = 24  # pixels drawn around a tile and cut off
REFERENCE = (1920.0, 1080.0)  # up to here lines and names have their size in pixels; then they grow


@dataclass(frozen=True, slots=True)
class PictureRequest:
    """One picture that is wanted.

    Attributes
    ----------
    view : View or Viewpoint
        From where; a view also says which layers are hidden and which moment it is.
    size : (int, int)
        Width and height, pixels.
    furniture : Furniture or None
        Title, legend and so on; None for the bare city.
    transparent : bool
        Without sky and surroundings: what is not city is clear.
    supersample : int
        1, 2, 3 or 4: how many times larger it is drawn before it is averaged.
    labels : bool
        Whether names are written.
    shadows : bool
        Whether buildings and terrain throw their true shadows.
    corner_shade : bool
        Whether corners are shaded as in the window at rest.
    exaggeration : float
        How many times higher everything is drawn than it is; 0 takes the view's or the project's.
    """

    view: View | Viewpoint
    size: tuple[int, int] = (1920, 1080)
    furniture: Furniture | None = None
    transparent: bool = False
    supersample: int = 2
    labels: bool = True
    shadows: bool = False
    corner_shade: bool = False
    exaggeration: float = 0.0


def render_picture(
    project: Project, request: PictureRequest, progress: Progress | None = None
) -> Picture:
    """Draw one picture; for many of one project keep a `Studio`.

    Raises
    ------
    CityError
        ``picture.size``, ``font.no_chinese``, ``daylight.moment``.
    Cancelled
        If the progress says so.
    """
    with Studio(project) as studio:
        return studio.picture(request, progress)


class Studio:
    """An off-screen stage that draws many pictures of one project.

    Parameters
    ----------
    project : Project
        What is drawn; changes between pictures are followed.
    """

    def __init__(self, project: Project) -> None:
        self._project = project
        self._plotter = unseen_window((64, 64))
        window: Any = self._plotter.render_window
        window.SetMultiSamples(0)
        window.SetAlphaBitPlanes(1)
        self.stage = Stage(project, self._plotter)
        self._colours = vtkUnsignedCharArray()

    def __enter__(self) -> Studio:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Free the stage and the window."""
        self.stage.close()
        self._plotter.close()

    def picture(self, request: PictureRequest, progress: Progress | None = None) -> Picture:
        """Draw one picture.

        Raises
        ------
        CityError
            ``picture.size``, ``font.no_chinese``, ``daylight.moment``.
        Cancelled
            If the progress says so; the next picture can be drawn all the same.
        """
        width, height = request.size
        check_size(width, height)
        step = min(max(request.supersample, 1), 4)
        stage = self.stage
        view = request.view
        view = view if isinstance(view, View) else View("", view)
        stage.show_view(view)
        if request.exaggeration:
            stage.exaggeration = request.exaggeration
        scale = max(1.0, min(width / REFERENCE[0], height / REFERENCE[1]))
        overlay = self._overlay(request)
        context, surroundings = stage.context, stage.surroundings
        context.pixel_scale = scale * step
        surroundings.overlay = False
        stage.shadows.on = request.shadows
        try:
            surroundings.show_only_layers(request.transparent)
            corners = None
            if request.corner_shade:
                every, flat = round(COARSE * scale), stage.viewpoint.projection == "parallel"
                corners = CornerShade(request.size, every, parallel=flat)
            pixels = self._draw(
                request.size, step, request.transparent, progress or Silent(), corners
            )
            if corners is not None:
                corners.lay_over(pixels, self._scale(request.size[1]))
            if request.labels:
                taken = None if overlay is None else overlay[..., 3] > 0
                draw_labels(pixels, self._labels(request.size, scale, taken))
        finally:
            context.pixel_scale = 1.0
            surroundings.overlay = True
            surroundings.show_only_layers(False)
        if overlay is not None:
            lay_over(pixels, overlay, 0, 0)
        return Picture(pixels, self._facts(request, view))

    def _overlay(self, request: PictureRequest) -> Bytes | None:
        if request.furniture is None:
            return None
        stage, words = self.stage, request.furniture.words
        facts = facts_of(
            self._project, stage.viewpoint, request.size, stage.moment, stage.shown, stage.ground,
            words, look_of(stage.look), layers=request.furniture.layers,
        )  # fmt: skip
        drills = drill_legends(stage.views.values(), words)
        facts = replace(facts, legends=(*drills, *facts.legends))
        return draw_furniture(request.size, request.furniture, facts)

    def _facts(self, request: PictureRequest, view: View) -> dict[str, str]:
        frame = self._project.frame
        facts = {
            "Title": view.name or self._project.info.title,
            "Citystage:view": view.name,
            "Citystage:project": self._project.info.title,
            "Citystage:camera": as_json(self.stage.viewpoint.to_json()),
            "Citystage:crs": frame.crs if frame is not None else "",
            "Citystage:moment": self.stage.moment,
            "Citystage:size": f"{request.size[0]}x{request.size[1]}",
            "Citystage:note": view.note,
        }
        return {key: value for key, value in facts.items() if value}

    def _labels(self, size: tuple[int, int], scale: float, taken: Bools | None) -> list[Placed]:
        camera = self.stage.context.renderer.GetActiveCamera()
        matrix = clip_matrix(camera, size[0] / size[1])
        return self.stage.surroundings.layout(matrix, size, scale, taken)

    def _draw(
        self, size: tuple[int, int], step: int, transparent: bool, progress: Progress,
        corners: CornerShade | None = None,
    ) -> Bytes:  # fmt: skip
        """Draw the city tile by tile; the camera is as before afterwards."""
        width, height = size
        columns, rows = -(-width // TILE), -(-height // TILE)
        margin = 0 if columns * rows == 1 else MARGIN
        wide, high = -(-width // columns), -(-height // rows)
        out = np.empty((height, width, 4), dtype=np.uint8)
        renderer = self.stage.context.renderer
        window: Any = self._plotter.render_window
        window.SetSize((wide + 2 * margin) * step, (high + 2 * margin) * step)
        renderer.SetBackgroundAlpha(0.0 if transparent else 1.0)
        if transparent:
            renderer.SetBackground(0.0, 0.0, 0.0)
        camera = renderer.GetActiveCamera()
        angle, parallel = camera.GetViewAngle(), camera.GetParallelScale()
        try:
            for number in range(columns * rows):
                progress.step(number, columns * rows, "progress-drawing")
                x, y = (number % columns) * wide, (number // columns) * high
                part = (x - margin, y - margin, wide + 2 * margin, high + 2 * margin)
                _look_at_part(camera, size, part, angle, parallel)
                drawn = _averaged(self._shot(window), step, transparent)
                right, bottom = min(x + wide, width), min(y + high, height)
                if corners is not None:
                    reach = camera.GetClippingRange()
                    corners.take(depths(window), reach, (x, y, right, bottom), margin, step)
                out[y:bottom, x:right] = drawn[
                    margin : margin + bottom - y, margin : margin + right - x
                ]
        finally:
            camera.SetWindowCenter(0.0, 0.0)
            camera.SetViewAngle(angle)
            camera.SetParallelScale(parallel)
            renderer.SetBackgroundAlpha(1.0)
            renderer.SetBackground(*self.stage.context.materials.light.horizon)
        progress.step(columns * rows, columns * rows, "progress-drawing")
        return out

    def _scale(self, height: int) -> float:
        """Give pixels per radian, or per metre, of a picture of so many pixels high."""
        camera = self.stage.context.renderer.GetActiveCamera()
        if camera.GetParallelProjection():
            return height / 2.0 / float(camera.GetParallelScale())
        return height / 2.0 / float(np.tan(np.radians(camera.GetViewAngle()) / 2.0))

    def _shot(self, window: Any) -> Bytes:
        """Draw one frame and give its colours, (h, w, 4), row 0 at the top."""
        self._plotter.render()
        if not getattr(self._plotter, "_rendered_initially", False):
            window.Render()
        width, height = window.GetSize()
        window.GetRGBACharPixelData(0, 0, width - 1, height - 1, 0, self._colours, 0)
        pixels: Bytes = vtk_to_numpy(self._colours).reshape(height, width, 4)[::-1]
        return pixels


def _look_at_part(
    camera: Any, size: tuple[int, int], part: tuple[int, int, int, int], angle: float, scale: float
) -> None:
    """Let a camera see a part of its picture: left, top, width, height, pixels.

    `angle` and `scale` are its view angle, degrees, and parallel scale for the whole picture.
    """
    width, height = size
    left, top, wide, high = part
    share = high / height
    slope = np.tan(np.radians(angle) / 2.0) * share
    camera.SetViewAngle(float(np.degrees(2.0 * np.arctan(slope))))
    camera.SetParallelScale(scale * share)
    across = (left + wide / 2.0 - width / 2.0) / (wide / 2.0)
    up = (height / 2.0 - top - high / 2.0) / (high / 2.0)
    camera.SetWindowCenter(across, up)


def _averaged(pixels: Bytes, step: int, transparent: bool) -> Bytes:
    """Average blocks of step x step pixels; what was drawn on nothing gets its own colour back."""
    if step > 1:
        rows, columns = pixels.shape[0] // step, pixels.shape[1] // step
        blocks = pixels.reshape(rows, step, columns, step, 4)
        total = blocks.sum(axis=(1, 3), dtype=np.uint16)
        pixels = ((total + step * step // 2) // (step * step)).astype(np.uint8)
    else:
        pixels = pixels.copy()
    if not transparent:
        pixels[..., 3] = 255
        return pixels
    alpha = pixels[..., 3:].astype(np.float32)
    empty = np.zeros((*pixels.shape[:2], 3), dtype=np.float32)
    colour = np.divide(pixels[..., :3] * 255.0, alpha, out=empty, where=alpha > 0)
    pixels[..., :3] = np.clip(np.rint(colour), 0, 255)
    return pixels
