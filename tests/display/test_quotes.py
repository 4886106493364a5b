"""Quoted numbers: one row each, by the place of an arm, found when results are made and called by name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from npcstats.display.quotes import NO_TIME, Quote, check_quotes, entry_of_quote
from npcstats.errors import ResultsError, SpecError
from npcstats.results import Analysis, Catalogue, Results, Row, count_rows, share_rows
from npcstats.tables import quote

AT = {"measure": "survival", "stat": "estimate"}


def results_of(quotes: tuple[Quote, ...], *, arms: tuple[str, ...] = ("Y", "X")) -> Results:
    """Two arms, Y before X: 3 of 8 and 1 of 4 died; a ratio; counts with and without a time."""
    rows = []
    for arm, died, size in (("Y", 3, 8), ("X", 1, 4), ("all", 4, 12)):
        if arm == "all" or arm in arms:
            rows += share_rows(Row("a", "P", "proportion", "count", 0.0, variable="DIED", arm=arm), died, size)
    ratio = Row("a", "P", "hazard_ratio", "estimate", 1.5, arm="Y", reference="X", conf_level=0.95)
    if len(arms) > 1:
        rows += [replace(ratio, stat=stat, value=value) for stat, value in zip(
            ("estimate", "ci_low", "ci_high"), (1.5, 0.75, 3.0), strict=True)]  # fmt: skip
    rows += [
        *count_rows(Row("a", "P", "enrolled", "count", 0.0), 12, 20),
        Row("a", "P", "enrolled", "count", 5.0, time=1.0),
    ]
    study = {"rounding": "half-away", "session": "end"}
    entries = {one.name: entry_of_quote(one) for one in quotes}
    analyses = {"a": Analysis("A", "counts", "planned", "P")}
    catalogue = Catalogue(study, {code: code for code in arms}, {"P": "All."}, analyses, quotes=entries)
    return Results(tuple(rows), catalogue)


def quoted(form: str, of: str, key: dict[str, object], style: str = "") -> Quote:
    return Quote(name="q", sessions=("end",), form=form, analysis="a", of=of, key=key, style=style)


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        (quoted("number", "everyone", {"variable": "DIED", "stat": "count"}, "count"), "4"),
        (quoted("number", "first", {"variable": "DIED", "stat": "count"}, "count"), "3"),
        (quoted("number", "reference", {"variable": "DIED", "stat": "count"}, "count"), "1"),
        (quoted("percent", "first", {"variable": "DIED", "stat": "estimate"}), "37.5%"),
        (quoted("count-of", "reference", {"variable": "DIED"}), "1/4 (25.0%)"),
        (quoted("interval", "contrast", {"measure": "hazard_ratio"}, "decimal2"), "1.50 (95% CI 0.75 to 3.00)"),
        (quoted("number", "everyone", {"measure": "enrolled", "stat": "count", "time": NO_TIME}, "count"), "12"),
        (quoted("number", "everyone", {"measure": "enrolled", "stat": "count", "time": 1.0}, "count"), "5"),
    ],
)
def test_a_quote_is_its_row(wanted: Quote, told: str) -> None:
    results = results_of((wanted,))
    check_quotes(results, (wanted,))
    assert str(quote(results, "q")) == told
    assert "data-key" in quote(results, "q")._repr_markdown_()


def test_a_name_that_the_session_has_not_is_an_error_that_lists_what_it_has() -> None:
    known = quoted("number", "first", {"variable": "DIED", "stat": "count"}, "count")
    with pytest.raises(ResultsError, match=r"quote 'x' is not one of session end; of these: q\."):
        quote(results_of((known,)), "x")


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        (quoted("number", "first", {"variable": "LIVED", "stat": "count"}, "count"), "0 rows"),
        (quoted("number", "everyone", {"measure": "enrolled", "stat": "count"}, "count"), "2 rows"),
        (quoted("number", "first", {"nothing": "x"}, "count"), "nothing"),
        (quoted("number", "first", {"variable": "DIED", "stat": "count"}, "no-style"), "no-style"),
    ],
)
def test_a_quote_that_is_no_row_is_refused_when_results_are_made(wanted: Quote, told: str) -> None:
    with pytest.raises(SpecError, match=f"plan: session end: quote q: .*{told}"):
        check_quotes(results_of((wanted,)), (wanted,))


def test_a_quote_of_an_arm_needs_arms() -> None:
    wanted = quoted("number", "first", {"variable": "DIED", "stat": "count"}, "count")
    with pytest.raises(SpecError, match="quote q: is of an arm"):
        check_quotes(results_of((wanted,), arms=()), (wanted,))


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"form": "share"}, "form is 'share'; one of number, percent, count-of, interval is required"),
        ({"of": "second"}, "of is 'second'; one of everyone, first, reference, contrast is required"),
        ({"style": ""}, "a style is required of a number and an interval"),
        ({"form": "percent"}, "and of nothing else"),
    ],
)
def test_closed_sets(changed: dict[str, str], told: str) -> None:
    with pytest.raises(SpecError, match=told):
        replace(quoted("number", "first", {"variable": "DIED"}, "count"), **changed)


def test_a_plan_names_sessions_and_each_quote_once(plan) -> None:
    wanted = replace(quoted("number", "everyone", {"stat": "count"}, "count"), sessions=("front",))
    with pytest.raises(SpecError, match="quote 'q' stands twice"):
        replace(plan, quotes=(wanted, wanted))
    with pytest.raises(SpecError, match="quote q is for session 'nowhere', which does not exist"):
        replace(plan, quotes=(replace(wanted, sessions=("nowhere",)),))
    with pytest.raises(SpecError, match="quote q is for no session"):
        replace(plan, quotes=(replace(wanted, sessions=()),))
