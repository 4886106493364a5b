"""Adverse events and deaths at a glance."""

from __future__ import annotations

from npcstats.analyses.overview.displays import OverviewDifferences, SafetyOverview
from npcstats.analyses.overview.spec import Category, Deaths, OverviewSpec, Shared
from npcstats.derive import GradeWindow
from plan import toxicity
from plan.sessions import CONF_LEVEL, EVERY_SESSION, SUPPLEMENT

REDUCED = ("DOSE REDUCED", "DRUG INTERRUPTED")
STOPPED = ("DRUG WITHDRAWN",)
RELATED = ("RT", "CHEMO", "BOTH")

WHOLE = ("whole",)
LAST = "deaths from the last fraction to so many days after it"

OVERVIEW = OverviewSpec(
    id="overview",
    label="Adverse events and deaths",
    population="SAF",
    sessions=(*EVERY_SESSION, *SUPPLEMENT),
    windows=(
        GradeWindow("whole", "Whole time on study", period="on-study", counting="onset", evaluable="everyone"),
        *toxicity.INDUCTION.windows,
        *toxicity.ACUTE.windows,
        GradeWindow("late-incident", "Late, new", period="late", counting="onset", evaluable="assessed-in-window"),
    ),
    categories=(
        Category("any", "Any adverse event"),
        Category("grade-3", "Grade ≥ 3", lowest=3),
        Category("grade-4", "Grade 4", lowest=4, highest=4),
        Category("grade-5", "Grade 5", lowest=5),
        Category("serious", "Serious", where={"AESER": ("Y",)}),
        Category("related", "Related to treatment", where={"AEREL": RELATED}),
        Category("related-rt", "Related to radiotherapy", where={"AEREL": toxicity.RADIOTHERAPY}),
        Category("related-chemo", "Related to chemotherapy", where={"AEREL": toxicity.CHEMOTHERAPY}),
        Category(
            "reduced",
            "Dose reduced or paused",
            where={"AEACN": REDUCED},
            definition="events for which a dose was reduced or a drug interrupted",
        ),
        Category(
            "stopped",
            "Treatment stopped",
            where={"AEACN": STOPPED},
            definition="events for which a drug was withdrawn",
        ),
    ),
    deaths=(
        Deaths("died", "Died"),
        Deaths("died-treatment", "Died of treatment", causes=("TREATMENT",)),
        Deaths("died-disease", "Died of the disease", causes=("DISEASE",), windows=WHOLE),
        Deaths("died-other", "Died of another cause", causes=("OTHER",), windows=WHOLE),
        Deaths("died-unknown", "Died, cause not known", causes=("UNKNOWN", ""), windows=WHOLE),
        Deaths("died-30", "Died ≤ 30 days after RT", anchor="RTENDT", within=30, windows=WHOLE, definition=LAST),
        Deaths("died-90", "Died ≤ 90 days after RT", anchor="RTENDT", within=90, windows=WHOLE, definition=LAST),
    ),
    shared=(
        Shared("grade-5-alive", "no death recorded", ("grade-5",), none_of=("died",), windows=WHOLE),
        Shared("treatment-grade-5", "with a grade 5 event", ("died-treatment", "grade-5"), windows=WHOLE),
        Shared(
            "treatment-no-grade-5", "without a grade 5 event", ("died-treatment",), none_of=("grade-5",), windows=WHOLE
        ),
        Shared(
            "grade-5-other",
            "grade 5, not of treatment",
            ("died", "grade-5"),
            none_of=("died-treatment",),
            windows=WHOLE,
        ),
        Shared("treatment-90", "of treatment", ("died-90", "died-treatment"), windows=WHOLE),
        Shared("other-90", "not of treatment", ("died-90",), none_of=("died-treatment",), windows=WHOLE),
    ),
    conf_level=CONF_LEVEL,
    interval="clopper-pearson",
    difference="newcombe",
    baseline_adjusted=True,
    scale="CTCAE version 5.0",
    estimand="unadjusted",
    status="planned",
)

OVERVIEW_TABLES = (
    SafetyOverview(
        name="overview",
        title="Adverse events and deaths at a glance",
        number="14.3.1.1",
        sessions=(*EVERY_SESSION, *SUPPLEMENT),
        analysis="overview",
        total=True,
    ),
    OverviewDifferences(
        name="overview-differences",
        title="Adverse events and deaths at a glance: differences between the arms",
        number="14.3.1.11",
        sessions=("closed", "final", *SUPPLEMENT),
        analysis="overview",
    ),
)
