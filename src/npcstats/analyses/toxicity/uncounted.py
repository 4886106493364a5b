"""Events that no line of a table counts, and why: those without a date, and those of who is not evaluable."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from npcstats.analyses.toxicity.places import SERIOUS_COLUMN
from npcstats.analyses.toxicity.rows import BESIDE, UNDATED
from npcstats.derive import GradeWindow
from npcstats.study import Study

LEAST_SEVERE = 4


@dataclass(frozen=True, eq=False)
class Uncounted:
    """Events of each of n members: all, and those of grade 4 or 5 or serious."""

    records: np.ndarray
    severe: np.ndarray


def find_uncounted(
    study: Study, members: pd.DataFrame, window: GradeWindow, events: pd.DataFrame, evaluable: np.ndarray
) -> dict[str, Uncounted]:
    """Find the events of a window that no line counts.

    Parameters
    ----------
    study : Study
        At its cut-off.
    members : DataFrame
        Of the population, n rows.
    window : GradeWindow
        Of the plan.
    events : DataFrame
        Those of the window, whoever had them.
    evaluable : bool array, shape (n,)
        Who is in the denominator.

    Returns
    -------
    dict of str to Uncounted
        By measure.
    """
    adae = study["adae"]
    undated = np.zeros(len(adae), dtype=bool) if window.counting == "every" else adae["ASTDT"].isna().to_numpy()
    for column, values in window.where.items() if undated.any() else ():
        undated &= adae[column].isin(values).to_numpy()
    member = pd.Index(members["USUBJID"]).get_indexer(pd.Index(adae["USUBJID"].to_numpy()[undated]))
    undated[undated] = member >= 0
    beside = ~evaluable[events["member"].to_numpy()]
    return {
        UNDATED: _count(adae, undated, member[member >= 0], len(members)),
        BESIDE: _count(events, beside, events["member"].to_numpy()[beside], len(members)),
    }


def _count(events: pd.DataFrame, chosen: np.ndarray, member: np.ndarray, size: int) -> Uncounted:
    severe = events["AETOXGR"].to_numpy()[chosen] >= LEAST_SEVERE
    if SERIOUS_COLUMN in events:
        severe |= events[SERIOUS_COLUMN].to_numpy()[chosen] == "Y"
    return Uncounted(np.bincount(member, minlength=size), np.bincount(member[severe], minlength=size))
