"""Who is told apart in a figure: arms, or the subgroups of an analysis that is grouped by something else, or nobody."""

from __future__ import annotations

from dataclasses import dataclass

from npcstats.display.drawn_rows import group_label, groups
from npcstats.display.sheet import Look, look_of, nth_look
from npcstats.results import EVERYONE, Results


@dataclass(frozen=True)
class Group:
    """One line of a figure.

    Parameters
    ----------
    code : str
        Arm, subgroup such as ``STAGE9=III``, or ``all``; ends the gid of what is drawn.
    label : str
        Words.
    look : Look
        Colour, marker and dash.
    arm, subgroup : str
        Where its rows stand.
    """

    code: str
    label: str
    look: Look
    arm: str = EVERYONE
    subgroup: str = EVERYONE


def curve_groups(results: Results, analysis: str) -> tuple[Group, ...]:
    """Groups that an analysis has curves for, in page order.

    Parameters
    ----------
    results : Results
        Rows, arms and the analysis' labels of subgroups.
    analysis : str
        Id.

    Returns
    -------
    tuple of Group
        The subgroups where rows have any, else the arms, else everyone pooled.

    Raises
    ------
    SpecError
        If there are more groups than can be told apart.
    """
    present = dict.fromkeys(row.subgroup for row in results.by_analysis.get(analysis, ()) if row.subgroup != EVERYONE)
    if present:
        labels = results.catalogue.analyses[analysis].labels.get("subgroup", {})
        codes = [*(code for code in labels if code in present), *(code for code in present if code not in labels)]
        return tuple(
            Group(code, labels.get(code, code), nth_look(i, len(codes)), subgroup=code) for i, code in enumerate(codes)
        )
    arms = groups(results, analysis)
    return tuple(Group(arm, group_label(results, arm), look_of(results, arm), arm=arm) for arm in arms)
