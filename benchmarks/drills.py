"""Scrubbing through a day: a plan of 500 elements shown at any second; and ten thousand people.

A plan of a day with zones that grow, lines, symbols, messages and units that drive along a grid of
streets is shown at seconds in no order, each frame forced to its end, and a frame without it.
Then people walk over the square: all of them are put to new places before every frame, seen from
far, from the middle distance and from near, and the same frames are drawn without them. Prints one
line of JSON; times in milliseconds, ``cpu`` ones those of the processor, whoever else uses it.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from itertools import pairwise
from typing import Any

import numpy as np
import pyvista as pv
import shapely

from app.drill_pictures import show_now
from app.drills import plan_rehearsal
from layers.drills import edits
from layers.drills.plan import Commitment, Element, Plan, Role, Start, Step, Unit
from layers.frame import Frame
from layers.kinds import kind_of
from layers.kinds.base import Features, Layer
from layers.project import Project
from layers.shapes import Shapes
from layers.viewpoint import Viewpoint
from scene.stage import Stage

EAST, NORTH = 508_000.0, 3_378_000.0
MIDDLE = np.array((EAST, NORTH))
SIDE = 4000.0  # metres
BLOCK = 200.0  # metres between streets
DAY = 86_400.0  # seconds
SIZE = (1280, 720)
PEOPLE, SQUARE = 10_000, 300.0  # metres along a side
WALK, FRAME = 1.3, 0.04  # metres a second; seconds between two frames
SYMBOLS = ("A20100", "A10500", "B10000", "C30000", "D20100")


def day_plan(elements: int) -> Plan:
    """Make a plan of a day that shows so many elements in the end, the same every time."""
    random = np.random.default_rng(7)
    units = elements // 5
    steps = []
    for number in range(elements - units):
        east, north = (random.uniform(-SIDE / 2, SIDE / 2, 2) + MIDDLE).tolist()
        begins = DAY * 0.5 * number / elements  # all of them are there from noon on
        unit = f"u{number % units + 1}"
        steps.append(
            Step(
                f"s{number + 1}", f"Step {number + 1}", Start("at", begins), DAY * 0.45,
                role=f"r{number % 12 + 1}", place=(east, north),
                units=(Commitment(unit),) if number % 3 == 0 else (),
                elements=(_element(number, east, north),),
            )
        )  # fmt: skip
    roles = tuple(Role(f"r{n + 1}", f"Role {n + 1}") for n in range(12))
    fleet = tuple(
        Unit(f"u{n + 1}", f"Unit {n + 1}", f"r{n % 12 + 1}", count=99,
             place=(EAST + float(random.uniform(-SIDE / 2, SIDE / 2)), NORTH))
        for n in range(units)
    )  # fmt: skip
    return Plan(1, "A day", roles=roles, units=fleet, steps=tuple(steps))


def _element(number: int, east: float, north: float) -> Element:
    turns = [2.0 * math.pi * n / 24 for n in range(24)]
    ring = tuple((east + 80.0 * math.cos(t), north + 80.0 * math.sin(t)) for t in turns)
    kinds = (
        Element("symbol", ((east, north),), SYMBOLS[number % 5], f"Place {number}", stays=True),
        Element("zone", ring, text=f"Zone {number}", grow_from=0.2, grow_to=1.5, stays=True),
        Element("line", ((east, north), (east + 200.0, north + 90.0)), stays=True),
        Element("symbol", ((east, north),), SYMBOLS[number % 5], stays=True),
        Element("message", text=f"Message {number}"),
    )
    return kinds[number % 5]


def streets() -> Features:
    """Make a grid of streets."""
    lines = []
    steps = np.arange(-SIDE / 2, SIDE / 2 + 1.0, BLOCK)
    for at in steps:
        for pair in pairwise(steps):
            lines.append(shapely.LineString([(EAST + east, NORTH + at) for east in pair]))
            lines.append(shapely.LineString([(EAST + at, NORTH + north) for north in pair]))
    return Features.of(Shapes.from_shapely(lines))


def run(elements: int = 500, *, seconds: int = 40) -> dict[str, Any]:
    """Show a day at so many seconds and give the figures.

    Parameters
    ----------
    elements : int
        That are seen in the end: zones, lines, symbols, messages, units.
    seconds : int
        How many seconds are shown, in no order.
    """
    project = Project(Frame("EPSG:4547", (EAST, NORTH)))
    project.insert_layer(Layer("roads", "Streets", streets(), style=kind_of("roads").style))
    edits.add_plan(project, day_plan(elements)).do(project)
    plan = edits.drills_of(project).plans[0]
    begun = time.perf_counter()
    played = plan_rehearsal(project, plan)
    ready = (time.perf_counter() - begun) * 1e3
    plotter: Any = pv.Plotter(off_screen=True, window_size=list(SIZE))
    plotter.render_window.SetMultiSamples(0)
    stage = Stage(project, plotter)
    stage.viewpoint = Viewpoint.looking_at((EAST, NORTH, 0.0), 5200.0, 0.0, math.radians(-45.0))
    random = np.random.default_rng(3)
    moments = random.uniform(0.0, played.table.seconds, seconds).tolist()
    plain, bare = [], []
    for _ in range(6):
        began = time.process_time()
        plain.append(_frame(plotter))
        bare.append((time.process_time() - began) * 1e3)
    plain, bare = plain[1:], bare[1:]
    at, show, frame, cpu, seen = [], [], [], [], 0
    for second in moments:
        began, begun = time.process_time(), time.perf_counter()
        now = played.at(second)
        looked = time.perf_counter()
        show_now(stage, project, plan, now)
        shown = time.perf_counter()
        frame.append(_frame(plotter))
        at.append((looked - begun) * 1e3)
        show.append((shown - looked) * 1e3)
        cpu.append((time.process_time() - began) * 1e3)
        seen = max(seen, len(now.shown) + len(now.units))
    show_now(stage, project, plan, None)
    walked = crowd(stage, plotter)
    stage.close()
    plotter.close()
    whole = [sum(parts) for parts in zip(at, show, frame, strict=True)]
    return {
        "elements": seen, "hours": round(played.table.seconds / 3600.0, 1),
        "ready": round(ready, 1),
        "look_up": round(float(np.median(at)), 2), "show": round(float(np.median(show)), 1),
        "frame": round(float(np.median(frame)), 1),
        "plain_frame": round(float(np.median(plain)), 1),
        "scrub": round(float(np.median(whole)), 1), "scrub_worst": round(max(whole), 1),
        "added": round(float(np.median(whole) - np.median(plain)), 1),
        "ratio": round(float(np.median(whole)) / float(np.median(plain)), 2),
        "cpu_scrub": round(float(np.median(cpu)), 1),
        "cpu_added": round(float(np.median(cpu)) - float(np.median(bare)), 1),
        **walked,
    }  # fmt: skip


def crowd(stage: Stage, plotter: Any, people: int = PEOPLE, *, frames: int = 15) -> dict[str, Any]:
    """Let people walk over a square and give what they add to a frame."""
    random = np.random.default_rng(3)
    start = random.uniform(-SQUARE / 2, SQUARE / 2, (people, 2)) + MIDDLE
    turn = random.uniform(0.0, 2.0 * math.pi, people)
    way = np.column_stack([np.sin(turn), np.cos(turn)]) * WALK * FRAME
    nobody = np.zeros((0, 2))
    out: dict[str, Any] = {"people": people}
    for name, distance in (("far", 900.0), ("middle", 350.0), ("near", 90.0)):
        took: dict[bool, list[float]] = {True: [], False: []}
        for number in range(frames * 2):
            walking = number >= frames
            heading = math.radians(0.5 * (number % frames))
            stage.viewpoint = Viewpoint.looking_at(
                (EAST, NORTH, 0.0), distance, heading, math.radians(-35.0)
            )
            begun = time.process_time()
            if walking:
                gone = np.full(people, WALK * FRAME * number)
                stage.live.show_people(start + way * number, turn, None, gone)
            else:
                stage.live.show_people(nobody, turn)
            _frame(plotter)
            took[walking].append((time.process_time() - begun) * 1e3)
        bare, full = (float(np.median(took[one][3:])) for one in (False, True))
        out |= {
            f"cpu_people_{name}": round(full, 1), f"cpu_added_{name}": round(full - bare, 1),
            f"ratio_{name}": round(full / bare, 2),
        }  # fmt: skip
    return out


def _frame(plotter: Any) -> float:
    begun = time.perf_counter()
    plotter.render_window.Render()
    plotter.render_window.WaitForCompletion()
    return (time.perf_counter() - begun) * 1e3


if __name__ == "__main__":
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--elements", type=int, default=500)
    print(json.dumps(run(reader.parse_args().elements)))
