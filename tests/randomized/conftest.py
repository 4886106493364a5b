"""The randomised example, made once: truth, export, plan, and the results of its sessions."""

from __future__ import annotations

import runpy
from pathlib import Path

import pandas as pd
import pytest

from npcstats.results import Results
from npcstats.run.mask import Mask
from npcstats.run.plan import Plan, load_plan
from npcstats.run.sessions import build_results, prepare_study
from npcstats.study import Study, read_study
from npcstats.synthetic import ParallelTruth, simulate_parallel_trial, write_trial

HERE = Path(__file__).parent
MASK = Mask({"PBO": "B", "LOW": "C", "HIGH": "A"}, "0123456789abcdef0123456789abcdef")


@pytest.fixture(scope="session")
def planted() -> dict:
    return runpy.run_path(str(HERE / "truth.py"))


@pytest.fixture(scope="session")
def truth(planted: dict) -> ParallelTruth:
    return planted["TRUTH"]


@pytest.fixture(scope="session")
def seed(planted: dict) -> int:
    return planted["SEED"]


@pytest.fixture(scope="session")
def frames(truth: ParallelTruth, seed: int) -> dict[str, pd.DataFrame]:
    return simulate_parallel_trial(truth, seed)


@pytest.fixture(scope="session")
def folder(frames: dict[str, pd.DataFrame], tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("randomized") / "export"
    write_trial(frames, place)
    return place


@pytest.fixture(scope="session")
def plan() -> Plan:
    return load_plan(HERE / "plan")


@pytest.fixture(scope="session")
def whole(folder: Path, plan: Plan) -> Study:
    return read_study(folder, plan.design)


@pytest.fixture(scope="session")
def results(whole: Study, plan: Plan) -> Results:
    return build_results(prepare_study(whole, plan, "final"), plan)


@pytest.fixture(scope="session")
def masked(whole: Study, plan: Plan) -> Results:
    return build_results(prepare_study(whole, plan, "closed", mask=MASK), plan)
