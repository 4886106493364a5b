"""What is said of rates of adverse events: definitions, rules, methods, labels."""

from __future__ import annotations

from npcstats.analyses.rates.following import onset_window
from npcstats.analyses.rates.rows import AFTER_FOLLOW_UP, ALL, FIRST, UNDATED
from npcstats.analyses.rates.spec import RatesSpec
from npcstats.derive import BEYOND_BASELINE, OUTSIDE_WORDS, arm_pair, compared_words, counted_words
from npcstats.formatting import counted
from npcstats.results import Analysis
from npcstats.study import Study

DIFFERENCES = {
    "miettinen-nurminen": "the score limits of Miettinen and Nurminen",
    "wald": "Wald limits",
}
ROBUST = (
    "Rates of all events are over all time at risk; a record is an event, and their limits and comparisons allow for "
    "participants who have many (robust variance); those of rates and ratios are made on the logarithm."
)
POISSON = (
    "Rates of all events are over all time at risk; a record is an event, and their limits and comparisons take events "
    "of one participant as independent."
)
MEANS = {
    "censor": "Nelson's mean number of events per participant, of those still followed; death ends follow-up like "
    "anything else; robust variance (Lawless and Nadeau)",
    "ghosh-lin": "Mean number of events per participant, none coming after death (Ghosh and Lin); robust variance",
}
SCALES = {"plain": "on the untransformed scale, cut at 0", "log": "on the logarithmic scale"}


def describe_rates(study: Study, spec: RatesSpec) -> Analysis:
    """Say what the rates of an entry are.

    Parameters
    ----------
    study : Study
        At its cut-off.
    spec : RatesSpec
        As in the plan.

    Returns
    -------
    Analysis
        Sentences, choices and labels.
    """
    compared = arm_pair(study) is not None
    return Analysis(
        spec.label,
        "rates",
        spec.status,
        spec.population,
        sentences=_sentences(study, spec, compared),
        choices=_choices(study, spec, compared),
        labels=_labels(spec),
    )


def _sentences(study: Study, spec: RatesSpec, compared: bool) -> dict[str, str]:
    found = {
        "scale": f"Adverse events by grade ({spec.scale}).",
        "population": study.design.population(spec.population).definition,
    }
    for item in spec.periods:
        period = study.design.definition(study.design.period(item.period))
        found[f"period.{item.code}"] = f"{period} Counted: {counted_words(onset_window(item))}."
    if spec.baseline_adjusted:
        found["baseline"] = BEYOND_BASELINE
    found["exposure"] = _exposure_sentence(study, spec)
    found["first"] = (
        "Rates of first events are participants with an event over the time at risk until it; an event that began "
        "before the period is none of it, and leaves its participant at risk. Their limits are exact (Poisson)."
    )
    found["all"] = ROBUST if spec.recurrent == "robust" else POISSON
    if compared:
        found["difference"] = (
            f"Differences of rates of first events have {DIFFERENCES[spec.difference]}, ratios exact limits given the "
            "number of events; there is no ratio where an arm has no event."
        )
    if study.arms:
        found["adjustment"] = compared_words(study, spec.population).unadjusted
    if spec.courses:
        found["mean"] = f"{MEANS[spec.terminal]}, with pointwise confidence limits {SCALES[spec.conf_type]}."
        found["limit"] = (
            f"No mean is given beyond the last time with {counted(spec.minimum_at_risk, 'participant')} at risk; who "
            "has a shorter period is followed to its end."
        )
    return found


def _exposure_sentence(study: Study, spec: RatesSpec) -> str:
    last = [study.design.words.assessments.get(kind, kind) for kind in spec.assessments]
    until = f"on the latest of {', '.join(last)} and the onset of the last adverse event"
    rule = until if spec.followed_until == "last-assessment" else "at the cut-off"
    return (
        "Time at risk is counted in days, the first and the last included, and in years of 365.25 days. It ends with "
        "the period, with death, on the day of leaving the trial or, of who is alive, "
        f"{rule}, whichever is first."
    )


def _choices(study: Study, spec: RatesSpec, compared: bool) -> dict[str, str | float | int | bool]:
    found: dict[str, str | float | int | bool] = {
        "rate": spec.rate,
        "rate_difference": spec.difference if compared else "",
        "rate_ratio": spec.ratio if compared else "",
        "recurrent": spec.recurrent,
        "terminal": spec.terminal,
        "estimand": spec.estimand if compared else "",
        "conf_level": spec.conf_level,
        "per": float(spec.per),
    }
    for course in spec.courses:
        period = study.design.period(next(item.period for item in spec.periods if item.code == course.period))
        zero = study.design.words.dates.get(period.start, "") if not period.start_day else ""
        found[f"origin.{course.code}"] = zero or "the first day of the period"
    return found


def _labels(spec: RatesSpec) -> dict[str, dict[str, str]]:
    return {
        "window": {item.code: item.label for item in spec.periods},
        "variable": {events.code: events.label for item in spec.periods for events in item.events},
        "block": {item.code: item.label for item in spec.courses},
        "level": {
            FIRST: "First events",
            ALL: "All events",
            AFTER_FOLLOW_UP: "after the end of follow-up",
            UNDATED: "without a date of onset",
            **OUTSIDE_WORDS,
        },
    }
