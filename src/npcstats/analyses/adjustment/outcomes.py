"""Outcomes that arms are compared by, as values of a plan, and what each member of a population had."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from npcstats.choices import choice_faults
from npcstats.derive import (
    BELOW_LIMITS,
    BEYOND_BASELINE,
    COUNTINGS,
    EVALUABLES,
    NEAREST_RECORD,
    OUTSIDE_WORDS,
    OUTSIDE_ZERO_WORDS,
    BelowLimit,
    GradeWindow,
    MarkerScale,
    counted_words,
    denominator_sentence,
    derive_endpoint,
    evaluable_members,
    grade_columns,
    marker_values,
    outside_time_zero,
    require_columns,
    window_events,
    window_span,
    with_time_zero,
    worst_grades,
)
from npcstats.study import Study
from npcstats.wording import code_faults

NO_TIME_ZERO, NO_VALUE, NO_BASELINE = "no-time-zero", "no-value", "no-baseline"
ABSENT_WORDS: Mapping[str, str] = {
    **OUTSIDE_WORDS,
    **OUTSIDE_ZERO_WORDS,
    NO_TIME_ZERO: "time zero not known",
    NO_VALUE: "no value at the visit",
    NO_BASELINE: "no value before treatment",
}
"""Why a member's outcome is not known, by code."""
SCALES: tuple[MarkerScale, ...] = ("log", "identity", "detectable")
_GRADES = range(1, 6)
_SCALE_WORDS = {"log": "the logarithm of the value", "identity": "the value", "detectable": "whether it was detected"}
_BELOW_WORDS = {
    "half-limit": "values below the limit of quantification count as half that limit",
    "missing": "values below the limit of quantification count as missing",
}


@dataclass(frozen=True)
class TimeOutcome:
    """The time to an event.

    Parameters
    ----------
    endpoint : str
        Code of an endpoint of the design.
    """

    endpoint: str

    @property
    def code(self) -> str:
        """Tell what results call it.

        Returns
        -------
        str
            The endpoint's code.
        """
        return self.endpoint


@dataclass(frozen=True)
class GradeOutcome:
    """Whether the worst grade of an adverse event in a period reached a grade.

    Parameters
    ----------
    code, label : str
        Code in results and label on the page.
    terms : tuple of str
        AEDECOD of the events that count, the worst of them; empty for any adverse event.
    grade : int
        Least grade that is the outcome, 1 to 5.
    window : GradeWindow
        The period, which events belong to it, and who is evaluable in it.
    baseline_adjusted : bool
        Whether an event counts only where its grade exceeds the participant's grade of that term at first treatment.
    scale : str
        What grades are, such as ``CTCAE version 5.0``.
    """

    code: str
    label: str
    terms: tuple[str, ...]
    grade: int
    window: GradeWindow
    baseline_adjusted: bool
    scale: str


@dataclass(frozen=True)
class MarkerOutcome:
    """The value of a laboratory marker at a visit, or its change since another.

    Parameters
    ----------
    param, label, unit : str
        PARAMCD, words on the page, and the unit in which values are recorded.
    visit : str
        Code of a visit of the design.
    baseline : str
        Code of the visit from which the change is taken; empty for the value itself.
    scale : {"log", "identity", "detectable"}
        The logarithm, the value itself, or whether anything was detected.
    below_limit : {"half-limit", "missing", ""}
        What a value below the limit of quantification counts as; empty for "detectable", which needs none.
    """

    param: str
    label: str
    unit: str
    visit: str
    baseline: str
    scale: MarkerScale
    below_limit: BelowLimit | str

    @property
    def code(self) -> str:
        """Tell what results call it.

        Returns
        -------
        str
            PARAMCD and visit.
        """
        return f"{self.param}@{self.visit}"


Outcome = TimeOutcome | GradeOutcome | MarkerOutcome


