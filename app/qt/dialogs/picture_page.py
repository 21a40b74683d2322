"""The page of the settings about the picture: how finely it is drawn, and with how much memory."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QComboBox, QFormLayout, QSpinBox

from app.qt.desk import Desk
from app.qt.dialogs.frame import caption
from app.qt.widgets.number_field import roomy

FINENESS = ("quick", "usual", "fine")


class PicturePage(QObject):
    """Fills a form with the choices about the picture.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    form : QFormLayout
        Takes the fields; its page owns this object.
    """

    def __init__(self, desk: Desk, form: QFormLayout) -> None:
        super().__init__(form)
        self._desk = desk
        self._fineness = QComboBox()
        self._fineness.setObjectName("settings-fineness")
        self._fineness.setMinimumWidth(200)
        for key in FINENESS:
            self._fineness.addItem("", key)
        self._fineness.setCurrentIndex(self._fineness.findData(desk.settings.fineness))
        self._fineness.activated.connect(self._refine)
        form.addRow(caption(desk, "settings-fineness", self._fineness), self._fineness)
        form.addRow("", caption(desk, "settings-fineness-tip", dim=True))
        self._memory = QSpinBox()
        roomy(self._memory)
        self._memory.setObjectName("settings-mesh-memory")
        self._memory.setRange(50, 100_000)
        self._memory.setSingleStep(100)
        self._memory.setSuffix(" MB")
        self._memory.setValue(desk.settings.mesh_mb)
        self._memory.editingFinished.connect(self._bound)
        form.addRow(caption(desk, "settings-mesh-memory", self._memory), self._memory)
        form.addRow("", caption(desk, "settings-mesh-memory-tip", dim=True))
        desk.texts.changed.connect(self._retell)
        self._retell()

    def _refine(self) -> None:
        self._desk.settings.fineness = self._fineness.currentData()
        self._desk.keep_settings()

    def _bound(self) -> None:
        if self._memory.value() != self._desk.settings.mesh_mb:
            self._desk.settings.mesh_mb = self._memory.value()
            self._desk.keep_settings()

    def _retell(self) -> None:
        for row, key in enumerate(FINENESS):
            self._fineness.setItemText(row, self._desk.texts.plain(f"settings-fineness-{key}"))
