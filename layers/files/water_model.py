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
_NO_NUMBER = re.compile(r"could not convert string to float: '(.*)'")
#: Parts without which nothing can be read.
NEEDED = ("JUNCTIONS", "PIPES", "OPTIONS", "COORDINATES")
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
        ``epanet.no_text`` for what is no text, ``epanet.no_node`` for a link to a node that is
        not there, ``epanet.cut_off`` where a part that every model
        has is missing, ``epanet.number`` where a word stands in place of a number, else
        ``epanet.unreadable``, with the line and what is wrong with it.
    """
    data = path.read_bytes()
    if b"\0" in data:
        raise CityError(
            "epanet.no_text",
            "The file is no text, so it is no EPANET model.",
            hint="export the model from EPANET with File > Export > Network",
            where=path.name,
        )
    text, notes = read_inp(path), list[Note]()
    try:
        data.decode("utf-8")
        return _model(path), ()
    except UnicodeDecodeError:
        pass  # WNTR reads UTF-8 alone
    except Exception as error:
        mended, notes = _mended(text)
        if not notes:
            raise _unreadable(path, text, error) from error
        text = mended
    try:
        return _copied(text), tuple(notes)
    except Exception as error:
        mended, more = _mended(text)
        if notes or not more:
            raise _unreadable(path, text, error) from error
    try:
        return _copied(mended), tuple(more)
    except Exception as error:
        raise _unreadable(path, mended, error) from error


def _copied(text: str) -> WaterNetworkModel:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "model.inp"
        copy.write_text(text, encoding="utf-8")
        return _model(copy)


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


def _lost_end(path: Path, parts: dict[str, list[tuple[int, list[str]]]]) -> CityError | None:
    """Name the first link that ends at a node which the model does not have."""
    nodes = {
        words[0]
        for part in ("JUNCTIONS", "RESERVOIRS", "TANKS")
        for _, words in parts.get(part, [])
    }
    for part in ("PIPES", "PUMPS", "VALVES"):
        for line, words in parts.get(part, []):
            lost = [node for node in words[1:3] if node not in nodes]
            if lost:
                return CityError(
                    "epanet.no_node",
                    f"'{words[0]}' in line {line}, part [{part}], ends at '{lost[0]}', which is "
                    "no node of the model.",
                    hint="add the node, or put a semicolon before the line",
                    where=f"{path.name}:{line}", link=words[0], node=lost[0], line=line, part=part,
                )  # fmt: skip
    return None


def _unreadable(path: Path, text: str, error: BaseException) -> CityError:
    """Tell what is missing, or which word is wrong, or else the innermost of WNTR's errors."""
    deepest = error
    while deepest.__cause__ is not None:
        deepest = deepest.__cause__
    parts = sections_of(text)
    missing = [part for part in NEEDED if part not in parts]
    if missing:
        return CityError(
            "epanet.cut_off",
            f"The EPANET model has no part [{missing[0]}]; it ends in line "
            f"{text.count(chr(10)) + 1} and may be cut off.",
            hint="fetch the whole file, or export it anew from EPANET",
            where=path.name, part=missing[0], line=text.count("\n") + 1,
        )  # fmt: skip
    if (lost := _lost_end(path, parts)) is not None:
        return lost
    word = _NO_NUMBER.search(str(deepest))
    for part, rows in parts.items() if word is not None else ():
        for line, words in rows:
            if word is not None and word[1] in words[1:]:
                return CityError(
                    "epanet.number",
                    f"'{word[1]}' in line {line}, part [{part}], is not a number.",
                    hint="write a number there, or put a semicolon before the line",
                    where=f"{path.name}:{line}", word=word[1], line=line, part=part,
                )  # fmt: skip
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
