"""A legend below pictures holds every entry, in as many lines as the width asks for."""

from __future__ import annotations

import numpy as np

from layers.style import Entry, Legend
from scene.legend_strip import legend_strip

RED, GREEN = (229, 57, 53), (67, 160, 71)


def legend(count: int) -> Legend:
    entries = tuple(
        Entry(f"Class {k} of them", "#e53935" if k % 2 else "#43a047", value=str(k))
        for k in range(count)
    )
    return Legend("Lines", entries, "area")


def test_all_entries_are_drawn_in_their_colours_on_white() -> None:
    strip = legend_strip([legend(4)], 1600)
    assert strip.shape[1] == 1600
    assert (strip[0] == 255).all()
    for colour in (RED, GREEN):
        assert (np.abs(strip[..., :3].astype(int) - colour).sum(axis=2) < 6).sum() > 300


def test_more_entries_take_more_lines_and_none_take_no_room() -> None:
    few, many = legend_strip([legend(4)], 900), legend_strip([legend(40)], 900)
    assert many.shape[0] > 3 * few.shape[0] / 2
    assert legend_strip([], 900).shape == (0, 900, 4)
    assert (many[:, -3:] == 255).all()  # nothing runs out of the strip
