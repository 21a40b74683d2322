"""The page on which pipes are asked for."""

from __future__ import annotations

from app.qt.desk import Desk
from app.qt.panels.pipes_page import PipesPage


class AskPage(PipesPage):
    """Asks for pipes."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "ask")
