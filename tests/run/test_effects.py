"""Every choice of a plan has an effect: field by field, over every kind of entry.

Each row of `SWEEP` changes one field of an entry (with what must change beside it) and the results of sixty made
participants must change too, in a row or in the catalogue.
"""

from __future__ import annotations

import datetime
from dataclasses import fields, replace

import pytest
from entries import (
    ACCRUAL,
    AGE,
    ALIKE,
    ARRIVED,
    BALANCE,
    BARS,
    BEFORE,
    BELOW,
    BLOOD,
    BY_STAGE,
    CLASSES,
    CLEARED,
    COMPARED,
    CURVE,
    DAYS_AFTER,
    DIED,
    DIVIDED,
    EARLY,
    ENDS,
    FAMILY,
    FINE_GRAY,
    FOLLOWED,
    FORETELLING,
    FORMS,
    GLANCE,
    HARM,
    HIDDEN,
    IMAGES,
    INCIDENCE,
    INFORMED,
    LIMITS,
    LINES,
    LOG,
    LOWEST,
    MISSED,
    MODELLED,
    OLD,
    RATED,
    RATIO,
    RATIOS,
    RESPONSE,
    SCREENED,
    SERIOUS,
    SEX,
    SEXES,
    SICK,
    STATE,
    STOPPED,
    STRAYED,
    SWIM,
    TAKEN,
    VIRUS,
    WATCH,
    WATCHED,
    WEEK,
    WHO,
    refused,
)

from npcstats.analyses.adjustment.measures import Measure, OutcomeModel
from npcstats.analyses.adjustment.outcomes import MarkerOutcome, TimeOutcome
from npcstats.analyses.adjustment.spec import Covariate
from npcstats.analyses.association.spec import AssociatedMarker, AssociationSpec
from npcstats.analyses.baseline.spec import BaselineSpec, Characteristic, Subgrouping
from npcstats.analyses.biomarker.spec import BiomarkerSpec, Marker
from npcstats.analyses.comparison.spec import Intercurrent
from npcstats.analyses.conduct.spec import StatusItem, StatusSpec
from npcstats.analyses.correlation.spec import CorrelatedMarker, CorrelationSpec
from npcstats.analyses.courses.spec import CourseSpec
from npcstats.analyses.detection.spec import DetectionSpec, LimitedMarker
from npcstats.analyses.listing.spec import Course, ListingSpec, Phase
from npcstats.analyses.masking.spec import KnownDifference, MaskingSpec
from npcstats.analyses.masking.summary import assess_masking
from npcstats.analyses.regression.spec import RegressionSpec, Subgroup
from npcstats.analyses.response.spec import Confirmation, ResponseRate
from npcstats.analyses.samples.spec import SampledMarker, SamplesSpec
from npcstats.analyses.sequential.spec import FutilityRule, HeldLook, PlannedLook, SequentialSpec
from npcstats.analyses.stopping.spec import (
    Alert,
    BetaBinomial,
    Died,
    Every,
    Graded,
    Reached,
    RepeatedTests,
    StoppingRule,
    StoppingSpec,
)
from npcstats.analyses.thresholds.spec import ThresholdSpec, Watch
from npcstats.analyses.thresholds.summary import assess_thresholds
from npcstats.analyses.timetoevent.groups import Landmark
from npcstats.analyses.tipping.spec import CompletedMarker, TippingSpec
from npcstats.analyses.toxicity.spec import Composite, ToxicitySpec
from npcstats.analyses.trajectories.spec import CourseMarker, TrajectoriesSpec
from npcstats.derive import GradeWindow
from npcstats.errors import DataError, SpecError
from npcstats.provenance import canonical_text
from npcstats.results import concat, results_text
from npcstats.run.registry import kind_of

SECRET = "secret"
RISEN = MarkerOutcome("LOGM", "Log marker", "u", "V1", "V0", "log", "half-limit")
GIVEN = {"NO": "No", "I_GP": "GP"}


