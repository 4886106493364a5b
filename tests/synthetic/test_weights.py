"""The made weights: plausible, from a stream of their own, and as much lost as the event reported for the day says."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest

from npcstats.study import Design, Study
from npcstats.synthetic import Truth, simulate_trial

GRADES = ((1, 0.95), (2, 0.90), (3, 0.80))


@pytest.fixture(scope="module")
def weights(study: Study, adsl: pd.DataFrame) -> pd.DataFrame:
    """Weights with that before treatment, the last on or before its day, and the grade of what was lost (CTCAE 5.0)."""
    own = study["adlb"].query("PARAMCD == 'WEIGHT'").join(adsl[["TRTSDT"]], on="USUBJID").sort_values("ADT")
    first = own[own["ADT"] <= own["TRTSDT"]].groupby("USUBJID")["AVAL"].last().rename("BEFORE")
    own = own.join(first, on="USUBJID").dropna(subset="BEFORE")
    return own.assign(grade=sum((own["AVAL"] / own["BEFORE"] <= kept + 1e-12).astype(int) for _, kept in GRADES))


def test_everybody_was_weighed_before_treatment(weights: pd.DataFrame, adsl: pd.DataFrame) -> None:
    assert weights["USUBJID"].nunique() == adsl["TRTSDT"].notna().sum()
    assert weights["BEFORE"].between(40, 115).all()
    assert (weights["AVALU"] == "kg").all()


def test_what_was_lost_agrees_with_the_event_of_the_day(study: Study, weights: pd.DataFrame) -> None:
    """Of every weight the grade is that of the event of weight loss reported for its day, 0 where there is none."""
    events = study["adae"].query("AEDECOD == 'Weight loss'")[["USUBJID", "ASTDT", "AENDT", "AETOXGR"]]
    both = weights.reset_index().merge(events, on="USUBJID")
    here = (both["ASTDT"] <= both["ADT"]) & ~(both["AENDT"] < both["ADT"])
    reported = both[here].groupby("index")["AETOXGR"].max().reindex(weights.index).fillna(0)
    assert (weights["grade"] == reported).all()
    assert set(weights["grade"]) == {0, 1, 2, 3}


def test_other_losses_change_nothing_else(design: Design, truth: Truth, planted: dict) -> None:
    small = dataclasses.replace(design, planned_size=60)
    weighing = dataclasses.replace(truth.weighing, missed=0.5, spread=0.3)
    made, other = (
        simulate_trial(small, given, planted["SEED"])
        for given in (truth, dataclasses.replace(truth, weighing=weighing))
    )
    assert [name for name in made if not made[name].equals(other[name])] == ["adlb"]
    kept = [frame["adlb"].query("PARAMCD != 'WEIGHT'").reset_index(drop=True) for frame in (made, other)]
    assert kept[0].equals(kept[1])
