"""What is wrong with a design: names that are not in the data contract, and choices that contradict each other."""

from __future__ import annotations

from collections.abc import Mapping

from npcstats.formatting import counted
from npcstats.readers import source_faults
from npcstats.schema import Schema
from npcstats.study.frames import ADSL, CORE, EVENTS, input_schemas
from npcstats.study.parts import (
    ALLOCATIONS,
    ARM,
    ASSIGNMENTS,
    CLOCKS,
    DEATH,
    UNKNOWN_CAUSE,
    Declared,
    Endpoint,
    GradedEvent,
    Period,
)
from npcstats.study.sentences import unsaid

ADVERSE = ("AEDECOD", "AETOXGR", "ASTDT", "AENDT")


def design_faults(design: Declared) -> list[str]:
    """List what a design names that does not exist, and where its choices contradict each other.

    Parameters
    ----------
    design : Declared
        As the plan gives it.

    Returns
    -------
    list of str
        Clauses without a full stop; empty when nothing is wrong.
    """
    arms = [arm.code for arm in design.arms]
    schemas = input_schemas(design)
    if ADSL not in schemas:
        return ["frame adsl is not declared"]
    dates = {column.name for column in schemas[ADSL].columns if column.kind == "date"}
    faults = _frame_faults(design, schemas)
    faults += [f"{what} {code} stands twice" for what, codes in _codes(design).items() for code in _repeated(codes)]
    faults += _allocation_faults(design, schemas)
    faults += _event_faults(design, schemas)
    faults += [f"{arm}, to which arm_rule leads, is not an arm" for arm in design.arm_rule.values() if arm not in arms]
    faults += [f"{c} of {where} is not a date of adsl" for where, c in _date_columns(design) if c and c not in dates]
    for item in design.populations:
        faults += [f"{name} of population {item.code} is not a column of adsl" for name in item.without
                   if name not in schemas[ADSL].by_name]  # fmt: skip
    faults += [fault for period in design.periods for fault in _period_faults(period)]
    faults += [fault for endpoint in design.endpoints for fault in _endpoint_faults(endpoint, design, schemas)]
    faults += _delivered_faults(design, schemas)
    faults += _primary_faults(design) + unsaid(design)
    faults += [f"{name}, of which words.dates tells, is not a date of adsl" for name in design.words.dates
               if name not in dates]  # fmt: skip
    for frame, columns in design.treatment_columns.items():
        declared = schemas[frame].by_name if frame in schemas else {}
        faults += [f"treatment column {frame}.{name} does not exist" for name in columns if name not in declared]
    return faults


def _allocation_faults(design: Declared, schemas: Mapping[str, Schema]) -> list[str]:
    faults = []
    if design.allocation not in ALLOCATIONS:
        faults.append(f"allocation {design.allocation!r} is not one of {', '.join(ALLOCATIONS)}")
    elif (design.allocation == "single-arm") != (len(design.arms) == 1):
        faults.append(f"allocation is {design.allocation}, but the design has {counted(len(design.arms), 'arm')}")
    faults += [f"arms {item.arms!r} of population {item.code} is not one of {', '.join(ASSIGNMENTS)}"
               for item in design.populations if item.arms not in ASSIGNMENTS]  # fmt: skip
    faults += [
        f"{arm.code}, from which arm_rule leads, is an arm" for arm in design.arms if arm.code in design.arm_rule
    ]
    if ARM in schemas[ADSL].by_name:
        faults.append(f"adsl.{ARM} is the name of the arm that a population compares by, and no column of an export")
    return faults


def _event_faults(design: Declared, schemas: Mapping[str, Schema]) -> list[str]:
    if bool(design.events) != (EVENTS in schemas):
        return [f"kinds of event are declared without frame {EVENTS}, or it without them"]
    faults = [f"event {kind.code} cannot be told from a death" for kind in design.kinds
              if kind.code.partition(":")[0] == DEATH]  # fmt: skip
    return faults + [fault for kind in design.graded for fault in _graded_faults(kind, schemas)]


