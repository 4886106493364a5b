"""Accrual, by hand; see ``eight.py`` for the records."""

from __future__ import annotations

import datetime
from dataclasses import replace

from npcstats.analyses.accrual.spec import AccrualSpec
from npcstats.analyses.accrual.summary import summarize_accrual
from npcstats.derive import assign_arms, at_cutoff
from npcstats.results import SETTLED, one, select

ONLY = ("only",)
ACCRUAL = AccrualSpec("accrual", "Accrual", "EVERY", ONLY, recent_months=6.0, status="planned")


class TestAccrual:
    def test_enrolled_of_planned(self, known):
        results = summarize_accrual(known, ACCRUAL)
        at = {"measure": "enrolled", "time": float("nan")}
        assert one(results, **at, stat="count").value == 7
        assert one(results, **at, stat="total").value == 10

    def test_by_month(self, known):
        """Days since 2025-01-01: 9, 14, 40, 59, 73, 90, 252; 364 at the cut-off. One month is 30.4375 days."""
        rows = select(summarize_accrual(known, ACCRUAL), measure="enrolled", stat="count")
        found = {round(row.time * 30.4375, 6): row.value for row in rows if row.time == row.time}
        expected = {0: 0, 1: 2, 2: 4, 3: 6, 4: 6, 5: 6, 6: 6, 7: 6, 8: 6, 9: 7, 10: 7, 11: 7}
        assert found == {round(month * 30.4375, 6): n for month, n in expected.items()} | {364.0: 7}

    def test_expected(self, known):
        """A line from 0 to 10 participants in 10 months, then level."""
        rows = select(summarize_accrual(known, ACCRUAL), measure="expected_enrolled")
        found = {row.time: row.value for row in rows}
        assert (found[0.0], found[5.0], found[10.0], found[11.0]) == (0, 5, 10, 10)

    def test_projection(self, known):
        """One in the last 6 months, 3 missing: 18 months, 547.875 days, after day 364: day 911 is 2027-07-01."""
        row = one(summarize_accrual(known, ACCRUAL), measure="projected_date")
        assert datetime.date.fromordinal(int(row.value)) == datetime.date(2027, 7, 1)

    def test_projection_of_a_young_trial_is_at_the_rate_since_its_start(self, whole):
        """On day 73 (2025-03-15) five are enrolled in 73 days; the other 5 take another 73: day 146, 2025-05-27."""
        young = assign_arms(at_cutoff(whole, datetime.date(2025, 3, 15), snapshot="event-date"))
        row = one(summarize_accrual(young, ACCRUAL), measure="projected_date")
        assert datetime.date.fromordinal(int(row.value)) == datetime.date(2025, 5, 27)

    def test_no_projection_when_nobody_came_recently_or_all_came(self, known):
        none = summarize_accrual(known, replace(ACCRUAL, recent_months=1.0))
        assert "Nobody was enrolled recently" in one(none, measure="projected_date").note
        full = summarize_accrual(replace(known, design=replace(known.design, planned_size=7)), ACCRUAL)
        projected = one(full, measure="projected_date")
        assert (projected.note, projected.reason) == ("Enrolment is complete.", SETTLED)

    def test_cutoff_before_the_planned_start(self, known):
        early = replace(known, design=replace(known.design, accrual_start=datetime.date(2026, 6, 1)))
        assert one(summarize_accrual(early, ACCRUAL), measure="projected_date").note

    def test_months_have_their_day_of_the_calendar(self, known):
        """Accrual begins on 2025-01-01: 6 months are 182.625 days, to 2 July or, rounded, 3 July; 12 are 365.25."""
        rows = select(summarize_accrual(known, ACCRUAL), measure="calendar_day", stat="estimate")
        days = {row.time: datetime.date.fromordinal(int(row.value)) for row in rows}
        assert days[0.0] == datetime.date(2025, 1, 1)
        assert days[6.0] == datetime.date(2025, 7, 3)
        assert days[12.0] == datetime.date(2026, 1, 1)
        assert sorted(days) == [float(month) for month in range(len(days))]
