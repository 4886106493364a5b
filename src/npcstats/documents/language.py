"""Words that a renderer adds to a document, by language, and dates written out."""

from __future__ import annotations

import configparser
import datetime
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import babel

_PARSER = configparser.ConfigParser(interpolation=None)
_PARSER.read(Path(__file__).parent / "words.ini", encoding="utf-8")
WORDS: Mapping[str, Mapping[str, str]] = {language: dict(_PARSER[language]) for language in _PARSER.sections()}
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
# Dates as they may be written, in the order in which Quarto tries them.
DATES = (
    "%Y-%m-%d", "%m/%d/%Y", "%m-%d-%Y", "%m/%d/%y", "%m-%d-%y", "%Y/%m/%d", "%d %B %Y", "%B %d, %Y", "%d %b %Y",
    "%b %d, %Y",
)  # fmt: skip
STYLES = ("full", "long", "medium", "short")
# The parts of a locale's pattern and the tokens that say the same in `date-format`.
CLDR = {"EEEE": "dddd", "y": "YYYY", "yy": "YY", "d": "D", "dd": "DD"}
TOKEN = re.compile(r"\[([^\]]*)\]|YYYY|YY|M{1,4}|Do|DD?|d{1,4}|[AaGgHhkmQSsWwXxZz]")


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
    return {**WORDS[_language_of(options)], **named, **titled}


def format_date(options: Mapping[str, Any], usual: str = "iso") -> str:
    """The date of a document as its options want it; one that is written in no known way stays as it is.

    Parameters
    ----------
    options : mapping
        The document's options; `date`, `date-format` and `lang` are read.
    usual : str
        Style where none is asked for: `iso`, `full`, `long`, `medium`, `short` or tokens such as `D MMMM YYYY`.

    Returns
    -------
    str
        For example `March 5, 2026`, `5 March 2026` (en-GB) or `5. März 2026`; empty without a date.

    Raises
    ------
    ValueError
        If a style is asked for and the date or the style cannot be read.
    """
    given = options.get("date")
    value, own = (given.get("value"), given.get("format")) if isinstance(given, Mapping) else (given, None)
    asked = own or options.get("date-format")
    date = _date(str(value))
    if value is None or (date is None and not asked):
        return str(value or "")
    if date is None:
        raise ValueError(f"is asked of {value!r}, which is no date (year-month-day)")
    style = str(asked or usual)
    if style == "iso":
        return date.isoformat()
    locale = _locale(options)
    if style in STYLES:
        pattern = re.sub("'(.*?)'", r"[\1]", str(locale.date_formats[style].pattern))
        pattern = "EEEE d MMMM y" if pattern == "EEEE, d MMMM y" and locale.language == "en" else pattern
        style = re.sub(r"\[.*?\]|[A-Za-z]+", lambda part: CLDR.get(part[0], part[0]), pattern)
    elif locale.language == "en":
        locale = babel.Locale("en")
    return TOKEN.sub(lambda found: _token(found, date, locale), style)


def _date(text: str) -> datetime.date | None:
    for form in DATES:
        try:
            return datetime.datetime.strptime(text.partition("T")[0], form).date()
        except ValueError:
            continue
    return None


def _token(found: re.Match[str], date: datetime.date, locale: babel.Locale) -> str:
    token, day = found[0], date.day
    if found[1] is not None:
        return found[1]
    months, days = locale.months["format"], locale.days["format"]
    made: dict[str, str] = {
        "YYYY": f"{date.year}", "YY": f"{date.year % 100:02}", "M": f"{date.month}", "MM": f"{date.month:02}",
        "MMM": months["abbreviated"][date.month], "MMMM": months["wide"][date.month],
        "D": f"{day}", "DD": f"{day:02}", "d": f"{date.isoweekday() % 7}",
        "ddd": days["abbreviated"][date.weekday()], "dddd": days["wide"][date.weekday()],
    }  # fmt: skip
    if locale.language == "en":
        made["Do"] = f"{day}" + ("th" if 10 < day < 14 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th"))
    if token not in made:
        raise ValueError(f"holds {token}, a time, a week or an ordinal that is not supported")
    return made[token]


def _locale(options: Mapping[str, Any]) -> babel.Locale:
    """The locale of `lang`, without its region where none is known for it."""
    try:
        return babel.Locale.parse(str(options.get("lang") or "en-US"), sep="-")
    except (ValueError, babel.UnknownLocaleError):
        return babel.Locale.parse(_language_of(options))


def _language_of(options: Mapping[str, Any]) -> str:
    """The language whose words are used: English without `lang`, or for one that is refused."""
    base = str(options.get("lang") or "en").lower().partition("-")[0]
    return base if base in WORDS else "en"