def _graded_faults(kind: GradedEvent, schemas: Mapping[str, Schema]) -> list[str]:
    """Faults of an adverse event that endpoints name."""
    if "adae" not in schemas:
        return [f"event {kind.code} is an adverse event, and there is no frame adae"]
    columns = schemas["adae"].by_name
    faults = [f"event {kind.code} needs adae.{name}, which is not declared" for name in (*ADVERSE, *kind.where)
              if name not in columns]  # fmt: skip
    listed = columns["AEDECOD"].terms if "AEDECOD" in columns else ()
    faults += [f"{term} of event {kind.code} is no term of adae.AEDECOD" for term in kind.terms
               if listed and term not in listed]  # fmt: skip
    if not 1 <= kind.lowest <= 5:
        faults.append(f"event {kind.code} is of grade {kind.lowest} or more: a grade from 1 to 5 is required")
    return faults


def _delivered_faults(design: Declared, schemas: Mapping[str, Schema]) -> list[str]:
    """Faults of variables of delivered treatment, whose columns the frames have to declare."""
    faults = []
    adsl, adex = ({*schemas[name].by_name} if name in schemas else set() for name in (ADSL, "adex"))
    for item in design.delivered:
        if item.code in adsl:
            faults.append(f"{item.code} is derived, but is a column of adsl; another name is required")
        known = {"adsl": adsl, "adex": adex}
        needed = [(frame, name) for frame, name in item.needs if name not in known[frame]]
        faults += [f"{item.code} is derived from {frame}.{name}, which is not declared" for frame, name in needed]
        adsl.add(item.code)
    return faults


def _primary_faults(design: Declared) -> list[str]:
    found = [item for item in design.endpoints if item.code == design.primary]
    if design.primary and not found:
        return [f"{design.primary}, the primary endpoint, is not an endpoint"]
    return [
        f"{item.code}, the primary endpoint, is a variant of {item.variant_of}" for item in found if item.variant_of
    ]


def _period_faults(period: Period) -> list[str]:
    if period.end and (period.longest is None or period.longest < 1):
        return [f"period {period.code} ends at {period.end}: longest says, in days of 1 and more, when it is taken to "
                "end where that date is missing"]  # fmt: skip
    if not period.end and period.longest is not None:
        return [f"period {period.code} has no end, so longest has no effect"]
    return []


