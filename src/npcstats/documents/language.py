"""Words that a renderer adds to a document, by language, and dates written out."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "fig": "Figure", "tbl": "Table", "lst": "Listing", "sec": "Section", "eq": "Equation",
        "toc-title": "Table of contents", "author": "Author", "authors": "Authors", "affiliation": "Affiliation",
        "affiliations": "Affiliations", "date": "Published", "abstract": "Abstract", "keywords": "Keywords",
        "footnotes": "Footnotes", "references": "References", "note": "Note", "tip": "Tip", "warning": "Warning",
        "important": "Important", "caution": "Caution", "code": "Code",
    },
    "de": {
        "fig": "Abbildung", "tbl": "Tabelle", "lst": "Listing", "sec": "Kapitel", "eq": "Gleichung",
        "toc-title": "Inhaltsverzeichnis", "author": "Autor:in", "authors": "Autor:innen",
        "affiliation": "Zugehörigkeit", "affiliations": "Zugehörigkeiten", "date": "Veröffentlichungsdatum",
        "abstract": "Zusammenfassung", "keywords": "Schlüsselwörter", "footnotes": "Fußnoten",
        "references": "Literatur", "note": "Hinweis", "tip": "Tipp", "warning": "Warnung", "important": "Wichtig",
        "caution": "Vorsicht", "code": "Code",
    },
    "es": {
        "fig": "Figura", "tbl": "Tabla", "lst": "Listado", "sec": "Sección", "eq": "Ecuación",
        "toc-title": "Tabla de contenidos", "author": "Autor/a", "authors": "Autores/as", "affiliation": "Afiliación",
        "affiliations": "Afiliaciones", "date": "Fecha de publicación", "abstract": "Resumen",
        "keywords": "Palabras clave", "footnotes": "Notas", "references": "Referencias", "note": "Nota", "tip": "Tip",
        "warning": "Advertencia", "important": "Importante", "caution": "Precaución", "code": "Código",
    },
    "fr": {
        "fig": "Figure", "tbl": "Table", "lst": "Listing", "sec": "Section", "eq": "Équation",
        "toc-title": "Table des matières", "author": "Auteur·rice", "authors": "Auteur·rice·s",
        "affiliation": "Affiliation", "affiliations": "Affiliations", "date": "Date de publication",
        "abstract": "Résumé", "keywords": "Mots clés", "footnotes": "Notes de bas de page",
        "references": "Les références", "note": "Note", "tip": "Astuce", "warning": "Avertissement",
        "important": "Important", "caution": "Mise en garde", "code": "Code",
    },
    "it": {
        "fig": "Figura", "tbl": "Tabella", "lst": "Lista", "sec": "Sezione", "eq": "Equazione", "toc-title": "Indice",
        "author": "Autore/Autrice", "authors": "Autori", "affiliation": "Affiliazione", "affiliations": "Affiliazioni",
        "date": "Data di Pubblicazione", "abstract": "Sommario", "keywords": "Parole chiave", "footnotes": "Note",
        "references": "Referenze", "note": "Nota", "tip": "Consiglio", "warning": "Avviso", "important": "Importante",
        "caution": "Attenzione", "code": "Codice",
    },
    "nl": {
        "fig": "Figuur", "tbl": "Tabel", "lst": "Listing", "sec": "Paragraaf", "eq": "Vergelijking",
        "toc-title": "Inhoudsopgave", "author": "Auteur", "authors": "Auteurs", "affiliation": "Affiliatie",
        "affiliations": "Affiliaties", "date": "Publicatiedatum", "abstract": "Samenvatting",
        "keywords": "Trefwoorden", "footnotes": "Voetnoten", "references": "Referenties", "note": "Opmerking",
        "tip": "Tip", "warning": "Waarschuwing", "important": "Belangrijk", "caution": "Opgelet", "code": "Code",
    },
}  # fmt: skip
LANGUAGES = tuple(WORDS)
# Keys of the option `language` and the role of the word that each gives.
KEYS: Mapping[str, str] = {
    **{f"crossref-{kind}-title": kind for kind in ("fig", "tbl", "lst")},
    **{f"crossref-{kind}-prefix": kind for kind in ("sec", "eq")},
    **{f"callout-{sort}-title": sort for sort in ("note", "tip", "warning", "important", "caution")},
    "toc-title-document": "toc-title", "section-title-abstract": "abstract", "section-title-footnotes": "footnotes",
    "section-title-references": "references", "title-block-author-single": "author",
    "title-block-author-plural": "authors", "title-block-affiliation-single": "affiliation",
    "title-block-affiliation-plural": "affiliations", "title-block-published": "date",
    "title-block-keywords": "keywords", "code-summary": "code",
}  # fmt: skip
OPTION_WORDS: Mapping[str, str] = {
    "toc-title": "toc-title", "abstract-title": "abstract", "code-summary": "code",
    "published-title": "date", "affiliation-title": "affiliation", "author-title": "author",
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
    "es": (
        "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
        "diciembre",
    ),
    "fr": (
        "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
        "décembre",
    ),
    "it": (
        "gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre",
        "novembre", "dicembre",
    ),
    "nl": (
        "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november",
        "december",
    ),
}  # fmt: skip
LONG = {"de": "{day}. {month} {year}", "es": "{day} de {month} de {year}"}


def words_of(options: Mapping[str, Any]) -> dict[str, str]:
    """The added words of a document: its language's, then those that its options name.

    Parameters
    ----------
    options : mapping
        The document's options; `lang`, `language` and titles such as `toc-title` are read.

    Returns
    -------
    dict
        Words by role.
    """
    given = options.get("language") or {}
    named = {role: str(given[key]) for key, role in KEYS.items() if key in given}
    titled = {role: str(options[option]) for option, role in OPTION_WORDS.items() if options.get(option)}
    if "author" in titled:
        titled["authors"] = titled["author"]
    if "affiliation" in titled:
        titled["affiliations"] = titled["affiliation"]
    return {**WORDS[language_of(options)], **named, **titled}


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
    base = language_of(options)
    month = MONTHS[base][date.month - 1]
    if str(options.get("lang") or "en").lower() in ("en", "en-us"):
        return f"{month} {date.day}, {date.year}"
    return LONG.get(base, "{day} {month} {year}").format(day=date.day, month=month, year=date.year)


def language_of(options: Mapping[str, Any]) -> str:
    """The language whose words are used.

    Parameters
    ----------
    options : mapping
        The document's options; `lang` is read.

    Returns
    -------
    str
        One of `LANGUAGES`; English without `lang`, or for one that `check_options` has refused.
    """
    base = str(options.get("lang") or "en").lower().partition("-")[0]
    return base if base in WORDS else "en"
