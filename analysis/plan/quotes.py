"""Numbers that sentences of the reports quote."""

from __future__ import annotations

from dataclasses import replace

from npcstats.display.quotes import NO_TIME, Quote
from plan.sessions import EVERY_SESSION, PUBLISHED

BY_ARM, FINAL = ("closed", "final"), ("final",)

ENROLLED = Quote(
    name="enrolled",
    sessions=PUBLISHED,
    form="number",
    style="count",
    analysis="accrual",
    of="everyone",
    key={"measure": "enrolled", "stat": "count", "time": NO_TIME},
)
FOLLOW_UP = Quote(
    name="follow-up",
    sessions=PUBLISHED,
    form="number",
    style="decimal1",
    analysis="follow-up",
    of="everyone",
    key={"level": "0.5", "stat": "estimate"},
)
DIED = Quote(
    name="died",
    sessions=EVERY_SESSION,
    form="number",
    style="count",
    analysis="status",
    of="everyone",
    key={"variable": "DIED", "stat": "count"},
)
LOOKS = Quote(
    name="looks",
    sessions=("open",),
    form="number",
    style="count",
    analysis="thresholds",
    of="everyone",
    key={"variable": "all", "measure": "threshold_passed", "stat": "count"},
)
EVENTS = Quote(
    name="os-events",
    sessions=FINAL,
    form="number",
    style="count",
    analysis="os",
    of="everyone",
    key={"measure": "events", "stat": "count"},
)
SURVIVAL = Quote(
    name="os-first",
    sessions=FINAL,
    form="percent",
    analysis="os",
    of="first",
    key={"measure": "survival", "time": 24.0, "stat": "estimate"},
)
MUCOSITIS = Quote(
    name="mucositis-first",
    sessions=("final", "public"),
    form="count-of",
    analysis="ae-acute",
    of="first",
    key={"variable": "Mucositis oral", "level": "grade>=3", "measure": "risk"},
)
RATIO = Quote(
    name="pfs-unadjusted",
    sessions=FINAL,
    form="interval",
    style="decimal2",
    analysis="pfs-hr",
    of="contrast",
    key={"block": "unadjusted", "subgroup": "all", "measure": "hazard_ratio"},
)

QUOTES = (
    ENROLLED,
    replace(ENROLLED, name="planned", sessions=EVERY_SESSION, key={"measure": "enrolled", "stat": "total"}),
    replace(
        ENROLLED, name="complete", sessions=("open", "closed"), style="month_year", key={"measure": "projected_date"}
    ),
    FOLLOW_UP,
    replace(FOLLOW_UP, name="follow-up-25", sessions=EVERY_SESSION, key={"level": "0.25", "stat": "estimate"}),
    replace(FOLLOW_UP, name="follow-up-75", sessions=EVERY_SESSION, key={"level": "0.75", "stat": "estimate"}),
    DIED,
    replace(DIED, name="died-first", sessions=BY_ARM, of="first"),
    replace(DIED, name="died-reference", sessions=BY_ARM, of="reference"),
    replace(DIED, name="died-90", key={"variable": "DIED90", "stat": "count"}),
    LOOKS,
    replace(LOOKS, name="watched", key={"variable": "all", "measure": "threshold_passed", "stat": "total"}),
    replace(LOOKS, name="looks-by-arm", sessions=("closed",), analysis="thresholds-by-arm"),
    replace(
        LOOKS,
        name="watched-by-arm",
        sessions=("closed",),
        analysis="thresholds-by-arm",
        key={"variable": "all", "measure": "threshold_passed", "stat": "total"},
    ),
    EVENTS,
    replace(EVENTS, name="os-total", key={"measure": "events", "stat": "total"}),
    replace(EVENTS, name="pfs-events", analysis="pfs"),
    replace(EVENTS, name="pfs-total", analysis="pfs", key={"measure": "events", "stat": "total"}),
    replace(EVENTS, name="treated", key={"measure": "participants", "stat": "count"}),
    replace(EVENTS, name="treated-one", analysis="os-one", key={"measure": "participants", "stat": "count"}),
    SURVIVAL,
    replace(SURVIVAL, name="os-reference", of="reference"),
    replace(
        SURVIVAL,
        name="os-time",
        form="number",
        style="time",
        key={"measure": "at_risk", "time": 24.0, "stat": "count"},
    ),
    MUCOSITIS,
    replace(MUCOSITIS, name="mucositis-reference", of="reference"),
    replace(
        MUCOSITIS,
        name="mucositis-difference",
        form="interval",
        style="percent1",
        of="contrast",
        key={"variable": "Mucositis oral", "level": "grade>=3", "measure": "risk_difference"},
    ),
    RATIO,
    replace(RATIO, name="pfs-adjusted", key={"block": "adjusted", "subgroup": "all", "measure": "hazard_ratio"}),
)
