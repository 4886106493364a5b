"""Distinct values of a column, however it is stored, and what is made of them at once."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from npcstats.schema import Column, Schema, conform_frame, distinct_values, parse_numbers

TEXTS = st.lists(st.sampled_from(["b", "a", "", "c", None]), max_size=12)


@given(values=TEXTS, chosen=st.lists(st.booleans(), min_size=12, max_size=12))
def test_categories_are_the_values_that_occur_in_their_order(values: list[str | None], chosen: list[bool]) -> None:
    """As of plain values: `d` never occurs, and what a choice of rows leaves out occurs no more."""
    kept = [value for value, keep in zip(values, chosen, strict=False) if keep]
    stored = pd.Series(pd.Categorical(values, categories=["d", "c", "", "b", "a"]))[chosen[: len(values)]]
    for column in (stored, pd.Series(kept, dtype=object)):
        places, found = distinct_values(column)
        assert found == list(dict.fromkeys(value for value in kept if value is not None))
        assert [None if place < 0 else found[place] for place in places] == kept


NUMBERS = [
    "1", "-2.5", "1e3", "007", "", "+4", "1,5", "1.000,5", " 1", "1_0", "nan", "inf", "1e999", "٣", "x", "-", "1\n2",
]  # fmt: skip
PLAIN = {"1": 1.0, "-2.5": -2.5, "1e3": 1000.0, "007": 7.0, "+4": 4.0}


@pytest.mark.parametrize("others", [[], ["0.1"], ["x"]], ids=["alone", "beside a number", "beside none"])
@pytest.mark.parametrize("text", NUMBERS)
def test_a_number_is_the_same_whatever_stands_beside_it(text: str, others: list[str]) -> None:
    """Many are read at once and a doubtful one by itself, which must make no difference."""
    typed, wrong = parse_numbers(pd.Series([text, *others, "0.1"], dtype=object))
    assert wrong[0] == (text not in {*PLAIN, ""})
    assert typed[0] == PLAIN[text] if text in PLAIN else not math.isfinite(typed[0])
    assert typed[-1] == 0.1


def test_a_decimal_comma_takes_no_point() -> None:
    values = pd.Series(["1,5", "1.5", "2", ""], dtype=object)
    typed, wrong = parse_numbers(values, ",")
    assert (typed[0], typed[2], wrong.tolist()) == (1.5, 2.0, [False, True, False, False])
    typed, wrong = parse_numbers(values[[0, 2, 3]].reset_index(drop=True), ",")
    assert (typed[0], typed[1], wrong.any()) == (1.5, 2.0, False)


@pytest.mark.parametrize("stored", ["text", "categories", "categories of several types"])
def test_a_repeated_key_is_found_however_it_is_stored(stored: str) -> None:
    """Rows 2 and 4 are one record; 1 and "1" become one text; a blank part makes no key."""
    schema = Schema("some", (Column("WHO", "text", missing=True), Column("N", "integer")), key=("WHO", "N"))
    who = pd.Series(["a", "b", "b", "b", "", ""], dtype=object)
    if stored == "categories":
        who = who.astype("category")
    elif stored != "text":
        who = pd.Series(pd.Categorical(["a", 1, 1, "1", "", ""], categories=["a", 1, "1", ""]))
    frame = pd.DataFrame({"WHO": who, "N": pd.Series([1, 1, 2, 1, 3, 3])})
    typed, faults = conform_frame(frame, schema)
    assert len(faults) == 1
    assert "1 row repeated (row 4 repeats row 2)" in faults[0]
    assert typed["WHO"].dtype == np.dtype(object)