@dataclass(frozen=True, eq=False)
class OutcomeData:
    """An outcome of the members of a population.

    Attributes
    ----------
    values : ndarray of float, shape (n,)
        Months to the end of follow-up, 1 with and 0 without what is looked for, or a value on the outcome's scale; NaN
        where the outcome is not known.
    cause : ndarray of int, shape (n,)
        Of a time: 0 censored, 1 the event, 2 a competing event. Of another outcome 0.
    timed : bool
        Whether it is a time.
    binary : bool
        Whether values are 1 and 0.
    competing : bool
        Whether other events compete with that of a time.
    absent : mapping of str to ndarray of bool, shape (n,)
        Whose outcome is not known, by reason; each in one of them.
    """

    values: np.ndarray
    cause: np.ndarray
    timed: bool
    binary: bool
    competing: bool
    absent: Mapping[str, np.ndarray]

    @property
    def known(self) -> np.ndarray:
        """Tell whose outcome is known.

        Returns
        -------
        ndarray of bool, shape (n,)
            True for those.
        """
        known: np.ndarray = ~np.isnan(self.values)
        return known

    def of(self, kept: np.ndarray) -> OutcomeData:
        """Take some of the members.

        Parameters
        ----------
        kept : ndarray of bool, shape (n,)
            Who.

        Returns
        -------
        OutcomeData
            Of these.
        """
        absent = {reason: mask[kept] for reason, mask in self.absent.items()}
        return replace(self, values=self.values[kept], cause=self.cause[kept], absent=absent)

    @property
    def events(self) -> np.ndarray | None:
        """Tell who had what is looked for.

        Returns
        -------
        ndarray of bool, shape (n,), or None
            None of an outcome that is a quantity.
        """
        if not (self.timed or self.binary):
            return None
        return np.asarray(self.known & (self.cause == 1) if self.timed else self.values == 1)


def outcome_faults(outcome: Outcome) -> list[str]:
    """Faults of an outcome by itself: choices outside their closed sets, or without effect.

    Parameters
    ----------
    outcome : TimeOutcome, GradeOutcome or MarkerOutcome
        As in the plan.

    Returns
    -------
    list of str
        A clause for each.
    """
    if isinstance(outcome, GradeOutcome):
        faults = code_faults("outcomes", outcome.code) + choice_faults(outcome.window, "counting", COUNTINGS)
        faults += choice_faults(outcome.window, "evaluable", EVALUABLES)
        return faults + choice_faults(outcome, "grade", _GRADES)
    if isinstance(outcome, MarkerOutcome):
        faults = choice_faults(outcome, "scale", SCALES) + code_faults("outcomes", outcome.code)
        faults += [] if outcome.visit else ["visit is empty; a visit of the design is required"]
        if outcome.scale != "detectable":
            return faults + choice_faults(outcome, "below_limit", BELOW_LIMITS)
        faults += choice_faults(outcome, "below_limit", ("",)) + choice_faults(outcome, "baseline", ("",))
        return faults
    return []


def derive_outcome(study: Study, members: pd.DataFrame, outcome: Outcome, analysis: str) -> OutcomeData:
    """Find what each member of a population had.

    Parameters
    ----------
    study : Study
        At its cut-off.
    members : DataFrame
        From `population_members`, n rows.
    outcome : TimeOutcome, GradeOutcome or MarkerOutcome
        As in the plan.
    analysis : str
        Id of the entry that asks.

    Returns
    -------
    OutcomeData
        Aligned with `members`.

    Raises
    ------
    SpecError
        If the design has no such endpoint, period or visit, or a choice is not in its closed set.
    DataError
        If an event precedes time zero, or a column is not in the data.
    """
    if isinstance(outcome, TimeOutcome):
        return _time(study, members, outcome)
    if isinstance(outcome, GradeOutcome):
        return _grade(study, members, outcome, analysis)
    return _marker(study, members, outcome, analysis)


def _time(study: Study, members: pd.DataFrame, outcome: TimeOutcome) -> OutcomeData:
    endpoint = study.design.endpoint(outcome.endpoint)
    dated = with_time_zero(study, members, endpoint)
    times = derive_endpoint(study, dated, endpoint)
    inside = members["USUBJID"].isin(dated["USUBJID"]).to_numpy()
    values, cause = np.full(len(members), np.nan), np.zeros(len(members), dtype=int)
    values[inside], cause[inside] = times.time, times.cause
    competing = bool(endpoint.competing) or bool((cause > 1).any())
    absent = {reason: flags for reason, flags in outside_time_zero(study, members, endpoint).items() if flags.any()}
    return OutcomeData(values, cause, True, False, competing, absent or {NO_TIME_ZERO: ~inside})


