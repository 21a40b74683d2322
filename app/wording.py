"""Texts for people, in their language: Fluent files, errors, labels, reasons, numbers, units."""

from __future__ import annotations

import math
import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal, Protocol

from psygnal import SignalInstance

from layers.errors import CityError

if TYPE_CHECKING:
    from fluent.runtime import FluentBundle

LOCALES = ("en", "zh-CN")
HUGE = 1e15  # numbers from here on are written with an exponent
#: How a language calls itself, for the menu that switches it.
OWN_NAMES = {"en": "English", "zh-CN": "简体中文"}
#: Emitted with the new locale when the program's language is switched.
language_changed = SignalInstance((str,))

#: Endings of value names and how to show them: unit text, factor, digits behind the point.
UNITS: dict[str, tuple[str, float, int]] = {
    "m": ("m", 1.0, 2),
    "m2": ("m²", 1.0, 1),
    "m3": ("m³", 1.0, 0),
    "rad": ("°", 180.0 / math.pi, 2),
    "deg": ("°", 1.0, 2),
    "ratio": ("", 1.0, 6),
    "count": ("", 1.0, 0),
    "percent": ("%", 1.0, 1),
    "min": ("min", 1.0, 0),
    "h": ("h", 1.0, 2),
    "ha": ("ha", 1.0, 2),
    "lps": ("L/s", 1.0, 2),
    "mps": ("m/s", 1.0, 2),
}


#: Values that tell a place on earth: metres need seven digits of a degree.
PLACES = frozenset({"longitude_deg", "latitude_deg"})


class Keyed(Protocol):
    """A text by its key with the values it mentions: the `Label` of an edit, an import's `Note`."""

    @property
    def key(self) -> str:
        """Name of the text."""

    @property
    def facts(self) -> Mapping[str, object]:
        """Values that the text mentions."""


@dataclass(frozen=True, slots=True)
class Message:
    """Something to tell the user once: a text by its key, or an error.

    Attributes
    ----------
    level : str
        ``"info"``, ``"warning"`` or ``"error"``.
    key : str
        Name of the text; "" where `error` says it.
    facts : mapping of str to object
        Values that the text mentions.
    error : CityError or None
        The error that is told.
    """

    level: Literal["info", "warning", "error"]
    key: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)
    error: CityError | None = None


