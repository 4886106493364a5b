"""Sentences of endpoints and periods are made from their values: one by hand for each shape."""

from __future__ import annotations

import itertools
from dataclasses import fields, replace

import pytest
from endings import CAUSED, CONTROL, EIGHT, WINDOWS, WORSE, derived

from npcstats.clinical.oncology import EventKind
from npcstats.errors import SpecError
from npcstats.schema import with_levels
from npcstats.study import FRAMES, Endpoint, EventRule, Gap, Period

LATER = "the later of the last locoregional assessment and the last assessment of the whole body"
DEAD = Endpoint("DEAD", "Survival", "RTSTDT", events=("DEATH",), censor_at=("VITAL",))
LOCAL = Endpoint("LOCAL", "Local", "RTSTDT", events=("LOCAL",), censor_at=("LOCOREGIONAL",))
PROVEN = EventRule("RESIDUAL", confirmed_by=("BIOPSY",), anchor="RTENDT", first=112, last=168)
FAILED = replace(WORSE, code="FAILED", events=("LOCAL", "RESIDUAL", "DEATH"), censored_by=(), rules=(PROVEN,))


@pytest.mark.parametrize(
    ("endpoint", "told"),
    [
        (DEAD, "to death from any cause; without an event, to the date last known alive"),
        (
            WORSE,
            "to local or regional recurrence, distant metastasis or death; without an event, to "
            f"the start of a new anticancer therapy, after which no event counts, or else to {LATER}",
        ),
        (
            replace(WORSE, events=("LOCAL", "REGIONAL", "DISTANT", "DEATH", "NEW-THERAPY"), censored_by=()),
            "to local or regional recurrence, distant metastasis, death or the start of a new anticancer therapy; "
            f"without an event, to {LATER}",
        ),
        (
            replace(WORSE, censored_by=()),
            "to local or regional recurrence, distant metastasis or death; not ended by the start of a new anticancer "
            f"therapy; without an event, to {LATER}",
        ),
        (
            replace(WORSE, gap=Gap("RTENDT", WINDOWS, missed=2)),
            "to local or regional recurrence, distant metastasis or death; an event after 2 or more missed assessments "
            f"does not count, and follow-up ends at the last assessment before them; without an event, to the start "
            f"of a new anticancer therapy, after which no event counts, or else to {LATER}",
        ),
        (
            LOCAL,
            "to local recurrence; not ended by regional recurrence, distant metastasis or the start of a new "
            "anticancer therapy; without an event, to the last locoregional assessment",
        ),
        (
            replace(LOCAL, competing=("DEATH",), gap=Gap("RTENDT", WINDOWS, missed=1)),
            "to local recurrence, with death as a competing event; not ended by regional recurrence, distant "
            "metastasis or the start of a new anticancer therapy; an event or a competing event after a missed "
            "assessment does not count, and follow-up ends at the last assessment before it; without either, to the "
            "last locoregional assessment",
        ),
        (
            CONTROL,
            "to local or regional recurrence, with distant metastasis and death as competing events; not ended by the "
            "start of a new anticancer therapy; an event within 30 days after distant metastasis counts; without "
            "either, to the last locoregional assessment",
        ),
        (
            replace(CONTROL, event_within_days=0),
            "to local or regional recurrence, with distant metastasis and death as competing events; not ended by the "
            "start of a new anticancer therapy; without either, to the last locoregional assessment",
        ),
        (
            replace(LOCAL, censored_by=("REGIONAL", "NEW-THERAPY"), event_within_days=1),
            "to local recurrence; not ended by distant metastasis; an event within 1 day after regional recurrence "
            "counts; without an event, to regional recurrence or the start of a new anticancer therapy, after which no "
            "other event counts, or else to the last locoregional assessment",
        ),
        (
            replace(LOCAL, competing=("DEATH",), censored_by=("NEW-THERAPY",)),
            "to local recurrence, with death as a competing event; not ended by regional recurrence or distant "
            "metastasis; without either, to the start of a new anticancer therapy, after which neither counts, or else "
            "to the last locoregional assessment",
        ),
        (
            replace(LOCAL, competing=("DISTANT", "REGIONAL", "DEATH"), event_within_days=30),
            "to local recurrence, with distant metastasis, regional recurrence and death as competing events; not "
            "ended by the start of a new anticancer therapy; an event within 30 days after distant metastasis or "
            "regional recurrence, whichever came first, counts; without either, to the last locoregional assessment",
        ),
        (
            CAUSED,
            "to death from the disease, with death from treatment, another cause or an unknown cause as a competing "
            "event; without either, to the date last known alive",
        ),
        (
            FAILED,
            "to local recurrence, residual disease confirmed by biopsy 16 to 24 weeks after its end, or death; not "
            "ended by regional recurrence, distant metastasis or the start of a new anticancer therapy; without an "
            f"event, to {LATER}",
        ),
        (
            replace(FAILED, rules=(replace(PROVEN, confirmed_by=(), first=100),)),
            "to local recurrence, residual disease 100 to 168 days after its end, or death; not ended by regional "
            f"recurrence, distant metastasis or the start of a new anticancer therapy; without an event, to {LATER}",
        ),
        (
            replace(DEAD, events=("SECOND-PRIMARY",), censor_at=("VITAL", "LOCOREGIONAL", "SYSTEMIC")),
            "to second primary cancer; without an event, to the latest of the date last known alive, the last "
            "locoregional assessment and the last assessment of the whole body",
        ),
    ],
)
def test_endpoint(endpoint, told):
    assert replace(EIGHT, endpoints=(endpoint,)).definition(endpoint) == f"Time from the start of radiotherapy {told}."


