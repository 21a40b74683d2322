"""A project on a stage: what is drawn, found, selected, followed and freed."""

from __future__ import annotations

import gc
import math
import weakref
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import pyvista as pv
import shapely
from numpy.typing import NDArray

from layers.edits import AddLayer, SetData, SetFrame, SetHeight, SetLook, Together
from layers.frame import Frame
from layers.history import History, Label
from layers.kinds import kind_of
from layers.kinds.base import Layer
from layers.kinds.buildings import Buildings
from layers.kinds.terrain import Terrain
from layers.project import Project
from layers.shapes import Shapes
from layers.style import Colouring, Entry
from layers.viewpoint import View, Viewpoint
from scene import camera
from scene.stage import Stage
from scene.views.buildings import BuildingsView
from tests.layers.test_triangles import house
from tests.scene.cities import SOUTH, WEST, city, project_with, shot, staged

pytestmark = pytest.mark.picture

Pixels = NDArray[np.uint8]


def view_of(stage: Stage, layer: Layer) -> BuildingsView:
    """Give the view of a layer of buildings."""
    view = stage.views[layer.id]
    assert isinstance(view, BuildingsView)
    return view


def differs(a: Pixels, b: Pixels) -> NDArray[np.bool_]:
    """Say in which pixels two pictures differ."""
    return np.asarray((a != b).any(axis=2))


def plain(layer: Layer) -> None:
    """Take the edges off, so that every pixel belongs to a face."""
    layer.style = replace(layer.style, outline=None)


def test_the_city_fills_the_middle_of_the_first_picture() -> None:
    project, layer = project_with(city())
    with staged(project) as stage:
        full = shot(stage)
        project.layer(layer.id).visible = False
        changed = differs(full, shot(stage))
    rows, columns = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
    assert changed.mean() > 0.15
    assert columns[0] > 5
    assert columns[-1] < 315
    assert rows[0] > 5
    assert rows[-1] < 235


def test_two_stages_give_the_same_pixels() -> None:
    pictures = []
    for _ in range(2):
        with staged(project_with(city())[0]) as stage:
            pictures.append(shot(stage))
    np.testing.assert_array_equal(pictures[0], pictures[1])


def test_a_patient_stage_draws_in_turns_what_the_other_draws_at_once() -> None:
    def two() -> Project:
        project, blocks = project_with(city())
        second = Layer("buildings", "More", city(9, seed=8), style=blocks.style, layer_id="more")
        project.insert_layer(second)
        return project

    with staged(two()) as stage:
        at_once = shot(stage)
    project = two()
    hidden = project.layers[0].id
    with staged(project, patient=True) as stage:
        wishes: list[None] = []
        stage.needs_frame.connect(lambda: wishes.append(None))
        assert (stage.waiting, len(stage.views)) == (2, 0)
        stage.select({"more": [1]})
        stage.show_view(View("without", stage.viewpoint, (hidden,)))
        wishes.clear()
        stage.build(0.0)
        assert (stage.waiting, len(stage.views)) == (1, 1)
        assert wishes
        stage.build()
        assert not stage.shown(project.layers[0])
        stage.finish()
        chosen = shot(stage)
        stage.select({})
        assert differs(chosen, shot(stage)).any()  # what waited was drawn as selected
        stage.show_only(None)
        stage.viewpoint = stage.fit()
        stage.finish()
        np.testing.assert_array_equal(shot(stage), at_once)


def test_who_asks_a_patient_stage_does_not_wait() -> None:
    project, layer = project_with(city())
    with staged(project, patient=True) as stage:
        for _ in range(2):
            hit = stage.pick(160.0, 120.0)
            assert stage.waiting == 0
            project.take_layer(layer.id)
            project.insert_layer(layer)
        project.take_layer(layer.id)  # while it waits
        stage.build()
        assert stage.views == {}
    assert hit is not None


