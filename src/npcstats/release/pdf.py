"""A PDF taken apart: pages, properties, attachments, and every other object, even one that nothing refers to."""

from __future__ import annotations

import io
import re
import zlib
from bisect import bisect
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, IndirectObject, NameObject, NullObject, StreamObject

from npcstats.release.parts import Inner, Part, Taken
from npcstats.release.pdf_text import FontMap, page_text, read_string, read_text

# What objects of these keys are called in a message; others are named by their key.
KEY_NAMES = {
    "/Alt": "alternative text", "/ActualText": "text for readers aloud", "/E": "expansion of an abbreviation",
    "/Title": "title", "/Author": "author", "/Subject": "subject", "/Keywords": "keywords", "/Creator": "creator",
    "/Producer": "producer", "/Contents": "annotation", "/TU": "hint of a field", "/T": "name of a field or element",
    "/F": "name of a file", "/UF": "name of a file", "/Desc": "description of a file", "/P": "label of pages",
    "/JS": "script", "/URI": "address", "/Name": "name", "/RC": "rich text", "/Nums": "numbered names",
    "/Names": "names", "/Lang": "language", "/ID": "id", "/V": "value of a field", "/DA": "style of a field",
}  # fmt: skip
# Names that the format itself has, or those of fonts, are no text; names of these keys are chosen by who writes.
NAMED_FREELY = {"/Name", "/T", "/S", "/C", "/A", "/NS", "/BaseFont", "/FontName"}
STREAM = re.compile(rb"stream\r?\n")
COMMENT = re.compile(rb"(?:\A|[\r\n])%(?!PDF-|%EOF)([^\r\n]{4,400})")
HEADER = re.compile(rb"(?<!\d)\d{1,10}\s+\d{1,5}\s+obj\b")
STRING = re.compile(rb"(?:(?<!<)<[0-9A-Fa-f\s]+>|\((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*\))*\))", re.S)
KEYED = re.compile(rb"/([A-Za-z]+)\s*(" + STRING.pattern + rb")", re.S)
NAME = re.compile(rb"/([^\s()<>\[\]{}/%]+)")
NUMBERED = re.compile(rb"#([0-9A-Fa-f]{2})")
DRAWS = re.compile(rb"\sTf\s|\bBT\b.*\bET\b", re.S)
BROKEN = (
    PyPdfError, KeyError, TypeError, AttributeError, IndexError, RecursionError, NotImplementedError, zlib.error
)  # fmt: skip
LARGEST_STREAM = 200_000_000


def take_pdf(content: bytes) -> Taken:
    """Take a PDF apart.

    Parameters
    ----------
    content : bytes
        The file.

    Returns
    -------
    Taken
        Text of its pages and objects; attachments, pictures and descriptions as files of their own.

    Raises
    ------
    ValueError
        If it cannot be read, which is for the caller to refuse.
    """
    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise ValueError("it is encrypted")
        pages = tuple(_pages(reader))
        parts, inner = _objects(reader, content)
    except BROKEN as error:
        raise ValueError("it cannot be read") from error
    return Taken((*pages, *parts, *_comments(content)), (*inner, *_outside(content, reader)))


def _pages(reader: PdfReader) -> Iterator[Part]:
    maps: dict[int, FontMap] = {}
    for number, page in enumerate(reader.pages, 1):
        contents = page.get_contents()
        data = contents.get_data() if contents is not None else b""
        drawn = page_text(data, _fonts(page.get("/Resources"), maps))
        yield Part(f"page {number}", drawn.text, labels=drawn.labels)
        yield Part(f"page {number}, beside its text", drawn.beside, "values")


def _fonts(resources: Any, maps: dict[int, FontMap]) -> dict[str, FontMap]:
    """Fonts by the names that a stream has for them; one that many pages have is read once."""
    own = _plain(resources)
    fonts = _plain(own.get("/Font")) if isinstance(own, Mapping) else {}
    found = {}
    for name, reference in (fonts or {}).items():
        key = reference.idnum if isinstance(reference, IndirectObject) else id(reference)
        font = _plain(reference)
        if isinstance(font, Mapping):
            found[name] = maps.setdefault(key, FontMap(font))
    return found


def _plain(value: Any) -> Any:
    return value.get_object() if isinstance(value, IndirectObject) else value


def _objects(reader: PdfReader, content: bytes) -> tuple[list[Part], list[Inner]]:
    """Texts of all objects by what they are, and the streams that are files or may be."""
    texts: dict[str, list[str]] = {}
    inner: list[Inner] = []
    drawn = {id(_plain(part)) for page in reader.pages for part in _streams_of(page)}
    tags = {} if reader.is_encrypted else _tags(reader, content)
    _gather_tags(b"\n".join(tags.values()), texts)
    others = [one for one in _numbers(reader) if one[0] and one[0] not in tags]
    values = {number: reader.get_object(IndirectObject(number, version, reader)) for number, version in others}
    names = dict(_file_names(values.values()))
    for number, value in values.items():
        _gather(value, "", texts)
        if isinstance(value, StreamObject) and id(value) not in drawn:
            inner += _stream(value, names.get(number, f"stream {number}"), texts)
    _gather(reader.trailer, "", texts)
    return [Part(_place(key), "\n".join(dict.fromkeys(found)), "values") for key, found in texts.items()], inner


