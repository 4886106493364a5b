"""Worker processes: each dies whole, with all that it started, when its parent does.

A worker leads a process group of its own and reads its tasks from a pipe that only its parent can write to: the end
of that pipe, however the parent ended, is the end of the group. Knows no task.
"""

from __future__ import annotations

import contextlib
import functools
import os
import pickle
import queue
import signal
import struct
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, Any, TypeVar

from npcstats.errors import Interrupted, NpcstatsError
from npcstats.system.interrupts import watch_signals

Made = TypeVar("Made")
Message = tuple[bool, Any]
SIZE = struct.Struct("<Q")
GRACE = 3.0
TICK = 0.2
POSIX = os.name == "posix"
# The parent's path is set before anything is imported, so that a worker finds what its parent found.
PROGRAM = "import sys; sys.path[:] = {path!r}; from npcstats.system.workers import serve; serve()"
# The Linux kernel kills a process whose parent has gone; one whose parent went before that was arranged ends itself.
# It finds no module in the folder it starts in; a kernel adds its own, which it would not where -P were given.
MORTAL = """\
import sys
if sys.path[:1] == [""]:
    del sys.path[0]
import os, runpy
if sys.platform == "linux":
    import ctypes
    ctypes.CDLL(None).prctl(1, 9)
parent, module = sys.argv[1:3]
del sys.argv[1:3]
if os.name == "posix" and os.getppid() != int(parent):
    os._exit(1)
runpy.run_module(module, run_name="__main__", alter_sys=True)
"""


def run_all(tasks: Sequence[Callable[[], Made]], *, workers: int) -> list[Made]:
    """Run tasks in worker processes.

    Parameters
    ----------
    tasks : sequence of callable
        Without arguments, and such that pickle takes them and what they return: `functools.partial` of functions that
        stand in a module.
    workers : int
        Most processes at a time.

    Returns
    -------
    list
        What they returned, in the order of the tasks.

    Raises
    ------
    Exception
        The first that a task raised; by then no worker is left.
    """
    with crew(workers) as hands:
        for task in tasks:
            hands.give(task)
        return hands.finish()


@dataclass(frozen=True)
class Crew:
    """Workers that are given tasks one by one, while the process that gives them works itself.

    Parameters
    ----------
    workers : int
        Most processes at a time; one less while tasks are still given, but at least one.
    """

    workers: int
    _tasks: list[Callable[[], Any]] = field(default_factory=list)
    _started: list[subprocess.Popen[bytes]] = field(default_factory=list)
    _waiting: queue.SimpleQueue[int | None] = field(default_factory=queue.SimpleQueue)
    _done: queue.SimpleQueue[tuple[int, Message]] = field(default_factory=queue.SimpleQueue)

    def give(self, task: Callable[[], Any]) -> None:
        """Give a task, which is begun as soon as a worker is free.

        Parameters
        ----------
        task : callable
            As for `run_all`.
        """
        self._tasks.append(task)
        self._waiting.put(len(self._tasks) - 1)
        self._employ(max(1, self.workers - 1))

    def finish(self) -> list[Any]:
        """Wait for all tasks that were given; no more may be given.

        Returns
        -------
        list
            What they returned, in the order of the tasks.

        Raises
        ------
        Exception
            The first that a task raised.
        """
        self._employ(self.workers)
        for _ in self._started:
            self._waiting.put(None)
        made: dict[int, Any] = {}
        while len(made) < len(self._tasks):
            with contextlib.suppress(queue.Empty):  # a wait without end would keep Ctrl-C waiting on Windows
                index, (succeeded, result) = self._done.get(timeout=TICK)
                if not succeeded:
                    raise result
                made[index] = result
        return [made[index] for index in range(len(self._tasks))]

    def _employ(self, workers: int) -> None:
        while len(self._started) < min(workers, len(self._tasks)):
            self._started.append(_start())
            feeder = (self._started[-1], self._tasks, self._waiting, self._done)
            threading.Thread(target=_feed, args=feeder, daemon=True).start()


@contextmanager
def crew(workers: int) -> Iterator[Crew]:
    """Have workers for tasks that become known one after the other.

    Parameters
    ----------
    workers : int
        Most processes at a time.

    Yields
    ------
    Crew
        None of its workers is left at the end.
    """
    hands = Crew(workers)
    try:
        yield hands
    finally:
        _stop(hands._started)
        for _ in hands._started:
            hands._waiting.put(None)


def mortal_command(module: str, *arguments: str) -> list[str]:
    """Name the command that runs a module in a process that ends when this one does.

    Parameters
    ----------
    module : str
        As after ``python -m``.
    *arguments : str
        Of the module.

    Returns
    -------
    list of str
        For a process that this one starts itself.
    """
    return [sys.executable, "-c", MORTAL, str(os.getpid()), module, *arguments]


