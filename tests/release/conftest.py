from __future__ import annotations

import datetime

import pytest
from committed import ROOT

from npcstats.run.gate import forbidden_of
from npcstats.run.mask import read_mask
from npcstats.run.plan import load_plan
from npcstats.study import read_study

DAY = datetime.date(2027, 6, 30)


@pytest.fixture(scope="session")
def plan():
    return load_plan(ROOT / "analysis" / "plan")


@pytest.fixture(scope="session")
def export(plan):
    return read_study(ROOT / "data" / "synthetic", plan.design)


@pytest.fixture(scope="session")
def open_gate(plan, export):
    return forbidden_of(export, plan, "open", cutoff=DAY, mask=read_mask(None, export))


@pytest.fixture(scope="session")
def closed_gate(plan, export):
    return forbidden_of(export, plan, "closed", cutoff=DAY, mask=read_mask(None, export))
