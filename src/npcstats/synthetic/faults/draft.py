"""Frames on their way to planted faults: what changes them, lists what a rule should find, and looks at a person."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from npcstats.study import ENTERED, Design
from npcstats.synthetic.truth import Truth
from npcstats.synthetic.write import number_text

ENTRY_DAYS = 9
"""Days from something planted to its entry in the database."""


@dataclass(frozen=True, order=True)
class Planted:
    """What a planted fault leads a rule to find: the rule's id, the frame, and the row after planting, from 1."""

    rule: str
    frame: str
    row: int


@dataclass
class Draft:
    """Frames on their way: changed in place, with records to be added and what was planted."""

    frames: dict[str, pd.DataFrame]
    design: Design
    truth: Truth
    added: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    planted: list[Planted] = field(default_factory=list)
    places: dict[str, dict[str, np.ndarray]] = field(init=False)

    def __post_init__(self) -> None:
        """Find every participant's rows once."""
        self.places = {
            name: {str(who): np.asarray(rows) for who, rows in frame.groupby("USUBJID").indices.items()}
            for name, frame in self.frames.items()
            if "USUBJID" in frame
        }

    def rows(self, name: str, who: str) -> pd.DataFrame:
        """Return a participant's rows, with their positions as the index.

        Parameters
        ----------
        name : str
            Frame.
        who : str
            Participant.

        Returns
        -------
        DataFrame
            Empty where the participant has none.
        """
        return self.frames[name].iloc[self.places[name].get(who, np.array([], dtype=int))]

    def person(self, who: str) -> pd.Series:
        """Return a participant's row of ADSL; its name is its position.

        Parameters
        ----------
        who : str
            Participant.

        Returns
        -------
        Series
            The row.
        """
        return self.rows("adsl", who).iloc[0]

    def change(self, name: str, row: object, *, rules: Iterable[str], **values: Any) -> bool:
        """Change values of a row, and list the rules that find it.

        Parameters
        ----------
        name : str
            Frame.
        row : object
            Position of the row.
        rules : iterable of str
            Ids of the rules.
        **values
            New values by column.

        Returns
        -------
        bool
            True: the fault is planted.
        """
        place = int(str(row))
        for column, value in values.items():
            self.frames[name].loc[place, column] = value
        self.planted += [Planted(rule, name, place + 1) for rule in rules]
        return True

    def add(self, name: str, template: pd.Series, *, rules: Iterable[str], **values: Any) -> bool:
        """Add a record like another one, and list the rules that find it.

        Parameters
        ----------
        name : str
            Frame.
        template : Series
            The other record.
        rules : iterable of str
            Ids of the rules.
        **values
            What differs, by column.

        Returns
        -------
        bool
            True: the fault is planted.
        """
        records = self.added.setdefault(name, [])
        records.append({**{str(name): value for name, value in template.items()}, **values})
        self.planted += [Planted(rule, name, len(self.frames[name]) + len(records)) for rule in rules]
        return True

    def expect(self, name: str, row: object, *rules: str) -> None:
        """List rules that find a row because of a fault elsewhere.

        Parameters
        ----------
        name : str
            Frame.
        row : object
            Position of the row.
        *rules : str
            Ids of the rules.
        """
        self.planted += [Planted(rule, name, int(str(row)) + 1) for rule in rules]

    def finished(self) -> dict[str, pd.DataFrame]:
        """Return the frames with the added records last.

        Returns
        -------
        dict of str to DataFrame
            All frames.
        """
        whole = dict(self.frames)
        for name, records in self.added.items():
            frame = self.frames[name]
            whole[name] = pd.concat([frame, pd.DataFrame(records).astype(frame.dtypes)], ignore_index=True)
        return whole


Plant = Callable[[Draft, str], bool]
"""Plants one fault in a participant, or returns False where it does not fit."""


def days(count: int) -> pd.Timedelta:
    """Return a span of whole days.

    Parameters
    ----------
    count : int
        How many.

    Returns
    -------
    Timedelta
        The span.
    """
    return pd.Timedelta(days=count)


def recorded(day: pd.Timestamp) -> dict[str, pd.Timestamp]:
    """Return when something planted entered the database.

    Parameters
    ----------
    day : Timestamp
        When it happened.

    Returns
    -------
    dict of str to Timestamp
        The day of entry, by its column.
    """
    return {ENTERED: day + days(ENTRY_DAYS)}


def value_of(amount: float) -> dict[str, Any]:
    """Return a number as a laboratory value holds it.

    Parameters
    ----------
    amount : float
        The number.

    Returns
    -------
    dict
        Number and text, by column.
    """
    return {"AVAL": amount, "AVALC": number_text(amount)}


def is_alive(person: pd.Series) -> bool:
    """Tell whether a participant has neither died nor left the study.

    Parameters
    ----------
    person : Series
        Row of ADSL.

    Returns
    -------
    bool
        True for one still followed.
    """
    return bool(pd.isna(person["DTHDT"]) and pd.isna(person["EOSDT"]))


def first_row(rows: pd.DataFrame) -> pd.Series | None:
    """Return the first of some rows.

    Parameters
    ----------
    rows : DataFrame
        Any rows.

    Returns
    -------
    Series or None
        None where there are none.
    """
    return None if rows.empty else rows.iloc[0]


def changed_a_dose(events: pd.DataFrame) -> pd.Series:
    """Tell because of which adverse events a dose was changed.

    Parameters
    ----------
    events : DataFrame
        Rows of ADAE.

    Returns
    -------
    Series of bool
        One for each.
    """
    return events["AEACN"].isin(("DOSE REDUCED", "DRUG INTERRUPTED", "DRUG WITHDRAWN"))
