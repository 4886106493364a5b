"""What a session had at the former meeting, and the way from there to its present numbers."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from npcstats.derive import Cause, Past, Step, Taken, follow_export
from npcstats.errors import DataError, NpcstatsError, ResultsError
from npcstats.formatting import format_date
from npcstats.results import Results
from npcstats.run.mask import Mask, check_same_mask
from npcstats.run.meetings.stored import Meeting, results_of_meeting
from npcstats.run.plan import Plan
from npcstats.run.sessions import build_results, prepare_study, view_study
from npcstats.study import Study, read_study


def check_former(former: Meeting, plan: Plan, cutoff: datetime.date, mask: Mask | None) -> None:
    """Refuse a meeting that is not the one before: of another trial, not earlier, or under another map.

    Parameters
    ----------
    former : Meeting
        Said to be the one before.
    plan : Plan
        The present plan.
    cutoff : date
        Of the present meeting.
    mask : Mask or None
        The present map.

    Raises
    ------
    ResultsError
        If it is of another trial, or not earlier.
    SpecError
        If it was made under another map.
    """
    told = former.manifest
    if told.trial != plan.design.registry:
        raise ResultsError(f"{former.folder}: a meeting of {told.trial}; one of {plan.design.registry} is required.")
    if told.day >= cutoff:
        raise ResultsError(f"{former.folder}: its cut-off, {format_date(told.day)}, is not before "
                           f"{format_date(cutoff)}; the meeting before this one is required.")  # fmt: skip
    if mask and told.mask_hmac_sha256:
        check_same_mask(mask, told.mask_hmac_sha256)


@dataclass(frozen=True)
class Way:
    """The way from a former meeting to the present one, before any session is shown it.

    Parameters
    ----------
    former : Meeting
        The meeting before.
    then : Study
        Its export, read by the present design.
    taken : mapping of str to Study
        From `follow_export`.
    """

    former: Meeting
    then: Study
    taken: Mapping[Taken, Study]


def find_way(former: Meeting, study: Study, plan: Plan, cutoff: datetime.date) -> Way:
    """Find the way from a former meeting to the present one.

    Parameters
    ----------
    former : Meeting
        The meeting before.
    study : Study
        The present export, as read.
    plan : Plan
        The present plan.
    cutoff : date
        Of the present meeting.

    Returns
    -------
    Way
        Studies at their cut-offs.

    Raises
    ------
    ResultsError
        If the former export cannot be read by the present design, or be brought to the present one.
    """
    same = former.plan.design == plan.design
    try:
        then = former.study if same else read_study(former.study.source, plan.design)
        taken = follow_export(then, study, former_cutoff=former.manifest.day, cutoff=cutoff, snapshot=plan.snapshot)
    except DataError as error:
        raise ResultsError(f"{former.folder}: its export cannot be brought to the present one by the present plan "
                           f"({error})") from error  # fmt: skip
    return Way(former, then, taken)


def read_past(way: Way, plan: Plan, session: str, mask: Mask | None) -> Past | None:
    """Find what a session had at the former meeting, and what its numbers become on the way.

    Parameters
    ----------
    way : Way
        From `find_way`.
    plan : Plan
        The present plan.
    session : str
        Session code.
    mask : Mask or None
        The map, the same at both meetings.

    Returns
    -------
    Past or None
        None where the former meeting had no such session.

    Raises
    ------
    ResultsError
        If an analysis is refused on the way.
    """
    former, day = way.former, way.former.manifest.day
    stored = results_of_meeting(former, session)
    if stored is None:
        return None
    show = partial(view_study, plan=plan, session=session, mask=mask)
    then = prepare_study(way.then, plan, session, cutoff=day, mask=mask)
    restated = show(way.taken["late-entry"])
    planned = _results(former, "plan", then, plan)
    coded = _by_former_plan(former, session, mask) if former.own_plan else None
    stages: Mapping[Cause, tuple[Study, Plan]] = {
        "corrected": (show(way.taken["corrected"]), plan),
        "late-entry": (restated, plan),
        "follow-up": (show(way.taken["follow-up"]), plan),
    }
    steps = tuple(Step(cause, _results(former, cause, *stage)) for cause, stage in stages.items())
    return Past(day, stored, (Step("code", coded or planned), Step("plan", planned), *steps), then, restated,
                plan_apart=coded is not None)  # fmt: skip


def _by_former_plan(former: Meeting, session: str, mask: Mask | None) -> Results | None:
    """What the present code makes of the former plan and export; None where it cannot any more."""
    try:
        then = prepare_study(former.study, former.plan, session, cutoff=former.manifest.day, mask=mask)
        return build_results(then, former.plan)
    except NpcstatsError:
        return None


def _results(former: Meeting, cause: Cause, study: Study, plan: Plan) -> Results:
    try:
        return build_results(study, plan)
    except NpcstatsError as error:
        raise ResultsError(f"{former.folder}: on the way from it to the present numbers, step {cause!r} is refused "
                           f"({error})") from error  # fmt: skip
