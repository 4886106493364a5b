"""Until when the records that count were entered, frame by frame, and how many are of a day after the cut-off."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from npcstats.analyses.lag.rows import LAST_ENTRY, LATER
from npcstats.analyses.lag.spec import LagSpec
from npcstats.derive import population_members, results_of
from npcstats.results import EVERYONE, Analysis, Results, Row
from npcstats.study import ENTERED, Study

NEVER = "No record that counts has a date of entry."


def summarize_lag(study: Study, spec: LagSpec) -> Results:
    """Find the last day of entry of the records that count, and count those that do not.

    Parameters
    ----------
    study : Study
        At its cut-off.
    spec : LagSpec
        What is wanted.

    Returns
    -------
    Results
        Rows of kind ``lag``, of everyone and never by arm.

    Notes
    -----
    Denominator: records of members of the analysis set. Missing data: a record without a date of entry has no part in
    the last one; a frame that the export lacks has no row and is named in a sentence.
    """
    members = set(population_members(study, spec.population)["USUBJID"])
    there = [name for name in spec.frames if name in study.frames]
    entered = {name: _entered(study[name], members) for name in there}
    start = Row(spec.id, spec.population, LAST_ENTRY, "estimate", 0.0, unit="ordinal day")
    dates = {**entered, EVERYONE: pd.concat(entered.values()) if entered else pd.Series(dtype="datetime64[ns]")}
    rows = [_last(replace(start, variable=name), days) for name, days in dates.items()]
    rows += [
        replace(start, measure=LATER, stat="count", variable=name, value=float(study.later.get(name, 0)), unit="")
        for name in there
    ]
    lacking = [label for name, label in spec.frames.items() if name not in there]
    words = {"lacking": f"Not in the export: {', '.join(lacking)}."} if lacking else {}
    labels = {"variable": {name: spec.frames[name] for name in there}}
    analysis = Analysis(spec.label, "lag", spec.status, spec.population, sentences=words, labels=labels)
    return results_of(study, spec.id, rows, analysis)


def _entered(frame: pd.DataFrame, members: set[str]) -> pd.Series:
    """Days on which the records of members were entered; none where the frame does not say."""
    if ENTERED not in frame:
        return pd.Series(dtype="datetime64[ns]")
    own = frame.loc[frame["USUBJID"].isin(members)] if "USUBJID" in frame else frame
    days: pd.Series = own[ENTERED].dropna()
    return days


def _last(row: Row, days: pd.Series) -> Row:
    if days.empty:
        return replace(row, value=np.nan, note=NEVER)
    return replace(row, value=float(days.max().toordinal()))
