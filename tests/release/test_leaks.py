"""Leaks planted one by one, in every place that a package has: each is found, and the place is named."""

from __future__ import annotations

import base64
import csv
import zlib
from urllib.parse import quote

import planting as p
import pytest
from committed import ROOT

from npcstats.release import search_package

LABEL, LEVEL, MODALITY = "the label or code of an arm", "a level of a treatment column", "a word of a modality"
ROLE = "the role of an arm"
PERSON, MAP = "an identifier of the export", "the masking map"
LETTER = "an arm by its letter"
SIZES, ORDER, CONTRAST = "the sizes of the arms", "in another order than that of their letters", "minus a later one"
COLOR, ARM_COLOR, FURTHER = "a letter in another colour", "the colour of an arm", "a colour that no letter has"
COLUMN, BY_ARM, UNREAD = "a column that tells", "a value by arm that is no letter", "cannot be searched"
FIRST, SECOND = "#1b5e7a", "#c8702a"
KEYS = "analysis,population,subgroup,arm,reference,block,variable,level,window,time,measure,stat,value,unit,method," \
       "conf_level,note,reason"  # fmt: skip
RISK = "ae,SAF,all,{},{},,Nausea,grade>=3,acute,,risk,estimate,0.1,,,,,"
LINE = '<g id="curve-{}"><path d="M0 0L9 9" style="stroke: {}"/></g>'

