"""Every analysis of a plan, to be tried on a whole export."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from npcstats.analyses.kind import Spec
from npcstats.derive import (
    assign_arms,
    at_cutoff,
)
from npcstats.run.plan import Plan
from npcstats.run.registry import kind_of
from npcstats.study import Study

NO_SECRET = "00" * 16


def analysis_attempts(
    plan: Plan, *, cutoff: datetime.date | None = None
) -> list[tuple[str, Callable[[Study], object]]]:
    """Name every analysis of the plan, and how it is made from the whole export, to find out whether it is refused.

    Parameters
    ----------
    plan : Plan
        The plan.
    cutoff : date, optional
        Instead of the sessions' own.

    Returns
    -------
    list of (str, callable)
        Id, and a function of the export; each analysis once for each cut-off, with named arms, since what is refused
        depends on neither names nor letters.
    """
    attempts: dict[tuple[str, datetime.date], Callable[[Study], object]] = {}
    for session in plan.sessions:
        day = cutoff or session.cutoff
        prepare = _Prepared(plan, session.code, day)
        attempts.setdefault(("the cut-off", day), prepare)
        for spec in plan.specs:
            if session.code in spec.sessions and kind_of(spec).summarize:
                attempts.setdefault((spec.id, day), partial(_summarized, spec, prepare))
        for listing in plan.listings:
            if session.code in listing.sessions:
                attempts.setdefault((listing.id, day), partial(_recorded, listing, prepare))
    return [(name, attempt) for (name, _), attempt in attempts.items()]


@dataclass
class _Prepared:
    """A study at a cut-off with named arms; the last one asked for is kept, since many analyses ask for it."""

    plan: Plan
    session: str
    day: datetime.date
    last: tuple[Study, Study] | None = None

    def __call__(self, study: Study) -> Study:
        if self.last is None or self.last[0] is not study:
            known = at_cutoff(study, self.day, snapshot=self.plan.snapshot)
            self.last = study, assign_arms(replace(known, session=self.session, rounding=self.plan.rounding))
        return self.last[1]


def _summarized(spec: Spec, prepare: _Prepared, study: Study) -> object:
    summarize = kind_of(spec).summarize
    return summarize(prepare(study), spec) if summarize else None


def _recorded(spec: Spec, prepare: _Prepared, study: Study) -> object:
    record = kind_of(spec).record
    return record(prepare(study), spec, NO_SECRET) if record else None
