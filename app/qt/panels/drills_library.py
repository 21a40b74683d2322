"""The page of the library: five kinds of drills to begin with, put at a place of the city."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.qt.desk import Desk
from app.qt.drawing import ask_in_picture
from app.qt.drilling import stamp
from layers.drills import edits
from layers.drills.plan import Place
from layers.drills.templates import plan_from, templates

KEY = Qt.ItemDataRole.UserRole
BIG = 36  # points of buttons that are pressed in a hurry


class LibraryPage(QWidget):
    """The templates, and a button to put one at a place.

    Parameters
    ----------
    desk : Desk
        What the window works with.

    Signals
    -------
    made : (int,)
        Number of a plan that was made.
    """

    made = Signal(int)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("archive-library")
        self._desk = desk
        self._list = QListWidget()
        self._list.setObjectName("archive-templates")
        self._list.setWordWrap(True)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._name = QLineEdit()
        self._name.setObjectName("archive-template-name")
        desk.texts.bind(self._name, "setPlaceholderText", "archive-template-name")
        self._put = QPushButton()
        self._put.setObjectName("archive-put")
        self._put.setMinimumHeight(BIG)
        desk.texts.bind(self._put, "setText", "archive-put")
        told = QLabel()
        told.setObjectName("archive-library-told")
        told.setProperty("role", "dim")
        told.setWordWrap(True)
        desk.texts.bind(told, "setText", "archive-library-told")
        box = QVBoxLayout(self)
        box.setContentsMargins(8, 6, 8, 6)
        for part in (told, self._list, self._name, self._put):
            box.addWidget(part)
        self._put.clicked.connect(lambda _on=False: self.ask_place())
        self._list.itemDoubleClicked.connect(lambda _item: self.ask_place())
        desk.texts.follow(self._retell)

    def ask_place(self) -> None:
        """Let the place be clicked in the picture, and make the plan there."""
        ask_in_picture(
            self._desk, "spot",
            lambda hit: self.put((float(hit.point[0]), float(hit.point[1]))),
        )  # fmt: skip

    def put(self, place: Place) -> None:
        """Make a plan of the chosen template at a place."""
        if self._list.currentRow() < 0:
            return
        item, desk = self._list.currentItem(), self._desk
        made = plan_from(
            str(item.data(KEY)), (round(place[0], 2), round(place[1], 2)), name=self._name.text(),
            chinese=desk.texts.locale != "en",
        )  # fmt: skip
        title = desk.texts.wording.kind("drills")
        plan = replace(made, created=stamp(), changed=stamp())
        if desk.run(edits.add_plan(desk.project, plan, layer_name=title)):
            fresh = edits.drills_of(desk.project).plans[-1]
            desk.tell(
                "success", "drill-made", name=fresh.name, steps=len(fresh.steps),
                roles=len(fresh.roles),
            )  # fmt: skip
            self._name.clear()
            self.made.emit(fresh.id)

    def _retell(self) -> None:
        at = max(self._list.currentRow(), 0)
        chinese = self._desk.texts.locale != "en"
        self._list.clear()
        for one in templates():
            name, summary = one.name[not chinese], one.summary[not chinese]
            item = QListWidgetItem(f"{name} ({one.grade})\n{summary}")
            item.setData(KEY, one.key)
            self._list.addItem(item)
        self._list.setCurrentRow(at)
