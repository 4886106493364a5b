"""Every printed number names its row, every table has the anatomy that PDF, HTML and Word can read."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import html

from npcstats.display.gt import to_gt
from npcstats.errors import ResultsError
from npcstats.results import Results, Row
from npcstats.tables import (
    Cell,
    Table,
    baseline_table,
    biomarker_table,
    counts_table,
    printed_text,
    response_table,
    sensitivity_table,
    survival_table,
    toxicity_table,
)

GOLDEN = Path(__file__).parents[1] / "golden"
FIGURE_SPACE = "\u2007"
EM_SPACE = "\u2003"

TABLES: dict[str, Callable[[Results], Table]] = {
    "baseline": lambda r: baseline_table(r, "baseline"),
    "ae-acute": lambda r: toxicity_table(r, "ae-acute", levels=("grade>=2", "grade>=3"), minimum=0.05),
    "ae-late": lambda r: toxicity_table(r, "ae-late", levels=("grade>=3",), minimum=0.0),
    "ae-late-incident": lambda r: toxicity_table(
        r, "ae-late", levels=("grade>=2",), minimum=0.0, windows=("late-incident",), contrasts=()
    ),
    "biomarkers": lambda r: biomarker_table(r, "biomarkers"),
    "survival": lambda r: survival_table(r, ["os", "pfs"]),
    "sensitivity": lambda r: sensitivity_table(r, ["os", "pfs"], {}),
    "response": lambda r: response_table(r, "response"),
    "status": lambda r: counts_table(r, "status"),
    "screening": lambda r: counts_table(r, "screening"),
    "completeness": lambda r: counts_table(r, "completeness"),
}


@pytest.fixture(params=list(TABLES))
def table(request: pytest.FixtureRequest, results: Results) -> Table:
    """Each table, by arm and pooled."""
    return TABLES[request.param](results)


def parsed(table: Table) -> html.HtmlElement:
    """The table's HTML as a tree."""
    text = table._repr_markdown_()
    assert text.startswith("```{=html}\n<table ")
    assert text.endswith("</table>\n```\n")
    return html.fromstring(text.removeprefix("```{=html}\n").removesuffix("```\n"))


def spans_of(tree: html.HtmlElement) -> list[dict[str, str]]:
    """Data attributes and text of every span."""
    return [
        {name.removeprefix("data-"): value for name, value in span.attrib.items()} | {"text": span.text_content()}
        for span in tree.iter("span")
    ]


def without_spans(cell: html.HtmlElement) -> str:
    """What a cell prints outside any span that names an origin."""
    return re.sub(r"<span [^>]*>.*?</span>", "", html.tostring(cell, encoding="unicode").split(">", 1)[1])


def lines_of(table: Table) -> list[list[str]]:
    """The body as words and numbers, without padding."""
    return [[cell.text.replace(FIGURE_SPACE, "") for cell in row.cells] for row in table.rows]


# Origin of what is printed -------------------------------------------------------------------------------------------


def test_every_span_prints_what_its_origin_says(table: Table, results: Results) -> None:
    spans = spans_of(parsed(table))
    assert len(spans) > 5
    for span in spans:
        assert printed_text(results, span, code=span["text"]) == span["text"]


def test_every_number_of_a_row_carries_its_key(table: Table, results: Results) -> None:
    keys = [span["key"] for span in spans_of(parsed(table)) if "key" in span]
    assert len(keys) > 3
    assert set(keys) <= set(results.by_key)


def test_no_digit_is_printed_without_an_origin(table: Table) -> None:
    cells = [cell for tag in ("td", "th") for cell in parsed(table).iter(tag)]
    assert not [cell.text_content() for cell in cells if re.search(r"\d", without_spans(cell))]


def test_printed_text_refuses_a_key_that_is_not_there(by_arm: Results) -> None:
    with pytest.raises(ResultsError, match="no row has the key"):
        printed_text(by_arm, {"key": "os|SAF", "style": "count"})
    with pytest.raises(ResultsError, match="names no row"):
        printed_text(by_arm, {"column": "variable"}, code="Nothing of the kind")


# Anatomy -------------------------------------------------------------------------------------------------------------


