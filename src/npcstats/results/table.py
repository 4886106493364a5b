"""The results table: one row, one scalar; and the catalogue beside it, which holds what a row cannot.

Everything left of this module knows participants, everything right of it nothing. Rows are written and read back
bit for bit; a key names a row once and is what a printed number carries.
"""

from __future__ import annotations

import csv
import gc
import io
import json
import math
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields, replace
from functools import cached_property
from operator import attrgetter, itemgetter
from pathlib import Path
from typing import Any

from npcstats.errors import ResultsError
from npcstats.estimators.types import Interval
from npcstats.provenance import OPENED_VARIABLE, PROVENANCE, check_files, read_provenance

KEY_COLUMNS = (
    "analysis",
    "population",
    "subgroup",
    "arm",
    "reference",
    "block",
    "variable",
    "level",
    "window",
    "time",
    "measure",
    "stat",
)
PAYLOAD_COLUMNS = ("value", "unit", "method", "conf_level", "note")
COLUMNS = KEY_COLUMNS + PAYLOAD_COLUMNS
NUMBERS = ("time", "value", "conf_level")
SEPARATOR = "|"
EVERYONE = "all"
WITHHELD = "Withheld: "
"""How the note of a number begins that is known but not published; such a number is printed as ``s``."""

_BREAKS_KEY, _BREAKS_LINE = re.compile(r'["\n\r]'), re.compile(r"[\n\r]")
_before_time, _after_time = attrgetter(*KEY_COLUMNS[: KEY_COLUMNS.index("time")]), attrgetter("measure", "stat")
_columns_of = attrgetter(*COLUMNS)
_NAN = math.nan

STATS = ("estimate", "ci_low", "ci_high", "std_error", "df", "statistic", "p_value", "count", "total")

MEASURES: dict[str, str] = {
    "participants": "participants in the group",
    "not_evaluable": "participants of the group who are outside the denominator",
    "observed": "participants with a value",
    "missing": "participants without a value",
    "records": "records, several per participant possible",
    "proportion": "share of a group",
    "mean": "arithmetic mean",
    "std_deviation": "standard deviation",
    "minimum": "smallest value",
    "first_quartile": "25th percentile",
    "median": "50th percentile",
    "third_quartile": "75th percentile",
    "maximum": "largest value",
    "smd": "standardized mean difference",
    "risk": "participants with an event over those evaluable",
    "risk_difference": "difference of two risks",
    "geometric_mean": "geometric mean",
    "change": "mean of the change from baseline",
    "mean_difference": "difference of two mean changes from baseline",
    "change_ratio": "geometric mean of the ratio to baseline",
    "geometric_mean_ratio": "ratio of two geometric means of ratios to baseline",
    "survival": "probability of no event by a landmark time",
    "survival_curve": "probability of no event, at each step of the curve",
    "censored_curve": "participants censored at a time",
    "at_risk": "participants under observation just before a time",
    "events": "participants with the event",
    "median_survival": "time by which half have had the event",
    "follow_up": "quantile of follow-up, by reverse Kaplan-Meier",
    "logrank": "log-rank test of equal curves",
    "trend": "test for a trend of survival over ordered groups",
    "restricted_mean": "mean time without the event up to a horizon",
    "survival_difference": "difference of two survival probabilities at a landmark time",
    "restricted_mean_difference": "difference of two restricted means",
    "incidence": "probability of an event by a landmark time, others competing",
    "incidence_curve": "probability of an event, at each step of the curve",
    "incidence_difference": "difference of two incidences at a landmark time",
    "gray": "Gray's test of equal incidence",
    "hazard_ratio": "ratio of two hazards, or for one unit of a covariate",
    "log_hazard_ratio": "natural logarithm of a hazard ratio",
    "proportional_hazards": "test that a hazard ratio does not change with time",
    "scaled_residual": "scaled Schoenfeld residual plus the log hazard ratio, at an event",
    "coefficient_course": "smooth log hazard ratio over time",
    "interaction": "test that a hazard ratio is the same in all levels of a subgroup",
    "enrolled": "participants enrolled by a time",
    "expected_enrolled": "participants planned to be enrolled by a time",
    "projected_date": "day on which enrolment is projected to be complete, as days since 0000-12-31",
    "threshold": "the plan's threshold for a look",
    "threshold_passed": "1 where the watched number is beyond its threshold, else 0",
}


