"""An entry of every kind of analysis, with sixty made participants who have every kind of record.

Tests of what a plan's choices do change one choice of an entry at a time.
"""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from npcstats.analyses.accrual.spec import AccrualSpec
from npcstats.analyses.adjustment.outcomes import GradeOutcome, TimeOutcome
from npcstats.analyses.adjustment.spec import Adjustment, Covariate, Trim
from npcstats.analyses.association.spec import AssociatedMarker, AssociationSpec, MarkerLandmark, OutcomeCourses
from npcstats.analyses.baseline.spec import BaselineSpec, Characteristic
from npcstats.analyses.biomarker.spec import BiomarkerSpec, Marker
from npcstats.analyses.clearance.spec import ClearanceSpec
from npcstats.analyses.comparison.spec import ComparisonSpec, Curves, Measure
from npcstats.analyses.conduct.spec import CompletenessSpec, DeviationSpec, ScreeningSpec, StatusItem, StatusSpec
from npcstats.analyses.correlation.spec import CorrelatedMarker, CorrelationSpec
from npcstats.analyses.courses.spec import CourseSpec
from npcstats.analyses.detection.spec import DetectionSpec, LimitedMarker
from npcstats.analyses.endpoints.spec import EndpointsSpec
from npcstats.analyses.features.spec import FeatureSet, FeaturesSpec
from npcstats.analyses.harms.spec import HarmsSpec
from npcstats.analyses.incidence.spec import IncidenceSpec
from npcstats.analyses.lag.spec import LagSpec
from npcstats.analyses.listing.spec import ListingSpec
from npcstats.analyses.masking.spec import KnownDifference, MaskingSpec
from npcstats.analyses.mmrm.spec import MmrmSpec, ModelledMarker
from npcstats.analyses.nadir.spec import NadirLimit, NadirSpec, RecoveryLimit
from npcstats.analyses.overview.spec import Category, Deaths, OverviewSpec, Shared
from npcstats.analyses.propensity.spec import Balanced, PropensitySpec
from npcstats.analyses.rates.spec import Course, RatedEvents, RatePeriod, RatesSpec
from npcstats.analyses.regression.spec import RegressionSpec
from npcstats.analyses.response.spec import ResponseRate, ResponseSpec
from npcstats.analyses.samples.spec import SampledMarker, SamplesSpec
from npcstats.analyses.sequential.spec import InformationSpec, Monitored, PlannedLook, SequentialSpec
from npcstats.analyses.stopping.spec import (
    Alert,
    BetaBinomial,
    Died,
    Every,
    Graded,
    StoppingRule,
    StoppingSpec,
)
from npcstats.analyses.survival.spec import FollowUpSpec, SurvivalSpec
from npcstats.analyses.thresholds.spec import ThresholdSpec, Watch
from npcstats.analyses.timetoevent.groups import ByCharacteristic, Landmark
from npcstats.analyses.tipping.spec import CompletedMarker, TippingSpec
from npcstats.analyses.toxicity.spec import ToxicitySpec
from npcstats.analyses.trajectories.spec import CourseMarker, TrajectoriesSpec
from npcstats.derive import GradeWindow, MarkerRatio, assign_arms
from npcstats.run.effects import effect_faults
from npcstats.study import Endpoint, Study, Visit

