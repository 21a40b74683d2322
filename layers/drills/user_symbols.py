"""Symbols of users: a picture of their own, and a model where one was given."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layers.drills.pinyin import initials as letters_of
from layers.errors import CityError
from layers.kinds.base import Packed
from layers.kinds.model_library import Library, Model

Bytes = NDArray[np.uint8]
LETTER = "U"
GONE = "U?"  # begins what stands in a plan for a symbol that did not come with it
MOST = 200  # symbols of users in a project


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class UserSymbol:
    """A symbol that a user brought.

    Attributes
    ----------
    code : str
        ``U`` and five digits, unique in the project.
    name : str
        As people say it.
    picture : (b,) uint8
        Bytes of a PNG file, square, with transparency.
    source : str
        Name of the file it came from.
    drawing : str
        Text of the SVG file, "" where it came from a model.
    model : Model or None
        What stands in the scene near the eye, where it came from a model.
    """

    code: str
    name: str
    picture: Bytes
    source: str = ""
    drawing: str = ""
    model: Model | None = None

    def __post_init__(self) -> None:
        self.picture.setflags(write=False)

    @property
    def letter(self) -> str:
        """Class: U."""
        return LETTER

    @property
    def identity(self) -> str:
        """What it is by its drawing, twelve signs: the same in every project, whatever its code."""
        drawn = self.drawing.encode() or self.picture.tobytes()
        return hashlib.blake2b(drawn, digest_size=6).hexdigest()

    @property
    def key(self) -> str:
        """Stable name: the code."""
        return self.code

    @property
    def names(self) -> tuple[str, str]:
        """The one name for both languages."""
        return self.name, self.name

    @property
    def pinyin(self) -> str:
        """Nobody has spelled it out."""
        return ""

    @property
    def initials(self) -> str:
        """First letters of the pinyin, as far as the signs are usual ones."""
        return letters_of(self.name)


def added(
    symbols: Sequence[UserSymbol], symbol: UserSymbol, taken: Sequence[str] = ()
) -> tuple[UserSymbol, ...]:
    """Give the symbols with one more; it gets the next code.

    Parameters
    ----------
    symbols : sequence of UserSymbol
        Those there are.
    symbol : UserSymbol
        Its code does not count.
    taken : sequence of str
        Codes that plans still name, of symbols that were taken away.

    Raises
    ------
    CityError
        ``symbol.name`` for no name or one that another has, ``symbol.many``.
    """
    name = symbol.name.strip()
    if not name or any(old.name == name for old in symbols):
        raise CityError(
            "symbol.name",
            f"There is another symbol called '{name}'." if name else "A symbol needs a name.",
            hint="give it a name of its own",
            name=name,
        )
    if len(symbols) >= MOST:
        raise CityError(
            "symbol.many", f"A project keeps {MOST} symbols of its own at most.",
            hint="take away those that nobody uses", count=MOST,
        )  # fmt: skip
    used = [old.code for old in symbols] + [code for code in taken if code.startswith(LETTER)]
    numbers = [int(code[1:]) for code in used if code[1:].isdigit()]
    code = f"{LETTER}{max(numbers, default=0) + 1:05d}"
    return (*symbols, replace(symbol, code=code, name=name))


def without(symbols: Sequence[UserSymbol], code: str) -> tuple[UserSymbol, ...]:
    """Give the symbols without one.

    Raises
    ------
    CityError
        ``symbol.none`` where there is none of that code or name.
    """
    gone = find(symbols, code)
    return tuple(old for old in symbols if old is not gone)


def find(symbols: Sequence[UserSymbol], word: str) -> UserSymbol:
    """Give the symbol of a code or name.

    Raises
    ------
    CityError
        ``symbol.none``.
    """
    for symbol in symbols:
        if word in (symbol.code, symbol.name):
            return symbol
    names = ", ".join(symbol.name for symbol in symbols[:12])
    raise CityError(
        "symbol.none",
        f"The project has no symbol '{word}'.",
        hint=f"its own symbols are: {names}" if names else "add one from an SVG or GLB file first",
        word=word,
        names=names or "-",
    )


def pack_symbols(symbols: Sequence[UserSymbol]) -> Packed:
    """Give symbols as plain parts."""
    models = [replace(s.model, key=s.code) for s in symbols if s.model is not None]
    library = Library(tuple(models)).pack()
    rows = [
        {"code": s.code, "name": s.name, "source": s.source, "drawing": s.drawing,
         "bytes": len(s.picture), "model": s.model is not None}
        for s in symbols
    ]  # fmt: skip
    pictures = [s.picture for s in symbols]
    joined = np.concatenate(pictures) if pictures else np.zeros(0, dtype=np.uint8)
    return Packed(
        meta={"symbols": rows, "library": library.meta},
        arrays={"symbols.pictures": joined, **library.arrays},
    )


def unpack_symbols(meta: dict[str, Any], packed: Packed) -> tuple[UserSymbol, ...]:
    """Build symbols from the parts that `pack_symbols` gave."""
    library = Library.unpack(Packed(meta=meta["library"], arrays=packed.arrays))
    models = {model.key: model for model in library.models}
    pictures, at = packed.arrays["symbols.pictures"], 0
    out = []
    for row in meta["symbols"]:
        out.append(
            UserSymbol(
                row["code"], row["name"], pictures[at : at + row["bytes"]], row["source"],
                row["drawing"], models.get(row["code"]),
            )
        )  # fmt: skip
        at += row["bytes"]
    return tuple(out)
