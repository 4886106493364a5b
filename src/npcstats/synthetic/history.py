"""What the made trial looked like whenever it was extracted: what came later is absent, what was wrong still stands.

An export holds what had happened and was entered by its day. What is planted is listed beside it: events that were
graded otherwise, that never were, or that came late, values that were corrected, a death or an end of treatment
reported late, a treatment recorded as another. Each stands in a participant of its own.
"""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pandas as pd

from npcstats.errors import SpecError
from npcstats.schema import TEXTS, Schema
from npcstats.study import ADSL, ENTERED, Design, input_schemas
from npcstats.synthetic.draws import named_stream, rounded
from npcstats.synthetic.toxicity import FATAL, INTERRUPTED, REDUCED, WITHDRAWN, WORST
from npcstats.synthetic.trial import order_frame
from npcstats.synthetic.truth import HistoryTruth
from npcstats.synthetic.write import number_text

Kind = Literal[
    "upgraded", "downgraded", "withdrawn", "duplicated", "late-event", "late-serious", "late-stay", "late-value",
    "corrected", "late-death", "late-end", "moved",
]  # fmt: skip
NEVER_WAS = 900
"""First number of events that never were; no event that was has one so high."""
EVENTS, VALUES, CARE = "adae", "adlb", "adcare"
ACUTE_DAYS = 90
DECIMALS = 2
DAY = pd.Timedelta(days=1)


@dataclass(frozen=True)
class Change:
    """One thing that an export held otherwise than the next.

    Parameters
    ----------
    kind : Kind
        What happened to it.
    frame, participant : str
        Where.
    key : tuple of (str, value)
        Columns that name the record within the participant.
    column : str
        What differs; empty where the whole record does.
    before, after : value
        In the earlier export and from the next on; None where there is none.
    shown : date
        Cut-off of the first export that has it right.
    """

    kind: Kind
    frame: str
    participant: str
    key: tuple[tuple[str, Any], ...]
    column: str
    before: Any
    after: Any
    shown: datetime.date


@dataclass(frozen=True)
class Extract:
    """An export for one meeting: its cut-off, the day on which it was taken, and its frames."""

    cutoff: datetime.date
    extracted: datetime.date
    frames: Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class History:
    """Exports in order, and everything in which one differs from the next but by what came after its cut-off."""

    extracts: tuple[Extract, ...]
    changes: tuple[Change, ...]

    def shown(self, cutoff: datetime.date, *kinds: Kind) -> tuple[Change, ...]:
        """Tell what an export has right for the first time.

        Parameters
        ----------
        cutoff : date
            Its cut-off.
        *kinds : Kind
            Which changes; all where none is named.

        Returns
        -------
        tuple of Change
            In the order of planting.
        """
        return tuple(one for one in self.changes if one.shown == cutoff and (not kinds or one.kind in kinds))


def make_history(frames: Mapping[str, pd.DataFrame], design: Design, truth: HistoryTruth, seed: int) -> History:
    """Take exports of a made trial at several cut-offs.

    Parameters
    ----------
    frames : mapping of str to DataFrame
        The whole trial, as `simulate_trial` returns it.
    design : Design
        Declares the frames and the treatments.
    truth : HistoryTruth
        Cut-offs, and how much is planted.
    seed : int
        What is planted draws from streams of its own.

    Returns
    -------
    History
        Exports and planted changes.

    Raises
    ------
    SpecError
        If cut-offs are not in order, counts are not given for each, or fewer records fit than are asked for.
    """
    _check(truth)
    draft = _Draft(_caught_up(frames, design, truth), design, truth, seed)
    for place in range(1, len(truth.cutoffs)):
        for kind, count, plant in _plants(truth, place - 1):
            _plant(draft, place, kind, count, plant)
    extracts = tuple(Extract(day, taken, _extract(draft, pd.Timestamp(taken))) for day, taken in _days(truth))
    return History(extracts, tuple(draft.changes))


@dataclass(frozen=True)
class _Edit:
    """Values that a row had in every export until a day."""

    frame: str
    row: int
    values: Mapping[str, Any]
    until: pd.Timestamp


