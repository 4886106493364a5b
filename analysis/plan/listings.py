"""Participants one by one: listings of a masked session, and the courses that figures draw."""

from __future__ import annotations

from dataclasses import replace

from npcstats.analyses.courses.spec import CourseSpec
from npcstats.analyses.listing.spec import ListingSpec
from npcstats.clinical.oncology import CHEMORADIOTHERAPY_RELATIONS

SERIOUS = ListingSpec(
    "serious",
    "Serious adverse events",
    "SAF",
    ("closed",),
    "serious-events",
    origin="TRTSDT",
    status="planned",
    words={"AEREL": CHEMORADIOTHERAPY_RELATIONS},
)
DEATHS = ListingSpec(
    "deaths",
    "Deaths",
    "ENRL",
    ("closed",),
    "deaths",
    origin="TRTSDT",
    status="planned",
    after="RTENDT",
    after_label="Days after RT",
    progression=("LOCAL", "REGIONAL", "DISTANT"),
)

BEST_CHANGE = CourseSpec(
    id="best-change",
    label="Best change of the sum of diameters",
    population="RT",
    sessions=("final",),
    kind="best-change",
    origin="RTSTDT",
    param="SUMDIAM",
    progression=("LOCAL", "REGIONAL", "DISTANT"),
    stopped_by=("NEW-THERAPY",),
    responses=(),
    shown="everyone",
    limit=0,
    status="planned",
)
CHANGES = replace(BEST_CHANGE, id="changes", label="Changes of the sum of diameters", kind="changes")
COURSES = replace(
    BEST_CHANGE,
    id="courses",
    label="Courses of participants",
    kind="courses",
    param="",
    stopped_by=(),
    responses=("CR", "PR"),
    shown="with-event",
    limit=40,
)
