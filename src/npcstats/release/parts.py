"""What files are taken apart into: pieces of text that know where they stand, and what was found in them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

Sort = Literal["prose", "values", "code", "bytes"]


@dataclass(frozen=True)
class Part:
    """A piece of a file's text.

    Parameters
    ----------
    place : str
        Where in the file, in words.
    text : str
        Its text; a line is a cell, a value or a line of the page.
    sort : {"prose", "values", "code", "bytes"}
        Running text, values of which each line is a whole one, text for programs, in which short signs mean nothing, or
        what is printable in bytes, where only what is no chance is searched.
    labels : tuple of (str, str)
        Colours, and short texts that are written in them.
    """

    place: str
    text: str
    sort: Sort = "prose"
    labels: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Hit:
    """Something that must not be in a package.

    Parameters
    ----------
    file : str
        Its file, as named within the package; of a file in another one, both.
    place : str
        Where in the file.
    what : str
        What it is; of a person nothing but that it is one's identifier.
    """

    file: str
    place: str
    what: str

    def of(self, file: str) -> Hit:
        """The same in another file.

        Parameters
        ----------
        file : str
            Its name.

        Returns
        -------
        Hit
            With the name.
        """
        return replace(self, file=file)

    @property
    def words(self) -> str:
        """Say where and what.

        Returns
        -------
        str
            Such as ``report.pdf, page 2: a word of a modality ("IMPT")``.
        """
        return f"{self.file}, {self.place}: {self.what}" if self.place else f"{self.file}: {self.what}"


@dataclass(frozen=True)
class Inner:
    """A file inside of another one.

    Parameters
    ----------
    name : str
        Its name, or what it is.
    content : bytes
        Its bytes.
    """

    name: str
    content: bytes


@dataclass(frozen=True)
class Taken:
    """A file taken apart: its text, the files in it, and what is wrong with how it is made."""

    parts: tuple[Part, ...] = ()
    inner: tuple[Inner, ...] = ()
    hits: tuple[Hit, ...] = ()
