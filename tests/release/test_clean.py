"""Packages in which nothing tells the arms apart: results of many trials and cut-offs, none of them refused."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest
from committed import ROOT

from npcstats.run.gate import forbidden_of
from npcstats.run.make import Run, make_results
from npcstats.study import Arm

FONTS = ROOT / "reports" / "_theme" / "fonts"
DAY = datetime.date(2027, 6, 30)
CUTOFFS = (
    datetime.date(2026, 5, 31),
    datetime.date(2026, 11, 30),
    datetime.date(2027, 6, 30),
    datetime.date(2027, 11, 30),
    datetime.date(2028, 11, 30),
    datetime.date(2030, 6, 30),
)
# Arms of other trials: labels of common words, of one letter, of a word that pages have for something else.
OTHER_ARMS = {
    "common words": (Arm("STD", "Standard"), Arm("EXP", "Experimental")),
    "a waiting arm": (Arm("OBS", "Observation"), Arm("ADJ", "Adjuvant therapy")),
    "what all are given": (Arm("RT", "Radiotherapy"), Arm("CRT", "Chemoradiotherapy")),
    "letters": (Arm("A", "A"), Arm("B", "B")),
    "doses": (Arm("LOW", "Low dose"), Arm("HIGH", "High dose")),
    "a drug": (Arm("PBO", "Placebo"), Arm("XAN", "Xanomeline")),
    "three": (Arm("D1", "Dose 1"), Arm("D2", "Dose 2"), Arm("D3", "Dose 3")),
    "one": (Arm("ALL", "All"),),
}


COUNTING = ("AccrualSpec", "ScreeningSpec", "StatusSpec", "CompletenessSpec", "DeviationSpec")


def renamed(export, plan, arms):
    """The trial with other arms: participants of the two arms in turn, the first also of a third."""
    codes = [arm.code for arm in arms]
    names = {"PROTON": codes[0], "PHOTON": codes[-1], "MIXED": "MIXED"}
    adsl = export["adsl"].copy()
    for name in ("TRT01P", "TRT01A"):
        adsl[name] = adsl[name].map(names)
    if len(codes) > 2:
        adsl.loc[adsl.index % 3 == 0, "TRT01P"] = codes[1]
        adsl.loc[(adsl.index % 3 == 0) & adsl["TRT01A"].notna(), "TRT01A"] = codes[1]
    allocation = "single-arm" if len(codes) < 2 else "non-randomized"
    design = replace(
        plan.design, arms=arms, arm_rule={"MIXED": codes[0]}, allocation=allocation,
        title="Two ways of treatment", short_title="Two ways of treatment",
    )  # fmt: skip
    return replace(export.with_frames({"adsl": adsl}), design=design), replace(plan, design=design)


def counted(plan):
    """The plan without comparisons, which trials of one arm and of three have none of."""
    specs = tuple(spec for spec in plan.specs if type(spec).__name__ in COUNTING)
    known = {spec.id for spec in specs}
    listings = tuple(spec for spec in plan.listings if "closed" in spec.sessions)
    shown = {
        name: tuple(one for one in getattr(plan, name) if getattr(one, "analysis", "") in known)
        for name in ("tables", "figures")
    }
    return replace(plan, specs=specs, listings=listings, reports=(), quotes=(), **shown)


def made(study, plan, session, day, folder, mask=None):
    run = Run(ROOT / "data" / "synthetic", plan, (session,), day, mask, study=study)
    return make_results(run, folder, fonts=FONTS)


@pytest.mark.slow
@pytest.mark.parametrize("session", ["open", "closed"])
@pytest.mark.parametrize("day", CUTOFFS, ids=str)
def test_results_of_every_cutoff_are_let_through(export, plan, session, day, tmp_path):
    assert forbidden_of(export, plan, session, cutoff=day) is not None
    assert set(made(export, plan, session, day, tmp_path)) == {session}


@pytest.mark.slow
@pytest.mark.parametrize("session", ["open", "closed"])
@pytest.mark.parametrize("name", [*OTHER_ARMS])
def test_results_of_other_arms_are_let_through(export, plan, session, name, tmp_path):
    arms = OTHER_ARMS[name]
    study, other = renamed(export, plan if len(arms) == 2 else counted(plan), arms)
    letters = {arm.code: "CBA"[place] for place, arm in enumerate(arms)}
    mask = tmp_path / "map.json"
    pairs = ", ".join(f'"{code}": "{letter}"' for code, letter in letters.items())
    mask.write_text(f'{{{pairs}, "salt": "0123456789abcdef0123456789abcdef"}}')
    assert set(made(study, other, session, DAY, tmp_path / "results", mask)) == {session}
