"""Very far pipes are drawn as few lines, and none of another place, colour or state is lost."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.frame import Frame
from layers.kinds.base import Features, Layer
from layers.kinds.pipes import KIND, Pipes
from layers.project import Project
from layers.shapes import Shapes
from layers.viewpoint import Viewpoint
from scene.pipe_groups import thinned
from scene.pipe_runs import RunFacts
from scene.views.pipes import PipesView
from tests.scene.cities import shot, staged

pytestmark = pytest.mark.picture
EAST, NORTH = 508_000.0, 3_378_000.0


def lanes(count: int = 4, apart: float = 1.5) -> Pipes:
    """Lanes of water, drain, gas ... beside each other, in ten runs of 400 m each."""
    lines = [
        shapely.LineString([(EAST + 400.0 * k, NORTH + apart * lane),
                            (EAST + 400.0 * (k + 1), NORTH + apart * lane)])
        for lane in range(count) for k in range(10)
    ]  # fmt: skip
    plain = Features.of(
        Shapes.from_shapely(np.array(lines)), pa.table({"n": np.arange(10 * count)})
    )
    codes = np.repeat(np.arange(count), 10)
    level = -1.0 - 0.1 * codes
    return Pipes.of_columns(plain, codes, [0.3] * len(codes), role=[0] * len(codes),
                            level_of=0, start_level=level, end_level=level)  # fmt: skip


def far_project(pipes: Pipes) -> tuple[Project, Layer]:
    made = Project(Frame("EPSG:4547", (EAST, NORTH)))
    layer = Layer("pipes", "Pipes", pipes, style=KIND.style)
    made.insert_layer(layer)
    return made, layer


@settings(max_examples=15, deadline=None)
@given(st.floats(2.0, 64.0), st.integers(1, 5))
def test_each_run_is_still_covered_by_a_line_within_the_square(metres: float, count: int) -> None:
    pipes = lanes(count, 1.0)
    with staged(far_project(pipes)[0]) as stage:
        facts = RunFacts(pipes, stage.context.ground)
    points, rows = thinned(facts, pipes.runs, metres)
    assert len(points) == 2 * len(rows) <= 2 * len(pipes.runs)
    drawn = shapely.multilinestrings(points[:, :2].reshape(-1, 2, 2))
    far = shapely.hausdorff_distance(drawn, shapely.multilinestrings(pipes.shapes.to_shapely()))
    assert far <= metres * math.sqrt(2.0)


def test_far_lanes_become_few_lines_and_near_ones_stay_apart() -> None:
    made, _ = far_project(lanes())
    with staged(made) as stage:
        view = next(v for v in stage.views.values() if isinstance(v, PipesView))
        stage.underground.share = 1.0
        stage.viewpoint = Viewpoint.looking_at((EAST + 2000, NORTH, 0.0), 9000.0, 0.0, -1.5)
        far = shot(stage)
        assert view.tiles is not None
        assert view.tiles.triangles() <= 20
        assert (far[..., :3].max(axis=2).astype(int) - far[..., :3].min(axis=2) > 60).sum() > 50
        stage.viewpoint = Viewpoint.looking_at((EAST + 2000, NORTH, 0.0), 300.0, 0.0, -1.5)
        shot(stage)
        assert view.tiles.triangles() >= 80
        assert not any(actor.GetVisibility() for actor in view.tiles.groups.actors())


def test_what_is_selected_or_left_alone_is_drawn_of_what_falls_together() -> None:
    made, layer = far_project(lanes())
    with staged(made) as stage:
        view = next(v for v in stage.views.values() if isinstance(v, PipesView))
        stage.underground.share = 1.0
        stage.viewpoint = Viewpoint.looking_at((EAST + 2000, NORTH, 0.0), 9000.0, 0.0, -1.5)
        before = shot(stage)
        stage.select({layer.id: np.asarray(layer.features.ids[-10:])})  # the deepest lane
        chosen = shot(stage)
        assert (chosen != before).any()
        stage.select({})
        assert np.array_equal(shot(stage), before)
        layer.style = replace(layer.style, pipe_hidden=("water", "drain", "gas"))
        assert (shot(stage) != before).any()
        view.isolate(np.array([], dtype=np.int64))
        bare = shot(stage)
        assert (bare[..., :3].max(axis=2).astype(int) - bare[..., :3].min(axis=2) > 60).sum() == 0


def test_a_run_drawn_as_one_with_another_is_found_and_marked_where_one_points() -> None:
    made, layer = far_project(lanes())
    with staged(made) as stage:
        stage.underground.share = 1.0
        stage.viewpoint = Viewpoint.looking_at((EAST + 2000, NORTH, 0.0), 9000.0, 0.0, -1.5)
        before = shot(stage)
        for up in (-3.0, 0.0, 3.0):
            hit = stage.pick(stage.size[0] / 2, stage.size[1] / 2 + up)
            assert hit is not None
            assert hit.layer_id == layer.id
        for lane in range(4):
            stage.hover(layer.id, int(layer.features.ids[10 * lane + 5]))
            marked = (shot(stage) != before).any(axis=2)
            assert marked.sum() > 5
        stage.hover(None)
        assert np.array_equal(shot(stage), before)
