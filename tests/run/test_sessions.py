"""What a session may see: nothing by treatment in an open one, letters in a masked one."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest
from eight import built

from npcstats.errors import ResultsError, SpecError
from npcstats.provenance import canonical_text
from npcstats.results import Row, select
from npcstats.run.sessions import check_open, prepare_study


@pytest.fixture(scope="module")
def pooled(whole, plan):
    return built(whole, plan, "front")


class TestOpen:
    def test_what_the_pipeline_makes_is_open(self, pooled, design):
        check_open(pooled, design)
        assert pooled.catalogue.arms == {}
        assert {row.arm for row in pooled.rows} == {"all"}
        assert {row.reference for row in pooled.rows} == {""}

    @pytest.mark.parametrize(
        "leak",
        [
            {"arm": "X"},
            {"reference": "Y"},
            {"variable": "TRT01A"},
            {"variable": "EXDOSU"},
            {"subgroup": "TRT01P=X"},
            {"subgroup": "STAGE9=III;TECHNIQUE=IMPT"},
        ],
    )
    def test_each_kind_of_leak_is_refused(self, pooled, design, leak):
        row = Row("leak", "EVERY", "participants", "count", 1.0, **leak)
        with pytest.raises(ResultsError, match=r"^open session: 1 row by treatment"):
            check_open(replace(pooled, rows=(*pooled.rows, row)), design)

    def test_arm_in_the_catalogue_is_refused(self, pooled, design):
        with pytest.raises(ResultsError, match="open session"):
            check_open(replace(pooled, catalogue=replace(pooled.catalogue, arms={"X": "Ex"})), design)

    def test_treatment_cannot_even_be_asked_for(self, whole, plan):
        item = replace(plan.specs[2].items[0], column="TRT01P", value="X")
        asking = replace(plan, specs=(replace(plan.specs[2], items=(item,)),))
        with pytest.raises(SpecError, match="uses TRT01P, which is not in adsl"):
            built(whole, asking, "front")

    def test_baseline_has_no_contrast(self, pooled):
        assert select(pooled, measure="smd") == ()


class TestPrepare:
    def test_each_session_sees_what_it_may(self, whole, plan, mask):
        states = {code: prepare_study(whole, plan, code, mask=mask).arms for code in ("front", "shut", "end")}
        assert states["front"] == ()
        assert [arm.label for arm in states["shut"]] == ["Arm A", "Arm B"]
        assert states["end"] == plan.design.arms

    def test_cutoff_of_the_command_line_wins(self, whole, plan):
        later = prepare_study(whole, plan, "end", cutoff=datetime.date(2026, 3, 1))
        assert len(later["adsl"]) == 8
        assert later.cutoff == datetime.date(2026, 3, 1)

    def test_masked_session_needs_its_mask(self, whole, plan):
        with pytest.raises(SpecError, match=r"^mask: none is given for session shut, whose arms are masked"):
            prepare_study(whole, plan, "shut")

    def test_catalogue_tells_the_state(self, whole, plan, mask):
        told = {code: built(whole, plan, code, mask).catalogue.study["arms"] for code in ("front", "shut", "end")}
        assert told == {"front": "pooled", "shut": "masked", "end": "named"}

    def test_summaries_of_a_masked_study_name_no_arm(self, whole, plan, mask):
        results = built(whole, plan, "shut", mask)
        assert {row.arm for row in results.rows} == {"A", "B", "all"}
        assert "Wye" not in canonical_text(results.catalogue)
        assert results.catalogue.arms == {"A": "Arm A", "B": "Arm B"}
