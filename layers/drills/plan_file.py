"""Plans as JSON: written whole, read as far as they are sound.

What cannot be read is told, item by item, and left out; everything else is kept. A file that was
cut short is read up to the last whole item.
"""

from __future__ import annotations

import json
import shutil
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, asdict, dataclass, fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin, get_type_hints

from layers.drills.plan import Plan
from layers.errors import CityError
from layers.files.raw import Note

if TYPE_CHECKING:
    from layers.drills.user_symbols import UserSymbol

FORMAT = "citystage-drill"
VERSION = 1
MOST_BYTES = 200_000_000
MOST_NUMBER = 1e10  # seconds and metres beyond that are nobody's


@dataclass(frozen=True, slots=True)
class Reading:
    """A plan that was read, and what was not sound in it.

    Attributes
    ----------
    plan : Plan
        As far as it could be read.
    notes : tuple of Note
        ``plan_cut``, ``plan_left_out``, ``plan_replaced``, ``plan_unknown_field``,
        ``plan_same_id``, each with ``where`` in the file; ``plan_newer``,
        ``plan_symbols_left_out``, ``plan_symbols_gone``.
    symbols : tuple of UserSymbol
        Symbols of users that came with it.
    """

    plan: Plan
    notes: tuple[Note, ...] = ()
    symbols: tuple[UserSymbol, ...] = ()


def plan_to_json(plan: Plan) -> dict[str, Any]:
    """Give a plan as plain JSON values."""
    return {"format": FORMAT, "version": VERSION, **_bare(asdict(plan))}


def write_plan(plan: Plan, path: Path, symbols: Sequence[UserSymbol] = ()) -> None:
    """Write a plan into a file of its own, whole or not at all.

    A file that could not be read whole is kept beside it, see `kept_path`.

    Parameters
    ----------
    plan : Plan
        What is written.
    path : pathlib.Path
        The file.
    symbols : sequence of UserSymbol
        Of the project; those that the plan names go with it, behind the plan.
    """
    from layers.drills.symbol_travel import symbols_for, symbols_to_json, told_symbols
    from layers.files.safe_write import replacing

    raw = plan_to_json(plan)
    if told := told_symbols(plan, symbols):  # before the plan: a file that is cut short keeps it
        raw = {"format": FORMAT, "version": VERSION, "own_symbols": told, **raw}
    if mine := symbols_for(plan, symbols):
        raw["symbols"] = symbols_to_json(mine)
    if kept := kept_path(path):
        shutil.copy2(path, kept)
    with replacing(path) as target:
        text = json.dumps(raw, ensure_ascii=False, indent=1)
        target.write_text(text, encoding="utf-8")


def kept_path(path: Path) -> Path | None:
    """Give where a file is kept before a plan is written over it.

    Returns
    -------
    pathlib.Path or None
        None where nothing would be lost: nothing lies there, or a plan that is read whole.
    """
    try:
        if not path.is_file() or not read_plan(path).notes:
            return None
    except CityError:
        return None  # no plan, and somebody chose to write over it
    number = 1
    while (kept := path.with_name(f"{path.stem} ({number}){path.suffix}")).exists():
        number += 1
    return kept


def read_plan(path: Path) -> Reading:
    """Read a plan from a file.

    Raises
    ------
    CityError
        ``drill.not_a_plan`` where nothing of a plan can be found, ``drill.too_large``.

    Notes
    -----
    A file of a later version is read as far as it is understood, with a note.
    """
    from layers.drills.symbol_travel import set_apart, symbols_from_json

    if path.stat().st_size > MOST_BYTES:
        raise CityError(
            "drill.too_large",
            f"A plan of more than {MOST_BYTES // 1_000_000} MB is not read.",
            hint="check that the file is a plan",
            where=path.name,
            most=MOST_BYTES // 1_000_000,
        )
    text = path.read_bytes().decode("utf-8-sig", errors="replace")
    notes: list[Note] = []
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError):
        raw = _mended(text)
        notes.append(Note("plan_cut", {"where": path.name}))
    if not isinstance(raw, dict) or not ({"steps", "name", "format"} & raw.keys()):
        raise CityError(
            "drill.not_a_plan",
            "The file holds no plan for a drill.",
            hint="choose a file written by Citystage, or one with a list of steps",
            where=path.name,
        )
    held, told = raw.pop("symbols", None), raw.pop("own_symbols", None)
    version = raw.get("version")
    if raw.get("format") == FORMAT and isinstance(version, int) and version > VERSION:
        notes.append(Note("plan_newer", {"where": path.name, "version": version}))
        raw["version"] = VERSION
    reading = plan_from_json(raw)
    symbols, lost = symbols_from_json(held) if held is not None else ((), ())
    plan, gone = set_apart(reading.plan, symbols, told)
    if gone:
        lost = (*lost, Note("plan_symbols_gone", {"count": len(gone), "names": ", ".join(gone)}))
    return Reading(plan, (*notes, *reading.notes, *lost), symbols)


