"""Control lines for scripts and commands: classes given by a template, styles by a preset."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from app.wording import Wording, current
from layers.edits import SetData, SetLook, Together
from layers.errors import CityError
from layers.files.line_templates import LineTemplate
from layers.history import Command, Label
from layers.kinds.base import Layer
from layers.kinds.control_lines import FIELDS, assigned, preset_key, preset_of, preset_style
from layers.project import Project
from layers.style import Style, texts


@dataclass(frozen=True, slots=True)
class Assigned:
    """What giving classes to a layer would do.

    Attributes
    ----------
    command : Command
        Makes the change as one step.
    counts : dict of str to int
        Lines by class.
    lost : int
        Lines without a class.
    """

    command: Command
    counts: Mapping[str, int]
    lost: int


def line_layer(project: Project, name: str) -> Layer:
    """Give a layer of control lines by its name or id.

    Raises
    ------
    CityError
        ``lines.not_lines`` for a layer of another kind.
    """
    layer = project.layer(name)
    if layer.kind != "control-lines":
        raise CityError(
            "lines.not_lines", f"'{layer.name}' is no layer of control lines.",
            hint="import it with --as control-lines", name=layer.name,
        )  # fmt: skip
    return layer


def class_field(layer: Layer) -> str:
    """Give the field that tells the class of lines best; "" where none does."""
    names = layer.features.attributes.column_names
    preset = preset_of(preset_key(layer.features))
    best, most = "", 0
    for field in (name for name in FIELDS["class"] if name in names):
        values = texts(layer.features.column(field))
        count = sum(bool(preset.match(value)) for value in values)
        if count > most:
            best, most = field, count
    return best or next((name for name in FIELDS["class"] if name in names), "")


def proposed(layer: Layer, preset: str = "", field: str = "") -> LineTemplate:
    """Propose a template for a layer: each value of a field with the class its name speaks for."""
    key = preset or layer.style.line_preset or preset_key(layer.features)
    chosen, field = preset_of(key), field or class_field(layer)
    if not field:
        raise CityError(
            "lines.no_field", f"No field of '{layer.name}' tells the class of its lines.",
            hint="name one with --field", name=layer.name,
        )  # fmt: skip
    values = dict.fromkeys(v for v in texts(layer.features.column(field)) if v)
    mapping: dict[str, dict[str, Any]] = {v: {"class": chosen.match(v)} for v in values}
    return LineTemplate(key, field, mapping)


def assign(layer: Layer, template: LineTemplate, words: Wording | None = None) -> Assigned:
    """Give a layer's lines the classes of a template, and the colours of its preset."""
    preset = preset_of(template.preset)
    made, lost = assigned(layer.features, preset, template.mapping, template.field)
    style = styled(layer.style, template.preset, words)
    title = Label("edit-assign-lines", {"name": layer.name})
    command = Together((SetData(layer.id, made, title), SetLook(layer.id, "style", style)), title)
    keys = np.array(made.column("class").to_pylist(), dtype=object)
    counts = {one.key: int((keys == one.key).sum()) for one in preset.classes}
    return Assigned(command, {key: count for key, count in counts.items() if count}, len(lost))


def styled(style: Style, preset: str, words: Wording | None = None) -> Style:
    """Give a style with the colours and words of a preset."""
    words = words or current()
    chosen = preset_of(preset)
    return preset_style(
        style, chosen, {one.key: words.t(f"line-{one.key}") for one in chosen.classes}
    )
