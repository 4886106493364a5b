"""Laboratory toxicity by hand on the trial of eight; what is refused; arms pooled, masked, empty."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import pytest
from laboratories import CELLS, NEUTROPHILS, REPORTS, TERM, VALUES, examined, values_frame

from npcstats.analyses.laboratory.spec import Agreement, LaboratoryWindow, Recovery, laboratory_faults
from npcstats.analyses.laboratory.summary import summarize_laboratory
from npcstats.derive import NormalLimits, mask_arms, pool_arms
from npcstats.errors import DataError
from npcstats.results import one, results_text, select

PLACE = {"variable": "ANC", "window": "early"}
ARMS = ("X", "Y", "all")
REPORTED = {"block": "agreement", "level": "grade>=3"}
CLOSE = 1e-12
"""Float noise of a closed formula; the limits are of counts of one and two."""


@pytest.fixture(scope="module")
def study(known):
    return examined(known)


@pytest.fixture(scope="module")
def results(study):
    return summarize_laboratory(study, CELLS)


def counts(results, **at):
    return [one(results, **{**PLACE, **at}, arm=arm, stat="count").value for arm in ARMS]


def shares(results, level, arms=ARMS):
    at = {**PLACE, "block": "emergent", "level": level, "measure": "risk"}
    return [tuple(one(results, **at, arm=arm, stat=stat).value for stat in ("count", "total")) for arm in arms]


def estimates(results, block, measure, **at):
    return [one(results, **{**PLACE, **at}, block=block, measure=measure, arm=arm, stat="estimate").value
            for arm in ARMS]  # fmt: skip


class TestWho:
    def test_denominator(self, results):
        """P06 is still in the period, P07 never begins it."""
        found = [one(results, window="early", arm=arm, measure="observed", stat="count", block="", variable="").value
                 for arm in ARMS]  # fmt: skip
        assert found == [2, 3, 5]
        outside = {row.level: row.value for row in select(results, arm="X", measure="not_evaluable")}
        assert outside == {"window-open": 1, "not-started": 1}

    def test_who_lacks_what(self, results):
        """P04 has no value in the period; P01 has none before treatment."""
        assert counts(results, block="emergent", measure="not_measured") == [0, 1, 1]
        assert counts(results, block="emergent", measure="no_baseline") == [1, 0, 1]


class TestShift:
    def test_every_cell(self, results):
        """P05 1 to 3, P01 from nothing to 3; P02 3 to 4, P03 0 to 1, P04 from 0 to nothing."""
        found = {(row.arm, row.level): row.value for row in select(results, measure="shift") if row.value}
        own = {("X", "1>3"): 1, ("X", "absent>3"): 1, ("Y", "3>4"): 1, ("Y", "0>1"): 1, ("Y", "0>absent"): 1}
        assert found == own | {("all", level): 1 for _, level in own}

    def test_cells_add_up_to_the_denominator(self, results):
        for arm, size in zip(ARMS, (2, 3, 5), strict=True):
            assert sum(row.value for row in select(results, measure="shift", arm=arm)) == size

    def test_a_grade_that_values_cannot_have_has_no_cell(self, study):
        spec = replace(
            CELLS,
            parameters=(replace(NEUTROPHILS, code="HGB", term="Anemia", unit="g/dL"),),
            agreement=None,
        )
        found = summarize_laboratory(study, spec)
        assert not [row for row in found.rows if "4" in row.level]
        assert {row.level for row in select(found, measure="shift")} >= {"0>3", "unknown>absent"}


class TestEmergent:
    @pytest.mark.parametrize(
        ("level", "expected"),
        [
            ("grade>=1", [(2, 2), (2, 2), (4, 4)]),
            ("grade>=2", [(2, 2), (1, 2), (3, 4)]),
            ("grade>=3", [(2, 2), (1, 2), (3, 4)]),
            ("grade>=4", [(0, 2), (1, 2), (1, 4)]),
        ],
    )
    def test_bands(self, results, level, expected):
        assert shares(results, level) == expected

    def test_none_of_two_has_its_exact_upper_limit(self, results):
        """Of none of n it is 1 - 0.025^(1/n)."""
        row = one(results, **PLACE, block="emergent", level="grade>=4", measure="risk", arm="X", stat="ci_high")
        assert row.value == pytest.approx(1 - math.sqrt(0.025), abs=CLOSE)

    def test_difference(self, results):
        row = one(results, **PLACE, block="emergent", level="grade>=4", measure="risk_difference", stat="estimate")
        assert (row.arm, row.reference, row.value) == ("X", "Y", -0.5)

    def test_a_grade_as_bad_before_is_not_emergent(self, study):
        """P02 has grade 3 before treatment; without the value of 0.4 nothing after it is worse."""
        found = summarize_laboratory(examined(study, [row for row in VALUES if row[2] != 0.4]), CELLS)
        assert shares(found, "grade>=1") == [(2, 2), (1, 2), (3, 4)]
        assert [row.value for row in select(found, measure="shift", level="3>3", arm="Y")] == [1]

    def test_without_baseline_outside_where_the_plan_says_so(self, study):
        found = summarize_laboratory(study, replace(CELLS, without_baseline="excluded"))
        assert shares(found, "grade>=3") == [(1, 1), (1, 2), (2, 3)]

    def test_a_limit_that_decides_is_missing(self, study):
        """The limit stands with each record: P03 has none, so 1.79 is 0 or 1; of grade 2 and more it is known."""
        frame = values_frame(VALUES).assign(ANRLO=1.8, ANRHI=math.nan)
        frame.loc[frame["USUBJID"] == "P03", "ANRLO"] = math.nan
        spec = replace(CELLS, parameters=(replace(NEUTROPHILS, recorded_limits=True, limits=()),))
        found = summarize_laboratory(study.with_frames({"adlb": frame}), spec)
        assert shares(found, "grade>=1") == [(2, 2), (1, 1), (3, 3)]
        assert shares(found, "grade>=2") == [(2, 2), (1, 2), (3, 4)]
        assert counts(found, block="emergent", level="grade>=1", measure="unknown_grade") == [0, 1, 1]
        assert counts(found, block="shift", level="unknown>unknown", measure="shift") == [0, 1, 1]


class TestNadir:
    def test_value(self, results):
        """X 0.5 and 0.9; Y 0.4 and 1.79; type 2 takes the middle of two."""
        assert estimates(results, "nadir", "median", level="value") == pytest.approx([0.7, 1.095, 0.7], abs=CLOSE)
        assert estimates(results, "nadir", "third_quartile", level="value")[0] == 0.9

    def test_day(self, results):
        """From the start of radiotherapy: P05 31, P01 1; P02 59, P03 30 days."""
        assert estimates(results, "nadir", "median", level="day") == [16, 44.5, 30.5]

    def test_recovery(self, results):
        """P05 after 28 days; P01 not within 135; P02 after 7, back at its grade 3; P03's grade 1 is not asked about.

        Of X half recover at 28 days, and the curve stays there until 135: the middle of it. Of all the curve is at
        two thirds after 7 days and at one third after 28.
        """
        assert counts(results, block="recovery", measure="recovered") == [1, 1, 2]
        totals = [one(results, **PLACE, measure="recovered", arm=arm, stat="total").value for arm in ARMS]
        assert totals == [2, 1, 3]
        assert estimates(results, "recovery", "recovery_days") == [81.5, 7, 28]

    def test_recovery_to_the_grade_alone(self, study):
        """P02 never comes back to grade 1: the last value is 7 days after the worst."""
        found = summarize_laboratory(study, replace(CELLS, recovery=Recovery(1, or_baseline=False)))
        assert counts(found, block="recovery", measure="recovered") == [1, 0, 1]
        row = one(found, **PLACE, measure="recovery_days", arm="Y", stat="estimate")
        assert (math.isnan(row.value), row.note) == (True, "There are no events.")

    def test_nobody_to_recover(self, study):
        found = summarize_laboratory(study, replace(CELLS, recovery=Recovery(3, or_baseline=False)))
        row = one(found, **PLACE, measure="recovery_days", arm="X", stat="estimate")
        assert (math.isnan(row.value), row.note) == (True, "Nobody's worst value was bad enough to recover from.")

    def test_highest_where_high_values_are_bad(self, study):
        """The upper limit is 1: of 0.9, 1.2 and 1.0 the worst is 1.2, on day 18 (20 February to 10 March)."""
        creatinine = replace(NEUTROPHILS, code="CREAT", term="Creatinine increased", unit="mg/dL",
                             limits=(NormalLimits(upper=1.0),))  # fmt: skip
        frame = values_frame(VALUES, code="CREAT", unit="mg/dL")
        spec = replace(CELLS, parameters=(creatinine,), agreement=None)
        found = summarize_laboratory(study.with_frames({"adlb": frame.loc[frame["USUBJID"] == "P01"]}), spec)
        at = {"variable": "CREAT", "block": "nadir", "measure": "median", "arm": "X"}
        assert [one(found, **at, level=level).value for level in ("value", "day")] == [1.2, 18]


class TestAgreement:
    @pytest.mark.parametrize(
        ("measure", "expected"),
        [("agree", [1, 0, 1]), ("value_only", [1, 1, 2]), ("event_lower", [0, 1, 1]), ("event_unmeasured", [0, 1, 1])],
    )
    def test_each_way(self, results, measure, expected):
        """P05's value is 7 days before its event; P01's 0.9 and P02's 0.4 are not reported as grade 3; P03's event has
        only 1.79 around it, P04's nothing."""
        assert counts(results, **REPORTED, measure=measure) == expected

    def test_a_day_less_parts_the_value_from_its_event(self, study):
        found = summarize_laboratory(study, replace(CELLS, agreement=Agreement((3,), 6, ("early",))))
        assert counts(found, **REPORTED, measure="agree") == [0, 0, 0]
        assert counts(found, **REPORTED, measure="value_only") == [2, 1, 3]
        assert counts(found, **REPORTED, measure="event_unmeasured") == [1, 1, 2]

    def test_an_event_without_a_first_day_is_around_what_came_before_its_end(self, study):
        reports = [("P01", 3, None, "2025-02-14"), *REPORTS]
        assert counts(summarize_laboratory(examined(study, reports=reports), CELLS), **REPORTED,
                      measure="value_only") == [0, 1, 1]  # fmt: skip

    def test_who_had_it_before_treatment_need_not_report_it(self, study):
        """P02's grade 3 of 1 March is that of its baseline: only the value of 1 April is asked about."""
        found = summarize_laboratory(examined(study, [row for row in VALUES if row[2] != 0.4]), CELLS)
        assert counts(found, **REPORTED, measure="value_only") == [1, 0, 1]