def test_table_is_one_raw_block_with_a_deterministic_id(table: Table) -> None:
    assert table._repr_markdown_().count("```") == 2
    assert table._repr_markdown_() == table._repr_markdown_()
    tree = parsed(table)
    assert tree.get("id") == table.id
    assert tree.get("class") == "npcstats-table"
    assert re.fullmatch(r"[a-z0-9-]+", table.id)
    assert tree.get("data-widths") == ",".join(f"{width:g}" for width in table.widths)


def test_no_line_of_a_table_is_as_long_as_quarto_loses(table: Table) -> None:
    """Of a table above 64 KiB Quarto may lose, in PDF, what follows the first 1024 bytes of a line."""
    assert max(len(line.encode()) for line in table.html().splitlines()) < 1024
    assert "\n" not in "".join(piece.html() for piece in table.pieces)


def test_ids_differ(by_arm: Results) -> None:
    ids = [make(by_arm).id for make in TABLES.values()]
    assert len(set(ids)) == len(ids)


def test_every_cell_says_how_it_is_aligned_and_nothing_relies_on_padding(table: Table) -> None:
    text = table.html()
    for tag in ("td", "th"):
        for cell in parsed(table).iter(tag):
            assert re.match(r"text-align:(left|right|center)", cell.get("style", ""))
    assert "font-weight" not in text
    assert "padding" not in text


def test_spans_fill_the_grid(table: Table) -> None:
    columns = len(table.align)
    assert len(table.widths) == columns
    for part in ("thead", "tbody", "tfoot"):
        taken: set[tuple[int, int]] = set()
        lines = list(parsed(table).find(part).iter("tr"))
        for y, line in enumerate(lines):
            x = 0
            for cell in line:
                while (y, x) in taken:
                    x += 1
                for dy in range(int(cell.get("rowspan", 1))):
                    taken |= {(y + dy, x + dx) for dx in range(int(cell.get("colspan", 1)))}
        assert taken == {(y, x) for y in range(len(lines)) for x in range(columns)}


def test_group_rows_are_strong_cells_that_fill_the_table(table: Table) -> None:
    for line in parsed(table).find("tbody").iter("tr"):
        if line.get("class") == "group":
            assert sum(int(cell.get("colspan", 1)) for cell in line) == len(table.align)
            for cell in line:
                assert cell.tag == "td"
                assert [child.tag for child in cell if child.tag != "sup"] == ["strong"]


def test_a_class_prints_its_own_counts(by_arm: Results) -> None:
    """The row of the class, worst grade over its terms, not a sum of them."""
    lines = {row.cells[0].text: row for row in TABLES["ae-acute"](by_arm).rows}
    found = lines["Gastrointestinal disorders"]
    assert found.kind == "total"
    keys = [next(piece.key for piece in cell.pieces if piece.key) for cell in found.cells[1:]]
    assert {(by_arm.by_key[key].block, by_arm.by_key[key].variable) for key in keys} == {
        ("Gastrointestinal disorders", "all")
    }
    assert [cell.indent for cell in (found.cells[0], lines["Dysphagia"].cells[0])] == [0, 1]


def test_a_table_without_a_term_keeps_its_first_row(results: Results) -> None:
    table = toxicity_table(results, "ae-acute", levels=("grade>=3",), minimum=0.999)
    assert [row.cells[0].text for row in table.rows] == ["Any adverse event"]


def test_members_are_indented_by_em_spaces(by_arm: Results) -> None:
    tree = parsed(TABLES["ae-acute"](by_arm))
    term = next(td for td in tree.iter("td") if "Dysphagia" in td.text_content())
    assert term.text_content() == EM_SPACE + "Dysphagia"


def test_words_are_escaped(by_arm: Results) -> None:
    text = TABLES["ae-acute"](by_arm).html()
    assert "Lymphocyte count decreased &lt;LLN &amp; worse" in text
    assert "grade&gt;=3" in text


def test_a_table_without_notes_has_no_foot(by_arm: Results) -> None:
    assert "<tfoot>" not in replace(TABLES["status"](by_arm), notes=()).html()


# Alignment -----------------------------------------------------------------------------------------------------------


