"""Rows and words that tables of counts are made of, whatever is counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from npcstats.analyses.kind import Spec
from npcstats.derive import Group, arm_groups
from npcstats.results import Analysis, Row, share_rows
from npcstats.study import Study


def participant_rows(study: Study, spec: Spec, members: pd.DataFrame) -> list[Row]:
    """Sizes of the groups of an analysis set.

    Parameters
    ----------
    study : Study
        At its cut-off.
    spec : Spec
        The plan's entry.
    members : DataFrame
        Members of the set.

    Returns
    -------
    list of Row
        One for each group.
    """
    start = Row(spec.id, spec.population, "participants", "count", 0.0)
    groups = arm_groups(study, members)
    return [replace(start, arm=group.arm, value=float(group.members.sum())) for group in groups]


def group_shares(template: Row, inside: np.ndarray, groups: tuple[Group, ...]) -> list[Row]:
    """Shares of each group that are in a state.

    Parameters
    ----------
    template : Row
        Carries key parts and measure.
    inside : ndarray of bool, shape (n,)
        Who is in the state.
    groups : tuple of Group
        Their members, each of the same n.

    Returns
    -------
    list of Row
        Count, total and share of each group.
    """
    return [
        row
        for group in groups
        for row in share_rows(
            replace(template, arm=group.arm), int((inside & group.members).sum()), int(group.members.sum())
        )
    ]


def counts_analysis(
    spec: Spec,
    variables: Mapping[str, str],
    sentences: Mapping[str, str],
    blocks: Mapping[str, str] | None = None,
) -> Analysis:
    """Words of an analysis that counts.

    Parameters
    ----------
    spec : Spec
        The plan's entry.
    variables : mapping of str to str
        What is counted, in page order, and its name.
    sentences : mapping of str to str
        Footnotes by topic.
    blocks : mapping of str to str, optional
        Groups of what is counted, and their names.

    Returns
    -------
    Analysis
        Of kind ``counts``.
    """
    labels = {"block": dict(blocks or {}), "variable": dict(variables)}
    return Analysis(spec.label, "counts", spec.status, spec.population, sentences=dict(sentences), labels=labels)
