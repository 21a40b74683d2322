"""How pipes are shown: codes, drawn levels, error band, colours by standard."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.errors import CityError
from layers.files.project_state import style_from_json
from layers.kinds.base import Features
from layers.kinds.pipes import BANK, BOX, INVERT, ROUND, TOP, Pipes
from layers.pipes.classes import CLASSES, SUBCLASS_KEYS
from layers.pipes.looks import (
    assumed_levels,
    bank_shape,
    class_colours,
    drawn_levels,
    error_band,
    half_sizes,
    run_codes,
)  # fmt: skip
from layers.shapes import Shapes
from layers.style import Style


def runs(count: int, holes: list[str] | None = None, **columns: object) -> Pipes:
    """Make level runs of 100 m beside each other."""
    lines = [shapely.LineString([(0, 5 * i), (100, 5 * i)]) for i in range(count)]
    table = pa.table({"holes": holes or [""] * count})
    plain = Features.of(Shapes.from_shapely(np.array(lines, dtype=object)), table)
    return Pipes.of_columns(plain, 1, columns.pop("width", 0.4), **columns)  # type: ignore[arg-type]  # columns of any kind


def test_codes_tell_class_and_size() -> None:
    pipes = runs(
        4, ["", "", "3x4", ""], width=[0.4, 2.0, 0.9, 0.0], height=[0.4, 1.5, 0.7, 0.0],
        form=[ROUND, BOX, BANK, ROUND],
        subclass=[SUBCLASS_KEYS.index(key) for key in ("sewage", "storm", "", "")],
    )  # fmt: skip
    assert run_codes(pipes, np.arange(4)) == ["WS DN400", "YS 2000x1500", "PS 3x4", "PS"]


def test_levels_that_nobody_knows_are_a_metre_under_the_ground_and_told_to_be_assumed() -> None:
    pipes = runs(
        3, width=0.4, level_of=[TOP, INVERT, TOP], start_level=[8.0, 8.0, np.nan],
        end_level=[8.0, 8.0, np.nan], assumed=[0, 1, 0],
    )  # fmt: skip
    levels = drawn_levels(pipes, np.full(6, 10.0)).reshape(3, 2)
    assert np.allclose(levels, [[7.8, 7.8], [8.2, 8.2], [8.8, 8.8]])
    assert assumed_levels(pipes).tolist() == [False, True, True]
    assert half_sizes(runs(1, width=0.0))[0].tolist() == [0.1]


def test_a_bank_without_holes_has_two_by_two_and_others_have_none() -> None:
    pipes = runs(3, ["2×6", "many", "3x3"], form=[BANK, BANK, ROUND])
    assert bank_shape(pipes).tolist() == [[2, 6], [2, 2], [0, 0]]


@settings(max_examples=30)
@given(st.floats(-2.0, 40.0), st.floats(0.0, 5.0))
def test_the_error_band_never_shrinks_with_depth(depth: float, more: float) -> None:
    beside, up = error_band([depth, depth + more])
    assert beside[0] >= 0.1
    assert up[0] >= 0.15
    assert beside[1] >= beside[0]
    assert up[1] >= up[0]


def test_classes_have_the_colours_of_both_standards() -> None:
    for palette, name in (("cjj61", "colour"), ("apwa", "apwa")):
        entries = class_colours(palette).entries
        assert [e.colour for e in entries] == [getattr(item, name) for item in CLASSES]
    with pytest.raises(CityError, match="pipes by 'din'") as error:
        class_colours("din")
    assert error.value.code == "pipes.palette"


def test_the_way_pipes_are_drawn_is_kept_in_files_and_checked() -> None:
    style = Style(pipe_mode="symbols", pipe_codes=True, pipe_hidden=("gas", "heat"))
    raw = asdict(style)
    raw["pipe_hidden"] = list(raw["pipe_hidden"])
    assert style_from_json(raw) == style
    with pytest.raises(CityError) as error:
        Style(pipe_mode="wires")  # type: ignore[arg-type]  # what a file may say
    assert error.value.code == "style.pipe_mode"