def test_like_numbers_have_equal_width(by_arm: Results) -> None:
    column = [row.cells[1].text for row in TABLES["ae-acute"](by_arm).rows if row.kind == "row"]
    assert column[:2] == ["118 (98.3)", f"{FIGURE_SPACE}89 (74.2)"]
    assert column[-1] == f"{FIGURE_SPACE}12 (10.0)"
    assert len({len(text) for text in column}) == 1


def test_padding_stands_outside_the_span_that_names_the_row(table: Table) -> None:
    assert not [span for span in spans_of(parsed(table)) if FIGURE_SPACE in span["text"]]


def test_intervals_are_padded_number_by_number(by_arm: Results) -> None:
    cells = {row.cells[0].text: row.cells[-1].text for row in TABLES["ae-acute"](by_arm).rows if row.kind == "row"}
    assert cells["Mucositis oral"] == "−16.9 (−28.1 to −5.7)"
    assert cells["Dermatitis radiation"] == f"{FIGURE_SPACE}13.7{FIGURE_SPACE * 2} (2.5 to 24.9)"


def test_a_count_alone_stands_under_the_counts(by_arm: Results) -> None:
    cells = {row.cells[0].text: row.cells[1].text for row in TABLES["status"](by_arm).rows if row.kind == "row"}
    assert cells["Started"] == "120 (100.0)"
    assert cells["Calls made, n"] == "14" + FIGURE_SPACE * 6  # as wide as a blank and (100.0)


def test_scopes_are_aligned_apart(by_arm: Results) -> None:
    cells = {row.cells[0].text: row.cells[1].text for row in TABLES["baseline"](by_arm).rows if row.kind == "row"}
    assert cells["Age, years, median (quartiles)"] == "50 (41 to 106)"


# What cannot be printed ----------------------------------------------------------------------------------------------


def marks_and_notes(table: Table) -> tuple[set[str], list[str]]:
    cells = [cell for row in table.rows for cell in row.cells]
    lettered = table.notes[1].text if len(table.notes) > 1 else ""
    return {cell.mark for cell in cells if cell.mark}, re.findall(r"(?:^| )([a-z])\. ", lettered)


def test_every_mark_has_one_note_in_order(table: Table) -> None:
    marks, letters = marks_and_notes(table)
    assert sorted(marks) == letters
    assert letters == sorted(letters)


def test_ne_and_dash_always_have_a_mark(table: Table) -> None:
    for row in table.rows:
        for cell in row.cells[1:]:
            if re.search(r"NE|^–$", cell.text):
                assert cell.mark


def test_marks_come_in_reading_order(table: Table) -> None:
    marks = [cell.mark for row in table.rows for cell in row.cells if cell.mark]
    assert list(dict.fromkeys(marks)) == sorted(set(marks))


def test_note_of_a_missing_value_is_printed_with_its_key(by_arm: Results) -> None:
    table = TABLES["survival"](by_arm)
    notes = [piece for piece in table.notes[1].pieces if piece.style == "note"]
    assert [note.text for note in notes] == [
        "The curve or its limit does not reach one half.",
        "Fewer than 10 participants are at risk at that time.",
    ]
    assert all(by_arm.by_key[note.key].note == note.text for note in notes)


def test_half_an_interval_is_still_printed(by_arm: Results) -> None:
    cells = [row.cells[1] for row in TABLES["survival"](by_arm).rows if "Median survival" in row.cells[0].text]
    assert cells[0].text.replace(FIGURE_SPACE, "") == "34.2 (30.5 to NE)"
    assert cells[0].mark == "a"


def test_a_share_of_nobody_is_not_estimable(by_arm: Results) -> None:
    lines = lines_of(TABLES["completeness"](by_arm))
    assert lines[2][1] == "0 / 0 (NE)"


def test_an_absent_row_is_an_error(by_arm: Results) -> None:
    gone = "ae-acute|SAF|all|A|B|Gastrointestinal disorders|Dysphagia|grade>=3|acute||risk_difference|ci_low"
    assert gone in by_arm.by_key
    short = Results(tuple(row for row in by_arm.rows if row.key != gone), by_arm.catalogue)
    with pytest.raises(ResultsError, match="no row for analysis='ae-acute'"):
        TABLES["ae-acute"](short)