SIZE = 60
ZERO = pd.Timestamp("2024-01-01")
CUTOFF = datetime.date(2025, 6, 30)
COMMON = {"sessions": ("only",), "status": "planned"}
CURVE = SurvivalSpec(
    id="curve", label="Curve", population="BEAM", endpoint="DEAD", conf_level=0.95, conf_type="log-log",
    landmarks=(6.0,), ticks=(0.0, 6.0), minimum_at_risk=2, tau=6.0, test="log-rank", estimand="unadjusted",
    **COMMON,
)  # fmt: skip
FOLLOWED = FollowUpSpec("seen", "Seen", "BEAM", ("only",), "DEAD", 0.95, "log-log", "planned")
INCIDENCE = IncidenceSpec(
    id="incidence", label="Incidence", population="BEAM", endpoint="CONTROL", competing_label="Death", conf_level=0.95,
    conf_type="log-log", landmarks=(6.0,), ticks=(0.0, 6.0), minimum_at_risk=2, gray=True,
    estimand="unadjusted", **COMMON,
)  # fmt: skip
AGE = Covariate("AGE", "Age", "continuous")
SEXES = {"F": "Women", "M": "Men"}
RATIOS = RegressionSpec(
    id="ratios", label="Ratios", population="BEAM", endpoint="CONTROL", model="cox", ties="efron", reference="last",
    conf_level=0.95, covariates=(AGE,), strata={}, subgroups=(), minimum_events=1, ph_transform="km", course_knots=3,
    estimand="conditional", **COMMON,
)  # fmt: skip
FINE_GRAY = {"model": "fine-gray", "ties": "breslow", "ph_transform": "", "course_knots": 0}
EARLY = GradeWindow("early", "Early", "early", "onset", "window-complete")
HARM = ToxicitySpec(
    id="harm", label="Harm", population="DOSED", windows=(EARLY,), conf_level=0.95, interval="clopper-pearson",
    difference="newcombe", baseline_adjusted=True, scale="CTCAE", estimand="unadjusted",
    **COMMON,
)  # fmt: skip
ANY, NAUSEA = RatedEvents("ANY", "Any", 1), RatedEvents("NAUSEA", "Nausea, grade ≥ 2", 2, ("Nausea",))
RATED = RatesSpec(
    id="rated", label="Rated", population="DOSED", periods=(RatePeriod("early", "Early", "early", (ANY, NAUSEA)),),
    followed_until="last-assessment", assessments=("VITAL",), per=100.0, conf_level=0.95, rate="garwood",
    difference="miettinen-nurminen", ratio="exact-conditional", recurrent="robust", baseline_adjusted=False,
    scale="CTCAE", courses=(Course("course", "Any, early", "early", "ANY", (2.0, 4.0), (0.0, 2.0, 4.0, 6.0)),),
    terminal="ghosh-lin", conf_type="log", minimum_at_risk=1, estimand="unadjusted", **COMMON,
)  # fmt: skip
SICK = StoppingRule(
    code="SICK", label="Sick", definition="grade 3, or few fractions", parts=(Graded(3), Died(("OTHER",))),
    window=EARLY, criterion=BetaBinomial(0.3, (0.6, 1.4), 0.9), looks=Every(10, 60), alert=Alert(0.3, 0.18, 0.42),
    rates=(0.2, 0.4), highest_rate=0.6,
)  # fmt: skip
STOPPED = StoppingSpec(
    id="stopped", label="Stopped", population="DOSED", rules=(SICK,), baseline_adjusted=True, conf_level=0.95,
    interval="clopper-pearson", trials=500, seed=1, **COMMON,
)  # fmt: skip
GLANCE = OverviewSpec(
    id="glance", label="Glance", population="DOSED",
    windows=(GradeWindow("long", "Long", "after", "onset", "everyone"),),
    categories=(Category("any", "Any"), Category("bad", "Bad", lowest=3)),
    deaths=(Deaths("died", "Died"), Deaths("soon", "Soon", anchor="RTENDT", within=200)),
    shared=(Shared("both", "Both", ("any", "died")),),
    conf_level=0.95, interval="clopper-pearson", difference="newcombe", baseline_adjusted=True, scale="CTCAE",
    estimand="unadjusted", **COMMON,
)  # fmt: skip
OLD = Characteristic("AGE", "Age", "Person", "continuous", unit="years")
DAYS_AFTER = {"kind": "deaths", "after": "RTENDT", "after_label": "After"}
SEX = Characteristic("SEX", "Sex", "Person", "categorical", levels=SEXES)
WHO = BaselineSpec(
    id="who", label="Who", population="EVERY", characteristics=(OLD, SEX), quantile_type=2, smd_denominator="average",
    **COMMON,
)  # fmt: skip
LOG, LEVEL, VIRUS = (
    Marker("LOGM", "Log marker", "Blood", "u", "log", "decimal2"),
    Marker("LEVEL", "Level", "Blood", "g", "identity", "decimal1"),
    Marker("VIRUS", "Virus", "Virus", "c", "detectable", "percent1"),
)
BLOOD = BiomarkerSpec(
    id="blood", label="Blood", population="BEAM", markers=(LOG, LEVEL, VIRUS), visits=("V0", "V1"),
    below_limit="half-limit", conf_level=0.95, proportion="clopper-pearson", difference="welch", quantile_type=2,
    share_change="newcombe", share_difference="newcombe",
    estimand="unadjusted", **COMMON,
)  # fmt: skip
CLEARED = ClearanceSpec(
    id="cleared", label="Cleared", population="BEAM", marker="VIRUS", marker_label="virus", unit="c",
    visits=("V0", "V1"), baseline="V0", origin="RTSTDT", weeks=(4.0, 50.0), minimum=2, conf_level=0.95,
    interval="clopper-pearson", **COMMON,
)  # fmt: skip
LOWEST = NadirSpec(
    id="lowest", label="Lowest", population="BEAM", marker="LOGM", marker_label="Log marker", unit="u",
    style="decimal2", period="early", baseline="V0", limits=(NadirLimit("LOW", "low", 2.0),),
    recoveries=(RecoveryLimit("BACK", "", 3.0, of_baseline=False), RecoveryLimit("OWN", "", 0.8, of_baseline=True)),
    visits=("V1", "V2"), below_limit="half-limit", quantile_type=2, conf_level=0.95, interval="clopper-pearson",
    difference="newcombe", mean_difference="welch", estimand="unadjusted", **COMMON,
)  # fmt: skip
RATIO = MarkerRatio(
    code="RATIO", numerator="LOGM", numerator_unit="u", denominator="LEVEL", denominator_unit="g", factor=2.0, unit="r",
)  # fmt: skip
DIVIDED = Marker("RATIO", "Ratio", "Blood", "r", "log", "decimal2")
TAKEN = SamplesSpec(
    id="taken", label="Taken", population="BEAM", markers=(SampledMarker("LOGM", "Log marker"),), visits=("V0", "V1"),
    attended_by=("VITAL",), sampled_by=("LOGM", "LEVEL"), **COMMON,
)  # fmt: skip
LINES = TrajectoriesSpec(
    id="lines", label="Lines", population="BEAM", markers=(CourseMarker("LOGM", "Log marker", "u", "log"),),
    visits=("V0", "V1"), below_limit="half-limit", **COMMON,
)  # fmt: skip
VISITED = ("V0", "V1", "V2")
FEW_BELOW = LimitedMarker("LOGM", "Log marker", "u", VISITED, 0.1, "quantified")
BELOW = DetectionSpec(
    id="below", label="Below", population="BEAM",
    markers=(FEW_BELOW, LimitedMarker("LEVEL", "Level", "g", VISITED, 0.3, "quantified"),
             LimitedMarker("VIRUS", "Virus", "c", VISITED, 0.7, "detected")),
    half_limit_most=0.15, cut_off_most=0.5, covariates=(AGE,), df_method="kenward-roger", variance="robust",
    multiplicity="benjamini-hochberg", conf_level=0.95, estimand="conditional", **COMMON,
)  # fmt: skip
CLASSES = {"CR": "Complete", "PR": "Partial", "SD": "Stable", "PD": "Worse", "ID": "Unclear", "NE": "Not read"}
WEEK = Visit("R1", "Week 14", anchor="RTENDT", day=98, first=60, last=130)
RESPONSE = ResponseSpec(
    id="response", label="Response", population="BEAM", visit=WEEK,
    again=Visit("R2", "Week 24", anchor="RTENDT", day=168, first=131, last=210),
    classes=CLASSES,
    order=("CR", "PR", "SD", "ID", "PD", "NE"), indeterminate="ID", unevaluable=("NE",), progressed="PD",
    progression=("LOCAL",), stopped_by=("NEW-THERAPY",), confirmation=None,
    rates=(ResponseRate("ALL", "All", ("CR",)),),
    denominators=("due", "evaluable"), conf_level=0.95, interval="clopper-pearson", difference="newcombe",
    estimand="unadjusted", **COMMON,
)  # fmt: skip
ENDS = EndpointsSpec("ends", "Ends", "BEAM", ("only",), ("DEAD", "WORSE"), "planned")
ACCRUAL = AccrualSpec("accrual", "Accrual", "EVERY", ("only",), 3.0, "planned")
DIED = StatusItem("DIED", "Died", "Deaths", "DTHDT")
STATE = StatusSpec("state", "State", "EVERY", ("only",), (DIED,), "planned")
SCREENED = ScreeningSpec("screen", "Screened", "EVERY", ("only",), {"INC04": "ECOG", "EXC01": "Spread"}, "planned")
STRAYED = DeviationSpec("strayed", "Strayed", "EVERY", ("only",), {"MAJOR": "Major", "MINOR": "Minor"}, "planned")
ARRIVED = LagSpec("arrived", "Arrived", "EVERY", ("only",), {"adsl": "participants", "adae": "events"}, "planned")
FORMS = CompletenessSpec("forms", "Forms", "EVERY", ("only",), {"CRF": "Forms"}, 30, 2, "planned")
WATCH = Watch("w", "Deaths", {"analysis": "state", "stat": "estimate"}, "above", 0.1)
LIMITS = ThresholdSpec("limits", "Limits", "EVERY", ("only",), (WATCH,), "planned")
HIDDEN = MaskingSpec(
    "hidden", "Hidden", "EVERY", ("only",), size_limit=0.01, status="planned", calendar="ENRLDT", calendar_limit=0.05,
    characteristics={"analysis": "who", "measure": "smd"}, characteristics_limit=0.05,
    known=(KnownDifference("GONE", "Gone", {"analysis": "state"}),), known_limit=0.01,
)  # fmt: skip
SERIOUS = ListingSpec("serious", "Serious", "DOSED", ("only",), "serious-events", "TRTSDT", "planned")
BARS = CourseSpec(
    id="bars", label="Bars", population="BEAM", kind="best-change", origin="RTSTDT",
    param="SUMDIAM", progression=("LOCAL",), stopped_by=("NEW-THERAPY",), responses=(), shown="with-event", limit=0,
    **COMMON,
)  # fmt: skip
SWIM = replace(BARS, kind="courses", param="", stopped_by=(), responses=("CR",))
OVERLAP = Adjustment(
    name="overlap", label="Overlap weights", confounders=(AGE,), estimand="ato", stabilized=False, trim=Trim("none"),
    missing="complete", imputations=0, iterations=0, donors=0, variance="m-estimation", replicates=0, seed=0,
)  # fmt: skip
COMPARED = ComparisonSpec(
    id="compared", label="Compared", population="BEAM", role="secondary", treatment="one treatment or the other",
    outcome=TimeOutcome("DEAD"), measures=(Measure("hazard_ratio"), Measure("survival_difference", 6.0)),
    adjustments=(OVERLAP,), outcome_model=None, conf_level=0.95, ties="efron", p_values=False,
    curves=Curves("log-log", (0.0, 6.0), 2), intercurrent=(), minimum_events=1, estimand="ato", **COMMON,
)  # fmt: skip
LOOKS = (PlannedLook("First", 10), PlannedLook("Second", 24), PlannedLook("Last", 40))
INFORMED = InformationSpec(
    id="informed", label="Informed", population="BEAM", outcome=TimeOutcome("DEAD"), sides=2, alpha=0.025,
    spending="obrien-fleming", parameter=None, power=0.8, looks=LOOKS, futility=None, held=(), **COMMON,
)  # fmt: skip
WATCHED = SequentialSpec(
    **{**vars(INFORMED), "id": "watched", "label": "Watched"},
    monitored=Monitored("compared", "overlap", Measure("hazard_ratio"), "below"),
)
GRADED = GradeOutcome("ANY", "Any, grade ≥ 2", (), 2, EARLY, baseline_adjusted=True, scale="CTCAE")
FAMILY = HarmsSpec(
    id="family", label="Family", population="DOSED",
    outcomes=(GRADED, replace(GRADED, code="NAUSEA", label="Nausea, grade ≥ 1", terms=("Nausea",), grade=1),
              replace(GRADED, code="PAIN", label="Pain, grade ≥ 3", terms=("Pain",), grade=3)),
    conf_level=0.95, interval="clopper-pearson", difference="newcombe", risk_ratio="katz-log", odds_ratio="woolf-log",
    test="fisher", multiplicity="benjamini-hochberg", adjustment=OVERLAP, minimum_events=1, estimand="ato", **COMMON,
)  # fmt: skip
MODELLED = MmrmSpec(
    id="modelled", label="Modelled", population="BEAM",
    markers=(ModelledMarker("LOGM", "Log marker", "u", "log", "decimal2"),
             ModelledMarker("LEVEL", "Level", "g", "identity", "decimal1")),
    baseline="V0", visits=("V1", "V2"), below_limit="half-limit",
    covariates=(AGE, Covariate("SEX", "sex", "categorical", levels=SEXES)),
    structures=("unstructured", "compound-symmetry"), df_method="kenward-roger", margins="equal",
    multiplicity="benjamini-hochberg", adjustment=OVERLAP, robust="cr2", robust_df="satterthwaite", conf_level=0.95,
    estimand="conditional", **COMMON,
)  # fmt: skip
MISSED = TippingSpec(
    id="missed", label="Missed", population="BEAM",
    markers=(CompletedMarker("LOGM", "Log marker", "u", "log", "decimal2", (0.5, 1.0, 2.0), 50.0),
             CompletedMarker("LEVEL", "Level", "g", "identity", "decimal1", (-1.0, 0.0, 1.0), 50.0)),
    baseline="V0", visits=("V1", "V2"), shifted=("V2",), below_limit="missing", covariates=(AGE,),
    structures=("unstructured", "compound-symmetry"), df_method="kenward-roger",
    strategies=("missing-at-random", "jump-to-reference", "copy-reference", "copy-increments-in-reference"),
    imputations=10, seed=1, conf_level=0.95, estimand="conditional", **COMMON,
)  # fmt: skip
INDEX = Covariate("CCI", "comorbidity", "continuous")
BY_SEX = Covariate("SEX", "sex", "categorical", levels=SEXES)
STAGES = Covariate("STAGE9", "stage", "categorical", levels={"IB": "IB", "II": "II", "III": "III"})
SCORED = replace(OVERLAP, confounders=(AGE, BY_SEX, STAGES))
BALANCE = PropensitySpec(
    id="balance", label="Balance", population="BEAM",
    adjustments=(SCORED, replace(SCORED, name="inverse", label="Inverse", estimand="ate", stabilized=True)),
    characteristics=(Balanced(AGE, "Age", "decimal1", "years"), Balanced(BY_SEX, "Sex"), Balanced(STAGES, "Stage"),
                     Balanced(INDEX, "Comorbidity", "decimal2")),
    bin_width=0.1, smd_denominator="average", smd_limit=0.1, conf_level=0.95, least_overlap=0.3, least_effective=0.3,
    **COMMON,
)  # fmt: skip
IMAGES = FeaturesSpec(
    id="images", label="Images", population="BEAM",
    sets=(FeatureSet("ONE", "One", "T1C", "GTVp"), FeatureSet("TWO", "Two", "T2", "GTVp")), prefix="original_",
    visits=("V0", "V1"), transform="log-where-positive", covariates=(AGE,), endpoint="DEAD", ties="efron",
    multiplicity="benjamini-hochberg", discovery=0.05, minimum_events=1, conf_level=0.95, estimand="conditional",
    **COMMON,
)  # fmt: skip
BEFORE = Landmark("RTSTDT", 30, "From day 30.")
ALIKE = CorrelationSpec(
    id="alike", label="Alike", population="BEAM", visits=("V0", "V1", "V2"),
    markers=(CorrelatedMarker("LOGM", "Log marker", "u", "log"), CorrelatedMarker("LEVEL", "Level", "g", "identity"),
             CorrelatedMarker("VIRUS", "Virus", "c", "identity")), below_limit="half-limit",
    limits="fisher", distance="signed", joined="average", minimum_participants=2, conf_level=0.95, **COMMON,
)  # fmt: skip
ALWAYS = ("baseline", "landmark", "readings")
FORETELLING = AssociationSpec(
    id="foretelling", label="Foretelling", population="BEAM", endpoint="DEAD",
    markers=(AssociatedMarker("LOGM", "Log marker", "LOGM", "u", "log", "doubling", ALWAYS, "decimal2"),
             AssociatedMarker("LEVEL", "Level", "LEVEL", "g", "identity", "sd", ALWAYS, "decimal1"),
             AssociatedMarker("VIRUS", "Virus", "VIRUS", "c", "detectable", "presence", ALWAYS, "")),
    baseline="V0", landmarks=(MarkerLandmark("V1", Landmark("RTSTDT", 40, "From day 40.")),), carried_days=300,
    below_limit="half-limit", covariates=(AGE,), by_arm=True, ties="efron", minimum_events=1,
    multiplicity="benjamini-hochberg",
    courses=OutcomeCourses(9.0, ("V0", "V1", "V2"), ("LOGM", "LEVEL", "VIRUS"), "clopper-pearson"), conf_level=0.95,
    **COMMON,
)  # fmt: skip
BY_STAGE = ByCharacteristic("STAGE9", {"II": "II", "III": "III", "IB": "IB"})


