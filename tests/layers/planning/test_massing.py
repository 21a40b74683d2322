"""Envelopes worked out by hand, what breaks them, and fills that keep every limit."""

from __future__ import annotations

import math

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.analyses import edits, running
from layers.errors import CityError
from layers.frame import Frame
from layers.history import History
from layers.kinds.base import Features, Layer
from layers.kinds.buildings import Buildings
from layers.planning.massing import (
    Barrier,
    PlotLimits,
    envelope,
    fill,
    outside,
    volume,
    why_nothing,
)
from layers.project import Project
from layers.shapes import Shapes

PLOT = shapely.box(0, 0, 100, 80)


def test_setbacks_are_taken_off_each_side_and_more_at_streets() -> None:
    (step,) = envelope(PLOT, PlotLimits(height=30.0, setback=5.0, road_setback=10.0))
    assert step.shape.bounds == pytest.approx((5, 5, 95, 75))
    assert (step.low, step.top) == (0.0, 30.0)
    street = shapely.LineString([(-50, -20), (150, -20)])
    (step,) = envelope(PLOT, PlotLimits(height=30.0, setback=5.0, road_setback=10.0), street)
    assert step.shape.bounds == pytest.approx((5, 10, 95, 75))
    (step,) = envelope(PLOT, PlotLimits(height=9.0, setback=0.0, north_setback=20.0))
    assert step.shape.bounds == pytest.approx((0, 0, 100, 60))
    assert volume([step]) == pytest.approx(100 * 60 * 9)


def test_a_plane_of_sun_takes_more_the_higher_one_builds() -> None:
    limits = PlotLimits(height=30.0, setback=0.0, sun_angle=45.0)
    steps = envelope(PLOT, limits)
    assert [round(step.shape.bounds[3]) for step in steps] == [77 - 3 * k for k in range(10)]
    assert all(step.binding == ("sun_angle",) for step in steps)


def test_a_corridor_cuts_only_what_reaches_into_it() -> None:
    path = Barrier(shapely.box(40, -10, 60, 90), 15.0, "microwave")
    below, above = envelope(PLOT, PlotLimits(height=30.0, setback=0.0), None, [path])
    assert (below.top, above.low) == (15.0, 15.0)
    assert below.shape.area == pytest.approx(8000.0)
    assert above.shape.area == pytest.approx(6400.0)
    assert above.binding == ("microwave",)


def test_what_stands_outside_is_told_with_its_volume_and_reason() -> None:
    steps = envelope(PLOT, PlotLimits(height=30.0, setback=5.0))
    assert outside(shapely.box(10, 10, 20, 20), 30.0, steps) == (0.0, 0.0, "")
    lost, above, broken = outside(shapely.box(0, 10, 10, 20), 12.0, steps)
    assert lost == pytest.approx(50 * 12)
    assert (above, broken) == (0.0, "setback")
    lost, above, broken = outside(shapely.box(10, 10, 20, 20), 33.0, steps)
    assert lost == pytest.approx(300.0)
    assert (above, broken) == (3.0, "height")


def test_plots_on_which_nothing_may_stand_are_told() -> None:
    with pytest.raises(CityError, match="leave nothing"):
        envelope(PLOT, PlotLimits(height=30.0, setback=60.0))
    with pytest.raises(CityError, match="limit of height"):
        envelope(PLOT, PlotLimits(height=0.0))
    with pytest.raises(CityError, match="no area"):
        envelope(shapely.Polygon(), PlotLimits())


@given(
    st.floats(60, 260), st.floats(60, 200), st.floats(0, math.pi), st.floats(0.5, 4.0),
    st.floats(10, 40), st.floats(12, 90), st.sampled_from(["best", "towers", "slabs"]),
)  # fmt: skip
@settings(max_examples=15, deadline=None)
def test_a_fill_keeps_envelope_ratio_and_density(
    wide: float, deep: float, turn: float, far: float, density: float, height: float, form: str
) -> None:
    plot = shapely.affinity.rotate(shapely.box(0, 0, wide, deep), turn, use_radians=True)
    limits = PlotLimits(far, density, height, setback=6.0, sun_angle=50.0)
    steps = envelope(plot, limits)
    bodies = fill(plot, steps, limits, form=form)
    assert sum(b.shape.area * b.storeys for b in bodies) <= far * plot.area + 1e-6
    assert sum(b.shape.area for b in bodies) <= density / 100 * plot.area + 1e-6
    for body in bodies:
        lost, above, _ = outside(body.shape, body.height, steps)
        assert above < 1e-9
        assert lost <= 0.0015 * body.shape.area * body.height
    union = shapely.union_all([b.shape for b in bodies])
    assert union.area == pytest.approx(sum(b.shape.area for b in bodies))


