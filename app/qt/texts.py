"""The words of the window: texts that change at once when the language does."""

from __future__ import annotations

import re
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import shiboken6
from PySide6.QtCore import QObject, Signal

from app import wording
from app.wording import Wording
from layers.errors import CityError

T = TypeVar("T", bound=QObject)
MARK = re.compile(r"\(&.\)|&(?!&)")


@dataclass(frozen=True, slots=True)
class _Bound:
    target: weakref.ref[QObject]
    method: str
    key: str
    facts: dict[str, object]


class Texts(QObject):
    """Texts in the language of the user, and the widgets that show them.

    Parameters
    ----------
    locale : str
        ``"en"`` or ``"zh-CN"``.

    Signals
    -------
    changed
        After the language was switched and every bound widget has its new text.
    """

    changed = Signal()

    def __init__(self, locale: str) -> None:
        super().__init__()
        self._wording = Wording(locale)
        wording.set_current(locale)
        self._bound: list[_Bound] = []

    @property
    def locale(self) -> str:
        """The language in use."""
        return self._wording.locale

    @property
    def wording(self) -> Wording:
        """The texts themselves, for reports and pictures."""
        return self._wording

    def t(self, key: str, **facts: object) -> str:
        """Give a text by its key."""
        return self._wording.t(key, **facts)

    def plain(self, key: str, **facts: object) -> str:
        """Give a text without the mark of the letter that opens a menu: ``&`` or ``(&F)``."""
        return MARK.sub("", self.t(key, **facts))

    def error(self, error: CityError) -> tuple[str, str]:
        """Give sentence and hint of an error."""
        sentence, hint = self._wording.error(error)
        return sentence, hint

    def bind(self, target: T, method: str, key: str, **facts: object) -> T:
        """Set a text on a widget now and at every switch of the language; gives the widget.

        Parameters
        ----------
        target : QObject
            Widget or action; it is not kept alive.
        method : str
            Name of the setter, such as ``"setText"``.
        key : str
            Key of the text.
        **facts : object
            Values in the text.
        """
        bound = _Bound(weakref.ref(target), method, key, facts)
        self._bound = [
            old for old in self._bound if not (old.target() is target and old.method == method)
        ]
        self._bound.append(bound)
        self._write(bound)
        return target

    def use(self, locale: str) -> None:
        """Switch the language of everything that is bound."""
        if locale == self.locale:
            return
        self._wording = Wording(locale)
        wording.set_current(locale)
        self._bound = [bound for bound in self._bound if self._write(bound)]
        self.changed.emit()

    def follow(self, refresh: Callable[[], None]) -> None:
        """Call a method of a QObject now and at every switch of the language."""
        refresh()
        self.changed.connect(refresh)

    def _write(self, bound: _Bound) -> bool:
        target = bound.target()
        if target is None or not shiboken6.isValid(target):
            return False
        getattr(target, bound.method)(self.t(bound.key, **bound.facts))
        return True
