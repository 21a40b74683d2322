"""The statement about sunlight: rules, before and after, who takes it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from layers.analyses import running
from layers.analyses.sunlight import SunlightParams, state
from layers.errors import CityError
from layers.planning.sunlight_statement import requirement
from layers.progress import Silent
from layers.rules import chosen
from layers.rules.rule import RuleSet
from tests.layers.planning.blocks import layer_of, town

HOUSE = (0.0, 60.0, 30.0, 72.0, 9.0)
TOWER = (0.0, 0.0, 30.0, 20.0, 90.0)


#: The rules as if somebody had compared them with the standards.
RULES = RuleSet(tuple(replace(rule, verified=True) for rule in chosen.rules().rules))


def test_the_case_decides_day_hours_and_band() -> None:
    facts: dict[str, str | float | int | bool] = {"use": "housing", "zone": "II", "city": "large"}
    asked = requirement(chosen.rules(), "", facts)
    assert (asked.day.name, asked.need, asked.band) == ("great-cold", 120.0, (8.0, 16.0))
    assert asked.spell == 5.0
    assert asked.day.date.year == 2001
    asked = requirement(chosen.rules(), "", {**facts, "zone": "V"})
    assert (asked.day.name, asked.need, asked.band) == ("winter-solstice", 60.0, (9.0, 15.0))


def test_a_day_without_a_rule_asks_for_nothing() -> None:
    facts: dict[str, str | float | int | bool] = {"use": "housing", "zone": "II", "city": "large"}
    asked = requirement(chosen.rules(), "2026-03-21", facts)
    assert asked.hours is None
    assert np.isnan(asked.need)


def test_who_takes_the_sun_and_from_whom(monkeypatch: pytest.MonkeyPatch) -> None:
    project = town([HOUSE])
    project.insert_layer(layer_of([TOWER, (500.0, 0.0, 520.0, 20.0, 30.0)], "New"))
    params = SunlightParams(compare="without", new="New", facing=45.0)
    made, asked, _, new = state(project, params, Silent())
    assert new == {(project.layer("New").id, 1), (project.layer("New").id, 2)}
    mine = np.array([name.startswith("1/") for name in made.windows.names])
    mine &= np.array([one == project.layer("Town").id for one in made.windows.layers])
    assert (made.minutes_before[mine] == 480.0).all()
    assert (made.minutes_after[mine] < 480.0).all()
    taken = {cause.body for cause in made.causes}
    assert taken == {(project.layer("New").id, 1)}
    for cause in made.causes:  # each minute that is gone has its cause
        lost = made.minutes_before[cause.window] - made.minutes_after[cause.window]
        assert cause.minutes == lost
    assert set(made.statuses()) == {"warning"}  # nobody has checked the figures
    monkeypatch.setattr(chosen, "rules", lambda _=(): RULES)
    made, _, _, _ = state(project, params, Silent())
    assert set(made.statuses()) <= {"pass", "fail"}
    assert asked.hours is not None


def test_windows_of_new_buildings_are_new(monkeypatch: pytest.MonkeyPatch) -> None:
    project = town([HOUSE])
    project.insert_layer(layer_of([TOWER], "New"))
    params = {"compare": "without", "new": "New", "facing": 45.0, "keep_all": True}
    found = running.run(project, "sunlight", params).outcome
    rows = found.table.to_pylist()
    new = [row for row in rows if row["layer"] == project.layer("New").id]
    assert new
    assert {row["result"] for row in new} == {"new"}
    assert all(row["before_min"] is None for row in new)
    assert found.facts["windows_count"] == len(rows)
    assert len(found.marks[0].data) == len(rows)


def test_buildings_are_summed_up() -> None:
    project = town([HOUSE])
    project.insert_layer(layer_of([TOWER], "New"))
    params = {"compare": "without", "new": "New", "listed": "buildings", "facing": 45.0}
    table = running.run(project, "sunlight", params).outcome.table
    house = next(r for r in table.to_pylist() if r["layer"] == project.layer("Town").id)
    assert house["least_before_min"] == 480.0 > house["least_after_min"]
    assert house["caused_by"] == "New/1"


def test_chosen_buildings_alone_are_looked_at() -> None:
    project = town([HOUSE, TOWER])
    found = running.run(project, "sunlight", {"objects": "1", "keep_all": True}).outcome
    assert set(found.table.column("object").to_pylist()) == {1}
    with pytest.raises(CityError):
        running.run(project, "sunlight", {"objects": "7"})
    with pytest.raises(CityError, match="no numbers of buildings"):
        running.run(project, "sunlight", {"objects": "the tower"})


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"compare": "without"}, "sunlight.no_new"),
        ({"compare": "scheme"}, "sunlight.no_change"),
        ({"day": "someday"}, "sunlight.day"),
    ],
)
def test_what_cannot_be_asked_is_told(params: dict[str, str], code: str) -> None:
    with pytest.raises(CityError) as error:
        running.run(town([HOUSE]), "sunlight", params)
    assert error.value.code == code


def test_the_answer_is_stale_when_a_building_grows() -> None:
    project = town([HOUSE])
    item = running.run(project, "sunlight", {})
    assert not running.is_stale(project, item)
    layer = project.layer("Town")
    layer.data = layer.data.with_heights([1], [12.0])  # type: ignore[attr-defined]  # buildings
    assert running.is_stale(project, item)
