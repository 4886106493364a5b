"""Designs that watch a rate, in the terminal: what is printed, and what is refused."""

from __future__ import annotations

import pytest

from npcstats.run.cli import run_command

RULE = ["design", "toxicity", "--looks", "10:50", "--limit", "0.3", "--rates", "0.2,0.3,0.4,0.5"]
BAYES = [*RULE, "--prior", "0.6,1.4", "--threshold", "0.95"]
TESTS = ["design", "toxicity", "--looks", "20,40,60,75", "--limit", "0.2", "--rates", "0.2,0.35", "--alpha", "0.1"]
SIMON = ["design", "simon", "--uninteresting", "0.25", "--worthwhile", "0.45", "--alpha", "0.1", "--beta", "0.1"]


def lines(capsys):
    return [line.split() for line in capsys.readouterr().out.splitlines() if line.strip()]


def numbered(printed, first):
    return [line for line in printed if line and line[0] in first]


def test_a_rule_by_posterior_probability(capsys):
    """The guideline of the trial: 6/10, 10/20, 14/30, 18/40, 21/50; stops 0.9, 11.5, 53.9 and 92.5% of the time."""
    assert run_command(BAYES) == 0
    printed = lines(capsys)
    limits = numbered(printed, ("10", "20", "30", "40", "50"))
    assert [line[1] for line in limits] == ["6", "10", "14", "18", "21"]
    assert [line[1] for line in numbered(printed, ("0.2", "0.3", "0.4", "0.5"))] == ["0.9", "11.5", "53.9", "92.5"]


def test_trials_beside_it_are_the_same_each_time(capsys):
    given = [*BAYES, "--trials", "20000", "--seed", "3"]
    assert run_command(given) == 0
    first = lines(capsys)
    assert run_command(given) == 0
    assert lines(capsys) == first
    (line,) = numbered(first, ("0.4",))
    share, error = float(line[4]), float(line[5].strip("()"))
    assert abs(share - 53.9) <= 3 * error


def test_a_rule_by_repeated_tests(capsys):
    """R's clinfun: at most 7/20, 12/40, 17/60, 21/75; stops with 0.088 at 0.2 and with 0.911 at 0.35."""
    assert run_command([*TESTS, "--shape", "0.5"]) == 0
    printed = lines(capsys)
    assert [line[1] for line in numbered(printed, ("20", "40", "60", "75"))] == ["8", "13", "18", "22"]
    assert [line[1] for line in numbered(printed, ("0.2", "0.35"))] == ["8.8", "91.1"]


def test_a_look_that_cannot_stop_is_a_dash(capsys):
    assert run_command(["design", "toxicity", "--looks", "1,5", "--limit", "0.3", "--rates", "0.3",
                        "--prior", "0.6,1.4", "--threshold", "0.95"]) == 0  # fmt: skip
    (line,) = numbered(lines(capsys), ("1",))
    assert line[1:] == ["–", "–"]


def test_two_stages(capsys):
    """R's clinfun: 5/23 13/39, then 3/15 13/40, then 3/14 14/44."""
    assert run_command(SIMON) == 0
    found = numbered(lines(capsys), ("Minimax", "Admissible", "Optimal"))
    assert [line[:6] for line in found] == [
        ["Minimax", "5", "23", "13", "39", "31.50"],
        ["Admissible", "3", "15", "13", "40", "28.47"],
        ["Optimal", "3", "14", "14", "44", "28.36"],
    ]


def test_lines_of_alert(capsys):
    assert run_command(["design", "alert", "--target", "0.2", "--low", "0.12", "--high", "0.28"]) == 0
    assert numbered(lines(capsys), ("0.2",)) == [["0.2", "0.157", "0.238"]]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (RULE, "one rule is required: --prior and --threshold, or --alpha and --shape"),
        ([*BAYES, "--alpha", "0.1", "--shape", "0.5"], "one rule is required"),
        ([*RULE, "--prior", "1", "--threshold", "0.95"], "--prior 1: two numbers"),
        ([*RULE, "--prior", "0,1", "--threshold", "0.95"], "prior"),
        ([*BAYES, "--looks", "10:45"], "--looks 10:45"),
        ([*BAYES, "--looks", "10,x"], "--looks x: a whole number is required"),
        ([*BAYES, "--looks", "20,10"], "looks"),
        ([*BAYES, "--rates", "0.2,2"], "--rates 2: numbers from 0 to 1"),
        ([*BAYES, "--limit", "2"], "limit: is 2.0"),
        ([*BAYES, "--trials", "many"], "--trials many"),
        ([*TESTS, "--shape", "0.9"], "shape: is 0.9"),
        ([*SIMON, "--most", "20"], "no design of at most 20 participants"),
        ([*SIMON, "--worthwhile", "0.2"], "worthwhile: is 0.2"),
        (["design", "alert", "--target", "0.2", "--low", "0.2", "--high", "0.3"], "increasing rates are required"),
        (["design", "simon"], "Missing"),
    ],
)
def test_refusals_are_one_message(capsys, given, words):
    assert run_command(given) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert words in told.err
    assert told.err.count("npcstats:") == 1
