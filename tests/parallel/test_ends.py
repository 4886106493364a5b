"""However work is ended, nothing that it started goes on, one line says so, and what was finished is whole."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from functools import partial

import parallel_work as work
import pytest
from processes import is_gone

from npcstats.parallel import Spreading, run_tasks, spread

pytestmark = pytest.mark.skipif(os.name != "posix", reason="SIGKILL is POSIX's; Windows cannot send it")

COMMAND = """
import sys
from functools import partial
from pathlib import Path
import parallel_work
from npcstats.errors import Interrupted
from npcstats.parallel import Spreading, run_tasks, spread, tasks
from npcstats.system.interrupts import finished, watch_signals
tasks.PATIENCE = tasks.WORTH = -1.0
watch_signals()
try:
    with spread(Spreading(workers=2, store=Path(sys.argv[2]))):
        run_tasks("lingering", partial(parallel_work.linger, sys.argv[1]), range(8), seed=1)
except Interrupted as stop:
    finished()
    print(stop.message, file=sys.stderr)
    sys.exit(stop.code)
"""
CODES = {"SIGINT": 130, "SIGTERM": 143, "SIGKILL": -9}
ENDS = [("SIGINT", True), ("SIGTERM", False), ("SIGKILL", False)]
LONG = 60.0


def wait_until(reached):
    end = time.monotonic() + LONG
    while not reached() and time.monotonic() < end:
        time.sleep(0.05)
    assert reached()


@pytest.mark.parametrize(("name", "whole"), ENDS, ids=["a terminal's Ctrl-C, to all", "a scheduler's", "a kill"])
def test_nothing_goes_on(tmp_path, name, whole):
    ran, store = tmp_path / "ran", tmp_path / "store"
    ran.mkdir()
    run = subprocess.Popen(
        [sys.executable, "-c", COMMAND, str(ran), str(store)], stderr=subprocess.PIPE, text=True,
        start_new_session=True, env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )  # fmt: skip
    wait_until(lambda: store.is_dir() and len([*store.iterdir()]) == 4 and len([*ran.iterdir()]) == 2)
    workers = [int(path.name) for path in ran.iterdir()]
    (os.killpg if whole else os.kill)(run.pid, getattr(signal, name))
    told = run.communicate(timeout=LONG)[1]
    assert run.returncode == CODES[name]
    if name != "SIGKILL":
        assert told == "Interrupted; nothing was changed.\n"
    wait_until(lambda: all(map(is_gone, workers)))
    assert_goes_on_after(store, ran)


def assert_goes_on_after(store, ran):
    """The same work takes four finished parts from the store and begins with the fifth, here an interruption."""
    before = time.monotonic()
    for path in ran.iterdir():
        path.unlink()
    signal.signal(signal.SIGALRM, _stop)
    signal.setitimer(signal.ITIMER_REAL, 0.5)
    with spread(Spreading(store=store)), pytest.raises(KeyboardInterrupt):
        run_tasks("lingering", partial(work.linger, str(ran)), range(8), seed=1)
    assert time.monotonic() - before < LONG
    assert [path.name for path in ran.iterdir()] == [str(os.getpid())]
    assert len([*store.iterdir()]) == 4


def _stop(number, frame):
    raise KeyboardInterrupt
