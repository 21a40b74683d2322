"""What is to be written of a city: buildings, hand-made models, and what stays behind and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from layers.conditions import matching
from layers.errors import CityError
from layers.kinds.base import Layer
from layers.kinds.buildings import Buildings
from layers.kinds.models import Models
from layers.object_table import AREA, HEIGHT, ID, ObjectTable
from layers.project import Project
from layers.roof_shapes import roofed
from layers.shapes import Bools, Floats, Ints
from layers.style import Style

#: What a line that chooses may call the computed columns.
NAMES = {"object": ID, "height": HEIGHT, "area": AREA}
#: Why something is not written, in the order it is told.
HIDDEN, KIND, CONDITION, UNDER_MODEL, OUTLINE, FLAT = (
    "layer_hidden", "kind_not_written", "condition_not_met", "under_model", "parts_instead",
    "no_faces",
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Chosen:
    """Some buildings of a layer, as they were when they were chosen.

    Attributes
    ----------
    layer_id, name : str
        The layer.
    data : Buildings
        All n buildings of the layer, with the faces of roofs that attributes tell.
    base : (n,) float64
        Level each one stands on, metres above the project's height datum.
    style : Style
        The layer's look.
    opacity : float
        The layer's opacity.
    rows : (k,) int64
        Positions of the chosen ones, ascending. Parts come with the building they belong to,
        and outlines whose parts are drawn in their place are among them.
    """

    layer_id: str
    name: str
    data: Buildings
    base: Floats
    style: Style
    opacity: float
    rows: Ints

    @property
    def drawn(self) -> Ints:
        """Positions of those that are seen, (d,) int64."""
        return self.rows[self.data.drawn[self.rows]]


@dataclass(frozen=True, slots=True, eq=False)
class ChosenModels:
    """Some hand-made models of a layer, or trees as such.

    Attributes
    ----------
    layer_id, name : str
        The layer.
    data : Models
        All n of the layer.
    level : (n,) float64
        Height each one stands at, metres above the project's height datum.
    opacity : float
        The layer's opacity.
    rows : (k,) int64
        Positions of the chosen ones, ascending.
    kind : str
        Kind of the layer.
    width : (n,) float64 or None
        What their width is multiplied with beside their scale; None for 1.
    """

    layer_id: str
    name: str
    data: Models
    level: Floats
    opacity: float
    rows: Ints
    kind: str = "models"
    width: Floats | None = None

    @property
    def sizes(self) -> Floats:
        """Size of all of the layer to the east, to the north and upwards, (n, 3)."""
        wide = self.data.scale if self.width is None else self.data.scale * self.width
        return np.column_stack([wide, wide, self.data.scale])

    @property
    def places(self) -> Floats:
        """East, north and height above the datum of all of the layer, (n, 3)."""
        return np.column_stack([self.data.shapes.coords, self.level])

    def boxes(self, rows: Ints) -> Floats:
        """Give west, south, lowest, east, north, highest of some models, (k, 6) metres."""
        data, size = self.data, self.sizes[rows]
        ends = np.array([model.box() for model in data.library.models]).reshape(-1, 2, 3)
        low, high = ends[data.model[rows], 0] * size, ends[data.model[rows], 1] * size
        angle = np.radians(data.turn[rows])[:, None]
        c, s = np.cos(angle), np.sin(angle)
        x = np.column_stack([low[:, 0], high[:, 0], low[:, 0], high[:, 0]])
        y = np.column_stack([low[:, 1], low[:, 1], high[:, 1], high[:, 1]])
        east, north = x * c + y * s, y * c - x * s
        near = np.column_stack([east.min(axis=1), north.min(axis=1), low[:, 2]])
        far = np.column_stack([east.max(axis=1), north.max(axis=1), high[:, 2]])
        places = self.places[rows]
        return np.column_stack([places + near, places + far])


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something of the city that is not written.

    Attributes
    ----------
    layer : str
        Name of its layer.
    kind : str
        Kind of the layer.
    count : int
        Objects.
    reason : str
        ``layer_hidden``, ``kind_not_written``, ``condition_not_met``, ``under_model`` (a
        hand-made model is written in its place), ``parts_instead`` (its parts are) or
        ``no_faces`` (nothing of it has an area).
    """

    layer: str
    kind: str
    count: int
    reason: str


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """What is to be written.

    Attributes
    ----------
    buildings : tuple of Chosen
        One for each layer of which something is chosen.
    models : tuple of ChosenModels
        The same of hand-made models.
    left_out : tuple of LeftOut
        What of the asked layers, or of all where none was asked for, is not chosen.
    """

    buildings: tuple[Chosen, ...]
    models: tuple[ChosenModels, ...] = ()
    left_out: tuple[LeftOut, ...] = ()

    def __iter__(self) -> Iterator[Chosen | ChosenModels]:
        return iter((*self.buildings, *self.models))

    @classmethod
    def joined(cls, choices: Iterable[Choice]) -> Choice:
        """Put choices of different layers together."""
        parts = list(choices)
        return cls(
            tuple(one for part in parts for one in part.buildings),
            tuple(one for part in parts for one in part.models),
            tuple(one for part in parts for one in part.left_out),
        )

    def count(self, kind: str = "") -> int:
        """Count what is chosen of a kind, or buildings."""
        if not kind:
            return sum(len(one.rows) for one in self.buildings)
        return sum(len(one.rows) for one in self.models if one.kind == kind)

    def extent(self) -> Floats:
        """Give west, south, lowest, east, north, highest of all, (6,) metres."""
        low, high = np.full(3, np.inf), np.full(3, -np.inf)
        for one in self:
            box = one.boxes(one.rows) if isinstance(one, ChosenModels) else boxes_of(one, one.rows)
            low = np.minimum(low, box[:, :3].min(axis=0))
            high = np.maximum(high, box[:, 3:].max(axis=0))
        return np.concatenate([low, high])

    def of_drawn(self) -> Choice:
        """Give the choice for formats of what is seen: without outlines that parts stand for."""
        kept, told = [], list(self.left_out)
        for one in self.buildings:
            drawn = one.drawn
            if len(drawn) < len(one.rows):
                told.append(LeftOut(one.name, "buildings", len(one.rows) - len(drawn), OUTLINE))
            if len(drawn):
                kept.append(replace(one, rows=drawn))
        return replace(self, buildings=tuple(kept), left_out=tuple(told))


