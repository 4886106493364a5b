"""Does every choice of a plan have an effect? What has none is refused, for it would be signed as if it had been made.

Knows every kind of entry and which of its fields stand idle beside the others, in a trial of this design and in
sessions of these arms; knows no data.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from npcstats.analyses.kind import Choices
from npcstats.choices import choice_faults, faults_within, idle_faults
from npcstats.run.registry import kind_of
from npcstats.schema import Schema
from npcstats.study import ENTERED, Design, Endpoint, EventRule, has_rival_relapse, has_several_kinds

ONE_ARM = "the design has one arm"
NO_ARMS = "arms are not told apart in any of its sessions"
NO_CONTRAST = "it contrasts no arms"
NO_PAIR = "no two of three arms and more are compared"
Idle = dict[str, str]


def effect_faults(
    design: Design,
    specs: Sequence[Any],
    listings: Sequence[Any],
    pooled: Collection[str],
    *,
    by_entry: bool = False,
) -> list[str]:
    """Faults of a plan's entries: choices without effect, and choices outside their closed sets.

    Parameters
    ----------
    design : Design
        The trial.
    specs, listings : sequence
        Analyses and listings of the plan.
    pooled : collection of str
        Codes of the sessions that have no arms.
    by_entry : bool
        Whether a snapshot honours the days on which records were entered.

    Returns
    -------
    list of str
        A clause for each, with the entry's id.
    """
    faults = [f"endpoint {item.code}: {fault}" for item in design.endpoints
              for fault in _endpoint_faults(item, design)]  # fmt: skip
    for spec in (*specs, *listings):
        arms = len(design.arms) > 1 and not set(spec.sessions) <= set(pooled)
        faults += [f"analysis {spec.id}: {fault}" for fault in _spec_faults(spec, design, arms)]
    if by_entry and not any(map(_has_entry, design.frames)):
        faults.append(f"snapshot has no effect on days of entry: no frame has {ENTERED}")
    return faults


def _has_entry(schema: Schema) -> bool:
    return any(column.name == ENTERED or column.entered_on for column in schema.columns)


def _spec_faults(spec: Any, design: Design, arms: bool) -> list[str]:
    """Faults of one entry, `arms` telling whether any of its sessions has arms to compare."""
    choices = kind_of(spec).choices
    faults = [] if spec.sessions else ["it is for no session, so nothing comes of it; a session is required"]
    faults += choices.faults(spec) + idle_faults(spec, choices.idle(spec))
    faults += idle_faults(spec, _unarmed(choices, spec, design, arms)) + _estimand_faults(choices, spec, design, arms)
    return faults + _wordless_faults(choices, spec, design) + _needed_faults(spec, design, arms)


def _unarmed(choices: Choices, spec: Any, design: Design, arms: bool) -> Idle:
    """Fields that compare arms where there are none to compare, or too many, and why they are without effect."""
    if len(design.arms) < _PAIR:
        return dict.fromkeys((*choices.of_pairs, *choices.unarmed(spec)), ONE_ARM)
    if not arms:
        return dict.fromkeys((*choices.of_arms, *choices.unarmed(spec)), NO_ARMS)
    return dict.fromkeys(choices.of_two, NO_PAIR) if len(design.arms) > _PAIR else {}


def _estimand_faults(choices: Choices, spec: Any, design: Design, arms: bool) -> list[str]:
    """Faults of an estimand: missing, of another analysis, or of no comparison."""
    if not hasattr(spec, "estimand"):
        return []
    given = choices.estimand(spec, len(design.arms)) if arms else ""
    return choice_faults(spec, "estimand", (given,)) if given else idle_faults(spec, {"estimand": NO_CONTRAST})


def _wordless_faults(choices: Choices, spec: Any, design: Design) -> list[str]:
    """Dates of which a sentence is made, and that have no words."""
    return [
        f"words.dates of the design has nothing for {name}, from which it counts days"
        for name in choices.told_dates(spec)
        if name not in design.words.dates
    ]


def _needed_faults(spec: Any, design: Design, arms: bool) -> list[str]:
    """Faults of choices that are left empty although arms are compared by them."""
    choices = kind_of(spec).choices
    compared = (*choices.required, *(choices.of_two if len(design.arms) == _PAIR else ())) if arms else ()
    return [
        f"{name} is empty, but arms are compared; a choice is required"
        for name in compared
        if not getattr(spec, name) and name not in choices.idle(spec)
    ]


_PAIR = 2


def _endpoint_faults(item: Endpoint, design: Design) -> list[str]:
    idle = {} if item.param else {"clock": "the endpoint is derived, not taken from adtte"}
    if not has_rival_relapse(design, item):
        idle["event_within_days"] = "no relapse competes or stops follow-up"
    if not has_several_kinds(design, item):
        idle["kinds_within_days"] = "no relapse can follow an event of another kind"
    rules = faults_within((f"rule of {rule.kind}", rule, _rule_idle(rule)) for rule in item.rules)
    empty = [f"rule of {rule.kind}: has no effect: it asks for nothing" for rule in item.rules
             if not rule.confirmed_by and not rule.anchor]  # fmt: skip
    return idle_faults(item, idle) + rules + empty


def _rule_idle(rule: EventRule) -> Idle:
    return {} if rule.anchor else dict.fromkeys(("first", "last"), "there is no anchor from which days are counted")
