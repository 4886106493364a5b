"""Small counts withheld from results that are made public, and with them whatever would tell one.

What stays published is a coarser table than the one that was made: categories that hold few participants are merged
with others, and of what was merged only the sum can be worked out. No sum is itself a small count. Knows rows and the
kinds of analysis that they belong to; a kind or a measure that it does not know is withheld whole.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise

from npcstats.errors import SpecError
from npcstats.formatting import round_number
from npcstats.results import EVERYONE, WITHHELD, Analysis, Results, Row, is_withheld

TOPIC = "withheld"
EXTREMES = ("minimum", "maximum")
BAND_ORDER = (3, 2, 1, 4, 5)
"""Grade bands in the order in which a table misses them most."""
_BAND = re.compile(r"grade>=(\d)")
_GRADE = re.compile(r"grade=(\d)")


@dataclass(frozen=True)
class SmallCounts:
    """From which count on participants are too many to be recognized.

    Parameters
    ----------
    below : int
        Counts from 1 to one less than this are withheld; at least 2. A trial group that publishes for CMS takes 11.

    Raises
    ------
    SpecError
        On construction, if nothing would be withheld.
    """

    below: int

    def __post_init__(self) -> None:
        """Refuse a rule that withholds nothing."""
        if isinstance(self.below, bool) or not isinstance(self.below, int) or self.below < 2:
            raise SpecError(f"plan: small counts below {self.below!r}; a whole number of 2 or more is required.")

    def covers(self, count: float) -> bool:
        """Tell whether a count is small.

        Parameters
        ----------
        count : float
            Participants.

        Returns
        -------
        bool
            True from 1 to one less than `below`.
        """
        return 0 < count < self.below


def keep_boundaries(
    cells: Sequence[tuple[float, ...]], order: Iterable[int], rule: SmallCounts, *, end: bool = True
) -> frozenset[int]:
    """Choose where an ordered series of counts may be cut, so that no stretch between two cuts holds a small count.

    Parameters
    ----------
    cells : sequence of tuple of float
        Counts in order, length n, one or several of different sorts (such as events and censorings) each.
    order : iterable of int
        Cuts from 1 to n - 1, the most wanted first; cut b parts cells before b from those from b on.
    rule : SmallCounts
        What is small.
    end : bool
        Whether the sorts of the last stretch are told apart; else only their sum is.

    Returns
    -------
    frozenset of int
        Cuts kept: each wanted one that fits those kept before it.
    """
    kept: frozenset[int] = frozenset()
    for cut in order:
        tried = kept | {cut}
        edges = [0, *sorted(tried), len(cells)]
        sums = [tuple(map(sum, zip(*cells[low:high], strict=True))) for low, high in pairwise(edges)]
        if not end:
            sums[-1] = (sum(sums[-1]),)
        if not any(rule.covers(count) for counts in sums for count in counts):
            kept = tried
    return kept


def merge_small(counts: dict[str, float], rule: SmallCounts) -> frozenset[str]:
    """Choose categories to be withheld, so that neither one of them nor their sum is known to be small.

    Parameters
    ----------
    counts : dict of str to float
        Count of every category of a group; their sum is at least `rule.below`.
    rule : SmallCounts
        What is small.

    Returns
    -------
    frozenset of str
        Every small category; with them the least frequent others, until there are two and their sum is not small.
        Empty where nothing is small.
    """
    small = [name for name, count in counts.items() if rule.covers(count)]
    if not small:
        return frozenset()
    others = sorted((count, i, name) for i, (name, count) in enumerate(counts.items()) if count >= rule.below)
    chosen = [*small]
    for _, _, name in others:
        if len(chosen) > 1 and sum(counts[item] for item in chosen) >= rule.below:
            break
        chosen.append(name)
    return frozenset(chosen)


def withhold_small_counts(results: Results, rule: SmallCounts) -> Results:
    """Withhold small counts, and what would tell one, from results that are made public.

    Parameters
    ----------
    results : Results
        As computed.
    rule : SmallCounts
        What is small.

    Returns
    -------
    Results
        A withheld number is NaN with a note that begins with `WITHHELD`; a curve has rows only at the times at which
        it may be known. Rows are in an order that does not depend on a count, and the catalogue says what ``s`` means.

    Notes
    -----
    Convention: in each arm, the categories of a group are merged until each holds nobody or at least `below`: grades
    with their neighbours, other categories with the least frequent ones. Numbers of everyone are printed where those
    of each arm are. A share, its limits and a difference go with the count that they would tell. The sizes of the
    arms and of the analysis sets are published, unless who is outside a denominator would be a small count. Who knows
    the rule itself can guess that something small was there, not what nor where.
    """
    hidden = _hidden_sizes(results, rule)
    rows: list[Row] = []
    analyses: dict[str, Analysis] = {}
    for name, entry in results.catalogue.analyses.items():
        before = results.by_analysis.get(name, ())
        table = _Table(before, rule, frozenset(arm for population, arm in hidden if population == entry.population))
        after = _KINDS.get(entry.kind, _nothing)(table)
        rows += after
        analyses[name] = _told(entry, before, after, rule)
    return replace(results, rows=tuple(rows), catalogue=replace(results.catalogue, analyses=analyses))


def _told(entry: Analysis, before: Sequence[Row], after: Sequence[Row], rule: SmallCounts) -> Analysis:
    gone = [row for row in after if row.measure not in EXTREMES and is_withheld(row)]
    fewer = bool({row.key for row in before} - {row.key for row in after})
    told = [
        f"Withheld (s): numbers that are, or would tell, a count of 1 to {rule.below - 1} participants."
    ] if gone else []  # fmt: skip
    if fewer:
        told.append(
            f"Curves are given at times between which none or at least {rule.below} participants had an event; "
            "straight lines join them."
        )
        entry = replace(entry, choices={**entry.choices, "curve": "at times"})
    sentences = {**entry.sentences, TOPIC: " ".join(told)} if told else entry.sentences
    if entry.kind not in _SORTED or not told:
        return replace(entry, sentences=sentences)
    by_name = {
        column: dict(sorted(codes.items(), key=lambda item: (item[0] != EVERYONE, item[0])))
        for column, codes in entry.labels.items()
        if column in ("block", "variable")
    }
    return replace(entry, sentences=sentences, labels={**entry.labels, **by_name})


@dataclass
class _Table:
    """Rows of one analysis, what is small, the arms whose set's size is withheld, and what is withheld so far."""

    rows: Sequence[Row]
    rule: SmallCounts
    hidden: frozenset[str]
    gone: set[str] = field(default_factory=set)

    @cached_property
    def arms(self) -> tuple[str, ...]:
        """Arms, or everyone where there are none."""
        found = tuple(dict.fromkeys(row.arm for row in self.rows if not row.reference))
        return tuple(arm for arm in found if arm != EVERYONE) or (EVERYONE,)

    @cached_property
    def indexed(self) -> Mapping[tuple[str, str], list[Row]]:
        """Rows by the value of a column that tells many apart."""
        found: dict[tuple[str, str], list[Row]] = {}
        for row in self.rows:
            for name in ("variable", "measure"):
                found.setdefault((name, getattr(row, name)), []).append(row)
        return found

    def find(self, **wanted: str) -> list[Row]:
        """Rows whose columns are these."""
        parts = [self.indexed.get((name, wanted[name]), []) for name in ("variable", "measure") if name in wanted]
        rows = min(parts, key=len, default=self.rows)
        return [row for row in rows if all(getattr(row, name) == value for name, value in wanted.items())]

    def count(self, **wanted: str) -> float:
        """The one count with these columns; 0 where there is none."""
        return next((row.value for row in self.find(**{"stat": "count", **wanted})), 0.0)

    def withhold(self, rows: Iterable[Row]) -> None:
        """Mark rows."""
        self.gone |= {row.key for row in rows}

    def too_few(self) -> bool:
        """Whether an arm is itself a small count."""
        sizes = self.find(measure="participants", stat="count")
        return not sizes or any(self.rule.covers(row.value) for row in sizes)

    def done(self) -> list[Row]:
        """The rows, those withheld without their value; subgroups are withheld whole."""
        note = f"{WITHHELD}a count of 1 to {self.rule.below - 1} participants is meant or could be worked out."
        return [
            replace(row, value=math.nan, note=note)
            if (row.key in self.gone or row.subgroup != EVERYONE) and not _says_nothing(row)
            else row
            for row in self.rows
        ]


