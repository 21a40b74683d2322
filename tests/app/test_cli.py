"""The command line as people use it: exit codes, texts, JSON, both languages."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from PIL import Image

from app import cli, wording
from app.cli_help import help_key, translate
from app.log import log_file
from app.wording import Wording
from tests.app.conftest import EAST, NORTH, ROWS, Run

ROOT = Path(__file__).parents[2]


def test_a_planners_way_from_files_to_answers(
    run: Run, tmp_path: Path, town_files: dict[str, Path]
) -> None:
    project = tmp_path / "城.gpkg"
    assert run("new", project, "--crs", "EPSG:4547", "--title", "城")[0] == 0
    code, out, err = run("import", project, town_files["buildings"], "--as", "buildings")
    assert (code, err) == (0, "")
    assert f"read {ROWS * ROWS + 1}, kept {ROWS * ROWS + 1}, repaired 1, skipped 0" in out
    assert "heights: field 高度" in out
    code, out, _ = run("import", project, town_files["roads"], "--name", "路", "--json")
    told = json.loads(out)
    assert told["project"] == str(project)
    (layer,) = told["layers"]
    assert layer["name"] == "路"
    assert layer["kind"] == "roads"
    assert layer["read"] == layer["kept"] + sum(layer["skipped"].values()) == ROWS
    assert {
        "name", "kind", "source", "read", "kept", "repaired", "skipped", "objects", "crs",
        "encoding", "height_rule", "height_defaulted", "messages",
    } <= layer.keys()  # fmt: skip

    code, out, _ = run("views", project, "--save", "鸟瞰", "--note", "all of it")
    assert (code, "鸟瞰" in out, "all of it" in out) == (0, True, True)
    run("views", project, "--save", "x", "--camera", "114.0834,30.5215,140,0,-30")
    run("views", project, "--remove", "x")
    views = json.loads(run("views", project, "--json")[1])["views"]
    assert [view["name"] for view in views] == ["鸟瞰"]

    code, out, _ = run(
        "layers", project, "--rename", "路=Streets", "--hide", "buildings",
        "--colour", "Streets=#ff0000", "--opacity", "Streets=0.5",
        "--colour-by", "buildings:高度", "--label-by", "Streets:name",
    )  # fmt: skip
    assert code == 0
    facts = json.loads(run("info", project, "--json")[1])
    assert [(x["name"], x["visible"], x["coloured_by"]) for x in facts["layers"]] == [
        ("buildings", False, "高度"), ("Streets", True, None),
    ]  # fmt: skip
    assert facts["crs"] == "EPSG:4547"

    line = f"{EAST},{NORTH} {EAST + 300},{NORTH + 400}"
    table = tmp_path / "m.csv"
    code, out, _ = run("measure", project, "--distance", line, "--csv", table)
    assert (code, "500.00 m" in out) == (0, True)
    assert "horizontal_m" in table.read_text(encoding="utf-8-sig")
    code, out, _ = run(
        "measure", project, "--distance", line, "--building", "buildings:1", "--point",
        f"{EAST},{NORTH},5", "--save", "kept", "--json",
    )  # fmt: skip
    found = json.loads(out)["measurements"]
    assert [(x["kind"], x["name"]) for x in found] == [
        ("point", "kept 1"), ("distance", "kept 2"), ("building", "kept 3"),
    ]  # fmt: skip
    assert found[2]["values"]["height_m"] == 6.0
    code, out, _ = run("export", project, tmp_path / "all.xlsx")
    assert (code, "3 measurements" in out) == (0, True)
    assert run("export", project, tmp_path / "b.csv", "--layer", "buildings")[0] == 0
    assert run("pack", project, tmp_path / "城.zip")[0] == 0
    assert run("layers", project, "--remove", "Streets")[0] == 0
    assert "Streets" not in run("info", project)[1]
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"城.gpkg", "m.csv", "all.xlsx", "b.csv", "城.zip"}


WRONG = [
    (["info", "none.gpkg"], "There is no such file"),
    (["import", "{town}", "none.shp"], "none.shp"),
    (["import", "{town}", "{bare}"], "coordinate system"),
    (["import", "{town}", "{roads}", "--as", "bridges"], "bridges"),
    (["import", "{town}", "{roads}", "{buildings}", "--name", "x"], "2 files"),
    (["import", "{town}", "{buildings}", "--height-unit", "yd"], "'yd'"),
    (["import", "{town}", "{buildings}", "--as", "buildings", "--height-field", "no"], "'no'"),
    (["measure", "{town}"], "Nothing to measure"),
    (["measure", "{town}", "--distance", "1,2"], "2 are needed"),
    (["measure", "{town}", "--building", "Buildings"], "does not name a building"),
    (["measure", "{town}", "--point", "1,2", "--crs", "nope"], "'nope'"),
    (["measure", "{town}", "--point", f"{EAST},{NORTH}", "--csv", "x.pdf"], ".pdf"),
    (["render", "{town}", "--view", "no", "--out", "x.png"], "no view 'no'"),
    (["render", "{town}", "--view", "no", "--camera", "1", "--out", "x.png"], "not from both"),
    (["render", "{town}", "--size", "9x9", "--out", "x.png"], "9x9"),
    (["layers", "{town}", "--rename", "Streets"], "not NAME=VALUE"),
    (["layers", "{town}", "--opacity", "Streets=2"], "not an opacity"),
    (["layers", "{town}", "--colour-by", "Streets"], "does not name a layer and a field"),
    (["views", "{town}", "--save", "x", "--camera", "1,2"], "five numbers"),
    (["views", "{town}", "--save", "x", "--moment", "noon"], "'noon'"),
    (["run", "none.toml", "--out", "x"], "cannot be read"),
    (["open", "a.gpkg", "--sample"], "not with both"),
    (["new", "{town}"], "there already"),
    (["new", "x.gpkg", "--crs", "EPSG:4326"], "metres"),
    (["new", "x.gpkg", "--lang", "fr"], "'fr'"),
    (["impotr"], "Did you mean 'import'"),
    (["render", "{town}"], "--out"),
    (["measure", "{town}", "--lenght", "3"], "--lenght"),
]


@pytest.mark.parametrize(("words", "told"), WRONG, ids=[" ".join(w[:1] + w[2:]) for w, _ in WRONG])
def test_a_mistake_is_one_sentence_with_what_to_try_and_code_2(
    run: Run,
    town: Path,
    town_files: dict[str, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    told: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    places = {"town": town, **town_files}
    before = town.read_bytes()
    code, out, err = run(*[word.format(**places) for word in words])
    assert (code, out) == (2, "")
    first, *rest = err.splitlines()
    assert first.startswith("citystage: ")
    assert told in first
    assert len(rest) == 1
    assert rest[0].startswith("  Try: ")
    assert town.read_bytes() == before
    assert {path.name for path in tmp_path.iterdir()} <= {"town.gpkg"}


def test_the_language_may_stand_anywhere(run: Run, town: Path) -> None:
    for words in (["--lang", "zh-CN", "info", town], ["info", town, "--lang=zh-CN"]):
        assert "坐标系：EPSG:4547" in run(*words)[1]
    wording.set_current("en")
    code, _, err = run("render", town, "--lang", "zh-CN", "--view", "无", "--out", "x.png")
    assert (code, err) == (2, "citystage: 没有视图“无”。\n  建议：现有视图：鸟瞰\n")


def test_files_that_are_imported_together_are_all_imported_or_none(
    run: Run, town: Path, town_files: dict[str, Path]
) -> None:
    before = town.read_bytes()
    code, _, err = run("import", town, town_files["roads"], town_files["bare"])
    assert code == 2
    assert "no-crs.geojson" in err
    assert town.read_bytes() == before


def test_a_project_can_be_made_by_its_first_import(
    run: Run, tmp_path: Path, town_files: dict[str, Path]
) -> None:
    code, _, err = run("import", tmp_path / "n.gpkg", town_files["roads"], "--create")
    assert (code, "making the project" in err) == (0, True)


def test_a_project_is_not_made_where_its_first_import_fails(
    run: Run, tmp_path: Path, town_files: dict[str, Path]
) -> None:
    code, _, _ = run("import", tmp_path / "n.gpkg", town_files["bare"], "--create")
    assert (code, (tmp_path / "n.gpkg").exists()) == (2, False)
    for name, told in (("n.shp", "ends with .gpkg"), ("no/n.gpkg", "does not exist")):
        code, _, err = run("import", tmp_path / name, town_files["roads"], "--create")
        assert (code, told in err) == (2, True)
        code, _, err = run("new", tmp_path / name)
        assert (code, told in err) == (2, True)


def test_reasons_and_kinds_in_errors_are_put_into_words(
    run: Run, town: Path, tmp_path: Path
) -> None:
    path = tmp_path / "points.csv"
    path.write_text("name,lon,lat\nA,114.1,30.5\n")
    code, _, err = run("import", town, path, "--as", "buildings", "--lang", "zh-CN")
    assert (code, "不能作为“建筑”导入：不是面" in err) == (2, True)


def test_help_and_version_end_with_0_and_say_what_they_should(run: Run) -> None:
    code, out, _ = run("--version")
    assert (code, out.startswith("citystage ")) == (0, True)
    code, out, _ = run("import", "--help")
    assert (code, "citystage import city.gpkg" in out) == (0, True)
    code, out, _ = run("--help", "--lang", "zh-CN")
    assert "将文件导入为图层" in out


def every_command(command: Any, *path: str) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Give all commands and groups, with the words that lead to them."""
    if path:
        yield path, command
    for name, inner in getattr(command, "commands", {}).items():
        yield from every_command(inner, *path, name)


