"""Endpoints of adverse events for the trial of eight, and its adverse events that stand on the edges of the rules.

Day 90 after radiotherapy, from which late events are counted, and follow-up after it (cut-off 2025-12-31):

==== === ========== ========== ================================================================
who  arm day 90     last alive days from day 90 to it, or to death
==== === ========== ========== ================================================================
P05  X   2025-06-05 2025-12-01 179
P01  X   2025-07-05 2025-11-15 133
P06  X   2026-03-17            not reached by the cut-off
P02  Y   2025-06-18 2025-08-20 75: died 2025-09-01
P03  Y   2025-08-15 2025-10-01 47; distant metastasis 2025-07-10, before day 90
P04  Y   2025-08-29 2025-08-01 not seen after day 90; died after the cut-off
==== === ========== ========== ================================================================
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from eight import CSV, DESIGN, prepared

from npcstats.derive import assign_arms, population_members, with_time_zero
from npcstats.derive import derive_endpoint as derive
from npcstats.study import Endpoint, GradedEvent, Study, read_study

MONTH = 30.4375
SEVERE = GradedEvent(
    "LATE-3", "late event of grade 3 or worse", lowest=3, anchor="RTENDT", first=91, baseline_adjusted=True,
    event="an event of grade 3 or worse",
)  # fmt: skip
ANY = replace(SEVERE, code="LATE-1", label="late event", lowest=1, event="an event")
EVER = replace(SEVERE, code="EVER-3", label="event of grade 3 or worse", anchor="RTSTDT", first=0)
LATE = Endpoint(
    "LATE", "Late event", origin="RTENDT", origin_day=90, events=("LATE-1",), competing=("DEATH",),
    censor_at=("VITAL",),
)  # fmt: skip
SOONEST = Endpoint(
    "SOONEST", "First event", origin="RTSTDT", events=("EVER-3",), competing=("DEATH",), censor_at=("VITAL",)
)
HEAD = "USUBJID,AESEQ,AEBODSYS,AEDECOD,AETOXGR,AESER,AEREL,ASTDT,AENDT,AEACN,AEOUT,ENTRYDT\n"


def onset(who: str, grade: int, start: str, end: str = "", *, term: str = "Dry mouth", relation: str = "RT") -> str:
    """A line of adae."""
    return f"{who},1,Gut,{term},{grade},N,{relation},{start},{end},,,\n"


def eight_with(
    *events: str, endpoints: tuple[Endpoint, ...] = (), graded: tuple[GradedEvent, ...] = (SEVERE, ANY, EVER),
    changed: Mapping[str, str] | None = None,
) -> Study:  # fmt: skip
    """The eight at the cut-off with these adverse events instead of their own, numbered anew; their own without any."""
    lines = [line.replace(",1,", f",{i},", 1) for i, line in enumerate(events, 1)]
    frames = {**CSV, **({"adae": HEAD + "".join(lines)} if events else {}), **(changed or {})}
    design = replace(DESIGN, graded=graded, endpoints=(*DESIGN.endpoints, *endpoints))
    with tempfile.TemporaryDirectory() as folder:
        for name, text in frames.items():
            (Path(folder) / f"{name}.csv").write_text(text, encoding="utf-8")
        return assign_arms(prepared(read_study(Path(folder), design)))


def followed(study: Study, endpoint: Endpoint) -> dict[str, tuple[int, int, str]]:
    """Day, cause and reason of everyone followed from time zero."""
    members = with_time_zero(study, population_members(study, "BEAM"), endpoint)
    times = derive(study, members, endpoint)
    days = [round(time * MONTH) for time in times.time]
    return dict(zip(members["USUBJID"], zip(days, times.cause.tolist(), times.reason, strict=True), strict=True))
