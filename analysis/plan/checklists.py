"""Reporting checklists, in our own words: what this report fills, by what, and what is left to the authors.

TREND and STROBE as the arms are not randomised; CONSORT Harms for adverse events.
"""

from __future__ import annotations

from npcstats.analyses.checklist.rows import AUTHORS, FILLED, PARTLY
from npcstats.analyses.checklist.spec import ChecklistSpec, Guideline, Item

EFFECTS = ("tbl-effects-efficacy", "tbl-effects-toxicity")
PROTOCOL = "the protocol's own text"

TREND = Guideline(
    "TREND",
    "TREND 2004",
    "Des Jarlais DC, Lyles C, Crepaz N. Am J Public Health 2004;94:361-6",
    (
        Item("1", "Title and abstract", "How participants came to their treatment; a structured abstract", AUTHORS),
        Item("2", "Background", "Rationale, and the theory behind the intervention", AUTHORS),
        Item("3", "Participants", "Eligibility, settings, how they were recruited", PARTLY,
             ("tbl-screening",), "settings and recruitment"),
        Item("4", "Interventions", "What was given to each arm, how, and how much of it", PARTLY,
             ("tbl-exposure", "tbl-cisplatin"), "technique and quality assurance"),
        Item("5", "Objectives", "Aims and hypotheses", AUTHORS),
        Item("6", "Outcomes", "Outcomes defined, and how they were measured", FILLED,
             ("tbl-estimands", "tbl-endpoints")),
        Item("7", "Sample size", "How it was decided, and how it was reached", PARTLY,
             ("fig-accrual",), "how it was decided"),
        Item("8", "Assignment", "Unit, method, and what was done against bias of selection", FILLED,
             ("fig-flow", "tbl-score", "tbl-weights")),
        Item("9", "Masking", "Who knew the treatment", AUTHORS),
        Item("10", "Unit of analysis", "The smallest unit that was analysed", FILLED, ("fig-flow",)),
        Item("11", "Statistical methods", "Comparisons, adjustment, missing data", FILLED,
             ("tbl-estimands", "tbl-effects-methods", "tbl-weights-imputed")),
        Item("12", "Participant flow", "Numbers at each stage with reasons, and deviations", FILLED,
             ("fig-flow", "tbl-deviations")),
        Item("13", "Recruitment", "Dates of recruitment and of follow-up", FILLED,
             ("fig-accrual", "tbl-baseline", "ana-follow-up")),
        Item("14", "Baseline data", "Characteristics of each arm, and of those who were lost", PARTLY,
             ("tbl-baseline",), "those lost beside those kept"),
        Item("15", "Baseline equivalence", "How alike the arms were, and how differences were handled", FILLED,
             ("tbl-balance", "fig-love", "fig-overlap")),
        Item("16", "Numbers analysed", "Denominators of each analysis, and in which set", FILLED,
             ("fig-flow", *EFFECTS)),
        Item("17", "Outcomes and estimation", "Result of each arm, effect and its interval", FILLED,
             (*EFFECTS, "fig-os-weighted", "fig-pfs-weighted")),
        Item("18", "Ancillary analyses", "Other analyses, and which of them were planned", FILLED,
             ("fig-pfs-forest", "tbl-effects-models", "tbl-e-values")),
        Item("19", "Adverse events", "Important events and unwanted effects of each arm", FILLED,
             ("tbl-acute", "tbl-late", "fig-ae-acute")),
        Item("20", "Interpretation", "What the results mean, with their limits", AUTHORS),
        Item("21", "Generalisability", "To whom the results apply", AUTHORS),
        Item("22", "Overall evidence", "The results beside what else is known", AUTHORS),
    ),
)  # fmt: skip