def test_every_command_and_option_has_a_chinese_help() -> None:
    chinese = Wording("zh-CN")
    missing: list[str] = []
    for path, command in every_command(typer.main.get_command(cli.app)):
        missing += [] if chinese.has(f"help-{'-'.join(path)}") else [" ".join(path)]
        missing += [
            f"{' '.join(path)} {parameter.name}"
            for parameter in command.params
            if not help_key(chinese, path, parameter.name or "")
        ]
    assert missing == []


def test_every_command_has_examples_that_can_be_parsed() -> None:
    for path, command in every_command(typer.main.get_command(cli.app)):
        shown = (command.help or "").partition("[bold]Examples[/bold]")[2]
        examples = [" ".join(part.split()) for part in shown.split("\n\n") if part.strip()]
        assert examples, path
        for example in examples:
            parts = shlex.split(example)
            assert parts[: len(path) + 1] == ["citystage", *path]
            if not hasattr(command, "commands"):
                command.make_context(path[-1], parts[len(path) + 1 :], resilient_parsing=False)


def test_translated_help_keeps_the_examples() -> None:
    command = typer.main.get_command(cli.app)
    translate(command, Wording("zh-CN"))
    assert "citystage new riverside.gpkg" in command.commands["new"].help  # type: ignore[attr-defined]
    assert "[bold]示例[/bold]" in command.commands["new"].help  # type: ignore[attr-defined]


