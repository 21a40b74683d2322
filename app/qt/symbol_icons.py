"""Icons of emergency symbols, of the standard's and of users' own."""

from __future__ import annotations

import weakref

from PySide6.QtGui import QIcon, QImage, QPixmap

from layers.drills.symbol_shapes import Symbol
from layers.drills.user_symbols import UserSymbol

AnySymbol = Symbol | UserSymbol
SIDE = 96  # pixels of an icon, for dense screens
_own: weakref.WeakKeyDictionary[UserSymbol, QIcon] = weakref.WeakKeyDictionary()
_known: dict[str, QIcon] = {}


def symbol_name(symbol: AnySymbol, locale: str) -> str:
    """Give the name of a symbol in a language."""
    return symbol.names[1] if locale == "zh-CN" else symbol.names[0]


def symbol_icon(symbol: AnySymbol) -> QIcon:
    """Draw a symbol as an icon."""
    if isinstance(symbol, UserSymbol):
        if symbol not in _own:
            _own[symbol] = _drawn(symbol)
        return _own[symbol]
    key = symbol.code or symbol.key
    if key not in _known:
        _known[key] = _drawn(symbol)
    return _known[key]


def _drawn(symbol: AnySymbol) -> QIcon:
    from scene.symbol_pictures import picture

    image = picture(symbol, "", SIDE)
    raw = QImage(image.tobytes(), SIDE, SIDE, 4 * SIDE, QImage.Format.Format_RGBA8888)
    return QIcon(QPixmap.fromImage(raw.copy()))
