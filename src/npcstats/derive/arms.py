"""Who belongs to which arm, what is left of that where arms are masked or pooled, and what may be said of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from npcstats.derive.groups import population_members
from npcstats.errors import SpecError
from npcstats.formatting import counted
from npcstats.study import (
    ARM,
    ARM_COLUMNS,
    ARM_SOURCE,
    ASSIGNMENTS,
    RANDOMIZED,
    TREATMENTS,
    Arm,
    Study,
)

RECORDED, RULED, PLANNED = "recorded", "ruled", "planned"


def assign_arms(study: Study) -> Study:
    """Give every participant the arm of each assignment: by the planned treatment, and by the actual one.

    Parameters
    ----------
    study : Study
        At its cut-off.

    Returns
    -------
    Study
        With the design's arms; `population_members` tells each member's arm, by the assignment of the population.

    Notes
    -----
    Convention: an actual treatment that is not an arm's own counts by the plan's rule; without one recorded by the
    cut-off, the planned treatment counts.
    """
    adsl = study["adsl"]
    planned, actual = (adsl[name] for name in TREATMENTS)
    rule = dict(study.design.arm_rule)
    source = pd.Series(RECORDED, index=adsl.index).mask(actual.isin(list(rule)), RULED).mask(actual == "", PLANNED)
    assigned = {
        ARM_COLUMNS["planned"]: planned,
        ARM_COLUMNS["actual"]: actual.where(actual != "", planned).replace(rule),
        ARM_SOURCE: source,
    }
    return replace(study.with_frames({"adsl": adsl.assign(**assigned)}), arms=study.design.arms)


def mask_arms(study: Study, mask: Mapping[str, str]) -> Study:
    """Relabel the arms by letters and remove every column that reveals them, before anything is summarized.

    Parameters
    ----------
    study : Study
        With arms assigned.
    mask : mapping of str to str
        A letter for each arm code.

    Returns
    -------
    Study
        Arms in the order of their letters; the last letter is the reference.

    Raises
    ------
    SpecError
        If the mask does not give each arm a letter of its own.
    """
    codes = {arm.code for arm in study.arms}
    if set(mask) != codes or len(set(mask.values())) != len(codes):
        raise SpecError(
            f"mask: not a letter for each arm and no other; a different letter for each of the study's {len(codes)} "
            "arms is required."
        )
    adsl = study["adsl"]
    masked = adsl.assign(**{name: adsl[name].map(dict(mask)) for name in ARM_COLUMNS.values()})
    arms = tuple(Arm(letter, f"Arm {letter}") for letter in sorted(mask.values()))
    return _without_treatment(replace(study.with_frames({"adsl": masked}), arms=arms))


def pool_arms(study: Study) -> Study:
    """Remove every column that reveals a participant's treatment.

    Parameters
    ----------
    study : Study
        At its cut-off.

    Returns
    -------
    Study
        Without arms; analyses see everyone together.
    """
    pooled = study["adsl"].drop(columns=[*ARM_COLUMNS.values(), ARM_SOURCE], errors="ignore")
    return _without_treatment(replace(study.with_frames({"adsl": pooled}), arms=()))


def _without_treatment(study: Study) -> Study:
    hidden = {name: list(columns) for name, columns in study.design.treatment_columns.items() if name in study.frames}
    return study.with_frames({name: study[name].drop(columns=columns) for name, columns in hidden.items()})


def arms_sentences(study: Study, population: str) -> dict[str, str]:
    """How the members of a population came into the arms that they are compared by.

    Parameters
    ----------
    study : Study
        At its cut-off, arms named, masked or removed.
    population : str
        Code of the analysis set.

    Returns
    -------
    dict of str to str
        ``arms``, the rule as far as it applies to a member, and ``arms_counts``, of how many members were not treated
        as planned; nothing of a study with fewer than two arms. Where arms are masked, no arm and no treatment is named
        and all arms count together.
    """
    if len(study.arms) < 2:
        return {}
    members = population_members(study, population)
    if study.design.population(population).arms == "actual":
        had = set(members.loc[members[ARM_SOURCE] == RULED, TREATMENTS[1]]) if study.arms == study.design.arms else ()
        told = _actual_words(rule_words(study, had), bool((members[ARM_SOURCE] == PLANNED).any()))
    else:
        told = f"Arms are {'as randomised, ' if study.design.allocation == RANDOMIZED else ''}by planned treatment."
    return {"arms": told} | ({"arms_counts": _counts_sentence(study, members)} if len(members) else {})


def arms_choices(study: Study, population: str) -> dict[str, str]:
    """By which treatment arms are, and the whole rule, whoever of the members it applies to.

    Parameters
    ----------
    study : Study
        At its cut-off, arms named, masked or removed.
    population : str
        Code of the analysis set.

    Returns
    -------
    dict of str to str
        ``arms``, a sentence that tells nothing of the members; nothing where `arms_sentences` does not depend on them.
    """
    if len(study.arms) < 2 or study.design.population(population).arms != "actual":
        return {}
    return {"arms": _actual_words(rule_words(study), True)}


def _actual_words(rule: str, blank: bool) -> str:
    clauses = [rule, "who has none recorded counts as planned" if blank else ""]
    told = "; ".join(filter(None, clauses))
    return f"Arms are by actual treatment{': ' if rule else '; ' if told else ''}{told}."


def rule_words(study: Study, treatments: Collection[str] | None = None) -> str:
    """Where an actual treatment that is no arm's own is counted, in words; nothing where that could unmask.

    Parameters
    ----------
    study : Study
        Its arms are the ones an analysis may see.
    treatments : collection of str, optional
        Of which treatments it is told; all of the design's rule if not given.

    Returns
    -------
    str
        Without a full stop; empty where arms are masked or removed, or the design has no such treatment.
    """
    if study.arms != study.design.arms:
        return ""
    labels = {arm.code: arm.label for arm in study.arms}
    rule = {code: arm for code, arm in study.design.arm_rule.items() if treatments is None or code in treatments}
    return "; ".join(f"{treatment} counts in arm {labels[arm]}" for treatment, arm in rule.items())


def _counts_sentence(study: Study, members: pd.DataFrame) -> str:
    source = members[ARM_SOURCE]
    planned, actual = (members[ARM_COLUMNS[name]] for name in ASSIGNMENTS)
    numbers = _ruled_counts(study, members) | {
        "no actual treatment recorded": int((source == PLANNED).sum()),
        "another arm's treatment than planned": int(((source == RECORDED) & (planned != actual)).sum()),
    }
    told = [f"{number} had {what}" for what, number in numbers.items() if number]
    *first, last = told or ["nobody had another treatment than planned"]
    return f"Of {counted(len(members), 'participant')}, {' and '.join((*filter(None, (', '.join(first),)), last))}."


def _ruled_counts(study: Study, members: pd.DataFrame) -> dict[str, int]:
    """Members with a treatment that is no arm's own; by treatment only where arms are named."""
    ruled = members[ARM_SOURCE] == RULED
    if study.arms != study.design.arms:
        return {"a treatment that is no arm's own": int(ruled.sum())}
    actual = members[TREATMENTS[1]]
    return {code: int((ruled & (actual == code)).sum()) for code in study.design.arm_rule}


