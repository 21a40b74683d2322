"""Indicators that follow every edit: of the whole site, or of the plots that are selected."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QColor, QShowEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.answer_words import column_name, figure, status_name
from app.qt.asking import ask
from app.qt.desk import Desk
from app.qt.dialogs.frame import heading
from app.qt.widgets.bars import Columns, Share, ShareBar
from app.rules import own_folder
from layers.analyses.base import plain_params
from layers.analyses.indicators import IndicatorParams, reckoned, zones_asked
from layers.analyses.marks import STATUS_COLOURS
from layers.errors import CityError
from layers.kinds.base import Features
from layers.kinds.buildings import Buildings
from layers.planning.indicators import Zone
from layers.planning.uses import USES
from layers.progress import Silent
from layers.rules import chosen
from layers.shapes import POLYGON

LINES = (
    "site_m2", "buildings_count", "footprint_m2", "floor_area_m2", "far", "density_percent",
    "green_percent", "storeys_mean", "height_max_m", "dwellings_count", "population_count",
    "parking_count",
)  # fmt: skip
LIMITS = {"far": "far_limit", "density_percent": "density_limit_percent",
          "green_percent": "green_limit_percent", "height_max_m": "height_limit_m"}  # fmt: skip
USE_COLOURS = ("#e8c36a", "#6a9fd0", "#d8705c", "#b184c4", "#a58a6a", "#b0b5b8")
STEPS = (0.0, 12.0, 24.0, 36.0, 54.0, 80.0, 100.0, 150.0, math.inf)


class IndicatorsPanel(QWidget):
    """The panel of live indicators.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("indicators-panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._desk = desk
        self._params = IndicatorParams(way="site")
        self._zones: list[Zone] = []
        self._zones_for: tuple[object, ...] = ()
        self._waiting = QTimer(self)
        self._waiting.setSingleShot(True)
        self._waiting.setInterval(0)
        self._waiting.timeout.connect(self.refresh)
        self._make()
        for signal in (desk.project_edited, desk.project_changed, desk.selection_changed,
                       desk.texts.changed, desk.theme.changed):  # fmt: skip
            signal.connect(self._later)

    def _make(self) -> None:
        desk = self._desk
        self._title = QLabel()
        self._title.setObjectName("indicators-title")
        self._title.setProperty("role", "heading")
        self._title.setWordWrap(True)
        self._problem = QLabel()
        self._problem.setObjectName("indicators-problem")
        self._problem.setProperty("role", "dim")
        self._problem.setWordWrap(True)
        body = QWidget()
        body.setObjectName("dock-body")
        box = QVBoxLayout(body)
        box.setContentsMargins(10, 8, 10, 8)
        box.setSpacing(8)
        box.addWidget(self._title)
        box.addWidget(self._problem)
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(3)
        grid.setColumnStretch(0, 1)
        self._rows: dict[str, tuple[QLabel, QLabel, QLabel]] = {}
        for at, name in enumerate(LINES):
            labels = (QLabel(), QLabel(), QLabel())
            for column, label in enumerate(labels):
                label.setObjectName(f"indicator-{name}-{column}")
                grid.addWidget(label, at, column)
            labels[0].setProperty("role", "dim")
            labels[1].setAlignment(Qt.AlignmentFlag.AlignRight)
            labels[1].setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._rows[name] = labels
        box.addLayout(grid)
        box.addWidget(heading(desk, "indicators-uses"))
        self._uses = ShareBar(desk, "indicators-uses-bar")
        box.addWidget(self._uses)
        box.addWidget(heading(desk, "indicators-heights"))
        self._heights = Columns(desk, "indicators-heights-columns")
        box.addWidget(self._heights)
        self._keep = QPushButton()
        self._keep.setObjectName("indicators-keep")
        desk.texts.bind(self._keep, "setText", "indicators-keep")
        self._keep.clicked.connect(self._keep_answer)
        box.addWidget(self._keep)
        box.addStretch(1)
        scroll = QScrollArea()
        scroll.setObjectName("indicators-scroll")
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(body)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)

    # Following -------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Catch up."""
        super().showEvent(event)
        self._later()

    def _later(self) -> None:
        if self.isVisible():
            self._waiting.start()

    def refresh(self) -> None:
        """Reckon anew and show it."""
        project, t = self._desk.project, self._desk.texts.t
        some = any(isinstance(layer.data, Buildings) for layer in project.layers)
        try:
            zones = self._find_zones() if some and project.frame is not None else []
        except CityError as error:
            zones = []
            self._problem.setText(" ".join(self._desk.texts.error(error)))
        else:
            self._problem.setText(t("indicators-none"))
        self._problem.setVisible(not zones)
        self._keep.setEnabled(bool(zones))
        for name in LINES:
            for label in self._rows[name]:
                label.setVisible(bool(zones))
        if zones:
            chosen.use([own_folder()])
            found = reckoned(project, zones, self._params, Silent())
            self._show(found.table.to_pylist(), zones)

    def _find_zones(self) -> list[Zone]:
        """Give the selected plots, else the whole site; kept until what they come from changes."""
        project = self._desk.project
        plots = self._selected_plots()
        districts = tuple(layer.data for layer in project.of_kind("districts"))
        others = () if districts else tuple(layer.data for layer in project.of_kind("buildings"))
        key = (plots, *districts, *others)
        same = len(key) == len(self._zones_for) and all(
            a is b or (isinstance(a, tuple) and a == b)
            for a, b in zip(key, self._zones_for, strict=True)
        )
        if not same:
            self._params = IndicatorParams(way="site")
            if plots is not None:
                self._params = IndicatorParams(zones=plots[0], objects=plots[1])
            self._zones = zones_asked(project, self._params)
            self._zones_for = key
        return self._zones

    def _selected_plots(self) -> tuple[str, tuple[int, ...]] | None:
        for layer_id, ids in self._desk.session.selection.items():
            layer = self._desk.project.layer(layer_id)
            if layer.kind == "districts" and isinstance(layer.data, Features):
                at = layer.data.index_of(ids[np.isin(ids, layer.data.ids)])
                areas = layer.data.ids[at[layer.data.shapes.kind[at] == POLYGON]]
                if len(areas):
                    return layer_id, tuple(areas.tolist())
        return None

    # Showing ---------------------------------------------------------------------------------

    def _show(self, rows: list[dict[str, Any]], zones: list[Zone]) -> None:
        words = self._desk.texts.wording
        whole = self._params.way == "site"
        names = [row["zone"] for row in rows[:3]]
        title = words.t("indicators-live") if whole else words.t("indicators-selected")
        tail = f": {words.listed(names)}" + (" …" if len(rows) > 3 else "")
        self._title.setText(title if whole else title + tail)
        row = rows[0] if len(rows) == 1 else _together(rows)
        for name in LINES:
            caption, value, verdict = self._rows[name]
            caption.setText(column_name(name, words))
            value.setText(f"{row[name]:.2f}" if name in {"far", "storeys_mean"}
                          else figure(name, row[name], words))  # fmt: skip
            self._judge(verdict, name, row)
        shares = [
            Share(words.t(f"use-{use}"), words.quantity(row[f"{use}_m2"], "m2"),
                  row[f"{use}_m2"], USE_COLOURS[k])
            for k, use in enumerate(USES)
        ]  # fmt: skip
        self._uses.show_shares(shares)
        self._heights.show_values(self._heights_in(zones))

    def _judge(self, label: QLabel, name: str, row: dict[str, Any]) -> None:
        limit = row.get(LIMITS.get(name, ""))
        if limit is None:
            label.setText("")
            return
        words = self._desk.texts.wording
        status = str(row[f"{name.split('_', maxsplit=1)[0]}_status"])
        told = f"{limit:.2f}" if name == "far" else figure(name, limit, words)
        mark = {"pass": "✓", "fail": "✗", "warning": "!"}.get(status, "")
        label.setText(f"{mark} {words.t('indicators-limit', limit=told)}")
        label.setToolTip(status_name(status, words))
        ink = QColor(STATUS_COLOURS.get(status, STATUS_COLOURS["none"]))
        label.setStyleSheet(f"color: {ink.name()}")

    def _heights_in(self, zones: list[Zone]) -> list[tuple[str, int]]:
        """Count buildings by height; of plots those whose middle lies in one."""
        counts = np.zeros(len(STEPS) - 1, dtype=np.int64)
        for layer in self._desk.project.layers:
            data = layer.data
            if not isinstance(data, Buildings) or not layer.visible:
                continue
            rows = np.flatnonzero(data.part_of == 0)
            if self._params.way != "site":
                import shapely

                middle = shapely.points(data.shapes.centres()[rows])
                inside = np.zeros(len(rows), dtype=bool)
                for zone in zones:
                    inside |= shapely.contains(zone.shape, middle)
                rows = rows[inside]
            counts += np.histogram(data.height[rows], STEPS)[0]
        names = [f"<{high:g}" for high in STEPS[1:-1]] + [f">{STEPS[-2]:g}"]
        return list(zip(names, counts.tolist(), strict=True))

    def _keep_answer(self) -> None:
        params = plain_params(self._params)
        params["objects"] = [str(number) for number in params["objects"]]
        ask(self._desk, "indicators", params)


def _together(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Add the figures of several plots up; ratios are those of the sums."""
    out: dict[str, Any] = {}
    for name, value in rows[0].items():
        if isinstance(value, int | float) and name.endswith(("_m2", "_count")):
            out[name] = sum(row[name] for row in rows)
    site = max(out["site_m2"], 1e-9)
    plan = sum(row["footprint_m2"] for row in rows)
    out["far"] = out["floor_area_m2"] / site
    out["density_percent"] = 100.0 * out["footprint_m2"] / site
    out["green_percent"] = 100.0 * out["green_m2"] / site
    weighted = sum(row["storeys_mean"] * row["footprint_m2"] for row in rows)
    out["storeys_mean"] = weighted / plan if plan else 0.0
    out["height_max_m"] = max(row["height_max_m"] for row in rows)
    return out
