"""The pipes: all classes, on the terrain, falling to outfalls, joined, with the told errors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import rasterio

from data_samples.pipe_errors import ISSUES, NOT_MEASURED, SKIPPED
from data_samples.pipe_places import BURST_AT, BURST_NOTE, CONFLICTS, PLANNED_NOTE
from layers.files.importing import import_file
from layers.files.options import ImportOptions
from layers.files.report import LayerReport
from layers.kinds.pipes import RUN, Pipes
from layers.pipes.classes import CLASS_KEYS, SUBCLASS_KEYS
from layers.pipes.clearance import check_clearances
from layers.pipes.drains import drain_runs
from layers.pipes.graph import Graph, directions
from layers.pipes.isolation import isolate
from layers.pipes.quality import check_quality, counts
from layers.pipes.tunnels import contents
from layers.project import Project
from layers.rules.loader import packs_in
from layers.rules.rule import RuleSet
from tests.data_samples.conftest import Sample

GRAVITY = {"YS", "WS", "HS"}


@pytest.fixture(scope="module")
def tables(sample: Sample) -> tuple[pd.DataFrame, pd.DataFrame]:
    """点表 and 线表 as Excel shows them."""
    book = pd.read_excel(sample.path("pipes"), sheet_name=None)
    return book["点表"], book["线表"]


@pytest.fixture(scope="module")
def imported(sample: Sample) -> tuple[Pipes, LayerReport]:
    """The layer that the usual import makes of them."""
    options = ImportOptions(kind="pipes", crs="EPSG:4547")
    found = import_file(Project(), sample.path("pipes"), options)
    data = found.layers[0].data
    assert isinstance(data, Pipes)
    return data, found.reports[0]


@pytest.fixture(scope="module")
def pipes(imported: tuple[Pipes, LayerReport]) -> Pipes:
    return imported[0]


def words(pipes: Pipes, name: str) -> np.ndarray:
    return np.array(pipes.column(name).to_pylist(), dtype=object)


def test_two_runs_write_the_same_survey(sample: Sample) -> None:
    for sheet in ("点表", "线表"):
        one, two = (pd.read_excel(files.of_kind("pipes")[0].path, sheet_name=sheet)
                    for files in (sample.files, sample.again))  # fmt: skip
        pd.testing.assert_frame_equal(one, two)


def test_all_eight_classes_lie_under_the_streets_in_more_than_sixty_kilometres(
    pipes: Pipes,
) -> None:
    runs = pipes.runs
    assert len(runs) >= 4000
    assert pipes.shapes.lengths()[runs].sum() > 60_000
    classes = {CLASS_KEYS[code] for code in pipes.line_class[runs]}
    assert classes == set(CLASS_KEYS)
    fine = {SUBCLASS_KEYS[code] for code in pipes.subclass[runs]}
    assert {"storm", "sewage", "combined", "fire", "supply", "lighting", "data", "tunnel"} <= fine


def test_every_point_stands_on_the_terrain(
    sample: Sample, tables: tuple[pd.DataFrame, pd.DataFrame]
) -> None:
    points = tables[0].dropna(subset=["X坐标"])
    points = points[~points["物探点号"].str.match(r"[A-Z]+9\d{4}$")]  # the planted ones are copies
    with rasterio.open(sample.path("terrain")) as dem:
        heights, place = dem.read(1), dem.transform
    column = (points["Y坐标"].to_numpy() - place.c) / place.a
    row = (points["X坐标"].to_numpy() - place.f) / place.e
    inside = (row < heights.shape[0]) & (column < heights.shape[1]) & (row >= 0) & (column >= 0)
    there = heights[row[inside].astype(int), column[inside].astype(int)]
    away = np.abs(points["地面高程"].to_numpy()[inside] - there)
    assert np.percentile(away, 99) < 0.35  # within a cell of two metres
    assert np.median(away) < 0.02


def test_drains_fall_all_the_way_to_an_outfall_or_a_pump(pipes: Pipes) -> None:
    drains = drain_runs(pipes)
    rising = (drains.upper_invert - drains.lower_invert) < 0
    assert not rising.any()
    graph = Graph.of(pipes)
    flow = directions(graph)
    role = words(pipes, "role")[graph.nodes]
    codes = words(pipes, "subclass")[graph.nodes]
    ends = {"outfall", "pump-station"}
    number = words(pipes, "number")[graph.nodes]
    heads = [k for k in np.flatnonzero(codes == "storm")[::40] if str(number[k])[2] != "9"]
    for k in heads:
        _, nodes, _ = graph.follow(int(pipes.ids[graph.nodes[k]]), flow)
        assert ends & set(role[np.isin(pipes.ids[graph.nodes], nodes)])


def test_the_water_network_hangs_together_and_has_all_it_needs(pipes: Pipes) -> None:
    graph = Graph.of(pipes)
    part, _ = graph.parts()
    role, kind = words(pipes, "role")[graph.nodes], words(pipes, "class")[graph.nodes]
    water = kind == "water"
    main = Counter(part[water].tolist()).most_common(1)[0][0]
    inside = role[part == main]
    found = Counter(inside.tolist())
    assert found["reservoir"] == 2
    assert found["valve"] > 300
    assert found["hydrant"] > 300
    assert found["customer"] > 100
    left = water & (part != main)
    assert left.sum() <= 8  # the planned main and the planted points
    demand = pipes.numbers("demand_lps")[graph.nodes][role == "customer"]
    assert (demand > 0).all()
    assert 100 < demand.sum() < 400
    assert (pipes.numbers("head_m")[graph.nodes][role == "reservoir"] > 70).all()


def test_the_import_tells_every_row_it_left_out(imported: tuple[Pipes, LayerReport]) -> None:
    pipes, report = imported
    skipped: Mapping[str, int] = report.skipped
    assert dict(skipped) == SKIPPED
    assert report.repaired == {"number_of_two_points": 1}
    assert report.read == report.kept + sum(SKIPPED.values())
    told = {note.key: note.facts.get("count") for note in report.messages}
    assert told["pipes_assumed_sizes"] == NOT_MEASURED["sizes"]
    assert told["pipes_assumed_levels"] == NOT_MEASURED["levels"]
    assert "pipes_x_is_north" in told
    assert len(pipes) == report.kept


def test_the_check_of_quality_finds_the_planted_errors_and_nothing_else(pipes: Pipes) -> None:
    assert counts(check_quality(pipes)) == ISSUES


def test_the_planned_main_has_its_three_conflicts(
    tables: tuple[pd.DataFrame, pd.DataFrame],
) -> None:
    """Computed by hand from the rows, without the program's own geometry."""
    points, lines = tables
    place = points.drop_duplicates("物探点号").set_index("物探点号")
    own = lines[lines["备注"] == PLANNED_NOTE].reset_index(drop=True)
    assert list(own["使用状态"].unique()) == ["规划"]
    assert len(own) == 4

    def ends(row: pd.Series) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        a, b = place.loc[row["起点点号"]], place.loc[row["终点点号"]]
        xy = np.array([[p["Y坐标"], p["X坐标"]] for p in (a, b)], dtype=float)
        levels = np.array([a["地面高程"] - row["起点埋深"], b["地面高程"] - row["终点埋深"]])
        return xy[0], xy[1], levels

    def meets(mine: pd.Series, code: str) -> tuple[float, float, str]:
        """Levels of both where they cross, and the size of the other."""
        p, q, levels = ends(mine)
        for _, row in lines[lines["管线类型"] == code].iterrows():
            if row["起点点号"] not in place.index or row["终点点号"] not in place.index:
                continue
            a, b, others = ends(row)
            both = np.column_stack([q - p, a - b])
            if abs(np.linalg.det(both)) < 1e-9:
                continue
            t, u = np.linalg.solve(both, a - p)
            if 0 <= t <= 1 and 0 <= u <= 1:
                mine_level = levels[0] + t * (levels[1] - levels[0])
                return (
                    mine_level,
                    others[0] + u * (others[1] - others[0]),
                    str(row["管径或断面尺寸"]),
                )
        raise AssertionError(code)

    beside, under, over = CONFLICTS
    p, _, _ = ends(own.iloc[0])
    gaps = []
    for _, row in lines[lines["管线类型"] == "GD"].iterrows():
        if row["道路名称"] != "建设路":
            continue
        a, b, _ = ends(row)
        along = (b - a) / np.hypot(*(b - a))
        reach = (p - a) @ along
        if 0 < reach < np.hypot(*(b - a)):
            wide = float(str(row["管径或断面尺寸"]).split("x")[1]) / 1000
            away = p - a
            across = abs(along[0] * away[1] - along[1] * away[0])
            gaps.append(across - wide / 2 - 0.15)
    assert min(gaps) == pytest.approx(beside.actual, abs=0.001)
    top, gas_top, size = meets(own.iloc[1], "TR")
    assert gas_top - float(size) / 1000 - top == pytest.approx(under.actual, abs=0.001)
    top, invert, size = meets(own.iloc[3], "YS")
    assert top - 0.3 - (invert + float(size) / 1000) == pytest.approx(over.actual, abs=0.001)


