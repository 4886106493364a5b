"""Being told to stop: signals become one exception that unwinds the whole program, except while files are put in place.

Knows the signals of a terminal and of a job scheduler; knows nothing of what is interrupted.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType

from npcstats.errors import Interrupted

STOPS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
AGAIN = 10.0
SOON = 0.05


@dataclass
class _Watch:
    """What was asked of this process and whether it was raised, how many blocks put it off, what is in place so far."""

    came: int = 0
    raised: bool = False
    holders: int = 0
    changed: list[str] = field(default_factory=list)


_WATCH = _Watch()


def watch_signals() -> None:
    """Turn the signals that ask a program to stop into `Interrupted`; more of them while it unwinds change nothing.

    A hang-up that was ignored when the program started, as `nohup` wants it, stays ignored. Where something swallows
    the exception it is raised again after ten seconds, or at once where Python itself does, as in a callback.
    """
    for number in STOPS:
        if number == signal.SIGINT or signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _stop)
    if hasattr(signal, "SIGALRM"):
        signal.signal(signal.SIGALRM, _stop_again)
        sys.unraisablehook = _swallowed


def _swallowed(told: sys.UnraisableHookArgs) -> None:
    if not isinstance(told.exc_value, Interrupted):
        sys.__unraisablehook__(told)
    elif signal.getsignal(signal.SIGALRM) == _stop_again:
        signal.setitimer(signal.ITIMER_REAL, SOON)


def finished() -> None:
    """End the watch: the work is done or unwound, and signals change nothing any more."""
    for number in STOPS:
        if signal.getsignal(number) == _stop:
            signal.signal(number, signal.SIG_IGN)
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        signal.signal(signal.SIGALRM, signal.SIG_IGN)


@contextmanager
def uninterrupted(*changed: str) -> Iterator[None]:
    """Put off `Interrupted` until the end of a block, which is short: files are put in place all together.

    Parameters
    ----------
    *changed : str
        What has been put in place when the block has ended.

    Yields
    ------
    None
        The block runs.
    """
    _WATCH.holders += 1
    try:
        yield
        _WATCH.changed.extend(changed)
    finally:
        _WATCH.holders -= 1
    if _WATCH.came and not _WATCH.raised and not _WATCH.holders:
        _raise()


def _stop(number: int, frame: FrameType | None) -> None:
    if _WATCH.came:
        return
    _WATCH.came = number
    if not _WATCH.holders:
        _raise()


def _stop_again(number: int, frame: FrameType | None) -> None:
    if not _WATCH.holders:
        _raise()


def _raise() -> None:
    _WATCH.raised = True
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, AGAIN)
    raise Interrupted(_WATCH.came, tuple(_WATCH.changed))
