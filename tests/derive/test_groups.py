"""Where a period begins and ends, by hand; the participants are those of ``eight.py``."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from npcstats.derive import (
    period_span,
    population_members,
)
from npcstats.errors import SpecError
from npcstats.study import Period


def test_period_ends_on_its_last_day_and_may_have_none(known):
    """P05: 2025-01-20 to 2025-03-07 and 90 days, 2025-06-05; the day after that the late period begins."""
    members = population_members(known, "EVERY")
    early = period_span(members, known.design.period("early"))
    after = period_span(members, known.design.period("after"))
    assert (early.start[0], early.end[0]) == (pd.Timestamp("2025-01-20"), pd.Timestamp("2025-06-05"))
    assert after.start[0] == pd.Timestamp("2025-06-06")
    assert after.end.isna().all()
    assert pd.isna(early.start[3])  # P07


def test_period_whose_end_is_missing_has_its_longest(whole):
    """P08: from 2026-02-10, no end; 70 days and 90 more are 2026-07-20. P07 never began."""
    early = period_span(whole["adsl"], whole.design.period("early"))
    assert whole["adsl"]["USUBJID"].tolist()[2] == "P08"
    assert (early.start[2], early.end[2]) == (pd.Timestamp("2026-02-10"), pd.Timestamp("2026-07-20"))
    assert pd.isna(early.start[4])
    assert pd.isna(early.end[4])


@pytest.mark.parametrize(
    ("period", "told"),
    [
        (Period("p", "P", "P.", "RTSTDT", end="RTENDT"), "period p ends at RTENDT: longest says"),
        (Period("p", "P", "P.", "RTSTDT", end="RTENDT", longest=0), "period p ends at RTENDT: longest says"),
        (Period("p", "P", "P.", "RTSTDT", longest=5), "period p has no end, so longest has no effect"),
    ],
)
def test_period_says_how_long_it_can_be(design, period, told):
    with pytest.raises(SpecError, match=told):
        replace(design, periods=(period,))
