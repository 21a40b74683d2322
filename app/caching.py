"""Where the cache lies and how big it may grow, as the user wants it."""

from __future__ import annotations

import os
from pathlib import Path

from app.settings import Settings, load
from layers.files.store import Store, settle_default

GIB = 1024**3


def settle(settings: Settings | None = None) -> Store:
    """Let the cache be what the settings say; give it.

    Parameters
    ----------
    settings : Settings or None
        None reads those of the user.
    """
    settings = settings or load()
    folder = Path(settings.cache_folder) if settings.cache_folder else None
    return settle_default(folder, round(settings.cache_gib * GIB))


def is_fixed() -> bool:
    """Say whether the variable ``CITYSTAGE_CACHE`` names the place, before all settings."""
    return bool(os.environ.get("CITYSTAGE_CACHE"))


def size_words(size: int) -> str:
    """Give a number of bytes as people read it.

    >>> size_words(0), size_words(2_500_000), size_words(3 * GIB)
    ('0 MB', '2.5 MB', '3.2 GB')
    """
    if size >= 1e9:
        return f"{size / 1e9:.1f} GB"
    return f"{size / 1e6:.1f} MB" if size else "0 MB"
