"""What the catalogue says of stopping rules."""

from __future__ import annotations

from npcstats.analyses.stopping.rows import BETA_BINOMIAL, MET, REPEATED_TESTS, VERDICTS, criterion_choice
from npcstats.analyses.stopping.spec import (
    Alert,
    BetaBinomial,
    Criterion,
    Every,
    Graded,
    Reached,
    RepeatedTests,
    StoppingRule,
    StoppingSpec,
)
from npcstats.derive import BEYOND_BASELINE, OUTSIDE_WORDS, denominator_sentence
from npcstats.formatting import ROUNDINGS, Rounding, format_number
from npcstats.results import Analysis
from npcstats.study import Study

GUIDELINE = "A rule that is met calls for a discussion; it decides nothing by itself."
ORDER = (
    "Participants stand in the order of the first day of their period; a look is after so many of them whose period is "
    "complete."
)
EARLY = (
    "Complete: through the period. Who has the event before is not counted yet, for who will not have it is not known "
    "so soon."
)
EXACT_SENTENCE = (
    "Characteristics: exact, from all outcomes, if everyone had the true rate, each were observed at once, and the "
    "trial ended with the first look at which the rule is met, or with the last."
)


def stopping_analysis(study: Study, spec: StoppingSpec) -> Analysis:
    """Say what stopping rules are.

    Parameters
    ----------
    study : Study
        At its cut-off, arms named, masked or removed.
    spec : StoppingSpec
        As in the plan.

    Returns
    -------
    Analysis
        For the catalogue.
    """
    return Analysis(
        spec.label,
        "stopping",
        spec.status,
        spec.population,
        sentences=_sentences(study, spec),
        choices={
            "interval": spec.interval,
            "conf_level": spec.conf_level,
            "trials": spec.trials,
            **{criterion_choice(rule.code): _criterion(rule.criterion) for rule in spec.rules},
        },
        labels={
            "variable": {rule.code: rule.label for rule in spec.rules},
            "window": {rule.window.code: rule.window.label for rule in spec.rules},
            "level": dict(OUTSIDE_WORDS),
            MET: dict(VERDICTS),
        },
    )


def _criterion(criterion: Criterion) -> str:
    return BETA_BINOMIAL if isinstance(criterion, BetaBinomial) else REPEATED_TESTS


def _sentences(study: Study, spec: StoppingSpec) -> dict[str, str]:
    assert study.rounding in ROUNDINGS  # of the plan
    told = {"guideline": GUIDELINE, "population": study.design.population(spec.population).definition}
    for rule in spec.rules:
        told[f"toxicity.{rule.code}"] = _toxicity_words(study, rule)
    assert study.rounding in ROUNDINGS  # of the plan
    windows = {rule.window.code: rule.window for rule in spec.rules}
    for code, window in windows.items():
        told[f"period.{code}"] = study.design.definition(study.design.period(window.period))
    told["denominator"] = denominator_sentence(spec.rules[0].window)
    told["early"] = EARLY
    parts = [part for rule in spec.rules for part in rule.parts]
    if spec.baseline_adjusted and any(isinstance(part, Graded) for part in parts):
        told["baseline"] = BEYOND_BASELINE
    for rule in spec.rules:
        told[f"rule.{rule.code}"] = f"{rule.label}: {_rule_words(rule, study.rounding)}."
        if rule.alert:
            told[f"alert.{rule.code}"] = _alert_words(rule.alert, study.rounding)
    told["interval"] = f"Confidence limits of a share: {spec.interval.title().replace('-', '–')}."
    told["order"] = ORDER
    told["characteristics"] = EXACT_SENTENCE
    if spec.trials:
        trials = f"{spec.trials:,}".replace(",", "\u202f")
        told["simulated"] = f"Beside them the same from {trials} simulated trials at each rate."
    return told


def _toxicity_words(study: Study, rule: StoppingRule) -> str:
    unknown = any(isinstance(part, Reached) for part in rule.parts)
    missing = "; an amount that is not known does not count" if unknown else ""
    return f"{rule.label}: {rule.definition}{missing}."


def _rule_words(rule: StoppingRule, rounding: Rounding) -> str:
    criterion = rule.criterion
    limit = f"{_percent(criterion.limit, rounding)}%"
    if isinstance(criterion, RepeatedTests):
        alpha = _percent(criterion.alpha, rounding)
        return (
            f"met at a look by a repeated exact test of a rate of {limit}, ever with a probability of at most {alpha}% "
            f"at that rate (boundary of shape {criterion.shape:g}); {_looks_words(rule)}"
        )
    first, second = criterion.prior
    return (
        f"met from a posterior probability of {_percent(criterion.threshold, rounding)}% that the rate is above "
        f"{limit} (prior beta {first:g}, {second:g}); {_looks_words(rule)}"
    )


def _looks_words(rule: StoppingRule) -> str:
    if isinstance(rule.looks, Every):
        return f"looks after every {rule.looks.step} participants up to {rule.looks.last}"
    *others, last = (f"{look}" for look in rule.looks)
    return f"looks after {', '.join(others)} and {last} participants" if others else f"one look, after {last}"


def _alert_words(alert: Alert, rounding: Rounding) -> str:
    target, low, high = (f"{_percent(rate, rounding)}%" for rate in (alert.target, alert.low, alert.high))
    return (
        f"Alert: raised from the share at which an optimal interval design of target {target} ({low} to {high}) lowers "
        "a dose; it is no stopping rule."
    )


def _percent(value: float, rounding: Rounding) -> str:
    whole = abs(100 * value - round(100 * value)) < 1e-9
    return format_number(value, "percent0" if whole else "percent1", rounding=rounding)
