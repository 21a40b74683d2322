"""Who is there to help, on which streets, and whom that concerns."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from layers.analyses.choosing import layers_named
from layers.analyses.edits import answers_of
from layers.content import DIGEST_BYTES
from layers.drills.in_service import not_now
from layers.errors import CityError
from layers.kinds.answers import SavedAnalysis
from layers.kinds.base import Features, Layer
from layers.kinds.buildings import Buildings
from layers.kinds.emergency import OTHER, SORTS, Emergency, sort_of
from layers.kinds.valid_time import Moment
from layers.planning.floor_areas import FloorAreas
from layers.planning.indicators import Assumptions, areas_of
from layers.planning.uses import USES
from layers.project import Project
from layers.routing.streets_net import Shapely, StreetNet
from layers.routing.ways import Router, Traveller, pieces_in
from layers.rules.rule import RuleSet
from layers.shapes import Floats, Ints

VEHICLES = ("car", "engine", "foot")
#: A fire engine as design rules of fire lanes take it: 2.5 m wide, 3.5 m high, 18 t. Not verified.
ENGINE = (2.5, 3.5, 18.0)
Ring = Sequence[Sequence[float]]


@dataclass(frozen=True, slots=True, eq=False)
class Helpers:
    """Places that help comes from, or that help goes to.

    Attributes
    ----------
    layers : (n,) object
        Ids of their layers, "" for places that were typed.
    ids : (n,) int64
        Their objects, 0 for typed places.
    names, sorts, states : (n,) object
        Texts.
    coords : (n, 2) float64
        Metres.
    left_out : int
        Those that are out of service or committed and were not counted.
    gone : tuple of str
        Names of those that are outside of their valid time and were not counted.
    """

    layers: NDArray[np.object_]
    ids: Ints
    names: NDArray[np.object_]
    sorts: NDArray[np.object_]
    states: NDArray[np.object_]
    coords: Floats
    left_out: int = 0
    gone: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.ids)


def has_sort(project: Project, sort: str) -> bool:
    """Say whether the city has a resource of a sort."""
    return any(
        bool((Emergency.of(one.data, "resources", one.name).sort == sort).any())
        for one in project.of_kind("resources")
        if isinstance(one.data, Features)
    )


def helpers_of(
    project: Project, points: Ring, layer_name: str, sort: str, *, ready: bool, kind: str,
    moment: Moment | None = None, timed: bool = True,
) -> Helpers:  # fmt: skip
    """Give the places that are meant: typed ones, or those of a layer and sort.

    Parameters
    ----------
    project : Project
        What is asked about.
    points : sequence of (east, north)
        Typed places; where there are some, they are it.
    layer_name : str
        Layer; "" takes all of the kind, also those that are not shown.
    sort : str
        Key of a sort or a word of it, such as ``fire-station``; "" for all.
    ready : bool
        Whether what is committed or out of service is left out.
    kind : str
        ``resources`` or ``hazards``.
    moment : Moment or None
        What is outside of its valid time then is left out; None looks at no time.
    timed : bool
        False leaves it in, with the state ``not-in-service``.

    Raises
    ------
    CityError
        ``drill.no_places``, ``analysis.no_layer``, ``project.no_such_layer``.
    """
    if points:
        xy = np.array([point[:2] for point in points], dtype=np.float64)
        words = np.array([f"{i + 1}" for i in range(len(xy))], dtype=object)
        blank = np.full(len(xy), "", dtype=object)
        return Helpers(blank, np.zeros(len(xy), dtype=np.int64), words, blank, blank, xy)
    layers = _layers(project, layer_name, kind)
    found = [_helpers(layer, sort, ready=ready, moment=moment, timed=timed) for layer in layers]
    gone = tuple(name for one in found for name in one.gone)
    if not any(len(one) for one in found):
        raise _nothing(", ".join(layer.name for layer in layers), sort, len(gone), moment)
    return Helpers(
        np.concatenate([one.layers for one in found]),
        np.concatenate([one.ids for one in found]),
        np.concatenate([one.names for one in found]),
        np.concatenate([one.sorts for one in found]),
        np.concatenate([one.states for one in found]),
        np.concatenate([one.coords for one in found]),
        sum(one.left_out for one in found),
        gone,
    )


def _helpers(
    layer: Layer, sort: str, *, ready: bool, moment: Moment | None, timed: bool
) -> Helpers:
    """Give what a layer has of a sort."""
    told = Emergency.of(layer.features, "hazards" if layer.kind == "hazards" else "resources",
                        layer.name)  # fmt: skip
    keep = np.ones(len(told), dtype=bool)
    if sort:
        wanted = sort_of(sort, SORTS["resources"] + SORTS["hazards"])
        keep &= told.sort == (wanted if wanted != OTHER else sort)
    gone = keep & not_now(told, moment if timed else None)
    keep &= ~gone
    able = ~np.isin(told.state, ["out-of-service", "committed"]) if ready else keep
    rows = np.flatnonzero(keep & able)
    names = np.array(
        [name or f"{number}" for name, number in zip(told.name, told.ids, strict=True)],
        dtype=object,
    )
    return Helpers(
        np.full(len(rows), layer.id, dtype=object), told.ids[rows], names[rows], told.sort[rows],
        told.states(moment)[rows], told.coords[rows], int((keep & ~able).sum()),
        tuple(names[gone].tolist()),
    )  # fmt: skip


def _layers(project: Project, name: str, kind: str) -> list[Layer]:
    """Give the layer that is named, else all of the kind, those that are not shown, too."""
    if name:
        return [project.layer(name)]
    return list(project.of_kind(kind)) or layers_named(project, (), kind)


def _nothing(layer: str, sort: str, gone: int, moment: Moment | None) -> CityError:
    if gone and moment is not None:
        return CityError(
            "drill.none_in_service",
            f"Nothing of the layer '{layer}' is in service at {moment.text}: {gone} outside of "
            "their valid time.",
            hint="ask about another moment, or count everything whatever its state and time",
            layer=layer,
            sort=sort or "-",
            count=gone,
            when=moment.text,
        )
    return CityError(
        "drill.no_places",
        f"The layer '{layer}' holds nothing that is ready and of the sort '{sort}'."
        if sort
        else f"The layer '{layer}' holds nothing that is ready.",
        hint="choose another sort, or count also what is out of service",
        layer=layer,
        sort=sort or "-",
    )


def place_of(point: Sequence[float]) -> Floats:
    """Give a place that was asked for, (2,) metres.

    Raises
    ------
    CityError
        ``drill.no_point``.
    """
    if len(point) < 2:
        raise CityError(
            "drill.no_point",
            "There is no place to ask about.",
            hint="write east,north in project metres, or click a place",
        )
    return np.array(point[:2], dtype=np.float64)


def streets_of(project: Project, roads: Sequence[str]) -> list[Layer]:
    """Give the layers of streets that are named, or all."""
    return layers_named(project, roads, "roads")


def router_of(
    project: Project, roads: Sequence[str], vehicle: str, *, factor: float = 1.0,
    against: bool = False, closed: Ring = (), closed_layer: str = "", closed_by: str = "",
    junction_s: float = 0.0,
) -> tuple[Router, int]:  # fmt: skip
    """Make the streets ready for a vehicle, with what is shut.

    Parameters
    ----------
    project : Project
        What is asked about.
    roads : sequence of str
        Layers of streets; none means all.
    vehicle : str
        ``car``, ``engine`` (kept out by narrow, low and weak streets) or ``foot``.
    factor : float
        Times the usual speed.
    against : bool
        Whether one-way streets are driven both ways.
    closed : sequence of (east, north)
        A ring, or a line across streets, that shuts them.
    closed_layer : str
        Layer whose lines and areas shut streets.
    closed_by : str
        Name or number of a kept answer whose areas shut streets, such as the zones of a hazard.
    junction_s : float
        Seconds lost at every junction of three streets or more.

    Returns
    -------
    Router, int
        The streets; how many pieces of street are shut.
    """
    net = StreetNet.of([layer.features for layer in streets_of(project, roads)])
    shut: list[Ints] = []
    if closed:
        shut.append(pieces_in(net, [point[:2] for point in closed]))
    if closed_layer:
        shapes = project.layer(closed_layer).features.shapes.to_shapely()
        found = shapely.STRtree(net.lines()).query(shapes, predicate="intersects")[1]
        shut.append(np.asarray(found, dtype=np.int64))
    if closed_by:
        found = shapely.STRtree(net.lines()).query(
            zones_of(answer_with_areas(project, closed_by)), predicate="intersects"
        )[1]
        shut.append(np.asarray(found, dtype=np.int64))
    pieces = np.unique(np.concatenate(shut)) if shut else np.zeros(0, dtype=np.int64)
    if vehicle == "foot":
        who = Traveller("foot", factor=factor, junction_s=junction_s)
    elif vehicle == "engine":
        who = Traveller(factor=factor, against=against, width_m=ENGINE[0], height_m=ENGINE[1],
                        weight_t=ENGINE[2], junction_s=junction_s)  # fmt: skip
    else:
        who = Traveller(factor=factor, against=against, junction_s=junction_s)
    return Router.of(net, who, pieces), len(pieces)


def answer_with_areas(project: Project, which: str) -> SavedAnalysis:
    """Give the kept answer of a name or number.

    Raises
    ------
    CityError
        ``drill.no_zones`` where there is none, or it has no areas.
    """
    kept = [one for one in answers_of(project).items if len(zones_of(one))]
    found = next((one for one in kept if which in (one.name, str(one.id))), None)
    if found is None:
        names = ", ".join(one.name for one in kept)
        raise CityError(
            "drill.no_zones",
            f"There is no kept answer '{which}' with areas.",
            hint=f"choose one of: {names}" if names else "keep the answer of a hazard first",
            name=which,
            names=names or "-",
        )
    return found


def zones_of(item: SavedAnalysis) -> Shapely:
    """Give the areas on the ground that an answer shows, (k,) polygons."""
    parts = [one.data.shapes.to_shapely() for one in item.outcome.marks
             if isinstance(one.data, Features) and one.field == "zone"]  # fmt: skip
    whole = np.concatenate(parts) if parts else np.zeros(0, dtype=object)
    return whole[shapely.area(whole) > 1.0] if len(whole) else whole


def areas_facts(project: Project, which: str) -> dict[str, str]:
    """Give what an answer depends on that streets are shut by another one."""
    if not which:
        return {}
    item = answer_with_areas(project, which)
    drawn = b"".join(shapely.to_wkb(zones_of(item)).tolist())
    return {"zones": hashlib.blake2b(drawn, digest_size=DIGEST_BYTES).hexdigest()}


@dataclass(frozen=True, slots=True, eq=False)
class Residents:
    """Bodies of buildings with those who live in them.

    Attributes
    ----------
    layer : (n,) object
        Ids of layers.
    ids : (n,) int64
        Objects; a part counts for its whole.
    shapes : (n,) object
        Footprints, shapely.
    coords : (n, 2) float64
        A place inside each.
    people, floor_m2 : (n,) float64
        Residents, told or by dwellings; floor area.
    """

    layer: NDArray[np.object_]
    ids: Ints
    shapes: Shapely
    coords: Floats
    people: Floats
    floor_m2: Floats

    def __len__(self) -> int:
        return len(self.ids)


def residents_of(
    layers: Sequence[Layer], rules: RuleSet, told: Assumptions | None = None
) -> Residents:
    """Say who lives where: as told, else floor area of dwellings by the usual assumptions."""
    told = told or Assumptions()
    parts: list[tuple[str, Ints, FloorAreas]] = []
    for layer in layers:
        data = layer.data
        if isinstance(data, Buildings):
            areas = areas_of(data, rules, told.use_field)
            whole = np.where(data.part_of > 0, data.part_of, data.ids)[areas.rows]
            parts.append((layer.id, whole, areas))
    if not parts:
        empty = np.zeros(0)
        blank = np.zeros(0, dtype=object)
        return Residents(
            blank, np.zeros(0, dtype=np.int64), blank, np.zeros((0, 2)), empty, empty
        )  # fmt: skip
    shapes = np.concatenate([areas.shapes for _, _, areas in parts])
    return Residents(
        np.concatenate([np.full(len(ids), name, dtype=object) for name, ids, _ in parts]),
        np.concatenate([ids for _, ids, _ in parts]),
        shapes,
        shapely.get_coordinates(shapely.centroid(shapes)).reshape(-1, 2),
        np.concatenate([_residents(areas, told) for _, _, areas in parts]),
        np.concatenate([areas.counted_m2 for _, _, areas in parts]),
    )


def _residents(areas: FloorAreas, told: Assumptions) -> Floats:
    living = areas.use == USES.index("residential")
    homes = np.where(living, areas.counted_m2 / max(told.dwelling_m2, 1e-9), 0.0)
    homes = np.where(np.isfinite(areas.dwellings), areas.dwellings, homes)
    return np.where(np.isfinite(areas.people), areas.people, homes * told.household)


def district_of(districts: Sequence[Layer], coords: Floats) -> tuple[list[str], Ints]:
    """Say in which district each place lies.

    Parameters
    ----------
    districts : sequence of Layer
        Layers of areas.
    coords : (n, 2) float64
        Metres.

    Returns
    -------
    list of str, (n,) int64
        Names of the districts; the position of each place's district, -1 for none.
    """
    names: list[str] = []
    shapes: list[shapely.Geometry] = []
    for layer in districts:
        names += _names(layer.features)
        shapes += list(layer.features.shapes.to_shapely())
    out = np.full(len(coords), -1, dtype=np.int64)
    if shapes and len(coords):
        place, area = shapely.STRtree(shapes).query(shapely.points(coords), predicate="intersects")
        out[place[::-1]] = area[::-1]
    return names, out


def _names(features: Features) -> list[str]:
    told = Emergency.of(features)
    return [name or f"{number}" for name, number in zip(told.name, told.ids, strict=True)]
