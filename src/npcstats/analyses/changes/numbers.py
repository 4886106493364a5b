"""Watched numbers: what they were, what they are, and by which cause they differ by how much."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from npcstats.analyses.changes.numerators import Standings, find_standings, reasons
from npcstats.analyses.changes.records import Followed
from npcstats.analyses.changes.rows import WHOLE
from npcstats.analyses.changes.spec import ChangesSpec, WatchedNumber
from npcstats.derive import CAUSES, Past
from npcstats.errors import ResultsError, SpecError
from npcstats.results import EVERYONE, Results, Row, absent_sentences, count_rows, select
from npcstats.study import Study

PLACE = ("subgroup", "block", "variable", "level", "window")
UNKNOWN_THEN = "The former meeting had no such number, or could not estimate it."
UNKNOWN_NOW = "This meeting has no such number, or cannot estimate it."
UNKNOWN_STEP = "It cannot be estimated after one of the causes, so their parts cannot be told apart."


@dataclass(frozen=True, eq=False)
class Watched:
    """A watched row now, and the values that it had on the way.

    Parameters
    ----------
    watch : WatchedNumber
        Of the plan.
    row : Row
        As it is now.
    then : float
        As it was released; NaN where it was not there.
    values : tuple of float
        After each cause, in their order; the last is the present value.
    label : str
        Which of the watch's rows it is, in words; empty where there is only one.
    """

    watch: WatchedNumber
    row: Row
    then: float
    values: tuple[float, ...]
    label: str

    @property
    def moved(self) -> bool:
        """Tell whether it is to be shown: it differs by more than the plan's amount, or is there at one meeting only.

        Returns
        -------
        bool
            Whether it is.
        """
        now = self.values[-1]
        if math.isnan(now) or math.isnan(self.then):
            return math.isnan(now) != math.isnan(self.then)
        return abs(now - self.then) > self.watch.amount

    @property
    def code(self) -> str:
        """Name it among the rows of its watch.

        Returns
        -------
        str
            Its place, without arms.
        """
        time = "" if math.isnan(self.row.time) else f"{self.row.time:g}"
        parts = [*(getattr(self.row, name) for name in PLACE), time]
        return "/".join([self.watch.id, *(part for part in parts if part not in ("", EVERYONE))])


def watch_numbers(results: Results, past: Past, spec: ChangesSpec) -> list[Watched]:
    """Find the watched rows and the values that they had on the way.

    Parameters
    ----------
    results : Results
        Every other analysis of the session.
    past : Past
        What the session had at the former meeting.
    spec : ChangesSpec
        What is watched.

    Returns
    -------
    list of Watched
        In plan order, then in that of the results.

    Raises
    ------
    SpecError
        If a watch selects no row.
    """
    found = []
    stages = (past.stored, *(step.results for step in past.steps), results)
    for watch in spec.numbers:
        now = _selected(results, watch)
        if not now and not absent_sentences(results.catalogue, [watch.rows["analysis"]]):
            raise SpecError(f"plan: watched number {watch.id} selects no row; rows of this session are required.")
        gone = [row for row in _selected(past.stored, watch) if row.key not in results.by_key]
        for row in (*now, *gone):
            then, *values = (_value_in(one, watch, row) for one in stages)
            words = results if row.key in results.by_key else past.stored
            found.append(Watched(watch, row, then, tuple(values), _label(words, watch, row)))
    return found


def _value_in(results: Results, watch: WatchedNumber, row: Row) -> float:
    """The value of a watched row; 0 of a term of which no event was on record, where the set had any at risk."""
    same = results.by_key.get(row.key)
    if same is not None:
        return same.value
    counts_terms = watch.counted and watch.counted.by_term and not row.reference
    return 0.0 if counts_terms and not math.isnan(_whole_of(results, row)) else math.nan


def _whole_of(results: Results, row: Row) -> float:
    """The value of a row, or of that of any term and class in its place."""
    places = (row, *(replace(row, block=block, variable=EVERYONE) for block in ("", EVERYONE)))
    found = (results.by_key.get(place.key) for place in places)
    return next((one.value for one in found if one is not None), math.nan)


def _results_by_plan(past: Past) -> Results:
    """Those of the former meeting by the present plan."""
    return next(step.results for step in past.steps if step.cause == "plan")


def _selected(results: Results, watch: WatchedNumber) -> list[Row]:
    return [
        row
        for row in select(results, **watch.rows)
        if not any(getattr(row, name) == value for name, value in watch.without.items())
    ]


def _label(results: Results, watch: WatchedNumber, row: Row) -> str:
    """What tells a row from the others of its watch, in the words of its analysis."""
    labels = results.catalogue.analyses[row.analysis].labels
    told = []
    for name in PLACE:
        code = getattr(row, name)
        if name in watch.rows or code in ("", EVERYONE) or (name == "block" and row.variable not in ("", EVERYONE)):
            continue
        told.append(labels.get(name, {}).get(code, code))
    if not math.isnan(row.time) and "time" not in watch.rows:
        told.append(f"at {row.time:g}")
    return ", ".join(told)


def number_rows(spec: ChangesSpec, found: Sequence[Watched]) -> list[Row]:
    """Rows of the watched numbers that moved, with their causes, and of how many did.

    Parameters
    ----------
    spec : ChangesSpec
        What is watched.
    found : sequence of Watched
        All of them.

    Returns
    -------
    list of Row
        Parts that add up to the change.
    """
    rows: list[Row] = []
    for watch in spec.numbers:
        own = [item for item in found if item.watch.id == watch.id]
        start = Row(spec.id, spec.population, "moved", "count", 0.0, block=watch.id)
        rows += count_rows(start, sum(item.moved for item in own), len(own))
    return rows + [row for item in found if item.moved for row in _rows_of(spec, item)]


def place_of(spec: ChangesSpec, item: Watched) -> Row:
    """Where the rows of a watched number are.

    Parameters
    ----------
    spec : ChangesSpec
        What is watched.
    item : Watched
        The number.

    Returns
    -------
    Row
        To be given a measure and a value.
    """
    row = item.row
    return Row(spec.id, row.population, "change_since", "estimate", 0.0, arm=row.arm, reference=row.reference,
               block=item.watch.id, variable=item.code, unit=row.unit)  # fmt: skip


def _rows_of(spec: ChangesSpec, item: Watched) -> list[Row]:
    start, now = place_of(spec, item), item.values[-1]
    before = (item.then, *item.values[:-1])
    lacking = UNKNOWN_THEN if math.isnan(item.then) else ""
    whole = lacking or (UNKNOWN_NOW if math.isnan(now) else "")
    known = not any(map(math.isnan, (item.then, *item.values)))
    rows = [
        replace(start, measure="watched_then", value=item.then, note=lacking),
        replace(start, measure="watched_now", value=now, note=UNKNOWN_NOW if math.isnan(now) else ""),
        replace(start, level=WHOLE, value=now - item.then, note=whole),
    ]
    for cause, was, after in zip(CAUSES, before, item.values, strict=True):
        part = after - was if known else math.nan
        rows.append(replace(start, level=cause, value=part, note="" if known else whole or UNKNOWN_STEP))
    return rows


def participant_rows(
    study: Study, results: Results, past: Past, spec: ChangesSpec, found: Sequence[Watched], events: Followed
) -> list[Row]:
    """Rows of who joined and left the counts of watched shares that moved.

    Parameters
    ----------
    study : Study
        At its cut-off, prepared for a session.
    results : Results
        Every other analysis of the session.
    past : Past
        What the session had at the former meeting.
    spec : ChangesSpec
        What is watched.
    found : sequence of Watched
        All watched numbers.
    events : Followed
        Records of adverse events.

    Returns
    -------
    list of Row
        By reason; only reasons that somebody has.

    Raises
    ------
    ResultsError
        If what the plan says is counted is not what the share counts.
    """
    rows: list[Row] = []
    for item in found:
        if not item.watch.counted or not item.moved or item.row.reference or _is_unknown(results, past, item.row):
            continue
        standings = find_standings(study, past, item.row, item.watch.counted, events)
        _check_counts(item, results, past, standings)
        start = replace(place_of(spec, item), stat="count")
        by_plan = _results_by_plan(past)
        for measure, one, standing in (
            ("counted_then", by_plan, standings.then),
            ("counted_now", results, standings.now),
        ):
            many, total = len(standing.of(item.row.arm)), _whole_of(one, replace(item.row, stat="total"))
            rows += count_rows(replace(start, measure=measure), many, round(total))
        for measure, told in zip(("joined", "left"), reasons(standings, item.row.arm), strict=True):
            rows += [replace(start, measure=measure, level=why, value=float(many)) for why, many in told.items()]
    return rows


def _is_unknown(results: Results, past: Past, row: Row) -> bool:
    """Whether nobody knows how many a share is of, then or now, as of an analysis that an export has no frame for."""
    return any(math.isnan(_whole_of(one, replace(row, stat="total"))) for one in (_results_by_plan(past), results))


def _check_counts(item: Watched, results: Results, past: Past, standings: Standings) -> None:
    """Refuse reasons of other participants than those that the share counts."""
    by_plan = _results_by_plan(past)
    key = replace(item.row, stat="count").key
    for one, standing in ((by_plan, standings.then), (results, standings.now)):
        row, many = one.by_key.get(key), len(standing.of(item.row.arm))
        if row is not None and row.value != many:
            raise ResultsError(
                f"plan: watched number {item.watch.id} counts {many} participants, its row {row.value:.0f} ({key}); "
                "an event count as that analysis has it is required."
            )
