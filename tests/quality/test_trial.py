"""The committed trial: nothing is found in it but what is planted, and every planted fault is found by its rule."""

from __future__ import annotations

from dataclasses import fields

import pandas as pd
import pytest
from committed import ROOT

from npcstats.derive import GradedParameter
from npcstats.errors import SpecError
from npcstats.quality import RULES, inspect_study, load_checks
from npcstats.run.plan import load_plan
from npcstats.synthetic.faults import plant_faults

SCREENED = ("HGB", "ANC", "PLT", "TBILI", "ALB", "CREAT")
"""Parameters of INC06a to INC06f."""
BY_HAND = {
    "PERSON-TWICE", "CONTACT-GAP", "VS-DAY", "RAD-CONSTANT", "EVENT-EARLY", "EX-OVERLAP", "TTE-START", "TTE-TYPE",
    "TTE-ALL",
}  # fmt: skip
"""Rules whose faults break others too, or are not one record's, or that ask for what the trial does not have."""


@pytest.fixture(scope="module")
def cutoff(truth):
    """The last day of the trial's database: nothing in it is later."""
    return truth.calendar.database_date


@pytest.fixture(scope="module")
def clean(study, checks, cutoff):
    return inspect_study(study, checks, cutoff=cutoff)


def keys(report):
    assert len({(item.rule, item.frame, item.row) for item in report.findings}) == len(report.findings)
    return {(item.rule, item.frame, item.row) for item in report.findings}


def rows_where(adsl, mask):
    return {int(row) + 1 for row in adsl.index[mask]}


class TestClean:
    def test_only_eligibility_is_asked_about(self, clean):
        assert clean.count("error") == 0
        assert {item.rule for item in clean.findings} <= {"ELIG-MET", "ELIG-KNOWN"}
        assert clean.skipped == ()

    def test_violations_are_those_of_the_truth(self, study, clean, truth):
        """Planted: a hemoglobin below the limit, each with its deviation."""
        adsl, addv = study["adsl"], study["addv"]
        planted = adsl["USUBJID"].isin(addv.loc[addv["DVTERM"] == truth.conduct.violation_term, "USUBJID"])
        assert 1 <= planted.sum() <= 0.03 * len(adsl)
        found = {item.row: item.text for item in clean.findings if item.rule == "ELIG-MET"}
        assert set(found) == rows_where(adsl, planted)
        assert set(found.values()) == {"not met: INC06a"}

    def test_every_planted_violation_has_its_deviation(self, clean):
        assert not [item for item in clean.findings if item.rule == "ELIG-DEVIATION"]

    def test_criteria_are_unknown_where_an_assay_failed(self, study, clean):
        """Without a value in the 28 days up to enrolment; the truth lets 1 % of baseline assays fail."""
        adsl, adlb = study["adsl"], study["adlb"]
        joined = adlb.loc[adlb["AVAL"].notna()].merge(adsl[["USUBJID", "ENRLDT"]], on="USUBJID")
        days = (joined["ADT"] - joined["ENRLDT"]).dt.days
        known = joined.loc[(days <= 0) & (days >= -28) & joined["PARAMCD"].isin(SCREENED)]
        count = known.groupby("USUBJID")["PARAMCD"].nunique().reindex(adsl["USUBJID"], fill_value=0)
        lacking = pd.Series(count.to_numpy() < len(SCREENED), index=adsl.index)
        found = {item.row for item in clean.findings if item.rule == "ELIG-KNOWN"}
        assert found == rows_where(adsl, lacking)


@pytest.mark.parametrize("seed", [7232680, 1, 2])
def test_planted_faults_are_found_and_nothing_else(study, design, truth, checks, cutoff, clean, seed):
    dirty, planted = plant_faults(study.frames, design, truth, seed)
    report = inspect_study(study.with_frames(dirty), checks, cutoff=cutoff)
    expected = {(item.rule, item.frame, item.row) for item in planted}
    assert len(expected) == len(planted)
    assert expected.isdisjoint(keys(clean))
    assert sorted(expected - keys(report)) == []
    assert sorted(keys(report) - expected - keys(clean)) == []
    assert sorted(keys(clean) - keys(report)) == []
    assert {rule.id for rule in RULES} - BY_HAND == {item.rule for item in planted}


def test_planting_changes_nothing_it_was_given(study, design, truth):
    before = {name: frame.copy() for name, frame in study.frames.items()}
    first, listed = plant_faults(study.frames, design, truth, 5)
    again, listed_again = plant_faults(study.frames, design, truth, 5)
    for name, frame in study.frames.items():
        pd.testing.assert_frame_equal(frame, before[name])
        pd.testing.assert_frame_equal(first[name], again[name])
        assert list(first[name].dtypes) == list(frame.dtypes)
    assert listed == listed_again


def test_planted_share(study, design, truth):
    """Five of 500 participants for each rule, or as many as there are: three grades 5 are in the trial."""
    _, planted = plant_faults(study.frames, design, truth, 7232680)
    counts = pd.Series([item.rule for item in planted]).value_counts()
    assert counts["LB-SWAP"] == round(0.01 * len(study["adsl"]))
    assert counts["AE-SERIOUS"] == min(5, (study["adae"]["AETOXGR"] == 5).sum())
    assert counts.drop("AE-SERIOUS").min() == 5


def test_no_finding_names_anyone(study, design, truth, checks, cutoff):
    dirty, _ = plant_faults(study.frames, design, truth, 7232680)
    texts = "\n".join(item.text for item in inspect_study(study.with_frames(dirty), checks, cutoff=cutoff).findings)
    assert truth.id_prefix not in texts
    assert not any(who in texts for who in study["adsl"]["USUBJID"])


def test_values_are_asked_about_by_the_limits_that_the_plan_grades_with(checks):
    """The checks stand in a file of their own, which nothing of the plan reaches."""
    (laboratory,) = (spec for spec in load_plan(ROOT / "analysis" / "plan").specs if spec.id == "laboratory")
    known = {field.name for field in fields(GradedParameter)}
    graded = [{name: getattr(item, name) for name in known} for item in laboratory.parameters]
    assert [{name: getattr(item, name) for name in known} for item in checks.reports.parameters] == graded
    assert checks.ctcae == laboratory.version


def test_a_value_whose_limit_is_missing_is_refused_with_the_checks(tmp_path):
    file = tmp_path / "checks.py"
    file.write_text(
        "from npcstats.derive import GradedParameter\n"
        "from npcstats.quality import Checks, LaboratoryReports\n"
        "ANC = GradedParameter(code='ANC', term='Anemia', unit='10^9/L', recorded_limits=False)\n"
        "CHECKS = Checks(ctcae='5.0', reports=LaboratoryReports((ANC,), grade=3, days=7, period='late'))\n",
        encoding="utf-8",
    )
    with pytest.raises(SpecError, match=r"unit is '10\^9/L'; g/dL is required; ANC: it has no lower limit of normal"):
        load_checks(file)
    file.write_text(file.read_text(encoding="utf-8").replace("ctcae='5.0', ", ""), encoding="utf-8")
    with pytest.raises(SpecError, match="reports are graded by ctcae, which is not given"):
        load_checks(file)
