"""Hashes and texts of what results were made from."""

from __future__ import annotations

import datetime

import pytest

from npcstats.errors import SpecError
from npcstats.provenance import canonical_text, hash_mask, hash_tree
from npcstats.run.freshness import look
from npcstats.run.plan import Session


class TestProvenance:
    def test_order_of_a_mapping_is_kept_because_a_page_follows_it(self):
        assert canonical_text({"b": 1, "a": (1.5, None, True)}) == '{"b":1,"a":[1.5,null,true]}'

    def test_order_of_a_mask_does_not_matter(self):
        assert hash_mask({"X": "A", "Y": "B"}, "0" * 32) == hash_mask({"Y": "B", "X": "A"}, "0" * 32)

    def test_what_is_not_a_value_is_refused(self):
        with pytest.raises(SpecError, match=r"^plan: set is not a value; text, numbers, dates and specs are required"):
            canonical_text({"a": {1, 2}})

    def test_dataclass_tells_its_name(self):
        assert canonical_text(Session("s", "S", "named", datetime.date(2025, 1, 2), False, False)) == (
            '{"":"Session","code":"s","label":"S","arms":"named","cutoff":"2025-01-02","interim":false,"numbered":false,"public":null,"unmasks":false,"definitions":"each"}'
        )

    def test_hash_of_files_and_trees(self, tmp_path):
        """SHA-256 of the three bytes abc is the first test vector of FIPS 180-2."""
        (tmp_path / "a.py").write_bytes(b"abc")
        first = hash_tree(tmp_path, "*.py")
        (file,) = look([tmp_path])[str(tmp_path)].items()
        assert file == (str(tmp_path / "a.py"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        (tmp_path / "a.py").rename(tmp_path / "b.py")
        assert hash_tree(tmp_path, "*.py") != first

    def test_file_that_is_not_there(self, tmp_path):
        missing = tmp_path / "none.csv"
        assert look([missing]) == {str(missing): {str(missing): "missing"}}
