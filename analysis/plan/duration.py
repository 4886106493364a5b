"""When acute adverse events begin and are worst, how long they last, and whether they resolve."""

from __future__ import annotations

from npcstats.analyses.duration.displays import DurationTable
from npcstats.analyses.duration.spec import DurationSpec, TimedEvents
from npcstats.derive import GradeWindow
from plan.sessions import CONF_LEVEL

CLOSED_AND_FINAL = ("closed", "final")

DURATION = DurationSpec(
    id="ae-duration",
    label="Onset, duration and resolution of acute adverse events",
    population="SAF",
    sessions=CLOSED_AND_FINAL,
    window=GradeWindow("acute", "Acute", period="acute", counting="onset", evaluable="window-complete"),
    events=(
        TimedEvents("MUCOSITIS3", "Mucositis oral, grade ≥\u00a03", ("Mucositis oral",), 3),
        TimedEvents("DERMATITIS3", "Dermatitis radiation, grade ≥\u00a03", ("Dermatitis radiation",), 3),
        TimedEvents("DYSPHAGIA2", "Dysphagia, grade ≥\u00a02", ("Dysphagia",), 2),
        TimedEvents("DRYNESS2", "Dry mouth, grade ≥\u00a02", ("Dry mouth",), 2),
        TimedEvents("TASTE", "Dysgeusia, any grade", ("Dysgeusia",), 1),
    ),
    baseline_adjusted=True,
    followed_by=("VITAL",),
    days=(30, 60, 180),
    quantile_type=2,
    conf_level=CONF_LEVEL,
    conf_type="log-log",
    minimum_at_risk=5,
    scale="CTCAE version 5.0",
    status="planned",
)

DURATION_TABLES = (
    DurationTable(
        name="ae-duration",
        title="Onset, duration and resolution of acute adverse events",
        number="14.3.10.2",
        sessions=CLOSED_AND_FINAL,
        analysis="ae-duration",
        total=False,
    ),
)
