"""Files with one thing in them that must not be released: what is planted where, as functions of a folder."""

from __future__ import annotations

import base64
import gzip
import io
import json
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

import docx
from docx.shared import Pt, RGBColor
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

Plant = Callable[[Path], None]
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20">{}</svg>'
PAGE = (
    "<!doctype html><html><head><title>Report</title>{head}</head><body><p>Grade 3 in 7 of 60.</p>{body}</body></html>"
)


def text_of(name: str, text: str) -> Plant:
    """Write a text file."""

    def plant(folder: Path) -> None:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    return plant


def bytes_of(name: str, content: bytes) -> Plant:
    """Write a file."""
    return lambda folder: [(folder / name).write_bytes(content), None][1]


def page(*, head: str = "", body: str = "", name: str = "report.html") -> Plant:
    """Write a page of HTML."""
    return text_of(name, PAGE.format(head=head, body=body))


def drawing(inside: str, name: str = "figure.svg") -> Plant:
    """Write a drawing."""
    return text_of(name, SVG.format(inside))


def address(content: str, kind: str = "image/svg+xml") -> str:
    """A file as an address, in base64."""
    return f"data:{kind};base64,{base64.b64encode(content.encode()).decode()}"


def picture(*chunks: tuple[bytes, bytes], rest: bytes = b"") -> bytes:
    """A PNG of one pixel, with further chunks."""
    own = [
        (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)),
        *chunks,
        (b"IDAT", zlib.compress(b"\0\0")),
        (b"IEND", b""),
    ]
    made = b"\x89PNG\r\n\x1a\n"
    for kind, data in own:
        made += struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return made + rest


def archive(files: Mapping[str, bytes], comment: bytes = b"") -> bytes:
    """A ZIP file."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in files.items():
            opened.writestr(name, content)
        opened.comment = comment
    return made.getvalue()


def tape(files: Mapping[str, bytes]) -> bytes:
    """A compressed tar file."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as opened:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            opened.addfile(entry, io.BytesIO(content))
    return made.getvalue()


def word_file(change: Callable[[docx.document.Document], None]) -> Plant:
    """Write a Word file that is changed before."""

    def plant(folder: Path) -> None:
        document = docx.Document()
        document.add_paragraph("Grade 3 in 7 of 60.")
        change(document)
        document.save(str(folder / "report.docx"))

    return plant


def word_part(name: str, content: bytes) -> Plant:
    """Write a Word file with one more part in its archive."""

    def plant(folder: Path) -> None:
        word_file(lambda document: None)(folder)
        with zipfile.ZipFile(folder / "report.docx", "a") as opened:
            opened.writestr(name, content)

    return plant


def split_runs(document: docx.document.Document) -> None:
    """A word in two runs of which one is bold."""
    paragraph = document.add_paragraph("Dose of the ")
    paragraph.add_run("pro").bold = True
    paragraph.add_run("ton").font.size = Pt(9)
    paragraph.add_run(" course.")


def colored(document: docx.document.Document) -> None:
    """A label in the colour of the other arm."""
    document.add_paragraph().add_run("Arm B").font.color.rgb = RGBColor(0x1B, 0x5E, 0x7A)


def font() -> DictionaryObject:
    """A font of every reader."""
    return DictionaryObject({
        NameObject("/Type"): NameObject("/Font"), NameObject("/Subtype"): NameObject("/Type1"),
        NameObject("/BaseFont"): NameObject("/Helvetica"),
    })  # fmt: skip


