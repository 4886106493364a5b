"""Records of two versions of a frame, matched by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from npcstats.derive import compared_columns, differ, is_blank, match_records
from npcstats.schema import Column, Schema
from npcstats.study import FRAMES

ADAE, ADLB, ADFORM, ADASSESS = (FRAMES[name] for name in ("adae", "adlb", "adform", "adassess"))


def events(*rows):
    """Adverse events: who, number, grade, day of entry."""
    frame = pd.DataFrame(rows, columns=["USUBJID", "AESEQ", "AETOXGR", "ENTRYDT"])
    return frame.assign(ENTRYDT=pd.to_datetime(frame["ENTRYDT"]), _AEDECODN=np.arange(len(frame))[::-1])


def labs(*rows):
    """Values: who, parameter, day, visit, value."""
    frame = pd.DataFrame(rows, columns=["USUBJID", "PARAMCD", "ADT", "AVISIT", "AVAL"])
    return frame.assign(ADT=pd.to_datetime(frame["ADT"]))


def pairs(matched):
    return list(zip(matched.former.tolist(), matched.present.tolist(), matched.changed.tolist(), strict=True))


class TestByKey:
    FORMER = events(("P1", 1, 2.0, "2025-01-05"), ("P1", 2, 1.0, "2025-01-06"), ("P2", 1, 3.0, "2025-01-07"))

    def test_values_and_order_decide_nothing(self):
        """P2's event stands first now and is unchanged but for its day of entry; P1's second is withdrawn, a third
        was added."""
        present = events(("P2", 1, 3.0, "2025-02-01"), ("P1", 3, 1.0, "2025-01-09"), ("P1", 1, 4.0, "2025-01-05"))
        matched = match_records(self.FORMER, present, ADAE)
        assert pairs(matched) == [(2, 0, False), (0, 2, True)]
        assert (matched.withdrawn.tolist(), matched.added.tolist()) == ([1], [1])

    def test_empty_on_either_side(self):
        none = self.FORMER.iloc[:0]
        assert match_records(self.FORMER, none, ADAE).withdrawn.tolist() == [0, 1, 2]
        assert match_records(none, self.FORMER, ADAE).added.tolist() == [0, 1, 2]

    def test_columns_of_one_side_and_what_was_derived_are_not_compared(self):
        present = self.FORMER.assign(AEEXP="Y")
        assert compared_columns(self.FORMER, present, ADAE) == ["USUBJID", "AESEQ", "AETOXGR"]
        assert not match_records(self.FORMER, present, ADAE).changed.any()

    def test_features_are_compared_without_being_declared(self):
        frame = pd.DataFrame({"USUBJID": ["P1"], "original_Mean": [1.0], "_derived": [2.0]})
        assert compared_columns(frame, frame, FRAMES["adrad"]) == ["USUBJID", "original_Mean"]


class TestWithoutKey:
    def test_value_of_one_day_is_one_record(self):
        former = labs(("P1", "HGB", "2025-01-01", "V0", 10.0), ("P1", "HGB", "2025-02-01", "V1", 11.0))
        present = labs(("P1", "HGB", "2025-02-01", "V1", 12.0), ("P1", "HGB", "2025-01-01", "V0", 10.0))
        assert pairs(match_records(former, present, ADLB)) == [(1, 0, True), (0, 1, False)]

    def test_of_repeated_records_as_many_are_matched_as_both_have(self):
        """Two alike then, three now: two are matched without a change, one was added."""
        one = ("P1", "HGB", "2025-01-01", "V0", 10.0)
        matched = match_records(labs(one, one), labs(one, one, one), ADLB)
        assert pairs(matched) == [(0, 0, False), (1, 1, False)]
        assert matched.added.tolist() == [2]

    def test_same_rows_are_matched_before_those_that_differ(self):
        """Of two values of one day the corrected one is that whose former value is gone, whatever the order."""
        former = labs(("P1", "HGB", "2025-01-01", "V0", 10.0), ("P1", "HGB", "2025-01-01", "V0", 99.0))
        present = labs(("P1", "HGB", "2025-01-01", "V0", 9.9), ("P1", "HGB", "2025-01-01", "V0", 10.0))
        assert pairs(match_records(former, present, ADLB)) == [(1, 0, True), (0, 1, False)]

    def test_corrected_day_is_a_change_of_the_visit(self):
        former = labs(("P1", "HGB", "2025-01-01", "V0", 10.0))
        present = labs(("P1", "HGB", "2025-01-03", "V0", 10.0))
        assert pairs(match_records(former, present, ADLB)) == [(0, 0, True)]

    def test_other_parameter_of_the_day_is_another_record(self):
        former = labs(("P1", "HGB", "2025-01-01", "V0", 10.0))
        present = labs(("P1", "WBC", "2025-01-01", "V0", 10.0))
        matched = match_records(former, present, ADLB)
        assert (pairs(matched), matched.withdrawn.tolist(), matched.added.tolist()) == ([], [0], [0])

    def test_form_received_since_is_the_form_that_was_due(self):
        due = {"USUBJID": ["P1"], "KIND": ["CRF"], "AVISIT": ["V1"], "DUEDT": pd.to_datetime(["2025-01-01"])}
        former = pd.DataFrame({**due, "RECDT": pd.to_datetime([pd.NaT])})
        present = pd.DataFrame({**due, "RECDT": pd.to_datetime(["2025-01-20"])})
        assert pairs(match_records(former, present, ADFORM)) == [(0, 0, True)]


@pytest.mark.parametrize(
    ("values", "blank"),
    [(["", "a"], [True, False]), ([np.nan, 0.0], [True, False]), ([pd.NaT, pd.Timestamp(0)], [True, False])],
)
def test_blank(values, blank):
    assert is_blank(pd.Series(values)).tolist() == blank


def test_what_both_lack_is_no_difference():
    former, present = pd.Series([1.0, np.nan, np.nan, 2.0]), pd.Series([1.0, np.nan, 3.0, np.nan])
    assert differ(former, present).tolist() == [False, False, True, True]


def test_differences_are_told_by_place_and_not_by_index():
    former, present = pd.Series(["a", "b"], index=[5, 7]), pd.Series(["a", "c"], index=[0, 1])
    assert differ(former, present).tolist() == [False, True]


def test_frame_with_one_person_and_no_key():
    schema = Schema(
        "made", (Column("USUBJID", "identifier"), Column("KIND", "text"), Column("ADT", "date")), dated="ADT"
    )
    frame = pd.DataFrame({"USUBJID": ["P1"], "KIND": ["A"], "ADT": pd.to_datetime(["2025-01-01"])})
    assert pairs(match_records(frame, frame, schema)) == [(0, 0, False)]
