"""Words of the rows of laboratory toxicity: blocks, grades, bands and shifts."""

from __future__ import annotations

SHIFT, EMERGENT, NADIR, RECOVERY, AGREEMENT = "shift", "emergent", "nadir", "recovery", "agreement"
BLOCKS = {
    SHIFT: "Baseline grade and worst grade",
    EMERGENT: "Treatment-emergent worst grade",
    NADIR: "Worst value",
    RECOVERY: "Recovery",
    AGREEMENT: "Values and reported events",
}
GRADES = (0, 1, 2, 3, 4)
"""Grades that a laboratory value can have."""
BANDS = (1, 2, 3, 4)
"""Lowest grade of each band."""
UNKNOWN, ABSENT = "unknown", "absent"
STATES = (*map(str, GRADES), UNKNOWN, ABSENT)
"""What a participant is before treatment, and in a period: of a grade, of one not known, or not measured."""
STATE_LABELS = {
    **{str(grade): str(grade) for grade in GRADES},
    UNKNOWN: "Unknown",
    ABSENT: "Not measured",
}
VALUE, DAY = "value", "day"
"""Levels of a worst value: the value itself, and its day."""
QUARTILES = ("median", "first_quartile", "third_quartile")
COMPARED = ("agree", "value_only", "event_lower", "event_unmeasured")
"""What is told of values and reports beside each other, in page order."""
COMPARED_LABELS = {
    "agree": "Agree",
    "value_only": "Value only",
    "event_lower": "Milder value",
    "event_unmeasured": "No value",
}
MEASURES = {
    "shift": "participants of a grade at baseline and a worst grade in the period",
    "not_measured": "evaluable participants without a value after baseline in the period",
    "no_baseline": "participants with a value after baseline in the period and none at baseline",
    "unknown_grade": "participants with a value of whom it is not known whether they reach the band",
    "recovered": "participants who recovered, of those whose worst value was bad enough",
    "recovery_days": "days from the worst value to recovery by which half have recovered, by the Kaplan-Meier method",
    "agree": "participants whose values and reported events of the grade agree, with at least one of them",
    "value_only": "participants with a value of the grade, worse than baseline, and no such event around it",
    "event_lower": "participants with a reported event of the grade, and only values of lower grades around it",
    "event_unmeasured": "participants with a reported event of the grade, and no value around it",
}


def band_level(lowest: int) -> str:
    """The level of a band of grades.

    Parameters
    ----------
    lowest : int
        Its lowest grade.

    Returns
    -------
    str
        Such as ``grade>=3``.
    """
    return f"grade>={lowest}"


def shift_level(before: str, worst: str) -> str:
    """The level of a shift.

    Parameters
    ----------
    before, worst : str
        States at baseline and in the period.

    Returns
    -------
    str
        Such as ``1>3``.
    """
    return f"{before}>{worst}"
