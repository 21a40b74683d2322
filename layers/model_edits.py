"""The commands that place, move, turn, size, remove models and link them to buildings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import InitVar, dataclass, field, replace

import numpy as np
import pyarrow as pa
from numpy.typing import ArrayLike

from layers.errors import CityError
from layers.history import Command, Label
from layers.kinds.base import Features
from layers.kinds.model_library import Library, Model, UpAxis
from layers.kinds.models import Links, Models, models_of, points_of
from layers.planning.model_links import buildings_under
from layers.project import Project
from layers.shapes import Floats, Ints
from layers.swap import Swap, Work


@dataclass(eq=False)
class SetModels:
    """Swap the models of a layer; steps of one drag merge."""

    layer_id: str
    data: InitVar[Models]
    title: Label
    ids: tuple[int, ...] = ()
    _swap: Swap = field(default_factory=Swap, init=False, repr=False)

    def __post_init__(self, data: Models) -> None:
        self._swap.after = data

    @property
    def label(self) -> Label:
        """What the swap is for."""
        return self.title

    def do(self, project: Project) -> None:
        """Swap."""
        layer = project.layer(self.layer_id)
        models_of(layer)
        self._swap.do(layer)

    def undo(self, project: Project) -> None:
        """Swap back."""
        self._swap.undo(project.layer(self.layer_id))

    def absorb(self, later: Command) -> bool:
        """Merge with a later change of the same models."""
        if (
            isinstance(later, SetModels)
            and later.layer_id == self.layer_id
            and later.ids == self.ids
            and later.title.key == self.title.key
            and self._swap.absorb(later._swap)
        ):
            self.title = later.title
            return True
        return False

    def held(self) -> Iterator[object]:
        """Give the contents that are kept."""
        return self._swap.held()

    def condensing(self) -> Work | None:
        """Give the work of keeping less of them."""
        return self._swap.condensing()


def place_more(
    project: Project,
    layer_id: str,
    places: ArrayLike,
    key: str = "",
    *,
    turn: ArrayLike = 0.0,
    scale: ArrayLike = 1.0,
    on_ground: bool = True,
    hide: bool = False,
) -> tuple[SetModels, Ints]:
    """Make the command that puts more models of a layer's library on places.

    Parameters
    ----------
    project : Project
        The project.
    layer_id : str
        The layer of models.
    places : (n, 3) array_like of float
        East, north, height above the ground or the datum, metres.
    key : str
        The model; "" takes the first.
    turn, scale : array_like of float
        Degrees clockwise, size against the file.
    on_ground : bool
        Whether heights count from the ground.
    hide : bool
        Whether buildings under them are linked and hidden.

    Returns
    -------
    (SetModels, (n,) int64)
        The command and the new ids.
    """
    layer = project.layer(layer_id)
    data = models_of(layer)
    xyz = np.asarray(places, dtype=np.float64).reshape(-1, 3)
    which = data.library.position(key) if key else 0
    more = Models.placed(data.library, xyz, which, turn=turn, scale=scale, on_ground=on_ground)
    start = int(data.ids.max(initial=0)) + 1
    ids = np.arange(start, start + len(more), dtype=np.int64)
    joined = _joined(data, more, ids)
    if hide:
        joined = _linked(project, joined, ids)
    facts: dict[str, object] = {"count": len(more), "name": data.library.keys[which]}
    return SetModels(layer.id, joined, Label("edit-place-models", facts)), ids


def _joined(data: Models, more: Models, ids: Ints) -> Models:
    rows = data.attributes.num_rows
    name = next((c for c in ("name", "Name", "名称") if c in data.attributes.column_names), None)
    columns = {
        field.name: more.attributes.column("name").cast(field.type)
        if field.name == name and pa.types.is_string(field.type)
        else pa.nulls(len(more), field.type)
        for field in data.attributes.schema
    }
    added = pa.table(columns, schema=data.attributes.schema)
    return Models(
        points_of(np.concatenate([data.places, more.places])),
        np.concatenate([data.ids, ids]),
        np.concatenate([data.feature, np.arange(rows, rows + len(more), dtype=np.int64)]),
        pa.concat_tables([data.attributes, added]),
        model=np.concatenate([data.model, more.model]),
        turn=np.concatenate([data.turn, more.turn]),
        scale=np.concatenate([data.scale, more.scale]),
        on_ground=np.concatenate([data.on_ground, more.on_ground]),
        library=data.library,
        links=data.links,
    )


def change_models(
    project: Project,
    layer_id: str,
    ids: ArrayLike,
    *,
    place: Sequence[float] | None = None,
    shift: Sequence[float] | None = None,
    turn: float | None = None,
    turn_by: float = 0.0,
    scale: float | None = None,
    scale_by: float = 1.0,
    on_ground: bool | None = None,
    key: str = "",
) -> SetModels:
    """Make the command that moves, turns or sizes models; links follow the new footprints.

    Parameters
    ----------
    project : Project
        The project.
    layer_id : str
        The layer of models.
    ids : (k,) array_like of int
        The models.
    place : (east, north) or (east, north, height) or None
        Where to put them; a missing height stays.
    shift : (east, north, up) or None
        Metres to move them by.
    turn, turn_by : float
        Degrees clockwise: new, and to add.
    scale, scale_by : float
        Size: new, and to multiply by.
    on_ground : bool or None
        Whether the height counts from the ground; the models stay where they are in space.
    key : str
        Another model of the library to stand there.
    """
    layer = project.layer(layer_id)
    data = models_of(layer)
    at = data.index_of(ids)
    xyz, turns, sizes = data.places, data.turn.copy(), data.scale.copy()
    grounded, model = data.on_ground.copy(), data.model.copy()
    if place is not None:
        xyz[at, : len(place)] = place
    if shift is not None:
        xyz[at] += np.asarray(shift, dtype=np.float64)
    if on_ground is not None:
        other = at[grounded[at] != on_ground]
        ground = project.ground_at(xyz[other, :2])
        xyz[other, 2] += -ground if on_ground else ground
        grounded[other] = on_ground
    turns[at] = np.mod((turns[at] if turn is None else turn) + turn_by, 360.0)
    sizes[at] = (sizes[at] if scale is None else scale) * scale_by
    if key:
        model[at] = data.library.position(key)
    if not np.isfinite(xyz).all():
        raise CityError(
            "models.place", "A model's place has to be numbers.", hint="give east, north, height"
        )
    changed = replace(
        data, shapes=points_of(xyz), turn=turns, scale=sizes, on_ground=grounded, model=model
    )
    chosen = data.ids[at]
    linked = np.intersect1d(chosen, data.links.instance)
    if len(linked):
        changed = _linked(project, changed, linked)
    title = Label("edit-change-models", {"count": len(at), "name": layer.name})
    return SetModels(layer.id, changed, title, tuple(chosen.tolist()))


def remove_models(project: Project, layer_id: str, ids: ArrayLike) -> SetModels:
    """Make the command that takes models away; buildings they hid are shown again."""
    layer = project.layer(layer_id)
    data = models_of(layer)
    keep = np.ones(len(data), dtype=bool)
    keep[data.index_of(ids)] = False
    rows = np.flatnonzero(keep)
    old = [row for row in data.links.triples() if row[0] in set(data.ids[rows].tolist())]
    left = replace(
        data,
        shapes=points_of(data.places[rows]), ids=data.ids[rows], feature=data.feature[rows],
        model=data.model[rows], turn=data.turn[rows], scale=data.scale[rows],
        on_ground=data.on_ground[rows], links=Links.of(old),
    )  # fmt: skip
    count = len(data) - len(rows)
    return SetModels(
        layer.id, left, Label("edit-remove-models", {"count": count, "name": layer.name})
    )


def set_axes(
    project: Project,
    layer_id: str,
    key: str,
    *,
    up: UpAxis | None = None,
    unit: float | None = None,
) -> SetModels:
    """Make the command that says anew which axis of a model points up and what its unit is."""
    layer = project.layer(layer_id)
    data = models_of(layer)
    at = data.library.position(key)
    model = data.library.models[at]
    made = replace(model, up=up or model.up, unit=model.unit if unit is None else unit)
    library = data.library.replaced(at, made)
    title = Label("edit-model-axes", {"name": key})
    return SetModels(layer.id, replace(data, library=library), title)


def add_model(project: Project, layer_id: str, model: Model) -> SetModels:
    """Make the command that adds a model to a layer's library, to be placed later."""
    layer = project.layer(layer_id)
    data = models_of(layer)
    library = data.library.with_model(model)
    title = Label("edit-add-model", {"name": library.keys[-1]})
    return SetModels(layer.id, replace(data, library=library), title)


