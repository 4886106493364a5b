"""What compares arms needs arms to compare: two, or as many as it can take, in a session that has them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from entries import BLOOD, BY_STAGE, CURVE, HARM, INCIDENCE, RATIOS, RESPONSE, WHO, refused

from npcstats.errors import SpecError
from npcstats.run.registry import kind_of
from npcstats.study import Arm


def without(spec, field):
    """The entry without a choice by which arms are compared, and without what the comparison estimates."""
    beside = {name: "" for name in ("estimand", "share_difference") if hasattr(spec, name)}
    return replace(spec, **beside, **{field: ""})


PAIRED = [(HARM, "difference"), (BLOOD, "difference"), (RESPONSE, "difference"), (WHO, "smd_denominator"),
          (RATIOS, "reference"), (CURVE, "test"), (INCIDENCE, "gray")]  # fmt: skip


@pytest.mark.parametrize(("spec", "field"), PAIRED, ids=lambda value: value if isinstance(value, str) else "")
def test_what_compares_arms_needs_two(design, spec, field):
    one_arm = replace(design, arms=design.arms[:1], arm_rule={}, allocation="single-arm")
    assert any(fault.partition(": ")[2].startswith(f"{field} is") for fault in refused(one_arm, spec))
    assert not refused(design, spec)


@pytest.mark.parametrize(("spec", "field"), PAIRED[:3], ids=lambda value: value if isinstance(value, str) else "")
def test_what_compares_two_arms_has_no_use_with_three(design, spec, field):
    three = replace(design, arms=(*design.arms, Arm("Z", "Zed")))
    assert any(f"{field} is" in fault and "no two of three" in fault for fault in refused(three, spec))
    assert not refused(three, without(spec, field))


@pytest.mark.parametrize(
    ("spec", "field"),
    [
        (HARM, "difference"),
        (BLOOD, "difference"),
        (RESPONSE, "difference"),
        (RATIOS, "reference"),
    ],
)
def test_what_compares_arms_is_chosen_where_there_are_two(design, crowd, spec, field):
    other = without(spec, field)
    assert any(f"{field} is empty, but arms are compared" in fault for fault in refused(design, other))
    assert not refused(design, other, pooled={"only"})
    with pytest.raises(SpecError):
        kind_of(spec).summarize(crowd, other)


@pytest.mark.parametrize(("spec", "field"), [(CURVE, "test"), (INCIDENCE, "gray")])
def test_a_test_of_arms_needs_a_session_that_has_them(design, spec, field):
    assert any(f"{field} is" in fault for fault in refused(design, spec, pooled={"only"}))
    assert not refused(design, replace(spec, sessions=("only", "named")), pooled={"only"})
    grouped = replace(CURVE, grouping=BY_STAGE, estimand="")
    assert not refused(design, grouped, pooled={"only"})