def _says_nothing(row: Row) -> bool:
    """Whether a row could not be estimated for everyone to see, whatever the data."""
    return math.isnan(row.value) and row.note == "Enrolment is complete."


def _nothing(table: _Table) -> list[Row]:
    """Withhold all: what is not known cannot be judged."""
    table.withhold(table.rows)
    return table.done()


def _cell(row: Row) -> tuple[str, str, str, str]:
    return row.window, row.block, row.variable, row.level


def _hidden_sizes(results: Results, rule: SmallCounts) -> frozenset[tuple[str, str]]:
    """Analysis sets and arms whose size would tell how many are outside a denominator."""
    found = set()
    for name, entry in results.catalogue.analyses.items():
        rows = results.by_analysis.get(name, ()) if entry.kind == "toxicity" else ()
        inside = [row for row in rows if row.measure == "observed" and row.stat == "count"]
        sizes = {row.arm: row.value for row in rows if row.measure == "participants"}
        found |= {(entry.population, row.arm) for row in inside if rule.covers(sizes[row.arm] - row.value)}
    pooled = {(population, EVERYONE) for population, _ in found}
    return frozenset(found | pooled)


def _toxicity(table: _Table) -> list[Row]:
    """Grades of a term are merged with their neighbours; terms are put in the order of their names."""
    if table.too_few():
        return _nothing(table)
    for window in dict.fromkeys(row.window for row in table.rows):
        kept = {arm: _kept_grades(table, window, arm) for arm in table.arms}
        _withhold_outside(table, window)
        for row in table.find(window=window):
            always = row.measure in ("participants", "observed", "not_evaluable")
            if not always and not _is_grade_known(table, row, kept):
                table.gone.add(row.key)
        _withhold_records(table, window)
    order = {key: i for i, key in enumerate(sorted({(row.block, row.variable) for row in table.rows}, key=_by_name))}
    windows = list(dict.fromkeys(row.window for row in table.rows))
    return sorted(table.done(), key=lambda row: (windows.index(row.window), order[row.block, row.variable]))


