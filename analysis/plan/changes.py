"""What changed since the former meeting: records, analysis sets, and numbers with the amount that is told."""

from __future__ import annotations

from npcstats.analyses.changes.displays import ChangedEvents, EventChanges, NumberChanges, RecordChanges, SetChanges
from npcstats.analyses.changes.spec import ChangedEventsSpec, ChangesSpec, EventCount, WatchedNumber
from plan.toxicity import ACUTE

MEETINGS = ("open", "closed")

WHOLE_GRADES = EventCount(
    window=ACUTE.windows[0],
    lowest=3,
    baseline_adjusted=True,
    by_term=True,
)

SINCE = ChangesSpec(
    id="since",
    label="Since the former meeting",
    population="ENRL",
    sessions=MEETINGS,
    frames={
        "adsl": "Participants",
        "adscr": "Screened persons",
        "adae": "Adverse events",
        "adex": "Doses",
        "adlb": "Laboratory values",
        "adcare": "Care",
        "adevent": "Disease events",
        "adassess": "Assessments",
        "adrs": "Responses",
        "adtr": "Tumour measurements",
        "adrad": "Images",
        "addv": "Protocol deviations",
        "adform": "Forms and samples due",
    },
    populations=("ENRL", "SAF", "RT", "RTEND"),
    numbers=(
        WatchedNumber(
            id="treated",
            label="Participants treated",
            rows={"analysis": "overview", "window": "whole", "measure": "participants", "stat": "count"},
            amount=0.0,
            style="count",
        ),
        WatchedNumber(
            id="received",
            label="Forms, samples and images received, %",
            rows={"analysis": "completeness", "measure": "proportion", "stat": "estimate", "arm": "all"},
            amount=0.02,
            style="percent1",
        ),
        WatchedNumber(
            id="at-a-glance",
            label="Participants with events, whole time on study, %",
            rows={
                "analysis": "overview",
                "window": "whole",
                "block": "events",
                "measure": "risk",
                "stat": "estimate",
            },
            amount=0.03,
            style="percent1",
        ),
        WatchedNumber(
            id="deaths",
            label="Deaths",
            rows={"analysis": "overview", "window": "whole", "block": "deaths", "measure": "risk", "stat": "count"},
            amount=0.0,
            style="count",
        ),
        WatchedNumber(
            id="acute",
            label="Acute adverse events of grade 3 or higher, %",
            rows={
                "analysis": "ae-acute",
                "window": "acute",
                "level": "grade>=3",
                "measure": "risk",
                "stat": "estimate",
            },
            amount=0.03,
            style="percent1",
            without={"block": "composites"},
            counted=WHOLE_GRADES,
        ),
    ),
    status="planned",
)

CHANGED_EVENTS = ChangedEventsSpec(
    id="changed-events",
    label="Adverse events that changed since the former meeting",
    population="ENRL",
    sessions=("closed",),
    origin="TRTSDT",
    columns={
        "AEBODSYS": "class",
        "AEDECOD": "term",
        "AESER": "seriousness",
        "AEREL": "relation",
        "AEACN": "action",
        "AEOUT": "outcome",
        "ASTDT": "onset",
        "AENDT": "end",
    },
    status="planned",
)

CHANGES_TABLES = (
    RecordChanges(
        name="since-records",
        title="Records since the former meeting",
        number="14.4.3.1",
        sessions=MEETINGS,
        analysis="since",
    ),
    EventChanges(
        name="since-events",
        title="Adverse events since the former meeting",
        number="14.4.3.2",
        sessions=MEETINGS,
        analysis="since",
    ),
    SetChanges(
        name="since-sets",
        title="Analysis sets since the former meeting",
        number="14.4.3.3",
        sessions=MEETINGS,
        analysis="since",
    ),
    NumberChanges(
        name="since-numbers",
        title="Numbers that moved since the former meeting, and why",
        number="14.4.3.4",
        sessions=MEETINGS,
        analysis="since",
    ),
    ChangedEvents(
        name="since-listing",
        title="Adverse events of the time of the former meeting that changed or were entered later",
        number="14.4.3.5",
        sessions=("closed",),
        analysis="changed-events",
        late_from=1,
    ),
)
