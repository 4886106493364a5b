"""A package searched whole: every file by what it is, what is in it, and its name."""

from __future__ import annotations

import json
import os
import re
import zlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from npcstats.errors import ReleaseError
from npcstats.formatting import counted
from npcstats.provenance import hash_bytes
from npcstats.release.archives import LARGEST, strings_of, take_gzip, take_jpeg, take_png, take_tar, take_zip
from npcstats.release.colors import find_colors
from npcstats.release.forbidden import Forbidden
from npcstats.release.markup import take_markup
from npcstats.release.matching import Matcher
from npcstats.release.parts import Hit, Inner, Part, Taken
from npcstats.release.tables import take_csv, take_json
from npcstats.system.named import Named

INSIDE = " · "
NAME, CONTENT = "its name", "its content"
UNREAD = "cannot be searched, since"
NESTED = 6
SHOWN = 5
MARKUP = re.compile(r"\s*<(?:[!?/]|[A-Za-z])")
TABLE = re.compile(r"[^\n]*[,;\t|][^\n]*\n")
# What begins a file of this kind, and what takes it apart.
SIGNATURES = (
    (b"%PDF-", Named("npcstats.release.pdf", "take_pdf")),
    (b"PK\x03\x04", take_zip),
    (b"PK\x05\x06", take_zip),
    (b"\x89PNG\r\n\x1a\n", take_png),
    (b"\xff\xd8\xff", take_jpeg),
    (b"\x1f\x8b", take_gzip),
    (b"BZh", take_tar),
    (b"\xfd7zXZ", take_tar),
)
TAR = slice(257, 262)
# What ends a ZIP archive: it is read from its end, so that any file can have one behind it.
ARCHIVE_END = b"PK\x05\x06"
# What begins a file whose texts are packed in a way that is not read here.
PACKED = (
    b"7z\xbc\xaf\x27\x1c", b"Rar!", b"\x28\xb5\x2f\xfd", b"\x04\x22\x4d\x18", b"\x5d\0\0", b"\x1f\x9d", b"MSCF",
    b"PAR1", b"ARROW1", b"FEA1", b"ORC", b"\x89HDF", b"\xd0\xcf\x11\xe0",
)  # fmt: skip
ZLIB = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")
# Which of four bytes are mostly zero, and the coding that leaves them so.
WIDE = {
    (False, True, False, True): "utf-16-le",
    (True, False, True, False): "utf-16-be",
    (False, True, True, True): "utf-32-le",
    (True, True, True, False): "utf-32-be",
}
TEXTS = (".txt", ".md", ".qmd", ".log", ".typ", ".tex")


def search_package(place: Path | Sequence[Path], forbidden: Forbidden) -> tuple[Hit, ...]:
    """Search files, and folders with all that is in them, for what tells the arms apart or names a person.

    Parameters
    ----------
    place : Path or sequence of Path
        Files and folders; all files of a folder count, hidden ones too.
    forbidden : Forbidden
        What must not be there.

    Returns
    -------
    tuple of Hit
        In the order of the files; empty for a clean package.
    """
    places = [place] if isinstance(place, Path) else [*place]
    search = Search(forbidden)
    hits: list[Hit] = []
    for one in places:
        for path, name in _files(one):
            hits += (hit.of(name) for hit in search.name(name))
            if path.is_symlink():
                hits.append(Hit(name, "", f"{UNREAD} it is a link to another place"))
            elif path.is_file():
                hits += search.file(path.read_bytes(), name)
    return tuple(dict.fromkeys(hits))


def refuse_leaks(place: Path | Sequence[Path], forbidden: Forbidden, *, package: str) -> None:
    """Refuse a package that is to be released, if anything in it tells the arms apart or names a person.

    Parameters
    ----------
    place : Path or sequence of Path
        Files and folders.
    forbidden : Forbidden
        What must not be there.
    package : str
        What the package is called in the message.

    Raises
    ------
    ReleaseError
        That names files, places in them, and what was found there; never the identifier of a person.
    """
    hits = search_package(place, forbidden)
    if not hits:
        return
    told = "; ".join(hit.words for hit in hits[:SHOWN])
    more = f"; and {len(hits) - SHOWN:,} more" if len(hits) > SHOWN else ""
    found = counted(len(hits), "place")
    raise ReleaseError(
        f"{package}: {found} would tell the arms apart or name a person: {told}{more}; a package without is required, "
        "so nothing was released.",
        hits=tuple(hit.words for hit in hits),
    )


def _files(place: Path) -> Iterator[tuple[Path, str]]:
    """Files of a place, and folders, whose names count too, each named from the place on."""
    if not place.is_dir() or place.is_symlink():
        yield place, place.name
        return
    for folder, folders, files in os.walk(place):
        folders.sort()
        for name in (*sorted(files), *folders):
            path = Path(folder, name)
            yield path, path.relative_to(place).as_posix()


