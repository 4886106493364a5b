"""Designs that contradict themselves or ask for what their frames lack are refused when they are made."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace

import pytest
from endings import EIGHT, WINDOWS, WORSE, trial

from npcstats.errors import SpecError
from npcstats.schema import Column
from npcstats.study import FRAMES, Endpoint, EventRule, Gap

HEALED = Endpoint("HEALED", "Healed", "RTSTDT", censor_at=(), param="HEAL", definition="Time to healing.", clock="days")


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"events": ()}, "endpoint WORSE has no event"),
        ({"events": ("LOCAL", "LOCAL")}, "LOCAL of endpoint WORSE stands twice"),
        ({"competing": ("LOCAL",), "events": ("LOCAL",)}, "LOCAL of endpoint WORSE stands twice"),
        ({"censored_by": ("DISTANT",), "events": ("LOCAL",)}, "event_within_days says when"),
        ({"rules": (EventRule("RESIDUAL"),)}, "RESIDUAL, for which endpoint WORSE has a rule, is none of its kinds"),
        ({"rules": (EventRule("LOCAL", anchor="RTEND"),)}, "RTEND of a rule of endpoint WORSE is not a date of adsl"),
        (
            {"rules": (EventRule("DEATH", ("BIOPSY",)),)},
            "endpoint WORSE: DEATH, a death, cannot be asked for by a rule",
        ),
        ({"rules": (EventRule("LOCAL", ("BIOPSY",)),) * 2}, "endpoint WORSE: LOCAL has two rules"),
        (
            {"rules": (EventRule("LOCAL", anchor="RTENDT", first=9, last=8),)},
            "endpoint WORSE: the last day of the rule of LOCAL is before its first",
        ),
        ({"kinds_within_days": -1}, "kinds_within_days of endpoint WORSE is -1: days of 0 and more are required"),
        (
            {"censored_by": ("DISTANT",), "events": ("LOCAL",), "event_within_days": -1},
            "event_within_days of endpoint WORSE is -1: days of 0 and more are required",
        ),
        ({"gap": Gap("RTENDT", WINDOWS, missed=5)}, "the gap of endpoint WORSE is 5 of 4 assessments"),
        ({"gap": Gap("AGE", WINDOWS, missed=1)}, "AGE of the gap of endpoint WORSE is not a date of adsl"),
        ({"param": "X"}, "clock '' of endpoint WORSE is not one of days, months, years, dates"),
        ({"param": "X", "clock": "days"}, "endpoint WORSE is taken from adtte and cannot be derived from events too"),
    ],
)
def test_contradictions_are_refused_with_the_design(changed, message):
    with pytest.raises(SpecError, match=message):
        trial(replace(WORSE, **changed))


def test_variant_is_of_an_endpoint():
    with pytest.raises(SpecError, match="NONE of endpoint WORSE is not an endpoint"):
        replace(EIGHT, endpoints=(replace(WORSE, variant_of="NONE"),))


def test_description_that_becomes_a_key_is_declared_as_coded():
    adtte = replace(
        FRAMES["adtte"],
        columns=tuple(Column("EVNTDESC", "text") if c.name == "EVNTDESC" else c for c in FRAMES["adtte"].columns),
    )
    frames = tuple(adtte if schema.name == "adtte" else schema for schema in EIGHT.frames)
    exported = replace(HEALED, param="T")
    with pytest.raises(SpecError, match=r"adtte\.EVNTDESC becomes part of a key"):
        replace(EIGHT, endpoints=(exported,), frames=frames)


@pytest.mark.parametrize(
    ("without", "changed", "message"),
    [
        ("EVNTDESC", {}, ""),
        ("AVAL", {"clock": "dates"}, ""),
        ("AVAL", {}, "endpoint HEALED needs adtte.AVAL"),
        ("STARTDT", {"origin": ""}, ""),
        ("STARTDT", {}, "endpoint HEALED needs adtte.STARTDT"),
        ("STARTDT", {"origin": "", "clock": "dates"}, "endpoint HEALED needs adtte.STARTDT"),
    ],
)
def test_what_the_export_needs_follows_from_what_is_asked(without, changed, message):
    adtte = FRAMES["adtte"]
    ordered = () if without == "STARTDT" else adtte.ordered
    adtte = replace(adtte, columns=tuple(c for c in adtte.columns if c.name != without), ordered=ordered)
    frames = tuple(adtte if schema.name == "adtte" else schema for schema in EIGHT.frames)
    with pytest.raises(SpecError, match=message) if message else nullcontext():
        replace(EIGHT, endpoints=(replace(HEALED, **changed),), frames=frames)


def test_derived_endpoint_needs_a_time_zero():
    with pytest.raises(SpecError, match="endpoint WORSE has no time zero"):
        trial(replace(WORSE, origin=""))
