"""What a plan says of the participants' way through the trial, and what of it is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from npcstats.analyses.flow.rows import BOXES, LEVELS, PARTS
from npcstats.choices import repeat_faults
from npcstats.study import Status


@dataclass(frozen=True)
class FlowSpec:
    """The participants' way through the trial, from screening to the analysis sets.

    Parameters
    ----------
    id, label, population : str
        Id in results, name on the page, and the set of all who are followed, such as the enrolled.
    sessions : tuple of str
        Sessions it is made for.
    criteria : mapping of str to str
        Criteria of the screening log and their labels, in the order in which they are assessed; empty for a flow that
        begins with the enrolled.
    treated, started, ended : str
        ADSL dates of the first treatment of any kind, and of the first and last day of the treatment that the flow is
        about.
    given, planned : str
        ADSL columns of how often that treatment was given, and how often it was planned.
    died, left : str
        ADSL date of death, and column of why a participant left the trial.
    reasons : mapping of str to str
        Values of `left` and their labels, in page order.
    ruled : mapping of str to str
        Actual treatments that are no arm's own, and their labels; they are told apart where arms are named.
    boxes, parts, levels : mapping of str to str
        Words for every code of ``rows.BOXES``, ``rows.PARTS`` and ``rows.LEVELS``.
    sets : tuple of str
        Analysis sets, in page order; one that looks at treatment is told where arms are named.
    status : {"planned", "post hoc"}
        Whether the plan foresaw it.
    """

    id: str
    label: str
    population: str
    sessions: tuple[str, ...]
    criteria: Mapping[str, str]
    treated: str
    started: str
    ended: str
    given: str
    planned: str
    died: str
    left: str
    reasons: Mapping[str, str]
    ruled: Mapping[str, str]
    boxes: Mapping[str, str]
    parts: Mapping[str, str]
    levels: Mapping[str, str]
    sets: tuple[str, ...]
    status: Status


def flow_faults(spec: FlowSpec) -> list[str]:
    """Faults of an entry by itself: words that are missing, or that stand for nothing.

    Parameters
    ----------
    spec : FlowSpec
        As in the plan.

    Returns
    -------
    list of str
        A clause for each.
    """
    faults = repeat_faults("set", list(spec.sets))
    for name, codes in (("boxes", BOXES), ("parts", PARTS), ("levels", LEVELS)):
        given: Mapping[str, str] = getattr(spec, name)
        faults += [f"{name} has no words for {code}; words for it are required" for code in codes if code not in given]
        faults += [f"{name}: {code} is not one of {', '.join(codes)}" for code in given if code not in codes]
    taken = [code for code in (*spec.reasons, *spec.criteria, *spec.ruled) if code in PARTS]
    return faults + [f"{code} names a part of its own; another code is required" for code in taken]
