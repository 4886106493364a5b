"""A kind of analysis says everything of itself, in its folder and one line, or no plan is loaded."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pytest

import npcstats.analyses
from npcstats.analyses.kind import Kind
from npcstats.analyses.kinds import KINDS
from npcstats.disclosure.withhold import WHOLE
from npcstats.errors import SpecError
from npcstats.run import registry
from npcstats.run.plan import load_plan
from npcstats.run.registry import kind_of, withholdings

ANALYSES = Path(npcstats.analyses.__file__).parent


@dataclass(frozen=True)
class RateSpec:
    """A kind of entry that the package does not have."""

    id: str = "rates"
    label: str = "Rates"
    population: str = "EVERY"
    sessions: tuple[str, ...] = ("end",)
    status: str = "planned"


def test_every_folder_with_a_kind_is_in_the_tuple():
    """A folder that kinds.py has no line of would be forgotten in silence."""
    declared = {path.parent.name for path in ANALYSES.glob("*/kind.py")}
    lines = (ANALYSES / "kinds.py").read_text(encoding="utf-8")
    assert len(declared) > 10
    assert [name for name in sorted(declared) if f"npcstats.analyses.{name}.kind import" not in lines] == []
    assert {kind.spec.__module__.split(".")[2] for kind in KINDS} == declared


def test_every_kind_is_made_in_one_way():
    ways = [
        sum(way is not None for way in (kind.summarize, kind.assess, kind.compare, kind.record, kind.follow))
        for kind in KINDS
    ]
    assert ways == [1] * len(KINDS)


def test_entries_of_two_kinds_are_told_apart():
    specs = [kind.spec for kind in KINDS]
    assert len(set(specs)) == len(specs)


def test_kinds_of_one_name_withhold_the_same():
    """The catalogue tells them apart by that name only."""
    shared: dict[str, set[object]] = {}
    for kind in KINDS:
        for code in kind.codes:
            shared.setdefault(code, set()).add(kind.withhold)
    assert [code for code, found in shared.items() if len(found) > 1] == []
    assert withholdings()["robustness"] is WHOLE
    assert "listing" not in withholdings()


@pytest.mark.parametrize(
    ("said", "missing"),
    [({"withhold": WHOLE}, "efficacy"), ({"efficacy": False}, "withhold"), ({}, "efficacy; kind RateSpec .* withhold")],
)
def test_a_kind_that_does_not_say_is_refused_when_the_plan_loads(plan, monkeypatch, tmp_path, said, missing):
    rates = Kind(spec=RateSpec, codes=("rates",), summarize=lambda study, spec: None, **said)
    monkeypatch.setattr(registry, "KINDS", (*KINDS, rates))
    path = tmp_path / "plan.py"
    path.write_text(
        "from dataclasses import replace\n"
        f"import sys\nsys.path.insert(0, {str(Path(__file__).parents[1])!r})\n"
        "from eight import PLAN as EIGHT\n"
        "from npcstats.run.registry import KINDS\n"
        "PLAN = replace(EIGHT, specs=(*EIGHT.specs, KINDS[-1].spec()))\n"
    )
    with pytest.raises(SpecError, match=f"kind RateSpec does not say {missing}"):
        load_plan(path)


def test_a_kind_that_says_all_is_taken(plan, monkeypatch):
    rates = Kind(spec=RateSpec, codes=("rates",), efficacy=False, withhold=WHOLE, summarize=lambda study, spec: None)
    monkeypatch.setattr(registry, "KINDS", (*KINDS, rates))
    assert replace(plan, specs=(*plan.specs, RateSpec())).specs[-1] == RateSpec()


def test_efficacy_of_a_kind_holds_in_an_interim_session(plan, monkeypatch):
    rates = Kind(spec=RateSpec, codes=("rates",), efficacy=True, withhold=WHOLE, summarize=lambda study, spec: None)
    monkeypatch.setattr(registry, "KINDS", (*KINDS, rates))
    with pytest.raises(SpecError, match="analysis rates shows efficacy by arm in interim session shut, which is off"):
        replace(plan, specs=(*plan.specs, RateSpec(sessions=("shut",))))


def test_an_entry_of_no_kind_is_refused():
    with pytest.raises(SpecError, match=r"plan: RateSpec is no kind of analysis; one of AccrualSpec, .* is required"):
        kind_of(RateSpec())
