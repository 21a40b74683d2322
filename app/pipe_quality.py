"""The quality of pipe layers: checked for scripts and commands, written as tables."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app.wording import Wording
from layers.errors import CityError
from layers.kinds.base import Layer
from layers.kinds.pipes import Pipes
from layers.progress import Progress, Silent
from layers.project import Project

if TYPE_CHECKING:
    import pyarrow as pa

    from layers.pipes.quality import QualityParams


def pipe_layers(project: Project, name: str = "") -> list[Layer]:
    """Give the pipe layers of a project, or the one that is named.

    Raises
    ------
    CityError
        ``pipes.none`` where there is none, ``pipes.not_pipes`` where the named one is none.
    """
    if name:
        layer = project.layer(name)
        if not isinstance(layer.data, Pipes):
            raise CityError(
                "pipes.not_pipes",
                f"The layer '{layer.name}' is no layer of pipes.",
                hint="name a layer of the kind pipes",
                name=layer.name,
            )
        return [layer]
    found = [layer for layer in project.layers if isinstance(layer.data, Pipes)]
    if not found:
        raise CityError(
            "pipes.none",
            "The project holds no pipes.",
            hint="import some with 'citystage pipes import'",
        )
    return found


def quality_of(
    project: Project,
    layer: Layer,
    params: QualityParams | None = None,
    progress: Progress | None = None,
) -> pa.Table:
    """Check the quality of one layer; see `layers.pipes.quality.check_quality`."""
    from layers.pipes.quality import QualityParams, check_quality

    assert isinstance(layer.data, Pipes)
    ground = None if project.terrain() is None else project.ground_at
    return check_quality(
        layer.data, params or QualityParams(), ground_at=ground, progress=progress or Silent()
    )


def write_quality(table: pa.Table, path: Path, wording: Wording) -> int:
    """Write findings as CSV or XLSX with headings in the reader's language; give their number.

    Raises
    ------
    CityError
        ``tables.layer_suffix``, ``tables.write``.
    """
    from layers.files.sheets import appearing, write_csv, write_xlsx

    suffix = path.suffix.lower()
    if suffix not in {".csv", ".xlsx"}:
        raise CityError(
            "tables.layer_suffix",
            f"A layer's table cannot be written as '{suffix or path.name}'.",
            hint="use .csv or .xlsx",
            where=path.name,
            suffix=suffix or path.name,
        )
    header = [wording.t(f"pipes-quality-{name}") for name in table.column_names]
    rows = [list(row.values()) for row in worded(table, wording)]
    with appearing(path) as beside:
        if suffix == ".csv":
            write_csv(beside, header, rows)
        else:
            write_xlsx(beside, header, rows, title="quality")
    return len(rows)


def worded(table: pa.Table, wording: Wording) -> list[dict[str, object]]:
    """Give the rows with finding and severity in the reader's language."""
    rows: list[dict[str, object]] = table.to_pylist()
    for row in rows:
        row["issue"] = wording.t(f"pipes-issue-{row['issue']}")
        row["severity"] = wording.t(f"pipes-quality-severity-{row['severity']}")
    return rows