class TestArms:
    def test_pooled(self, study, results):
        found = summarize_laboratory(pool_arms(study), replace(CELLS, difference="", estimand=""))
        assert {row.arm for row in found.rows} == {"all"}
        assert results_text(found) == results_text(replace(results, rows=tuple(
            row for row in results.rows if row.arm == "all")))  # fmt: skip

    def test_masked(self, study, results):
        """Letters for codes, and nothing else."""
        letters = {"X": "B", "Y": "A"}
        masked = mask_arms(study, letters)
        found = summarize_laboratory(masked, CELLS)
        own = {(letters.get(row.arm, row.arm), row.level, row.measure, row.stat): row.value
               for row in results.rows if row.block == "emergent" and not row.reference}  # fmt: skip
        assert own == {(row.arm, row.level, row.measure, row.stat): row.value
                       for row in found.rows if row.block == "emergent" and not row.reference}  # fmt: skip

    def test_order_of_records_does_not_matter(self, study, results):
        frames = {name: study[name].iloc[::-1].reset_index(drop=True) for name in ("adsl", "adlb", "adae")}
        assert results_text(summarize_laboratory(study.with_frames(frames), CELLS)) == results_text(results)

    def test_no_values_at_all(self, study):
        found = summarize_laboratory(study.with_frames({"adlb": values_frame(VALUES).iloc[:0]}), CELLS)
        row = one(found, **PLACE, block="emergent", level="grade>=1", measure="risk", arm="X", stat="estimate")
        assert math.isnan(row.value)
        assert row.note
        assert all(row.note for row in found.rows if math.isnan(row.value))
        assert counts(found, block="emergent", measure="not_measured") == [2, 3, 5]

    def test_three_arms_are_not_compared(self, study):
        """A third arm takes P02; no two of three are compared, and everyone counts once in the total."""
        arms = (*study.arms, replace(study.arms[0], code="Z", label="Zed"))
        adsl = study["adsl"].copy()
        for column in [name for name in adsl if adsl[name].isin(["X", "Y"]).any()]:
            adsl.loc[adsl["USUBJID"] == "P02", column] = "Z"
        found = summarize_laboratory(replace(study.with_frames({"adsl": adsl}), arms=arms), replace(
            CELLS, difference="", estimand=""))  # fmt: skip
        assert not [row for row in found.rows if row.reference]
        assert shares(found, "grade>=4", ("X", "Y", "Z", "all")) == [(0, 2), (0, 1), (1, 1), (1, 4)]


