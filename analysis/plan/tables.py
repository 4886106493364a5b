"""What is tabulated, in page order; numbers by ICH E3, section 14, for what stands in the final report."""

from __future__ import annotations

from npcstats.analyses.baseline.displays import Characteristics
from npcstats.analyses.biomarker.displays import MarkersByVisit
from npcstats.analyses.comparison.displays import EffectsTable, EstimandSheet
from npcstats.analyses.conduct.displays import Counts
from npcstats.analyses.endpoints.displays import EndpointCounts
from npcstats.analyses.incidence.displays import Incidences
from npcstats.analyses.listing.displays import Records
from npcstats.analyses.regression.displays import HazardRatios
from npcstats.analyses.response.displays import Responses
from npcstats.analyses.robustness.displays import EValues, VariationsTable
from npcstats.analyses.survival.displays import SurvivalTimes
from npcstats.analyses.timetoevent.displays import Sensitivity
from npcstats.analyses.toxicity.displays import WorstGrades
from plan.sessions import EVERY_SESSION, PUBLISHED

HIGHER_GRADES = ("grade>=2", "grade>=3")

COMPARED = (
    "compare-os", "compare-pfs", "compare-lrc", "compare-dm", "compare-mucositis", "compare-dermatitis",
    "compare-dysphagia", "compare-nausea", "compare-lymphocytes",
)  # fmt: skip

