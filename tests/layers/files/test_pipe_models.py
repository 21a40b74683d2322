"""EPANET and SWMM models as pipes."""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from layers.content import content_hash
from layers.errors import CityError
from layers.files.importing import import_file
from layers.files.options import ImportOptions
from layers.files.pipe_choices import PipeChoices
from layers.files.report import LayerReport
from layers.files.water_model import read_water_model
from layers.kinds.pipes import INVERT, ROLES, Pipes
from layers.pipes.quality import check_quality, counts
from layers.project import Project

RULE = "[RULES]\nRULE 1\nIF SYSTEM CLOCKTIME >= 6 AM\nTHEN PIPE P1 STATUS IS OPEN\n"
NET = """[JUNCTIONS]
 A 100
 B 90
[RESERVOIRS]
 R 140
[PIPES]
 P1 R A {length} 12 100 0 Open
[VALVES]
 V1 A B 8 PRV 40 0
[OPTIONS]
 Units {units}
[COORDINATES]
 R 0 0
 A {far} 0
 B {far} 100
[END]
"""
DRAINS = """[OPTIONS]
FLOW_UNITS {units}
[JUNCTIONS]
J1 10 3 0 0 0
J2 9 4 0 0 0
[OUTFALLS]
O1 8 FREE NO
[CONDUITS]
C1 J1 J2 100 0.013 0 0.5 0 0
C2 J2 O1 100 0.013 0 0 0 0
C3 J2 GONE 100 0.013 0 0 0 0
[XSECTIONS]
C1 CIRCULAR 2 0 0 0 1
C2 RECT_CLOSED 2 3 0 0 1
[COORDINATES]
J1 0 0
J2 100 0
O1 200 0
"""


def taken(path: Path, crs: str = "EPSG:32636", **choices: Any) -> tuple[Pipes, LayerReport]:
    choices.setdefault("at", (500_000.0, 4_300_000.0))
    options = ImportOptions(crs=crs, pipes=PipeChoices(**choices))
    imported = import_file(Project(), path, options)
    data = imported.layers[0].data
    assert isinstance(data, Pipes)
    return data, imported.reports[0]


def keys(report: LayerReport) -> set[str]:
    return {note.key for note in report.messages}


def written(folder: Path, text: str, **facts: object) -> Path:
    path = folder / "net.inp"
    path.write_text(text.format(**facts), encoding="utf-8")
    return path


def test_american_units_become_metres(tmp_path: Path) -> None:
    pipes, report = taken(written(tmp_path, NET, units="GPM", length=1000, far=1000))
    run = pipes.runs[0]
    assert pipes.width[run] == pytest.approx(12 * 0.0254)
    assert pipes.shapes.lengths()[run] == pytest.approx(1000 * 0.3048, rel=1e-6)
    assert pipes.row(int(pipes.ids[run]))["length_stored_m"] == pytest.approx(304.8)
    ground = pipes.start_level[pipes.nodes]
    assert ground[:2].tolist() == pytest.approx([100 * 0.3048, 90 * 0.3048])
    assert ground[2] == pytest.approx(100 * 0.3048)  # a reservoir's head is no ground
    assert (pipes.assumed[pipes.runs] & 3 == 3).all()
    assert {"epanet_units", "pipes_put", "pipes_assumed_levels"} <= keys(report)


def test_a_valve_is_a_node_between_two_short_runs(tmp_path: Path) -> None:
    pipes, report = taken(written(tmp_path, NET, units="LPS", length=1000, far=1000))
    at = pipes.nodes[pipes.role[pipes.nodes] == ROLES.index("valve")]
    assert pipes.row(int(pipes.ids[at[0]]))["number"] == "V1"
    beside = (pipes.start_node == pipes.ids[at[0]]) | (pipes.end_node == pipes.ids[at[0]])
    assert beside.sum() == 2
    assert report.read == report.kept == 5
    assert len(pipes) == 4 + 3


def test_coordinates_off_by_a_thousand_are_mended_and_told(tmp_path: Path) -> None:
    path = written(tmp_path, NET, units="LPS", length=1000, far=1_000_000)
    pipes, report = taken(path)
    assert pipes.shapes.lengths()[pipes.runs[0]] == pytest.approx(1000)
    assert "pipes_coordinates_times" in keys(report)
    pipes, report = taken(path, coordinate_factor=1.0)
    assert pipes.shapes.lengths()[pipes.runs[0]] == pytest.approx(1_000_000)
    assert "pipes_schematic" in keys(report)


