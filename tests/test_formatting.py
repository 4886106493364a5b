"""The one place where a number becomes text: the roundings that Python alone would get wrong."""

from __future__ import annotations

import datetime
import math
from decimal import Decimal

import pytest

from npcstats.errors import SpecError
from npcstats.formatting import (
    STYLES,
    counted,
    format_date,
    format_number,
    format_percent_level,
    format_time,
    noun,
    round_number,
)


@pytest.mark.parametrize(
    ("value", "decimals", "away", "even"),
    [
        (0.125, 2, "0.13", "0.12"),
        (0.375, 2, "0.38", "0.38"),
        (0.5, 0, "1", "0"),
        (1.5, 0, "2", "2"),
        (2.5, 0, "3", "2"),
        (-2.5, 0, "-3", "-2"),
        (-0.125, 2, "-0.13", "-0.12"),
        (100 * 0.285, 0, "29", "28"),  # 28.499999999999996 in binary
        (2.675, 2, "2.68", "2.68"),  # 2.67499999999999982 in binary
        (1.005, 2, "1.01", "1.00"),
        (0.1 + 0.2, 1, "0.3", "0.3"),
        (1e15 + 0.5, 0, "1000000000000000", "1000000000000000"),  # 15 digits come first: …000.5 is …000
        (0.05 + 0.01 - 0.06, 3, "0.000", "0.000"),
        (999.9995, 3, "1000.000", "1000.000"),
        (1e-20, 2, "0.00", "0.00"),
        (1e20, 0, "100000000000000000000", "100000000000000000000"),
    ],
)
def test_half_goes_away_from_zero_as_in_sas_or_to_even_as_in_r(value, decimals, away, even):
    assert str(round_number(value, decimals, "half-away")) == away
    assert str(round_number(value, decimals, "half-even")) == even


@pytest.mark.parametrize("value", [-0.0, -0.0004, -1e-300])
def test_no_negative_zero(value):
    assert str(round_number(value, 2, "half-away")) == "0.00"
    assert format_number(value, "decimal2", rounding="half-away") == "0.00"


@pytest.mark.parametrize(
    ("value", "style", "text"),
    [
        (7.0, "count", "7"), (1234.0, "count", "1234"),
        (52.625, "decimal0", "53"), (52.625, "decimal1", "52.6"), (52.625, "decimal2", "52.63"),
        (0.285, "percent0", "29"), (0.285, "percent1", "28.5"), (1 / 3, "percent1", "33.3"),
        (0.0005, "percent1", "0.1"),
        (-0.125, "decimal2", "−0.13"), (-0.3333, "percent1", "−33.3"),
        (math.nan, "decimal1", "NE"), (math.nan, "p_value", "NE"), (math.nan, "month_year", "NE"),
        (math.inf, "decimal1", "∞"), (-math.inf, "decimal1", "−∞"),
        (0.0009999, "p_value", "<0.001"), (0.0, "p_value", "<0.001"), (0.001, "p_value", "0.001"),
        (0.0495, "p_value", "0.050"), (0.15729920705028513, "p_value", "0.157"), (1.0, "p_value", "1.000"),
        (0.0099, "ratio", "<0.01"), (0.01, "ratio", "0.01"), (0.875, "ratio", "0.88"),
        (1000.0, "ratio", "1000.00"), (1000.01, "ratio", ">1000"), (math.nan, "ratio", "NE"), (math.inf, "ratio", "∞"),
        (float(datetime.date(2027, 7, 1).toordinal()), "month_year", "July 2027"),
    ],
)  # fmt: skip
def test_styles(value, style, text):
    assert format_number(value, style, rounding="half-away") == text


def test_minus_is_a_true_minus_and_never_a_hyphen():
    assert "-" not in format_number(-1.5, "decimal1", rounding="half-away")
    assert format_number(-1.5, "decimal1", rounding="half-away")[0] == "\N{MINUS SIGN}"


def test_closed_sets():
    with pytest.raises(SpecError, match=r"^style is 'decimal9'; one of count, decimal0,"):
        format_number(1.0, "decimal9", rounding="half-away")
    with pytest.raises(SpecError, match=r"^rounding is 'up'; one of half-away, half-even is required\.$"):
        round_number(1.0, 1, "up")


@pytest.mark.parametrize("style", sorted(STYLES))
@pytest.mark.parametrize("value", [1.0, 2.0, 730000.0, 999999.0])
def test_every_style_prints_text(style, value):
    text = format_number(value, style, rounding="half-even")
    assert text
    assert text == text.strip()


def test_more_than_15_digits_are_cut_before_the_decision():
    """0.15 and a bit that only the sixteenth digit shows: rounds as 0.15 does."""
    assert round_number(0.15000000000000002, 1, "half-even") == Decimal("0.2")
    assert round_number(0.25000000000000006, 1, "half-even") == Decimal("0.2")


def test_dates_and_levels():
    assert format_date(datetime.date(2027, 6, 30)) == "30 June 2027"
    assert [format_percent_level(level) for level in (0.95, 0.9, 0.975, 0.999)] == ["95%", "90%", "97.5%", "99.9%"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (12.0, "12"), (7.0, "7"), (6.96, "6.96"), (0.5, "0.5"), (1.0, "1"), (0.0, "0"), (-0.0, "0"), (120.0, "120"),
        (6.9583333333333, "6.9583333333333"), (100.25, "100.25"), (0.1 + 0.2, "0.3"), (1 / 3, "0.333333333333333"),
        (1e-7, "0.0000001"), (1e16, "10000000000000000"), (-1.5, "−1.5"), (math.nan, "NE"), (math.inf, "∞"),
    ],
)  # fmt: skip
def test_a_time_is_printed_as_the_time_that_it_is(value, text):
    assert format_time(value) == text


def test_words_that_go_with_numbers():
    assert [noun(count, "month") for count in (0, 1, 1.0, 1.5, 2)] == ["months", "month", "month", "months", "months"]
    assert [counted(n, "participant") for n in (0, 1, 2, 1234)] == [
        "0 participants",
        "1 participant",
        "2 participants",
        "1,234 participants",
    ]
    assert counted(1, "analysis", "analyses") == "1 analysis"
    assert counted(3, "analysis", "analyses") == "3 analyses"
