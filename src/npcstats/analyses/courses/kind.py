"""What courses of single participants are, as a kind of analysis: a figure draws them."""

from __future__ import annotations

from npcstats.analyses.courses.displays import Spider, Swimmer, Waterfall
from npcstats.analyses.courses.spec import KINDS, CourseSpec, course_idle, courses_dates
from npcstats.analyses.courses.summary import build_course
from npcstats.analyses.kind import Choices, Kind

COURSES = Kind(
    spec=CourseSpec,
    codes=KINDS,
    efficacy=True,
    withhold=None,
    record=build_course,
    record_arms=("masked", "named"),
    choices=Choices(idle=course_idle, told_dates=courses_dates),
    displays=(Waterfall, Spider, Swimmer),
)
