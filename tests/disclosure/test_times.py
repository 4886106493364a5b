"""No row of a public session stands at the day of somebody's event, whether or not it has a value."""

from __future__ import annotations

from dataclasses import replace

import pytest
from entries import COMPARED, CURVE, INCIDENCE, RATED

from npcstats.disclosure import SmallCounts, withhold_small_counts
from npcstats.results import select
from npcstats.run.registry import kind_of, withholdings


def days(results):
    """Times that are no whole months, as those of a plan are here."""
    return {row.time for row in results.rows if row.time == row.time and row.time != round(row.time)}


def test_the_trial_is_told_at_times_of_the_plan(trial):
    _, _, whole, published = trial
    assert len(days(whole)) > 100
    assert days(published) <= {row.time for row in select(whole, measure="expected_enrolled")}


@pytest.mark.parametrize("below", [5, 40])
@pytest.mark.parametrize("spec", [CURVE, INCIDENCE, RATED, COMPARED], ids=lambda spec: spec.id)
def test_so_is_every_kind_with_curves(crowd, spec, below):
    """Of sixty participants, with a rule by which some is published, and one by which each arm is a small count."""
    whole = kind_of(spec).summarize(crowd, replace(spec, sessions=("only",)))
    steps = [row for row in whole.rows if row.measure.endswith("_curve")]
    assert len(days(whole)) > 5
    assert steps
    published = withhold_small_counts(whole, SmallCounts(below), withholdings())
    assert days(published) == set()
    fixed = {row.key for row in whole.rows if row not in steps}
    assert {row.key for row in published.rows} >= fixed