class Wording:
    """The texts of one language.

    Parameters
    ----------
    locale : str
        One of ``LOCALES``; anything that starts with ``zh`` counts as ``zh-CN``,
        all else as ``en``.

    Examples
    --------
    >>> Wording("en").t("kind-buildings"), Wording("zh-CN").t("kind-buildings")
    ('Buildings', '建筑')
    """

    def __init__(self, locale: str) -> None:
        self.locale = nearest(locale)

    def has(self, key: str) -> bool:
        """Say whether this very language has the text."""
        return _bundle(self.locale).has_message(key.partition(".")[0])

    def t(self, key: str, **facts: object) -> str:
        """Give a text; falls back to English, then to the key itself.

        Parameters
        ----------
        key : str
            Name of the text, or ``name.attribute``.
        **facts : object
            Values that the text mentions. Whole numbers are written without
            grouping, so that years and numbers of objects stay what they are.
        """
        for locale in dict.fromkeys((self.locale, "en")):
            text, _ = _format(locale, key, facts)
            if text is not None:
                return text
        return key

    def error(self, error: CityError) -> tuple[str, str]:
        """Give an error as (sentence, what to try), the second "" where there is nothing to try.

        The English sentence stands in the code; another language falls back to
        it where a text, or a value that the text mentions, is missing.
        """
        key = f"error-{dashed(error.code)}"
        sentence, hint = error.message, error.hint
        if self.locale != "en":
            kinds = error.code.startswith("import.")
            facts = {n: self._fact(n, value, kinds=kinds) for n, value in error.facts.items()}
            own, complete = _format(self.locale, key, facts)
            if own is not None and complete:
                sentence = own
            if hint:
                own, complete = _format(self.locale, f"{key}.hint", facts)
                hint = own if own is not None and complete else hint
        if error.where:
            sentence = self.t("error-with-place", place=error.where, sentence=sentence)
        return sentence, hint

    def _fact(self, name: str, value: object, *, kinds: bool) -> object:
        """Put into words what stands for itself in a fact: reasons with counts, kinds of layers."""
        if isinstance(value, Mapping):
            return self.listed(f"{self.reason(str(key))} ({n})" for key, n in value.items())
        if kinds and name in ("kind", "kinds") and isinstance(value, str):
            return self.listed(self.kind(kind) for kind in value.split(", "))
        return value

    def reason(self, key: str) -> str:
        """Give the words for why a feature was repaired or skipped (a snake_case key)."""
        return self.t(f"reason-{dashed(key)}")

    def note(self, note: Keyed) -> str:
        """Give one remark of an import or an analysis as a sentence."""
        facts = dict(note.facts)
        if isinstance(said := facts.get("rule"), str):
            facts["rule"] = self.remark(said)
        return self.t(f"note-{dashed(note.key)}", **facts)

    def remark(self, text: str) -> str:
        """Give the remark of a rule in this language; one nobody has translated as it is.

        >>> Wording("zh-CN").remark("with a separating plate"), Wording("en").remark("local: x")
        ('有隔板时', 'local: x')
        """
        key = "rule-note-" + "-".join(re.findall(r"[a-z0-9]+", text.lower()))
        return self.t(key) if text and text.isascii() and self.has(key) else text

    def label(self, label: Keyed) -> str:
        """Give what an edit does, such as *Hide Streets*."""
        return self.t(label.key, **label.facts)

    def message(self, message: Message) -> tuple[str, str]:
        """Give a message as (sentence, what to try)."""
        if message.error is not None:
            return self.error(message.error)
        return self.t(message.key, **message.facts), ""

    def kind(self, key: str) -> str:
        """Give the name of a kind of layer."""
        return self.t(f"kind-{key}")

    def number(self, value: float, digits: int = 2) -> str:
        """Write a number with grouping and a fixed number of digits behind the point.

        >>> Wording("en").number(10613, 0), Wording("en").number(-0.0001)
        ('10,613', '0.00')
        """
        if not math.isfinite(value):
            return self.t("value-unknown")
        rounded = round(value, digits)
        return f"{rounded + 0.0:,.{digits}f}"  # + 0.0 turns -0.0 into 0.0

    def quantity(self, value: float, unit: str) -> str:
        """Write a value with its unit in digits that make sense.

        Parameters
        ----------
        value : float
            In the unit that `unit` names.
        unit : str
            Ending of the value's name: ``m``, ``m2``, ``m3``, ``rad`` (shown in
            degrees), ``deg``, ``ratio``, ``count``, ``percent``.

        Examples
        --------
        >>> w = Wording("en")
        >>> w.quantity(1234.567, "m"), w.quantity(math.pi / 2, "rad"), w.quantity(2.5e6, "m2")
        ('1,234.57 m', '90.00°', '2,500,000 m²')
        """
        sign, factor, digits = UNITS.get(unit, ("", 1.0, 3))
        if not math.isfinite(value):
            return self.t("value-unknown")
        shown = value * factor
        if unit == "m2" and abs(shown) >= 100_000:
            digits = 0
        text = self.number(shown, digits)
        return f"{text}{sign}" if sign in {"", "°", "%"} else f"{text} {sign}"

    def value(self, name: str, value: float) -> str:
        """Write a measured value whose name ends with its unit (``length_m``)."""
        if name == "side_slope_ratio":
            return self.number(value, 2)
        if name == "slope_ratio":
            return self.quantity(value * 100.0, "percent")
        if name in PLACES:
            return f"{self.number(value, 7)}°"
        if name.endswith("_assumed_count"):  # a count of one thing: whether it was so
            return self.t("value-yes" if value else "value-no")
        return self.quantity(value, unit_of(name))

    def value_name(self, name: str) -> str:
        """Give the words for a measured value's name (``length_m``: *Length*)."""
        for key in (f"value-{dashed(name)}", f"value-{dashed(name.rpartition('_')[0])}"):
            text = self.t(key)
            if text != key:
                return text
        return name

    def listed(self, items: Iterable[str]) -> str:
        """Join names the way the language lists things."""
        return self.t("list-separator").join(items)


