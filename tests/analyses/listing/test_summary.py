"""Listings by hand: whom they show, in which words, and what stays behind.

Of the eight participants at the cut-off 2025-12-31, serious events are P02 mucositis (3, onset 2025-03-01) and P04
headache (onset 2026-01-05, after the cut-off). Only the first is listed.
"""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd
import pytest

from npcstats.analyses.listing.spec import ListingSpec
from npcstats.analyses.listing.summary import build_listing
from npcstats.errors import ResultsError, SpecError
from npcstats.results import read_listing, write_listing

SPEC = ListingSpec(
    "serious", "Serious", "DOSED", ("only",), "serious-events", origin="TRTSDT",
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
    with pytest.raises(SpecError, match="one of serious-events, deaths, narratives is required"):
        build_listing(known, replace(SPEC, kind="all"), "secret")


def test_round_trip(known, tmp_path):
    listing, _ = build_listing(known, SPEC, "secret")
    write_listing(listing, tmp_path / "serious.csv")
    assert read_listing(tmp_path / "serious.csv") == listing
    with pytest.raises(ResultsError, match="a listing of the run is required"):
        read_listing(tmp_path / "none.csv")


DEATHS = ListingSpec(
    "deaths", "Deaths", "DOSED", ("only",), "deaths", origin="TRTSDT", status="planned",
)  # fmt: skip


def records(study, spec):
    listing, words = build_listing(study, spec, "secret")
    return [dict(zip(listing.columns, row, strict=True)) for row in listing.rows], words


def test_columns_of_deaths_are_those_that_the_plan_asks_for(known):
    """P02 died 2025-09-01, 165 days after the end on 2025-03-20, without an event; P03's events are no deaths."""
    plain, words = records(known, DEATHS)
    assert set(plain[0]) == {"PARTICIPANT", "ARM", "AGE", "SEX", "DTHDY", "DTHCAUS"}
    assert words.sentences["days"] == "Days are counted from the first dose, which is day one."
    asked = replace(DEATHS, after="RTENDT", after_label="Days after the end", progression=("LOCAL", "DISTANT"))
    told, words = records(known, asked)
    assert (told[0]["AFTERDY"], told[0]["PROGRESSION"]) == ("165", "no")
    assert words.labels["column"]["AFTERDY"] == "Days after the end"


def test_words_of_codes_are_the_plans(known):
    spec = replace(SPEC, words={"AEREL": {"RT": "the beam"}})
    assert records(known, SPEC)[0][0]["AEREL"] == "rt"
    assert records(known, spec)[0][0]["AEREL"] == "the beam"


def test_a_word_of_the_plan_is_not_taken_for_a_text_that_is_withheld(known):
    """By its code: RT is in the list of the export, whatever the plan calls it; what is typed is in none."""
    assert "unlisted" not in records(known, SPEC)[1].sentences
    told, words = records(known, replace(SPEC, words={"AEREL": {"RT": "not listed"}}))
    assert told[0]["AEREL"] == "not listed"
    assert "unlisted" not in words.sentences
    typed = known["adae"].assign(AEOUT="as typed")
    told, words = records(known.with_frames({"adae": typed}), SPEC)
    assert told[0]["AEOUT"] == "not listed"
    assert "unlisted" in words.sentences


def test_only_members_of_the_population_in_its_arms(known):
    """Of those who started radiotherapy as planned, P02 is in Y, which is called Wye; in a set without it is nobody."""
    as_planned = replace(known.design.population("BEAM"), code="PLAN", arms="planned")
    not_y = replace(as_planned, code="NOT-Y", without={"TRT01P": ("Y",)})
    design = replace(known.design, populations=(*known.design.populations, as_planned, not_y))
    study = replace(known, design=design)
    assert records(study, replace(SPEC, population="PLAN"))[0][0]["ARM"] == "Wye"
    assert records(study, replace(SPEC, population="NOT-Y"))[0] == []


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"after": "RTENDT"}, "after without after_label"),
        ({"words": {"AEREL": {}}}, "AEREL without effect"),
        ({"kind": "serious-events", "progression": ("LOCAL",)}, "progression without effect"),
    ],
)
def test_choice_without_effect_is_refused(changed, message):
    with pytest.raises(SpecError, match=message):
        replace(DEATHS, **changed)
