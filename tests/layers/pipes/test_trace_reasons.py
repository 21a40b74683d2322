"""A trace that finds nothing says why; one that follows a flow says where it ends."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from app.wording import Wording
from layers.analyses.pipe_trace import PipeTraceParams, traced
from layers.kinds.pipes import PLANNED, Pipes
from layers.pipes.trace import TraceParams, trace
from layers.pipes.trace_reasons import REASONS
from layers.progress import Silent
from tests.layers.pipes.test_graph import Spot, net

SPOTS: dict[int, Spot] = {1: (0, 0), 2: (50, 0), 3: (100, 0), 4: (150, 0), 5: (900, 0), 6: (50, 50)}
LINES = [(1, 2), (2, 3), (4, 3)]
FALL = {1: 9.0, 2: 8.5, 3: 8.0, 4: 8.6, 5: 8.0, 6: 9.0}


def sewer(roles: dict[int, str] | None = None) -> Pipes:
    """Two drains that fall towards node 3, from node 1 and from node 4."""
    return net(SPOTS, LINES, roles, "drain", FALL)


def reason(pipes: Pipes, what: str, start: int, closed: tuple[int, ...] = ()) -> str:
    found = trace(pipes, TraceParams(what, start, closed=closed))
    assert found.reason is not None
    assert len(found.runs) == 0
    return found.reason.key


def test_a_low_point_without_an_outlet_is_told_from_an_outlet_and_from_an_end() -> None:
    assert reason(sewer(), "downstream", 3) == "low"
    assert reason(sewer({3: "outfall"}), "downstream", 3) == "outlet"
    alone = net(SPOTS, LINES[:2], None, "drain", FALL)
    assert reason(alone, "downstream", 3) == "end"


def test_the_head_of_a_sewer_has_nothing_upstream() -> None:
    assert reason(sewer(), "upstream", 1) == "head"


def test_closed_valves_unused_pipes_and_none_at_all_are_told_apart() -> None:
    pipes = sewer({2: "valve"})
    assert reason(pipes, "connected", 1, closed=(2,)) == "closed"
    assert reason(pipes, "connected", 5) == "alone"
    status = pipes.status.copy()
    status[pipes.runs] = PLANNED
    assert reason(replace(pipes, status=status), "downstream", 1) == "unused"


def test_branches_have_no_loops() -> None:
    assert reason(sewer(), "loops", 1) == "no-loop"


def test_a_source_that_feeds_nothing_says_that_others_are_nearer() -> None:
    pipes = net({1: (0, 0), 2: (90, 0)}, [(1, 2)], {1: "reservoir", 2: "tank"})
    assert reason(pipes, "service", 1) == "other-source"


def test_where_a_flow_ends_is_named() -> None:
    found = trace(sewer(), TraceParams("downstream", 1))
    assert found.runs.tolist() == [101, 102]
    assert found.ends == ("#3",)
    assert found.reason is None
    assert trace(sewer(), TraceParams("upstream", 3)).ends == ()


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_every_reason_is_a_sentence_in_both_languages(language: str) -> None:
    words = Wording(language)
    for key in REASONS:
        text = words.t(f"note-trace-nothing-{key}", node="WS1", count=2)
        assert "WS1" in text
    _, notes = traced(sewer(), PipeTraceParams(what="downstream", start="#3"), Silent())
    assert any("#3" in words.note(note) for note in notes)
    _, notes = traced(sewer(), PipeTraceParams(what="downstream", start="#1"), Silent())
    assert "#3" in words.note(notes[-1])
    assert np.unique([note.key for note in notes]).size == len(notes)