def test_days_after_relapses_count_from_the_first_as_the_sentence_says():
    """A relapse near the second of two is too late; after a new therapy nothing counts."""
    rivals = replace(LOCAL, competing=("DISTANT", "REGIONAL", "DEATH"), event_within_days=30)
    both = [("H", "REGIONAL", 100), ("H", "DISTANT", 125), ("H", "LOCAL", 135)]
    near = [("C", "REGIONAL", 100), ("C", "DISTANT", 125), ("C", "LOCAL", 130)]
    found = derived(rivals, events=[*both, *near])
    assert (found["H"], found["C"]) == ((100, 2, "REGIONAL"), (130, 1, "LOCAL"))
    stopped = derived(WORSE, events=[("H", "NEW-THERAPY", 60), ("H", "LOCAL", 61), ("C", "NEW-THERAPY", 61)],
                      seen=[("H", "LOCOREGIONAL", 300), ("C", "LOCOREGIONAL", 20)])  # fmt: skip
    assert (stopped["H"], stopped["C"]) == ((60, 0, "NEW-THERAPY"), (61, 0, "NEW-THERAPY"))


def test_a_kind_whose_code_begins_like_death_is_no_death():
    kinds = (*(kind for kind in EIGHT.events if kind.code != "RESIDUAL"), EventKind("DEATHLY", "deathly"))
    adevent = with_levels(FRAMES["adevent"], {"KIND": tuple(kind.code for kind in kinds)})
    frames = tuple(adevent if schema.name == "adevent" else schema for schema in EIGHT.frames)
    deathly = replace(DEAD, events=("DEATHLY", "DEATH"))
    told = replace(EIGHT, events=kinds, frames=frames, endpoints=(deathly,)).definition(deathly)
    assert told.startswith("Time from the start of radiotherapy to deathly or death; without")


def test_an_endpoint_of_an_export_keeps_the_plans_words():
    taken = Endpoint("T", "T", "", censor_at=(), param="T", clock="days", definition="Days to healing.")
    assert replace(EIGHT, endpoints=(taken,)).definition(taken) == "Days to healing."


def test_a_kind_without_words_for_what_happens_is_said_by_its_label():
    kinds = (*(kind for kind in EIGHT.events if kind.code != "RESIDUAL"), EventKind("RESIDUAL", "relic"))
    relic = replace(DEAD, events=("RESIDUAL", "DEATH"))
    told = replace(EIGHT, events=kinds, endpoints=(relic,)).definition(relic)
    assert told.startswith("Time from the start of radiotherapy to relic or death; without")


VARIED = {
    "origin": "RTENDT",
    "censor_at": ("SYSTEMIC",),
    "events": ("LOCAL",),
    "competing": ("DEATH",),
    "censored_by": ("SECOND-PRIMARY", "DISTANT"),
    "rules": (EventRule("LOCAL", ("BIOPSY",)),),
    "event_within_days": 31,
    "gap": Gap("RTENDT", WINDOWS, 1),
    "origin_day": 90,
}


def test_every_value_that_decides_a_time_changes_the_sentence():
    """Of an endpoint that the plan derives; what counts kinds in their lines changes no time, and no sentence."""
    base = replace(CONTROL, events=("LOCAL", "REGIONAL"), competing=("DISTANT",))
    told = {name: EIGHT.definition(replace(base, **{name: value})) for name, value in VARIED.items()}
    sentences = [EIGHT.definition(base), *told.values()]
    assert len(set(sentences)) == len(sentences)
    assert EIGHT.definition(replace(base, kinds_within_days=5)) == EIGHT.definition(base)
    others = {"code", "label", "kinds_within_days", "variant_of", "param", "definition", "clock"}
    assert {field.name for field in fields(Endpoint)} == set(VARIED) | others


