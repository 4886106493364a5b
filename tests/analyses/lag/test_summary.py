"""How far the data of the trial of eight have come at 2025-12-31, by hand; see ``eight.py`` for the records.

The last of seven participants was entered on 2025-09-11 (P06). Of eleven adverse events of participants enrolled by
then, P04's headache of 2026-01-05 does not count; of the ten that do, P05's mucositis was entered on 2026-01-10, after
the cut-off, and of the others P06's is the last, of 2025-12-05.
"""

from __future__ import annotations

import datetime
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from npcstats.analyses.lag.spec import LagSpec, lag_faults
from npcstats.analyses.lag.summary import summarize_lag
from npcstats.results import one, select

SPEC = LagSpec("lag", "Lag", "EVERY", ("only",), {"adsl": "participants", "adae": "events"}, "planned")


def entered_later(results, variable):
    return tuple(
        one(results, variable=variable, measure="entered_later", stat=stat).value for stat in ("count", "total")
    )


@pytest.mark.parametrize(
    ("variable", "day", "later"),
    [("adsl", (2025, 9, 11), (0, 7)), ("adae", (2025, 12, 5), (1, 10)), ("all", (2025, 12, 5), (1, 17))],
)
def test_last_entry_and_what_was_entered_later(known, variable, day, later):
    results = summarize_lag(known, SPEC)
    assert one(results, variable=variable, measure="last_entry").value == datetime.date(*day).toordinal()
    assert entered_later(results, variable) == later


def test_records_of_a_later_day_are_counted_and_left_out(known):
    results = summarize_lag(known, SPEC)
    assert one(results, variable="adae", measure="later").value == 1


def test_rows_are_of_everyone_and_the_dates_of_members_only(known):
    """Only P06 is enrolled after July: without it the last of the others was entered on 2025-04-02 (P04)."""
    results = summarize_lag(known, SPEC)
    assert {row.arm for row in results.rows} == {"all"}
    adsl = known["adsl"]
    fewer = known.with_frames({"adsl": adsl.loc[adsl["USUBJID"] != "P06"]})
    last = one(summarize_lag(fewer, SPEC), variable="adsl", measure="last_entry").value
    assert last == datetime.date(2025, 4, 2).toordinal()
    assert entered_later(summarize_lag(fewer, SPEC), "adae") == (1, 9)


def test_a_record_without_a_date_of_entry_is_not_taken_for_entered(known):
    """Nothing is known of when the events were entered: all of the ten count as entered later, and there is no day."""
    blank = known.with_frames({"adae": known["adae"].assign(ENTRYDT=pd.NaT)})
    results = summarize_lag(blank, SPEC)
    row = one(results, variable="adae", measure="last_entry")
    assert np.isnan(row.value)
    assert row.note == "No record that counts was entered by the cut-off."
    assert entered_later(results, "adae") == (10, 10)


def test_a_frame_that_the_export_lacks_is_named(known):
    without = replace(known, frames={name: frame for name, frame in known.frames.items() if name != "adae"})
    results = summarize_lag(without, SPEC)
    assert select(results, variable="adae") == ()
    assert results.catalogue.analyses["lag"].sentences["lacking"] == "Not in the export: events."
    assert entered_later(results, "all") == (0, 7)


def test_frames_of_no_contract_are_refused():
    assert lag_faults(replace(SPEC, frames={"adxx": "x"})) == [
        "frames names adxx, of which the data contract knows nothing"
    ]
    assert lag_faults(replace(SPEC, frames={})) == ["frames names none"]
    assert lag_faults(SPEC) == []
