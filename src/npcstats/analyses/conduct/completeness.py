"""What was due and what was received."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from npcstats.analyses.conduct.counting import counts_analysis, participant_rows
from npcstats.analyses.conduct.rows import OVERDUE, RECENT
from npcstats.analyses.conduct.spec import CompletenessSpec
from npcstats.derive import (
    arm_groups,
    cutoff_day,
    population_members,
    require_columns,
    results_of,
)
from npcstats.estimators.continuous import summarize_continuous
from npcstats.formatting import counted
from npcstats.results import Results, Row, share_rows
from npcstats.study import Study


def summarize_completeness(study: Study, spec: CompletenessSpec) -> Results:
    """Count what was due by the cut-off and what had been received, with the lag in days.

    Parameters
    ----------
    study : Study
        At its cut-off.
    spec : CompletenessSpec
        What is wanted.

    Returns
    -------
    Results
        Rows of kind ``counts``.

    Raises
    ------
    DataError
        If the study does not say what was due when, or received.

    Notes
    -----
    Denominator: forms, samples and images due by the cut-off. Missing data: without a date of receipt it is not
    received; the lag is of those received. What was not received is overdue or due lately: the two and what was
    received add up to what was due.
    """
    members = population_members(study, spec.population)
    require_columns(study["adform"], "adform", ("KIND", "DUEDT", "RECDT"), f"analysis {spec.id}")
    due = study["adform"].loc[study["adform"]["USUBJID"].isin(set(members["USUBJID"]))]
    arm_of = members.set_index("USUBJID")
    rows = participant_rows(study, spec, members)
    for kind in spec.kinds:
        of_kind = due.loc[due["KIND"] == kind]
        owners = arm_of.loc[of_kind["USUBJID"]].reset_index()
        lag = (of_kind["RECDT"] - of_kind["DUEDT"]).dt.days.to_numpy(dtype=float)
        waited = (cutoff_day(study) - of_kind["DUEDT"]).dt.days.to_numpy(dtype=float)
        named = Row(spec.id, spec.population, "proportion", "count", 0.0, variable=kind)
        for group in arm_groups(study, owners):
            rows += _received_rows(replace(named, arm=group.arm), lag[group.members], waited[group.members], spec)
    words = {
        "denominator": "Received, of those due by the cut-off.",
        "lag": "Lag: median days from due date to receipt, of those received.",
    }
    entry = counts_analysis(spec, dict(spec.kinds), words)
    days = counted(spec.overdue_after, "day")
    measures = {
        "median": "Lag",
        OVERDUE: f"Overdue: due more than {days} ago",
        RECENT: f"Not yet entered: due in the last {days}",
    }
    told = replace(entry, labels={**entry.labels, "measure": measures})
    return results_of(study, spec.id, rows, told)


def _received_rows(template: Row, lag: np.ndarray, waited: np.ndarray, spec: CompletenessSpec) -> list[Row]:
    lacking = np.isnan(lag)
    received, late = lag[~lacking], lacking & (waited > spec.overdue_after)
    median = summarize_continuous(received, weights=None, quantile_type=spec.quantile_type).median
    note = "Nothing was received." if np.isnan(median) else ""
    waiting = replace(template, measure="median", stat="estimate", value=float(median), unit="days", note=note)
    overdue, recent = replace(template, measure=OVERDUE), replace(template, measure=RECENT)
    return [
        *share_rows(template, len(received), len(lag)),
        *share_rows(overdue, int(late.sum()), len(lag)),
        *share_rows(recent, int((lacking & ~late).sum()), len(lag)),
        waiting,
    ]
