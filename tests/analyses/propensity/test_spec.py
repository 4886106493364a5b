"""What a plan may not say of scores and balance, and displays that it may not ask for."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from entries import AGE, ASKED, BALANCE, SCORED, STAGES, refused

from npcstats.analyses.adjustment.spec import Covariate
from npcstats.analyses.propensity.displays import BalanceTable, LovePlot, OverlapPlot, ScoreModel, WeightsTable
from npcstats.analyses.propensity.spec import Balanced, propensity_faults
from npcstats.analyses.propensity.summary import summarize_propensity
from npcstats.display.specs import Figure
from npcstats.errors import SpecError
from npcstats.run.displays import display_faults

AGED = BALANCE.characteristics[0]
OTHER = replace(SCORED, name="other", confounders=(AGE,))


@pytest.mark.parametrize(
    ("changed", "match"),
    [
        ({"adjustments": ()}, "it has no adjustment"),
        ({"adjustments": (SCORED, SCORED)}, "adjustment 'overlap' stands twice"),
        ({"adjustments": (replace(SCORED, estimand="all"),)}, "estimand is 'all'"),
        ({"adjustments": (replace(SCORED, variance="bootstrap", replicates=200, seed=1),)}, "no effect is estimated"),
        ({"characteristics": (AGED,)}, "confounder SEX, which is no characteristic"),
        ({"characteristics": (*BALANCE.characteristics, AGED)}, "characteristic 'AGE' stands twice"),
        ({"characteristics": (replace(AGED, style="long"), *BALANCE.characteristics[1:])}, "style is 'long'"),
        ({"characteristics": (*BALANCE.characteristics[:2], Balanced(replace(STAGES, levels={"II": "II", "III": "III"}),
                              "Stage"), BALANCE.characteristics[3])}, "STAGE9 is not as the confounder"),
        ({"characteristics": (*BALANCE.characteristics, Balanced(Covariate("ENRLDT", "day", "date"), "Day", unit="d"))},
         "unit is 'd', but has no effect: its scale is 'date'"),
        ({"smd_denominator": "pooled"}, "smd_denominator"),
        ({"smd_limit": 0.0}, "smd_limit is 0.0"),
        ({"least_overlap": 1.0}, "least_overlap is 1.0"),
        ({"least_effective": -0.1}, "least_effective is -0.1"),
        ({"bin_width": 0.3}, "bin_width is 0.3; a width of which 1 is a multiple"),
        ({"bin_width": 0.0}, "bin_width is 0.0"),
        ({"bin_width": "0.1"}, "bin_width is '0.1'"),
        ({"bin_width": math.nan}, "bin_width is nan"),
        ({"conf_level": 1.2}, "conf_level is 1.2"),
        ({"least_overlap": math.nan}, "least_overlap is nan"),
    ],
)  # fmt: skip
def test_faults(design, crowd, changed, match):
    wrong = replace(BALANCE, **changed)
    assert any(match in fault for fault in propensity_faults(wrong))
    assert any(match in fault for fault in refused(design, wrong))
    with pytest.raises(SpecError):
        summarize_propensity(crowd, wrong)


def test_the_entry_has_no_faults(design):
    assert propensity_faults(BALANCE) == []
    assert refused(design, BALANCE) == []


class TestDisplays:
    def faults(self, display, spec=BALANCE):
        return display_faults({"figure" if isinstance(display, Figure) else "table": (display,)}, (spec,), ())

    def test_an_adjustment_that_is_none(self):
        shown = OverlapPlot(**ASKED, analysis="balance", blocks=("overlap", "matching"))
        assert any("'matching', which is no adjustment of balance" in fault for fault in self.faults(shown))
        model = ScoreModel(name="f", title="F.", sessions=("only",), analysis="balance", block="matching")
        assert any("'matching'" in fault for fault in self.faults(model))

    def test_an_order_that_is_none(self):
        shown = LovePlot(**ASKED, analysis="balance", blocks=("overlap",), order="name", absolute=True)
        assert any("order is 'name'" in fault for fault in self.faults(shown))

    @pytest.mark.parametrize("kind", [LovePlot, BalanceTable])
    def test_adjustments_of_other_participants_do_not_share_what_was_before(self, kind):
        spec = replace(BALANCE, adjustments=(SCORED, OTHER))
        more = {"order": "plan", "absolute": False, "width": "full"} if kind is LovePlot else {}
        shown = kind(name="f", title="F.", sessions=("only",), analysis="balance", blocks=("overlap", "other"), **more)
        assert any("whose participants before weighting differ" in fault for fault in self.faults(shown, spec))
        assert not self.faults(replace(shown, blocks=("other",)), spec)

    @pytest.mark.parametrize("blocks", [(), ("overlap", "overlap")])
    def test_adjustments_stand_once(self, blocks):
        with pytest.raises(SpecError, match="names of adjustments, each once"):
            WeightsTable(name="f", title="F.", sessions=("only",), analysis="balance", blocks=blocks)
