"""Incidence of local control that is lost, of the trial of eight, by hand.

Days, of the radiotherapy set: X P05 254+, P01 150+, P06 0+; Y P02 died 212, P03 recurred 110, P04 0+.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from gaps import every_gap_has_its_reason

from npcstats.analyses.incidence.spec import IncidenceSpec
from npcstats.analyses.incidence.summary import summarize_incidence
from npcstats.derive import pool_arms
from npcstats.errors import SpecError
from npcstats.results import one, select

MONTH = 30.4375
INCIDENCE = IncidenceSpec(
    id="control", label="Control", population="BEAM", sessions=("only",), endpoint="CONTROL", competing_label="Death",
    conf_level=0.95, conf_type="log-log", landmarks=(6.0, 8.0), ticks=(0.0, 4.0), minimum_at_risk=1, gray=True,
    estimand="unadjusted", status="planned",
)  # fmt: skip
EXACT = 1e-12


class TestIncidence:
    @pytest.fixture
    def results(self, known):
        return summarize_incidence(known, INCIDENCE)

    def test_by_hand(self, results):
        """At day 110 one of four recurs; at 212 one of two dies, after 3/4: 3/8."""
        at = {"arm": "all", "measure": "incidence", "stat": "estimate"}
        assert one(results, **at, level="event", time=6.0).value == pytest.approx(1 / 4, rel=EXACT)
        assert one(results, **at, level="event", time=8.0).value == pytest.approx(1 / 4, rel=EXACT)
        assert one(results, **at, level="competing", time=8.0).value == pytest.approx(3 / 8, rel=EXACT)

    def test_events_of_both_kinds(self, results):
        for arm, level, count, total in (("all", "event", 1, 6), ("all", "competing", 1, 6), ("X", "event", 0, 3)):
            assert one(results, arm=arm, level=level, measure="events", stat="count").value == count
            assert one(results, arm=arm, level=level, measure="events", stat="total").value == total

    def test_curve_starts_at_zero(self, results):
        rows = select(results, arm="all", level="event", measure="incidence_curve", stat="estimate")
        assert [(round(r.time * MONTH, 6), r.value) for r in rows] == [(0, 0), (110, 0.25), (254, 0.25)]

    def test_nobody_with_the_event(self, results):
        row = one(results, arm="X", level="event", measure="incidence", time=6.0, stat="ci_high")
        assert row.note == "There are no events of this cause, so there are no confidence limits."
        assert every_gap_has_its_reason(results)

    def test_an_endpoint_without_competing_events(self, known):
        with pytest.raises(SpecError, match="has no competing event"):
            summarize_incidence(known, replace(INCIDENCE, endpoint="DEAD"))

    def test_pooled(self, known):
        results = summarize_incidence(pool_arms(known), INCIDENCE)
        assert {row.arm for row in results.rows} == {"all"}
        assert not select(results, measure="gray")
