"""Control lines for scripts and commands: classes given by a template, styles by a preset."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from app import settings
from app.wording import Wording, current
from layers.edits import SetData, SetLook, Together
from layers.errors import CityError
from layers.files.line_templates import (
    FROM_FIELDS,
    LineTemplate,
    read_template,
    write_template,
)
from layers.history import Command, Label
from layers.kinds.base import Layer
from layers.kinds.control_lines import CLASS, FIELDS, assigned, preset_key, preset_of, preset_style
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
    made, lost = assigned(layer.features, preset, template.mapping, template.field, template.fields)
    style = styled(layer.style, template.preset, words)
    title = Label("edit-assign-lines", {"name": layer.name})
    command = Together((SetData(layer.id, made, title), SetLook(layer.id, "style", style)), title)
    keys = np.array(made.column("class").to_pylist(), dtype=object)
    counts = {one.key: int((keys == one.key).sum()) for one in preset.classes}
    return Assigned(command, {key: count for key, count in counts.items() if count}, len(lost))


def template_folder() -> Path:
    """Give the folder of templates that were kept; it need not exist."""
    return settings.config_folder() / "lines"


def kept_templates() -> dict[str, Path]:
    """Give the templates that were kept, by their names."""
    folder = template_folder()
    found = sorted(folder.glob("*.toml")) if folder.is_dir() else []
    return {path.stem: path for path in found}


def worded(template: LineTemplate, words: Wording | None = None) -> LineTemplate:
    """Give a template with the words of its classes for the legend."""
    words = words or current()
    classes = preset_of(template.preset).classes
    return replace(template, words={one.key: words.t(f"line-{one.key}") for one in classes})


def template_for(text: str, fields: str = "", words: Wording | None = None) -> LineTemplate:
    """Read what somebody wrote for an import of control lines.

    Parameters
    ----------
    text : str
        A preset (``six-lines``, ``national``: the names in the file decide), the name of a kept
        template, or a file (.toml).
    fields : str
        Which field holds which attribute: ``class=Layer,setback_m=退让,document=文号``; goes
        before what the template says.
    words : Wording or None
        For the legend.

    Raises
    ------
    CityError
        ``lines.template``, ``lines.fields``, ``lines.preset``.
    """
    kept = kept_templates()
    if text in kept:
        template = read_template(kept[text])
    elif text.endswith(".toml"):
        template = read_template(Path(text))
    else:
        template = LineTemplate(preset_of(text or "six-lines").key)
    told = dict(template.fields)
    for part in (piece.strip() for piece in fields.split(",") if piece.strip()):
        name, _, source = part.partition("=")
        if name not in (CLASS, *FROM_FIELDS) or not source:
            names = ", ".join((CLASS, *FROM_FIELDS))
            raise CityError(
                "lines.fields", f"'{part}' does not say which field holds which attribute.",
                hint=f"write ATTRIBUTE=FIELD; the attributes are: {names}", text=part, names=names,
            )  # fmt: skip
        if name == CLASS:
            template = replace(template, field=source)
        else:
            told[name] = source
    return worded(replace(template, fields=told), words)


def keep_template(template: LineTemplate, name: str) -> Path:
    """Keep a template under a name, for further imports."""
    folder = template_folder()
    folder.mkdir(parents=True, exist_ok=True)
    plain = re.sub(r'[\\/:*?"<>|]+', "-", name).strip(" .") or "lines"
    path = folder / f"{plain}.toml"
    write_template(template, path)
    return path


def styled(style: Style, preset: str, words: Wording | None = None) -> Style:
    """Give a style with the colours and words of a preset."""
    words = words or current()
    chosen = preset_of(preset)
    return preset_style(
        style, chosen, {one.key: words.t(f"line-{one.key}") for one in chosen.classes}
    )