def _by_name(place: tuple[str, str]) -> tuple[bool, bool, str, bool, str]:
    block, variable = place
    return block != "", block != EVERYONE, block, variable != EVERYONE, variable


def _kept_grades(table: _Table, window: str, arm: str) -> dict[tuple[str, str], frozenset[int]]:
    """Bands of each term that may be known: ``k`` where participants of grade k or more may."""
    inside = table.count(measure="observed", window=window, arm=arm)
    grades: dict[tuple[str, str], list[tuple[float, ...]]] = {}
    for row in table.find(measure="risk", stat="count", window=window, arm=arm):
        if found := _GRADE.fullmatch(row.level):
            grades.setdefault((row.block, row.variable), [(0.0,)] * 6)[int(found[1])] = (row.value,)
    kept = {}
    for place, cells in grades.items():
        cells[0] = (inside - sum(count for cell in cells for count in cell),)
        kept[place] = frozenset() if table.rule.covers(inside) else keep_boundaries(cells, BAND_ORDER, table.rule)
    return kept


def _is_grade_known(table: _Table, row: Row, kept: dict[str, dict[tuple[str, str], frozenset[int]]]) -> bool:
    arms = table.arms if row.arm == EVERYONE else (row.arm, *filter(None, (row.reference,)))
    if row.stat == "total":
        return not any(table.rule.covers(table.count(measure="observed", window=row.window, arm=a)) for a in arms)
    if row.measure not in ("risk", "risk_difference", "records"):
        return False
    band, grade = _BAND.fullmatch(row.level), _GRADE.fullmatch(row.level)
    if row.measure == "records":
        wanted = {1}
    elif band:
        wanted = {int(band[1])}
    elif grade:
        wanted = {int(grade[1]), int(grade[1]) + 1} - {6}
    else:
        return False
    return all(wanted <= kept[arm].get((row.block, row.variable), frozenset()) for arm in arms)


