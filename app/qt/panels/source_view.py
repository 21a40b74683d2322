"""Where the chosen layer came from: file, encoding, coordinate system, what the import did."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from app.measure_words import crs_name
from app.qt.desk import Desk
from app.qt.panels.value_list import Line, ValueList
from app.wording import Wording
from layers.files.report import LayerReport
from layers.kinds import KINDS
from layers.kinds.base import Layer


class SourceView(QWidget):
    """The page of the inspector on the chosen layer itself.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("source-view")
        self._desk = desk
        self._name = QLabel()
        self._name.setObjectName("source-layer")
        self._name.setProperty("role", "heading")
        self._name.setWordWrap(True)
        self._empty = QLabel()
        self._empty.setObjectName("source-empty")
        self._empty.setProperty("role", "dim")
        self._empty.setWordWrap(True)
        desk.texts.bind(self._empty, "setText", "source-empty")
        self._list = ValueList(desk, "source-list", "inspector-source")
        self._remarks = QLabel()
        self._remarks.setObjectName("source-remarks")
        self._remarks.setWordWrap(True)
        self._remarks.setTextFormat(Qt.TextFormat.PlainText)
        self._remarks.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._report = QPushButton()
        self._report.setObjectName("source-report")
        desk.texts.bind(self._report, "setText", "source-report")
        self._report.clicked.connect(desk.actions["layer-report"].trigger)
        box = QVBoxLayout(self)
        box.setContentsMargins(8, 8, 8, 8)
        box.setSpacing(8)
        for part in (self._name, self._empty):
            box.addWidget(part)
        box.addWidget(self._list, 1)
        box.addWidget(self._remarks)
        box.addWidget(self._report, 0, Qt.AlignmentFlag.AlignLeft)
        box.addStretch()
        for signal in (desk.layer_chosen, desk.project_edited, desk.texts.changed):
            signal.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the chosen layer."""
        layer = self._desk.layer
        self._empty.setVisible(layer is None)
        for part in (self._name, self._list):
            part.setVisible(layer is not None)
        report = layer.source.report if layer is not None else {}
        self._report.setVisible(bool(report))
        self._remarks.setVisible(bool(report))
        if layer is None:
            return
        words = self._desk.texts.wording
        self._name.setText(layer.name)
        lines = layer_lines(layer, words)
        if report:
            told = LayerReport.from_json(report)
            lines += report_facts(told, words)
            self._remarks.setText("\n".join(words.note(note) for note in told.messages))
            self._remarks.setVisible(bool(told.messages))
        self._list.show_lines(lines)


def layer_lines(layer: Layer, words: Wording) -> list[Line]:
    """Give what a layer is and holds."""
    lines = [Line(words.t("source-kind"), words.kind(layer.kind))]
    if KINDS[layer.kind].shapes != "raster":
        lines.append(Line(words.t("source-objects"), words.number(len(layer.data), 0)))
    box = layer.data.extent()
    if box is not None:
        size = f"{words.quantity(box[2] - box[0], 'm')} × {words.quantity(box[3] - box[1], 'm')}"
        lines.append(Line(words.t("source-size"), size))
    if layer.source.path is not None:
        lines.append(Line(words.t("source-file"), str(layer.source.path)))
    if layer.source.layer:
        lines.append(Line(words.t("source-in-file"), layer.source.layer))
    return lines


def report_facts(report: LayerReport, words: Wording) -> list[Line]:
    """Give the account of the import."""
    number = words.number
    unknown = words.t("value-unknown")
    lines = [Line(words.t("source-crs"), crs_name(report.crs) or unknown)]
    if report.encoding:
        lines.append(Line(words.t("source-encoding"), report.encoding))
    if report.height_steps:
        rule = words.t("report-then").join(words.note(step) for step in report.height_steps)
        lines.append(Line(words.t("source-heights"), rule))
    elif report.height_rule:
        lines.append(Line(words.t("source-heights"), report.height_rule))
    if report.height_defaulted:
        lines.append(Line(words.t("source-defaulted"), number(report.height_defaulted, 0)))
    lines.append(Line(words.t("import-read"), number(report.read, 0)))
    lines.append(Line(words.t("import-kept"), number(report.kept, 0)))
    for key, counts, total in (
        ("import-repaired", report.repaired, report.mended),
        ("import-skipped", report.skipped, sum(report.skipped.values())),
    ):
        below = tuple(
            Line(words.reason(reason), f"{number(count, 0)}  "
                 + words.listed(report.first.get(reason, ())))
            for reason, count in counts.items()
        )  # fmt: skip
        lines.append(Line(words.t(key), number(total, 0), below=below))
    return lines
