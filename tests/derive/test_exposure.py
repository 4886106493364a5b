"""What was delivered, by hand; the participants are those of ``eight.py``."""

from __future__ import annotations

import datetime
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from npcstats.clinical.delivered import (
    CumulativeDose,
    Cycles,
    DoseIntensity,
    MissedDays,
    OverallTime,
    PrescribedDose,
    Ratio,
    Switch,
)
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


CONCURRENT = {"phase": "CONCURRENT", "regimen": "CONREG", "known_from": "RTENDT"}
COURSE = (
    Cycles("GIVEN", counting="given", **CONCURRENT),
    Cycles("DUE", counting="due", **CONCURRENT),
    DoseIntensity("RDI", "CISPLATIN", **CONCURRENT),
    DoseIntensity("RDI_IND", "CISPLATIN", "INDUCTION", "INDREG", known_from="RTSTDT"),
    PrescribedDose("BEAMS", ("RADIOTHERAPY",), unit_column="RXDOSU", known_from="RTENDT"),
    MissedDays("MISSED", start="RTSTDT", end="RTENDT", given="FXDELIV"),
    Switch("SWITCH", known_from="RTENDT"),
)


def courses(study, **changed):
    """What COURSE asks for, of the eight at their cut-off, some frames changed; by participant."""
    asked = replace(study, design=replace(study.design, delivered=COURSE)).with_frames(changed)
    return derive_exposure(asked)["adsl"].set_index("USUBJID")


def added(study, *records):
    """The administrations of the eight, and more."""
    names = ("USUBJID", "EXPHASE", "EXTRT", "EXSEQ", "EXDOSE", "EXDOSU", "EXPLANNED", "EXSTDT")
    more = pd.DataFrame([dict(zip(names, record, strict=True)) for record in records])
    day = pd.to_datetime(more["EXSTDT"]).astype(study["adex"]["EXSTDT"].dtype)
    return pd.concat([study["adex"], more.assign(EXSTDT=day, EXENDT=day)], ignore_index=True)


class TestCourse:
    def test_cycles_by_hand(self, known):
        """P05 two; P02 cisplatin and gemcitabine on one day; P04 and P01 none; P03's second dose is not recorded."""
        found = courses(known)
        assert found.loc[["P05", "P02", "P04", "P01", "P06"], "GIVEN"].tolist() == [2, 1, 0, 0, 1]
        assert np.isnan(found.loc["P03", "GIVEN"])
        assert found.loc["P03", "DUE"] == 2
        assert np.isnan(found.loc["P07", "GIVEN"])

    def test_an_omitted_cycle_is_due_and_not_given(self, known):
        adex = added(known, ("P05", "CONCURRENT", "CISPLATIN", 3, 0.0, "mg/m2", 100.0, "2025-03-04"))
        found = courses(known, adex=adex).loc["P05"]
        assert [found["GIVEN"], found["DUE"]] == [2, 3]

    def test_intensity_by_hand(self, known):
        """P05: 180 of 200 in the 6 weeks planned; P02 75 of 80 in one cycle of induction; P03 lacks a dose."""
        found = courses(known)
        assert found.loc["P05", "RDI"] == pytest.approx(0.9, rel=1e-14)
        assert found.loc["P02", "RDI_IND"] == pytest.approx(75 / 80, rel=1e-14)
        assert found.loc[["P03", "P04", "P01"], "RDI"].isna().all()

    def test_intensity_with_delay_and_omission(self, known):
        """P05: 180 of 300, the third cycle omitted and due a week late: 49 days and its 21 are 10 weeks, not 9."""
        adex = added(known, ("P05", "CONCURRENT", "CISPLATIN", 3, 0.0, "mg/m2", 100.0, "2025-03-11"))
        expected = (180 / ((49 + 21) / 7)) / (300 / 9)
        assert courses(known, adex=adex).loc["P05", "RDI"] == pytest.approx(expected, rel=1e-14)

    def test_doses_of_two_units_are_no_intensity(self, known):
        adex = added(known, ("P05", "CONCURRENT", "CISPLATIN", 3, 5.0, "AUC", 5.0, "2025-03-04"))
        with pytest.raises(DataError, match=r"RDI, .*adex.EXDOSU: doses of CISPLATIN in two units or more of 1 part"):
            courses(known, adex=adex)

    def test_each_dose_in_the_unit_of_its_own_prescription(self, known):
        """P05 in Gy(RBE), P02 in Gy: both are summed; P03's in another unit than prescribed is refused."""
        beams = (
            ("P05", "RT", "RADIOTHERAPY", 1, 34.0, "Gy(RBE)", 35.0, "2025-01-20"),
            ("P05", "RT", "RADIOTHERAPY", 2, 35.0, "Gy(RBE)", 35.0, "2025-02-10"),
            ("P02", "RT", "RADIOTHERAPY", 1, 70.0, "Gy", 70.0, "2025-02-01"),
        )
        found = courses(known, adex=added(known, *beams))["BEAMS"]
        assert [found["P05"], found["P02"], found["P04"]] == [69, 70, 0]
        wrong = ("P03", "RT", "RADIOTHERAPY", 1, 70.0, "Gy(RBE)", 70.0, "2025-04-01")
        with pytest.raises(DataError, match="the unit in which it was prescribed is required"):
            courses(known, adex=added(known, wrong))

    def test_missed_days(self, known):
        """P05: 35 Mondays to Fridays from 20 January to 7 March, so that 33 fractions leave 2; P07 never began."""
        adsl = known["adsl"].assign(FXDELIV=known["adsl"]["FXDELIV"].where(known["adsl"]["USUBJID"] != "P05", 33.0))
        found = courses(known, adsl=adsl)["MISSED"]
        assert found["P05"] == 2
        assert np.isnan(found["P07"])

    def test_switch(self, known):
        """P02 carboplatin a week after cisplatin; P07 is not known before the end of radiotherapy."""
        adex = added(known, ("P02", "CONCURRENT", "CARBOPLATIN", 1, 5.0, "AUC", 5.0, "2025-02-15"))
        found = courses(known, adex=adex)["SWITCH"]
        assert [found["P02"], found["P05"], found["P07"]] == ["Y", "N", ""]
