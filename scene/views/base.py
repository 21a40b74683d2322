"""What every view is: it draws one layer on a stage, follows its signals and cleans up.

A kind of layer gets its picture by a subclass of `LayerView` in a module of its own here and a
row in ``VIEW_FOR`` (`scene.views`). A view never renders; it changes its actors and calls
``self.context.request_frame()``.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pyvista as pv
from numpy.typing import ArrayLike, NDArray

from layers.cut import Cut
from layers.kinds.base import Layer
from layers.kinds.buildings import Buildings
from layers.project import Project
from layers.shapes import Bools, Floats, Ints
from scene.ahead import Ahead, Work
from scene.cover import Cover
from scene.detail import Detail
from scene.drawing_order import DrawingOrder
from scene.ground import Ground
from scene.labels import Labels
from scene.materials import Materials
from scene.rays import Aim, Hit
from scene.shadow_bodies import Bodies
from scene.water_tops import WaterTops

if TYPE_CHECKING:
    from scene.street_view import BuiltLines

Bounds = tuple[float, float, float, float, float, float]
NOTHING: Ints = np.empty(0, dtype=np.int64)
NOBODY: Bools = np.empty(0, dtype=bool)


@dataclass(frozen=True, slots=True, eq=False)
class Body:
    """A closed body: its object, corners (p, 3) in project coordinates, triangles (t, 3)."""

    object_id: int
    points: Floats
    triangles: NDArray[np.int32]


@dataclass(slots=True)
class StageContext:
    """What a view may know of its stage.

    Attributes
    ----------
    plotter : pyvista.BasePlotter
        Where actors go; ``renderer`` is its main renderer.
    project : Project
        The truth.
    origin : (3,) float64
        Project coordinates of the scene's zero point; fixed while a view lives.
    ground : Ground
        Heights of the ground.
    request_frame : callable
        Tell that the picture is out of date.
    shown : callable
        Whether a layer is to be seen now (its own switch, or that of the named view).
    warn : callable
        Tell a text key with facts once to whoever listens (``scene-plain-shading``).
    materials : Materials
        What ground and flat things are drawn with.
    drawing_order : DrawingOrder
        What is drawn before what.
    labels : Labels
        Names written over the picture.
    pixel_scale : float
        Pixels of the drawing per pixel of lines and points: 2 where a picture is drawn larger
        than it will be, or on a dense screen.
    patient : bool
        Whether a frame may be drawn before everything in it was made: what is missing comes with
        one of the next frames.
    detail : Detail
        How much is drawn, and how finely.
    moving : bool
        Whether the eye moves, so that a quick picture counts more than a fine one.
    patience : float
        How much coarser than said a moving picture is because the last ones were slow; 1 or more.
    gone : callable or None
        Says of points, (n, 3) project coordinates, whether a cut takes them away.
    cut : Cut or None
        What is taken away.
    dug : callable or None
        Says of points, (n, 3) project coordinates, whether the ground is dug away there: what
        stands on it is gone, too.
    lift : float
        Metres that the layer is drawn higher than it is.
    works : Ahead
        What threads work out before views are made.
    clock : str
        Moment of the plan whose second is shown; "" for none: then the project's counts.
    decks : set of BuiltLines
        Streets that are built, with the decks of their bridges.
    """

    plotter: pv.BasePlotter
    project: Project
    origin: Floats
    ground: Ground
    request_frame: Callable[[], None]
    shown: Callable[[Layer], bool]
    warn: Callable[[str], None]
    materials: Materials = field(default_factory=Materials)
    labels: Labels = field(default_factory=Labels)
    pixel_scale: float = 1.0
    patient: bool = False
    detail: Detail = field(default_factory=Detail)
    moving: bool = False
    patience: float = 1.0
    gone: Callable[[Floats], Bools] | None = None
    cut: Cut | None = None
    dug: Callable[[Floats], Bools] | None = None
    lift: float = 0.0
    works: Ahead = field(default_factory=Ahead)
    clock: str = ""
    decks: weakref.WeakSet[BuiltLines] = field(default_factory=weakref.WeakSet)
    drawing_order: DrawingOrder = field(init=False)
    _cover: Cover | None = None
    _cover_of: tuple[object, ...] = ()
    _water: WaterTops | None = None
    _water_of: tuple[object, ...] = ()

    def __post_init__(self) -> None:
        self.drawing_order = DrawingOrder(self.renderer, self.materials)

    @property
    def renderer(self) -> Any:
        """The vtkRenderer that draws the scene."""
        return self.plotter.renderer

    def footing(self, places: Floats, facing: Floats) -> Floats:
        """Give the height that somebody goes at, (k,) metres: on ground, on water, over a bridge.

        Parameters
        ----------
        places : (k, 2) float64
            Project coordinates.
        facing : (k,) float64
            Ways they go, radians clockwise from north.
        """
        out = self.water.raised(places, self.ground.height_at(places))
        for lines in self.decks:
            out = np.maximum(out, lines.deck_heights(places, facing))
        return out

    @property
    def cover(self) -> Cover:
        """Roofs that may stand before a name; the same object until something changes."""
        shown = [
            layer.data
            for layer in self.project.layers
            if isinstance(layer.data, Buildings) and self.shown(layer)
        ]
        key: tuple[object, ...] = (self.ground.surface, *shown)
        same = len(key) == len(self._cover_of)
        if not same or any(a is not b for a, b in zip(key, self._cover_of, strict=True)):
            groups = [(data, self.project.base_of(data)) for data in shown]
            self._cover, self._cover_of = Cover.of(groups, self.ground.surface), key
        assert self._cover is not None
        return self._cover

    @property
    def water(self) -> WaterTops:
        """The surfaces of water that are seen; the same object until something changes."""
        shown = [
            layer.features
            for layer in self.project.layers
            if layer.kind == "water" and layer.style.built and self.shown(layer) and len(layer.data)
        ]
        key: tuple[object, ...] = (self.ground.surface, *shown)
        same = self._water is not None and len(key) == len(self._water_of)
        if not same or any(a is not b for a, b in zip(key, self._water_of, strict=True)):
            self._water, self._water_of = WaterTops(shown, self.ground.surface), key
        assert self._water is not None
        return self._water

    def to_scene(self, coords: ArrayLike) -> Floats:
        """Take the origin off project coordinates, (n, 3) or (3,) float64."""
        return np.asarray(np.asarray(coords, dtype=np.float64) - self.origin)


@dataclass(frozen=True, slots=True)
class FrameState:
    """The camera of the frame that is about to be drawn.

    Attributes
    ----------
    planes : (4, 4) float64
        Left, right, bottom, top of the view: ``a x + b y + c z + d >= 0`` inside, scene
        coordinates, unit normals.
    eye : (3,) float64
        Scene coordinates.
    look : (3,) float64
        Unit vector of looking, as the picture shows it.
    size : (int, int)
        Width and height, pixels.
    pixels : float
        Perspective: pixels per radian at the middle. Parallel: pixels per metre.
    parallel : bool
        Whether the picture has parallel lines of sight.
    near, far : float
        What the picture reaches from and to along the line of looking, metres.
    middle, right, up : (3,) float64
        Line of sight through the middle of the picture, of length one along the look, and what it
        gains up to the right and the upper border; nothing where lines of sight are parallel.
    stretch : float
        How many times higher everything is drawn than it is. All coordinates are true ones.
    """

    planes: Floats
    eye: Floats
    look: Floats
    size: tuple[int, int]
    pixels: float
    parallel: bool
    near: float = 1.0
    far: float = 1000.0
    middle: Floats = field(default_factory=lambda: np.array([0.0, 1.0, 0.0]))
    right: Floats = field(default_factory=lambda: np.zeros(3))
    up: Floats = field(default_factory=lambda: np.zeros(3))
    stretch: float = 1.0

    @property
    def ahead(self) -> Floats:
        """What a true way has to be multiplied with for its metres along the look, (3,)."""
        return self.look * (1.0, 1.0, self.stretch)

    @property
    def sight(self) -> Floats:
        """The true way of length one along the look of the picture, (3,)."""
        return self.look / (1.0, 1.0, self.stretch)

    @property
    def away_factor(self) -> float:
        """What the shader of the ground needs to move depth, see ``depthAway`` in ground.glsl."""
        apart = max(self.far - self.near, 1e-6)
        return -2.0 / apart if self.parallel else 2.0 * self.far * self.near / apart

    def pixels_per_metre(self, distance: ArrayLike) -> Floats:
        """Give how large a metre is at distances from the eye, pixels."""
        away = np.asarray(distance, dtype=np.float64)
        if self.parallel:
            return np.full(away.shape, self.pixels)
        return np.asarray(self.pixels / np.maximum(away, 1e-3))

    def sees(self, low: Floats, high: Floats) -> Bools:
        """Say which boxes, corners (n, 3) in scene coordinates, may be in the picture, (n,)."""
        normals = self.planes[:, :3]
        middle, half = (low + high) / 2.0, (high - low) / 2.0
        reach = middle @ normals.T + self.planes[:, 3] + half @ np.abs(normals).T
        return np.asarray((reach >= 0.0).all(axis=1))


class LayerView:
    """Draws one layer. Subclasses implement `rebuild` and `restyle`, and what else they need.

    The constructor connects the layer's signals, then calls `rebuild` and `restyle` once: a
    subclass sets up its own attributes first, then calls ``super().__init__``.

    Parameters
    ----------
    layer : Layer
        What is drawn.
    context : StageContext
        Where.
    """

    #: Flat things lie on the ground: they are picked by ground position after solid ones.
    flat: ClassVar[bool] = False

    def __init__(self, layer: Layer, context: StageContext) -> None:
        self.layer, self.context = layer, context
        self.rebuild()
        self.restyle()
        layer.data_changed.connect(self._data_changed)
        layer.look_changed.connect(self._look_changed)

    @property
    def shown(self) -> bool:
        """Whether the layer is to be seen now."""
        return self.context.shown(self.layer)

    @property
    def lift(self) -> float:
        """Metres that the layer is drawn higher than it is."""
        return self.context.lift

    @property
    def casting(self) -> Bools:
        """Which blocks throw shadows, (n,) bool; the same array until that changes."""
        return NOBODY

    @property
    def bodies(self) -> tuple[Bodies, ...]:
        """What else throws shadows; the same objects until that changes."""
        return ()

    def solids(self, low: Floats, high: Floats, *, blocks: bool = True) -> Iterator[Body]:
        """Give closed bodies that are seen and may touch a box, (3,) project coordinates.

        Parameters
        ----------
        low, high : (3,) float64
            Corners of the box.
        blocks : bool
            Whether upright blocks count, too.
        """
        del low, high, blocks
        yield from ()

    def laid_at(self, places: Floats) -> Floats:
        """Give the height at which what lies flat is drawn, (n,) metres; NaN where nothing is."""
        return np.full(len(places), np.nan)

    @classmethod
    def ahead(cls, layer: Layer, context: StageContext) -> Work | None:
        """Give what of making the view a thread may do before, None where that is little."""
        del layer, context
        return None

    def _data_changed(self) -> None:
        self.rebuild()
        self.restyle()
        self.context.request_frame()

    def _look_changed(self) -> None:
        self.restyle()
        self.context.request_frame()

    def rebuild(self) -> None:
        """Make the actors anew from ``self.layer.data``."""
        raise NotImplementedError

    def restyle(self) -> None:
        """Give the actors the layer's style, opacity and visibility (``self.shown``)."""
        raise NotImplementedError

    def ground_changed(self) -> None:
        """Follow a new terrain; views that stand or lie on the ground rebuild."""

    def set_order(self, position: int) -> None:
        """Learn the place among the project's layers, 0 is the lowest (for flat things)."""

    def prepare(self, frame: FrameState) -> None:
        """Get ready for a frame: cull, choose levels. Called for hidden layers too.

        Must be cheap and must not ask for frames.
        """

    def drawn(self) -> None:
        """Learn that a frame with this view was drawn; may ask for another one."""

    def advance(self, seconds: float) -> bool:
        """Hand over what was made ready meanwhile, for so long; says whether more is to come."""
        del seconds
        return False

    def complete(self, frame: FrameState) -> bool:
        """Say whether the last frame was just what a picture at rest shows."""
        del frame
        return True

    def foresee(self, frame: FrameState) -> None:
        """Begin to make ready what a movement that begins with this frame will want."""

    def finish(self, frame: FrameState) -> None:
        """Make everything that a frame wants, however long it takes."""

    def bounds(self) -> Bounds | None:
        """Give west, east, south, north, lowest, highest in project metres; None if empty."""
        return None

    def nearest(self, frame: FrameState) -> float:
        """Give a lower bound of the distance from the eye to what is drawn, metres."""
        box = self.bounds()
        if box is None:
            return float("inf")
        low = np.array(box[0::2]) - self.context.origin
        high = np.array(box[1::2]) - self.context.origin
        return float(np.linalg.norm(np.maximum(np.maximum(low - frame.eye, frame.eye - high), 0.0)))

    def pick(self, aim: Aim) -> Hit | None:
        """Give what the view has under a pixel; hidden things are not found."""
        del aim
        return None

    def inside(self, project: Callable[[Floats], Bools]) -> Ints:
        """Give the ids of visible objects whose middle is chosen by a function.

        Parameters
        ----------
        project : callable
            Takes (n, 3) points in project coordinates, gives (n,) bool.
        """
        del project
        return NOTHING

    def select(self, ids: Ints) -> None:
        """Show these objects, and no others, as selected."""

    def hover(self, object_id: int | None) -> None:
        """Show this object, and no other, as being pointed at."""

    def isolate(self, ids: Ints | None) -> None:
        """Hide all objects but these; None shows all again."""

    def close(self) -> None:
        """Take the actors off the stage and free them; subclasses call this last."""
        self.layer.data_changed.disconnect(self._data_changed, missing_ok=True)
        self.layer.look_changed.disconnect(self._look_changed, missing_ok=True)
