"""What stands in the boxes of a flow, and the caption and alternative text that tell it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from npcstats.analyses.flow.displays import FlowDiagram
from npcstats.analyses.flow.rows import ALLOCATED, ENROLLED, EXITS, OF_ARM, POOLED
from npcstats.display.captions import ARMS_TOPICS, compose_caption
from npcstats.display.lookup import analysis_of, arm_name, find_row, groups_of, name_of, uncapitalized
from npcstats.display.pieces import number
from npcstats.display.prose import Inline
from npcstats.results import EVERYONE, Results, Row, select

TOPICS = ("population", "screening", "rule", *ARMS_TOPICS)


@dataclass(frozen=True)
class Line:
    """One part of a box: its words, and how many."""

    words: str
    count: str


@dataclass(frozen=True)
class Box:
    """One box: its code, title and size; words below the title; its parts; whether it leads nowhere; whose it is."""

    code: str
    title: str
    count: str
    note: str
    lines: tuple[Line, ...]
    exit: bool
    arm: str


@dataclass(frozen=True)
class Chart:
    """The boxes above the allocation, and those of each column below it, in the order in which they are read."""

    pooled: tuple[Box, ...]
    columns: tuple[tuple[Box, ...], ...]


def chart_of(results: Results, analysis: str) -> Chart:
    """Read what stands in the boxes.

    Parameters
    ----------
    results : Results
        Rows of kind ``flow``.
    analysis : str
        Its id.

    Returns
    -------
    Chart
        A part that nobody in the trial is in is left out; a box of analysis sets has no size of its own.
    """
    arms = tuple(results.catalogue.arms) or groups_of(results, analysis)
    pooled = [_box(results, analysis, code, EVERYONE) for code in POOLED]
    codes = OF_ARM if results.catalogue.arms else tuple(code for code in OF_ARM if code != ALLOCATED)
    columns = (tuple(filter(None, (_box(results, analysis, code, arm) for code in codes))) for arm in arms)
    return Chart(tuple(filter(None, pooled)), tuple(columns))


def _box(results: Results, analysis: str, code: str, arm: str) -> Box | None:
    entry = analysis_of(results, analysis, "flow")
    found = select(results, analysis=analysis, measure="flow", block=code, arm=arm)
    if not found:
        return None
    whole = next((row for row in found if row.variable == EVERYONE), None)
    parts = [row for row in found if row.variable != EVERYONE and _is_told(results, row)]
    title = name_of(entry, "block", code)
    if code == ALLOCATED:
        title = arm_name(results, arm)
    note = entry.sentences.get("allocation", "") if code == ENROLLED else ""
    lines = tuple(Line(_part_words(results, row), _count(results, row)) for row in parts)
    return Box(code, title, _count(results, whole) if whole else "", note, lines, code in EXITS, arm)


def _is_told(results: Results, row: Row) -> bool:
    """Whether anybody at all is in a part; who is in none of it says nothing of an arm."""
    place = {name: getattr(row, name) for name in ("analysis", "block", "variable", "level")}
    pooled = find_row(results, **place, measure="flow", arm=EVERYONE, population=row.population, stat="count")
    return pooled is None or pooled.value != 0


def _part_words(results: Results, row: Row) -> str:
    entry = analysis_of(results, row.analysis)
    part = name_of(entry, "variable", row.variable)
    return f"{part}, {uncapitalized(name_of(entry, 'level', row.level))}" if row.level else part


def _count(results: Results, row: Row) -> str:
    return number(results, row, "count").text


def caption(results: Results, figure: FlowDiagram) -> Inline:
    """Compose the caption of a flow.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    figure : FlowDiagram
        Of the plan.

    Returns
    -------
    Inline
        What follows the title: who is shown, by what rule, and how many were treated otherwise than planned.
    """
    return compose_caption(results, figure, TOPICS)


def alt(results: Results, figure: FlowDiagram) -> str:
    """Tell every box and its numbers in reading order, for those who cannot see them.

    Parameters
    ----------
    results : Results
        Rows and catalogue.
    figure : FlowDiagram
        Of the plan.

    Returns
    -------
    str
        A sentence for each box; first those above the allocation, then each column from the top.
    """
    chart = chart_of(results, figure.analysis)
    told = [*map(_told, chart.pooled)]
    for column in chart.columns:
        arm = column[0].arm
        told += [f"{arm_name(results, arm)}:"] if results.catalogue.arms else []
        told += [_told(box) for box in column if box.code != ALLOCATED or box.count]
    return "Participant flow. " + " ".join(_plain(told))


def _told(box: Box) -> str:
    parts = "; ".join(f"{line.words} {line.count}" for line in box.lines)
    head = f"{box.title} {box.count}".strip()
    note = f". {box.note}" if box.note else ""
    return f"{head}{f' ({parts})' if parts else ''}{note}."


def _plain(told: Iterable[str]) -> list[str]:
    return [text.replace("..", ".") for text in told]
