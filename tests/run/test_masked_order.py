"""Nothing of the design outlives masking: under the map turned round, the closed session is the same but for letters.

If a row, a word, a line of a listing or an order depended on which arm is proton, it would tell the letters.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from npcstats.provenance import write_provenance
from npcstats.results import read_listing, results_text
from npcstats.run.cli import run_command
from npcstats.run.make import Run, make_session
from npcstats.run.mask import read_mask
from npcstats.run.plan import load_plan
from npcstats.study import read_study
from npcstats.tables import masking_sentence

ROOT = Path(__file__).parents[2]
TURNED = {"A": "B", "B": "A"}
SESSION = "closed"
# words that are of the rows, not of the arms: hashes, and which arm a watched extreme is in
OF_THE_ROWS = ("Results, hash", "Masking map, keyed hash")


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """The closed session of the committed trial, by its map and by the other one, and the folders they are in."""
    plan = load_plan(ROOT / "analysis" / "plan")
    study = read_study(ROOT / "data" / "synthetic", plan.design)
    mask = read_mask(ROOT / "data" / "synthetic" / "mask.json", study)
    other = replace(mask, letters={arm: TURNED[letter] for arm, letter in mask.letters.items()})
    run, folder = Run(study.source, plan, (SESSION,)), tmp_path_factory.mktemp("both")
    made = [make_session(study, run, SESSION, one, folder / name / SESSION)[1]
            for name, one in (("one", mask), ("other", other))]  # fmt: skip
    return made, folder, plan


def turned_back(text):
    return TURNED.get(text, text)


def test_each_arm_has_its_own_numbers_under_either_letter(both):
    (one, other), _, _ = both
    rows = [row for row in one.rows if not row.reference]
    assert len(rows) > 50_000
    assert results_text(replace(one, rows=tuple(sorted(rows, key=lambda row: row.key)))) == results_text(
        replace(other, rows=tuple(sorted((replace(row, arm=turned_back(row.arm)) for row in other.rows
                                          if not row.reference), key=lambda row: row.key)))
    )  # fmt: skip


def test_contrasts_are_of_the_first_letter_and_stand_at_the_same_places(both):
    (one, other), _, _ = both
    for results in (one, other):
        assert {(row.arm, row.reference) for row in results.rows if row.reference} == {("A", "B")}
    assert [row.key for row in one.rows if row.reference] == [row.key for row in other.rows if row.reference]


def test_order_of_rows_does_not_know_the_design(both):
    """Places of rows are the same; the times of a curve, and their number, are each arm's own."""
    (one, other), _, _ = both
    first, second = (list(dict.fromkeys(replace(row, time=0.0).key for row in r.rows)) for r in (one, other))
    assert len(first) > 50_000
    assert first == second


def test_the_catalogue_knows_letters_alone(both):
    """Same words, same order: what differs names a watched row, or is a hash of the rows or of the map."""
    (one, other), _, _ = both
    first, second = (asdict(results.catalogue) for results in (one, other))
    for content in (first, second):
        for name in OF_THE_ROWS:
            del content["provenance"][name]
        for entry in content["analyses"].values():
            entry["choices"] = {k: v for k, v in entry["choices"].items() if not k.startswith("watch.")}
    assert first == second
    assert [*first["analyses"]] == [*second["analyses"]]
    assert [*first["arms"]] == [*second["arms"]] == ["A", "B"]


def test_what_tells_the_arms_apart_is_said_whatever_the_letters(both):
    """The last page says what the first does; in the committed trial the arms' sizes are beyond their limit."""
    (one, other), _, _ = both
    told = str(masking_sentence(one))
    assert told == str(masking_sentence(other)) == one.catalogue.provenance["Masking"]
    assert "the size of the arms (3 of 3 analysis sets" in told


def test_listings_keep_their_order_and_their_numbers(both):
    """Participants are numbered by the salt, and stand in an order that does not know their arms."""
    _, folder, _ = both
    files = sorted((folder / "one" / SESSION / "listings").iterdir())
    assert len(files) > 1
    for file in files:
        first, second = (read_listing(folder / name / SESSION / "listings" / file.name) for name in ("one", "other"))
        assert first.columns == second.columns
        arm = first.columns.index("ARM")
        for row, again in zip(first.rows, second.rows, strict=True):
            assert row == (*again[:arm], turned_back(again[arm]), *again[arm + 1 :])


def test_no_arm_of_the_design_is_named_in_any_file(both):
    """Neither code nor label, in what a document attaches and a trace prints; names of files too."""
    _, folder, plan = both
    words = {word for arm in plan.design.arms for word in (arm.code, arm.label)}
    title = plan.design.title, plan.design.short_title
    seen = Counter()
    for path in (folder / "one").rglob("*"):
        assert not any(word.lower() in path.name.lower() for word in words)
        if path.is_file():
            text = path.read_text()
            for registered in title:
                text = text.replace(registered, "")
            assert [word for word in words if word.lower() in text.lower()] == []
            seen[path.suffix] += 1
    assert seen[".csv"] > 1
    assert seen[".json"] == 1


def test_trace_of_a_masked_number_prints_letters(both, capsys):
    (one, _), folder, plan = both
    row = next(row for row in one.rows if row.analysis == "ae-acute" and row.arm == "A")
    write_provenance(folder / "one" / SESSION, {})
    assert run_command(["trace", row.key, "--session", SESSION, "--results", str(folder / "one")]) == 0
    printed = capsys.readouterr().out
    assert "arm         A" in printed
    assert not any(word in printed.replace(plan.design.title, "") for arm in plan.design.arms for word in
                   (arm.code, arm.label))  # fmt: skip
