"""Contour lines and colours of the ground from the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyogrio
import pytest
from PIL import Image

from app import cli
from app.api import new_project, open_project
from layers.edits import AddLayer
from layers.kinds import kind_of
from layers.kinds.base import Layer
from tests.layers.planning.test_contours import cone

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in this process; gives the exit code, stdout and stderr."""

    def call(*arguments: object) -> tuple[int, str, str]:
        code = cli.main([str(argument) for argument in arguments])
        told = capsys.readouterr()
        return code, told.out, told.err

    return call


@pytest.fixture
def hill(tmp_path: Path) -> Path:
    """Give a project with a cone of land."""
    path = tmp_path / "hill.gpkg"
    city = new_project(crs="EPSG:4547")
    city.run(AddLayer(Layer("terrain", "Land", cone(), style=kind_of("terrain").style)))
    city.save(path)
    city.close()
    return path


def test_contours_are_written_kept_and_shown(hill: Path, tmp_path: Path, run: Run) -> None:
    out = tmp_path / "lines.gpkg"
    code, told, _ = run("contours", hill, "--interval", "10", "--out", out, "--as-layer", "Lines",
                        "--show", "--json")  # fmt: skip
    facts = json.loads(told)
    assert code == 0
    assert (facts["low"], facts["high"]) == (-20.0, 50.0)
    assert len(pyogrio.read_dataframe(out)) == facts["count"]
    with open_project(hill) as city:
        assert len(city.project.layer("Lines").features) == facts["count"]
        assert city.project.layer("Land").style.contours == 10.0


def test_contours_never_overwrite_the_project(hill: Path, run: Run) -> None:
    before = hill.read_bytes()
    code, _, told = run("contours", hill, "--interval", "10", "--out", hill)
    assert code == 2
    assert "project" in told
    assert hill.read_bytes() == before


@pytest.mark.picture
def test_colours_lines_and_exaggeration_change_the_picture(
    hill: Path, tmp_path: Path, run: Run
) -> None:
    pictures = []
    for number, options in enumerate((
        (), ("--colour-by", "Land:slope"), ("--contours", "Land=5"), ("--exaggeration", "3"),
    )):  # fmt: skip
        out = tmp_path / f"{number}.png"
        code, _, told = run("render", hill, "--size", "320x200", "--out", out, *options)
        assert code == 0, told
        pictures.append(np.asarray(Image.open(out)).astype(int))
    assert all(np.abs(other - pictures[0]).sum() > 10_000 for other in pictures[1:])
    assert run("render", hill, "--exaggeration", "20", "--out", tmp_path / "x.png")[0] == 2