def drawn(content: bytes) -> bytes:
    """A PDF of one page that draws something."""
    writer = PdfWriter()
    sheet = writer.add_blank_page(200, 200)
    stream = DecodedStreamObject()
    stream.set_data(content)
    sheet[NameObject("/Contents")] = writer._add_object(stream.flate_encode())
    fonts = DictionaryObject({NameObject("/F1"): font()})
    sheet[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    return written(writer)


def written(writer: PdfWriter) -> bytes:
    """The bytes of a PDF."""
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def pdf(change: Callable[[PdfWriter], object]) -> Plant:
    """Write a PDF that is changed before."""

    def plant(folder: Path) -> None:
        writer = PdfWriter(PdfReader(io.BytesIO(drawn(b"BT /F1 9 Tf (Grade 3 in 7 of 60.) Tj ET"))))
        change(writer)
        (folder / "report.pdf").write_bytes(written(writer))

    return plant


def pdf_page(content: bytes) -> Plant:
    """Write a PDF whose page draws something."""
    return bytes_of("report.pdf", drawn(content))


def tagged(key: str, text: str) -> Callable[[PdfWriter], None]:
    """An element of a tagged PDF with a text of its own."""

    def change(writer: PdfWriter) -> None:
        figure = DictionaryObject({
            NameObject("/Type"): NameObject("/StructElem"), NameObject("/S"): NameObject("/Figure"),
            NameObject(key): TextStringObject(text),
        })  # fmt: skip
        root = DictionaryObject({
            NameObject("/Type"): NameObject("/StructTreeRoot"), NameObject("/K"): writer._add_object(figure)
        })  # fmt: skip
        writer._root_object[NameObject("/StructTreeRoot")] = writer._add_object(root)

    return change


def annotated(writer: PdfWriter) -> None:
    """A note on a page."""
    writer.add_annotation(0, FreeText(text="photon arm?", rect=(10, 10, 90, 40)))


def labelled(writer: PdfWriter) -> None:
    """Page numbers with a word before them."""
    label = DictionaryObject({NameObject("/S"): NameObject("/D"), NameObject("/P"): TextStringObject("IMPT-")})
    numbers = DictionaryObject({NameObject("/Nums"): ArrayObject([NumberObject(0), label])})
    writer._root_object[NameObject("/PageLabels")] = numbers


def hinted(writer: PdfWriter) -> None:
    """A field of a form with a value."""
    field = DictionaryObject({
        NameObject("/FT"): NameObject("/Tx"), NameObject("/T"): TextStringObject("group"),
        NameObject("/V"): TextStringObject("Photons"),
    })  # fmt: skip
    form = DictionaryObject({NameObject("/Fields"): ArrayObject([writer._add_object(field)])})
    writer._root_object[NameObject("/AcroForm")] = form


def outlined(writer: PdfWriter) -> None:
    """An outline of one line."""
    line = DictionaryObject({NameObject("/Title"): TextStringObject("Photons")})
    writer._root_object[NameObject("/Outlines")] = DictionaryObject({NameObject("/First"): writer._add_object(line)})


def scripted(writer: PdfWriter) -> None:
    """A script that runs when the file is opened."""
    action = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert('proton');")}
    writer._root_object[NameObject("/OpenAction")] = DictionaryObject(action)


def described(writer: PdfWriter) -> None:
    """Metadata as XMP."""
    told = DecodedStreamObject()
    told.set_data(b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><dc:subject>VMAT plans</dc:subject></x:xmpmeta>')
    told.update({NameObject("/Type"): NameObject("/Metadata"), NameObject("/Subtype"): NameObject("/XML")})
    writer._root_object[NameObject("/Metadata")] = writer._add_object(told)


def formed(writer: PdfWriter) -> None:
    """A drawing within the page that has fonts of its own."""
    form = DecodedStreamObject()
    form.set_data(b"BT /F9 9 Tf (Photon) Tj ET")
    fonts = DictionaryObject({NameObject("/F9"): font()})
    form.update({
        NameObject("/Type"): NameObject("/XObject"), NameObject("/Subtype"): NameObject("/Form"),
        NameObject("/BBox"): ArrayObject([FloatObject(n) for n in (0, 0, 9, 9)]),
        NameObject("/Resources"): DictionaryObject({NameObject("/Font"): fonts}),
    })  # fmt: skip
    writer._add_object(form)


def coded(writer: PdfWriter) -> None:
    """A page whose codes mean signs by a table of the font's own: 1 to 6 are a word's letters."""
    table = DecodedStreamObject()
    signs = "".join(f"<{code:02x}> <{ord(sign):04x}>\n" for code, sign in enumerate("Proton", 1))
    table.set_data(f"1 begincodespacerange <00> <ff> endcodespacerange 6 beginbfchar\n{signs}endbfchar".encode())
    own = font()
    own[NameObject("/ToUnicode")] = writer._add_object(table)
    stream = DecodedStreamObject()
    stream.set_data(b"BT /F1 9 Tf [<010203> -12 <04> 3 <0506>] TJ ET")
    sheet = writer.pages[0]
    sheet[NameObject("/Contents")] = writer._add_object(stream)
    sheet[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/Font"): DictionaryObject({NameObject("/F1"): own})}
    )


def replaced(folder: Path) -> None:
    """A PDF whose first version, which no reader shows any more, said more."""
    first = drawn(b"BT /F1 9 Tf (IMPT and photon) Tj ET")
    second = PdfWriter(PdfReader(io.BytesIO(first)), incremental=True)
    stream = DecodedStreamObject()
    stream.set_data(b"BT /F1 9 Tf (Grade 3) Tj ET")
    second.pages[0][NameObject("/Contents")] = second._add_object(stream)
    (folder / "report.pdf").write_bytes(written(second))


def forgotten(folder: Path) -> None:
    """A compressed stream that the file's table of objects does not name."""
    content = drawn(b"BT /F1 9 Tf (Grade 3) Tj ET")
    data = zlib.compress(b"BT (the proton group) Tj ET")
    lost = b"999 0 obj\n<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream\nendobj\n" % (len(data), data)
    (folder / "report.pdf").write_bytes(content + lost)


def attached(name: str, content: bytes) -> Callable[[PdfWriter], object]:
    """A file attached to a PDF."""
    return lambda writer: writer.add_attachment(name, content)


def table(header: str, *lines: str, name: str = "results.csv") -> Plant:
    """Write a table."""
    return text_of(name, "\n".join((header, *lines)) + "\n")


def squeezed(content: bytes) -> bytes:
    """A compressed file."""
    return gzip.compress(content)


def as_json(value: object, name: str = "figure.json") -> Plant:
    """Write JSON."""
    return text_of(name, json.dumps(value))
