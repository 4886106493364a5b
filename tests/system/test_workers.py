"""Workers return in order, end at the first error, and die with their parent, however it ends."""

from __future__ import annotations

import operator
import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest
from processes import is_gone

from npcstats.errors import NpcstatsError
from npcstats.system.workers import crew, mortal_command, run_all

# A parent whose worker starts a program of its own, as a renderer does, and tells both numbers.
PARENT = """
import subprocess, sys
from functools import partial
from npcstats.system.interrupts import watch_signals
from npcstats.system.workers import run_all
watch_signals()
sleeper = "import os, time; print(os.getppid(), os.getpid(), file=sys.stderr, flush=True); time.sleep(60)"
run_all([partial(subprocess.run, [sys.executable, "-c", "import sys; " + sleeper])], workers=1)
"""
SOON = 10.0


def _wait_until_gone(*numbers: int) -> list[int]:
    end = time.monotonic() + SOON
    while time.monotonic() < end and not all(is_gone(number) for number in numbers):
        time.sleep(0.05)
    return [number for number in numbers if not is_gone(number)]


def test_results_come_in_the_order_of_the_tasks():
    tasks = [partial(operator.add, first, 1) for first in range(7)]
    assert run_all(tasks, workers=2) == [1, 2, 3, 4, 5, 6, 7]
    assert run_all([], workers=2) == []


def test_first_error_ends_the_others():
    begun = time.monotonic()
    with pytest.raises(ZeroDivisionError):
        run_all([partial(time.sleep, 60), partial(operator.truediv, 1, 0)], workers=2)
    assert time.monotonic() - begun < SOON


def test_worker_that_ends_by_itself_is_told():
    with pytest.raises(NpcstatsError, match=r"ended by itself \(exit 5\)"):
        run_all([partial(os._exit, 5)], workers=1)


def test_result_that_cannot_be_passed_on_is_told():
    with pytest.raises(RuntimeError, match="cannot be passed on"):
        run_all([partial(open, os.devnull)], workers=1)


@pytest.mark.skipif(os.name != "posix", reason="SIGHUP and SIGKILL are POSIX's; Windows cannot send them")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_worker_and_what_it_started_die_with_the_parent(number):
    with subprocess.Popen([sys.executable, "-c", PARENT], stderr=subprocess.PIPE, text=True) as parent:
        assert parent.stderr is not None
        worker, program = map(int, parent.stderr.readline().split())
        parent.send_signal(number)
        assert _wait_until_gone(worker, program) == []


@pytest.mark.skipif(sys.platform != "linux", reason="prctl, which this is about, is Linux's")
def test_mortal_program_dies_with_its_parent(tmp_path):
    (tmp_path / "waits.py").write_text("import os, time; print(os.getpid(), flush=True); time.sleep(60)\n")
    code = (
        "import subprocess; from npcstats.system.workers import mortal_command; subprocess.run(mortal_command('waits'))"
    )
    path = os.pathsep.join((str(tmp_path), *sys.path))
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": path}
    ) as parent:
        assert parent.stdout is not None
        program = int(parent.stdout.readline())
        parent.kill()
        assert _wait_until_gone(program) == []


def test_mortal_program_of_a_dead_parent_does_not_begin():
    command = mortal_command("this")
    command[command.index(str(os.getpid()))] = str(2**22 - 1)
    done = subprocess.run(command, capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (1, b"")


def test_crew_begins_before_it_has_every_task(tmp_path):
    """The first task has ended before the second is given."""
    with crew(2) as hands:
        hands.give(partial(Path.touch, tmp_path / "first"))
        end = time.monotonic() + SOON
        while not (tmp_path / "first").exists() and time.monotonic() < end:
            time.sleep(0.05)
        begun = (tmp_path / "first").exists()
        hands.give(partial(operator.add, 1, 2))
        assert hands.finish() == [None, 3]
    assert begun


def test_crew_is_gone_when_its_giver_fails():
    started = []

    def fail():
        with crew(2) as hands:
            hands.give(partial(time.sleep, 60))
            started.extend(hands._started)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert [worker.poll() is None for worker in started] == [False]
