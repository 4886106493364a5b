"""Every count of a table of adverse events once more, by dictionaries and loops over records.

Written from the definitions and not from the package: who is in a denominator, which events count, and the worst grade
are found for one participant, one event and one day at a time.
"""

from __future__ import annotations

import datetime
from collections import defaultdict

import pandas as pd

from npcstats.derive import cutoff_day, population_members

GRADES = (0, 1, 2, 3, 4, 5)
BANDS = (1, 2, 3, 4)


def day(value):
    return None if pd.isna(value) else value.date()


def later(date, days):
    return None if date is None else date + datetime.timedelta(days=days)


def between(date, start, end):
    """Whether a day lies in a stretch of time that may have no end, and has a beginning."""
    return date is not None and start is not None and start <= date and (end is None or date <= end)


def stretch(person, period):
    start = later(day(person[period.start]), period.start_day)
    if not period.end:
        return start, None
    end = day(person[period.end]) or later(day(person[period.start]), period.longest or 0)
    return start, later(end, period.end_day)


def baseline_grade(person, events, term):
    """The worst grade of a term among records that began before treatment and had not ended before it."""
    first = day(person["TRTSDT"])
    worst = 0
    for event in events:
        if event["AEDECOD"] != term or first is None or event["onset"] is None or event["onset"] >= first:
            continue
        if event["end"] is None or event["end"] >= first:
            worst = max(worst, event["AETOXGR"])
    return worst


def named_in(window, event):
    return all(event[column] in values for column, values in window.where.items())


def severe(event):
    return event["AETOXGR"] >= 4 or event.get("AESER") == "Y"


def counts_in(window, start, end, event, cutoff):
    if not named_in(window, event):
        return False
    if window.counting == "every":
        return True
    if between(event["onset"], start, end):
        return True
    if window.counting == "onset" or start is None or event["onset"] is None or event["onset"] >= start:
        return False
    return event["end"] >= start if event["end"] is not None else start <= cutoff


def standing(window, person, start, end, events, assessed, cutoff):
    """Empty where the participant is in the denominator, otherwise why not."""
    if window.evaluable == "everyone":
        return ""
    if start is not None and end is not None and end < start:
        return "no-period"
    begun = start is not None and start <= cutoff
    died = day(person["DTHDT"])
    if window.evaluable == "window-complete":
        if not begun:
            return "not-started"
        return "" if died is not None or (end is not None and end <= cutoff) else "window-open"
    if not begun:
        return "not-begun"
    if died is not None and died < start:
        return "died-before"
    for date in assessed:
        if between(date, start, end):
            return ""
    for event in events:
        for date in (event["onset"], event["end"]):
            if date is not None and date >= start:
                return ""
    return "not-assessed"


def places_of(event, composites):
    """Everything, the class, the term, and the composites that an event belongs to."""
    found = [("all", "all"), (event["AEBODSYS"], "all"), (event["AEBODSYS"], event["AEDECOD"])]
    return found + [("composites", item.code) for item in composites if event["AEDECOD"] in item.terms]


def read(study, spec):
    """Participants of the population with their arm, and by participant their events, assessments and values."""
    people = population_members(study, spec.population).to_dict("records")
    events, assessed, measured = defaultdict(list), defaultdict(list), defaultdict(list)
    for record in study["adae"].to_dict("records"):
        record["onset"], record["end"] = day(record["ASTDT"]), day(record["AENDT"])
        record["AETOXGR"] = int(record["AETOXGR"])
        events[record["USUBJID"]].append(record)
    if any(window.evaluable == "assessed-in-window" for window in spec.windows):
        for record in study["adassess"].to_dict("records"):
            assessed[record["USUBJID"]].append(day(record["ADT"]))
    for record in study["adlb"].to_dict("records") if spec.measured else ():
        if not pd.isna(record["AVAL"]) or record["AVALC"] in ("<LLOQ", "ND"):
            measured[record["USUBJID"]].append((record["PARAMCD"], day(record["ADT"])))
    return people, events, assessed, measured


