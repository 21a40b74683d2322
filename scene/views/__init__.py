"""The table of views; a new kind of layer is a module here and a row below."""

from __future__ import annotations

from layers.kinds import emergency, vector
from scene.views.answers import AnswersView
from scene.views.base import LayerView
from scene.views.buildings import BuildingsView
from scene.views.clouds import CloudsView
from scene.views.control_lines import ControlLinesView
from scene.views.drills import DrillsView
from scene.views.flat import FlatView
from scene.views.imagery import ImageryView
from scene.views.measurements import MeasurementsView
from scene.views.models import ModelsView
from scene.views.pipes import PipesView
from scene.views.terrain import TerrainView

VIEW_FOR: dict[str, type[LayerView]] = {
    "buildings": BuildingsView,
    "terrain": TerrainView,
    "imagery": ImageryView,
    "measurements": MeasurementsView,
    "answers": AnswersView,
    "drills": DrillsView,
    "models": ModelsView,
    "clouds": CloudsView,
    "pipes": PipesView,
    **{kind.key: FlatView for kind in (*vector.KINDS, *emergency.KINDS)},
    "control-lines": ControlLinesView,
}