class Search:
    """One search of a package; bytes that are there twice are searched once.

    Parameters
    ----------
    forbidden : Forbidden
        What must not be there.
    """

    def __init__(self, forbidden: Forbidden) -> None:
        """Make the patterns."""
        self.forbidden = forbidden
        self.matcher = Matcher(forbidden)
        self.known: dict[str, tuple[Hit, ...]] = {}

    def name(self, name: str) -> Iterator[Hit]:
        """Search the name of a file.

        Parameters
        ----------
        name : str
            With its folders.

        Yields
        ------
        Hit
            What is in it.
        """
        yield from self.matcher.search(Part(NAME, re.sub(r"[/\\]", "\n", name)))

    def file(self, content: bytes, name: str, depth: int = 0) -> tuple[Hit, ...]:
        """Search a file and those in it.

        Parameters
        ----------
        content : bytes
            The file.
        name : str
            What it is called.
        depth : int
            How many files it lies in.

        Returns
        -------
        tuple of Hit
            Of this file by its name, of one in it by both names.
        """
        digest = hash_bytes(content)
        if digest not in self.known:
            self.known[digest] = tuple(dict.fromkeys(self._searched(content, name, depth)))
        return tuple(hit.of(f"{name}{INSIDE}{hit.file}" if hit.file else name) for hit in self.known[digest])

    def _searched(self, content: bytes, name: str, depth: int) -> Iterator[Hit]:
        if depth > NESTED:
            yield Hit("", CONTENT, f"{UNREAD} files lie in it too deep")
            return
        try:
            taken = self.take(content, name)
        except (ValueError, RecursionError) as error:
            told = str(error) if type(error) is ValueError else "it cannot be read"
            yield Hit("", CONTENT, f"{UNREAD} {told}")
            taken = Taken((_raw(content),))
        yield from taken.hits
        for part in taken.parts:
            yield from self.matcher.search(part) if part.text.strip() else ()
        for inner in (*taken.inner, *_behind(content)):
            yield from self._inner(inner, depth)

    def _inner(self, inner: Inner, depth: int) -> Iterator[Hit]:
        yield from (hit.of(inner.name) for hit in self.name(inner.name))
        yield from self.file(inner.content, inner.name, depth + 1)

    def take(self, content: bytes, name: str) -> Taken:
        """Take a file apart by what it is, whatever its name says.

        Parameters
        ----------
        content : bytes
            The file.
        name : str
            What it is called, which tells a table from a text.

        Returns
        -------
        Taken
            Its texts and files.

        Raises
        ------
        ValueError
            If it is of a kind that cannot be read.
        """
        for signature, take in SIGNATURES:
            if content.startswith(signature):
                found = take(content)
                return Taken((*found.parts, _raw(content)), found.inner, found.hits)
        if content[TAR] == b"ustar":
            return take_tar(content)
        text = _text_of(content)
        if text:
            return self._take_text(text, name)
        if content.startswith(PACKED):
            raise ValueError("it is packed in a way that is not read here")
        return Taken((_raw(content),), _inflated(content))

    def _take_text(self, text: str, name: str) -> Taken:
        ending = Path(name).suffix.casefold()
        if MARKUP.match(text) or ending in (".html", ".htm", ".svg", ".xml"):
            found = take_markup(text)
            return Taken(found.parts, found.inner, (*found.hits, *find_colors(text, self.forbidden)))
        if text.lstrip()[:1] in ("{", "[") or ending == ".json":
            try:
                found = take_json(text, self.forbidden)
            except json.JSONDecodeError:
                return Taken((Part(CONTENT, text),))
            return found
        if ending in (".csv", ".tsv") or (ending not in TEXTS and TABLE.match(text)):
            return take_csv(text, self.forbidden)
        return Taken((Part(CONTENT, text, "code" if ending in (".js", ".css") else "prose"),))


def _behind(content: bytes) -> Iterator[Inner]:
    """An archive that begins within a file of another kind, or of none."""
    begin = content.find(b"PK\x03\x04", 1)
    if begin > 0 and ARCHIVE_END in content[begin:] and not content.startswith(b"PK"):
        yield Inner("archive in it", content[begin:])


def _inflated(content: bytes) -> tuple[Inner, ...]:
    """What was compressed without a name or a sign of its own."""
    if content.startswith(ZLIB):
        with suppress(zlib.error):
            return (Inner("content", zlib.decompressobj().decompress(content, LARGEST)),)
    return ()


def _raw(content: bytes) -> Part:
    """Texts that stand in bytes as they are, in which a short word may be there by chance."""
    return Part("its bytes", strings_of(content), "bytes")


def _text_of(content: bytes) -> str:
    """Bytes as text, where they are text in one of the ways in which texts are written."""
    if coding := _wide(content):
        return content.decode(coding, errors="replace")
    head = content[:4000]
    if b"\0" in head:
        return ""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        odd = sum(byte < 32 and byte not in (9, 10, 13) for byte in head)
        return "" if odd > len(head) / 100 else content.decode("cp1252", errors="replace")


def _wide(content: bytes) -> str:
    """The coding of a text of two or four bytes a sign, which says so of itself or mostly has Latin letters."""
    if content[:4] in (b"\xff\xfe\0\0", b"\0\0\xfe\xff"):
        return "utf-32"
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    head = content[: 4000 - 4000 % 4]
    first, second, third, fourth = (
        bool(lane) and lane.count(0) > 0.9 * len(lane) for lane in (head[place::4] for place in range(4))
    )
    return WIDE.get((first, second, third, fourth), "")
