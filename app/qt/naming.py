"""Names for new things, that nobody has yet."""

from __future__ import annotations

from app.qt.texts import Texts
from layers.tours import Tours


def new_name(texts: Texts, tours: Tours, what: str) -> str:
    """Give a name for a new ``"path"`` or ``"story"``."""
    names = {item.name for item in (tours.paths if what == "path" else tours.stories)}
    number = len(names) + 1
    while (name := texts.t(f"tours-new-{what}", number=number)) in names:
        number += 1
    return name