def _withhold_outside(table: _Table, window: str) -> None:
    """Reasons to be outside the denominator, and the size of the set where it would tell how many are."""
    hidden = set()
    for arm in table.arms:
        size = table.count(measure="participants", window=window, arm=arm)
        inside = table.count(measure="observed", window=window, arm=arm)
        reasons = [row.value for row in table.find(measure="not_evaluable", window=window, arm=arm)]
        if arm in table.hidden or any(map(table.rule.covers, (size - inside, *reasons))):
            hidden.add(arm)
        if table.rule.covers(inside):
            table.withhold(table.find(measure="observed", window=window, arm=arm))
            table.withhold(table.find(measure="observed", window=window, arm=EVERYONE))
    for arm in (*sorted(hidden), *([EVERYONE] if hidden else [])):
        table.withhold(table.find(measure="not_evaluable", window=window, arm=arm))
    for arm in table.hidden:
        table.withhold(table.find(measure="participants", window=window, arm=arm))
        table.withhold(table.find(measure="observed", stat="total", window=window, arm=arm))


def _withhold_records(table: _Table, window: str) -> None:
    """Events add up over terms and classes: a sum is withheld with any of its parts."""
    records = table.find(measure="records", window=window)
    for row in records:
        if row.key in table.gone:
            for other in records:
                same = other.arm == row.arm and other.variable == EVERYONE
                if same and other.block in (row.block, EVERYONE):
                    table.gone.add(other.key)
    table.withhold(row for row in records if row.arm == EVERYONE and any(
        other.key in table.gone for other in records if _cell(other) == _cell(row)))  # fmt: skip


def _baseline(table: _Table) -> list[Row]:
    """Levels are merged with the least frequent others; missing values are a level."""
    if table.too_few() or table.hidden:
        return _nothing(table)
    for block, variable in dict.fromkeys((row.block, row.variable) for row in table.rows if row.variable):
        place = {"block": block, "variable": variable}
        gone: set[tuple[str, str, str]] = set()
        for arm in table.arms:
            gone |= _gone_in_arm(table, place, arm)
        for row in table.find(**place):
            if (row.reference and gone) or row.measure not in _BASELINE_MEASURES:
                table.gone.add(row.key)
    own = f"{WITHHELD}it is the value of one participant."
    return [
        replace(row, value=math.nan, note=own) if row.measure in EXTREMES and not math.isnan(row.value) else row
        for row in table.done()
    ]


_BASELINE_MEASURES = ("participants", "observed", "missing", "proportion", "mean", "std_deviation", "minimum",
                      "first_quartile", "median", "third_quartile", "maximum", "smd")  # fmt: skip


def _gone_in_arm(table: _Table, place: dict[str, str], arm: str) -> set[tuple[str, str, str]]:
    """Withhold what one arm asks for, for itself and for everyone; return what that was."""
    counts = {row.level: row.value for row in table.find(**place, measure="proportion", stat="count", arm=arm)}
    observed = table.count(**place, measure="observed", arm=arm)
    missing = table.count(**place, measure="missing", arm=arm)
    cells = {**{f"={level}": n for level, n in counts.items()}} or {"observed": observed}
    merged = merge_small({**cells, "missing": missing}, table.rule)
    gone: set[tuple[str, str, str]] = set()
    for row in table.find(**place):
        if row.reference or row.arm not in (arm, EVERYONE):
            continue
        few = table.rule.covers(observed)
        shown = (
            f"={row.level}" in merged and row.stat != "total"
            if row.measure == "proportion"
            else row.measure == "missing" and "missing" in merged
        )
        unknown = "missing" in merged or few
        told_by_size = unknown and (row.measure in ("observed", "mean", "std_deviation") or row.stat == "total")
        told_by_size |= unknown and row.measure == "proportion" and row.stat == "estimate"
        if shown or told_by_size or (few and row.measure not in ("observed", "missing")):
            table.gone.add(row.key)
            gone.add((row.measure, row.level, row.stat))
    return gone


