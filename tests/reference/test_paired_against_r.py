"""Changes of a proportion of the same participants, against what R printed."""

from __future__ import annotations

import pytest
from recorded import load

from npcstats.estimators.proportions import compare_paired_proportions

R = load("paired")
PRINTED = 1e-12  # R printed 15 digits of numbers up to 1


@pytest.mark.parametrize("case", R["paired"], ids=lambda c: f"{c['method']}-{c['cells']}-{c['conf_level']}")
def test_change_and_its_limits(case):
    found = compare_paired_proportions(*case["cells"], method=case["method"], conf_level=case["conf_level"])
    assert found.estimate == pytest.approx(case["estimate"], abs=PRINTED)
    assert found.lower == pytest.approx(case["lower"], abs=PRINTED)
    assert found.upper == pytest.approx(case["upper"], abs=PRINTED)
