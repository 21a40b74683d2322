"""Measurements in words: beside the pointer, in a list, in full."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from app.wording import Wording
from layers.errors import CityError
from layers.frame import read_crs, short_name
from layers.kinds.measurements import Measurement

#: Values told beside the first one, in this order, as far as a measurement has them.
MORE = {
    "point": ("height_m", "above_ground_m"),
    "polyline": ("length_3d_m", "along_ground_m"),
    "area": ("perimeter_m", "on_ground_m2"),
    "angle": ("horizontal_angle_rad",),
    "building": ("volume_m3", "floor_area_m2"),
    "profile": ("gain_m", "loss_m", "mean_slope_rad"),
    "cutfill": ("fill_m3", "level_m"),
}


def main_value(item: Measurement, words: Wording, *, ground: bool = False) -> str:
    """Give the value people measured for.

    Parameters
    ----------
    item : Measurement
        What was measured.
    words : Wording
        Language.
    ground : bool
        Whether true lengths on the ground come before those in the projection.
    """
    values = item.values
    if item.kind == "point":
        return f"{values['east_m']:.2f}, {values['north_m']:.2f}"
    key = {
        "distance": "distance_3d_m",
        "polyline": "ground_distance_m" if ground else "horizontal_m",
        "area": "true_area_m2" if ground else "area_m2",
        "angle": "angle_rad",
        "building": "height_m",
        "profile": "horizontal_m",
        "cutfill": "cut_m3",
    }[item.kind]
    return words.value(key, values[key])


def more_values(item: Measurement, words: Wording, *, ground: bool = False) -> str:
    """Give the next most wanted values in one short line."""
    values = item.values
    if item.kind == "distance":
        flat = values["ground_distance_m" if ground else "horizontal_m"]
        rise = words.quantity(values["vertical_m"], "m")
        return words.t(
            "measure-short-distance",
            horizontal=words.quantity(flat, "m"),
            vertical=rise if rise.startswith("-") else f"+{rise}",
        )
    told = [key for key in MORE[item.kind] if key in values]
    return " · ".join(f"{words.t(_short(key))} {words.value(key, values[key])}" for key in told)


def beside_pointer(item: Measurement, words: Wording, *, ground: bool = False) -> str:
    """Give what stands beside the pointer while somebody measures: one or two short lines."""
    lines = (main_value(item, words, ground=ground), more_values(item, words, ground=ground))
    return "\n".join(line for line in lines if line)


def new_name(kind: str, taken: Iterable[str], words: Wording) -> str:
    """Give a name that no other measurement has: *Distance 3*."""
    names, number = set(taken), 1
    word = words.t(f"measure-{kind}")
    while (name := words.t("measure-new-name", kind=word, number=number)) in names:
        number += 1
    return name


def value_lines(item: Measurement, words: Wording) -> list[tuple[str, str]]:
    """Give every value with its name."""
    return [(words.value_name(key), words.value(key, value)) for key, value in item.values.items()]


def origin_lines(item: Measurement, words: Wording) -> list[tuple[str, str]]:
    """Give where, when and with what it was measured."""
    lines = [(words.t("measure-crs"), crs_name(item.crs) or words.t("value-unknown"))]
    if item.created:
        lines.append((words.t("measure-created"), day(item.created)))
    if item.program:
        lines.append((words.t("measure-program"), item.program))
    return lines


def crs_name(text: str) -> str:
    """Give a coordinate system with its code and its name."""
    if not text:
        return ""
    try:
        known = read_crs(text)
    except CityError:
        return text[:80]
    short = short_name(known)
    return f"{short} {known.name}" if short.startswith("EPSG") else str(known.name)


def day(text: str) -> str:
    """Give an ISO 8601 moment without seconds and zone."""
    try:
        return datetime.fromisoformat(text).strftime("%Y-%m-%d %H:%M")
    except ValueError:
        return text


def _short(key: str) -> str:
    return f"measure-short-{key.rpartition('_')[0].replace('_', '-')}"
