"""Sections through published networks."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely

from layers.files.importing import commands_for, import_file
from layers.files.options import ImportOptions
from layers.files.pipe_choices import PipeChoices
from layers.history import History
from layers.kinds.pipes import Pipes
from layers.pipes.long_drawing import long_plate
from layers.pipes.long_sections import long_section, nodes_called, way_between
from layers.pipes.plate import Text
from layers.pipes.sections import cross_section
from layers.project import Project

pytestmark = pytest.mark.shared


def imported(project: Project, path: Path, **options: object) -> None:
    made = import_file(project, path, ImportOptions(**options))  # type: ignore[arg-type]  # of the test
    History(project).run(commands_for(made))


@pytest.fixture(scope="module")
def kentucky(shared_data: Path) -> Project:
    project = Project()
    imported(project, shared_data / "us-kentucky-ky4-wntr" / "ky4_elevation.tif", kind="terrain")
    (network,) = shared_data.glob("epanet-networks/asce-tf-wdst/ky4/ky4.inp")
    imported(project, network, kind="pipes", crs="EPSG:3547", pipes=PipeChoices())
    return project


def test_a_way_through_kentucky_lies_under_its_terrain(kentucky: Project) -> None:
    (layer,) = kentucky.of_kind("pipes")
    pipes = layer.data
    assert isinstance(pipes, Pipes)
    way = way_between(pipes, nodes_called(pipes, ["J-1", "J-11"]))
    section = long_section(kentucky, layer, way)
    assert section.ground.source == "terrain"
    assert section.line.length == pytest.approx(2592.23, abs=0.1)
    assert [stop.number for stop in section.stops][::7] == ["J-1", "J-11"]
    assert section.ground.level.min() > 180.0
    assert section.ground.level.max() < 215.0
    assert all("level" in one.assumed for one in section.stretches)
    assert {"section_ground_differs", "section_above_ground"} <= {n.key for n in section.notes}
    plate = long_plate(section, lambda key: key)
    said = {shape.words for shape in plate.shapes if isinstance(shape, Text)}
    assert {"J-423", "185.15*", "231.70"} <= said


def test_what_a_line_cuts_is_what_crosses_it_in_plan(kentucky: Project) -> None:
    (layer,) = kentucky.of_kind("pipes")
    pipes = layer.data
    assert isinstance(pipes, Pipes)
    west, south, east, north = pipes.shapes.extent() or (0, 0, 0, 0)
    middle = (south + north) / 2.0
    section = cross_section(kentucky, [(west - 10.0, middle), (east + 10.0, middle)])
    line = shapely.LineString([(west - 10.0, middle), (east + 10.0, middle)])
    runs = pipes.shapes.take(pipes.runs).to_shapely()
    crossed = pipes.ids[pipes.runs][shapely.intersects(runs, line)]
    assert {pipe.pipe for pipe in section.pipes} == set(crossed.tolist())
    assert (np.diff([pipe.station for pipe in section.pipes]) >= 0.0).all()
