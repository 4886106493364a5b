"""Does every choice of a plan have an effect? What has none is refused, for it would be signed as if it had been made.

Knows every kind of entry and which of its fields stand idle beside the others, in a trial of this design and in
sessions of these arms; knows no data.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import chain
from typing import Any

from npcstats.analyses.baseline.summary import BaselineSpec, Characteristic
from npcstats.analyses.biomarker.summary import BiomarkerSpec, biomarker_faults, biomarker_idle
from npcstats.analyses.conduct.status import StatusItem, StatusSpec
from npcstats.analyses.courses.summary import CourseSpec
from npcstats.analyses.incidence.summary import IncidenceSpec, incidence_faults
from npcstats.analyses.regression.summary import RegressionSpec, covariate_idle, regression_faults, regression_idle
from npcstats.analyses.response.summary import BestResponseSpec, Confirmation, ResponseSpec
from npcstats.analyses.survival.summary import (
    FollowUpSpec,
    SurvivalSpec,
    follow_up_faults,
    survival_faults,
    survival_idle,
)
from npcstats.analyses.thresholds.summary import DIRECTIONS, ThresholdSpec, Watch
from npcstats.analyses.toxicity.summary import BANDS, ToxicitySpec, ToxicityWindow
from npcstats.choices import choice_faults, idle_faults
from npcstats.display.spec import ANALYSIS_KINDS, FigureSpec
from npcstats.estimators.proportions import DIFFERENCES, PROPORTIONS
from npcstats.schema import Schema
from npcstats.study import DEATH, ENTERED, Design, Endpoint, EventRule

ONE_ARM = "the design has one arm"
NO_ARMS = "arms are not told apart in any of its sessions"
NO_PAIR = "no two of three arms and more are compared"
Idle = dict[str, str]


def effect_faults(
    design: Design,
    specs: Sequence[Any],
    listings: Sequence[Any],
    figures: Sequence[FigureSpec],
    pooled: Collection[str],
    *,
    by_entry: bool = False,
) -> list[str]:
    """Faults of a plan's entries: choices without effect, and choices outside their closed sets.

    Parameters
    ----------
    design : Design
        The trial.
    specs, listings : sequence
        Analyses and listings of the plan.
    figures : sequence of FigureSpec
        Its figures.
    pooled : collection of str
        Codes of the sessions that have no arms.
    by_entry : bool
        Whether a snapshot honours the days on which records were entered.

    Returns
    -------
    list of str
        A clause for each, with the entry's id.
    """
    faults = [f"endpoint {item.code}: {fault}" for item in design.endpoints
              for fault in _endpoint_faults(item, set(design.relapses))]  # fmt: skip
    for spec in (*specs, *listings):
        arms = len(design.arms) > 1 and not set(spec.sessions) <= set(pooled)
        faults += [f"analysis {spec.id}: {fault}" for fault in _spec_faults(spec, design, arms)]
    if by_entry and not any(map(_has_entry, design.frames)):
        faults.append(f"snapshot has no effect on days of entry: no frame has {ENTERED}")
    analyses = {spec.id: spec for spec in (*specs, *listings)}
    for figure in figures:
        faults += [f"figure {figure.name}: {fault}" for fault in _figure_faults(figure, analyses.get(figure.analysis))]
    return faults


def _has_entry(schema: Schema) -> bool:
    return any(column.name == ENTERED or column.entered_on for column in schema.columns)


def _spec_faults(spec: Any, design: Design, arms: bool) -> list[str]:
    """Faults of one entry, `arms` telling whether any of its sessions has arms to compare."""
    faults = [] if spec.sessions else ["it is for no session, so nothing comes of it; a session is required"]
    kind = type(spec)
    if kind in _CHECKS:
        faults += _CHECKS[kind](spec)
    if kind in _IDLE:
        faults += idle_faults(spec, _IDLE[kind](spec))
    if len(design.arms) < 2:
        faults += idle_faults(spec, dict.fromkeys(_OF_PAIRS.get(kind, ()), ONE_ARM))
    elif not arms:
        faults += idle_faults(spec, dict.fromkeys(_OF_ARMS.get(kind, ()), NO_ARMS))
    elif len(design.arms) > _PAIR:
        faults += idle_faults(
            spec, dict.fromkeys((name for name in _OF_PAIRS.get(kind, ()) if name in _OF_TWO), NO_PAIR)
        )
    if arms:
        faults += _needed_faults(spec, design)
    if isinstance(spec, SurvivalSpec) and spec.grouping is None and not arms and spec.test != "none":
        faults += idle_faults(spec, {"test": ONE_ARM if len(design.arms) < 2 else NO_ARMS})
    return faults


def _needed_faults(spec: Any, design: Design) -> list[str]:
    """Faults of choices that are left empty although arms are compared by them."""
    kind = type(spec)
    idle = _IDLE[kind](spec) if kind in _IDLE else {}
    several = isinstance(spec, RegressionSpec)
    names = ("reference",) if several else _OF_TWO if len(design.arms) == _PAIR else ()
    needed = [name for name in names if name in _OF_PAIRS.get(kind, ()) and name not in idle]
    return [
        f"{name} is empty, but arms are compared; a choice is required" for name in needed if not getattr(spec, name)
    ]


_PAIR = 2
_OF_TWO = ("difference", "smd_denominator")
# What compares two arms, and is required of a design of two; and what is left out by saying so.
_OF_PAIRS: dict[type, tuple[str, ...]] = {
    BaselineSpec: ("smd_denominator",),
    ToxicitySpec: ("difference",),
    BiomarkerSpec: ("difference",),
    ResponseSpec: ("difference",),
    BestResponseSpec: ("difference",),
    IncidenceSpec: ("gray",),
    RegressionSpec: ("reference", "subgroups", "course_knots"),
}
_OF_ARMS: dict[type, tuple[str, ...]] = {IncidenceSpec: ("gray",), RegressionSpec: ("subgroups",)}


# Entries of one kind --------------------------------------------------------------------------------------------------


def _baseline_idle(spec: BaselineSpec) -> Idle:
    if any(item.scale == "continuous" for item in spec.characteristics):
        return {}
    return {"quantile_type": "no characteristic is continuous"}


def _baseline_checks(spec: BaselineSpec) -> list[str]:
    return _within((item.column, item, _characteristic_idle(item)) for item in spec.characteristics)


def _characteristic_idle(item: Characteristic) -> Idle:
    if item.scale == "continuous":
        return dict.fromkeys(("levels", "blank"), "it is continuous")
    return dict.fromkeys(("show", "style", "unit", "log_floor"), "it is categorical")


def _toxicity_checks(spec: ToxicitySpec) -> list[str]:
    found = _within((window.code, window, _window_idle(window)) for window in spec.windows)
    if not spec.windows:
        found.append("it has no window, so nothing is counted; one is required")
    return found + choice_faults(spec, "interval", PROPORTIONS) + choice_faults(spec, "difference", (*DIFFERENCES, ""))


def _window_idle(window: ToxicityWindow) -> Idle:
    idle = {} if window.where else {"events": "no event is left out by where"}
    if (window.counting, window.evaluable) == ("every", "everyone"):
        idle["period"] = "every event counts, and everyone"
    return idle


def _response_idle(spec: ResponseSpec) -> Idle:
    if not spec.rates:
        return dict.fromkeys(("denominators", "interval", "difference"), "there is no rate")
    return {} if spec.denominators else dict.fromkeys(("rates", "interval", "difference"), "there is no denominator")


def _response_checks(spec: ResponseSpec) -> list[str]:
    faults = _confirmation_faults(spec.confirmation) if spec.confirmation else []
    if spec.rates and spec.denominators:
        faults += choice_faults(spec, "interval", PROPORTIONS) + choice_faults(spec, "difference", (*DIFFERENCES, ""))
    return faults


def _confirmation_faults(rule: Confirmation) -> list[str]:
    if not rule.by:
        return ["confirmation has no effect: no class needs it; classes in `by`, or None, are required"]
    if rule.otherwise in rule.by:
        return [f"confirmation of {rule.otherwise} has no effect: unconfirmed it counts as itself"]
    return []


def _survival_checks(spec: SurvivalSpec) -> list[str]:
    return survival_faults(spec) + _repeated(spec)


def _incidence_checks(spec: IncidenceSpec) -> list[str]:
    return incidence_faults(spec) + _repeated(spec)


def _repeated(spec: SurvivalSpec | IncidenceSpec) -> list[str]:
    times = {"landmarks": spec.landmarks, "ticks": spec.ticks}
    return [f"{name} name a time twice; each once is required" for name, found in times.items()
            if len(set(found)) < len(found)]  # fmt: skip


def _incidence_idle(spec: IncidenceSpec) -> Idle:
    return {} if spec.gray else {"strata": "there is no test"}


def _regression_checks(spec: RegressionSpec) -> list[str]:
    return regression_faults(spec) + _within((item.column, item, covariate_idle(item)) for item in spec.covariates)


def _status_checks(spec: StatusSpec) -> list[str]:
    return _within((item.code, item, _item_idle(item)) for item in spec.items)


def _item_idle(item: StatusItem) -> Idle:
    if item.anchor:
        return dict.fromkeys(("value", "blank_from"), "a date is compared with a date, not with a text")
    idle = {"within": "there is no anchor from which days are counted"}
    return idle if item.value else {**idle, "blank_from": "there is no value that a blank counts as"}


def _threshold_checks(spec: ThresholdSpec) -> list[str]:
    faults = _within((watch.id, watch, _watch_idle(watch)) for watch in spec.watches)
    return faults + [f"{watch.id}: {fault}" for watch in spec.watches for fault in
                     choice_faults(watch, "direction", DIRECTIONS)]  # fmt: skip


def _watch_idle(watch: Watch) -> Idle:
    """Without what is selected by another value of the same column, or by the same."""
    settled = [name for name in watch.without if name in watch.rows]
    return {"without": f"rows settle {', '.join(settled)}"} if settled else {}


def _course_idle(spec: CourseSpec) -> Idle:
    if spec.kind == "courses":
        return dict.fromkeys(("param", "stopped_by"), "no sum of diameters is drawn")
    return {"responses": "no response is drawn"}


def _endpoint_faults(item: Endpoint, relapses: set[str]) -> list[str]:
    idle = {} if item.param else {"clock": "the endpoint is derived, not taken from adtte"}
    rival = relapses & {*item.competing, *item.censored_by}
    kinds = [kind for kind in item.events if kind.partition(":")[0] != DEATH]
    if not rival and not (len(kinds) > 1 and relapses & set(kinds)):
        idle["simultaneous_days"] = "no relapse can be simultaneous with another end of the endpoint"
    rules = _within((f"rule of {rule.kind}", rule, _rule_idle(rule)) for rule in item.rules)
    empty = [f"rule of {rule.kind}: has no effect: it asks for nothing" for rule in item.rules
             if not rule.confirmed_by and not rule.anchor]  # fmt: skip
    return idle_faults(item, idle) + rules + empty


def _rule_idle(rule: EventRule) -> Idle:
    return {} if rule.anchor else dict.fromkeys(("first", "last"), "there is no anchor from which days are counted")


# Figures --------------------------------------------------------------------------------------------------------------


def _figure_faults(figure: FigureSpec, spec: Any) -> list[str]:
    """Faults of a figure beside the analysis that it draws."""
    faults = [] if figure.sessions else ["it is for no session, so it is not drawn; a session is required"]
    if isinstance(spec, ToxicitySpec) and figure.kind == "toxicity-dot":
        bands = [f"grade>={band}" for band in BANDS]
        faults += choice_faults(figure, "window", [window.code for window in spec.windows])
        faults += choice_faults(figure, "level", bands)
    if isinstance(spec, BiomarkerSpec) and figure.kind == "biomarker":
        known = [marker.code for marker in spec.markers]
        faults += [
            f"it draws {name}, which is no marker of {spec.id}" for name in figure.variables if name not in known
        ]
    if isinstance(spec, RegressionSpec) and figure.kind == "proportional-hazards" and not spec.course_knots:
        faults.append(f"it draws a course that {spec.id} has not; course_knots of 2 or more are required")
    wanted = _KINDS.get(type(spec))
    if wanted and ANALYSIS_KINDS[figure.kind] != wanted:
        faults.append(f"it draws {ANALYSIS_KINDS[figure.kind]}, but {spec.id} is of kind {wanted}")
    if isinstance(spec, CourseSpec) and ANALYSIS_KINDS[figure.kind] != spec.kind:
        faults.append(f"it draws {ANALYSIS_KINDS[figure.kind]}, but {spec.id} is of kind {spec.kind}")
    return faults


_KINDS: dict[type, str] = {
    SurvivalSpec: "survival",
    IncidenceSpec: "incidence",
    RegressionSpec: "regression",
    ToxicitySpec: "toxicity",
    BiomarkerSpec: "biomarker",
}


def _within(parts: Iterable[tuple[str, object, Idle]]) -> list[str]:
    """Idle fields of the parts of an entry, each fault after the part's name."""
    return list(
        chain.from_iterable([f"{name}: {fault}" for fault in idle_faults(part, idle)] for name, part, idle in parts)
    )


_CHECKS: dict[type, Callable[[Any], list[str]]] = {
    BaselineSpec: _baseline_checks,
    ToxicitySpec: _toxicity_checks,
    BiomarkerSpec: biomarker_faults,
    ResponseSpec: _response_checks,
    SurvivalSpec: _survival_checks,
    FollowUpSpec: follow_up_faults,
    IncidenceSpec: _incidence_checks,
    RegressionSpec: _regression_checks,
    StatusSpec: _status_checks,
    ThresholdSpec: _threshold_checks,
}
_IDLE: dict[type, Callable[[Any], Idle]] = {
    BaselineSpec: _baseline_idle,
    BiomarkerSpec: biomarker_idle,
    ResponseSpec: _response_idle,
    SurvivalSpec: survival_idle,
    IncidenceSpec: _incidence_idle,
    RegressionSpec: regression_idle,
    CourseSpec: _course_idle,
}
