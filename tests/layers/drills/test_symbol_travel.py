"""Symbols of users go with a plan's file and come back in another project, whole or told."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import trimesh
from PIL import Image

from layers.drills.edits import add_plan, drills_of
from layers.drills.plan import Element, Inject, Plan, Step, Unit
from layers.drills.plan_file import read_plan, write_plan
from layers.drills.problems import problems
from layers.drills.symbol_edits import add_symbol, symbols_in
from layers.drills.symbol_travel import codes_in, taken_in, with_codes
from layers.drills.symbols import UNKNOWN, symbol_of
from layers.drills.unit_looks import unit_symbol
from layers.drills.user_symbols import UserSymbol, added
from layers.files.symbol_import import read_symbol
from layers.history import History
from layers.project import Project


def symbol(name: str, colour: str = "red") -> UserSymbol:
    file = io.BytesIO()
    Image.new("RGBA", (32, 32), colour).save(file, "PNG")
    return UserSymbol("", name, np.frombuffer(file.getvalue(), dtype=np.uint8).copy(), "a.svg",
                      f"<svg>{name}</svg>")  # fmt: skip


def drawn(name: str, colour: str) -> UserSymbol:
    """A symbol whose drawing does not know its name."""
    return replace(symbol(name, colour), drawing=f"<svg>{colour}</svg>")


def own(plan: Plan) -> set[str]:
    """The codes of users' symbols that a plan names."""
    return {code for code in codes_in(plan) if code.startswith("U")}


def plan_with(code: str, other: str = "A20100") -> Plan:
    step = Step("s1", "Alarm", elements=(Element("symbol", symbol=code, coords=((1.0, 2.0),)),))
    inject = Inject("i1", "Wind", elements=(Element("symbol", symbol=other, coords=((1.0, 2.0),)),))
    unit = Unit("u1", "Pump", symbol=code)
    return Plan(0, "Pumps", units=(unit,), steps=(step,), injects=(inject,))


@pytest.fixture
def model(tmp_path: Path) -> UserSymbol:
    path = tmp_path / "cone.glb"
    trimesh.creation.cone(1.0, 2.0).export(path)
    return read_symbol(path, "Cone")[0]


def project_with(*symbols: UserSymbol) -> tuple[Project, History]:
    project = Project()
    history = History(project)
    for one in symbols:
        history.run(add_symbol(project, one))
    return project, history


def test_symbols_a_plan_names_go_into_its_file_and_come_back(
    tmp_path: Path, model: UserSymbol
) -> None:
    home, _ = project_with(symbol("Pump lorry"), symbol("Unused", "blue"), model)
    first, _, cone = symbols_in(home)
    path = tmp_path / "plan.json"
    write_plan(plan_with(first.code, cone.code), path, symbols_in(home))
    reading = read_plan(path)
    assert reading.notes == ()
    assert [one.name for one in reading.symbols] == ["Pump lorry", "Cone"]
    there, history = project_with(symbol("Their own", "green"))
    history.run(add_plan(there, reading.plan, symbols=reading.symbols))
    own, pump, other = symbols_in(there)
    assert (own.name, pump.name, other.name) == ("Their own", "Pump lorry", "Cone")
    np.testing.assert_array_equal(pump.picture, first.picture)
    assert pump.drawing == first.drawing
    assert other.model is not None
    assert cone.model is not None
    np.testing.assert_array_equal(other.model.triangles, cone.model.triangles)
    kept = drills_of(there).plans[0]
    assert set(codes_in(kept)) == {pump.code, other.code}
    history.undo()
    assert [one.name for one in symbols_in(there)] == ["Their own"]


def test_a_symbol_the_project_has_is_not_brought_twice(tmp_path: Path) -> None:
    home, history = project_with(symbol("Pump lorry"))
    code = symbols_in(home)[0].code
    path = tmp_path / "plan.json"
    write_plan(plan_with(code), path, symbols_in(home))
    reading = read_plan(path)
    history.run(add_plan(home, reading.plan, symbols=reading.symbols))
    assert len(symbols_in(home)) == 1
    assert code in codes_in(drills_of(home).plans[0])


def test_another_symbol_of_the_same_name_gets_a_name_of_its_own() -> None:
    there = added((), symbol("Pump", "green"))
    kept, codes = taken_in(there, added((), symbol("Pump", "red")))
    assert [one.name for one in kept] == ["Pump", "Pump 2"]
    assert codes == {"U00001": "U00002"}
    again, same = taken_in(kept, added((), symbol("Pump", "red")))
    assert (again, same) == (kept, codes)


