"""What the tests of processes share."""

from __future__ import annotations

import os
from pathlib import Path


def is_gone(number: int) -> bool:
    """Whether a process has ended, be it while it is looked at; one that nobody has waited for yet counts."""
    stat = Path(f"/proc/{number}/stat")
    try:
        os.kill(number, 0)
        return stat.is_file() and stat.read_text().rpartition(")")[2].split()[0] in "ZX"
    except (ProcessLookupError, FileNotFoundError):
        return True
