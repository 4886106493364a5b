"""What became of each endpoint: events by kind, competing events, and why the others were censored, as counts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from npcstats.analyses.endpoints.rows import CENSORED, COMPETING, EVENT
from npcstats.analyses.endpoints.spec import EndpointsSpec
from npcstats.derive import (
    DIED,
    LOST,
    MISSED,
    ONGOING,
    WITHDREW,
    EventTimes,
    arm_groups,
    derive_endpoint,
    population_members,
    results_of,
    with_time_zero,
)
from npcstats.formatting import counted
from npcstats.results import Analysis, Results, Row, share_rows
from npcstats.study import DEATH, Design, Endpoint, Study

_REASON_WORDS = {
    DEATH: "death",
    ONGOING: "followed at the cut-off",
    LOST: "lost to follow-up",
    WITHDREW: "withdrew",
    MISSED: "event after missed assessments",
    DIED: "died without the event",
}


def summarize_endpoints(study: Study, spec: EndpointsSpec) -> Results:
    """Count how follow-up ended for each endpoint.

    Parameters
    ----------
    study : Study
        At its cut-off, arms named, masked or removed.
    spec : EndpointsSpec
        What is wanted.

    Returns
    -------
    Results
        Rows of kind ``counts``, one block per endpoint: the event and its kinds, competing events, the censored.

    Raises
    ------
    DataError
        If an event precedes time zero.

    Notes
    -----
    Denominator: members of the population whose time zero is known. Missing data: a participant without an assessment
    after time zero is censored there. Events, competing events and censored add up to the denominator, and so do the
    reasons to the censored; kinds of event may add up to more, because simultaneous ones are counted in each.
    """
    members = population_members(study, spec.population)
    rows = [
        Row(spec.id, spec.population, "participants", "count", float(group.members.sum()), arm=group.arm)
        for group in arm_groups(study, members)
    ]
    lines: dict[str, None] = {}
    for code in spec.endpoints:
        endpoint = study.design.endpoint(code)
        inside = with_time_zero(study, members, endpoint)
        times = derive_endpoint(study, inside, endpoint)
        counted = _counted(endpoint, times)
        lines |= dict.fromkeys(counted)
        named = Row(spec.id, spec.population, "proportion", "count", 0.0, block=code)
        for group in arm_groups(study, inside):
            of_arm = replace(named, arm=group.arm)
            size = int(group.members.sum())
            for name, flags in counted.items():
                rows += share_rows(replace(of_arm, variable=name), int(flags[group.members].sum()), size)
    return results_of(study, spec.id, rows, _analysis(study, spec, list(lines)))


def _counted(endpoint: Endpoint, times: EventTimes) -> dict[str, np.ndarray]:
    """Who is counted in each line of an endpoint, the declared lines first; each bool (n,)."""
    counted = {EVENT: times.cause == 1}
    if len(times.failures) > 1:
        counted |= {f"{EVENT}:{kind}": had for kind, had in times.failures.items()}
    competing = {kind: (times.cause == 2) & (times.reason == kind) for kind in endpoint.competing}
    counted |= {f"{COMPETING}:{kind}": had for kind, had in competing.items()}
    counted[CENSORED] = times.cause == 0
    found = sorted({str(reason) for reason in times.reason[times.cause == 0]}) if endpoint.param else _reasons(endpoint)
    counted |= {f"{CENSORED}:{reason}": (times.cause == 0) & (times.reason == reason) for reason in found}
    return counted


def _reasons(endpoint: Endpoint) -> tuple[str, ...]:
    """Every reason for which the endpoint can be censored."""
    ending = (*endpoint.events, *endpoint.competing)
    dies = not any(kind.partition(":")[0] == DEATH for kind in ending)
    return (
        ONGOING,
        LOST,
        WITHDREW,
        *endpoint.censored_by,
        *((MISSED,) if endpoint.gap else ()),
        *((DIED,) if dies else ()),
    )


def _label(design: Design, name: str) -> str:
    role, _, kind = name.partition(":")
    word = {EVENT: "Event", COMPETING: "Competing", CENSORED: "Censored"}[role]
    if not kind:
        return word
    death, _, cause = kind.partition(":")
    told = (
        f"death ({cause.lower()})"
        if death == DEATH and cause
        else _REASON_WORDS.get(kind) or design.event_words((kind,))
    )
    return f"{word}: {told}"


def _analysis(study: Study, spec: EndpointsSpec, lines: list[str]) -> Analysis:
    design = study.design
    endpoints = [design.endpoint(code) for code in spec.endpoints]
    sentences = {
        f"definition.{item.code}": f"{item.label}: {_uncapitalized(design.definition(item))}" for item in endpoints
    }
    sentences["population"] = study.design.population(spec.population).definition
    if any(not item.variant_of for item in endpoints):
        sentences["primary"] = study.design.primary_words
    windows = {item.kinds_within_days for item in endpoints if item.kinds_within_days}
    for days in sorted(windows):
        sentences[f"simultaneous.{days}"] = (
            f"A relapse within {counted(days, 'day')} of the first event counts in its own line too: kinds of event "
            "may add up to more than the events."
        )
    roles = (EVENT, COMPETING, CENSORED)
    in_order = sorted(lines, key=lambda line: roles.index(line.partition(":")[0]))
    choices = {f"origin.{item.code}": item.origin for item in endpoints}
    told = {
        "block": {item.code: item.label for item in endpoints},
        "variable": {line: _label(study.design, line) for line in in_order},
    }
    return Analysis(spec.label, "counts", spec.status, spec.population, sentences, choices, told)


def _uncapitalized(text: str) -> str:
    return text[:1].lower() + text[1:]
