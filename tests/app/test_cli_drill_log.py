"""Exercises from the command line: listed, told, held against the plan, replayed, written."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app import api
from layers.drills import edits
from layers.drills.log import Entry, Exercise
from layers.drills.plan import Objective, Plan, Role, Start, Step
from tests.app.conftest import commands

run = commands("drill")


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """A project with a plan that was run once, a minute late."""
    path = tmp_path / "town.gpkg"
    steps = (
        Step(
            "s1",
            "Alarm",
            Start("at", 0.0),
            60.0,
            role="r1",
            objectives=("o1",),
            place=(200.0, 200.0),
        ),
        Step("s2", "Report", Start("at", 300.0), 60.0, role="r1", place=(-200.0, -200.0)),
    )
    plan = Plan(
        0, "Night", roles=(Role("r1", "Commander"),), steps=steps,
        objectives=(Objective("o1", "Fast alarm"),),
    )  # fmt: skip
    when = "2026-05-20T09:00:00+08:00"
    entries = (
        Entry(1, when, 0.0, "Li", "began", "1:1", "Night"),
        Entry(2, when, 75.0, "Li", "step-began", "s1"),
        Entry(3, when, 120.0, "Li", "step-ended", "s1"),
        Entry(4, when, 200.0, "Li", "symbol", "A20100", "Smoke", ((200.0, 200.0),)),
        Entry(5, when, 400.0, "Li", "ended"),
        Entry(6, when, 400.0, "Wang", "score", "o1", "late", value=65.0),
    )
    with api.new_project(crs="EPSG:4547") as city:
        number = city.add_plan(plan).id
        run_of = Exercise(0, number, 1, "First run", entries)
        city.run(edits.keep_exercise(city.project, run_of))
        city.save(path)
    return path


def test_exercises_are_listed_and_their_log_is_told(town: Path) -> None:
    code, told = run("log", town, "Night", "--list", "--json")
    assert code == 0
    (kept,) = json.loads(told)["runs"]
    assert (kept["name"], kept["seconds"], kept["entries"]) == ("First run", 400.0, 6)
    code, told = run("log", town, "Night")
    assert code == 0
    assert "0:01:15" in told
    assert "Alarm" in told
    assert "(Wang)" in told


def test_a_log_is_written_as_table_and_as_it_was_kept(town: Path, tmp_path: Path) -> None:
    for name in ("log.csv", "log.jsonl"):
        assert run("log", town, "Night", "--out", tmp_path / name)[0] == 0
    assert len((tmp_path / "log.csv").read_text(encoding="utf-8-sig").splitlines()) == 7
    lines = (tmp_path / "log.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["act"] for line in lines][-1] == "score"
    assert run("log", town, "Night", "--out", tmp_path / "log.doc")[0] != 0


def test_the_review_has_delays_and_scores(town: Path, tmp_path: Path) -> None:
    code, told = run("review", town, "Night", "--json")
    assert code == 0
    facts = json.loads(told)
    assert facts["score"] == 65.0
    assert facts["objectives"][0]["on_time"] == 0
    assert facts["roles"][0]["mean_s"] == 75.0
    assert [row["late_s"] for row in facts["steps"]] == [75.0, None]
    assert "+0:01:15" in run("review", town, "Night")[1]
    for name in ("review.pdf", "review.xlsx"):
        assert run("review", town, "Night", "--out", tmp_path / name)[0] == 0
    assert (tmp_path / "review.pdf").read_bytes().startswith(b"%PDF")
    assert run("review", town, "Night", "--run", 99)[0] != 0


def test_what_happened_is_drawn_from_the_log(town: Path, tmp_path: Path) -> None:
    number = json.loads(run("log", town, "Night", "--list", "--json")[1])["runs"][0]["id"]
    seen = {}
    for second in (100.0, 250.0):
        out = tmp_path / f"{second:g}.png"
        done = run("picture", town, "Night", "--run", number, "--at", second, "--out", out,
                   "--size", "320x240")  # fmt: skip
        assert done[0] == 0
        pixels = np.asarray(Image.open(out).convert("RGB")).astype(int)
        red = (pixels[..., 0] > 200) & (pixels[..., 1] < 60) & (pixels[..., 2] < 60)
        seen[second] = int(red.sum())
    assert seen[100.0] == 0
    assert seen[250.0] > 100  # the symbol of second 200 stands there
