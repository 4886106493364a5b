"""Numbers quoted by name: each the text of its row, in words worked out by hand; nothing else is found."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from npcstats.display.quotes import Quote, entry_of_quote, quote_faults, tell_quote
from npcstats.errors import ResultsError, SpecError
from npcstats.results import Results, catalogue_text, select
from npcstats.results.catalogue import read_catalogue
from npcstats.tables import inline_count_of, inline_interval, quote

RISK = Quote(
    name="dry-mouth",
    sessions=("closed",),
    form="count-of",
    analysis="ae-acute",
    arm="first",
    block="Gastrointestinal disorders",
    variable="Dry mouth",
    level="grade>=3",
    measure="risk",
)
FORMS = {
    "count-of": (RISK, "3/120 (2.5%)"),
    "of the other arm": (replace(RISK, name="b", arm="reference"), "4/131 (3.1%)"),
    "percent": (replace(RISK, form="percent", stat="estimate"), "2.5%"),
    "number": (replace(RISK, form="number", style="count", stat="count"), "3"),
    "interval": (
        replace(RISK, form="interval", style="percent1", against="reference", measure="risk_difference"),
        "−0.6 (95% CI −11.8 to 10.6)",
    ),
    "label": (replace(RISK, form="label", arm="none", variable="", measure="", column="level"), "Grade ≥ 3"),
}


def with_quotes(results: Results, *told: Quote) -> Results:
    """The results as a run writes them that was asked for quotes."""
    quotes = {one.name: entry_of_quote(one) for one in told}
    return replace(results, catalogue=replace(results.catalogue, quotes=quotes))


@pytest.mark.parametrize("form", FORMS)
def test_a_quote_prints_its_row(by_arm: Results, form: str) -> None:
    told, printed = FORMS[form]
    found = quote(with_quotes(by_arm, told), told.name)
    assert str(found).replace("\u00a0", " ") == printed
    assert all(any(piece.data().values()) for piece in found.pieces if any(map(str.isdigit, piece.text)))


LOWEST = Quote(
    name="lowest",
    sessions=("closed",),
    form="interval",
    style="percent1",
    analysis="ae-acute",
    arm="first",
    against="reference",
    block="Gastrointestinal disorders",
    level="grade>=3",
    measure="risk_difference",
    extreme="lowest",
)


@pytest.mark.parametrize(("extreme", "ends"), [("lowest", min), ("highest", max)])
def test_a_rule_finds_the_variable(by_arm: Results, extreme: str, ends) -> None:
    """Of the terms of a class the one whose difference is at an end: its name, and its interval."""
    told = replace(LOWEST, extreme=extreme)
    rows = [
        row
        for row in select(by_arm, analysis="ae-acute", block=LOWEST.block, level="grade>=3", stat="estimate")
        if row.measure == "risk_difference"
    ]
    row = ends(rows, key=lambda row: row.value)
    assert len({row.value for row in rows}) > 2
    same = replace(told, extreme="", variable=row.variable)
    assert str(tell_quote(by_arm, told)) == str(tell_quote(by_arm, same))
    name = replace(told, form="label", style="", column="variable")
    assert str(tell_quote(by_arm, name)) == by_arm.catalogue.analyses["ae-acute"].labels["variable"][row.variable]


def test_a_rule_that_finds_no_estimate_is_refused(by_arm: Results) -> None:
    with pytest.raises(ResultsError, match="no estimate is known of which one could be the lowest"):
        tell_quote(by_arm, replace(LOWEST, block="Nothing"))


def test_an_arm_is_named_by_its_place(by_arm: Results) -> None:
    """The same quote finds the first arm of the page, whatever it is called there."""
    arms = dict(reversed(by_arm.catalogue.arms.items()))
    turned = replace(by_arm, catalogue=replace(by_arm.catalogue, arms=arms))
    assert str(tell_quote(turned, RISK)) == "4/131 (3.1%)"


def test_a_quote_is_what_the_same_columns_give(by_arm: Results) -> None:
    asked = {"analysis": "ae-acute", "variable": "Dry mouth", "level": "grade>=3", "arm": "A"}
    assert tell_quote(by_arm, RISK) == inline_count_of(by_arm, **asked, measure="risk")
    wanted = FORMS["interval"][0]
    told = inline_interval(by_arm, "percent1", **asked, reference="B", measure="risk_difference")
    assert tell_quote(by_arm, wanted) == told


def test_without_a_time_a_row_without_time_is_meant(by_arm: Results) -> None:
    of_curve = [
        row.time for row in by_arm.rows if row.analysis == "os" and row.measure == "survival" and row.arm == "A"
    ]
    time = next(time for time in of_curve if time == time)
    told = Quote(
        name="os", sessions=(), form="percent", analysis="os", arm="first", measure="survival", stat="estimate"
    )
    assert quote_faults(by_arm, [replace(told, time=time)]) == []
    (fault,) = quote_faults(by_arm, [told])
    assert fault.startswith("quote os: results: 0 rows for analysis='os', time=nan, arm='A', measure='survival'")


def test_what_finds_no_row_or_two_is_a_fault(by_arm: Results, pooled: Results) -> None:
    assert quote_faults(by_arm, [one for one, _ in FORMS.values()]) == []
    absent = replace(RISK, name="absent", variable="Nothing")
    ambiguous = replace(RISK, name="two", variable="")
    unknown = replace(FORMS["label"][0], name="label", level="grade>=9")
    faults = quote_faults(by_arm, [absent, RISK, ambiguous, unknown])
    assert [fault.split(": ")[0] for fault in faults] == ["quote absent", "quote two", "quote label"]
    assert "0 rows for" in faults[0]
    assert "exactly one is required" in faults[1]
    assert "level 'grade>=9' has no label" in faults[2]
    assert "tell no arms apart" in quote_faults(pooled, [RISK])[0]


def test_quotes_travel_in_the_catalogue(by_arm: Results) -> None:
    told = replace(FORMS["number"][0], time=24.0)
    written = catalogue_text(with_quotes(by_arm, told).catalogue)
    assert json.loads(written)["quotes"] == {
        "dry-mouth": {
            "form": "number",
            "analysis": "ae-acute",
            "arm": "first",
            "style": "count",
            "block": "Gastrointestinal disorders",
            "variable": "Dry mouth",
            "level": "grade>=3",
            "time": 24.0,
            "measure": "risk",
            "stat": "count",
        }
    }
    back = read_catalogue(written).quotes["dry-mouth"]
    assert Quote(name="dry-mouth", sessions=told.sessions, **back) == told


def test_an_unknown_name_is_refused_with_those_that_are_known(by_arm: Results) -> None:
    results = with_quotes(by_arm, RISK)
    with pytest.raises(ResultsError, match=r"quote 'wet-mouth': .*; one of dry-mouth is required\."):
        quote(results, "wet-mouth")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"form": "median"}, "form 'median' is not one of number, percent"),
        ({"arm": "A"}, "arm 'A' is not one of first, reference, all, none"),
        ({"form": "number", "stat": "count"}, "a number needs a style"),
        ({"form": "percent"}, "a percent needs a stat"),
        ({"stat": "count"}, "a count-of has no stat"),
        ({"form": "interval", "style": "decimal9"}, "style 'decimal9' is not one of"),
        ({"form": "label", "column": "window"}, "column 'window' is not one of .* with its code"),
        ({"name": "Dry mouth"}, "its name is not of small letters"),
        ({"extreme": "middle", "variable": ""}, "extreme 'middle'"),
        ({"extreme": "lowest"}, "extreme 'lowest'"),
        ({"judged": "overlap"}, "extreme ''"),
    ],
)
def test_a_quote_without_what_its_form_needs_is_refused(changed: dict[str, str], said: str) -> None:
    with pytest.raises(SpecError, match=said):
        replace(RISK, **changed)