def changed(spec, field, value):
    """Change a field of the first part of an entry."""
    part = {BaselineSpec: "characteristics", BiomarkerSpec: "markers", ToxicitySpec: "windows", StatusSpec: "items",
            ThresholdSpec: "watches", StoppingSpec: "rules", RegressionSpec: "covariates", TippingSpec: "markers",
            SamplesSpec: "markers",
            TrajectoriesSpec: "markers", DetectionSpec: "markers", AssociationSpec: "markers",
            CorrelationSpec: "markers"}[type(spec)]  # fmt: skip
    first, *others = getattr(spec, part)
    return {part: (replace(first, **{field: value}), *others)}


NAMES = {"id": "other", "label": "Other", "status": "post hoc"}
TIMES = {"conf_level": 0.9, "conf_type": "log", "landmarks": (5.0,), "ticks": (0.0, 5.0), "minimum_at_risk": 25}
MONITORING = {
    "population": "DOSED", "outcome": TimeOutcome("WORSE"), "sides": 1, "alpha": 0.005, "spending": "pocock",
    "parameter": {"spending": "power", "parameter": 2.0}, "power": 0.9, "looks": (PlannedLook("Only", 40),),
    "futility": {"sides": 1, "futility": FutilityRule("pocock", None)},
    "held": (HeldLook(datetime.date(2024, 6, 30), 5),),
}  # fmt: skip
OWN = [
    (CURVE, {**TIMES, "population": "DOSED", "endpoint": "WORSE", "tau": 5.0, "test": "none", "rho": 1.0, "gamma": 1.0,
            "strata": {"SEX": "sex"}, "grouping": {"grouping": BY_STAGE, "estimand": ""}, "landmark": BEFORE}),
    (FOLLOWED, {"population": "DOSED", "endpoint": "WORSE", "conf_level": 0.9, "conf_type": "log"}),
    (INCIDENCE, {**TIMES, "population": "DOSED", "endpoint": "EITHER", "competing_label": "Rival", "gray": False,
                "strata": {"SEX": "sex"}, "minimum_share": 0.5}),
    (RATIOS, {"population": "DOSED", "endpoint": "DEAD", "model": FINE_GRAY, "ties": "breslow", "reference": "first",
             "conf_level": 0.9, "covariates": {"covariates": (), "estimand": "unadjusted"}, "strata": {"SEX": "sex"},
             "subgroups": (Subgroup("SEX", "Sex", SEXES),), "minimum_events": 99,
             "ph_transform": "rank", "course_knots": 2, "reason": "Few."}),
    (HARM, {"population": "BEAM", "windows": (EARLY, replace(EARLY, code="late", period="after")), "conf_level": 0.9,
           "interval": "wilson", "difference": "wald", "baseline_adjusted": False, "scale": "WHO", "shown_from": 0.1,
           "records": True, "composites": (Composite("MOUTH", "Mouth", ("Dry mouth",)),),
           "measured": {"Nausea": ("LEVEL",)}}),
    (RATED, {"population": "EVERY", "periods": (replace(RATED.periods[0], period="after"),),
             "followed_until": {"followed_until": "cut-off", "assessments": ()}, "assessments": ("SYSTEMIC",),
             "per": 1.0, "conf_level": 0.9, "rate": "exact", "difference": "wald", "ratio": "wald",
             "recurrent": "poisson", "baseline_adjusted": True, "scale": "WHO",
             "courses": {"courses": (), "terminal": "", "conf_type": "", "minimum_at_risk": 0},
             "terminal": "censor", "conf_type": "plain", "minimum_at_risk": 25}),
    (WHO, {"population": "BEAM", "characteristics": (OLD,), "quantile_type": 7, "smd_denominator": "treated",
          "conf_level": 0.9, "split": Subgrouping("CCI", "Index", {str(i): f"{i} points" for i in range(5)}),
          "multiplicity": {"multiplicity": "holm", "characteristics": (replace(OLD, test="t"), SEX)}}),
    (BLOOD, {"population": "DOSED", "markers": (LOG, VIRUS), "visits": ("V0", "V2"), "below_limit": "missing",
            "conf_level": 0.9, "proportion": "wilson", "difference": "pooled", "quantile_type": 7,
            "share_change": "wald", "share_difference": "wald",
            "ratios": {"ratios": (RATIO,), "markers": (*BLOOD.markers, DIVIDED)}}),
    (TAKEN, {"population": "DOSED", "markers": (SampledMarker("LEVEL", "Level"),), "visits": ("V0", "V2"),
            "attended_by": ("SYSTEMIC",), "sampled_by": ("LOGM",)}),
    (LINES, {"population": "DOSED", "markers": (CourseMarker("LEVEL", "Level", "g", "identity"),),
            "visits": ("V0", "V2"), "below_limit": "missing"}),
    (BELOW, {"population": "DOSED", "markers": BELOW.markers[::2], "half_limit_most": 0.35, "cut_off_most": 0.2,
            "covariates": (), "df_method": "satterthwaite", "variance": "mancl-derouen", "multiplicity": "holm",
            "conf_level": 0.9}),
    (CLEARED, {"population": "DOSED", "marker": {"marker": "LEVEL", "unit": "g"}, "marker_label": "other",
               "unit": "g", "visits": ("V1",), "baseline": "V1", "origin": "RTENDT", "weeks": (5.0, 50.0),
               "minimum": 99, "conf_level": 0.9, "interval": "wilson"}),
    (LOWEST, {"population": "DOSED", "marker": {"marker": "LEVEL", "unit": "g"}, "marker_label": "other", "unit": "g",
              "style": "decimal1", "period": "after", "baseline": "V1", "limits": (),
              "recoveries": LOWEST.recoveries[:1], "visits": ("V1",), "below_limit": "missing", "quantile_type": 7,
              "conf_level": 0.9, "interval": "wilson", "difference": "wald", "mean_difference": "pooled"}),
    (RESPONSE, {"population": "DOSED", "visit": replace(WEEK, first=90), "again": replace(RESPONSE.again, last=160),
               "classes": {**CLASSES, "CR": "Gone"}, "order": ("PR", "CR", "SD", "ID", "PD", "NE"),
               "indeterminate": "SD", "unevaluable": ("NE", "ID"), "progressed": "SD", "progression": ("DISTANT",),
               "stopped_by": (), "confirmation": Confirmation(28, {"CR": ("CR",)}, "SD"),
               "rates": (ResponseRate("ANY", "Any", ("CR", "PR")),), "denominators": ("due",), "conf_level": 0.9,
               "interval": "wilson", "difference": "wald", "param": "BOR"}),
    (ENDS, {"population": "DOSED", "endpoints": ("DEAD",)}),
    (ACCRUAL, {"population": "BEAM", "recent_months": 9.0}),
    (STATE, {"population": "BEAM", "items": (DIED, replace(DIED, code="TWICE"))}),
    (SCREENED, {"population": "BEAM", "criteria": {"INC04": "Performance", "EXC01": "Spread"}}),
    (STRAYED, {"population": "BEAM", "categories": {"MAJOR": "Major"}}),
    (FORMS, {"population": "BEAM", "kinds": {"CRF": "Forms", "BLOOD": "Blood"}, "overdue_after": 5,
             "quantile_type": 1}),
    (LIMITS, {"population": "BEAM", "watches": (WATCH, replace(WATCH, id="again"))}),
    (HIDDEN, {"population": "BEAM", "size_limit": 0.9, "calendar": "RTSTDT", "calendar_limit": 0.9,
             "characteristics": {"analysis": "who", "variable": "SEX", "measure": "smd"}, "characteristics_limit": 9.0,
             "known": (KnownDifference("SHARE", "Share", {"analysis": "state"}),), "known_limit": 0.9}),
    (SERIOUS, {"population": "BEAM", "kind": "deaths", "origin": "RTSTDT",
              "words": {"AEREL": {"RT": "beam"}},
              "after": DAYS_AFTER, "after_label": DAYS_AFTER,
              "progression": {"kind": "deaths", "progression": ("LOCAL",)},
              "within": {**DAYS_AFTER, "within": (100,)}, "on_treatment": {"kind": "deaths", "on_treatment": 200},
              "fatal": {"kind": "deaths", "fatal": True}, "phases": (Phase("INDUCTION", "cycle", "INDREG"),),
              "course": Course("RTSTDT", "RTENDT", "FXDELIV", "course", "dose"), "criteria": {"AEEXP": "Expected"},
              "lag": True, "stage": {"kind": "narratives", "stage": "STAGE9"}}),
    (ARRIVED, {"population": "BEAM", "frames": {"adae": "events"}}),
    (GLANCE, {"population": "BEAM", "windows": (replace(GLANCE.windows[0], period="early"),),
             "categories": GLANCE.categories[:1], "deaths": GLANCE.deaths[:1],
             "shared": (replace(GLANCE.shared[0], none_of=("bad",)),), "conf_level": 0.9, "interval": "wilson",
             "difference": "wald", "baseline_adjusted": False, "scale": "WHO"}),
    (STOPPED, {"population": "EVERY", "rules": (SICK, replace(SICK, code="MORE")), "baseline_adjusted": False,
              "conf_level": 0.9, "interval": "wilson", "trials": {"trials": 0, "seed": 0}, "seed": 2}),
    (FAMILY, {"population": "BEAM", "outcomes": FAMILY.outcomes[:2], "conf_level": 0.9, "interval": "wilson",
             "difference": "wald", "risk_ratio": "koopman", "odds_ratio": "", "test": "boschloo",
             "multiplicity": "holm",
             "adjustment": {"adjustment": None, "estimand": "unadjusted"}, "minimum_events": 50}),
    (MODELLED, {"population": "DOSED", "markers": MODELLED.markers[:1],
                "baseline": {"baseline": "V1", "visits": ("V2",)}, "visits": ("V1",), "below_limit": "missing",
                "covariates": {"covariates": (), "margins": "", "estimand": "unadjusted"},
                "structures": ("compound-symmetry",), "df_method": "satterthwaite", "margins": "proportional",
                "multiplicity": "holm", "adjustment": {"adjustment": None, "robust": "", "robust_df": ""},
                "robust": "cr0", "robust_df": "residual", "conf_level": 0.9}),
    (BARS, {"population": "DOSED", "kind": {"kind": "changes"}, "origin": "TRTSDT",
           "param": "OTHER", "progression": ("DISTANT",), "stopped_by": (),
           "responses": {"kind": "courses", "param": "", "stopped_by": (), "responses": ("CR",)},
           "shown": "everyone", "limit": 1}),
    (COMPARED, {"population": "DOSED", "role": "primary", "treatment": "one or the other",
               "outcome": TimeOutcome("WORSE"), "measures": (Measure("hazard_ratio"),),
               "adjustments": {"adjustments": (), "estimand": "unadjusted"},
               "outcome_model": {"outcome": RISEN, "measures": (Measure("mean_ratio"),), "ties": "", "curves": None,
                                 "minimum_events": 0, "outcome_model": OutcomeModel("aipw", "apart")},
               "conf_level": 0.9, "ties": "breslow", "p_values": True, "curves": None,
               "intercurrent": (Intercurrent("Death", "composite", "it is an event"),), "minimum_events": 99}),
    (BALANCE, {"population": "DOSED", "adjustments": BALANCE.adjustments[:1], "bin_width": 0.2, "smd_limit": 0.2,
               "characteristics": BALANCE.characteristics[:3], "smd_denominator": "treated", "conf_level": 0.9,
               "least_overlap": 0.999, "least_effective": 0.999}),
    (MISSED, {"population": "DOSED", "markers": MISSED.markers[:1],
              "baseline": {"baseline": "V1", "visits": ("V2",)}, "visits": {"visits": ("V1",), "shifted": ("V1",)},
              "shifted": (), "below_limit": "half-limit", "covariates": (), "structures": ("compound-symmetry",),
              "df_method": "residual", "strategies": ("missing-at-random",), "imputations": 11, "seed": 2,
              "conf_level": 0.9}),
    (IMAGES, {"population": "DOSED", "sets": IMAGES.sets[:1], "prefix": "original_shape_O", "visits": ("V0", "V2"),
              "transform": "identity", "covariates": {"covariates": (), "estimand": "unadjusted"}, "endpoint": "WORSE",
              "ties": "breslow", "multiplicity": "holm", "discovery": 0.9, "minimum_events": 99, "conf_level": 0.9}),
    (ALIKE, {"population": "DOSED", "markers": ALIKE.markers[:2], "visits": ("V0", "V1"), "below_limit": "missing",
             "limits": "clustered", "distance": "absolute", "joined": "single", "minimum_participants": 55,
             "conf_level": 0.9}),
    (FORETELLING, {"population": "DOSED", "endpoint": "WORSE",
                   "markers": {"markers": FORETELLING.markers[:2],
                               "courses": replace(FORETELLING.courses, markers=("LEVEL",), proportion="")},
                   "baseline": "V1", "landmarks": (replace(FORETELLING.landmarks[0], landmark=Landmark("RTSTDT", 60,
                   "From day 60.")),), "carried_days": 30, "below_limit": "missing", "covariates": (), "by_arm": False,
                   "ties": "breslow", "minimum_events": 99, "multiplicity": "holm", "courses": None,
                   "conf_level": 0.9}),
    (INFORMED, MONITORING),
    (WATCHED, {**MONITORING, "monitored": {"monitored": replace(WATCHED.monitored, favours="above")}}),
    (SWIM, {"population": "DOSED", "responses": ("PR",), "progression": ("DISTANT",), "shown": "everyone", "limit": 1,
            "response_param": "BOR"}),
]  # fmt: skip
PARTS = [
    (HARM, {"code": "soon", "label": "Soon", "period": "after", "counting": "onset-or-persistence",
           "evaluable": "everyone", "where": {"AESER": ("Y",)}}),
    (replace(HARM, windows=(replace(EARLY, where={"AESER": ("Y",)}),)), {"events": "serious events"}),
    (WHO, {"column": "CCI", "label": "Years", "block": "Other", "show": "mean", "style": "decimal2", "unit": "y",
          "log_floor": 1.0, "spread": "decimal3"}),
    (replace(WHO, multiplicity="none", characteristics=(replace(OLD, test="t"), SEX)), {"test": "welch"}),
    (replace(WHO, characteristics=(replace(OLD, show=("mean", "range")), SEX)), {"together": True}),
    (replace(WHO, characteristics=(replace(SEX, scale="binary", named="F"),), quantile_type=0), {"named": "M"}),
    (replace(WHO, characteristics=(replace(SEX, scale="ordinal", smd="scores"),), quantile_type=0),
     {"smd": "categories"}),
    (BLOOD, {"code": "MORE", "label": "Other", "block": "Other", "unit": "g", "scale": "identity",
             "style": "decimal1", "visits": ("V0",)}),
    (TAKEN, {"code": "LEVEL", "label": "Other", "visits": ("V0",)}),
    (LINES, {"code": "MORE", "label": "Other", "unit": "g", "scale": "identity", "visits": ("V0",)}),
    (BELOW, {"code": "MORE", "label": "Other", "unit": "g", "visits": ("V0", "V2"), "share": 0.12, "yes": "detected"}),
    (RATIOS, {"column": "CCI", "label": "Years", "per": 10.0, "spline_df": 2}),
    (MISSED, {"code": "MORE", "label": "Other", "unit": "g", "scale": "identity", "style": "decimal1",
              "shifts": (0.8, 1.0), "farthest": 1.01}),
    (ALIKE, {"code": "MORE", "label": "Other", "unit": "g", "scale": "identity"}),
    (replace(FORETELLING, courses=None), {"name": "MORE", "label": "Other", "code": "LEVEL", "unit": "g", "per": "sd",
                                          "models": ("baseline",), "style": "decimal1", "without": ("AGE",)}),
    (STOPPED, {"code": "MORE", "label": "More", "definition": "other", "parts": (Graded(2),),
               "window": replace(EARLY, period="after"), "criterion": RepeatedTests(0.3, 0.05, 0.5),
               "looks": (15, 45), "alert": None, "rates": (0.1,), "highest_rate": 0.5}),
    (STATE, {"code": "GONE", "label": "Gone", "block": "Other", "column": "RTSTDT"}),
    (LIMITS, {"id": "v", "label": "Dead", "rows": {"analysis": "state", "stat": "count"}, "direction": "below",
             "threshold": 0.9}),
]  # fmt: skip
SWEEP = [
    (spec, field, value if isinstance(value, dict) and field in value else {field: value})
    for spec, own in OWN
    for field, value in {**NAMES, **own}.items()
] + [(spec, f".{field}", changed(spec, field, value)) for spec, part in PARTS for field, value in part.items()]
MORE = [
    (WHO, ".levels", {"characteristics": (OLD, replace(SEX, levels={"M": "Men", "F": "Women"}))}),
    (WHO, ".blank", {"characteristics": (OLD, replace(SEX, column="INDREG", blank="NO", levels=GIVEN))}),
    (RATIOS, ".blank", {"covariates": (Covariate("INDREG", "I", "categorical", levels=GIVEN, blank="NO"),)}),
    (RATIOS, ".scale", {"covariates": (replace(AGE, scale="log2", floor=50.0),)}),
    (RATIOS, ".levels", {"covariates": (Covariate("SEX", "Sex", "categorical", levels=SEXES),)}),
    (STATE, ".value", {"items": (replace(DIED, column="DTHCAUS", value="OTHER"),)}),
    (STATE, ".blank_from", {"items": (replace(DIED, column="DTHCAUS", value="OTHER", blank_from="DTHDT"),)}),
    (STATE, ".anchor", {"items": (replace(DIED, anchor="RTSTDT", within=100),)}),
    (LIMITS, ".without", {"watches": (replace(WATCH, without={"arm": "X"}, direction="below"),)}),
    (LIMITS, ".minimum_total", {"watches": (replace(WATCH, minimum_total=999),)}),
    *(
        (STOPPED, f".parts-{i}", {"rules": (replace(SICK, parts=parts),)})
        for i, parts in enumerate(
            (
                (Graded(3, 3),),
                (Graded(2, 2),),
                (Graded(3, where={"AEDECOD": ("Pain",)}),),
                (Graded(3, without={"AEDECOD": ("Pain",)}),),
                (Graded(3), Reached("CCI", 3.0)),
                (Graded(3), Reached("AGE", 60.0)),
                (Graded(3),),
                (Graded(3), Died(("DISEASE",))),
            )
        )
    ),
    *(
        (STOPPED, f".criterion-{i}", {"rules": (replace(SICK, criterion=criterion),)})
        for i, criterion in enumerate(
            (
                BetaBinomial(0.2, (0.6, 1.4), 0.9),
                BetaBinomial(0.3, (0.5, 1.5), 0.9),
                BetaBinomial(0.3, (0.6, 1.4), 0.8),
                RepeatedTests(0.2, 0.05, 0.5),
                RepeatedTests(0.3, 0.1, 0.5),
                RepeatedTests(0.3, 0.05, 0.0),
            )
        )
    ),
    *(
        (STOPPED, f".alert-{i}", {"rules": (replace(SICK, alert=alert),)})
        for i, alert in enumerate((Alert(0.2, 0.18, 0.42), Alert(0.3, 0.1, 0.42), Alert(0.3, 0.18, 0.5)))
    ),
    *(
        (STOPPED, f".looks-{i}", {"rules": (replace(SICK, looks=looks),)})
        for i, looks in enumerate((Every(20, 60), Every(10, 50)))
    ),
    (LOWEST, ".limits", {"limits": (replace(LOWEST.limits[0], value=5.0),)}),
    (LOWEST, ".label", {"limits": (replace(LOWEST.limits[0], label="high"),)}),
    (LOWEST, ".recoveries", {"recoveries": (replace(LOWEST.recoveries[0], value=4.0),)}),
    (LOWEST, ".of_baseline", {"recoveries": (replace(LOWEST.recoveries[1], of_baseline=False),)}),
    *(
        (IMAGES, f".{field}", {"sets": (replace(IMAGES.sets[0], **{field: value}), IMAGES.sets[1])})
        for field, value in {"code": "THREE", "label": "Three", "modality": "T2", "roi": "GTVn"}.items()
    ),
    (INCIDENCE, "strata, none", {"gray": False}),
    (
        FORETELLING,
        ".scale",
        {"markers": (replace(FORETELLING.markers[0], scale="identity", per="sd"), *FORETELLING.markers[1:])},
    ),
]
# what a summary is not asked: which session it is for, and what follows from the other choices
SELECTED = {"sessions", "estimand"}


