"""The record of a visit, and to whom it is due, by hand; the participants are those of ``eight.py``."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from npcstats.derive import (
    population_members,
    visit_due,
    visit_records,
)
from npcstats.study import Visit


class TestVisits:
    def chosen(self, study, records, visit):
        members = population_members(study, "BEAM")
        frame = pd.DataFrame(records, columns=["USUBJID", "ADT", "AVAL"])
        frame["ADT"] = pd.to_datetime(frame["ADT"]).astype("datetime64[s]")
        found = visit_records(frame, members, visit)
        return {members["USUBJID"][i]: value for i, value in found["AVAL"].items()}

    def test_tie_goes_to_the_earlier(self, known):
        """P05's start is 2025-01-20, the target day 21 is 02-10: 02-09 and 02-11 are one day off."""
        visit = known.design.visit("V1")
        for early, late in ((1.0, 4.0), (4.0, 1.0)):
            records = [("P05", "2025-02-11", late), ("P05", "2025-02-09", early)]
            assert self.chosen(known, records, visit) == {"P05": early}
            assert self.chosen(known, records[::-1], visit) == {"P05": early}

    def test_nearest_wins_on_either_side(self, known):
        visit = known.design.visit("V1")
        records = [("P05", "2025-02-04", 1.0), ("P05", "2025-02-13", 2.0), ("P02", "2025-02-18", 3.0)]
        assert self.chosen(known, records, visit) == {"P05": 2.0, "P02": 3.0}

    def test_window_ends_are_inside(self, known):
        """P05's window is day 14 (2025-02-03) to 30 (2025-02-19)."""
        visit = known.design.visit("V1")
        for day, inside in (("2025-02-02", False), ("2025-02-03", True), ("2025-02-19", True), ("2025-02-20", False)):
            assert bool(self.chosen(known, [("P05", day, 1.0)], visit)) is inside

    def test_who_has_no_anchor_has_no_record(self, known):
        members = population_members(known, "EVERY")  # P07 has no start of radiotherapy
        frame = pd.DataFrame({"USUBJID": ["P07"], "ADT": pd.to_datetime(["2025-03-10"]), "AVAL": [1.0]})
        assert len(visit_records(frame, members, known.design.visit("V1"))) == 0

    def test_no_record_at_all(self, known):
        assert self.chosen(known, [], known.design.visit("V1")) == {}

    def test_due_needs_a_closed_window_and_life_at_its_opening(self, known):
        """V2 is 200 to 300 days after the end of radiotherapy.

        Windows: P05 (03-07) 2025-09-23 to 2026-01-01, open by one day; P02 (03-20) opens 2025-10-06, dead by then;
        P01 (04-06) to 2026-01-31; so nobody is due at the cut-off. A window to day 299 closes P05's on 2025-12-31.
        """
        members = population_members(known, "BEAM")
        visit = known.design.visit("V2")
        assert not visit_due(known, members, visit).any()
        due = visit_due(known, members, replace(visit, last=299))
        assert dict(zip(members["USUBJID"], due.tolist(), strict=True)) == {
            "P05": True, "P02": False, "P01": False, "P03": False, "P06": False, "P04": False,
        }  # fmt: skip

    def test_death_on_the_opening_day_is_due(self, known):
        """P02 ended radiotherapy 2025-03-20 and died 2025-09-01, 165 days later."""
        members = population_members(known, "BEAM")
        where = members["USUBJID"].tolist().index("P02")
        on_the_day = Visit("V", "V", anchor="RTENDT", day=166, first=165, last=170)
        day_after = Visit("V", "V", anchor="RTENDT", day=166, first=166, last=170)
        assert visit_due(known, members, on_the_day)[where]
        assert not visit_due(known, members, day_after)[where]
