"""A real city with levels of detail beside itself in full detail, from twenty places.

What is compared is told in `tests.scene.test_lod_pictures`.
"""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from layers.edits import AddLayer
from layers.files.importing import import_file
from layers.files.options import ImportOptions
from layers.history import History
from layers.project import Project
from layers.viewpoint import Viewpoint
from scene.detail import FULL, Detail
from tests.scene.cities import staged
from tests.scene.test_lod_pictures import RED, WRONG, Truth, coarse, red, still, wrong

pytestmark = [pytest.mark.picture, pytest.mark.shared]

SIZE = (480, 270)
FINE = 3
AWAY = (250, 500, 900, 1800, 3500, 6000, 9000, 14000)  # metres
LOW = (-0.2, -0.5, -0.8, -1.2, -0.35)  # radians


@pytest.fixture(scope="module")
def bund(shared_data: Path) -> Project:
    """Shanghai's Bund in red, without edges."""
    project = Project()
    imported = import_file(
        project,
        shared_data / "cn-shanghai-bund/shanghaiwaitan.json",
        ImportOptions(kind="buildings"),
    )
    (layer,) = imported.layers
    layer.style = replace(layer.style, colour=RED, outline=None)
    History(project).run(AddLayer(layer, frame=imported.frame))
    return project


def eyes(project: Project) -> list[Viewpoint]:
    """Give twenty places around the middle, low and high, near and far."""
    extent = project.extent()
    assert extent is not None
    centre = np.array([(extent[0] + extent[2]) / 2, (extent[1] + extent[3]) / 2])
    out = []
    for number in range(20):
        angle = 2.4 * number
        aside = 0.12 * (extent[2] - extent[0]) * np.array([math.cos(angle), math.sin(angle)])
        target = (*(centre + aside * (number % 3)).tolist(), 0.0)
        out.append(Viewpoint.looking_at(target, AWAY[number % 8], 1.1 * number, LOW[number % 5]))
    return out


def test_no_building_of_the_bund_is_missing_or_too_much_from_twenty_places(bund: Project) -> None:
    places = eyes(bund)
    with staged(bund, (SIZE[0] * FINE, SIZE[1] * FINE)) as stage:
        truths = []
        for eye in places:
            picture = still(stage, eye, FULL)
            truths.append(Truth(coarse(red(picture), FINE)[..., 0], coarse(picture, FINE)))
    with staged(bund, SIZE, patient=True) as stage:
        stage.build()
        for eye, truth in zip(places, truths, strict=True):
            picture, full = still(stage, eye, Detail()), still(stage, eye, FULL)
            assert truth.covered.mean() > 0.005
            assert wrong(picture, truth).mean() < WRONG
            off = np.abs(coarse(picture, 9) - coarse(truth.colour, 9)).mean()
            floor = np.abs(coarse(full, 9) - coarse(truth.colour, 9)).mean()
            assert off < floor + 2.5
