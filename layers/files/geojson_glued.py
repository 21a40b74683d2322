"""Several GeoJSON texts in one file, one behind the other, as ``cat`` leaves them."""

from __future__ import annotations

import json
import re
from itertools import pairwise

import numpy as np

from layers.files.json_spans import Ints, Spans, find_features

_COLLECTION = re.compile(rb'\s*\{[^{}\[\]]*"type"\s*:\s*"FeatureCollection"')


def begins_with_collection(data: bytes) -> bool:
    """Say whether a text begins with a collection, so that its lines are no features.

    >>> begins_with_collection(b'{"type": "FeatureCollection", "features": []}')
    True
    """
    return _COLLECTION.match(data[:4096]) is not None


def after_collection(data: bytes, spans: Spans) -> bytes:
    """Give what stands behind the first collection of a text if it holds more features.

    Parameters
    ----------
    data : bytes
        JSON text in UTF-8.
    spans : Spans
        Where its first features are, to the end.

    Returns
    -------
    bytes
        Empty where nothing follows.
    """
    if spans.closing < 0 or data.find(b'"features"', spans.closing) < 0:
        return b""
    frame = (data[: spans.opening] + data[spans.closing :]).decode(errors="surrogateescape")
    try:
        _, end = json.JSONDecoder().raw_decode(frame.lstrip())
    except ValueError:
        return b""
    blank = len(frame) - len(frame.lstrip())
    used = len(frame[: end + blank].encode(errors="surrogateescape"))
    return data[spans.closing + used - spans.opening :].lstrip(b" \t\r\n,\x1e")


def unglued(data: bytes, spans: Spans, rest: bytes) -> tuple[bytes, Ints, Ints, int]:
    """Put the features of all collections of a text behind each other.

    Returns
    -------
    data : bytes
        All features, in the order of the text.
    start, end : (n,) int64
        Where each of them starts and ends.
    count : int
        How many collections there were.
    """
    pieces: list[bytes] = []
    count = 0
    found: Spans | None = spans
    while found is not None and found.closing >= 0:
        pieces += [data[s:e] for s, e in zip(found.start, found.end, strict=True)]
        count += 1
        data = rest if count == 1 else after_collection(data, found)
        found = find_features(data) if data else None
    places = np.cumsum([0, *(len(piece) + 1 for piece in pieces)]).tolist()
    start = np.array([first for first, _ in pairwise(places)], dtype=np.int64)
    end = np.array([last - 1 for _, last in pairwise(places)], dtype=np.int64)
    return b",".join(pieces), start, end, count