def outcome(study, spec):
    """What an entry comes to: rows or records, and the catalogue's words."""
    if isinstance(spec, ListingSpec | CourseSpec | TrajectoriesSpec):
        found, words = kind_of(spec).record(study, spec, SECRET)
        return spec.id, canonical_text([list(found.columns), [list(row) for row in found.rows]]), words
    if isinstance(spec, ThresholdSpec):
        results = assess_thresholds(study, kind_of(STATE).summarize(study, STATE), spec)
    elif isinstance(spec, MaskingSpec):
        results = assess_masking(study, concat([kind_of(read).summarize(study, read) for read in (WHO, STATE)]), spec)
    elif isinstance(spec, SequentialSpec):
        results = kind_of(spec).compare(study, kind_of(COMPARED).summarize(study, COMPARED), None, spec)
    else:
        results = kind_of(spec).summarize(study, spec)
    return spec.id, results_text(results), results.catalogue.analyses[spec.id]


def row_id(row):
    return f"{type(row[0]).__name__}-{row[1]}"


@pytest.mark.parametrize("row", [*SWEEP, *MORE], ids=row_id)
def test_a_choice_has_an_effect(crowd, row):
    spec, _, change = row
    other = replace(spec, **change)
    assert not refused(crowd.design, spec)
    try:
        found = outcome(crowd, other)
    except (SpecError, DataError):
        return
    assert not refused(crowd.design, other)
    assert found != outcome(crowd, spec)


