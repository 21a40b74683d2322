"""The log file: warnings and faults of the window and the command line, kept short."""

from __future__ import annotations

import logging
import logging.handlers
import sys
from pathlib import Path

from app.settings import state_folder

LOG_BYTES = 1_000_000
NAME = "citystage"


def log_file() -> Path:
    """Give the file that keeps what went wrong."""
    return state_folder() / "citystage.log"


def keep_log(*, terminal: bool = False) -> None:
    """Write warnings and faults to the log file from now on.

    Parameters
    ----------
    terminal : bool
        Whether they also go to stderr.
    """
    root = logging.getLogger()
    present = {handler.name for handler in root.handlers}
    handlers: dict[str, logging.Handler] = {}
    if NAME not in present:
        try:
            log_file().parent.mkdir(parents=True, exist_ok=True)
            handlers[NAME] = logging.handlers.RotatingFileHandler(
                log_file(), maxBytes=LOG_BYTES, backupCount=2, encoding="utf-8", delay=True
            )
        except OSError:  # a folder without rights: the program works all the same
            handlers[NAME] = logging.NullHandler()
    if terminal and f"{NAME}-terminal" not in present:
        handlers[f"{NAME}-terminal"] = logging.StreamHandler(sys.stderr)
    for name, handler in handlers.items():
        handler.name = name
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        handler.setLevel(logging.WARNING)
        root.addHandler(handler)