def test_a_model_without_a_system_asks_in_one_sentence(tmp_path: Path) -> None:
    path = written(tmp_path, NET, units="GPM", length=1000, far=1000)
    with pytest.raises(CityError) as raised:
        import_file(Project(), path)
    assert raised.value.code == "pipes.no_crs"
    assert "in feet by the lengths of its pipes" in raised.value.message
    assert "--at" in raised.value.hint


def test_a_place_without_a_system_in_a_new_project_asks_for_the_system(tmp_path: Path) -> None:
    path = written(tmp_path, NET, units="GPM", length=1000, far=1000)
    with pytest.raises(CityError) as raised:
        import_file(Project(), path, ImportOptions(pipes=PipeChoices(at=(5e5, 4e6))))
    assert raised.value.code == "pipes.at_nowhere"


@pytest.mark.parametrize(
    ("line", "note"),
    [
        (RULE, "epanet_clock"),
        ("[TIMES]\n Start ClockTime 20 PM\n", "epanet_late"),
        ("[OPTIONS]\n Quality Chemical TIME\n", "epanet_quality"),
    ],
)  # fmt: skip
def test_spellings_that_stop_the_reader_are_read_and_told(
    tmp_path: Path, line: str, note: str
) -> None:
    text = NET.replace("[END]", f"{line}[END]")
    path = written(tmp_path, text, units="LPS", length=1000, far=1000)
    before = path.read_bytes()
    model, notes = read_water_model(path)
    assert model.num_pipes == 1
    assert [found.key for found in notes] == [note]
    assert path.read_bytes() == before


def test_a_broken_model_says_why(tmp_path: Path) -> None:
    path = written(tmp_path, NET.replace(" P1 R A", " P1 R NOWHERE"), units="LPS", length=1, far=1)
    with pytest.raises(CityError) as raised:
        read_water_model(path)
    assert raised.value.code == "epanet.no_node"
    assert raised.value.facts["node"] == "NOWHERE"


def unread(path: Path) -> CityError:
    with pytest.raises(CityError) as raised:
        read_water_model(path)
    return raised.value


def test_a_word_in_place_of_a_number_is_told_with_its_line(tmp_path: Path) -> None:
    error = unread(
        written(tmp_path, NET.replace(" B 90", " B ninety"), units="LPS", length=1, far=1)
    )
    assert (error.code, error.where) == ("epanet.number", "net.inp:3")
    assert error.facts["part"] == "JUNCTIONS"


def test_a_model_that_is_cut_off_and_what_is_no_text_are_told(tmp_path: Path) -> None:
    cut = NET[: NET.index("[OPTIONS]")]
    error = unread(written(tmp_path, cut, length=1))
    assert (error.code, error.facts["part"]) == ("epanet.cut_off", "OPTIONS")
    (tmp_path / "net.inp").write_bytes(b"\x89PNG\r\n\0\0\0\rIHDR")
    assert unread(tmp_path / "net.inp").code == "epanet.no_text"


@pytest.mark.parametrize("more", ["", RULE])
def test_models_with_chinese_remarks_in_gbk_are_read(tmp_path: Path, more: str) -> None:
    text = NET.replace("[END]", f"{more}[END]").format(units="LPS", length=10, far=10)
    path = tmp_path / "net.inp"
    path.write_bytes(("; 供水管网模型，管径单位为毫米，高程单位为米\n" * 4 + text).encode("gbk"))
    model, notes = read_water_model(path)
    assert model.num_pipes == 1
    assert [note.key for note in notes] == (["epanet_clock"] if more else [])


@pytest.mark.parametrize(("units", "metres"), [("CFS", 0.3048), ("CMS", 1.0)])
def test_drains_have_inverts_and_sections(tmp_path: Path, units: str, metres: float) -> None:
    pipes, report = taken(written(tmp_path, DRAINS, units=units))
    first, second = pipes.runs
    assert (pipes.level_of[pipes.runs] == INVERT).all()
    assert pipes.start_level[first] == pytest.approx(10 * metres)
    assert pipes.end_level[first] == pytest.approx(9.5 * metres)
    assert pipes.width[first] == pytest.approx(2 * metres)
    size = pipes.height[second], pipes.width[second]
    assert size == pytest.approx((2 * metres, 3 * metres))
    assert pipes.start_level[pipes.nodes[0]] == pytest.approx(13 * metres)
    assert report.skipped == {"unknown_node": 1}
    assert report.first["unknown_node"] == ("C3",)
    assert (pipes.assumed[pipes.runs] == 0).all()


