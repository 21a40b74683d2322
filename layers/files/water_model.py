"""Reading EPANET models with WNTR, also those that it stumbles over for a mere spelling."""

from __future__ import annotations

import contextlib
import logging
import re
import tempfile
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from layers.errors import CityError
from layers.files.encodings import detect
from layers.files.raw import Note

if TYPE_CHECKING:
    from wntr.network import WaterNetworkModel

#: Spellings that EPANET reads and WNTR does not.
_CLOCK = re.compile(r"(?im)^(\s*\w+\s+SYSTEM\s+CLOCKTIME\b.*?\s)(\d{1,2})(\s*[AP]M\b)")
_LATE = re.compile(r"(?im)^(\s*Start\s+ClockTime\s+)(1[3-9]|2[0-3])(:\d\d)?\s*PM\b")
_QUALITY = re.compile(r"(?im)^(\s*Quality\s+Chem\w*[ \t]+)(?!mg|ug)(\S+)")


def read_water_model(path: Path) -> tuple[WaterNetworkModel, tuple[Note, ...]]:
    """Read an EPANET input file.

    Parameters
    ----------
    path : pathlib.Path
        ``*.inp``.

    Returns
    -------
    wntr.network.WaterNetworkModel
        All values in SI units; coordinates as the file has them.
    tuple of Note
        Spellings that were put right in memory; the file stays as it is.

    Raises
    ------
    CityError
        ``epanet.unreadable``, with the line and what is wrong with it.
    """
    text = read_inp(path)
    try:
        return _model(path), ()
    except Exception as error:
        mended, notes = _mended(text)
        if not notes:
            raise _unreadable(path, error) from error
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "model.inp"
        copy.write_text(mended, encoding="utf-8")
        try:
            return _model(copy), tuple(notes)
        except Exception as error:
            raise _unreadable(path, error) from error


def read_inp(path: Path) -> str:
    """Read the text of an EPANET or SWMM file in whatever encoding it is."""
    data = path.read_bytes()
    lines = [line for line in data.split(b"\n") if not line.isascii()]
    return data.decode(detect(lines[:4000]).codec, errors="replace")


def sections_of(text: str) -> dict[str, list[tuple[int, list[str]]]]:
    """Give the rows of each part of an EPANET or SWMM file: line number and words.

    Remarks are left out; quoted words keep their blanks.
    """
    out: dict[str, list[tuple[int, list[str]]]] = {}
    rows: list[tuple[int, list[str]]] = []
    for number, line in enumerate(text.splitlines(), 1):
        plain = line.split(";", 1)[0].strip()
        if not plain:
            continue
        if plain.startswith("["):
            rows = out.setdefault(plain.strip("[] ").upper(), [])
            continue
        words = [quoted or bare for quoted, bare in re.findall(r'"([^"]*)"|(\S+)', plain)]
        rows.append((number, words))
    return out


def _model(path: Path) -> WaterNetworkModel:
    import wntr

    logger = logging.getLogger("wntr")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return wntr.network.WaterNetworkModel(str(path))
    finally:
        logger.setLevel(level)


def _mended(text: str) -> tuple[str, list[Note]]:
    """Put the known spellings right; tell which and how often."""
    notes: list[Note] = []
    text, count = _CLOCK.subn(r"\1\2:00\3", text)
    if count:
        notes.append(Note("epanet_clock", {"count": count}))
    late = _LATE.search(text)
    if late is not None:
        clock = f"{int(late[2]) - 12}{late[3] or ':00'} PM"
        text = _LATE.sub(rf"\g<1>{clock}", text)
        notes.append(Note("epanet_late", {"text": " ".join(late[0].split())}))
    unit = _QUALITY.search(text)
    if unit is not None:
        text = _QUALITY.sub(r"\1mg/L", text)
        notes.append(Note("epanet_quality", {"unit": unit[2]}))
    return text, notes


def _unreadable(path: Path, error: BaseException) -> CityError:
    """Tell what WNTR found, from the innermost of its errors."""
    deepest = error
    while deepest.__cause__ is not None:
        deepest = deepest.__cause__
    why = " ".join(str(deepest).split())
    with contextlib.suppress(ValueError):
        why = why.replace(str(path), path.name)
    return CityError(
        "epanet.unreadable",
        f"The EPANET model cannot be read: {why}.",
        hint="open it in EPANET and mend what is named, or import the lines of a map instead",
        where=path.name,
        why=why,
    )
