"""Which field of a file says what of resources and hazard sources: guessed, told, applied."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa

from layers.errors import CityError
from layers.files.raw import Note
from layers.kinds.base import Features
from layers.kinds.emergency import (
    DATES,
    FIELDS,
    OTHER,
    SORTS,
    STATES,
    Emergency,
    date_word,
    dates_of,
    sort_of,
    state_of,
)
from layers.kinds.valid_time import NOTHING, read_column
from layers.style import numbers, texts

#: What a field can say, the most telling first.
MEANINGS = ("sort", "name", "state", "quantity", "unit", "capacity", "contact", "owner", "place",
            "valid_from", "valid_to", "substance", "amount_t")  # fmt: skip
ONLY = {"state": "resources", "substance": "hazards", "amount_t": "hazards"}
NUMBERS = ("quantity", "capacity", "amount_t")
WORDED = ("sort", "state")
_MORE = {
    "name": ("编号", "id", "code", "no"),
    "state": ("status", "state", "状态"),
    "capacity": ("gpm", "flow", "流量", "人数", "床位数"),
    "contact": ("电话", "联系方式", "手机", "负责人"),
    "owner": ("authority", "agency", "主管单位", "产权单位", "管理单位", "organisation"),
    "place": ("location", "addr", "street", "位置", "地址"),
    "valid_from": ("since", "启用", "投用日期"),
    "valid_to": ("until", "expires", "expiry", "到期", "有效期"),
}
_WHOLE = frozenset({"location", "地点"})  # names of places only where nothing stands before them
_NO_NAMES = frozenset({"objectid", "globalid", "fid", "ogc_fid", "gid", "id"})


@dataclass(frozen=True, slots=True)
class FactFields:
    """What the fields of a file mean for resources and hazard sources.

    Attributes
    ----------
    fields : mapping of str to str
        From a meaning of `MEANINGS` to the field that says it, "" for none.
    fixed : mapping of str to str
        What holds for all, such as ``{"sort": "hydrant"}``; goes before `fields`.
    words : mapping of str to mapping
        For ``sort`` and ``state``: from words of the file to keys, such as
        ``{"state": {"ACT": "ready"}}``.
    """

    fields: Mapping[str, str] = dataclasses.field(default_factory=dict)
    fixed: Mapping[str, str] = dataclasses.field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = dataclasses.field(default_factory=dict)

    def __post_init__(self) -> None:
        for meaning in (*self.fields, *self.fixed, *self.words):
            if meaning not in MEANINGS:
                raise CityError(
                    "facts.meaning",
                    f"'{meaning}' is nothing that a field says of a resource.",
                    hint=f"choose one of: {', '.join(MEANINGS)}",
                    meaning=meaning,
                    known=", ".join(MEANINGS),
                )
        keys = {"sort": {one.key for many in SORTS.values() for one in many} | {OTHER},
                "state": set(STATES)}  # fmt: skip
        told = [(m, key) for m, key in self.fixed.items() if m in keys]
        told += [(m, key) for m, own in self.words.items() if m in keys for key in own.values()]
        for meaning, key in told:
            if key not in keys[meaning]:
                raise CityError(
                    "facts.word",
                    f"'{key}' is no {meaning} of resources or hazard sources.",
                    hint=f"choose one of: {', '.join(sorted(keys[meaning]))}",
                    meaning=meaning,
                    word=key,
                    known=", ".join(sorted(keys[meaning])),
                )


def read_facts(fields: Sequence[str], words: Sequence[str] = ()) -> FactFields | None:
    """Read what was typed: ``MEANING=FIELD`` or ``MEANING:VALUE`` for all, and ``WORD=KEY``.

    Parameters
    ----------
    fields : sequence of str
        Such as ``name=HYDRANT_ID`` and ``sort:hydrant``; ``state=`` lets no field say the state.
    words : sequence of str
        Words of the file and the sorts or states they mean, such as ``ACT=ready``.

    Raises
    ------
    CityError
        ``facts.text``, ``facts.meaning``, ``facts.word``.

    Examples
    --------
    >>> read_facts(["name=HYDRANT_ID", "sort:hydrant"], ["ACT=ready"]).fixed
    {'sort': 'hydrant'}
    """
    if not fields and not words:
        return None
    told: dict[str, dict[str, str]] = {"=": {}, ":": {}}
    for text in fields:
        found = re.match(r"\s*([\w-]+)\s*([=:])\s*(.*)", text, re.DOTALL)
        if found is None:
            raise _no_pair(text, "name=FIELD, or sort:hydrant for all of them")
        told[found[2]][found[1].replace("-", "_")] = found[3].strip()
    meant_by: dict[str, dict[str, str]] = {}
    for text in words:
        word, sign, key = text.rpartition("=")
        if not sign or not word.strip():
            raise _no_pair(text, "WORD=ready, a word of the file and the sort or state it means")
        meaning = "state" if key.strip() in STATES else "sort"
        meant_by.setdefault(meaning, {})[word.strip()] = key.strip()
    return FactFields(told["="], told[":"], meant_by)


def _no_pair(text: str, hint: str) -> CityError:
    return CityError(
        "facts.text", f"'{text}' does not say which field means what.",
        hint=f"write {hint}", text=text, wanted=hint,
    )  # fmt: skip


def meanings_of(kind: str) -> tuple[str, ...]:
    """Give what fields can say of a kind, ``resources`` or ``hazards``."""
    return tuple(one for one in MEANINGS if ONLY.get(one, kind) == kind)


def guess_facts(columns: Sequence[str], kind: str) -> dict[str, str]:
    """Guess which field says what, by their names; each field says one thing at most.

    Parameters
    ----------
    columns : sequence of str
        Fields of the file.
    kind : str
        ``resources`` or ``hazards``.

    Examples
    --------
    >>> guess_facts(["OBJECTID", "HYDRANT_ID", "HYDRANT_OWNER", "LIFECYCLESTATUS"], "resources")
    {'name': 'HYDRANT_ID', 'state': 'LIFECYCLESTATUS', 'owner': 'HYDRANT_OWNER'}
    """
    meanings = meanings_of(kind)
    found: dict[str, str] = {}
    small = {name.lower(): name for name in reversed(columns)}
    for meaning in meanings:
        same = next((small[word] for word in FIELDS[meaning] if word in small), "")
        if same and same not in found.values():
            found[meaning] = same
    for meaning in meanings:
        if meaning in found:
            continue
        words = dict.fromkeys((*FIELDS[meaning], *_MORE.get(meaning, ())))
        for word in (w for w in words if meaning != "name" or w not in _WHOLE):
            free = (name for name in columns if name not in found.values())
            fits = next((name for name in free if _says(name, word, meaning)), "")
            if fits:
                found[meaning] = fits
                break
    return {meaning: found[meaning] for meaning in meanings if meaning in found}


def _says(name: str, word: str, meaning: str) -> bool:
    """Say whether the name of a field ends with a word that means something."""
    small = name.lower()
    if meaning in ("unit", "sort") or small in _NO_NAMES:
        return False
    parts = re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[^\x00-\x7f]+|\d+", name)
    ends = bool(parts) and parts[-1].lower() == word
    joined = not word.isascii() or (meaning == "state" and word == "status")
    return ends or (joined and small.endswith(word))


def with_facts_of(
    features: Features, chosen: FactFields | None, kind: str, layer_name: str
) -> tuple[Features, list[Note]]:
    """Let the fields of a layer say what was told, or guessed, of them.

    Parameters
    ----------
    features : Features
        The layer as the file has it.
    chosen : FactFields or None
        What was told; what was not is guessed, all of it where this is None.
    kind : str
        ``resources`` or ``hazards``.
    layer_name : str
        Tells the sort where no field does.

    Returns
    -------
    (Features, list of Note)
        A field that already means what it should stays as it is; else a field with the plain
        name of the meaning is added, and one that would say something else gets another name.

    Raises
    ------
    CityError
        ``facts.field`` for a field that the file does not have.
    """
    table = features.attributes
    guessed = guess_facts(table.column_names, kind)
    free = {m: f for m, f in guessed.items() if chosen is None or f not in chosen.fields.values()}
    chosen = chosen or FactFields()
    chosen = replace(chosen, fields={**free, **chosen.fields})
    fields = {m: _there(table, f) for m, f in chosen.fields.items() if m in meanings_of(kind)}
    told = [m for m in MEANINGS if m in fields or m in chosen.fixed or m in chosen.words]
    made = {m: column for m in told if (column := _made(table, m, fields, chosen)) is not None}
    speaking = {field for meaning, field in fields.items() if field and meaning not in made}
    renamed: dict[str, str] = {}
    for meaning in told:
        if meaning not in made and fields.get(meaning):
            continue  # the file says it in a field of a name that is known
        keep = {fields.get(meaning, "")} if meaning not in made else set()
        for name in table.column_names:
            known = name.lower() in FIELDS[meaning] and name not in keep
            if known and (name not in speaking or name == FIELDS[meaning][0]):
                renamed[name] = _free(f"{name} (file)", table.column_names)
    table = table.rename_columns([renamed.get(name, name) for name in table.column_names])
    for meaning, column in made.items():
        table = table.append_column(FIELDS[meaning][0], column)
    after = Features(features.shapes, features.ids, features.feature, table)
    return after, _told(after, fields, chosen, renamed, kind, layer_name)


def _there(table: pa.Table, field: str) -> str:
    if not field or field in table.column_names:
        return field
    small = {name.lower(): name for name in reversed(table.column_names)}
    if field.lower() in small:
        return str(small[field.lower()])
    names = ", ".join(table.column_names)
    raise CityError(
        "facts.field",
        f"The file has no field '{field}'.",
        hint=f"its fields are: {names}",
        field=field,
        names=names,
    )


def _made(
    table: pa.Table, meaning: str, fields: Mapping[str, str], chosen: FactFields
) -> pa.Array | None:
    """Give the column that says it, None where the table's own does already."""
    if meaning in chosen.fixed:
        value: Any = chosen.fixed[meaning]
        if meaning in NUMBERS:
            value = _number(value)
        elif meaning in DATES:
            date_word(value)
        return pa.array([value] * len(table))
    field = fields.get(meaning, "")
    words = chosen.words.get(meaning, {})
    if not field:
        return None
    small = {name.lower(): name for name in reversed(table.column_names)}
    first = next((small[word] for word in FIELDS[meaning] if word in small), "")
    if field == first and not words:
        return None
    if meaning in NUMBERS:
        own = numbers(table.column(field))
        return pa.array(own, mask=~np.isfinite(own))
    said = (dates_of if meaning in DATES else texts)(table.column(field))
    plain = [None if v is None else str(v).strip() for v in said]
    return pa.array([words.get(v, v) if v is not None else None for v in plain], pa.string())


