"""Who has a declared toxicity, who is through the period in which it counts, and in which order they were exposed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import assert_never

import numpy as np
import pandas as pd

from npcstats.analyses.stopping.spec import Died, Graded, Part, Reached, StoppingRule
from npcstats.derive import (
    Span,
    check_named,
    evaluable_members,
    grade_columns,
    require_columns,
    window_events,
    window_span,
)
from npcstats.study import Study


@dataclass(frozen=True, eq=False)
class Watched:
    """A toxicity among n members of a population.

    Parameters
    ----------
    had : bool array, shape (n,)
        Who had it by the cut-off.
    complete : bool array, shape (n,)
        Who was observed through the period, or died in it.
    outside : mapping of str to bool array, shape (n,)
        Who was not, by reason.
    order : int array, shape (n,)
        Members by the first day of their period and their identifier, those without a day last.
    """

    had: np.ndarray
    complete: np.ndarray
    outside: Mapping[str, np.ndarray]
    order: np.ndarray

    def in_order(self, group: np.ndarray) -> np.ndarray:
        """Whether each of a group had the toxicity, of those observed through the period, in order of exposure.

        Parameters
        ----------
        group : bool array, shape (n,)
            Who is in it.

        Returns
        -------
        bool array
            One for each of them.
        """
        kept = self.order[(group & self.complete)[self.order]]
        found: np.ndarray = self.had[kept]
        return found


def watch(
    study: Study, members: pd.DataFrame, rule: StoppingRule, *, baseline_adjusted: bool, analysis: str
) -> Watched:
    """Find who has the toxicity of a rule.

    Parameters
    ----------
    study : Study
        At its cut-off.
    members : DataFrame
        Of the population, n rows.
    rule : StoppingRule
        Of the plan.
    baseline_adjusted : bool
        Whether an event counts only where its grade exceeds that at first treatment.
    analysis : str
        Id, for messages.

    Returns
    -------
    Watched
        Masks over the members.

    Raises
    ------
    DataError
        If the study lacks a column that is needed.
    SpecError
        If a text is not in its column's list.
    """
    reason = f"analysis {analysis}, {rule.code}"
    require_columns(study["adae"], "adae", grade_columns(rule.window, baseline_adjusted=baseline_adjusted), reason)
    span = window_span(study, members, rule.window)
    events = window_events(study, members, rule.window, span, baseline_adjusted=baseline_adjusted)
    complete, outside = evaluable_members(study, members, rule.window, span, events)
    had = np.zeros(len(members), dtype=bool)
    for part in rule.parts:
        had |= _has(study, members, part, span, events, reason)
    begun = pd.DataFrame({"day": span.start.to_numpy(), "who": members["USUBJID"].to_numpy()})
    order = begun.sort_values(["day", "who"], na_position="last").index.to_numpy()
    return Watched(had, complete, outside, order)


def _has(study: Study, members: pd.DataFrame, part: Part, span: Span, events: pd.DataFrame, reason: str) -> np.ndarray:
    match part:
        case Graded():
            return _graded(study, members, part, events, reason)
        case Reached():
            require_columns(members, "adsl", (part.column,), reason)
            return (members[part.column] >= part.least).to_numpy()
        case Died():
            return _died(study, members, part, span, reason)
        case _:
            assert_never(part)


def _graded(study: Study, members: pd.DataFrame, part: Graded, events: pd.DataFrame, reason: str) -> np.ndarray:
    kept = ((events["AETOXGR"] >= part.lowest) & (events["AETOXGR"] <= part.highest)).to_numpy()
    require_columns(study["adae"], "adae", (*part.where, *part.without), reason)
    for named, wanted in ((part.where, True), (part.without, False)):
        check_named(study, "adae", named, reason)
        for column, values in named.items():
            kept &= events[column].isin(values).to_numpy() == wanted
    return np.bincount(events["member"].to_numpy()[kept], minlength=len(members)) > 0


def _died(study: Study, members: pd.DataFrame, part: Died, span: Span, reason: str) -> np.ndarray:
    require_columns(members, "adsl", ("DTHDT", *(("DTHCAUS",) if part.causes else ())), reason)
    died = members["DTHDT"]
    had = ((died >= span.start) & ~(died > span.end)).to_numpy()
    if part.causes:
        check_named(study, "adsl", {"DTHCAUS": part.causes}, reason)
        had &= members["DTHCAUS"].isin(part.causes).to_numpy()
    found: np.ndarray = had
    return found
