"""Symbols of users that travel with a plan: in its file, and back into another project."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from layers.drills.plan import Element, Plan
from layers.drills.user_symbols import (
    GONE,
    LETTER,
    MOST,
    UserSymbol,
    added,
    pack_symbols,
    unpack_symbols,
)
from layers.errors import CityError
from layers.files.raw import Note
from layers.kinds.base import Packed

MOST_BYTES = 400_000_000  # of pictures and models once they are unpacked


def codes_in(plan: Plan) -> Iterable[str]:
    """Give the codes that a plan names."""
    for unit in plan.units:
        yield unit.symbol
    shown = [*(step.elements for step in plan.steps), *(one.elements for one in plan.injects)]
    for elements in shown:
        for element in elements:
            yield element.symbol


def own_codes(plan: Plan) -> tuple[str, ...]:
    """Give the codes of users' own symbols that a plan names, each once, in order."""
    found = (code for code in codes_in(plan) if code[:1] == LETTER and code[1:].isdigit())
    return tuple(dict.fromkeys(found))


def told_symbols(plan: Plan, symbols: Sequence[UserSymbol]) -> dict[str, dict[str, str]]:
    """Tell what the codes in a plan stand for, by code: name and identity of the symbol."""
    return {
        one.code: {"name": one.name, "identity": one.identity} for one in symbols_for(plan, symbols)
    }


def gone_code(code: str, told: Mapping[str, Any]) -> str:
    """Give what stands in a plan for a symbol that did not come with it: ``U?IDENTITY:NAME``.

    >>> gone_code("U00001", {"name": "Pump", "identity": "0123456789ab"}), gone_code("U00001", {})
    ('U?0123456789ab:Pump', 'U?:U00001')
    """
    return f"{GONE}{told.get('identity', '')}:{told.get('name', '') or code}"


def gone_name(code: str) -> str:
    """Give the name of a symbol that did not come with its plan, or the code it had there."""
    return code.removeprefix(GONE).partition(":")[2] or code


def set_apart(plan: Plan, brought: Sequence[UserSymbol], told: Any) -> tuple[Plan, tuple[str, ...]]:
    """Let a plan that was read from a file name no symbols of the project that opens it.

    Parameters
    ----------
    plan : Plan
        As its file has it.
    brought : sequence of UserSymbol
        Symbols that came with it.
    told : value of JSON
        What the file tells of its codes, see `told_symbols`.

    Returns
    -------
    (Plan, tuple of str)
        With `gone_code` for every symbol that did not come; the names of these.
    """
    here = {one.code for one in brought}
    told = told if isinstance(told, Mapping) else {}
    codes = {}
    for code in own_codes(plan):
        if code not in here:
            known = told.get(code)
            codes[code] = gone_code(code, known if isinstance(known, Mapping) else {})
    return with_codes(plan, codes), tuple(gone_name(code) for code in codes.values())


def found_again(plan: Plan, symbols: Sequence[UserSymbol]) -> Plan:
    """Let a plan name the symbols of a project that it missed and that are there."""
    known = {one.identity: one.code for one in reversed(symbols)}
    codes = {}
    for code in codes_in(plan):
        identity = code.removeprefix(GONE).partition(":")[0]
        if code.startswith(GONE) and identity in known:
            codes[code] = known[identity]
    return with_codes(plan, codes)


def symbols_for(plan: Plan, symbols: Sequence[UserSymbol]) -> tuple[UserSymbol, ...]:
    """Give those of the symbols that a plan names."""
    named = set(codes_in(plan))
    return tuple(symbol for symbol in symbols if symbol.code in named)


def symbols_to_json(symbols: Sequence[UserSymbol]) -> dict[str, Any]:
    """Give symbols as JSON values: names and drawings to read, pictures and models as bytes."""
    packed = pack_symbols(symbols)
    file = io.BytesIO()
    np.savez_compressed(file, allow_pickle=False, **packed.arrays)
    return {**packed.meta, "arrays": base64.b64encode(file.getvalue()).decode("ascii")}


def symbols_from_json(raw: Any) -> tuple[tuple[UserSymbol, ...], tuple[Note, ...]]:
    """Read symbols of a plan's file; what is not sound is told and left out.

    Returns
    -------
    (tuple of UserSymbol, tuple of Note)
        ``plan_symbols_left_out`` where they could not be read.
    """
    try:
        data = base64.b64decode(raw["arrays"], validate=True)
        with zipfile.ZipFile(io.BytesIO(data)) as held:
            if sum(one.file_size for one in held.infolist()) > MOST_BYTES:
                raise ValueError("too large")
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            packed = Packed(meta={}, arrays={name: arrays[name] for name in arrays.files})
        meta = json.loads(json.dumps({key: raw[key] for key in ("symbols", "library")}))
        found = unpack_symbols(meta, packed)
        return tuple(one for one in found[:MOST] if _sound(one)), ()
    except (KeyError, TypeError, ValueError, IndexError, EOFError, OSError, CityError,
            zipfile.BadZipFile) as error:  # fmt: skip
        count = len(raw["symbols"]) if _has_rows(raw) else 0
        return (), (Note("plan_symbols_left_out", {"count": count, "reason": str(error)[:120]}),)


def _has_rows(raw: Any) -> bool:
    return isinstance(raw, Mapping) and isinstance(raw.get("symbols"), list)


def _sound(symbol: UserSymbol) -> bool:
    """Say whether the picture of a symbol can be opened."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(symbol.picture.tobytes())) as image:
            image.verify()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        return False
    return True


def taken_in(
    present: Sequence[UserSymbol], brought: Sequence[UserSymbol], taken: Sequence[str] = ()
) -> tuple[tuple[UserSymbol, ...], dict[str, str]]:
    """Give the symbols of a project with those that a plan brought, and their codes there.

    Parameters
    ----------
    present, brought : sequence of UserSymbol
        What the project has; what comes with the plan. The same picture and name is one symbol.
    taken : sequence of str
        Codes that plans of the project name.

    Returns
    -------
    (tuple of UserSymbol, dict of str to str)
        All; from the code in the plan to the code in the project.
    """
    kept = tuple(present)
    codes: dict[str, str] = {}
    for symbol in brought:
        same = next((one for one in kept if _same(one, symbol)), None)
        if same is None:
            names = {one.name for one in kept}
            name, number = symbol.name or symbol.code, 2
            while name in names:
                name, number = f"{symbol.name} {number}", number + 1
            kept = added(kept, replace(symbol, name=name), (*taken, *codes.values()))
            same = kept[-1]
        codes[symbol.code] = same.code
    return kept, codes


def _same(one: UserSymbol, other: UserSymbol) -> bool:
    pictures = np.array_equal(one.picture, other.picture)
    return pictures and one.name.rstrip(" 0123456789") == other.name.rstrip(" 0123456789") and (
        (one.model is None) == (other.model is None)
    )  # fmt: skip


def with_codes(plan: Plan, codes: Mapping[str, str]) -> Plan:
    """Give a plan that names symbols by other codes."""
    if all(codes.get(code, code) == code for code in codes_in(plan)):
        return plan

    def elements(those: tuple[Element, ...]) -> tuple[Element, ...]:
        return tuple(replace(one, symbol=codes.get(one.symbol, one.symbol)) for one in those)

    return replace(
        plan,
        units=tuple(replace(u, symbol=codes.get(u.symbol, u.symbol)) for u in plan.units),
        steps=tuple(replace(s, elements=elements(s.elements)) for s in plan.steps),
        injects=tuple(replace(i, elements=elements(i.elements)) for i in plan.injects),
    )
