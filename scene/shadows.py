"""True shadows: maps of the light fitted to what is in view, and the shaders that ask them.

Buildings are drawn by our own rasteriser into up to three windows, fine near the eye and coarse
far from it; the terrain's shadow is worked out once for a place of the sun. Shaders of walls,
roofs, the ground and everything flat on it ask both (shaders/shadow.glsl). The maps are made for
pictures that stand still; while the eye moves the last ones stay.
"""

from __future__ import annotations

import math
import weakref
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonDataModel import vtkImageData
from vtkmodules.vtkRenderingCore import vtkTexture

from layers.cut import Cut
from layers.kinds.buildings import Buildings
from layers.kinds.terrain import Terrain
from layers.shapes import Bools, Floats
from layers.triangles import triangulate
from scene.cut_shadows import CutShadows, blocks_of, rim
from scene.shading import Uniform, compiles, set_uniform, switch
from scene.shadow_bodies import Bodies, draw_bodies
from scene.shadow_raster import NOTHING, Casters, Window, ceiling, draw_blocks

if TYPE_CHECKING:
    from scene.views.base import FrameState, LayerView, StageContext

SIDE = 2048  # texels along a side of a window
FARTHEST = 8_000.0  # metres from the eye up to which shadows of buildings are drawn
FROM_HIGH = 4.0  # times the eye's height above the ground: from high up they reach further
LOWEST = math.radians(0.8)  # elevation of the sun below which there are no shadows any more
SPREAD = 2.2  # farthest over nearest from which more than one window pays
DUG = 500.0  # metres that ground is lowered where a cut takes it away
LONGEST = 1024  # nodes along a side of the terrain's shadow
MAPS = ("shadowMap", "ceilingMap")
GRID = (17, 11)  # lines of sight that tell what is in view
Plain = tuple[float, float, float]

_NONE: Plain = (0.0, 0.0, 0.0)
UNIFORMS: dict[str, tuple[str, Uniform]] = {
    "shadowSlant": ("fragment", _NONE),
    "shadowWindow0": ("fragment", _NONE),
    "shadowWindow1": ("fragment", _NONE),
    "shadowWindow2": ("fragment", _NONE),
    "shadowSide": ("fragment", float(SIDE)),
    "ceilingPlace": ("fragment", _NONE),
    "ceilingStep": ("fragment", _NONE),
    "sightFrom": ("fragment", _NONE),
    "sightMiddle": ("fragment", _NONE),
    "sightRight": ("fragment", _NONE),
    "sightUp": ("fragment", _NONE),
    "sightSize": ("fragment", (1.0, 1.0, 0.0)),
    "sightReach": ("fragment", _NONE),
}


def slant_of(sun: Plain) -> Floats | None:
    """Give metres east and north per metre of height to the sun, (2,); None without shadows.

    Parameters
    ----------
    sun : (east, north, up)
        Unit vector to the sun.
    """
    if sun[2] < math.sin(LOWEST):
        return None
    return np.array([sun[0], sun[1]]) / sun[2]


class ShadowShaders:
    """Hands maps and uniforms to all shaders that ask for shadows.

    Where there are no shadows the shaders are compiled without them: a software rasteriser goes
    through both branches of an ``if``, and asking the maps costs as much as all the rest.
    """

    def __init__(self) -> None:
        self._on = False
        self._shaders: weakref.WeakKeyDictionary[Any, list[Any]] = weakref.WeakKeyDictionary()
        self._values: dict[str, Uniform] = {name: value for name, (_, value) in UNIFORMS.items()}
        self.map = _texture(np.full((1, 1, 3), NOTHING, dtype=np.float32))
        self.ceiling = _texture(np.full((1, 1, 3), NOTHING, dtype=np.float32))

    def dress(
        self, owner: Any, shader: Any, *materials: Any, names: tuple[str, str] = MAPS
    ) -> None:
        """Let a shader and the materials drawn with it ask for shadows while its owner lives.

        `names` are what the maps are called in the shader.
        """
        for material in materials:
            for name, texture in zip(names, (self.map, self.ceiling), strict=True):
                if material.GetTexture(name) is not texture:
                    material.SetTexture(name, texture)
        known = self._shaders.setdefault(owner, [])
        if shader in known:
            return
        known.append(shader)
        if self._on:
            switch(shader, "SHADOWS", on=True)
        for name, value in self._values.items():
            set_uniform(shader, "fragment", name, value)

    @property
    def on(self) -> bool:
        """Whether the shaders ask for shadows."""
        return self._on

    @on.setter
    def on(self, on: bool) -> None:
        if on != self._on:
            self._on = on
            for shaders in list(self._shaders.values()):
                for shader in shaders:
                    switch(shader, "SHADOWS", on=on)

    def tell(self, values: dict[str, Uniform]) -> None:
        """Give all shaders other values."""
        new = {name: value for name, value in values.items() if self._values[name] != value}
        self._values |= new
        for shaders in list(self._shaders.values()):
            for shader in shaders:
                for name, value in new.items():
                    set_uniform(shader, "fragment", name, value)


