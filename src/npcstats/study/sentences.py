"""Sentences that say what a design decides, each made from the values that it describes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from npcstats.clinical.oncology import EventKind
from npcstats.formatting import counted
from npcstats.study.parts import DEATH, Declared, Endpoint, EventRule, Gap, GradedEvent, Period

WEEK = 7
LONG = 8
CAUSES = f"{DEATH}:"


def endpoint_sentence(design: Declared, endpoint: Endpoint) -> str:
    """Say what a time-to-event endpoint is.

    Parameters
    ----------
    design : Declared
        Supplies the words.
    endpoint : Endpoint
        Of the design.

    Returns
    -------
    str
        A full sentence; that of the plan for an endpoint that the export has already.
    """
    if endpoint.param:
        return endpoint.definition
    first = f"Time from {zero_words(design, endpoint)} to {_ends(design, endpoint, endpoint.events)}"
    if endpoint.competing:
        rivals = _phrases(design, endpoint, endpoint.competing)
        role = "a competing event" if len(rivals) == 1 else "competing events"
        first += f", with {_joined(rivals, 'and')} as {role}"
    clauses = (
        first, _passed(design, endpoint), _late(design, endpoint), _missed(endpoint), _end(design, endpoint),
        _begun(design, endpoint), _at_zero(endpoint),
    )  # fmt: skip
    return f"{'; '.join(filter(None, clauses))}."


def zero_words(design: Declared, endpoint: Endpoint) -> str:
    """Say when the time of an endpoint is zero.

    Parameters
    ----------
    design : Declared
        Supplies the words.
    endpoint : Endpoint
        With an origin.

    Returns
    -------
    str
        Inside a sentence; empty where the design has no words for the origin.
    """
    origin = design.words.dates.get(endpoint.origin, "")
    return _day(origin, endpoint.origin_day) if origin else ""


def period_sentence(design: Declared, period: Period) -> str:
    """Say when a period is.

    Parameters
    ----------
    design : Declared
        Supplies the words.
    period : Period
        Of the design.

    Returns
    -------
    str
        Its label, a colon and the rest of a full sentence.
    """
    dates = design.words.dates
    start = _day(dates[period.start], period.start_day)
    if not period.end:
        return f"{period.label}: from {start}."
    return (
        f"{period.label}: from {start} to {_day(dates[period.end], period.end_day)}; {dates[period.end]}, where not "
        f"recorded, is taken to be {counted(period.longest or 0, 'day')} after {dates[period.start]}."
    )


def primary_sentence(design: Declared) -> str:
    """Say which endpoint is the primary one.

    Parameters
    ----------
    design : Declared
        Names it, or none.

    Returns
    -------
    str
        A full sentence.
    """
    labels = {item.code: item.label for item in design.endpoints}
    return f"{labels[design.primary]} is the primary endpoint." if design.primary else "No endpoint is named primary."


def unsaid(design: Declared) -> list[str]:
    """List what a sentence would need a word for and has none.

    Parameters
    ----------
    design : Declared
        As the plan gives it.

    Returns
    -------
    list of str
        Clauses without a full stop; empty when everything can be said.
    """
    found: list[tuple[str, str, str]] = []
    for item in design.endpoints:
        if not item.param:
            where = f"endpoint {item.code}"
            found += [(where, "dates", name) for name in (item.origin, *(rule.anchor for rule in item.rules)) if name]
            found += [(where, "assessments", kind) for kind in item.censor_at]
            found += [(where, "causes", cause) for kind in (*item.events, *item.competing, *item.censored_by)
                      for death, _, cause in (kind.partition(":"),) if death == DEATH and cause]  # fmt: skip
    found += [(f"event {kind.code}", "dates", kind.anchor) for kind in design.graded]
    for period in design.periods:
        found += [(f"period {period.code}", "dates", name) for name in (period.start, period.end) if name]
    return [
        f"words.{kind} has nothing for {code}, of which the sentence of {where} is made"
        for where, kind, code in found
        if not getattr(design.words, kind).get(code)
    ]


def _ends(design: Declared, endpoint: Endpoint, kinds: Sequence[str]) -> str:
    if kinds == (DEATH,):
        return "death from any cause"
    return _joined(_phrases(design, endpoint, kinds), "or")


def _phrases(design: Declared, endpoint: Endpoint, kinds: Iterable[str]) -> list[str]:
    """What happens, in the order of the kinds; neighbours that end in the same word, and causes of death, as one."""
    known, rules = {kind.code: kind for kind in design.kinds}, {rule.kind: rule for rule in endpoint.rules}
    said = [(_family(kind, known, rules), kind) for kind in kinds]
    return [_phrase(design, endpoint, family, [kind for _, kind in group])
            for family, group in groupby(said, key=lambda pair: pair[0])]  # fmt: skip


def _family(kind: str, known: dict[str, EventKind | GradedEvent], rules: dict[str, EventRule]) -> str:
    """What kinds that are said together have in common: a last word of two, or being a death of a named cause."""
    death, _, cause = kind.partition(":")
    if death == DEATH:
        return CAUSES if cause else DEATH
    words = (known[kind].event or known[kind].label).split(" ")
    apart = kind in rules or isinstance(known[kind], GradedEvent)
    return kind if apart or len(words) != 2 else f" {words[-1]}"


def _phrase(design: Declared, endpoint: Endpoint, family: str, kinds: list[str]) -> str:
    if family == DEATH:
        return "death"
    if family == CAUSES:
        return f"death from {_joined([design.words.causes[kind.partition(':')[2]] for kind in kinds], 'or')}"
    words = {kind.code: kind.event or kind.label for kind in design.kinds}
    if family.startswith(" "):
        return f"{_joined([words[kind].removesuffix(family) for kind in kinds], 'or')}{family}"
    rule = next((item for item in endpoint.rules if item.kind == family), None)
    since = "".join(_onset(design, kind, endpoint) for kind in design.graded if kind.code == family)
    return words[family] + (_asked(design, rule) if rule else "") + since


def _onset(design: Declared, graded: GradedEvent, endpoint: Endpoint) -> str:
    """Which adverse events count, after their words; told from time zero where they count from then on."""
    beyond = " and a grade beyond that of the same term at first treatment" if graded.baseline_adjusted else ""
    days = graded.first - endpoint.origin_day
    if graded.anchor == endpoint.origin and days in (0, 1):
        return f" with onset {'after that day' if days else 'on that day or later'}{beyond}"
    return f" with onset from {_day(design.words.dates[graded.anchor], graded.first)} on{beyond}"


def _asked(design: Declared, rule: EventRule) -> str:
    """What a rule asks of a kind, after its words."""
    by = f" confirmed by {_joined([_spoken(how) for how in rule.confirmed_by], 'or')}" if rule.confirmed_by else ""
    return by + (f" {_span(rule.first, rule.last)} after {design.words.dates[rule.anchor]}" if rule.anchor else "")


def _spoken(code: str) -> str:
    return code.replace("-", " ").lower()


def _span(first: int, last: int) -> str:
    whole = first % WEEK == last % WEEK == 0
    return f"{first // WEEK} to {last // WEEK} weeks" if whole else f"{first} to {last} days"


def _passed(design: Declared, endpoint: Endpoint) -> str:
    """Relapses and new treatments that do not end an endpoint of relapse."""
    if not set(design.relapses) & set(endpoint.events):
        return ""
    ending = {*endpoint.events, *endpoint.competing, *endpoint.censored_by}
    passed = [kind.code for kind in design.events if (kind.relapse or kind.new_therapy) and kind.code not in ending]
    return f"not ended by {_joined(_phrases(design, endpoint, passed), 'or')}" if passed else ""


def _late(design: Declared, endpoint: Endpoint) -> str:
    """An event that counts although a relapse had ended follow-up: days are counted from the first such relapse."""
    rivals = _rivals(design, endpoint)
    if not rivals or not endpoint.event_within_days:
        return ""
    after = _joined(_phrases(design, endpoint, rivals), "or")
    first = ", whichever came first," if len(rivals) > 1 else ""
    return f"an event within {counted(endpoint.event_within_days, 'day')} after {after}{first} counts"


def _rivals(design: Declared, endpoint: Endpoint) -> list[str]:
    return [kind for kind in (*endpoint.competing, *endpoint.censored_by) if kind in design.relapses]


def _begun(design: Declared, endpoint: Endpoint) -> str:
    """What became of adverse events that began too early to count."""
    ending = {*endpoint.events, *endpoint.competing, *endpoint.censored_by}
    graded = any(kind.code in ending for kind in design.graded)
    return "what began earlier, whether it persists or not, does not count" if graded else ""


def _at_zero(endpoint: Endpoint) -> str:
    """Who is followed from a landmark."""
    if not endpoint.origin_day:
        return ""
    had = "either" if endpoint.competing else "the event"
    return f"participants who had {had} by time zero, or are not followed beyond it, are left out"


def _missed(endpoint: Endpoint) -> str:
    gap: Gap | None = endpoint.gap
    if gap is None:
        return ""
    event = "an event or a competing event" if endpoint.competing else "an event"
    missed = f"{gap.missed} or more missed assessments" if gap.missed > 1 else "a missed assessment"
    before = "them" if gap.missed > 1 else "it"
    return f"{event} after {missed} does not count, and follow-up ends at the last assessment before {before}"


def _end(design: Declared, endpoint: Endpoint) -> str:
    """Where follow-up ends without an event."""
    without = "without either" if endpoint.competing else "without an event"
    last = [design.words.assessments[kind] for kind in endpoint.censor_at]
    seen = last[0] if len(last) == 1 else f"the {'later' if len(last) == 2 else 'latest'} of {_joined(last, 'and')}"
    if not endpoint.censored_by:
        return f"{without}, to {seen}"
    stops = _joined(_phrases(design, endpoint, endpoint.censored_by), "or")
    counts = "neither" if endpoint.competing else "no event"
    if _late(design, endpoint):
        counts = "no other event"
    return f"{without}, to {stops}, after which {counts} counts, or else to {seen}"


def _joined(phrases: Sequence[str], word: str) -> str:
    """Phrases with commas and a last word between; with a comma before it too where a phrase is a long one."""
    *first, last = phrases
    if not first:
        return last
    long = any(len(phrase.split(" ")) > LONG for phrase in phrases)
    return f"{', '.join(first)}{',' if long else ''} {word} {last}"


def _day(date: str, days: int) -> str:
    """A day some days after a date, or before it."""
    if days == 0:
        return date
    if days == -1:
        return f"the day before {date}"
    return f"{counted(abs(days), 'day')} {'after' if days > 0 else 'before'} {date}"