@dataclass(frozen=True)
class ComparedWords:
    """What allocation lets one say of a comparison of arms, each a full sentence or nothing.

    Parameters
    ----------
    baseline : str
        Of characteristics.
    unadjusted : str
        Of a comparison without covariates.
    hazards : str
        Of hazard ratios, with and without covariates.
    """

    baseline: str = ""
    unadjusted: str = ""
    hazards: str = ""


_NOT_RANDOMIZED = ComparedWords(
    "The arms were not randomised.",
    "Not adjusted for baseline differences: the arms were not randomised.",
    "Hazard ratios are associations: the arms were not randomised.",
)
_AS_RANDOMIZED = ComparedWords(
    "Arms were randomised: differences at enrolment are due to chance.",
    "Unadjusted comparison of the arms as randomised.",
    "Hazard ratios compare the arms as randomised.",
)
_SELECTED = ComparedWords(
    "Arms were randomised, but not everyone enrolled is in this set: differences need not be due to chance alone.",
    "Unadjusted comparison of the arms as randomised, without those who are not in this set.",
    "Hazard ratios compare the arms as randomised, without those who are not in this set.",
)
_BY_ACTUAL = "by actual treatment, not as randomised: groups are not protected by randomisation"
_AS_TREATED = ComparedWords(
    f"Groups are {_BY_ACTUAL}.",
    f"Unadjusted comparison {_BY_ACTUAL}.",
    f"Hazard ratios are associations, {_BY_ACTUAL}.",
)


def compared_words(study: Study, population: str) -> ComparedWords:
    """What may be said of a comparison of arms in a population.

    Parameters
    ----------
    study : Study
        At its cut-off, arms named, masked or removed.
    population : str
        Code of the analysis set.

    Returns
    -------
    ComparedWords
        Empty for a study with fewer than two arms.

    Notes
    -----
    Convention: in a randomized study, arms by actual treatment are as randomised where every member's actual treatment
    is that of the planned arm.
    """
    if len(study.arms) < 2:
        return ComparedWords()
    if study.design.allocation != RANDOMIZED:
        return _NOT_RANDOMIZED
    members = population_members(study, population)
    if not members[ARM].equals(members[ARM_COLUMNS["planned"]]):
        return _AS_TREATED
    return _AS_RANDOMIZED if len(members) == len(study["adsl"]) else _SELECTED