def _counts(table: _Table) -> list[Row]:
    """Items of a block may be parts of one another: a small one takes the block of its arm with it."""
    if table.too_few() or table.hidden:
        return _nothing(table)
    table.withhold(row for row in table.rows if row.measure not in ("participants", "proportion", "records", "median"))
    for arm in table.arms:
        items = table.find(measure="proportion", stat="count", arm=arm)
        totals = {row.key: _total(table, row) for row in items}
        small = {row.block for row in items if any(map(table.rule.covers, (row.value, totals[row.key] - row.value)))}
        few = {row.block for row in items if table.rule.covers(totals[row.key])}
        for row in table.rows:
            told = row.block in small and row.measure != "participants" and row.stat != "total"
            if row.arm in (arm, EVERYONE) and (told or (row.block in few and row.stat == "total")):
                table.gone.add(row.key)
    blocks = list(dict.fromkeys(row.block for row in table.rows))
    gone = {row.block for row in table.rows if row.key in table.gone}
    # In a block with something withheld, an order by frequency would tell what stands between two neighbours.
    return sorted(table.done(), key=lambda row: (blocks.index(row.block), row.variable if row.block in gone else ""))


def _total(table: _Table, row: Row) -> float:
    place = {"block": row.block, "variable": row.variable, "arm": row.arm, "level": row.level, "window": row.window}
    return next((found.value for found in table.find(**place, measure="proportion", stat="total")), row.value)


def _accrual(table: _Table) -> list[Row]:
    """Months are merged until each stretch holds nobody or enough; a projected date tells the last stretch."""
    by_time = sorted((row for row in table.find(measure="enrolled", stat="count") if not math.isnan(row.time)),
                     key=lambda row: row.time)  # fmt: skip
    counts = [0.0, *(row.value for row in by_time)]
    size = max(counts)
    if table.rule.covers(size):
        return _nothing(table)
    cells = [(after - before,) for before, after in pairwise(counts)]
    kept = keep_boundaries([*cells, (0.0,)], range(1, len(cells) + 1), table.rule)
    table.withhold(row for i, row in enumerate(by_time, start=1) if i not in kept)
    table.withhold(row for row in table.rows if row.measure not in ("enrolled", "expected_enrolled"))
    return table.done()


def _biomarker(table: _Table) -> list[Row]:
    """With a change, with a value, due, in the set: each a part of the next, and no difference between two small."""
    if table.too_few() or table.hidden:
        return _nothing(table)
    known = {"participants", "observed", "proportion", "geometric_mean", "mean", "change_ratio", "change",
             "geometric_mean_ratio", "mean_difference"}  # fmt: skip
    table.withhold(row for row in table.rows if row.measure not in known)
    for arm in table.arms:
        due: set[str] = set()
        for window, block, variable in dict.fromkeys((r.window, r.block, r.variable) for r in table.rows if r.variable):
            place = {"window": window, "block": block, "variable": variable}
            if _withhold_visit(table, place, arm):
                due.add(window)
        for window in due:
            for who in (arm, EVERYONE):
                table.withhold(table.find(measure="observed", stat="total", window=window, arm=who))
    return [row if row.measure in ("participants", "observed", "proportion") else _short(row) for row in table.done()]


def _short(row: Row) -> Row:
    """A mean or a limit with four significant digits."""
    size = math.floor(math.log10(abs(row.value))) if math.isfinite(row.value) and row.value else 0
    return _rounded(row, max(0, 3 - size))


