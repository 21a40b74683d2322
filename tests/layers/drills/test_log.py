"""The log of an exercise only grows and survives being cut."""

from __future__ import annotations

from pathlib import Path

import pytest

from layers.drills.log import Exercise, LogFile, exercise_from_json, exercise_to_json, read_log
from layers.errors import CityError

MOMENT = "2026-06-21T09:00:00+08:00"


def test_entries_are_on_disk_at_once_and_read_again(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "runs" / "a.jsonl")
    log.add(MOMENT, 0.0, "王", "began")
    log.add(MOMENT, 65.0, "王", "step-began", about="s1")
    log.add(MOMENT, 70.0, "李", "note", text="迟到", place=((1.0, 2.0),))
    entries, wrong = read_log(log.path)
    assert wrong == 0
    assert tuple(entries) == log.entries
    assert [entry.number for entry in entries] == [1, 2, 3]


def test_a_line_cut_by_a_crash_loses_nothing_else(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "a.jsonl")
    for second in range(5):
        log.add(MOMENT, float(second), "A", "note", text="x")
    whole = log.path.read_bytes()
    log.path.write_bytes(whole[:-17])
    again = LogFile(log.path)
    assert again.cut == 1
    assert len(again.entries) == 4
    again.add(MOMENT, 9.0, "A", "ended")
    entries, wrong = read_log(log.path)
    assert [entry.act for entry in entries] == ["note"] * 4 + ["ended"]
    assert wrong == 1


def test_a_log_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "a.jsonl")
    log.path.mkdir()
    with pytest.raises(CityError) as told:
        log.add(MOMENT, 0.0, "A", "began")
    assert told.value.code == "drill.log_write"
    assert log.entries == ()


def test_an_exercise_knows_when_steps_really_were(tmp_path: Path) -> None:
    log = LogFile(tmp_path / "a.jsonl")
    log.add(MOMENT, 61.0, "A", "step-began", about="s1")
    log.add(MOMENT, 190.0, "A", "step-ended", about="s1")
    log.add(MOMENT, 250.0, "A", "step-began", about="s2")
    run = Exercise(3, 1, 2, "First run", log.entries)
    assert run.times() == {"s1": (61.0, 190.0), "s2": (250.0, None)}
    assert exercise_from_json(exercise_to_json(run)) == run