@dataclass(frozen=True, eq=False)
class Row:
    """One scalar of one analysis; see the columns of the results table."""

    analysis: str
    population: str
    measure: str
    stat: str
    value: float
    subgroup: str = EVERYONE
    arm: str = EVERYONE
    reference: str = ""
    block: str = ""
    variable: str = ""
    level: str = ""
    window: str = ""
    time: float = math.nan
    unit: str = ""
    method: str = ""
    conf_level: float = math.nan
    note: str = ""

    def __post_init__(self) -> None:
        """Make numbers plain, and every NaN the same object, so that equal rows compare equal."""
        for name in NUMBERS:
            number = getattr(self, name)
            if number is not _NAN and (type(number) is not float or math.isnan(number)):
                number = float(number)
                object.__setattr__(self, name, _NAN if math.isnan(number) else number)

    def __eq__(self, other: object) -> bool:
        """Tell whether every column is the same, NaN with NaN."""
        return isinstance(other, Row) and self._columns() == other._columns()

    def __hash__(self) -> int:
        """Hash by key."""
        return hash(self.key)

    def _columns(self) -> tuple[str | float, ...]:
        # As tuples, because they compare identical objects as equal, NaN included.
        columns: tuple[str | float, ...] = _columns_of(self)
        return columns

    @cached_property
    def key(self) -> str:
        """The row's key as one text.

        Returns
        -------
        str
            Parts in the order of `KEY_COLUMNS`, separated by ``|``.
        """
        return SEPARATOR.join((*_before_time(self), _text(self.time), *_after_time(self)))

    @cached_property
    def faults(self) -> tuple[str, ...]:
        """What breaks the contract of a row.

        Returns
        -------
        tuple of str
            One text each; empty where nothing does.
        """
        found = []
        if self.measure not in MEASURES:
            found.append(f"{self.analysis}: measure {self.measure!r} is not in the vocabulary")
        if self.stat not in STATS:
            found.append(f"{self.analysis}: stat {self.stat!r} is not in the vocabulary")
        if math.isnan(self.value) and not self.note:
            found.append(f"{self.key}: no value and no note")
        if self.key.count(SEPARATOR) != len(KEY_COLUMNS) - 1 or _BREAKS_KEY.search(self.key):
            found.append(f"{self.analysis}: a key part holds a quote, a line break or {SEPARATOR!r}")
        if _BREAKS_LINE.search(f"{self.unit}{self.method}{self.note}"):
            found.append(f"{self.key}: a unit, method or note holds a line break")
        return tuple(found)


_NUMBER_PLACES = tuple(COLUMNS.index(name) for name in NUMBERS)
_in_row_order = itemgetter(*(COLUMNS.index(item.name) for item in fields(Row)))


