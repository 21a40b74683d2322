"""The page of the settings about the picture: how finely it is drawn, how, and with how much."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QComboBox, QFormLayout, QSpinBox

from app.qt.desk import Desk
from app.qt.dialogs.frame import caption
from app.qt.surfaces import WAYS
from app.qt.widgets.number_field import roomy

CHOICES = {"fineness": ("quick", "usual", "fine"), "surface": WAYS}


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
        self._fields = {name: self._choice(name) for name in CHOICES}
        self._memory = QSpinBox()
        roomy(self._memory)
        self._memory.setObjectName("settings-mesh-memory")
        self._memory.setRange(50, 100_000)
        self._memory.setSingleStep(100)
        self._memory.setSuffix(" MB")
        self._memory.setValue(desk.settings.mesh_mb)
        self._memory.editingFinished.connect(self._bound)
        for field in (self._fields["fineness"], self._memory, self._fields["surface"]):
            key = field.objectName()
            form.addRow(caption(desk, key, field), field)
            form.addRow("", caption(desk, f"{key}-tip", dim=True))
        desk.texts.changed.connect(self._retell)
        self._retell()

    def _choice(self, name: str) -> QComboBox:
        """Make the field of a setting with some values."""
        field = QComboBox()
        field.setObjectName(f"settings-{name}")
        field.setMinimumWidth(200)
        for value in CHOICES[name]:
            field.addItem("", value)
        field.setCurrentIndex(field.findData(getattr(self._desk.settings, name)))
        field.activated.connect(lambda _row: self._keep(name, field.currentData()))
        return field

    def _keep(self, name: str, value: str) -> None:
        setattr(self._desk.settings, name, value)
        self._desk.keep_settings()

    def _bound(self) -> None:
        if self._memory.value() != self._desk.settings.mesh_mb:
            self._desk.settings.mesh_mb = self._memory.value()
            self._desk.keep_settings()

    def _retell(self) -> None:
        for name, field in self._fields.items():
            for row, value in enumerate(CHOICES[name]):
                field.setItemText(row, self._desk.texts.plain(f"settings-{name}-{value}"))
