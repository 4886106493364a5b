"""Listings for those who may see participants: records line by line, and the courses that figures draw.

A participant's number in a listing changes with the report and the cut-off, and cannot be traced back without the
secret that orders it. Dates and identifiers stay behind.
"""

from __future__ import annotations

from npcstats.listings.courses import CourseSpec, build_course
from npcstats.listings.records import ListingSpec, build_listing

__all__ = ["CourseSpec", "ListingSpec", "build_course", "build_listing"]
