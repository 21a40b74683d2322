"""Indicators that follow every edit: of the whole site, or of the plots that are selected."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QColor, QShowEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.answer_words import column_name, figure, status_name
from app.live_indicators import LiveFigures, find_figures
from app.qt.asking import ask
from app.qt.desk import Desk
from app.qt.dialogs.frame import heading
from app.qt.jobs import Job
from app.qt.widgets.bars import Columns, Share, ShareBar
from layers.analyses.base import plain_params
from layers.analyses.indicators import IndicatorParams
from layers.analyses.marks import STATUS_COLOURS
from layers.errors import CityError
from layers.files.project_state import shown_copy
from layers.kinds.base import Features
from layers.kinds.buildings import Buildings
from layers.planning.indicators import Zone
from layers.planning.uses import USES
from layers.progress import Progress
from layers.project import Project
from layers.shapes import POLYGON

LINES = (
    "site_m2", "buildings_count", "footprint_m2", "floor_area_m2", "far", "density_percent",
    "green_percent", "storeys_mean", "height_max_m", "dwellings_count", "population_count",
    "parking_count",
)  # fmt: skip
LIMITS = {"far": "far_limit", "density_percent": "density_limit_percent",
          "green_percent": "green_limit_percent", "height_max_m": "height_limit_m"}  # fmt: skip
USE_COLOURS = ("#e8c36a", "#6a9fd0", "#d8705c", "#b184c4", "#a58a6a", "#b0b5b8")
MANY = 20_000  # buildings from which a thread reckons
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
        self._zones: Sequence[Zone] = ()
        self._job: Job | None = None
        self._again = False  # whether the city changed since the job at work began
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
        """Reckon anew and show it; in a large city a thread reckons."""
        project = self._desk.project
        count = sum(len(x.data) for x in project.layers if isinstance(x.data, Buildings))
        if not count or project.frame is None:
            self._show_none(self._desk.texts.t("indicators-none"))
            return
        plots = self._selected_plots()
        self._params = IndicatorParams(way="site")
        if plots is not None:
            self._params = IndicatorParams(zones=plots[0], objects=plots[1])
        if count < MANY:
            try:
                self._show(find_figures(project, self._params, STEPS, self._zones))
            except CityError as error:
                self._failed(error)
        elif self._job is None:
            self._begin(project)
        else:  # of a city that is another one by now
            self._job.cancel()
            self._again = True

    def _begin(self, project: Project) -> None:
        """Let a thread reckon; the figures of before stay until it is done, faint."""
        copy, params, known = shown_copy(project), self._params, self._zones

        def work(progress: Progress) -> LiveFigures:
            return find_figures(copy, params, STEPS, known, progress)

        def done(found: LiveFigures) -> None:
            if not self._again and self._desk.project is project:
                self._show(found)

        title = self._desk.texts.t("progress-indicators")
        self._job = self._desk.jobs.start(title, work, done, self._failed)
        self._job.ended.connect(self._ended)
        self._enable(False)

    def _ended(self) -> None:
        self._job = None
        if self._again:
            self._again = False
            self._later()

    def _enable(self, current: bool) -> None:
        """Show whether the figures are those of the city as it is now."""
        self._keep.setEnabled(current)
        for _, value, verdict in self._rows.values():
            value.setEnabled(current)
            verdict.setEnabled(current)

    def _failed(self, error: Exception) -> None:
        if isinstance(error, CityError):
            self._show_none(" ".join(self._desk.texts.error(error)))
        else:
            self._desk.tell_error(error)

    def _show_none(self, why: str) -> None:
        self._zones = ()
        self._problem.setText(why)
        self._show_rows(False)

    def _show_rows(self, shown: bool) -> None:
        self._problem.setVisible(not shown)
        self._enable(shown)
        for labels in self._rows.values():
            for label in labels:
                label.setVisible(shown)

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

    def _show(self, found: LiveFigures) -> None:
        self._zones, rows = found.zones, found.rows
        self._show_rows(True)
        words = self._desk.texts.wording
        names = [row["zone"] for row in rows[:3]]
        title = words.t("indicators-live") if found.whole else words.t("indicators-selected")
        tail = f": {words.listed(names)}" + (" …" if len(rows) > 3 else "")
        self._title.setText(title if found.whole else title + tail)
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
        steps = [f"<{high:g}" for high in STEPS[1:-1]] + [f">{STEPS[-2]:g}"]
        self._heights.show_values(list(zip(steps, found.heights.tolist(), strict=True)))

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

    def _keep_answer(self) -> None:
        params = plain_params(self._params)
        params["objects"] = [str(number) for number in params["objects"]]
        ask(self._desk, "indicators", params)


def _together(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
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
