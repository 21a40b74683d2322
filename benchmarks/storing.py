"""Saving and opening a project of many buildings, as one JSON line."""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path
from typing import Any

from layers.edits import SetHeight
from layers.files.importing import commands_for, import_file
from layers.files.options import ImportOptions
from layers.files.project_file import load_project, save_project
from layers.history import History
from layers.project import Project


def run(path: Path) -> dict[str, Any]:
    """Import a file, save it, save it again after one edit, open it; milliseconds."""
    project = Project()
    history = History(project)
    history.run(commands_for(import_file(project, path, ImportOptions(kind="buildings"))))
    layer = project.layers[0]
    out: dict[str, Any] = {"input": path.name, "objects": len(layer.data)}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "project.gpkg"
        for name in ("ms_save", "ms_save_again"):
            begin = time.perf_counter()
            save_project(project, file)
            out[name] = round((time.perf_counter() - begin) * 1000.0, 1)
            history.run(SetHeight(layer.id, 1, 33.0))
        begin = time.perf_counter()
        load_project(file)
        out["ms_open"] = round((time.perf_counter() - begin) * 1000.0, 1)
        out["megabytes"] = round(file.stat().st_size / 1e6, 1)
    return out


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--input", type=Path, required=True)
    print(json.dumps(run(parser.parse_args().input)))
