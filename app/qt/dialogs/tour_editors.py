"""Changing a camera path or a story."""

from __future__ import annotations

import math
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from app.qt.desk import Desk
from app.qt.dialogs.frame import Dialog, caption
from layers.camera_path import CameraPath
from layers.daylight import read_moment
from layers.errors import CityError
from layers.history import Label
from layers.touring import SetTours
from layers.tours import Slide, Story, Tours

LOOKS = ("ahead", "free", "target")


class PathEditor(Dialog):
    """Changes name, time, look and height of a camera path.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    path : CameraPath
        What is changed.
    parent : QWidget
        The window.
    """

    def __init__(self, desk: Desk, path: CameraPath, parent: QWidget) -> None:
        super().__init__(desk, "path-editor", parent)
        self._path = path
        form = QFormLayout()
        self._name = QLineEdit(path.name)
        self._name.setObjectName("path-name")
        self._seconds = self._number("path-seconds", path.seconds, 0.1, 36_000.0, " s")
        self._ease = self._number("path-ease", path.ease, 0.0, 60.0, " s")
        self._look = QComboBox()
        self._look.setObjectName("path-look")
        for look in LOOKS:
            self._look.addItem(desk.texts.t(f"path-look-{look}"), look)
        self._look.setCurrentIndex(LOOKS.index(path.look))
        self._pitch = self._number("path-pitch", math.degrees(path.pitch), -89.0, 60.0, "°")
        self._follow = QCheckBox()
        self._follow.setObjectName("path-follow")
        self._follow.setChecked(path.above is not None)
        desk.texts.bind(self._follow, "setText", "path-follow")
        self._above = self._number("path-above", path.above or 40.0, 0.5, 5000.0, " m")
        self._above.setEnabled(path.above is not None)
        self._follow.toggled.connect(self._above.setEnabled)
        self._closed = QCheckBox()
        self._closed.setObjectName("path-closed")
        self._closed.setChecked(path.closed)
        desk.texts.bind(self._closed, "setText", "path-closed")
        moments = path.moments or ("", "")
        self._start, self._end = QLineEdit(moments[0]), QLineEdit(moments[1])
        for field, name in ((self._start, "path-start"), (self._end, "path-end")):
            field.setObjectName(name)
            field.setPlaceholderText("2026-06-21T08:00")
        for key, widget in (
            ("path-name", self._name), ("path-seconds", self._seconds), ("path-ease", self._ease),
            ("path-look", self._look), ("path-pitch", self._pitch), ("", self._follow),
            ("path-above", self._above), ("", self._closed), ("path-start", self._start),
            ("path-end", self._end),
        ):  # fmt: skip
            form.addRow(caption(desk, key, widget) if key else "", widget)
        self.body.addLayout(form)
        self.add_cancel()
        self.add_button("ok", "button-ok", primary=True).clicked.connect(self._apply)

    def _number(
        self, name: str, value: float, low: float, high: float, unit: str
    ) -> QDoubleSpinBox:
        spin = QDoubleSpinBox()
        spin.setObjectName(name)
        spin.setRange(low, high)
        spin.setDecimals(1)
        spin.setSuffix(unit)
        spin.setValue(value)
        return spin

    def _changed(self) -> CameraPath:
        start, end = self._start.text().strip(), self._end.text().strip()
        moments = (start or end, end or start) if start or end else ()
        for moment in moments:
            read_moment(moment)
        look = self._look.currentData()
        target = self._path.target
        if look == "target" and target is None:
            target = self.desk.viewport.viewpoint.target
        return replace(
            self._path, name=self._name.text().strip(), seconds=self._seconds.value(),
            ease=self._ease.value(), look=look, pitch=math.radians(self._pitch.value()),
            above=self._above.value() if self._follow.isChecked() else None,
            closed=self._closed.isChecked(), moments=moments, target=target,
        )  # fmt: skip

    def _apply(self) -> None:
        def change() -> None:
            tours = self.desk.project.tours
            new = self._changed()
            paths = tuple(new if old.name == self._path.name else old for old in tours.paths)
            label = Label("edit-save-path", {"name": new.name})
            self.desk.session.run(SetTours(Tours(paths, tours.stories), label))

        if self.desk.attempt(change):
            self.accept()


