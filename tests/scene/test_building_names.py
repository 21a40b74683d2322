"""Names of buildings stand over their roofs; tall ones go first; hidden ones have none."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from layers.cut import Cut
from layers.kinds.base import Layer
from layers.kinds.buildings import Buildings
from layers.project import Project
from scene.labels import clip_matrix
from scene.names import OVER_ROOF, names_of
from tests.scene.cities import city, project_with, shot, staged


def named_city() -> tuple[Project, Layer]:
    data = city(9)
    names = pa.table({"name": [f"{k} 号楼" for k in range(1, 10)]})
    data = replace(data, attributes=names)
    project, layer = project_with(data)
    layer.style = replace(layer.style, label_field="name")
    return project, layer


def test_names_stand_over_the_roofs_and_go_with_the_field() -> None:
    project, layer = named_city()
    with staged(project) as stage:
        labels = stage.context.labels
        assert len(labels) == 9
        assert isinstance(layer.data, Buildings)
        tops = layer.data.height
        heights = np.sort(labels._sets[layer.id].points[:, 2])
        assert np.allclose(heights, np.sort(tops) + OVER_ROOF)
        layer.style = replace(layer.style, label_field="")
        assert len(labels) == 0
        layer.style = replace(layer.style, label_field="name")
        layer.visible = False
        assert len(labels) == 0


def test_isolated_buildings_keep_their_names_and_no_others() -> None:
    project, layer = named_city()
    with staged(project) as stage:
        stage.isolate({layer.id: [2, 5]})
        assert sorted(stage.context.labels._sets[layer.id].texts) == ["2 号楼", "5 号楼"]
        stage.isolate(None)
        assert len(stage.context.labels) == 9


def test_a_tower_goes_before_a_shed_of_the_same_plan() -> None:
    _, layer = named_city()
    assert isinstance(layer.data, Buildings)
    high = np.full(9, 4.0)
    high[3] = 200.0
    layer.data = replace(layer.data, height=high)
    names = names_of(layer, np.arange(9))
    assert names.texts[int(np.argmax(names.rank))] == "4 号楼"


@pytest.mark.parametrize("behind", [False, True])
def test_what_a_cut_takes_away_has_no_name(behind: bool) -> None:
    project, layer = named_city()
    layer.style = replace(layer.style, label_behind=behind)
    with staged(project, (900, 600)) as stage:
        stage.viewpoint = stage.fit(pitch=-1.5)
        size, camera = stage.size, stage.context.renderer.GetActiveCamera()
        shot(stage)
        box = layer.data.extent()
        assert box is not None
        middle = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)

        def written() -> set[str]:
            placed = stage.surroundings.layout(clip_matrix(camera, size[0] / size[1]), size, 1.0)
            return {label.of[0] + str(label.of[1]) for label in placed}

        before = written()
        stage.cutting.cut = Cut.plane(middle, 0.0)
        after = written()
        assert 0 < len(after) < len(before)
        stage.cutting.cut = Cut.box(middle, (4000.0, 4000.0))
        assert written() == set()
