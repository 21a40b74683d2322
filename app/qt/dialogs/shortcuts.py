"""Every key and what the mouse does."""

from __future__ import annotations

from html import escape

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QLineEdit, QTextBrowser, QWidget

from app.qt.actions import ROWS
from app.qt.desk import Desk
from app.qt.dialogs.frame import Dialog
from app.qt.panels import PANELS

NATIVE = QKeySequence.SequenceFormat.NativeText
SECTIONS = ("file", "edit", "view", "layer", "tools", "measure", "pipes", "schemes",
            "drills", "help")  # fmt: skip
#: What the mouse and the keys do in the picture; the texts are ``mouse-KEY``, ``mouse-KEY-does``.
MOUSE = (
    "left", "shift-left", "middle", "right", "shift-middle", "ctrl-right", "right-click", "wheel",
    "double", "arrows", "shift-arrows", "n", "escape",
)  # fmt: skip
ROAMING = ("ahead", "rise", "fast", "look")  # keys while flying and walking, ``roam-KEY``
DRAWING = ("end", "back", "digits", "alt", "shift", "escape")  # while drawing, ``draw-KEY``


class ShortcutsDialog(Dialog):
    """The page of shortcuts, with a field to search it.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    parent : QWidget
        The window.
    """

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(desk, "shortcuts", parent)
        self.resize(620, 660)
        self._field = QLineEdit()
        self._field.setObjectName("shortcuts-search")
        self._field.setClearButtonEnabled(True)
        desk.texts.bind(self._field, "setPlaceholderText", "shortcuts-search")
        self._field.textChanged.connect(self._fill)
        self._text = QTextBrowser()
        self._text.setObjectName("shortcuts-text")
        self.body.addWidget(self._field)
        self.body.addWidget(self._text, 1)
        self.add_close()
        desk.texts.changed.connect(self._fill)
        self._fill()

    def _fill(self) -> None:
        typed = self._field.text().strip().lower()
        words = self.desk.texts
        parts = []
        for name, keys in (("mouse", MOUSE), ("roam", ROAMING), ("draw", DRAWING)):
            hands = [(words.t(f"{name}-{key}"), words.t(f"{name}-{key}-does")) for key in keys]
            parts.append(self._table(words.t(f"shortcuts-{name}"), hands, typed))
        for section in SECTIONS:
            rows = [
                (self._keys(row.key), words.plain(f"action-{row.key}").rstrip("…"))
                for row in ROWS
                if row.section == section and row.shortcut
            ]
            title = words.plain(f"menu-{section}")
            parts.append(self._table(title, rows, typed))
        panels = [
            (QKeySequence(row.shortcut).toString(NATIVE), words.plain(f"panel-{row.key}"))
            for row in PANELS
            if row.shortcut
        ]
        parts.append(self._table(words.plain("menu-panels"), panels, typed))
        self._text.setHtml("".join(parts))

    def _keys(self, key: str) -> str:
        return " / ".join(k.toString(NATIVE) for k in self.desk.actions[key].shortcuts())

    def _table(self, title: str, rows: list[tuple[str, str]], typed: str) -> str:
        fitting = [row for row in rows if typed in f"{row[0]} {row[1]} {title}".lower()]
        if not fitting:
            return ""
        c = self.desk.theme.colours
        lines = "".join(
            f'<tr><td width="230" style="padding:3px 16px 3px 0;color:{c.accent}">'
            f'<b>{escape(keys)}</b></td><td style="padding:3px 0">{escape(does)}</td></tr>'
            for keys, does in fitting
        )
        return f'<h3 style="margin:12px 0 4px 0">{escape(title)}</h3><table>{lines}</table>'
