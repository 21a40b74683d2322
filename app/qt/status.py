"""The line under the picture: where the pointer is, what is running."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QStatusBar, QToolButton

from app.qt.desk import Desk
from app.qt.widgets.work_line import WorkLine
from layers.errors import CityError
from scene.rays import Hit


class StatusLine(QStatusBar):
    """Coordinates, coordinate system, number of objects, and the job that runs.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("status")
        self.setSizeGripEnabled(False)
        self._desk = desk
        self._hit: Hit | None = None
        self._grid = self._label("status-coordinates")
        self._lonlat = self._label("status-lonlat")
        self._selected = self._label("status-selected")
        self._objects = self._label("status-objects")
        self._scheme = QToolButton()
        self._scheme.setObjectName("status-scheme")
        self._scheme.setAutoRaise(True)
        self._scheme.clicked.connect(desk.actions["schemes-panel"].trigger)
        desk.texts.bind(self._scheme, "setToolTip", "status-scheme-tip")
        desk.theme.set_icon(self._scheme, "schemes", "accent")
        self._scheme.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._crs = QToolButton()
        self._crs.setObjectName("status-crs")
        self._crs.setAutoRaise(True)
        self._crs.clicked.connect(desk.actions["project-settings"].trigger)
        desk.texts.bind(self._crs, "setToolTip", "status-crs-tip")
        self._work = WorkLine(desk)
        for label in (self._grid, self._lonlat):
            self.addWidget(label)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.addPermanentWidget(self._work)
        for widget in (self._selected, self._objects, self._scheme, self._crs):
            self.addPermanentWidget(widget)
        desk.project_edited.connect(self._count)
        desk.selection_changed.connect(self._count)
        desk.texts.changed.connect(self._retell)
        self._count()

    def show_hit(self, hit: Hit | None) -> None:
        """Tell the place under the pointer."""
        self._hit = hit
        frame = self._desk.project.frame
        if hit is None:
            self._grid.setText("")
            self._lonlat.setText("")
            return
        east, north, height = hit.point
        words = self._desk.texts
        height = round(height, 2) + 0.0  # + 0.0 turns -0.0 into 0.0
        self._grid.setText(
            words.t("status-grid", east=f"{east:.2f}", north=f"{north:.2f}", height=f"{height:.2f}")
        )
        text = ""
        if frame is not None:
            try:
                longitude, latitude = frame.lonlat([[east, north]])[0]
                text = words.t(
                    "status-lonlat", longitude=f"{longitude:.6f}", latitude=f"{latitude:.6f}"
                )
            except CityError:
                text = ""  # outside of where the system holds there is no longitude to tell
        self._lonlat.setText(text)

    # Inside ----------------------------------------------------------------------------------

    def _label(self, name: str) -> QLabel:
        label = QLabel()
        label.setObjectName(name)
        return label

    def _count(self) -> None:
        words, project = self._desk.texts, self._desk.project
        number = words.wording.number
        objects = sum(len(layer.data) for layer in project.layers)
        chosen = sum(len(ids) for ids in self._desk.session.selection.values())
        self._objects.setText(words.t("status-objects", count=number(objects, 0)))
        self._objects.setVisible(bool(project.layers))
        self._selected.setText(words.t("status-selected", count=number(chosen, 0)))
        self._selected.setVisible(chosen > 0)
        scheme = project.schemes.active_scheme
        shown = words.t("schemes-existing") if scheme is None else scheme.name
        self._scheme.setText(shown)
        self._scheme.setVisible(bool(project.schemes))
        frame, crs = project.frame, words.t("status-no-crs")
        if frame is not None:
            crs = frame.crs if len(frame.crs) < 30 else frame.name
        self._crs.setText(crs)

    def _retell(self) -> None:
        self._count()
        self.show_hit(self._hit)
