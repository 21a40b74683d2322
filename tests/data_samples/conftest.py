"""The sample city, made once for all tests, and once more by a fresh process."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest

import data_samples

ROOT = Path(data_samples.__file__).parent.parent
MAKE = "import sys, pathlib, data_samples; data_samples.generate(pathlib.Path(sys.argv[1]))"


@dataclass(frozen=True)
class Sample:
    """Files of two runs, and a reader for their layers."""

    files: data_samples.SampleFiles
    again: data_samples.SampleFiles
    steps: tuple[tuple[int, int, str], ...]

    def read(self, kind: str, layer: str = "", *, again: bool = False) -> gpd.GeoDataFrame:
        """A layer as a table."""
        files = self.again if again else self.files
        file = next(f for f in files if f.kind == kind and f.layer == layer)
        return pyogrio.read_dataframe(file.path, layer=layer or None)

    def path(self, kind: str) -> Path:
        """The first file of a kind."""
        return self.files.of_kind(kind)[0].path


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    """Two runs: here, and in a process with another hash seed."""
    first, second = tmp_path_factory.mktemp("first"), tmp_path_factory.mktemp("second")
    environment = {**os.environ, "PYTHONHASHSEED": "77", "PYTHONPATH": str(ROOT)}
    with subprocess.Popen([sys.executable, "-c", MAKE, str(second)], env=environment) as other:
        steps: list[tuple[int, int, str]] = []
        files = data_samples.generate(first, lambda *step: steps.append(step))
        assert other.wait(timeout=300) == 0
    return Sample(files, data_samples.contents(second), tuple(steps))


@pytest.fixture(scope="session")
def buildings(sample: Sample) -> gpd.GeoDataFrame:
    """The buildings."""
    return sample.read("buildings")


@pytest.fixture(scope="session")
def districts(sample: Sample) -> gpd.GeoDataFrame:
    """Plots by land use."""
    return sample.read("districts", "districts")


@pytest.fixture(scope="session")
def roads(sample: Sample) -> gpd.GeoDataFrame:
    """Street centre lines."""
    return sample.read("roads", "roads")
