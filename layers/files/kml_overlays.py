"""Pictures that KML lays on the ground: they are no areas, and become none."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from layers.files.raw import RawLayer

_FIELDS = {"icon", "drawOrder"}  # columns that only layers with such pictures have


def without_overlays(raw: RawLayer) -> RawLayer:
    """Leave out the frames of pictures on the ground; their rows say why.

    Parameters
    ----------
    raw : RawLayer
        A layer of a KML file, or of another format, which is given back as it is.
    """
    if not set(raw.attributes.column_names) >= _FIELDS:
        return raw
    icons = raw.attributes.column("icon").to_pylist()
    rows = [row for row, icon in enumerate(icons) if icon]
    if not rows:
        return raw
    geometry = np.asarray(raw.geometry, dtype=object).copy()
    geometry[rows] = None
    lost = {"picture_on_ground": [str(raw.ids[row]) for row in rows]}
    return replace(raw, geometry=geometry, unreadable={**raw.unreadable, **lost})