@pytest.mark.parametrize("spec", [spec for spec, _ in OWN if spec is not SWIM], ids=lambda spec: type(spec).__name__)
def test_no_field_is_left_out(spec):
    swept = {field for base, field, _ in SWEEP if type(base) is type(spec)} | SELECTED
    assert {field.name for field in fields(spec)} <= swept


@pytest.mark.parametrize("spec", [spec for spec, _ in PARTS], ids=lambda spec: type(spec).__name__)
def test_no_field_of_a_part_is_left_out(spec):
    part = {BaselineSpec: Characteristic, BiomarkerSpec: Marker, ToxicitySpec: GradeWindow, StatusSpec: StatusItem,
            ThresholdSpec: Watch, StoppingSpec: StoppingRule, RegressionSpec: Covariate, TippingSpec: CompletedMarker,
            SamplesSpec: SampledMarker, TrajectoriesSpec: CourseMarker,
            DetectionSpec: LimitedMarker,
            AssociationSpec: AssociatedMarker, CorrelationSpec: CorrelatedMarker}[type(spec)]  # fmt: skip
    swept = {field for base, field, _ in [*SWEEP, *MORE] if type(base) is type(spec)}
    # a scale needs levels, a floor the logarithm, days an anchor: swept with these; a size has no sign to lose here
    with_others = {".scale", ".floor", ".within", ".magnitude"}
    assert {f".{field.name}" for field in fields(part)} <= swept | with_others