STROBE = Guideline(
    "STROBE",
    "STROBE, cohort studies",
    "von Elm E, Altman DG, Egger M et al. Lancet 2007;370:1453-7",
    (
        Item("1", "Title and abstract", "The design named; a balanced summary", AUTHORS),
        Item("2", "Background", "Why it was studied", AUTHORS),
        Item("3", "Objectives", "Aims, and hypotheses stated before", AUTHORS),
        Item("4", "Study design", "Its key elements, early in the paper", PARTLY, ("tbl-estimands",), PROTOCOL),
        Item("5", "Setting", "Places, and dates of recruitment, exposure and follow-up", PARTLY,
             ("fig-accrual", "tbl-exposure"), "places"),
        Item("6", "Participants", "Eligibility, sources, and how they were followed", PARTLY,
             ("tbl-screening", "ana-follow-up"), "sources, and how they were approached"),
        Item("7", "Variables", "Outcomes, exposures, confounders, with their definitions", FILLED,
             ("tbl-estimands", "tbl-score")),
        Item("8", "Data sources", "How each variable was measured, alike in both arms", PARTLY,
             ("tbl-completeness",), "how each was measured"),
        Item("9", "Bias", "What was done against it", FILLED, ("tbl-balance", "tbl-e-values")),
        Item("10", "Study size", "How it came about", PARTLY, ("fig-accrual",), "how it was decided"),
        Item("11", "Quantitative variables", "How they were handled, and why grouped", FILLED,
             ("tbl-baseline", "tbl-score")),
        Item("12", "Statistical methods", "Confounding, subgroups, missing data, loss, sensitivity", FILLED,
             ("tbl-effects-methods", "tbl-balance-imputed", "tbl-sensitivity-pfs")),
        Item("13", "Participants", "Numbers at each stage, reasons, a flow diagram", FILLED,
             ("fig-flow", "tbl-status")),
        Item("14", "Descriptive data", "Characteristics, missing values, time of follow-up", FILLED,
             ("tbl-baseline", "ana-follow-up")),
        Item("15", "Outcome data", "Events, or summaries over time", FILLED, ("tbl-endpoints", "tbl-incidence")),
        Item("16", "Main results", "Unadjusted and adjusted, with the confounders; absolute risks", FILLED,
             (*EFFECTS, "tbl-score")),
        Item("17", "Other analyses", "Subgroups, interactions, sensitivity", FILLED,
             ("fig-pfs-forest", "tbl-sensitivity-pfs", "tbl-sensitivity-lrc", "tbl-e-values")),
        Item("18", "Key results", "A summary by the objectives", AUTHORS),
        Item("19", "Limitations", "Bias and imprecision, their direction and size", AUTHORS),
        Item("20", "Interpretation", "A cautious one", AUTHORS),
        Item("21", "Generalisability", "To whom the results apply", AUTHORS),
        Item("22", "Funding", "Who paid, and what they had to say", AUTHORS),
    ),
)  # fmt: skip

HARMS = Guideline(
    "HARMS",
    "CONSORT Harms 2022",
    "Junqueira DR, Zorzela L, Golder S et al. BMJ 2023;381:e073725; grouped and numbered here",
    (
        Item("H1", "Title, abstract, aims", "Harms named beside benefits where they are an outcome", AUTHORS),
        Item("H2", "Definition", "How harms were defined and graded, by which dictionary, in which period", FILLED,
             ("tbl-acute", "tbl-late")),
        Item("H3", "Collection", "How, when and by whom harms were asked for and attributed", PARTLY,
             ("tbl-completeness",), "who asked, and how events were attributed"),
        Item("H4", "Analysis", "Denominators, recurrent events, how arms were compared", FILLED,
             ("tbl-acute", "tbl-late", "tbl-harms", "tbl-rates-treatment", "tbl-mean-events")),
        Item("H5", "Withdrawals and deaths", "Those who stopped or died because of harms", FILLED,
             ("tbl-overview", "tbl-serious-changed", "tbl-deaths")),
        Item("H6", "Exposure", "How much treatment each arm had, and how long harms were looked for", FILLED,
             ("tbl-exposure", "tbl-rates-treatment", "tbl-rates-late", "ana-follow-up")),
        Item("H7", "Absolute risks", "Of each arm, by kind, grade and seriousness, with denominators", FILLED,
             ("tbl-overview", "tbl-induction", "tbl-acute", "tbl-late", "tbl-serious-changed")),
        Item("H8", "Zero events", "Terms that nobody had, said to be so", PARTLY,
             ("tbl-acute",), "terms below the threshold of the table"),
        Item("H9", "Other analyses", "Of harms, and which of them were planned", FILLED,
             ("tbl-acute-one", "tbl-robust-dermatitis")),
        Item("H10", "Limitations", "Of how harms were found", AUTHORS),
        Item("H11", "Balance", "Benefits weighed against harms", AUTHORS),
    ),
)  # fmt: skip

CHECKLISTS = ChecklistSpec("checklists", "Reporting checklists", "ENRL", ("final",), (TREND, STROBE, HARMS), "planned")
