"""A REDCap data dictionary: which fields a project has, on which form, with which choices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from npcstats.errors import DataError
from npcstats.provenance import hash_bytes
from npcstats.readers.cells import finder
from npcstats.readers.files import read_content, read_frame
from npcstats.readers.source import Source, targets
from npcstats.schema import Origin, Schema, distinct_values, near_level, value_fault
from npcstats.wording import listed

# As the web page and as the programming interface name them.
HEADINGS = {
    "field": ("Variable / Field Name", "field_name"),
    "form": ("Form Name", "form_name"),
    "type": ("Field Type", "field_type"),
    "choices": ("Choices, Calculations, OR Slider Labels", "select_choices_or_calculations"),
}
EVENT, INSTRUMENT, INSTANCE = "redcap_event_name", "redcap_repeat_instrument", "redcap_repeat_instance"
OWN = (EVENT, INSTRUMENT, INSTANCE, "redcap_data_access_group", "redcap_survey_identifier")
CHOOSING = ("radio", "dropdown")
BOOLEAN = {"yesno": ("0", "1"), "truefalse": ("0", "1")}


@dataclass(frozen=True)
class Field:
    """A field: the form it is on, and its choices, empty where any value may stand."""

    form: str
    choices: tuple[str, ...]


def read_dictionary(path: Path) -> tuple[dict[str, Field], str]:
    """Read a data dictionary.

    Parameters
    ----------
    path : Path
        CSV, as REDCap writes it.

    Returns
    -------
    dict of str to Field
        By field of the export; a checkbox is one field for each choice.
    str
        SHA-256 of the bytes that were read.

    Raises
    ------
    DataError
        If the file is missing or is no data dictionary.
    """
    if not path.is_file():
        raise DataError(f"{path.name}: there is no such file; the project's data dictionary is required.")
    content = read_content(path)
    raw = read_frame(path, content=content)
    found = {what: [name for name in names if name in raw.columns] for what, names in HEADINGS.items()}
    lacking = [HEADINGS[what][0] for what, names in found.items() if len(names) != 1]
    if lacking:
        raise DataError(
            f"{path.name}: no column {', '.join(lacking)}; the data dictionary of a REDCap project is required."
        )
    columns = (raw[found[what][0]].tolist() for what in HEADINGS)
    fields: dict[str, Field] = {}
    for name, form, kind, text in zip(*columns, strict=True):
        codes = tuple(item.partition(",")[0].strip() for item in text.split("|")) if text else ()
        if kind == "checkbox":
            fields |= {f"{name}___{code.lower()}": Field(form, ("0", "1")) for code in codes}
        else:
            fields[name] = Field(form, codes if kind in CHOOSING else BOOLEAN.get(kind, ()))
    return fields, hash_bytes(content)


def check_dictionary(
    raw: pd.DataFrame, fields: Mapping[str, Field], source: Source, schema: Schema, file: str
) -> list[str]:
    """List where an export or its source disagrees with the data dictionary.

    Parameters
    ----------
    raw : DataFrame
        The export.
    fields : mapping of str to Field
        From `read_dictionary`.
    source : Source
        What the plan takes.
    schema : Schema
        Of the frame; an identifier's values are never told.
    file : str
        The export's name.

    Returns
    -------
    list of str
        Faults; empty when they agree.
    """
    taken = [name for name in source.columns if name not in OWN]
    faults = []
    unknown = [name for name in taken if name not in fields]
    if unknown:
        faults.append(f"{file}: {len(unknown)} of the plan's fields not in the data dictionary ({listed(unknown)}); "
                      "fields of the project are required.")  # fmt: skip
    faults += _form_faults(taken, fields, source, file)
    for name in taken:
        field = fields.get(name)
        if field is not None and field.choices:
            faults += _choice_faults(name, raw[name], field.choices, source, schema, file)
    return faults


def _form_faults(taken: Sequence[str], fields: Mapping[str, Field], source: Source, file: str) -> list[str]:
    """Forms that the project does not have, and fields that stand on other forms than the rows that are taken."""
    faults = []
    forms = {field.form for field in fields.values()}
    wanted = [form for form in source.rows.get(INSTRUMENT, ()) if form]
    for form in wanted:
        if form not in forms:
            known = listed(sorted(forms), 40)
            faults.append(f"{file}: instrument {form} is not in the data dictionary; one of {known} is required.")
    record = next(iter(fields), "")
    astray = [
        name for name in taken if wanted and name in fields and name != record and fields[name].form not in wanted
    ]
    if astray:
        faults.append(f"{file}: {len(astray)} of the plan's fields not on the form {', '.join(wanted)} "
                      f"({listed(astray)}); fields of that form are required.")  # fmt: skip
    return faults


def _choice_faults(
    name: str, values: pd.Series, choices: tuple[str, ...], source: Source, schema: Schema, file: str
) -> list[str]:
    """Values of a field, and codes of the plan for it, that are not its choices."""
    faults = []
    find = finder(("", *choices))
    codes, found = distinct_values(values)
    bad = np.array([*(find(value) is None for value in found), False], dtype=bool)[codes]
    fed = targets(source.columns, name)
    if bad.any():
        faults.append(
            value_fault(
                f"{file}.{name}",
                "not among the field's choices",
                values,
                bad,
                f"one of {listed(choices, 40)} is required",
                origin=Origin(),
                hidden=any(getattr(schema.by_name.get(column), "kind", "") == "identifier" for column in fed),
                why=partial(_near_choice, choices),
            )
        )
    for column in fed:
        listing = source.codes.get(column)
        if listing is not None and {*listing} - {""} != {*choices}:
            faults.append(f"{file}.{name}: the plan's code list has {listed([*listing], 40)}; the field's choices "
                          f"{listed(choices, 40)} are required, each once.")  # fmt: skip
    return faults


def _near_choice(choices: Sequence[str], value: object) -> tuple[str, str]:
    return near_level(value, choices), ""
