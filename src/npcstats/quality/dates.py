"""Rules about the order of things: consent first, death last, an end after its beginning, nothing after the cut-off."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from npcstats.clinical.values import days_between
from npcstats.quality.inspection import Array, Floats, Inspection, Mark, Rule, day_count, filled, mark
from npcstats.quality.visits import AT_VISITS
from npcstats.study import ADSL, ENTERED, Period, input_schemas

GROUP = "Order of dates"
CONTACTS = "adassess"
CUTOFF_RULE = "AFTER-CUTOFF"
# a state of follow-up without an end, in CDISC's word
ONGOING = "ONGOING"
# a deviation may be recorded, and a form fall due, for someone who has died
AFTER_DEATH = ("adae", "adlb", "adrad", "adevent", "adrs", "adtr", "adex", "adcare", "adqs")
# images and samples of routine care may be older than consent
AFTER_CONSENT = ("adex", "adcare", "adevent", "addv", "adrs")


def _consent_first(inspected: Inspection) -> Iterator[Mark]:
    adsl = inspected.study["adsl"]
    for column, what in (("ENRLDT", "enrolled"), ("TRTSDT", "first treated")):
        if column in adsl:
            early = days_between(adsl["ICFDT"], adsl[column])
            yield from mark("adsl", early < 0, lambda i, d=early, w=what: f"{w} {day_count(d[i])} before consent")  # type: ignore[misc]


def _event_after_consent(inspected: Inspection) -> list[Mark]:
    early = days_between(inspected.of("adae", "ICFDT"), inspected.study["adae"]["ASTDT"])
    return mark("adae", early < 0, lambda i: f"begins {day_count(early[i])} before consent")


def _end_after_start(inspected: Inspection) -> Iterator[Mark]:
    for name, schema in input_schemas(inspected.study.design).items():
        for first, second in schema.ordered:
            if inspected.has(name, first, second):
                frame = inspected.study[name]
                length = days_between(frame[first], frame[second])
                yield from mark(name, length < 0, _before_words(first, second, length))


def _before_words(first: str, second: str, length: Floats) -> Callable[[int], str]:
    return lambda i: f"{second} is {day_count(length[i])} before {first}"


def _milestones(inspected: Inspection) -> list[str]:
    """Dates of ADSL that the design counts from, and what ends a participant's time, without consent and enrolment."""
    design = inspected.study.design
    named = [
        *(name for item in design.periods for name in (item.start, item.end)),
        *(item.anchor for item in design.visits),
        *(item.origin for item in design.endpoints),
        "TRTSDT",
        "DTHDT",
        "EOSDT",
    ]
    return [name for name in dict.fromkeys(named) if name not in ("", "ICFDT", "ENRLDT") and inspected.has(ADSL, name)]


def _enrolled_first(inspected: Inspection) -> Iterator[Mark]:
    adsl, first = inspected.study[ADSL], None
    for column in _milestones(inspected):
        early = days_between(adsl["ENRLDT"], adsl[column])
        what = "first treated" if column == "TRTSDT" else f"{column} is"
        broken = early < 0 if first is None else (early < 0) & ~first
        yield from mark(ADSL, broken, lambda i, d=early, w=what: f"{w} {day_count(d[i])} before enrolment")  # type: ignore[misc]
        first = broken if first is None else first | broken


def _consent_lately(inspected: Inspection) -> list[Mark]:
    adsl, most = inspected.study[ADSL], inspected.checks.consent_days or 0
    waited = days_between(adsl["ICFDT"], adsl["ENRLDT"])
    return mark(ADSL, waited > most, lambda i: f"consent {day_count(waited[i])} before enrolment; {most} are usual")


