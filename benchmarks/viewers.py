"""Viewers of meshes on the same city as one GLB file: f3d and Open3D, from the package index.

    python -m benchmarks.viewers --input project.gpkg

The program exports the project as a GLB file; each viewer is installed into a throw-away
environment, unless ``--environment`` names one to keep. A viewer that cannot be installed or does
not draw here is left out with one sentence. They draw every triangle at every distance and read
no files of planners: only frames and memory can be compared. One JSON line.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import venv
from pathlib import Path

from benchmarks.running import ROOT, FailedError, Figures, last_json, said
from layers.files.project_file import load_project

VIEWERS = ("f3d", "open3d")
LIMIT = 150.0  # seconds a viewer may take


def installed(folder: Path, name: str) -> Path:
    """Give the Python of an environment in which a package is installed."""
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
    try:
        said([python, "-c", f"import importlib.util as u; assert u.find_spec({name!r})"], limit=60)
    except FailedError:
        said([python, "-m", "pip", "install", "--quiet", name], limit=900)
    return python


def run(path: Path, environment: Path, pictures: Path | None = None) -> Figures:
    """Export the project and show it in each viewer."""
    extent = load_project(path).extent()
    assert extent is not None
    side = max(extent[2] - extent[0], extent[3] - extent[1])
    out: Figures = {"input": path.name}
    with tempfile.TemporaryDirectory() as name:
        glb = Path(name) / "city.glb"
        command = Path(sys.executable).with_name("citystage")
        said([command, "export", path, "--glb", glb], limit=900)
        out["glb_mb"] = round(glb.stat().st_size / 1e6, 1)
        for viewer in VIEWERS:
            try:
                python = installed(environment, viewer)
                arguments: list[str | Path] = [
                    python,
                    ROOT / "benchmarks" / "mesh_viewer.py",
                    viewer,
                    glb,
                    f"{side}",
                ]
                if pictures is not None:
                    arguments.append(pictures / f"{viewer}.png")
                out[viewer] = last_json(said(arguments, limit=LIMIT))
            except FailedError as error:
                out[viewer] = {"skipped": f"{viewer} does not draw here: {error}"}
            print(f"  {viewer}: {json.dumps(out[viewer])}", file=sys.stderr, flush=True)
    return out


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--input", type=Path, required=True)
    parser.add_argument("--environment", type=Path, help="folder of an environment to keep")
    parser.add_argument("--pictures", type=Path)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        environment = args.environment or Path(name)
        print(json.dumps(run(args.input.resolve(), environment.resolve(), args.pictures)))


if __name__ == "__main__":
    main()
