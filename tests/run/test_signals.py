"""Told to stop, a command ends with all that it started, one line and the exit code of the signal."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest
from processes import is_gone

from npcstats.errors import Interrupted
from npcstats.system import interrupts
from npcstats.system.interrupts import AGAIN, uninterrupted

pytestmark = pytest.mark.skipif(os.name != "posix", reason="SIGHUP and SIGKILL are POSIX's; Windows cannot send them")

SLOW = """\
---
title: Slow
---

```{python}
import os, subprocess, time
from pathlib import Path
program = subprocess.Popen(["sleep", "120"])
Path("kernel.tmp").write_text(f"{os.getpid()} {program.pid}")
Path("kernel.tmp").rename("kernel")
time.sleep(120)
```
"""
CODES = {"SIGINT": 130, "SIGTERM": 143, "SIGHUP": 129, "SIGKILL": -9}
LONG = 60.0


@pytest.mark.parametrize("name", CODES)
def test_command_alone_is_told_to_stop(tmp_path, name):
    """The signal goes to the command's own process only, while a cell of its document is at work."""
    (tmp_path / "tmp").mkdir()
    (tmp_path / "slow.qmd").write_text(SLOW)
    (tmp_path / "slow.html").write_text("former")
    run = subprocess.Popen(
        [sys.executable, "-m", "npcstats", "render", "slow.qmd", "--to", "html", "--engine", "builtin"],
        cwd=tmp_path, env={**os.environ, "TMPDIR": str(tmp_path / "tmp")}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    end = time.monotonic() + LONG
    while not (tmp_path / "kernel").exists() and run.poll() is None and time.monotonic() < end:
        time.sleep(0.05)
    kernel, program = map(int, (tmp_path / "kernel").read_text().split())
    run.send_signal(getattr(signal, name))
    if name == "SIGKILL":  # what a cell started ends with a command that can still end it
        os.kill(program, signal.SIGKILL)
    _, told = run.communicate(timeout=LONG)
    end = time.monotonic() + LONG
    while not is_gone(kernel) and time.monotonic() < end:
        time.sleep(0.05)
    assert is_gone(kernel)
    assert run.returncode == CODES[name]
    assert told == ("" if name == "SIGKILL" else "Interrupted; nothing was changed.\n")
    assert (tmp_path / "slow.html").read_text() == "former"
    if name != "SIGKILL":
        assert is_gone(program)
        assert list((tmp_path / "tmp").iterdir()) == []


@pytest.fixture
def watch(monkeypatch):
    """A watch of its own, whose signals are given by hand."""
    fresh = interrupts._Watch()
    monkeypatch.setattr(interrupts, "_WATCH", fresh)
    yield fresh
    signal.setitimer(signal.ITIMER_REAL, 0.0)


def test_files_are_put_in_place_all_or_none(watch):
    placed = []

    def place():
        with uninterrupted("a.pdf", "b.pdf"):
            placed.append("a.pdf")
            interrupts._stop(signal.SIGTERM, None)
            placed.append("b.pdf")

    with pytest.raises(Interrupted) as caught:
        place()
    assert placed == ["a.pdf", "b.pdf"]
    assert caught.value.message == "Interrupted; by then these were in place: a.pdf, b.pdf."
    assert caught.value.code == 143


def test_a_second_signal_does_not_stop_the_clearing_up(watch):
    with pytest.raises(Interrupted):
        interrupts._stop(signal.SIGINT, None)
    interrupts._stop(signal.SIGINT, None)


SWALLOWS = """
import signal, sys, time, weakref
from npcstats.errors import Interrupted
from npcstats.system.interrupts import finished, watch_signals
class Thing: pass
watch_signals()
thing = Thing()
kept = weakref.ref(thing, lambda _: signal.raise_signal(signal.SIGTERM))
try:
    del thing
    time.sleep(60)
except Interrupted as stop:
    finished()
    sys.exit(stop.message)
"""


def test_a_signal_that_python_swallows_is_raised_again_at_once():
    """An exception in a callback, of which importing has many, goes nowhere but to standard error."""
    begun = time.monotonic()
    done = subprocess.run([sys.executable, "-c", SWALLOWS], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "Interrupted; nothing was changed.\n")
    assert time.monotonic() - begun < AGAIN


LOADING = """
import runpy, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # as from a terminal: a shell's background job ignores it
class Loading:
    def find_spec(self, name, path=None, target=None):
        if name == "npcstats.run.front":
            signal.raise_signal(signal.SIGINT)
sys.meta_path.insert(0, Loading())
runpy.run_module("npcstats", run_name="__main__", alter_sys=True)
"""


def test_ctrl_c_while_the_program_loads_is_no_traceback():
    done = subprocess.run([sys.executable, "-c", LOADING], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, "", "")
