"""What looks like a leak and is none: pages that say what they may are let through."""

from __future__ import annotations

import base64
import random

import planting as p
import pytest
from rendered import render

from npcstats.errors import ReleaseError
from npcstats.release import refuse_leaks, search_package

TITLE = "Proton or photon chemoradiotherapy for nasopharyngeal carcinoma"
NOISE = random.Random(1).randbytes(60_000)
FONT = base64.b64encode(NOISE).decode()
TINT = '<g id="curve-A"><path style="stroke: #1b5e7a"/><path style="fill: #a8c2cc"/></g>'
GREYS = '<path style="fill: #b9c2cc; stroke: #1d2733"/>'

CLEAN = {
    "registered title": p.page(head=f'<meta name="title" content="{TITLE}">', body=f"<h1>{TITLE}</h1>"),
    "registered title over two lines": p.page(
        body="<h1>Nasopharyngeal carcinoma, proton<br>or photon chemoradiotherapy</h1>"
    ),
    "registered title in a PDF": p.pdf(lambda w: w.add_metadata({"/Subject": TITLE.upper()})),
    "a drug with the word in it": p.page(body="<td>Proton pump inhibitor</td>"),
    "words within words": p.page(body="<p>Symptoms of importance; atomoxetine from tomorrow, prompt surgery.</p>"),
    "a method of the same name": p.page(body="<p>A mixed model; mixed results; a standard error.</p>"),
    "a hash": p.text_of("a.txt", "pb7a4f03e19c 7e0fca4ce1ad95e0f71d288a305157dd00aa4cc3"),
    "numbers": p.table("k,v", *(f"{k},{k * 1.5}" for k in range(80, 140)), name="t.csv"),
    "a font in a page": p.page(head=f"<style>@font-face{{src:url(data:font/woff2;base64,{FONT})}}</style>"),
    "bytes of no known kind": p.bytes_of("a.bin", NOISE),
    "an identifier of another trial": p.page(body="<td>NPC-9999</td><td>SCR-99999</td><td>NPC</td>"),
    "words of roles": p.page(body="<p>Local control; controls of quality; an experimental drug in another trial.</p>"),
    "capitals within capitals": p.text_of("a.txt", "SIMPTOM VMATX XIMRTA"),
    "grades and weeks": p.page(body="<td>3/4</td><td>P005</td><td>week 7, 12 of 60</td>"),
    "greys": p.drawing(GREYS),
    "a picture": p.bytes_of("f.png", p.picture((b"tEXt", b"Software\0npcstats"))),
    "an archive": p.bytes_of("a.zip", p.archive({"t.csv": b"a,b\n1,2\n"}, b"tables")),
    "a Word file": p.word_file(lambda document: document.add_paragraph("Nothing.")),
    "a PDF": p.pdf(lambda writer: writer.add_attachment("t.csv", b"a,b\n1,2\n")),
}  # fmt: skip
CLOSED = {
    "letters in order": p.page(body="<tr><th>Arm A</th><th>Arm B</th><th>Arm A</th><th>Arm B</th></tr>"),
    "letters in sentences": p.page(body="<p>Three in Arm B. Arm A had two; A minus B is -1; Arm A vs Arm B.</p>"),
    "a letter and its tint": p.drawing(TINT),
    "sizes by letter": p.page(body="<tr><th>Arm A (N = 110)</th><th>Arm B (N = 125)</th></tr>"),
    "arms of the catalogue": p.as_json({"arms": {"A": "Arm A", "B": "Arm B"}}),
    "columns by letter": p.table("What,Arm A: n,Arm A: %,Arm B: n,Arm B: %", "Died,3,5.0,7,9.1", name="t.csv"),
    "a list by letter": p.table("PARTICIPANT,ARM,AETOXGR", "101,B,4", "102,A,3", name="t.csv"),
}
OPEN = {
    "a number as large as an arm": p.page(body="<td>110 (46.8)</td><td>of 235</td>"),
    "both numbers in a table": p.page(body="<tr><td>110 (46.8)</td></tr><tr><td>125 (53.2)</td></tr>"),
    "both numbers in a row of others": p.page(body="<p>At risk: 160, 125, 110, 84</p>"),
    "both numbers and another": p.table("visit,due,done,open", "Week 3,125,110,15", name="t.csv"),
    "an arm's length": p.page(body="<p>The arms are as planned; an arm is not shown, nor group A streptococci.</p>"),
    "a count of a total": p.page(body="<td>110/125</td>"),
    "a greyscale": p.drawing(GREYS),
}


