"""The argument checks and the shared records: what is refused, and how the refusal reads."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from npcstats.choices import check_choice
from npcstats.errors import DataError, SpecError
from npcstats.estimators.checks import (
    check_array,
    check_binary,
    check_count,
    check_counts,
    check_labels,
    check_number,
    check_probability,
    check_weights,
)
from npcstats.estimators.types import Contrast, DesignMatrix, Interval, Test


def test_an_array_is_copied() -> None:
    given = np.array([3.0, 1.0])
    check_array(given, "x")[0] = 9
    assert given[0] == 3


@pytest.mark.parametrize(
    "values",
    [
        [1.0, np.nan],
        [1.0, np.inf],
        [1, None],
        ["1", "2"],
        pd.Series([1, pd.NA], dtype="Int64"),
        np.array(["2026-01-01"], dtype="datetime64[D]"),
        np.ma.masked_array([1.0, 2.0], mask=[False, True]),
        [[1.0, 2.0]],
        1.0,
        [1 + 2j],
    ],
)
def test_an_array_that_is_not_finite_numbers_on_one_axis_is_refused(values: object) -> None:
    with pytest.raises(DataError, match=r"^x: "):
        check_array(values, "x")


def test_the_message_counts_the_faults_and_shows_the_first_few() -> None:
    with pytest.raises(DataError) as caught:
        check_array([1, np.nan, 2, np.inf, np.nan, np.nan], "time")
    assert str(caught.value) == (
        "time: values missing or infinite 4 (position 1: nan, position 3: inf, position 4: nan, ...); "
        "all must be finite."
    )


def test_lengths_must_agree() -> None:
    with pytest.raises(DataError, match="event: has 2 rows; 3 required"):
        check_array([0, 1], "event", length=3)


@pytest.mark.parametrize("values", [[0, 2], [0.5], [-1], ["a"], [None]])
def test_an_indicator_is_zero_or_one(values: object) -> None:
    with pytest.raises(DataError, match=r"^event: "):
        check_binary(values, "event")


def test_indicators_may_be_booleans_or_numbers() -> None:
    assert check_binary([True, False], "event").tolist() == [True, False]
    assert check_binary(pd.Series([1.0, 0.0]), "event").tolist() == [True, False]


@pytest.mark.parametrize(
    "labels", [["a", None], ["a", np.nan], [1.0, np.nan], pd.Series(["a", pd.NA], dtype="string"), ["a", 1], [["a"]]]
)
def test_labels_missing_or_of_several_types_are_refused(labels: object) -> None:
    with pytest.raises(DataError, match=r"^group: "):
        check_labels(labels, "group")


def test_labels_are_sorted_and_coded() -> None:
    labels, codes = check_labels(["b", "a", "b"], "group")
    assert labels.tolist() == ["a", "b"]
    assert codes.tolist() == [1, 0, 1]


@pytest.mark.parametrize("weights", [[-1, 1], [0, 0], [1, np.nan], [1]])
def test_weights_are_finite_not_negative_and_not_all_zero(weights: object) -> None:
    with pytest.raises(DataError, match=r"^weights: "):
        check_weights(weights, "weights", length=2)


@pytest.mark.parametrize("count", [-1, 1.5, np.nan, None, "3", True, np.inf])
def test_a_count_is_a_whole_number(count: object) -> None:
    with pytest.raises(DataError, match=r"^count: "):
        check_count(count, "count")


@pytest.mark.parametrize("count", [3, 3.0, np.int64(3)])
def test_a_whole_number_of_any_type_is_a_count(count: object) -> None:
    assert check_count(count, "count") == 3


def test_a_count_exceeds_no_total() -> None:
    with pytest.raises(DataError, match="count1: is 4 of total1 3"):
        check_counts(4, 3, "1")


def test_an_unknown_option_is_told_all_options() -> None:
    with pytest.raises(SpecError) as caught:
        check_choice("exact", "method", ("wilson", "wald"))
    assert str(caught.value) == "method: is 'exact'; one of wilson, wald is required."


@pytest.mark.parametrize("level", [0, 1, 95, -0.1, np.nan, None, "0.95", True])
def test_a_confidence_level_is_between_0_and_1(level: object) -> None:
    with pytest.raises(SpecError, match=r"^conf_level: "):
        check_probability(level, "conf_level")


def test_a_number_may_be_required_to_be_positive() -> None:
    assert check_number(0, "rho") == 0
    with pytest.raises(SpecError, match="tau: is 0; a finite number above 0"):
        check_number(0, "tau", positive=True)


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (Interval, ["estimate", "lower", "upper", "conf_level", "method", "note"]),
        (Test, ["statistic", "df", "p_value", "method", "note"]),
        (Contrast, ["estimate", "std_error", "df", "statistic", "p_value", "lower", "upper", "note"]),
        (DesignMatrix, ["values", "names"]),
    ],
)
def test_the_records_are_frozen_and_have_the_agreed_fields(kind: type, fields: list[str]) -> None:
    assert [field.name for field in dataclasses.fields(kind)] == fields
    assert kind.__dataclass_params__.frozen


def test_a_design_matrix_is_a_read_only_copy() -> None:
    given = np.ones((3, 2))
    design = DesignMatrix(given, ("intercept", "arm"))
    given[0, 0] = 5
    assert design.values[0, 0] == 1
    with pytest.raises(ValueError, match="read-only"):
        design.values[0, 0] = 5


@pytest.mark.parametrize(
    ("values", "names"),
    [
        (np.ones((3, 2)), ("a",)),
        (np.ones((3, 2)), ("a", "a")),
        (np.ones(3), ("a",)),
        (np.array([[1.0, np.nan]]), ("a", "b")),
        (np.ones((3, 2)), ("a", 1)),
    ],
)
def test_a_design_matrix_that_contradicts_itself_is_refused(values: object, names: object) -> None:
    with pytest.raises(DataError, match=r"^DesignMatrix"):
        DesignMatrix(values, names)
