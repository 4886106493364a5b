"""Tasks that worker processes can import: this folder is on the path of tests and, with them, of their workers."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from npcstats.errors import DataError


def draw(task, stream):
    return task + float(stream.random())


def draw_and_count(folder, task, stream):
    """As `draw`, leaving a file for each time that it ran."""
    Path(folder, f"{task}-{os.getpid()}-{time.monotonic_ns()}").touch()
    return task + float(stream.random())


def refuse_the_seventh(task, stream):
    if task == 6:
        raise DataError("values: are not known; known ones are required.")
    return task


def die(task, stream):
    os.kill(os.getpid(), signal.SIGKILL)


def stop_at(folder, task, stream):
    """As `draw_and_count`, but the first time that task 60 comes the work is interrupted."""
    if task == 60 and not Path(folder, "stopped").exists():
        Path(folder, "stopped").touch()
        raise KeyboardInterrupt
    return draw_and_count(folder, task, stream)