@dataclass
class _Draft:
    """The trial as it is known in the end, and what stood otherwise before."""

    frames: dict[str, pd.DataFrame]
    design: Design
    truth: HistoryTruth
    seed: int
    edits: list[_Edit] = field(default_factory=list)
    extra: list[tuple[dict[str, Any], pd.Timestamp]] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class _Interval:
    """From one cut-off to the next: what is planted is dated before the first and shown by the second."""

    since: pd.Timestamp
    cutoff: pd.Timestamp
    extracted: pd.Timestamp
    following: pd.Timestamp
    rng: np.random.Generator

    def entry(self) -> pd.Timestamp:
        """Draw a day after the earlier export and by the later cut-off."""
        return self.extracted + DAY * int(self.rng.integers(1, (self.following - self.extracted).days, endpoint=True))

    def holds(self, dates: pd.Series) -> pd.Series:
        """Tell which dates lie between the cut-off before the earlier one and the earlier one."""
        return (dates > self.since) & (dates <= self.cutoff)


_Candidates = Callable[[_Draft, _Interval], pd.Series]
_Planter = Callable[[_Draft, _Interval, pd.Series], Change]


def _check(truth: HistoryTruth) -> None:
    gaps = [(later - earlier).days for earlier, later in itertools.pairwise(truth.cutoffs)]
    if not gaps or min(gaps) < 1:
        raise SpecError("history: cut-offs are not in order; two or more, each after the one before, are required.")
    if not 0 <= truth.extracted_after < min(gaps):
        raise SpecError("history: an export is taken on the next cut-off or later; an earlier day is required.")
    counts = {kind: len(given) for kind, given in _counts(truth).items()}
    odd = [kind for kind, count in counts.items() if count != len(gaps)]
    if odd:
        raise SpecError(f"history: {odd[0]} is not given for each cut-off after the first; one count each is required.")


def _counts(truth: HistoryTruth) -> dict[Kind, tuple[int, ...]]:
    """How many of each kind, the kinds that fit fewest participants first."""
    return {
        "moved": truth.moved,
        "late-death": truth.late_deaths,
        "late-end": truth.late_ends,
        "late-serious": truth.late_serious,
        "upgraded": truth.upgraded,
        "late-event": truth.late_events,
        "downgraded": truth.downgraded,
        "withdrawn": truth.withdrawn,
        "duplicated": truth.duplicated,
        "corrected": truth.corrected,
        "late-value": truth.late_values,
    }


def _days(truth: HistoryTruth) -> list[tuple[datetime.date, datetime.date]]:
    return [(day, day + datetime.timedelta(days=truth.extracted_after)) for day in truth.cutoffs]


def _caught_up(frames: Mapping[str, pd.DataFrame], design: Design, truth: HistoryTruth) -> dict[str, pd.DataFrame]:
    """Frames whose records dated by a cut-off were entered by its export."""
    schemas, caught = input_schemas(design), {}
    for name, frame in frames.items():
        dated = schemas[name].dated
        caught[name] = frame.copy()
        if not dated or ENTERED not in frame:
            continue
        for cutoff, taken in _days(truth):
            behind = (frame[dated] <= pd.Timestamp(cutoff)) & (caught[name][ENTERED] > pd.Timestamp(taken))
            caught[name][ENTERED] = caught[name][ENTERED].mask(behind, pd.Timestamp(taken))
    return caught


def _plant(draft: _Draft, place: int, kind: Kind, count: int, found: tuple[_Candidates, _Planter]) -> None:
    """Plant so many changes of a kind between two cut-offs, each in a participant who has none."""
    candidates, plant = found
    days = _days(draft.truth)
    (cutoff, taken), following = days[place - 1], draft.truth.cutoffs[place]
    since = draft.truth.cutoffs[place - 2] if place > 1 else draft.design.accrual_start
    rng = named_stream(draft.seed, f"history/{following.isoformat()}/{kind}")
    quiet = DAY * draft.truth.quiet_days
    span = _Interval(
        pd.Timestamp(since), pd.Timestamp(cutoff) - quiet, pd.Timestamp(taken), pd.Timestamp(following), rng
    )
    for planted in range(count):
        frame, here = _frame_of(kind), candidates(draft, span)
        rows = draft.frames[frame].loc[here & ~draft.frames[frame]["USUBJID"].isin(draft.taken)]
        if rows.empty:
            raise SpecError(f"history: {planted} records fit {kind} before {cutoff.isoformat()}; {count} are required.")
        row = rows.iloc[int(rng.integers(len(rows)))]
        draft.taken.add(str(row["USUBJID"]))
        draft.changes.append(plant(draft, span, row))


