"""Tables of rates and of mean numbers: each cell prints its rows, what is not estimated says why."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from entries import RATED

from npcstats.analyses.rates.displays import MeanNumbers, RateContrasts, RatesTable
from npcstats.analyses.rates.summary import summarize_rates
from npcstats.errors import ResultsError

PLACE = {"name": "rates", "title": "Rates", "sessions": ("only",), "analysis": "rated"}
TABLE = RatesTable(**PLACE, window="early", levels=("first", "all"), total=False)
CONTRASTS = RateContrasts(**PLACE, windows=("early",), levels=("first", "all"))
MEANS = MeanNumbers(**PLACE, total=False)


@pytest.fixture(scope="module")
def results(known):
    return summarize_rates(known, RATED)


@pytest.fixture(scope="module")
def pooled(known):
    return summarize_rates(replace(known, arms=()), replace(RATED, difference="", ratio="", estimand=""))


def plain(text):
    return " ".join(text.replace("\u2007", "").replace("\u00a0", " ").split())


def lines(results, table):
    return [[plain(cell.text) + (f"^{cell.mark}" if cell.mark else "") for cell in row.cells]
            for row in table.make(results, table).rows]  # fmt: skip


def test_rates_by_arm(results):
    """64 days are 0.2 years, 303 are 0.8: 3/64 * 36525 is 1712.1. Nausea of X in 137 + 11 + 50 days, 0.5 years."""
    found = lines(results, TABLE)
    assert found[0] == ["First events, per 100 person-years"]
    assert [cell.partition(" (")[0] for cell in found[1]] == ["Any", "3 / 0.2", "1712.1", "2 / 0.8", "241.1"]
    assert found[2][:2] == ["Nausea, grade ≥ 2", "1 / 0.5"]
    assert found[2][3:] == ["0 / 1.1", "0.0 (0.0 to 327.0)"]
    assert found[3] == ["All events, per 100 person-years"]
    assert [cell.partition(" (")[0] for cell in found[4]] == ["Any", "5 / 0.9", "565.4", "2 / 1.1", "177.3"]
    assert found[5][4] == "0.0 (0.0 to 327.0)^a"


def test_header_and_notes(results):
    made = TABLE.make(results, TABLE)
    assert [plain(cell.text) for cell in made.spanners] == ["Adverse events", "Ex (N = 3)", "Wye (N = 3)"]
    assert [plain(cell.text) for cell in made.header] == ["n / years", "Rate (95% CI)"] * 2
    note, letters = (plain(cell.text) for cell in made.notes)
    assert "Not at risk: Ex 1 (period not known to have begun)." in note
    assert "Mean number" not in note
    assert "ratios exact limits" not in note
    assert letters == "a. There is no event; the upper limit is the exact one of a Poisson count."


def test_events_in_no_rate_are_told(known):
    adsl = known["adsl"].copy()
    adsl.loc[adsl["USUBJID"] == "P05", "DTHDT"] = pd.Timestamp("2025-02-10")
    made = TABLE.make(summarize_rates(known.with_frames({"adsl": adsl}), RATED), TABLE)
    assert "Events in no rate: Ex 1 (Any, after the end of follow-up)." in plain(made.notes[0].text)


def test_every_number_has_the_key_of_its_row(results):
    for table in (TABLE, CONTRASTS, MEANS, replace(TABLE, total=True)):
        made = table.make(results, table)
        pieces = [piece for row in made.rows for cell in row.cells[1:] for piece in cell.pieces]
        numbers = [piece for piece in pieces if any(sign.isdigit() for sign in piece.text)]
        assert len(numbers) > 10
        assert all(piece.key in results.by_key for piece in numbers)


def test_a_level_alone(results):
    found = lines(results, replace(TABLE, levels=("all",)))
    assert [line[0] for line in found] == ["All events, per 100 person-years", "Any", "Nausea, grade ≥ 2"]
    note = TABLE.make(results, replace(TABLE, levels=("all",))).notes[0].text
    assert "Rates of first events" not in note
    assert "robust variance" in note


def test_a_total_and_pooled(results, pooled):
    made = replace(TABLE, total=True).make(results, replace(TABLE, total=True))
    assert [plain(cell.text) for cell in made.spanners][-1] == "All (N = 6)"
    alone = TABLE.make(pooled, TABLE)
    assert [plain(cell.text) for cell in alone.spanners] == ["Adverse events", "All participants (N = 6)"]
    assert lines(pooled, TABLE)[1][1] == "5 / 1.0"


def test_contrasts(results, pooled):
    """3/64 - 2/303 days is 1471.0 in 100 years; the ratio is 7.10, of all events 3.19; 1/323 days is 113.1."""
    found = lines(results, CONTRASTS)
    assert found[0] == ["Early: First events"]
    assert [cell.partition(" (")[0] for cell in found[1]] == ["Any", "1471.0", "7.10"]
    assert found[2][2] == "NE^a"
    assert [cell.partition(" (")[0] for cell in found[4]] == ["Any", "388.1", "3.19"]
    assert found[5][1] == "113.1^b"
    made = CONTRASTS.make(results, CONTRASTS)
    assert [plain(cell.text) for cell in made.header] == [
        "Adverse events", "Ex − Wye, per 100 person-years (95% CI)", "Ex / Wye (95% CI)"
    ]  # fmt: skip
    assert plain(made.notes[1].text) == (
        "a. A group has no events, so no ratio of rates is estimated. "
        "b. A group has no event, so the difference has no limits."
    )
    with pytest.raises(ResultsError, match="compares no arms"):
        CONTRASTS.make(pooled, CONTRASTS)


def test_means(results):
    """4/3 of X after 2 months, 11/6 after 4; 1/3 of Y."""
    found = lines(results, MEANS)
    assert found[:2] == [["Any, early"], ["Events / participants at risk", "5 / 3", "2 / 3", ""]]
    first, second = ([cell.partition(" (")[0] for cell in line] for line in found[2:])
    assert first == ["Mean per participant at 2 months", "1.33", "0.33", "1.00"]
    assert second == ["Mean per participant at 4 months", "1.83", "0.33", "1.50"]
    made = MEANS.make(results, MEANS)
    assert [plain(cell.text) for cell in made.header] == ["Adverse events", "Ex", "Wye", "Ex − Wye (95% CI)"]
    assert "Ghosh and Lin" in made.notes[0].text
    assert "Rates of" not in made.notes[0].text


def test_means_that_are_not_estimated_say_why(known):
    found = lines(summarize_rates(known, replace(RATED, minimum_at_risk=3)), MEANS)
    assert found[3] == ["Mean per participant at 4 months (95% CI)", "NE^a", "0.33 (0.07 to 1.65)", "NE^b"]


def test_what_was_not_made_is_refused(results, known):
    with pytest.raises(ResultsError, match="window 'late' was not made; one of early"):
        TABLE.make(results, replace(TABLE, window="late"))
    bare = replace(RATED, courses=(), terminal="", conf_type="", minimum_at_risk=0)
    with pytest.raises(ResultsError, match="it has no course"):
        MEANS.make(summarize_rates(known, bare), MEANS)
