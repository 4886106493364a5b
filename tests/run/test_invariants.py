"""What holds for every summary, since the whole way from a plan and an export to results knows them all.

The order of rows in the data changes no byte, masking only relabels, pooled counts are the sums of the arms'.
"""

from __future__ import annotations

import dataclasses
import itertools
import math
import random
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from eight import built
from gaps import every_gap_has_its_reason, same

from npcstats.results import Catalogue, Results, results_text
from npcstats.run.mask import Mask
from npcstats.study import read_study


@pytest.fixture
def shuffled(whole):
    """The study with the rows and the columns of every frame in another order."""
    return whole.with_frames(
        {
            name: frame.sample(frac=1, random_state=5).sample(frac=1, random_state=6, axis=1).reset_index(drop=True)
            for name, frame in whole.frames.items()
        }
    )


@pytest.fixture(scope="module")
def crowd(whole):
    """The eight, twelve times over, with numbers of many digits."""
    draw = np.random.default_rng(3)

    def multiplied(frame):
        if "USUBJID" not in frame:
            return frame
        copies = [frame.assign(USUBJID=frame["USUBJID"] + f"-{i}") for i in range(12)]
        many = pd.concat(copies, ignore_index=True)
        for column in {"AGE", "AVAL", "EXDOSE"} & set(many):
            many[column] *= draw.uniform(0.8, 1.2, len(many))
        return many

    return whole.with_frames({name: multiplied(frame) for name, frame in whole.frames.items()})


