"""Values on the command line are typed as YAML types them."""

from __future__ import annotations

from pathlib import Path

import pytest

from npcstats.documents import read_value_file, read_values
from npcstats.errors import SpecError


def test_pairs_are_typed_and_dates_stay_text():
    found = read_values(["site:Porto", "n:7", "rate:0.5", "blinded:false", "day:2026-01-02", "url:a:b"], "-P")
    assert found == {"site": "Porto", "n": 7, "rate": 0.5, "blinded": False, "day": "2026-01-02", "url": "a:b"}


@pytest.mark.parametrize("item", ["n", ":7", "n:[1"])
def test_what_is_no_pair_is_refused(item):
    with pytest.raises(SpecError, match="required"):
        read_values([item], "-P")


def test_file_of_parameters(tmp_path: Path):
    (tmp_path / "p.yml").write_text("site: Ghent\nn: 9\n")
    assert read_value_file(tmp_path / "p.yml") == {"site": "Ghent", "n": 9}


@pytest.mark.parametrize("text", ["- 1\n", "a: [1\n"])
def test_file_without_a_mapping_is_refused(tmp_path: Path, text: str):
    (tmp_path / "p.yml").write_text(text)
    with pytest.raises(SpecError, match="required"):
        read_value_file(tmp_path / "p.yml")
