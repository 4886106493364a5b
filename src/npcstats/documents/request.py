"""What is asked of a renderer, and what a writer of one format gets; two records that pass between the parts."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from npcstats.documents.numbering import Numbers
from npcstats.documents.pandoc import Element
from npcstats.system.kernels import WaitingKernel


@dataclass(frozen=True, kw_only=True)
class Request:
    """A document to be rendered in a work folder.

    Parameters
    ----------
    source : Path
        The `.qmd` file.
    formats : tuple of str
        `typst`, `html`, `docx`.
    work : Path
        Empty folder.
    metadata : mapping of str to str
        Metadata that wins over the document's.
    parameters : mapping
        Values set after the cell tagged `parameters`.
    environment : mapping of str to str
        Variables for the cells.
    source_date : datetime.date
        Date of creation that the files state.
    kernel : WaitingKernel, optional
        For the cells, if one is in waiting.
    """

    source: Path
    formats: tuple[str, ...]
    work: Path
    metadata: Mapping[str, str]
    parameters: Mapping[str, object]
    environment: Mapping[str, str]
    source_date: datetime.date
    kernel: WaitingKernel | None = None


@dataclass(frozen=True, kw_only=True)
class Ready:
    """A document of which only the writing in one format is left.

    Parameters
    ----------
    tree : dict
        The document with floats in the one shape and references resolved.
    options : mapping
        The document's options for the format.
    numbers : Numbers
        Numbers and titles of what can be referred to.
    added : mapping of str to str
        Words of the language.
    folder : Path
        Folder that relative names begin at.
    work : Path
        Empty folder for files made on the way.
    target : Path
        File to write.
    filters : tuple of str
        Lua filters.
    source_date : datetime.date
        Date of creation that the file states.
    where : callable
        File and line that a text stands in.
    """

    tree: Element
    options: Mapping[str, Any]
    numbers: Numbers
    added: Mapping[str, str]
    folder: Path
    work: Path
    target: Path
    filters: tuple[str, ...]
    source_date: datetime.date
    where: Callable[[str], str]

    @property
    def arguments(self) -> list[str]:
        """Arguments for Pandoc that every format needs.

        Returns
        -------
        list of str
            The arguments.
        """
        return ["-f", "json", *(f"--lua-filter={name}" for name in self.filters)]


def epoch(date: datetime.date) -> dict[str, str]:
    """`SOURCE_DATE_EPOCH` for a date.

    Parameters
    ----------
    date : datetime.date
        The date; midnight UTC is meant.

    Returns
    -------
    dict
        One variable.
    """
    moment = datetime.datetime(date.year, date.month, date.day, tzinfo=datetime.UTC)
    return {"SOURCE_DATE_EPOCH": str(int(moment.timestamp()))}