# Of each leak: its name, what plants it, where it has to be found, and as what.
LEAKS = [
    # A page of HTML
    ("html text", p.page(body="<p>In the proton arm 3.</p>"), "its text", LABEL),
    ("html comment", p.page(body="<!-- todo: photon column -->"), "comments", LABEL),
    ("html split by markup", p.page(body="<p>pro<b>t</b><span>on</span></p>"), "its text", LABEL),
    ("html data attribute", p.page(body='<td data-key="os|RT|all|PROTON|||">3</td>'), "attribute data-key", LABEL),
    ("html name of a data attribute", p.page(body='<td data-photon="1">3</td>'), "names of attributes", LABEL),
    ("html alternative text", p.page(body='<img src="a.png" alt="Survival, protons above">'), "attribute alt", LABEL),
    ("html class", p.page(body='<tr class="row arm-imrt"><td>3</td></tr>'), "attribute class", LEVEL),
    ("html entities", p.page(body="<p>&#112;&#x72;oton</p>"), "its text", LABEL),
    ("html address with percent signs", p.page(body=f'<a href="f/{quote("p")}%72%6Fton.csv">f</a>'), "attribute href",
     LABEL),
    ("html style with escapes", p.page(head='<style>td.a::before{content:"\\50 hoton"}</style>'), "styles", LABEL),
    ("html script", p.page(body='<script>var arms=["IMPT","VMAT"];</script>'), "texts in scripts", LEVEL),
    ("html data of a figure in a script", p.page(body='<script>plot({"\\u0050roton": [1, 2]})</script>'), "scripts",
     LABEL),
    ("html drawing's id", p.page(body='<svg><g id="curve-PHOTON"/></svg>'), "attribute id", LABEL),
    ("html picture in base64", p.page(body=f'<img src="{p.address(p.SVG.format("<title>Photon</title>"))}">'),
     "embedded file 1", LABEL),
    ("html meta element", p.page(head='<meta name="keywords" content="proton therapy">'), "attribute content", LABEL),
    ("html unit", p.page(body="<td>70 Gy(RBE)</td>"), "its text", LEVEL),
    ("html unit in pieces", p.page(body="<td>70 Gy<sub>RBE</sub></td>"), "its text", LEVEL),
    ("html signs that do not show", p.page(body="<p>pro\u200bt\u00adon</p>"), "its text", LABEL),
    ("html letters that look alike", p.page(body="<p>\u0440r\u043et\u043en</p>"), "its text", LABEL),
    ("html letters of mathematics", p.page(body="<p>\U0001d413\U0001d40e\U0001d40c\U0001d40e</p>"), "its text", LEVEL),
    ("html order of columns", p.page(body="<tr><th>Arm B</th><th>Arm A</th></tr>"), "its text", ORDER),
    ("html order with sizes", p.page(body="<th>Arm B<br>(N = <b>125</b>)</th><th>Arm A<br>(N = <b>110</b>)</th>"),
     "its text", ORDER),
    ("csv order of columns", p.table("Age,Arm B (N = 125),Arm A (N = 110)", "18,1,2", name="t.csv"), "its columns",
     ORDER),
    ("html order of letters alone", p.page(body="<tr><th>B</th><th>A</th><th>All</th></tr>"), "its text", ORDER),
    ("html contrast", p.page(body="<p>Difference, Arm B minus Arm A: 3</p>"), "its text", CONTRAST),
    ("html colours of an inline drawing", p.page(body=p.SVG.format(LINE.format("A", SECOND))), "its colours", COLOR),
    ("html colour of a label", p.page(body=f'<td style="color: {SECOND}">Arm A</td>'), "its labels", COLOR),
    # A drawing
    ("drawing's title", p.drawing("<title>Tomotherapy</title>"), "its text", MODALITY),
    ("drawing's path", p.drawing('<path id="photon-3" d="M0 0"/>'), "attribute id", LABEL),
    ("drawing's description", p.drawing("<metadata><desc>VMAT, n = 12</desc></metadata>"), "its text", LEVEL),
    ("drawing, colours swapped", p.drawing(LINE.format("A", SECOND) + LINE.format("B", FIRST)), "its colours", COLOR),
    ("drawing, a third colour", p.drawing(LINE.format("A", FIRST) + '<path d="M0 0" fill="#7a3b8f"/>'), "its colours",
     FURTHER),
    ("drawing, a colour by name", p.drawing(LINE.format("B", "red")), "its colours", COLOR),
    # PDF
    ("pdf text", p.pdf_page(b"BT /F1 9 Tf (Photon: 12 of 60) Tj ET"), "page 1", LABEL),
    ("pdf text in pieces", p.pdf_page(b"BT /F1 9 Tf [(Pro) -20 (t) 15 (on)] TJ ET"), "page 1", LABEL),
    ("pdf text, moves of the pen", p.pdf_page(b"BT /F1 9 Tf (IM) Tj 11 0 Td (PT) Tj ET"), "page 1", LEVEL),
    ("pdf text, hyphen at the end of a line", p.pdf_page(b"BT /F1 9 Tf (pho-) Tj 0 -10 Td (ton) Tj ET"),
     "page 1", LABEL),
    ("pdf text, spaced letters", p.pdf_page(b"BT /F1 9 Tf (P R O T O N) Tj ET"), "page 1", LABEL),
    ("pdf text in hexadecimal digits", p.pdf_page(b"BT /F1 9 Tf <494d5254> Tj ET"), "page 1", LEVEL),
    ("pdf text in codes of its font", p.pdf(p.coded), "page 1", LABEL),
    ("pdf text for readers aloud", p.pdf_page(b"/Span <</ActualText (proton)>> BDC BT /F1 9 Tf (3) Tj ET EMC"),
     "page 1, beside its text", LABEL),
    ("pdf title", p.pdf(lambda w: w.add_metadata({"/Title": "Proton against photon"})), "title", LABEL),
    ("pdf keywords", p.pdf(lambda w: w.add_metadata({"/Keywords": "IMPT; pencil beam"})), "keywords", MODALITY),
    ("pdf custom property", p.pdf(lambda w: w.add_metadata({"/Arms": "A = PHOTON"})), "entry Arms", LABEL),
    ("pdf description of itself", p.pdf(p.described), "metadata", LEVEL),
    ("pdf outline", p.pdf(p.outlined), "title", LABEL),
    ("pdf alternative text", p.pdf(p.tagged("/Alt", "Protons lie above photons")), "alternative text", LABEL),
    ("pdf expansion", p.pdf(p.tagged("/E", "intensity-modulated proton therapy")), "expansion", LABEL),
    ("pdf annotation", p.pdf(p.annotated), "annotation", LABEL),
    ("pdf page labels", p.pdf(p.labelled), "label of pages", LEVEL),
    ("pdf field", p.pdf(p.hinted), "value of a field", LABEL),
    ("pdf drawing with fonts of its own", p.pdf(p.formed), "entry drawn", LABEL),
    ("pdf script", p.pdf(p.scripted), "script", LABEL),
    ("pdf attached table", p.pdf(p.attached("t.csv", b"arm,n\nIMPT,3\n")), "its values", LEVEL),
    ("pdf name of an attachment", p.pdf(p.attached("photon.csv", b"a,b\n1,2\n")), "its name", LABEL),
    ("pdf attached archive in an archive",
     p.pdf(p.attached("t.zip", p.archive({"u.zip": p.archive({"a.txt": b"NPC-0001"})}))),
     "its content", PERSON),
    ("pdf earlier version", p.replaced, "", LABEL),
    ("pdf colour of a label", p.pdf_page(b"0.784314 0.439216 0.164706 rg BT /F1 9 Tf (Arm A) Tj ET"), "page 1", COLOR),
    ("pdf stream that nothing names", p.forgotten, "its content", LABEL),
    ("pdf comment", p.pdf_page(b"% made for the photon arm\nBT /F1 9 Tf (3) Tj ET"), "beside its text", LABEL),
    # Word
    ("word title", p.word_file(lambda d: setattr(d.core_properties, "title", "IMRT report")), "its text", LEVEL),
    ("word comments of the file",
     p.word_file(lambda d: setattr(d.core_properties, "comments", "photon n=60")), "its text",
     LABEL),
    ("word text in two runs", p.word_file(p.split_runs), "its text", LABEL),
    ("word header", p.word_file(lambda d: d.sections[0].header.paragraphs[0].add_run("PBRT group")),
     "its text", MODALITY),
    ("word custom properties", p.word_part("docProps/custom.xml", b"<Properties><p name='arm'>PROTON</p></Properties>"),
     "its text", LABEL),
    ("word colour of a label", p.word_file(p.colored), "its labels", COLOR),
    ("word deleted text",
     p.word_part("word/comments.xml", b"<w:c><w:del><w:r><w:delText>photon</w:delText></w:r></w:del></w:c>"),
     "its text", LABEL),
    ("word embedded table", p.word_part("word/embeddings/sheet.csv", b"TECHNIQUE,n\nx,3\n"),
     "column TECHNIQUE", COLUMN),
    ("word name of a picture", p.word_part("word/media/proton-curve.png", p.picture()), "names of its files", LABEL),
    # Pictures
    ("png text", p.bytes_of("f.png", p.picture((b"tEXt", b"Title\0photon curve"))), "text chunk tEXt", LABEL),
    ("png compressed text", p.bytes_of("f.png", p.picture((b"zTXt", b"Title\0\0" + p.zlib.compress(b"IMPT above")))),
     "text chunk zTXt", LEVEL),
    ("png international text", p.bytes_of("f.png", p.picture((b"iTXt", b"Title\0\0\0\0\0" + "ph\u03bfton".encode()))),
     "text chunk iTXt", LABEL),
    ("png exif", p.bytes_of("f.png", p.picture((b"eXIf", b"II*\0\0\0\1\0\x0e\1\2\0\0Proton\0\0"))), "", LABEL),
    ("png what follows", p.bytes_of("f.png", p.picture(rest=b"proton,60\n")), "", LABEL),
    ("jpeg comment", p.bytes_of("f.jpg", b"\xff\xd8\xff\xfe\x00\x0cIMPT above\xff\xd9"), "segment FE", LEVEL),
    # Tables, values, archives, names
    ("csv value", p.table("group,n", "Proton,3", "all,5", name="t.csv"), "its values", LABEL),
    ("csv column", p.table("PARTICIPANT,TRT01P", "101,1", name="t.csv"), "column TRT01P", COLUMN),
    ("csv identifier", p.table("PARTICIPANT,AGE", "NPC-0001,60", name="t.csv"), "its values", PERSON),
    ("csv identifier by hand", p.table("note", "see npc 0001", name="t.csv"), "its values", PERSON),
    ("csv screening number", p.table("note", "rescreened as SCR0007", name="t.csv"), "its values", PERSON),
    ("csv column of persons", p.table("USUBJID,AGE", "101,60", name="t.csv"), "column USUBJID", COLUMN),
    ("results, an arm", p.table(KEYS, RISK.format("Y", "")), "column arm", BY_ARM),
    ("results, order", p.table(KEYS, RISK.format("B", ""), RISK.format("A", "")), "order of the rows of ae", ORDER),
    ("results, contrast", p.table(KEYS, RISK.format("B", "A")), "column reference", CONTRAST),
    ("json key", p.as_json({"curves": {"PROTON": [1, 0.9]}}), "its values", LABEL),
    ("json order of arms", p.as_json({"arms": {"B": "Arm B", "A": "Arm A"}}), "key arms", ORDER),
    ("json order in a list", p.as_json({"arms": [{"label": "Arm B"}, {"label": "Arm A"}]}), "key arms", ORDER),
    ("json of one name twice", p.text_of("f.json", '{"a": "photon", "a": "3"}'), "its values", LABEL),
    ("json common word", p.as_json({"technique": "MIXED"}), "its values", LEVEL),
    ("json salt", p.as_json({"key": "97fc67ce0a8cd95e9f81d688"}), "its values", MAP),
    ("json map's file", p.as_json({"inputs": ["adsl.csv", "mask.json"]}), "its values", MAP),
    ("text in base64", p.text_of("a.txt", base64.b64encode(b"Photon, n 60").decode()), "its content", LABEL),
    ("text in hexadecimal digits", p.text_of("a.txt", b"PROTON".hex()), "its content", LABEL),
    ("text in two bytes a sign", p.bytes_of("a.txt", "IMRT and IMPT".encode("utf-16")), "its content", LEVEL),
    ("text with digits for letters", p.text_of("a.txt", "the Pr0t0n arm"), "its content", LABEL),
    ("text beside the word arm", p.text_of("a.txt", "3 in the mixed arm"), "its content", LEVEL),
    ("zip comment", p.bytes_of("a.zip", p.archive({"a.txt": b"3"}, b"PROTON first")), "comments", LABEL),
    ("tar file", p.bytes_of("a.tar.gz", p.tape({"b/a.txt": b"photon"})), "its content", LABEL),
    ("compressed drawing", p.bytes_of("a.svgz", p.squeezed(b"<svg><title>IMPT</title></svg>")), "its text", LEVEL),
    ("a second file in a compressed one", p.bytes_of("a.gz", p.squeezed(b"Grade 3") + p.squeezed(b"photon")),
     "its content", LABEL),
    ("an archive behind a compressed file", p.bytes_of("a.gz", p.squeezed(b"3") + p.archive({"a.txt": b"photon"})),
     "what follows", LABEL),
    ("an archive behind a PDF",
     p.bytes_of("r.pdf", p.drawn(b"BT /F1 9 Tf (3) Tj ET") + p.archive({"a.txt": b"n of VMAT"})),
     "archive in it", LEVEL),
    ("an archive behind a text", p.bytes_of("a.txt", b"Grade 3\n" + p.archive({"a.txt": b"n of VMAT"})),
     "archive in it", LEVEL),
    ("an archive behind an archive", p.bytes_of("a.zip", p.archive({"a.txt": b"IMPT"}) + p.archive({"b.txt": b"3"})),
     "what stands before", LEVEL),
    ("compressed without a sign of its own", p.bytes_of("a.z", zlib.compress(b"IMRT and IMPT")), "its content", LEVEL),
    ("packed in a way that is not read", p.bytes_of("a.7z", b"7z\xbc\xaf\x27\x1c\0\4" + bytes(40)), "its content",
     UNREAD),
    ("a table in columns that are packed", p.bytes_of("a.parquet", b"PAR1\x15\0\x15\x0e\0PAR1"), "its content", UNREAD),
    ("text in two bytes a sign, without saying so", p.bytes_of("a.txt", "IMRT and IMPT".encode("utf-16-be")),
     "its content", LEVEL),
    ("text in four bytes a sign", p.bytes_of("a.txt", "IMRT and IMPT".encode("utf-32")), "its content", LEVEL),
    ("long text in base64",
     p.page(body=f"<script>f('{base64.b64encode(4000 * b'3' + b' IMPT ' + 99 * b'4').decode()}')</script>"),
     "scripts", LEVEL),
    ("long text in hexadecimal digits", p.text_of("a.txt", (900 * b"3" + b" proton").hex()), "its content", LABEL),
    ("text with other signs in base64", p.text_of("a.txt", base64.b64encode("IMPT \u2013 3".encode()).decode()),
     "its content", LEVEL),
    ("compressed text in base64", p.as_json({"data": base64.b64encode(p.squeezed(b"the IMPT curve")).decode()}),
     "its values", LEVEL),
    ("drawing, an id of words in one", p.drawing('<g id="curveIMPTupper"/>'), "attribute id", LEVEL),
    ("script, a name of words in one", p.page(body="<script>drawVMAT(3)</script>"), "scripts", LEVEL),
    ("text, which arm is new", p.text_of("a.txt", "Arm A, the experimental arm"), "its content", ROLE),
    ("text, which group is known", p.text_of("a.txt", "B: control group"), "its content", ROLE),
    ("csv, order of columns", p.table("Characteristic,Arm B: n,Arm A: n", "Age,3,4", name="t.csv"),
     "order of its columns", ORDER),
    ("csv, order of letters alone", p.table("Characteristic,B,A,All", "Age,3,4,7", name="t.csv"),
     "order of its columns", ORDER),
    ("name of a file", p.text_of("os-photon.svg", "<svg/>"), "its name", LABEL),
    ("name of a folder", p.text_of("proton/os.svg", "<svg/>"), "its name", LABEL),
    ("name with an identifier", p.text_of("NPC-0002.csv", "a,b\n1,2\n"), "its name", PERSON),
    ("a file that cannot be read", p.bytes_of("a.pdf", b"%PDF-1.7\nnothing"), "its content", UNREAD),
]  # fmt: skip

