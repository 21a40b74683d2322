"""How pipes are drawn, by command and in job files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from typer.testing import CliRunner

from app.api import new_project, open_project
from app.cli import app
from app.jobs_model import StyleJob
from layers.edits import AddLayer
from layers.kinds.base import Layer
from layers.kinds.pipes import KIND
from layers.pipes.looks import class_colours
from tests.layers.pipes.test_looks import runs


def kept(tmp_path: Path) -> Path:
    """Save a project with a layer of pipes."""
    path = tmp_path / "city.gpkg"
    with new_project(path, crs="EPSG:4547") as city:
        city.run(AddLayer(Layer("pipes", "mains", runs(3), style=KIND.style)))
        city.save()
    return path


def test_the_command_changes_how_pipes_are_drawn_and_keeps_it(tmp_path: Path) -> None:
    path = kept(tmp_path)
    words = ["pipes", "look", str(path), "--mode", "symbols", "--codes", "--errors",
             "--colours", "apwa", "--hide-class", "gas"]  # fmt: skip
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    with open_project(path, read_only=True) as city:
        style = city.project.layer("mains").style
        assert (style.pipe_mode, style.pipe_codes, style.pipe_errors) == ("symbols", True, True)
        assert style.pipe_hidden == ("gas",)
        assert style.colouring == class_colours("apwa")
        data = city.project.layer("mains").features
        assert np.array_equal(data.ids, [1, 2, 3])


def test_wrong_words_are_told_with_those_that_fit(tmp_path: Path) -> None:
    path = kept(tmp_path)
    for words in (["--mode", "wires"], ["--colours", "din"], ["--hide-class", "milk"]):
        done = CliRunner().invoke(app, ["pipes", "look", str(path), *words])
        assert done.exit_code != 0


def test_job_files_take_the_same_words() -> None:
    job = StyleJob.model_validate(
        {"layer": "mains", "pipe_mode": "symbols", "pipe_hidden": ["gas"]}
    )
    assert job.pipe_mode == "symbols"
    assert job.pipe_hidden == ["gas"]