def test_the_ground_is_there_again_when_the_first_import_is_undone() -> None:
    project = Project()
    history = History(project)
    _, layer = project_with(city())
    steps = (SetFrame(Frame("EPSG:4547", (WEST, SOUTH))), AddLayer(layer))
    with staged(project) as stage:
        empty = shot(stage)
        history.run(Together(steps, Label("edit-import", {"name": "a", "count": 1})))
        assert differs(empty, shot(stage)).any()
        history.undo()
        stage.viewpoint = stage.fit()
        np.testing.assert_array_equal(shot(stage), empty)


def eyes(stage: Stage) -> list[Viewpoint]:
    """Give a perspective and a parallel look at the whole city."""
    v = stage.fit(heading=0.7, pitch=math.radians(-35))
    return [v, camera.with_projection(v, "parallel")]


def test_buildings_are_found_in_just_the_pixels_in_which_they_are_drawn() -> None:
    data = replace(city(36), min_height=np.where(np.arange(36) % 7 == 0, 5.0, 0.0))
    project, layer = project_with(data)
    plain(layer)
    with staged(project) as stage:
        for eye in eyes(stage):
            stage.viewpoint = eye
            full = shot(stage)
            rows, columns = np.mgrid[0:240:4, 0:320:4].reshape(2, -1)
            hits = [stage.pick(x + 0.5, y + 0.5) for x, y in zip(columns, rows, strict=True)]
            found = np.array([hit is not None and hit.object_id > 0 for hit in hits])
            stage.isolate({layer.id: []})
            drawn = differs(full, shot(stage))[rows, columns]
            stage.isolate(None)
            assert found.sum() > 500
            assert (found != drawn).sum() <= 2  # a border pixel may fall either way


def test_the_building_found_is_the_one_drawn_in_that_pixel() -> None:
    data = replace(city(36), min_height=np.where(np.arange(36) % 7 == 0, 5.0, 0.0))
    project, layer = project_with(data)
    plain(layer)
    random = np.random.default_rng(8)
    checked = 0
    with staged(project) as stage:
        for eye in eyes(stage):
            stage.viewpoint = eye
            full = shot(stage)
            for x, y in random.integers((60, 80), (260, 200), (40, 2)):
                hits = [stage.pick(x + 0.5 + d, y + 0.5 + e)
                        for d, e in ((0, 0), (-1, 0), (1, 0), (0, -1), (0, 1))]  # fmt: skip
                ids = {hit.object_id for hit in hits if hit is not None}
                if len(ids) > 1 or ids == {0}:
                    continue
                stage.isolate({layer.id: list(ids)})
                np.testing.assert_array_equal(shot(stage)[y, x], full[y, x])
                stage.isolate(None)
                stage.select({layer.id: list(ids)})
                assert (shot(stage)[y, x] != full[y, x]).any()
                stage.select({})
                checked += 1
    assert checked > 15


def test_a_pick_tells_the_point_the_normal_and_the_distance() -> None:
    project, layer = project_with(city(9))
    with staged(project) as stage:
        assert isinstance(layer.data, Buildings)
        roof = (WEST - 3.0, SOUTH - 3.0, float(layer.data.height[0]))
        stage.viewpoint = Viewpoint.looking_at(roof, 100.0, 0.0, -1.2)
        hit = stage.pick(160, 120)
    assert hit is not None
    assert (hit.layer_id, hit.object_id) == (layer.id, 1)
    assert hit.point == pytest.approx(roof, abs=1e-6)
    assert hit.normal == (0.0, 0.0, 1.0)
    assert hit.distance == pytest.approx(100.0)


def test_the_sky_is_nothing_and_the_ground_is_object_zero() -> None:
    with staged(project_with(city(4))[0]) as stage:
        stage.viewpoint = Viewpoint(WEST, SOUTH + 200.0, 50.0, heading=0.0, pitch=0.3)
        assert stage.pick(160, 120) is None
        stage.viewpoint = Viewpoint(WEST, SOUTH + 200.0, 50.0, heading=0.0, pitch=-0.5)
        hit = stage.pick(160, 120)
    assert hit is not None
    assert (hit.layer_id, hit.object_id) == ("", 0)
    assert hit.point[2] == pytest.approx(0.0, abs=1e-9)


