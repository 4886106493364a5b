"""Numbers that reports quote in their prose, each named once; arms by their place, so that letters stay letters."""

from __future__ import annotations

from dataclasses import replace

from npcstats.display.quotes import Quote
from plan.sessions import EVERY_SESSION, PUBLISHED

FINAL, OPEN, CLOSED = ("final",), ("open",), ("closed",)
REPORTED = ("final", "public")

ENROLLED = Quote(
    name="enrolled",
    sessions=PUBLISHED,
    form="number",
    style="count",
    analysis="accrual",
    arm="all",
    measure="enrolled",
    stat="count",
)
FOLLOWED = Quote(
    name="follow-up-median",
    sessions=PUBLISHED,
    form="number",
    style="decimal1",
    analysis="follow-up",
    arm="all",
    level="0.5",
    stat="estimate",
)
DIED = Quote(
    name="died",
    sessions=OPEN,
    form="number",
    style="count",
    analysis="status",
    arm="all",
    variable="DIED",
    stat="count",
)
PASSED = Quote(
    name="looks-due",
    sessions=OPEN,
    form="number",
    style="count",
    analysis="thresholds",
    arm="all",
    variable="all",
    stat="count",
)
PASSED_BY_ARM = replace(PASSED, name="looks-due-by-arm", sessions=CLOSED, analysis="thresholds-by-arm")
MET = replace(PASSED, name="rules-met", analysis="stopping-together", block="now", measure="stopping_met")
MET_BY_ARM = replace(MET, name="rules-met-by-arm", sessions=CLOSED, analysis="stopping")
DEATHS = Quote(
    name="deaths",
    sessions=FINAL,
    form="number",
    style="count",
    analysis="os",
    arm="all",
    measure="events",
    stat="count",
)
PROGRESSIONS = replace(DEATHS, name="progressions", analysis="pfs")
TREATED = replace(DEATHS, name="treated", measure="participants")
# adjusted numbers, and beside them those of the same participants unadjusted
WEIGHTED = Quote(
    name="progression-ratio",
    sessions=REPORTED,
    form="interval",
    style="decimal2",
    analysis="compare-pfs",
    arm="first",
    against="reference",
    block="overlap",
    measure="hazard_ratio",
)
MARGINAL = Quote(
    name="survival-first",
    sessions=FINAL,
    form="percent",
    analysis="compare-os",
    arm="first",
    block="overlap",
    measure="survival",
    time=36.0,
    stat="estimate",
)
SURVIVAL = replace(
    WEIGHTED,
    name="survival-difference",
    sessions=FINAL,
    style="percent1",
    analysis="compare-os",
    measure="survival_difference",
    time=36.0,
)
HARM = replace(
    WEIGHTED,
    name="mucositis-weighted",
    sessions=FINAL,
    style="percent1",
    analysis="compare-mucositis",
    measure="risk_difference",
)
LYMPHOCYTES = replace(
    WEIGHTED,
    name="lymphocytes-ratio",
    sessions=FINAL,
    analysis="compare-lymphocytes",
    measure="mean_ratio",
)
DEATH = replace(WEIGHTED, name="death-ratio", sessions=("public",), analysis="compare-os")
RECURRENCE = replace(DEATH, name="recurrence-ratio", analysis="compare-lrc")
METASTASIS = replace(DEATH, name="metastasis-ratio", analysis="compare-dm")
# percentages are published whole
POINTS = replace(HARM, name="mucositis-points", sessions=("public",), style="percent0")
DERMATITIS_POINTS = replace(POINTS, name="dermatitis-points", analysis="compare-dermatitis")
NAUSEA_POINTS = replace(POINTS, name="nausea-points", analysis="compare-nausea")
NAUSEA = replace(HARM, name="nausea-weighted", analysis="compare-nausea")

# of the declared family of adverse events, what a rule finds: nobody chooses which are quoted
LOWEST = Quote(
    name="harm-lowest",
    sessions=FINAL,
    form="interval",
    style="percent1",
    analysis="harms",
    arm="first",
    against="reference",
    block="overlap",
    measure="risk_difference",
    extreme="lowest",
)
FATAL = Quote(
    name="fatal-first",
    sessions=FINAL,
    form="count-of",
    analysis="overview",
    arm="first",
    variable="grade-5",
    window="whole",
    measure="risk",
)

OUTCOME = Quote(
    name="mucositis-outcome",
    sessions=REPORTED,
    form="label",
    analysis="compare-mucositis",
    arm="none",
    variable="MUCOSITIS3",
    column="variable",
)

# how far the data have come
MEETING = ("open", "closed")
ENTERED = Quote(
    name="data-entered",
    sessions=MEETING,
    form="number",
    style="date",
    analysis="lag",
    arm="all",
    variable="all",
    measure="last_entry",
    stat="estimate",
)
EVALUABLE = Quote(
    name="evaluable",
    sessions=MEETING,
    form="number",
    style="count",
    analysis="ae-acute",
    arm="all",
    window="acute",
    measure="observed",
    stat="count",
)
RECEIVED = Quote(
    name="forms-received",
    sessions=MEETING,
    form="percent",
    analysis="completeness",
    arm="all",
    variable="CRF",
    measure="proportion",
    stat="estimate",
)