def _number(value: str) -> float:
    try:
        return float(value)
    except ValueError:
        raise CityError(
            "resource.no_number", f"'{value}' is no number.",
            hint="write 12 or 12.5; leave it empty where it is not known", value=value,
        ) from None  # fmt: skip


def _free(name: str, taken: Sequence[str]) -> str:
    while name in taken:
        name += "_"
    return name


def _told(
    after: Features, fields: Mapping[str, str], chosen: FactFields,
    renamed: Mapping[str, str], kind: str, layer_name: str,
) -> list[Note]:  # fmt: skip
    """Tell which field says what, which were renamed, and which words nobody knows."""
    pairs = [f"{meaning} = {field}" for meaning, field in fields.items() if field]
    pairs += [f"{meaning}: {value}" for meaning, value in chosen.fixed.items()]
    notes = [Note("facts_fields", {"fields": ", ".join(pairs)})] if pairs else []
    if renamed:
        notes.append(Note("facts_renamed", {"fields": ", ".join(renamed.values())}))
    said = Emergency.of(after, kind, layer_name)
    notes += _dates_told(after, said)
    for meaning in WORDED if kind == "resources" else WORDED[:1]:
        missing = (said.sort == OTHER) if meaning == "sort" else (said.state == "unknown")
        raw = texts(after.attributes.column(name)) if (
            name := _column(after.attributes, meaning)
        ) else np.full(len(after.attributes), None, dtype=object)  # fmt: skip
        own = raw[after.feature][missing]
        odd = list(dict.fromkeys(str(v).strip() for v in own if v is not None and str(v).strip()))
        odd = [word for word in odd if word not in (OTHER, "unknown")]
        if odd:
            count = int(sum(v is not None and bool(str(v).strip()) for v in own))
            shown = ", ".join(odd[:6]) + (" …" if len(odd) > 6 else "")
            notes.append(Note(f"facts_unknown_{meaning}", {"count": count, "words": shown}))
    return notes


