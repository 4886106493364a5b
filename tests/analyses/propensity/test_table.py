"""Tables of balance, weights and the score: each cell prints the row that it stands for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from entries import BALANCE, SCORED

from npcstats.analyses.adjustment.spec import Trim
from npcstats.analyses.propensity.displays import BalanceTable, ScoreModel, WeightedCharacteristics, WeightsTable
from npcstats.analyses.propensity.summary import summarize_propensity
from npcstats.errors import ResultsError
from npcstats.results import one

GIVEN = {"name": "t", "title": "T", "sessions": ("only",), "analysis": "balance"}
BALANCED = BalanceTable(**GIVEN, blocks=("overlap", "inverse"))
WEIGHTED = WeightedCharacteristics(**GIVEN, block="inverse")
WEIGHTS = WeightsTable(**GIVEN, blocks=("overlap", "inverse"))
MODEL = ScoreModel(**GIVEN, block="overlap")
TRIMMED = replace(SCORED, name="trimmed", label="Trimmed", trim=Trim("range", 0.4, 0.6))
BETWEEN = {"arm": "X", "reference": "Y"}


@pytest.fixture(scope="module")
def results(crowd):
    lacking = np.arange(len(crowd["adsl"])) % 9 == 0
    study = crowd.with_frames({"adsl": crowd["adsl"].assign(AGE=crowd["adsl"]["AGE"].mask(lacking))})
    return summarize_propensity(study, replace(BALANCE, adjustments=(*BALANCE.adjustments, TRIMMED)))


def line(table, words):
    (found,) = [row.cells for row in table.rows if row.cells[0].text.strip() == words]
    return found


def keys(cell):
    return [piece.key for piece in cell.pieces if piece.key]


def test_balance(results):
    table = BALANCED.make(results, BALANCED)
    _, first, second, before, overlap, inverse = line(table, "Age, years, mean (SD)")
    at = {"variable": "AGE", "block": "overlap"}
    for cell, arm in ((first, "X"), (second, "Y")):
        rows = [one(results, **at, arm=arm, measure=name, stat="estimate") for name in ("mean", "std_deviation")]
        assert keys(cell) == [row.key for row in rows]
    rows = [one(results, **at, measure="smd", stat=stat) for stat in ("estimate", "ci_low", "ci_high")]
    assert keys(before) == [row.key for row in rows]
    assert overlap.text.strip() == "0.00"
    weighted = one(results, variable="AGE", block="inverse", measure="weighted_smd", stat="estimate")
    assert keys(inverse) == [weighted.key]
    assert table.header[2].text == "SMD (95%\u00a0CI)"
    assert [cell.text for cell in table.header[3:]] == ["Overlap weights, ATO", "Inverse, ATE"]


def test_levels_stand_below_their_distance(results):
    table = BALANCED.make(results, BALANCED)
    texts = [row.cells[0].text for row in table.rows]
    place = texts.index("Stage,\u00a0%")
    assert texts[place + 1 : place + 4] == ["IB", "II", "III"]
    assert keys(table.rows[place].cells[3])[0] == one(
        results, block="overlap", variable="STAGE9", level="", measure="smd", stat="estimate"
    ).key  # fmt: skip
    share = one(results, block="overlap", variable="STAGE9", level="II", arm="Y", measure="proportion")
    assert keys(table.rows[place + 2].cells[2]) == [share.key]
    assert "Sex: Men,\u00a0%" in texts


def test_weighted_characteristics(results):
    table = WEIGHTED.make(results, WEIGHTED)
    cells = line(table, "Participants; weighted: effective size")
    assert keys(cells[1]) == [one(results, block="inverse", arm="X", measure="participants", stat="count").key]
    assert keys(cells[4]) == [one(results, block="inverse", arm="X", measure="effective_size").key]
    cells = line(table, "Comorbidity, mean (SD)")
    at = {"variable": "CCI", "block": "inverse"}
    assert keys(cells[5]) == [
        one(results, **at, arm="Y", measure=name).key for name in ("weighted_mean", "weighted_std_deviation")
    ]
    assert keys(cells[3]) == [one(results, **at, measure="smd", stat="estimate").key]
    assert keys(cells[6]) == [one(results, **at, measure="weighted_smd").key]
    assert [cell.text for cell in table.spanners] == ["Characteristic", "As observed", "Inverse, ATE"]


def test_weights(results):
    table = replace(WEIGHTS, blocks=("overlap", "trimmed"))
    made = table.make(results, table)
    assert keys(line(made, "Participants of the set")[3]) == [
        one(results, block="", arm="X", measure="participants", variable="").key
    ]
    assert keys(line(made, "Age missing")[2]) == [
        one(results, block="", arm="Y", variable="AGE", measure="missing", stat="count").key
    ]
    trimmed = line(made, "Not weighted: trimmed, score outside the range kept")
    assert [cell.text for cell in trimmed[1:3]] == ["", ""]
    assert keys(trimmed[4]) == [one(results, block="trimmed", arm="Y", measure="not_evaluable", level="trimmed").key]
    kept = line(made, "Scores kept")
    assert (kept[1].text, kept[2].text) == ("", "0.40 to 0.60")
    assert kept[2].colspan == 2
    both = line(made, "Overlap of the scores, %")
    assert keys(both[1]) == [one(results, block="overlap", measure="overlap").key]
    beyond = line(made, "SMDs beyond 0.10, weighted")
    assert keys(beyond[2]) == [
        one(results, block="trimmed", measure="weighted_unbalanced", stat=stat).key for stat in ("count", "total")
    ]
    for row in made.rows:
        assert sum(cell.colspan for cell in row.cells) == 5


def test_model_has_no_p_values(results):
    table = MODEL.make(results, MODEL)
    assert [cell.text for cell in table.header] == ["Term", "Log odds", "SE"]
    cells = line(table, "II")
    at = {"block": "overlap", "variable": "STAGE9", "level": "II", "measure": "score_coefficient"}
    assert keys(cells[1]) + keys(cells[2]) == [one(results, **at, stat=stat).key for stat in ("estimate", "std_error")]


@pytest.mark.parametrize("table", [BALANCED, WEIGHTED, WEIGHTS, MODEL], ids=lambda table: type(table).__name__)
def test_estimands_are_named_and_nothing_reads_nan(results, table):
    made = table.make(results, table)
    text = made.html()
    assert "nan" not in text.lower().replace("nant", "")
    assert "ATO" in text or "ATE" in text
    assert "Planned analysis" in text


@pytest.mark.parametrize("table", [BALANCED, WEIGHTED, WEIGHTS], ids=lambda table: type(table).__name__)
def test_without_two_arms_there_is_no_table(crowd, table):
    alone = summarize_propensity(replace(crowd, arms=()), BALANCE)
    with pytest.raises(ResultsError, match="a session with two named arms is required"):
        table.make(alone, table)


def test_what_has_no_number_has_a_reason(crowd):
    adsl = crowd["adsl"].assign(SEX=np.where(crowd["adsl"]["TRT01A"] == "X", "F", "M"))
    found = summarize_propensity(crowd.with_frames({"adsl": adsl}), BALANCE)
    for table in (BALANCED, WEIGHTED, WEIGHTS, MODEL):
        made = table.make(found, table)
        marked = [cell for row in made.rows for cell in row.cells if cell.text.strip() == "NE"]
        assert marked
        assert all(cell.mark for cell in marked)
        assert "nothing can be weighted" in made.notes[0].text
