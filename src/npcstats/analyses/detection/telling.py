"""What the catalogue says of values below the limit: words, choices and labels."""

from __future__ import annotations

from npcstats.analyses.adjustment.design import column_words
from npcstats.analyses.detection.rows import BLOCKS, CUT_OFF, DETECTED, HALF_LIMIT, MODELLED, OUTSIDE, YES_NO
from npcstats.analyses.detection.spec import DetectionSpec, route_of
from npcstats.derive import NEAREST_RECORD
from npcstats.formatting import ROUNDINGS, counted, format_number
from npcstats.results import Analysis
from npcstats.study import Study

COUNTED = "n: values below the limit, or detected where that is told apart; N: values at the visit."
BELOW = "Below the limit: below the limit of quantification of the record, or not detected."
BASELINE_OF_LOGS = (
    "Models of logarithms take the baseline value too, by visit, half the limit standing for one below it, and whether "
    "it is below."
)
FREEDOM = {"kenward-roger": "Kenward–Roger", "satterthwaite": "Satterthwaite"}
VARIANCE = {
    "robust": "robust variance by participant",
    "mancl-derouen": "robust variance by participant, corrected for few of them (Mancl–DeRouen)",
}
MULTIPLICITY = {"holm": "Holm", "benjamini-hochberg": "Benjamini–Hochberg"}


def describe(study: Study, spec: DetectionSpec, tests: int, compared: bool) -> Analysis:
    """Describe an entry for the catalogue.

    Parameters
    ----------
    study : Study
        Its words.
    spec : DetectionSpec
        Of the plan.
    tests : int
        Contrasts of the main models.
    compared : bool
        Whether two arms are compared.

    Returns
    -------
    Analysis
        Sentences, choices and labels.
    """
    used = {block for marker in spec.markers for block in route_of(spec, marker.share)}
    windows = {code for marker in spec.markers for code in marker.visits}
    sentences = {
        "population": study.design.population(spec.population).definition,
        "visits": NEAREST_RECORD,
        "below": BELOW,
        "counted": COUNTED,
        "route": _route(study, spec),
    }
    if any(marker.yes == DETECTED for marker in spec.markers):
        sentences["detected"] = "Detected: any quantity, also below the limit of quantification."
    if compared:
        sentences |= _model_sentences(spec, used, tests)
    return Analysis(
        spec.label,
        "detection",
        spec.status,
        spec.population,
        sentences=sentences,
        choices={
            "half_limit": spec.df_method if compared else "",
            "cut_off": "maximum-likelihood" if compared and CUT_OFF in used else "",
            "yes_no": spec.variance if compared else "",
            "multiplicity": spec.multiplicity if compared else "",
            "estimand": spec.estimand if compared else "",
            "conf_level": spec.conf_level,
            **{f"main.{marker.code}": route_of(spec, marker.share)[0] for marker in spec.markers},
            **{f"baseline.{marker.code}": marker.visits[0] for marker in spec.markers},
            **{f"yes.{marker.code}": marker.yes for marker in spec.markers},
        },
        labels={
            "block": dict(BLOCKS),
            "variable": {marker.code: marker.label for marker in spec.markers},
            "level": {**OUTSIDE, MODELLED: "In the models", DETECTED: "Detected"},
            "window": {visit.code: visit.label for visit in study.design.visits if visit.code in windows},
        },
        units={marker.code: marker.unit for marker in spec.markers},
    )


def _route(study: Study, spec: DetectionSpec) -> str:
    assert study.rounding in ROUNDINGS  # of the plan
    shares = (spec.half_limit_most, spec.cut_off_most)
    low, high = (format_number(share, "percent0", rounding=study.rounding) for share in shares)
    return (
        "Which model a marker has is decided by its share below the limit, all arms and visits together, as the plan "
        f"fixed it before arms were compared: up to {low}% half the limit stands for such a value, and the model that "
        f"cuts values off is a sensitivity analysis; up to {high}% that model alone; above it a model of yes or no."
    )


def _model_sentences(spec: DetectionSpec, used: set[str], tests: int) -> dict[str, str]:
    told = {}
    if HALF_LIMIT in used:
        told["half_limit"] = (
            "Half the limit: linear model of the logarithm, values of a participant equally correlated, restricted "
            f"likelihood, {FREEDOM[spec.df_method]} degrees of freedom."
        )
    if CUT_OFF in used:
        told["cut_off"] = (
            "Cut off: the same with a random intercept by maximum likelihood, a value below its limit known only to be "
            "below it (Tobit mixed model); normal limits."
        )
    if YES_NO in used:
        told["yes_no"] = (
            "Yes or no: logistic model by generalized estimating equations, values of a participant equally "
            f"correlated, {VARIANCE[spec.variance]}; normal limits."
        )
    words = column_words(spec.covariates)
    named = ", ".join(words[item.column] for item in spec.covariates)
    beside = f", and {named}" if named else ""
    told["models"] = f"All have a column for each visit and for the arm at each visit, the baseline{beside}."
    if used & {HALF_LIMIT, CUT_OFF}:
        told["baseline"] = BASELINE_OF_LOGS
    told["missing"] = (
        "Participants bring the visits that they have; values that are missing are taken to be missing at random."
    )
    told["adjustment"] = "Ratios compare participants alike in these columns; nothing else is adjusted for."
    if spec.multiplicity in MULTIPLICITY:
        told["family"] = (
            f"q: {MULTIPLICITY[spec.multiplicity]}, over the {counted(tests, 'contrast')} of the main models, all "
            "markers and visits together."
        )
    return told
