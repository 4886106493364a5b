"""Faults of an export are told together, a screenful of them, and kept whole."""

from __future__ import annotations

import pytest

from npcstats.errors import DataError
from npcstats.schema import raise_faults


class TestRaised:
    def test_faults_fill_a_screen_at_most_and_all_are_kept(self):
        with pytest.raises(DataError) as caught:
            raise_faults(f"t: fault {i}." for i in range(100))
        lines = str(caught.value).split("\n")
        assert len(lines) == 41
        assert lines[-1] == "and 60 more faults; mend the first 40, or let `check` list them all."
        assert len(caught.value.faults) == 100

    def test_one_fault_is_its_message(self):
        assert DataError("one").faults == ("one",)


def test_no_fault_raises_nothing():
    raise_faults([])
    with pytest.raises(DataError, match=r"^one\ntwo$"):
        raise_faults(["one", "two"])