def _endpoint_faults(endpoint: Endpoint, design: Declared, schemas: Mapping[str, Schema]) -> list[str]:
    where = f"of endpoint {endpoint.code}"
    faults = []
    if endpoint.variant_of and endpoint.variant_of not in {item.code for item in design.endpoints}:
        faults.append(f"{endpoint.variant_of} {where} is not an endpoint")
    if endpoint.param:
        return faults + _exported_faults(endpoint, schemas)
    if not endpoint.origin:
        faults.append(f"endpoint {endpoint.code} has no time zero")
    if not endpoint.events:
        faults.append(f"endpoint {endpoint.code} has no event")
    if not endpoint.censor_at:
        faults.append(f"endpoint {endpoint.code} has no assessment at which follow-up ends without an event")
    if endpoint.definition:
        faults.append(f"endpoint {endpoint.code} has a definition beside its values, of which its sentence is made")
    ending = (*endpoint.events, *endpoint.competing, *endpoint.censored_by)
    adsl = schemas[ADSL].by_name
    causes = {f"{DEATH}:{cause}" for cause in (*adsl["DTHCAUS"].levels, UNKNOWN_CAUSE)} if "DTHCAUS" in adsl else set()
    deaths = {kind for kind in (*endpoint.events, *endpoint.competing) if kind.partition(":")[0] == DEATH}
    if deaths and "DTHDT" not in adsl:
        faults.append(f"DEATH {where} needs DTHDT, which is not a date of adsl")
    if deaths - {DEATH} and (deaths & {DEATH} or causes - deaths):
        lacking = ", ".join(sorted(causes - deaths)) or "no cause"
        faults.append(f"deaths {where} are told by cause: {lacking} has no place, or all deaths have two")
    known = {*_kinds(schemas, "adevent"), *(kind.code for kind in design.graded), DEATH, *causes}
    faults += [f"{kind} {where} is not a kind of event" for kind in ending if kind not in known]
    faults += [f"{kind} {where} stands twice" for kind in _repeated(list(ending))]
    assessed = _kinds(schemas, "adassess")
    faults += [f"{kind} {where} is not a kind of assessment" for kind in endpoint.censor_at if kind not in assessed]
    faults += [f"{rule.kind}, for which endpoint {endpoint.code} has a rule, is none of its kinds"
               for rule in endpoint.rules if rule.kind not in ending]  # fmt: skip
    faults += [f"endpoint {endpoint.code}: {fault}" for fault in _rule_faults(endpoint, design)]
    faults += [f"{name} {where} is {days}: days of 0 and more are required" for name, days in
               (("event_within_days", endpoint.event_within_days), ("kinds_within_days", endpoint.kinds_within_days))
               if days is not None and days < 0]  # fmt: skip
    if has_rival_relapse(design, endpoint) and endpoint.event_within_days is None:
        faults.append(f"a relapse ends endpoint {endpoint.code} without its event: event_within_days says when not")
    if has_several_kinds(design, endpoint) and endpoint.kinds_within_days is None:
        faults.append(f"events {where} are of several kinds: kinds_within_days says until when a relapse counts too")
    faults += [f"{kind.code} {where} counts from {counted(-kind.first, 'day')} before its time zero on"
               for kind in design.graded if kind.code in ending and not endpoint.origin_day
               and kind.anchor == endpoint.origin and kind.first < 0]  # fmt: skip
    if endpoint.gap and not 1 <= endpoint.gap.missed <= len(endpoint.gap.windows):
        faults.append(f"the gap {where} is {endpoint.gap.missed} of {len(endpoint.gap.windows)} assessments")
    return faults


def _rule_faults(endpoint: Endpoint, design: Declared) -> list[str]:
    """Faults of rules that nothing, or nobody, follows."""
    kinds = [rule.kind for rule in endpoint.rules]
    graded = {kind.code for kind in design.graded}
    return [
        *(f"{kind}, an adverse event, says itself what counts and is asked for by no rule" for kind in kinds
          if kind in graded),
        *(f"{kind} has two rules" for kind in _repeated(kinds)),
        *(f"{kind}, a death, cannot be asked for by a rule" for kind in kinds if kind.partition(":")[0] == DEATH),
        *(f"the last day of the rule of {rule.kind} is before its first" for rule in endpoint.rules
          if rule.anchor and rule.last < rule.first),
    ]  # fmt: skip


def has_rival_relapse(design: Declared, endpoint: Endpoint) -> bool:
    """Tell whether a relapse competes with the event of an endpoint, or stops its follow-up.

    Parameters
    ----------
    design : Declared
        Says which kinds are a relapse.
    endpoint : Endpoint
        Of the design.

    Returns
    -------
    bool
        Then `Endpoint.event_within_days` has an effect.
    """
    return bool(set(design.relapses) & {*endpoint.competing, *endpoint.censored_by})


def has_several_kinds(design: Declared, endpoint: Endpoint) -> bool:
    """Tell whether a relapse can follow an event of another kind, both of an endpoint.

    Parameters
    ----------
    design : Declared
        Says which kinds are a relapse.
    endpoint : Endpoint
        Of the design.

    Returns
    -------
    bool
        Then `Endpoint.kinds_within_days` has an effect.
    """
    kinds = {kind for kind in endpoint.events if kind.partition(":")[0] != DEATH}
    return len(kinds) > 1 and bool(kinds & set(design.relapses))


