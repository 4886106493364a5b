"""Narratives of deaths, by hand; see ``eight.py`` for the records.

By 2025-12-31 only P02 has died: a man of 61, stage II. Days are counted from 2025-02-01, which is day one: radiotherapy
to 2025-03-20 is to day 48; the serious mucositis lasted from 2025-03-01 (29) to 2025-05-10 (99); 2025-09-01 is day 213,
165 days after radiotherapy.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from npcstats.analyses.listing.spec import Course, ListingSpec
from npcstats.analyses.listing.summary import build_listing
from npcstats.errors import AbsentError, SpecError

SPEC = ListingSpec(
    "narratives", "Narratives", "EVERY", ("only",), "narratives", origin="TRTSDT", status="planned",
    words={"SEX": {"M": "man", "F": "woman"}, "DTHCAUS": {"DISEASE": "the disease"}},
    after="RTENDT", after_label="after", progression=("LOCAL", "DISTANT"),
    course=Course("RTSTDT", "RTENDT", "FXDELIV", "RT", "fraction"), stage="STAGE9",
)  # fmt: skip
WHOLE = (
    "Man, 60–69 years, stage II. RT from day 1 to day 48 (35 fractions). Serious adverse events: Mucositis oral "
    "grade 3 (day 29 to 99, recovered). No progression on record. Died on day 213, 165 days after RT; "
    "cause: the disease."
)


def narrative(study, spec=SPEC):
    listing, _ = build_listing(study, spec, "secret")
    (row,) = listing.rows
    return dict(zip(listing.columns, row, strict=True))["NARRATIVE"]


def test_whole_narrative(known):
    assert narrative(known) == WHOLE


def test_what_the_plan_does_not_ask_for_is_not_told(known):
    plain = replace(SPEC, after="", after_label="", progression=(), course=None, stage="", words={})
    assert narrative(known, plain) == (
        "M, 60–69 years. Serious adverse events: Mucositis oral grade 3 (day 29 to 99, recovered). Died on day 213; "
        "cause: disease."
    )


@pytest.mark.parametrize(
    ("frame", "changed", "told"),
    [
        ("adae", {"AENDT": pd.NaT, "AEOUT": ""}, "(day 29, ongoing)"),
        ("adae", {"AESER": "N"}, "No serious adverse event on record."),
        ("adsl", {"RTENDT": pd.NaT}, "RT from day 1, no end on record."),
        ("adsl", {"RTSTDT": pd.NaT, "RTENDT": pd.NaT}, "RT not begun."),
        ("adsl", {"DTHCAUS": ""}, "cause not recorded."),
        ("adsl", {"FXDELIV": 1.0}, "RT from day 1 to day 48 (1 fraction)."),
    ],
)
def test_what_is_not_recorded(known, frame, changed, told):
    kept = known[frame]
    of_one = kept["USUBJID"] == "P02"
    columns = {name: kept[name].mask(of_one, value) for name, value in changed.items()}
    assert told in narrative(known.with_frames({frame: kept.assign(**columns)}))


def test_progression_has_its_day(known):
    """An event of 2025-07-01 is of day 151."""
    events = known["adevent"]
    added = events.iloc[:1].assign(USUBJID="P02", KIND="LOCAL", ADT=pd.Timestamp("2025-07-01"))
    assert "Progression on day 151." in narrative(known.with_frames({"adevent": pd.concat([events, added])}))


def test_a_text_that_is_not_listed_is_withheld_here_too(known):
    """A term that the plan's list has not is told as every listing tells it, and the note says what that means."""
    typed = known.with_frames({"adae": known["adae"].assign(AEOUT="called Mrs Smith")})
    listing, words = build_listing(typed, SPEC, "secret")
    assert "Smith" not in str(listing.rows)
    assert "unlisted" in words.sentences


def test_an_export_without_adverse_events(known):
    frames = {name: frame for name, frame in known.frames.items() if name != "adae"}
    with pytest.raises(AbsentError, match="frame adae is not in the export"):
        build_listing(replace(known, frames=frames), SPEC, "secret")


def test_choices_of_another_kind_are_refused():
    with pytest.raises(SpecError, match="within without effect"):
        replace(SPEC, within=(30,))


def test_days_to_entry_of_serious_events(known):
    """P02's mucositis of 2025-03-01 was entered on 2025-03-02; without one there is a dash, which is told."""
    spec = ListingSpec("s", "S", "DOSED", ("only",), "serious-events", "TRTSDT", "planned", lag=True)
    listing, words = build_listing(known, spec, "secret")
    assert dict(zip(listing.columns, listing.rows[0], strict=True))["ENTRYLAG"] == "1"
    assert words.sentences["lag"] == "Days to entry: from onset to the entry of the record."
    blank = known.with_frames({"adae": known["adae"].assign(ENTRYDT=pd.NaT)})
    listing, words = build_listing(blank, spec, "secret")
    assert dict(zip(listing.columns, listing.rows[0], strict=True))["ENTRYLAG"] == "–"
    assert "not entered by the cut-off" in words.sentences["dash"]
