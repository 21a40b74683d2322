"""What stands in the menus: each entry can be chosen by a letter of its own."""

from __future__ import annotations

import re

import pytest

from app.qt.menus import MENUS, SUBMENUS
from app.wording import LOCALES, Wording


@pytest.mark.parametrize("locale", LOCALES)
def test_entries_of_one_menu_have_letters_of_their_own(locale: str) -> None:
    wording, wrong = Wording(locale), []
    for menu, rows in (*MENUS, *SUBMENUS.items()):
        seen: dict[str, str] = {}
        for row in filter(None, rows):
            text = wording.t(f"menu-{row[1:]}" if row.startswith("=") else f"action-{row}")
            letter = re.search(r"&(\w)", text)
            key = letter[1].upper() if letter else ""
            if not key or key in seen:
                wrong.append(f"{menu}: {text} {seen.get(key, '')}".strip())
            seen[key] = text
    assert wrong == []