#: Makes models of the objects of a layer of another kind.
Maker = Callable[[Project, Layer], ChosenModels]


def choose(
    project: Project,
    layers: Sequence[Layer] = (),
    *,
    where: str = "",
    ids: Sequence[int] = (),
    makers: Mapping[str, Maker] = MappingProxyType({}),
) -> Choice:
    """Choose the buildings and hand-made models to write.

    A building is left out where a model that hides it is written in its place, unless it was
    named by its number: a city without holes, and nothing twice.

    Parameters
    ----------
    project : Project
        The city; it needs a coordinate system.
    layers : sequence of Layer
        Layers of buildings or models; none means all that are visible.
    where : str
        A line as `layers.conditions` reads it; ``height``, ``area`` and ``object`` are computed
        where there is no field of that name. Layers without the field it names give nothing,
        unless they all do.
    ids : sequence of int
        Numbers of the objects of one layer; none means all but those that models hide.
    makers : mapping of str to callable
        What makes models of the objects of layers of other kinds, such as trees; without one
        such layers are left out.

    Returns
    -------
    Choice

    Raises
    ------
    CityError
        ``project.no_crs``, ``export.no_buildings``, ``export.not_buildings``,
        ``export.ids_of_several``, ``export.nothing_chosen``, ``features.no_such_id``, and as
        reading the line does.
    """
    project.need_frame()
    found = _layers_of(project, layers, makers)
    if len(ids) and len(found) > 1:
        raise CityError(
            "export.ids_of_several",
            f"Numbers of buildings are of one layer, but {len(found)} layers are chosen.",
            hint="name the layer with --layer",
            count=len(found),
        )
    masks, refused = _masks(found, where, ids)
    left_out = [] if layers else list(_not_asked(project, makers))
    for layer, mask in masks:
        if not len(ids) and not mask.all():
            left_out.append(LeftOut(layer.name, layer.kind, int((~mask).sum()), CONDITION))
    models: tuple[ChosenModels, ...] = ()
    for layer, mask in masks:
        if not isinstance(layer.data, Buildings) and mask.any():
            models = (*models, *_models(project, layer, mask, makers))
    hidden = _hidden(models) if not len(ids) else {}
    buildings = []
    for layer, mask in masks:
        if isinstance(layer.data, Buildings) and mask.any():
            one, under = _buildings(project, layer, mask, hidden.get(layer.id))
            buildings += [one] if len(one.rows) else []
            left_out += [LeftOut(layer.name, layer.kind, under, UNDER_MODEL)] if under else []
    if buildings or models:
        return Choice(tuple(buildings), models, tuple(left_out))
    if refused is not None:
        raise refused
    raise CityError(
        "export.nothing_chosen",
        "No building or model is chosen.",
        hint="check the condition, or choose other layers",
    )


def _masks(
    layers: Sequence[Layer], where: str, ids: Sequence[int]
) -> tuple[list[tuple[Layer, Bools]], CityError | None]:
    """Say which objects of layers are asked for, and the error if no layer knows a field."""
    masks: list[tuple[Layer, Bools]] = []
    unknown: list[CityError] = []
    for layer in layers:
        data = layer.features
        mask = np.ones(len(data), dtype=bool)
        if len(ids):
            mask[:] = False
            mask[data.index_of(list(ids))] = True
        if where.strip():
            try:
                mask &= matching(ObjectTable(data), where, _names(layer))
            except CityError as error:
                if error.code != "filter.field":
                    raise
                unknown.append(error)
                mask[:] = False
        masks.append((layer, _with_parts(data, mask) if isinstance(data, Buildings) else mask))
    return masks, unknown[0] if len(unknown) == len(layers) else None