@functools.cache
def end_with(parent: int) -> None:
    """Let this process end soon after the one that started it has, whatever it does, where the system tells that.

    Parameters
    ----------
    parent : int
        Process that started this one.
    """
    threading.Thread(target=_wait_for_end, args=(parent,), daemon=True).start()


def _wait_for_end(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(TICK)
    os._exit(1)


def _start() -> subprocess.Popen[bytes]:
    command = [sys.executable, "-P", "-c", PROGRAM.format(path=sys.path)]
    apart: dict[str, Any] = {"process_group": 0} if POSIX else {}
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, **apart)


def _feed(
    worker: subprocess.Popen[bytes],
    tasks: Sequence[Callable[[], Any]],
    waiting: queue.SimpleQueue[int | None],
    done: queue.SimpleQueue[tuple[int, Message]],
) -> None:
    """Give a worker one task after the other until there are no more, and pass on what comes back."""
    assert worker.stdin is not None
    assert worker.stdout is not None
    index = 0
    try:
        for index in iter(waiting.get, None):
            _send(worker.stdin, tasks[index])
            done.put((index, _receive(worker.stdout)))
    except (EOFError, OSError):
        code = worker.wait()
        done.put((index, (False, NpcstatsError(f"worker: it ended by itself (exit {code}); memory that suffices and "
                                               "tasks that return are required."))))  # fmt: skip
    except Exception as error:
        done.put((index, (False, error)))


def _stop(started: Sequence[subprocess.Popen[bytes]]) -> None:
    """End workers with all that they started; those that are at work may clear up first, for a short while."""
    for worker in started:
        with contextlib.suppress(OSError):
            worker.terminate()
    for worker in started:
        with contextlib.suppress(subprocess.TimeoutExpired):
            worker.wait(GRACE)
        kill_group(worker.pid)
        worker.kill()
        worker.wait()
        for pipe in (worker.stdin, worker.stdout):
            with contextlib.suppress(OSError):
                assert pipe is not None
                pipe.close()


def kill_group(leader: int) -> None:
    """Kill a process group, where there are any.

    Parameters
    ----------
    leader : int
        Process that leads it.
    """
    if POSIX:
        with contextlib.suppress(OSError):
            os.killpg(leader, signal.SIGKILL)


def _send(pipe: IO[bytes], content: object) -> None:
    told = pickle.dumps(content)
    pipe.write(SIZE.pack(len(told)) + told)
    pipe.flush()


def _receive(pipe: IO[bytes]) -> Any:
    head = pipe.read(SIZE.size)
    if len(head) < SIZE.size:
        raise EOFError
    (size,) = SIZE.unpack(head)
    content = pipe.read(size)
    if len(content) < size:
        raise EOFError
    return pickle.loads(content)


def serve() -> None:
    """Be a worker: run the tasks that come on standard input until it ends.

    What a task prints goes to standard error, since standard output carries what it returns.
    """
    watch_signals()
    if hasattr(signal, "SIGINT"):
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a Ctrl-C is the parent's to answer
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    requests = os.fdopen(os.dup(0), "rb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    tasks: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(requests, tasks), daemon=True).start()
    try:
        while True:
            _send(answers, _answer(tasks.get()))
    except (Interrupted, OSError):
        pass
    finally:
        _end()


def _listen(requests: IO[bytes], tasks: queue.SimpleQueue[bytes]) -> None:
    """Take in tasks; at the end of them the parent is gone or has done, and so has this process."""
    try:
        while True:
            head = requests.read(SIZE.size)
            if len(head) < SIZE.size:
                break
            tasks.put(requests.read(*SIZE.unpack(head)))
    finally:
        if POSIX:
            os.kill(os.getpid(), signal.SIGTERM)
            threading.Event().wait(GRACE)
        _end()


def _answer(content: bytes) -> Message:
    """What a task returned or raised, such as pickle takes it."""
    try:
        return _carried(True, pickle.loads(content)())
    except Exception as error:
        error.add_note("".join(traceback.format_exception(error)))
        return _carried(False, error)


def _carried(succeeded: bool, result: Any) -> Message:
    try:
        pickle.loads(pickle.dumps(result))
    except Exception:
        return False, RuntimeError(f"worker: {result!r} cannot be passed on")
    return succeeded, result


def _end() -> None:
    """End this process and all that it started, at once."""
    if POSIX and os.getpgid(0) == os.getpid():
        os.killpg(os.getpid(), signal.SIGKILL)
    os._exit(0)
