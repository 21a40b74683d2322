"""Qt's mouse and key events as the tools of the scene understand them, and their cursors."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QCursor, QKeyEvent, QMouseEvent, QPainter, QPixmap, QWheelEvent
from PySide6.QtSvg import QSvgRenderer

from app.qt.theme import ICONS
from scene.tools.events import ALT, CONTROL, SHIFT, KeyEvent, PointerEvent

Button = Literal["", "left", "middle", "right"]
Kind = Literal["press", "move", "release", "wheel", "leave"]
BUTTONS: dict[Qt.MouseButton, Button] = {
    Qt.MouseButton.LeftButton: "left",
    Qt.MouseButton.MiddleButton: "middle",
    Qt.MouseButton.RightButton: "right",
}
KEYS = {
    Qt.Key.Key_Left: "left", Qt.Key.Key_Right: "right", Qt.Key.Key_Up: "up",
    Qt.Key.Key_Down: "down", Qt.Key.Key_PageUp: "page_up", Qt.Key.Key_PageDown: "page_down",
    Qt.Key.Key_Home: "home", Qt.Key.Key_Plus: "plus", Qt.Key.Key_Minus: "minus",
    Qt.Key.Key_Escape: "escape", Qt.Key.Key_Return: "enter", Qt.Key.Key_Enter: "enter",
    Qt.Key.Key_Backspace: "backspace", Qt.Key.Key_Delete: "delete",
}  # fmt: skip
SHAPES = {
    "arrow": Qt.CursorShape.ArrowCursor,
    "open_hand": Qt.CursorShape.OpenHandCursor,
    "closed_hand": Qt.CursorShape.ClosedHandCursor,
    "cross": Qt.CursorShape.CrossCursor,
}
DIGITS = frozenset("0123456789.")
NOTCH = 120.0  # Qt counts eighths of a degree, a notch of a wheel is 15 degrees


def modifiers(held: Qt.KeyboardModifier) -> frozenset[str]:
    """Give the keys that are held."""
    keys = (
        (Qt.KeyboardModifier.ShiftModifier, SHIFT),
        (Qt.KeyboardModifier.ControlModifier, CONTROL),
        (Qt.KeyboardModifier.AltModifier, ALT),
    )
    return frozenset(name for flag, name in keys if held & flag)


def pointer_event(kind: Kind, event: QMouseEvent, ratio: float, *, clicks: int = 1) -> PointerEvent:
    """Turn a mouse event into one of the tools.

    Parameters
    ----------
    kind : str
        ``"press"``, ``"move"`` or ``"release"``.
    event : QMouseEvent
        Qt's.
    ratio : float
        Pixels per point of the screen.
    clicks : int
        2 for the press of a double click.
    """
    button = BUTTONS.get(event.button(), "")
    if kind == "move":
        button = next((name for flag, name in BUTTONS.items() if event.buttons() & flag), "")
    at = event.position()
    return PointerEvent(
        kind, at.x() * ratio, at.y() * ratio, button, modifiers(event.modifiers()), clicks
    )


def wheel_event(event: QWheelEvent, ratio: float) -> PointerEvent:
    """Turn a wheel event into one of the tools; with Alt, Qt turns the axes."""
    at, turned = event.position(), event.angleDelta()
    notches = (turned.y() or turned.x()) / NOTCH
    return PointerEvent(
        "wheel", at.x() * ratio, at.y() * ratio, "", modifiers(event.modifiers()), wheel=notches
    )


def key_event(event: QKeyEvent) -> KeyEvent | None:
    """Turn a key into one of the tools; None for keys that mean nothing to them."""
    key = Qt.Key(event.key())
    name = KEYS.get(key, "")
    if not name and Qt.Key.Key_A <= key <= Qt.Key.Key_Z:
        name = chr(key).lower()
    if not name and event.text() in DIGITS:
        name = event.text()
    return KeyEvent(name, modifiers(event.modifiers())) if name else None


@lru_cache(maxsize=8)
def cursor(shape: str) -> QCursor:
    """Give the pointer's shape for a tool's word."""
    if shape != "turn":
        return QCursor(SHAPES.get(shape, Qt.CursorShape.ArrowCursor))
    drawing = (ICONS / "orbit.svg").read_text(encoding="utf-8")
    out = QPixmap(QSize(24, 24))
    out.fill(Qt.GlobalColor.transparent)
    painter = QPainter(out)
    for ink, width in (("#ffffff", "4"), ("#1d2a32", "1.6")):
        lines = drawing.replace("currentColor", ink).replace(
            'stroke-width="1.6"', f'stroke-width="{width}"'
        )
        QSvgRenderer(QByteArray(lines.encode())).render(painter)
    painter.end()
    return QCursor(out, 12, 12)