def _grade(study: Study, members: pd.DataFrame, outcome: GradeOutcome, analysis: str) -> OutcomeData:
    needed = grade_columns(outcome.window, baseline_adjusted=outcome.baseline_adjusted)
    require_columns(study["adae"], "adae", needed, f"analysis {analysis}")
    span = window_span(study, members, outcome.window)
    events = window_events(study, members, outcome.window, span, baseline_adjusted=outcome.baseline_adjusted)
    evaluable, outside = evaluable_members(study, members, outcome.window, span, events)
    counted = events.loc[events["AEDECOD"].isin(outcome.terms)] if outcome.terms else events
    reached = worst_grades(counted, len(members)) >= outcome.grade
    values = np.where(evaluable, reached.astype(float), np.nan)
    return OutcomeData(values, np.zeros(len(members), dtype=int), False, True, False, outside)


def _marker(study: Study, members: pd.DataFrame, outcome: MarkerOutcome, analysis: str) -> OutcomeData:
    codes = [code for code in (outcome.visit, outcome.baseline) if code]
    values = marker_values(
        study,
        members,
        [study.design.visit(code) for code in codes],
        code=outcome.param,
        unit=outcome.unit,
        scale=outcome.scale,
        below_limit="missing" if outcome.below_limit == "missing" else "half-limit",
        reason=f"analysis {analysis}",
    )
    without = np.isnan(values[:, 0])
    absent = {NO_VALUE: without}
    if outcome.baseline:
        absent[NO_BASELINE] = ~without & np.isnan(values[:, 1])
    found = values[:, 0] - values[:, 1] if outcome.baseline else values[:, 0]
    cause = np.zeros(len(members), dtype=int)
    return OutcomeData(found, cause, False, outcome.scale == "detectable", False, absent)


def outcome_label(study: Study, outcome: Outcome) -> str:
    """Name an outcome on the page.

    Parameters
    ----------
    study : Study
        Its design.
    outcome : TimeOutcome, GradeOutcome or MarkerOutcome
        As in the plan.

    Returns
    -------
    str
        The endpoint's label, or the outcome's own.
    """
    if isinstance(outcome, TimeOutcome):
        return study.design.endpoint(outcome.endpoint).label
    return outcome.label


def outcome_sentences(study: Study, outcome: Outcome) -> dict[str, str]:
    """Say what an outcome is, and whose is known.

    Parameters
    ----------
    study : Study
        Its design.
    outcome : TimeOutcome, GradeOutcome or MarkerOutcome
        As in the plan.

    Returns
    -------
    dict of str to str
        Sentences by topic: ``definition``; of a marker also ``visits``; of a grade also ``period``, ``denominator``
        and, where it applies, ``baseline``.
    """
    if isinstance(outcome, TimeOutcome):
        return {"definition": study.design.definition(study.design.endpoint(outcome.endpoint))}
    if isinstance(outcome, MarkerOutcome):
        return {"definition": _marker_sentence(study, outcome), "visits": NEAREST_RECORD}
    window = outcome.window
    terms = " or ".join(term.lower() for term in outcome.terms) or "any adverse event"
    sentences = {
        "definition": f"{outcome.label}: worst grade ({outcome.scale}) of {terms}.",
        "period": f"Counted: {counted_words(window)}.",
        "denominator": denominator_sentence(window),
    }
    if window.period:
        sentences["period"] = f"{study.design.definition(study.design.period(window.period))} {sentences['period']}"
    if outcome.baseline_adjusted:
        sentences["baseline"] = BEYOND_BASELINE
    return sentences


def _marker_sentence(study: Study, outcome: MarkerOutcome) -> str:
    at = study.design.visit(outcome.visit).label
    since = f" minus that at {study.design.visit(outcome.baseline).label}" if outcome.baseline else ""
    below = f"; {_BELOW_WORDS[outcome.below_limit]}" if outcome.below_limit else ""
    return f"{outcome.label}: {_SCALE_WORDS[outcome.scale]} at {at}{since}{below}."