def test_a_hidden_building_is_neither_drawn_nor_found() -> None:
    project, layer = project_with(city(9))
    with staged(project) as stage:
        before = shot(stage)
        assert isinstance(layer.data, Buildings)
        middle = [(*layer.data.shapes.centres()[4], layer.data.height[4] / 2)]
        x, y = camera.project_points(stage.viewpoint, middle, stage.size)[0]
        found = stage.pick(x, y)
        assert found is not None
        drawn = layer.data.drawn.copy()
        drawn[found.object_id - 1] = False
        layer.data = replace(layer.data, drawn=drawn)
        assert differs(before, shot(stage)).any()
        again = stage.pick(x, y)
        assert again is None or again.object_id != found.object_id


def test_a_box_chooses_what_has_its_middle_inside() -> None:
    project, layer = project_with(city(25))
    with staged(project) as stage:
        width, height = stage.size
        assert set(stage.pick_box(0, 0, width, height)[layer.id]) == set(range(1, 26))
        left = stage.pick_box(0, 0, width / 2, height)[layer.id]
        assert isinstance(layer.data, Buildings)
        centres = layer.data.shapes.centres()
        pixels = camera.project_points(
            stage.viewpoint, np.column_stack([centres, layer.data.height / 2]), stage.size
        )
        assert set(left) == set(layer.data.ids[pixels[:, 0] <= width / 2])
        assert stage.pick_box(0, 0, 2, 2) == {}
        stage.isolate({layer.id: [3, 4]})
        assert set(stage.pick_box(0, 0, width, height)[layer.id]) == {3, 4}
        layer.visible = False
        assert stage.pick_box(0, 0, width, height) == {}


def test_selection_and_hover_change_the_colour_of_those_buildings_alone() -> None:
    project, layer = project_with(city(9))
    with staged(project) as stage:
        plain_picture = shot(stage)
        stage.select({layer.id: [3]})
        selected = shot(stage)
        changed = differs(plain_picture, selected)
        red, _, blue = selected[changed].astype(int).T
        assert np.mean(red - blue > 40) > 0.9
        assert {k: v.tolist() for k, v in stage.selection.items()} == {layer.id: [3]}
        stage.hover(layer.id, 3)
        assert differs(selected, shot(stage)).sum() > 0.8 * changed.sum()
        stage.hover(None)
        np.testing.assert_array_equal(shot(stage), selected)
        stage.select({})
        np.testing.assert_array_equal(shot(stage), plain_picture)


def test_selecting_what_is_not_there_changes_nothing() -> None:
    project, layer = project_with(city(4))
    with staged(project) as stage:
        before = shot(stage)
        stage.select({layer.id: [999], "gone": [1]})
        stage.hover(layer.id, 999)
        np.testing.assert_array_equal(shot(stage), before)


def test_a_sunlit_roof_has_the_colour_of_the_legend() -> None:
    project, layer = project_with(city(9))
    entries = (Entry("low", "#4e79a7", low=0.0, high=20.0), Entry("high", "#e15759", low=20.0))
    layer.style = replace(
        layer.style, outline=None, colouring=Colouring("height", "ranges", entries)
    )
    assert isinstance(layer.data, Buildings)
    with staged(project) as stage:
        stage.viewpoint = camera.with_projection(stage.fit(pitch=-math.pi / 2), "parallel")
        picture = shot(stage).astype(int)
        for row in range(9):
            spot = (*(layer.data.shapes.bounds()[row, :2] + 1.0), layer.data.height[row])
            x, y = camera.project_points(stage.viewpoint, [spot], stage.size)[0].astype(int)
            wanted = (0xE1, 0x57, 0x59) if layer.data.height[row] >= 20 else (0x4E, 0x79, 0xA7)
            assert np.abs(picture[y, x] - wanted).max() <= 12