def test_a_table_of_another_kind_is_refused(by_arm: Results) -> None:
    with pytest.raises(ResultsError, match="of kind 'survival'; kind 'baseline' is required"):
        baseline_table(by_arm, "os")
    with pytest.raises(ResultsError, match="not in the catalogue"):
        baseline_table(by_arm, "nothing")


@pytest.mark.parametrize(
    ("time", "words"), [(7.0, "At 7 months, %"), (6.96, "At 6.96 months, %"), (1.0, "At 1 month, %")]
)
def test_a_landmark_is_printed_as_it_is(by_arm: Results, time: float, words: str) -> None:
    rows = tuple(replace(row, time=time) if row.time == 12.0 and row.measure.startswith("survival") else row
                 for row in by_arm.rows)  # fmt: skip
    table = survival_table(Results(rows, by_arm.catalogue), ["os"])
    assert any(row.cells[0].text.startswith(words) for row in table.rows)


def test_a_limit_that_is_cut_has_a_letter_and_a_note(by_arm: Results) -> None:
    note = "The upper limit is cut at the largest possible value."

    def cut(row: Row) -> Row:
        limited = row.measure in ("survival", "risk_difference") and row.stat in ("estimate", "ci_low", "ci_high")
        return replace(row, note=note) if limited and not math.isnan(row.value) else row

    for table in (
        survival_table(Results(tuple(map(cut, by_arm.rows)), by_arm.catalogue), ["os"]),
        response_table(Results(tuple(map(cut, by_arm.rows)), by_arm.catalogue), "response"),
    ):
        assert note in table.notes[1].text
        assert any(cell.mark for row in table.rows for cell in row.cells)


def test_survival_analyses_must_have_the_same_groups(by_arm: Results) -> None:
    rows = tuple(row for row in by_arm.rows if not (row.analysis == "pfs" and row.arm == "A"))
    with pytest.raises(ResultsError, match="same groups"):
        survival_table(Results(rows, by_arm.catalogue), ["os", "pfs"])


# What the tables say -------------------------------------------------------------------------------------------------


def test_pooled_tables_show_no_arm(pooled: Results) -> None:
    for make in TABLES.values():
        table = make(pooled)
        assert not re.search(r"Arm|\bA\b − |\|A\||\|B\|", table.html())
        assert all("|all||" in piece.key for piece in table.pieces if piece.key)


def test_header_gives_the_denominator(by_arm: Results) -> None:
    table = TABLES["ae-late-incident"](by_arm)
    heads = [cell.text.replace("\u00a0", " ") for cell in table.spanners]
    assert heads == ["Worst grade, n (%)", "Arm A (N = 108)", "Arm B (N = 111)"]
    assert "Not in the denominator: Arm A 12 (window-open); Arm B 20 (window-open)." in table.notes[0].text


def test_contrast_column_names_arms_band_and_level(by_arm: Results) -> None:
    table = TABLES["ae-acute"](by_arm)
    heads = [cells[-1].text.replace("\u00a0", " ") for cells in (table.spanners, table.header)]
    assert heads == ["A − B, points", "Grade ≥ 3 (95% CI)"]


def test_rare_terms_are_left_out_and_the_note_says_so(by_arm: Results) -> None:
    terms = [row.cells[0].text for row in TABLES["ae-acute"](by_arm).rows]
    assert "Weight loss" not in terms
    assert "Shown: terms with Grade ≥ 2 in at least 5% of any arm." in TABLES["ae-acute"](by_arm).notes[0].text
    everything = [row.cells[0].text for row in TABLES["ae-late"](by_arm).rows]
    assert "Weight loss" in everything


def test_notes_explain_the_limits_printed_and_no_others(by_arm: Results, pooled: Results) -> None:
    for name, limits in (("ae-acute", True), ("ae-late-incident", False)):
        note = TABLES[name](by_arm).notes[0].text
        assert ("Limits of a risk difference: Newcombe." in note) == limits
        assert "Limits of a risk:" not in note
        assert "Limits of" not in TABLES[name](pooled).notes[0].text
    note = TABLES["biomarkers"](by_arm).notes[0].text
    assert "Limits of a geometric mean" in note
    assert "detectable share" not in note