def _texture(texels: NDArray[np.float32]) -> Any:
    """Make a vtkTexture that is read texel by texel; three floats each, row 0 at the bottom."""
    texture = vtkTexture()
    texture.SetColorModeToDirectScalars()
    texture.InterpolateOff()
    texture.MipmapOff()
    texture.SetRepeat(False)
    _fill(texture, texels)
    return texture


def _fill(texture: Any, texels: NDArray[np.float32]) -> None:
    rows, columns, _ = texels.shape
    image = vtkImageData()
    image.SetDimensions(columns, rows, 1)
    image.GetPointData().SetScalars(numpy_to_vtk(texels.reshape(-1, 3), deep=True))
    texture.SetInputData(image)


class Shadows:
    """The shadows of a stage.

    Parameters
    ----------
    context : StageContext
        Where.

    Attributes
    ----------
    on : bool
        Whether shadows are wanted.
    windows : tuple of Window
        What the maps of the last frame cover, fine to coarse.
    drawn : int
        How many times maps were made.
    """

    def __init__(self, context: StageContext) -> None:
        self._context = context
        self.on = False
        self.windows: tuple[Window, ...] = ()
        self.drawn = 0
        self._casters: dict[str, tuple[tuple[object, ...], Casters]] = {}
        self._made_of: tuple[object, ...] = ()
        self._maps: NDArray[np.float32] | None = None
        self._ceiling_of: tuple[object, ...] = ()
        self._compiles: bool | None = None
        self._cut = CutShadows()

    def prepare(self, frame: FrameState, views: Iterable[LayerView]) -> None:
        """Get shadows ready for a frame; called once near and far are known."""
        shaders, views = self._context.materials.shadows, list(views)
        asked = self.on and not any(view.lift for view in views)
        slant = slant_of(self._context.materials.light.sun) if asked else None
        if slant is not None and not self._possible():
            slant = None
        if slant is None:
            shaders.on = False
            self._made_of = ()
            return
        shaders.on = True
        shaders.tell({"shadowSlant": (float(slant[0]), float(slant[1]), 0.0)})
        shaders.tell(_sight(frame))
        self._follow_terrain(slant)
        shown = [view for view in views if view.shown]
        casting = blocks_of(shown)
        bodies = [one for view in shown for one in view.bodies]
        if self._context.moving and self._made_of:
            return
        made_of = (
            *frame.planes.ravel(),
            *frame.eye,
            frame.near,
            *slant,
            self._context.ground.level,
            *(part for view, data in casting for part in (data, view.casting)),
            *bodies,
            self._context.project.terrain(),
            *self._context.origin,
            self._context.cut,
        )
        if _same(made_of, self._made_of):
            return
        self._made_of = made_of
        self._draw(frame, casting, bodies, slant)

    def _possible(self) -> bool:
        """Say whether the shader of shadows compiles here; looked at once, told once."""
        if self._compiles is None:
            window = self._context.plotter.render_window
            self._compiles = compiles(window, "shadow", "SHADOWS", UNIFORMS, MAPS)
            if not self._compiles:
                self._context.warn("scene-no-shadows")
        return self._compiles

    def _draw(
        self, frame: FrameState, casting: list[tuple[LayerView, Buildings]],
        bodies: list[Bodies], slant: Floats,
    ) -> None:  # fmt: skip
        """Fit the windows to the frame and draw blocks and bodies into them."""
        shaders = self._context.materials.shadows
        known = [(self._casters_of(view, data), view.casting) for view, data in casting]
        if (cut := self._context.cut) is not None:
            known, bodies = self._left(cut, casting, bodies)
            if (earth := rim(cut, self._context, slant)) is not None:
                bodies.append(earth)
        known = [(casters, mask) for casters, mask in known if mask.any()]
        values: dict[str, Uniform] = {f"shadowWindow{k}": _NONE for k in range(3)}
        self.windows = ()
        if known or bodies:
            lows = [casters.low[mask].min() for casters, mask in known]
            highs = [casters.high[mask].max() for casters, mask in known]
            low = float(min(lows + [one.low.min() for one in bodies]))
            high = float(max(highs + [one.high.max() for one in bodies]))
            ground = self._context.ground
            lowest = min(low, ground.level - float(self._context.origin[2]))
            self.windows = fit(frame, lowest, high, slant)
        if self.windows:
            if self._maps is None:
                self._maps = np.full((SIDE, SIDE, 3), NOTHING, dtype=np.float32)
            for k, window in enumerate(self.windows):
                one = np.full((SIDE, SIDE), NOTHING, dtype=np.float32)
                for casters, mask in known:
                    rows = casters.within(window, slant, mask)
                    draw_blocks(one, window, casters, rows, slant)
                for body in bodies:
                    draw_bodies(one, window, body, slant)
                self._maps[..., k] = one
                values[f"shadowWindow{k}"] = (window.west, window.south, 1.0 / window.texel)
            _fill(shaders.map, self._maps)
            self.drawn += 1
        shaders.tell(values)

    def _left(
        self, cut: Cut, casting: list[tuple[LayerView, Buildings]], bodies: list[Bodies]
    ) -> tuple[list[tuple[Casters, Bools]], list[Bodies]]:
        """Give what throws shadows when a cut has taken its part."""
        origin, known = self._context.origin, []
        left = self._cut.bodies(cut, bodies, origin)
        for view, data in casting:
            casters = self._casters_of(view, data)
            mask, rest = self._cut.blocks(cut, view, casters, origin)
            known.append((casters, mask))
            if rest is not None:
                left.append(rest)
        return known, left

    def _casters_of(self, view: LayerView, data: Buildings) -> Casters:
        """Give the blocks of a layer, made anew only where they changed."""
        project, origin = self._context.project, self._context.origin
        key: tuple[object, ...] = (data.shapes, data.height, data.base, data.min_height,
                                   project.terrain(), *origin)  # fmt: skip
        found = self._casters.get(view.layer.id)
        if found is not None and _same(found[0], key):
            return found[1]
        base = project.base_of(data) - origin[2]
        shapes = data.shapes
        bounds = shapes.bounds() - np.tile(origin[:2], 2)
        made = Casters(
            shapes.coords - origin[:2], shapes.ring_start, shapes.shape_start, shapes.first_coord,
            base + data.min_height, base + data.height, triangulate(shapes), bounds,
        )  # fmt: skip
        self._casters[view.layer.id] = (key, made)
        return made

    def _follow_terrain(self, slant: Floats) -> None:
        """Work out how high the terrain's shadow reaches, where sun or terrain are others."""
        context, terrain = self._context, self._context.project.terrain()
        cut = context.cut
        key = (terrain, float(slant[0]), float(slant[1]), *context.origin, cut)
        if _same(key, self._ceiling_of):
            return
        self._ceiling_of = key
        shaders = context.materials.shadows
        if terrain is None:
            shaders.tell({"ceilingStep": _NONE})
            return
        heights, stride = _nodes(terrain)
        east, north = terrain.step_east * stride, terrain.step_north * stride
        if cut is not None:
            heights = _dug(heights, terrain, (east, north), cut)
        top = ceiling(heights, east, north, slant) - np.float32(context.origin[2])
        _fill(shaders.ceiling, np.repeat(top[..., None], 3, axis=2))
        south = terrain.north - (len(heights) - 1) * north
        shaders.tell(
            {
                "ceilingPlace": (
                    float(terrain.west - context.origin[0]), float(south - context.origin[1]), 0.0,
                ),
                "ceilingStep": (east, north, max(1.0, 0.04 * max(east, north))),
            }
        )  # fmt: skip


