"""Every analysis is described where job files are."""

from __future__ import annotations

from pathlib import Path

import pytest

from layers.analyses.base import asked
from layers.analyses.table import ANALYSES, analysis_of

PAGE = Path(__file__).resolve().parents[3] / "docs" / "job-file.md"


@pytest.mark.parametrize("kind", ANALYSES)
def test_the_page_on_job_files_names_each_analysis_with_its_parameters(kind: str) -> None:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    (line,) = [line for line in lines if line.startswith(f"| `{kind}` |")]
    assert all(f"`{name}`" in line for name in asked(analysis_of(kind).Params))
