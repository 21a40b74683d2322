"""Start a project: its title and its coordinate system."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QLineEdit, QRadioButton, QWidget

from app.qt.crs_picker import CrsPicker
from app.qt.desk import Desk
from app.qt.dialogs.frame import Dialog, caption


class NewProject(Dialog):
    """Asks for a title and whether the first import shall propose the coordinate system.

    Signals
    -------
    chosen : (crs, title)
        ``crs`` is "" where the first import proposes it.
    """

    chosen = Signal(str, str)

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(desk, "new-project", parent)
        self.resize(560, 520)
        self._title = QLineEdit()
        self._title.setObjectName("project-title")
        desk.texts.bind(self._title, "setPlaceholderText", "new-project-title-example")
        self.body.addWidget(caption(desk, "new-project-title", self._title))
        self.body.addWidget(self._title)
        self.body.addWidget(caption(desk, "new-project-crs"))
        self._later = QRadioButton()
        self._later.setObjectName("crs-later")
        self._now = QRadioButton()
        self._now.setObjectName("crs-now")
        group = QButtonGroup(self)
        for button, key in ((self._later, "new-project-later"), (self._now, "new-project-now")):
            group.addButton(button)
            desk.texts.bind(button, "setText", key)
            self.body.addWidget(button)
        self._later.setChecked(True)
        self._picker = CrsPicker(desk, metric_only=True)
        self._picker.setEnabled(False)
        self.body.addWidget(self._picker, 1)
        self.add_cancel()
        self._create = self.add_button("create", "button-create", primary=True)
        self._create.clicked.connect(self._accept)
        self._now.toggled.connect(self._picker.setEnabled)
        self._now.toggled.connect(self._check)
        self._picker.changed.connect(self._check)

    def _check(self) -> None:
        self._create.setEnabled(self._later.isChecked() or bool(self._picker.crs))

    def _accept(self) -> None:
        crs = self._picker.crs if self._now.isChecked() else ""
        self.chosen.emit(crs, self._title.text().strip())
        self.accept()
