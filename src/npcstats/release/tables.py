"""CSV and JSON taken apart into values, and what their columns, keys and order tell of arms."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from typing import Any

from npcstats.release.forbidden import Forbidden
from npcstats.release.numbers import CONTRAST, ORDER, SIZES, find_turned
from npcstats.release.parts import Hit, Part, Taken
from npcstats.results import COLUMNS, EVERYONE

BY_ARM, COLUMN = "a value by arm that is no letter of the mask", "a column that tells treatment or persons"
ARM_COLUMN = re.compile(r"(?:ARM|ARMCD|ACTARM|REFERENCE|TRT\d\d[AP]N?|TREATMENT|TRTP|TRTA|GROUP_?ARM)\Z", re.I)
NUMBER = re.compile(r"[-+]?[\d.]+(?:e[-+]?\d+)?\Z", re.I)
FEW = 20
SEPARATORS = ",;\t|"
CALLED = ("arm", "code", "name", "label", "group", "id")
OTHER_THAN_ARMS = {EVERYONE, ""}


def take_csv(text: str, forbidden: Forbidden) -> Taken:
    """Take a table apart.

    Parameters
    ----------
    text : str
        CSV.
    forbidden : Forbidden
        Its letters and treatment columns.

    Returns
    -------
    Taken
        Values that are no numbers, each once; what its columns and its order tell.
    """
    lines = list(csv.reader(io.StringIO(text), delimiter=_separator(text)))
    if not lines:
        return Taken()
    head, rows = lines[0], lines[1:]
    texts = set().union(*rows)
    bare = [value for value in texts if not NUMBER.match(value)]
    hits = [
        Hit("", f"column {name}", COLUMN) for name in head if name.strip().upper() in map(str.upper, forbidden.columns)
    ]
    hits += [hit for place, name in enumerate(head) for hit in _column(name, rows, place, forbidden)]
    hits += [Hit("", "order of its columns", what) for what in find_turned(head, forbidden.letters)]
    hits += [Hit("", "a row of it", SIZES) for row in rows if _is_whole(row, forbidden)]
    if tuple(head) == COLUMNS:
        hits += _order(rows, forbidden)
    parts = (
        Part("names of its columns", "\n".join(head)),
        Part("its values", "\n".join(sorted(bare)), "values"),
    )
    return Taken(parts, (), tuple(dict.fromkeys(hits)))


def _separator(text: str) -> str:
    head = text.split("\n", 1)[0]
    return max(SEPARATORS, key=head.count)


def _column(name: str, rows: list[list[str]], place: int, forbidden: Forbidden) -> Iterator[Hit]:
    """A column of arms holds letters or nothing; a short one of numbers is not the sizes of the arms."""
    if ARM_COLUMN.match(name.strip()):
        if {row[place].strip() for row in rows if place < len(row)} - {*forbidden.letters, *OTHER_THAN_ARMS}:
            yield Hit("", f"column {name}", BY_ARM)
    elif len(rows) < FEW and are_sizes([row[place] for row in rows if place < len(row)], forbidden):
        yield Hit("", f"column {name}", SIZES)


def are_sizes(values: list[Any], forbidden: Forbidden) -> bool:
    """Tell whether a few values are the sizes of the arms of an analysis set, with or without their sum.

    Parameters
    ----------
    values : list
        Numbers or texts.
    forbidden : Forbidden
        Its sizes.

    Returns
    -------
    bool
        Whatever their order.
    """
    found = sorted(re.sub(r"\.0+\Z", "", str(value).strip()) for value in values)
    sets = [one.counts for one in forbidden.sizes if len(one.counts) > 1]
    return any(found in (sorted(map(str, one)), sorted(map(str, (*one, sum(one))))) for one in sets)


def _is_whole(row: list[str], forbidden: Forbidden) -> bool:
    """Whether all numbers of a row are the sizes of the arms, and their sum with them."""
    found = [value for value in row if NUMBER.match(value.strip())]
    return any(len(found) == len(one.counts) + 1 for one in forbidden.sizes) and are_sizes(found, forbidden)


def _order(rows: list[list[str]], forbidden: Forbidden) -> Iterator[Hit]:
    """Rows of results stand in the order of letters within what they are about, and contrasts run one way."""
    arm, reference = COLUMNS.index("arm"), COLUMNS.index("reference")
    first: dict[str, dict[str, None]] = {}
    for row in rows:
        if len(row) > reference and row[arm] in forbidden.letters and not row[reference]:
            first.setdefault(row[0], {})[row[arm]] = None
    turned = [analysis for analysis, letters in first.items() if [*letters] != sorted(letters)]
    if turned:
        yield Hit("", f"order of the rows of {turned[0]}", ORDER)
    contrasts = {(row[arm], row[reference]) for row in rows if len(row) > reference and row[reference]}
    if any(one > other for one, other in contrasts):
        yield Hit("", "column reference", CONTRAST)


def take_json(text: str, forbidden: Forbidden) -> Taken:
    """Take JSON apart, all pairs of an object among them, even those of one name.

    Parameters
    ----------
    text : str
        JSON.
    forbidden : Forbidden
        Its letters and sizes.

    Returns
    -------
    Taken
        Keys and texts; what the order of arms tells.
    """
    texts: list[str] = []
    hits: list[Hit] = []
    _walk(json.loads(text, object_pairs_hook=Pairs), "", texts, hits, forbidden)
    return Taken((Part("its values", "\n".join(dict.fromkeys(texts)), "values"),), (), tuple(dict.fromkeys(hits)))


class Pairs(list[tuple[str, Any]]):
    """Pairs of an object of JSON."""


def _walk(value: Any, key: str, texts: list[str], hits: list[Hit], forbidden: Forbidden) -> None:
    if isinstance(value, str):
        texts.append(value)
        if ARM_COLUMN.match(key) and value in forbidden.names:
            hits.append(Hit("", f"key {key}", BY_ARM))
    elif isinstance(value, Pairs):
        names = [name for name, _ in value]
        texts.extend(names)
        hits += _of_arms(names, key, forbidden)
        if are_sizes([item for _, item in value], forbidden):
            hits.append(Hit("", f"key {key}", SIZES))
        for name, item in value:
            _walk(item, name, texts, hits, forbidden)
    elif isinstance(value, list):
        hits += _of_arms([one for item in value for one in _labels(item)], key, forbidden)
        hits += _of_arms([item for item in value if isinstance(item, str)], key, forbidden)
        if are_sizes(value, forbidden):
            hits.append(Hit("", f"key {key}", SIZES))
        for item in value:
            _walk(item, key, texts, hits, forbidden)


def _labels(value: Any) -> list[str]:
    """What a value of a list is called, where it is an object with a name."""
    pairs = value if isinstance(value, Pairs) else []
    return [str(item).removeprefix("Arm ") for name, item in pairs if name.lower() in CALLED][:1]


def _of_arms(names: list[str], key: str, forbidden: Forbidden) -> Iterator[Hit]:
    """Letters of arms stand in their order wherever several are listed."""
    letters = [name for name in names if name in forbidden.letters]
    if len({*letters}) > 1 and letters != sorted(letters):
        yield Hit("", f"key {key}", ORDER)
    told = {name.removeprefix("Arm ") for name in names}
    if key == "arms" and told - {*forbidden.letters, *OTHER_THAN_ARMS}:
        yield Hit("", f"key {key}", BY_ARM)
