"""Two results tables compared, key by key."""

from __future__ import annotations

import math
from dataclasses import dataclass

from npcstats.results.rows import Row
from npcstats.results.table import Results


@dataclass(frozen=True)
class Difference:
    """A key at which two results tables differ: the old and the new row, None where absent."""

    key: str
    old: Row | None
    new: Row | None


def diff(old: Results, new: Results, tolerance: float, *, absolute: float = 0.0) -> tuple[Difference, ...]:
    """Compare two results tables by key.

    Parameters
    ----------
    old, new : Results
        The tables.
    tolerance : float
        Largest relative difference of two values that counts as equal, 0 or more; other columns must be the same, but
        for a reason that one of two rows has not, since the note tells it in words and results of before have none.
    absolute : float
        Largest difference that counts as equal whatever the size of the values.

    Returns
    -------
    tuple of Difference
        In the order of `old`, then keys only in `new`; empty when the tables agree.
    """
    keys = list(old.by_key) + [key for key in new.by_key if key not in old.by_key]
    pairs = ((key, old.by_key.get(key), new.by_key.get(key)) for key in keys)
    return tuple(
        Difference(key, a, b) for key, a, b in pairs if a is None or b is None or not _same(a, b, tolerance, absolute)
    )


def _same(a: Row, b: Row, tolerance: float, absolute: float) -> bool:
    words = all(getattr(a, name) == getattr(b, name) for name in ("unit", "method", "note"))
    reasons = not (a.reason and b.reason) or a.reason == b.reason
    return (
        words and reasons and _close(a.conf_level, b.conf_level, 0.0) and _close(a.value, b.value, tolerance, absolute)
    )


def _close(a: float, b: float, tolerance: float, absolute: float = 0.0) -> bool:
    if math.isnan(a) or math.isnan(b):
        return math.isnan(a) and math.isnan(b)
    return a == b or math.isclose(a, b, rel_tol=tolerance, abs_tol=absolute)