def _period_ended(inspected: Inspection) -> Iterator[Mark]:
    adsl = inspected.study[ADSL]
    reference = _last_known(inspected)
    done: set[str] = set()
    for period in sorted(inspected.study.design.periods, key=lambda item: item.longest or 0):
        if not period.end or period.end in done or not inspected.has(ADSL, period.start, period.end):
            continue
        done.add(period.end)
        lasts = days_between(adsl[period.start], reference)
        broken = adsl[period.end].isna().to_numpy() & (lasts > (period.longest or 0))
        yield from mark(ADSL, broken, _open_words(period, lasts))


def _open_words(period: Period, lasts: Floats) -> Callable[[int], str]:
    return lambda i: (
        f"{period.start}, {day_count(lasts[i])} later no {period.end}; day {period.longest} is taken for it"
    )


def _last_known(inspected: Inspection) -> Array:
    """Last day on which something is known of each participant: death, end of follow-up, else the last record."""
    adsl, schemas = inspected.study[ADSL], input_schemas(inspected.study.design)
    last = pd.Series(np.datetime64("NaT", "s"), index=pd.Index(adsl["USUBJID"].unique()))
    for name, schema in schemas.items():
        if (
            name != ADSL
            and schema.dated
            and inspected.has(name, "USUBJID", schema.dated)
            and "RECDT" not in schema.by_name
        ):
            latest = inspected.study[name].groupby("USUBJID")[schema.dated].max().reindex(last.index)
            last = pd.concat([last, latest], axis=1).max(axis=1)
    known = adsl["USUBJID"].map(last)
    if inspected.cutoff is not None:
        day = pd.Timestamp(inspected.cutoff)
        known = known.where(~(known > day), day)
    for column in ("EOSDT", "DTHDT"):
        if column in adsl:
            known = adsl[column].fillna(known)
    return np.asarray(known.to_numpy(), dtype="datetime64[D]")


def _visits_count_from(inspected: Inspection) -> Iterator[Mark]:
    adsl = inspected.study[ADSL]
    for anchor in dict.fromkeys(visit.anchor for visit in inspected.study.design.visits):
        later = (visit for visit in inspected.study.design.visits if visit.anchor == anchor and visit.last > 0)
        codes = [visit.code for visit in later]
        seen: set[str] = set()
        for name in AT_VISITS:
            if inspected.has(name, "USUBJID", "AVISIT"):
                frame = inspected.study[name]
                seen |= set(frame.loc[frame["AVISIT"].isin(codes), "USUBJID"])
        if anchor in adsl:
            broken = adsl[anchor].isna() & adsl["USUBJID"].isin(seen)
            text = f"records at visits that count from {anchor}, which is missing"
            yield from mark(ADSL, broken, lambda i, t=text: t)  # type: ignore[misc]


def _no_record_before_consent(inspected: Inspection) -> Iterator[Mark]:
    schemas = input_schemas(inspected.study.design)
    for name in AFTER_CONSENT:
        column = schemas[name].dated if name in schemas else None
        if column and inspected.has(name, "USUBJID", column):
            early = days_between(inspected.of(name, "ICFDT"), inspected.study[name][column])
            yield from mark(name, early < 0, lambda i, d=early: f"dated {day_count(d[i])} before consent")  # type: ignore[misc]


def _contact_gap(inspected: Inspection) -> list[Mark]:
    adsl, contacts = inspected.study[ADSL], inspected.study[CONTACTS]
    most = inspected.checks.contact_gap or 0
    known = contacts["ADT"].dropna().to_numpy()
    latest = known.max() if len(known) else np.datetime64("NaT")
    today = latest if inspected.cutoff is None else np.datetime64(inspected.cutoff)
    last = contacts.groupby("USUBJID")["ADT"].max().reindex(adsl["USUBJID"]).fillna(pd.Timestamp.min.as_unit("s"))
    last = np.fmax(last.to_numpy(), adsl["ENRLDT"].to_numpy())
    ended = np.any([adsl[name].notna() for name in ("DTHDT", "EOSDT") if name in adsl], axis=0)
    silent = days_between(last, today)
    return mark(
        ADSL, (silent > most) & ~ended, lambda i: f"no contact for {day_count(silent[i])}, and no end of follow-up"
    )


