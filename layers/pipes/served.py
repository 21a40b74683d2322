"""Who hangs on the water: customers of the network, buildings, hospitals and schools."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from layers.kinds.base import Features, Layer
from layers.kinds.buildings import Buildings
from layers.kinds.pipes import ROLES, Pipes
from layers.looks import USE_FIELDS
from layers.pipes.graph import Graph
from layers.pipes.isolation import CUSTOMER, HYDRANT, VALVE, sources_of
from layers.project import Project
from layers.shapes import POINT, Bools, Codes, Floats, Ints
from layers.style import numbers, texts

#: What hangs on the network, worst to lose first, in the order of the codes in `Served.kind`.
KINDS = ("hospital", "school", "customer", "building")
HOSPITAL, SCHOOL, CONSUMER, BUILDING = range(4)
_WORDS = (
    (HOSPITAL, ("hospital", "clinic", "medical", "health", "nursing", "doctor", "医院", "卫生院",
                "卫生服务", "诊所", "急救", "养老", "护理", "妇幼")),
    (SCHOOL, ("school", "kindergarten", "university", "college", "educat", "nursery", "学校",
              "小学", "中学", "大学", "学院", "幼儿园", "教育", "教学")),
)  # fmt: skip
NAME_FIELDS = ("name", "名称", "name:zh", "name_zh", "name_en", "name:en", "建筑名称", "title")
PLACE_FIELDS = ("amenity", "healthcare", "category", "kind", "subtype")
PEOPLE_FIELDS = ("residents", "population", "people", "persons", "人口", "居住人口", "人数")
REACH = 200.0  # metres from a node that feeds something, at most
PUMP = ROLES.index("pump-station")


@dataclass(frozen=True, slots=True, eq=False)
class Served:
    """What hangs on the nodes of a graph.

    Attributes
    ----------
    kind : (c,) uint8
        Position in ``KINDS``.
    layer : (c,) object
        Id of the layer of each.
    ids : (c,) int64
        Its id there.
    name : (c,) object
        Its name, or None.
    place : (c, 2) float64
        Its middle, project metres.
    node : (c,) int64
        Place of its node in `Graph.nodes`, -1 where none is near.
    away : (c,) float64
        Metres from it.
    people : (c,) float64
        Who lives or works there, NaN where nothing says.
    """

    kind: Codes
    layer: np.ndarray
    ids: Ints
    name: np.ndarray
    place: Floats
    node: Ints
    away: Floats
    people: Floats

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def out_of_reach(self) -> int:
        """How many have no node near."""
        return int((self.node < 0).sum())


def use_of(word: str) -> int:
    """Give the kind a word means, a position in ``KINDS``; ``BUILDING`` for all that is usual.

    >>> [KINDS[use_of(w)] for w in ("General Hospital", "第一中学", "住宅")]
    ['hospital', 'school', 'building']
    """
    small = word.casefold()
    for kind, words in _WORDS:
        if any(part in small for part in words):
            return kind
    return BUILDING


def served_by(project: Project, graph: Graph, layer: Layer) -> Served:
    """Find what hangs on a network, each at its nearest service node.

    Service nodes are customers and meters; without any the nodes with a demand; without those
    all but valves, hydrants, pumps and sources. Buildings and places farther than ``REACH``
    belong to none.

    Parameters
    ----------
    project : Project
        Its layers of buildings and points are looked at; of points only hospitals and schools.
    graph : Graph
        The network.
    layer : Layer
        The layer of the network.
    """
    found = [_customers(graph, layer)]
    found += [
        one for other in project.layers if (one := _of_layer(other)) is not None and len(one[0])
    ]
    kind, owner, ids, name, place, people = (
        np.concatenate([one[k] for one in found]) for k in range(6)
    )
    nodes = np.flatnonzero(_service_nodes(graph))
    node = np.full(len(ids), -1, dtype=np.int64)
    away = np.full(len(ids), np.nan)
    if len(nodes) and len(ids):
        shapes = graph.pipes.shapes
        spots = shapes.coords[shapes.first_coord[graph.nodes[nodes]]]
        met = cKDTree(spots).query(place)
        far, nearest = np.asarray(met[0]), np.asarray(met[1])
        near = far <= REACH
        node[near], away[near] = nodes[nearest[near]], far[near]
    own = np.arange(len(found[0][0]))
    node[own], away[own] = np.flatnonzero(_consumers(graph)), 0.0
    return Served(kind, owner, ids, name, place, node, away, people)


_Found = tuple[Codes, np.ndarray, Ints, np.ndarray, Floats, Floats]


def _customers(graph: Graph, layer: Layer) -> _Found:
    pipes = graph.pipes
    rows = graph.nodes[_consumers(graph)]
    n = len(rows)
    names = np.full(n, None, dtype=object)
    for column in ("name", "number"):
        if column in pipes.attributes.column_names:
            names = texts(pipes.column(column))[rows]
            break
    place = pipes.shapes.coords[pipes.shapes.first_coord[rows]]
    owner = np.full(n, layer.id, dtype=object)
    kind = np.full(n, CONSUMER, np.uint8)
    return kind, owner, pipes.ids[rows], names, place, np.full(n, np.nan)


def _consumers(graph: Graph) -> Bools:
    """Mark the customers of a network; of a model without any the nodes with a demand, (k,)."""
    pipes = graph.pipes
    told = pipes.role[graph.nodes] == CUSTOMER
    if told.any() or "demand_lps" not in pipes.attributes.column_names:
        return np.asarray(told)
    return np.asarray(pipes.numbers("demand_lps")[graph.nodes] > 0)


def _of_layer(layer: Layer) -> _Found | None:
    data = layer.data
    if isinstance(data, Pipes) or not isinstance(data, Features):
        return None
    whole = isinstance(data, Buildings)
    if isinstance(data, Buildings):
        rows = np.flatnonzero(data.part_of == 0)
    elif layer.kind in {"places", "features", "resources"}:
        rows = np.flatnonzero(data.shapes.kind == POINT)
    else:
        return None
    kind, name = _uses(data)
    kind, name = kind[rows], name[rows]
    if not whole:
        keep = kind != BUILDING
        rows, kind, name = rows[keep], kind[keep], name[keep]
    place = data.shapes.centres()[rows]
    owner = np.full(len(rows), layer.id, dtype=object)
    return kind, owner, data.ids[rows], name, place, _people(data)[rows]


def _uses(data: Features) -> tuple[Codes, np.ndarray]:
    """Give use and name of each object; what its use does not tell, its name may."""
    table = data.attributes
    columns = {name.casefold(): name for name in table.column_names}
    kind = np.full(table.num_rows, BUILDING, dtype=np.uint8)
    name = np.full(table.num_rows, None, dtype=object)
    for word in (*PLACE_FIELDS, *USE_FIELDS, *NAME_FIELDS):
        if word not in columns:
            continue
        values = texts(table.column(columns[word]))
        known = {value: use_of(value) for value in {v for v in values if v}}
        codes = np.array([known.get(value, BUILDING) for value in values], dtype=np.uint8)
        kind = np.where(kind == BUILDING, codes, kind)
        if word in NAME_FIELDS:
            name = np.where([one is None for one in name], values, name)
    return kind[data.feature], name[data.feature]


def _people(data: Features) -> Floats:
    columns = {name.casefold(): name for name in data.attributes.column_names}
    for word in PEOPLE_FIELDS:
        if word in columns:
            return np.asarray(numbers(data.column(columns[word])))
    return np.full(len(data), np.nan)


def _service_nodes(graph: Graph) -> Bools:
    role = graph.pipes.role[graph.nodes]
    told = np.isin(role, (CUSTOMER, ROLES.index("meter")))
    if told.any():
        return np.asarray(told)
    if (asked := _consumers(graph)).any():
        return asked
    return np.asarray(~np.isin(role, (VALVE, HYDRANT, PUMP)) & ~sources_of(graph))
