"""Rules about the order of things: consent first, death last, an end after its beginning, nothing after the cut-off."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from npcstats.quality.inspection import Floats, Inspection, Mark, Rule, day_count, days_between, filled, mark
from npcstats.study import ENTERED, input_schemas

GROUP = "Order of dates"
CONTACTS = "adassess"
CUTOFF_RULE = "AFTER-CUTOFF"
# a deviation may be recorded, and a form fall due, for someone who has died
AFTER_DEATH = ("adae", "adlb", "adrad", "adevent", "adrs", "adtr", "adex", "adcare", "adqs")


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
            late = days_between(inspected.of(name, "DTHDT"), inspected.study[name][column])
            yield from mark(name, late > 0, lambda i, d=late: f"dated {day_count(d[i])} after death")  # type: ignore[misc]


def _no_contact_after_end(inspected: Inspection) -> list[Mark]:
    late = days_between(inspected.of(CONTACTS, "EOSDT"), inspected.study[CONTACTS]["ADT"])
    return mark(CONTACTS, late > 0, lambda i: f"dated {day_count(late[i])} after the end of follow-up")


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
        "No measurement, event or treatment is dated after the day of death.",
        "error",
        ("adsl.DTHDT",),
        _nothing_after_death,
    ),
    Rule(
        "AFTER-EOS",
        GROUP,
        "No contact is dated after the end of follow-up.",
        "query",
        ("adsl.EOSDT", "adassess.USUBJID", "adassess.ADT"),
        _no_contact_after_end,
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
