"""How the window looks: two palettes, one style sheet, and icons in the palette's colours."""

from __future__ import annotations

import weakref
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from string import Template
from typing import Literal

import shiboken6
from PySide6.QtCore import QByteArray, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QIcon, QPainter, QPalette
from PySide6.QtGui import QPixmap as Pixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

ICONS = Path(__file__).parent / "icons"
Mode = Literal["system", "light", "dark"]
#: Chinese faces by system, the first one that is installed is taken.
CHINESE_FACES = (
    "Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei UI", "Microsoft YaHei",
    "PingFang SC", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "SimHei",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Colours:
    """Colours of one theme, ``#rrggbb``."""

    window: str
    panel: str
    base: str
    alternate: str
    text: str
    dim: str
    faint: str
    border: str
    hover: str
    pressed: str
    accent: str
    accent_text: str
    accent_soft: str
    error: str
    warning: str
    success: str
    tooltip: str


LIGHT = Colours(
    window="#eef1f3", panel="#f7f9fa", base="#ffffff", alternate="#f6f8f9", text="#1d2a32",
    dim="#5b6b75", faint="#7f8d96", border="#d3dade", hover="#e3eaec", pressed="#d3dfe1",
    accent="#0b7285", accent_text="#ffffff", accent_soft="#d5ecef", error="#c0392b",
    warning="#b26a00", success="#2b8a3e", tooltip="#22323b",
)  # fmt: skip
DARK = Colours(
    window="#1a2126", panel="#20292f", base="#161c20", alternate="#1b2227", text="#e3eaed",
    dim="#9fb0b9", faint="#75878f", border="#33414a", hover="#2c3841", pressed="#36454f",
    accent="#2aa7bb", accent_text="#06181c", accent_soft="#1d434b", error="#ff7b6e",
    warning="#f2b04c", success="#62c97a", tooltip="#0e1316",
)  # fmt: skip


class Theme(QObject):
    """The look in force, and the things that wear its icons.

    Parameters
    ----------
    mode : str
        ``"system"`` follows the desktop, or ``"light"``, ``"dark"``.

    Signals
    -------
    changed
        After the application wears the new look.
    """

    changed = Signal()

    def __init__(self, mode: Mode = "system") -> None:
        super().__init__()
        self._mode: Mode = mode
        self._icons: list[tuple[weakref.ref[QObject], str, str]] = []
        hints = QGuiApplication.styleHints()
        hints.colorSchemeChanged.connect(self._system_changed)

    @property
    def mode(self) -> Mode:
        """What was asked for."""
        return self._mode

    @property
    def dark(self) -> bool:
        """Whether the dark colours are in force."""
        if self._mode == "system":
            scheme = QGuiApplication.styleHints().colorScheme()
            return bool(scheme == Qt.ColorScheme.Dark)
        return self._mode == "dark"

    @property
    def colours(self) -> Colours:
        """The colours in force."""
        return DARK if self.dark else LIGHT

    def use(self, mode: Mode) -> None:
        """Switch the look of the whole application; costs nothing where it has that look."""
        before, self._mode = self.colours, mode
        if self.colours is not before:
            self.apply()

    def apply(self) -> None:
        """Dress the application."""
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        colours = self.colours
        app.setPalette(palette(colours))
        app.setStyleSheet(style_sheet(colours, dark=self.dark))
        self._icons = [row for row in self._icons if self._wear(*row)]
        self.changed.emit()

    def set_icon(self, target: QObject, name: str, colour: str = "text") -> None:
        """Put an icon on an action or a button, now and whenever the colours change.

        Parameters
        ----------
        target : QObject
            Has ``setIcon``; it is not kept alive.
        name : str
            File name in ``icons/`` without its ending.
        colour : str
            Field of `Colours`.
        """
        self._icons = [row for row in self._icons if row[0]() is not target]
        row = (weakref.ref(target), name, colour)
        self._icons.append(row)
        self._wear(*row)

    def icon(self, name: str, colour: str = "text") -> QIcon:
        """Give an icon in a colour of the look in force."""
        return icon(name, getattr(self.colours, colour), self.colours.faint)

    def _wear(self, target: weakref.ref[QObject], name: str, colour: str) -> bool:
        thing = target()
        if thing is None or not shiboken6.isValid(thing):
            return False
        thing.setIcon(self.icon(name, colour))  # type: ignore[attr-defined]  # set_icon asks for it
        return True

    def _system_changed(self) -> None:
        if self._mode == "system":
            self.apply()


@lru_cache(maxsize=512)
def icon(name: str, colour: str, faint: str) -> QIcon:
    """Draw an icon in a colour, sharp at every usual size and screen."""
    made = QIcon()
    for size in (16, 20, 24, 32, 48):
        for mode, ink in ((QIcon.Mode.Normal, colour), (QIcon.Mode.Disabled, faint)):
            for ratio in (1.0, 2.0):
                made.addPixmap(pixmap(name, ink, QSize(size, size), ratio), mode)
    return made


def pixmap(name: str, colour: str, size: QSize, ratio: float = 1.0) -> Pixmap:
    """Draw one of our pictures.

    Parameters
    ----------
    name : str
        File name in ``icons/`` without its ending.
    colour : str
        What ``currentColor`` becomes, ``#rrggbb``.
    size : QSize
        In points.
    ratio : float
        Pixels per point.
    """
    drawing = (ICONS / f"{name}.svg").read_text(encoding="utf-8").replace("currentColor", colour)
    out = Pixmap(size * ratio)
    out.fill(Qt.GlobalColor.transparent)
    painter = QPainter(out)
    QSvgRenderer(QByteArray(drawing.encode())).render(
        painter, QRectF(0, 0, size.width() * ratio, size.height() * ratio)
    )
    painter.end()
    out.setDevicePixelRatio(ratio)
    return out


def palette(c: Colours) -> QPalette:
    """Turn colours into a palette."""
    role = QPalette.ColorRole
    out = QPalette()
    for where, colour in (
        (role.Window, c.panel), (role.WindowText, c.text), (role.Base, c.base),
        (role.AlternateBase, c.alternate), (role.Text, c.text), (role.Button, c.panel),
        (role.ButtonText, c.text), (role.BrightText, c.error), (role.Highlight, c.accent),
        (role.HighlightedText, c.accent_text), (role.ToolTipBase, c.tooltip),
        (role.ToolTipText, "#f2f6f7"), (role.PlaceholderText, c.faint), (role.Link, c.accent),
        (role.LinkVisited, c.accent), (role.Mid, c.border), (role.Accent, c.accent),
    ):  # fmt: skip
        out.setColor(where, QColor(colour))
    for where in (role.WindowText, role.Text, role.ButtonText):
        out.setColor(QPalette.ColorGroup.Disabled, where, QColor(c.faint))
    out.setColor(QPalette.ColorGroup.Disabled, role.Highlight, QColor(c.border))
    return out


def style_sheet(c: Colours, *, dark: bool) -> str:
    """Fill the style sheet with colours."""
    values = {name: getattr(c, name) for name in c.__dataclass_fields__}
    text = (ICONS.parent / "window.qss").read_text(encoding="utf-8")
    arrows = "light" if dark else "dark"
    return Template(text).substitute(values, icons=ICONS.as_posix(), arrows=arrows)


def application_font() -> QFont:
    """Give the system's font with a Chinese face behind it, at a readable size."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    installed = set(QFontDatabase.families())
    chinese = [face for face in CHINESE_FACES if face in installed][:1]
    plain = font.family() in {"Sans", "Sans Serif", "DejaVu Sans", "sans-serif", ""}
    font.setFamilies(chinese if plain and chinese else [font.family(), *chinese])
    font.setPointSizeF(max(font.pointSizeF(), 9.5))
    return font