@dataclass(frozen=True)
class Analysis:
    """What a display needs to know of one analysis.

    Parameters
    ----------
    label : str
        Its name on the page.
    kind : str
        What kind of analysis it is, such as ``toxicity``.
    status : str
        ``planned`` or ``post hoc``.
    population : str
        Code of the analysis set.
    sentences : mapping of str to str
        Footnotes by topic (population, denominator, period, method, adjustment, ...), each a full sentence.
    choices : mapping of str to str
        Statistical choices as the plan made them.
    labels : mapping of str to mapping of str to str
        Per key column, codes in page order and their labels.
    units : mapping of str to str
        Unit of each variable.
    """

    label: str
    kind: str
    status: str
    population: str
    sentences: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Catalogue:
    """Words and order for a results table.

    Parameters
    ----------
    study : mapping of str to str
        Registry, titles, cut-off in words, session, rounding, whether the data are synthetic.
    arms : mapping of str to str
        Arm codes in page order and their labels; empty in an open study.
    populations : mapping of str to str
        Codes and defining sentences.
    analyses : mapping of str to Analysis
        By analysis id, in plan order.
    provenance : mapping of str to str
        Hashes, versions, cut-off and seed of the run.
    conventions : mapping of str to mapping of str to str
        Statistical conventions in force, each with its topic and its equivalents in R and SAS.
    figures : mapping of str to mapping of str to str
        What the plan chose to draw in each figure of the session: band, window, share shown, number shown.
    """

    study: Mapping[str, str]
    arms: Mapping[str, str]
    populations: Mapping[str, str]
    analyses: Mapping[str, Analysis]
    provenance: Mapping[str, str] = field(default_factory=dict)
    conventions: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    figures: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Results:
    """Rows in plan order, their catalogue, and the folder they were read from, if any.

    Raises
    ------
    ResultsError
        On construction, if a row is outside the vocabulary, a key stands twice, or a missing value has no note.
    """

    rows: tuple[Row, ...]
    catalogue: Catalogue
    folder: Path | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        """Check the contract of every row."""
        keys = [row.key for row in self.rows]
        faults = [] if _are_sound(self.rows, keys) else [fault for row in self.rows for fault in row.faults]
        if len(set(keys)) < len(keys):
            faults += [f"key {key} stands {count} times" for key, count in Counter(keys).items() if count > 1]
        if faults:
            more = f" and {len(faults) - 3} more" if len(faults) > 3 else ""
            raise ResultsError(f"results: {'; '.join(faults[:3])}{more}; unique keys of known terms are required.")

    @cached_property
    def by_key(self) -> Mapping[str, Row]:
        """Rows by key.

        Returns
        -------
        mapping of str to Row
            Every row.
        """
        return {row.key: row for row in self.rows}

    @cached_property
    def by_analysis(self) -> Mapping[str, tuple[Row, ...]]:
        """Rows by analysis.

        Returns
        -------
        mapping of str to tuple of Row
            Analysis ids in order, each with its rows in order.
        """
        grouped: dict[str, list[Row]] = {}
        for row in self.rows:
            grouped.setdefault(row.analysis, []).append(row)
        return {name: tuple(rows) for name, rows in grouped.items()}

    @cached_property
    def by_measure(self) -> Mapping[tuple[str, str], tuple[Row, ...]]:
        """Rows by analysis and measure.

        Returns
        -------
        mapping of (str, str) to tuple of Row
            Rows of each in order.
        """
        grouped: dict[tuple[str, str], list[Row]] = {}
        for row in self.rows:
            grouped.setdefault((row.analysis, row.measure), []).append(row)
        return {name: tuple(rows) for name, rows in grouped.items()}


def _are_sound(rows: Sequence[Row], keys: Sequence[str]) -> bool:
    """Whether no row has a fault: all at once, since most results have none and there are many."""
    separators = len(KEY_COLUMNS) - 1
    return (
        {row.measure for row in rows} <= MEASURES.keys()
        and {row.stat for row in rows} <= set(STATS)
        and all(row.note for row in rows if row.value is _NAN)
        and all(key.count(SEPARATOR) == separators for key in keys)
        and not _BREAKS_KEY.search("".join(keys))
        and not _BREAKS_LINE.search("".join({part for row in rows for part in (row.unit, row.method, row.note)}))
    )


def is_withheld(row: Row) -> bool:
    """Tell whether a number is known but not published.

    Parameters
    ----------
    row : Row
        Of public results.

    Returns
    -------
    bool
        True where its value is NaN and its note says so.
    """
    return math.isnan(row.value) and row.note.startswith(WITHHELD)


def _text(value: str | float) -> str:
    if isinstance(value, str):
        return value
    return "" if math.isnan(value) else repr(float(value)).removesuffix(".0")


