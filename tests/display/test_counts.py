"""The table of counts: by arm and for everyone, and of how many."""

from __future__ import annotations

from dataclasses import replace

from tabled import TABLES

from npcstats.results import Results


def test_counts_have_arms_and_everyone(by_arm: Results) -> None:
    sizes = [f"{name}\u00a0=\u00a0{size})" for name, size in (("Arm A (N", 120), ("Arm B (N", 131), ("All (N", 251))]
    assert [cell.text for cell in TABLES["status"](by_arm).header] == ["Participants, n (%)", *sizes]
    screened = [cell.text for cell in TABLES["screening"](by_arm).header]
    assert screened == ["Participants, n (%)", "All (N\u00a0=\u00a0310)"]


def test_a_lag_is_named(by_arm: Results) -> None:
    table = TABLES["completeness"](by_arm)
    assert [row.cells[0].text for row in table.rows][:4] == [
        "Forms", "Overdue: due more than 30 days ago", "Not yet entered: due in the last 30 days", "Lag, median days"
    ]  # fmt: skip
    assert [cell.text for cell in table.header] == [
        "Completeness", *(f"{name}, n\u00a0/\u00a0N\u00a0(%)" for name in ("Arm A", "Arm B", "All"))
    ]  # fmt: skip


def test_a_median_has_the_name_that_the_catalogue_gives_it(by_arm: Results) -> None:
    entry = by_arm.catalogue.analyses["completeness"]
    for labels, shown in (({"median": "Delay"}, "Delay, median days"), ({}, "Median days")):
        parts = {code: text for code, text in entry.labels["measure"].items() if code != "median"}
        named = replace(entry, labels={**entry.labels, "measure": {**parts, **labels}})
        analyses = {**by_arm.catalogue.analyses, "completeness": named}
        table = TABLES["completeness"](Results(by_arm.rows, replace(by_arm.catalogue, analyses=analyses)))
        assert table.rows[3].cells[0].text == shown
