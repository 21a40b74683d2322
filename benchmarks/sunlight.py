"""Sunlight: places on facades over a day, minute by minute, beside the bare rate of rays.

Prints one line of JSON. The places lie on the walls of a made-up city: first strewn, each at a spot
of its own, then on all facades of the city in a grid, one above the other. What is counted is the
same as with a ray for every minute of every place, of which a part is followed to compare. Embree
counts in single precision: a minute in some millions differs where a ray grazes an edge.
"""

from __future__ import annotations

import argparse
import json
import time

import numpy as np

from benchmarks.cities import EAST, NORTH, city
from layers.frame import Frame
from layers.kinds.base import Layer
from layers.kinds.buildings import Buildings
from layers.planning.obstacles import obstacles
from layers.planning.rays import Rays
from layers.planning.sun_path import read_day, sun_path
from layers.planning.sunlight import AHEAD, sunlit
from layers.planning.sunlight_grids import facade_cells
from layers.planning.windows import walls_of
from layers.project import Project
from layers.shapes import Floats, Shapes

SPACING = 3.0  # metres between places on all facades
COMPARED = 5_000  # places that are followed with a ray for every minute
PLACE = (114.3, 30.6)  # longitude and latitude, degrees


def on_walls(data: Buildings, count: int) -> tuple[Floats, Floats]:
    """Give places on walls, by their length, and which way they look."""
    random = np.random.default_rng(5)
    walls = walls_of(data, np.arange(len(data)))
    chosen = random.choice(len(walls.row), count, p=walls.length / walls.length.sum())
    share = random.uniform(0.05, 0.95, (count, 1))
    spots = walls.begin[chosen] + share * (walls.end - walls.begin)[chosen]
    up = 0.9 + random.uniform(0.0, 1.0, count) * (data.height[walls.row[chosen]] - 2.0)
    return np.column_stack([spots, up]), walls.normal[chosen]


def run(buildings: int = 10_000, places: int = 100_000) -> dict[str, float | str]:
    """Count the sun and give the figures.

    Parameters
    ----------
    buildings : int
        Buildings of the city.
    places : int
        Places on their walls.
    """
    frame = city(buildings)
    data = Buildings.blocks(Shapes.from_shapely(frame.geometry.to_numpy()),
                            frame["height"].to_numpy())  # fmt: skip
    project = Project(Frame("EPSG:4547", (EAST, NORTH)))
    project.insert_layer(Layer("buildings", "City", data))
    path = sun_path(*PLACE, read_day("dahan").date, (8.0, 16.0))
    spots, normals = on_walls(data, places)
    begun = time.perf_counter()
    things = obstacles(project)
    rays = Rays(things.points, things.triangles)
    ready = time.perf_counter() - begun
    sunlit(things, spots[:100], normals[:100], path, rays=rays)  # compiles
    begun = time.perf_counter()
    lit = sunlit(things, spots, normals, path, rays=rays)
    took = time.perf_counter() - begun
    few = min(COMPARED, places)
    starts = spots[:few].copy()
    starts[:, :2] += AHEAD * normals[:few]
    origins = np.repeat(starts, len(path), axis=0)
    ways = np.tile(path.ways, (few, 1))
    begun = time.perf_counter()
    blocked = rays.blocked(origins, ways)
    bare = few * len(path) / (time.perf_counter() - begun)
    facing = normals[:few] @ path.ways[:, :2].T > 0.0
    other = lit.steps(slice(0, few)) != (~blocked.reshape(few, -1) & facing)
    minutes = places * len(path)
    cells = facade_cells(project, list(project.layers), SPACING)
    begun = time.perf_counter()
    sunlit(things, cells.places, cells.normal, path, rays=rays)
    whole = time.perf_counter() - begun
    many = len(cells.places) * len(path)
    return {
        "buildings": buildings, "places": places, "minutes_each": len(path),
        "rays": rays.engine, "s_ready": round(ready, 2), "s_sunlight": round(took, 2),
        "million_minutes_per_s": round(minutes / took / 1e6, 1),
        "million_rays_per_s": round(bare / 1e6, 1),
        "share_of_the_ray_rate": round(minutes / took / bare, 2),
        "rays_followed_percent": round(100.0 * lit.rays / minutes, 1),
        "minutes_that_differ": int(other.sum()),
        "places_on_all_facades": len(cells.places), "s_all_facades": round(whole, 2),
        "million_minutes_per_s_all_facades": round(many / whole / 1e6, 1),
        "share_of_the_ray_rate_all_facades": round(many / whole / bare, 1),
    }  # fmt: skip


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--buildings", type=int, default=10_000)
    parser.add_argument("--places", type=int, default=100_000)
    given = parser.parse_args()
    print(json.dumps(run(given.buildings, given.places)))
