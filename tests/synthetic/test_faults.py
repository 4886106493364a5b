"""Planted faults: each has its place among those who get one, and none is planted twice."""

from __future__ import annotations

from npcstats.quality import RULES
from npcstats.synthetic.faults.planting import ORDER, PLANTS


def test_every_fault_has_its_place() -> None:
    assert sorted(ORDER) == sorted(PLANTS)
    assert len(set(ORDER)) == len(ORDER)


def test_every_fault_is_of_a_rule() -> None:
    assert set(PLANTS) <= {rule.id for rule in RULES}
