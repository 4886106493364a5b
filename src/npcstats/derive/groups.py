"""Members of an analysis set, the groups they are summarized in, and stretches of their own time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from npcstats.errors import DataError
from npcstats.formatting import counted
from npcstats.results import EVERYONE
from npcstats.study import (
    ARM,
    ARM_COLUMNS,
    Period,
    Population,
    Study,
)


def require_columns(frame: pd.DataFrame, name: str, columns: Iterable[str], reason: str) -> None:
    """Refuse an analysis whose columns the design does not declare.

    Parameters
    ----------
    frame : DataFrame
        Of the study.
    name : str
        The frame's name.
    columns : iterable of str
        What the analysis reads.
    reason : str
        What asks for them.

    Raises
    ------
    DataError
        If a column is not there.
    """
    lacking = [column for column in columns if column not in frame]
    if lacking:
        raise DataError(f"{name}: {', '.join(lacking)} not in the data of this study; {reason} requires it.")


def population_members(study: Study, code: str) -> pd.DataFrame:
    """Participants of an analysis set at the cut-off.

    Parameters
    ----------
    study : Study
        At its cut-off.
    code : str
        Population of the design.

    Returns
    -------
    DataFrame
        Their rows of ADSL, indexed from 0, in ADSL order; with ``ARM``, by the assignment of the population, where
        arms are assigned.

    Raises
    ------
    SpecError
        If the design has no such population.
    DataError
        If it looks at a column that the study does not have, or no longer has, or a member has no arm by the cut-off.
    """
    adsl, wanted = study["adsl"], study.design.population(code)
    require_columns(adsl, "adsl", wanted.without, f"population {code}")
    inside = adsl[list(wanted.requires)].notna().all(axis=1)
    for column, values in wanted.without.items():
        inside &= ~adsl[column].isin(values)
    members = adsl.take(np.flatnonzero(inside))  # a copy, and the only one
    members.index = pd.RangeIndex(len(members))
    return _with_arm(members, study, wanted) if study.arms else members


def _with_arm(members: pd.DataFrame, study: Study, population: Population) -> pd.DataFrame:
    arm = members[ARM_COLUMNS[population.arms]]
    strange = int((~arm.isin([known.code for known in study.arms])).sum())
    if strange:
        raise DataError(
            f"population {population.code}: {strange} of {counted(len(members), 'participant')} in no arm by the "
            "cut-off; a planned treatment that is an arm's is required of each."
        )
    members[ARM] = arm
    return members


def level_texts(values: pd.Series) -> pd.Series:
    """Values of a categorical variable as the codes that a plan names.

    Parameters
    ----------
    values : Series
        Texts or numbers.

    Returns
    -------
    Series of str
        Whole numbers without a decimal point; empty where missing.
    """
    places, texts = distinct_level_texts(values)
    return pd.Series(np.array([*texts, ""], dtype=object)[places], index=values.index, dtype=object)


def distinct_level_texts(values: pd.Series) -> tuple[np.ndarray, list[str]]:
    """Distinct values of a categorical variable as the codes that a plan names, and where each stands.

    Parameters
    ----------
    values : Series, shape (n,)
        Texts or numbers.

    Returns
    -------
    ndarray of int, shape (n,)
        Position in the list, -1 where there is no value.
    list of str
        As `level_texts` writes them; a text may stand more than once.
    """
    places, found = pd.factorize(values)
    return places, [_level_text(value) for value in found]


def _level_text(value: object) -> str:
    if isinstance(value, float):
        return "" if np.isnan(value) else f"{value:g}"
    return str(value)


@dataclass(frozen=True)
class Group:
    """Participants who are summarized together: an arm's code or ``all``, and a mask over the members."""

    arm: str
    members: np.ndarray


def arm_groups(study: Study, members: pd.DataFrame) -> tuple[Group, ...]:
    """Split members by arm, and everyone last.

    Parameters
    ----------
    study : Study
        Its arms are the ones an analysis may see.
    members : DataFrame
        From `population_members`.

    Returns
    -------
    tuple of Group
        One per arm in page order, then everyone; only everyone in a study without arms.
    """
    everyone = Group(EVERYONE, np.ones(len(members), dtype=bool))
    if not study.arms:
        return (everyone,)
    return (*(Group(arm.code, (members[ARM] == arm.code).to_numpy()) for arm in study.arms), everyone)


def arm_pair(study: Study) -> tuple[str, str] | None:
    """Arm and reference of a contrast.

    Parameters
    ----------
    study : Study
        Its arms are the ones an analysis may see.

    Returns
    -------
    tuple of (str, str) or None
        First and last arm; None unless there are two arms.
    """
    return (study.arms[0].code, study.arms[-1].code) if len(study.arms) == 2 else None


@dataclass(frozen=True)
class Span:
    """Each member's own stretch of time: first and last day, NaT where it has not begun or has no end."""

    start: pd.Series
    end: pd.Series


def period_span(members: pd.DataFrame, period: Period) -> Span:
    """Dates of a period for each member.

    Parameters
    ----------
    members : DataFrame
        Rows of ADSL.
    period : Period
        Of the design.

    Returns
    -------
    Span
        Start and end, aligned with `members`.

    Notes
    -----
    Convention: where the date of the end is missing, the period's longest duration stands for it; someone whose
    period is shorter than that so far is still in it.
    """
    start = members[period.start] + pd.Timedelta(days=period.start_day)
    if not period.end:
        return Span(start, pd.Series(pd.NaT, index=members.index, dtype=start.dtype))
    latest = members[period.start] + pd.Timedelta(days=period.longest or 0)
    return Span(start, members[period.end].fillna(latest) + pd.Timedelta(days=period.end_day))
