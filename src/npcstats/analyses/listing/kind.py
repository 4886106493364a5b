"""What a listing of participants is, as a kind of analysis."""

from __future__ import annotations

from npcstats.analyses.kind import Choices, Kind
from npcstats.analyses.listing.displays import Records
from npcstats.analyses.listing.spec import ListingSpec, listing_dates
from npcstats.analyses.listing.summary import build_listing

LISTING = Kind(
    spec=ListingSpec,
    codes=("listing",),
    efficacy=False,
    withhold=None,
    record=build_listing,
    record_arms=("masked", "named"),
    displays=(Records,),
    choices=Choices(told_dates=listing_dates),
)