def test_an_unexpected_fault_is_told_in_a_sentence_and_logged(
    run: Run, town: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("odd\nsecond line")

    monkeypatch.setattr("app.cli_project.project_facts", broken)
    code, out, err = run("info", town)
    assert (code, out) == (1, "")
    assert "ZeroDivisionError: odd" in err
    assert "second line" not in err
    assert str(log_file()) in err
    assert "ZeroDivisionError" in log_file().read_text(encoding="utf-8")


def test_stopping_ends_with_130(run: Run, town: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("app.cli_project.project_facts", stopped)
    code, _, err = run("info", town)
    assert (code, err) == (130, "citystage: stopped; what was finished is kept.\n")


def citystage(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "app.cli", *map(str, arguments)],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
    )


def test_a_fresh_process_speaks_gives_codes_and_survives_a_closed_pipe(town: Path) -> None:
    done = citystage("info", town, LC_ALL="C.UTF-8", CITYSTAGE_LANG="zh-CN")
    assert (done.returncode, done.stderr) == (0, "")
    assert "图层" in done.stdout
    wrong = citystage("info", town.with_name("none.gpkg"))
    assert (wrong.returncode, wrong.stdout) == (2, "")
    completion = citystage(
        _CITYSTAGE_COMPLETE="complete_bash", COMP_WORDS="citystage im", COMP_CWORD="1"
    )
    assert "import" in completion.stdout
    piped = subprocess.run(
        f"{sys.executable} -m app.cli views '{town}' --json | head -c 1",
        cwd=ROOT, shell=True, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (piped.stdout, piped.stderr) == ("{", "")


#: The program with an import that never ends; it says when it is under way.
ENDLESS = """
import itertools, signal, sys
import layers.files.importing as importing
from app import cli

def endless(project, path, options, progress):
    print("under way", flush=True)
    for done in itertools.count():
        progress.step(done, 0, "progress-reading")

signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever runs tests may ignore it
importing.import_file = endless
sys.exit(cli.main(sys.argv[1:]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent otherwise there")
def test_an_interrupted_process_ends_with_130_and_leaves_the_project(
    town: Path, tmp_path: Path
) -> None:
    before = town.read_bytes()
    file = tmp_path / "points.geojson"
    file.write_text('{"type": "FeatureCollection", "features": []}', encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-c", ENDLESS, "import", str(town), str(file), "--as", "places"],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "under way\n"
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "stopped" in err
    assert town.read_bytes() == before


@pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a display")
@pytest.mark.parametrize("words", [[], ["open"], ["open", "--sample"]])
def test_without_a_display_the_window_says_so(
    run: Run, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    code, _, err = run(*words)
    assert (code, "no display" in err) == (2, True)


def test_a_job_is_checked_and_its_mistakes_are_told_together(run: Run, tmp_path: Path) -> None:
    job = tmp_path / "night.toml"
    job.write_text('[project]\nfile = "none.gpkg"\n[[picture]]\nveiw = "A"\nsize = "9"\n')
    code, _, err = run("run", job, "--out", tmp_path / "out")
    assert code == 2
    assert [line for line in err.splitlines() if not line.startswith("  ")] == [
        "citystage: night.toml:4: [[picture]] has no key 'veiw'.",
        "citystage: night.toml:5: '9' is not a picture size from 16x16 to 16384x16384.",
    ]
    job.write_text('[project]\nfile = "none.gpkg"\n[[picture]]\nview = "A"\n')
    code, out, _ = run("run", job, "--out", tmp_path / "out", "--check")
    assert (code, out) == (0, "night.toml is all right.\n")
    assert not (tmp_path / "out").exists()
    assert run("run", job, "--out", tmp_path / "out")[0] == 2


def test_a_job_of_tables_runs_and_is_up_to_date_the_second_time(run: Run, town: Path) -> None:
    job = town.with_name("night.toml")
    job.write_text(
        '[project]\nfile = "town.gpkg"\n[[table]]\nfile = "b.csv"\nwhat = "layer"\n'
        'layer = "Buildings"\n'
    )
    out = town.parent / "out"
    code, told, _ = run("run", job, "-o", out)
    assert (code, told.splitlines()[0]) == (0, f"wrote {out / 'b.csv'}")
    code, told, _ = run("run", job, "-o", out)
    assert (code, told.splitlines()[0]) == (0, f"up to date {out / 'b.csv'}")


@pytest.mark.picture
def test_pictures_are_drawn_without_a_display_by_commands_jobs_and_scripts(
    run: Run, town: Path, tmp_path: Path
) -> None:
    job = town.with_name("night.toml")
    job.write_text(
        '[project]\nfile = "town.gpkg"\n[defaults]\nsize = "320x200"\n[[picture]]\nviews = ["*"]\n'
        'file = "{view}"\n',
        encoding="utf-8",
    )
    nowhere = {"DISPLAY": "", "WAYLAND_DISPLAY": ""}
    single = tmp_path / "one.png"
    camera = "114.0834,30.5175,400,0,-40"
    code, out, _ = run(
        "render", town, "--camera", camera, "--size", "64x64", "--colour-by", "Buildings:height",
        "-o", single,
    )  # fmt: skip
    assert (code, out) == (0, f"wrote {single} (64 x 64 pixels)\n")
    done = citystage("run", job, "--out", tmp_path / "out", **nowhere)
    assert (done.returncode, done.stderr) == (0, "")
    with Image.open(tmp_path / "out" / "鸟瞰.png") as image:
        assert image.size == (320, 200)
    example = ROOT / "docs" / "examples" / "pictures.py"
    script = subprocess.run(
        [sys.executable, str(example), str(town), str(tmp_path / "made")],
        env=os.environ | nowhere | {"PYTHONPATH": str(ROOT)}, check=False, capture_output=True,
    )  # fmt: skip
    assert script.returncode == 0, script.stderr
    made = sorted(path.name for path in (tmp_path / "made").iterdir())
    assert made == ["heights.png", "measured.csv", "view.png"]
