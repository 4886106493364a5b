"""The committed synthetic trial as text, and the trial's criteria, read once."""

from __future__ import annotations

import runpy
from pathlib import Path

import pandas as pd
import pytest

ROOT = Path(__file__).resolve().parents[2]


def read(name: str) -> pd.DataFrame:
    return pd.read_csv(ROOT / "data" / "synthetic" / f"{name}.csv", dtype=str, keep_default_na=False)


@pytest.fixture(scope="session")
def adsl() -> pd.DataFrame:
    return read("adsl")


@pytest.fixture(scope="session")
def adae() -> pd.DataFrame:
    return read("adae")


@pytest.fixture(scope="session")
def adlb() -> pd.DataFrame:
    return read("adlb")


@pytest.fixture(scope="session")
def adex() -> pd.DataFrame:
    return read("adex")


@pytest.fixture(scope="session")
def criteria() -> tuple:
    return runpy.run_path(str(ROOT / "analysis" / "eligibility.py"))["CRITERIA"]


@pytest.fixture(scope="session")
def addv() -> pd.DataFrame:
    return read("addv")
