"""The data checks of the randomised example: nothing is found in it, what is wrong in it is; no foreign word."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from npcstats.quality import Checks, inspect_study, load_checks
from npcstats.quality.write import page_text, summary_lines

HERE = Path(__file__).parent
FOREIGN = re.compile(r"radiotherap|fraction|cisplatin|nasophar|proton|photon|\bRT\b|\bEBV|locoregional|metasta", re.I)


@pytest.fixture(scope="module")
def checks():
    return load_checks(HERE / "checks.py")


@pytest.fixture(scope="module")
def cutoff(truth):
    return truth.dates.cutoff


@pytest.mark.parametrize("declared", ["small", "none"])
def test_nothing_is_found_and_no_foreign_rule_is_shown(whole, checks, cutoff, declared):
    report = inspect_study(whole, checks if declared == "small" else Checks(), cutoff=cutoff)
    assert report.findings == ()
    assert len(report.rules) > 20
    assert FOREIGN.findall(page_text(report)) == []
    assert FOREIGN.findall(" ".join(summary_lines(report))) == []


def broken(whole, checks, cutoff, **frames):
    report = inspect_study(whole.with_frames(frames), checks, cutoff=cutoff)
    return {(item.frame, item.row) for item in report.findings}


class TestPlanted:
    def test_wrong_treatment_without_its_deviation(self, whole, checks, cutoff, truth):
        adsl, addv = whole["adsl"], whole["addv"]
        told = addv["DVTERM"] == truth.wrong_treatment.term
        found = broken(whole, checks, cutoff, addv=addv.loc[~told].reset_index(drop=True))
        wrong = (adsl["TRT01A"] != "") & (adsl["TRT01A"] != adsl["TRT01P"])
        other = set(addv.loc[~told & (addv["DVCAT"] == "MAJOR"), "USUBJID"])
        assert found == {("adsl", int(i) + 1) for i in adsl.index[wrong & ~adsl["USUBJID"].isin(other)]}
        assert len(found) > 5

    def test_a_response_read_twice_is_found_and_two_parameters_of_a_day_are_not(self, whole, checks, cutoff):
        adrs = whole["adrs"]
        again = pd.concat([adrs, adrs.loc[[3]]], ignore_index=True)
        assert broken(whole, checks, cutoff, adrs=again) == {("adrs", len(again))}

    def test_an_end_of_follow_up_without_its_day(self, whole, checks, cutoff):
        """Who is still followed has no such day; who is not must have one."""
        adsl = whole["adsl"]
        i = int(adsl.index[(adsl["EOSSTT"] == "DISCONTINUED") & adsl["DTHDT"].isna()][0])
        lacking = adsl.assign(EOSDT=adsl["EOSDT"].mask(adsl.index == i))
        assert broken(whole, checks, cutoff, adsl=lacking) == {("adsl", i + 1)}

    def test_recovered_without_an_end_and_grade_four_not_serious(self, whole, checks, cutoff):
        adae = whole["adae"]
        ended = int(adae.index[adae["AEOUT"] == "RECOVERED/RESOLVED"][0])
        severe = int(adae.index[adae["AETOXGR"] == 4][0])
        wrong = adae.assign(
            AENDT=adae["AENDT"].mask(adae.index == ended), AESER=adae["AESER"].mask(adae.index == severe, "N")
        )
        assert broken(whole, checks, cutoff, adae=wrong) == {("adae", ended + 1), ("adae", severe + 1)}
