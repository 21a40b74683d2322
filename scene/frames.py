"""Before each frame: what is in view, how near and how far the picture reaches."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import numpy as np
import pyvista as pv

from layers.kinds.base import Layer
from layers.shapes import Floats
from scene.camera import across
from scene.ground import Ground
from scene.views.base import Bounds, FrameState, LayerView, StageContext

DEEPEST = 20_000.0  # far over near at most: keeps flat things on the ground apart in 24 bits
NEAREST = 0.2  # metres
HORIZON = 30_000.0  # metres the ground is drawn beyond the last layer, see scene.light


def take_over(plotter: pv.BasePlotter) -> None:
    """Take away the plotter's lights, cullers, smoothing and camera habits."""
    renderer: Any = plotter.renderer
    plotter.remove_all_lights()
    cullers = renderer.GetCullers()
    while cullers.GetNumberOfItems():
        renderer.RemoveCuller(cullers.GetLastItem())
    renderer.SetAutomaticLightCreation(False)
    renderer.camera_set = True
    plotter.disable_anti_aliasing()
    if plotter.iren is not None and plotter.iren.interactor is not None:
        plotter.iren.interactor.SetInteractorStyle(None)


def observe(
    plotter: pv.BasePlotter,
    before: weakref.WeakMethod[Callable[[], None]],
    after: weakref.WeakMethod[Callable[[], None]],
) -> tuple[int, int]:
    """Call methods before and after each frame; gives the numbers to stop it by."""

    def call(method: weakref.WeakMethod[Callable[[], None]]) -> Callable[[object, str], None]:
        def called(_caller: object, _event: str) -> None:
            if (function := method()) is not None:
                function()

        return called

    renderer: Any = plotter.renderer
    return (
        int(renderer.AddObserver("StartEvent", call(before))),
        int(renderer.AddObserver("EndEvent", call(after))),
    )


def stop(plotter: pv.BasePlotter, observers: tuple[int, int]) -> None:
    """Call them no more."""
    renderer: Any = getattr(plotter, "renderer", None)
    if renderer is not None:
        for observer in observers:
            renderer.RemoveObserver(observer)


def state(renderer: Any) -> FrameState:
    """Read the camera of a renderer as it is going to draw."""
    camera = renderer.GetActiveCamera()
    flat = np.zeros(24)
    camera.GetFrustumPlanes(renderer.GetTiledAspectRatio(), flat)
    planes = flat.reshape(6, 4)[:4]
    width, height = (max(pixels, 1) for pixels in renderer.GetSize())
    parallel = bool(camera.GetParallelProjection())
    slope = np.tan(np.radians(camera.GetViewAngle()) / 2)
    half = camera.GetParallelScale() if parallel else slope
    look, stretch = np.array(camera.GetDirectionOfProjection()), stretch_of(camera)
    heights = np.array([1.0, 1.0, stretch])
    middle, right, up = look, np.zeros(3), np.zeros(3)
    if not parallel:
        side = across(look, np.array(camera.GetViewUp()))
        side /= np.linalg.norm(side)
        right, up = side * (slope * width / height), across(side, look) * slope
        shift_x, shift_y = camera.GetWindowCenter()
        middle = look + right * shift_x + up * shift_y
    return FrameState(
        planes / np.linalg.norm(planes[:, :3], axis=1, keepdims=True),
        np.array(camera.GetPosition()),
        look,
        (width, height),
        height / 2.0 / half,
        parallel,
        middle=middle / heights,
        right=right / heights,
        up=up / heights,
        stretch=stretch,
    )


def stretch_of(camera: Any) -> float:
    """Give how many times higher a vtkCamera draws everything than it is."""
    transform = camera.GetUserViewTransform()
    if transform is None:
        return 1.0
    matrix = transform.GetMatrix()
    return float(sum(matrix.GetElement(i, i) for i in range(3))) - 2.0  # the trace of the stretch


def prepare(context: StageContext, views: Iterable[LayerView], ground: Ground) -> FrameState:
    """Set near and far of the camera and let the views get ready; gives what it looks at."""
    renderer = context.renderer
    frame = state(renderer)
    views = list(views)
    low, high, nearest = np.full(3, np.inf), np.full(3, -np.inf), np.inf
    for view in views:
        box = view.bounds() if view.shown else None
        if box is not None:
            low = np.minimum(low, np.array(box[0::2]) - context.origin)
            high = np.maximum(high, np.array(box[1::2]) - context.origin)
            nearest = min(nearest, view.nearest(frame))
    eye = frame.eye + context.origin
    over_ground = float(eye[2] - ground.height_at([eye[:2]])[0])
    if not np.isfinite(low).all():
        low, high = frame.eye - 1000.0, frame.eye + 1000.0
    nearest = min(nearest, abs(over_ground)) * min(frame.stretch, 1.0)
    near, far = _reach(frame, low, high, nearest)
    renderer.GetActiveCamera().SetClippingRange(near, far)
    frame = replace(frame, near=near, far=far)
    for view in views:
        view.prepare(frame)
    return frame


def bounds_of(
    views: Iterable[LayerView], waiting: Iterable[Layer], level: float, lift: float
) -> Bounds | None:
    """Give the box around views, and layers that wait for theirs; None where nothing is.

    Parameters
    ----------
    views : iterable of LayerView
        What is shown.
    waiting : iterable of Layer
        What will be.
    level : float
        Height of the ground, metres.
    lift : float
        How far the uppermost layer is lifted, metres.
    """
    boxes = [box for view in views if (box := view.bounds()) is not None]
    boxes += [
        (extent[0], extent[2], extent[1], extent[3], level, level)
        for layer in waiting
        if (extent := layer.data.extent()) is not None
    ]
    if not boxes:
        return None
    array = np.array(boxes)
    low, high = array[:, 0::2].min(axis=0), array[:, 1::2].max(axis=0)
    return (low[0], high[0], low[1], high[1], low[2], high[2] + lift)


def _reach(frame: FrameState, low: Floats, high: Floats, nearest: float) -> tuple[float, float]:
    """Give near and far, metres, in steps so that they seldom change while the eye moves."""
    low, high = low.copy(), high.copy()
    low[:2] -= HORIZON
    high[:2] += HORIZON
    corners = np.array(np.meshgrid(*zip(low, high, strict=True))).reshape(3, 8).T
    ahead = (corners - frame.eye) @ frame.ahead
    far = _stepped(max(float(ahead.max()), 10.0), up=True)
    if frame.parallel:
        return min(float(ahead.min()), 0.0) - 100.0, far
    near = min(max(0.5 * nearest, NEAREST), far / 10.0)
    return _stepped(max(near, far / DEEPEST / 10.0), up=False), far


def _stepped(metres: float, *, up: bool) -> float:
    """Round to a quarter of an octave."""
    steps = np.log2(metres) * 4.0
    return float(2.0 ** ((np.ceil(steps) if up else np.floor(steps)) / 4.0))


def release(plotter: pv.BasePlotter) -> None:
    """Free what the window still holds of actors that were taken away."""
    if getattr(plotter, "render_window", None) is not None:
        plotter.renderer.RemoveAllLights()
    gc.collect(0)