def test_a_drain_model_without_coordinates_or_nodes_is_told(tmp_path: Path) -> None:
    bare = DRAINS.split("[COORDINATES]", maxsplit=1)[0]
    with pytest.raises(CityError) as raised:
        taken(written(tmp_path, bare, units="CMS"))
    assert raised.value.code == "pipes.no_coordinates"
    with pytest.raises(CityError) as raised:
        taken(written(tmp_path, "[OPTIONS]\nFLOW_UNITS CMS\n[CONDUITS]\n"))
    assert raised.value.code == "swmm.no_nodes"


EPANET = "epanet-networks/"
WDST = EPANET + "asce-tf-wdst/"


@pytest.mark.shared
@pytest.mark.parametrize(
    ("file", "crs", "pipes", "notes"),
    [
        (EPANET + "L-Town/L-TOWN.inp", "", 905, set()),
        (WDST + "ky4/ky4.inp", "EPSG:3547", 1156, set()),
        (EPANET + "exeter-benchmarks/Operation/Richmond/Richmond_standard.inp", "EPSG:27700",
         949, {"pipes_coordinates_times"}),
        (WDST + "Micropolis_v1/MICROPOLIS_v1.inp", "", 1415, {"epanet_clock"}),
        (WDST + "exnet/exnet.inp", "", 2465, {"epanet_late"}),
        (WDST + "Battle of the Water Sensor Networks/BWSN_Network_1.inp", "", 168,
         {"epanet_quality"}),
        (WDST + "Battle of the Water Sensor Networks/BWSN_Network_2.inp", "", 14822, set()),
    ],
)  # fmt: skip
def test_published_networks_come_in_whole(
    shared_data: Path, file: str, crs: str, pipes: int, notes: set[str]
) -> None:
    choices: dict[str, Any] = {"at": None} if crs else {}
    data, report = taken(shared_data / file, crs or "EPSG:32636", **choices)
    devices = np.isin(data.role, [ROLES.index("valve"), ROLES.index("pump-station")]).sum()
    assert len(data.runs) == pipes + 2 * devices
    assert report.read == report.kept
    assert notes <= keys(report)
    assert np.isfinite(data.start_level[data.runs]).all()


@pytest.mark.shared
def test_richmond_lies_in_yorkshire(shared_data: Path) -> None:
    path = shared_data / EPANET / "exeter-benchmarks/Operation/Richmond/Richmond_standard.inp"
    data, _ = taken(path, "EPSG:27700", at=None)
    extent = data.extent()
    assert extent is not None
    assert extent == pytest.approx((409292, 499464, 422363, 502037), abs=1.0)


@pytest.mark.shared
def test_the_map_of_ky4_has_the_pipes_of_its_model(shared_data: Path) -> None:
    model, _ = taken(shared_data / WDST / "ky4/ky4.inp", "EPSG:3547", at=None)
    imported = import_file(
        Project(),
        shared_data / "us-kentucky-ky4-wntr/ky4_pipes.geojson",
        ImportOptions(kind="pipes"),
    )
    lines = imported.layers[0].data
    assert isinstance(lines, Pipes)
    assert len(lines.runs) == 1156
    assert lines.extent() == pytest.approx(model.extent(), abs=0.5)
    assert set(np.round(lines.width[lines.runs], 4)) <= set(np.round(model.width, 4))
    assert "no-node" not in counts(check_quality(lines))


@pytest.mark.shared
def test_published_drain_models_come_in_or_are_told(shared_data: Path) -> None:
    told = {}
    for path in sorted((shared_data / "swmm-swmmio").glob("*.inp")):
        try:
            _, report = taken(path)
        except CityError as error:
            told[path.name] = error.code
            continue
        assert report.read == report.kept + sum(report.skipped.values())
        told[path.name] = ", ".join(report.skipped)
    assert told["model_blank.inp"] == "swmm.no_nodes"
    assert told["invalid_model.inp"] == "unknown_node"
    assert told["model_full_features.inp"] == told["model_state_plane.inp"] == ""


def test_a_layer_keeps_the_model_it_was_made_of(tmp_path: Path) -> None:
    pipes, _ = taken(written(tmp_path, NET, units="LPS", length=1000, far=1000))
    text = zlib.decompress(pipes.model.tobytes()).decode()
    assert text.startswith("[JUNCTIONS]")
    again = Pipes.unpack(pipes.pack())
    assert again.model.tobytes() == pipes.model.tobytes()
    assert content_hash(again) == content_hash(pipes)
    drains, _ = taken(written(tmp_path, DRAINS, units="CMS"))
    assert len(drains.model) == 0
    assert drains.pack().meta == {}
