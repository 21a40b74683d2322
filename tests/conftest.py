"""What all tests share: where the real data lies, and settings of their own."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

SHARED = Path(os.environ.get("CITYSTAGE_SHARED", Path(__file__).parents[2] / "shared" / "data"))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Folder of the real data sets; without it the test is skipped, under CI it fails."""
    if not SHARED.is_dir():
        message = "the real data sets are not here; set CITYSTAGE_SHARED to their folder"
        if os.environ.get("CI", "").lower() in {"1", "true"}:
            pytest.fail(message)
        pytest.skip(message)
    return SHARED


@pytest.fixture(autouse=True, scope="session")
def own_settings(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep tests away from the settings, caches and journals of the person who runs them."""
    home = tmp_path_factory.mktemp("home")
    for name in ("CONFIG", "STATE", "CACHE"):
        folder = home / name.lower()
        folder.mkdir()
        os.environ[f"CITYSTAGE_{name}"] = str(folder)
    os.environ["CITYSTAGE_LANG"] = "en"
