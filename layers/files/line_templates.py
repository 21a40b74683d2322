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
    SETBACK,
    STATUS,
    TOP,
    WIDTH,
    preset_of,
)

KEYS = (CLASS, WIDTH, SETBACK, TOP, DOCUMENT, ISSUER, STATUS)


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
    """

    preset: str
    field: str = "Layer"
    mapping: Mapping[str, Mapping[str, Any]] = dataclasses.field(default_factory=dict)


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
            str(raw["preset"]), str(raw.get("field", "Layer")), dict(raw.get("layer", {}))
        )
        for name, row in template.mapping.items():
            if not isinstance(row, Mapping):
                raise ValueError(f"[layer.{name}] is no table")
            for key in row:
                if key not in KEYS:
                    raise ValueError(f"[layer.{name}] has '{key}'; there are {', '.join(KEYS)}")
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, ValueError) as error:
        raise CityError(
            "lines.template",
            f"{path.name} is not a template that can be read: {error}.",
            hint="compare it with one written by: citystage control-lines template",
            file=path.name,
            reason=str(error),
        ) from error
    preset = preset_of(template.preset)
    for row in template.mapping.values():
        key = str(row.get(CLASS, ""))
        if key and preset.of(key) is None:
            names = ", ".join(one.key for one in preset.classes)
            raise CityError(
                "lines.class", f"'{key}' is no class of the preset '{preset.key}'.",
                hint=f"its classes are: {names}", key=key, preset=preset.key, names=names,
            )  # fmt: skip
    return template


def write_template(template: LineTemplate, path: Path) -> None:
    """Write a template; the file appears whole or not at all."""
    lines = [
        "# Which layer of a drawing is which class of control lines.",
        f"preset = {_text(template.preset)}",
        f"field = {_text(template.field)}",
    ]
    for name, row in template.mapping.items():
        lines += ["", f"[layer.{_text(name)}]"]
        lines += [f"{key} = {_text(value)}" for key, value in row.items() if value is not None]
    with appearing(path) as partial:
        partial.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