def _same(new: tuple[object, ...], old: tuple[object, ...]) -> bool:
    """Say whether the same numbers and the very same objects stand in two tuples."""
    return len(new) == len(old) and all(
        a is b or (isinstance(a, float) and a == b) for a, b in zip(new, old, strict=True)
    )


def _nodes(terrain: Terrain) -> tuple[NDArray[np.float32], int]:
    """Give heights of a terrain row 0 southernmost, unknown ones at its level, and their stride."""
    stride = max(-(-max(terrain.heights.shape) // LONGEST), 1)
    picked = terrain.heights[::stride, ::stride]
    heights = np.where(np.isnan(picked), terrain.level, picked)
    return np.ascontiguousarray(heights[::-1], dtype=np.float32), stride


def _dug(
    heights: NDArray[np.float32], terrain: Terrain, step: tuple[float, float], cut: Cut
) -> NDArray[np.float32]:
    """Take away of a terrain, row 0 southernmost, what a cut takes away."""
    rows, columns = heights.shape
    south = terrain.north - (rows - 1) * step[1]
    east, north = np.meshgrid(
        terrain.west + np.arange(columns) * step[0], south + np.arange(rows) * step[1]
    )
    gone = cut.takes(np.column_stack([east.ravel(), north.ravel(), heights.ravel()]))
    gone = gone.reshape(heights.shape)
    if cut.keep == "outside" and cut.slope is None:  # what is nearer is the shadow of the rim
        gone = ndimage.binary_dilation(gone, iterations=2)
    dug = cut.low is not None and cut.keep == "outside"
    floor = np.float32(cut.low if dug else heights.min() - DUG)
    return np.where(gone, np.minimum(heights, floor), heights)


def _sight(frame: FrameState) -> dict[str, Uniform]:
    """Give the lines of sight of a frame as the shader takes them."""
    start, middle, right, up = sight(frame)
    return {
        "sightFrom": _plain(start),
        "sightMiddle": _plain(middle),
        "sightRight": _plain(right),
        "sightUp": _plain(up),
        "sightSize": (float(frame.size[0]), float(frame.size[1]), float(frame.parallel)),
        "sightReach": (frame.near, frame.far, 0.0),
    }


def _plain(vector: Floats) -> Plain:
    east, north, up = (float(part) for part in vector)
    return east, north, up


def sight(frame: FrameState) -> tuple[Floats, Floats, Floats, Floats]:
    """Give where lines of sight start, the middle one, and the way to the right and upper border.

    In perspective the ways are added to the middle line, of length one along the look; where
    lines of sight are parallel they are metres that the start moves.
    """
    if not frame.parallel:
        return frame.eye, frame.middle, frame.right, frame.up
    away = frame.planes[:, :3] @ frame.eye + frame.planes[:, 3]  # left, right, bottom, top
    side, rise = frame.planes[0, :3], frame.planes[2, :3]
    lift = rise / (1.0, 1.0, frame.stretch**2)  # along the border of the picture as it is drawn
    lift /= lift @ rise
    start = frame.eye + side * (away[1] - away[0]) / 2 + lift * (away[3] - away[2]) / 2
    return start, frame.sight, side * (away[0] + away[1]) / 2, lift * (away[2] + away[3]) / 2


def fit(frame: FrameState, lowest: float, highest: float, slant: Floats) -> tuple[Window, ...]:
    """Give windows over the feet of all light that falls on what is in view.

    Parameters
    ----------
    frame : FrameState
        The camera.
    lowest, highest : float
        Heights between which things stand, scene metres.
    slant : (2,) float64
        As `slant_of` gives it.

    Returns
    -------
    tuple of Window
        One, or three where the picture reaches from near to far; none where only sky is seen.
    """
    begin, middle, right, up = sight(frame)
    x, y = np.meshgrid(np.linspace(-1.0, 1.0, GRID[0]), np.linspace(-1.0, 1.0, GRID[1]))
    across = x.reshape(-1, 1) * right + y.reshape(-1, 1) * up
    if frame.parallel:
        start, ways = begin + across, np.broadcast_to(middle, across.shape)
    else:
        start, ways = np.broadcast_to(begin, across.shape), middle + across
    near = 0.0 if not frame.parallel else frame.near
    farthest = max(FARTHEST, FROM_HIGH * float(begin[2] - lowest))
    if frame.parallel:
        farthest = frame.far
    enter, leave = np.full(len(ways), near), np.full(len(ways), farthest)
    fall = ways[:, 2]
    with np.errstate(divide="ignore", invalid="ignore"):
        at_low, at_high = (lowest - start[:, 2]) / fall, (highest - start[:, 2]) / fall
    first, last = np.fmin(at_low, at_high), np.fmax(at_low, at_high)
    level = np.abs(fall) < 1e-9
    outside = level & ((start[:, 2] < lowest) | (start[:, 2] > highest))
    enter = np.where(level, enter, np.maximum(enter, first))
    leave = np.where(level, leave, np.minimum(leave, last))
    seen = ~outside & (leave > enter)
    if not seen.any():
        return ()
    start, ways, enter, leave = start[seen], ways[seen], enter[seen], leave[seen]
    least, most = float(max(leave.min(), 1.0)), float(leave.max())
    limits = [most]
    if not frame.parallel and most > SPREAD * least:
        ratio = most / least
        limits = [least * ratio ** (1 / 3), least * ratio ** (2 / 3), most]
    windows = []
    for limit in limits:
        mine = enter < limit
        ends = np.minimum(leave[mine], limit)
        points = np.concatenate(
            [start[mine] + ways[mine] * enter[mine, None], start[mine] + ways[mine] * ends[:, None]]
        )
        windows.append(_window(points[:, :2] - points[:, 2:] * slant))
    return tuple(windows)


def _window(feet: Floats) -> Window:
    """Give the square around feet, its corner on a whole texel."""
    low, high = feet.min(axis=0), feet.max(axis=0)
    texel = float(max((high - low).max(), 10.0)) / (SIDE - 8)
    corner = np.floor(((low + high) / 2 - texel * SIDE / 2) / texel) * texel
    return Window(float(corner[0]), float(corner[1]), texel, SIDE)
