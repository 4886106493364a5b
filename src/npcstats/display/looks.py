"""How groups are told apart, each twice: the colours, markers and dashes of arms and subgroups.

Knows no drawing library.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from npcstats.display.lookup import analysis_of, arm_name, groups_of, name_of, subgroups_of
from npcstats.errors import SpecError
from npcstats.results import EVERYONE, Results

INK = "#1d2733"
SOFT = "#5b6775"
RULE = "#b9c2cc"
TINT = "#f3f6f8"
HAIR = "#e3e8ed"
FIRST = "#1b5e7a"
SECOND = "#c8702a"
THIRD = "#7a3b8f"
FOURTH = "#4d7c0f"

Dash = tuple[float, tuple[float, ...]] | Literal["-"]


@dataclass(frozen=True)
class Look:
    """How a group is told apart: by colour, by marker and by dash."""

    color: str
    marker: str
    filled: bool
    dash: Dash

    @property
    def face(self) -> str:
        """Fill of its markers.

        Returns
        -------
        str
            Colour.
        """
        return self.color if self.filled else "white"


POOLED = Look(INK, "o", True, "-")
LOOKS = (
    Look(FIRST, "o", True, "-"),
    Look(SECOND, "^", False, (0.0, (3.2, 1.4))),
    Look(INK, "s", True, (0.0, (1.0, 1.1))),
    Look(SOFT, "D", False, (0.0, (6.0, 1.3, 1.0, 1.3))),
    Look(THIRD, "v", True, (0.0, (6.0, 1.3, 1.0, 1.3, 1.0, 1.3))),
    Look(FOURTH, "P", False, (0.0, (2.0, 2.4))),
)


def nth_look(place: int, count: int) -> Look:
    """The look of one group of several.

    Parameters
    ----------
    place : int
        From 0, in page order.
    count : int
        How many groups there are.

    Returns
    -------
    Look
        Colour, marker and dash.

    Raises
    ------
    SpecError
        If there are more groups than looks.
    """
    if count > len(LOOKS):
        raise SpecError(f"figures: {count} groups; at most {len(LOOKS)} can be told apart.")
    return LOOKS[place]


def look_of(results: Results, arm: str) -> Look:
    """The look of a group; colours follow the order of the arms, and everyone is drawn in ink.

    Parameters
    ----------
    results : Results
        Its arms.
    arm : str
        Arm code or ``all``.

    Returns
    -------
    Look
        Colour, marker and dash.

    Raises
    ------
    SpecError
        If there are more arms than looks.
    """
    if arm == EVERYONE:
        return POOLED
    return nth_look(list(results.catalogue.arms).index(arm), len(results.catalogue.arms))


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
    codes = subgroups_of(results, analysis)
    if codes:
        names = [name_of(analysis_of(results, analysis), "subgroup", code) for code in codes]
        looks = [nth_look(i, len(codes)) for i in range(len(codes))]
        return tuple(Group(*parts, subgroup=parts[0]) for parts in zip(codes, names, looks, strict=True))
    arms = groups_of(results, analysis)
    return tuple(Group(arm, arm_name(results, arm), look_of(results, arm), arm=arm) for arm in arms)
