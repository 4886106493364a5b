"""One thread for the linear algebra inside an estimator, whatever the machine and its environment allow.

A second thread makes matrices of this size slower on a busy machine, and the last bits of a sum depend on their number.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from threadpoolctl import ThreadpoolController

P = ParamSpec("P")
R = TypeVar("R")


@functools.cache
def _libraries(with_scipy: bool) -> ThreadpoolController:
    # It looks through all loaded libraries, which takes milliseconds; SciPy brings its own when it is first needed.
    return ThreadpoolController()


def one_thread(estimator: Callable[P, R]) -> Callable[P, R]:
    """Let a function's linear algebra run in one thread; afterwards what was set before holds again.

    Parameters
    ----------
    estimator : callable
        A public function or method whose arithmetic reaches matrices.

    Returns
    -------
    callable
        The same function, some 20 microseconds slower.
    """

    @functools.wraps(estimator)
    def _held(*args: P.args, **kwargs: P.kwargs) -> R:
        with _libraries("scipy.linalg" in sys.modules).limit(limits=1, user_api="blas"):
            return estimator(*args, **kwargs)

    return _held


def linear_algebra() -> str:
    """Name the library that multiplies and solves, and the processor that its code is made for.

    Returns
    -------
    str
        Such as ``openblas for Haswell``: another processor, or another choice of code for it
        (``OPENBLAS_CORETYPE``), gives other last digits.
    """
    found = [item for item in _libraries(False).info() if item["user_api"] == "blas"]
    return ", ".join(
        sorted({f"{item['internal_api']} for {item.get('architecture', 'any processor')}" for item in found})
    )
