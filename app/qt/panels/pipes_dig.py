"""The page on which pits and trenches are dug: soil, pipes that are met, owners, the open pit."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import (
    QCheckBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QPushButton,
    QSplitter,
)

from app.answer_words import cell
from app.pipe_digging import OWNER_COLUMNS
from app.qt.desk import Desk
from app.qt.drawing import ask_in_picture
from app.qt.panels.pipes_answer import AnswerPage
from app.qt.panels.result_table import Cell, ResultTable
from app.wording import dashed
from layers.analyses.base import params_of
from layers.analyses.pipe_digging import DIG, dug_of, pit_cut
from layers.analyses.running import snapshot
from layers.kinds.answers import SavedAnalysis
from layers.kinds.pipes import RUN, Pipes
from layers.pipes.excavation import by_owner, offered
from layers.progress import Progress
from layers.rules import chosen
from layers.shapes import Floats

HOW = ("pit", "trench", "pipe", "area", "road")
DRAWN = {"pit": "area", "trench": "line", "area": "area", "road": "line"}
DUG = ("pit", "trench", "pipe")
LISTED = {
    "pipe-dig": ("number", "code", "owner", "contact", "what", "where", "actual_m", "required_m",
                 "exposed_m", "certainty", "status"),
    "pipe-affected": ("what", "name", "code", "owner", "contact", "inside_m", "inside_m2",
                      "share_percent"),
}  # fmt: skip


class DigPage(AnswerPage):
    """Digs, and lists what is met.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, "dig", "pipe-dig")
        self._params: dict[str, Any] = {}
        self._how = self.choice("how", [(how, f"pipes-dig-how-{how}") for how in HOW])
        self._depth = self._figure("depth", 0.1, 60.0, 2.0)
        self._width = self._figure("width", 0.0, 500.0, 0.0)
        self._slope = self._figure("slope", 0.0, 10.0, 0.5)
        self._near = self._figure("near", 0.0, 50.0, 2.0)
        self._slope.setSuffix("")
        self._show_pit = QCheckBox()
        self._show_pit.setObjectName("pipes-dig-show")
        self._show_pit.setChecked(True)
        desk.texts.bind(self._show_pit, "setText", "pipes-dig-show")
        self._go = QPushButton()
        self._go.setObjectName("pipes-dig-go")
        self._go.clicked.connect(lambda _checked=False: self.go())
        self._again = self.button("again", self.again)
        self._offer = self.button("offer", self.offer)
        self.list = ResultTable(desk, "pipes-dig-list")
        self.owners = ResultTable(desk, "pipes-dig-owners")
        self._lay_out()
        self._how.currentIndexChanged.connect(self._show_fields)
        self._show_pit.toggled.connect(self._open_or_close)
        self.list.chosen_row.connect(self._chosen)
        self.list.activated_row.connect(lambda at: self.zoom_to(self._row(at)))
        self.show_answer(None)

    def _figure(self, name: str, low: float, high: float, value: float) -> QDoubleSpinBox:
        field = QDoubleSpinBox()
        field.setObjectName(f"pipes-dig-{name}")
        field.setRange(low, high)
        field.setDecimals(2)
        field.setSingleStep(0.1)
        field.setValue(value)
        field.setSuffix(" m")
        return field

    def _lay_out(self) -> None:
        self.row("how", self._how)
        for name, field in (
            ("depth", self._depth), ("width", self._width), ("slope", self._slope),
            ("near", self._near),
        ):  # fmt: skip
            self.row(name, field)
        self.form.addRow(self._show_pit)
        self.form.addRow(self._go)
        more = QHBoxLayout()
        more.addWidget(self._again)
        more.addWidget(self._offer)
        self.form.addRow(more)
        both = QSplitter()
        both.setObjectName("pipes-dig-both")
        both.addWidget(self.list)
        both.addWidget(self.owners)
        both.setStretchFactor(0, 3)
        both.setStretchFactor(1, 2)
        both.setChildrenCollapsible(False)
        self.desk.texts.bind(self.list, "setAccessibleName", "pipes-dig-list")
        self.desk.texts.bind(self.owners, "setAccessibleName", "pipes-dig-owners")
        self.result.addLayout(self.answer_buttons())
        self.result.addWidget(both, 1)

    # Asking ----------------------------------------------------------------------------------

    def go(self) -> None:
        """Dig what the form says, after it was drawn where it has to be."""
        how = self._how.currentData()
        if how in DRAWN:
            ask_in_picture(self.desk, DRAWN[how], self.drawn)  # type: ignore[arg-type]  # of the table
            return
        found = self._selected_run()
        if found is None:
            self.desk.tell("info", "pipes-dig-no-pipe")
            return
        self._start({"pipe": found[1], "layer": found[0]})

    def drawn(self, points: Floats) -> None:
        """Take the corners or the line of the picture, (k, 2 or 3)."""
        place = points[:, :2].round(3).tolist()
        how = self._how.currentData()
        self._start({"area": place} if DRAWN[how] == "area" else {"line": place})

    def again(self) -> None:
        """Dig at the same place with the figures of the form."""
        names = ("area", "line", "pipe", "layer")
        where: dict[str, Any] = {k: v for k, v in self._params.items() if k in names}
        if where:
            self._start(where)

    def _start(self, where: dict[str, Any]) -> None:
        dug = self._how.currentData() in DUG
        kind = "pipe-dig" if dug else "pipe-affected"
        if kind != self.kind:
            self.start_anew()
        self.kind = kind
        self._params = dict(where)
        if dug:
            self._params |= {
                "depth": self._depth.value(), "width": self._width.value(),
                "slope": self._slope.value(), "near": self._near.value(),
            }  # fmt: skip
        elif "line" in where:
            self._params["width"] = self._width.value() or 20.0
        self.ask_with(self._params)

    def offer(self) -> None:
        """Try the trench of the pipe up to 3 m to either side and tell the best place."""
        pipe = int(self._params.get("pipe", 0))
        layer_id = str(self._params.get("layer", ""))
        if not pipe:
            return
        project, slope, width = (
            snapshot(self.desk.project),
            self._slope.value(),
            self._width.value(),
        )

        def work(progress: Progress) -> list[dict[str, object]]:
            progress.step(0, 1, "progress-digging")
            layers = [layer for layer in project.layers if isinstance(layer.data, Pipes)]
            own = project.layer(layer_id)
            return offered(project, layers, own, pipe, chosen.rules(), slope=slope, width=width)

        self.desk.start(self.desk.texts.t("pipes-dig-offering"), work, self._offered)

    def _offered(self, rows: list[dict[str, Any]]) -> None:
        words, best = self.desk.texts.wording, rows[0]
        self.desk.tell(
            "info", "pipes-dig-offered", aside=words.quantity(best["aside_m"], "m"),
            hits=best["hits"], hands=best["hand_digs"],
            volume=words.quantity(best["volume_m3"], "m3"),
        )  # fmt: skip

    def _selected_run(self) -> tuple[str, int] | None:
        for layer in self.layers():
            data, ids = layer.data, self.desk.session.selection.get(layer.id)
            if ids is None or not isinstance(data, Pipes):
                continue
            rows = data.index_of(ids)
            runs = data.ids[rows[data.role[rows] == RUN]]
            if len(runs) == 1:
                return layer.id, int(runs[0])
        return None

    # Showing ---------------------------------------------------------------------------------

    def main_table(self) -> ResultTable:
        """Give the list of pipes."""
        return self.list

    def start_anew(self) -> None:
        """Leave the answer as it is and close the pit."""
        self._params = {}
        super().start_anew()

    def _fill_layers(self) -> None:
        """Look at all layers; the one of a pipe comes with the pipe."""
        super()._fill_layers()
        self.form.setRowVisible(self._layer, False)

    def _open_or_close(self) -> None:
        """Open the pit in the picture, or close it."""
        if self.item is not None and self.kind == "pipe-dig" and self._show_pit.isChecked():
            if not any(layer.visible for layer in self.layers()):
                self.desk.tell("info", "pipes-dig-hidden")
            params = params_of(DIG, self._params)
            project = self.desk.project
            self.desk.attempt(
                lambda: setattr(self.desk.viewport, "cut", pit_cut(dug_of(project, params)))
            )
        elif (cut := self.desk.viewport.cut) is not None and cut.pit:
            self.desk.viewport.cut = None

    def _show_fields(self) -> None:
        how = self._how.currentData()
        for field, needed in (
            (self._depth, ("pit", "trench")), (self._width, ("trench", "pipe", "road")),
            (self._slope, DUG), (self._near, DUG), (self._show_pit, DUG),
        ):  # fmt: skip
            self.form.setRowVisible(field, how in needed)
        key = "pipes-dig-go" if how in DRAWN else "pipes-dig-go-pipe"
        self._go.setText(self.desk.texts.t(key))
        auto = "pipes-dig-width-auto" if how == "pipe" else ""
        self._width.setSpecialValueText(self.desk.texts.t(auto) if auto else "")
        self._again.setEnabled(bool(self._params) and (self.kind == "pipe-dig") == (how in DUG))
        self._offer.setVisible(how == "pipe")
        self._offer.setEnabled(bool(self._params.get("pipe")))

    def show_answer(self, item: SavedAnalysis | None) -> None:
        """Tell soil and pipes, list pipes and owners, open the pit."""
        self._show_fields()
        self._open_or_close()
        words = self.desk.texts.wording
        if item is None:
            self._told.setText(words.t("pipes-dig-none"))
            self.list.show_rows([], [])
            self.owners.show_rows([], [])
            return
        facts, rows = item.outcome.facts, item.outcome.table.to_pylist()
        self.fill(self.list, rows, LISTED[item.kind])
        self.owners.setVisible(item.kind == "pipe-dig")
        if item.kind == "pipe-affected":
            self._told.setText(words.t(
                "pipes-dig-told-area", surface=words.quantity(float(facts["surface_m2"]), "m2"),
                pipes=facts["pipes_count"], length=words.quantity(float(facts["pipes_m"]), "m"),
                nodes=facts["nodes_count"], buildings=facts["buildings_count"],
                others=facts["others_count"],
            ))  # fmt: skip
            return
        self._told.setText(words.t(
            "pipes-dig-told", volume=words.quantity(float(facts["volume_m3"]), "m3"),
            depth=words.quantity(float(facts["depth_most_m"]), "m"), hits=facts["hits_count"],
            hands=facts["hand_digs_count"],
        ))  # fmt: skip
        self.owners.show_rows(
            [words.t(f"pipe-dig-{dashed(key)}") for key in OWNER_COLUMNS],
            [[Cell(one[key], cell(key, one[key], words)) for key in OWNER_COLUMNS]
             for one in by_owner(item.outcome.table)],
        )  # fmt: skip

    def _row(self, at: int) -> dict[str, Any]:
        """Give a row of the answer."""
        if self.item is None or not 0 <= at < self.item.outcome.table.num_rows:
            return {}
        row: dict[str, Any] = self.item.outcome.table.slice(at, 1).to_pylist()[0]
        return row

    def _chosen(self, at: int) -> None:
        self.select(self._row(at))
