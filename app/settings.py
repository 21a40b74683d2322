"""What the program remembers of its user: language, theme, recent files, habits."""

from __future__ import annotations

import json
import logging
import os
from pathlib import Path
from typing import Literal

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from layers.errors import CityError

NAME = "citystage"
MOST_RECENT = 12
log = logging.getLogger(__name__)


class Settings(BaseModel):
    """The settings of one user.

    Attributes
    ----------
    language : str
        ``"en"``, ``"zh-CN"`` or "" for the language of the system.
    theme : str
        ``"system"``, ``"light"`` or ``"dark"``.
    navigation : str
        Mouse habits: ``"gis"`` or ``"cad"``.
    distance : str
        Which length is told first: ``"grid"`` or ``"ground"``.
    recent_files : list of str
        Project files, the last used first.
    last_folder : str
        Where the file dialogs open.
    picture_size : tuple of int
        Width and height of exported pictures, pixels.
    furniture, legend, overview, captions : bool
        What the window shows over the picture: compass and scale, legend, overview map, captions
        of drills.
    corner_shade : bool
        Whether corners are shaded once the eye rests.
    storey_height, default_height : float
        What the import proposes, metres.
    cache_gib : float
        How much the cache may hold, GiB; 0 for no cache.
    cache_folder : str
        Where it lies; "" for the usual place.
    fineness : str
        How finely large cities are drawn: ``"quick"``, ``"usual"`` or ``"fine"``.
    surface : str
        How pictures come into the window: ``"card"`` straight from the graphics card, ``"image"``
        painted as an image, ``"auto"`` whichever suits the machine.
    mesh_mb : int
        Memory for the shapes of one layer in a picture, MB.
    undo_gib : float
        How much memory undo may take before older steps are kept as what they changed, GiB.
    author : str
        Who signs what is logged; "" for the name of the account.
    favourite_symbols : list of str
        Codes of emergency symbols, the first the user chose first.
    window : dict of str to str
        State of the main window, as it encodes it.
    """

    model_config = ConfigDict(extra="allow", validate_assignment=True)

    language: Literal["", "en", "zh-CN"] = ""
    theme: Literal["system", "light", "dark"] = "system"
    navigation: Literal["gis", "cad"] = "gis"
    distance: Literal["grid", "ground"] = "grid"
    recent_files: list[str] = Field(default_factory=list)
    last_folder: str = ""
    picture_size: tuple[int, int] = (1920, 1080)
    furniture: bool = True
    legend: bool = True
    overview: bool = True
    captions: bool = True
    corner_shade: bool = True
    storey_height: float = Field(default=3.0, gt=0.5, le=20.0)
    default_height: float = Field(default=9.0, gt=0.0, le=1000.0)
    cache_gib: float = Field(default=4.0, ge=0.0, le=10_000.0)
    cache_folder: str = ""
    fineness: Literal["quick", "usual", "fine"] = "usual"
    surface: Literal["auto", "card", "image"] = "auto"
    mesh_mb: int = Field(default=400, ge=50, le=100_000)
    undo_gib: float = Field(default=0.5, ge=0.0, le=10_000.0)
    author: str = ""
    favourite_symbols: list[str] = Field(default_factory=list)
    window: dict[str, str] = Field(default_factory=dict)

    def remember(self, path: Path) -> None:
        """Put a project file in front of the recent ones."""
        text = str(path.resolve())
        others = [old for old in self.recent_files if old != text]
        self.recent_files = [text, *others][:MOST_RECENT]
        self.last_folder = str(path.resolve().parent)

    def forget(self, path: Path) -> None:
        """Take a file out of the recent ones."""
        text = str(path.resolve())
        self.recent_files = [old for old in self.recent_files if old not in {text, str(path)}]


def config_folder() -> Path:
    """Give the folder of the settings; ``CITYSTAGE_CONFIG`` moves it."""
    return _folder("CONFIG", platformdirs.user_config_path(NAME, appauthor=False))


def state_folder() -> Path:
    """Give the folder of logs and journals; ``CITYSTAGE_STATE`` moves it."""
    return _folder("STATE", platformdirs.user_state_path(NAME, appauthor=False))


def cache_folder() -> Path:
    """Give the folder of what can be computed again; ``CITYSTAGE_CACHE`` moves it."""
    return _folder("CACHE", platformdirs.user_cache_path(NAME, appauthor=False))


def settings_file() -> Path:
    """Give the file that keeps the settings."""
    return config_folder() / "settings.json"


def load() -> Settings:
    """Read the settings; those that are missing or make no sense take their defaults.

    A file that is not readable as JSON is kept beside the new one as
    ``settings.broken.json``.
    """
    path = settings_file()
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings()
    except (OSError, ValueError) as error:
        log.warning("the settings in %s cannot be read (%s); the defaults count", path, error)
        if path.is_file():
            path.replace(path.with_name("settings.broken.json"))
        return Settings()
    if not isinstance(raw, dict):
        log.warning("the settings in %s are not a table; the defaults count", path)
        return Settings()
    try:
        return Settings.model_validate(raw)
    except ValidationError as error:
        wrong = {str(problem["loc"][0]) for problem in error.errors() if problem["loc"]}
        log.warning("settings that make no sense in %s: %s", path, ", ".join(sorted(wrong)))
        return Settings.model_validate({k: v for k, v in raw.items() if k not in wrong})


def save(settings: Settings) -> None:
    """Write the settings; a crash leaves the old or the new file.

    Raises
    ------
    CityError
        ``settings.write`` if the folder cannot be written.
    """
    path = settings_file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(".new")
        beside.write_text(settings.model_dump_json(indent=2), encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        raise CityError(
            "settings.write",
            f"The settings cannot be written: {error.strerror or error}.",
            hint="check the rights of the folder, or name another one in CITYSTAGE_CONFIG",
            where=str(path),
            reason=str(error.strerror or error),
        ) from error


def _folder(variable: str, usual: Path) -> Path:
    named = os.environ.get(f"CITYSTAGE_{variable}", "")
    return Path(named) if named else usual
