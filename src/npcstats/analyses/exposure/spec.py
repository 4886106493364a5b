"""What a plan says of delivered treatment, and what of it is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from npcstats.choices import choice_faults, repeat_faults
from npcstats.formatting import STYLES
from npcstats.study import Status

Bound = Literal["at least", "above", "equal to"]
BOUNDS: tuple[Bound, ...] = ("at least", "above", "equal to")


@dataclass(frozen=True)
class Amount:
    """A number of each participant: its median and quartiles, or how many have the commonest value.

    Parameters
    ----------
    column : str
        Column of ADSL, or a variable of delivered treatment.
    label, style, unit : str
        Its name on the page, how it is printed, and its unit.
    unit_column : str
        ADSL column of the unit of each participant, where they are treated in units of their own; it is told where
        arms are named.
    """

    column: str
    label: str
    style: str
    unit: str = ""
    unit_column: str = ""


@dataclass(frozen=True)
class Share:
    """How many participants are in a state, of those of whom it is known.

    Parameters
    ----------
    code, label : str
        Code in results and name on the page.
    column : str
        Column of ADSL, or a variable of delivered treatment.
    bound : {"at least", "above", "equal to"}
        How the column's value is compared.
    value : float or str
        With what; a text only by "equal to".
    """

    code: str
    label: str
    column: str
    bound: Bound
    value: float | str


@dataclass(frozen=True)
class Reached:
    """Which cumulative doses were reached, the dose itself included, by planned regimen.

    Parameters
    ----------
    column : str
        Cumulative dose, in mg/m² of cisplatin.
    regimens : str
        Column of the planned regimen.
    labels : mapping of str to str
        Codes of regimens of the code list and their labels, in page order.
    thresholds : tuple of float
        Doses in mg/m².
    """

    column: str
    regimens: str
    labels: Mapping[str, str]
    thresholds: tuple[float, ...]


@dataclass(frozen=True)
class Part:
    """A part of delivered treatment: whom it is about, and what is told of them.

    Parameters
    ----------
    code, label : str
        Code in results and name on the page, such as "Induction planned or given".
    items : tuple of Amount and Share, or one Reached
        In page order.
    among : mapping of str to tuple of str
        Whom it is about: who has one of these values in one of these columns, or with an empty tuple any text there, or
        a number above 0; everyone if empty.
    """

    code: str
    label: str
    items: tuple[Amount | Share, ...] | Reached
    among: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class ExposureSpec:
    """The treatment that was delivered.

    Parameters
    ----------
    id, label, population : str
        Id in results, name on the page, analysis set.
    sessions : tuple of str
        Sessions it is made for.
    parts : tuple of Part
        In page order.
    quantile_type : int
        Hyndman–Fan type of the quartiles.
    unknown : str
        What it means where a participant has no value, in words for a line of the table.
    sentences : mapping of str to str
        Footnotes by topic: by which convention days, cycles and intensities are worked out.
    status : {"planned", "post hoc"}
        Whether the plan foresaw it.
    """

    id: str
    label: str
    population: str
    sessions: tuple[str, ...]
    parts: tuple[Part, ...]
    quantile_type: int
    unknown: str
    sentences: Mapping[str, str]
    status: Status


def exposure_faults(spec: ExposureSpec) -> list[str]:
    """Faults of an entry by itself: choices outside their closed sets, and codes that stand twice.

    Parameters
    ----------
    spec : ExposureSpec
        As in the plan.

    Returns
    -------
    list of str
        A clause for each.
    """
    faults = repeat_faults("part", [part.code for part in spec.parts])
    for part in spec.parts:
        found = _reached_faults(part.items) if isinstance(part.items, Reached) else _items_faults(part.items)
        faults += [f"{part.code}: {fault}" for fault in found]
    return faults


def _items_faults(items: tuple[Amount | Share, ...]) -> list[str]:
    faults = repeat_faults("item", [item.column if isinstance(item, Amount) else item.code for item in items])
    for item in items:
        if isinstance(item, Amount):
            faults += [f"{item.column}: {fault}" for fault in choice_faults(item, "style", tuple(STYLES))]
            faults += [f"{item.column}: it has a unit and a column of units"] if item.unit and item.unit_column else []
            continue
        faults += [f"{item.code}: {fault}" for fault in choice_faults(item, "bound", BOUNDS)]
        if isinstance(item.value, str) and item.bound != "equal to":
            faults.append(f"{item.code}: a text is compared by {item.bound!r}; 'equal to' is required")
    return faults


def _reached_faults(reached: Reached) -> list[str]:
    faults = [] if reached.labels else ["it has no regimen; one or more is required"]
    wrong = [f"{threshold:g}" for threshold in reached.thresholds if not threshold > 0]
    faults += [f"threshold {', '.join(wrong)} is not above 0 mg/m²"] if wrong else []
    faults += [] if reached.thresholds else ["it has no threshold; one or more is required"]
    return faults + repeat_faults("threshold", [f"{threshold:g}" for threshold in reached.thresholds])