# Where no arm is shown.
OPEN = [
    ("sizes in a sentence", p.page(body="<p>The arms have 110 and 125 participants.</p>"), "its text", SIZES),
    ("sizes, larger first", p.page(body="<p>(n = 125) versus (n = 110)</p>"), "its text", SIZES),
    ("sizes with shares", p.page(body="<p>110 (46.8%) vs. 125 (53.2%)</p>"), "its text", SIZES),
    ("sizes of another set", p.text_of("a.txt", "Groups: 108/123"), "its content", SIZES),
    ("sizes as heads of columns", p.page(body="<tr><th>I<br>N = 110</th><th>II<br>N = 125</th></tr>"),
     "its text", SIZES),
    ("sizes as a column", p.table("group,n", "1,110", "2,125", name="t.csv"), "column n", SIZES),
    ("sizes as values", p.as_json({"n": [125, 110]}), "key n", SIZES),
    ("sizes with their sum", p.as_json({"n": {"1": 110, "2": 125, "all": 235}}), "key n", SIZES),
    ("sizes as numbers with a point", p.as_json({"n": [125.0, 110.0]}), "key n", SIZES),
    ("sizes with their sum in a row", p.table("set,I,II,All", "Enrolled,110,125,235", name="t.csv"), "a row of it",
     SIZES),
    ("sizes with their sum in cells", p.page(body="<tr><td>n</td><td>110 (46.8)</td><td>125 (53.2)</td><td>235</td>"),
     "its text", SIZES),
    ("arms by letters in a sentence", p.page(body="<p>Deaths: arm A 3, arm B 7.</p>"), "its text", LETTER),
    ("arms by letters in a PDF", p.pdf_page(b"BT /F1 9 Tf (Arm A 3 of 60) Tj ET"), "page 1", LETTER),
    ("arms by letters in a table", p.table("What,Arm A: n,Arm B: n", "Died,3,7", name="t.csv"), "its columns",
     LETTER),
    ("arms by letters in a drawing", p.drawing("<text>Arm B</text>"), "its text", LETTER),
    ("colour of an arm", p.drawing(f'<path d="M0 0" style="stroke: {FIRST}"/>'), "its colours", ARM_COLOR),
    ("letters on a page", p.page(body="<p>Arm <b>A</b>: 3 of 60</p>"), "its text", LETTER),
    ("letters, in a drawing", p.drawing("<text>Arm B</text>"), "its text", LETTER),
    ("letters", p.table(KEYS, RISK.format("A", "")), "column arm", BY_ARM),
    ("arms of the catalogue", p.as_json({"arms": {"A": "Arm A"}}, "catalogue.json"), "key arms", BY_ARM),
]  # fmt: skip