def test_an_edit_rebuilds_only_its_tile_and_undo_gives_the_old_picture() -> None:
    project, layer = project_with(city(2500))
    history = History(project)
    with staged(project) as stage:
        view, before = view_of(stage, layer), shot(stage)
        assert view.tiles_built >= 3
        history.run(SetHeight(layer.id, 1200, 300.0))
        assert view.tiles_built == 1
        assert differs(before, shot(stage)).any()
        history.undo()
        assert view.tiles_built == 1
        np.testing.assert_array_equal(shot(stage), before)
        history.run(SetLook(layer.id, "style", replace(layer.style, colour="#aa3333")))
        assert view.tiles_built == 1  # colours cost no mesh
        assert differs(before, shot(stage)).any()


def test_buildings_come_and_go_with_the_data() -> None:
    project, layer = project_with(city(16))
    whole = layer.data
    history = History(project)
    assert isinstance(whole, Buildings)
    half = replace(
        whole, shapes=whole.shapes.take(np.arange(8)), ids=whole.ids[:8].copy(),
        feature=whole.feature[:8].copy(), height=whole.height[:8].copy(),
        min_height=whole.min_height[:8].copy(), base=whole.base[:8].copy(),
        height_rule=whole.height_rule[:8].copy(), part_of=whole.part_of[:8].copy(),
        drawn=whole.drawn[:8].copy(),
    )  # fmt: skip
    with staged(project) as stage:
        before = shot(stage)
        history.run(SetData(layer.id, half, Label("edit-test")))
        fewer = shot(stage)
        assert differs(before, fewer).any()
        with staged(project) as fresh:
            fresh.viewpoint = stage.viewpoint
            np.testing.assert_array_equal(shot(fresh), fewer)
        history.undo()
        np.testing.assert_array_equal(shot(stage), before)


def test_layers_follow_adding_hiding_fading_and_removing() -> None:
    project, layer = project_with(city(9))
    history = History(project)
    with staged(project) as stage:
        alone = shot(stage)
        other = city(9, seed=77)
        top = Layer("buildings", "Plan", replace(other, height=other.height + 30),
                    style=kind_of("buildings").style)  # fmt: skip
        history.run(AddLayer(top))
        both = shot(stage)
        assert differs(alone, both).any()
        history.run(SetLook(top.id, "opacity", 0.4))
        faded = shot(stage)
        assert differs(faded, both).any()
        assert differs(faded, alone).any()
        history.run(SetLook(top.id, "visible", False))
        np.testing.assert_array_equal(shot(stage), alone)
        history.undo()
        history.undo()
        np.testing.assert_array_equal(shot(stage), both)
        history.undo()
        np.testing.assert_array_equal(shot(stage), alone)
        assert set(stage.views) == {layer.id}


def test_a_named_view_brings_its_eye_its_layers_and_its_moment() -> None:
    project, layer = project_with(city(9))
    with staged(project) as stage:
        seen: list[Viewpoint] = []
        stage.changed_viewpoint.connect(seen.append)
        eye = Viewpoint.looking_at((WEST, SOUTH, 0.0), 400.0, 1.0, -0.6)
        stage.show_view(View("empty", eye, hidden=(layer.id,), moment="2026-12-21T15:00"))
        assert stage.viewpoint == eye == seen[-1]
        assert not stage.shown(layer)
        assert stage.moment == "2026-12-21T15:00"
        assert layer.visible  # the view hides it in the picture, the project stays as it is
        assert stage.pick(160, 120) is not None
        layer.visible = False
        layer.visible = True  # the user's own switch counts again
        assert stage.shown(layer)
        stage.show_view(View("as it is", eye))
        assert stage.moment == project.info.moment