def test_every_note_says_whether_the_analysis_was_planned(table: Table) -> None:
    post_hoc = table.title == "Survival" or "Kaplan" in table.notes[0].text
    assert table.notes[0].text.endswith("Post hoc analysis." if post_hoc else "Planned analysis.")


def test_analyses_of_different_status_are_told_apart(by_arm: Results) -> None:
    entry = replace(by_arm.catalogue.analyses["os"], status="planned")
    catalogue = replace(by_arm.catalogue, analyses={**by_arm.catalogue.analyses, "os": entry})
    note = survival_table(Results(by_arm.rows, catalogue), ["os", "pfs"]).notes[0].text
    assert note.endswith("Overall survival: planned analysis. Progression-free survival: post hoc analysis.")


def test_pairs_stand_beside_the_participants(by_arm: Results) -> None:
    lines = [line for line in lines_of(TABLES["biomarkers"](by_arm)) if len(line) > 1]
    assert lines[0][1] == "120"
    assert lines[1][1] == "109/106"
    assert (
        "Pairs: participants with a value at baseline and at the visit." in TABLES["biomarkers"](by_arm).notes[0].text
    )


def test_a_lag_is_named(by_arm: Results) -> None:
    table = TABLES["completeness"](by_arm)
    assert [row.cells[0].text for row in table.rows][:2] == ["Forms", "Lag, median days"]
    assert [cell.text for cell in table.header] == [
        "Completeness", *(f"{name}, n\u00a0/\u00a0N\u00a0(%)" for name in ("Arm A", "Arm B", "All"))
    ]  # fmt: skip


def test_only_the_windows_shown_are_explained(by_arm: Results) -> None:
    note = TABLES["ae-late-incident"](by_arm).notes[0].text
    assert "Incident: a period of 90 days." in note
    assert "Prevalent" not in note


def test_notes_of_two_endpoints_say_whose_they_are(by_arm: Results) -> None:
    note = TABLES["survival"](by_arm).notes[0].text
    assert note.startswith("Overall survival: time to the event. Progression-free survival: time to the event.")
    assert note.count("Kaplan–Meier") == 1
    assert note.endswith("Log-rank test, Overall survival: p <0.001. Log-rank test, Progression-free survival: "
                         "p <0.001. Data cut-off 30 June 2027. Post hoc analysis.")  # fmt: skip


def test_declared_levels_appear_even_when_empty(by_arm: Results) -> None:
    lines = {line[0]: line for line in lines_of(TABLES["baseline"](by_arm))}
    assert lines["Stage IA"][1:] == ["0 (0.0)", "0 (0.0)", ""]


def test_missing_values_have_a_line_only_where_there_are_any(by_arm: Results) -> None:
    lines = lines_of(TABLES["baseline"](by_arm))
    names = [line[0] for line in lines]
    assert names[names.index("Female") + 1] == "Missing, n"
    assert names[names.index("Age, years, median (quartiles)") + 1] == "Sex, n (%)"


def test_units_are_raised(by_arm: Results) -> None:
    units = {**by_arm.catalogue.analyses["biomarkers"].units, "ALC": "10^9/L"}
    entry = replace(by_arm.catalogue.analyses["biomarkers"], units=units)
    catalogue = replace(by_arm.catalogue, analyses={**by_arm.catalogue.analyses, "biomarkers": entry})
    raised = Results(by_arm.rows, catalogue)
    table = biomarker_table(raised, "biomarkers", variables=("ALC",))
    assert table.rows[0].cells[0].text.startswith("Lymphocyte count, 10⁹/L: ")
    for span in spans_of(parsed(table)):
        assert printed_text(raised, span, code=span["text"]) == span["text"]


def test_counts_have_arms_and_everyone(by_arm: Results) -> None:
    sizes = [f"{name}\u00a0=\u00a0{size})" for name, size in (("Arm A (N", 120), ("Arm B (N", 131), ("All (N", 251))]
    assert [cell.text for cell in TABLES["status"](by_arm).header] == ["Participants, n (%)", *sizes]
    screened = [cell.text for cell in TABLES["screening"](by_arm).header]
    assert screened == ["Participants, n (%)", "All (N\u00a0=\u00a0310)"]


