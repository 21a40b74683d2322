"""Lines and points of a map as pipes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely

from layers.content import content_hash
from layers.files.importing import commands_for, import_file
from layers.files.options import ImportOptions
from layers.files.pipe_choices import PipeChoices
from layers.files.pipe_lines import word_class
from layers.files.project_file import load_project, save_project
from layers.history import History
from layers.kinds.pipes import INVERT, ROLES, TOP, Pipes
from layers.object_table import ObjectTable
from layers.pipes.assumptions import relevelled
from layers.pipes.classes import CLASS_KEYS
from layers.project import Project

E0, N0 = 500_000.0, 3_380_000.0


def drawn(folder: Path, name: str, lines: list[list[tuple[float, float]]], **fields: Any) -> Path:
    shapes = [shapely.LineString([(E0 + x, N0 + y) for x, y in line]) for line in lines]
    path = folder / f"{name}.gpkg"
    gpd.GeoDataFrame(fields, geometry=shapes, crs="EPSG:4547").to_file(path, layer=name)
    return path


def taken(path: Path, **choices: Any) -> Pipes:
    options = ImportOptions(kind="pipes", pipes=PipeChoices(**choices))
    data = import_file(Project(), path, options).layers[0].data
    assert isinstance(data, Pipes)
    return data


Line = list[tuple[float, float]]
TEE: list[Line] = [[(0, 0), (50, 0)], [(50, 0), (100, 0)], [(50, 0.01), (50, 40)]]


def test_lines_without_attributes_get_nodes_where_they_meet(tmp_path: Path) -> None:
    pipes = taken(drawn(tmp_path, "给水管线", TEE))
    roles = sorted(ROLES[code] for code in pipes.role[pipes.nodes])
    assert roles == ["end", "end", "end", "tee"]
    assert (pipes.line_class == CLASS_KEYS.index("water")).all()
    assert (pipes.assumed[pipes.runs] == 0b0111).all()
    assert (pipes.start_node[pipes.runs] > 0).all()
    tee = pipes.ids[pipes.role == ROLES.index("tee")][0]
    joined = (pipes.start_node == tee) | (pipes.end_node == tee)
    assert joined.sum() == 3


def test_attributes_are_found_by_their_names_and_the_rest_stays(tmp_path: Path) -> None:
    path = drawn(
        tmp_path, "sewer", TEE, us_invert=[8.0, 7.9, np.nan], ds_invert=[7.9, 7.8, 7.9],
        diameter=[300, 400, 200], material=["PVC", "PE", None], zone=["a", "b", "c"],
        year=[1999, 2004, 2011],
    )  # fmt: skip
    pipes = taken(path)
    runs = pipes.runs
    assert pipes.width[runs].tolist() == [0.3, 0.4, 0.2]
    assert (pipes.level_of[runs] == INVERT).all()
    assert pipes.start_level[runs[:2]].tolist() == [8.0, 7.9]
    assert pipes.column("assumed").to_pylist()[runs[2]] == "start-level"
    assert pipes.column("zone").to_pylist()[-3:] == ["a", "b", "c"]
    assert pipes.column("year").to_pylist()[-3:] == [1999, 2004, 2011]


def test_a_class_for_all_can_be_named(tmp_path: Path) -> None:
    path = drawn(tmp_path, "network", TEE)
    assert (taken(path).assumed[-3:] & 8 == 8).all()
    gas = taken(path, line_class="RQ")
    assert (gas.line_class == CLASS_KEYS.index("gas")).all()
    assert (gas.assumed & 8 == 0).all()
    assert (gas.level_of[gas.runs] == TOP).all()


def test_a_drawing_gives_classes_by_its_layers(tmp_path: Path) -> None:
    from ezdxf.filemanagement import new

    document = new()
    for name, y in (("WS-污水管线", 0), ("JS", 10), ("道路", 20)):
        document.layers.add(name)
        document.modelspace().add_line((E0, N0 + y), (E0 + 50, N0 + y), dxfattribs={"layer": name})
    path = tmp_path / "plan.dxf"
    document.saveas(path)
    options = ImportOptions(kind="pipes", crs="EPSG:4547")
    pipes = import_file(Project(), path, options).layers[0].data
    assert isinstance(pipes, Pipes)
    words = np.array(pipes.column("class").to_pylist())[pipes.runs]
    assert sorted(words.tolist()) == ["drain", "other", "water"]
    assert int((pipes.assumed & 8 > 0).sum()) == 1


def test_a_layer_of_pipes_is_the_same_after_saving(tmp_path: Path) -> None:
    project = Project()
    path = drawn(tmp_path, "sewer", TEE, diameter=[300, 400, 200])
    History(project).run(commands_for(import_file(project, path, ImportOptions(kind="pipes"))))
    save_project(project, tmp_path / "city.gpkg")
    before, after = project.layers[0], load_project(tmp_path / "city.gpkg").layers[0]
    assert content_hash(after.data) == content_hash(before.data)
    assert after.style == before.style


def test_codes_that_mean_nothing_are_put_right_when_read(tmp_path: Path) -> None:
    pipes = taken(drawn(tmp_path, "sewer", TEE))
    packed = pipes.pack()
    packed.arrays["role"] = np.zeros_like(pipes.role)
    packed.arrays["status"] = np.full_like(pipes.status, 77)
    packed.arrays["width"] = np.full_like(pipes.width, -1.0)
    mended = Pipes.unpack(packed)
    assert (mended.role[mended.nodes] == 1).all()
    assert len(mended.nodes) == len(pipes.nodes)
    assert (mended.status == 0).all()
    assert (mended.width == 0).all()


def test_the_object_table_tells_what_every_pipe_has(tmp_path: Path) -> None:
    table = ObjectTable(taken(drawn(tmp_path, "sewer", TEE)))
    keys = [column.key for column in table.columns]
    assert {"@class", "@subclass", "@width", "@start_level", "@assumed"} <= set(keys)
    assert set(table.values("@class").to_pylist()) == {"drain"}
    assert table.numbers("@width")[-1] == pytest.approx(0.3)


def test_assumed_levels_follow_the_ground(tmp_path: Path) -> None:
    path = drawn(tmp_path, "给水", TEE, us_invert=[8.0, 7.9, np.nan], ds_invert=[7.9, 7.8, np.nan])
    pipes = taken(path)
    moved, count = relevelled(pipes, lambda places: np.full(len(places), 50.0))
    assert count == 1
    told = pipes.runs[:2]
    assert (moved.start_level[told] == pipes.start_level[told]).all()
    assert moved.start_level[pipes.runs[2]] > 40.0
    assert relevelled(moved, lambda places: np.full(len(places), 50.0))[1] == 0


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("JS", ("water", "")), ("WS-管线_2019", ("drain", "sewage")), ("ky4_pipes", None),
        ("某路天然气管线", ("gas", "natural-gas")), ("Water Main", ("water", "mains")), ("", None),
    ],
)  # fmt: skip
def test_classes_are_read_out_of_names(text: str, found: tuple[str, str] | None) -> None:
    assert word_class(text) == found
