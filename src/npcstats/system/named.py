"""Functions by name: who passes one on does not wait for the libraries of the module that it stands in.

A command loads what that command needs, and a worker what its parent has no use for.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Named:
    """A function of a module that is loaded where the function is called, and only then.

    Parameters
    ----------
    module, name : str
        The module and the function's name in it.
    """

    module: str
    name: str

    def __call__(self, *given: Any, **named: Any) -> Any:
        """Call the function."""
        return getattr(importlib.import_module(self.module), self.name)(*given, **named)