@pytest.fixture
def project() -> Project:
    """A plot with a house that is too high."""
    made = Project(Frame("EPSG:4547"))
    table = pa.table({"name": ["P"], "far_max": [2.0], "density_max_pct": [30.0],
                      "height_max_m": [36.0]})  # fmt: skip
    made.insert_layer(
        Layer("districts", "Plots", Features.of(Shapes.from_shapely([PLOT]), table), layer_id="p")
    )
    house = Buildings.blocks(Shapes.from_shapely([shapely.box(10, 10, 20, 20)]), 45.0)
    made.insert_layer(Layer("buildings", "Houses", house, layer_id="h"))
    return made


def test_the_analysis_names_the_house_that_breaks_it_and_offers_a_layer(project: Project) -> None:
    item = running.run(project, "massing", {"plot": 1})
    rows = item.outcome.table.to_pylist()
    assert item.outcome.status == "fail"
    assert (rows[0]["what"], rows[0]["object"], rows[0]["binding"]) == ("breaks", 1, "height")
    assert item.outcome.facts["far"] <= 2.0  # type: ignore[operator]  # a number
    assert item.outcome.facts["offered_count"] > 0  # type: ignore[operator]  # a number
    history = History(project)
    history.run(edits.take_offered(item, "Offer"))
    offered = project.layer("Offer")
    assert len(offered.data) == item.outcome.facts["offered_count"]
    history.undo()
    tight = running.run(project, "massing", {"plot": 1, "far": 0.01})
    with pytest.raises(CityError, match="offers no buildings"):
        edits.take_offered(tight, "x")
    with pytest.raises(CityError, match="one plot"):
        running.run(project, "massing")


def test_a_small_plot_gets_a_small_building_wherever_there_is_a_place_for_it() -> None:
    plot = shapely.Polygon([(0, 0), (31, 0), (31, 20), (52, 20), (52, 41), (0, 41)])
    limits = PlotLimits(far=2.2, density=60.0, height=24.0, setback=5.0)
    steps = envelope(plot, limits)
    (body, *_) = fill(plot, steps, limits)
    assert steps[0].shape.buffer(0.1).covers(body.shape)
    assert body.storeys == 8


@pytest.mark.parametrize(
    ("plot", "limits", "why"),
    [
        (shapely.box(0, 0, 60, 17), PlotLimits(height=24.0), "narrow"),
        (shapely.box(0, 0, 60, 60), PlotLimits(height=2.5), "height"),
        (shapely.box(0, 0, 60, 60), PlotLimits(far=0.01, height=24.0), "ratio"),
        (shapely.box(0, 0, 60, 60), PlotLimits(density=2.0, height=24.0), "density"),
    ],
)
def test_where_nothing_is_offered_the_reason_is_told(
    plot: shapely.Polygon, limits: PlotLimits, why: str
) -> None:
    steps = envelope(plot, limits)
    assert fill(plot, steps, limits) == []
    key, facts = why_nothing(plot, steps, limits)
    assert key == why
    if why == "narrow":
        assert facts["width_m"] == pytest.approx(7.0, abs=0.3)


def test_a_plot_with_thousands_of_corners_has_the_envelope_of_its_form() -> None:
    around = np.linspace(0.0, 2.0 * np.pi, 6000, endpoint=False)
    plot = shapely.Polygon(np.column_stack([np.cos(around), np.sin(around)]) * 100.0)
    limits = PlotLimits(far=1.0, height=12.0, setback=5.0)
    (step,) = envelope(plot, limits)
    assert step.shape.area == pytest.approx(np.pi * 95.0**2, rel=1e-3)
    bodies = fill(plot, [step], limits)
    assert sum(body.shape.area * body.storeys for body in bodies) <= plot.area
    inside = step.shape.buffer(0.05)
    assert bodies
    assert all(inside.covers(body.shape) for body in bodies)