def found(gate, plant, folder):
    plant(folder)
    return search_package(folder, gate)


@pytest.mark.parametrize(("plant", "place", "what"), [leak[1:] for leak in LEAKS], ids=[leak[0] for leak in LEAKS])
def test_leaks_of_a_masked_package(closed_gate, tmp_path, plant, place, what):
    hits = found(closed_gate, plant, tmp_path)
    assert any(what in hit.what and place in hit.words for hit in hits), [hit.words for hit in hits]
    names = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")}
    assert all(hit.file.split(" · ")[0] in names for hit in hits)


@pytest.mark.parametrize(("plant", "place", "what"), [leak[1:] for leak in OPEN], ids=[leak[0] for leak in OPEN])
def test_leaks_of_an_open_package(open_gate, tmp_path, plant, place, what):
    hits = found(open_gate, plant, tmp_path)
    assert any(what in hit.what and place in hit.words for hit in hits), [hit.words for hit in hits]


@pytest.mark.parametrize(
    ("plant", "place", "what"),
    [leak[1:] for leak in LEAKS if leak[3] in (LABEL, LEVEL, MODALITY, PERSON, MAP, UNREAD)],
    ids=[leak[0] for leak in LEAKS if leak[3] in (LABEL, LEVEL, MODALITY, PERSON, MAP, UNREAD)],
)
def test_words_and_persons_are_leaks_of_an_open_package_too(open_gate, tmp_path, plant, place, what):
    assert any(what in hit.what and place in hit.words for hit in found(open_gate, plant, tmp_path))


def test_there_are_more_than_sixty():
    names = [leak[0] for leak in (*LEAKS, *OPEN)]
    assert len(names) == len({*names}) > 100


def test_sizes_are_those_of_the_export(open_gate):
    """Enrolled by the cut-off, counted from the file by another way."""
    with (ROOT / "data" / "synthetic" / "adsl.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["ENRLDT"] <= "2027-06-30"]
    planned = tuple(sum(row["TRT01P"] == arm for row in rows) for arm in ("PROTON", "PHOTON"))
    given = {"MIXED": "PROTON", "": None}
    actual = [given.get(row["TRT01A"], row["TRT01A"]) if row["RTSTDT"] <= "2027-06-30" else None for row in rows]
    had = [one or row["TRT01P"] for one, row in zip(actual, rows, strict=True)]
    assert planned == (112, 123)
    assert (had.count("PROTON"), had.count("PHOTON")) == (110, 125)
    assert {one.counts for one in open_gate.sizes if one.population == "ENRL"} == {(110, 125), planned}
