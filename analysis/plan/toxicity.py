"""Adverse events, acute and late."""

from __future__ import annotations

from dataclasses import replace

from npcstats.analyses.toxicity.spec import Composite, ToxicitySpec
from npcstats.derive import GradeWindow
from plan.sessions import CONF_LEVEL, EVERY_SESSION, PUBLISHED, SUPPLEMENT

LEUKOPENIA = Composite(
    "LEUKOPENIA",
    "Leukopenia, any cell",
    ("White blood cell decreased", "Neutrophil count decreased", "Lymphocyte count decreased"),
)
OTOTOXICITY = Composite("OTOTOXICITY", "Ototoxicity", ("Hearing impaired", "Tinnitus"))
CRANIAL_NEUROPATHY = Composite(
    "CRANIAL-NEUROPATHY",
    "Cranial neuropathy",
    (
        "Hypoglossal nerve disorder",
        "Vagus nerve disorder",
        "Abducens nerve disorder",
        "Facial nerve disorder",
        "Trigeminal nerve disorder",
        "Glossopharyngeal nerve disorder",
        "Accessory nerve disorder",
        "Oculomotor nerve disorder",
        "Trochlear nerve disorder",
        "Olfactory nerve disorder",
    ),
)
MEASURED = {
    "White blood cell decreased": ("WBC",),
    "Neutrophil count decreased": ("ANC",),
    "Lymphocyte count decreased": ("ALC",),
    "Platelet count decreased": ("PLT",),
    "Anemia": ("HGB",),
    "Creatinine increased": ("CREAT",),
}
RADIOTHERAPY = ("RT", "BOTH")
CHEMOTHERAPY = ("CHEMO", "BOTH")
CHANGED = ("DOSE REDUCED", "DRUG INTERRUPTED", "DRUG WITHDRAWN")

ACUTE = ToxicitySpec(
    id="ae-acute",
    label="Acute adverse events",
    population="SAF",
    sessions=(*PUBLISHED, *SUPPLEMENT),
    windows=(GradeWindow("acute", "Acute", period="acute", counting="onset", evaluable="window-complete"),),
    conf_level=CONF_LEVEL,
    interval="clopper-pearson",
    difference="newcombe",
    baseline_adjusted=True,
    scale="CTCAE version 5.0",
    estimand="unadjusted",
    status="planned",
    shown_from=0.05,
    composites=(LEUKOPENIA,),
    measured=MEASURED,
)

ACUTE_ONE = replace(
    ACUTE,
    id="ae-acute-one",
    label="Acute adverse events, one modality",
    population="SAFONE",
    sessions=("final",),
)

INDUCTION = replace(
    ACUTE,
    id="ae-induction",
    label="Adverse events during induction",
    sessions=EVERY_SESSION,
    windows=(GradeWindow("induction", "Induction", period="induction", counting="onset", evaluable="window-complete"),),
)

WHOLE = GradeWindow("treatment-rt", "related to radiotherapy", period="on-treatment", counting="onset",
                    evaluable="window-complete", where={"AEREL": RADIOTHERAPY},
                    events="events related to radiotherapy")  # fmt: skip
ATTRIBUTED = replace(
    ACUTE,
    id="ae-attributed",
    label="Adverse events by what they are related to, serious ones, and those that changed treatment",
    sessions=("final",),
    windows=(
        WHOLE,
        replace(
            WHOLE,
            code="treatment-chemo",
            label="related to chemotherapy",
            where={"AEREL": CHEMOTHERAPY},
            events="events related to chemotherapy",
        ),
        replace(
            WHOLE,
            code="treatment-serious",
            label="serious",
            where={"AESER": ("Y",)},
            events="serious events",
        ),
        replace(
            WHOLE,
            code="treatment-changed",
            label="changed treatment",
            where={"AEACN": CHANGED},
            events="events after which a dose was reduced, interrupted or withdrawn",
        ),
    ),
    composites=(),
    measured={},
    records=True,
)

LATE = replace(
    ACUTE,
    id="ae-late",
    label="Late adverse events",
    sessions=EVERY_SESSION,
    windows=(
        GradeWindow("late-incident", "Late, new", period="late", counting="onset", evaluable="assessed-in-window"),
        GradeWindow(
            "late-prevalent",
            "Late, new or persisting",
            period="late",
            counting="onset-or-persistence",
            evaluable="assessed-in-window",
        ),
    ),
    shown_from=0.02,
    composites=(OTOTOXICITY, CRANIAL_NEUROPATHY),
    measured={},
)
