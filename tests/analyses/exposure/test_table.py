"""The table of delivered treatment: constants as counts, quartiles where there are any, who is missing once."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from exposures import GIVEN

from npcstats.analyses.exposure.displays import DeliveredTreatment
from npcstats.analyses.exposure.summary import summarize_exposure
from npcstats.errors import ResultsError
from npcstats.run.displays import display_faults

TABLE = DeliveredTreatment(
    name="given", title="Given", sessions=("only",), analysis="given", parts=("BEAM", "CIS", "REACHED"), total=True
)


def lines(results, table=TABLE):
    """Words of each line, without the figure spaces that align its numbers."""
    made = table.make(results, table)
    return [
        [" ".join(cell.text.replace("\u2007", "").replace("\u00a0", " ").split()) for cell in row.cells]
        for row in made.rows
    ]


def test_every_line(known):
    """By hand as in ``test_summary``: of Y all three had 35 fractions, so their quartiles are told as a count too."""
    found = {line[0]: line[1:] for line in lines(summarize_exposure(known, GIVEN))}
    assert found["Fractions, median (quartiles)"] == ["34 (33 to 35)", "35 (35 to 35)", "35 (34 to 35)"]
    assert found["Fractions: 35, n / N (%)"] == ["1 / 3 (33.3)", "3 / 3 (100.0)", "4 / 6 (66.7)"]
    assert found["Women, n / N (%)"] == ["1 / 3 (33.3)", "1 / 3 (33.3)", "2 / 6 (33.3)"]
    assert found["Cisplatin planned or given, n / N (%)"] == ["2 / 3 (66.7)", "3 / 3 (100.0)", "5 / 6 (83.3)"]
    assert found["Sum, mg/m², median (quartiles)"] == ["110 (40 to 180)", "20 (0 to 40)", "40 (20 to 110)"]
    assert found["Not known"] == ["0", "1", "1"]
    assert found["Beam"] == []


def test_a_constant_has_no_quartiles(known):
    adsl = known["adsl"].assign(FXDELIV=35.0)
    found = lines(summarize_exposure(known.with_frames({"adsl": adsl}), GIVEN))
    told = [line for line in found if line[0].startswith("Fractions")]
    assert told == [["Fractions: 35, n / N (%)", "3 / 3 (100.0)", "3 / 3 (100.0)", "6 / 6 (100.0)"]]


def test_who_is_missing_is_told_once_for_a_part(known):
    """P05 has no fractions recorded: all lines of them lack the same one, but not that of sex."""
    adsl = known["adsl"].assign(FXDELIV=known["adsl"]["FXDELIV"].where(known["adsl"]["USUBJID"] != "P05"))
    study = known.with_frames({"adsl": adsl})
    beam = replace(GIVEN.parts[0], items=GIVEN.parts[0].items[:3])
    table = replace(TABLE, parts=("BEAM",))
    once = lines(summarize_exposure(study, replace(GIVEN, parts=(beam,))), table)
    assert [line[0] for line in once[:2]] == ["Beam", "Not known"]
    assert [line[0] for line in once].count("Not known") == 1
    each = lines(summarize_exposure(study, GIVEN), table)
    assert [line[0] for line in each].count("Not known") == 3


def test_nobody_has_a_value(known):
    adsl = known["adsl"].assign(FXDELIV=math.nan)
    results = summarize_exposure(known.with_frames({"adsl": adsl}), replace(GIVEN, parts=GIVEN.parts[:1]))
    table = replace(TABLE, parts=("BEAM",))
    made = table.make(results, table)
    assert not any("nan" in piece.text for piece in made.pieces)
    assert "a. Nobody in this column has a value." in "".join(piece.text for piece in made.notes[-1].pieces)


def test_the_note_on_reach_stands_where_thresholds_do(known):
    results = summarize_exposure(known, GIVEN)

    def note(parts):
        table = replace(TABLE, parts=parts)
        return "".join(piece.text for piece in table.make(results, table).notes[0].pieces)

    assert "out of its reach" in note(("REACHED",))
    assert "out of its reach" not in note(("BEAM", "CIS"))


def test_every_number_names_its_row(known):
    results = summarize_exposure(known, GIVEN)
    made = TABLE.make(results, TABLE)
    for row in made.rows:
        for piece in (piece for cell in row.cells[1:] for piece in cell.pieces if any(map(str.isdigit, piece.text))):
            assert piece.key in results.by_key


@pytest.mark.parametrize(
    ("parts", "message"), [(("BEAM", "OTHER"), "part 'OTHER' is not in given"), ((), "it shows no part")]
)
def test_parts_that_are_not_there(parts, message):
    found = display_faults({"table": (replace(TABLE, parts=parts),)}, (GIVEN,), ())
    assert len(found) == 1
    assert message in found[0]


def test_an_analysis_of_another_kind(by_arm):
    with pytest.raises(ResultsError, match="exposure"):
        replace(TABLE, analysis="os").make(by_arm, replace(TABLE, analysis="os"))
