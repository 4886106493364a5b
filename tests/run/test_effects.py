"""Every choice of a plan has an effect, or is refused: field by field, over every kind of entry.

Each row of `SWEEP` changes one field of an entry (with what must change beside it) and the results of sixty made
participants must change too, in a row or in the catalogue. Each row of `IDLE` is a choice without effect, which no plan
takes.
"""

from __future__ import annotations

import datetime
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.lines import Line2D
from matplotlib.text import Text

from npcstats.analyses.accrual.displays import AccrualCourse
from npcstats.analyses.accrual.spec import AccrualSpec
from npcstats.analyses.baseline.spec import BaselineSpec, Characteristic
from npcstats.analyses.biomarker.displays import MarkerCourses
from npcstats.analyses.biomarker.spec import BiomarkerSpec, Marker
from npcstats.analyses.conduct.spec import CompletenessSpec, DeviationSpec, ScreeningSpec, StatusItem, StatusSpec
from npcstats.analyses.courses.displays import Spider
from npcstats.analyses.courses.spec import CourseSpec
from npcstats.analyses.courses.summary import build_course
from npcstats.analyses.endpoints.spec import EndpointsSpec
from npcstats.analyses.incidence.displays import CumulativeIncidence, StackedIncidence
from npcstats.analyses.incidence.spec import IncidenceSpec
from npcstats.analyses.listing.spec import ListingSpec
from npcstats.analyses.listing.summary import build_listing
from npcstats.analyses.regression.displays import Forest, ScaledResiduals
from npcstats.analyses.regression.spec import Covariate, RegressionSpec, Subgroup
from npcstats.analyses.regression.summary import summarize_regression
from npcstats.analyses.response.spec import Confirmation, ResponseRate, ResponseSpec
from npcstats.analyses.survival.displays import KaplanMeier
from npcstats.analyses.survival.spec import FollowUpSpec, SurvivalSpec
from npcstats.analyses.thresholds.spec import ThresholdSpec, Watch
from npcstats.analyses.thresholds.summary import assess_thresholds
from npcstats.analyses.timetoevent.groups import ByCharacteristic, Landmark
from npcstats.analyses.toxicity.displays import ToxicityDots
from npcstats.analyses.toxicity.spec import ToxicitySpec, ToxicityWindow
from npcstats.analyses.toxicity.summary import summarize_toxicity
from npcstats.derive import assign_arms
from npcstats.errors import DataError, SpecError
from npcstats.formatting import format_number
from npcstats.provenance import canonical_text
from npcstats.results import concat, one, results_text
from npcstats.results.conventions import conventions_in_force
from npcstats.run.displays import display_faults
from npcstats.run.draw import draw_figure
from npcstats.run.effects import effect_faults
from npcstats.run.registry import kind_of, known_conventions
from npcstats.study import Arm, Endpoint, EventRule, Gap, Study, Visit, Words
from npcstats.tables import regression_table

