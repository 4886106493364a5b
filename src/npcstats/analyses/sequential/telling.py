"""What the catalogue says of monitoring: the rule in words, its choices, the names of its looks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from npcstats.analyses.adjustment.measures import MEASURE_WORDS
from npcstats.analyses.adjustment.outcomes import TimeOutcome, outcome_label, outcome_sentences
from npcstats.analyses.adjustment.rows import RATIOS
from npcstats.analyses.sequential.monitoring import Look
from npcstats.analyses.sequential.rows import FUTILITY, NONE, NOW, OBSERVED, ONWARD, PLANNED, TO_COME, TREND, UPPER
from npcstats.analyses.sequential.spec import InformationSpec, SequentialSpec
from npcstats.derive import arm_pair
from npcstats.formatting import format_date, format_time
from npcstats.results import Analysis, Choice
from npcstats.study import Study

FUNCTIONS: Mapping[str, str] = {
    "obrien-fleming": "O'Brien–Fleming type",
    "pocock": "Pocock type",
    "hwang-shih-decani": "Hwang–Shih–DeCani, γ {}",
    "power": "power family, exponent {}",
}
"""What a spending function is called."""
GUIDELINE = "Boundaries are guidelines, not rules: the board weighs them with everything else."


def sequential_analysis(
    study: Study, spec: InformationSpec, held: Sequence[Look], *, shown: bool, looks: bool
) -> Analysis:
    """Say what is monitored, and how.

    Parameters
    ----------
    study : Study
        At its cut-off, arms named, masked or removed.
    spec : InformationSpec
        As in the plan.
    held : sequence of Look
        Looks before the present one.
    shown : bool
        Whether there are rows of a statistic.
    looks : bool
        Whether one is looked at now.

    Returns
    -------
    Analysis
        For the catalogue.
    """
    kind = "sequential" if isinstance(spec, SequentialSpec) else "information"
    return Analysis(
        spec.label,
        kind,
        spec.status,
        spec.population,
        sentences=_sentences(study, spec, shown),
        choices=_choices(spec),
        labels=_labels(study, spec, held, looks),
    )


def unit_word(spec: InformationSpec) -> str:
    """Say what information is counted in.

    Parameters
    ----------
    spec : InformationSpec
        As in the plan.

    Returns
    -------
    str
        Events or participants.
    """
    return "events" if isinstance(spec.outcome, TimeOutcome) else "participants"


def function_words(function: str, parameter: float | None) -> str:
    """Name a spending function.

    Parameters
    ----------
    function : str
        Its code.
    parameter : float or None
        Of that function.

    Returns
    -------
    str
        Words.
    """
    return FUNCTIONS[function].format("" if parameter is None else format_time(parameter))


def _choices(spec: InformationSpec) -> dict[str, Choice]:
    rule = spec.futility
    futility = {"futility": function_words(rule.spending, rule.parameter)} if rule else {}
    monitored = spec.monitored if isinstance(spec, SequentialSpec) else None
    told = (
        {
            "comparison": monitored.comparison,
            "adjustment": monitored.block,
            "favours": monitored.favours,
        }
        if monitored
        else {}
    )
    return {
        "information": unit_word(spec),
        "sides": spec.sides,
        "alpha": spec.alpha,
        "spending": spec.spending,
        **({} if spec.parameter is None else {"spending_parameter": spec.parameter}),
        "power": spec.power,
        **futility,
        **told,
    }


def _labels(study: Study, spec: InformationSpec, held: Sequence[Look], looks: bool) -> dict[str, dict[str, str]]:
    levels = {str(place + 1): look.label for place, look in enumerate(spec.looks)}
    levels |= {look.code: f"Look of {format_date(look.cutoff)}" for look in held if look.cutoff}
    levels |= {NOW: "Now" if looks else "Now, if a look were held"}
    levels |= {f"{TO_COME}{place + 1}": f"To come: {look.label}" for place, look in enumerate(spec.looks)}
    return {
        "block": {
            PLANNED: "As planned",
            OBSERVED: "At the information observed",
            ONWARD: "What may still be shown",
        },
        "variable": {spec.outcome.code: outcome_label(study, spec.outcome)},
        "level": levels,
        "window": {
            NONE: "No effect",
            PLANNED: "The planned effect",
            TREND: "The effect as seen so far",
            UPPER: "boundary",
            FUTILITY: "futility",
        },
    }


def _sentences(study: Study, spec: InformationSpec, shown: bool) -> dict[str, str]:
    sides = "one side" if spec.sides == 1 else "two sides"
    counted = "the events so far" if unit_word(spec) == "events" else "the participants whose outcome is known"
    alpha = format_time(spec.alpha)
    told = {
        **outcome_sentences(study, spec.outcome),
        "information": f"Information: {counted}, over the {spec.looks[-1].information} that are planned.",
        "monitoring": f"Test with {sides}; an error of {alpha} of each side is spent over the information, "
        f"{function_words(spec.spending, spec.parameter)} (Lan–DeMets).",
        "updating": "Boundaries of a look are found at the information that it had; looks need be neither equally "
        "spaced nor foreseen.",
    }
    if spec.sides == 1:
        told["monitoring"] = told["monitoring"].replace(" of each side", "")
    if spec.futility:
        named = function_words(spec.futility.spending, spec.futility.parameter)
        told["futility"] = (
            f"Futility, {named}, is not binding: a trial that crosses its boundary may go on, and the error of the "
            "first kind holds all the same."
        )
    told["planned"] = f"Planned effect: that at which the planned looks have a power of {format_time(spec.power)}."
    told["statistic"] = _statistic_sentence(study, spec, shown)
    if shown:
        side = "; of a test with two sides on the side of the present statistic" if spec.sides == 2 else ""
        told["onward"] = (
            f"Conditional power: the probability that Z is at its boundary or beyond it at the last look{side}. "
            "Predictive power: its average over the effects that the data leave possible, without a prior opinion."
        )
    return told | {"guideline": GUIDELINE}


def _statistic_sentence(study: Study, spec: InformationSpec, shown: bool) -> str:
    pair = arm_pair(study)
    monitored = spec.monitored if isinstance(spec, SequentialSpec) else None
    if not shown or pair is None or monitored is None:
        return "No statistic is shown: efficacy is not compared here."
    labels = {arm.code: arm.label for arm in study.arms}
    log = "the logarithm of " if monitored.measure.name in RATIOS else ""
    at = "" if monitored.measure.at is None else f" at {format_time(monitored.measure.at)} months"
    return (
        f"Z: {log}the {MEASURE_WORDS[monitored.measure.name]}{at} over its standard error, after the adjustment "
        f"{monitored.block!r}; above 0 in favour of {labels[pair[0]]}."
    )
