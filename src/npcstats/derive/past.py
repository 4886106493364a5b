"""What a former meeting had, beside what its numbers become step by step on the way to the present ones."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Literal

from npcstats.results import Results
from npcstats.study import Study

Cause = Literal["code", "plan", "corrected", "late-entry", "follow-up", "new"]
CAUSES: tuple[Cause, ...] = ("code", "plan", "corrected", "late-entry", "follow-up", "new")
"""Why a number can change, in the order in which the causes are taken in.

``code``: the former export and plan, computed by the present code; ``plan``: by the present plan; ``corrected``: with
records that were changed or withdrawn since; ``late-entry``: with records that are dated by the former cut-off and came
later; ``follow-up``: at the present cut-off, of those who were enrolled by the former one; ``new``: of everybody.
"""


@dataclass(frozen=True)
class Step:
    """Results after one cause more was taken in."""

    cause: Cause
    results: Results


@dataclass(frozen=True)
class Past:
    """What a session had at the former meeting, and the way from there.

    Parameters
    ----------
    cutoff : date
        Of the former meeting.
    stored : Results
        As they were released then.
    steps : tuple of Step
        In the order of `CAUSES`, but for the last: after it stand the present results.
    former : Study
        What the former meeting saw: its export at its cut-off, arms as in the present session.
    restated : Study
        The present export at the former cut-off.
    plan_apart : bool
        Whether the present code still makes results of the former plan: if not, both first steps are by the present
        plan, and what the plan changed stands under the code.
    """

    cutoff: datetime.date
    stored: Results
    steps: tuple[Step, ...]
    former: Study
    restated: Study
    plan_apart: bool = True