def link_buildings(project: Project, layer_id: str, ids: ArrayLike | None = None) -> SetModels:
    """Make the command that hides the buildings under models; None takes all models."""
    layer = project.layer(layer_id)
    data = models_of(layer)
    chosen = data.ids if ids is None else data.ids[data.index_of(ids)]
    made = _linked(project, data, chosen)
    count = len(made.links.of_instances(chosen))
    title = Label("edit-link-buildings", {"count": count, "name": layer.name})
    return SetModels(layer.id, made, title)


def link_these(
    project: Project, layer_id: str, instance: int, buildings: Iterable[tuple[str, int]]
) -> SetModels:
    """Make the command that hides chosen buildings, (layer id, building id), under a model."""
    layer = project.layer(layer_id)
    data = models_of(layer)
    data.index_of([instance])
    rows = [(instance, name, number) for name, number in buildings]
    links = Links.of([*data.links.triples(), *rows])
    title = Label("edit-link-buildings", {"count": len(rows), "name": layer.name})
    return SetModels(layer.id, replace(data, links=links), title)


def unlink_buildings(project: Project, layer_id: str, ids: ArrayLike | None = None) -> SetModels:
    """Make the command that shows the buildings again that models hid; None takes all models."""
    layer = project.layer(layer_id)
    data = models_of(layer)
    gone = set((data.ids if ids is None else data.ids[data.index_of(ids)]).tolist())
    links = Links.of([row for row in data.links.triples() if row[0] not in gone])
    title = Label("edit-unlink-buildings", {"name": layer.name})
    return SetModels(layer.id, replace(data, links=links), title)