class TestInvariants:
    @pytest.mark.parametrize("session", ["front", "shut", "end"])
    def test_order_of_rows_and_columns_changes_no_byte(self, whole, shuffled, plan, mask, session):
        assert results_text(built(shuffled, plan, session, mask)) == results_text(built(whole, plan, session, mask))

    def test_row_order_changes_no_byte_of_a_crowd(self, crowd, plan):
        """Sums of many doubles depend on their order in the last bit, unless they are made in an order of their own."""
        other = crowd.with_frames(
            {n: f.sample(frac=1, random_state=11).reset_index(drop=True) for n, f in crowd.frames.items()}
        )
        assert results_text(built(other, plan, "end")) == results_text(built(crowd, plan, "end"))

    def test_order_in_the_files_changes_no_byte(self, whole, plan, write_export, texts):
        """Rows and columns of every file in another order, read again."""
        draw = random.Random(8)

        def mixed(text):
            header, *rows = (line.split(",") for line in text.splitlines())
            order = draw.sample(range(len(header)), len(header))
            lines = [header, *draw.sample(rows, len(rows))]
            return "".join(",".join(line[i] for i in order) + "\n" for line in lines)

        study = read_study(write_export({name: mixed(text) for name, text in texts.items()}), plan.design)
        assert results_text(built(study, plan, "end")) == results_text(built(whole, plan, "end"))

    def test_masked_in_order_is_named_with_other_names(self, whole, plan, mask):
        """X is A and Y is B: row for row the same, once the letters are put back. Specs of the masked session only."""
        named = built(whole, replace(plan, specs=shut_specs(plan, "end")), "end")
        masked = built(whole, plan, "shut", mask)
        back = {"A": "X", "B": "Y", "all": "all", "": ""}
        relabelled = [replace(row, arm=back[row.arm], reference=back[row.reference]) for row in masked.rows]
        assert text_of(relabelled) == text_of(named.rows)

    def test_masked_the_other_way_turns_every_contrast(self, whole, plan, salt):
        named = built(whole, replace(plan, specs=shut_specs(plan, "end")), "end")
        masked = built(whole, plan, "shut", Mask({"X": "B", "Y": "A"}, salt))
        back = {"B": "X", "A": "Y", "all": "all", "": ""}
        of_named = {row.key: row for row in named.rows}
        turned = {"ci_low": "ci_high", "ci_high": "ci_low"}
        for row in masked.rows:
            relabelled = replace(row, arm=back[row.arm], reference=back[row.reference])
            if not row.reference:
                assert same(of_named[relabelled.key].value, row.value)
                continue
            assert (row.arm, row.reference) == ("A", "B")
            mirror = replace(relabelled, arm="X", reference="Y", stat=turned.get(row.stat, row.stat))
            other = of_named[mirror.key].value
            ratio, distance = row.measure == "geometric_mean_ratio", row.variable == "STAGE9"
            assert close(row.value, 1 / other if ratio else other if distance else -other)

    def test_renaming_arms_only_renames(self, whole, plan, write_export, texts):
        """Codes P and Q instead of X and Y, in data and design alike."""
        design = dataclasses.replace(
            plan.design,
            arms=(replace(plan.design.arms[0], code="P"), replace(plan.design.arms[1], code="Q")),
            arm_rule={"MIXED": "P"},
        )
        renamed = texts["adsl"].replace(",X,X,", ",P,P,").replace(",Y,Y,", ",Q,Q,").replace(",Y,MIXED,", ",Q,MIXED,")
        renamed = renamed.replace(",X,,,47.5", ",P,,,47.5")
        study = read_study(write_export({"adsl": renamed}), design)
        other = built(study, replace(plan, design=design), "end")
        back = {"P": "X", "Q": "Y", "all": "all", "": ""}
        rows = [replace(row, arm=back[row.arm], reference=back[row.reference]) for row in other.rows]
        assert text_of(rows) == results_text(built(whole, plan, "end"))

    def test_pooled_counts_are_sums_of_the_arms(self, whole, plan):
        """Every count and total of everyone is the sum over the arms, wherever arms have the row at all."""
        results = built(whole, plan, "end")
        checked = 0
        for row in results.rows:
            if row.arm != "all" or row.stat not in ("count", "total") or row.measure == "censored_curve":
                continue
            parts = [results.by_key.get(replace(row, arm=arm).key) for arm in ("X", "Y")]
            if None not in parts:
                assert row.value == sum(part.value for part in parts), row.key
                checked += 1
        assert checked > 200

    def test_open_results_are_those_of_everyone(self, whole, plan):
        named, pooled = built(whole, plan, "end"), built(whole, plan, "front")
        assert len(pooled.rows) > 200
        for row in pooled.rows:
            if row.analysis != "limits":
                assert same(named.by_key[row.key].value, row.value)

    def test_analyses_stand_in_plan_order(self, whole, plan, mask):
        wanted = [spec.id for spec in plan.specs if "shut" in spec.sessions]
        results = built(whole, plan, "shut", mask)
        assert list(results.by_analysis) == list(results.catalogue.analyses) == wanted

    @pytest.mark.parametrize("frame", ["adae", "adlb", "adevent", "adassess", "adex", "addv", "adform", "adscr"])
    def test_a_frame_without_records_is_no_crash(self, whole, plan, frame):
        results = built(whole.with_frames({frame: whole[frame].iloc[:0]}), plan, "end")
        assert every_gap_has_its_reason(results)

    def test_one_participant_is_no_crash(self, whole, plan):
        for i, session in itertools.product(range(8), ("front", "end")):
            one_only = whole.with_frames({"adsl": whole["adsl"].iloc[[i]].reset_index(drop=True)})
            if whole["adsl"]["USUBJID"][i] != "P08":  # enrolled after the cut-off
                results = built(one_only, plan, session)
                assert every_gap_has_its_reason(results)


def shut_specs(plan, session):
    return tuple(
        replace(spec, sessions=(*spec.sessions, session)) if session not in spec.sessions else spec
        for spec in plan.specs
        if "shut" in spec.sessions
    )


def text_of(rows):
    return results_text(Results(tuple(rows), Catalogue({}, {}, {}, {})))


def close(a, b):
    return math.isclose(a, b, rel_tol=1e-12, abs_tol=1e-15) or (math.isnan(a) and math.isnan(b))
