"""Endpoints that an export brought: their clocks, codes and time zero, by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from endings import MONTH, PEOPLE, dated, day, trial

from npcstats.analyses.endpoints.spec import EndpointsSpec
from npcstats.analyses.endpoints.summary import summarize_endpoints
from npcstats.analyses.timetoevent.groups import Landmark, timed_sample
from npcstats.derive import assign_arms, at_cutoff, derive_endpoint, population_members
from npcstats.errors import DataError
from npcstats.results import one
from npcstats.study import Endpoint

AVAL = dict(zip("ABCDEFGH", (31, 62, 1, 731, 100, 200, 300, 50), strict=True))
CNSR = dict(zip("ABCDEFGH", (0, 1, 0, 1, 2, 3, 1, 1), strict=True))


class TestExported:
    """An endpoint that the export brought, in days that count the first as day one; H has a competing event.

    ==== ==== ==== ====== ==== ==== ==== ==== ====
    who  A    B    C      D    E    F    G    H
    AVAL 31   62   1      731  100  200  300  50
    CNSR 0    1    0      1    2    3    1    1
    ==== ==== ==== ====== ==== ==== ==== ==== ====
    """

    ENDPOINT = Endpoint(
        "HEALED", "Healed", "RTSTDT", censor_at=(), param="HEAL", definition="Time to healing.", clock="days"
    )

    def study(self, cutoff=730, **columns):
        who = list("HGFEDCBA")
        days = [AVAL[name] - 1 for name in who]
        adtte = pd.DataFrame({
            "USUBJID": who, "PARAMCD": "HEAL", "AVAL": [float(AVAL[name]) for name in who],
            "CNSR": [float(CNSR[name]) for name in who], "STARTDT": dated([0] * 8), "ADT": dated(days),
            "EVNTDESC": ["healed" if CNSR[name] == 0 else "followed" for name in who], **columns,
        })  # fmt: skip
        other = adtte.assign(PARAMCD="OTHER", AVAL=9999.0)
        whole = trial(self.ENDPOINT, cutoff=730)
        frames = {**whole.frames, "adtte": pd.concat([other, adtte], ignore_index=True)}
        return at_cutoff(replace(whole, frames=frames), day(cutoff).date(), snapshot="event-date")

    def times(self, study, endpoint=ENDPOINT):
        members = population_members(study, "BEAM")
        found = derive_endpoint(study, members, endpoint)
        triples = zip([round(t, 9) for t in found.time], found.cause.tolist(), found.cnsr.tolist(), strict=True)
        return dict(zip(members["USUBJID"], triples, strict=True))

    def test_days_become_months_and_the_reversed_code_an_event(self):
        expected = {who: (round(AVAL[who] / MONTH, 9), int(CNSR[who] == 0), CNSR[who]) for who in PEOPLE}
        assert self.times(self.study()) == expected

    @pytest.mark.parametrize(("clock", "months"), [("months", 31.0), ("years", 372.0), ("dates", round(30 / MONTH, 9))])
    def test_other_clocks(self, clock, months):
        assert self.times(self.study(), replace(self.ENDPOINT, clock=clock))["A"][0] == months

    def test_type_tells_the_competing_event(self):
        types = [2.0 if who == "H" else float(CNSR[who] == 0) for who in "HGFEDCBA"]
        assert self.times(self.study(EVTYPE=types))["H"] == (round(50 / MONTH, 9), 2, 1)

    def test_code_of_the_event_is_never_a_competing_one(self):
        types = [2.0 if who == "A" else float(CNSR[who] == 0) for who in "HGFEDCBA"]
        with pytest.raises(DataError, match="CNSR and EVTYPE disagree in 1 of 8 participants"):
            self.times(self.study(EVTYPE=types))

    def test_earlier_cutoff_cannot_be_derived(self):
        """D's record is of day 730: on day 729 it is not known, and nothing can be derived in its place."""
        with pytest.raises(DataError) as caught:
            self.times(self.study(cutoff=729))
        assert str(caught.value) == (
            "endpoint HEALED: 1 of 8 participants without a record of HEAL in adtte by 2026-12-31; what an export "
            "brings cannot be derived again: a cut-off not before the last record, and a record for each of the "
            "population, or a population without those who have none, are required."
        )

    def test_time_zero_is_checked(self):
        with pytest.raises(DataError, match=r"adtte\.STARTDT is not RTENDT in 8 of 8 participants"):
            self.times(self.study(), replace(self.ENDPOINT, origin="RTENDT"))

    def test_reasons_are_the_exports_own_words(self):
        study = self.study()
        rows = summarize_endpoints(
            replace(study, design=replace(study.design, endpoints=(self.ENDPOINT,))),
            EndpointsSpec("ends", "Ends", "BEAM", ("only",), ("HEALED",), "planned"),
        )
        found = one(rows, arm="all", variable="CENSORED:followed", measure="proportion", stat="count")
        assert found.value == 6

    def test_time_zero_of_the_export(self):
        """With its own time zero nothing of ADSL is compared, and nobody is left out for a date that ADSL lacks."""
        study = self.study(STARTDT=dated([7] * 8), AVAL=[100.0] * 8)
        own = replace(self.ENDPOINT, origin="")
        assert {months for months, _, _ in self.times(study, own).values()} == {round(100 / MONTH, 9)}
        with pytest.raises(DataError, match=r"zero, or none for the export's own, is required\.$"):
            self.times(study)
        undated = study.with_frames({"adsl": study["adsl"].assign(RTENDT=dated([None] * 8))})
        counts = EndpointsSpec("ends", "Ends", "BEAM", ("only",), ("HEALED",), "planned")
        design = replace(undated.design, endpoints=(own,))
        results = summarize_endpoints(assign_arms(replace(undated, design=design)), counts)
        assert one(results, arm="all", variable="EVENT", stat="total").value == 8

    def test_landmark_counts_from_the_exports_time_zero(self):
        """STARTDT is day 7 and the landmark day 50 of ADSL, 43 days later; A (31 days) and C (1) have ended."""
        study = self.study(STARTDT=dated([7] * 8))
        design = replace(study.design, endpoints=(replace(self.ENDPOINT, origin=""),))
        known = assign_arms(replace(study, design=design))
        sample = timed_sample(known, "BEAM", design.endpoints[0], landmark=Landmark("RTENDT", 0, "From day 50."))
        expected = {who: round((AVAL[who] - 43) / MONTH, 9) for who in "BDEFGH"}
        assert dict(zip(sample.members["USUBJID"], np.round(sample.times.time, 9), strict=True)) == expected

    def test_export_without_a_description(self):
        study = self.study()
        study = study.with_frames({"adtte": study["adtte"].drop(columns="EVNTDESC")})
        found = derive_endpoint(study, population_members(study, "BEAM"), self.ENDPOINT)
        assert set(found.reason[found.cause == 0]) == {"CNSR 1", "CNSR 2", "CNSR 3"}
