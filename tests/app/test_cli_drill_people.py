"""Evacuation and risk maps of a small town, from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pytest
import shapely

from app import api
from layers.edits import AddLayer
from layers.kinds import kind_of
from layers.kinds.base import Features, Layer
from layers.kinds.buildings import Buildings
from layers.shapes import Shapes
from tests.app.conftest import commands

run = commands()


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """Two blocks on a street with a shelter at its end, and a filling station."""
    path = tmp_path / "town.gpkg"
    boxes = [shapely.box(x, 5.0, x + 20.0, 25.0) for x in (0.0, 200.0)]
    with api.new_project(crs="EPSG:4547") as city:
        city.run(
            AddLayer(
                Layer(
                    "buildings",
                    "Blocks",
                    Buildings.blocks(
                        Shapes.from_shapely(boxes),
                        [30.0, 30.0],
                        pa.table({"use": ["住宅", "office"]}),
                    ),
                )
            )
        )
        for kind, shape, columns in (
            (
                "roads",
                shapely.LineString([(0.0, 0.0), (210.0, 0.0), (400.0, 0.0)]),
                {"highway": ["residential"]},
            ),
            (
                "resources",
                shapely.Point(400.0, 5.0),
                {"type": ["避难场所"], "name": ["Park"], "capacity": [200.0]},
            ),
            (
                "hazards",
                shapely.Point(210.0, 40.0),
                {"type": ["加油站"], "name": ["Petrol"], "amount_t": [90.0]},
            ),
        ):
            data = Features.of(Shapes.from_shapely([shape]), pa.table(columns))
            city.run(AddLayer(Layer(kind, kind, data, style=kind_of(kind).style)))
        city.save(path)
    return path  # fmt: skip


def test_an_evacuation_tells_who_has_a_place_and_who_has_none(town: Path) -> None:
    code, text = run("drill", "evacuate", town, "--json", "--save", "Out")
    assert code == 0
    told = json.loads(text)
    facts = told["facts"]
    # 10 storeys of 400 m2 of homes at 35 m2 a person, 8 of offices (7.5, rounded) at 15 m2.
    people = facts["people"]
    assert people == 115 + 214
    rows = told["rows"]
    assert sum(row["people"] for row in rows) == people
    assert sum(row["people"] for row in rows if row["shelter"] == "Park") == 200
    assert facts["left_people"] == people - 200
    streets = json.loads(run("drill", "evacuate", town, "--show", "streets", "--json")[1])
    rows = streets["rows"]
    assert max(row["people"] for row in rows) == 200
    curve = json.loads(run("drill", "evacuate", town, "--show", "curve", "--json")[1])
    rows = curve["rows"]
    assert rows[0]["there"] == 0
    assert rows[-1]["there"] == 200
    assert run("analyses", "show", town, "Out")[0] == 0
    assert run("drill", "evacuate", town, "--area", "300,-50,500,50")[0] == 2  # no shelter left


def test_the_risk_is_greatest_at_the_source_where_people_are(town: Path) -> None:
    code, text = run("drill", "risk", town, "--cell", "50", "--json")
    assert code == 0
    told = json.loads(text)
    rows = told["rows"]
    scores = [row["score"] for row in rows]
    assert scores == sorted(scores, reverse=True)
    assert abs(rows[0]["east"] - 210.0) < 50.0
    assert rows[0]["source"] == "Petrol"
    assert rows[0]["people"] > 0
    assert {row["risk"] for row in rows} <= {"risk-red", "risk-orange", "risk-yellow", "risk-blue"}
    assert run("drill", "risk", town, "--districts", "roads")[0] == 2
    assert run("drill", "risk", town, "--cell", "10", "--area", "0,0,9000,9000")[0] == 2