@pytest.mark.parametrize(
    ("period", "told"),
    [
        (Period("p", "Late", "RTENDT", start_day=91), "Late: from 91 days after its end."),
        (Period("p", "After", "RTENDT"), "After: from its end."),
        (Period("p", "Soon", "RTSTDT", start_day=-2), "Soon: from 2 days before the start of radiotherapy."),
        (
            Period("p", "Acute", "RTSTDT", end="RTENDT", end_day=90, longest=84),
            "Acute: from the start of radiotherapy to 90 days after its end; its end, where not recorded, is taken to "
            "be 84 days after the start of radiotherapy.",
        ),
        (
            Period("p", "Before", "RTSTDT", start_day=1, end="RTENDT", end_day=-1, longest=1),
            "Before: from 1 day after the start of radiotherapy to the day before its end; its end, where not "
            "recorded, is taken to be 1 day after the start of radiotherapy.",
        ),
    ],
)
def test_period(period, told):
    assert replace(EIGHT, periods=(period,)).definition(period) == told


def test_primary():
    named = replace(EIGHT, endpoints=(WORSE, DEAD), primary="WORSE")
    assert named.primary_words == "Without progression is the primary endpoint."
    assert replace(named, primary="").primary_words == "No endpoint is named primary."


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"primary": "NONE"}, "NONE, the primary endpoint, is not an endpoint"),
        ({"primary": "VARIED"}, "VARIED, the primary endpoint, is a variant of WORSE"),
        ({"endpoints": (replace(WORSE, censor_at=()),)}, "endpoint WORSE has no assessment at which follow-up ends"),
        (
            {"endpoints": (replace(WORSE, definition="Worse."),)},
            "endpoint WORSE has a definition beside its values, of which its sentence is made",
        ),
        ({"endpoints": (replace(WORSE, kinds_within_days=None),)}, "kinds_within_days says until when"),
        ({"endpoints": (replace(CONTROL, event_within_days=None),)}, "event_within_days says when not"),
        (
            {"endpoints": (Endpoint("T", "T", "", censor_at=(), param="T", clock="days"),)},
            "endpoint T has no definition, which the plan gives",
        ),
        (
            {"endpoints": (Endpoint("T", "T", "", censor_at=("VITAL",), param="T", clock="days", definition="T."),)},
            "endpoint T is taken from adtte and cannot be derived",
        ),
        ({"words": replace(EIGHT.words, dates={})}, "words.dates has nothing for RTSTDT, of which the sentence of"),
        ({"words": replace(EIGHT.words, assessments={})}, "words.assessments has nothing for LOCOREGIONAL, of which"),
        ({"words": replace(EIGHT.words, causes={})}, "words.causes has nothing for DISEASE, of which the sentence of"),
        (
            {
                "endpoints": (replace(DEAD, events=("LOCAL",), censored_by=("DEATH:OTHER",)),),
                "words": replace(EIGHT.words, causes={}),
            },
            "words.causes has nothing for OTHER, of which the sentence of",
        ),
        (
            {"words": replace(EIGHT.words, dates={**EIGHT.words.dates, "RTEND": "the end"})},
            "RTEND, of which words.dates tells, is not a date of adsl",
        ),
        (
            {"periods": (Period("p", "P", "DTHDT"),)},
            "words.dates has nothing for DTHDT, of which the sentence",
        ),
    ],
)
def test_what_cannot_be_said_or_is_left_out_is_refused(changed, message):
    whole = replace(EIGHT, endpoints=(WORSE, CONTROL, CAUSED, replace(WORSE, code="VARIED", variant_of="WORSE")))
    with pytest.raises(SpecError, match=message):
        replace(whole, **changed)


def test_a_plan_that_does_not_say_is_refused_by_its_types():
    """Neither where an endpoint censors nor which endpoint is primary has a default."""
    with pytest.raises(TypeError, match="censor_at"):
        Endpoint("DEAD", "Survival", "RTSTDT", events=("DEATH",))
    given = {field.name: getattr(EIGHT, field.name) for field in fields(EIGHT) if field.name != "primary"}
    with pytest.raises(TypeError, match="primary"):
        type(EIGHT)(**given)


def test_words_are_asked_for_by_date():
    assert EIGHT.date_words("RTENDT") == "its end"
    with pytest.raises(SpecError, match=r"words\.dates has nothing for DTHDT; what it is called in a sentence"):
        EIGHT.date_words("DTHDT")


def test_no_two_endpoints_of_other_values_have_one_sentence():
    events = [("LOCAL",), ("LOCAL", "REGIONAL"), ("LOCAL", "REGIONAL", "DEATH"), ("DISTANT",), ("DISTANT", "DEATH")]
    rivals = [(), ("SECOND-PRIMARY",), ("RESIDUAL", "SECOND-PRIMARY")]
    stops = [(), ("NEW-THERAPY",)]
    seen = [("VITAL",), ("LOCOREGIONAL",), ("LOCOREGIONAL", "SYSTEMIC")]
    made = [
        replace(LOCAL, events=e, competing=c, censored_by=s, censor_at=a)
        for e, c, s, a in itertools.product(events, rivals, stops, seen)
    ]
    assert len({EIGHT.definition(endpoint) for endpoint in made}) == len(made)
