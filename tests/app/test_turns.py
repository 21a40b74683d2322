"""Threads wait for each other only shortly."""

from __future__ import annotations

import sys

import pytest

from app import cli, turns


def test_the_program_lets_its_threads_take_short_turns() -> None:
    before = sys.getswitchinterval()
    try:
        assert cli.main(["--version"]) == 0
        assert sys.getswitchinterval() == pytest.approx(turns.TURN)
    finally:
        sys.setswitchinterval(before)
