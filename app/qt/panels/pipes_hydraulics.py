"""The page of pressure and flow: computed, then shown over time as colours of the pipes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QHBoxLayout, QLabel, QLineEdit, QSlider

from app.qt.asking import ask
from app.qt.desk import Desk
from app.qt.panels.pipes_page import PipesPage
from app.qt.pipe_tools import listen
from app.qt.widgets.colour_bar import ColourBar
from layers.analyses.pipe_hydraulics import PipeHydraulicsParams, computed, hydraulic_facts
from layers.analyses.running import snapshot
from layers.kinds.pipes import Pipes
from layers.pipes.hydraulics import Hydraulics, run_pressure
from layers.pipes.result_colours import RAMPS, ramp_colours, span
from layers.progress import Progress
from layers.shapes import Floats
from scene.views.pipes import PipesView

TICK = 250  # milliseconds between two times that are played
SHOWS = ("pressure", "flow", "velocity", "change")
STATES = ("before", "after")


@dataclass(frozen=True, slots=True, eq=False)
class _Result:
    layer: str
    pipes: Pipes
    before: Hydraulics
    after: Hydraulics | None


class HydraulicsPage(PipesPage):
    """Computes a water network and lets its pipes tell.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "hydraulics")
        self._result: _Result | None = None
        self._asked: dict[str, object] = {}
        self._values: dict[tuple[str, str], Floats] = {}
        self._make_form()
        self._make_result()
        self._timer = QTimer(self)
        self._timer.setInterval(TICK)
        self._timer.timeout.connect(self._tick)
        desk.project_changed.connect(self.clear)
        desk.project_edited.connect(self._follow)
        self.language_changed.connect(self._show)
        listen(desk, "hydraulics", self.compute)
        self._fill_layers()
        self._show()

    # Parts -----------------------------------------------------------------------------------

    def _make_form(self) -> None:
        self._layer = QComboBox()
        self._layer.setObjectName("pipes-hydraulics-layer")
        self._hours = self._number("hours", 24.0, 8760.0, " h")
        self._run, self._seized = QLineEdit(), QLineEdit()
        self._run.setObjectName("pipes-hydraulics-run")
        self._seized.setObjectName("pipes-hydraulics-seized")
        self._least = self._number("least", 14.0, 200.0, " m")
        for name, field in (
            ("layer", self._layer), ("hours", self._hours), ("run", self._run),
            ("seized", self._seized), ("least", self._least),
        ):  # fmt: skip
            self.row(name, field)
        self._run.setClearButtonEnabled(True)
        self.form.addRow(self.button("go", self.ask, primary=True))

    def _number(self, name: str, value: float, most: float, suffix: str) -> QDoubleSpinBox:
        field = QDoubleSpinBox()
        field.setObjectName(f"pipes-hydraulics-{name}")
        field.setRange(0.0, most)
        field.setDecimals(1)
        field.setValue(value)
        field.setSuffix(suffix)
        return field

    def _make_result(self) -> None:
        self._told = self.dim("told")
        self._what = self.choice("show", [(k, f"pipes-hydraulics-show-{k}") for k in SHOWS])
        self._state = self.choice("state", [(k, f"pipes-hydraulics-state-{k}") for k in STATES])
        for box in (self._what, self._state):
            box.setMinimumContentsLength(16)
        self._time = QSlider(Qt.Orientation.Horizontal)
        self._time.setObjectName("pipes-hydraulics-time")
        self.desk.texts.bind(self._time, "setAccessibleName", "pipes-hydraulics-time")
        self._clock = QLabel()
        self._clock.setObjectName("pipes-hydraulics-clock")
        self._clock.setMinimumWidth(64)
        self._bar = ColourBar("pipes-hydraulics-bar")
        self._play = self.button("play", self._start_or_stop)
        self._play.setCheckable(True)
        self._acts = [self.button("keep", self._keep), self.button("clear", self.clear)]
        top, line, ways = QHBoxLayout(), QHBoxLayout(), QHBoxLayout()
        top.addWidget(self._told, 1)
        for one in self._acts:
            top.addWidget(one, 0, Qt.AlignmentFlag.AlignTop)
        ways.addWidget(self._what)
        ways.addWidget(self._state)
        ways.addStretch(1)
        for widget in (self._play, self._time, self._clock):
            line.addWidget(widget, 1 if widget is self._time else 0)
        for row in (top, ways, line):
            self.result.addLayout(row)
        self.result.addWidget(self._bar)
        self.result.addStretch(1)
        for box in (self._what, self._state):
            box.currentIndexChanged.connect(self._paint)
        self._time.valueChanged.connect(self._paint)

    def _fill_layers(self) -> None:
        now = [(layer.id, layer.name) for layer in self.layers()]
        chosen = self._layer.currentData()
        self._layer.clear()
        for layer_id, name in now:
            self._layer.addItem(name, layer_id)
        self._layer.setCurrentIndex(max(self._layer.findData(chosen), 0))
        self.form.setRowVisible(self._layer, len(now) > 1)

    # Computing ---------------------------------------------------------------------------------

    def compute(self, layer_id: str, run: str, seized: str) -> None:
        """Compute before and after the valves of a burst are closed."""
        self._fill_layers()
        self._layer.setCurrentIndex(max(self._layer.findData(layer_id), 0))
        self._run.setText(run)
        self._seized.setText(seized)
        self.ask()

    def ask(self) -> None:
        """Compute what the form says."""
        desk, project = self.desk, self.desk.project
        params = PipeHydraulicsParams(
            str(self._layer.currentData() or ""), self._hours.value(), 0.0,
            self._run.text().strip(), self._seized.text().strip(), "", self._least.value(),
        )  # fmt: skip
        frozen = snapshot(project)
        self._asked = {
            "layer": params.layer, "hours": params.hours, "run": params.run,
            "seized": params.seized, "least_m": params.least_m,
        }  # fmt: skip

        def work(progress: Progress) -> tuple[Hydraulics, Hydraulics | None]:
            before, after, _ = computed(frozen, params, progress)
            return before, after

        def done(found: tuple[Hydraulics, Hydraulics | None]) -> None:
            layer = next((one for one in project.layers if one.id == params.layer), None)
            if desk.project is project and layer is not None and isinstance(layer.data, Pipes):
                self._take(_Result(layer.id, layer.data, *found))

        desk.start(desk.texts.t("analysis-pipe-hydraulics"), work, done)

    def _take(self, result: _Result) -> None:
        self._result, self._values = result, {}
        states = {"before": result.before} | ({"after": result.after} if result.after else {})
        for state, found in states.items():
            self._values["pressure", state] = run_pressure(result.pipes, found)
            self._values["flow", state] = np.abs(found.flow)
            self._values["velocity", state] = np.abs(found.velocity)
        if result.after is not None:
            change = self._values["pressure", "after"] - self._values["pressure", "before"]
            for state in STATES:
                self._values["change", state] = change
        self._time.setRange(0, len(result.before.seconds) - 1)
        self._state.setCurrentIndex(1 if result.after is not None else 0)
        if result.after is None and self._what.currentData() == "change":
            self._what.setCurrentIndex(0)
        self._show()

    # Showing -----------------------------------------------------------------------------------

    def _show(self) -> None:
        """Tell what was computed and paint the pipes."""
        result = self._result
        for widget in (self._what, self._time, self._clock, self._bar, self._play, *self._acts):
            widget.setVisible(result is not None)
        self._state.setVisible(result is not None and result.after is not None)
        self._play.setVisible(result is not None and len(result.before.seconds) > 1)
        if result is None:
            self._told.setText(self.desk.texts.t("pipes-hydraulics-begin"))
            return
        self._paint()

    def _paint(self) -> None:
        result = self._result
        if result is None:
            return
        state = str(self._state.currentData()) if result.after is not None else "before"
        found = result.after if state == "after" and result.after is not None else result.before
        what = str(self._what.currentData())
        if (what, state) not in self._values:
            what = "pressure"
        at = min(self._time.value(), len(found.seconds) - 1)
        both = [values for (name, _), values in self._values.items() if name == what]
        low, high = span(np.concatenate([values.ravel() for values in both]), what)
        self._bar.show_ramp(RAMPS[what], [f"{v:.3g}" for v in (low, (low + high) / 2.0, high)])
        colours = ramp_colours(np.full(len(result.pipes), np.nan), low, high, what)
        rows = result.pipes.index_of(found.run_ids)
        colours[rows] = ramp_colours(self._values[what, state][at], low, high, what)
        self._tint(colours)
        minutes = int(found.seconds[at]) // 60
        clock = f"{minutes // 60}:{minutes % 60:02d}"
        self._clock.setText(self.desk.texts.t("pipes-hydraulics-at", clock=clock))
        self._tell(found, at, clock)

    def _tell(self, found: Hydraulics, at: int, clock: str) -> None:
        words = self.desk.texts.wording
        facts = hydraulic_facts(found, self._least.value(), at)
        told = words.t(
            "pipes-hydraulics-told", runs=words.number(float(facts["runs"]), 0),
            times=facts["times_count"], clock=clock, low=facts["pressure_min_m"],
            high=facts["pressure_max_m"], velocity=facts["velocity_max_mps"],
            poor=facts["low_pressure_nodes_count"], least=f"{self._least.value():g}",
        )  # fmt: skip
        notes = [words.note(note) for note in found.notes]
        self._told.setText("\n".join([told, *notes]))

    def _tint(self, colours: np.ndarray | None) -> None:
        if self._result is None:
            return
        for pane in self.desk.viewport.panes:
            if not pane.ready:
                continue
            view = pane.stage.views.get(self._result.layer)
            if isinstance(view, PipesView):
                view.tint(colours)
                pane.stage.needs_frame.emit()

    def clear(self) -> None:
        """Give the pipes their usual colours again."""
        self._timer.stop()
        self._play.setChecked(False)
        self._tint(None)
        self._result = None
        self._fill_layers()
        self._show()

    def _follow(self) -> None:
        """Forget a result when its pipes are others."""
        result = self._result
        layers = {layer.id: layer for layer in self.desk.project.layers}
        if result is None:
            self._fill_layers()
        elif result.layer not in layers or layers[result.layer].data is not result.pipes:
            self.clear()
        else:
            self._paint()

    def _start_or_stop(self) -> None:
        if self._play.isChecked():
            self._timer.start()
        else:
            self._timer.stop()

    def _tick(self) -> None:
        if not self.isVisible():
            self._timer.stop()
            self._play.setChecked(False)
            return
        self._time.setValue((self._time.value() + 1) % (self._time.maximum() + 1))

    def _keep(self) -> None:
        """Keep the answer in the project, for the time that is shown."""
        result = self._result
        if result is not None:
            hour = float(result.before.seconds[self._time.value()]) / 3600.0
            ask(self.desk, "pipe-hydraulics", self._asked | {"at_hour": hour})
