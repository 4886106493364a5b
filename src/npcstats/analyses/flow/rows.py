"""Words of the rows of a flow: the boxes it is made of, which of them add up to which, and their check."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from npcstats.results import EVERYONE, Row

MEASURES: Mapping[str, str] = {"flow": "participants in a box of the flow, or in a part of it"}

SCREENED, NOT_ENROLLED, ENROLLED = "SCREENED", "NOT-ENROLLED", "ENROLLED"
ALLOCATED, NOT_STARTED, STARTED = "ALLOCATED", "NOT-STARTED", "STARTED"
COURSE, FOLLOW_UP, ANALYSED = "COURSE", "FOLLOW-UP", "ANALYSED"
POOLED = (SCREENED, NOT_ENROLLED, ENROLLED)
"""Boxes above the allocation: who is not enrolled has no arm."""
OF_ARM = (ALLOCATED, NOT_STARTED, STARTED, COURSE, FOLLOW_UP, ANALYSED)
BOXES = (*POOLED, *OF_ARM)
EXITS = (NOT_ENROLLED, NOT_STARTED)
"""Boxes of those who go no further."""

WAITING, PENDING, DIED, FOLLOWED = "WAITING", "PENDING", "DIED", "FOLLOWED"
TREATED, UNTREATED = "TREATED", "UNTREATED"
AS_PLANNED, OTHERWISE = "AS-PLANNED", "OTHERWISE"
COMPLETED, FEWER, ONGOING, UNENDED, UNRECORDED = "COMPLETED", "FEWER", "ONGOING", "UNENDED", "UNRECORDED"
PARTS = (WAITING, PENDING, DIED, FOLLOWED, AS_PLANNED, OTHERWISE, COMPLETED, FEWER, ONGOING, UNENDED, UNRECORDED)
"""Parts whose words a plan gives; criteria, reasons and treatments are its own."""
LEVELS = (TREATED, UNTREATED)

SPLITS: Mapping[str, tuple[str, ...]] = {SCREENED: (NOT_ENROLLED, ENROLLED), ALLOCATED: (NOT_STARTED, STARTED)}
ALIKE: Mapping[str, str] = {COURSE: STARTED, FOLLOW_UP: STARTED}
"""Boxes that hold the same participants as another, told apart in another way."""


def flow_faults(rows: Iterable[Row]) -> list[str]:
    """Find boxes that are not the sum of their parts, of the boxes they lead to, or of the arms.

    Parameters
    ----------
    rows : iterable of Row
        Of one flow.

    Returns
    -------
    list of str
        A clause for each; empty where all adds up. What is not known is not judged.
    """
    counts = {(row.arm, row.block, row.variable, row.level): row.value for row in rows if row.measure == "flow"}
    whole = {(arm, block): n for (arm, block, part, _), n in counts.items() if part == EVERYONE}
    sums: list[tuple[str, float, float]] = []
    for (arm, block), size in whole.items():
        inside = [n for (a, b, part, _), n in counts.items() if (a, b) == (arm, block) and part != EVERYONE]
        if inside and block != ANALYSED:
            sums.append((f"parts of {block} of {arm}", sum(inside), size))
        if block in SPLITS:
            sums.append((f"boxes after {block} of {arm}", sum(whole[arm, one] for one in SPLITS[block]), size))
        if block in ALIKE:
            sums.append((f"{block} of {arm}", size, whole[arm, ALIKE[block]]))
    for block in {block for _, block in whole}:
        of_arms = [n for (arm, one), n in whole.items() if one == block and arm != EVERYONE]
        if of_arms:
            sums.append((f"{block} of all arms", sum(of_arms), whole[EVERYONE, block]))
    if (EVERYONE, ALLOCATED) in whole:
        sums.append(("enrolled", whole[EVERYONE, ENROLLED], whole[EVERYONE, ALLOCATED]))
    told = (f"{what}: {found:g} of {size:g}" for what, found, size in sums if not _same(found, size))
    return list(told)


def _same(found: float, size: float) -> bool:
    return math.isnan(found) or math.isnan(size) or found == size