def interval_rows(template: Row, interval: Interval) -> list[Row]:
    """Rows of an estimate and its limits.

    Parameters
    ----------
    template : Row
        Carries key parts and measure; its ``stat`` and payload are replaced.
    interval : Interval
        From an estimator.

    Returns
    -------
    list of Row
        ``estimate``, ``ci_low``, ``ci_high``.
    """
    numbers = {"estimate": interval.estimate, "ci_low": interval.lower, "ci_high": interval.upper}
    payload: dict[str, Any] = {"method": interval.method, "conf_level": interval.conf_level, "note": interval.note}
    return [replace(template, stat=stat, value=float(value), **payload) for stat, value in numbers.items()]


def count_rows(template: Row, count: int, total: int) -> list[Row]:
    """Rows of a count and of its denominator.

    Parameters
    ----------
    template : Row
        Carries key parts and measure; its ``stat`` and ``value`` are replaced.
    count, total : int
        Numerator and denominator.

    Returns
    -------
    list of Row
        ``count``, ``total``.
    """
    return [replace(template, stat="count", value=float(count)), replace(template, stat="total", value=float(total))]


def share_rows(template: Row, count: int, total: int) -> list[Row]:
    """Rows of a count, its denominator and their ratio, without limits.

    Parameters
    ----------
    template : Row
        Carries key parts and measure; its ``stat`` and ``value`` are replaced.
    count, total : int
        Numerator and denominator.

    Returns
    -------
    list of Row
        ``count``, ``total``, ``estimate``; the last is NaN with a note for an empty denominator.
    """
    share = count / total if total else math.nan
    note = "" if total else "Nobody is in the denominator."
    return [*count_rows(template, count, total), replace(template, stat="estimate", value=share, note=note)]


def select(results: Results, **wanted: object) -> tuple[Row, ...]:
    """Rows whose columns equal what is asked, in order.

    Parameters
    ----------
    results : Results
        The table.
    **wanted : str, float or collection of str
        Column names and the value, or the values, wanted.

    Returns
    -------
    tuple of Row
        Possibly empty.

    Raises
    ------
    ResultsError
        If a name is not a column.
    """
    _check_columns(wanted)
    rows: Sequence[Row] = results.rows
    analysis, measure = wanted.get("analysis"), wanted.get("measure")
    if isinstance(analysis, str) and isinstance(measure, str):
        rows = results.by_measure.get((analysis, measure), ())
    elif isinstance(analysis, str):
        rows = results.by_analysis.get(analysis, ())
    for name, value in wanted.items():
        column = attrgetter(name)
        if isinstance(value, float) and math.isnan(value):
            rows = [row for row in rows if column(row) is _NAN]
        elif isinstance(value, str) or not isinstance(value, Iterable):
            rows = [row for row in rows if column(row) == value]
        else:
            rows = [row for row in rows if column(row) in value]
    return tuple(rows)


def one(results: Results, **wanted: object) -> Row:
    """Return the single row whose columns equal what is asked.

    Parameters
    ----------
    results : Results
        The table.
    **wanted : str, float or collection of str
        Column names and values.

    Returns
    -------
    Row
        The only match.

    Raises
    ------
    ResultsError
        If no row or more than one row matches.
    """
    rows = select(results, **wanted)
    if len(rows) == 1:
        return rows[0]
    asked = ", ".join(f"{name}={value!r}" for name, value in wanted.items())
    shown = f" (first: {rows[0].key}; {rows[1].key})" if rows else ""
    raise ResultsError(f"results: {len(rows)} rows for {asked}{shown}; exactly one is required.")


def _check_columns(wanted: Mapping[str, object]) -> None:
    unknown = [name for name in wanted if name not in COLUMNS]
    if unknown:
        raise ResultsError(f"results: {', '.join(unknown)} is not a column; one of {', '.join(COLUMNS)} is required.")