def _known_with_its_date(inspected: Inspection) -> Iterator[Mark]:
    for name, schema in input_schemas(inspected.study.design).items():
        for column in schema.columns:
            since = column.known_from
            if since and not column.undated and inspected.has(name, column.name, since):
                frame = inspected.study[name]
                lost = filled(frame[column.name]) & ~filled(frame[since])
                yield from mark(name, lost, lambda i, c=column.name, s=since: (  # type: ignore[misc]
                    f"{c} without {s}: analyses take it for missing"))  # fmt: skip


def _death_after_contact(inspected: Inspection) -> list[Mark]:
    adsl, contacts = inspected.study["adsl"], inspected.study[CONTACTS]
    last = contacts.groupby("USUBJID")["ADT"].max().reindex(adsl["USUBJID"])
    late = days_between(adsl["DTHDT"], last)
    return mark("adsl", late > 0, lambda i: f"the last contact is {day_count(late[i])} after death")


def _nothing_after_death(inspected: Inspection) -> Iterator[Mark]:
    schemas = input_schemas(inspected.study.design)
    for name in AFTER_DEATH:
        column = schemas[name].dated if name in schemas else None
        if column and inspected.has(name, "USUBJID", column):
            died = inspected.of(name, "DTHDT")
            late = days_between(died, inspected.study[name][column])
            yield from mark(name, late > 0, lambda i, d=late: f"dated {day_count(d[i])} after death")  # type: ignore[misc]
            for _, end in (
                pair for pair in schemas[name].ordered if pair[0] == column and inspected.has(name, pair[1])
            ):
                over = days_between(died, inspected.study[name][end])
                yield from mark(
                    name, (over > 0) & ~(late > 0), lambda i, d=over, e=end: f"{e} is {day_count(d[i])} after death"  # type: ignore[misc]
                )  # fmt: skip


def _nothing_after_end(inspected: Inspection) -> Iterator[Mark]:
    schemas, adsl = input_schemas(inspected.study.design), inspected.study[ADSL]
    for name in (CONTACTS, *AFTER_DEATH):
        column = schemas[name].dated if name in schemas else None
        if column and inspected.has(name, "USUBJID", column):
            late = days_between(inspected.of(name, "EOSDT"), inspected.study[name][column])
            yield from mark(name, late > 0, lambda i, d=late: f"dated {day_count(d[i])} after the end of follow-up")  # type: ignore[misc]
    if "DTHDT" in adsl:
        after = days_between(adsl["DTHDT"], adsl["EOSDT"])
        yield from mark(ADSL, after > 0, lambda i: f"the end of follow-up is {day_count(after[i])} after death")


def _nothing_after_cutoff(inspected: Inspection) -> Iterator[Mark]:
    if inspected.cutoff is None:
        return
    day = np.datetime64(inspected.cutoff, "D")
    for name, schema in input_schemas(inspected.study.design).items():
        for column in (schema.dated, "DTHDT"):
            if column and inspected.has(name, column):
                late = days_between(day, inspected.study[name][column])
                yield from mark(
                    name, late > 0, lambda i, d=late, c=column: f"{c} is {day_count(d[i])} after the cut-off"  # type: ignore[misc]
                )  # fmt: skip


def _entered_afterwards(inspected: Inspection) -> Iterator[Mark]:
    for name, schema in input_schemas(inspected.study.design).items():
        if schema.dated and inspected.has(name, schema.dated, ENTERED):
            early = days_between(inspected.study[name][schema.dated], inspected.study[name][ENTERED])
            yield from mark(name, early < 0, lambda i, d=early: f"entered {day_count(d[i])} before it is dated")  # type: ignore[misc]


