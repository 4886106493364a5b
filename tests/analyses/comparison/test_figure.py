"""Weighted curves: what is drawn and written is what stands in the rows, at both widths."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from drawn import assert_readable, line, texts, with_gid
from entries import COMPARED

from npcstats.analyses.adjustment.outcomes import TimeOutcome
from npcstats.analyses.comparison.displays import WeightedCurves
from npcstats.analyses.comparison.spec import Curves, Measure
from npcstats.analyses.comparison.summary import summarize_comparison
from npcstats.formatting import format_number
from npcstats.results import one, select
from npcstats.run.draw import draw_figure

DRAWN = WeightedCurves(name="f", title="F.", sessions=("only",), analysis="compared", width="full", raw=True)
SPEC = replace(COMPARED, curves=Curves("log-log", (0.0, 3.0, 6.0, 9.0, 12.0), 2))


@pytest.fixture(scope="module")
def results(crowd):
    return summarize_comparison(crowd, SPEC)


@pytest.fixture(params=["full", "column"])
def figure(results, fonts, request):
    return draw_figure(results, replace(DRAWN, width=request.param), fonts=fonts)


@pytest.mark.parametrize(("name", "block"), [("curve", "overlap"), ("raw", "unadjusted")])
def test_curves(results, figure, name, block):
    for arm in ("X", "Y"):
        rows = select(results, block=block, arm=arm, measure="survival_curve", stat="estimate")
        drawn = line(figure, f"{name}-{arm}").get_xydata()
        wanted = np.array([(row.time, row.value) for row in rows if row.time <= drawn[-1, 0]])
        assert np.allclose(drawn[: len(wanted)], wanted)


def test_bands_are_of_the_weighted_curves_only(figure):
    assert len(with_gid(figure, "band-X")) == 1
    assert not with_gid(figure, "band-raw-X")


def test_numbers_at_risk_raw_and_effective(results, figure):
    written = {text.get_gid(): text.get_text() for text in texts(figure) if text.get_gid()}
    for arm in ("X", "Y"):
        risk = one(results, block="overlap", arm=arm, measure="at_risk", time=6.0)
        worth = one(results, block="overlap", arm=arm, measure="effective_at_risk", time=6.0)
        assert written[f"at-risk-{arm}-6.0"] == format_number(risk.value, "count", rounding="half-away")
        assert written[f"effective-{arm}-6.0"] == format_number(worth.value, "decimal0", rounding="half-away")
    assert {"At risk", "Effective"} <= {text.get_text() for text in texts(figure)}


def test_it_can_be_read(figure):
    assert_readable(figure)


def test_without_the_curves_as_observed(results, fonts):
    drawn = draw_figure(results, replace(DRAWN, raw=False), fonts=fonts)
    assert not with_gid(drawn, "raw-X")
    assert "Unadjusted" not in {text.get_text() for text in texts(drawn)}


def test_incidence(crowd, fonts):
    spec = replace(SPEC, outcome=TimeOutcome("CONTROL"), measures=(Measure("hazard_ratio"),))
    results = summarize_comparison(crowd, spec)
    figure = draw_figure(results, DRAWN, fonts=fonts)
    rows = select(results, block="overlap", arm="Y", measure="incidence_curve", stat="estimate")
    drawn = line(figure, "curve-Y").get_xydata()
    wanted = np.array([(row.time, row.value) for row in rows if row.time <= drawn[-1, 0]])
    assert np.allclose(drawn[: len(wanted)], wanted)
    assert "cumulative incidence" in DRAWN.alt(results, DRAWN)


def test_the_caption_names_the_estimand(results):
    told = DRAWN.caption(results, DRAWN)
    assert "Overlap weights: effect in participants who could have had either treatment (ATO" in str(told)
    assert "Effective: participants of equal weight" in str(told)
    assert DRAWN.alt(results, DRAWN).endswith("raw and effective; thin lines show the curves as observed.")


def test_nothing_to_draw(crowd, fonts):
    results = summarize_comparison(crowd, replace(SPEC, curves=Curves("log-log", (0.0, 6.0), 1000)))
    figure = draw_figure(results, DRAWN, fonts=fonts)
    assert any("Too few participants" in text.get_text().replace("\n", " ") for text in texts(figure))