def test_the_check_of_clearances_finds_just_these_three(pipes: Pipes) -> None:
    rules = RuleSet(tuple(rule for pack in packs_in([]) for rule in pack.rules))
    table = check_clearances(pipes, rules).to_pandas()
    notes = words(pipes, "note")
    planned = set(pipes.ids[(notes == PLANNED_NOTE) & (pipes.role == RUN)].tolist())
    mine = table[table["first"].isin(planned) | table["second"].isin(planned)]
    mine = mine[mine["shortfall_m"] > 0]
    other = np.where(mine["first"].isin(planned), mine["second"], mine["first"])
    code = dict(zip(pipes.ids.tolist(), words(pipes, "管线类型"), strict=True)) if (
        "管线类型" in pipes.attributes.column_names) else {}  # fmt: skip
    found = sorted(
        (what, round(required, 2), round(actual, 2))
        for what, required, actual in zip(mine["what"], mine["required_m"], mine["actual_m"],
                                          strict=True)
    )  # fmt: skip
    assert found == sorted((c.what, c.required, c.actual) for c in CONFLICTS)
    if code:
        assert {code[i] for i in other} == {c.code for c in CONFLICTS}


def test_few_of_the_existing_pipes_are_too_near_to_each_other(pipes: Pipes) -> None:
    rules = RuleSet(tuple(rule for pack in packs_in([]) for rule in pack.rules))
    table = check_clearances(pipes, rules).to_pandas()
    assert (table["shortfall_m"] > 0).sum() < 0.05 * len(pipes.runs)


def test_closing_the_valves_of_the_burst_leaves_the_hospital_dry(pipes: Pipes) -> None:
    notes = words(pipes, "note")
    burst = int(pipes.ids[(notes == BURST_NOTE)][0])
    graph = Graph.of(pipes)
    found = isolate(graph, burst)
    assert found.bounded
    assert 1 <= len(found.valves) <= 8
    hospital = int(pipes.ids[(notes == BURST_AT) & (words(pipes, "role") == "customer")][0])
    assert hospital in set(found.customers.tolist())
    assert len(found.sources) == 2
    again = isolate(graph, burst, closed=found.valves)
    assert set(again.runs.tolist()) == set(found.runs.tolist())


def test_the_utility_tunnel_holds_pipes_on_its_racks(pipes: Pipes) -> None:
    rows = contents(pipes).to_pylist()
    assert {row["compartment"] for row in rows} == {"电力舱", "综合舱"}
    assert {row["class"] for row in rows} == {"power", "heat", "telecom"}
    assert all(row["problem"] is None for row in rows)


def test_the_workbook_is_named_and_told_in_the_list(sample: Sample) -> None:
    assert sample.path("pipes") == Path(sample.files.folder) / "地下管线.xlsx"