def _date_and_reason(inspected: Inspection) -> Iterator[Mark]:
    adsl = inspected.study["adsl"]
    for date, reason in (("DTHDT", "DTHCAUS"), ("EOSDT", "EOSSTT")):
        if inspected.has("adsl", date, reason):
            dated, told = filled(adsl[date]), filled(adsl[reason])
            yield from mark("adsl", dated & ~told, lambda i, d=date, r=reason: f"{d} without {r}")  # type: ignore[misc]
            if input_schemas(inspected.study.design)[ADSL].by_name[reason].known_from != date:
                told &= (adsl[reason] != ONGOING).to_numpy()
                yield from mark("adsl", ~dated & told, lambda i, d=date, r=reason: f"{r} without {d}")  # type: ignore[misc]


RULES = (
    Rule(
        "CONSENT-FIRST",
        GROUP,
        "Enrolment and study treatment are on or after the day of consent.",
        "error",
        ("adsl.ICFDT", "adsl.ENRLDT"),
        _consent_first,
    ),
    Rule(
        "ENROLLED-FIRST",
        GROUP,
        "Treatment, and all else that time is counted from, is on or after the day of enrolment.",
        "error",
        ("adsl.ENRLDT",),
        _enrolled_first,
    ),
    Rule(
        "CONSENT-LONG",
        GROUP,
        "Enrolment follows consent soon.",
        "query",
        ("adsl.ICFDT", "adsl.ENRLDT"),
        _consent_lately,
        lambda checks: checks.consent_days is not None,
    ),
    Rule(
        "BEFORE-CONSENT",
        GROUP,
        "No treatment, care, event of disease, response or deviation is dated before consent.",
        "query",
        ("adsl.ICFDT",),
        _no_record_before_consent,
    ),
    Rule(
        "AE-CONSENT",
        GROUP,
        "An adverse event begins on or after the day of consent.",
        "error",
        ("adsl.ICFDT", "adae.USUBJID", "adae.ASTDT"),
        _event_after_consent,
    ),
    Rule("END-START", GROUP, "What ends does so on or after the day it began.", "error", (), _end_after_start),
    Rule(
        "DEATH-CONTACT",
        GROUP,
        "Nobody is seen after the day of death.",
        "error",
        ("adsl.DTHDT", "adassess.USUBJID", "adassess.ADT"),
        _death_after_contact,
    ),
    Rule(
        "AFTER-DEATH",
        GROUP,
        "No measurement, event or treatment is dated, or ends, after the day of death.",
        "error",
        ("adsl.DTHDT",),
        _nothing_after_death,
    ),
    Rule(
        "AFTER-EOS",
        GROUP,
        "Nothing is dated after the end of follow-up, which is not after death.",
        "query",
        ("adsl.EOSDT",),
        _nothing_after_end,
    ),
    Rule(
        "CONTACT-GAP",
        GROUP,
        "Someone alive and in follow-up has been in contact lately.",
        "query",
        ("adsl.ENRLDT", "adassess.USUBJID", "adassess.ADT"),
        _contact_gap,
        lambda checks: checks.contact_gap is not None,
    ),
    Rule(
        "PERIOD-OPEN",
        GROUP,
        "A period that began longer ago than it can last has its end recorded.",
        "query",
        (),
        _period_ended,
    ),
    Rule(
        "VISIT-ANCHOR",
        GROUP,
        "A participant with records at a visit has the date from which the visit counts.",
        "query",
        (),
        _visits_count_from,
    ),
    Rule(
        "DATE-REASON",
        GROUP,
        "Death has a date and a cause, the end of follow-up a date and a reason.",
        "query",
        (),
        _date_and_reason,
    ),
    Rule(
        "KNOWN-FROM",
        GROUP,
        "What is known from a day on has that day: without it, analyses take the value for missing at every cut-off.",
        "query",
        (),
        _known_with_its_date,
    ),
    Rule(
        CUTOFF_RULE,
        GROUP,
        "Nothing is dated after the data cut-off; analyses leave such records out.",
        "query",
        (),
        _nothing_after_cutoff,
    ),
    Rule(
        "ENTRY-DATE",
        GROUP,
        "A record enters the database on or after the day it is dated.",
        "query",
        (),
        _entered_afterwards,
    ),
)
