"""What happened is played again from the log alone; planned and actual stay comparable."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.drills import edits
from layers.drills.clock import timetable
from layers.drills.log import Entry, Exercise
from layers.drills.plan import (
    Commitment,
    Inject,
    Objective,
    Plan,
    Role,
    Start,
    Step,
    Unit,
)
from layers.drills.rehearsal import rehearsal
from layers.drills.replay import (
    as_it_goes,
    as_it_went,
    closures_in,
    fired_in,
    marks_in,
    standing,
)
from layers.drills.review import scores, whole_score
from layers.errors import CityError
from layers.frame import Frame
from layers.kinds.drills import Drills
from layers.project import Project

RING = ((0.0, 0.0), (50.0, 0.0), (50.0, 50.0))


def plan() -> Plan:
    """Alarm, then a crew a minute after it, then a report."""
    steps = (
        Step("s1", "Alarm", Start("at", 0.0), 60.0, role="r1", objectives=("o1",)),
        Step("s2", "Set out", Start("after", 60.0, "s1"), 120.0, role="r2", objectives=("o1",)),
        Step("s3", "Report", Start("at", 600.0), 30.0, role="r1", objectives=("o2",)),
    )
    return Plan(
        1, "Three", roles=(Role("r1", "Commander"), Role("r2", "Crew")), steps=steps,
        objectives=(Objective("o1", "Fast", 3.0), Objective("o2", "Told"), Objective("o3", "Else")),
        injects=(Inject("i1", "Wind"),),
    )  # fmt: skip


def run(*acts: tuple[float, str, str]) -> Exercise:
    """An exercise with some acts: second, act, about."""
    entries = tuple(
        Entry(number, f"2026-05-20T09:00:{number:02d}+08:00", second, "Li", act, about)
        for number, (second, act, about) in enumerate(acts, start=1)
    )
    return Exercise(7, 1, 1, "Run", entries)


LATE = run(
    (0.0, "began", "1:1"), (40.0, "step-began", "s1"), (130.0, "step-ended", "s1"),
    (300.0, "step-began", "s2"), (350.0, "inject", "i1"), (900.0, "ended", ""),
)  # fmt: skip


def test_the_replay_has_the_seconds_of_the_log_and_nothing_that_was_not_done() -> None:
    table = timetable(as_it_went(plan(), LATE))
    assert table.begins == {"s1": 40.0, "s2": 300.0}
    assert table.ends == {"s1": 130.0, "s2": 420.0}
    assert fired_in(LATE) == {"i1": 350.0}


def test_what_hangs_on_a_late_step_is_expected_late() -> None:
    some = replace(LATE, entries=LATE.entries[:3])
    now = standing(plan(), some, 200.0)
    assert (now.on, now.done) == ((), ("s1",))
    assert now.due == (("s2", 190.0),)  # the end of the alarm at 130, and a minute
    assert now.next == (("s3", 600.0),)
    assert standing(plan(), replace(LATE, entries=LATE.entries[:2]), 500.0).on == ("s1",)
    assert timetable(as_it_goes(plan(), replace(LATE, entries=LATE.entries[:2]), 500.0)).begins[
        "s2"
    ] == pytest.approx(560.0)


def test_what_was_taken_back_never_happened_but_stays_in_the_log() -> None:
    wrong = run((0.0, "began", ""), (5.0, "step-began", "s3"), (9.0, "taken-back", "2"))
    assert wrong.times() == {}
    assert len(wrong.entries) == 3
    assert standing(plan(), wrong, 10.0).due == (("s1", 0.0),)


def test_symbols_and_closed_ways_of_the_log_are_seen_from_their_second_on() -> None:
    entries = (
        Entry(1, "", 0.0, "Li", "began"),
        Entry(2, "", 50.0, "Li", "symbol", "A20100", "Smoke", ((10.0, 10.0),)),
        Entry(3, "", 60.0, "Li", "closed-way", "", "Closed", RING),
        Entry(4, "", 90.0, "Li", "opened-way", "3"),
        Entry(5, "", 95.0, "Li", "note", "", "Weak radio"),
    )
    kept = replace(LATE, entries=entries)
    (closure,) = closures_in(kept)
    assert (closure.second, closure.until, closure.ring) == (60.0, 90.0, RING)
    played = rehearsal(as_it_went(plan(), kept), marks=marks_in(kept))
    seen = {
        second: [s.element.text for s in played.at(second).shown] for second in (0, 55, 70, 100)
    }
    assert seen == {0: [], 55: ["Smoke"], 70: ["Smoke", "Closed"], 100: ["Smoke"]}


def test_scores_come_with_figures_and_the_last_one_counts() -> None:
    told = (
        Entry(7, "", 1000.0, "Wang", "score", "o1", "slow", value=40.0),
        Entry(8, "", 1001.0, "Wang", "score", "o1", "slow, but safe", value=60.0),
        Entry(9, "", 1002.0, "Wang", "score", "o2", value=20.0),
    )
    kept = replace(LATE, entries=(*LATE.entries, *told))
    fast, report, other = scores(plan(), kept)
    assert (fast.steps, fast.done, fast.on_time, fast.suggested) == (2, 2, 1, 50.0)
    assert fast.mean_late_s == pytest.approx((40.0 + 180.0) / 2)
    assert (fast.value, fast.remark, fast.author) == (60.0, "slow, but safe", "Wang")
    assert (report.done, report.mean_late_s, report.suggested) == (0, None, 0.0)
    assert (other.steps, other.suggested, other.value) == (0, None, None)
    assert whole_score([fast, report, other]) == pytest.approx((60 * 3 + 20) / 4)
    assert whole_score([other]) is None
    assert kept.seconds == 900.0  # scoring is no part of the run


def test_a_plan_that_was_run_and_changed_is_still_there_as_it_was() -> None:
    project = Project(Frame("EPSG:4547", (500_000.0, 3_380_000.0)))
    edits.add_plan(project, plan()).do(project)
    began = edits.drills_of(project).plans[0]
    edits.keep_exercise(project, Exercise(0, began.id, 1, "Run", LATE.entries), began).do(project)
    edits.change_plan(project, began.without_steps(["s2"])).do(project)
    data = edits.drills_of(project)
    assert (data.plans[0].version, len(data.plans[0].steps)) == (2, 2)
    assert data.plan_of(data.exercises[0]) == began


def test_a_plan_that_changed_while_it_was_run_is_kept_as_it_was_run() -> None:
    project = Project(Frame("EPSG:4547", (500_000.0, 3_380_000.0)))
    edits.add_plan(project, plan()).do(project)
    began = edits.drills_of(project).plans[0]
    edits.change_plan(project, began.without_steps(["s3"])).do(project)
    edits.keep_exercise(project, Exercise(0, began.id, 1, "Run", LATE.entries), began).do(project)
    data = edits.drills_of(project)
    assert len(data.plan_of(data.exercises[0]).steps) == 3
    assert len(data.plans[0].steps) == 2


def test_an_exercise_that_is_not_there_is_told() -> None:
    with pytest.raises(CityError, match="No exercise was run"):
        Drills().run(3)
    with pytest.raises(CityError, match=r"no exercise 3.\n.*one of: 1"):
        Drills().with_exercise(Exercise(1, 1, 1, "Run")).run(3)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(0.0, 600.0), min_size=3, max_size=3))
def test_a_run_that_keeps_to_the_plan_replays_as_the_plan(lengths: list[float]) -> None:
    steps = zip(plan().steps, lengths, strict=True)
    exact = replace(plan(), steps=tuple(replace(step, seconds=long) for step, long in steps))
    table = timetable(exact)
    entries = [
        Entry(number, "", when[step.id], "Li", act, step.id)
        for number, step in enumerate(exact.steps)
        for act, when in (("step-began", table.begins), ("step-ended", table.ends))
    ]
    again = timetable(as_it_went(exact, Exercise(1, 1, 1, "", tuple(entries))))
    assert again.begins == table.begins
    assert again.ends == pytest.approx(table.ends)


def test_units_that_should_be_elsewhere_are_seen_there_too() -> None:
    base = plan()
    crew = Unit("u1", "Engine 1", "r2", place=(0.0, 0.0), speed_kmh=36.0)
    drive = replace(base.steps[1], place=(600.0, 0.0), units=(Commitment("u1"),))
    planned = replace(base, units=(crew,), steps=(base.steps[0], drive, base.steps[2]))
    happened = replace(rehearsal(as_it_went(planned, LATE)), planned=rehearsal(planned))
    assert happened.at(10.0).ghosts == ()  # all stand where they should
    now = happened.at(125.0)  # it should have arrived at 120
    assert [ghost.unit for ghost in now.ghosts] == ["u1"]
    assert now.ghosts[0].place == pytest.approx((600.0, 0.0))
    assert now.units[0].place == pytest.approx((0.0, 0.0))
    assert happened.at(400.0).ghosts == ()  # it came, late
    assert replace(happened, planned=None).at(125.0).ghosts == ()
