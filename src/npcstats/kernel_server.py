"""The program of a kernel in waiting: loads what a kernel needs, waits for one line, and is that kernel."""

from __future__ import annotations

import json
import os
import sys

import ipykernel_launcher
from ipykernel import kernelapp


def serve() -> None:
    """Wait to be told which kernel to be; told nothing, end."""
    line = sys.stdin.buffer.readline()
    if not line:
        return
    told = json.loads(line)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.environ.update(told["environment"])
    os.chdir(told["folder"])
    sys.argv[:] = [ipykernel_launcher.__file__, *told["arguments"]]  # the name that every kernel has
    kernelapp.launch_new_instance()


if __name__ == "__main__":
    serve()