def clean(gate, plant, folder):
    plant(folder)
    return [hit.words for hit in search_package(folder, gate)]


@pytest.mark.parametrize("name", [*CLEAN, *CLOSED])
def test_masked_package_is_let_through(closed_gate, tmp_path, name):
    assert clean(closed_gate, {**CLEAN, **CLOSED}[name], tmp_path) == []


@pytest.mark.parametrize("name", [*CLEAN, *OPEN])
def test_open_package_is_let_through(open_gate, tmp_path, name):
    assert clean(open_gate, {**CLEAN, **OPEN}[name], tmp_path) == []


def test_refusal_names_places_and_no_person(closed_gate, tmp_path):
    p.table("PARTICIPANT,note", "101,NPC-0001 of the photon arm", name="listings/serious.csv")(tmp_path)
    with pytest.raises(ReleaseError, match=r"listings/serious\.csv, its values: ") as told:
        refuse_leaks(tmp_path, closed_gate, package="closed package")
    message = str(told.value)
    assert message.startswith("closed package: 2 places would tell the arms apart or name a person: ")
    assert message.endswith("; a package without is required, so nothing was released.")
    assert "NPC-0001" not in message
    assert len(told.value.hits) == 2


def test_many_places_are_counted(closed_gate, tmp_path):
    for number in range(9):
        p.text_of(f"t{number}.txt", "IMPT")(tmp_path)
    with pytest.raises(ReleaseError, match=r"9 places .*; and 4 more; ") as told:
        refuse_leaks([tmp_path / f"t{number}.txt" for number in range(9)], closed_gate, package="files")
    assert len(told.value.hits) == 9


def test_a_link_out_of_the_package_is_refused(closed_gate, tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "t.csv").symlink_to(tmp_path)
    assert [hit.what for hit in search_package(tmp_path / "a", closed_gate)] == [
        "cannot be searched, since it is a link to another place"
    ]


DOCUMENT = """---
title: "{title}"
---

# Toxicity

Of 60 participants in Arm A, 3 had it.

![{caption}](p.svg){{#fig-one fig-alt="{alt}"}}

| Term | Arm A | Arm B |
|------|-------|-------|
| Rash | {cell} | 4    |
"""
PLAIN = {"title": TITLE, "caption": "Time to the first event.", "alt": "Two curves.", "cell": "3"}
FORMATS = ("pdf", "html", "docx")


def test_rendered_documents_are_let_through_in_every_format(closed_gate, tmp_path):
    made = render(tmp_path, DOCUMENT.format(**PLAIN), *FORMATS)
    assert [hit.words for hit in search_package([*made.values()], closed_gate)] == []


@pytest.mark.parametrize(
    ("where", "text"),
    [
        ("title", "Toxicity of IMPT"), ("caption", "Photons above."), ("alt", "The curve of protons lies lower."),
        ("cell", "3 (VMAT)"),
    ],
)  # fmt: skip
def test_a_word_in_the_source_is_found_in_every_format(closed_gate, tmp_path, where, text):
    made = render(tmp_path, DOCUMENT.format(**{**PLAIN, where: text}), *FORMATS)
    for kind in FORMATS:
        assert search_package(made[kind], closed_gate), kind