def test_the_first_layer_brings_origin_and_eye() -> None:
    project = Project()
    with staged(project) as stage:
        shot(stage)
        data = city(9)
        layer = Layer("buildings", "Blocks", data, style=kind_of("buildings").style)
        History(project).run(AddLayer(layer, frame=Frame("EPSG:4547", (0.0, 0.0))))
        assert np.linalg.norm(stage.context.origin[:2] - [WEST, SOUTH]) < 1000
        with staged(project) as fresh:
            np.testing.assert_array_equal(shot(stage), shot(fresh))


def test_data_that_comes_into_an_empty_layer_far_away_brings_origin_and_eye_too() -> None:
    project, layer = project_with(Buildings.blocks(Shapes.from_shapely([]), np.empty(0)))
    with staged(project) as stage:
        shot(stage)
        layer.data = city(9)
        assert np.linalg.norm(stage.context.origin[:2] - [WEST, SOUTH]) < 1000
        with staged(project) as fresh:
            np.testing.assert_array_equal(shot(stage), shot(fresh))


def test_one_window_can_show_one_project_after_the_other() -> None:
    plotter = pv.Plotter(off_screen=True, window_size=[320, 240], lighting="none")
    pictures = []
    for count in (4, 25, 4):
        stage = Stage(project_with(city(count))[0], plotter)
        pictures.append(shot(stage))
        stage.close()
    plotter.close()
    np.testing.assert_array_equal(pictures[0], pictures[2])
    assert differs(pictures[0], pictures[1]).any()


def test_a_picture_that_stands_still_can_be_smoothed() -> None:
    project, _ = project_with(city(9))
    with staged(project) as stage:
        rough = shot(stage)
        stage.smooth = True
        soft = shot(stage)
        assert 0.001 < differs(rough, soft).mean() < 0.3
        stage.smooth = False
        np.testing.assert_array_equal(shot(stage), rough)


def test_a_picture_drawn_at_twice_the_size_has_edges_twice_as_wide() -> None:
    project, _ = project_with(city(4))
    with staged(project, (320, 240)) as small, staged(project, (640, 480)) as large:
        large.context.pixel_scale = 2.0
        halved = shot(large).reshape(240, 2, 320, 2, 3).mean(axis=(1, 3))
        difference = np.abs(halved - shot(small))
    assert difference.mean() < 2.5


def test_a_city_far_from_zero_looks_like_one_at_zero() -> None:
    pictures = []
    for east, north in ((0.0, 0.0), (39_500_000.0, 4_000_000.0)):
        data = city(16)
        shift = np.array([east - WEST, north - SOUTH])
        coords = np.round((data.shapes.coords + shift) * 64) / 64  # exact in both places
        shapes = Shapes(data.shapes.kind, coords, data.shapes.ring_start, data.shapes.shape_start)
        project = Project()  # without a system the sun stands still
        style = kind_of("buildings").style
        project.insert_layer(Layer("buildings", "B", replace(data, shapes=shapes), style=style))
        with staged(project) as stage:
            stage.viewpoint = Viewpoint.looking_at((east + 45, north + 45, 10.0), 60.0, 0.5, -0.4)
            pictures.append(shot(stage))
    assert differs(*pictures).mean() < 0.002


def test_a_millimetre_of_the_eye_does_not_shake_a_distant_city() -> None:
    project, _ = project_with(city(16))
    with staged(project) as stage:
        v = Viewpoint.looking_at((WEST + 45, SOUTH + 45, 10.0), 300.0, 0.5, -0.4)
        stage.viewpoint = v
        before = shot(stage)
        stage.viewpoint = replace(v, east=v.east + 0.001)
        assert differs(before, shot(stage)).mean() < 0.002


def terrain(height: float) -> Layer:
    """Make a level terrain under the city."""
    heights = np.full((50, 50), height, dtype=np.float32)
    return Layer("terrain", "Terrain", Terrain(heights, WEST - 500, SOUTH + 700, 25.0, 25.0))


