"""Symbols of resources have the colour of their class while these can be counted on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import shapely

from layers.edits import SetInfo
from layers.frame import Frame
from layers.history import History
from layers.kinds import kind_of
from layers.kinds.base import Features, Layer
from layers.project import Project
from layers.shapes import Shapes
from layers.viewpoint import Viewpoint
from scene.offscreen import PictureRequest, Studio

EAST, NORTH = 508_000.0, 3_378_000.0


def green(studio: Studio) -> int:
    """Count the pixels in the colour of resources."""
    request = PictureRequest(Viewpoint(EAST, NORTH - 250.0, 250.0, distance=350.0), size=(320, 240))
    pixels = studio.picture(request).pixels.astype(int)
    return int(((pixels[..., 1] - pixels[..., [0, 2]].max(axis=-1)) > 120).sum())


def test_what_is_not_in_service_is_grey_as_soon_as_the_moment_changes() -> None:
    project = Project(Frame("EPSG:4547"))
    places = [shapely.Point(EAST - 90.0, NORTH), shapely.Point(EAST, NORTH),
              shapely.Point(EAST + 90.0, NORTH)]  # fmt: skip
    table = pa.table({
        "sort": ["hospital"] * 3, "valid_to": ["2026-06-30", None, None],
        "state": ["ready", "ready", "out of service"],
    })  # fmt: skip
    data = Features.of(Shapes.from_shapely(np.array(places)), table)
    kind = kind_of("resources")
    project.insert_layer(Layer("resources", "Hospitals", data, style=kind.style))
    history = History(project)
    with Studio(project) as studio:
        two = green(studio)
        history.run(SetInfo(replace(project.info, moment="2026-07-01T10:00")))
        one = green(studio)
        history.undo()
        assert two > 400
        assert abs(one - two / 2) < 0.05 * two
        assert green(studio) == two