def _frame_of(kind: Kind) -> str:
    if kind in ("moved", "late-death", "late-end"):
        return ADSL
    return VALUES if kind in ("late-value", "corrected") else EVENTS


def _plants(truth: HistoryTruth, place: int) -> list[tuple[Kind, int, tuple[_Candidates, _Planter]]]:
    counts = _counts(truth)
    return [(kind, counts[kind][place], _PLANTS[kind]) for kind in counts]


# ---- whom and what a change fits


def _acute(draft: _Draft, span: _Interval) -> pd.DataFrame:
    """Events of the declared terms in or soon after radiotherapy, with the participant's worst grade of the term."""
    events, adsl = draft.frames[EVENTS], draft.frames[ADSL].set_index("USUBJID")
    first, last = (events["USUBJID"].map(adsl[name]) for name in ("RTSTDT", "RTENDT"))
    acute = (events["ASTDT"] >= first) & (events["ASTDT"] <= last + DAY * ACUTE_DAYS) & (last <= span.cutoff)
    plain = (events["AESER"] == "N") & ~events["AEACN"].isin((REDUCED, INTERRUPTED, WITHDRAWN))
    fits = acute & plain & events["AEDECOD"].isin(draft.truth.terms) & span.holds(events["ASTDT"])
    graded = events.groupby(["USUBJID", "AEDECOD"])["AETOXGR"]
    severe = (events["AETOXGR"] >= draft.truth.grade).groupby([events["USUBJID"], events["AEDECOD"]]).transform("sum")
    return events.assign(fits=fits, worst=graded.transform("max"), severe=severe, records=graded.transform("size"))


def _only_severe(draft: _Draft, span: _Interval) -> pd.Series:
    events = _acute(draft, span)
    return events["fits"] & (events["AETOXGR"] == draft.truth.grade) & (events["severe"] == 1)


def _mild(draft: _Draft, span: _Interval) -> pd.Series:
    events = _acute(draft, span)
    return events["fits"] & (events["AETOXGR"] == draft.truth.grade - 1) & (events["severe"] == 0)


def _ended_mild(draft: _Draft, span: _Interval) -> pd.Series:
    """The only record of its term, ended early enough for another to have seemed to follow."""
    events, adsl = _acute(draft, span), draft.frames[ADSL].set_index("USUBJID")
    seen = events["USUBJID"].map(adsl[["DTHDT", "EOSDT"]].min(axis=1)).fillna(span.cutoff)
    until = events["AENDT"] + DAY * 14
    return _mild(draft, span) & (events["records"] == 1) & (until <= seen) & (until <= span.cutoff)


def _severe_or_mild(draft: _Draft, span: _Interval) -> pd.Series:
    return _only_severe(draft, span) | _mild(draft, span)


def _serious(draft: _Draft, span: _Interval) -> pd.Series:
    """The only serious event of a participant, of another term than the declared, with the stay that it led to."""
    events, care = draft.frames[EVENTS], draft.frames[CARE]
    serious = events["AESER"] == "Y"
    alone = serious.groupby(events["USUBJID"]).transform("sum") == 1
    stays = set(zip(care["USUBJID"], care["CASTDT"], strict=True))
    led = np.array([pair in stays for pair in zip(events["USUBJID"], events["ASTDT"], strict=True)], dtype=bool)
    other = ~events["AEDECOD"].isin(draft.truth.terms) & ~events["AEACN"].isin((REDUCED, INTERRUPTED, WITHDRAWN))
    return serious & alone & led & other & (events["AETOXGR"] < WORST) & span.holds(events["ASTDT"])


def _valued(draft: _Draft, span: _Interval) -> pd.Series:
    values = draft.frames[VALUES]
    return values["PARAMCD"].isin(draft.truth.parameters) & values["AVAL"].gt(0) & span.holds(values["ADT"])


