"""Every analysis of a plan is tried, and a refusal is traced to the records that it is about."""

from __future__ import annotations

import pandas as pd

from npcstats.analyses.thresholds.spec import ThresholdSpec
from npcstats.errors import DataError
from npcstats.quality import trace_refusals
from npcstats.run.attempts import analysis_attempts


def test_every_analysis_of_the_plan_is_tried(plan):
    names = {name for name, _ in analysis_attempts(plan)}
    assert names - {"the cut-off"} == {
        *(spec.id for spec in plan.specs if not isinstance(spec, ThresholdSpec)),
        *(listing.id for listing in plan.listings),
    }


def test_a_refusal_is_traced_to_its_record(plan, whole):
    """P05 began radiotherapy on 2025-01-20; a recurrence of the day before is the last of the records of events."""
    events = whole["adevent"]
    record = events.head(1).assign(USUBJID="P05", KIND="LOCAL", ADT=pd.Timestamp("2025-01-19"))
    study = whole.with_frames({"adevent": pd.concat([events, record], ignore_index=True)})
    assert trace_refusals(whole, analysis_attempts(plan)) == []
    found = trace_refusals(study, analysis_attempts(plan))
    assert {(item.frame, item.row) for item in found} == {("adevent", len(events) + 1)}
    assert all("1 participant with an event before RTSTDT" in item.text for item in found)


def test_a_refusal_of_a_person_who_is_not_enrolled_is_traced(whole):
    """The third person screened is in no other frame."""

    def refuse(study):
        if (study["adscr"]["CRITERION"] == "INC99").any():
            raise DataError("screening: refused; another one is required.")

    screened = whole["adscr"].copy()
    screened.loc[2, "CRITERION"] = "INC99"
    found = trace_refusals(whole.with_frames({"adscr": screened}), [("screening", refuse)])
    assert [(item.frame, item.row) for item in found] == [("adscr", 3)]


def test_a_criterion_without_a_label_is_no_refusal(plan, whole):
    screened = whole["adscr"].copy()
    screened.loc[2, "CRITERION"] = "INC99"
    assert trace_refusals(whole.with_frames({"adscr": screened}), analysis_attempts(plan)) == []
