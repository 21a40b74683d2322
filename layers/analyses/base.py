"""What every analysis is: parameters that can be asked for, what it reads, what it finds.

A new analysis is a module with an object that has the attributes of `Analysis`, and a row in
``layers.analyses.table.ANALYSES``. Form, command line, storage, staleness and tables come from it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Literal, Protocol, get_type_hints

from layers.errors import CityError
from layers.files.raw import Note
from layers.kinds.answers import Marks, Outcome
from layers.progress import Progress
from layers.project import Project

__all__ = ["Analysis", "Ask", "Marks", "Note", "Outcome", "Reads", "asked", "asking", "params_of"]

What = Literal[
    "number", "count", "flag", "text", "texts", "choice", "layer", "layers", "point", "points",
    "line", "area", "pack", "moment", "date", "scheme", "field", "bearing", "hazard", "zones",
]  # fmt: skip
NUMBERS = ("number", "count", "bearing")
#: What is one text and never a list.
SINGLE = ("text", "layer", "pack", "moment", "date", "scheme", "field")


@dataclass(frozen=True, slots=True)
class Ask:
    """How a parameter is asked for, in a form and on the command line.

    Attributes
    ----------
    what : str
        ``number`` and ``count`` (a whole number), ``flag``, ``text``, ``texts``, ``choice``;
        ``layer`` (an id, "" for none) and ``layers`` (ids, empty for all that fit);
        ``point`` (east, north and perhaps height), ``points``, ``line`` and ``area`` (an open ring)
        as coordinates; ``pack`` (id of a rule pack, "" for all), ``moment`` (ISO 8601 local
        time, "" for the project's), ``date``, ``scheme`` (a name, "" for what is shown),
        ``field`` (an attribute of the layer that `of` names), ``bearing`` (degrees clockwise
        from grid north), ``hazard`` (name or number of a hazard source, "" for none),
        ``zones`` (name or number of a kept answer that has areas, such as those of a hazard, "" for
        none).
    unit : str
        ``"m"``, ``"m2"``, ``"deg"``, ``"percent"``, ``"min"``, "" and so on.
    low, high : float
        Least and greatest number.
    decimals : int
        Digits behind the point in the form.
    choices : tuple of str
        Stable keys.
    kinds : tuple of str
        Which kinds of layers fit; empty for all with shapes.
    of : str
        For ``field``: the parameter that names the layer.
    optional : bool
        Whether nothing ("", an empty tuple) will do.
    usual : tuple of (str, value)
        Values to choose from beside typing; the words of each are ``usual-KEY``.
    """

    what: What
    unit: str = ""
    low: float = -math.inf
    high: float = math.inf
    decimals: int = 2
    choices: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    of: str = ""
    optional: bool = True
    usual: tuple[tuple[str, Any], ...] = ()


def asking(default: Any, what: What, **more: Any) -> Any:
    """Make a field of a parameter class with how it is asked for; see `Ask`.

    Examples
    --------
    >>> @dataclass(frozen=True)
    ... class Params:
    ...     distance: float = asking(3.0, "number", unit="m", low=0.0)
    >>> asked(Params)["distance"].unit
    'm'
    """
    return field(default=default, metadata={"ask": Ask(what, **more)})


@dataclass(frozen=True, slots=True)
class Reads:
    """What an answer depends on.

    Attributes
    ----------
    layers : tuple of str
        Ids of layers.
    columns : dict of str to tuple of str
        For a layer the object columns (``height``) and attributes that count, beside shapes and
        numbers; layers that are not named count whole.
    packs : tuple of str
        Ids of rule packs; ``"*"`` stands for all that are chosen.
    about : tuple of str
        How the keys of the rules begin that are looked up (``"sunlight."``); nothing else of the
        packs is seen while the answer is found, and nothing else makes it stale. Empty: all.
    ground : bool
        Whether the terrain counts.
    moment : bool
        Whether the project's moment counts.
    before : str
        Scheme, or project file, that the layers are compared with; "" for none.
    more : dict of str to str
        Hashes of other things it depends on, by the words of ``answers-input-KEY``.
    """

    layers: tuple[str, ...] = ()
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    packs: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    ground: bool = True
    moment: bool = False
    before: str = ""
    more: Mapping[str, str] = field(default_factory=dict)


class Analysis(Protocol):
    """One row of the table of analyses.

    Attributes
    ----------
    key : str
        Its name, such as ``six-lines``; texts are ``analysis-KEY`` and ``analysis-KEY.tip``.
    Params : type
        Frozen dataclass of values that JSON can hold (numbers, texts, tuples); each field with a
        default. A field ``FIELD`` is called ``ask-KEY-FIELD`` or, where there is no such text,
        ``ask-FIELD``; its choices ``choice-FIELD-CHOICE`` or ``choice-CHOICE``.
    group : str
        Where menus show it: ``planning``, ``light``, ``sight``, ``pipes``, ``drill``.
    columns : mapping of str to str
        Key of the heading of a column, where ``value-COLUMN`` does not say it.
    """

    @property
    def key(self) -> str:
        """Its name."""

    @property
    def Params(self) -> type[Any]:  # noqa: N802 - it is a class
        """The class of its parameters."""

    @property
    def group(self) -> str:
        """Where menus show it."""

    @property
    def columns(self) -> Mapping[str, str]:
        """Keys of headings."""

    def run(self, project: Project, params: Any, progress: Progress) -> Outcome:
        """Find the answer; changes nothing, runs in any thread."""

    def reads(self, project: Project, params: Any) -> Reads:
        """Tell what the answer depends on; as cheap as possible."""


def asked(params: type[Any]) -> dict[str, Ask]:
    """Give how each field of a parameter class is asked for, in order."""
    hints = get_type_hints(params)
    out: dict[str, Ask] = {}
    for one in fields(params):
        told = one.metadata.get("ask")
        out[one.name] = told if isinstance(told, Ask) else _by_type(hints[one.name])
    return out


def _by_type(hint: Any) -> Ask:
    plain: dict[Any, What] = {bool: "flag", int: "count", float: "number", str: "text"}
    return Ask(plain.get(hint, "text"))


def params_of(analysis: Analysis, raw: Mapping[str, Any]) -> Any:
    """Make parameters of plain values, as forms, command lines and files hold them.

    Parameters
    ----------
    analysis : Analysis
        Whose.
    raw : mapping of str to value
        By the name of the field; those that are missing take their defaults.

    Raises
    ------
    CityError
        ``analysis.param_unknown``, ``analysis.param_value``, ``analysis.param_missing``.
    """
    rows = asked(analysis.Params)
    for name in raw:
        if name not in rows:
            names = ", ".join(rows)
            raise CityError(
                "analysis.param_unknown",
                f"'{analysis.key}' has no parameter '{name}'.",
                hint=f"it has: {names}",
                analysis=analysis.key,
                name=name,
                names=names,
            )
    return analysis.Params(**{name: checked(name, rows[name], raw[name]) for name in raw})


def checked(name: str, ask: Ask, value: Any) -> Any:
    """Give a plain value as the parameter wants it.

    Raises
    ------
    CityError
        ``analysis.param_value`` where it does not fit, ``analysis.param_missing``.
    """
    if ask.what in NUMBERS:
        number = _number(name, ask, value)
        return round(number) if ask.what == "count" else number
    if ask.what == "flag":
        return bool(value)
    if ask.what == "choice" and value not in ask.choices:
        raise _unfit(name, value, ", ".join(ask.choices))
    if ask.what in SINGLE and not isinstance(value, str):
        raise _unfit(name, value, "one text")
    if ask.what == "texts" and isinstance(value, str):
        value = value.replace(",", " ").split()
    if isinstance(value, list | tuple):
        value = _tuples(value)
    if not ask.optional and value in ("", ()):
        raise CityError(
            "analysis.param_missing",
            f"'{name}' is missing.",
            hint="say what it is",
            name=name,
        )
    return value


def _number(name: str, ask: Ask, value: Any) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not ask.low <= number <= ask.high:
        raise _unfit(name, value, f"{ask.low:g} .. {ask.high:g} {ask.unit}".strip())
    return number


def _unfit(name: str, value: object, allowed: str) -> CityError:
    return CityError(
        "analysis.param_value",
        f"'{value}' does not fit '{name}'.",
        hint=f"allowed: {allowed}",
        name=name,
        value=str(value),
        allowed=allowed,
    )


def _tuples(value: Any) -> Any:
    return tuple(_tuples(v) for v in value) if isinstance(value, list | tuple) else value


def plain_params(params: Any) -> dict[str, Any]:
    """Give parameters as values that JSON can hold."""
    return {name: _lists(value) for name, value in asdict(params).items()}


def _lists(value: Any) -> Any:
    return [_lists(v) for v in value] if isinstance(value, list | tuple) else value


def defaults(params: type[Any]) -> dict[str, Any]:
    """Give the default of each field of a parameter class."""
    return plain_params(params())
