"""Graded values of a few made people: which value is the baseline, and every value exactly on a limit."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from laboratories import NEUTROPHILS, values_frame

from npcstats.derive import GradedParameter, NormalLimits, grade_values, match_reports
from npcstats.errors import DataError

DAY = "2025-03-10"
HEMOGLOBIN = GradedParameter(
    code="HGB", term="Anemia", unit="g/dL", recorded_limits=False,
    limits=(NormalLimits(lower=12.0, sex="F"), NormalLimits(lower=13.5, sex="M")),
)  # fmt: skip
CREATININE = GradedParameter(
    code="CREAT", term="Creatinine increased", unit="mg/dL", recorded_limits=False, limits=(NormalLimits(upper=1.2),)
)


def people(*sexes, first="2025-03-01"):
    """One of each sex, named A, B and so on, first treated on the same day."""
    days = pd.to_datetime([first] * len(sexes)).astype("datetime64[s]")
    return pd.DataFrame({"USUBJID": list("ABCDEFGH"[: len(sexes)]), "SEX": list(sexes), "TRTSDT": days})


def graded(values, parameter=NEUTROPHILS, members=None, **columns):
    frame = values_frame(values, code=parameter.code, unit=parameter.unit).assign(**columns)
    return grade_values(frame, people("F") if members is None else members, parameter, version="5.0", reason="a test")


def grades(found):
    return list(zip(found.records["lowest"], found.records["highest"], strict=True))


@pytest.mark.parametrize(
    ("value", "grade"),
    [
        (1.8, 0),
        (1.79, 1),
        (1.5, 1),
        (1.49, 2),
        (1.0, 2),
        (0.99, 3),
        (0.5, 3),
        (0.49, 4),
        (0.0, 4),
        (math.nextafter(1.5, 0), 1),
    ],
)
def test_a_cut_belongs_to_the_milder_grade(value, grade):
    """As in the table of CTCAE: below the lower limit, 1.5, 1.0 and 0.5; the number next to 1.5 is float noise."""
    assert grades(graded([("A", DAY, value)])) == [(grade, grade)]


def test_limits_by_sex():
    """13 is below a man's limit and not a woman's; of who has no recorded sex it is 0 or 1, but 9.9 is grade 2."""
    found = graded([("A", DAY, 13.0), ("B", DAY, 13.0), ("C", DAY, 13.0), ("C", "2025-03-11", 9.9)], HEMOGLOBIN,
                   people("F", "M", ""))  # fmt: skip
    assert grades(found) == [(0, 0), (1, 1), (0, 1), (2, 2)]


def test_limits_of_each_record():
    parameter = replace(NEUTROPHILS, recorded_limits=True, limits=())
    found = graded([("A", DAY, 1.9), ("A", "2025-03-11", 1.9), ("A", "2025-03-12", 1.9)], parameter,
                   ANRLO=[2.0, 1.8, math.nan], ANRHI=math.nan)  # fmt: skip
    assert grades(found) == [(1, 1), (0, 0), (0, 1)]


class TestBaseline:
    def test_a_value_of_the_first_day_is_baseline_and_one_of_the_next_is_not(self):
        found = graded([("A", "2025-03-01", 1.4), ("B", "2025-03-02", 1.4)], members=people("F", "F"))
        assert found.baseline.grade[0] == 2
        assert np.isnan(found.baseline.lowest[1])
        assert list(found.records["after"]) == [False, True]

    def test_the_last_day_counts_and_the_worst_of_it(self):
        """In whatever order they were recorded: grades 0 and 2 on the last day, grade 4 before."""
        values = [("A", "2025-02-20", 0.4), ("A", "2025-02-28", 1.4), ("A", "2025-02-28", 3.0)]
        assert {graded(order).baseline.grade[0] for order in (values, values[::-1])} == {2}

    def test_only_a_grade_beyond_it_is_worse(self):
        found = graded([("A", "2025-02-28", 1.4), ("A", DAY, 1.2), ("A", "2025-03-11", 0.9)])
        assert list(found.records["worse"]) == [False, False, True]

    def test_without_one_nothing_is_known_to_be_worse(self):
        assert not graded([("A", DAY, 0.4)]).records["worse"].any()

    def test_who_is_not_treated_has_neither(self):
        members = people("F").assign(TRTSDT=pd.NaT)
        found = graded([("A", DAY, 0.4)], members=members)
        assert not found.records["after"].any()
        assert np.isnan(found.baseline.lowest[0])

    @pytest.mark.parametrize(
        ("baseline", "value", "lowest", "highest"),
        [
            (0.6, 0.9, 0, 0),  # exactly 1.5 times the baseline
            (0.6, 0.91, 2, 2),
            (0.6, 1.81, 3, 3),  # above 3 times the baseline; by the limit 1.8 it is grade 2
            (1.0, 1.8, 2, 2),  # 1.5 times the limit is still grade 1, but it is 1.8 times the baseline
            (None, 1.8, 1, 3),  # by the limit 1; by the baseline it may be 3
            (None, 7.3, 4, 4),
        ],
    )
    def test_creatinine_is_graded_beside_it(self, baseline, value, lowest, highest):
        before = [("A", "2025-02-28", baseline)] if baseline else []
        assert grades(graded([*before, ("A", DAY, value)], CREATININE))[-1] == (lowest, highest)


class TestBelowTheLimitOfQuantification:
    @pytest.mark.parametrize(("limit", "grade"), [(0.5, (3, 4)), (0.4, (4, 4))])
    def test_the_grade_lies_between_that_of_the_limit_and_of_zero(self, limit, grade):
        found = graded([("A", DAY, math.nan)], AVALC="<LLOQ", LLOQ=limit)
        assert grades(found) == [grade]
        assert list(found.records["value"]) == [limit]

    def test_the_limit_must_be_given(self):
        with pytest.raises(DataError, match=r"adlb\.LLOQ: 1 record of ANC below a limit .* not given"):
            graded([("A", DAY, math.nan)], AVALC="ND")


def test_another_unit_is_refused():
    with pytest.raises(DataError, match=re.escape("10^9/L is required, nothing is converted.")):
        graded([("A", DAY, 1.2)], AVALU="/uL")


def test_what_has_no_date_or_no_value_is_left_out():
    assert graded([("A", None, 1.2), ("A", DAY, math.nan)]).records.empty


class TestMatching:
    def found(self, day, *, start="2025-03-20", end="2025-03-25", days=3, highest=3.0):
        records = pd.DataFrame({"member": [0], "day": pd.to_datetime([day]), "highest": [highest]})
        events = pd.DataFrame({"member": [0], "start": pd.to_datetime([start]), "end": pd.to_datetime([end])})
        made = match_reports(records, np.array([True]), events, grade=3, days=days)
        return bool(made.values[0]), bool(made.measured[0]), bool(made.supported[0])

    @pytest.mark.parametrize(
        ("day", "near"), [("2025-03-17", True), ("2025-03-16", False), ("2025-03-28", True), ("2025-03-29", False)]
    )
    def test_days_around_are_counted_from_both_ends(self, day, near):
        assert self.found(day) == (near, near, near)

    def test_an_event_that_is_not_over_lasts(self):
        assert self.found("2026-03-29", end=None) == (True, True, True)

    def test_a_milder_value_measures_it_and_does_not_support_it(self):
        assert self.found("2025-03-22", highest=2.0) == (True, True, False)

    def test_another_participant_is_nobody(self):
        records = pd.DataFrame({"member": [1], "day": pd.to_datetime(["2025-03-22"]), "highest": [4.0]})
        events = pd.DataFrame({"member": [0], "start": pd.to_datetime(["2025-03-20"]), "end": pd.to_datetime([None])})
        made = match_reports(records, np.array([True]), events, grade=3, days=3)
        assert [made.values.any(), made.measured.any(), made.supported.any()] == [False, False, False]
