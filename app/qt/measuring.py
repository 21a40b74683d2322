"""The measuring tools in the window: made for the stage, their answers kept as steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from app.measure_words import beside_pointer, new_name
from app.qt.desk import Desk
from layers.edits import add_measurement, measurement_layer
from layers.kinds.measurements import MeasureKind, Measurement, Measurements
from scene.stage import Stage
from scene.tools.events import Tool
from scene.tools.measure import NEEDED, Measure


def measure_tool(kind: MeasureKind) -> Callable[[Desk, Stage], Tool]:
    """Give what makes the tool for a kind of measurement."""

    def make(desk: Desk, stage: Stage) -> Tool:
        def words(item: Measurement) -> str:
            ground = desk.settings.distance == "ground"
            return beside_pointer(item, desk.texts.wording, ground=ground)

        tool = Measure(stage, kind, words)
        tool.finished.connect(lambda item: keep(desk, item))
        tool.failed.connect(desk.tell_error)
        tool.left.connect(desk.lay_down_tool)
        return tool

    return make


def keep(desk: Desk, item: Measurement) -> None:
    """Keep a measurement under a name in the user's language, as a step that can be undone."""
    layer = measurement_layer(desk.project)
    data = layer.data if layer is not None else None
    items = data.items if isinstance(data, Measurements) else ()
    name = new_name(item.kind, (old.name for old in items), desk.texts.wording)
    title = desk.texts.wording.kind("measurements")
    named = replace(item, name=name)
    if desk.run(add_measurement(desk.project, named, layer_name=title)):
        layer = measurement_layer(desk.project)
        if layer is not None and isinstance(layer.data, Measurements):
            desk.session.select({layer.id: [layer.data.items[-1].id]})


#: Rows for the table of tools.
MEASURE_TOOLS: dict[str, Callable[[Desk, Stage], Tool]] = {
    f"measure-{kind}": measure_tool(kind) for kind in NEEDED
}
