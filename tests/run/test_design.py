"""Designs in the terminal: what is printed, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from npcstats.estimators.sequential import conditional_power, find_boundaries, predictive_power, trend_drift
from npcstats.run.cli import run_command

FIVE = ["design", "sequential", "--looks", "20,40,60,80,100", "--alpha", "0.025", "--power", "0.9"]
TWO_SIDED = [*FIVE, "--sides", "2", "--spending", "obrien-fleming"]


def lines(capsys):
    return [line.split() for line in capsys.readouterr().out.splitlines() if line.strip()]


def test_boundaries_of_five_looks(capsys):
    """As published: 4.877, 3.357, 2.680, 2.290 and 2.031."""
    assert run_command(TWO_SIDED) == 0
    printed = lines(capsys)
    looks = [line for line in printed if line[:1] == ["Look"] and line[1].isdigit()]
    assert [line[5] for line in looks] == ["4.877", "3.357", "2.680", "2.290", "2.031"]
    assert [line[2] for line in looks] == ["20", "40", "60", "80", "100"]
    assert looks[-1][-2:] == ["5.0", "90.0"]  # both sides without an effect, and the power
    told = " ".join(" ".join(line) for line in printed)
    assert "two sides, each of the error 0.025" in told
    assert "power 90.0%" in told


def test_futility_has_a_column_and_is_not_binding(capsys):
    """The default of R's gsDesign with three looks: 3.010, 2.547, 1.999 above; -0.239, 0.941, 1.999 below."""
    given = ["--looks", "33,66,99", "--alpha", "0.025", "--power", "0.9", "--sides", "1"]
    given += ["--spending", "hwang-shih-decani", "--parameter", "-4"]
    given += ["--futility", "hwang-shih-decani", "--futility-parameter", "-2"]
    assert run_command(["design", "sequential", *given]) == 0
    printed = lines(capsys)
    looks = [line for line in printed if line[:1] == ["Look"] and line[1].isdigit()]
    assert [line[5:7] for line in looks] == [["3.011", "−0.239"], ["2.547", "0.941"], ["1.999", "1.999"]]
    told = " ".join(" ".join(line) for line in printed)
    assert "is not binding" in told
    assert "multiplied by 1.070" in told


def test_boundaries_at_the_information_observed(capsys):
    """The looks at 20 and 40 had 17 and 41 events; z 1.5 at .41 and the last boundary give what is left by formula."""
    assert run_command([*TWO_SIDED, "--observed", "17,41", "--statistic", "-1.5"]) == 0
    printed = lines(capsys)
    at = {line[0] if line[0] != "To" else " ".join(line[:4]): line for line in printed}
    bounds = find_boundaries(
        np.array([17, 41, 60, 80, 100]) / 100, alpha=0.025, sides=2, function="obrien-fleming", final=True
    )
    assert [at["Held"][5], at["Now"][4]] == [f"{z:.3f}" for z in bounds.upper[:2]]
    assert at["To come: look 5"][-2] == f"{bounds.upper[-1]:.3f}"
    final = float(bounds.upper[-1])
    trend = conditional_power(1.5, 0.41, final=final, drift=trend_drift(1.5, 0.41))
    told = " ".join(" ".join(line) for line in printed)
    assert f"Conditional power: {100 * trend:.1f}% as so far" in told
    assert f"predictive power {100 * predictive_power(1.5, 0.41, final=final):.1f}%" in told
    assert "Z now −1.500: no boundary is crossed." in told


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (["design"], "design: no design is given"),
        (["design", "sequential"], "Missing"),
        ([*TWO_SIDED, "--looks", "20,x"], "--looks x: a whole number is required"),
        ([*TWO_SIDED, "--looks", "20,20"], "Look 2 has no more information than the look before"),
        ([*TWO_SIDED, "--alpha", "much"], "--alpha much: a number is required"),
        ([*TWO_SIDED, "--alpha", "0.7"], "alpha is 0.7"),
        ([*TWO_SIDED, "--sides", "3"], "sides is 3; one of 1, 2 is required"),
        ([*TWO_SIDED, "--spending", "even"], "spending is 'even'"),
        ([*TWO_SIDED, "--parameter", "1"], "has no one"),
        ([*TWO_SIDED, "--futility", "pocock"], "sides 1 is required"),
        ([*TWO_SIDED, "--statistic", "1"], "has no effect without --observed"),
        ([*TWO_SIDED, "--observed", "20,20"], "more information at each look"),
        ([*TWO_SIDED, "--observed", "20", "--statistic", "inf"], "a finite number is required"),
        ([*TWO_SIDED, "--observed", "20", "--statistic", "nan"], "a finite number is required"),
        ([*TWO_SIDED, "--futility-parameter", "1"], "has no effect without --futility"),
    ],
)
def test_refusals_are_one_message(capsys, given, words):
    assert run_command(given) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert words in told.err
    assert told.err.count("npcstats:") == 1
