"""Every result of a laboratory marker, at visits and between them: when, how much, whether anything was detected."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from npcstats.derive.groups import require_columns
from npcstats.derive.markers import BelowLimit
from npcstats.derive.visits import BELOW_LLOQ, NOT_DETECTED, visit_records
from npcstats.errors import DataError
from npcstats.formatting import counted
from npcstats.study import Study, Visit

ABSENT, BELOW, QUANTIFIED = 0, 1, 2
"""States of a sample: nothing detected, detected below the limit of quantification, quantified."""
NO_SAMPLE = -1


@dataclass(frozen=True, eq=False)
class Samples:
    """Results of one marker, by member and then by date.

    Attributes
    ----------
    member : int array, shape (k,)
        Position of the participant among the members.
    date : datetime64[s] array, shape (k,)
        Day of the sample.
    state : int array, shape (k,)
        One of `ABSENT`, `BELOW` and `QUANTIFIED`.
    value : float array, shape (k,)
        Quantity; of what is below the limit as the caller chose.
    """

    member: np.ndarray
    date: np.ndarray
    state: np.ndarray
    value: np.ndarray

    def days(self, origin: pd.Series) -> np.ndarray:
        """Days from each member's own day to the samples.

        Parameters
        ----------
        origin : Series of datetime, shape (n,)
            A day of each member.

        Returns
        -------
        float array, shape (k,)
            NaN where a member has no such day.
        """
        zero = origin.to_numpy(dtype="datetime64[s]")[self.member]
        elapsed: np.ndarray = (self.date - zero).astype("timedelta64[s]") / np.timedelta64(1, "D")
        return elapsed


def marker_samples(
    study: Study, members: pd.DataFrame, *, code: str, unit: str, below_limit: BelowLimit, reason: str
) -> Samples:
    """Find every result of a marker, whether at a visit or between two.

    Parameters
    ----------
    study : Study
        At its cut-off.
    members : DataFrame
        Of a population, n rows.
    code, unit : str
        PARAMCD, and the unit in which its values are recorded.
    below_limit : {"half-limit", "missing"}
        What a value below the limit of quantification counts as; of no effect on states.
    reason : str
        What asks for it.

    Returns
    -------
    Samples
        Of members; a record without a result is none.

    Raises
    ------
    DataError
        If the study lacks a column that is needed, or the marker has another unit.
    """
    limit = ("LLOQ",) if below_limit == "half-limit" else ()
    require_columns(study["adlb"], "adlb", ("PARAMCD", "ADT", "AVAL", "AVALC", "AVALU", *limit), reason)
    records = study["adlb"].loc[study["adlb"]["PARAMCD"] == code]
    others = int((records["AVALU"] != unit).sum())
    if others:
        raise DataError(f"adlb.AVALU: {counted(others, 'record')} of {code} in another unit; {unit} is required.")
    text, value = records["AVALC"].to_numpy(dtype=str), records["AVAL"].to_numpy(dtype=float)
    below = np.isin(text, (BELOW_LLOQ, NOT_DETECTED))
    half = records["LLOQ"].to_numpy(dtype=float) / 2 if limit else np.nan
    state = np.where(text == NOT_DETECTED, ABSENT, np.where(text == BELOW_LLOQ, BELOW, QUANTIFIED))
    member = pd.Index(members["USUBJID"]).get_indexer(pd.Index(records["USUBJID"]))
    date = records["ADT"].to_numpy(dtype="datetime64[s]")
    kept = (member >= 0) & (below | ~np.isnan(value)) & ~np.isnat(date)
    order = np.lexsort((state[kept], date[kept], member[kept]))
    found = (member, date, state, np.where(below, half, value))
    return Samples(*(array[kept][order] for array in found))


def states_at(samples: Samples, members: pd.DataFrame, visits: tuple[Visit, ...]) -> np.ndarray:
    """State of each member at each visit.

    Parameters
    ----------
    samples : Samples
        Of one marker.
    members : DataFrame
        Of a population, n rows.
    visits : tuple of Visit
        v visits of the design; the sample nearest to the target day, inside its window, is used, and
        of several of a day the one in which most was found.

    Returns
    -------
    int array, shape (n, v)
        One of `ABSENT`, `BELOW` and `QUANTIFIED`; `NO_SAMPLE` without a result.
    """
    records = pd.DataFrame({
        "USUBJID": members["USUBJID"].to_numpy()[samples.member], "ADT": samples.date, "AVAL": samples.state,
    })  # fmt: skip
    records = records.drop_duplicates(["USUBJID", "ADT"], keep="last")  # of a day the state with most
    states = np.full((len(members), len(visits)), NO_SAMPLE)
    for i, visit in enumerate(visits):
        chosen = visit_records(records, members, visit)
        states[chosen.index.to_numpy(dtype=int), i] = chosen["AVAL"].to_numpy(dtype=int)
    return states