def test_buildings_stand_on_the_terrain_when_it_comes_and_goes() -> None:
    project, layer = project_with(city(9))
    history = History(project)
    with staged(project) as stage:
        flat = stage.bounds()
        assert flat is not None
        history.run(AddLayer(terrain(40.0)))
        view = view_of(stage, layer)
        box = view.bounds()
        assert box is not None
        assert box[4:] == pytest.approx((40.0, flat[5] + 40.0))
        stage.viewpoint = Viewpoint.looking_at((WEST + 300, SOUTH, 40.0), 100.0, 0.0, -1.0)
        hit = stage.pick(160, 120)
        assert hit is not None
        assert hit.layer_id == project.layers[0].id
        assert hit.point[2] == pytest.approx(40.0, abs=1e-3)
        history.undo()
        assert view.bounds() == pytest.approx(flat)


def test_surfaces_are_drawn_and_found_instead_of_their_block() -> None:
    data = Buildings.blocks(
        Shapes.from_shapely([shapely.box(WEST, SOUTH, WEST + 8, SOUTH + 6)]), 90.0
    )
    data = replace(data, surfaces=house(), base=np.array([20.0]))
    project, layer = project_with(data)
    with staged(project) as stage:
        box = view_of(stage, layer).bounds()
        assert box is not None
        assert box == pytest.approx((WEST, WEST + 8, SOUTH, SOUTH + 6, 20.0, 27.0))
        picture = shot(stage)
        hit = stage.pick(160, 120)
        assert hit is not None
        assert hit.object_id == 1
        layer.visible = False
        assert differs(picture, shot(stage)).mean() > 0.05


def test_an_empty_layer_and_an_empty_project_are_drawn_in_peace() -> None:
    empty = Buildings.blocks(Shapes.from_shapely([]), np.empty(0))
    project, layer = project_with(empty)
    with staged(project) as stage:
        shot(stage)
        assert stage.pick_box(0, 0, 320, 240) == {}
        layer.data = city(4)
        shot(stage)
        assert view_of(stage, layer).bounds() is not None
        layer.data = Buildings.blocks(Shapes.from_shapely([]), np.empty(0))
        shot(stage)
        assert view_of(stage, layer).bounds() is None


def test_shaders_that_do_not_compile_give_plain_buildings_and_one_warning(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import shaders

    good = shaders.sections

    def broken(name: str) -> dict[tuple[str, str], str]:
        found = dict(good(name))
        if name in {"blocks", "edges"}:
            found["fragment", "Light::Impl"] = "this is no GLSL;"
        return found

    monkeypatch.setattr(shaders, "sections", broken)
    project, layer = project_with(city(9))
    with staged(project) as stage:
        warnings: list[str] = []
        wishes: list[int] = []
        stage.warned.connect(warnings.append)
        stage.needs_frame.connect(lambda: wishes.append(1))
        shot(stage)
        assert warnings == ["scene-plain-shading"]
        assert wishes
        drawn = shot(stage)
        assert warnings == ["scene-plain-shading"]
        layer.visible = False
        assert differs(drawn, shot(stage)).mean() > 0.1


def test_a_closed_stage_lets_go_of_everything() -> None:
    project, layer = project_with(city(9))
    with staged(project) as stage:
        shot(stage)
        view = weakref.ref(stage.views[layer.id])
        actors = stage.context.renderer.GetActors().GetNumberOfItems()
        assert actors > 0
        stage.close()
        stage.close()
        assert stage.context.renderer.GetActors().GetNumberOfItems() == 0
        layer.style = replace(layer.style, colour="#123456")  # nobody listens any more
        layer.data = city(4)
    gone = weakref.ref(stage)
    del stage
    gc.collect()
    assert view() is None
    assert gone() is None


def resident() -> int:
    """Give the memory of this process, bytes."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="reads memory from /proc")
def test_building_and_closing_stages_does_not_grow_in_memory() -> None:
    def once() -> None:
        with staged(project_with(city(400))[0], (160, 120)) as stage:
            shot(stage)

    for _ in range(4):
        once()
    gc.collect()
    before = resident()
    for _ in range(12):
        once()
    gc.collect()
    assert resident() - before < 30e6
