"""What a column of the contract may be."""

from __future__ import annotations

import pandas as pd
import pytest

from npcstats.errors import SpecError
from npcstats.schema import Column, Schema, conform_frame

OPTIONAL = Schema("frame", (Column("A", "text"), Column("B", "date"), Column("C", "flag", optional=True)))


def test_kind_of_column_is_a_closed_set():
    with pytest.raises(SpecError, match=r"^column A: kind is 'float'; one of identifier, text, number"):
        Column("A", "float")


def test_an_export_may_be_without_an_optional_column():
    built, faults = conform_frame(pd.DataFrame({"A": ["a"], "B": ["2026-01-31"]}), OPTIONAL)
    assert (list(built), faults) == (["A", "B"], [])
    built, faults = conform_frame(pd.DataFrame({"A": ["a"], "B": ["2026-01-31"], "C": ["Y"]}), OPTIONAL)
    assert (list(built), faults) == (["A", "B", "C"], [])


def test_what_an_optional_column_holds_is_checked_where_it_is():
    _, faults = conform_frame(pd.DataFrame({"A": ["a"], "B": ["2026-01-31"], "C": ["MAYBE"]}), OPTIONAL)
    assert [fault.split(":")[0] for fault in faults] == ["frame.C"]


def test_an_optional_column_is_not_named_among_the_required():
    _, faults = conform_frame(pd.DataFrame({"A": ["a"], "C": ["Y"]}), OPTIONAL)
    assert faults == ["frame: 1 column is missing (B); all of A, B are required."]
    _, faults = conform_frame(pd.DataFrame({"X": ["a"]}), OPTIONAL)
    assert faults == ["frame: the first line names none of its columns; a header line is required (A, B)."]


@pytest.mark.parametrize("given", [{"key": ("C",)}, {"dated": "C"}, {"ordered": (("B", "C"),)}])
def test_records_are_not_found_by_an_optional_column(given):
    with pytest.raises(SpecError, match="frame: C is optional, and records are found or dated by it"):
        Schema("frame", OPTIONAL.columns, **given)
