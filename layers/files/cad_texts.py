"""What GDAL leaves in a drawing's text: escaped signs, and how far things are drawn upwards."""

from __future__ import annotations

import re
from bisect import bisect_right

import pyarrow as pa
import pyarrow.compute as pc

_ESCAPED = re.compile(r"\\U\+([0-9A-Fa-f]{4})")
_ENTITY = re.compile(rb"\n[ ]*0[ ]*\r?\n(?=[A-Z])")
_THICKNESS = re.compile(rb"\n[ ]*39[ ]*\r?\n")


def unescaped(text: str) -> str:
    r"""Read signs that old drawings write as ``\U+XXXX``.

    >>> unescaped(r"\U+5EFA\U+7b51"), unescaped("A1")
    ('建筑', 'A1')
    """
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)


def escaped(text: str) -> str:
    r"""Write signs beyond ASCII as old drawings do.

    >>> escaped("建筑 A")
    '\\U+5EFA\\U+7B51 A'
    """
    return "".join(sign if sign.isascii() else f"\\U+{ord(sign):04X}" for sign in text)


def unescaped_table(table: pa.Table) -> pa.Table:
    """Read the escaped signs in all texts of a table."""
    for at, name in enumerate(table.column_names):
        column = table.column(at)
        if not pa.types.is_string(column.type):
            continue
        if not pc.any(pc.match_substring(column, "\\U+")).as_py():
            continue
        each = column.combine_chunks().dictionary_encode()
        texts = [None if t is None else unescaped(t) for t in each.dictionary.to_pylist()]
        plain = pa.array(texts, pa.string()).take(each.indices)
        table = table.set_column(at, name, pa.chunked_array([plain]))
    return table


def extrusions(data: bytes) -> dict[str, tuple[float, float]]:
    """Find entities that are drawn upwards, by their handles.

    Parameters
    ----------
    data : bytes
        The drawing as text.

    Returns
    -------
    dict of str to (float, float)
        Thickness (group code 39) and elevation (38, or 30 of a polyline), drawing
        units; only entities that have a thickness.
    """
    found: dict[str, tuple[float, float]] = {}
    if not _THICKNESS.search(data):
        return found
    starts = [match.start() + 1 for match in _ENTITY.finditer(data)]
    chosen = {bisect_right(starts, match.start()) - 1 for match in _THICKNESS.finditer(data)}
    for number in chosen - {-1}:
        end = starts[number + 1] if number + 1 < len(starts) else len(data)
        lines = [line.strip() for line in data[starts[number] : end].split(b"\n")]
        pairs = dict(reversed(list(zip(lines[::2], lines[1::2], strict=False))))  # the first counts
        thickness = _number(pairs.get(b"39"))
        if thickness != 0.0 and b"5" in pairs:
            level = pairs.get(b"30") if pairs.get(b"0") == b"POLYLINE" else pairs.get(b"38")
            found[pairs[b"5"].decode("latin-1")] = thickness, _number(level)
    return found


def _number(text: bytes | None) -> float:
    try:
        return float(text or b"0")
    except ValueError:
        return 0.0
