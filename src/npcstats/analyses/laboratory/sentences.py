"""The words of laboratory toxicity in the catalogue: definitions, denominators, methods, labels."""

from __future__ import annotations

from npcstats.analyses.laboratory.rows import (
    BANDS,
    BLOCKS,
    COMPARED_LABELS,
    STATE_LABELS,
    band_level,
)
from npcstats.analyses.laboratory.spec import LaboratoryParameter, LaboratorySpec
from npcstats.derive import (
    FIRST_DAY_SENTENCE,
    OUTSIDE_WORDS,
    GradeWindow,
    arm_pair,
    denominator_sentence,
)
from npcstats.formatting import format_unit
from npcstats.results import Analysis
from npcstats.study import Study

WITHOUT_BASELINE = {
    "grade-0": "A participant without a value at baseline counts as of grade 0 then.",
    "excluded": "Participants without a value at baseline are outside this denominator.",
}

NOT_COMPARED = {
    "grade-0": WITHOUT_BASELINE["grade-0"],
    "excluded": "Values of a participant without one at baseline need not be reported.",
}


def describe(study: Study, spec: LaboratorySpec) -> Analysis:
    """Say what an analysis of laboratory toxicity is.

    Parameters
    ----------
    study : Study
        Its design and arms.
    spec : LaboratorySpec
        Of the plan.

    Returns
    -------
    Analysis
        Entry of the catalogue.
    """
    compared = bool(arm_pair(study))
    return Analysis(
        spec.label,
        "laboratory",
        spec.status,
        spec.population,
        sentences=_sentences(study, spec, compared=compared),
        choices={
            "interval": spec.interval,
            "difference": spec.difference if compared else "",
            "estimand": spec.estimand if compared else "",
            "conf_level": spec.conf_level,
            "quantile_type": spec.quantile_type,
            "conf_type": spec.conf_type,
            **{f"style.{item.code}": item.style for item in spec.parameters},
        },
        labels={
            "block": BLOCKS,
            "variable": {item.code: item.label for item in spec.parameters},
            "level": {band_level(band): f"Grade ≥ {band}" for band in BANDS} | STATE_LABELS | OUTSIDE_WORDS,
            "measure": COMPARED_LABELS,
            "window": {window.code: window.label for window in spec.windows},
        },
        units={item.code: item.unit for item in spec.parameters},
    )


def _sentences(study: Study, spec: LaboratorySpec, *, compared: bool) -> dict[str, str]:
    told = {
        "scale": f"Laboratory values graded by CTCAE version {spec.version}; what only a clinician can grade is not in "
        "it.",
        "limits": "Limits of normal: " + "; ".join(_limit_words(item) for item in spec.parameters) + ".",
        "population": study.design.population(spec.population).definition,
    }
    for window in spec.windows:
        rule = GradeWindow(window.code, window.label, window.period, "onset", window.evaluable)
        told[f"period.{window.code}"] = study.design.definition(study.design.period(window.period))
        told[f"denominator.{window.code}"] = denominator_sentence(rule)
    told["baseline"] = FIRST_DAY_SENTENCE
    told["unknown"] = (
        "Where a limit that decides is missing, or a value at baseline by which the term is graded too, the grade is "
        "unknown and not taken for 0."
    )
    told["emergent"] = (
        "Treatment-emergent is a worst grade that exceeds that at baseline, and it counts as it is. Percentages are of "
        "participants with a value after baseline in the period of whom it is known whether they reach the grade. "
        + WITHOUT_BASELINE[spec.without_baseline]
    )
    told["nadir"] = (
        "The worst value is the lowest, or the highest where high values are bad, on the first day that has it; days "
        "are counted from the first day of the period, which is day 0."
    )
    told["recovery"] = _recovery_sentence(spec)
    if spec.agreement:
        told["agreement"] = f"{_agreement_sentence(spec.agreement.days)} {NOT_COMPARED[spec.without_baseline]}"
    told["interval"] = f"Confidence limits of a risk: {spec.interval.title().replace('-', '–')}."
    if compared:
        told["difference"] = f"Limits of a risk difference: {spec.difference.title()}."
        told["adjustment"] = "Not adjusted for baseline differences or for multiplicity."
    return told


def _limit_words(item: LaboratoryParameter) -> str:
    if item.recorded_limits:
        return f"{item.label} those of each record"
    told = []
    for limit in item.limits:
        number = limit.upper if limit.lower is None else limit.lower
        kind = "upper" if limit.lower is None else "lower"
        told.append(f"{kind} {number:g} {format_unit(item.unit)}" + (f" ({limit.sex})" if limit.sex else ""))
    return f"{item.label} {', '.join(told)}"


def _recovery_sentence(spec: LaboratorySpec) -> str:
    better = f"grade {spec.recovery.grade}" if spec.recovery.grade == 0 else f"grade {spec.recovery.grade} or less"
    better += ", or to the grade at baseline where that was higher" if spec.recovery.or_baseline else ""
    return (
        f"Recovery is the first later value, in the period or after it, of {better}; asked of those whose worst value "
        "was of a higher grade. Median days from the worst value by the Kaplan–Meier method, with limits on the "
        f"{spec.conf_type} scale; who has not recovered is censored at the last value, who died too."
    )


def _agreement_sentence(days: int) -> str:
    near = f"up to {days} days before the event began or after it ended" if days else "while the event lasted"
    return (
        "Values of at least the grade and above that at baseline, and reported events of the parameter's term that "
        f"began in the period, of at least the grade. They agree where a value lies {near}; an event that has not "
        "ended lasts. Value only: no such event is reported; milder value: an event is reported, and the values around "
        "it are milder; no value: an event is reported, and nothing was measured around it. A participant can disagree "
        "in several ways, and agrees only where nothing disagrees; the denominator is everyone evaluable."
    )
