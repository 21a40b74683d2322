"""Formulas of workbooks that no program has calculated: worked out where they are simple."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from math import prod
from typing import Any

from openpyxl.formula import Tokenizer
from openpyxl.utils.cell import range_boundaries

Value = float | int | str | None
_REFERENCE = re.compile(r"(?:'?([^'!]+)'?!)?\$?([A-Z]{1,3})\$?(\d+)(?::\$?([A-Z]{1,3})\$?(\d+))?")
_DEEPEST = 60  # formulas that hang on formulas
_MOST = 5_000  # cells of a range


class _UnknownError(Exception):
    """A formula that is not understood here."""


_FAILS = (
    _UnknownError, ArithmeticError, ValueError, IndexError, KeyError, SyntaxError, TypeError,
)  # fmt: skip


def _numbers(values: list[Value]) -> list[float]:
    return [float(v) for v in values if isinstance(v, int | float)]


def _rounded(values: list[Value]) -> float:
    number, digits = (*_numbers(values), 0.0)[:2]
    return round(number + (1e-12 if number > 0 else -1e-12), int(digits))


_FUNCTIONS: dict[str, Callable[[list[Value]], Value]] = {
    "SUM": lambda v: sum(_numbers(v)),
    "AVERAGE": lambda v: sum(_numbers(v)) / len(_numbers(v)),
    "MIN": lambda v: min(_numbers(v), default=0.0),
    "MAX": lambda v: max(_numbers(v), default=0.0),
    "PRODUCT": lambda v: prod(_numbers(v)),
    "ABS": lambda v: abs(_numbers(v)[0]),
    "INT": lambda v: int(_numbers(v)[0] // 1),
    "ROUND": _rounded,
    "VALUE": lambda v: float(str(v[0])),
    "CONCATENATE": lambda v: "".join(_shown(x) for x in v),
}
_SIGNS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
    ast.Pow: lambda a, b: a**b,
}


def _shown(value: Value) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


class Calculator:
    """Works formulas of a workbook out: sums and products of cells, and a few functions.

    Parameters
    ----------
    book : openpyxl.Workbook
        Opened with its formulas.
    """

    def __init__(self, book: Any) -> None:
        self._book = book
        self._known: dict[tuple[str, int, int], Value] = {}

    def value(self, sheet: str, row: int, column: int, depth: int = 0) -> Value:
        """Give the value of a cell; None where it is empty or its formula is not understood."""
        try:
            return self._value(sheet, row, column, depth)
        except (
            _UnknownError,
            ArithmeticError,
            ValueError,
            IndexError,
            KeyError,
            SyntaxError,
            TypeError,
        ):
            return None

    def _value(self, sheet: str, row: int, column: int, depth: int) -> Value:
        key = (sheet, row, column)
        if key not in self._known:
            if depth > _DEEPEST or sheet not in self._book.sheetnames:
                raise _UnknownError
            raw = self._book[sheet].cell(row, column).value
            if isinstance(raw, str) and raw.startswith("="):
                self._known[key] = self._worked_out(raw, sheet, depth)
            else:
                self._known[key] = raw if isinstance(raw, int | float | str) else None
        return self._known[key]

    def _worked_out(self, formula: str, sheet: str, depth: int) -> Value:
        """Turn a formula into an expression whose names are values, and walk through it."""
        operands: list[list[Value]] = []
        text = ""
        for token in Tokenizer(formula).items:
            if token.type == "OPERAND" and token.subtype == "RANGE":
                operands.append(self._cells(token.value, sheet, depth))
                text += f"c{len(operands) - 1}"
            elif token.type == "OPERAND" and token.subtype in ("NUMBER", "TEXT"):
                inner = token.value.strip('"').replace('""', '"')
                operands.append([float(inner) if token.subtype == "NUMBER" else inner])
                text += f"c{len(operands) - 1}"
            elif token.type in ("FUNC", "SEP", "PAREN", "OPERATOR-PREFIX"):
                text += token.value if token.value != ";" else ","
            elif token.type == "OPERATOR-INFIX" and token.value in "+-*/^&":
                text += {"^": "**", "&": "|"}.get(token.value, token.value)
            elif token.type == "OPERATOR-POSTFIX":
                text += "/100"
            elif token.type != "WHITE-SPACE":
                raise _UnknownError
        return self._walk(ast.parse(text.lstrip("+"), mode="eval").body, operands)

    def _cells(self, reference: str, sheet: str, depth: int) -> list[Value]:
        found = _REFERENCE.fullmatch(reference)
        if found is None:
            raise _UnknownError
        plain = reference.rsplit("!", 1)[-1].replace("$", "")
        left, top, right, bottom = range_boundaries(plain)
        if (right - left + 1) * (bottom - top + 1) > _MOST:
            raise _UnknownError
        name = found[1] or sheet
        return [
            self._value(name, row, column, depth + 1)
            for row in range(top, bottom + 1)
            for column in range(left, right + 1)
        ]

    def _walk(self, node: ast.expr, operands: list[list[Value]]) -> Value:
        if isinstance(node, ast.Name):
            (value,) = operands[int(node.id[1:])]
            return value
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
            number = self._number(node.operand, operands)
            return -number if isinstance(node.op, ast.USub) else number
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            left, right = self._walk(node.left, operands), self._walk(node.right, operands)
            return _shown(left) + _shown(right)
        if isinstance(node, ast.BinOp) and type(node.op) in _SIGNS:
            pair = self._number(node.left, operands), self._number(node.right, operands)
            return _SIGNS[type(node.op)](*pair)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            every: list[Value] = []
            for part in node.args:
                if isinstance(part, ast.Name):
                    every += operands[int(part.id[1:])]
                else:
                    every.append(self._walk(part, operands))
            return _FUNCTIONS[node.func.id.upper()](every)
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
            return node.value
        raise _UnknownError

    def _number(self, node: ast.expr, operands: list[list[Value]]) -> float:
        value = self._walk(node, operands)
        if isinstance(value, str):
            return float(value)
        return float(value or 0.0)
