"""What supportive care and body weight are, as kinds of analysis."""

from __future__ import annotations

from typing import Any

from npcstats.analyses.care.displays import CareCourse, CareTable, WeightTable
from npcstats.analyses.care.rows import CONVENTIONS, MEASURES
from npcstats.analyses.care.spec import CareSpec, WeightSpec, care_faults, care_idle, weight_faults
from npcstats.analyses.care.summary import summarize_care
from npcstats.analyses.care.weight import summarize_weight
from npcstats.analyses.kind import Choices, Kind, of_difference
from npcstats.disclosure.withhold import WHOLE


def _told_dates(spec: Any) -> tuple[str, ...]:
    """Dates that the sentences of an entry are made of."""
    dates = [item.before for item in spec.items if item.before]
    dates += [spec.since] if any(item.months for item in spec.items) else []
    return tuple(dates)


def _told_baseline(spec: Any) -> tuple[str, ...]:
    return (spec.baseline,)


CARE = Kind(
    spec=CareSpec,
    codes=("care",),
    efficacy=False,
    withhold=WHOLE,
    summarize=summarize_care,
    choices=Choices(
        faults=care_faults,
        idle=care_idle,
        of_pairs=("difference",),
        of_two=("difference",),
        estimand=of_difference,
        told_dates=_told_dates,
    ),
    measures=MEASURES,
    conventions=CONVENTIONS,
    displays=(CareCourse, CareTable),
)

WEIGHT = Kind(
    spec=WeightSpec,
    codes=("weight",),
    efficacy=False,
    withhold=WHOLE,
    summarize=summarize_weight,
    choices=Choices(
        faults=weight_faults,
        of_pairs=("difference", "mean_difference"),
        of_two=("difference", "mean_difference"),
        estimand=of_difference,
        told_dates=_told_baseline,
    ),
    displays=(WeightTable,),
)
