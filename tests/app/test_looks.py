"""Looks and built layers from scripts: Python, commands, job files."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from app import api
from app.cli import app
from app.jobs_model import PictureJob, StyleJob
from layers.errors import CityError
from tests.app.qt.conftest import town


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """A small town as a project file."""
    from layers.files.project_file import save_project

    path = tmp_path / "town.gpkg"
    save_project(town(), path)
    return path


@pytest.mark.picture
def test_a_picture_takes_a_look_and_a_view_keeps_one(saved: Path) -> None:
    with api.open_project(saved) as city:
        size = (160, 120)
        day = city.render(size=size, furniture=False)
        night = city.render(size=size, furniture=False, look="night")
        assert night.pixels[..., :3].mean() < 0.6 * day.pixels[..., :3].mean()
        city.save_view("dark", city.overview(), look="night")
        again = city.render("dark", size=size, furniture=False)
        assert abs(again.pixels.mean() - night.pixels.mean()) < 2  # from a little farther away
        city.set_info(look="night")
        assert (
            city.render(size=size, furniture=False).pixels[..., :3].mean()
            < 0.6 * day.pixels[..., :3].mean()
        )
        with pytest.raises(CityError) as caught:
            city.render(look="sepia")
        assert caught.value.code == "look.unknown"


@pytest.mark.picture
def test_render_and_views_know_looks_by_their_chinese_names(saved: Path, tmp_path: Path) -> None:
    out = tmp_path / "night.png"
    run = CliRunner()
    done = run.invoke(
        app, ["render", str(saved), "--look", "夜景", "--size", "160x120", "-o", str(out)]
    )
    assert done.exit_code == 0, done.output
    assert out.is_file()
    done = run.invoke(app, ["views", str(saved), "--save", "a", "--look", "灰模", "--json"])
    assert done.exit_code == 0, done.output
    assert '"look": "white"' in done.output


def test_layers_are_switched_between_built_and_plain(saved: Path) -> None:
    run = CliRunner()
    done = run.invoke(app, ["layers", str(saved), "--plain", "Lake"])
    assert done.exit_code == 0, done.output
    with api.open_project(saved, read_only=True) as city:
        assert not city.project.layer("lake").style.built
    done = run.invoke(app, ["layers", str(saved), "--built", "Lake", "--tunnels", "Lake=dashed"])
    assert done.exit_code == 0, done.output
    with api.open_project(saved, read_only=True) as city:
        assert city.project.layer("lake").style.built
        assert city.project.layer("lake").style.tunnels == "dashed"


def test_job_files_know_looks_and_built_layers() -> None:
    assert PictureJob(look="蓝图").look == "blueprint"
    style = StyleJob(layer="Roads", built=True, lamps=30.0, tunnels="portals")
    assert (style.built, style.lamps, style.tunnels) == (True, 30.0, "portals")
    with pytest.raises(ValueError, match="sepia"):
        PictureJob(look="sepia")
