"""The properties: of what is selected, of the layer's look, of where the layer came from."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from app.qt.desk import Desk
from app.qt.panels.selection_view import SelectionView
from app.qt.panels.source_view import SourceView
from app.qt.panels.style_editor import StyleEditor


class InspectorPanel(QWidget):
    """The panel of the properties.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("inspector-panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._desk = desk
        self._tabs = QTabWidget()
        self._tabs.setObjectName("inspector-tabs")
        self._tabs.setDocumentMode(True)
        self._tabs.tabBar().setObjectName("inspector-tab-bar")
        self._tabs.tabBar().setExpanding(True)
        for page in (SelectionView(desk), StyleEditor(desk), SourceView(desk)):
            self._tabs.addTab(page, "")
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._tabs)
        desk.texts.follow(self._retell)
        desk.selection_changed.connect(self._follow)

    def _retell(self) -> None:
        for at, key in enumerate(("selection", "style", "source")):
            self._tabs.setTabText(at, self._desk.texts.t(f"inspector-{key}"))

    def _follow(self) -> None:
        """Let the layer commands be about the layer in which something was selected."""
        selection = self._desk.session.selection
        chosen = self._desk.layer
        if selection and (chosen is None or chosen.id not in selection):
            self._desk.choose_layer(max(selection, key=lambda key: len(selection[key])))