class StoryEditor(Dialog):
    """Changes the slides of a story.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    story : Story
        What is changed.
    parent : QWidget
        The window.
    """

    def __init__(self, desk: Desk, story: Story, parent: QWidget) -> None:
        super().__init__(desk, "story-editor", parent)
        self._story = story
        self.setMinimumSize(640, 420)
        form = QFormLayout()
        self._name = QLineEdit(story.name)
        self._name.setObjectName("story-name")
        form.addRow(caption(desk, "path-name", self._name), self._name)
        self.body.addLayout(form)
        self._table = QTableWidget(0, 4)
        self._table.setObjectName("story-slides")
        self._table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        titles = [desk.texts.t(f"story-{key}") for key in ("view", "text", "hold", "travel")]
        self._table.setHorizontalHeaderLabels(titles)
        self._table.setColumnWidth(0, 150)
        self._table.setColumnWidth(1, 280)
        desk.texts.bind(self._table, "setAccessibleName", "dialog-story-editor")
        for slide in story.slides:
            self._add(slide)
        self.body.addWidget(self._table)
        row = QHBoxLayout()
        self._view = QComboBox()
        self._view.setObjectName("story-view")
        self._view.addItems([view.name for view in desk.project.views])
        desk.texts.bind(self._view, "setAccessibleName", "story-view")
        row.addWidget(self._view, 1)
        for key, does in (
            ("story-add", self._add_view), ("story-up", lambda: self._move(-1)),
            ("story-down", lambda: self._move(1)), ("story-drop", self._drop),
        ):  # fmt: skip
            button = QPushButton()
            button.setObjectName(key)
            desk.texts.bind(button, "setText", key)
            button.clicked.connect(does)
            row.addWidget(button)
        self.body.addLayout(row)
        self.add_cancel()
        self.add_button("ok", "button-ok", primary=True).clicked.connect(self._apply)

    def _add(self, slide: Slide, at: int | None = None) -> None:
        row = self._table.rowCount() if at is None else at
        self._table.insertRow(row)
        cells = (slide.view, slide.text, f"{slide.hold:g}", f"{slide.travel:g}")
        for column, text in enumerate(cells):
            item = QTableWidgetItem(text)
            if column == 0:
                item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEditable)
            self._table.setItem(row, column, item)
        self._table.setCurrentCell(row, 0)

    def _add_view(self) -> None:
        if name := self._view.currentText():
            self._add(Slide(name))

    def _drop(self) -> None:
        if (row := self._table.currentRow()) >= 0:
            self._table.removeRow(row)

    def _move(self, step: int) -> None:
        row = self._table.currentRow()
        if row >= 0 and 0 <= row + step < self._table.rowCount():
            slide = self._slide(row)
            self._table.removeRow(row)
            self._add(slide, row + step)

    def _slide(self, row: int) -> Slide:
        texts = []
        for column in range(4):
            item = self._table.item(row, column)
            texts.append(item.text().strip() if item is not None else "")
        times = []
        for text in texts[2:]:
            try:
                times.append(float(text.replace(",", ".")))
            except ValueError as error:
                raise CityError(
                    "story.seconds",
                    f"The slide '{texts[0]}' stands up to an hour and travels up to ten minutes.",
                    hint="give seconds, such as 6 and 3",
                    view=texts[0],
                ) from error
        return Slide(texts[0], texts[1], *times)

    def _apply(self) -> None:
        def change() -> None:
            tours = self.desk.project.tours
            slides = tuple(self._slide(row) for row in range(self._table.rowCount()))
            new = Story(self._name.text().strip(), slides)
            stories = tuple(new if s.name == self._story.name else s for s in tours.stories)
            label = Label("edit-save-story", {"name": new.name})
            self.desk.session.run(SetTours(Tours(tours.paths, stories), label))

        if self.desk.attempt(change):
            self.accept()
