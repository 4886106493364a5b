"""Tables of changes: what they print of the rows, and one line where nothing can be compared."""

from __future__ import annotations

from dataclasses import replace

import pytest
from eight import CUTOFF, PLAN
from pasts import SINCE, THEN, make_past, read_former

from npcstats.analyses.changes.displays import ChangedEvents, EventChanges, NumberChanges, RecordChanges, SetChanges
from npcstats.analyses.changes.summary import compare_changes
from npcstats.analyses.changes.words import show_since
from npcstats.display.specs import entry_of_display
from npcstats.errors import SpecError
from npcstats.run.sessions import build_results, prepare_study
from npcstats.study import ARM_COLUMNS

ASKED = {"title": "T.", "sessions": ("shut",), "analysis": "since"}
TABLES = (
    NumberChanges(name="numbers", **ASKED),
    EventChanges(name="events", **ASKED),
    SetChanges(name="sets", **ASKED),
    RecordChanges(name="records", **ASKED),
)


def shown(results):
    """Results with the tables in their catalogue."""
    entries = {table.name: entry_of_display(table) for table in TABLES}
    return replace(results, catalogue=replace(results.catalogue, tables=entries))


def compared(study, past, spec=SINCE):
    return shown(compare_changes(study, build_results(study, PLAN), past, spec))


@pytest.fixture(scope="module")
def shut(tmp_path_factory, texts, design, whole, mask):
    """Study and past of the masked session."""
    former = read_former(tmp_path_factory.mktemp("former"), texts, design)
    past, now = make_past(former, whole, PLAN, "shut", then=THEN, cutoff=CUTOFF, mask=mask)
    return now, past


@pytest.fixture(scope="module")
def results(shut):
    return compared(*shut)


def lines(table):
    return [[cell.text.replace("\u2007", "") for cell in row.cells] for row in table.rows]


def note(table):
    return " ".join(cell.text for cell in table.notes)


def test_every_number_has_its_row(results):
    for asked in TABLES:
        table = asked.make(results, asked)
        numbers = [piece for row in table.rows for cell in row.cells for piece in cell.pieces if piece.text.isdigit()]
        assert numbers
        assert all(piece.key in results.by_key for piece in numbers)


def test_reasons_stand_under_their_number(results):
    table = TABLES[0].make(results, TABLES[0])
    found = lines(table)
    at = found.index(["1 / 1, now 0 / 2: −1 downgraded", ""])
    assert found[at - 1][0] == "Mucositis oral, Arm A"
    assert table.rows[at].cells[0].colspan == len(table.header) - 1


def test_number_of_one_meeting_only_has_a_letter_that_says_so(shut):
    mild = replace(SINCE.numbers[0], rows={**SINCE.numbers[0].rows, "level": "grade>=1"}, counted=None)
    found = compared(*shut, replace(SINCE, numbers=(mild,)))
    table = TABLES[0].make(found, TABLES[0])
    (row,) = [row for row in table.rows if row.cells[0].text == "Headache, Arm B"]
    assert [cell.text.strip("\u2007") for cell in row.cells[1:3]] == ["NE", "33.3"]
    assert row.cells[1].mark == "a"
    assert "The former meeting had no such number, or could not estimate it." in note(table)


def test_amount_is_printed_where_it_decides(shut):
    wide = replace(SINCE.numbers[0], amount=0.4)
    table = TABLES[0].make(compared(*shut, replace(SINCE, numbers=(wide,))), TABLES[0])
    assert lines(table)[0] == ["Severe: 1 of 12 moved by more than 40.0"]


def test_sets_by_arm(results):
    found = lines(TABLES[2].make(results, TABLES[2]))
    assert found[:4] == [
        ["Enrolled"],
        ["Arm A", "3", "0", "0", "0", "0", "1", "4"],
        ["Arm B", "3", "0", "0", "0", "0", "0", "3"],
        ["All", "6", "0", "0", "0", "0", "1", "7"],
    ]


def test_who_is_in_another_group_is_told(shut, results):
    """P01, of both modalities, is in A by rule; the former export had P01 in B, by record."""
    table = TABLES[2].make(results, TABLES[2])
    assert "By corrected records 0 of both meetings are in another group, and 0" in note(table)
    study, past = shut
    adsl, own = past.former["adsl"], past.former["adsl"]["USUBJID"] == "P01"
    other = adsl.assign(**{name: adsl[name].mask(own, "B") for name in ARM_COLUMNS.values()})
    past = replace(past, former=past.former.with_frames({"adsl": other}))
    told = note(TABLES[2].make(compared(study, past), TABLES[2]))
    assert "By corrected records 1 of both meetings are in another group, and 0" in told


def test_without_a_former_meeting_one_line(whole, mask):
    study = prepare_study(whole, PLAN, "shut", mask=mask)
    found = compared(study, None)
    for asked in TABLES:
        assert lines(asked.make(found, asked)) == [["There is no former meeting to compare with."]]
    section = show_since(found, "since", "numbers", "events")
    assert section.tables == ()
    assert "There is no former meeting to compare with." in str(section.told)


def test_section_places_the_tables(results):
    section = show_since(results, "since", "numbers", "sets")
    assert [table.name for table in section.tables] == ["numbers", "sets"]
    page = section._repr_markdown_()
    assert page.index("tbl-numbers") < page.index("tbl-sets")
    assert "30 June 2025" in page


def test_export_without_adverse_events_says_so(shut):
    study, past = shut
    frames = {name: frame for name, frame in study.frames.items() if name != "adae"}
    results = build_results(study, PLAN)
    spec = replace(SINCE, numbers=SINCE.numbers[1:])
    found = shown(compare_changes(replace(study, frames=frames), results, past, spec))
    assert lines(TABLES[1].make(found, TABLES[1])) == [
        ["One of the two exports holds no adverse events, so that none can be compared."]
    ]
    assert "adae" not in found.catalogue.analyses["since"].labels["variable"]


@pytest.mark.parametrize("grade", [0, 6])
def test_grade_of_late_entries_is_a_grade(grade):
    with pytest.raises(SpecError, match=f"late_from is {grade}; a grade is required"):
        ChangedEvents(name="changed", **ASKED, late_from=grade)
