"""What is tabulated, in page order; numbers by ICH E3, section 14, for what stands in the final report."""

from __future__ import annotations

from npcstats.analyses.baseline.displays import Characteristics
from npcstats.analyses.biomarker.displays import MarkersByVisit
from npcstats.analyses.checklist.displays import Checklist
from npcstats.analyses.comparison.displays import EffectsTable, EstimandSheet
from npcstats.analyses.conduct.displays import Counts
from npcstats.analyses.endpoints.displays import EndpointCounts
from npcstats.analyses.exposure.displays import DeliveredTreatment
from npcstats.analyses.incidence.displays import Incidences
from npcstats.analyses.listing.displays import Records
from npcstats.analyses.propensity.displays import BalanceTable, ScoreModel, WeightedCharacteristics, WeightsTable
from npcstats.analyses.regression.displays import HazardRatios
from npcstats.analyses.response.displays import Responses
from npcstats.analyses.robustness.displays import EValues, VariationsTable
from npcstats.analyses.survival.displays import SurvivalTimes
from npcstats.analyses.timetoevent.displays import Sensitivity
from npcstats.analyses.toxicity.displays import WorstGrades
from plan.association import ASSOCIATION_TABLES
from plan.care import CARE_TABLES
from plan.changes import CHANGES_TABLES
from plan.clearance import CLEARANCE_TABLES
from plan.duration import DURATION_TABLES
from plan.features import FEATURES_TABLES
from plan.gradecourse import GRADECOURSE_TABLES
from plan.harms import HARMS_TABLES
from plan.laboratory import LABORATORY_TABLES
from plan.late import LATE_TABLES
from plan.limits import LIMITS_TABLES
from plan.masking import MASKING_TABLES
from plan.mixed import MIXED_TABLES
from plan.nadir import NADIR_TABLES
from plan.overview import OVERVIEW_TABLES
from plan.rates import RATES_TABLES
from plan.sequential import SEQUENTIAL_TABLES
from plan.sessions import EVERY_SESSION, SUPPLEMENT
from plan.stopping import STOPPING_TABLES
from plan.tame import TAME_TABLES
from plan.tipping import TIPPING_TABLES
from plan.trends import TRENDS_TABLES

