"""The eligibility criteria of NCT07232680, as values.

Every laboratory limit stands in the protocol's unit first and in its equivalents after it; the data's unit picks one.
"""

from __future__ import annotations

from npcstats.clinical.criteria import (
    AllOf,
    AnyOf,
    Compare,
    Criterion,
    Given,
    Limit,
    Member,
    Recorded,
    Within,
    YearsBetween,
)
from npcstats.clinical.staging import M_CODES, N_CODES, STAGES, T_CODES, UNKNOWN

YES_NO = ("Y", "N")
HISTOLOGIES = ("K-SCC", "NK-diff", "NK-undiff", "basaloid")
LABORATORY_WINDOW = (-28, 0)

_NOT_KNOWN = (UNKNOWN,)

CRITERIA = (
    Criterion(
        "INC01",
        "Informed consent before registration and before the first study procedure",
        "inclusion",
        AllOf((Recorded("ICFDT"), Within("ICFDT", "ENRLDT", None, 0), Within("ICFDT", "PROCDT", None, 0))),
    ),
    Criterion(
        "INC02",
        "Nasopharyngeal carcinoma confirmed by pathology, with its WHO type",
        "inclusion",
        AllOf((Member("HISTCONF", ("Y",), YES_NO), Member("WHOHIST", HISTOLOGIES, (*HISTOLOGIES, "other")))),
    ),
    Criterion("INC03", "Age of 18 years or more at consent", "inclusion", Compare("AGE", ">=", (Limit(18, "years"),))),
    Criterion(
        "INC04",
        "ECOG performance status 0 or 1",
        "inclusion",
        Member("ECOG", ("0", "1"), ("0", "1", "2", "3", "4")),
    ),
    Criterion(
        "INC05",
        "Stage I to III, AJCC version 9, with chemoradiotherapy planned",
        "inclusion",
        AllOf(
            (
                Member("STAGE9", ("IA", "IB", "II", "III"), STAGES[9], unknown=_NOT_KNOWN),
                Member("PLANNED_CRT", ("Y",), YES_NO),
            )
        ),
    ),
    Criterion(
        "INC06a",
        "Hemoglobin of 9.0 g/dL or more within 4 weeks before registration",
        "inclusion",
        Given(
            Within("HGBDT", "ENRLDT", *LABORATORY_WINDOW),
            Compare("HGB", ">=", (Limit(9.0, "g/dL"), Limit(90, "g/L"))),
        ),
    ),
    Criterion(
        "INC06b",
        "Neutrophils of 1,000/mm³ or more within 4 weeks before registration",
        "inclusion",
        Given(
            Within("ANCDT", "ENRLDT", *LABORATORY_WINDOW),
            Compare("ANC", ">=", (Limit(1_000, "/mm3"), Limit(1_000, "/uL"), Limit(1.0, "10^9/L"))),
        ),
    ),
    Criterion(
        "INC06c",
        "Platelets of 50,000/µL or more within 4 weeks before registration",
        "inclusion",
        Given(
            Within("PLTDT", "ENRLDT", *LABORATORY_WINDOW),
            Compare("PLT", ">=", (Limit(50_000, "/uL"), Limit(50_000, "/mm3"), Limit(50, "10^9/L"))),
        ),
    ),
    Criterion(
        "INC06d",
        "Total bilirubin below 2.5 mg/dL within 4 weeks before registration",
        "inclusion",
        Given(
            Within("TBILIDT", "ENRLDT", *LABORATORY_WINDOW),
            Compare("TBILI", "<", (Limit(2.5, "mg/dL"), Limit(42.75, "umol/L"))),
        ),
    ),
    Criterion(
        "INC06e",
        "Albumin above 2.8 g/dL within 4 weeks before registration",
        "inclusion",
        Given(
            Within("ALBDT", "ENRLDT", *LABORATORY_WINDOW),
            Compare("ALB", ">", (Limit(2.8, "g/dL"), Limit(28, "g/L"))),
        ),
    ),
    Criterion(
        "INC06f",
        "Creatinine of 1.5 mg/dL or less within 4 weeks before registration",
        "inclusion",
        Given(
            Within("CREATDT", "ENRLDT", *LABORATORY_WINDOW),
            Compare("CREAT", "<=", (Limit(1.5, "mg/dL"), Limit(132.6, "umol/L"))),
        ),
    ),
    Criterion(
        "EXC01",
        "Distant metastasis",
        "exclusion",
        Member("M9", ("M1", "M1a", "M1b"), M_CODES[9], unknown=_NOT_KNOWN),
    ),
    Criterion(
        "EXC02",
        "cT1N0M0 treated with radiotherapy alone",
        "exclusion",
        AllOf(
            (
                Member("T9", ("T1",), T_CODES, unknown=(*_NOT_KNOWN, "TX")),
                Member("N9", ("N0",), N_CODES, unknown=(*_NOT_KNOWN, "NX")),
                Member("M9", ("M0",), M_CODES[9], unknown=_NOT_KNOWN),
                Member("PLANNED_CRT", ("N",), YES_NO),
            )
        ),
    ),
    Criterion(
        "EXC03",
        "Another invasive cancer, synchronous or with evidence of disease in the 2 years before registration",
        "exclusion",
        AnyOf(
            (
                Member("OTHERCA", ("SYNCHRONOUS",), ("NONE", "SYNCHRONOUS", "PRIOR")),
                AllOf(
                    (
                        Member("OTHERCA", ("PRIOR",), ("NONE", "SYNCHRONOUS", "PRIOR")),
                        YearsBetween("OTHERCADT", "ENRLDT", "<", 2),
                    )
                ),
            )
        ),
    ),
    Criterion("EXC04", "Prior radiotherapy to head and neck", "exclusion", Member("PRIORHNRT", ("Y",), YES_NO)),
    Criterion("EXC05", "Severe organ dysfunction", "exclusion", Member("ORGDYS", ("Y",), YES_NO)),
    Criterion(
        "EXC06",
        "Pregnant, or of childbearing potential and unwilling to use acceptable contraception",
        "exclusion",
        AllOf(
            (
                Member("SEX", ("F",), ("F", "M")),
                AnyOf(
                    (
                        # a test that was not needed is not a query: without childbearing potential it stays blank
                        AllOf((Recorded("PREGNANT"), Member("PREGNANT", ("Y",), ("Y", "N", "NA")))),
                        AllOf(
                            (
                                Member("CHILDPOT", ("Y",), YES_NO),
                                AnyOf(
                                    (
                                        Member("PREGNANT", ("Y",), ("Y", "N", "NA")),
                                        Member("CONTRACEPT", ("N",), ("Y", "N", "NA")),
                                    )
                                ),
                            )
                        ),
                    )
                ),
            )
        ),
    ),
)
