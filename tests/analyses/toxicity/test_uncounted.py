"""Events that no line of a table counts are told beside it, those that no filter hides among them.

Early window, evaluable X P05, P01; Y P02, P03, P04. P06, whose window is open, has mucositis 3 in it.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from npcstats.analyses.toxicity.displays import ToxicityButterfly, ToxicityDots
from npcstats.analyses.toxicity.spec import ToxicitySpec
from npcstats.analyses.toxicity.summary import summarize_toxicity
from npcstats.analyses.toxicity.words import butterfly_caption, caption
from npcstats.derive import GradeWindow, pool_arms
from npcstats.results import one, select
from npcstats.run.draw import draw_figure
from npcstats.study import Arm
from npcstats.tables import toxicity_table

EARLY = GradeWindow("early", "Early", period="early", counting="onset", evaluable="window-complete")
SPEC = ToxicitySpec("tox", "Harm", "DOSED", ("only",), (EARLY,), 0.95, "clopper-pearson", "newcombe", True,
                    "CTCAE version 5.0", "unadjusted", "planned")  # fmt: skip
BUTTERFLY = ToxicityButterfly(name="b", title="B.", analysis="tox", sessions=("only",), width="full", low="grade>=1",
                              high="grade>=3", window="early", minimum=0.0)  # fmt: skip
EVERY = GradeWindow("every", "Every", period="", counting="every", evaluable="everyone")
DOTS = ToxicityDots(name="d", title="D.", analysis="tox", sessions=("only",), width="full", level="grade>=2",
                    window="early")  # fmt: skip


@pytest.fixture
def undated(known):
    """P02's mucositis is fatal and without a date."""
    adae = known["adae"].copy()
    adae.loc[adae["USUBJID"] == "P02", ["AETOXGR", "ASTDT"]] = [5.0, pd.NaT]
    return known.with_frames({"adae": adae})


def outside(results, measure, window="early"):
    """X, Y and everyone: all such events, and the severe ones."""
    at = {"measure": measure, "window": window}
    return [
        tuple(one(results, **at, arm=arm, level=level).value for level in ("", "severe")) for arm in ("X", "Y", "all")
    ]


def notes(results, **asked):
    return " ".join(note.text for note in toxicity_table(results, "tox", levels=("grade>=1",), **asked).notes)


def told(caption_of, results, figure):
    return str(caption_of(results, figure))


def test_an_event_without_a_date_is_told(undated):
    results = summarize_toxicity(undated, SPEC)
    assert one(results, variable="Mucositis oral", level="grade=5", arm="Y", stat="count").value == 0
    assert outside(results, "records_undated") == [(0, 0), (1, 1), (1, 1)]
    sentence = (
        "Events without a date of onset, counted in no period: Wye 1, of them 1 of Grade 4 or Grade 5 or serious."
    )
    assert sentence in notes(results)
    assert sentence in told(caption, results, DOTS)
    assert sentence in told(butterfly_caption, results, BUTTERFLY)


def test_where_every_event_counts_none_is_undated(undated):
    results = summarize_toxicity(undated, replace(SPEC, windows=(EVERY,), baseline_adjusted=False))
    assert one(results, variable="Mucositis oral", level="grade=5", arm="Y", stat="count").value == 1
    assert outside(results, "records_undated", "every") == [(0, 0), (0, 0), (0, 0)]
    assert "without a date" not in notes(results)


def test_events_of_who_is_not_in_the_denominator_are_told(known):
    serious = known["adae"]["AESER"].mask(known["adae"]["USUBJID"] == "P06", "Y")
    grave = known.with_frames({"adae": known["adae"].assign(AESER=serious)})
    assert outside(summarize_toxicity(known, SPEC), "records_not_evaluable") == [(1, 0), (0, 0), (1, 0)]
    results = summarize_toxicity(grave, SPEC)
    assert outside(results, "records_not_evaluable") == [(1, 1), (0, 0), (1, 1)]
    assert "Events of those not in the denominator: Ex 1, of them 1 of Grade 4 or Grade 5 or serious." in notes(results)
    pooled = notes(summarize_toxicity(pool_arms(grave), SPEC))
    assert "Events of those not in the denominator: 1, of them 1 of Grade 4 or Grade 5 or serious." in pooled


def test_nothing_is_said_where_every_event_is_counted(known):
    gone = known.with_frames({"adae": known["adae"].loc[lambda adae: adae["USUBJID"] != "P06"].reset_index(drop=True)})
    results = summarize_toxicity(gone, SPEC)
    assert all(row.value == 0 for row in select(results, measure=("records_undated", "records_not_evaluable")))
    assert "Events" not in notes(results)


def test_bars_of_one_arm_are_as_high_as_of_two(known, fonts):
    """The name of the one arm has its room too: sixty terms would leave none for a bar otherwise."""
    adsl = known["adsl"].assign(_ARM_ACTUAL="X")
    alone = replace(known, arms=(Arm("X", "Ex"),)).with_frames({"adsl": adsl})
    (axes,) = draw_figure(summarize_toxicity(alone, SPEC), BUTTERFLY, fonts=fonts).axes
    both = draw_figure(summarize_toxicity(known, SPEC), BUTTERFLY, fonts=fonts).axes
    box, other = axes.get_window_extent(), both[0].get_window_extent()
    assert box.height == pytest.approx(other.height)


@pytest.mark.filterwarnings("error")
def test_bars_of_nothing_have_an_axis(known, fonts):
    """The only term is shown since it is serious, and nobody had it at the lower band."""
    adae = known["adae"].loc[lambda frame: frame["USUBJID"] == "P02"].assign(AETOXGR=1.0).reset_index(drop=True)
    results = summarize_toxicity(known.with_frames({"adae": adae}), SPEC)
    figure = draw_figure(results, replace(BUTTERFLY, low="grade>=2", minimum=0.5), fonts=fonts)
    assert figure.axes[0].get_xlim() == (0.05, 0.0)
    assert figure.axes[1].get_xlim() == (0.0, 0.05)