def test_a_plan_without_own_symbols_has_none_in_its_file(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    write_plan(plan_with("A20100"), path, added((), symbol("Pump")))
    assert "symbols" not in json.loads(path.read_text(encoding="utf-8"))
    assert read_plan(path).symbols == ()


@pytest.mark.parametrize("spoil", ["arrays", "rows", "nothing", "cut"])
def test_symbols_that_are_broken_are_told_and_the_plan_is_whole(tmp_path: Path, spoil: str) -> None:
    path = tmp_path / "plan.json"
    kept = added((), symbol("Pump"))
    write_plan(plan_with(kept[0].code), path, kept)
    text = path.read_text(encoding="utf-8")
    raw = json.loads(text)
    if spoil == "arrays":
        raw["symbols"]["arrays"] = raw["symbols"]["arrays"][:-40]
    elif spoil == "rows":
        raw["symbols"]["symbols"][0].pop("bytes")
    elif spoil == "nothing":
        raw["symbols"] = 7
    text = text[:-60] if spoil == "cut" else json.dumps(raw)
    path.write_text(text, encoding="utf-8")
    reading = read_plan(path)
    assert "plan_symbols_left_out" in [note.key for note in reading.notes]
    assert reading.symbols == ()
    lost = f"U?{kept[0].identity}:Pump"
    assert replace(reading.plan, id=0).steps == plan_with(lost).steps


@pytest.mark.parametrize("told", [True, False])
def test_a_plan_without_its_symbols_never_shows_those_of_another_project(
    tmp_path: Path, *, told: bool
) -> None:
    home, _ = project_with(drawn("Pump lorry", "red"))
    path = tmp_path / "plan.json"
    write_plan(plan_with(symbols_in(home)[0].code), path, symbols_in(home))
    raw = json.loads(path.read_text(encoding="utf-8"))
    del raw["symbols"]
    if not told:
        del raw["own_symbols"]  # as files were written before
    path.write_text(json.dumps(raw), encoding="utf-8")
    reading = read_plan(path)
    assert [note.key for note in reading.notes] == ["plan_symbols_gone"]
    assert reading.notes[0].facts["names"] == ("Pump lorry" if told else "U00001")
    there, history = project_with(drawn("Robot", "green"))
    assert symbols_in(there)[0].code == "U00001"
    history.run(add_plan(there, reading.plan, symbols=reading.symbols))
    (code,) = own(drills_of(there).plans[0])
    assert symbol_of(code, "A", symbols_in(there)) is UNKNOWN
    found = problems(drills_of(there).plans[0], symbols={"U00001"})
    assert [(p.key, p.facts["symbol"]) for p in found if p.key == "unknown_symbol"] == [
        ("unknown_symbol", "Pump lorry" if told else "U00001")
    ]
    history.run(add_symbol(there, drawn("The same", "red")))
    (again,) = own(drills_of(there).plans[0])
    assert again == ("U00002" if told else code)


def test_a_plan_finds_its_symbols_where_the_project_has_them_already(tmp_path: Path) -> None:
    home, _ = project_with(drawn("Pump lorry", "red"))
    path = tmp_path / "plan.json"
    write_plan(plan_with("U00001"), path, symbols_in(home))
    raw = json.loads(path.read_text(encoding="utf-8"))
    del raw["symbols"]
    path.write_text(json.dumps(raw), encoding="utf-8")
    there, history = project_with(drawn("Robot", "green"), drawn("Our pump", "red"))
    reading = read_plan(path)
    history.run(add_plan(there, reading.plan, symbols=reading.symbols))
    assert own(drills_of(there).plans[0]) == {"U00002"}


def test_a_symbol_that_was_taken_away_is_a_question_mark() -> None:
    assert symbol_of("U00009") is UNKNOWN
    assert symbol_of("A20100").key == "fire"
    assert unit_symbol(Unit("u", "Engine 1", symbol="U00009")).key == "fire-engine"


def test_codes_are_replaced_wherever_a_plan_names_them() -> None:
    made = with_codes(plan_with("U00001", "U00002"), {"U00001": "U00007", "U00002": "U00008"})
    assert set(codes_in(made)) == {"U00007", "U00008"}
    assert with_codes(made, {}) is made
