"""Who belongs to which arm, and what is left of that where arms are masked or pooled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from npcstats.errors import SpecError
from npcstats.study import (
    ARM,
    Arm,
    Study,
)


def assign_arms(study: Study) -> Study:
    """Give every participant an arm: the actual treatment, else the planned one, through the plan's rule.

    Parameters
    ----------
    study : Study
        At its cut-off.

    Returns
    -------
    Study
        With ``adsl.ARM`` and the design's arms.
    """
    adsl = study["adsl"]
    treatment = adsl["TRT01A"].where(adsl["TRT01A"] != "", adsl["TRT01P"])
    assigned = adsl.assign(**{ARM: treatment.replace(dict(study.design.arm_rule))})
    return replace(study.with_frames({"adsl": assigned}), arms=study.design.arms)


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
            f"mask: it names {', '.join(sorted(mask)) or 'no arm'}; a different letter for each of the study's "
            f"{len(codes)} arms is required."
        )
    masked = study["adsl"].assign(**{ARM: study["adsl"][ARM].map(dict(mask))})
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
    pooled = study["adsl"].drop(columns=ARM, errors="ignore")
    return _without_treatment(replace(study.with_frames({"adsl": pooled}), arms=()))


def _without_treatment(study: Study) -> Study:
    hidden = {name: list(columns) for name, columns in study.design.treatment_columns.items() if name in study.frames}
    return study.with_frames({name: study[name].drop(columns=columns) for name, columns in hidden.items()})
