"""Colours of pipes by what hydraulics computed."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from layers.shapes import Floats
from layers.style import Rgb, rgb

#: From low to high; blue is much water, red is little, so that a failing part stands out.
PRESSURE = ("#b2182b", "#ef8a62", "#fddb7f", "#7fcdbb", "#2c7fb8", "#253494")
FLOW = ("#deebf7", "#9ecae1", "#4292c6", "#08519c", "#08306b")
CHANGE = ("#b2182b", "#f4a582", "#f7f7f7", "#92c5de", "#2166ac")
NOTHING = "#9e9e9e"  # where there is no value: shut off, or not in the model
RAMPS = {"pressure": PRESSURE, "flow": FLOW, "velocity": FLOW, "change": CHANGE}


def ramp_colours(values: ArrayLike, low: float, high: float, what: str) -> Rgb:
    """Give the colour of each value, (n, 3) uint8.

    Parameters
    ----------
    values : (n,) array_like of float
        NaN becomes grey.
    low, high : float
        Values of the first and of the last colour; what lies beyond has these.
    what : str
        One of ``RAMPS``.

    Examples
    --------
    >>> ramp_colours([0.0, float("nan")], 0.0, 10.0, "pressure").tolist()
    [[178, 24, 43], [158, 158, 158]]
    """
    stops = np.array([rgb(colour) for colour in RAMPS[what]], dtype=np.float64)
    given = np.asarray(values, dtype=np.float64)
    share = (given - low) / (high - low) if high > low else np.zeros_like(given)
    at = np.clip(np.nan_to_num(share), 0.0, 1.0) * (len(stops) - 1)
    made = np.stack(
        [np.interp(at, np.arange(len(stops)), stops[:, channel]) for channel in range(3)], axis=-1
    )
    made[np.isnan(given)] = rgb(NOTHING)
    return np.asarray(np.round(made), dtype=np.uint8)


def span(values: Floats, what: str) -> tuple[float, float]:
    """Give the lowest and the highest value for colours over all times, without the far ends."""
    known = np.abs(values) if what in {"flow", "velocity"} else values
    known = known[np.isfinite(known)]
    if not len(known):
        return 0.0, 1.0
    low, high = (float(v) for v in np.percentile(known, [1.0, 99.0]))
    if what in {"flow", "velocity"}:
        low = 0.0
    if what == "change":
        most = max(abs(low), abs(high), 0.1)
        return -most, most
    return (low, high) if high > low else (low, low + 1.0)
