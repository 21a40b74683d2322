"""Choosing rows of a table by what somebody types: ``floors > 10 and 用途 = 住宅``, or any text.

A line without an operator finds every row with that text in any column. Otherwise it is made of
comparisons, joined by *and*, *or*, *not* and brackets:

==========================================  ================================================
``floors >= 10``, ``height != 9``           numbers; also ``= > < <= <>`` and ``≥ ≤ ≠``
``use = housing``, ``"the name" = 'a b'``   texts, capitals do not count; quotes where needed
``name ~ school``, ``name contains x``      the text has this part
``use in (housing, office)``                one of several
``year is empty``, ``year is not empty``    no value, a value
==========================================  ================================================

In Chinese 且, 或, 非, 包含, 属于, 为空 and 不为空 do the same, and full-width signs count. A row
without a value fulfils only ``!=`` and *is empty*.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow.compute as pc

from layers.errors import CityError
from layers.object_table import Column, ObjectTable, contains
from layers.shapes import Bools, Floats

SIGNS = {
    "==": "=", "＝": "=", "≠": "!=", "<>": "!=", "！＝": "!=", "!＝": "!=", "≥": ">=", "≤": "<=",
    "＞": ">", "＜": "<", "＞＝": ">=", "＜＝": "<=", "～": "~", "（": "(", "）": ")", "，": ",",
}  # fmt: skip
WORDS = {
    "and": "and", "且": "and", "并且": "and", "&": "and", "&&": "and",
    "or": "or", "或": "or", "或者": "or", "|": "or", "||": "or",
    "not": "not", "非": "not", "in": "in", "属于": "in", "contains": "~", "包含": "~",
    "is": "is", "为空": "empty", "不为空": "full", "非空": "full",
}  # fmt: skip
EMPTY = {"empty", "null", "空"}
YES = {"true", "yes", "1", "是", "真"}
NO = {"false", "no", "0", "否", "假"}
COMPARING = {"=", "!=", ">", ">=", "<", "<=", "~"}
PATTERN = re.compile(
    r"""\s*(?:
      "(?P<double>[^"]*)" | '(?P<single>[^']*)' | “(?P<curly>[^”]*)” | \[(?P<square>[^\]]*)\]
    | (?P<sign>>=|<=|!=|<>|==|！＝|!＝|＞＝|＜＝|[=<>~≠≥≤＝＞＜～()（），,])
    | (?P<word>[^\s"'“”\[\]=<>!~≠≥≤！＝＞＜～()（），,]+)
    )""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str  # "text", "word", or the sign or keyword itself
    text: str


def matching(table: ObjectTable, line: str, names: Mapping[str, str] | None = None) -> Bools:
    """Say which rows fulfil a line, (n,) bool; all do where it is empty.

    Parameters
    ----------
    table : ObjectTable
        n rows.
    line : str
        What somebody typed.
    names : mapping of str to str
        Other names of columns, such as translated ones, to their keys.

    Raises
    ------
    CityError
        ``filter.syntax``, ``filter.field`` or ``filter.number``, saying what is wrong where.
    """
    line = line.strip()
    if not line:
        return np.ones(len(table), dtype=bool)
    tokens = _tokens(line)
    if tokens is None or not any(t.kind in COMPARING | {"in", "is", "empty", "full"}
                                 for t in tokens):  # fmt: skip
        return table.containing(line.strip("\"'“”"))
    return _Reader(table, tokens, dict(names or {})).whole()


def _tokens(line: str) -> list[_Token] | None:
    """Take a line apart; None where it is no expression at all (an open quote)."""
    out, at = [], 0
    while at < len(line):
        found = PATTERN.match(line, at)
        if found is None or found.end() == at:
            return None
        at = found.end()
        kind, text = found.lastgroup or "", str(found[found.lastgroup or 0])
        if kind == "sign":
            sign = SIGNS.get(text, text)
            out.append(_Token(sign, text))
        elif kind == "word":
            out.append(_Token(WORDS.get(text.lower(), "word"), text))
        else:
            out.append(_Token("text", text))
        at += len(line[at:]) - len(line[at:].lstrip())
    return out


class _Reader:
    """Reads an expression and answers it as it goes."""

    def __init__(self, table: ObjectTable, tokens: list[_Token], names: dict[str, str]) -> None:
        self._table, self._tokens, self._at = table, tokens, 0
        keys = {column.key.lower(): column.key for column in table.columns}
        exact = {column.key: column.key for column in table.columns}
        self._keys = {k.lower(): v for k, v in names.items()} | keys | exact

    def whole(self) -> Bools:
        found = self._any()
        if self._at < len(self._tokens):
            raise self._wrong()
        return found

    @property
    def _kind(self) -> str:
        return self._tokens[self._at].kind if self._at < len(self._tokens) else "end"

    def _take(self) -> _Token:
        if self._at >= len(self._tokens):
            raise self._wrong()
        self._at += 1
        return self._tokens[self._at - 1]

    def _wrong(self) -> CityError:
        """Say what cannot be read here."""
        read = " ".join(token.text for token in self._tokens[: self._at])
        if self._at >= len(self._tokens):
            return CityError(
                "filter.unfinished",
                f"The filter ends too early, behind '{read}'.",
                hint="write a comparison, such as floors > 10",
                read=read,
            )
        part = self._tokens[self._at].text
        return CityError(
            "filter.syntax",
            f"The filter is not understood at '{part}'.",
            hint="write comparisons, such as floors > 10 and use = housing",
            part=part,
        )

    def _any(self) -> Bools:
        found = self._all()
        while self._kind == "or":
            self._take()
            found = found | self._all()
        return found

    def _all(self) -> Bools:
        found = self._one()
        while self._kind == "and":
            self._take()
            found = found & self._one()
        return found

    def _one(self) -> Bools:
        if self._kind == "not":
            self._take()
            return ~self._one()
        if self._kind == "(":
            self._take()
            found = self._any()
            if self._kind != ")":
                raise self._wrong()
            self._take()
            return found
        return self._comparison()

    def _comparison(self) -> Bools:
        column = self._column()
        kind = self._kind
        if kind in COMPARING:
            self._take()
            return self._compare(column, kind, self._words())
        if kind == "not" and self._at + 1 < len(self._tokens) and (
            self._tokens[self._at + 1].kind == "in"
        ):  # fmt: skip
            self._take()
            return ~self._among(column)
        if kind == "in":
            return self._among(column)
        if kind in {"empty", "full"}:
            self._take()
            found = self._missing(column)
            return found if kind == "empty" else ~found
        if kind == "is":
            self._take()
            negated = self._kind == "not"
            if negated:
                self._take()
            if self._kind != "word" or self._tokens[self._at].text.lower() not in EMPTY:
                raise self._wrong()
            self._take()
            found = self._missing(column)
            return ~found if negated else found
        raise self._wrong()

    def _among(self, column: Column) -> Bools:
        self._take()
        if self._kind != "(":
            raise self._wrong()
        found = np.zeros(len(self._table), dtype=bool)
        while self._kind in {"(", ","}:
            self._take()
            found |= self._compare(column, "=", self._words())
        if self._kind != ")":
            raise self._wrong()
        self._take()
        return found

    def _words(self) -> str:
        if self._kind == "text":
            return self._take().text
        parts = []
        while self._kind in {"word", "text"}:
            parts.append(self._take().text)
        if not parts:
            raise self._wrong()
        return " ".join(parts)

    def _column(self) -> Column:
        name = self._words()
        key = self._keys.get(name) or self._keys.get(name.lower())
        if key is None:
            names = [c.key for c in self._table.columns if not c.computed]
            fields = ", ".join(names[:12])
            raise CityError(
                "filter.field",
                f"There is no field '{name}'.",
                hint=f"the fields are: {fields}",
                field=name,
                fields=fields,
            )
        return self._table.column(key)

    def _missing(self, column: Column) -> Bools:
        values = self._table.values(column.key)
        gone = pc.is_null(values, nan_is_null=True).to_numpy(zero_copy_only=False)
        if column.kind == "text":
            blank = pc.equal(pc.utf8_trim_whitespace(self._table.texts(column.key)), "")
            gone = gone | pc.fill_null(blank, fill_value=False).to_numpy(zero_copy_only=False)
        return np.asarray(gone, dtype=bool)

    def _compare(self, column: Column, sign: str, raw: str) -> Bools:
        if sign == "~":
            return contains(self._table.texts(column.key), raw)
        if column.numeric:
            return _by_number(self._table.numbers(column.key), sign, _number(column, raw))
        if column.kind == "flag":
            return self._by_flag(column, sign, raw)
        if sign not in {"=", "!="} and (number := _float(raw)) is not None:
            return _by_number(self._table.numbers(column.key), sign, number)
        texts = self._table.texts(column.key)
        if column.kind == "date":
            texts = pc.utf8_slice_codeunits(texts, 0, len(raw))
        texts, wanted = pc.utf8_lower(texts), raw.lower()
        compare = {"=": pc.equal, "!=": pc.not_equal, ">": pc.greater, ">=": pc.greater_equal,
                   "<": pc.less, "<=": pc.less_equal}[sign]  # fmt: skip
        found = pc.fill_null(compare(texts, wanted), fill_value=sign == "!=")
        return np.asarray(found.to_numpy(zero_copy_only=False), dtype=bool)

    def _by_flag(self, column: Column, sign: str, raw: str) -> Bools:
        word = raw.lower()
        if word not in YES | NO or sign not in {"=", "!="}:
            raise CityError(
                "filter.flag",
                f"The field '{column.key}' holds only yes and no.",
                hint=f"write {column.key} = yes",
                field=column.key,
            )
        values = pc.equal(self._table.values(column.key), word in YES)
        found = np.asarray(pc.fill_null(values, fill_value=False).to_numpy(zero_copy_only=False))
        return found if sign == "=" else ~found


def _float(raw: str) -> float | None:
    try:
        return float(raw.replace("−", "-"))
    except ValueError:
        return None


def _number(column: Column, raw: str) -> float:
    number = _float(raw)
    if number is None:
        raise CityError(
            "filter.number",
            f"'{raw}' is no number, but the field '{column.key.lstrip('@')}' holds numbers.",
            hint="compare it with a number, such as 10 or 3.5",
            text=raw,
            field=column.key.lstrip("@"),
        )
    return number


def _by_number(values: Floats, sign: str, number: float) -> Bools:
    compare: dict[str, Any] = {
        "=": np.equal, "!=": np.not_equal, ">": np.greater, ">=": np.greater_equal,
        "<": np.less, "<=": np.less_equal,
    }  # fmt: skip
    return np.asarray(compare[sign](values, number), dtype=bool)
