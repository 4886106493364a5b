"""The program of a kernel: what it is to be, its arguments tell, or one line that it waits for.

A kernel in waiting loads what a kernel needs before it is told. No kernel here has a debugger, whose library takes
longer to load than a small document takes to be rendered.
"""

from __future__ import annotations

import json
import os
import sys
from importlib import import_module
from typing import Any

import ipykernel_launcher
from ipykernel import kernelapp

ABSENT: dict[str, Any] = {"debugpy": None}


def leave_out_debugger() -> None:
    """Let the kernel find no debugger; a cell may import the library all the same."""
    if "debugpy" not in sys.modules:
        sys.modules.update(ABSENT)
        import_module("ipykernel.debugger")
        del sys.modules["debugpy"]


def serve(arguments: list[str]) -> None:
    """Be a kernel.

    Parameters
    ----------
    arguments : list of str
        What the kernel is to be; without any, they are waited for, and told nothing, it ends.
    """
    leave_out_debugger()
    if not arguments:
        line = sys.stdin.buffer.readline()
        if not line:
            return
        told = json.loads(line)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.environ.update(told["environment"])
        os.chdir(told["folder"])
        arguments = told["arguments"]
    sys.argv[:] = [ipykernel_launcher.__file__, *arguments]  # the name that every kernel has
    kernelapp.launch_new_instance()


if __name__ == "__main__":
    serve(sys.argv[1:])
