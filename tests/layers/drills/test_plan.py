"""Plans keep what they say through files, changes and undo."""

from __future__ import annotations

import contextlib
import json
import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.drills import edits
from layers.drills.clock import timetable
from layers.drills.plan import Plan, Start
from layers.drills.plan_file import plan_from_json, plan_to_json, read_plan, write_plan
from layers.drills.problems import problems
from layers.drills.rehearsal import rehearsal
from layers.errors import CityError
from layers.history import History
from layers.kinds.drills import MOST_VERSIONS, Drills
from layers.project import Project
from tests.layers.drills.plans import plans, small_plan


@given(plans())
def test_a_plan_comes_back_from_json_as_it_went(plan: Plan) -> None:
    text = json.dumps(plan_to_json(plan))
    reading = plan_from_json(json.loads(text))
    assert reading.plan == plan
    assert reading.notes == ()


def test_a_plan_comes_back_from_its_file(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    write_plan(small_plan(), path)
    assert read_plan(path).plan == small_plan()


@pytest.mark.parametrize("share", [number / 100.0 for number in range(5, 100, 5)])
def test_a_file_cut_short_gives_what_was_whole(tmp_path: Path, share: float) -> None:
    path = tmp_path / "plan.json"
    write_plan(small_plan(), path)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    reading = read_plan(path)
    assert reading.notes[0].key == "plan_cut"
    assert reading.plan.name == "燃气泄漏"
    steps = {step.id: step for step in small_plan().steps}
    for step in reading.plan.steps[:-1]:  # the last one may have lost its end
        assert step == steps[step.id]


def test_what_is_not_sound_is_told_and_the_rest_is_kept() -> None:
    raw = json.loads(json.dumps(plan_to_json(small_plan())))
    raw["grade"] = "VII"
    raw["weather"] = "fog"
    raw["steps"][1]["seconds"] = "long"
    raw["steps"][2].pop("id")
    raw["steps"].append(dict(raw["steps"][0]))
    reading = plan_from_json(raw)
    told = [(note.key, note.facts["where"]) for note in reading.notes]
    assert ("plan_replaced", "grade") in told
    assert ("plan_unknown_field", "weather") in told
    assert ("plan_replaced", "steps[2].seconds") in told
    assert ("plan_left_out", "steps[3]") in told
    assert ("plan_same_id", "steps[5]") in told
    assert [step.id for step in reading.plan.steps] == ["s1", "s2", "s4"]
    assert reading.plan.steps[1].seconds == 60.0


WRONG: tuple[object, ...] = (
    None, True, -1, 0, 1e308, math.inf, math.nan, 10**400, "", "2026-13-99", [], [1], [[]], {},
    {"a": 1}, [None], -5.5,
)  # fmt: skip


def spots(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Give the way to every value of a JSON text."""
    if path:
        yield path
    rows = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(
        value, list
    ) else ()  # fmt: skip
    for name, inner in rows:
        yield from spots(inner, (*path, name))


SPOTS = sorted(set(spots(json.loads(json.dumps(plan_to_json(small_plan()))))), key=str)


@settings(max_examples=120, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(SPOTS), st.sampled_from(WRONG)), min_size=1, max_size=3))
def test_wrong_values_anywhere_leave_a_plan_that_can_be_looked_at(
    wrong: list[tuple[tuple[str | int, ...], object]],
) -> None:
    raw: Any = json.loads(json.dumps(plan_to_json(small_plan())))
    for path, value in wrong:
        at = raw
        with contextlib.suppress(KeyError, IndexError, TypeError):  # an earlier one took it away
            for name in path[:-1]:
                at = at[name]
            at[path[-1]] = value
    reading = plan_from_json({**raw, "version": 1})
    problems(reading.plan, extent=(0.0, 0.0, 1.0, 1.0), views=(), symbols=())
    played = rehearsal(reading.plan)
    for second in (0.0, 100.0, 1e5):
        played.at(second)
    assert plan_from_json(json.loads(json.dumps(plan_to_json(reading.plan)))).plan == reading.plan


def test_a_file_of_a_later_version_is_read_as_far_as_it_is_understood(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    raw = plan_to_json(small_plan()) | {"version": 99, "weather": {"rain": 3}}
    path.write_text(json.dumps(raw))
    reading = read_plan(path)
    assert [(n.key, n.facts.get("version")) for n in reading.notes] == [
        ("plan_newer", 99), ("plan_unknown_field", None),
    ]  # fmt: skip
    assert reading.plan == small_plan()


def test_a_file_that_was_not_read_whole_is_kept_before_it_is_written_over(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    write_plan(small_plan(), path)
    write_plan(small_plan(), path)
    assert [file.name for file in tmp_path.iterdir()] == ["plan.json"]
    raw = plan_to_json(small_plan()) | {"weather": "fog"}
    path.write_text(json.dumps(raw))
    write_plan(read_plan(path).plan, path)
    assert read_plan(path).notes == ()
    assert json.loads((tmp_path / "plan (1).json").read_text())["weather"] == "fog"
    cut = path.read_bytes()[:300]
    path.write_bytes(cut)
    write_plan(small_plan(), path)
    assert (tmp_path / "plan (2).json").read_bytes() == cut


def test_brackets_without_end_are_no_plan(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text("[" * 100_000)
    with pytest.raises(CityError) as told:
        read_plan(path)
    assert told.value.code == "drill.not_a_plan"


def test_other_files_are_refused_in_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    for text in ("", "hello", "[1, 2]", '{"type": "FeatureCollection"}'):
        path.write_text(text)
        with pytest.raises(CityError) as told:
            read_plan(path)
        assert told.value.code == "drill.not_a_plan"
    raw = plan_to_json(small_plan()) | {"version": 99}
    with pytest.raises(CityError) as told:
        plan_from_json(raw)
    assert told.value.code == "drill.newer"


def test_steps_taken_out_leave_the_others_at_their_moments() -> None:
    plan = small_plan()
    before = timetable(plan).begins
    after = timetable(plan.without_steps(["s2", "s1"])).begins
    assert after == {"s3": before["s3"], "s4": before["s4"]}


def test_commands_keep_change_copy_remove_and_undo() -> None:
    project = Project()
    history = History(project)
    history.run(edits.add_plan(project, small_plan()))
    (first,) = edits.drills_of(project).plans
    assert first.id == 1
    history.run(edits.copy_plan(project, 1, first.name))
    copy = edits.drills_of(project).named("燃气泄漏 2")
    assert copy.parent == 1
    changed = replace(first, grade="I")
    history.run(edits.change_plan(project, changed, keep=True))
    data = edits.drills_of(project)
    assert [plan.grade for plan in data.versions_of(1)] == ["III", "I"]
    assert data.get(1).version == 2
    with pytest.raises(CityError) as told:
        edits.change_plan(project, replace(copy, name=first.name))
    assert told.value.code == "drill.name"
    again = Drills.unpack(data.pack())
    assert again.plans == data.plans
    assert again.versions == data.versions
    history.run(edits.remove_plan(project, 1))
    assert [plan.id for plan in edits.drills_of(project).plans] == [2]
    history.undo()
    assert edits.drills_of(project) is data
    for _ in range(3):
        history.undo()
    assert not project.layers


def test_only_so_many_versions_are_kept() -> None:
    data = Drills().with_new(small_plan())
    for number in range(MOST_VERSIONS + 5):
        plan = replace(data.get(1), summary=str(number))
        data = data.with_changed(plan, keep=True)
    assert len(data.versions) == MOST_VERSIONS
    assert data.get(1).version == MOST_VERSIONS + 6
    assert data.versions[0].summary == "4"


def test_starts_say_what_they_hang_on() -> None:
    plan = small_plan()
    moved = plan.with_step(replace(plan.step("s2"), start=Start("with", 5.0, "s1")))
    assert timetable(moved).begins["s2"] == 65.0
    with pytest.raises(CityError) as told:
        plan.step("s9")
    assert told.value.code == "drill.no_such_step"
