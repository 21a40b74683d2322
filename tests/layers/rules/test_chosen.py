"""The hash of a pack tells whether its rules have changed, in any process."""

from __future__ import annotations

import os
import subprocess
import sys

from layers.rules.chosen import pack_hash
from layers.rules.loader import built_in

PRINT = (
    "from layers.rules.chosen import pack_hash; from layers.rules.loader import built_in; "
    "print(*map(pack_hash, built_in()))"
)


def test_another_process_finds_the_same_hashes() -> None:
    told = subprocess.run(
        [sys.executable, "-c", PRINT], capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONHASHSEED": "7"},
    )  # fmt: skip
    assert told.stdout.split() == [pack_hash(pack) for pack in built_in()]