def concat(parts: Sequence[Results]) -> Results:
    """Join results of one study, in order.

    Parameters
    ----------
    parts : sequence of Results
        At least one; they share study, arms and populations.

    Returns
    -------
    Results
        All rows and all analyses.

    Raises
    ------
    ResultsError
        If there is no part, the parts are of different studies, or an analysis stands in two parts.
    """
    if not parts:
        raise ResultsError("results: nothing to join; at least one part is required.")
    first = parts[0].catalogue
    if any(
        (p.catalogue.study, p.catalogue.arms, p.catalogue.populations) != (first.study, first.arms, first.populations)
        for p in parts
    ):
        raise ResultsError("results: parts of different studies or cut-offs; parts of one study are required.")
    analyses: dict[str, Analysis] = {}
    for part in parts:
        twice = analyses.keys() & part.catalogue.analyses.keys()
        if twice:
            raise ResultsError(f"results: analysis {', '.join(sorted(twice))} stands twice; unique ids are required.")
        analyses.update(part.catalogue.analyses)
    catalogue = Catalogue(first.study, first.arms, first.populations, analyses)
    return Results(tuple(row for part in parts for row in part.rows), catalogue)


@dataclass(frozen=True)
class Difference:
    """A key at which two results tables differ: the old and the new row, None where absent."""

    key: str
    old: Row | None
    new: Row | None


def diff(old: Results, new: Results, tolerance: float) -> tuple[Difference, ...]:
    """Compare two results tables by key.

    Parameters
    ----------
    old, new : Results
        The tables.
    tolerance : float
        Largest relative difference of two values that counts as equal, 0 or more; other columns must be the same.

    Returns
    -------
    tuple of Difference
        In the order of `old`, then keys only in `new`; empty when the tables agree.
    """
    keys = list(old.by_key) + [key for key in new.by_key if key not in old.by_key]
    pairs = ((key, old.by_key.get(key), new.by_key.get(key)) for key in keys)
    return tuple(Difference(key, a, b) for key, a, b in pairs if a is None or b is None or not _same(a, b, tolerance))


def _same(a: Row, b: Row, tolerance: float) -> bool:
    words = all(getattr(a, name) == getattr(b, name) for name in ("unit", "method", "note"))
    return words and _close(a.conf_level, b.conf_level, 0.0) and _close(a.value, b.value, tolerance)


def _close(a: float, b: float, tolerance: float) -> bool:
    if math.isnan(a) or math.isnan(b):
        return math.isnan(a) and math.isnan(b)
    return a == b or math.isclose(a, b, rel_tol=tolerance, abs_tol=0.0)


