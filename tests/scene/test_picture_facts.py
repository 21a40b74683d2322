"""The furniture tells what is in the picture, and a scale where there is one."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import shapely

from layers.kinds import kind_of
from layers.kinds.base import Features, Layer
from layers.kinds.pipes import KIND
from layers.pipes.classes import CLASS_KEYS
from layers.project import Project
from layers.shapes import Shapes
from layers.style import Colouring, Entry, by_categories
from layers.viewpoint import Viewpoint
from scene import camera
from scene.furniture import Words
from scene.ground import Ground
from scene.looks import look_of
from scene.picture_facts import facts_of, legend_of, legends_of, scale_of, shape_of
from tests.layers.pipes.test_graph import net
from tests.scene.cities import SOUTH, WEST, city, project_with

EYE = Viewpoint.looking_at((WEST, SOUTH, 0.0), 1000.0, 0.0, math.radians(-35))


def layer_of(kind: str, *geometry: shapely.Geometry) -> Layer:
    data = Features.of(Shapes.from_shapely(np.array(geometry, dtype=object)))
    return Layer(kind, kind, data, style=kind_of(kind).style)


LINE = shapely.LineString([(WEST, SOUTH), (WEST + 9, SOUTH)])


def test_the_sign_of_a_layer_is_what_most_of_it_is() -> None:
    point, area = shapely.Point(WEST, SOUTH), shapely.box(WEST, SOUTH, WEST + 1, SOUTH + 1)
    assert shape_of(layer_of("roads", LINE, LINE, point)) == "line"
    assert shape_of(layer_of("places", point)) == "point"
    assert shape_of(layer_of("water", LINE, area, area)) == "area"
    assert shape_of(project_with(city(4))[1]) == "area"


def test_colours_of_the_legend_are_those_of_the_picture() -> None:
    area = shapely.box(WEST, SOUTH, WEST + 1, SOUTH + 1)
    solid, thin = layer_of("water", area), layer_of("districts", area)
    assert legend_of(solid, Words()).entries[0].colour == solid.style.colour
    pale = legend_of(thin, Words()).entries[0].colour
    assert pale != thin.style.colour  # districts let the ground through
    solid.opacity = 0.0
    assert legend_of(solid, Words()).entries[0].colour == "#f0f0e8"


def test_a_coloured_layer_lists_its_values_and_the_rest_where_there_is_one() -> None:
    layer = layer_of("roads", LINE, LINE)
    colouring = by_categories("id", layer.features.column("id"))
    layer.style = replace(layer.style, colouring=colouring)
    legend = legend_of(layer, Words(other="sonst"))
    assert legend.title == "roads · id"
    assert [entry.label for entry in legend.entries] == ["1", "2"]
    layer.style = replace(layer.style, colouring=replace(colouring, entries=colouring.entries[:1]))
    legend = legend_of(layer, Words(other="sonst"))
    assert [entry.label for entry in legend.entries] == ["1", "sonst"]


def test_built_heights_are_called_in_the_language_of_the_reader() -> None:
    _, houses = project_with(city(4))
    colouring = Colouring("height", "ranges", (Entry("any", "#aa0000", low=0.0, high=900.0),))
    houses.style = replace(houses.style, colouring=colouring)
    legend = legend_of(houses, Words(height="高度"))
    assert legend.title == f"{houses.name} · 高度"
    assert [entry.label for entry in legend.entries] == ["any"]


def collected(project: Project, size: tuple[int, int] = (800, 600)) -> list[str]:
    facts = facts_of(
        project,
        EYE,
        size,
        "2026-06-21T10:00",
        lambda layer: layer.visible,
        Ground(project),
        Words(),
    )
    assert facts.crs.startswith("CGCS2000")
    assert facts.moment == "2026-06-21T10:00"
    return [legend.title for legend in facts.legends]


def test_the_legend_lists_what_is_seen_uppermost_first() -> None:
    project, blocks = project_with(city(4))
    project.insert_layer(layer_of("roads", LINE))
    empty = Layer("water", "dry", Features.of(Shapes.from_shapely([])))
    project.insert_layer(empty)
    assert collected(project) == ["roads", "Blocks"]
    blocks.visible = False
    assert collected(project) == ["roads"]


def test_the_legend_leaves_out_what_a_look_paints_over() -> None:
    project, _ = project_with(city(4))
    for kind in ("roads", "districts"):
        project.insert_layer(layer_of(kind, LINE))

    def told(look: str) -> list[str]:
        found = legends_of(project, lambda _layer: True, Words(), look_of(look))
        return [legend.title for legend in found]

    assert told("attributes") == ["districts", "roads", "Blocks"]
    assert told("realistic") == ["districts", "roads"]
    assert told("white") == told("night") == ["districts"]
    assert told("blueprint") == []


def test_no_moment_is_told_of_a_light_that_heeds_none() -> None:
    project, _ = project_with(city(4))
    for look, moment in (("", "2026-06-21T10:00"), ("white", "2026-06-21T10:00"), ("night", "")):
        facts = facts_of(
            project, EYE, (80, 60), "2026-06-21T10:00", lambda _layer: True, Ground(project),
            Words(), look_of(look),
        )  # fmt: skip
        assert facts.moment == moment


def test_the_scale_is_that_of_the_ground_in_the_middle() -> None:
    ground = Ground(Project())
    metres, everywhere = scale_of(EYE, (800, 600), ground)
    assert not everywhere
    across = camera.project_points(
        EYE, [(WEST - 50, SOUTH, 0.0), (WEST + 50, SOUTH, 0.0)], (800, 600)
    )
    assert metres == pytest.approx(100.0 / (across[1, 0] - across[0, 0]), rel=1e-6)
    assert scale_of(EYE, (1600, 1200), ground)[0] == pytest.approx(metres / 2)


def test_a_parallel_picture_has_one_scale_and_so_has_level_ground_from_above() -> None:
    ground = Ground(Project())
    assert scale_of(replace(EYE, projection="parallel"), (800, 600), ground)[1]
    assert scale_of(replace(EYE, pitch=-math.pi / 2), (800, 600), ground)[1]


def test_a_picture_of_the_sky_has_no_scale() -> None:
    assert scale_of(replace(EYE, pitch=0.3), (800, 600), Ground(Project())) == (0.0, False)


def test_the_legend_of_pipes_names_the_classes_that_are_there_and_shown() -> None:
    gas = net({1: (0, 0), 2: (9, 0)}, [(1, 2)], kind="gas")
    codes = gas.line_class.copy()
    codes[0] = CLASS_KEYS.index("water")
    layer = Layer("pipes", "underground", replace(gas, line_class=codes), style=KIND.style)
    words = Words(pipe_class="类别", pipe_classes={"gas": "燃气", "water": "给水"})
    legend = legend_of(layer, words)
    assert legend.title == "underground · 类别"
    assert [entry.label for entry in legend.entries] == ["JS 给水", "RQ 燃气"]
    layer.style = replace(layer.style, pipe_hidden=("water",))
    assert [entry.label for entry in legend_of(layer, words).entries] == ["RQ 燃气"]
