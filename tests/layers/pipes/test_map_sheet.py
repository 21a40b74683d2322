"""Maps of pipes on paper: paper and scale, the grid, what is drawn and written."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from layers.errors import CityError
from layers.kinds.pipes import ROLES
from layers.pipes.map_drawing import draw_map
from layers.pipes.map_sheet import (
    Backdrop,
    LegendRow,
    MapContent,
    MapFacts,
    MapMark,
    MapNode,
    MapOutline,
    MapRun,
    grid_step,
    laid_out,
    sheets_of,
)
from layers.pipes.map_symbols import UP_TO, draw_symbol
from layers.pipes.plate import Board, Oval, Path, Plate, Text

E, N = 500_000.0, 4_000_000.0
BLUE, BROWN = "#00ffff", "#4c3926"


def say(key: str) -> str:
    return f"<{key}>"


def run(*points: tuple[float, float], **more: object) -> MapRun:
    places = np.add(points, (E, N))
    return MapRun(places, BLUE, **more)  # type: ignore[arg-type]  # of the test


def drawn(content: MapContent, facts: MapFacts = MapFacts(), reach: float = 100.0) -> Plate:
    return draw_map(content, (E, N, E + reach, N + reach / 2.0), facts, say)


def texts(plate: Plate) -> list[str]:
    return [shape.words for shape in plate.shapes if isinstance(shape, Text)]


def lines(plate: Plate, layer: str) -> list[Path]:
    return [s for s in plate.shapes if isinstance(s, Path) and s.layer == layer]


@given(st.floats(10.0, 5000.0), st.floats(10.0, 5000.0), st.sampled_from(["A4", "A3", "A1"]))
def test_what_is_asked_for_is_on_the_paper_at_the_stated_scale(
    wide: float, high: float, paper: str
) -> None:
    made = laid_out((E, N, E + wide, N + high), MapFacts(paper=paper))
    west, south, east, north = made.extent
    assert west <= E + 1e-6
    assert east >= E + wide - 1e-6
    assert south <= N + 1e-6
    assert north >= N + high - 1e-6
    ends = made.place(np.array([[E, N], [E + 100.0, N]]))
    assert np.hypot(*(ends[1] - ends[0])) == pytest.approx(100_000.0 / made.scale)


def test_a_scale_without_a_paper_takes_the_smallest_that_holds_it() -> None:
    extent = (E, N, E + 100.0, N + 80.0)
    assert laid_out(extent, MapFacts(scale=1000.0)).name == "A4"
    assert laid_out(extent, MapFacts(scale=200.0)).name == "A1"
    fixed = laid_out(extent, MapFacts(scale=200.0, paper="A4"))
    assert (fixed.name, fixed.scale) == ("A4", 200.0)


@pytest.mark.parametrize(
    ("extent", "facts", "code"),
    [
        ((E, N, E, N + 1.0), MapFacts(), "maps.extent"),
        ((E, N, E + 1.0, N + 1.0), MapFacts(scale=3.0), "maps.scale"),
        ((E, N, E + 1.0, N + 1.0), MapFacts(paper="B5"), "maps.paper"),
        ((E, N, E + 9000.0, N + 1.0), MapFacts(scale=500.0), "maps.too_large"),
    ],
)
def test_what_cannot_be_drawn_is_told(
    extent: tuple[float, float, float, float], facts: MapFacts, code: str
) -> None:
    with pytest.raises(CityError) as told:
        laid_out(extent, facts)
    assert told.value.code == code


@given(st.floats(20.0, 500_000.0))
def test_grid_lines_stand_at_round_metres_at_most_a_decimetre_apart(scale: float) -> None:
    step = grid_step(scale)
    assert 20.0 <= step * 1000.0 / scale <= 100.0 + 1e-6
    assert float(f"{step:.0e}"[0]) in {1.0, 2.0, 5.0}


def test_pipes_are_drawn_by_status_and_size_and_lead_to_their_objects() -> None:
    content = MapContent((
        run((10, 10), (90, 10), link=("pipes", 7), width=0.1, text="JS DN100"),
        run((10, 20), (90, 20), status="planned", width=0.5),
        run((10, 30), (90, 30), status="abandoned", width=1.2),
        run((900, 900), (990, 900)),
    ))  # fmt: skip
    plate = drawn(content, MapFacts(scale=1000.0))
    pipes = lines(plate, "pipes")
    assert [p.link for p in pipes] == [("pipes", 7), None, None]
    strokes = [p.stroke for p in pipes]
    assert [stroke.width for stroke in strokes if stroke] == [0.25, 0.4, 0.6]
    assert [bool(stroke.dash) for stroke in strokes if stroke] == [False, True, True]
    assert "JS DN100" in texts(plate)
    assert {"<status-planned>", "<status-abandoned>"} <= set(texts(plate))


def test_on_large_scales_pipes_are_as_wide_as_they_are() -> None:
    plate = drawn(MapContent((run((5, 5), (15, 5), width=1.0),)), MapFacts(scale=200.0), 20.0)
    stroke = lines(plate, "pipes")[0].stroke
    assert stroke is not None
    assert stroke.width == pytest.approx(5.0)


def test_arrows_point_the_way_it_flows() -> None:
    content = MapContent((run((10, 10), (90, 10), flow=1), run((10, 20), (90, 20), flow=-1),
                          run((10, 30), (90, 30))))  # fmt: skip
    arrows = lines(drawn(content, MapFacts(scale=1000.0)), "flow")
    assert len(arrows) == 2
    for arrow, sign in zip(arrows, (1.0, -1.0), strict=True):
        assert (arrow.points[0, 0] - arrow.points[1, 0]) * sign > 0


def test_a_run_out_of_the_paper_is_cut_at_its_edge() -> None:
    plate = drawn(MapContent((run((-5000, 10), (5000, 10)),)), MapFacts(scale=1000.0))
    layout = laid_out((E, N, E + 100.0, N + 50.0), MapFacts(scale=1000.0))
    points = lines(plate, "pipes")[0].points
    assert points[:, 0].min() == pytest.approx(layout.box[0])
    assert points[:, 0].max() == pytest.approx(layout.box[2])


def test_the_same_words_are_not_written_twice_near_each_other() -> None:
    runs = tuple(run((k * 40.0, 10), (k * 40.0 + 39.0, 10), text="WS DN300") for k in range(2))
    plate = drawn(MapContent(runs), MapFacts(scale=500.0, paper="A3"))
    assert texts(plate).count("WS DN300") == 1


def test_symbols_are_left_out_on_small_scales_and_explained_where_they_are() -> None:
    nodes = tuple(MapNode(E + 10 * k, N + 5, role, BROWN, f"n{k}")
                  for k, role in enumerate(("manhole", "valve", "reservoir")))  # fmt: skip
    near = drawn(MapContent((), nodes), MapFacts(scale=500.0))
    assert {"<role-manhole>", "<role-valve>", "<role-reservoir>"} <= set(texts(near))
    assert {"n0", "n1", "n2"} <= set(texts(near))
    far = drawn(MapContent((), nodes), MapFacts(scale=10_000.0))
    assert "<role-reservoir>" in texts(far)
    assert not {"<role-manhole>", "<role-valve>", "n0"} & set(texts(far))


def test_every_role_has_a_symbol() -> None:
    for role in ROLES:
        board = Board()
        draw_symbol(board, role, 10.0, 10.0, BROWN)
        assert board.shapes
    assert set(UP_TO) <= set(ROLES)


def test_zones_marks_and_what_lies_around_are_drawn() -> None:
    yard = shapely.box(E + 10, N + 10, E + 40, N + 40)
    hole = shapely.box(E + 20, N + 20, E + 30, N + 30)
    street = shapely.LineString([(E, N + 45), (E + 100, N + 45)])
    content = MapContent(
        (run((10, 45), (90, 45)),), marks=(MapMark(E + 50, N + 25, "3"),),
        outlines=(MapOutline(np.array(shapely.box(E + 60, N + 5, E + 95, N + 40).exterior.coords),
                             "#8e24aa", True, (), 0.3, "Zone A", 4.0),),
        backdrop=Backdrop(buildings=(yard.difference(hole),), kerbs=(street,),
                          names=((street, "建设路"),)),
    )  # fmt: skip
    facts = MapFacts(
        "Plan", "Riverside", legend=(LegendRow(BLUE, "JS water", "1.2 km"),), legend_title="class",
        notes=("A long note that has to be broken into several lines of the column beside it.",),
    )  # fmt: skip
    plate = drawn(content, facts)
    said = texts(plate)
    assert {"3", "Zone A", "JS water", "1.2 km", "Plan", "Riverside", "N", "建设路"} <= set(said)
    assert len(lines(plate, "buildings")) == 2  # the yard and its hole
    assert len(lines(plate, "zones")) > 3  # edge and hatch
    assert any(isinstance(s, Oval) and s.layer == "marks" for s in plate.shapes)
    assert any("1:" in text for text in said)


def test_a_part_too_large_is_cut_into_sheets_that_cover_it() -> None:
    extent = (E, N, E + 3000.0, N + 2500.0)
    facts = MapFacts(scale=1000.0, paper="A1")
    parts = sheets_of(extent, facts)
    assert len(parts) == 5 * 5
    assert shapely.union_all([shapely.box(*p) for p in parts]).equals(shapely.box(*extent))
    for part in parts:
        shown = laid_out(part, facts).extent
        assert shown[0] <= part[0] + 1e-6
        assert shown[2] >= part[2] - 1e-6
        assert shown[3] >= part[3] - 1e-6


def test_what_fits_one_sheet_is_not_cut() -> None:
    extent = (E, N, E + 100.0, N + 50.0)
    assert sheets_of(extent, MapFacts(scale=1000.0)) == (extent,)
    assert sheets_of((E, N, E + 9000.0, N + 50.0), MapFacts()) == ((E, N, E + 9000.0, N + 50.0),)


def test_the_scale_that_fits_is_offered() -> None:
    with pytest.raises(CityError) as raised:
        laid_out((E, N, E + 3000.0, N + 2500.0), MapFacts(scale=500.0))
    assert raised.value.facts["fits"] == 5000