def _exported_faults(endpoint: Endpoint, schemas: Mapping[str, Schema]) -> list[str]:
    """Faults of an endpoint that an export already has."""
    declared = schemas["adtte"].by_name if "adtte" in schemas else {}
    by_dates = endpoint.clock == "dates"
    needed = ["PARAMCD", "CNSR", "ADT", *(() if by_dates else ("AVAL",))]
    needed += ["STARTDT"] if by_dates or endpoint.origin else []
    faults = [f"endpoint {endpoint.code} needs adtte.{name}" for name in needed if name not in declared]
    if endpoint.clock not in CLOCKS:
        faults.append(f"clock {endpoint.clock!r} of endpoint {endpoint.code} is not one of {', '.join(CLOCKS)}")
    if "EVNTDESC" in declared and not declared["EVNTDESC"].coded:
        faults.append("adtte.EVNTDESC becomes part of a key, but is not declared as coded")
    if not endpoint.definition:
        faults.append(f"endpoint {endpoint.code} has no definition, which the plan gives: adtte has only times")
    derived = (endpoint.events, endpoint.competing, endpoint.censored_by, endpoint.censor_at, endpoint.rules)
    if any(derived) or endpoint.gap or endpoint.origin_day:
        faults.append(f"endpoint {endpoint.code} is taken from adtte and cannot be derived from events too")
    return faults


def _kinds(schemas: Mapping[str, Schema], name: str) -> tuple[str, ...]:
    return schemas[name].by_name["KIND"].levels if name in schemas and "KIND" in schemas[name].by_name else ()


def _frame_faults(design: Declared, schemas: Mapping[str, Schema]) -> list[str]:
    faults = [f"adsl has no {name}" for name in CORE if name not in schemas[ADSL].by_name]
    for name, schema in schemas.items():
        columns = [column.name for column in schema.columns]
        faults += [f"column {name}.{column} stands twice" for column in _repeated(columns)]
        faults += [f"column {column} stands twice in the key of {name}" for column in _repeated([*schema.key])]
        named = {*schema.key, *filter(None, (schema.dated,)), *(item for pair in schema.ordered for item in pair)}
        named |= {column.known_from for column in schema.columns if column.known_from}
        named |= {column.entered_on for column in schema.columns if column.entered_on}
        faults += [f"{name} uses {column}, which it does not declare" for column in sorted(named - set(columns))]
        if schema.dated in columns and schema.by_name[schema.dated].missing != bool(schema.undated):
            faults.append(f"{name}.{schema.dated} may be missing, or undated says what then, but not both")
    for name, planned in design.sources.items():
        if name not in schemas:
            faults.append(f"source of {name}, which is not a frame")
            continue
        for source in planned if isinstance(planned, tuple) else (planned,):
            faults += source_faults(name, source, schemas[name])
    return faults


def _codes(design: Declared) -> dict[str, list[str]]:
    return {
        "frame": [item.name for item in design.frames],
        "arm": [item.code for item in design.arms],
        "visit": [item.code for item in design.visits],
        "population": [item.code for item in design.populations],
        "period": [item.code for item in design.periods],
        "event": [item.code for item in design.kinds],
        "endpoint": [item.code for item in design.endpoints],
        "variable": [item.code for item in design.delivered],
    }


def _repeated(codes: list[str]) -> list[str]:
    return sorted({code for code in codes if codes.count(code) > 1})


def _date_columns(design: Declared) -> list[tuple[str, str]]:
    return [
        *((f"visit {item.code}", item.anchor) for item in design.visits),
        *((f"population {item.code}", name) for item in design.populations for name in item.requires),
        *((f"period {item.code}", name) for item in design.periods for name in (item.start, item.end)),
        *((f"endpoint {item.code}", item.origin) for item in design.endpoints),
        *((f"a rule of endpoint {item.code}", rule.anchor) for item in design.endpoints for rule in item.rules),
        *((f"the gap of endpoint {item.code}", item.gap.anchor) for item in design.endpoints if item.gap),
        *((f"event {item.code}", item.anchor) for item in design.graded),
        *((item.code, name) for item in design.delivered for name in item.dates),
    ]  # fmt: skip
