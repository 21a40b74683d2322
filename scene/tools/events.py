"""What tools are told: where the pointer is, what is pressed; free of any window system."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

SHIFT, CONTROL, ALT = "shift", "control", "alt"
LEFT, MIDDLE, RIGHT = "left", "middle", "right"
DRAG_FROM = 4.0  # pixels the pointer moves before a click is a drag


@dataclass(frozen=True, slots=True)
class PointerEvent:
    """One thing the pointer did.

    Attributes
    ----------
    kind : str
        ``"press"``, ``"move"``, ``"release"``, ``"wheel"`` or ``"leave"``.
    x, y : float
        Pixels of the picture (not of the screen) from its top left corner.
    button : str
        The button pressed or released, or held while moving; "" for none.
    modifiers : frozenset of str
        Of ``SHIFT``, ``CONTROL``, ``ALT``.
    clicks : int
        2 for the press of a double click.
    wheel : float
        Notches turned, positive away from the user; touch pads give parts.
    """

    kind: str
    x: float
    y: float
    button: str = ""
    modifiers: frozenset[str] = frozenset()
    clicks: int = 1
    wheel: float = 0.0


@dataclass(frozen=True, slots=True)
class KeyEvent:
    """A key that went down.

    Attributes
    ----------
    key : str
        ``"left"``, ``"right"``, ``"up"``, ``"down"``, ``"page_up"``, ``"page_down"``,
        ``"home"``, ``"plus"``, ``"minus"``, ``"escape"``, ``"enter"``, ``"backspace"``,
        ``"delete"`` or a letter.
    modifiers : frozenset of str
        Of ``SHIFT``, ``CONTROL``, ``ALT``.
    """

    key: str
    modifiers: frozenset[str] = frozenset()


class Tool(Protocol):
    """Gets events; each method says whether the event is used up."""

    @property
    def cursor(self) -> str:
        """Shape of the pointer: ``arrow``, ``open_hand``, ``closed_hand``, ``cross``, ``turn``."""

    def pointer(self, event: PointerEvent) -> bool:
        """Take what the pointer did."""

    def key(self, event: KeyEvent) -> bool:
        """Take a key."""

    def cancel(self) -> None:
        """Stop what is under way; the tool is changed or the window lost the pointer."""
