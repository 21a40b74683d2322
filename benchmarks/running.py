"""Benchmarks in processes of their own: what fails is told and does not stop the others."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
Figures = dict[str, Any]


class NotHereError(Exception):
    """What a benchmark needs is not on this machine; the message says what."""


class FailedError(Exception):
    """A benchmark did not end well; the message gives its last words."""


def said(
    command: Sequence[str | Path],
    *,
    limit: float,
    folder: Path = ROOT,
    environment: Mapping[str, str] | None = None,
) -> str:
    """Run a program and give what it printed.

    Raises
    ------
    FailedError
        If it ends with an error or takes longer than `limit` seconds.
    """
    try:
        done = subprocess.run(
            [str(part) for part in command], capture_output=True, text=True, check=False,
            cwd=folder, timeout=limit, env={**os.environ, **(environment or {})},
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        what = Path(str(command[-1])).name
        raise FailedError(f"{what}: not done after {limit:g} s") from error
    if done.returncode:
        last = [line for line in done.stderr.strip().splitlines() if line][-1:] or ["no word"]
        raise FailedError(f"exit {done.returncode}: {last[0][:300]}")
    return done.stdout


def last_json(text: str) -> Figures:
    """Give the last line of a program's output that is a JSON object.

    Raises
    ------
    FailedError
        If there is none.
    """
    for line in reversed(text.splitlines()):
        if line.startswith("{"):
            figures: Figures = json.loads(line)
            return figures
    raise FailedError("no figures came out")


def once(module: str, *arguments: str | Path, limit: float = 900.0, **names: str) -> Figures:
    """Run one benchmark in a fresh process; `names` are environment variables."""
    command = [sys.executable, "-m", f"benchmarks.{module}", *arguments]
    figures = last_json(said(command, limit=limit, environment=names))
    print(f"  {module}: {json.dumps(figures)}", flush=True)
    return figures


def measured(
    module: str, *arguments: str | Path, repeats: int = 1, limit: float = 900.0, **names: str
) -> Figures:
    """Run one benchmark in fresh processes and give the median of each figure."""
    runs = [once(module, *arguments, limit=limit, **names) for _ in range(max(repeats, 1))]
    return medians(runs)


def medians(runs: Sequence[Figures]) -> Figures:
    """Give the median of each number over several runs, other values of the first one."""
    return {
        key: statistics.median(run[key] for run in runs if key in run)
        if isinstance(value, int | float) and not isinstance(value, bool)
        else value
        for key, value in runs[0].items()
    }
