"""What was delivered, by hand; the participants are those of ``eight.py``."""

from __future__ import annotations

import datetime
from dataclasses import replace

import numpy as np
import pytest

from npcstats.clinical.delivered import CumulativeDose, OverallTime, Ratio
from npcstats.derive import (
    assign_arms,
    at_cutoff,
    derive_exposure,
    mask_arms,
    pool_arms,
    population_members,
)
from npcstats.errors import DataError

CISPLATIN = {"drugs": ("CISPLATIN",), "unit": "mg/m2", "known_from": "RTENDT"}
DELIVERED = (
    OverallTime("OTT", start="RTSTDT", end="RTENDT"),
    Ratio("RTPCT", numerator="FXDELIV", denominator="FXPLAN"),
    CumulativeDose("CCD_CONC", phases=("CONCURRENT",), **CISPLATIN),
    CumulativeDose("CCD_IND", phases=("INDUCTION",), **CISPLATIN),
    CumulativeDose("CCD_TOTAL", phases=(), **CISPLATIN),
)


class TestExposure:
    def exposure(self, study):
        asked = replace(study, design=replace(study.design, delivered=DELIVERED))
        found = population_members(derive_exposure(asked), "EVERY").set_index("USUBJID")
        return found[[item.code for item in DELIVERED]]

    @pytest.mark.parametrize("hide", [pool_arms, lambda study: mask_arms(study, {"X": "B", "Y": "A"})])
    def test_doses_are_summed_while_they_have_their_units(self, whole, hide):
        """Where arms are masked or removed the unit is gone, and the sums are those of the named arms."""
        known = assign_arms(at_cutoff(whole, datetime.date(2025, 12, 31), snapshot="event-date"))
        hidden = hide(known)
        assert "EXDOSU" not in hidden["adex"]
        by_hand = {"P05": 180, "P02": 40, "P01": 0, "P06": 40}
        for study in (known, hidden):
            found = study["adsl"].set_index("USUBJID")["CCD_CONC"]
            assert {who: found[who] for who in by_hand} == by_hand
            assert found[["P03", "P07"]].isna().all()

    def test_dose_in_another_unit_is_refused_in_every_session(self, whole):
        """Concurrent doses above 0 are two of P05 and one each of P02, P03 and P06."""
        adex = whole["adex"].assign(EXDOSU="mg")
        with pytest.raises(
            DataError, match=r"CCD_CONC, among the records that the cut-off leaves: unit of CISPLATIN: 5 values"
        ):
            at_cutoff(whole.with_frames({"adex": adex}), datetime.date(2025, 12, 31), snapshot="event-date")

    def test_by_hand(self, known):
        """P05: 01-20 to 03-07 is 46 days, both ends counted 47; 180 mg/m². P01: 34 of 35 fractions, no cisplatin."""
        found = self.exposure(known)
        assert found.loc["P05"].tolist() == [47, 1.0, 180, 0, 180]
        assert found.loc["P02"].tolist() == [48, 1.0, 40, 75, 115]
        assert found.loc["P01"].tolist() == [46, 34 / 35, 0, 0, 0]

    def test_dose_that_is_not_recorded_is_not_zero(self, known):
        """P03's second cycle has no dose: the sum is not known; nothing was due in induction."""
        found = self.exposure(known).loc["P03"]
        assert np.isnan(found["CCD_CONC"])
        assert found["CCD_IND"] == 0
        assert np.isnan(found["CCD_TOTAL"])

    def test_unfinished_radiotherapy_is_not_known_yet(self, known):
        assert self.exposure(known).loc["P07"].isna().all()