def _withhold_visit(table: _Table, place: dict[str, str], arm: str) -> bool:
    """Withhold what one arm asks for at a visit; tell whether the number due is among it."""
    size = table.count(measure="participants", arm=arm)
    at_visit = {**place, "arm": arm}
    value = table.count(**at_visit, measure="observed", level="value")
    due = next((row.value for row in table.find(**at_visit, measure="observed", level="value", stat="total")), value)
    part = "change" if table.find(**at_visit, measure="observed", level="change") else "detectable"
    early = table.count(**at_visit, measure="observed", level="early")
    change = table.count(**at_visit, measure="observed" if part == "change" else "proportion", level=part)
    cells = [(change,), (value - change,), (due - value,), (size - due,)]
    kept = keep_boundaries(cells, (2, 1, 3), table.rule)
    for row in table.find(**place):
        if arm in (row.arm, row.reference) or row.arm == EVERYONE:
            of_change = row.measure.startswith("change") or bool(row.reference) or row.level == part
            few = table.rule.covers(change if of_change and row.level != "detectable" else value)
            apart = row.level in ("due", "early") and early > 0  # beside those with a value they would tell the early
            if few or apart or not _cuts_told(row) <= kept:
                table.gone.add(row.key)
    return 3 not in kept


def _cuts_told(row: Row) -> set[int]:
    """Numbers that a row of a biomarker is, or would tell: 1 with a change (or detectable), 2 with a value.

    A mean of everyone beside those of the arms tells how many there are of each.
    """
    if row.measure == "observed":
        return set() if row.stat == "total" or row.level == "early" else {1} if row.level == "change" else {2}
    if row.measure == "proportion":
        return {"count": {1}, "total": {2}}.get(row.stat, {1, 2})
    if row.measure in ("geometric_mean", "mean"):
        return {2} if row.arm == EVERYONE else set()
    return {1} if row.arm == EVERYONE else set()


def _follow_up(table: _Table) -> list[Row]:
    """Quantiles only."""
    if table.too_few() or table.hidden:
        return _nothing(table)
    table.withhold(row for row in table.rows if row.measure not in ("participants", "follow_up"))
    return table.done()


def _survival(table: _Table) -> list[Row]:
    """A curve is known at times between which nobody or enough had the event; numbers at risk likewise."""
    if table.too_few() or table.hidden:
        return _nothing(table)
    ends = {arm for arm in table.arms if _is_end_known(table, arm)}
    curves = {arm: _curve_times(table, arm, arm in ends) for arm in table.arms}
    risks = {arm: _risk_times(table, arm, arm in ends, curves[arm]) for arm in table.arms}
    for row in table.rows:
        arms = table.arms if row.arm == EVERYONE or row.measure == "logrank" else (row.arm,)
        known = row.measure in ("participants", "median_survival", "follow_up", "survival_curve", "censored_curve")
        if row.measure in ("survival", "at_risk"):
            of_arms = curves if row.measure == "survival" else risks
            known = all(row.time in of_arms[arm] for arm in arms)
        elif row.measure in ("events", "logrank"):
            known = row.stat == "total" or ends >= {*arms}
        if not known:
            table.gone.add(row.key)
    rows = [row for row in table.done() if row.measure not in ("survival_curve", "censored_curve")]
    for arm in dict.fromkeys(row.arm for row in table.rows if row.measure == "survival_curve"):
        times = frozenset.intersection(*curves.values()) if arm == EVERYONE else curves[arm]
        rows += _curve_at(table, arm, times)
    return [_rounded(row, 3) if row.measure in ("survival", "survival_curve") else row for row in rows]


def _rounded(row: Row, decimals: int) -> Row:
    """A number without the digits that would tell of how many participants it is made."""
    return (
        replace(row, value=float(round_number(row.value, decimals, "half-away"))) if math.isfinite(row.value) else row
    )


def _curve_at(table: _Table, arm: str, times: frozenset[float]) -> list[Row]:
    """The curve at the times that may be known, up to its last row."""
    steps: dict[float, list[Row]] = {}
    for row in table.find(measure="survival_curve", arm=arm):
        steps.setdefault(row.time, []).append(row)
    return [
        replace(row, time=time)
        for time in sorted(times)
        if time <= max(steps)
        for row in steps[max(step for step in steps if step <= time)]
    ]


def _is_end_known(table: _Table, arm: str) -> bool:
    """Whether an arm's number of events may be known."""
    size, events = table.count(measure="participants", arm=arm), table.count(measure="events", arm=arm)
    return not any(map(table.rule.covers, (events, size - events)))


