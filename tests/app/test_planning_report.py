"""The planning report: one command, all formats, what a committee reads first."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import shapely

from app import api
from app.planning_blocks import blocks_of, new_lines
from app.planning_report import Findings, ReportOptions, find, names_of
from app.wording import Wording
from layers.edits import AddLayer, SetHeight
from layers.errors import CityError
from layers.kinds.base import Features, Layer
from layers.kinds.buildings import Buildings
from layers.paper.document import Heading, Table
from layers.shapes import Shapes
from tests.app.conftest import Run

EAST, NORTH = 508_000.0, 3_378_000.0
SCHEMES = ("A", "B")
EYE = (EAST + 60.0, NORTH - 200.0, 2.0)
TARGET = (EAST + 52.0, NORTH + 300.0, 30.0)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a row of houses with one behind; A makes the long one high, B a little higher."""
    spans = ((-40, -15), (0, 140), (150, 175), (185, 210))
    boxes = [shapely.box(EAST + a, NORTH, EAST + b, NORTH + 20) for a, b in spans]
    boxes.append(shapely.box(EAST + 50, NORTH + 70, EAST + 95, NORTH + 82))
    data = Buildings.blocks(Shapes.from_shapely(boxes), np.full(5, 12.0))
    plot = shapely.box(EAST - 5, NORTH - 5, EAST + 145, NORTH + 100)
    plots = Features.of(
        Shapes.from_shapely([plot]),
        pa.table({"name": ["P1"], "class": ["residential"], "height_max_m": [40.0]}),
    )
    road = shapely.LineString([(EAST - 50, NORTH - 30), (EAST + 250, NORTH - 30)])
    lines = Features.of(
        Shapes.from_shapely([road]),
        pa.table({"class": ["road"], "name": ["Main Street"], "setback": [5.0]}),
    )
    path = tmp_path_factory.mktemp("report") / "town.gpkg"
    with api.new_project(path, crs="EPSG:4547", title="Town") as city:
        for layer in (
            Layer("buildings", "Houses", data, layer_id="houses"),
            Layer("districts", "Plots", plots),
            Layer("control-lines", "Control lines", lines),
        ):
            city.run(AddLayer(layer))
        city.save_view("South", city.overview())
        city.new_scheme("A", note="One tower")
        city.run(SetHeight("houses", 2, 90.0))
        city.activate_scheme("existing")
        city.new_scheme("B")
        city.run(SetHeight("houses", 2, 24.0))
        city.activate_scheme("existing")
        city.analyse("indicators", scheme="A", name="Plots of A", keep=True)
        city.analyse("indicators", name="Plots once", keep=True)
        city.run(SetHeight("houses", 4, 13.0))
        city.save()
    return path


@pytest.fixture(scope="module")
def options() -> ReportOptions:
    return ReportOptions(SCHEMES, day="dahan", look_from=(EYE,), look_to=TARGET)


@pytest.fixture(scope="module")
def found(project: Path, options: ReportOptions) -> Findings:
    with api.open_project(project, read_only=True) as city:
        return find(city.project, options)


def test_one_command_writes_the_report_in_all_formats(
    project: Path, run: Run, tmp_path: Path
) -> None:
    from openpyxl import load_workbook

    files = [tmp_path / f"r{suffix}" for suffix in (".pdf", ".docx", ".xlsx")]
    outs = [word for file in files for word in ("--out", file)]
    code, _, told = run(
        "report", project, "--schemes", "A,B", "--day", "dahan", "--size", "240x135",
        "--look-from", f"{EYE[0]},{EYE[1]},{EYE[2]}", *outs,
    )  # fmt: skip
    assert code == 0, told
    assert files[0].read_bytes().startswith(b"%PDF")
    assert all(file.stat().st_size > 8000 for file in files)
    book = load_workbook(files[2])
    rows = list(book["Figures and indicators"].values)
    assert rows[0][:4] == ("Figure", "Key", "A", "B")
    highest = next(row for row in rows if row[1] == "highest_m")
    assert highest[2:5] == (90.0, 24.0, -66.0)


def test_the_findings_stand_first_and_name_the_better_scheme(
    project: Path, options: ReportOptions, found: Findings
) -> None:
    with api.open_project(project, read_only=True) as city:
        blocks = blocks_of(city.project, options, found, None, Wording("en"))
    heads = [block.text for block in blocks if isinstance(block, Heading) and block.level == 1]
    assert heads[0] == "Findings"
    assert heads[-1] == "Rules and how they are known"
    first = next(block for block in blocks if isinstance(block, Table))
    told = {str(row[0]): row[1:] for row in first.rows}
    assert told["New conflicts with control lines"] == ("0", "0", "equal")
    assert int(str(told["Windows that fall below the rule"][0])) > 0
    assert told["Windows that fall below the rule"][2] == "B"
    assert told["Limits of plots newly broken"][2] in {"B", "equal"}


def test_every_scheme_is_held_against_the_existing_city(found: Findings) -> None:
    assert set(found.answers) == {"existing", "A", "B"}
    assert set(found.sun) == {"A", "B"}
    assert new_lines(found, "A") == []
    (seen,) = found.seen
    assert set(seen.lines) == {"existing", "A", "B"}
    assert seen.lines["A"].angle.max() > seen.lines["existing"].angle.max()
    states = {name: item.outcome.table["seen"][0].as_py() for name, item in seen.sight.items()}
    assert states["existing"]
    assert not states["A"]


def test_stale_answers_are_named_and_their_figures_left_out(
    project: Path, options: ReportOptions, found: Findings
) -> None:
    with api.open_project(project, read_only=True) as city:
        blocks = blocks_of(city.project, options, found, None, Wording("en"))
    at = blocks.index(Heading("Answers kept in the project"))
    kept = next(block for block in blocks[at:] if isinstance(block, Table))
    states = {str(row[0]): str(row[3]) for row in kept.rows}
    assert states["Plots once"] == "stale"
    assert "Plots once" not in [block.text for block in blocks if isinstance(block, Heading)]


def test_the_report_speaks_chinese(project: Path, run: Run, tmp_path: Path) -> None:
    out = tmp_path / "r.docx"
    code, _, told = run(
        "report", project, "--schemes", "A", "--no-sunlight", "--size", "160x90",
        "--words", "zh-CN", "--out", out,
    )  # fmt: skip
    assert code == 0, told
    from docx import Document

    text = "\n".join(paragraph.text for paragraph in Document(str(out)).paragraphs)
    assert "主要结论" in text
    assert "Findings" not in text


def test_a_report_that_cannot_be_made_is_one_sentence(
    project: Path, run: Run, tmp_path: Path
) -> None:
    for words, told in (
        (("--schemes", "Z", "--out", tmp_path / "r.pdf"), "no scheme 'Z'"),
        (("--schemes", "A", "--out", tmp_path / "r.xyz"), "cannot be written as '.xyz'"),
        (("--schemes", "A", "--out", tmp_path / "no" / "r.pdf"), "no folder for r.pdf"),
        (("--schemes", "A", "--look-from", "here", "--out", tmp_path / "r.pdf"), "is no place"),
        (("--schemes", "A", "--views", "Moon", "--out", tmp_path / "r.pdf"), "Moon"),
    ):
        code, _, error = run("report", project, *words)
        assert code == 2
        assert told in error
    with api.open_project(project, read_only=True) as city:
        assert names_of(city.project, ReportOptions(("A",))) == ("existing", "A")
        with pytest.raises(CityError, match="Two schemes"):
            names_of(city.project, ReportOptions(()))
