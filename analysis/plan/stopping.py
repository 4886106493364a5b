"""Rules by which toxicities call for a pause: guidelines for the monitoring board, by arm or of everyone together."""

from __future__ import annotations

from dataclasses import replace

from npcstats.analyses.stopping.displays import (
    BoundaryTable,
    CharacteristicsTable,
    StoppingCurves,
    StoppingPath,
    StoppingTable,
)
from npcstats.analyses.stopping.spec import (
    Alert,
    BetaBinomial,
    Died,
    Every,
    Graded,
    Reached,
    StoppingRule,
    StoppingSpec,
)
from npcstats.derive import GradeWindow
from plan.sessions import CONF_LEVEL, SUPPLEMENT

PERIOD = GradeWindow(
    "on-treatment", "On treatment", period="on-treatment", counting="onset", evaluable="window-complete"
)
BLOOD_CLASSES = ("Blood and lymphatic system disorders",)
BLOOD_TERMS = (
    "White blood cell decreased",
    "Neutrophil count decreased",
    "Lymphocyte count decreased",
    "Platelet count decreased",
)
BY_ARM = Every(10, 250)
TOGETHER = Every(20, 500)

SEVERE = StoppingRule(
    code="SEVERE",
    label="Severe toxicity",
    definition="an adverse event of grade 4 or 5 that is not haematologic, or radiotherapy interrupted for 10 working "
    "days or more",
    parts=(
        Graded(4, without={"AEBODSYS": BLOOD_CLASSES, "AEDECOD": BLOOD_TERMS}),
        Reached("MISSED", 10.0),
    ),
    window=PERIOD,
    criterion=BetaBinomial(limit=0.30, prior=(0.6, 1.4), threshold=0.95),
    looks=BY_ARM,
    alert=Alert(target=0.30, low=0.18, high=0.42),
    rates=(0.1, 0.2, 0.3, 0.4, 0.5),
    highest_rate=0.6,
)
FATAL = StoppingRule(
    code="FATAL",
    label="Fatal toxicity",
    definition="an adverse event of grade 5, or a death attributed to treatment",
    parts=(Graded(5), Died(("TREATMENT",))),
    window=PERIOD,
    criterion=BetaBinomial(limit=0.05, prior=(0.1, 1.9), threshold=0.95),
    looks=BY_ARM,
    alert=None,
    rates=(0.01, 0.03, 0.05, 0.1, 0.15),
    highest_rate=0.2,
)

STOPPING_BY_ARM = StoppingSpec(
    id="stopping",
    label="Stopping rules for toxicity, by arm",
    population="SAF",
    sessions=("closed", *SUPPLEMENT),
    rules=(SEVERE, FATAL),
    baseline_adjusted=True,
    conf_level=CONF_LEVEL,
    interval="clopper-pearson",
    trials=100000,
    seed=1441,
    status="planned",
)
STOPPING_TOGETHER = replace(
    STOPPING_BY_ARM,
    id="stopping-together",
    label="Stopping rules for toxicity, all participants",
    sessions=("open",),
    rules=(replace(SEVERE, looks=TOGETHER), replace(FATAL, looks=TOGETHER)),
)
STOPPING_ENTRIES = (STOPPING_BY_ARM, STOPPING_TOGETHER)

STANDING = StoppingTable(
    name="stopping",
    title="Stopping rules for toxicity: where they stand",
    number="14.4.1.1",
    sessions=("closed", *SUPPLEMENT),
    analysis="stopping",
)
LIMITS = BoundaryTable(
    name="stopping-limits",
    title="Stopping rules for toxicity: limits by look, and events in order of exposure",
    number="14.4.1.2",
    sessions=("closed",),
    analysis="stopping",
)
CHARACTERISTICS = CharacteristicsTable(
    name="stopping-characteristics",
    title="Stopping rules for toxicity: what they do under true rates",
    number="14.4.1.3",
    sessions=("closed",),
    analysis="stopping",
    by=(50, 100, 150),
)
PATH = StoppingPath(
    name="stopping-path",
    title="Stopping rules for toxicity: events in order of exposure against the limits.",
    number="14.4.1.4",
    sessions=("closed",),
    analysis="stopping",
    width="full",
)
CURVES = StoppingCurves(
    name="stopping-curves",
    title="Stopping rules for toxicity: probability of stopping and expected size by the true rate.",
    number="14.4.1.5",
    sessions=("closed",),
    analysis="stopping",
    width="full",
)
OPEN = ("open",)

STOPPING_TABLES = (
    STANDING,
    LIMITS,
    CHARACTERISTICS,
    replace(STANDING, name="stopping-together", number="14.4.1.6", sessions=OPEN, analysis="stopping-together"),
    replace(LIMITS, name="stopping-together-limits", number="14.4.1.7", sessions=OPEN, analysis="stopping-together"),
    replace(
        CHARACTERISTICS,
        name="stopping-together-characteristics",
        number="14.4.1.8",
        sessions=OPEN,
        analysis="stopping-together",
        by=(100, 200, 300),
    ),
)

STOPPING_FIGURES = (
    PATH,
    CURVES,
    replace(PATH, name="stopping-together-path", number="14.4.1.9", sessions=OPEN, analysis="stopping-together"),
    replace(CURVES, name="stopping-together-curves", number="14.4.1.10", sessions=OPEN, analysis="stopping-together"),
)
