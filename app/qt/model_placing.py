"""Placing models in the window: what is waiting to be placed, the tool, the import of one file."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.qt.desk import Desk
from layers.files.model_choices import ModelChoices
from layers.files.options import ImportOptions
from layers.kinds.base import Layer
from layers.kinds.model_library import Model
from layers.kinds.models import KIND, Models
from layers.model_edits import change_models, place_more
from layers.progress import Progress
from layers.shapes import Floats, Ints
from scene.stage import Stage
from scene.tools.events import Tool
from scene.tools.place_model import Placement, PlaceModel

if TYPE_CHECKING:
    from layers.files.importing import Imported

TOOL = "place-model"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file that was read and waits for a click.

    Attributes
    ----------
    path : pathlib.Path
        The file.
    model : Model
        What it holds.
    choices : ModelChoices
        How it shall stand.
    """

    path: Path
    model: Model
    choices: ModelChoices


_waiting: weakref.WeakKeyDictionary[Desk, Waiting] = weakref.WeakKeyDictionary()


def wait_for_click(desk: Desk, waiting: Waiting) -> None:
    """Let the next click in the picture place a file's model."""
    _waiting[desk] = waiting
    if desk.session.tool == TOOL:
        desk.session.tool = "tool-pan"
    desk.session.tool = TOOL


def import_model_file(
    desk: Desk, path: Path, choices: ModelChoices, then: Callable[[], object] | None = None
) -> None:
    """Import a model in a worker and select it, then do what follows."""
    project = desk.project

    def work(progress: Progress) -> Imported:
        from layers.files.importing import import_file

        return import_file(project, path, ImportOptions(model=choices), progress)

    def done(imported: Imported) -> None:
        if desk.project is not project:
            return
        if desk.attempt(lambda: desk.session.apply(imported)):
            layer = imported.layers[0]
            if isinstance(layer.data, Models):
                desk.session.select({layer.id: [1]})
            desk.choose_layer(layer.id)
            words = desk.texts.wording
            told = "\n".join(words.note(note) for note in imported.reports[0].messages)
            desk.tell("success", "model-tool-placed", name=layer.name, details=told)
            if then is not None:
                then()

    desk.start(desk.texts.t("job-reading-model", name=path.name), work, done)


def layer_to_place(desk: Desk) -> Layer | None:
    """Give the layer of models that is chosen, holds the selection, or is the topmost one."""
    chosen = desk.layer
    if chosen is not None and isinstance(chosen.data, Models):
        return chosen
    layers = [layer for layer in desk.project.layers if isinstance(layer.data, Models)]
    selected = [layer for layer in layers if layer.id in desk.session.selection]
    return selected[-1] if selected else (layers[-1] if layers else None)


def place_tool(desk: Desk, stage: Stage) -> Tool:
    """Make the tool that places the waiting file, or one more of the chosen layer's models."""
    waiting = _waiting.pop(desk, None)
    layer = None if waiting is not None else layer_to_place(desk)
    key, turn, scale = "", 0.0, 1.0
    model: Model | None = None
    if waiting is not None:
        model, turn, scale = waiting.model, waiting.choices.turn, waiting.choices.scale
    elif layer is not None and isinstance(layer.data, Models) and len(layer.data.library):
        data, ids = layer.data, desk.session.selection.get(layer.id)
        row = int(data.index_of(ids[:1])[0]) if ids is not None and len(ids) else 0
        model = data.library.models[int(data.model[row]) if len(data) else 0]
        key = model.key
        if len(data):
            turn, scale = float(data.turn[row]), float(data.scale[row])
    tool = PlaceModel(stage, model, turn=turn, scale=scale)
    pending = [waiting]

    def put(placement: Placement) -> None:
        if (now := pending[0]) is not None:
            pending[0] = None
            choices = replace(
                now.choices, at=placement.place[:2], turn=placement.turn, scale=placement.scale
            )
            desk.session.tool = "tool-select"
            import_model_file(desk, now.path, choices)
        elif layer is None or model is None:
            desk.tell("warning", "model-tool-none")
        else:
            _place_one(desk, layer, key, placement)

    tool.placed.connect(put)
    tool.left.connect(desk.lay_down_tool)
    return tool


def _place_one(desk: Desk, layer: Layer, key: str, placement: Placement) -> None:
    east, north, _ = placement.place

    def run() -> None:
        command, ids = place_more(
            desk.project, layer.id, [(east, north, 0.0)], key, turn=placement.turn,
            scale=placement.scale,
        )  # fmt: skip
        desk.session.run(command)
        desk.session.select({layer.id: ids})

    desk.attempt(run)


def move_models(desk: Desk, layer_id: str, ids: Ints, shift: Floats) -> None:
    """Move models that were dragged, as one step."""
    east, north, up = (float(part) for part in shift)
    desk.attempt(
        lambda: desk.session.run(
            change_models(desk.project, layer_id, ids, shift=(east, north, up))
        )
    )


#: Rows for the table of tools.
MODEL_TOOLS = {TOOL: place_tool}
#: Kind of the layers this is about.
MODELS = KIND.key