class TestRefused:
    def test_another_unit(self, study):
        frame = values_frame(VALUES)
        frame.loc[3, "AVALU"] = "/uL"
        with pytest.raises(DataError, match=r"adlb\.AVALU: 1 record of ANC in another unit; 10\^9/L is required"):
            summarize_laboratory(study.with_frames({"adlb": frame}), CELLS)

    def test_limits_that_the_export_does_not_have(self, study):
        spec = replace(CELLS, parameters=(replace(NEUTROPHILS, recorded_limits=True, limits=()),))
        with pytest.raises(DataError, match="ANRLO, ANRHI not in the data"):
            summarize_laboratory(study, spec)

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"parameters": ()}, "it has no parameter"),
            ({"parameters": (NEUTROPHILS, NEUTROPHILS)}, "parameter 'ANC' stands twice"),
            ({"parameters": (replace(NEUTROPHILS, unit="g/L"),)}, r"ANC: unit is 'g/L'; 10\^9/L is required"),
            ({"parameters": (replace(NEUTROPHILS, limits=()),)}, "ANC: it has no lower limit of normal"),
            ({"parameters": (replace(NEUTROPHILS, recorded_limits=True),)}, "ANC: limits have no effect"),
            ({"parameters": (replace(NEUTROPHILS, limits=(NormalLimits(lower=1.0, upper=9.0),)),)},
             "the upper limit of normal has no effect"),
            ({"parameters": (replace(NEUTROPHILS, limits=(NormalLimits(1.0), NormalLimits(2.0, sex="F"))),)},
             "one for everyone, or one for each sex"),
            ({"parameters": (replace(NEUTROPHILS, term="Fever"),)}, "laboratory grades of 'Fever' are not carried"),
            ({"parameters": (replace(NEUTROPHILS, style="odd"),)}, "style is 'odd'"),
            ({"version": "4.0"}, "version is '4.0'"),
            ({"windows": ()}, "it has no window"),
            ({"windows": (LaboratoryWindow("early", "Early", "early", "some"),)}, "early: evaluable is 'some'"),
            ({"without_baseline": ""}, "without_baseline is ''"),
            ({"recovery": Recovery(4, or_baseline=True)}, "recovery: grade is 4"),
            ({"agreement": Agreement((5,), 7, ("early",))}, "agreement: grade 5 is none of 1, 2, 3, 4"),
            ({"agreement": Agreement((3,), -1, ("early",))}, "agreement: days is -1"),
            ({"agreement": Agreement((3,), 7, ("late",))}, "agreement: window 'late' is not of the analysis"),
            ({"quantile_type": 10}, "quantile_type is 10"),
            ({"conf_type": "odd"}, "conf_type is 'odd'"),
        ],
    )  # fmt: skip
    def test_faults(self, change, message):
        found = laboratory_faults(replace(CELLS, **change))
        assert [fault for fault in found if re.search(message, fault)]

    def test_a_sound_entry_has_none(self):
        assert laboratory_faults(CELLS) == []

    def test_what_the_words_say(self, results):
        told = results.catalogue.analyses["cells"].sentences
        assert "Neutrophils lower 1.8 10⁹/L" in told["limits"]
        assert "up to and including the day of the first study treatment" in told["baseline"]
        assert "up to 7 days before the event began" in told["agreement"]
        assert TERM not in "".join(told.values())
