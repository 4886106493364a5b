"""How what is not published is printed: an s and a sentence, never a blank, never a number."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from npcstats.disclosure import SmallCounts, withhold_small_counts
from npcstats.results import SETTLED, WITHHELD, Analysis, Catalogue, Results, Row, count_rows, is_withheld, share_rows
from npcstats.run.registry import withholdings
from npcstats.tables import baseline_table, counts_table, inline_count_of

STUDY = {"rounding": "half-away", "cutoff_text": "1 May 2026", "cutoff": "2026-05-01"}
SETS = {"ALL": "Everybody."}


def results_of_(kind, rows, arms=("A", "B"), **labels):
    entry = Analysis("A count", kind, "planned", "ALL", labels=labels)
    return Results(tuple(rows), Catalogue(STUDY, {arm: f"Arm {arm}" for arm in arms}, SETS, {"x": entry}))


def sizes(**of):
    return [Row("x", "ALL", "participants", "count", float(n), arm=arm) for arm, n in of.items()]


@pytest.fixture(scope="module")
def public():
    """Sex: A 3 of 40 women; B 20 of 50. Nobody without a value."""
    rows = sizes(A=40, B=50, all=90)
    for arm, women, size in (("A", 3, 40), ("B", 20, 50), ("all", 23, 90)):
        place = Row("x", "ALL", "observed", "count", float(size), arm=arm, variable="SEX")
        rows += [place, replace(place, measure="missing", value=0.0)]
        for level, count in (("F", women), ("M", size - women)):
            rows += share_rows(replace(place, measure="proportion", level=level), count, size)
    rows.append(Row("x", "ALL", "smd", "estimate", -0.8, arm="A", reference="B", variable="SEX"))
    whole = results_of_("baseline", rows, variable={"SEX": "Sex"}, level={"SEX=F": "Female", "SEX=M": "Male"})
    return withhold_small_counts(whole, SmallCounts(5), withholdings())


def texts(table):
    return [["".join(piece.text for piece in cell.pieces).strip() for cell in row.cells] for row in table.rows]


def test_the_other_level_goes_with_the_small_one_and_with_everyone(public):
    gone = {(row.arm, row.level, row.stat) for row in public.rows if row.measure == "proportion" and is_withheld(row)}
    assert gone == {(arm, level, stat) for arm in ("A", "all") for level in "FM" for stat in ("count", "estimate")}
    assert [row for row in public.rows if row.measure == "smd" and not is_withheld(row)] == []


def test_table_prints_s_and_says_why(public):
    table = baseline_table(public, "x")
    assert texts(table) == [
        ["Sex, n (%)", "", "", "s"],
        ["Female", "s", "20 (40.0)", ""],
        ["Male", "s", "30 (60.0)", ""],
    ]
    note = "".join(piece.text for cell in table.notes for piece in cell.pieces)
    assert "Withheld (s): numbers that are, or would tell, a count of 1 to 4 participants." in note


def test_prose_says_why(public):
    place = {"analysis": "x", "variable": "SEX", "level": "F", "arm": "A", "measure": "proportion"}
    assert str(inline_count_of(public, **place)).startswith("s/40 (s (Withheld: ")


def test_a_block_goes_as_a_whole_in_the_arm_that_asks_for_it():
    """Deaths by cause add up: with one cause small, neither the others nor all deaths are told in that arm."""
    rows = sizes(A=40, B=50, all=90)
    for variable, a, b in (("DIED", 9, 14), ("CAUSE1", 2, 6), ("CAUSE2", 7, 8)):
        for arm, count, size in (("A", a, 40), ("B", b, 50), ("all", a + b, 90)):
            place = Row("x", "ALL", "proportion", "count", 0.0, arm=arm, block="Deaths", variable=variable)
            rows += share_rows(place, count, size)
    labels = {"variable": {"DIED": "Died", "CAUSE1": "One", "CAUSE2": "Two"}, "block": {"Deaths": "Deaths"}}
    public = withhold_small_counts(results_of_("counts", rows, **labels), SmallCounts(5), withholdings())
    table = texts(counts_table(public, "x"))
    assert sorted(table) == [
        ["Died", "s", "14 (28.0)", "s"],
        ["One", "s", "6 (12.0)", "s"],
        ["Two", "s", "8 (16.0)", "s"],
    ]


def test_an_arm_of_few_is_not_told_at_all():
    rows = [*sizes(A=3, B=50, all=53)]
    for arm, count, size in (("A", 3, 3), ("B", 9, 50), ("all", 12, 53)):
        rows += share_rows(Row("x", "ALL", "proportion", "count", 0.0, arm=arm, variable="V"), count, size)
    public = withhold_small_counts(results_of_("counts", rows, variable={"V": "V"}), SmallCounts(5), withholdings())
    assert all(map(is_withheld, public.rows))


def test_nothing_changes_where_nothing_is_small():
    rows = [*sizes(A=40, B=50, all=90)]
    for arm, count, size in (("A", 10, 40), ("B", 9, 50), ("all", 19, 90)):
        rows += share_rows(Row("x", "ALL", "proportion", "count", 0.0, arm=arm, variable="V"), count, size)
    whole = results_of_("counts", rows, variable={"V": "V"})
    assert withhold_small_counts(whole, SmallCounts(5), withholdings()) == whole


def test_months_of_accrual_are_merged():
    """By month 2, 3, 4 and 30: after one month few, after two 5; the next 4 are few and merge with the last 30."""
    place = Row("x", "ALL", "enrolled", "count", 0.0, variable="ENRL")
    rows = count_rows(replace(place, value=39.0), 39, 60)
    rows += [replace(place, time=float(i), value=float(n)) for i, n in enumerate((0, 2, 5, 9, 39))]
    public = withhold_small_counts(results_of_("accrual", rows, arms=()), SmallCounts(5), withholdings())
    shown = [row.value for row in public.rows if not math.isnan(row.time)]
    assert [math.isnan(value) for value in shown] == [False, True, False, True, False]


def test_a_date_that_everyone_sees_is_settled_is_not_withheld_whatever_its_note_says():
    """The same note twice; only the row whose reason says that there is nothing to withhold stays as it is."""
    place = Row("x", "ALL", "enrolled", "count", 39.0, variable="ENRL")
    none = replace(place, measure="projected_date", stat="estimate", value=math.nan, note="Enrolment is complete.")
    rows = [*count_rows(place, 39, 60), replace(place, time=1.0), none, replace(none, level="b", reason=SETTLED)]
    public = withhold_small_counts(results_of_("accrual", rows, arms=()), SmallCounts(5), withholdings())
    first, second = (row for row in public.rows if row.measure == "projected_date")
    assert (first.reason, is_withheld(first)) == (WITHHELD, True)
    assert (second.note, second.reason) == ("Enrolment is complete.", SETTLED)


@pytest.mark.parametrize(
    ("below", "words"), [(2, "1 participant"), (3, "1 to 2 participants"), (11, "1 to 10 participants")]
)
def test_what_is_withheld_in_words(below, words):
    assert SmallCounts(below).words == words
