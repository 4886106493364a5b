"""Words that a renderer adds to a document, by language, and dates written out."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "fig": "Figure", "tbl": "Table", "sec": "Section", "eq": "Equation", "toc-title": "Table of contents",
        "author": "Author", "authors": "Authors", "affiliation": "Affiliation", "affiliations": "Affiliations",
        "date": "Published", "abstract": "Abstract", "keywords": "Keywords", "footnotes": "Footnotes",
        "references": "References", "note": "Note", "tip": "Tip", "warning": "Warning", "important": "Important",
        "caution": "Caution",
    },
    "de": {
        "fig": "Abbildung", "tbl": "Tabelle", "sec": "Kapitel", "eq": "Gleichung", "toc-title": "Inhaltsverzeichnis",
        "author": "Autor:in", "authors": "Autor:innen", "affiliation": "Zugehörigkeit",
        "affiliations": "Zugehörigkeiten", "date": "Veröffentlichungsdatum", "abstract": "Zusammenfassung",
        "keywords": "Schlüsselwörter", "footnotes": "Fußnoten", "references": "Literatur", "note": "Hinweis",
        "tip": "Tipp", "warning": "Warnung", "important": "Wichtig", "caution": "Vorsicht",
    },
}  # fmt: skip
MONTHS: Mapping[str, tuple[str, ...]] = {
    "en": (
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ),
    "de": (
        "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
        "Dezember",
    ),
}  # fmt: skip


def words_of(options: Mapping[str, Any]) -> dict[str, str]:
    """The added words of a document: its language's, then those that its options name.

    Parameters
    ----------
    options : mapping
        The document's options; `lang`, `toc-title` and `abstract-title` are read.

    Returns
    -------
    dict
        Words by role; English for a language that is not known.
    """
    chosen = dict(WORDS.get(_base(options), WORDS["en"]))
    for option, role in (("toc-title", "toc-title"), ("abstract-title", "abstract")):
        if options.get(option):
            chosen[role] = str(options[option])
    return chosen


def long_date(text: str, options: Mapping[str, Any]) -> str:
    """An ISO date written out; any other text unchanged.

    Parameters
    ----------
    text : str
        The date as written.
    options : mapping
        The document's options; `lang` decides the order.

    Returns
    -------
    str
        For example `March 5, 2026`, `5 March 2026` (en-GB) or `5. März 2026`.
    """
    try:
        date = datetime.date.fromisoformat(text)
    except ValueError:
        return text
    base = _base(options) if _base(options) in MONTHS else "en"
    month = MONTHS[base][date.month - 1]
    if base == "de":
        return f"{date.day}. {month} {date.year}"
    if str(options.get("lang", "en")).lower() in ("en", "en-us"):
        return f"{month} {date.day}, {date.year}"
    return f"{date.day} {month} {date.year}"


def _base(options: Mapping[str, Any]) -> str:
    return str(options.get("lang") or "en").lower().partition("-")[0]