def recount(study, spec):
    """Numbers by window, arm, block, variable, level, measure and stat."""
    people, events, assessed, measured = read(study, spec)
    cutoff, arms = cutoff_day(study).date(), [arm.code for arm in study.arms]
    every_place = {("all", "all")} | {("composites", item.code) for item in spec.composites}
    for records in events.values():
        for event in records:
            every_place |= set(places_of(event, spec.composites))
    found = {}
    for window in spec.windows:
        tally = defaultdict(int)
        for person in people:
            for arm in [person["ARM"], "all"] if arms else ["all"]:
                tally[arm, "", "", "", "participants", "count"] += 1
            own = events[person["USUBJID"]]
            start, end = None, None
            if window.period:
                start, end = stretch(person, study.design.period(window.period))
            counted = [
                event
                for event in own
                if counts_in(window, start, end, event, cutoff)
                and (not spec.baseline_adjusted
                     or event["AETOXGR"] > baseline_grade(person, own, event["AEDECOD"]))
            ]  # fmt: skip
            why = standing(window, person, start, end, counted, assessed[person["USUBJID"]], cutoff)
            for arm in [person["ARM"], "all"] if arms else ["all"]:
                undated = [event for event in own if event["onset"] is None and window.counting != "every"]
                for measure, records in (
                    ("records_undated", [event for event in undated if named_in(window, event)]),
                    ("records_not_evaluable", counted if why else []),
                ):
                    tally[arm, "", "", "", measure, "count"] += len(records)
                    tally[arm, "", "", "severe", measure, "count"] += sum(map(severe, records))
                if why:
                    tally[arm, "", "", why, "not_evaluable", "count"] += 1
                    continue
                tally[arm, "", "", "", "observed", "count"] += 1
                one_person(tally, arm, spec, every_place, counted, measured[person["USUBJID"]], start, end)
        found |= {(window.code, *key): value for key, value in tally.items()}
    return found


def one_person(tally, arm, spec, every_place, counted, measured, start, end):
    """Add who is in the denominator to all rows of an arm."""
    worst, serious, records = defaultdict(int), set(), defaultdict(int)
    for event in counted:
        for place in places_of(event, spec.composites):
            worst[place] = max(worst[place], event["AETOXGR"])
            records[place] += 1
            if event.get("AESER") == "Y":
                serious.add(place)
    for place in every_place:
        block, term = place
        if spec.records:
            tally[arm, *place, "", "records", "count"] += records[place]
        of = next((item.terms for item in spec.composites if (block, term) == ("composites", item.code)), (term,))
        known = block != "all" and term != "all" and all(one in spec.measured for one in of)
        asked = [code for one in of for code in spec.measured[one]] if known else ()
        valued = any(code in asked and between(date, start, end) for code, date in measured)
        if asked and not valued and worst[place] == 0:
            tally[arm, *place, "", "not_assessed", "count"] += 1
            continue
        levels = [f"grade={worst[place]}"] + [f"grade>={band}" for band in BANDS if worst[place] >= band]
        for level in levels + (["serious"] if place in serious else []):
            tally[arm, *place, level, "risk", "count"] += 1
        for level in [f"grade={g}" for g in GRADES] + [f"grade>={g}" for g in BANDS] + ["serious"]:
            tally[arm, *place, level, "risk", "total"] += 1


def differences(results, study, spec):
    """Rows whose number is not the one that is counted here, and numbers counted here that no row has."""
    expected, wrong, seen = recount(study, spec), [], set()
    for row in results.rows:
        if row.analysis == spec.id and row.stat in ("count", "total") and row.measure != "risk_difference":
            key = (row.window, row.arm, row.block, row.variable, row.level, row.measure, row.stat)
            if key[5:] == ("observed", "total"):
                key = (*key[:5], "participants", "count")
            seen.add(key)
            if row.value != expected.get(key, 0):
                wrong.append((key, row.value, expected.get(key, 0)))
    return wrong + [(key, None, value) for key, value in expected.items() if value and key not in seen]
