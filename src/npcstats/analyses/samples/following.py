"""Of each participant: whether a visit was expected, and the step at which its value was lost."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from npcstats.analyses.samples.rows import (
    DIED,
    LEFT,
    NO_BASELINE,
    NO_RESULT,
    NOT_DUE,
    UNSAMPLED,
    UNSEEN,
)
from npcstats.analyses.samples.spec import SampledMarker, SamplesSpec
from npcstats.derive import check_named, cutoff_day, detectable, require_columns
from npcstats.study import Study

DAY = np.timedelta64(1, "D")
HAS_VALUE = ""


@dataclass(frozen=True, eq=False)
class Contacts:
    """What is known of n members at the v visits of an analysis, whatever the marker.

    Parameters
    ----------
    start, end : datetime64 array, shape (n, v)
        First and last day of the window of each; NaT where it is not known to have begun.
    absent : str array, shape (n, v)
        Why a visit is not expected; empty where it is.
    seen, sampled : bool array, shape (n, v)
        Who came, and who gave a sample, in the window.
    """

    start: np.ndarray
    end: np.ndarray
    absent: np.ndarray
    seen: np.ndarray
    sampled: np.ndarray


def find_contacts(study: Study, members: pd.DataFrame, spec: SamplesSpec) -> Contacts:
    """Find who was expected, came and gave a sample at each visit.

    Parameters
    ----------
    study : Study
        At its cut-off.
    members : DataFrame
        Of a population, n rows.
    spec : SamplesSpec
        Of the plan.

    Returns
    -------
    Contacts
        Of each member.

    Raises
    ------
    SpecError
        If the plan names a kind of assessment outside its list, or a visit that is not of the design.
    DataError
        If the study lacks a column that is needed.
    """
    reason = f"analysis {spec.id}"
    visits = [study.design.visit(code) for code in spec.visits]
    check_named(study, "adassess", {"KIND": spec.attended_by}, reason)
    require_columns(members, "adsl", ("DTHDT", *(visit.anchor for visit in visits)), reason)
    require_columns(study["adassess"], "adassess", ("KIND", "ADT"), reason)
    require_columns(study["adlb"], "adlb", ("PARAMCD", "ADT", "AVAL", "AVALC"), reason)
    start = np.column_stack([_days(members[visit.anchor]) + DAY * visit.first for visit in visits])
    end = np.column_stack([_days(members[visit.anchor]) + DAY * visit.last for visit in visits])
    assessed, laboratory = study["adassess"], study["adlb"]
    sampled = _inside(laboratory.loc[laboratory["PARAMCD"].isin(spec.sampled_by)], members, start, end)
    seen = sampled | _inside(assessed.loc[assessed["KIND"].isin(spec.attended_by)], members, start, end)
    absent = np.full(start.shape, "", dtype="<U16")
    absent[~seen & ~(end <= np.datetime64(cutoff_day(study), "D"))] = NOT_DUE
    for why, column in ((LEFT, "EOSDT"), (DIED, "DTHDT")):  # of who died after leaving, the death
        if column in members:
            gone = _days(members[column])[:, None]
            absent[~seen & ((gone <= end) | (np.isnat(end) & ~np.isnat(gone)))] = why
    return Contacts(start, end, absent, seen, sampled)


def find_states(
    study: Study, members: pd.DataFrame, contacts: Contacts, spec: SamplesSpec, marker: SampledMarker
) -> np.ndarray:
    """Find of each member at each visit why there is no evaluable value.

    Parameters
    ----------
    study : Study
        At its cut-off.
    members : DataFrame
        Of a population, n rows.
    contacts : Contacts
        As `find_contacts` finds them.
    spec : SamplesSpec
        Of the plan.
    marker : SampledMarker
        Whose values are wanted.

    Returns
    -------
    str array, shape (n, v)
        Empty of who has a value, and one at baseline; else the reason.
    """
    records = study["adlb"].loc[study["adlb"]["PARAMCD"] == marker.code]
    known = records.loc[~np.isnan(detectable(records))]
    assayed = _inside(known, members, contacts.start, contacts.end)
    state = np.full(assayed.shape, HAS_VALUE, dtype="<U16")
    state[~assayed[:, [0]] & assayed] = NO_BASELINE
    state[~assayed] = NO_RESULT
    state[~contacts.sampled] = UNSAMPLED
    state[~contacts.seen] = UNSEEN
    return np.where(contacts.absent == "", state, contacts.absent)


def _inside(records: pd.DataFrame, members: pd.DataFrame, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Who has a record in each window."""
    place = pd.Index(members["USUBJID"]).get_indexer(pd.Index(records["USUBJID"]))
    member, day = place[place >= 0], _days(records["ADT"])[place >= 0]
    found = np.zeros(start.shape, dtype=bool)
    for visit in range(start.shape[1]):
        within = (day >= start[member, visit]) & (day <= end[member, visit])
        found[member[within], visit] = True
    return found


def _days(dates: pd.Series) -> np.ndarray:
    days: np.ndarray = dates.to_numpy().astype("datetime64[D]")
    return days
