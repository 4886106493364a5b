"""What an analysis refuses, traced to the record that makes it refuse. Knows attempts as functions, no analysis."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from npcstats.errors import NpcstatsError
from npcstats.study import ADSL, Study

Attempt = Callable[[Study], object]
CRASHES = (ArithmeticError, AttributeError, IndexError, KeyError, TypeError, ValueError)
NUMBERS = re.compile(r"[0-9]+")
MOST = 160
OTHERS = 3
PERSON = "USUBJID"


@dataclass(frozen=True)
class Refusal:
    """What an analysis refuses.

    Parameters
    ----------
    text : str
        Its message.
    frame : str
        Frame of the record that alone makes it refuse; empty where none was found.
    row : int
        Its row, from 1; 0 where none was found.
    """

    text: str
    frame: str = ""
    row: int = 0


def trace_refusals(study: Study, attempts: Iterable[tuple[str, Attempt]]) -> list[Refusal]:
    """Try analyses, and trace every refusal to one participant and one record of the export.

    Parameters
    ----------
    study : Study
        The whole export.
    attempts : iterable of (str, callable)
        Name of an analysis, and how it is made from the whole export.

    Returns
    -------
    list of Refusal
        One for each message, in the order of the attempts.
    """
    found: dict[str, Refusal] = {}
    for name, attempt in attempts:
        told = _message(study, name, attempt)
        if told and told not in found:
            frame, row = _Trace(study, name, attempt, told).record()
            found[told] = Refusal(told, frame, row)
    return list(found.values())


def _message(study: Study, name: str, attempt: Attempt) -> str:
    try:
        attempt(study)
    except NpcstatsError as error:
        return str(error)
    except CRASHES as error:
        kind = type(error).__name__
        return f"analysis {name}: stops without a reason ({kind}); data that it can be made from are required."
    return ""


@dataclass
class _Trace:
    """The search for the record behind a message: halves of what is there, while a half alone gives the message."""

    study: Study
    name: str
    attempt: Attempt
    told: str
    tried: int = 0

    def record(self) -> tuple[str, int]:
        """Return frame and row; nothing where no single participant or record gives the message."""
        if PERSON not in self.study[ADSL]:
            return "", 0
        for name, frame in self.study.frames.items():
            if PERSON not in frame and len(frame) and not self._same(self._with(name, [])):
                place = self._alone(list(range(len(frame))), lambda kept, n=name: self._with(n, kept))  # type: ignore[misc]
                if place is not None:
                    return name, int(place) + 1
        person = self._alone(self.study[ADSL][PERSON].tolist(), self._of_people)
        return ("", 0) if person is None or self._everybodys(person) else self._record_of(person)

    def _record_of(self, person: str) -> tuple[str, int]:
        """Return the record of a participant without which there is no refusal; the one of ADSL where none is."""
        owned = {name: np.flatnonzero(frame[PERSON] == person) for name, frame in self.study.frames.items()
                 if PERSON in frame}  # fmt: skip
        for name, places in owned.items():
            if name != ADSL and len(places) and not self._same(self._of_person(person, name, [])):
                place = self._alone(places.tolist(), lambda kept, n=name: self._of_person(person, n, kept))  # type: ignore[misc]
                if place is not None:
                    return name, int(place) + 1
        return ADSL, int(owned[ADSL][0]) + 1

    def _everybodys(self, who: str) -> bool:
        """Whether each of some others gives the message too, so that it lies in no one's records: one is absent."""
        others = [person for person in self.study[ADSL][PERSON].tolist() if person != who]
        some = others[:: max(1, (len(others) - 1) // (OTHERS - 1))][:OTHERS]
        return len(some) == OTHERS and all(self._same(self._of_people([person])) for person in some)

    def _alone(self, items: list, study_of: Callable[[list], Study]):  # type: ignore[no-untyped-def, type-arg]
        """One of the items that alone gives the message; None where halves do not."""
        while len(items) > 1:
            half = len(items) // 2
            items = next((part for part in (items[:half], items[half:]) if self._same(study_of(part))), [])
        return items[0] if items and self._same(study_of(items)) else None

    def _same(self, study: Study) -> bool:
        """Whether the message comes again, but for its numbers."""
        self.tried += 1
        if self.tried > MOST:
            return False
        return _shape(_message(study, self.name, self.attempt)) == _shape(self.told)

    def _of_people(self, people: list[str]) -> Study:
        kept = set(people)
        return self.study.with_frames(
            {name: frame.loc[frame[PERSON].isin(kept)].reset_index(drop=True) if PERSON in frame else frame
             for name, frame in self.study.frames.items()}
        )  # fmt: skip

    def _of_person(self, who: str, name: str, kept: list[int]) -> Study:
        theirs = self._of_people([who])
        return theirs.with_frames({name: self.study[name].iloc[kept].reset_index(drop=True)})

    def _with(self, name: str, kept: list[int]) -> Study:
        return self.study.with_frames({name: _rows(self.study[name], kept)})


def _rows(frame: pd.DataFrame, kept: list[int]) -> pd.DataFrame:
    return frame.iloc[kept].reset_index(drop=True)


def _shape(text: str) -> str:
    return (
        NUMBERS.sub("0", text).replace("participants", "participant").replace("rows", "row").replace("values", "value")
    )
