"""Words of the rows of response: blocks beside the visit's, the variable of classes, and states without one."""

from __future__ import annotations

from typing import Final

BEST, AGAIN, CLASS = "BEST", "AGAIN", "CLASS"
MISSING, DIED, PENDING = "MISSING", "DIED", "PENDING"
DUE: Final = "due"
EVALUABLE: Final = "evaluable"
ALL: Final = "everyone"
"""Levels of a rate: whom it is of."""
