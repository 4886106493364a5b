"""A listing shows those of its population and nobody else."""

from __future__ import annotations

from dataclasses import replace

from entries import SERIOUS

from npcstats.analyses.listing.summary import build_listing

SECRET = "secret"


def test_a_listing_shows_its_population(crowd):
    """Deaths of those who never started radiotherapy are in the listing of the enrolled only."""
    every, beam = (
        build_listing(crowd, replace(SERIOUS, kind="deaths", population=p), SECRET)[0] for p in ("EVERY", "BEAM")
    )
    adsl = crowd["adsl"]
    died = adsl["DTHDT"].notna()
    assert len(every.rows) == died.sum() > len(beam.rows) == (died & adsl["RTSTDT"].notna()).sum()