def _died(draft: _Draft, span: _Interval) -> pd.Series:
    adsl, events = draft.frames[ADSL], draft.frames[EVENTS]
    fatal = adsl["USUBJID"].isin(events.loc[events["AEOUT"] == FATAL, "USUBJID"])
    return span.holds(adsl["DTHDT"]) & ~fatal


def _completed(draft: _Draft, span: _Interval) -> pd.Series:
    """Whose radiotherapy had ended, without a severe event of the declared terms."""
    adsl, events = draft.frames[ADSL], draft.frames[EVENTS]
    severe = events["AEDECOD"].isin(draft.truth.terms) & (events["AETOXGR"] >= draft.truth.grade)
    return span.holds(adsl["RTENDT"]) & adsl["DTHDT"].isna() & ~adsl["USUBJID"].isin(events.loc[severe, "USUBJID"])


def _of_two(draft: _Draft, span: _Interval) -> pd.Series:
    """Treated with two modalities, by a technique that the planned one has too."""
    adsl = draft.frames[ADSL]
    used = set(zip(adsl["TRT01A"], adsl["TECHNIQUE"], strict=True))
    alike = np.array([pair in used for pair in zip(adsl["TRT01P"], adsl["TECHNIQUE"], strict=True)], dtype=bool)
    return adsl["TRT01A"].isin([*draft.design.arm_rule]) & span.holds(adsl["RTSTDT"]) & alike


# ---- what is done to it


def _regrade(kind: Kind, step: int) -> _Planter:
    def plant(draft: _Draft, span: _Interval, row: pd.Series) -> Change:
        return _stood(draft, span, kind, EVENTS, row, {"AETOXGR": int(row["AETOXGR"]) + step}, ("AESEQ",))

    return plant


def _correct(draft: _Draft, span: _Interval, row: pd.Series) -> Change:
    was = float(rounded(np.array(row["AVAL"] * draft.truth.factor), DECIMALS))
    values = {"AVAL": was, "AVALC": number_text(was)}
    return _stood(draft, span, "corrected", VALUES, row, values, ("PARAMCD", "AVISIT", "ADT"))


def _report_death(draft: _Draft, span: _Interval, row: pd.Series) -> Change:
    return _stood(draft, span, "late-death", ADSL, row, {"DTHDT": pd.NaT, "DTHCAUS": ""}, ())


def _report_end(draft: _Draft, span: _Interval, row: pd.Series) -> Change:
    return _stood(draft, span, "late-end", ADSL, row, {"RTENDT": pd.NaT, "FXDELIV": np.nan}, ())


def _move(draft: _Draft, span: _Interval, row: pd.Series) -> Change:
    return _stood(draft, span, "moved", ADSL, row, {"TRT01A": row["TRT01P"]}, ())


def _stood(
    draft: _Draft, span: _Interval, kind: Kind, frame: str, row: pd.Series, values: Mapping[str, Any],
    key: tuple[str, ...],
) -> Change:  # fmt: skip
    """Have a row stand otherwise in the earlier export; the first of the values is the one that is told."""
    draft.edits.append(_Edit(frame, int(str(row.name)), values, span.extracted))
    column = next(iter(values))
    return _change(kind, frame, row, key, span, column, values[column], row[column])


def _enter_late(kind: Kind, key: tuple[str, ...]) -> _Planter:
    def plant(draft: _Draft, span: _Interval, row: pd.Series) -> Change:
        frame = _frame_of(kind)
        draft.frames[frame].loc[row.name, ENTERED] = span.entry()
        return _change(kind, frame, row, key, span, "", None, None)

    return plant


def _enter_serious_late(draft: _Draft, span: _Interval, row: pd.Series) -> Change:
    """A serious event, and care that began on its day, are entered on one day."""
    told = _enter_late("late-serious", ("AESEQ",))(draft, span, row)
    care = draft.frames[CARE]
    stays = care.loc[(care["USUBJID"] == row["USUBJID"]) & (care["CASTDT"] == row["ASTDT"])]
    care.loc[stays.index, ENTERED] = draft.frames[EVENTS].at[row.name, ENTERED]
    key = ("KIND", "CASTDT")
    draft.changes += [_change("late-stay", CARE, stay, key, span, "", None, None) for _, stay in stays.iterrows()]
    return told


