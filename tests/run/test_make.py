"""Results are made whole, with the same bytes each time, or the former ones stay."""

from __future__ import annotations

import datetime
import json
from dataclasses import replace

import pytest
from eight import built

from npcstats.errors import DataError, SpecError
from npcstats.provenance import hash_mask
from npcstats.results import read_results, results_text
from npcstats.run.make import Run, make_results


class TestMakeResults:
    def run(self, plan, data, mask_file=None, sessions=("front", "end")):
        return Run(data, plan, sessions, mask=mask_file)

    def test_folder_is_read_back_as_it_was_made(self, write_export, plan, whole, tmp_path):
        make_results(self.run(plan, write_export()), tmp_path / "results", fonts=tmp_path)
        found = read_results(tmp_path / "results" / "end")
        assert results_text(found) == results_text(built(whole, plan, "end"))
        assert sorted(path.name for path in (tmp_path / "results" / "end").iterdir()) == [
            "catalogue.json", "figures", "provenance.json", "results.csv",
        ]  # fmt: skip

    def test_same_input_gives_same_bytes(self, write_export, plan, tmp_path):
        data = write_export()
        for name in ("first", "second"):
            make_results(self.run(plan, data), tmp_path / name, fonts=tmp_path)
        for path in sorted((tmp_path / "first").rglob("*")):
            if path.is_file():
                assert path.read_bytes() == (tmp_path / "second" / path.relative_to(tmp_path / "first")).read_bytes()

    def test_provenance_of_a_masked_session_does_not_unmask(self, write_export, plan, tmp_path, salt):
        secret = tmp_path / "secret.json"
        secret.write_text(json.dumps({"X": "B", "Y": "A", "salt": salt}))
        told = make_results(self.run(plan, write_export(), secret, ("shut",)), tmp_path / "r", fonts=tmp_path)["shut"]
        assert told["mask_hmac_sha256"] == hash_mask({"X": "B", "Y": "A"}, salt)
        assert told["masking"].startswith("The plan does not look at what tells the masked arms apart")
        for path in (tmp_path / "r" / "shut").iterdir():
            if path.is_file():
                text = path.read_text()
                assert salt not in text
                assert "Wye" not in text
                assert '"X"' not in text
        assert told["data_sha256"]["adsl.csv"]
        assert told["seed"] == plan.seed

    @pytest.mark.parametrize("fault", ["bad data", "no mask", "bad cut-off", "no such session"])
    def test_refused_run_leaves_the_former_results_alone(self, write_export, plan, tmp_path, texts, fault, monkeypatch):
        monkeypatch.delenv("NPCSTATS_MASK", raising=False)
        good, folder = write_export(), tmp_path / "results"
        make_results(self.run(plan, good), folder, fonts=tmp_path)
        before = {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()}
        bad = write_export({"adae": texts["adae"].replace("oral,3", "oral,6")}, name="bad")
        run = {
            "bad data": self.run(plan, bad),
            "no mask": self.run(plan, good, None, ("end", "shut")),
            "bad cut-off": replace(self.run(plan, good), cutoff=datetime.date(2020, 1, 1)),
            "no such session": self.run(plan, good, None, ("end", "none")),
        }[fault]
        with pytest.raises((DataError, SpecError)):
            make_results(run, folder, fonts=tmp_path)
        assert {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()} == before
        assert sorted(p.name for p in folder.iterdir()) == ["end", "front"]

    def test_other_sessions_stay(self, write_export, plan, tmp_path):
        data, folder = write_export(), tmp_path / "results"
        make_results(self.run(plan, data, sessions=("front",)), folder, fonts=tmp_path)
        make_results(self.run(plan, data, sessions=("end",)), folder, fonts=tmp_path)
        assert sorted(p.name for p in folder.iterdir()) == ["end", "front"]
