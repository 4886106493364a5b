"""What is said of supportive care: what counts, of whom, and by which conventions."""

from __future__ import annotations

from npcstats.analyses.care.landmarks import months_days
from npcstats.analyses.care.rows import DIED, ENDED, OFF_DAYS, OPEN, amounts_line, before_line, months_line, since_line
from npcstats.analyses.care.spec import CareItem, CareSpec
from npcstats.derive import OUTSIDE_WORDS, arm_pair, denominator_sentence
from npcstats.formatting import counted, format_time
from npcstats.results import AT_TIMES, CURVE, Analysis, Choice
from npcstats.study import Study

COUNTED = {
    "onset": "what began in the period",
    "onset-or-persistence": "what began in the period or was in place in it",
    "every": "whatever is recorded, whenever it began",
}
AT_DEATH = {
    "ends": "it ends when it is over or at death",
    "censors": "it ends when it is over; who died with it in place is censored at death",
}
UNADJUSTED = "Not adjusted for baseline differences or for multiplicity."


def care_analysis(study: Study, spec: CareSpec) -> Analysis:
    """Words of an analysis of supportive care.

    Parameters
    ----------
    study : Study
        At its cut-off.
    spec : CareSpec
        Of the plan.

    Returns
    -------
    Analysis
        Sentences, choices and labels.
    """
    pair, lasting = arm_pair(study), any(item.lasting for item in spec.items)
    sentences = {
        "population": study.design.population(spec.population).definition,
        "courses": "Records that overlap, or of which one begins on the last day of another, are counted as one.",
        **_item_sentences(spec),
        **_window_sentences(study, spec),
        **_time_sentences(study, spec, lasting=lasting),
        "interval": f"Confidence limits of a share: {spec.interval.title().replace('-', '–')}.",
    }
    if pair:
        sentences["difference"] = f"Limits of a risk difference: {spec.difference.title()}."
        sentences["adjustment"] = UNADJUSTED
    choices: dict[str, Choice] = {
        "interval": spec.interval,
        "difference": spec.difference if pair else "",
        "estimand": spec.estimand if pair else "",
        "quantile_type": spec.quantile_type,
        **({"conf_type": spec.conf_type, "at_death": spec.at_death} if lasting else {}),
        "origin_label": study.design.words.dates.get(spec.origin, ""),
        CURVE: AT_TIMES,
    }
    labels = {
        "block": {item.code: item.label for item in spec.items},
        "level": {**OUTSIDE_WORDS, **OFF_DAYS, ENDED: "ended", DIED: "in place at death", OPEN: "still in place"},
        "window": {window.code: window.label for window in spec.windows},
        "variable": _variables(study, spec),
    }
    return Analysis(spec.label, "care", spec.status, spec.population, sentences, choices, labels)


def _variables(study: Study, spec: CareSpec) -> dict[str, str]:
    """What lines of a table are called, by code of the line and the item."""
    words = {}
    for item in spec.items:
        if item.amounts:
            words[amounts_line(item.code)] = item.amounts
        if item.before:
            words[before_line(item.code)] = f"first begun before {_date(study, item.before)}"
            words[since_line(item.code)] = "first begun on that day or later"
        if item.months:
            words[months_line(item.code)] = f"after {_date(study, spec.since)}"
    return words


def _date(study: Study, column: str) -> str:
    return study.design.words.dates.get(column, column)


def _item_sentences(spec: CareSpec) -> dict[str, str]:
    counted_on = _named(spec, "counted")
    not_counted = _named(spec, "not counted")
    told = {}
    if counted_on:
        told["last_day"] = f"The last day of a record is a day with it: {counted_on}."
    if not_counted:
        told["last_day_not"] = f"The last day of a record is no longer a day with it: {not_counted}."
    for item in spec.items:
        if item.least_days:
            told[f"least.{item.code}"] = f"{item.label}: {counted(item.least_days, 'day')} or more."
    return told


def _named(spec: CareSpec, last_day: str) -> str:
    names = [_lower(item) for item in spec.items if item.last_day == last_day]
    return ", ".join(names)


def _lower(item: CareItem) -> str:
    words = item.label
    return words[:1].lower() + words[1:] if words[1:2].islower() else words


def _window_sentences(study: Study, spec: CareSpec) -> dict[str, str]:
    """What periods are, what counts in each, and who is in its denominator; rules of several periods once."""
    told = {
        f"period.{window.code}": study.design.definition(study.design.period(window.period))
        for window in spec.windows
        if window.period
    }
    for rule, names in _by_rule(spec, "counting").items():
        told[f"counted_{rule}"] = f"Counted{names}: {COUNTED[rule]}."
    for rule, names in _by_rule(spec, "evaluable").items():
        window = next(window for window in spec.windows if window.evaluable == rule)
        told[f"denominator_{rule}"] = denominator_sentence(window).replace("Denominator", f"Denominator{names}", 1)
    return told


def _by_rule(spec: CareSpec, rule: str) -> dict[str, str]:
    """Names of the windows that have each value of a rule, in brackets; empty where all have the same."""
    found: dict[str, list[str]] = {}
    for window in spec.windows:
        found.setdefault(getattr(window, rule), []).append(window.label.lower())
    return {value: f" ({', '.join(names)})" if len(found) > 1 else "" for value, names in found.items()}


def _time_sentences(study: Study, spec: CareSpec, *, lasting: bool) -> dict[str, str]:
    told = {}
    months = sorted({time for item in spec.items for time in item.months})
    if months:
        days = ", ".join(f"{format_time(time)} months is day {months_days(time)}" for time in months)
        told["months"] = (
            f"In place so long after {_date(study, spec.since)} ({days}): of those alive then and known to be alive on "
            "that day or later."
        )
    if lasting:
        told["duration"] = (
            f"Duration of the first course of everyone with any, their period complete or not, in days, by "
            f"Kaplan–Meier: {AT_DEATH[spec.at_death]}; what is still in "
            "place is censored on the last day known."
        )
    for item in spec.items:
        if item.weekly:
            last = "a day with it" if item.last_day == "counted" else "no longer a day with it"
            told[f"weekly.{item.code}"] = (
                "At each week: of those alive then and known to be alive on that day or later; the last day of a "
                f"record is {last}. No share is given where fewer than "
                f"{counted(spec.minimum_followed, 'participant')} are followed."
            )
    return told
