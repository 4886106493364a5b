"""Quotes of a plan: those of a session are in its catalogue, and a run that could not print one is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from eight import WriteExport

from npcstats.display.quotes import Quote
from npcstats.errors import SpecError
from npcstats.results import read_results
from npcstats.run.make import Run, make_results
from npcstats.run.plan import Plan
from npcstats.tables import inline, quote

DIED = Quote(
    name="died",
    sessions=("front", "end"),
    form="number",
    style="count",
    analysis="status",
    arm="all",
    variable="DIED",
    stat="count",
)


def test_each_session_has_its_quotes(write_export: WriteExport, plan: Plan, tmp_path: Path) -> None:
    named = replace(DIED, name="died-first", sessions=("end",), arm="first")
    quoting = replace(plan, quotes=(DIED, named))
    made = tmp_path / "results"
    make_results(Run(write_export(), quoting, ("front", "end")), made, fonts=tmp_path)
    front, end = read_results(made / "front"), read_results(made / "end")
    assert list(front.catalogue.quotes) == ["died"]
    assert list(end.catalogue.quotes) == ["died", "died-first"]
    first = next(iter(end.catalogue.arms))
    told = inline(end, "count", analysis="status", arm=first, variable="DIED", stat="count")
    assert quote(end, "died-first") == told


def test_a_run_without_the_row_of_a_quote_is_refused(write_export: WriteExport, plan: Plan, tmp_path: Path) -> None:
    wrong = replace(plan, quotes=(DIED, replace(DIED, name="left", variable="LEFT")))
    two = replace(wrong, quotes=(replace(DIED, name="any", arm="none"),))
    made = tmp_path / "results"
    data = write_export()
    with pytest.raises(SpecError, match=r"plan, session front: quote left: results: 0 rows for .*variable='LEFT'"):
        make_results(Run(data, wrong, ("front",)), made, fonts=tmp_path)
    with pytest.raises(SpecError, match=r"plan, session end: quote any: results: \d+ rows .*; exactly one is required"):
        make_results(Run(data, two, ("end",)), made, fonts=tmp_path)
    assert not made.exists()


def test_a_plan_refuses_quotes_of_one_name_or_of_what_a_session_lacks(plan: Plan) -> None:
    with pytest.raises(SpecError, match="quote 'died' stands twice"):
        replace(plan, quotes=(DIED, DIED))
    with pytest.raises(SpecError, match="quote died is of 'dead', which session 'front' has not"):
        replace(plan, quotes=(replace(DIED, analysis="dead"),))
    with pytest.raises(SpecError, match="quote died is for no session, so it is not made"):
        replace(plan, quotes=(replace(DIED, sessions=()),))
