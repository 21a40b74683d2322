"""Profiles as pictures with texts in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from app.wording import Wording, current

if TYPE_CHECKING:
    from PIL.Image import Image

    from layers.planning.profile import Profile

LINES = (
    ("horizontal_m", "along_ground_m", "min_m", "max_m", "mean_m"),
    ("gain_m", "loss_m", "mean_slope_rad", "steepest_up_rad", "steepest_down_rad"),
)


def figures(values: Mapping[str, float], words: Wording) -> list[str]:
    """Give the figures of a profile in two lines."""
    return [
        "   ".join(
            f"{words.value_name(key)} {words.value(key, values[key])}"
            for key in keys
            if key in values
        )
        for keys in LINES
    ]


def plot(
    profile: Profile,
    *,
    title: str = "",
    size: tuple[int, int] = (1200, 600),
    scale: float = 1.0,
    told: bool = True,
) -> Image:
    """Draw a profile; `told` says whether its figures stand over it."""
    from scene.profile_picture import PlotWords, profile_picture

    words = current()
    lines = figures(profile.values(), words) if told else []
    texts = PlotWords(title, words.t("profile-station"), words.t("profile-height"), lines)
    return profile_picture(profile, texts, size, scale=scale)


def write_plot(
    profile: Profile, path: Path, *, title: str = "", size: tuple[int, int] = (1200, 600)
) -> None:
    """Write a plot as PNG; the file appears whole or not at all.

    Raises
    ------
    CityError
        ``tables.write`` if it cannot be written.
    """
    from layers.files.sheets import appearing

    with appearing(path) as partial:
        plot(profile, title=title, size=size).save(partial, format="PNG")
