"""Records of a visit, and who was due for it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from npcstats.derive.groups import require_columns
from npcstats.derive.snapshot import cutoff_day
from npcstats.errors import SpecError
from npcstats.study import (
    Study,
    Visit,
)


def visit_records(records: pd.DataFrame, members: pd.DataFrame, visit: Visit) -> pd.DataFrame:
    """Choose each member's record of a visit: inside the window, nearest to its target, the earlier on a tie.

    Parameters
    ----------
    records : DataFrame
        With USUBJID, ADT and AVAL; one marker.
    members : DataFrame
        Rows of ADSL.
    visit : Visit
        Of the design.

    Returns
    -------
    DataFrame
        At most one record per member, indexed like `members` by position; members without a record are absent.
    """
    anchor = members[visit.anchor]
    position = pd.Series(members.index, index=members["USUBJID"])
    placed = records.assign(_member=records["USUBJID"].map(position)).dropna(subset="_member")
    placed["_member"] = placed["_member"].astype(int)
    day = (placed["ADT"] - anchor.loc[placed["_member"]].to_numpy()).dt.days
    placed = placed.assign(_day=day, _distance=(day - visit.day).abs())
    inside = placed.loc[(day >= visit.first) & (day <= visit.last)]
    ordered: pd.DataFrame = inside.sort_values(["_member", "_distance", "_day", "AVAL"], kind="stable")
    return ordered.drop_duplicates("_member").set_index("_member").drop(columns=["_day", "_distance"])


NOT_DETECTED = "ND"
BELOW_LLOQ = "<LLOQ"


def detectable(records: pd.DataFrame) -> np.ndarray:
    """Tell in which records anything was detected, also below the limit of quantification.

    Parameters
    ----------
    records : DataFrame
        With AVAL and AVALC; one marker.

    Returns
    -------
    ndarray of float, shape (n,)
        1 where it was detected, 0 where it was not, NaN where there is no result.
    """
    text, value = records["AVALC"].to_numpy(dtype=str), records["AVAL"].to_numpy(dtype=float)
    known = np.isin(text, (BELOW_LLOQ, NOT_DETECTED)) | ~np.isnan(value)
    return np.where(known, (text != NOT_DETECTED).astype(float), np.nan)


def visit_due(study: Study, members: pd.DataFrame, visit: Visit) -> np.ndarray:
    """Tell who was due for a visit by the cut-off: window closed, and alive when it opened.

    Parameters
    ----------
    study : Study
        At its cut-off.
    members : DataFrame
        Rows of ADSL.
    visit : Visit
        Of the design.

    Returns
    -------
    ndarray of bool, shape (n,)
        Aligned with `members`.
    """
    require_columns(members, "adsl", ("DTHDT",), f"visit {visit.code}")
    anchor = members[visit.anchor]
    closed = anchor + pd.Timedelta(days=visit.last) <= cutoff_day(study)
    died = members["DTHDT"] < anchor + pd.Timedelta(days=visit.first)
    return (closed & ~died).to_numpy()


def response_readings(study: Study, param: str, reason: str) -> pd.DataFrame:
    """Records of ADRS of one parameter.

    Parameters
    ----------
    study : Study
        At its cut-off.
    param : str
        PARAMCD of the records; empty where the study tells no parameters apart.
    reason : str
        What asks for them.

    Returns
    -------
    DataFrame
        Rows of ADRS.

    Raises
    ------
    SpecError
        If the study tells parameters apart and none is named, or the other way round, or there is no record of it.
    """
    records = study["adrs"]
    if ("PARAMCD" in records) != bool(param):
        required = "the PARAMCD of the records" if not param else "PARAMCD in adrs, or no parameter,"
        raise SpecError(f"{reason}: parameter {param!r} of adrs; {required} is required.")
    if not param:
        return records
    found = records.loc[records["PARAMCD"] == param]
    if found.empty and len(records):
        raise SpecError(f"{reason}: adrs has no record of {param}; a PARAMCD of the export is required.")
    return found
