"""The same truth and seed give the same bytes, and the committed files are those bytes."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from npcstats.errors import SpecError
from npcstats.study import SYNTHETIC_MARKER, Design, input_schemas
from npcstats.synthetic import Truth, simulate_trial, write_trial
from npcstats.synthetic.write import HASHES, csv_text, number_text


@pytest.fixture(scope="module")
def made(design: Design, truth: Truth, planted: dict) -> dict[str, pd.DataFrame]:
    return simulate_trial(design, truth, planted["SEED"])


def test_regenerated_trial_equals_the_committed_files(made: dict, folder: Path, tmp_path: Path) -> None:
    write_trial(made, tmp_path)
    names = sorted(path.name for path in tmp_path.iterdir() if path.name != HASHES)
    assert [name for name in names if (tmp_path / name).read_bytes() != (folder / name).read_bytes()] == []
    assert set((tmp_path / HASHES).read_text().splitlines()) <= set((folder / HASHES).read_text().splitlines())


def test_hashes_cover_every_file(folder: Path) -> None:
    lines = [line.split("  ") for line in (folder / HASHES).read_text().splitlines()]
    assert [name for _, name in lines] == sorted(path.name for path in folder.iterdir() if path.name != HASHES)
    for digest, name in lines:
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest, name


def test_every_frame_that_the_generator_knows_and_the_marker_are_there(
    made: dict, design: Design, folder: Path
) -> None:
    assert set(made) == {*input_schemas(design)} - {"adqs", "addose", "adtte"}
    assert (folder / SYNTHETIC_MARKER).read_text().startswith("These data are synthetic")


def test_mask_gives_each_arm_a_letter(folder: Path, design: Design) -> None:
    mask = json.loads((folder / "mask.json").read_text())
    assert {mask[arm.code] for arm in design.arms} == {"A", "B"}
    assert re.fullmatch(r"[0-9a-f]{32}", mask["salt"])


def test_columns_of_seriousness_change_nothing_else(made: dict) -> None:
    """The frame without them has the bytes that it had before they were drawn."""
    before = csv_text(made["adae"].drop(columns=["AESERCRIT", "AEEXP"])).encode()
    assert hashlib.sha256(before).hexdigest() == "3f4391bf7f123f5fc9516b814f18688c5fc2f1e494c30c0c19760d2e9579f122"


def test_changing_one_part_leaves_the_others(made: dict, design: Design, truth: Truth, planted: dict) -> None:
    imaging = dataclasses.replace(truth.imaging, missed=0.5)
    changed = simulate_trial(design, dataclasses.replace(truth, imaging=imaging), planted["SEED"])
    assert [name for name in made if not made[name].equals(changed[name])] == ["adrad"]


def test_another_seed_makes_another_trial(made: dict, design: Design, truth: Truth, planted: dict) -> None:
    other = simulate_trial(dataclasses.replace(design, planned_size=40), truth, planted["SEED"] + 1)
    assert len(other["adsl"]) == 40
    assert not other["adsl"]["AGE"].equals(made["adsl"]["AGE"].head(40))


def test_truth_with_a_visit_that_the_design_lacks_is_refused(design: Design, truth: Truth) -> None:
    shorter = dataclasses.replace(design, visits=design.visits[:-1])
    with pytest.raises(SpecError, match="visits not in the design"):
        simulate_trial(shorter, truth, 1)


def test_every_value_has_one_text() -> None:
    """By hand: integers without a point, shortest doubles, ISO dates, missing values empty."""
    frame = pd.DataFrame(
        {
            "id": ["a", "b"],
            "x": [0.1, np.nan],
            "n": [3.0, 1e-05],
            "d": pd.to_datetime(["2026-01-31", None]).astype("datetime64[s]"),
        }
    )
    assert csv_text(frame) == "id,x,n,d\na,0.1,3,2026-01-31\nb,,1e-05,\n"
    assert number_text(12.50) == "12.5"