TABLES = (
    Counts(
        name="screening",
        title="Screening, and the criterion that was not met",
        number="14.1.1.2",
        sessions=EVERY_SESSION,
        analysis="screening",
        total=True,
    ),
    Counts(
        name="status",
        title="Participant status",
        number="14.1.1.3",
        sessions=EVERY_SESSION,
        analysis="status",
        total=True,
    ),
    Counts(
        name="completeness",
        title="Data completeness: received, of those due by the cut-off",
        number="14.1.1.4",
        sessions=EVERY_SESSION,
        analysis="completeness",
        total=True,
    ),
    Counts(
        name="deviations",
        title="Participants with protocol deviations",
        number="14.1.1.5",
        sessions=EVERY_SESSION,
        analysis="deviations",
        total=True,
    ),
    Characteristics(
        name="baseline",
        title="Characteristics at enrolment",
        number="14.1.2.1",
        sessions=EVERY_SESSION,
        analysis="baseline",
        total=True,
    ),
    Characteristics(
        name="baseline-public",
        title="Characteristics at enrolment of participants who started radiotherapy",
        sessions=("public",),
        analysis="baseline-treated",
        total=False,
    ),
    Characteristics(
        name="exposure",
        title="Treatment delivered",
        number="14.1.2.2",
        sessions=EVERY_SESSION,
        analysis="exposure",
        total=False,
    ),
    EffectsTable(
        name="effects-efficacy",
        title="Survival, recurrence and metastasis: effects before and after overlap weighting",
        number="14.2.9.1",
        sessions=("final",),
        members=COMPARED[:4],
        blocks=("unadjusted", "overlap"),
        arms=True,
        p_values=False,
    ),
    EffectsTable(
        name="effects-toxicity",
        title="Acute toxicity and lymphocytes: effects before and after overlap weighting",
        number="14.2.9.2",
        sessions=("final",),
        members=COMPARED[4:],
        blocks=("unadjusted", "overlap"),
        arms=True,
        p_values=False,
    ),
    EffectsTable(
        name="effects-methods",
        title="Effects by how the arms were made alike and what is done about missing covariates",
        number="14.2.9.3",
        sessions=("final",),
        members=COMPARED,
        blocks=("overlap", "imputed", "inverse"),
        arms=False,
        p_values=False,
    ),
    EffectsTable(
        name="effects-models",
        title="Acute toxicity and lymphocytes: effects by weights, and by weights and a regression of the outcome",
        number="14.2.9.9",
        sessions=("final",),
        members=COMPARED[4:],
        blocks=("overlap", "aipw"),
        arms=False,
        p_values=False,
    ),
    EstimandSheet(
        name="estimands",
        title="Estimands of the comparisons",
        number="14.2.9.4",
        sessions=("final",),
        members=COMPARED,
    ),
    SurvivalTimes(
        name="survival",
        title="Survival without death, progression, locoregional recurrence or distant metastasis",
        number="14.2.1.1",
        sessions=("final",),
        members=("os", "pfs", "lrrfs", "dmfs"),
        total=False,
    ),
    SurvivalTimes(
        name="survival-main",
        title="Overall and progression-free survival",
        sessions=("public",),
        members=("os", "pfs"),
        total=False,
    ),
    SurvivalTimes(
        name="stage",
        title="Progression-free survival by stage",
        number="14.2.1.4",
        sessions=("final",),
        members=("pfs-stage",),
        total=False,
    ),
    SurvivalTimes(
        name="ebv",
        title="Progression-free survival from the landmark, by EBV DNA after radiotherapy",
        number="14.2.1.6",
        sessions=("final",),
        members=("pfs-ebv",),
        total=False,
    ),
    Incidences(
        name="incidence",
        title="Cumulative incidence of locoregional recurrence and of distant metastasis",
        number="14.2.2.1",
        sessions=("final",),
        members=("lrc", "dm"),
        total=False,
    ),
    VariationsTable(
        name="robust-mucositis",
        title="Acute mucositis of grade 3 or higher: the effect by other choices",
        number="14.2.10.2",
        sessions=("final",),
        analysis="robust-mucositis",
    ),
    VariationsTable(
        name="robust-dermatitis",
        title="Acute radiation dermatitis of grade 3 or higher: the effect by other choices",
        number="14.2.10.4",
        sessions=("final",),
        analysis="robust-dermatitis",
    ),
    VariationsTable(
        name="robust-pfs",
        title="Progression or death: the effect by other choices",
        number="14.2.10.6",
        sessions=("final",),
        analysis="robust-pfs",
    ),
    EValues(
        name="e-values",
        title="What an unmeasured confounder would have to do",
        number="14.2.10.7",
        sessions=("final",),
        members=("robust-mucositis", "robust-dermatitis", "robust-pfs"),
    ),
    HazardRatios(
        name="hazards",
        title="Hazard ratios of the arms, unadjusted and adjusted",
        number="14.2.3.1",
        sessions=("final",),
        members=("os-hr", "pfs-hr"),
        covariates=False,
    ),
    HazardRatios(
        name="hazards-lrc",
        title="Hazard ratios of locoregional recurrence: cause-specific, and of its subdistribution",
        number="14.2.3.2",
        sessions=("final",),
        members=("lrc-hr", "lrc-sub"),
        covariates=False,
    ),
    EndpointCounts(
        name="endpoints",
        title="Events, competing events and censoring of each endpoint",
        number="14.2.4.1",
        sessions=("final",),
        analysis="endpoints",
        total=True,
    ),
    EndpointCounts(
        name="endpoints-sensitivity",
        title="Events, competing events and censoring under other rules",
        number="14.2.4.2",
        sessions=("final",),
        analysis="endpoints-sensitivity",
        total=True,
    ),
    Sensitivity(
        name="sensitivity-pfs",
        title="Progression-free survival, and what other rules give",
        number="14.2.4.3",
        sessions=("final",),
        members=("pfs", "pfs-therapy-event", "pfs-therapy-ignored", "pfs-missed"),
        ratios={
            "pfs": "pfs-hr",
            "pfs-therapy-event": "pfs-therapy-event-hr",
            "pfs-therapy-ignored": "pfs-therapy-ignored-hr",
            "pfs-missed": "pfs-missed-hr",
        },
    ),
    Sensitivity(
        name="sensitivity-lrc",
        title="Locoregional recurrence, and what another rule gives",
        number="14.2.4.4",
        sessions=("final",),
        members=("lrc", "lrc-distant"),
        ratios={"lrc": "lrc-hr", "lrc-distant": "lrc-distant-hr"},
    ),
    Responses(
        name="response",
        title="Tumour response at its visit, indeterminate readings read again, and best overall response",
        number="14.2.5.1",
        sessions=("final",),
        analysis="response",
        total=False,
    ),
    SurvivalTimes(
        name="survival-one",
        title="Overall and progression-free survival, radiotherapy of one modality",
        number="14.2.6.1",
        sessions=("final",),
        members=("os-one", "pfs-one"),
        total=False,
    ),
    MarkersByVisit(
        name="biomarkers",
        title="Blood biomarkers: change from baseline",
        number="14.2.7.2",
        sessions=("final",),
        analysis="biomarkers",
        total=False,
    ),
    WorstGrades(
        name="acute",
        title="Worst grade of acute adverse events",
        number="14.3.1.1",
        sessions=PUBLISHED,
        analysis="ae-acute",
        levels=HIGHER_GRADES,
        total=False,
    ),
    WorstGrades(
        name="late",
        title="Worst grade of new late adverse events",
        number="14.3.1.3",
        sessions=EVERY_SESSION,
        analysis="ae-late",
        levels=HIGHER_GRADES,
        windows=("late-incident",),
        total=False,
    ),
    WorstGrades(
        name="acute-one",
        title="Worst grade of acute adverse events, radiotherapy of one modality",
        number="14.3.1.4",
        sessions=("final",),
        analysis="ae-acute-one",
        levels=HIGHER_GRADES,
        total=False,
    ),
    Records(
        name="deaths",
        title="Deaths",
        sessions=("closed",),
        analysis="deaths",
    ),
    Records(
        name="serious",
        title="Serious adverse events",
        sessions=("closed",),
        analysis="serious",
    ),
)
