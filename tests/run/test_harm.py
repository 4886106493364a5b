"""Which endpoints of adverse events an interim session may see by arm: those that show nothing of efficacy."""

from __future__ import annotations

from dataclasses import replace

import pytest
from graded import LATE, SEVERE

from npcstats.analyses.endpoints.spec import EndpointsSpec
from npcstats.analyses.incidence.spec import IncidenceSpec
from npcstats.errors import SpecError

WORSE = replace(LATE, events=("LATE-3",))
RELAPSE = replace(WORSE, competing=("LOCAL", "DEATH"), event_within_days=0)
UNTIL = replace(WORSE, censored_by=("LOCAL",), event_within_days=0)
MIXED = replace(WORSE, events=("LATE-3", "LOCAL"), kinds_within_days=0)
CAUSES = replace(
    WORSE,
    competing=("DEATH:DISEASE", "DEATH:TREATMENT", "DEATH:OTHER", "DEATH:UNKNOWN"),
)
SPEC = IncidenceSpec(
    id="late", label="Late", population="BEAM", sessions=("shut",), endpoint="LATE", competing_label="Death",
    conf_level=0.95, conf_type="log-log", landmarks=(2.0,), ticks=(0.0,), minimum_at_risk=1, gray=False,
    estimand="unadjusted", status="planned",
)  # fmt: skip


def planned(plan, endpoint, spec):
    causes = {code: code.lower() for code in ("DISEASE", "TREATMENT", "OTHER", "UNKNOWN")}
    words = replace(plan.design.words, causes=causes)
    design = replace(plan.design, graded=(SEVERE,), endpoints=(*plan.design.endpoints, endpoint), words=words)
    return replace(plan, design=design, specs=(*plan.specs, spec))


def test_adverse_events_with_death_competing_are_no_efficacy(plan):
    assert planned(plan, WORSE, SPEC).specs[-1] is SPEC
    account = EndpointsSpec("late", "Late", "BEAM", ("shut",), ("LATE",), "planned")
    assert planned(plan, WORSE, account).specs[-1] is account


@pytest.mark.parametrize("endpoint", [RELAPSE, UNTIL, MIXED, CAUSES], ids=["competing", "ending", "event", "causes"])
def test_what_tells_relapses_or_causes_of_death_is_efficacy(plan, endpoint):
    with pytest.raises(SpecError, match="analysis late shows efficacy by arm in interim session shut"):
        planned(plan, endpoint, SPEC)


def test_one_endpoint_of_efficacy_is_enough(plan):
    account = EndpointsSpec("late", "Late", "BEAM", ("shut",), ("LATE", "DEAD"), "planned")
    with pytest.raises(SpecError, match="analysis late shows efficacy by arm in interim session shut"):
        planned(plan, WORSE, account)
