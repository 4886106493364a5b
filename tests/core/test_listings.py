"""Listings by hand: whom they show, in which words, and what stays behind.

Of the eight participants at the cut-off 2025-12-31, serious events are P02 mucositis (3, onset 2025-03-01) and P04
headache (onset 2026-01-05, after the cut-off). Only the first is listed.
"""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd
import pytest

from npcstats.errors import ResultsError, SpecError
from npcstats.listings import ListingSpec, build_listing
from npcstats.results import read_listing, write_listing

SPEC = ListingSpec(
    "serious", "Serious", "DOSED", ("only",), "serious-events", origin="TRTSDT", origin_label="the first dose",
    status="planned",
)  # fmt: skip


def test_only_serious_events_by_the_cutoff(known):
    listing, words = build_listing(known, SPEC, "secret")
    assert [dict(zip(listing.columns, row, strict=True))["AEDECOD"] for row in listing.rows] == ["Mucositis oral"]
    assert words.kind == "listing"


def test_days_are_counted_from_first_treatment_which_is_day_one(known):
    """P02 started on TRTSDT; its event began on 2025-03-01."""
    started = known["adsl"].set_index("USUBJID").loc["P02", "TRTSDT"]
    expected = (pd.Timestamp("2025-03-01") - started).days + 1
    listing, _ = build_listing(known, SPEC, "secret")
    assert dict(zip(listing.columns, listing.rows[0], strict=True))["ASTDY"] == str(expected)


def test_day_before_treatment_is_minus_one(known):
    adae = known["adae"].copy()
    start = known["adsl"].set_index("USUBJID").loc["P02", "TRTSDT"]
    adae.loc[adae["AESER"] == "Y", "ASTDT"] = start - pd.Timedelta(days=1)
    listing, _ = build_listing(known.with_frames({"adae": adae}), SPEC, "secret")
    assert dict(zip(listing.columns, listing.rows[0], strict=True))["ASTDY"] == "−1"


def test_no_identifier_and_no_date(known):
    for kind in ("serious-events", "deaths"):
        listing, _ = build_listing(known, replace(SPEC, kind=kind), "secret")
        text = " ".join(part for row in listing.rows for part in row)
        assert not re.search(r"P0\d|\d{4}-\d{2}", text)
        assert listing.rows


def test_numbers_change_with_secret_session_and_cutoff(known):
    def numbers(study, secret):
        adsl = study["adsl"].assign(DTHDT=study["adsl"]["ENRLDT"])
        listing, _ = build_listing(study.with_frames({"adsl": adsl}), replace(SPEC, kind="deaths"), secret)
        return [row[:4] for row in listing.rows]

    first = numbers(known, "secret")
    assert first == numbers(known, "secret")
    assert first != numbers(known, "another secret")
    assert first != numbers(replace(known, session="another"), "secret")


def test_ages_are_bands_and_the_oldest_are_one_band(known):
    adsl = known["adsl"].assign(AGE=93.0)
    listing, _ = build_listing(known.with_frames({"adsl": adsl}), SPEC, "secret")
    assert dict(zip(listing.columns, listing.rows[0], strict=True))["AGE"] == "≥ 90"


def test_kind_is_a_closed_set(known):
    with pytest.raises(SpecError, match="one of serious-events, deaths is required"):
        build_listing(known, replace(SPEC, kind="all"), "secret")


def test_round_trip(known, tmp_path):
    listing, _ = build_listing(known, SPEC, "secret")
    write_listing(listing, tmp_path / "serious.csv")
    assert read_listing(tmp_path / "serious.csv") == listing
    with pytest.raises(ResultsError, match="a listing of the run is required"):
        read_listing(tmp_path / "none.csv")
