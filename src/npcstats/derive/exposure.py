"""Delivered treatment of each member, as the plan declares it: doses added up, days of a treatment, ratios."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from npcstats.derive.groups import require_columns
from npcstats.errors import SpecError
from npcstats.study import Study


@dataclass(frozen=True)
class CumulativeDose:
    """Sum of the doses of some drugs.

    Parameters
    ----------
    code : str
        Name of the variable.
    drugs : tuple of str
        Values of ADEX.EXTRT, whose doses have one unit.
    phases : tuple of str
        Values of ADEX.EXPHASE; empty for every phase.
    known_from : str
        ADSL date by which the treatment is complete; before it the sum is not known.
    """

    code: str
    drugs: tuple[str, ...]
    phases: tuple[str, ...]
    known_from: str


@dataclass(frozen=True)
class OverallTime:
    """Days from one ADSL date to another, both counted.

    Parameters
    ----------
    code : str
        Name of the variable.
    start, end : str
        ADSL date columns.
    """

    code: str
    start: str
    end: str


@dataclass(frozen=True)
class Ratio:
    """One number of ADSL over another.

    Parameters
    ----------
    code : str
        Name of the variable.
    numerator, denominator : str
        ADSL columns, or variables derived before.
    """

    code: str
    numerator: str
    denominator: str


Derived = CumulativeDose | OverallTime | Ratio


def derive_exposure(study: Study, members: pd.DataFrame, derived: Iterable[Derived]) -> pd.DataFrame:
    """Add variables of delivered treatment to the members.

    Parameters
    ----------
    study : Study
        At its cut-off.
    members : DataFrame
        Rows of ADSL.
    derived : iterable of CumulativeDose, OverallTime and Ratio
        In the order in which they are derived.

    Returns
    -------
    DataFrame
        The members with a column for each; NaN where it is not known yet.

    Raises
    ------
    SpecError
        If a variable has the name of a column that is there.
    DataError
        If a column that it needs is not.

    Notes
    -----
    Missing data: a cumulative dose with a record of unknown dose is not known; a participant without a record has 0.
    """
    for item in derived:
        if item.code in members:
            raise SpecError(f"plan: {item.code} is derived, but is a column of adsl; another name is required.")
        members = members.assign(**{item.code: _derived(study, members, item)})
    return members


def _derived(study: Study, members: pd.DataFrame, item: Derived) -> pd.Series:
    if isinstance(item, CumulativeDose):
        return _cumulative(study, members, item)
    if isinstance(item, OverallTime):
        require_columns(members, "adsl", (item.start, item.end), item.code)
        return (members[item.end] - members[item.start]).dt.days + 1.0
    require_columns(members, "adsl", (item.numerator, item.denominator), item.code)
    return members[item.numerator] / members[item.denominator]


def _cumulative(study: Study, members: pd.DataFrame, item: CumulativeDose) -> pd.Series:
    adex = study["adex"]
    require_columns(members, "adsl", (item.known_from,), item.code)
    require_columns(adex, "adex", ("EXTRT", "EXDOSE", *(("EXPHASE",) if item.phases else ())), item.code)
    given = _given(adex, item)
    # sorted, so that the last bit of a sum does not depend on the order of the data
    total = given.sort_values(["USUBJID", "EXDOSE"]).groupby("USUBJID")["EXDOSE"].sum()
    unknown = members["USUBJID"].isin(set(given.loc[given["EXDOSE"].isna(), "USUBJID"]))
    return members["USUBJID"].map(total).fillna(0.0).where(members[item.known_from].notna() & ~unknown)


def _given(adex: pd.DataFrame, item: CumulativeDose) -> pd.DataFrame:
    given = adex.loc[adex["EXTRT"].isin(item.drugs)]
    return given.loc[given["EXPHASE"].isin(item.phases)] if item.phases else given


def doses_without_record(study: Study, derived: Iterable[Derived]) -> tuple[str, ...]:
    """Name the cumulative doses of which nobody has a record by the cut-off: 0 for all, or a name that never occurs.

    Parameters
    ----------
    study : Study
        At its cut-off.
    derived : iterable of CumulativeDose, OverallTime and Ratio
        From the plan.

    Returns
    -------
    tuple of str
        Their codes.
    """
    doses = (item for item in derived if isinstance(item, CumulativeDose))
    return tuple(item.code for item in doses if _given(study["adex"], item).empty)