def results_text(results: Results) -> str:
    """Print the rows as CSV, numbers in their shortest exact form.

    Parameters
    ----------
    results : Results
        The table.

    Returns
    -------
    str
        Header and rows, lines ended by a line feed.
    """
    sink = io.StringIO()
    writer = csv.writer(sink, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([_text(value) for value in _columns_of(row)] for row in results.rows)
    return sink.getvalue()


def catalogue_text(catalogue: Catalogue) -> str:
    """Print a catalogue as JSON.

    Parameters
    ----------
    catalogue : Catalogue
        Words and order.

    Returns
    -------
    str
        JSON, keys in page order.
    """
    return json.dumps(asdict(catalogue), ensure_ascii=False, indent=1) + "\n"


def write_results(results: Results, folder: Path) -> None:
    """Write ``results.csv`` and ``catalogue.json`` into a folder that exists.

    Parameters
    ----------
    results : Results
        The table.
    folder : Path
        Where to write.
    """
    (folder / "results.csv").write_bytes(results_text(results).encode())
    (folder / "catalogue.json").write_bytes(catalogue_text(results.catalogue).encode())


def read_results(folder: Path) -> Results:
    """Read what `write_results` wrote, bit for bit.

    Parameters
    ----------
    folder : Path
        Holds ``results.csv`` and ``catalogue.json``.

    Returns
    -------
    Results
        Equal to what was written.

    Raises
    ------
    ResultsError
        If a file is missing or is not what `write_results` writes, or a run tells that it wrote another.
    """
    if (folder / PROVENANCE).exists():
        check_files(folder)
    try:
        text = (folder / "results.csv").read_text(encoding="utf-8")
        with _nothing_to_collect():
            rows = tuple(_read_rows(text))
        catalogue = _read_catalogue(json.loads((folder / "catalogue.json").read_text(encoding="utf-8")))
    except OSError as error:
        raise ResultsError(f"{folder}: {error.strerror} ({Path(str(error.filename)).name}); results.csv and "
                           "catalogue.json of a run are required.") from error  # fmt: skip
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ResultsError(f"{folder}: not a results folder ({error}); the files of a run are required.") from error
    _tell_opened(folder)
    return Results(rows, catalogue, folder)


def _tell_opened(folder: Path) -> None:
    """Tell the renderer of a document, which asks for it, whose results its cells read."""
    asked = os.environ.get(OPENED_VARIABLE)
    if asked:
        with Path(asked).open("a", encoding="utf-8") as told:
            told.write(f"{folder.resolve()}\n")


@contextmanager
def _nothing_to_collect() -> Iterator[None]:
    """Let Python not look for circles among many new objects that have none, which takes as long as making them."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def open_results(session: str) -> Results:
    """Read the results of a session of the run that is being reported.

    Parameters
    ----------
    session : str
        Name of a view of the plan, such as ``open`` or ``closed``.

    Returns
    -------
    Results
        From ``$NPCSTATS_RESULTS``, else from ``analysis/results`` beside the nearest ``_quarto.yml``.

    Raises
    ------
    ResultsError
        If there is no such folder, or its files are not those that a run made.
    """
    named = os.environ.get("NPCSTATS_RESULTS")
    folder = (Path(named) if named else _project_results()) / session
    if not folder.is_dir():
        raise ResultsError(f"{folder}: no results of session {session!r}; `npcstats results` makes them.")
    read_provenance(folder)
    return read_results(folder)


def _project_results() -> Path:
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / "_quarto.yml").is_file():
            return folder / "analysis" / "results"
    raise ResultsError(f"{here}: no _quarto.yml here or above; a report is rendered inside its project.")


def _read_rows(text: str) -> Iterable[Row]:
    reader = csv.reader(io.StringIO(text, newline=""))
    if tuple(next(reader, ())) != COLUMNS:
        raise ValueError("results.csv has other columns")
    for record in reader:
        cells: list[Any] = record
        if len(cells) != len(COLUMNS):
            raise ValueError(f"results.csv has a row of {len(cells)} cells")
        for place in _NUMBER_PLACES:
            cells[place] = float(cells[place]) if cells[place] else math.nan
        yield Row(*_in_row_order(cells))


def _read_catalogue(content: dict[str, Any]) -> Catalogue:
    names = {item.name for item in fields(Analysis)}
    analyses = {name: Analysis(**{k: v for k, v in a.items() if k in names}) for name, a in content["analyses"].items()}
    return Catalogue(**{**content, "analyses": analyses})


@dataclass(frozen=True)
class Listing:
    """Rows of text under named columns.

    Parameters
    ----------
    columns : tuple of str
        Codes of the columns.
    rows : tuple of tuple of str
        One per record, in the order of the participants' numbers and of time.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def write_listing(listing: Listing, path: Path) -> None:
    """Write a listing as CSV.

    Parameters
    ----------
    listing : Listing
        Its records.
    path : Path
        File; its folder exists.
    """
    sink = io.StringIO()
    writer = csv.writer(sink, lineterminator="\n")
    writer.writerow(listing.columns)
    writer.writerows(listing.rows)
    path.write_bytes(sink.getvalue().encode())


def read_listing(path: Path) -> Listing:
    """Read what `write_listing` wrote.

    Parameters
    ----------
    path : Path
        File.

    Returns
    -------
    Listing
        The same records.

    Raises
    ------
    ResultsError
        If there is no such file.
    """
    try:
        rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
    except OSError as error:
        raise ResultsError(f"{path}: {error.strerror}; a listing of the run is required.") from error
    return Listing(tuple(rows[0]), tuple(tuple(row) for row in rows[1:]))