def _dates_told(after: Features, said: Emergency) -> list[Note]:
    """Tell which dates nobody can read, and how many end before they begin."""
    words: dict[str, int] = {}
    for meaning in DATES:
        if name := _column(after.attributes, meaning):
            own = [str(v or "") for v in dates_of(after.attributes.column(name))]
            told = read_column(own)
            for word in own:
                if told.get(word.strip().lower(), NOTHING).odd:
                    words[word] = words.get(word, 0) + 1
    notes = []
    if words:
        shown = ", ".join(list(words)[:6]) + (" …" if len(words) > 6 else "")
        facts: dict[str, object] = {"count": sum(words.values()), "words": shown}
        notes.append(Note("facts_unread_dates", facts))
    begin, end = said.valid.on_clock(0.0)
    if turned := int((end < begin).sum()):
        notes.append(Note("facts_turned_dates", {"count": turned}))
    return notes


def _column(table: pa.Table, meaning: str) -> str:
    small = {name.lower(): name for name in reversed(table.column_names)}
    return next((small[word] for word in FIELDS[meaning] if word in small), "")


def meant(values: Sequence[str], meaning: str, kind: str) -> dict[str, str]:
    """Give what words of a file are taken for, ``sort`` or ``state``, in their order.

    Examples
    --------
    >>> meant(["医院", "ACT"], "sort", "resources"), meant(["Out of service"], "state", "resources")
    ({'医院': 'hospital', 'ACT': 'other'}, {'Out of service': 'out-of-service'})
    """
    if meaning == "state":
        return {word: state_of(word) for word in values}
    return {word: sort_of(word, SORTS[kind]) for word in values}
