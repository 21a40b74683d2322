"""The account of an import in words, for the terminal and the window, and as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from app.wording import Wording

if TYPE_CHECKING:
    from layers.files.report import LayerReport


def report_json(project: str, reports: Sequence[LayerReport], wording: Wording) -> dict[str, Any]:
    """Give what ``citystage import --json`` prints.

    Parameters
    ----------
    project : str
        The project file.
    reports : sequence of LayerReport
        One per new layer.
    wording : Wording
        Language of the remarks.

    Returns
    -------
    dict
        ``{"project": ..., "layers": [{"name", "kind", "source", "read", "kept",
        "repaired", "skipped", "objects", "crs", "encoding", "height_rule",
        "height_defaulted", "messages", ...}]}``; ``read`` is ``kept`` plus the sum
        of ``skipped``.
    """
    return {"project": project, "layers": [r.to_json(wording.note) for r in reports]}


def report_lines(report: LayerReport, wording: Wording) -> list[str]:
    """Give the account of one layer as lines of text.

    Parameters
    ----------
    report : LayerReport
        What happened.
    wording : Wording
        Language.
    """
    w = wording
    facts = {
        "read": w.number(report.read, 0),
        "kept": w.number(report.kept, 0),
        "repaired": w.number(report.mended, 0),
        "skipped": w.number(sum(report.skipped.values()), 0),
        "objects": w.number(report.objects, 0),
    }
    lines = [
        w.t("report-layer", name=report.name, kind=w.kind(report.kind), source=_source(report)),
        "  " + w.t("report-counts", **facts),
    ]
    lines += _reasons("report-repaired", report.repaired, report, w)
    lines += _reasons("report-skipped", report.skipped, report, w)
    if report.height_steps:
        rule = w.t("report-then").join(w.note(step) for step in report.height_steps)
        lines.append("  " + w.t("report-heights", rule=rule))
    elif report.height_rule:
        lines.append("  " + w.t("report-heights", rule=report.height_rule))
    if report.height_defaulted:
        count = w.number(report.height_defaulted, 0)
        lines.append("  " + w.t("report-defaulted", count=count))
    lines.append("  " + w.t("report-crs", crs=_crs(report.crs) or w.t("value-unknown")))
    if report.encoding:
        lines.append("  " + w.t("report-encoding", encoding=report.encoding))
    if report.extent is not None:
        west, south, east, north = (w.number(v, 1) for v in report.extent)
        lines.append("  " + w.t("report-extent", west=west, south=south, east=east, north=north))
    lines += ["  " + w.t("report-note", text=w.note(note)) for note in report.messages]
    lines.append("  " + w.t("report-seconds", seconds=w.number(report.seconds, 1)))
    return lines


def report_summary(report: LayerReport, wording: Wording) -> str:
    """Give one sentence on an imported layer, for a line of messages."""
    return wording.t(
        "report-summary",
        name=report.name,
        kept=wording.number(report.kept, 0),
        read=wording.number(report.read, 0),
        repaired=wording.number(report.mended, 0),
        skipped=wording.number(sum(report.skipped.values()), 0),
    )


def _source(report: LayerReport) -> str:
    return f"{report.source} › {report.layer}" if report.layer else report.source


def _reasons(key: str, counts: Mapping[str, int], report: LayerReport, w: Wording) -> list[str]:
    return [
        "  "
        + w.t(
            key,
            reason=w.reason(reason),
            count=w.number(count, 0),
            first=w.listed(report.first.get(reason, ())) or "-",
        )
        for reason, count in counts.items()
    ]


def _crs(text: str) -> str:
    """Shorten WKT to the system's name; leave ``EPSG:...`` as it is, with the name behind."""
    if not text:
        return ""
    from layers.errors import CityError
    from layers.frame import read_crs

    try:
        name = read_crs(text).name
    except CityError:
        return text[:80]
    return f"{text} ({name})" if len(text) < 20 else name
