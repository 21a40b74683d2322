"""Arrays of which little changed, kept as what is the same as before and what is new.

An array that lost some values, got some, or has others is told by stretches of the old one and by
the values between them. Places where runs begin (`ring_start` and the like) count on after a
change; they are told by the steps between them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from layers.shapes import Bools, Ints

SMALL = 65_536  # bytes below which an array is always kept whole
DIFFERENT = 0.1  # share of new values above which an array is kept whole
WALK = 1 << 16  # values compared, and searched, at a time
MOST = 2_000  # stretches
PROBE = 6  # values that must fit for a stretch to begin again

Bits = NDArray[Any]


def spliced(old: NDArray[Any], new: NDArray[Any]) -> tuple[dict[str, Any], bytes] | None:
    """Tell an array by another one: a header and bytes; None where that saves little."""
    if old.dtype != new.dtype or old.shape[1:] != new.shape[1:] or new.nbytes < SMALL:
        return None
    if new.dtype.itemsize not in {1, 2, 4, 8}:
        return None
    before, now = _flat(old), _flat(new)
    found, steps = _stretches(before, now), False
    if found is None and _counts(old) and _counts(new):
        before, now = _steps(before), _steps(now)
        found, steps = _stretches(before, now), True
    if found is None:
        return None
    values = now[_between(found, len(now))]
    header = {
        "form": "splice", "runs": len(found), "dtype": now.dtype.str, "steps": steps,
        "shape": list(new.shape),
    }  # fmt: skip
    return header, found.tobytes() + values.tobytes()


def unspliced(old: NDArray[Any], header: dict[str, Any], raw: bytes) -> NDArray[Any]:
    """Make the array again that `spliced` told."""
    runs = np.frombuffer(raw, dtype=np.int64, count=3 * header["runs"]).reshape(-1, 3)
    bits = np.dtype(header["dtype"])
    before = _steps(_flat(old)) if header["steps"] else _flat(old)
    count = int(np.prod(header["shape"], dtype=np.int64))
    now = np.empty(count, dtype=bits)
    now[_between(runs, count)] = np.frombuffer(raw, dtype=bits, offset=runs.nbytes)
    for here, there, size in runs.tolist():
        now[here : here + size] = before[there : there + size]
    if header["steps"]:
        now = np.cumsum(now.view(np.int64)).view(bits)
    made = now.view(old.dtype).reshape(header["shape"])
    made.setflags(write=False)
    return made


def _flat(array: NDArray[Any]) -> Bits:
    return np.ascontiguousarray(array).reshape(-1).view(f"u{array.dtype.itemsize}")


def _counts(array: NDArray[Any]) -> bool:
    return array.dtype == np.int64 and array.ndim == 1 and len(array) > 0


def _steps(values: Bits) -> Bits:
    return np.diff(values, prepend=values.dtype.type(0))


def _between(runs: Ints, count: int) -> Bools:
    """Say which of so many values lie in no stretch."""
    out = np.ones(count, dtype=bool)
    for here, _, size in runs.tolist():
        out[here : here + size] = False
    return out


def _stretches(old: Bits, new: Bits) -> Ints | None:
    """Walk along two arrays; give where they are the same: first here, first there, count."""
    runs: list[tuple[int, int, int]] = []
    i = j = fresh = 0
    size = WALK
    while i < len(new) and j < len(old):
        size = min(len(new) - i, len(old) - j, size)
        other = new[i : i + size] != old[j : j + size]
        same = int(other.argmax()) if other.any() else size
        if same:
            if runs and runs[-1][0] + runs[-1][2] == i and runs[-1][1] + runs[-1][2] == j:
                runs[-1] = (*runs[-1][:2], runs[-1][2] + same)
            else:
                runs.append((i, j, same))
            i, j = i + same, j + same
        if same == size:
            size = WALK
            continue
        size = 512
        step = _next(old[j : j + WALK], new[i : i + WALK])
        if step is None or len(runs) > MOST:
            return None
        i, j, fresh = i + step[0], j + step[1], fresh + step[0]
        if fresh > DIFFERENT * len(new):
            return None
    fresh += len(new) - i
    return np.array(runs, dtype=np.int64).reshape(-1, 3) if fresh <= DIFFERENT * len(new) else None


def _next(old: Bits, new: Bits) -> tuple[int, int] | None:
    """Give how far to go in new and old until they are the same again."""
    alike = np.append(new[: len(old)] == old[: len(new)], np.zeros(PROBE, dtype=bool))
    lasting = np.logical_and.reduce([alike[k : len(alike) - PROBE + k] for k in range(PROBE)])
    found = [(int(lasting.argmax()),) * 2] if lasting.any() else []
    for ahead in (0, 1, 2, 4, 8, 16, 32):  # what was put in or written anew may come first
        if found and min(map(sum, found)) <= 2 * ahead:
            break
        if (gone := _find(old, new[ahead : ahead + PROBE])) >= 0:
            found.append((ahead, gone))
        if (come := _find(new, old[ahead : ahead + PROBE])) >= 0:
            found.append((come, ahead))
    if found:
        return min(found, key=sum)
    if min(len(old), len(new)) < WALK:  # the rest is short: it is new
        return len(new), len(old)
    return None


def _find(values: Bits, part: Bits) -> int:
    """Give where a few values stand together first, -1 where they do not."""
    if len(part) < PROBE:
        return -1
    fits = np.ones(max(len(values) - PROBE + 1, 0), dtype=bool)
    for k in range(PROBE):
        fits &= values[k : len(fits) + k] == part[k]
    return int(fits.argmax()) if fits.any() else -1
