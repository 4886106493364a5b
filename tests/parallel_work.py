"""Tasks that worker processes can import: this folder is on the path of tests and, with them, of their workers."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from npcstats.errors import DataError
from npcstats.parallel import run_tasks


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


def linger(folder, task, stream):
    """Leave the number of the process, and of all but the first four tasks do not return in any time a test has."""
    Path(folder, str(os.getpid())).touch()
    time.sleep(0.1 if task < 4 else 300)
    return task


def add_in_place(task, stream):
    """Change what the task was given, as only its own copy may be."""
    task += stream.random(len(task))
    return float(task.sum())


def divide(task, stream):
    return 1 / (task - 6)


def draw_within(task, stream):
    """Give what work within work draws."""
    return run_tasks("inner", draw, range(task), seed=task)