def unit_of(name: str) -> str:
    """Give the unit a value's name ends with.

    >>> unit_of("ground_area_m2")
    'm2'
    """
    return name.rpartition("_")[2]


def dashed(key: str) -> str:
    """Turn a stable key into the name of its text: dots and underscores become dashes."""
    return key.replace(".", "-").replace("_", "-")


def nearest(locale: str) -> str:
    """Give the language of ours that serves a locale's readers best.

    >>> nearest("zh_TW.UTF-8"), nearest("de_DE")
    ('zh-CN', 'en')
    """
    return "zh-CN" if locale.lower().startswith(("zh", "chinese")) else "en"


def detect(chosen: str = "") -> str:
    """Give the language to use.

    What was asked for on the command line counts first, then ``CITYSTAGE_LANG``, then what the
    user chose in the settings, then the language of the system.
    """
    for text in (*_asked, os.environ.get("CITYSTAGE_LANG", ""), chosen, _system_locale()):
        if text:
            return nearest(text)
    return "en"


def _system_locale() -> str:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        text = os.environ.get(name, "")
        if text and not text.startswith(("C", "POSIX")):
            return text
        if text:
            return ""
    if sys.platform == "win32":
        import ctypes

        buffer = ctypes.create_unicode_buffer(85)
        if ctypes.windll.kernel32.GetUserDefaultLocaleName(buffer, 85):
            return buffer.value
    import locale

    return locale.getlocale()[0] or ""


_current: list[Wording] = []
_asked: list[str] = []  # language of the command line that is being run


def current() -> Wording:
    """Give the wording the program speaks now."""
    if not _current:
        from app.settings import load

        _current.append(Wording(detect(load().language)))
    return _current[0]


def set_current(locale: str) -> Wording:
    """Switch the program's language; emits `language_changed` where it is another one."""
    before = _current[0].locale if _current else None
    _current[:] = [Wording(locale)]
    if before != _current[0].locale:
        language_changed.emit(_current[0].locale)
    return _current[0]


@contextmanager
def spoken(locale: str) -> Iterator[None]:
    """Speak a language whatever the settings say, also in the window; "" leaves the choice."""
    if not locale:
        yield
        return
    _asked[:] = [locale]
    set_current(locale)
    try:
        yield
    finally:
        _asked.clear()


@lru_cache(maxsize=len(LOCALES))
def _bundle(locale: str) -> FluentBundle:
    from fluent.runtime import FluentBundle, FluentResource

    bundle = FluentBundle([locale], use_isolating=False)
    folder = files("app").joinpath("locale", locale)
    for path in sorted(folder.iterdir(), key=lambda p: p.name):
        if path.name.endswith(".ftl"):
            bundle.add_resource(FluentResource(path.read_text(encoding="utf-8")))
    return bundle


def _format(locale: str, key: str, facts: Mapping[str, object]) -> tuple[str | None, bool]:
    """Give a text, None where there is none, and whether all it mentions was there."""
    bundle = _bundle(locale)
    name, _, attribute = key.partition(".")
    if not bundle.has_message(name):
        return None, False
    message = bundle.get_message(name)
    pattern = message.attributes.get(attribute) if attribute else message.value
    if pattern is None:
        return None, False
    args = {fact: _argument(value) for fact, value in facts.items()}
    text, problems = bundle.format_pattern(pattern, args)
    return str(text), not problems


def _argument(value: object) -> Any:
    from fluent.runtime.types import fluent_number

    if isinstance(value, bool) or value is None:
        return "" if value is None else str(value)
    if hasattr(value, "item") and getattr(value, "ndim", None) == 0:
        value = value.item()  # a NumPy number
    if isinstance(value, int | float):
        if not abs(value) < HUGE:  # Babel gives up on these, and on NaN
            return f"{value:g}"
        return fluent_number(value, useGrouping=False)
    return str(value)
