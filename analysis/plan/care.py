"""Supportive care and body weight: what harms participants and is not graded by CTCAE."""

from __future__ import annotations

from npcstats.analyses.care.displays import CareCourse, CareTable, WeightTable
from npcstats.analyses.care.spec import CareItem, CareSpec, WeightSpec
from npcstats.derive import GradeWindow
from plan.sessions import CONF_LEVEL, EVERY_SESSION

INDUCTION = GradeWindow(
    "induction", "Induction", period="induction", counting="onset-or-persistence", evaluable="window-complete"
)
ACUTE = GradeWindow("acute", "Acute", period="acute", counting="onset-or-persistence", evaluable="window-complete")
LATE = GradeWindow("late", "Late", period="late", counting="onset-or-persistence", evaluable="assessed-in-window")

CARE = CareSpec(
    id="care",
    label="Supportive care",
    population="SAF",
    sessions=EVERY_SESSION,
    items=(
        CareItem(
            "tube",
            "Feeding tube",
            kind="FEEDING-TUBE",
            windows=("acute",),
            last_day="not counted",
            before="RTSTDT",
            lasting=True,
            months=(3.0, 6.0, 12.0),
            weekly=True,
        ),
        CareItem(
            "hospital",
            "Admission to hospital",
            kind="HOSPITAL",
            windows=("induction", "acute", "late"),
            last_day="not counted",
            amounts="Admissions",
        ),
        CareItem(
            "interruption",
            "Interruption of radiotherapy",
            kind="RT-INTERRUPTION",
            windows=("acute",),
            last_day="counted",
            least_days=3,
            amounts="Interruptions",
        ),
        CareItem(
            "opioid",
            "Opioids",
            kind="OPIOID",
            windows=("acute",),
            last_day="counted",
            lasting=True,
            months=(3.0, 6.0, 12.0),
        ),
    ),
    windows=(INDUCTION, ACUTE, LATE),
    followed=("VITAL",),
    since="RTENDT",
    origin="RTSTDT",
    weeks=(
        0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0, 12.0, 13.0, 14.0, 15.0, 16.0, 18.0, 20.0, 22.0,
        24.0, 28.0, 32.0, 36.0, 40.0, 44.0, 48.0, 52.0,
    ),
    minimum_followed=10,
    at_death="ends",
    quantile_type=2,
    conf_level=CONF_LEVEL,
    interval="clopper-pearson",
    difference="newcombe",
    conf_type="log-log",
    estimand="unadjusted",
    status="planned",
)  # fmt: skip

WEIGHT = WeightSpec(
    id="weight",
    label="Body weight",
    population="SAF",
    sessions=EVERY_SESSION,
    param="WEIGHT",
    unit="kg",
    baseline="TRTSDT",
    windows=(
        GradeWindow("acute", "Acute", period="acute", counting="onset", evaluable="window-complete"),
        GradeWindow("late", "Late", period="late", counting="onset", evaluable="assessed-in-window"),
    ),
    visits=("MID", "EORT", "W8", "M3", "M6", "M12", "M24"),
    version="5.0",
    conf_level=CONF_LEVEL,
    interval="clopper-pearson",
    difference="newcombe",
    mean_difference="welch",
    quantile_type=2,
    estimand="unadjusted",
    status="planned",
)


CARE_TABLES = (
    CareTable(
        name="care",
        title="Feeding tube, admissions, interruptions of radiotherapy and opioids",
        number="14.3.9.1",
        sessions=EVERY_SESSION,
        analysis="care",
        limits=True,
        total=False,
    ),
    WeightTable(
        name="weight",
        title="Change of body weight from before treatment",
        number="14.3.9.3",
        sessions=EVERY_SESSION,
        analysis="weight",
        limits=True,
        total=False,
    ),
)

CARE_FIGURES = (
    CareCourse(
        name="tube-course",
        title="Participants with a feeding tube in place, by week since the start of radiotherapy.",
        number="14.3.9.2",
        sessions=EVERY_SESSION,
        analysis="care",
        width="full",
        item="tube",
        ticks=(0.0, 4.0, 8.0, 12.0, 16.0, 20.0, 24.0, 28.0, 32.0, 36.0, 40.0, 44.0, 48.0, 52.0),
    ),
)
