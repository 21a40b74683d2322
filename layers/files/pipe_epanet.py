"""EPANET models as pipes: junctions, reservoirs, tanks, pipes, and pumps and valves as nodes."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from layers.files.pipe_models import Link, NetworkModel, Node
from layers.files.raw import Note
from layers.files.water_model import read_inp, read_water_model, sections_of


def read_epanet(path: Path) -> NetworkModel:
    """Read an EPANET input file, all values in metres and litres per second.

    The elevation of a junction is taken as the level of the ground there; burial depths do not
    stand in the format and are assumed.

    Raises
    ------
    CityError
        ``epanet.unreadable``.
    """
    model, notes = read_water_model(path)
    text = read_inp(path)
    rows = sections_of(text).get("COORDINATES", [])
    placed = {words[0] for _, words in rows if len(words) >= 3}  # WNTR puts the others at 0, 0
    nodes = [_node(name, node, name in placed) for name, node in model.nodes()]
    links = [_link(name, link) for name, link in model.links()]
    remarks = [*notes, Note("epanet_units", {"units": model.options.hydraulic.inpfile_units})]
    return NetworkModel(nodes, links, "water", notes=remarks, text=text)


def _node(name: str, node: Any, placed: bool) -> Node:
    x, y = node.coordinates
    facts: dict[str, Any] = {}
    role, ground = "junction", math.nan
    if node.node_type == "Junction":
        ground = float(node.elevation)
        facts["demand_lps"] = round(float(node.base_demand or 0.0) * 1000.0, 6)
    elif node.node_type == "Reservoir":
        role = "reservoir"
        facts["head_m"] = round(float(node.base_head), 4)
    else:
        role, ground = "tank", float(node.elevation)
        facts |= {"tank_diameter_m": round(float(node.diameter), 4),
                  "tank_level_m": round(float(node.init_level), 4)}  # fmt: skip
    return Node(name, (float(x), float(y)) if placed else None, role, ground, facts=facts)


def _link(name: str, link: Any) -> Link:
    kind = link.link_type
    vertices = [(float(x), float(y)) for x, y in link.vertices]
    made = Link(name, link.start_node_name, link.end_node_name, vertices)
    if kind == "Pump":
        made.device = "pump-station"
        made.facts = {"fixture": f"pump {str(link.pump_type).lower()}"}
        return made
    made.width = made.height = float(link.diameter)
    state = str(link.initial_status).rsplit(".", 1)[-1].lower()
    if kind == "Valve":
        made.device = "valve"
        made.facts = {"fixture": f"valve {link.valve_type}", "state": state}
        return made
    made.length = float(link.length)
    made.facts = {"roughness": float(link.roughness), "state": state}
    if link.check_valve:
        made.facts["fixture"] = "check valve"
    return made
