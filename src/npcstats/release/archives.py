"""Archives, Word files among them, and pictures taken apart into the files and texts that are in them."""

from __future__ import annotations

import io
import re
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress

from npcstats.release.parts import Inner, Part, Taken

PNG_TEXTS = {b"tEXt", b"zTXt", b"iTXt"}
PNG_PIXELS = {b"IHDR", b"IDAT", b"PLTE", b"IEND"}
LARGEST = 500_000_000
GZIP = b"\x1f\x8b"
STRINGS = re.compile(rb"[\x20-\x7e]{4,}")


def take_zip(content: bytes) -> Taken:
    """Take an archive apart.

    Parameters
    ----------
    content : bytes
        ZIP, which a Word file is too.

    Returns
    -------
    Taken
        Names and comments; its files.

    Raises
    ------
    ValueError
        If it cannot be read whole.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            if sum(entry.file_size for entry in entries) > LARGEST:
                raise ValueError("it is larger than can be searched")
            names = "\n".join(entry.filename for entry in archive.infolist())
            notes = [archive.comment, *(part for entry in archive.infolist() for part in (entry.comment, entry.extra))]
            files = [Inner(entry.filename, archive.read(entry)) for entry in entries]
            begin = min((entry.header_offset for entry in archive.infolist()), default=0)
            files += [Inner("what stands before", content[:begin])] if begin else []
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, zlib.error, OSError, EOFError) as error:
        raise ValueError("it cannot be read") from error
    told = "\n".join(note.decode("latin-1") for note in notes if note)
    return Taken((Part("names of its files", names), Part("comments", told)), tuple(files))


def take_tar(content: bytes) -> Taken:
    """Take a tar archive apart.

    Parameters
    ----------
    content : bytes
        Compressed or not.

    Returns
    -------
    Taken
        Names, and files.

    Raises
    ------
    ValueError
        If it cannot be read whole.
    """
    try:
        with tarfile.open(fileobj=io.BytesIO(content)) as archive:
            members = archive.getmembers()
            told = [text for one in members for text in (one.name, one.linkname, one.uname, *one.pax_headers.values())]
            opened = [(one.name, archive.extractfile(one)) for one in members if one.isfile()]
            files = tuple(Inner(name, file.read()) for name, file in opened if file)
    except (tarfile.TarError, zlib.error, OSError, EOFError) as error:
        raise ValueError("it cannot be read") from error
    return Taken((Part("names of its files", "\n".join(told)),), files)


def take_gzip(content: bytes) -> Taken:
    """Decompress a file, all files that were put one behind another into it, and what follows.

    Parameters
    ----------
    content : bytes
        Gzip.

    Returns
    -------
    Taken
        The files; the name and comment of the first, where it tells them.

    Raises
    ------
    ValueError
        If it cannot be read.
    """
    files, rest = [], content
    try:
        while rest.startswith(GZIP):
            opener = zlib.decompressobj(wbits=31)
            files.append(Inner("content", opener.decompress(rest, LARGEST)))
            if opener.unconsumed_tail or not opener.eof:
                raise ValueError("it is larger than can be searched, or cut short")
            rest = opener.unused_data
    except zlib.error as error:
        raise ValueError("it cannot be read") from error
    files += [Inner("what follows", rest)] if rest.strip(b"\0") else []
    return Taken((Part("header", content[:300].decode("latin-1")),), tuple(files))


def take_png(content: bytes) -> Taken:
    """Read what a PNG says beside its pixels.

    Parameters
    ----------
    content : bytes
        The file.

    Returns
    -------
    Taken
        Its texts and those of other chunks; what follows the picture as a file.
    """
    parts, at = [], 8
    while at + 12 <= len(content):
        length, kind = struct.unpack(">I4s", content[at : at + 8])
        data = content[at + 8 : at + 8 + length]
        at += 12 + length
        if kind in PNG_TEXTS:
            parts.append(Part(f"text chunk {kind.decode()}", "\n".join(_png_texts(data))))
        elif kind not in PNG_PIXELS:
            parts.append(Part(f"chunk {kind.decode('latin-1')}", strings_of(data), "values"))
        if kind == b"IEND":
            break
    rest = content[at:]
    return Taken(tuple(parts), (Inner("what follows the picture", rest),) if rest else ())


def _png_texts(data: bytes) -> Iterator[str]:
    yield data.replace(b"\0", b"\n").decode("utf-8", errors="replace")
    for place, sign in enumerate(data):
        if sign == 0x78:  # what deflate begins with
            with suppress(zlib.error):
                yield zlib.decompress(data[place:]).decode("utf-8", errors="replace")


def take_jpeg(content: bytes) -> Taken:
    """Read what a JPEG says before its pixels.

    Parameters
    ----------
    content : bytes
        The file.

    Returns
    -------
    Taken
        Texts of its segments.
    """
    parts, at = [], 2
    while at + 4 <= len(content) and content[at] == 0xFF and content[at + 1] not in (0xDA, 0xD9):
        kind, length = struct.unpack(">BH", content[at + 1 : at + 4])
        if kind == 0xFE or 0xE0 <= kind <= 0xEF:
            parts.append(Part(f"segment {kind:02X}", strings_of(content[at + 4 : at + 2 + length]), "values"))
        at += 2 + length
    return Taken(tuple(parts))


def strings_of(content: bytes) -> str:
    """Texts that stand in bytes of no known kind.

    Parameters
    ----------
    content : bytes
        Any.

    Returns
    -------
    str
        Runs of printable signs, of one byte and of two, a line each.
    """
    wide = content.replace(b"\0", b"") if b"\0" in content else b""
    found = [*STRINGS.findall(content), *STRINGS.findall(wide)]
    return "\n".join(dict.fromkeys(one.decode("ascii") for one in found))
