"""A kernel in waiting: a Python that loads what a kernel needs while this one loads what rendering needs.

It is told which kernel to be when that is known, and ends with the process that started it. Knows no document.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from npcstats.system.workers import kill_group, mortal_command

SERVER = "npcstats.system.kernel_server"


@dataclass(frozen=True)
class WaitingKernel:
    """A process that becomes a kernel once it is told which; it can be told once."""

    process: subprocess.Popen[bytes]

    def become(self, arguments: Sequence[str], *, folder: Path, environment: Mapping[str, str]) -> None:
        """Tell it which kernel to be.

        Parameters
        ----------
        arguments : sequence of str
            Of the kernel's program.
        folder : Path
            Its working directory.
        environment : mapping of str to str
            All of its environment.

        Raises
        ------
        RuntimeError
            If the process has ended.
        """
        told = json.dumps({"arguments": [*arguments], "folder": str(folder), "environment": dict(environment)})
        assert self.process.stdin is not None
        try:
            with self.process.stdin as pipe:
                pipe.write(told.encode() + b"\n")
        except OSError as error:
            raise RuntimeError(f"it ended before it was needed, {error.strerror}") from error


@contextmanager
def waiting_kernel(*, wanted: bool) -> Iterator[WaitingKernel | None]:
    """Have a kernel in waiting.

    Parameters
    ----------
    wanted : bool
        Whether one is likely to be needed.

    Yields
    ------
    WaitingKernel or None
        The kernel, which is gone at the end; None if none is wanted.
    """
    if not wanted:
        yield None
        return
    environment = {**os.environ, "JPY_PARENT_PID": str(os.getpid())}
    apart: dict[str, Any] = {"start_new_session": True} if os.name == "posix" else {}
    process = subprocess.Popen(mortal_command(SERVER), stdin=subprocess.PIPE, env=environment, **apart)
    try:
        yield WaitingKernel(process)
    finally:
        with contextlib.suppress(OSError):
            kill_group(process.pid)  # with what its cells started
            process.kill()
        process.wait()
        if process.stdin and not process.stdin.closed:
            with contextlib.suppress(OSError):
                process.stdin.close()