def plan_from_json(raw: Mapping[str, Any]) -> Reading:
    """Read a plan from JSON values, as far as they are sound.

    Raises
    ------
    CityError
        ``drill.newer`` for values of a later version.
    """
    version = raw.get("version") if "format" in raw else VERSION
    if isinstance(version, int) and version > VERSION and raw.get("format") == FORMAT:
        raise CityError(
            "drill.newer",
            f"The plan was written by a later version of Citystage (its format is {version}).",
            hint="update Citystage",
            version=version,
        )
    rest = {k: v for k, v in raw.items() if k not in ("format",)}
    if raw.get("format") == FORMAT:
        rest["version"] = rest.get("plan_version", 1)
    rest.pop("plan_version", None)
    notes: list[Note] = []
    rest = {**rest, "id": 0, "name": str(rest.get("name", ""))}
    plan = _read(Plan, rest, "", notes)
    assert isinstance(plan, Plan)
    return Reading(plan, tuple(notes))


def _bare(raw: dict[str, Any]) -> dict[str, Any]:
    raw["plan_version"] = raw.pop("version")
    return raw


def _read(kind: type[Any], raw: Mapping[str, Any], where: str, notes: list[Note]) -> Any:
    """Build a dataclass; values that do not fit are left at their default and told."""
    hints = get_type_hints(kind)
    known = {field.name: field for field in fields(kind)}
    values: dict[str, Any] = {}
    for name, value in raw.items():
        path = f"{where}.{name}" if where else str(name)
        if name not in known:
            notes.append(Note("plan_unknown_field", {"where": path}))
            continue
        try:
            values[name] = _value(hints[name], value, path, notes)
        except (TypeError, ValueError, KeyError):
            if known[name].default is MISSING and known[name].default_factory is MISSING:
                raise
            notes.append(Note("plan_replaced", {"where": path, "value": str(value)[:60]}))
    return kind(**values)


def _value(hint: Any, value: Any, where: str, notes: list[Note]) -> Any:
    origin, inner = get_origin(hint), get_args(hint)
    if is_dataclass(hint) and isinstance(hint, type):
        if not isinstance(value, Mapping):
            raise TypeError(where)
        return _read(hint, value, where, notes)
    if origin is tuple:
        return _several(inner, value, where, notes)
    if type(None) in inner:
        bare = next(i for i in inner if i is not type(None))
        return None if value is None else _value(bare, value, where, notes)
    if origin is Literal and value not in inner:
        raise ValueError(where)
    if origin is None:
        return _plain(hint, value, where)
    return value if origin is Literal else {str(k): str(v) for k, v in dict(value).items()}


def _several(inner: tuple[Any, ...], value: Any, where: str, notes: list[Note]) -> tuple[Any, ...]:
    if not isinstance(value, (list, tuple)):
        raise TypeError(where)
    if len(inner) == 2 and inner[1] is not Ellipsis:
        if len(value) != 2:
            raise ValueError(where)
        return tuple(_value(i, v, where, notes) for i, v in zip(inner, value, strict=True))
    out: list[Any] = []
    ids: set[str] = set()
    for number, one in enumerate(value, start=1):
        path = f"{where}[{number}]"
        try:
            made = _value(inner[0], one, path, notes)
        except (TypeError, ValueError, KeyError):
            notes.append(Note("plan_left_out", {"where": path, "value": str(one)[:60]}))
            continue
        own = getattr(made, "id", None)
        if own is not None and own in ids:
            notes.append(Note("plan_same_id", {"where": path, "id": own}))
            continue
        if own is not None:
            ids.add(own)
        out.append(made)
    return tuple(out)


def _plain(hint: Any, value: Any, where: str) -> Any:
    if hint is bool:
        if not isinstance(value, bool):
            raise TypeError(where)
        return value
    if hint in (int, float):
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise TypeError(where)
        if not abs(value) < MOST_NUMBER:
            raise ValueError(where)
        return hint(value)
    if hint is str:
        if not isinstance(value, (str, int, float)):
            raise TypeError(where)
        return str(value)
    raise TypeError(where)


def _mended(text: str) -> Any:
    """Read the beginning of JSON that was cut short, up to its last whole item."""
    stack: list[str] = []
    cuts: deque[tuple[int, str]] = deque(maxlen=200)  # where it may be cut, and what closes it
    inside = escaped = False
    for at, sign in enumerate(text):
        if inside:
            if escaped:
                escaped = False
            elif sign == "\\":
                escaped = True
            elif sign == '"':
                inside = False
            continue
        if sign == '"':
            inside = True
        elif sign in "{[":
            stack.append("}" if sign == "{" else "]")
        elif sign in "}]":
            if not stack or stack.pop() != sign:
                break
            cuts.append((at + 1, "".join(reversed(stack))))
        elif sign == ",":
            cuts.append((at, "".join(reversed(stack))))
    for at, closing in reversed(cuts):
        try:
            return json.loads(text[:at] + closing)
        except (ValueError, RecursionError):
            continue
    return None