def _not_asked(project: Project, makers: Mapping[str, Maker]) -> Iterator[LeftOut]:
    """Tell of the layers that are not written where no layer was named."""
    for layer in project.layers:
        if not len(layer.data):
            continue
        if not _fits(layer, makers):
            if layer.visible:
                yield LeftOut(layer.name, layer.kind, len(layer.data), KIND)
        elif not layer.visible:
            yield LeftOut(layer.name, layer.kind, len(layer.data), HIDDEN)


def _models(
    project: Project, layer: Layer, mask: Bools, makers: Mapping[str, Maker]
) -> tuple[ChosenModels, ...]:
    """Take the models of a mask, or what is made of other objects; nothing where none is."""
    data = layer.data
    if not isinstance(data, Models):
        made = makers[layer.kind](project, layer)
        rows = np.flatnonzero(np.isin(made.data.ids, layer.features.ids[mask]))
        return (replace(made, rows=rows),) if len(rows) else ()
    level = data.heights(project.ground_at(data.shapes.coords))
    rows = np.flatnonzero(mask)
    return (ChosenModels(layer.id, layer.name, data, level, layer.opacity, rows),)


def _hidden(models: Iterable[ChosenModels]) -> dict[str, Ints]:
    """Give the buildings that chosen models stand for, by the ids of their layers."""
    found: dict[str, list[int]] = {}
    for one in models:
        for _, layer_id, building in one.data.links.of_instances(one.data.ids[one.rows]):
            found.setdefault(layer_id, []).append(building)
    return {layer_id: np.unique(numbers) for layer_id, numbers in found.items()}


def _buildings(
    project: Project, layer: Layer, mask: Bools, hidden: Ints | None
) -> tuple[Chosen, int]:
    """Take the rows of a mask without hidden ones; gives how many of those there are too."""
    data = layer.data
    assert isinstance(data, Buildings)
    under = np.zeros(len(data), dtype=bool) if hidden is None else np.isin(data.ids, hidden) & mask
    base = project.base_of(data)
    rows = np.flatnonzero(mask & ~under)
    shaped = roofed(data, base)
    chosen = Chosen(layer.id, layer.name, shaped, base, layer.style, layer.opacity, rows)
    return chosen, int(under.sum())


def _fits(layer: Layer, makers: Mapping[str, Maker]) -> bool:
    return isinstance(layer.data, Buildings | Models) or layer.kind in makers


def _layers_of(
    project: Project, layers: Sequence[Layer], makers: Mapping[str, Maker]
) -> list[Layer]:
    for layer in layers:
        if not _fits(layer, makers):
            raise CityError(
                "export.not_buildings",
                f"The layer '{layer.name}' holds no buildings, models or trees.",
                hint="choose layers of buildings, models or trees",
                name=layer.name,
            )
    found = list(layers) or [
        layer for layer in project.layers if layer.visible and _fits(layer, makers)
    ]
    if not any(len(layer.data) for layer in found):
        raise CityError(
            "export.no_buildings",
            "There is no visible layer with buildings or models.",
            hint="import buildings, show their layer, or name it with --layer",
        )
    return [layer for layer in found if len(layer.data)]


def _names(layer: Layer) -> dict[str, str]:
    """Give what computed columns may be called in a line about a layer."""
    own = layer.features.attributes.column_names
    there = {column.key for column in ObjectTable(layer.features).columns}
    return {name: key for name, key in NAMES.items() if name not in own and key in there}


def _with_parts(data: Buildings, mask: Bools) -> Bools:
    """Add the parts of chosen buildings."""
    part = data.part_of > 0
    if not part.any() or mask.all():
        return mask
    return mask | (part & np.isin(data.part_of, data.ids[mask]))


def boxes_of(chosen: Chosen, rows: Ints) -> Floats:
    """Give west, south, lowest, east, north, highest of some buildings, (k, 6) metres.

    Where a building has surfaces the box of those is taken into it.
    """
    data = chosen.data
    plan = data.shapes.bounds()[rows]
    base = chosen.base[rows]
    out = np.column_stack(
        [plan[:, :2], base + data.min_height[rows], plan[:, 2:], base + data.height[rows]]
    )
    surfaces = data.surfaces
    if surfaces is not None and len(surfaces.owner):
        place = np.full(len(data), -1, dtype=np.int64)
        place[rows] = np.arange(len(rows))
        first = surfaces.ring_start[surfaces.face_start]
        of_face = place[data.index_of(surfaces.owner)]
        of_point = np.repeat(of_face, np.diff(first))
        mine = of_point >= 0
        for axis in range(3):
            np.minimum.at(out[:, axis], of_point[mine], surfaces.coords[mine, axis])
            np.maximum.at(out[:, 3 + axis], of_point[mine], surfaces.coords[mine, axis])
    return out