def _curve_times(table: _Table, arm: str, ended: bool) -> frozenset[float]:
    """Times at which an arm's curve may be known: the landmarks first, then the ticks, then every whole month."""
    happened = _events_and_censorings(table, arm)
    last = max((row.time for row in table.find(measure="survival_curve", arm=arm)), default=0.0)
    named = [row.time for m in ("survival", "at_risk") for row in table.find(measure=m, arm=arm) if row.stat in _POINT]
    months = [float(month) for month in range(1, int(last) + 1)]
    wanted = [time for time in dict.fromkeys([*named, *months]) if 0 < time <= last and time not in happened]
    times = sorted({*wanted, *happened})
    died = [(happened.get(time, (0.0, 0.0))[0],) for time in times]
    after = table.count(measure="events", arm=arm) - sum(cell[0] for cell in died) if ended else 0.0
    start = {0.0} - set(happened)
    if not ended and any(map(table.rule.covers, (sum(cell[0] for cell in died),))):
        # With few events in all, the curve is known only before the first of them.
        return frozenset(start | {time for time in wanted if time < min(t for t, (d, _) in happened.items() if d)})
    cuts = keep_boundaries([*died, (after,)], [times.index(time) + 1 for time in wanted], table.rule)
    return frozenset(start | {times[cut - 1] for cut in cuts})


def _risk_times(table: _Table, arm: str, ended: bool, curve: frozenset[float]) -> frozenset[float]:
    """Times at which an arm's number at risk may be known: where the curve is, and whom it leaves are not few."""
    size = table.count(measure="participants", arm=arm)
    events = table.count(measure="events", arm=arm)
    happened = _events_and_censorings(table, arm)
    last = max((row.time for row in table.find(measure="survival_curve", arm=arm)), default=0.0)
    at_risk = {row.time: row.value for row in table.find(measure="at_risk", stat="count", arm=arm)}
    wanted = [time for time in at_risk if 0 < time <= last and time in curve]
    times = sorted({*wanted, *happened})
    cells = [happened.get(time, (0.0, 0.0)) for time in times]
    died, left = (sum(cell[i] for cell in cells) for i in (0, 1))
    order = [times.index(time) + 1 for time in wanted]
    tail = (events - died, size - events - left)
    cuts = keep_boundaries([*cells, tail], order, table.rule, end=ended)
    kept = {times[cut - 1] for cut in cuts} | {0.0}
    # Beyond the curve's last row only the number at risk is given, and only whom it leaves is judged.
    before = size - sum(sum(cell) for cell in cells[: max(cuts, default=0)])
    for time in sorted(time for time in at_risk if time > last):
        if not any(map(table.rule.covers, (before - at_risk[time], at_risk[time]))):
            kept.add(time)
            before = at_risk[time]
    return frozenset(kept)


_POINT = ("estimate", "count")


def _events_and_censorings(table: _Table, arm: str) -> dict[float, tuple[float, float]]:
    """Events and censorings by time, recovered from a curve's steps: a step is events over those at risk."""
    curve = {row.time: row.value for row in table.find(measure="survival_curve", stat="estimate", arm=arm)}
    censored = {row.time: row.value for row in table.find(measure="censored_curve", arm=arm)}
    at_risk, before = table.count(measure="participants", arm=arm), 1.0
    found = {}
    for time in sorted({*curve, *censored}):
        after = curve.get(time, before)
        died = float(round(at_risk * (1.0 - after / before))) if before > 0 else 0.0
        left = censored.get(time, 0.0)
        if died or left:
            found[time] = (died, left)
        at_risk, before = at_risk - died - left, after
    return found


_SORTED = ("toxicity", "counts")
_KINDS: dict[str, Callable[[_Table], list[Row]]] = {
    "accrual": _accrual,
    "baseline": _baseline,
    "biomarker": _biomarker,
    "counts": _counts,
    "follow-up": _follow_up,
    "survival": _survival,
    "toxicity": _toxicity,
}
