"""What the values of job files are: sizes, cameras, places, names of files."""

from __future__ import annotations

import string
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from app.arguments import parse_numbers, parse_points, parse_size
from app.cutting import parse_cut
from layers.daylight import read_moment
from layers.errors import CityError
from layers.looks import checked, looks_like
from layers.style import rgb
from layers.viewpoint import exaggerated

PLACEHOLDERS = ("project", "view", "date", "width", "height", "n")


def _size(value: object) -> object:
    if isinstance(value, str):
        return told(parse_size, value)
    return value


def _camera(value: object) -> object:
    numbers = value
    if isinstance(value, str):
        numbers = told(parse_numbers, value)
    if isinstance(numbers, list | tuple) and len(numbers) not in {5, 6}:
        raise ValueError(
            CityError(
                "argument.camera",
                f"A camera has five numbers, or six with the field of view; '{value}' has "
                f"{len(numbers)}.",
                hint="write longitude,latitude,height,heading,pitch, such as "
                "114.10,30.52,600,20,-35",
                text=str(value),
                count=len(numbers),
            )
        )
    return tuple(numbers) if isinstance(numbers, list) else numbers


def _colour(value: object) -> object:
    if isinstance(value, str):
        told(rgb, value)
    return value


def _moment(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()  # TOML has moments of its own
    if isinstance(value, str) and value:
        told(read_moment, value)
    return value


def _look(value: object) -> object:
    return told(_known_look, value) if isinstance(value, str) else value


def _exaggeration(value: object) -> object:
    number = isinstance(value, int | float) and value != 0
    return told(_known_exaggeration, str(value)) if number else value


def _known_exaggeration(text: str) -> float:
    return exaggerated(float(text))


def _known_look(text: str) -> str:
    return checked(looks_like(text)) if text else ""


def _cut(value: object) -> object:
    if isinstance(value, str) and value:
        told(parse_cut, value)
    return value


def several(value: object) -> object:
    """Give a list of one where there is one alone."""
    return [value] if isinstance(value, str | dict) else value


def _points(value: object) -> object:
    if isinstance(value, list):
        return tuple(tuple(p) if isinstance(p, list) else p for p in value)
    if isinstance(value, str):
        return told(parse_points, value)
    return value


def _one_point(value: object) -> object:
    if isinstance(value, str):
        return told(parse_numbers, value)
    return tuple(value) if isinstance(value, list) else value


def told(read: Any, value: str) -> Any:
    """Read a value; what is wrong with it becomes an error that pydantic takes.

    Raises
    ------
    ValueError
        With the `CityError` as its argument.
    """
    try:
        return read(value)
    except CityError as error:
        raise ValueError(error) from error


Size = Annotated[tuple[int, int], BeforeValidator(_size)]
Camera = Annotated[tuple[float, ...], BeforeValidator(_camera)]
Colour = Annotated[str, BeforeValidator(_colour)]
Moment = Annotated[str, BeforeValidator(_moment)]
Look = Annotated[str, BeforeValidator(_look)]
Exaggeration = Annotated[float, BeforeValidator(_exaggeration)]
Share = Annotated[float, Field(ge=0.0, le=1.0)]
Apart = Annotated[float, Field(ge=0.0, le=2000.0)]
CutText = Annotated[str, BeforeValidator(_cut)]
Names = Annotated[tuple[str, ...], BeforeValidator(several)]
Point = Annotated[tuple[float, ...], Field(min_length=2, max_length=3)]
Points = Annotated[tuple[Point, ...], BeforeValidator(_points)]
ModelPlace = Annotated[Point, BeforeValidator(_one_point)]


def check_placeholders(name: str, known: tuple[str, ...] = PLACEHOLDERS) -> None:
    """Make sure that a file name has only placeholders that exist and stays in the folder.

    Raises
    ------
    ValueError
        With the `CityError` as its argument.
    """
    try:
        used = [field for _, field, _, _ in string.Formatter().parse(name) if field is not None]
    except ValueError:
        used = ["{"]
    wrong = [field for field in used if field not in known]
    if wrong:
        allowed = ", ".join(f"{{{field}}}" for field in known)
        raise ValueError(
            CityError(
                "job.placeholder",
                f"'{name}' has an unknown placeholder '{wrong[0]}'.",
                hint=f"there are {allowed}",
                name=name,
                placeholder=wrong[0],
                allowed=allowed,
            )
        )
    path = Path(name)
    if path.is_absolute() or ".." in path.parts or not path.name:
        raise ValueError(
            CityError(
                "job.outside",
                f"'{name}' lies outside the output folder.",
                hint="write a file name, with folders below the output folder if wanted",
                name=name,
            )
        )


class JobTable(BaseModel):
    """A table of a job file; keys it does not know are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