def _duplicate(draft: _Draft, span: _Interval, row: pd.Series) -> Change:
    return _never_was(draft, span, "duplicated", row, {ENTERED: row[ENTERED]})


def _withdraw(draft: _Draft, span: _Interval, row: pd.Series) -> Change:
    start = row["AENDT"] + DAY * 2
    values = {"AETOXGR": draft.truth.grade, "ASTDT": start, "AENDT": start + DAY * 7, ENTERED: start + DAY * 9}
    return _never_was(draft, span, "withdrawn", row, values)


def _never_was(draft: _Draft, span: _Interval, kind: Kind, row: pd.Series, values: Mapping[str, Any]) -> Change:
    made = {**{str(name): value for name, value in row.items()}, **values, "AESEQ": NEVER_WAS + len(draft.extra)}
    draft.extra.append((made, span.extracted))
    return _change(kind, EVENTS, pd.Series(made), ("AESEQ",), span, "", None, None)


def _change(
    kind: Kind, frame: str, row: pd.Series, key: tuple[str, ...], span: _Interval, column: str, before: Any, after: Any
) -> Change:
    named = tuple((name, row[name]) for name in key)
    return Change(kind, frame, str(row["USUBJID"]), named, column, before, after, span.following.date())


_PLANTS: dict[Kind, tuple[_Candidates, _Planter]] = {
    "moved": (_of_two, _move),
    "late-death": (_died, _report_death),
    "late-end": (_completed, _report_end),
    "late-serious": (_serious, _enter_serious_late),
    "upgraded": (_only_severe, _regrade("upgraded", -1)),
    "late-event": (_severe_or_mild, _enter_late("late-event", ("AESEQ",))),
    "downgraded": (_mild, _regrade("downgraded", 1)),
    "withdrawn": (_ended_mild, _withdraw),
    "duplicated": (_severe_or_mild, _duplicate),
    "corrected": (_valued, _correct),
    "late-value": (_valued, _enter_late("late-value", ("PARAMCD", "AVISIT", "ADT"))),
}


# ---- an export of a day


def _extract(draft: _Draft, day: pd.Timestamp) -> dict[str, pd.DataFrame]:
    schemas = input_schemas(draft.design)
    frames = {name: _frame_on(_as_it_stood(draft, name, day), schemas[name], day) for name in draft.frames}
    enrolled = set(frames[ADSL]["USUBJID"])
    kept = {n: f.loc[f["USUBJID"].isin(enrolled)] if "USUBJID" in f else f for n, f in frames.items()}
    return {name: order_frame(frame, draft.design, name) for name, frame in kept.items()}


def _as_it_stood(draft: _Draft, name: str, day: pd.Timestamp) -> pd.DataFrame:
    frame = draft.frames[name].copy()
    for edit in draft.edits:
        if edit.frame == name and day <= edit.until:
            for column, value in edit.values.items():
                frame.loc[edit.row, column] = value
    extra = [record for record, until in draft.extra if name == EVENTS and day <= until]
    return pd.concat([frame, pd.DataFrame(extra).astype(frame.dtypes)], ignore_index=True) if extra else frame


def _frame_on(frame: pd.DataFrame, schema: Schema, day: pd.Timestamp) -> pd.DataFrame:
    """What had happened and was entered by a day; of what goes on, no end, and an outcome that says so."""
    known = pd.Series(True, index=frame.index)
    for name in (schema.dated, ENTERED):
        known &= frame[name] <= day if name and name in frame else True
    whole = frame.loc[known]
    built = whole.copy()
    for column in schema.columns:
        if column.kind == "date":
            built[column.name] = whole[column.name].where(whole[column.name] <= day)
    for column in schema.columns:
        if column.known_from:
            ahead = built[column.known_from].isna() & whole[column.known_from].notna()
            blank: Any = column.open_values[0] if column.open_values else "" if column.kind in TEXTS else np.nan
            built[column.name] = built[column.name].mask(ahead, blank)
    return built
