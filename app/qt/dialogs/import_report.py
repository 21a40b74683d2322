"""The account of an import: read, kept, repaired, skipped, and the remarks."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QTextBrowser, QVBoxLayout, QWidget

from app.import_plan import Failed
from app.qt.desk import Desk
from app.qt.dialogs.frame import Dialog
from app.report import report_lines

if TYPE_CHECKING:
    from layers.files.report import LayerReport


class ReportView(QWidget):
    """Shows the reports of imported layers.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._text = QTextBrowser()
        self._text.setObjectName("import-report")
        desk.texts.bind(self._text, "setAccessibleName", "import-report")
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._text)

    def show_reports(self, reports: Sequence[LayerReport], failed: Sequence[Failed]) -> None:
        """Write the account."""
        parts = [self._failure(failure) for failure in failed]
        parts += [self._report(report) for report in reports]
        self._text.setHtml("".join(parts))

    def _report(self, report: LayerReport) -> str:
        words, c = self._desk.texts.wording, self._desk.theme.colours
        skipped = sum(report.skipped.values())
        figures = (
            ("import-read", report.read, c.text),
            ("import-kept", report.kept, c.success),
            ("import-repaired", report.mended, c.text),
            ("import-skipped", skipped, c.warning if skipped else c.text),
            ("import-objects", report.objects, c.text),
        )
        cells = "".join(
            f'<td style="padding-right:26px"><span style="font-size:15pt;font-weight:600;'
            f'color:{colour}">{words.number(value, 0)}</span><br>'
            f'<span style="color:{c.dim}">{escape(words.t(key))}</span></td>'
            for key, value, colour in figures
        )
        lines = "".join(
            f'<p style="margin:1px 0">{escape(line.strip())}</p>'
            for line in report_lines(report, words)[2:]
        )
        kind = escape(words.kind(report.kind))
        return (
            f'<h3 style="margin:18px 0 6px 0">{escape(report.name)} '
            f'<span style="font-weight:400;color:{c.dim}">{kind}</span></h3>'
            f'<table cellspacing="0"><tr>{cells}</tr></table>'
            f'<div style="color:{c.dim}">{lines}</div>'
        )

    def _failure(self, failure: Failed) -> str:
        sentence, hint = self._desk.texts.error(failure.error)
        c = self._desk.theme.colours
        tried = self._desk.texts.t("notice-try", hint=hint) if hint else ""
        return (
            f'<h3 style="color:{c.error};margin:18px 0 6px 0">{escape(failure.what)}</h3>'
            f"<p>{escape(sentence)}</p>"
            f'<p style="color:{c.dim}">{escape(tried)}</p>'
        )


class LayerReportDialog(Dialog):
    """The import report that a layer keeps.

    Parameters
    ----------
    desk : Desk
        What the window works with.
    report : LayerReport
        As the layer's source keeps it.
    parent : QWidget
        The window.
    """

    def __init__(self, desk: Desk, report: LayerReport, parent: QWidget) -> None:
        super().__init__(desk, "layer-report", parent)
        self.resize(720, 460)
        view = ReportView(desk)
        view.show_reports([report], [])
        self.body.addWidget(view, 1)
        self.add_close()
