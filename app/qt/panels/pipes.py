"""The panel of pipes: a list of pages, each made when it is first looked at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QStackedWidget, QWidget

from app.qt.desk import Desk
from app.qt.panels.pipes_ask import AskPage
from app.qt.panels.pipes_burst import BurstPage
from app.qt.panels.pipes_check import CheckPage
from app.qt.panels.pipes_dig import DigPage
from app.qt.panels.pipes_hydraulics import HydraulicsPage
from app.qt.panels.pipes_paper import PaperPage
from app.qt.panels.pipes_plan import PlanPage
from app.qt.panels.pipes_section import SectionPage
from app.qt.panels.pipes_stats import StatsPage
from app.qt.panels.pipes_trace import TracePage
from app.qt.panels.pipes_tunnels import TunnelsPage


@dataclass(frozen=True, slots=True)
class PageRow:
    """One page.

    Attributes
    ----------
    key : str
        Its title is ``pipes-page-KEY``; the action ``pipes-KEY`` opens it.
    make : callable
        Makes the content.
    icon : str
        Name of the icon.
    """

    key: str
    make: Callable[[Desk], QWidget]
    icon: str


PAGES: tuple[PageRow, ...] = (
    PageRow("ask", AskPage, "search"),
    PageRow("stats", StatsPage, "statistics"),
    PageRow("check", CheckPage, "check-rules"),
    PageRow("plan", PlanPage, "pipe-plan"),
    PageRow("section", SectionPage, "measure-profile"),
    PageRow("dig", DigPage, "measure-cutfill"),
    PageRow("trace", TracePage, "link"),
    PageRow("burst", BurstPage, "pipe-burst"),
    PageRow("hydraulics", HydraulicsPage, "pipe-flow"),
    PageRow("tunnels", TunnelsPage, "pipe-tunnel"),
    PageRow("paper", PaperPage, "table-export"),
)


class PipesPanel(QWidget):
    """The pages on what lies underground.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("pipes-panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._desk = desk
        self._made: dict[str, QWidget] = {}
        self._list = QListWidget()
        self._list.setObjectName("pipes-pages")
        self._list.setFixedWidth(168)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setIconSize(QSize(16, 16))
        desk.texts.bind(self._list, "setAccessibleName", "panel-pipes")
        for row in PAGES:
            item = QListWidgetItem()
            item.setData(Qt.ItemDataRole.UserRole, row.key)
            self._list.addItem(item)
        self._stack = QStackedWidget()
        self._stack.setObjectName("pipes-stack")
        box = QHBoxLayout(self)
        box.setContentsMargins(4, 4, 4, 4)
        box.setSpacing(4)
        box.addWidget(self._list)
        box.addWidget(self._stack, 1)
        self._list.currentRowChanged.connect(self._show_row)
        desk.texts.follow(self._retell)
        desk.theme.changed.connect(self._retell)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Ask for room for a form and a table."""
        return QSize(900, 320)

    def page(self, key: str) -> QWidget:
        """Show a page and give it."""
        at = next(i for i, row in enumerate(PAGES) if row.key == key)
        self._list.setCurrentRow(at)
        self._show_row(at)
        return self._made[key]

    def showEvent(self, event: object) -> None:  # noqa: N802 - Qt's name
        """Make the first page only once somebody looks."""
        super().showEvent(event)  # type: ignore[arg-type]  # Qt hands in its own event
        if self._list.currentRow() < 0:
            self._list.setCurrentRow(0)

    def _show_row(self, at: int) -> None:
        row = PAGES[at]
        if row.key not in self._made:
            self._made[row.key] = row.make(self._desk)
            self._stack.addWidget(self._made[row.key])
        self._stack.setCurrentWidget(self._made[row.key])

    def _retell(self) -> None:
        for at, row in enumerate(PAGES):
            item = self._list.item(at)
            item.setText(self._desk.texts.t(f"pipes-page-{row.key}"))
            item.setIcon(QIcon(self._desk.theme.icon(row.icon)))
