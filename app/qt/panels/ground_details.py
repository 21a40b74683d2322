"""Below a chosen profile its plot, below cut and fill its level and slopes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QImage, QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QFileDialog,
    QFormLayout,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.ground_plots import plot, write_plot
from app.qt.desk import Desk
from layers.edits import AddLayer
from layers.errors import CityError
from layers.kinds.measurements import Measurement
from layers.planning.earthwork import earthwork, earthwork_layer, measure_cutfill
from layers.planning.profile import profile_along, profile_layer, write_profile

PLOT_HEIGHT = 190  # pixels


class GroundDetails(QWidget):
    """Shows and changes what a profile or an earthwork has beyond its figures.

    Parameters
    ----------
    desk : Desk
        What the window works with.

    Signals
    -------
    changed : (Measurement,)
        Measured again with another level or slope; to be kept under the same number.
    """

    changed = Signal(object)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._item: Measurement | None = None
        self.setObjectName("ground-details")
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._make_profile())
        box.addWidget(self._make_earthwork())
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self._draw)
        desk.texts.changed.connect(self._draw)
        self.show_item(None)

    def show_item(self, item: Measurement | None) -> None:
        """Show what belongs to a measurement; nothing for other kinds."""
        self._item = item
        kind = "" if item is None else item.kind
        self._profile.setVisible(kind == "profile")
        self._earthwork.setVisible(kind == "cutfill")
        self.setVisible(kind in ("profile", "cutfill"))
        if item is not None and kind == "cutfill":
            self._level.setValue(item.values.get("level_m", 0.0))
            self._slope.setValue(item.values.get("side_slope_ratio", 0.0))
        self._draw()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Draw the plot for the new width."""
        super().resizeEvent(event)
        self._later.start(60)

    def _make_profile(self) -> QWidget:
        self._profile = QWidget()
        self._plot = QLabel()
        self._plot.setObjectName("profile-plot")
        self._plot.setMinimumHeight(PLOT_HEIGHT)
        self._plot.setMinimumWidth(120)
        self._plot.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._plot.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._desk.texts.bind(self._plot, "setAccessibleName", "ground-plot")
        box = QVBoxLayout(self._profile)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._plot)
        row = QHBoxLayout()
        for key, does in (
            ("ground-save-plot", self._save_plot),
            ("ground-save-table", self._save_table),
            ("ground-as-lines", self._add_lines),
        ):
            row.addWidget(self._button(key, does))
        row.addStretch(1)
        box.addLayout(row)
        return self._profile

    def _make_earthwork(self) -> QWidget:
        self._earthwork = QWidget()
        form = QFormLayout(self._earthwork)
        form.setContentsMargins(0, 0, 0, 0)
        self._level, self._slope = QDoubleSpinBox(), QDoubleSpinBox()
        for field, key, low, high in (
            (self._level, "ground-level", -500.0, 9000.0),
            (self._slope, "ground-slope", 0.0, 100.0),
        ):
            field.setObjectName(key)
            field.setRange(low, high)
            field.setDecimals(2)
            field.setSingleStep(0.5)
            name = QLabel()
            name.setBuddy(field)
            self._desk.texts.bind(name, "setText", key)
            form.addRow(name, field)
        grid = QGridLayout()  # beside each other they would widen the whole panel
        for key, does, place in (
            ("ground-apply", self._apply, (0, 0, 1, 1)),
            ("ground-as-areas", self._add_areas, (0, 1, 1, 1)),
            ("ground-balance", self._balance, (1, 0, 1, 2)),
        ):
            grid.addWidget(self._button(key, does), *place)
        form.addRow(grid)
        return self._earthwork

    def _button(self, key: str, does: Callable[[], None]) -> QPushButton:
        button = QPushButton()
        button.setObjectName(key)
        self._desk.texts.bind(button, "setText", key)
        button.clicked.connect(lambda _checked=False: does())
        return button

    def _draw(self) -> None:
        item = self._item
        if item is None or item.kind != "profile" or not self._plot.isVisibleTo(self):
            self._plot.clear()
            return
        ratio = self.devicePixelRatioF()
        size = max(int(self.width() * ratio), 120), int(PLOT_HEIGHT * ratio)
        try:
            found = profile_along(self._desk.project, item.points)
            picture = plot(found, size=size, scale=0.85 * ratio, told=False)
        except CityError as error:  # no terrain any more: the figures stay, marked as stale
            self._plot.setText(error.message)
            return
        data = picture.tobytes()
        image = QImage(data, size[0], size[1], 3 * size[0], QImage.Format.Format_RGB888)
        pixmap = QPixmap.fromImage(image.copy())
        pixmap.setDevicePixelRatio(ratio)
        self._plot.setPixmap(pixmap)

    def _save_plot(self) -> None:
        if (path := self._asked("files-plot", ".png")) is not None:
            item = self._chosen()
            self._desk.attempt(
                lambda: write_plot(
                    profile_along(self._desk.project, item.points), path, title=item.name
                )
            )

    def _save_table(self) -> None:
        if (path := self._asked("files-stations", ".xlsx")) is not None:
            points = self._chosen().points
            self._desk.attempt(
                lambda: write_profile(profile_along(self._desk.project, points), path)
            )

    def _asked(self, filters: str, suffix: str) -> Path | None:
        words = self._desk.texts.wording
        start = f"{self._chosen().name}{suffix}"
        name, _ = QFileDialog.getSaveFileName(self, "", start, words.t(filters))
        if not name:
            return None
        path = Path(name)
        return path if path.suffix else path.with_suffix(suffix)

    def _add_lines(self) -> None:
        item = self._chosen()

        def add() -> None:
            found = profile_along(self._desk.project, item.points)
            self._desk.session.run(AddLayer(profile_layer(found, item.name)))

        self._desk.attempt(add)

    def _apply(self) -> None:
        self._measure(self._level.value())

    def _balance(self) -> None:
        self._measure(None)

    def _measure(self, level: float | None) -> None:
        item, project = self._chosen(), self._desk.project

        def measure() -> None:
            fresh = measure_cutfill(project, item.points, level, side_slope=self._slope.value())
            self.changed.emit(replace(fresh, id=item.id, name=item.name, note=item.note))

        self._desk.attempt(measure)

    def _add_areas(self) -> None:
        item, project = self._chosen(), self._desk.project

        def add() -> None:
            values = item.values
            found = earthwork(
                project, item.points, values["level_m"],
                side_slope=values.get("side_slope_ratio", 0.0),
            )  # fmt: skip
            self._desk.session.run(AddLayer(earthwork_layer(found, item.points, item.name)))

        self._desk.attempt(add)

    def _chosen(self) -> Measurement:
        assert self._item is not None
        return self._item
