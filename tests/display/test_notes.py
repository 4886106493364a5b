"""The note under a table says what is in it, and nothing of what is not."""

from __future__ import annotations

from dataclasses import replace

from tabled import TABLES

from npcstats.results import Results
from npcstats.tables import (
    Table,
    survival_table,
)


def test_notes_explain_the_limits_printed_and_no_others(by_arm: Results, pooled: Results) -> None:
    for name, limits in (("ae-acute", True), ("ae-late-incident", False)):
        note = TABLES[name](by_arm).notes[0].text
        assert ("Limits of a risk difference: Newcombe." in note) == limits
        assert "Limits of a risk:" not in note
        assert "Limits of" not in TABLES[name](pooled).notes[0].text
    note = TABLES["biomarkers"](by_arm).notes[0].text
    assert "Limits of a geometric mean" in note
    assert "detectable share" not in note


def test_every_note_says_whether_the_analysis_was_planned(table: Table) -> None:
    post_hoc = table.title == "Survival" or "Kaplan" in table.notes[0].text
    assert table.notes[0].text.endswith("Post hoc analysis." if post_hoc else "Planned analysis.")


def test_analyses_of_different_status_are_told_apart(by_arm: Results) -> None:
    entry = replace(by_arm.catalogue.analyses["os"], status="planned")
    catalogue = replace(by_arm.catalogue, analyses={**by_arm.catalogue.analyses, "os": entry})
    note = survival_table(Results(by_arm.rows, catalogue), ["os", "pfs"]).notes[0].text
    assert note.endswith("Overall survival: planned analysis. Progression-free survival: post hoc analysis.")


def test_only_the_windows_shown_are_explained(by_arm: Results) -> None:
    note = TABLES["ae-late-incident"](by_arm).notes[0].text
    assert "Incident: a period of 90 days." in note
    assert "Prevalent" not in note


def test_notes_of_two_endpoints_say_whose_they_are(by_arm: Results) -> None:
    note = TABLES["survival"](by_arm).notes[0].text
    assert note.startswith("Overall survival: time to the event. Progression-free survival: time to the event.")
    assert note.count("Kaplan–Meier") == 1
    assert note.endswith("Log-rank test, Overall survival: p <0.001. Log-rank test, Progression-free survival: "
                         "p <0.001. Data cut-off 30 June 2027. Post hoc analysis.")  # fmt: skip


def test_a_test_of_several_groups_says_that_it_is_one(by_arm: Results) -> None:
    rows = tuple(
        replace(row, value=2.0) if (row.measure, row.stat) == ("logrank", "df") else row for row in by_arm.rows
    )
    note = TABLES["survival"](Results(rows, by_arm.catalogue)).notes[0].text
    assert "Log-rank test, Overall survival: p <0.001 (all arms together, 2 degrees of freedom). Log-rank" in note
    assert "together" not in TABLES["survival"](by_arm).notes[0].text