def numbered(prefix, values):
    return [f"{prefix}{i:02d}" for i in range(values)]


def imaged(adsl):
    """Images of two kinds at three visits, one in eight missing; the first feature goes with death and with the arm."""
    draw, frames = np.random.default_rng(12), []
    own = draw.normal(size=(len(adsl), 4)) + np.outer(adsl["DTHDT"].notna(), [1.0, 0, 0, 0])
    for kind in ("T1C", "T2"):
        for code, day in (("V0", -1), ("V1", 20), ("V2", 285)):
            values = own + 0.4 * draw.normal(size=own.shape)
            values[:, 0] += 2.0 * (day > 0) * (adsl["TRT01A"] == "X")
            values[:, :2] = np.exp(values[:, :2])
            features = pd.DataFrame(
                values, columns=[f"original_shape_{name}" for name in ("Own", "Even", "Odd", "Other")]
            )
            kept = adsl["RTSTDT"].notna() & (draw.random(len(adsl)) < 7 / 8)
            dated = adsl["RTSTDT"] + pd.Timedelta(days=day)
            frames.append(features.assign(USUBJID=adsl["USUBJID"], AVISIT=code, ADT=dated.astype("datetime64[s]"),
                                          MODALITY=kind, ROI="GTVp", REPLICATE=1)[kept])  # fmt: skip
    return pd.concat(frames, ignore_index=True)


