"""The masking map: read whole or refused, and told by a hash that does not tell which it is."""

from __future__ import annotations

import json

import pytest

from npcstats.errors import SpecError
from npcstats.provenance import hash_mask
from npcstats.run.mask import read_mask
from npcstats.study import read_study

SALT = "0123456789abcdeffedcba9876543210"


class TestMask:
    def write(self, folder, content):
        path = folder / "mask.json"
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        return path

    def test_good_map(self, whole, tmp_path, salt):
        found = read_mask(self.write(tmp_path, {"X": "B", "Y": "A", "salt": salt}), whole)
        assert (found.letters, found.salt) == ({"X": "B", "Y": "A"}, salt)

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            ("{", "not JSON"),
            ("[]", "not a masking map"),
            ({"X": "A", "Y": "B"}, "not a masking map"),
            ({"X": 1, "Y": "B", "salt": "0" * 32}, "not a masking map"),
            ({"X": "A", "Y": "B", "salt": "0" * 31}, "its letters are not A to Z or its salt is short"),
            ({"X": "a", "Y": "B", "salt": "0" * 32}, "its letters are not A to Z or its salt is short"),
            ({"X": "Ex", "Y": "B", "salt": "0" * 32}, "its letters are not A to Z or its salt is short"),
            ({"X": "A", "Y": "B", "salt": "g" * 32}, "its letters are not A to Z or its salt is short"),
            ({"X": "A", "Y": "B", "salt": "0" * 32}, "its salt can be guessed"),
            ({"X": "A", "Y": "B", "salt": "0123" * 8}, "its salt can be guessed"),
            ({"X": "A", "Y": "A", "salt": SALT}, "a letter stands for two arms"),
            (f'{{"X": "A", "X": "B", "Y": "A", "salt": "{SALT}"}}', "a name stands twice in it"),
            (f'{{"X": "A", "Y": "B", "salt": "{SALT}", "salt": "{SALT[::-1]}"}}', "a name stands twice in it"),
            ({"X": "A", "salt": SALT}, "1 of the plan's 2 arms missing and 0 unknown"),
            ({"X": "A", "Z": "B", "salt": SALT}, "1 of the plan's 2 arms missing and 1 unknown"),
            ({"X": "A", "Y": "B", "Z": "C", "salt": SALT}, "0 of the plan's 2 arms missing and 1 unknown"),
            ({"X": {"Y": "A"}, "Y": "B", "salt": SALT}, "not a masking map"),
            ([["X", "A"], ["Y", "B"], ["salt", SALT]], "not a masking map"),
            ("[" * 100_000, "not JSON"),
            ('{"X": ' * 10_000, "not JSON"),
            (f'{{"X": "A", "Y": "B", "salt": "{SALT}"}}' + " " * 200_000, "larger than 100,000 bytes"),
            ("\x00", "not JSON"),
        ],
    )
    def test_bad_map(self, whole, tmp_path, content, message):
        with pytest.raises(SpecError) as caught:
            read_mask(self.write(tmp_path, content), whole)
        assert message in str(caught.value)
        told = str(caught.value).removeprefix(f"mask {tmp_path}")
        assert not any(secret in told for secret in (SALT, '"', "Ex", "X:"))
        assert str(caught.value).endswith(
            "a JSON file with a letter for each arm and a salt is required (--mask FILE or $NPCSTATS_MASK)."
        )

    def test_no_map(self, whole, tmp_path, monkeypatch):
        monkeypatch.delenv("NPCSTATS_MASK", raising=False)
        with pytest.raises(SpecError, match="none is given for a session whose arms are masked"):
            read_mask(None, whole)
        with pytest.raises(SpecError, match="No such file"):
            read_mask(tmp_path / "none.json", whole)

    def test_map_of_the_environment(self, whole, tmp_path, salt, monkeypatch):
        path = self.write(tmp_path, {"X": "A", "Y": "B", "salt": salt})
        monkeypatch.setenv("NPCSTATS_MASK", str(path))
        assert read_mask(None, whole).letters == {"X": "A", "Y": "B"}

    def test_synthetic_trial_carries_its_own(self, write_export, design, salt, monkeypatch):
        monkeypatch.delenv("NPCSTATS_MASK", raising=False)
        folder = write_export()
        (folder / "SYNTHETIC.txt").write_text("made")
        self.write(folder, {"X": "A", "Y": "B", "salt": salt})
        assert read_mask(None, read_study(folder, design)).letters == {"X": "A", "Y": "B"}

    def test_hash_of_a_map_does_not_tell_which_it_is(self, salt):
        """A bare hash of two possible maps is inverted by trying both; a keyed one needs the salt."""
        maps = ({"X": "A", "Y": "B"}, {"X": "B", "Y": "A"})
        told = hash_mask(maps[0], salt)
        assert told not in [hash_mask(m, "") for m in maps]
        assert told != hash_mask(maps[1], salt)
        assert told == hash_mask({"Y": "B", "X": "A"}, salt)
        assert told != hash_mask(maps[0], "f" * 32)
