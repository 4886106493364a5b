"""A choice without effect is refused when the plan is read: each row of `IDLE` is one that no plan takes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from entries import (
    ACCRUAL,
    AGE,
    ASKED,
    BARS,
    BLOOD,
    CURVE,
    DIED,
    EARLY,
    FINE_GRAY,
    FOLLOWED,
    HARM,
    INCIDENCE,
    LIMITS,
    LOG,
    OLD,
    RATIOS,
    RESPONSE,
    SERIOUS,
    SEX,
    SEXES,
    STATE,
    SWIM,
    VIRUS,
    WATCH,
    WHO,
    refused,
)

from npcstats.analyses.adjustment.spec import Covariate
from npcstats.analyses.biomarker.displays import MarkerCourses
from npcstats.analyses.courses.displays import Spider
from npcstats.analyses.incidence.displays import CumulativeIncidence
from npcstats.analyses.regression.displays import Forest, ScaledResiduals
from npcstats.analyses.regression.spec import Subgroup
from npcstats.analyses.response.spec import Confirmation
from npcstats.analyses.survival.displays import KaplanMeier
from npcstats.analyses.timetoevent.groups import ByCharacteristic
from npcstats.analyses.toxicity.displays import ToxicityDots
from npcstats.errors import SpecError
from npcstats.run.displays import display_faults
from npcstats.run.effects import effect_faults
from npcstats.study import Endpoint, EventRule, Gap, Words

ENDS_IN = Endpoint("E", "E", "RTSTDT", events=("LOCAL",), censor_at=("LOCOREGIONAL",))
AT = {"level": "grade>=2", "window": "early"}
FOREST = Forest(**ASKED, analysis="ratios")
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


def test_days_are_counted_from_a_date_that_has_words(design):
    mute = replace(design, periods=(), endpoints=(), primary="", words=Words())
    for spec, date in ((SERIOUS, "TRTSDT"), (BARS, "RTSTDT"), (RESPONSE, "RTENDT")):
        assert f"words.dates of the design has nothing for {date}, from which it counts days" in "".join(
            refused(mute, spec)
        )


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