@pytest.fixture(scope="session")
def crowd(design):
    """Sixty participants with every kind of record, drawn once."""
    draw = np.random.default_rng(11)
    ids = numbered("P", SIZE)

    def days(low, high, known=1.0, size=SIZE):
        found = ZERO + pd.to_timedelta(draw.integers(low, high, size), unit="D")
        return pd.Series(found).where(draw.random(size) < known).astype("datetime64[s]")

    def picked(*levels, size=SIZE):
        return draw.choice(levels, size)

    start = days(0, 60)
    late = start + pd.to_timedelta(draw.integers(0, 9, SIZE), unit="D")
    arm = picked("X", "Y")
    adsl = pd.DataFrame({
        "USUBJID": ids, "ICFDT": ZERO, "ENRLDT": ZERO + pd.to_timedelta(np.arange(SIZE), unit="D"), "TRT01P": arm,
        "TRT01A": arm, "AGE": draw.integers(40, 80, SIZE).astype(float), "SEX": picked("F", "M"),
        "CCI": draw.integers(0, 5, SIZE).astype(float), "STAGE9": picked("IB", "II", "III"),
        "INDREG": picked("", "I_GP"), "TRTSDT": start, "RTSTDT": late.where(draw.random(SIZE) < 0.9),
        "RTENDT": late + pd.Timedelta(days=45), "DTHDT": days(120, 400, 0.4), "DTHCAUS": picked("DISEASE", "OTHER"),
        "EOSSTT": "",
    })  # fmt: skip
    adsl["DTHCAUS"] = adsl["DTHCAUS"].where(adsl["DTHDT"].notna(), "")

    def records(per, **columns):
        who = np.repeat(ids, per)
        values = {name: made(len(who)) for name, made in columns.items()}
        return pd.DataFrame({"USUBJID": who, **values})

    def dated(low, high, known=1.0):
        return lambda size: days(low, high, known, size)

    events = records(3, AEDECOD=lambda n: picked("Nausea", "Pain", size=n),
                     AETOXGR=lambda n: draw.integers(1, 4, n) * 1.0,
                     AESER=lambda n: picked("Y", "N", size=n), ASTDT=dated(-20, 300),
                     AEREL=lambda n: picked("RT", size=n),
                     AEACN=lambda n: picked("", size=n), AEOUT=lambda n: picked("", size=n))  # fmt: skip
    lasting = pd.to_timedelta(draw.integers(1, 90, len(events)), unit="D")
    events = events.assign(
        AEBODSYS="Gut", AESEQ=range(len(events)), AENDT=(events["ASTDT"] + lasting).astype("datetime64[s]")
    )
    labs = records(9, PARAMCD=lambda n: np.resize(["LOGM", "LEVEL", "VIRUS"], n), AVAL=lambda n: draw.uniform(1, 9, n),
                   LLOQ=lambda n: np.full(n, 1.0))  # fmt: skip
    offset = np.resize(np.repeat([-1, 20, 285], 3), len(labs))
    labs["ADT"] = (labs["USUBJID"].map(adsl.set_index("USUBJID")["RTSTDT"]) + pd.to_timedelta(offset, unit="D")).astype(
        "datetime64[s]"
    )
    labs["AVALU"] = labs["PARAMCD"].map({"LOGM": "u", "LEVEL": "g", "VIRUS": "c"})
    low = draw.random(len(labs)) < 0.3
    labs["AVALC"] = np.where(low, np.where(labs["PARAMCD"] == "VIRUS", "ND", "<LLOQ"), "5")
    labs["AVAL"] = labs["AVAL"].where(~low)
    labs = labs.dropna(subset="ADT")
    doses = records(2, EXPHASE=lambda n: np.resize(["INDUCTION"], n), EXTRT=lambda n: np.resize(["CISPLATIN"], n),
                    EXSEQ=lambda n: np.resize([1, 2], n))  # fmt: skip
    given = doses["USUBJID"].map(adsl.set_index("USUBJID")["TRTSDT"]) + pd.to_timedelta(21 * (doses["EXSEQ"] - 1), "D")
    doses = doses.assign(EXSTDT=given.astype("datetime64[s]"), EXENDT=given.astype("datetime64[s]"))
    sums = records(
        4,
        AVAL=lambda n: draw.uniform(10, 60, n),
        PARAMCD=lambda n: picked("SUMDIAM", "OTHER", size=n),
        ADT=dated(-10, 300),
    )
    frames = {
        "adsl": adsl.assign(FXDELIV=33.0), "adae": events, "adex": doses, "adlb": labs, "adtr": sums,
        "adevent": records(2, KIND=lambda n: picked("LOCAL", "DISTANT", "NEW-THERAPY", size=n), ADT=dated(80, 400),
                           CONFIRM=lambda n: picked("", size=n)).iloc[::3],
        "adassess": records(3, KIND=lambda n: np.resize(["VITAL", "LOCOREGIONAL", "SYSTEMIC"], n), ADT=dated(150, 540)),
        "adrs": records(4, AVALC=lambda n: picked(*CLASSES, size=n), ADT=dated(80, 330)),
        "adscr": pd.DataFrame({"ICFDT": ZERO, "CRITERION": [*("" for _ in ids), "INC04", "EXC01"]}),
        "addv": records(1, DVCAT=lambda n: picked("MAJOR", "MINOR", size=n), DVTERM=lambda n: picked("Late", size=n)),
        "adform": records(2, KIND=lambda n: np.resize(["CRF", "BLOOD"], n), DUEDT=dated(0, 100),
                          RECDT=dated(100, 190, 0.7)),
    }  # fmt: skip
    frames["adrad"] = imaged(frames["adsl"])
    either = Endpoint("EITHER", "Either", origin="RTSTDT", events=("DISTANT",),
                      competing=("DEATH",), censor_at=("SYSTEMIC",))  # fmt: skip
    wider = replace(design, endpoints=(*design.endpoints, either), planned_size=900, accrual_start=ZERO.date())
    return assign_arms(Study(wider, frames, Path("crowd"), False, CUTOFF, (), "only", "half-away"))


def refused(design, spec, pooled=()):
    listing = isinstance(spec, ListingSpec | CourseSpec | TrajectoriesSpec)
    return effect_faults(design, () if listing else (spec,), (spec,) if listing else (), pooled)


ASKED = {"name": "f", "title": "F.", "sessions": ("only",), "width": "full"}