QUOTES = (
    ENTERED,
    replace(ENTERED, name="events-later", style="count", variable="adae", measure="later", stat="count"),
    replace(ENTERED, name="records", style="count", measure="entered_later", stat="total"),
    replace(ENTERED, name="entered-later", style="count", measure="entered_later", stat="count"),
    EVALUABLE,
    replace(EVALUABLE, name="evaluable-of", stat="total"),
    RECEIVED,
    replace(RECEIVED, name="samples-received", variable="BLOOD"),
    replace(RECEIVED, name="images-received", variable="IMAGE"),
    LOWEST,
    replace(LOWEST, name="harm-lowest-unadjusted", block="unadjusted", judged="overlap"),
    replace(LOWEST, name="harm-lowest-event", form="label", style="", column="variable"),
    replace(LOWEST, name="harm-highest", extreme="highest"),
    replace(LOWEST, name="harm-highest-unadjusted", block="unadjusted", judged="overlap", extreme="highest"),
    replace(LOWEST, name="harm-highest-event", form="label", style="", column="variable", extreme="highest"),
    FATAL,
    replace(FATAL, name="fatal-reference", arm="reference"),
    replace(OUTCOME, sessions=("public",)),
    replace(
        OUTCOME,
        name="dermatitis-outcome",
        sessions=("public",),
        analysis="compare-dermatitis",
        variable="DERMATITIS3",
    ),
    replace(OUTCOME, name="nausea-outcome", analysis="compare-nausea", variable="NAUSEA3"),
    ENROLLED,
    replace(ENROLLED, name="enrolled-planned", sessions=EVERY_SESSION, stat="total"),
    replace(
        ENROLLED,
        name="enrolment-ends",
        sessions=("open", "closed"),
        style="month_year",
        measure="projected_date",
        stat="estimate",
    ),
    FOLLOWED,
    replace(FOLLOWED, name="follow-up-lower", sessions=EVERY_SESSION, level="0.25"),
    replace(FOLLOWED, name="follow-up-upper", sessions=EVERY_SESSION, level="0.75"),
    DIED,
    replace(DIED, name="died-first", sessions=CLOSED, arm="first"),
    replace(DIED, name="died-reference", sessions=CLOSED, arm="reference"),
    replace(DIED, name="died-early", sessions=("open", "closed"), variable="DIED90"),
    replace(
        DIED,
        name="died-early-label",
        sessions=("open", "closed"),
        form="label",
        style="",
        arm="none",
        variable="DIED90",
        stat="",
        column="variable",
    ),
    PASSED,
    replace(PASSED, name="looks", stat="total"),
    PASSED_BY_ARM,
    replace(PASSED_BY_ARM, name="looks-by-arm", stat="total"),
    MET,
    replace(MET, name="rules", stat="total"),
    MET_BY_ARM,
    replace(MET_BY_ARM, name="rules-by-arm", stat="total"),
    DEATHS,
    replace(DEATHS, name="deaths-of", stat="total"),
    PROGRESSIONS,
    replace(PROGRESSIONS, name="progressions-of", stat="total"),
    TREATED,
    replace(TREATED, name="treated-one-modality", analysis="os-one"),
    MARGINAL,
    replace(MARGINAL, name="survival-reference", arm="reference"),
    replace(MARGINAL, name="survival-months", form="number", style="time"),
    replace(
        WEIGHTED, name="adjustment", form="label", style="", arm="none", against="none", measure="", column="block"
    ),
    WEIGHTED,
    replace(WEIGHTED, name="progression-ratio-unadjusted", block="unadjusted"),
    SURVIVAL,
    replace(SURVIVAL, name="survival-difference-unadjusted", block="unadjusted"),
    NAUSEA,
    replace(NAUSEA, name="nausea-weighted-unadjusted", block="unadjusted"),
    LYMPHOCYTES,
    replace(LYMPHOCYTES, name="lymphocytes-ratio-unadjusted", block="unadjusted"),
    DEATH,
    replace(DEATH, name="death-ratio-unadjusted", block="unadjusted"),
    RECURRENCE,
    replace(RECURRENCE, name="recurrence-ratio-unadjusted", block="unadjusted"),
    METASTASIS,
    replace(METASTASIS, name="metastasis-ratio-unadjusted", block="unadjusted"),
    POINTS,
    replace(POINTS, name="mucositis-points-unadjusted", block="unadjusted"),
    DERMATITIS_POINTS,
    replace(DERMATITIS_POINTS, name="dermatitis-points-unadjusted", block="unadjusted"),
    NAUSEA_POINTS,
    replace(NAUSEA_POINTS, name="nausea-points-unadjusted", block="unadjusted"),
)
