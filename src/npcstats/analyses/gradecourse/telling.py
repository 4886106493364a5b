"""What is said of grades over time: the times, what a grade is, who has one, methods, labels."""

from __future__ import annotations

from npcstats.analyses.gradecourse.following import time_codes
from npcstats.analyses.gradecourse.rows import OUTSIDE, SHORT, band_level, grade_level
from npcstats.analyses.gradecourse.spec import GradeCourseSpec
from npcstats.derive import arm_pair, compared_words
from npcstats.formatting import counted, format_time
from npcstats.results import Analysis
from npcstats.study import Study

GRADE = (
    "The grade at a time is that of the worst event present in its interval, not adjusted for grades before treatment; "
    "a record counts with its one grade from onset to resolution, or to the cut-off where it has no end. Grade 0: "
    "assessed, without an event."
)
MEANS = "Means take grades as numbers; their limits are by Student's t. SE: standard error."
VARIANCES = {"welch": "unequal variances (Welch)", "pooled": "a common variance"}


def describe_gradecourse(study: Study, spec: GradeCourseSpec) -> Analysis:
    """Say what the grades of an entry are.

    Parameters
    ----------
    study : Study
        At its cut-off.
    spec : GradeCourseSpec
        As in the plan.

    Returns
    -------
    Analysis
        Sentences, choices and labels.
    """
    compared = arm_pair(study) is not None
    return Analysis(
        spec.label,
        "gradecourse",
        spec.status,
        spec.population,
        sentences=_sentences(study, spec, compared),
        choices={
            "interval": spec.interval,
            "missed": "carried-forward" if spec.carried else "",
            "area": "trapezoid",
            "area_difference": spec.difference if compared else "",
            "estimand": spec.estimand if compared else "",
            "conf_level": spec.conf_level,
            "times": "visits" if spec.visits else "weeks",
            "origin_label": _origin(study, spec),
        },
        labels=_labels(study, spec),
    )


def _origin(study: Study, spec: GradeCourseSpec) -> str:
    return study.design.words.dates.get(spec.origin, spec.origin)


def _sentences(study: Study, spec: GradeCourseSpec, compared: bool) -> dict[str, str]:
    found = {
        "scale": f"Adverse events by grade ({spec.scale}).",
        "population": study.design.population(spec.population).definition,
        "grade": GRADE,
        "times": _times_sentence(study, spec),
        "assessed": _assessed_sentence(study, spec),
        "carried": _carried_sentence(spec),
        "outside": "Nobody has a grade after death or leaving the trial, or in an interval not over at the cut-off.",
        "mean": MEANS,
        "prevalence": f"Limits of a prevalence: {spec.interval.title().replace('-', '–')}.",
        "area": _area_sentence(study, spec),
    }
    if spec.visits:
        found["windows"] = _windows_sentence(study, spec)
    if compared:
        found["difference"] = f"Differences of mean areas allow for {VARIANCES[spec.difference]}."
    if study.arms:
        found["adjustment"] = compared_words(study, spec.population).unadjusted
    return found


def _times_sentence(study: Study, spec: GradeCourseSpec) -> str:
    origin = _origin(study, spec)
    if not spec.visits:
        return (
            f"The interval of a week is the last {counted(spec.width, 'day')} of it, counted from {origin}; week "
            f"{format_time(1.0)} begins on that day."
        )
    return "The interval of a visit is its window; windows differ in length."


def _windows_sentence(study: Study, spec: GradeCourseSpec) -> str:
    """The window of each visit."""
    told = []
    for code in spec.visits:
        visit = study.design.visit(code)
        anchor = study.design.words.dates.get(visit.anchor, visit.anchor)
        told.append(f"{visit.label}, days {_day(visit.first)} to {_day(visit.last)} from {anchor}")
    return f"Windows: {'; '.join(told)}."


def _day(number: int) -> str:
    return f"{number}".replace("-", "−")


def _assessed_sentence(study: Study, spec: GradeCourseSpec) -> str:
    last = [study.design.words.assessments.get(kind, kind) for kind in spec.assessments]
    kinds = ", ".join(words.removeprefix("the last ").removeprefix("the ") for words in last)
    return (
        f"Assessed: who has a record of an assessment in the interval ({kinds}), or an adverse event of any term that "
        "began or ended in it."
    )


def _carried_sentence(spec: GradeCourseSpec) -> str:
    if not spec.carried:
        return "Who was not assessed has no grade; none is carried forward."
    over = "one missed time" if spec.carried == 1 else f"{counted(spec.carried, 'missed time')} in a row"
    return f"Who was not assessed keeps the last grade over at most {over} (carried forward), and has none beyond that."


def _area_sentence(study: Study, spec: GradeCourseSpec) -> str:
    weeks = ", ".join(format_time(week) for week in spec.weeks)
    nominal = "nominal weeks" if spec.visits else "weeks"
    return (
        f"Area: trapezoids under a participant's grades at {nominal} {weeks} from {_origin(study, spec)}, in "
        "grade-weeks. Who lacks a grade at any of them has no area, so that means are of participants alive and "
        "followed to the end."
    )


def _labels(study: Study, spec: GradeCourseSpec) -> dict[str, dict[str, str]]:
    codes = time_codes(spec)
    if spec.visits:
        named = short = {code: study.design.visit(code).label for code in codes}
    else:
        short = {code: format_time(week) for code, week in zip(codes, spec.weeks, strict=True)}
        named = {code: f"Week {text}" for code, text in short.items()}
    return {
        "window": named,
        SHORT: short,
        "variable": {item.code: item.label for item in spec.terms},
        "level": {
            **{grade_level(grade): f"grade {grade}" for grade in range(6)},
            **{band_level(band): f"grade ≥ {band}" if band < 5 else "grade 5" for band in spec.bands},
            **OUTSIDE,
        },
    }
