"""What stands along streets near the eye: kerb stones, lamps, and the light of lamps at night."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray
from vtkmodules.vtkRenderingCore import vtkActor

from layers.shapes import Floats, Ints, starts_of
from layers.street_areas import StreetAreas
from layers.street_marks import Lamps, Path
from layers.style import Rgb
from scene.actors import drop, mapper_of, polydata, set_colours
from scene.pixel_marks import RoundMarks
from scene.solids import Solid, SolidLook
from scene.street_decks import LAMP_HIGH, LAMP_REACH, lamp_body

if TYPE_CHECKING:
    from scene.views.base import FrameState, StageContext

Heights = Callable[[Floats], Floats]
KERB_WIDE, KERB_DEEP = 0.22, 0.15  # metres across and below the ground
OVER_WALK = 0.02  # metres that a kerb stone stands above the footway behind it
KERB_COLOUR = (214, 211, 204)
FINE = 5.0  # metres between heights of the ground along a kerb
WARM = (255, 224, 160)
POOL, POOL_SIDES, POOL_OVER = 9.0, 18, 0.12  # metres and corners of the light on the ground
BRIGHTEST = 105  # opacity of the light under a lamp, 0 to 255
#: Metres, least pixels, opacity, and whether it fades: a lamp's head and the halo around it.
GLOW = ((0.8, 1.7, 1.0, False), (7.0, 3.0, 0.55, True))


def kerb_lines(areas: StreetAreas, box: tuple[float, float, float, float]) -> tuple[Floats, Ints]:
    """Give the lines between carriageways and footways within a box: corners, and their starts."""
    none = np.empty((0, 2)), np.zeros(1, dtype=np.int64)
    if shapely.is_empty(areas.footway):
        return none
    whole = shapely.union_all(areas.carriageway)
    edge = shapely.intersection(shapely.boundary(whole), shapely.box(*box))
    beside = shapely.intersection(edge, shapely.buffer(areas.footway, 0.05, quad_segs=1))
    parts = shapely.get_parts(shapely.line_merge(beside))
    parts = parts[(shapely.get_type_id(parts) == 1) & (shapely.length(parts) > 0.5)]
    if not len(parts):
        return none
    sizes = shapely.get_num_coordinates(parts)
    return shapely.get_coordinates(parts), starts_of(sizes)


def kerb_body(
    corners: Floats, first: Ints, height: Heights, high: float
) -> tuple[Floats, NDArray[np.int32]]:
    """Build stones along lines.

    Parameters
    ----------
    corners : (m, 2) float64
        Of the lines, metres.
    first : (k + 1,) int64
        Where each line starts.
    height : callable
        Gives the height of the ground at places, (n, 2).
    high : float
        Metres above the ground.

    Returns
    -------
    points : (p, 3) float64
    triangles : (t, 3) int32
        Both sides and the top of each stone, counter-clockwise seen from outside.
    """
    plans: list[Floats] = []
    faces: list[NDArray[np.int64]] = []
    count = 0
    for a, b in itertools.pairwise(first.tolist()):
        line = shapely.segmentize(shapely.LineString(corners[a:b]), FINE)
        path = Path(shapely.get_coordinates(line))
        along = path.stations(0.0, path.length)
        sides = [path.at(along, side * KERB_WIDE / 2.0) for side in (1.0, -1.0)]
        n = len(along)
        if n < 2:
            continue
        plans.append(np.stack([sides[0], sides[0], sides[1], sides[1]]).reshape(-1, 2))
        row = count + np.arange(n - 1)
        for one, two in ((0, 1), (1, 2), (2, 3)):  # left side, top, right side
            p, q = row + one * n, row + two * n
            faces += [np.column_stack([p, q, q + 1]), np.column_stack([p, q + 1, p + 1])]
        count += 4 * n
    if not plans:
        return np.empty((0, 3)), np.empty((0, 3), dtype=np.int32)
    over = [np.repeat([-KERB_DEEP, high, high, -KERB_DEEP], len(plan) // 4) for plan in plans]
    plan = np.vstack(plans)
    points = np.column_stack([plan, height(plan) + np.concatenate(over)])
    return points, np.vstack(faces).astype(np.int32)


class Stones:
    """Kerb stones of a tile.

    Parameters
    ----------
    corners, first : array
        As `kerb_lines` gives them.
    height : callable
        Heights of the ground.
    high : float
        Metres that the footway lies above the ground.
    look : SolidLook
        Light.
    context : StageContext
        Where.
    """

    def __init__(
        self, corners: Floats, first: Ints, height: Heights, high: float, look: SolidLook,
        context: StageContext,
    ) -> None:  # fmt: skip
        self._lift = 0.0
        points, triangles = kerb_body(corners, first, height, high + OVER_WALK)
        self._solid = Solid(points, triangles, look, context)
        context.materials.earthbound.add(self._solid.actor)
        self._solid.paint(np.tile(np.array(KERB_COLOUR, dtype=np.uint8), (len(points), 1)))

    def place(self, lift: float) -> None:
        """Stand so far above the ground, metres, as the street does."""
        actor = self._solid.actor
        east, north, height = actor.GetPosition()
        actor.SetPosition(east, north, height + lift - self._lift)
        self._lift = lift

    def show(self, shown: bool) -> None:
        """Show or hide them."""
        self._solid.show(shown)

    def close(self, context: StageContext) -> None:
        """Take them away."""
        self._solid.close(context)


class StreetLights:
    """Lamps of a tile; at night their heads glow and the ground under them is lit.

    Parameters
    ----------
    lamps : Lamps
        n lamps.
    height : callable
        Heights of the ground.
    lift : float
        Metres that streets lie over the ground.
    look : SolidLook
        Light of the posts.
    context : StageContext
        Where.
    """

    def __init__(
        self, lamps: Lamps, height: Heights, lift: float, look: SolidLook, context: StageContext
    ) -> None:
        self._lamps, self._height, self._lift, self._context = lamps, height, lift, context
        self._feet = height(lamps.place) + lift
        self.body = lamp_body(lamps, self._feet)
        self._solid = Solid(self.body.points, self.body.triangles, look, context)
        self._marks: list[RoundMarks] = []
        self._pools: Any = None

    def paint(self, colours: Rgb, opacity: float) -> None:
        """Give each point of the bodies its colour."""
        self._solid.paint(colours, opacity)

    def show(self, shown: bool) -> None:
        """Show or hide them, with their light where it is night."""
        self._solid.show(shown)
        night = shown and self._context.materials.look.night and len(self._feet) > 0
        if night and self._pools is None:
            self._shine()
        for actor in (*(mark.actor for mark in self._marks), self._pools):
            if actor is not None:
                actor.SetVisibility(night)

    def follow(self, frame: FrameState) -> None:
        """Take the size of the picture."""
        for mark in self._marks:
            mark.prepare(frame, self._context.pixel_scale)

    def _shine(self) -> None:
        """Make the light of the lamps."""
        over = self._lamps.place + self._lamps.toward * (LAMP_REACH - 0.3)
        heads = self._context.to_scene(np.column_stack([over, self._feet + LAMP_HIGH - 0.2]))
        red, green, blue = (part / 255.0 for part in WARM)
        for metres, least, opacity, soft in GLOW:
            mark = RoundMarks(
                heads, least, pull=0.002, colour=(red, green, blue), metres=metres, soft=soft
            )
            mark.actor.ForceTranslucentOn()
            mark.actor.GetProperty().SetOpacity(opacity)
            self._context.renderer.AddActor(mark.actor)
            self._marks.append(mark)
        self._pools = _pools(over, self._height, self._lift, self._context)
        self._context.renderer.AddActor(self._pools)

    def close(self, context: StageContext) -> None:
        """Take them away."""
        self._solid.close(context)
        for actor in (*(mark.actor for mark in self._marks), self._pools):
            if actor is not None:
                drop(context.renderer, actor)
        self._marks, self._pools = [], None


def _pools(over: Floats, height: Heights, lift: float, context: StageContext) -> Any:
    """Make discs of light on the ground, bright in the middle and nothing at the rim."""
    turn = np.linspace(0.0, 2.0 * np.pi, POOL_SIDES, endpoint=False)
    ring = POOL * np.column_stack([np.cos(turn), np.sin(turn)])
    plan = np.concatenate([over[:, None], over[:, None] + ring], axis=1).reshape(-1, 2)
    points = context.to_scene(np.column_stack([plan, height(plan) + lift + POOL_OVER]))
    rim = np.arange(POOL_SIDES)
    fan = np.column_stack([np.zeros_like(rim), rim + 1, (rim + 1) % POOL_SIDES + 1])
    step = POOL_SIDES + 1
    triangles = (fan[None] + step * np.arange(len(over))[:, None, None]).reshape(-1, 3)
    colours = np.zeros((len(points), 4), dtype=np.uint8)
    colours[:, :3] = WARM
    colours[::step, 3] = BRIGHTEST
    middle = points.mean(axis=0).round()
    data = polydata(points - middle, triangles.astype(np.int32))
    set_colours(data, colours)
    actor: Any = vtkActor()
    actor.SetMapper(mapper_of(data))
    actor.SetPosition(*middle)
    actor.SetPickable(False)
    actor.ForceTranslucentOn()
    look = actor.GetProperty()
    look.SetLighting(False)
    look.SetAmbient(1.0)
    look.SetDiffuse(0.0)
    return actor


def chosen_lamps(lamps: Lamps, at: Ints) -> Lamps:
    """Give some of the lamps."""
    return replace(
        lamps, place=lamps.place[at], toward=lamps.toward[at], line=lamps.line[at],
        along=lamps.along[at],
    )  # fmt: skip