def _linked(project: Project, data: Models, ids: Ints) -> Models:
    """Give the models with the links of some found anew."""
    wanted = set(ids.tolist())
    kept = [row for row in data.links.triples() if row[0] not in wanted]
    found = buildings_under(project, data, np.flatnonzero(np.isin(data.ids, ids)))
    return replace(data, links=Links.of([*kept, *found]))


def placed_on_points(
    points: Features,
    library: Library,
    *,
    model_field: str = "",
    turn_field: str = "",
    scale_field: str = "",
    height_field: str = "",
) -> tuple[Models, int]:
    """Put models on the points of a layer, with its attributes.

    Parameters
    ----------
    points : Features
        Points; other shapes give their middle.
    library : Library
        Models; the first stands where the field names none of them.
    model_field, turn_field, scale_field : str
        Fields with the key of the model, degrees clockwise and the size; "" for none.
    height_field : str
        Field with the height in metres that each model is brought to.

    Returns
    -------
    (Models, int)
        The models, and how many places name a model that is not there.
    """
    places = np.column_stack([points.shapes.centres(), np.zeros(len(points))])
    which = np.zeros(len(points), dtype=np.int64)
    unknown = 0
    if model_field:
        keys = {key.casefold(): i for i, key in enumerate(library.keys)}
        words = [str(v).strip().casefold() for v in points.column(model_field).to_pylist()]
        found = np.array([keys.get(word, -1) for word in words], dtype=np.int64)
        unknown = int((found < 0).sum())
        which = np.maximum(found, 0)
    turn = np.nan_to_num(points.numbers(turn_field)) if turn_field else np.zeros(len(points))
    scale = _sizes(points.numbers(scale_field)) if scale_field else np.ones(len(points))
    if height_field:
        tall = np.array([max(float(np.ptp(m.box()[:, 2])), 1e-6) for m in library.models])
        wanted = points.numbers(height_field)
        good = np.isfinite(wanted) & (wanted > 0)
        scale = np.where(good, wanted / tall[which], scale)
    made = Models(
        points_of(places), points.ids.copy(), points.feature.copy(), points.attributes,
        model=which, turn=turn, scale=scale, on_ground=np.ones(len(points), dtype=bool),
        library=library,
    )  # fmt: skip
    return made, unknown


def _sizes(values: Floats) -> Floats:
    return np.where(np.isfinite(values) & (values > 0), values, 1.0)
