"""Until when the records that count were entered, frame by frame, and how many are of a day after the cut-off."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from npcstats.analyses.lag.rows import ENTERED_LATER, LAST_ENTRY, LATER
from npcstats.analyses.lag.spec import LagSpec
from npcstats.derive import population_members, results_of
from npcstats.results import EVERYONE, Analysis, Results, Row, count_rows
from npcstats.study import ENTERED, Study

NEVER = "No record that counts was entered by the cut-off."


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
    Denominator: records of members of the analysis set. Missing data: a date of entry after the cut-off is not known at
    it; a record without one counts as entered later, and has no part in the last day; a frame that the export lacks has
    no row and is named in a sentence.
    """
    members = set(population_members(study, spec.population)["USUBJID"])
    there = [name for name in spec.frames if name in study.frames]
    entered = {name: _entered(study[name], members) for name in there}
    start = Row(spec.id, spec.population, LAST_ENTRY, "estimate", 0.0)
    dates = {**entered, EVERYONE: pd.concat(entered.values()) if entered else pd.Series(dtype="datetime64[ns]")}
    rows = [row for name, days in dates.items() for row in _entry_rows(replace(start, variable=name), days)]
    rows += [
        replace(start, measure=LATER, stat="count", variable=name, value=float(study.later.get(name, 0)))
        for name in there
    ]
    lacking = [label for name, label in spec.frames.items() if name not in there]
    words = {"lacking": f"Not in the export: {', '.join(lacking)}."} if lacking else {}
    labels = {"variable": {name: spec.frames[name] for name in there}}
    analysis = Analysis(spec.label, "lag", spec.status, spec.population, sentences=words, labels=labels)
    return results_of(study, spec.id, rows, analysis)


def _entered(frame: pd.DataFrame, members: set[str]) -> pd.Series:
    """Days on which the records of members were entered; not known where the frame does not say."""
    own = frame.loc[frame["USUBJID"].isin(members)]
    days: pd.Series = own[ENTERED] if ENTERED in own else pd.Series(pd.NaT, index=own.index)
    return days


def _entry_rows(row: Row, days: pd.Series) -> list[Row]:
    known = days.dropna()
    last = replace(row, unit="ordinal day", value=float(known.max().toordinal()) if len(known) else np.nan)
    told = last if len(known) else replace(last, note=NEVER)
    counted = replace(row, measure=ENTERED_LATER, stat="count")
    return [told, *count_rows(counted, len(days) - len(known), len(days))]
