"""Templates: which layer of a drawing is which class of control lines, kept as TOML files."""

from __future__ import annotations

import dataclasses
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from layers.errors import CityError
from layers.files.sheets import appearing
from layers.kinds.control_lines import (
    CLASS,
    DOCUMENT,
    ISSUER,
    LOW,
    NAME,
    SETBACK,
    STATUS,
    TOP,
    WIDTH,
    check_classes,
    preset_of,
)

KEYS = (CLASS, WIDTH, SETBACK, TOP, DOCUMENT, ISSUER, STATUS)
#: Attributes that a field of the file may give.
FROM_FIELDS = (WIDTH, SETBACK, LOW, TOP, NAME, DOCUMENT, ISSUER, STATUS)


@dataclass(frozen=True, slots=True)
class LineTemplate:
    """What the values of a field mean.

    Attributes
    ----------
    preset : str
        Key of the preset.
    field : str
        Which field tells, such as ``Layer`` of a drawing.
    mapping : mapping of str to mapping
        For each value ``class`` and what else is to be set; see
        `layers.kinds.control_lines.assigned`.
    fields : mapping of str to str
        For attributes of ``FROM_FIELDS`` the field of the file that holds them.
    words : mapping of str to str
        Words of the classes for the legend; they are not part of the file.
    """

    preset: str
    field: str = "Layer"
    mapping: Mapping[str, Mapping[str, Any]] = dataclasses.field(default_factory=dict)
    fields: Mapping[str, str] = dataclasses.field(default_factory=dict)
    words: Mapping[str, str] = dataclasses.field(default_factory=dict)


def read_template(path: Path) -> LineTemplate:
    """Read a template.

    Raises
    ------
    CityError
        ``lines.template`` with what is wrong, ``lines.preset``, ``lines.class``.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        template = LineTemplate(
            str(raw["preset"]), str(raw.get("field", "Layer")), dict(raw.get("layer", {})),
            {str(key): str(value) for key, value in dict(raw.get("fields", {})).items()},
        )  # fmt: skip
        for key in template.fields:
            if key not in FROM_FIELDS:
                raise ValueError(f"[fields] has '{key}'; there are {', '.join(FROM_FIELDS)}")
        for name, row in template.mapping.items():
            if not isinstance(row, Mapping):
                raise ValueError(f"[layer.{name}] is no table")
            for key in row:
                if key not in KEYS:
                    raise ValueError(f"[layer.{name}] has '{key}'; there are {', '.join(KEYS)}")
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise CityError(
            "lines.template",
            f"{path.name} is not a template that can be read: {reason}.",
            hint="compare it with one written by: citystage control-lines template",
            file=path.name,
            reason=reason,
        ) from error
    preset = preset_of(template.preset)
    check_classes(preset, template.mapping)
    return template


def write_template(template: LineTemplate, path: Path) -> None:
    """Write a template; the file appears whole or not at all."""
    lines = [
        "# Which layer of a drawing is which class of control lines.",
        f"preset = {_text(template.preset)}",
        f"field = {_text(template.field)}",
    ]
    if template.fields:
        lines += ["", "[fields]"]
        lines += [f"{key} = {_text(value)}" for key, value in template.fields.items()]
    for name, row in template.mapping.items():
        lines += ["", f"[layer.{_text(name)}]"]
        lines += [f"{key} = {_text(value)}" for key, value in row.items() if value is not None]
    with appearing(path) as partial:
        partial.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
