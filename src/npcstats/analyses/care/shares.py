"""Shares of those who can be told of, with exact limits, and their differences between two arms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from npcstats.derive import Group
from npcstats.estimators.proportions import compare_proportions, estimate_proportion
from npcstats.results import Row, count_rows, interval_rows


@dataclass(frozen=True)
class Compared:
    """By which methods shares and their differences get limits, and which two arms are compared.

    Parameters
    ----------
    interval, difference : str
        Methods of the plan.
    conf_level : float
        Of both.
    pair : tuple of (str, str) or None
        Arm and reference; None where no two are compared.
    """

    interval: str
    difference: str
    conf_level: float
    pair: tuple[str, str] | None


def share_rows(
    template: Row, had: np.ndarray, inside: np.ndarray, groups: Sequence[Group], compared: Compared
) -> list[Row]:
    """Rows of a share in each group.

    Parameters
    ----------
    template : Row
        Carries key parts and measure.
    had, inside : bool (n,)
        Who is counted, and of whom.
    groups : sequence of Group
        Arms and everyone.
    compared : Compared
        Methods.

    Returns
    -------
    list of Row
        Count, total, estimate and limits.
    """
    rows: list[Row] = []
    for group in groups:
        at = replace(template, arm=group.arm)
        count, total = _counts(had, inside, group)
        found = estimate_proportion(count, total, method=compared.interval, conf_level=compared.conf_level)
        rows += [*count_rows(at, count, total), *interval_rows(at, found)]
    return rows


def difference_rows(
    template: Row, had: np.ndarray, inside: np.ndarray, groups: Sequence[Group], compared: Compared
) -> list[Row]:
    """Rows of the difference of a share between two arms.

    Parameters
    ----------
    template : Row
        Carries key parts.
    had, inside : bool (n,)
        Who is counted, and of whom.
    groups : sequence of Group
        Arms and everyone.
    compared : Compared
        Methods, and which arms.

    Returns
    -------
    list of Row
        Estimate and limits; none where no two arms are compared.
    """
    if compared.pair is None:
        return []
    by_arm = {group.arm: _counts(had, inside, group) for group in groups}
    first, reference = (by_arm[arm] for arm in compared.pair)
    found = compare_proportions(
        *first, *reference, measure="risk-difference", method=compared.difference, conf_level=compared.conf_level
    )
    at = replace(template, measure="risk_difference")
    return interval_rows(replace(at, arm=compared.pair[0], reference=compared.pair[1]), found)


def _counts(had: np.ndarray, inside: np.ndarray, group: Group) -> tuple[int, int]:
    of = group.members & inside
    return int((had & of).sum()), int(of.sum())