def _tags(reader: PdfReader, content: bytes) -> dict[int, bytes]:
    """Objects that say what parts of a page are, of which a report has thousands, as they stand in the file."""
    found = {}
    for number, place in reader.xref.get(0, {}).items():
        end = content.find(b"endobj", place)
        body = content[place:end]
        if b"/StructElem" in body and b"stream" not in body and HEADER.match(body):
            found[number] = body
    return found


def _gather_tags(bodies: bytes, texts: dict[str, list[str]]) -> None:
    """Strings of such objects by the key before them, other strings, and names."""
    for key, string in {*KEYED.findall(bodies)}:
        texts.setdefault(f"/{key.decode('latin-1')}", []).append(read_text(read_string(string)))
    texts.setdefault("", []).extend(read_text(read_string(string)) for string in {*STRING.findall(bodies)})
    texts[""].extend(NUMBERED.sub(lambda sign: bytes.fromhex(sign[1].decode()), name).decode("latin-1")
                     for name in {*NAME.findall(bodies)})  # fmt: skip


def _file_names(values: Iterable[Any]) -> Iterator[tuple[int, str]]:
    """Names of attachments by the numbers of their streams."""
    for value in values:
        files = _plain(value.get("/EF")) if isinstance(value, Mapping) else None
        for stream in files.values() if isinstance(files, Mapping) else ():
            if isinstance(stream, IndirectObject):
                yield stream.idnum, f"attachment {value.get('/UF') or value.get('/F') or ''}".strip()


def _numbers(reader: PdfReader) -> list[tuple[int, int]]:
    """Numbers of all objects, and which version of each the file has."""
    found = {number: version for version, numbers in reader.xref.items() for number in numbers}
    return sorted((dict.fromkeys(reader.xref_objStm, 0) | found).items())


def _streams_of(page: Mapping[str, Any]) -> list[Any]:
    contents = _plain(page.get("/Contents"))
    return [*contents] if isinstance(contents, ArrayObject) else [contents]


def _gather(value: Any, key: str, texts: dict[str, list[str]]) -> None:
    """Strings, names of an author's own, and keys that are no names of the format, by the key that they stand at."""
    if isinstance(value, IndirectObject | NullObject | bool | int | float):
        return
    if isinstance(value, Mapping):
        for name, item in value.items():
            texts.setdefault("", []).append(str(name)[1:])
            _gather(item, name, texts)
    elif isinstance(value, list):
        for item in value:
            _gather(item, key, texts)
    elif isinstance(value, NameObject):
        texts.setdefault(key if key in NAMED_FREELY else "", []).append(str(value)[1:])
    elif isinstance(value, str):
        texts.setdefault(key, []).append(str(value))
    elif isinstance(value, bytes):
        texts.setdefault(key, []).append(read_text(value))


def _place(key: str) -> str:
    return KEY_NAMES.get(key, f"entry {key[1:]}" if key else "names of its objects")


def _stream(value: StreamObject, name: str, texts: dict[str, list[str]]) -> Iterator[Inner]:
    """A stream that is no page's: what it draws, if it draws; else a file, under the best name that it has."""
    kind, shape = value.get("/Type"), value.get("/Subtype")
    if kind in ("/XRef", "/ObjStm", "/CMap") or shape in ("/CIDFontType0C", "/Type1C", "/OpenType"):
        return
    data = bytes(value.get_data())
    if shape == "/Form" or kind == "/Pattern" or DRAWS.search(data[:100_000]):
        drawn = page_text(data, _fonts(value.get("/Resources"), {}))
        texts.setdefault("/drawn", []).extend((drawn.text, drawn.beside))
    elif not value.get("/Length1"):  # no font
        yield Inner("metadata" if kind == "/Metadata" else name, data)


def _outside(content: bytes, reader: PdfReader) -> Iterator[Inner]:
    """Streams of earlier versions of the file, and others that its table of objects does not name."""
    named = {place for places in reader.xref.values() for place in places.values()}
    headers = [found.start() for found in HEADER.finditer(content)]
    for number, found in enumerate(STREAM.finditer(content)):
        before = bisect(headers, found.start()) - 1
        if before < 0 or headers[before] in named:
            continue
        with suppress(zlib.error):
            data = zlib.decompressobj().decompress(content[found.end() :], LARGEST_STREAM)
            yield Inner(f"stream {number} that nothing refers to", data)


def _comments(content: bytes) -> Iterator[Part]:
    found = [text.decode("latin-1") for text in COMMENT.findall(content) if text.isascii()]
    if found:
        yield Part("comments", "\n".join(found))
    strings = re.findall(rb"\((?:[^()\\\x00-\x08\x80-\xff]|\\.){3,400}\)", content)
    if strings:
        yield Part("strings", "\n".join({read_text(read_string(one)) for one in strings}), "values")
