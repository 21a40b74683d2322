"""Themes and phases: what lies in a district goes with it, in all layers."""

from __future__ import annotations

import pyarrow as pa
import pytest
import shapely

from layers.analyses import running
from layers.frame import Frame
from layers.kinds.base import Features, Layer
from layers.kinds.buildings import Buildings
from layers.planning.themes import (
    PHASE_KEYS,
    THEME_KEYS,
    by_phase,
    by_theme,
    phase_of,
    shown_ids,
    theme_of,
)
from layers.project import Project
from layers.shapes import Shapes


@pytest.fixture
def project() -> Project:
    """A campus and a housing district, a house in each, one outside, a park and a street."""
    made = Project(Frame("EPSG:4547"))
    areas = Shapes.from_shapely([shapely.box(0, 0, 100, 100), shapely.box(100, 0, 200, 100)])
    plots = Features.of(areas, pa.table({"类别": ["高等院校用地", "二类居住用地"]}))
    made.insert_layer(Layer("districts", "Plots", plots, layer_id="plots"))
    boxes = [shapely.box(x, 10, x + 20, 30) for x in (10, 110, 300)]
    table = pa.table({"use": ["教育", "住宅", "住宅"], "phase": ["现状", "在建", None],
                      "year": [1999, 2030, 2031]})  # fmt: skip
    houses = Buildings.blocks(Shapes.from_shapely(boxes), 30.0, table)
    made.insert_layer(Layer("buildings", "Houses", houses, layer_id="houses"))
    green = Features.of(Shapes.from_shapely([shapely.box(40, 40, 60, 60)]))
    made.insert_layer(Layer("greenery", "Park", green, layer_id="park"))
    street = Features.of(Shapes.from_shapely([shapely.LineString([(120, 90), (180, 90)])]))
    made.insert_layer(Layer("roads", "Streets", street, layer_id="streets"))
    return made


def test_objects_of_all_layers_go_with_their_district(project: Project) -> None:
    members = by_theme(project, [project.layer("plots")])
    groups = {one.layer.id: [THEME_KEYS[k] for k in one.group] for one in members}
    assert groups == {
        "houses": ["university", "residential", "outside"],
        "park": ["university"],
        "streets": ["residential"],
    }
    only = shown_ids(members, THEME_KEYS, {"university"})
    assert only is not None
    assert {key: ids.tolist() for key, ids in only.items()} == {
        "houses": [1], "park": [1], "streets": [],
    }  # fmt: skip
    assert shown_ids(members, THEME_KEYS, set(THEME_KEYS)) is None


def test_phases_come_from_words_and_years(project: Project) -> None:
    def of(year: int) -> list[str]:
        members = {one.layer.id: one for one in by_phase(project, this_year=year)}
        return [PHASE_KEYS[k] for k in members["houses"].group]

    assert of(0) == ["existing", "under-construction", "untold"]
    assert of(2026) == ["existing", "under-construction", "near"]
    assert [phase_of(word) for word in ("近期", "远期建设", "built", "?")] == [
        "near", "far", "existing", "untold",
    ]  # fmt: skip


def test_themes_are_counted_and_kept_with_what_is_off(project: Project) -> None:
    item = running.run(project, "themes", {"hidden": ["residential"]})
    rows = {row["theme"]: row for row in item.outcome.table.to_pylist()}
    assert rows["university"]["buildings_count"] == 1
    assert rows["university"]["green_m2"] == 400.0
    assert rows["residential"]["population_count"] > 0
    assert rows["residential"]["shown"] is False
    assert rows["outside"]["floor_area_m2"] == rows["residential"]["floor_area_m2"]
    (marks,) = item.outcome.marks
    assert isinstance(marks.data, Features)
    assert marks.data.attributes.column("theme").to_pylist() == ["university"]
    phases = running.run(project, "themes", {"way": "phases"})
    assert phases.outcome.table.column("theme").to_pylist() == [
        "existing", "under-construction", "untold",
    ]  # fmt: skip


def test_land_uses_of_several_countries_have_a_theme() -> None:
    words = ("一类工业用地", "商业金融", "住宅區", "公園用地", "Higher education", "城市道路用地")
    more = ("水域",)
    assert [theme_of(word) for word in (*words, *more)] == [
        "industrial", "commercial", "residential", "green", "university", "roads", "water",
    ]  # fmt: skip
