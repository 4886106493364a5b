"""What the catalogue says of a declared family of adverse events."""

from __future__ import annotations

from npcstats.analyses.adjustment.outcomes import ABSENT_WORDS
from npcstats.analyses.adjustment.telling import adjustment_sentence, score_sentence
from npcstats.analyses.adjustment.weighing import LOST_WORDS
from npcstats.analyses.harms.rows import UNADJUSTED
from npcstats.analyses.harms.spec import HarmsSpec
from npcstats.derive import BEYOND_BASELINE, arm_pair, compared_words, counted_words, denominator_sentence
from npcstats.formatting import counted
from npcstats.results import Analysis
from npcstats.study import Study

_TESTS = {"fisher": "Fisher's exact test", "barnard": "Barnard's test", "boschloo": "Boschloo's test"}
_RATIO_LIMITS = {
    "katz-log": "Katz, on the logarithm",
    "koopman": "Koopman",
    "woolf-log": "Woolf, on the logarithm",
    "exact-conditional": "exact, given the margins",
}
_FAMILIES = {"benjamini-hochberg": "Benjamini and Hochberg", "holm": "Holm"}


def harms_analysis(study: Study, spec: HarmsSpec) -> Analysis:
    """Say what a family of adverse events is.

    Parameters
    ----------
    study : Study
        At its cut-off, arms named, masked or removed.
    spec : HarmsSpec
        As in the plan.

    Returns
    -------
    Analysis
        For the catalogue.
    """
    paired, item = bool(arm_pair(study)), spec.adjustment
    blocks = {UNADJUSTED: "Unadjusted"}
    if item:
        blocks[item.name] = f"{item.label}, {item.estimand.upper()}"
    return Analysis(
        spec.label,
        "harms",
        spec.status,
        spec.population,
        sentences=_sentences(study, spec, paired=paired),
        choices={
            "interval": spec.interval,
            "difference": spec.difference if paired else "",
            "risk_ratio": spec.risk_ratio if paired else "",
            "odds_ratio": spec.odds_ratio if paired else "",
            "exact_test": spec.test if paired else "",
            "multiplicity": spec.multiplicity if paired else "",
            "estimand": spec.estimand if paired else "",
            "conf_level": spec.conf_level,
            "minimum_events": spec.minimum_events,
        },
        labels={
            "block": blocks,
            "variable": {one.code: one.label for one in spec.outcomes},
            "window": {one.window.code: one.window.label for one in spec.outcomes},
            "level": {**ABSENT_WORDS, **LOST_WORDS},
        },
    )


def _sentences(study: Study, spec: HarmsSpec, *, paired: bool) -> dict[str, str]:
    sentences = {
        "family": f"A family of {counted(len(spec.outcomes), 'adverse event')}, declared in the plan.",
        "scale": f"Participants with the grade or worse ({', '.join(dict.fromkeys(o.scale for o in spec.outcomes))}).",
        "population": study.design.population(spec.population).definition,
    }
    beyond_baseline = {one.window.code for one in spec.outcomes if one.baseline_adjusted}
    everywhere = all(one.baseline_adjusted for one in spec.outcomes)
    for window in dict.fromkeys(one.window.code for one in spec.outcomes):
        of = next(one.window for one in spec.outcomes if one.window.code == window)
        period = f"{study.design.definition(study.design.period(of.period))} " if of.period else ""
        beyond = f" {BEYOND_BASELINE}" if window in beyond_baseline and not everywhere else ""
        sentences[f"period.{window}"] = f"{period}Counted: {counted_words(of)}. {denominator_sentence(of)}{beyond}"
    if everywhere:
        sentences["baseline"] = BEYOND_BASELINE
    sentences["interval"] = f"Confidence limits of a risk: {_titled(spec.interval)}."
    return sentences | (_compared(study, spec) if paired else {})


def _compared(study: Study, spec: HarmsSpec) -> dict[str, str]:
    sentences = {"difference": f"Limits of an unadjusted risk difference: {_titled(spec.difference)}."}
    if spec.risk_ratio:
        sentences["risk_ratio"] = f"Limits of an unadjusted risk ratio: {_titled(spec.risk_ratio)}."
    if spec.odds_ratio:
        sentences["odds_ratio"] = f"Limits of an unadjusted odds ratio: {_titled(spec.odds_ratio)}."
    if spec.test:
        name = _FAMILIES.get(spec.multiplicity, "")
        family = f"; those of the family by {name}" if name else ", not adjusted for the number of tests in the family"
        sentences["test"] = f"P-values of the unadjusted comparison: {_TESTS[spec.test]}{family}."
    untested = "" if spec.test else "No test is made. "
    sentences["multiplicity"] = f"{untested}Limits are not adjusted for the number of comparisons."
    if spec.adjustment:
        sentences["adjustment"] = adjustment_sentence(spec.adjustment)
        sentences["score"] = score_sentence(spec.adjustment)
        sentences["same"] = "All numbers of a line are of the same participants."
    else:
        sentences["adjustment"] = compared_words(study, spec.population).unadjusted
    return sentences


def _titled(method: str) -> str:
    return _RATIO_LIMITS.get(method) or method.title().replace("-", "–")