HIGHER_GRADES = ("grade>=2", "grade>=3")
WORST_GRADES = (*HIGHER_GRADES, "grade=4", "grade=5")

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
        sessions=(*EVERY_SESSION, *SUPPLEMENT),
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
        sessions=(*EVERY_SESSION, *SUPPLEMENT),
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
    DeliveredTreatment(
        name="exposure",
        title="Radiotherapy and chemotherapy delivered",
        number="14.1.2.2",
        sessions=EVERY_SESSION,
        analysis="exposure",
        parts=("RT", "IND", "IND-CIS", "IND-DOC", "IND-GEM", "IND-5FU", "CONC", "CONC-CIS", "CONC-CARB", "CIS"),
        total=True,
    ),
    DeliveredTreatment(
        name="cisplatin",
        title="Concurrent cisplatin reached, by the regimen planned",
        number="14.1.2.3",
        sessions=EVERY_SESSION,
        analysis="exposure",
        parts=("REACHED",),
        total=True,
    ),
    WeightsTable(
        name="weights",
        title="Scores and weights: who is weighted, what the weights are worth, how far the arms overlap",
        number="14.1.3.1",
        sessions=("final",),
        analysis="balance",
        blocks=("overlap", "inverse", "treated", "trimmed"),
    ),
    BalanceTable(
        name="balance",
        title="Characteristics of the arms, and standardized differences before and after weighting",
        number="14.1.3.4",
        sessions=("final",),
        analysis="balance",
        blocks=("overlap", "inverse", "treated"),
    ),
    WeightedCharacteristics(
        name="characteristics-weighted",
        title="Characteristics of the arms as observed and after overlap weighting",
        number="14.1.3.5",
        sessions=("final",),
        analysis="balance",
        block="overlap",
    ),
    WeightsTable(
        name="weights-imputed",
        title="Scores and weights with missing covariates imputed",
        number="14.1.3.6",
        sessions=("final",),
        analysis="balance",
        blocks=("imputed",),
    ),
    BalanceTable(
        name="balance-imputed",
        title="Characteristics of the arms with missing covariates imputed, and standardized differences",
        number="14.1.3.7",
        sessions=("final",),
        analysis="balance",
        blocks=("imputed",),
    ),
    ScoreModel(
        name="score",
        title="Model of the propensity score",
        number="14.1.3.8",
        sessions=("final",),
        analysis="balance",
        block="overlap",
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
    EffectsTable(
        name="effects-efficacy-public",
        title="Survival, recurrence and metastasis: effects before and after overlap weighting",
        sessions=("public",),
        members=COMPARED[:4],
        blocks=("unadjusted", "overlap"),
        arms=True,
        p_values=False,
    ),
    EffectsTable(
        name="effects-toxicity-public",
        title="Acute toxicity and lymphocytes: effects before and after overlap weighting",
        sessions=("public",),
        members=COMPARED[4:],
        blocks=("unadjusted", "overlap"),
        arms=True,
        p_values=False,
    ),
    EstimandSheet(
        name="estimands",
        title="Estimands of the comparisons",
        number="14.2.9.4",
        sessions=("final", "public"),
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
    Incidences(
        name="incidence-main",
        title="Cumulative incidence of locoregional recurrence and of distant metastasis",
        sessions=("public",),
        members=("lrc", "dm"),
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
        title="Acute mucositis: the effect and the participants of each choice",
        number="14.2.10.2",
        sessions=("final",),
        analysis="robust-mucositis",
    ),
    VariationsTable(
        name="robust-dermatitis",
        title="Acute radiation dermatitis: the effect and the participants of each choice",
        number="14.2.10.4",
        sessions=("final",),
        analysis="robust-dermatitis",
    ),
    VariationsTable(
        name="robust-pfs",
        title="Progression or death: the effect and the participants of each choice",
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
    *TIPPING_TABLES,
    *OVERVIEW_TABLES,
    WorstGrades(
        name="induction",
        title="Worst grade of adverse events during induction chemotherapy",
        number="14.3.1.2",
        sessions=EVERY_SESSION,
        analysis="ae-induction",
        levels=WORST_GRADES,
        counts=("grade=4", "grade=5"),
        total=False,
    ),
    WorstGrades(
        name="acute",
        title="Worst grade of acute adverse events",
        number="14.3.1.3",
        sessions=(*EVERY_SESSION, *SUPPLEMENT),
        analysis="ae-acute",
        levels=WORST_GRADES,
        counts=("grade=4", "grade=5"),
        contrasts=("grade>=3",),
        total=False,
    ),
    WorstGrades(
        name="acute-public",
        title="Worst grade of acute adverse events",
        sessions=("public",),
        analysis="ae-acute",
        levels=HIGHER_GRADES,
        total=False,
    ),
    WorstGrades(
        name="late",
        title="Worst grade of new late adverse events",
        number="14.3.1.6",
        sessions=EVERY_SESSION,
        analysis="ae-late",
        levels=WORST_GRADES,
        counts=("grade=4", "grade=5"),
        windows=("late-incident",),
        total=False,
    ),
    WorstGrades(
        name="late-prevalent",
        title="Worst grade of late adverse events, new or persisting",
        number="14.3.1.7",
        sessions=("final",),
        analysis="ae-late",
        levels=WORST_GRADES,
        counts=("grade=4", "grade=5"),
        windows=("late-prevalent",),
        total=False,
    ),
    WorstGrades(
        name="related",
        title="Worst grade of adverse events by the treatment that they are related to",
        number="14.3.1.8",
        sessions=("final",),
        analysis="ae-attributed",
        levels=HIGHER_GRADES,
        windows=("treatment-rt", "treatment-chemo"),
        contrasts=(),
        total=False,
    ),
    WorstGrades(
        name="serious-changed",
        title="Serious adverse events, and those that led to a change of treatment",
        number="14.3.1.9",
        sessions=("final",),
        analysis="ae-attributed",
        levels=("grade>=1", "grade>=3"),
        windows=("treatment-serious", "treatment-changed"),
        contrasts=(),
        total=False,
    ),
    WorstGrades(
        name="acute-one",
        title="Worst grade of acute adverse events, radiotherapy of one modality",
        number="14.3.1.10",
        sessions=("final",),
        analysis="ae-acute-one",
        levels=HIGHER_GRADES,
        total=False,
    ),
    *LABORATORY_TABLES,
    *TRENDS_TABLES,
    *RATES_TABLES,
    *HARMS_TABLES,
    *STOPPING_TABLES,
    *FEATURES_TABLES,
    *LATE_TABLES,
    *GRADECOURSE_TABLES,
    *TAME_TABLES,
    *DURATION_TABLES,
    Records(
        name="deaths",
        title="Deaths",
        number="14.3.2.1",
        sessions=("closed", "final", *SUPPLEMENT),
        analysis="deaths",
    ),
    Records(
        name="narratives",
        title="Narratives of deaths",
        sessions=("closed",),
        analysis="narratives",
    ),
    Records(
        name="serious",
        title="Serious adverse events",
        number="14.3.2.2",
        sessions=("closed", "final"),
        analysis="serious",
    ),
    Checklist(
        name="checklist-trend",
        title="TREND: what it asks for, and where it is",
        number="16.1.9.1",
        sessions=("final",),
        analysis="checklists",
        guideline="TREND",
    ),
    Checklist(
        name="checklist-strobe",
        title="STROBE: what it asks for, and where it is",
        number="16.1.9.2",
        sessions=("final",),
        analysis="checklists",
        guideline="STROBE",
    ),
    Checklist(
        name="checklist-harms",
        title="CONSORT Harms: what it asks for, and where it is",
        number="16.1.9.3",
        sessions=("final",),
        analysis="checklists",
        guideline="HARMS",
    ),
    *CARE_TABLES,
    *LIMITS_TABLES,
    *CLEARANCE_TABLES,
    *NADIR_TABLES,
    *MASKING_TABLES,
    *ASSOCIATION_TABLES,
    *MIXED_TABLES,
    *SEQUENTIAL_TABLES,
    *CHANGES_TABLES,
)
