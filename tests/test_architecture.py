"""The house keeps its shape: who imports whom, how long things are, what a start costs."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = ("layers", "scene", "app", "data_samples", "shaders", "benchmarks", "tests")
QT = ("PySide6", "qtpy", "pyvistaqt", "PyQt6", "PyQt5")
VTK = ("vtk", "vtkmodules", "pyvista")

#: Folder or file (the longest match counts) and what it must never import.
NEVER: dict[str, tuple[str, ...]] = {
    "layers": ("scene", "app", "data_samples", *QT, *VTK),
    "scene": ("app", "data_samples", *QT),
    "data_samples": ("scene", "app", *QT, *VTK),
    "shaders": ("scene", "app", "layers", *QT, *VTK),
    "app": (*QT, *VTK),
    "app/qt": ("pyvistaqt", *VTK),
    "app/qt/surfaces.py": (),
}
#: What `app/*.py` may import only inside functions.
ONLY_INSIDE: dict[str, tuple[str, ...]] = {"app": ("scene", "app.qt")}


def modules() -> list[Path]:
    return sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))


def rule_for(path: Path, table: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    place = path.relative_to(ROOT).as_posix()
    fitting = [key for key in table if place == key or place.startswith(f"{key}/")]
    return table[max(fitting, key=len)] if fitting else ()


def imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, "imports are absolute"
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def at_import(tree: ast.Module) -> Iterator[str]:
    """Imports that run when the module is loaded; those for type checking do not."""
    waiting: list[ast.AST] = list(tree.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            continue
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from imports(node)
        waiting.extend(ast.iter_child_nodes(node))


def breaches(found: Iterator[str], banned: tuple[str, ...]) -> list[str]:
    return sorted({name for name in found for b in banned if name == b or name.startswith(f"{b}.")})


def test_there_is_a_house_to_look_at() -> None:
    assert len(modules()) > 30


@pytest.mark.parametrize("path", modules(), ids=lambda p: p.relative_to(ROOT).as_posix())
def test_a_module_keeps_the_arrows_and_its_size(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    assert breaches(imports(tree), rule_for(path, NEVER)) == []
    if path.parent == ROOT / "app":
        assert breaches(at_import(tree), ONLY_INSIDE["app"]) == []
    assert len(text.splitlines()) <= 600, "split it by what a newcomer would look for"
    long = [
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > 80
    ]
    assert long == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    empty = {"utils", "util", "helpers", "helper", "common", "manager", "misc"}
    assert [p for p in modules() if p.stem in empty] == []


def loaded_by(statement: str) -> set[str]:
    code = f"import sys; {statement}; print(*sorted({{m.split('.')[0] for m in sys.modules}}))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return set(done.stdout.split())


def test_the_command_line_starts_without_qt_and_vtk() -> None:
    assert loaded_by("import app.cli") & {*QT, *VTK} == set()


def test_the_python_interface_starts_without_qt_and_vtk() -> None:
    assert loaded_by("import app.api") & {*QT, *VTK} == set()


def test_layers_load_without_qt_and_vtk() -> None:
    assert loaded_by("import layers.edits, layers.files.importing") & {*QT, *VTK, "scene"} == set()


def test_scene_loads_without_qt() -> None:
    assert loaded_by("import scene.stage, scene.offscreen") & {*QT, "app"} == set()


def test_no_machine_path_and_no_package_index_stands_in_the_repository() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        capture_output=True, text=True, check=True, cwd=ROOT,
    ).stdout.split("\n")  # fmt: skip
    traces = (
        "/ro" + "ot/",
        "/wo" + "rk/",
        "index" + "-url",
        "pypi" + ".org",
        "files.python" + "hosted",
    )
    wrong = []
    for name in filter(None, listed):
        path = ROOT / name
        if not path.is_file() or path.suffix in {".png", ".svg", ".ttf"}:
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        wrong += [f"{name}: {trace}" for trace in traces if trace in text]
    assert wrong == []