def test_no_heading_breaks_inside_the_size_of_its_group(by_arm: Results, pooled: Results) -> None:
    """The words of a heading's brackets are one to the line breaker: a blank stands before the bracket only."""
    for make in TABLES.values():
        for table in (make(by_arm), make(pooled)):
            heads = [cell.text for cell in (*table.spanners, *table.header)]
            sizes = [text.partition("(N")[2] for text in heads if "(N" in text]
            assert not any(" " in text for text in sizes)
            assert not any(" / " in text for text in heads)
            assert table.html().count("(N\u00a0=\u00a0<span") == len(sizes)


def test_a_test_of_several_groups_says_that_it_is_one(by_arm: Results) -> None:
    rows = tuple(
        replace(row, value=2.0) if (row.measure, row.stat) == ("logrank", "df") else row for row in by_arm.rows
    )
    note = TABLES["survival"](Results(rows, by_arm.catalogue)).notes[0].text
    assert "Log-rank test, Overall survival: p <0.001 (all arms together, 2 degrees of freedom). Log-rank" in note
    assert "together" not in TABLES["survival"](by_arm).notes[0].text


def test_columns_hold_their_widest_cell(table: Table) -> None:
    """A page of the reports is 94 figures wide; numbers may only wrap when the row labels are at their narrowest."""
    for column, width in enumerate(table.widths[1:], 1):
        cells = [row.cells[column].text for row in table.rows if row.kind == "row"]
        digits = max(len(re.findall(r"[0-9−\u2007]", text)) for text in cells)
        assert width > digits
    assert sum(table.widths) <= 95 or table.widths[0] <= 24


def test_long_arm_names_do_not_squeeze_the_numbers(by_arm: Results) -> None:
    catalogue = replace(by_arm.catalogue, arms={"A": "Proton beam", "B": "Photon beam"})
    named = Results(by_arm.rows, catalogue)
    for name in ("biomarkers", "ae-acute", "survival", "baseline", "status"):
        assert sum(TABLES[name](named).widths) <= (98 if name == "biomarkers" else 96)


def test_confidence_levels_may_not_be_mixed(by_arm: Results) -> None:
    def mixed(row: Row) -> Row:
        wanted = row.analysis == "os" and row.measure == "survival" and row.arm == "B" and row.time == 12.0
        return replace(row, conf_level=0.9) if wanted else row

    with pytest.raises(ResultsError, match="several confidence levels"):
        survival_table(Results(tuple(map(mixed, by_arm.rows)), by_arm.catalogue), ["os"])


# great_tables --------------------------------------------------------------------------------------------------------


def test_great_tables_gets_the_same_words_and_a_fixed_id(table: Table) -> None:
    text = to_gt(table).as_raw_html()
    assert f'id="{table.id}"' in text
    for piece in table.pieces:
        if piece.key:
            assert piece.html() in text


# Layout --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", list(TABLES))
@pytest.mark.parametrize("view", ["by_arm", "pooled"])
def test_layout(name: str, view: str, request: pytest.FixtureRequest) -> None:
    """Golden layout: marks, indents, spans and words, every digit a ``#``; `tests/golden/write.py` makes it anew."""
    path = GOLDEN / f"table-{name}-{view.replace('_', '-')}.txt"
    assert layout(TABLES[name](request.getfixturevalue(view))) == path.read_text(encoding="utf-8")


def layout(table: Table) -> str:
    """A table as text, one line per row, digits hidden."""
    parts = [("spanner", table.spanners), ("header", table.header), *((row.kind, row.cells) for row in table.rows)]
    parts += [("note", (note,)) for note in table.notes]
    return "".join(f"{kind:8}{' | '.join(map(cell_layout, cells))}\n" for kind, cells in parts if cells)


def cell_layout(cell: Cell) -> str:
    """Alignment, spans, indent, words and mark of a cell."""
    words = re.sub(r"\d", "#", cell.text).replace(FIGURE_SPACE, "_").replace("\u00a0", "~")
    strong = "*" if cell.strong else ""
    mark = f"^{cell.mark}" if cell.mark else ""
    return f"{cell.align[0]}{cell.colspan}x{cell.rowspan} {'·' * cell.indent}{strong}{words}{mark}"
