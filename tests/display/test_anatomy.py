"""Every table has the anatomy that PDF, HTML and Word can read; like numbers stand one under the other."""

from __future__ import annotations

import re
from dataclasses import replace

from tabled import EM_SPACE, FIGURE_SPACE, TABLES, parsed, spans_of

from npcstats.display.gt import to_gt
from npcstats.results import Results
from npcstats.tables import (
    Table,
)


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


def test_no_heading_breaks_inside_the_size_of_its_group(by_arm: Results, pooled: Results) -> None:
    """The words of a heading's brackets are one to the line breaker: a blank stands before the bracket only."""
    for make in TABLES.values():
        for table in (make(by_arm), make(pooled)):
            heads = [cell.text for cell in (*table.spanners, *table.header)]
            sizes = [text.partition("(N")[2] for text in heads if "(N" in text]
            assert not any(" " in text for text in sizes)
            assert not any(" / " in text for text in heads)
            assert table.html().count("(N\u00a0=\u00a0<span") == len(sizes)


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


def test_great_tables_gets_the_same_words_and_a_fixed_id(table: Table) -> None:
    text = to_gt(table).as_raw_html()
    assert f'id="{table.id}"' in text
    for piece in table.pieces:
        if piece.key:
            assert piece.html() in text
