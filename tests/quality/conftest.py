"""The committed synthetic trial, its design, truth and checks, read once; and a small part of it that is clean."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import pytest
from committed import ROOT, design, folder, planted, study, truth

from npcstats.quality import Checks, Finding, inspect_study, load_checks
from npcstats.study import Study

__all__ = ["design", "folder", "planted", "study", "truth"]

FEW = 24


@pytest.fixture(scope="session")
def checks() -> Checks:
    return load_checks(ROOT / "analysis" / "checks.py")


@pytest.fixture(scope="session")
def few(study: Study, checks: Checks) -> Study:
    """Participants of whom nothing is found: the first ones, and the first who died and who progressed."""
    found = inspect_study(study, checks, cutoff=None).findings
    adsl = study["adsl"].drop(index=[item.row - 1 for item in found if item.frame == "adsl"])
    adsl = adsl.loc[adsl["RTENDT"].notna()]
    progressed = adsl["USUBJID"].isin(study["adevent"]["USUBJID"]) & adsl["DTHDT"].isna()
    other = adsl["DTHCAUS"].eq("OTHER") & ~adsl["USUBJID"].isin(study["adevent"]["USUBJID"])
    parts = [
        adsl.head(FEW),
        adsl.loc[progressed].head(3),
        adsl.loc[other].head(3),
        adsl.loc[adsl["EOSDT"].notna()].head(3),
    ]
    people = set(pd.concat(parts)["USUBJID"])
    kept = {
        name: frame.loc[frame["USUBJID"].isin(people)].reset_index(drop=True) if "USUBJID" in frame else frame
        for name, frame in study.frames.items()
    }
    return study.with_frames(kept)


@dataclass(frozen=True)
class Bench:
    """A clean small study, and what is found when one thing in it is changed."""

    study: Study
    checks: Checks

    def rows(self, frame: str) -> pd.DataFrame:
        """Return the rows of a frame, with their participants' dates and regimens beside them."""
        adsl = self.study["adsl"].set_index("USUBJID")
        rows = self.study[frame]
        return rows if frame == "adsl" else rows.join(adsl, on="USUBJID", rsuffix="_ADSL")

    def found(self, frame: str, row: int, **values: object) -> list[Finding]:
        """Inspect with a row (its position) changed."""
        changed = self.study[frame].copy()
        for column, value in values.items():
            changed.loc[row, column] = value
        return self.findings({frame: changed})

    def found_with(self, frame: str, template: int, **values: object) -> list[Finding]:
        """Inspect with a record added last that is like another one but for some values."""
        rows = self.study[frame]
        record = pd.DataFrame([{**rows.loc[template].to_dict(), **values}]).astype(rows.dtypes)
        return self.findings({frame: pd.concat([rows, record], ignore_index=True)})

    def findings(self, frames: dict[str, pd.DataFrame]) -> list[Finding]:
        """Inspect with frames replaced."""
        return list(inspect_study(self.study.with_frames(frames), self.checks, cutoff=None).findings)


@pytest.fixture(scope="session")
def bench(few: Study, checks: Checks) -> Bench:
    return Bench(few, checks)