SIZE = 60
ZERO = pd.Timestamp("2024-01-01")
CUTOFF = datetime.date(2025, 6, 30)
SECRET = "secret"
FONTS = Path(__file__).parents[2] / "reports" / "_theme" / "fonts"

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
EARLY = ToxicityWindow("early", "Early", "early", "onset", "window-complete")
HARM = ToxicitySpec(
    id="harm", label="Harm", population="DOSED", windows=(EARLY,), conf_level=0.95, interval="clopper-pearson",
    difference="newcombe", baseline_adjusted=True, scale="CTCAE", estimand="unadjusted",
    **COMMON,
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
    below_limit="half-limit", conf_level=0.95, proportion="clopper-pearson", difference="welch",
    estimand="unadjusted", **COMMON,
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
FORMS = CompletenessSpec("forms", "Forms", "EVERY", ("only",), {"CRF": "Forms"}, 2, "planned")
WATCH = Watch("w", "Deaths", {"analysis": "state", "stat": "estimate"}, "above", 0.1)
LIMITS = ThresholdSpec("limits", "Limits", "EVERY", ("only",), (WATCH,), "planned")
SERIOUS = ListingSpec("serious", "Serious", "DOSED", ("only",), "serious-events", "TRTSDT", "planned")
BARS = CourseSpec(
    id="bars", label="Bars", population="BEAM", kind="best-change", origin="RTSTDT",
    param="SUMDIAM", progression=("LOCAL",), stopped_by=("NEW-THERAPY",), responses=(), shown="with-event", limit=0,
    **COMMON,
)  # fmt: skip
SWIM = replace(BARS, kind="courses", param="", stopped_by=(), responses=("CR",))
GIVEN = {"NO": "No", "I_GP": "GP"}
BEFORE = Landmark("RTSTDT", 30, "From day 30.")
ENDS_IN = Endpoint("E", "E", "RTSTDT", events=("LOCAL",), censor_at=("LOCOREGIONAL",))
BY_STAGE = ByCharacteristic("STAGE9", {"II": "II", "III": "III", "IB": "IB"})


def changed(spec, field, value):
    """Change a field of the first part of an entry."""
    part = {BaselineSpec: "characteristics", BiomarkerSpec: "markers", ToxicitySpec: "windows", StatusSpec: "items",
            ThresholdSpec: "watches", RegressionSpec: "covariates"}[type(spec)]  # fmt: skip
    first, *others = getattr(spec, part)
    return {part: (replace(first, **{field: value}), *others)}


NAMES = {"id": "other", "label": "Other", "status": "post hoc"}
TIMES = {"conf_level": 0.9, "conf_type": "log", "landmarks": (5.0,), "ticks": (0.0, 5.0), "minimum_at_risk": 25}
OWN = [
    (CURVE, {**TIMES, "population": "DOSED", "endpoint": "WORSE", "tau": 5.0, "test": "none", "rho": 1.0, "gamma": 1.0,
            "strata": {"SEX": "sex"}, "grouping": {"grouping": BY_STAGE, "estimand": ""}, "landmark": BEFORE}),
    (FOLLOWED, {"population": "DOSED", "endpoint": "WORSE", "conf_level": 0.9, "conf_type": "log"}),
    (INCIDENCE, {**TIMES, "population": "DOSED", "endpoint": "EITHER", "competing_label": "Rival", "gray": False,
                "strata": {"SEX": "sex"}}),
    (RATIOS, {"population": "DOSED", "endpoint": "DEAD", "model": FINE_GRAY, "ties": "breslow", "reference": "first",
             "conf_level": 0.9, "covariates": {"covariates": (), "estimand": "unadjusted"}, "strata": {"SEX": "sex"},
             "subgroups": (Subgroup("SEX", "Sex", SEXES),), "minimum_events": 99,
             "ph_transform": "rank", "course_knots": 2}),
    (HARM, {"population": "BEAM", "windows": (EARLY, replace(EARLY, code="late", period="after")), "conf_level": 0.9,
           "interval": "wilson", "difference": "wald", "baseline_adjusted": False, "scale": "WHO", "shown_from": 0.1,
           "records": True}),
    (WHO, {"population": "BEAM", "characteristics": (OLD,), "quantile_type": 7, "smd_denominator": "treated"}),
    (BLOOD, {"population": "DOSED", "markers": (LOG, VIRUS), "visits": ("V0", "V2"), "below_limit": "missing",
            "conf_level": 0.9, "proportion": "wilson", "difference": "pooled"}),
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
    (FORMS, {"population": "BEAM", "kinds": {"CRF": "Forms", "BLOOD": "Blood"}, "quantile_type": 1}),
    (LIMITS, {"population": "BEAM", "watches": (WATCH, replace(WATCH, id="again"))}),
    (SERIOUS, {"population": "BEAM", "kind": "deaths", "origin": "RTSTDT",
              "words": {"AEREL": {"RT": "beam"}},
              "after": DAYS_AFTER, "after_label": DAYS_AFTER,
              "progression": {"kind": "deaths", "progression": ("LOCAL",)}}),
    (BARS, {"population": "DOSED", "kind": {"kind": "changes"}, "origin": "TRTSDT",
           "param": "OTHER", "progression": ("DISTANT",), "stopped_by": (),
           "responses": {"kind": "courses", "param": "", "stopped_by": (), "responses": ("CR",)},
           "shown": "everyone", "limit": 1}),
    (SWIM, {"population": "DOSED", "responses": ("PR",), "progression": ("DISTANT",), "shown": "everyone", "limit": 1,
            "response_param": "BOR"}),
]  # fmt: skip
PARTS = [
    (HARM, {"code": "soon", "label": "Soon", "period": "after", "counting": "onset-or-persistence",
           "evaluable": "everyone", "where": {"AESER": ("Y",)}}),
    (replace(HARM, windows=(replace(EARLY, where={"AESER": ("Y",)}),)), {"events": "serious events"}),
    (WHO, {"column": "CCI", "label": "Years", "block": "Other", "show": "mean", "style": "decimal2", "unit": "y",
          "log_floor": 1.0}),
    (BLOOD, {"code": "MORE", "label": "Other", "block": "Other", "unit": "g", "scale": "identity",
             "style": "decimal1"}),
    (RATIOS, {"column": "CCI", "label": "Years", "per": 10.0}),
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
    (RATIOS, ".scale", {"covariates": (replace(AGE, scale="log2", floor=50.0),)}),
    (RATIOS, ".levels", {"covariates": (Covariate("SEX", "Sex", "categorical", levels=SEXES),)}),
    (STATE, ".value", {"items": (replace(DIED, column="DTHCAUS", value="OTHER"),)}),
    (STATE, ".blank_from", {"items": (replace(DIED, column="DTHCAUS", value="OTHER", blank_from="DTHDT"),)}),
    (STATE, ".anchor", {"items": (replace(DIED, anchor="RTSTDT", within=100),)}),
    (LIMITS, ".without", {"watches": (replace(WATCH, without={"arm": "X"}, direction="below"),)}),
    (LIMITS, ".minimum_total", {"watches": (replace(WATCH, minimum_total=999),)}),
    (INCIDENCE, "strata, none", {"gray": False}),
]
# what a summary is not asked: which session it is for, and what follows from the other choices
SELECTED = {"sessions", "estimand"}


def numbered(prefix, values):
    return [f"{prefix}{i:02d}" for i in range(values)]


@pytest.fixture(scope="module")
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
    sums = records(
        4,
        AVAL=lambda n: draw.uniform(10, 60, n),
        PARAMCD=lambda n: picked("SUMDIAM", "OTHER", size=n),
        ADT=dated(-10, 300),
    )
    frames = {
        "adsl": adsl, "adae": events, "adlb": labs, "adtr": sums,
        "adevent": records(2, KIND=lambda n: picked("LOCAL", "DISTANT", "NEW-THERAPY", size=n), ADT=dated(80, 400),
                           CONFIRM=lambda n: picked("", size=n)).iloc[::3],
        "adassess": records(3, KIND=lambda n: np.resize(["VITAL", "LOCOREGIONAL", "SYSTEMIC"], n), ADT=dated(150, 540)),
        "adrs": records(4, AVALC=lambda n: picked(*CLASSES, size=n), ADT=dated(80, 330)),
        "adscr": pd.DataFrame({"ICFDT": ZERO, "CRITERION": [*("" for _ in ids), "INC04", "EXC01"]}),
        "addv": records(1, DVCAT=lambda n: picked("MAJOR", "MINOR", size=n), DVTERM=lambda n: picked("Late", size=n)),
        "adform": records(2, KIND=lambda n: np.resize(["CRF", "BLOOD"], n), DUEDT=dated(0, 100),
                          RECDT=dated(100, 190, 0.7)),
    }  # fmt: skip
    either = Endpoint("EITHER", "Either", origin="RTSTDT", events=("DISTANT",),
                      competing=("DEATH",), censor_at=("SYSTEMIC",))  # fmt: skip
    wider = replace(design, endpoints=(*design.endpoints, either), planned_size=900, accrual_start=ZERO.date())
    return assign_arms(Study(wider, frames, Path("crowd"), False, CUTOFF, (), "only", "half-away"))


def outcome(study, spec):
    """What an entry comes to: rows or records, and the catalogue's words."""
    if isinstance(spec, ListingSpec | CourseSpec):
        build = build_listing if isinstance(spec, ListingSpec) else build_course
        found, words = build(study, spec, SECRET)
        return spec.id, canonical_text([list(found.columns), [list(row) for row in found.rows]]), words
    if isinstance(spec, ThresholdSpec):
        results = assess_thresholds(study, kind_of(STATE).summarize(study, STATE), spec)
    else:
        results = kind_of(spec).summarize(study, spec)
    return spec.id, results_text(results), results.catalogue.analyses[spec.id]


def refused(design, spec, pooled=()):
    listing = isinstance(spec, ListingSpec | CourseSpec)
    return effect_faults(design, () if listing else (spec,), (spec,) if listing else (), pooled)


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
    part = {BaselineSpec: Characteristic, BiomarkerSpec: Marker, ToxicitySpec: ToxicityWindow, StatusSpec: StatusItem,
            ThresholdSpec: Watch, RegressionSpec: Covariate}[type(spec)]  # fmt: skip
    swept = {field for base, field, _ in [*SWEEP, *MORE] if type(base) is type(spec)}
    # a scale needs levels, a floor the logarithm, days an anchor: swept with these; a size has no sign to lose here
    with_others = {".scale", ".floor", ".within", ".magnitude"}
    assert {f".{field.name}" for field in fields(part)} <= swept | with_others


DRAWN = {
    AccrualCourse: ACCRUAL,
    KaplanMeier: CURVE,
    ToxicityDots: HARM,
    MarkerCourses: BLOOD,
    CumulativeIncidence: INCIDENCE,
    StackedIncidence: INCIDENCE,
    Forest: RATIOS,
    ScaledResiduals: replace(RATIOS, endpoint="DEAD"),
}
AT = {"level": "grade>=2", "window": "early"}
ASKED = {"name": "f", "title": "F.", "sessions": ("only",), "width": "full"}
SHOWN = {"variables": ("LOGM",), "level": "grade>=3", "window": "late", "minimum": 0.6, "limit": 1, "x_label": "Weeks",
         "competing": True, "width": "column"}  # fmt: skip


def test_no_field_of_a_figure_is_left_out():
    told = {"name", "title", "number", "sessions", "analysis"}  # its place; the words are the caption's
    assert {field.name for kind in DRAWN for field in fields(kind)} == told | set(SHOWN)


def looks(figure):
    """What can be seen of a figure: its size, its words and its lines."""
    drawn = [line.get_xydata().tolist() for line in figure.findobj(Line2D)]
    return figure.get_size_inches().tolist(), [text.get_text() for text in figure.findobj(Text)], drawn


@pytest.mark.parametrize(
    ("kind", "field"), [(kind, field.name) for kind in DRAWN for field in fields(kind) if field.name in SHOWN]
)
def test_a_field_of_a_figure_is_seen(crowd, kind, field):
    spec = DRAWN[kind]
    if spec is HARM:
        spec = replace(HARM, windows=(EARLY, replace(EARLY, code="late", counting="onset-or-persistence")))
    base = kind(**ASKED, analysis=spec.id, **(AT if kind is ToxicityDots else {}))
    other = replace(base, **{field: SHOWN[field]})
    assert not display_faults({"figure": (base, replace(other, name="other"))}, (spec,), ())
    results = kind_of(spec).summarize(crowd, spec)
    assert looks(draw_figure(results, base, fonts=FONTS)) != looks(draw_figure(results, other, fonts=FONTS))


FOREST = Forest(**ASKED, analysis="ratios")


class TestStratifiedDisplay:
    """The stratified ratio of the arms is printed in the table and drawn in the forest, and says by what."""

    @pytest.fixture
    def results(self, crowd):
        return summarize_regression(crowd, replace(RATIOS, strata={"SEX": "sex", "STAGE9": "stage"},
                                                        subgroups=(Subgroup("SEX", "Sex", SEXES),)))  # fmt: skip

    def test_table(self, results):
        table = regression_table(results, ["ratios"])
        assert [cell.text for cell in table.spanners[1:]] == ["Unadjusted", "Stratified by sex and stage", "Adjusted"]
        (line,) = (row for row in table.rows if row.cells[0].text.startswith("Ex"))
        row = one(results, block="stratified", measure="hazard_ratio", stat="estimate", subgroup="all")
        assert format_number(row.value, "ratio", rounding="half-away") in line.cells[3].text
        assert (
            "Stratified: Cox regression of the arms, with a baseline hazard for each combination of"
            in table.notes[0].text
        )
        assert "Stratified by sex and stage p" in table.notes[0].text  # the test of proportional hazards

    def test_heading_over_several_analyses_is_true_of_each(self, crowd, results):
        """Strata of one analysis are not printed above another's numbers, nor lost where the first has none."""
        by_sex = summarize_regression(crowd, replace(RATIOS, id="by-sex", strata={"SEX": "sex"}))
        plain = summarize_regression(crowd, replace(RATIOS, id="plain"))
        table = regression_table(concat([results, by_sex]), ["ratios", "by-sex"])
        assert [cell.text for cell in table.spanners[1:]] == ["Unadjusted", "Stratified", "Adjusted"]
        assert "for each combination of sex and stage." in table.notes[0].text
        assert "for each value of sex." in table.notes[0].text
        table = regression_table(concat([plain, by_sex]), ["plain", "by-sex"])
        assert [cell.text for cell in table.spanners[1:]] == ["Unadjusted", "Stratified by sex", "Adjusted"]

    def test_subgroups_are_said_not_to_be(self, crowd, results):
        plain = summarize_regression(crowd, replace(RATIOS, subgroups=(Subgroup("SEX", "Sex", SEXES),)))
        told, before = (found.catalogue.analyses["ratios"].sentences["subgroups"] for found in (results, plain))
        assert told.startswith("Subgroups are neither adjusted nor stratified; interaction:")
        assert before.startswith("Subgroups are not adjusted; interaction:")
        at = {"measure": "hazard_ratio", "stat": "estimate", "subgroup": "SEX=F"}
        assert one(results, **at).value == one(plain, **at).value

    def test_forest(self, results):
        figure = draw_figure(results, FOREST, fonts=FONTS)
        found = {artist.get_gid(): artist for artist in figure.findobj() if artist.get_gid()}
        row = one(results, block="stratified", measure="hazard_ratio", stat="estimate", subgroup="all")
        assert found["ratio-X-stratified"].get_xdata()[0] == row.value
        assert found["estimate-X-stratified"].get_text() == format_number(row.value, "ratio", rounding="half-away")
        assert found["events-X-X-stratified"].get_text() == found["events-X-X-all"].get_text()
        written = " ".join(text.get_text() for text in figure.findobj(Text)).replace("\n", " ")
        assert "Stratified by sex and stage" in written
        caption = str(FOREST.caption(results, FOREST))
        assert "Unadjusted estimates; of all participants also stratified." in caption

    def test_without_strata_nothing_is_said_of_them(self, crowd):
        results = summarize_regression(crowd, RATIOS)
        assert "tratified" not in results_text(results) + canonical_text(results.catalogue.analyses["ratios"])
        caption = str(FOREST.caption(results, FOREST))
        assert "Unadjusted estimates. " in caption


def test_a_listing_shows_its_population(crowd):
    """Deaths of those who never started radiotherapy are in the listing of the enrolled only."""
    every, beam = (
        build_listing(crowd, replace(SERIOUS, kind="deaths", population=p), SECRET)[0] for p in ("EVERY", "BEAM")
    )
    adsl = crowd["adsl"]
    died = adsl["DTHDT"].notna()
    assert len(every.rows) == died.sum() > len(beam.rows) == (died & adsl["RTSTDT"].notna()).sum()


IDLE = [
    (replace(CURVE, test="none", strata={"SEX": "sex"}), "strata"),
    (replace(CURVE, test="none", rho=1.0), "rho"),
    (replace(CURVE, test="none", gamma=1.0), "gamma"),
    (replace(CURVE, test="trend"), "a grouping, whose order it follows, is required"),
    (replace(CURVE, test="trend", grouping=ByCharacteristic("SEX", SEXES)), "log-rank test"),
    (replace(CURVE, grouping=ByCharacteristic("SEX", {"F": "Women"})), "1 group to compare"),
    (replace(CURVE, conf_type="arcsin"), "conf_type"),
    (
        replace(CURVE, strata=("SEX",)),
        "strata is ('SEX',); columns of ADSL, each with its words inside a sentence, are",
    ),
    (replace(INCIDENCE, strata={"SEX": ""}), "strata is {'SEX': ''}; columns of ADSL, each with its words"),
    (replace(RATIOS, strata={"SEX": ""}), "strata is {'SEX': ''}; columns of ADSL, each with its words"),
    (replace(CURVE, landmarks=(6.0, 6.0)), "landmarks name a time twice"),
    (replace(FOLLOWED, conf_type="arcsin"), "conf_type"),
    (replace(INCIDENCE, gray=False, strata={"SEX": "sex"}), "strata"),
    (replace(INCIDENCE, conf_type="beta-product"), "conf_type"),
    (replace(RATIOS, **{**FINE_GRAY, "ties": "efron"}), "ties"),
    (replace(RATIOS, **{**FINE_GRAY, "ph_transform": "km"}), "ph_transform"),
    (replace(RATIOS, **{**FINE_GRAY, "course_knots": 3}), "course_knots"),
    (replace(RATIOS, **FINE_GRAY, strata={"SEX": "sex"}), "strata"),
    (replace(RATIOS, **FINE_GRAY, subgroups=(Subgroup("SEX", "Sex", SEXES),)), "subgroups"),
    (replace(RATIOS, course_knots=1), "course_knots"),
    (replace(RATIOS, covariates=(replace(AGE, floor=1.0),)), "floor"),
    (replace(RATIOS, covariates=(replace(AGE, scale="log2", floor=1.0, per=2.0),)), "per"),
    (replace(RATIOS, covariates=(Covariate("SEX", "Sex", "categorical", levels={"F": "Women"}),)), "levels"),
    (replace(BLOOD, markers=(LOG,)), "proportion"),
    (replace(BLOOD, markers=(VIRUS,), difference=""), "below_limit"),
    (replace(BLOOD, markers=(VIRUS,), below_limit=""), "difference"),
    (replace(BLOOD, visits=("V0",)), "difference"),
    (replace(WHO, characteristics=(SEX,)), "quantile_type"),
    (replace(WHO, characteristics=(replace(OLD, levels={"1": "One"}),)), "levels"),
    (replace(WHO, characteristics=(replace(OLD, blank="0"),)), "blank"),
    (replace(WHO, characteristics=(OLD, replace(SEX, show="mean"))), "show"),
    (replace(WHO, characteristics=(OLD, replace(SEX, style="decimal2"))), "style"),
    (replace(WHO, characteristics=(OLD, replace(SEX, unit="years"))), "unit"),
    (replace(WHO, characteristics=(OLD, replace(SEX, log_floor=1.0))), "log_floor"),
    (replace(HARM, windows=()), "no window"),
    (replace(HARM, windows=(replace(EARLY, counting="every", evaluable="everyone"),)), "period"),
    (replace(HARM, interval="exact"), "interval"),
    (replace(HARM, difference="exact"), "difference"),
    (replace(RESPONSE, rates=()), "denominators"),
    (replace(RESPONSE, denominators=()), "rates"),
    (replace(RESPONSE, confirmation=Confirmation(28, {}, "SD")), "confirmation"),
    (replace(RESPONSE, confirmation=Confirmation(28, {"CR": ("CR",)}, "CR")), "confirmation"),
    (replace(STATE, items=(replace(DIED, within=30),)), "within"),
    (replace(STATE, items=(replace(DIED, anchor="RTSTDT", value="Y"),)), "value"),
    (replace(STATE, items=(replace(DIED, blank_from="DTHDT"),)), "blank_from"),
    (replace(STATE, items=(replace(DIED, anchor="RTSTDT", within=9, blank_from="DTHDT"),)), "blank_from"),
    (replace(LIMITS, watches=(replace(WATCH, rows={**WATCH.rows, "arm": "X"}, without={"arm": "Y"}),)), "without"),
    (replace(LIMITS, watches=(replace(WATCH, direction="beside"),)), "direction"),
    (replace(BARS, responses=("CR",)), "responses"),
    (replace(SWIM, param="SUMDIAM"), "param"),
    (replace(SWIM, stopped_by=("NEW-THERAPY",)), "stopped_by"),
    (replace(ACCRUAL, sessions=()), "no session"),
]


@pytest.mark.parametrize(("spec", "told"), IDLE, ids=lambda value: value if isinstance(value, str) else "")
def test_a_choice_without_effect_is_refused(design, spec, told):
    faults = refused(design, spec)
    assert any(told in fault for fault in faults), faults


def without(spec, field):
    """The entry without a choice by which arms are compared, and without what the comparison estimates."""
    return replace(spec, **{field: ""}, **({"estimand": ""} if hasattr(spec, "estimand") else {}))


def faults_of_estimand(design, spec, **pooled):
    return [fault for fault in refused(design, spec, **pooled) if "estimand" in fault]


NOTHING_CONTRASTED = "estimand is 'unadjusted', but has no effect: it contrasts no arms"


@pytest.mark.parametrize("spec", [HARM, BLOOD, RESPONSE, CURVE, INCIDENCE], ids=lambda spec: spec.id)
def test_an_unadjusted_contrast_says_what_it_estimates(design, spec):
    one_arm = replace(design, arms=design.arms[:1], arm_rule={}, allocation="single-arm")
    assert not faults_of_estimand(design, spec)
    for other in ("", "conditional", "average"):
        (told,) = faults_of_estimand(design, replace(spec, estimand=other))
        assert told.endswith(f"estimand is {other!r}; one of unadjusted is required")
    for told in (*faults_of_estimand(one_arm, spec), *faults_of_estimand(design, spec, pooled={"only"})):
        assert told.endswith(NOTHING_CONTRASTED)
    assert faults_of_estimand(one_arm, spec)
    assert faults_of_estimand(design, spec, pooled={"only"})
    assert not faults_of_estimand(design, replace(spec, estimand=""), pooled={"only"})


def test_a_regression_says_whether_its_ratio_is_adjusted(design):
    plain, stratified = replace(RATIOS, covariates=()), replace(RATIOS, covariates=(), strata={"SEX": "sex"})
    assert not faults_of_estimand(design, RATIOS)
    assert not faults_of_estimand(design, stratified)
    assert not faults_of_estimand(design, replace(plain, estimand="unadjusted"))
    for spec, needed in ((RATIOS, "conditional"), (stratified, "conditional"), (plain, "unadjusted")):
        wrong = {"conditional": "unadjusted", "unadjusted": "conditional"}[needed]
        for other in ("", wrong):
            (told,) = faults_of_estimand(design, replace(spec, estimand=other))
            assert told.endswith(f"estimand is {other!r}; one of {needed} is required")
    one_arm = replace(design, arms=design.arms[:1], arm_rule={}, allocation="single-arm")
    assert not faults_of_estimand(one_arm, replace(RATIOS, estimand=""))
    assert faults_of_estimand(one_arm, RATIOS)


def test_three_arms_are_contrasted_by_tests_and_ratios_only(design):
    three = replace(design, arms=(*design.arms, Arm("Z", "Zed")))
    for spec in (CURVE, INCIDENCE, RATIOS):
        assert not faults_of_estimand(three, spec)
    for spec in (replace(CURVE, test="none"), replace(INCIDENCE, gray=False), replace(HARM, difference="")):
        (told,) = faults_of_estimand(three, spec)
        assert told.endswith(NOTHING_CONTRASTED)
        assert not faults_of_estimand(three, replace(spec, estimand=""))


def test_groups_that_are_no_arms_have_no_estimand(design):
    grouped = replace(CURVE, grouping=BY_STAGE)
    assert faults_of_estimand(design, grouped)
    assert not faults_of_estimand(design, replace(grouped, estimand=""))


def test_the_estimand_is_recorded_and_told_where_arms_are_contrasted(crowd):
    results = summarize_regression(crowd, RATIOS)
    assert results.catalogue.analyses["ratios"].choices["estimand"] == "conditional"
    told = conventions_in_force("half-away", results.catalogue.analyses.values(), known_conventions())
    assert [words["topic"] for words in told.values()].count("Estimand of an adjusted ratio") == 1
    harm = summarize_toxicity(crowd, HARM).catalogue
    assert harm.analyses["harm"].choices["estimand"] == "unadjusted"
    assert "estimand-unadjusted" in conventions_in_force("half-away", harm.analyses.values(), known_conventions())
    pooled = summarize_toxicity(replace(crowd, arms=()), replace(HARM, estimand="")).catalogue
    assert pooled.analyses["harm"].choices["estimand"] == ""
    assert not [
        key
        for key in conventions_in_force("half-away", pooled.analyses.values(), known_conventions())
        if "estimand" in key
    ]


def test_days_are_counted_from_a_date_that_has_words(design):
    mute = replace(design, periods=(), endpoints=(), primary="", words=Words())
    for spec, date in ((SERIOUS, "TRTSDT"), (BARS, "RTSTDT"), (RESPONSE, "RTENDT")):
        assert f"words.dates of the design has nothing for {date}, from which it counts days" in "".join(
            refused(mute, spec)
        )


PAIRED = [(HARM, "difference"), (WHO, "smd_denominator"), (BLOOD, "difference"), (RESPONSE, "difference"),
          (RATIOS, "reference"), (CURVE, "test"), (INCIDENCE, "gray")]  # fmt: skip


@pytest.mark.parametrize(("spec", "field"), PAIRED, ids=lambda value: value if isinstance(value, str) else "")
def test_what_compares_arms_needs_two(design, spec, field):
    one_arm = replace(design, arms=design.arms[:1], arm_rule={}, allocation="single-arm")
    assert any(fault.partition(": ")[2].startswith(f"{field} is") for fault in refused(one_arm, spec))
    assert not refused(design, spec)


@pytest.mark.parametrize(("spec", "field"), PAIRED[:4], ids=lambda value: value if isinstance(value, str) else "")
def test_what_compares_two_arms_has_no_use_with_three(design, spec, field):
    three = replace(design, arms=(*design.arms, Arm("Z", "Zed")))
    assert any(f"{field} is" in fault and "no two of three" in fault for fault in refused(three, spec))
    assert not refused(three, without(spec, field))


@pytest.mark.parametrize(
    ("spec", "field"),
    [
        (HARM, "difference"),
        (WHO, "smd_denominator"),
        (BLOOD, "difference"),
        (RESPONSE, "difference"),
        (RATIOS, "reference"),
    ],
)
def test_what_compares_arms_is_chosen_where_there_are_two(design, crowd, spec, field):
    other = without(spec, field)
    assert any(f"{field} is empty, but arms are compared" in fault for fault in refused(design, other))
    assert not refused(design, other, pooled={"only"})
    with pytest.raises(SpecError):
        kind_of(spec).summarize(crowd, other)


@pytest.mark.parametrize(("spec", "field"), [(CURVE, "test"), (INCIDENCE, "gray")])
def test_a_test_of_arms_needs_a_session_that_has_them(design, spec, field):
    assert any(f"{field} is" in fault for fault in refused(design, spec, pooled={"only"}))
    assert not refused(design, replace(spec, sessions=("only", "named")), pooled={"only"})
    grouped = replace(CURVE, grouping=BY_STAGE, estimand="")
    assert not refused(design, grouped, pooled={"only"})


@pytest.mark.parametrize(
    ("endpoint", "told"),
    [
        (replace(ENDS_IN, events=("LOCAL", "DEATH"), event_within_days=30), "event_within_days"),
        (replace(ENDS_IN, events=("LOCAL", "DEATH"), kinds_within_days=30), "kinds_within_days"),
        (replace(ENDS_IN, events=("DEATH",), clock="days"), "clock"),
        (replace(ENDS_IN, rules=(EventRule("LOCAL"),)), "asks for nothing"),
        (replace(ENDS_IN, rules=(EventRule("LOCAL", ("biopsy",), last=9),)), "last"),
    ],
)
def test_an_endpoint_says_nothing_in_vain(design, endpoint, told):
    faults = effect_faults(replace(design, endpoints=(*design.endpoints, endpoint)), (), (), ())
    assert len(faults) == 1
    assert told in faults[0]


def test_days_of_entry_need_a_column_that_has_them(design):
    frames = tuple(replace(frame, columns=tuple(c for c in frame.columns if c.name != "ENTRYDT" and not c.entered_on))
                   for frame in design.frames)  # fmt: skip
    assert not effect_faults(design, (), (), (), by_entry=True)
    assert any("snapshot" in f for f in effect_faults(replace(design, frames=frames), (), (), (), by_entry=True))


def test_an_endpoint_that_means_what_it_says(design):
    told = (
        replace(ENDS_IN, events=("LOCAL", "DISTANT"), kinds_within_days=30),
        replace(ENDS_IN, code="F", competing=("DISTANT",), event_within_days=30),
        replace(ENDS_IN, code="G", gap=Gap("RTENDT", ((1, 9),), 1)),
    )
    assert not effect_faults(replace(design, endpoints=told, primary=""), (), (), ())


@pytest.mark.parametrize(
    ("figure", "spec", "told"),
    [
        (ToxicityDots(**ASKED, analysis="harm", level="grade>=3", window="late"), HARM, "window"),
        (ToxicityDots(**ASKED, analysis="harm", level="grade>=9", window="early"), HARM, "level"),
        (MarkerCourses(**ASKED, analysis="blood", variables=("NONE",)), BLOOD, "NONE"),
        (CumulativeIncidence(**ASKED, analysis="curve"), CURVE, "kind survival"),
        (ScaledResiduals(**ASKED, analysis="ratios"), replace(RATIOS, course_knots=0), "knots"),
        (Spider(**ASKED, analysis="bars"), BARS, "kind best-change"),
        (KaplanMeier(**ASKED, analysis="harm"), HARM, "kind toxicity"),
        (ToxicityDots(**ASKED, analysis="curve", **AT), CURVE, "kind survival"),
        (replace(FOREST, sessions=()), RATIOS, "no session"),
    ],
)
def test_a_figure_draws_what_its_analysis_has(figure, spec, told):
    faults = display_faults({"figure": (figure,)}, (spec,), ())
    assert len(faults) == 1
    assert told in faults[0]


def test_a_plan_with_a_choice_without_effect_is_refused_in_one_message(plan):
    specs = (replace(CURVE, sessions=("end",), test="none", strata={"SEX": "sex"}), *plan.specs)
    with pytest.raises(
        SpecError, match=r"^plan: analysis curve: strata is \{'SEX': 'sex'\}, but has no effect: there is no test"
    ):
        replace(plan, specs=specs)
