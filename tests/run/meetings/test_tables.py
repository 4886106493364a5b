"""Tables as files: headings as in the table, whatever spans them; texts that spreadsheets and pages read."""

from __future__ import annotations

import csv
import io

import pytest
from lxml import html

from npcstats.display.anatomy import FIGURE_SPACE, Cell, Piece, Table, TableRow
from npcstats.display.placing import PlacedTable
from npcstats.display.prose import Inline
from npcstats.run.meetings.tables import table_page, table_text

KEY = "a|b|all|A|||t|||||risk|count"


def cell(text: str, **fields: object) -> Cell:
    return Cell((Piece(text),), **fields)


def made(**changed: object) -> Table:
    """Two spanned columns and one that is not, below them a heading of a group that spans all, and a row."""
    fields = {
        "id": "t",
        "title": "T",
        "spanners": (
            cell("What", rowspan=2), cell("Arm A (N = 9)", colspan=2, underline=True), cell("All", rowspan=2)
        ),
        "header": (cell("n"), cell("%")),
        "rows": (
            TableRow((cell("Group", colspan=4),), kind="group"),
            TableRow((
                cell("One, two", indent=1), Cell((Piece(f"{FIGURE_SPACE}9", KEY),), align="right", mark="a"), cell(""),
                cell(f"12{FIGURE_SPACE} (3.0)"),
            )),
        ),
        "notes": (Cell((Piece("ᵃ Why."),), colspan=4),),
        "align": ("left", "right", "right", "right"),
        "widths": (4.0, 1.0, 1.0, 1.0),
    }  # fmt: skip
    return Table(**{**fields, **changed})


def read(table: Table) -> list[list[str]]:
    return list(csv.reader(io.StringIO(table_text(table), newline="")))


def test_headings_stand_as_in_the_table_and_padding_is_gone():
    assert read(made()) == [
        ["What", "Arm A (N = 9)", "", "All"],
        ["", "n", "%", ""],
        ["Group", "", "", ""],
        ["One, two", "9", "", "12 (3.0)"],
    ]


def test_without_spanners_headings_stand_alone():
    assert read(made(spanners=(), header=tuple(map(cell, "abcd"))))[0] == ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    "spanners",
    [
        (cell(""), cell("Arm A", colspan=2), cell("")),
        (cell(""), cell("Arm A", colspan=2)),
    ],
)
def test_spanner_stands_above_the_first_of_its_columns(spanners):
    table = made(spanners=spanners, header=tuple(map(cell, "abcd")))
    assert read(table)[:2] == [["", "Arm A", "", ""], ["a", "b", "c", "d"]]


def test_page_is_whole_and_escapes_what_it_is_told():
    page = html.fromstring(
        table_page(PlacedTable("t", Inline((Piece("A <b> caption"),)), made()), ["Trial & co", "<X>"])
    )
    assert page.xpath("string(//title)") == "A <b> caption"
    assert page.xpath("string(//caption)") == "A <b> caption"
    assert page.xpath("string(//p[@class='running'])") == "Trial & co · <X>"
    assert page.xpath("//td/span/@data-key") == [KEY]
    assert page.xpath("string(//tfoot)").strip() == "ᵃ Why."
    assert page.getroottree().docinfo.doctype == "<!DOCTYPE html>"
