"""The names of a frame's header beside those that are declared."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Mapping

import pandas as pd

from npcstats.schema.columns import Schema
from npcstats.wording import escaped, listed, printable_name

LONGEST_NAME = 64
REPEATED = re.compile(r"\.[0-9]+$")


def header_faults(frame: pd.DataFrame, schema: Schema) -> list[str]:
    """List the columns that are missing, not declared, or named more than once.

    Parameters
    ----------
    frame : DataFrame
        As read.
    schema : Schema
        Its declaration.

    Returns
    -------
    list of str
        Faults; one, of the header as a whole, where it names no declared column.
    """
    names = [str(name) for name in frame.columns]
    count = Counter(names)
    shown = {name: printable_name(name, place) for place, name in reversed([*enumerate(names, start=1)])}
    absent = [column.name for column in schema.columns if column.name not in count and not column.optional]
    unknown = [] if schema.features else [name for name in count if name not in schema.by_name]
    # NAME.1 beside NAME is what other tools make of a column that stands twice; a feature of that name is none.
    again = {name for name in names if schema.features and REPEATED.sub("", name) in {*count} - {name}}
    twice = sorted({name for name in names if count[name] > 1} | again)
    if not count.keys() & schema.by_name.keys():
        return [_no_header(schema, names)]
    faults = []
    if absent:
        hints = [f"{name}{_nearest(name, unknown, shown)}" for name in absent]
        plural = "columns are" if len(absent) > 1 else "column is"
        faults.append(f"{schema.name}: {len(absent)} {plural} missing ({listed(hints)}); all of "
                      f"{listed(_required(schema), 40)} are required.")  # fmt: skip
    if unknown:
        plural = "columns are" if len(unknown) > 1 else "column is"
        told = listed([shown[name] for name in unknown])
        faults.append(f"{schema.name}: {len(unknown):,} {plural} not in the data contract ({told}); map them in the "
                      f"plan's columns or leave them out of the export{_blank_header(names)}.")  # fmt: skip
    if twice:
        told = listed([shown[name] for name in twice])
        faults.append(f"{schema.name}: columns named more than once ({told}); each name once is required"
                      f"{_blank_header(names)}.")  # fmt: skip
    return faults


def _no_header(schema: Schema, names: list[str]) -> str:
    found = {name.strip().casefold(): name for name in names}
    near = [f"perhaps {name} for {escaped(found[name.casefold()])}" for name in schema.by_name
            if name.casefold() in found]  # fmt: skip
    if near:
        return (f"{schema.name}: the header's names are not the contract's, but for capitals or blanks ({listed(near)}"
                "); map them in the plan's columns.")  # fmt: skip
    required = listed(_required(schema), 40)
    return f"{schema.name}: the first line names none of its columns; a header line is required ({required})."


def _required(schema: Schema) -> list[str]:
    return [column.name for column in schema.columns if not column.optional]


def _blank_header(names: list[str]) -> str:
    if all(name.strip() for name in names):
        return ""
    place = "the header ends with a delimiter" if not names[-1].strip() else "a name of the header is blank"
    return f"; {place}, and each column needs a name"


def _nearest(name: str, candidates: list[str], shown: Mapping[str, str]) -> str:
    folded = {candidate.strip().casefold(): candidate for candidate in candidates if len(candidate) <= LONGEST_NAME}
    near = difflib.get_close_matches(name.casefold(), list(folded), n=1, cutoff=0.6)
    # what differs only in capitals or blanks is the contract's own name, and can be shown
    own = near and near[0] == name.casefold()
    return f", perhaps {escaped(folded[near[0]]) if own else shown[folded[near[0]]]}" if near else ""


def shown_name(frame: pd.DataFrame, name: str, schema: Schema) -> str:
    """Show a declared name, or a feature's as far as it cannot tell a person.

    Parameters
    ----------
    frame : DataFrame
        As read.
    name : str
        Of one of its columns.
    schema : Schema
        Its declaration.

    Returns
    -------
    str
        The name, or the column's number and what stands there.
    """
    return name if name in schema.by_name else printable_name(name, list(map(str, frame.columns)).index(name) + 1)
