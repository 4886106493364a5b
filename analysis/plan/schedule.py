"""When participants are seen, and the stretches of their time that are told apart."""

from __future__ import annotations

from npcstats.study import Period, Visit

VISITS = (
    Visit("PRE", "Pre-treatment", anchor="TRTSDT", day=0, first=-28, last=0),
    Visit("BL", "Baseline (pre-RT)", anchor="RTSTDT", day=0, first=-28, last=0),
    Visit("MID", "Mid-RT", anchor="RTSTDT", day=21, first=14, last=30),
    Visit("EORT", "End of RT", anchor="RTENDT", day=0, first=-7, last=7),
    Visit("W8", "8 weeks", anchor="RTENDT", day=49, first=8, last=59),
    Visit("M3", "3 months", anchor="RTENDT", day=90, first=60, last=135),
    Visit("M6", "6 months", anchor="RTENDT", day=182, first=136, last=270),
    Visit("M12", "12 months", anchor="RTENDT", day=365, first=271, last=545),
    Visit("M24", "24 months", anchor="RTENDT", day=730, first=546, last=910),
)

PERIODS = (
    Period(
        "induction",
        "Induction",
        start="TRTSDT",
        end="RTSTDT",
        end_day=-1,
        longest=126,
    ),
    Period(
        "acute",
        "Acute",
        start="RTSTDT",
        end="RTENDT",
        end_day=90,
        longest=84,
    ),
    Period(
        "on-treatment",
        "On treatment and 90 days after it",
        start="TRTSDT",
        end="RTENDT",
        end_day=90,
        longest=210,
    ),
    Period(
        "on-study",
        "Whole time on study",
        start="TRTSDT",
    ),
    Period(
        "late",
        "Late",
        start="RTENDT",
        start_day=91,
    ),
)
