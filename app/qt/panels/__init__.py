"""The table of the panels around the picture; a new panel is a module here and a row below."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.qt.desk import Desk
from app.qt.panels.answers import AnswersPanel
from app.qt.panels.attributes import AttributesPanel
from app.qt.panels.crowd import CrowdPanel
from app.qt.panels.drills import DrillsPanel
from app.qt.panels.drills_archive import ArchivePanel
from app.qt.panels.indicators import IndicatorsPanel
from app.qt.panels.inside import InsidePanel
from app.qt.panels.inspector import InspectorPanel
from app.qt.panels.layer_tree import LayerTree
from app.qt.panels.live import LivePanel
from app.qt.panels.measurements import MeasurementsPanel
from app.qt.panels.messages import MessagesPanel
from app.qt.panels.pipes import PipesPanel
from app.qt.panels.resources import ResourcesPanel
from app.qt.panels.schemes import SchemesPanel
from app.qt.panels.sun import SunPanel
from app.qt.panels.themes import ThemesPanel
from app.qt.panels.tours import ToursPanel
from app.qt.panels.views import ViewsPanel

LEFT, RIGHT, BOTTOM = (
    Qt.DockWidgetArea.LeftDockWidgetArea,
    Qt.DockWidgetArea.RightDockWidgetArea,
    Qt.DockWidgetArea.BottomDockWidgetArea,
)


@dataclass(frozen=True, slots=True)
class PanelRow:
    """One panel.

    Attributes
    ----------
    key : str
        Its title is ``panel-KEY``, its icon ``KEY``.
    make : callable
        Makes the content.
    area : Qt.DockWidgetArea
        Where it stands at first.
    stacked : bool
        Behind the panel before it in the same area, as a tab; else below or beside it.
    shown : bool
        Whether it is open at first.
    size : int
        Width (left, right) or height (bottom) at first, points.
    shortcut : str
        Keys that show or hide it.
    """

    key: str
    make: Callable[[Desk], QWidget]
    area: Qt.DockWidgetArea
    stacked: bool = False
    shown: bool = True
    size: int = 300
    shortcut: str = ""


PANELS: tuple[PanelRow, ...] = (
    PanelRow("layers", LayerTree, LEFT, size=290, shortcut="Ctrl+Shift+L"),
    PanelRow("views", ViewsPanel, LEFT, size=290, shortcut="Ctrl+Shift+V"),
    PanelRow("tours", ToursPanel, LEFT, stacked=True, size=290, shortcut="Ctrl+Shift+P"),
    PanelRow("inspector", InspectorPanel, RIGHT, size=330, shortcut="Ctrl+Shift+I"),
    PanelRow(
        "measurements", MeasurementsPanel, RIGHT, stacked=True, size=330, shortcut="Ctrl+Shift+K"
    ),
    PanelRow(
        "schemes", SchemesPanel, RIGHT, stacked=True, shown=False, size=330, shortcut="Ctrl+Shift+D"
    ),
    PanelRow("sun", SunPanel, RIGHT, stacked=True, shown=False, size=330, shortcut="Ctrl+Shift+N"),
    PanelRow(
        "inside", InsidePanel, RIGHT, stacked=True, shown=False, size=330, shortcut="Ctrl+Shift+U"
    ),
    PanelRow(
        "themes", ThemesPanel, LEFT, stacked=True, shown=False, size=290, shortcut="Ctrl+Shift+H"
    ),
    PanelRow(
        "indicators",
        IndicatorsPanel,
        RIGHT,
        stacked=True,
        shown=False,
        size=330,
        shortcut="Ctrl+Shift+J",
    ),
    PanelRow("resources", ResourcesPanel, RIGHT, stacked=True, shown=False, size=330),
    PanelRow("crowd", CrowdPanel, RIGHT, stacked=True, shown=False, size=330),
    PanelRow(
        "live", LivePanel, RIGHT, stacked=True, shown=False, size=330, shortcut="Ctrl+Shift+O"
    ),
    PanelRow("attributes", AttributesPanel, BOTTOM, shown=False, size=260, shortcut="Ctrl+Shift+T"),
    PanelRow(
        "pipes", PipesPanel, BOTTOM, stacked=True, shown=False, size=320, shortcut="Ctrl+Shift+G"
    ),
    PanelRow(
        "drills", DrillsPanel, BOTTOM, stacked=True, shown=False, size=360, shortcut="Ctrl+Shift+Y"
    ),
    PanelRow("archive", ArchivePanel, BOTTOM, stacked=True, shown=False, size=360),
    PanelRow(
        "answers",
        AnswersPanel,
        BOTTOM,
        stacked=True,
        shown=False,
        size=300,
        shortcut="Ctrl+Shift+R",
    ),
    PanelRow(
        "messages",
        MessagesPanel,
        BOTTOM,
        stacked=True,
        shown=False,
        size=190,
        shortcut="Ctrl+Shift+M",
    ),
)
