"""First letters of the pinyin of Chinese names that nobody has spelled out.

GB 2312 orders its 3,755 usual signs by their sound; where one letter ends and the next begins
is all that has to be known. Rarer signs have no letter here.
"""

from __future__ import annotations

from bisect import bisect_right

#: First sign of each letter, as its number in GB 2312, and the letter.
_BEGINS: tuple[tuple[int, str], ...] = (
    (0xB0A1, "a"), (0xB0C5, "b"), (0xB2C1, "c"), (0xB4EE, "d"), (0xB6EA, "e"), (0xB7A2, "f"),
    (0xB8C1, "g"), (0xB9FE, "h"), (0xBBF7, "j"), (0xBFA6, "k"), (0xC0AC, "l"), (0xC2E8, "m"),
    (0xC4C3, "n"), (0xC5B6, "o"), (0xC5BE, "p"), (0xC6DA, "q"), (0xC8BB, "r"), (0xC8F6, "s"),
    (0xCBFA, "t"), (0xCDDA, "w"), (0xCEF4, "x"), (0xD1B9, "y"), (0xD4D1, "z"),
)  # fmt: skip
_END = 0xD7FA
_STARTS = [start for start, _ in _BEGINS]


def initials(text: str) -> str:
    """Give the first letters of a name; Latin letters and digits stand for themselves.

    >>> initials("应急发电车 2"), initials("Pump")
    ('yjfdc2', 'pump')
    """
    out = []
    for sign in text.lower():
        if sign.isascii():
            out.append(sign if sign.isalnum() else "")
            continue
        try:
            raw = sign.encode("gb2312")
        except UnicodeEncodeError:
            continue
        number = int.from_bytes(raw, "big")
        if len(raw) == 2 and _STARTS[0] <= number < _END:
            out.append(_BEGINS[bisect_right(_STARTS, number) - 1][1])
    return "".join(out)
