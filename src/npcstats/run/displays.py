"""Do a plan's tables and figures fit what they show? What could not be made, or would be told twice, is refused.

Knows the kinds of analysis and no data; a display's own class knows what of an analysis it can show.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from npcstats.choices import repeat_faults
from npcstats.display.specs import Display, Figure, Table
from npcstats.run.registry import kind_of

Displays = Mapping[str, Sequence[Display]]
CLASSES: Mapping[str, type[Display]] = {"table": Table, "figure": Figure}
SHORT: Mapping[str, str] = {"table": "tbl", "figure": "fig"}
"""What a display is called before its name, in a document and where an entry names it."""


def display_faults(displays: Displays, entries: Sequence[Any], numbered: Collection[str]) -> list[str]:
    """Faults of the displays of a plan.

    Parameters
    ----------
    displays : mapping of str to sequence of Display
        What they are called, such as ``table``, and they.
    entries : sequence
        Analyses and listings of the plan.
    numbered : collection of str
        Sessions in which every display carries a number.

    Returns
    -------
    list of str
        A clause for each, with the display's name.
    """
    known = {entry.id: entry for entry in entries}
    every = [one for shown in displays.values() for one in shown]
    faults = repeat_faults("number", [one.number for one in every if one.number])
    for what, shown in displays.items():
        faults += repeat_faults(what, [one.name for one in shown])
        for one in shown:
            own = _of_another_class(what, one) + _absent(one, known) + _misfits(one, known) + _unnumbered(one, numbered)
            faults += [f"{what} {one.name}: {fault}" for fault in own]
    return faults + [fault for entry in entries for fault in _uncited(entry, displays)]


def _uncited(entry: Any, displays: Displays) -> list[str]:
    """Displays that an entry names and that a session of it has not."""
    known = {f"{SHORT[what]}-{one.name}": one.sessions for what, shown in displays.items() for one in shown}
    return [
        f"analysis {entry.id}: it names {name}, which session {code!r} has not"
        for name in kind_of(entry).choices.cites(entry)
        for code in entry.sessions
        if code not in known.get(name, ())
    ]


def _of_another_class(what: str, display: Display) -> list[str]:
    """A figure among the tables would be made as one, and the reverse."""
    if isinstance(display, CLASSES[what]):
        return []
    return [f"it is a {type(display).__name__}, which is no {what}"]


def _absent(display: Display, known: Mapping[str, Any]) -> list[str]:
    """Analyses that a session of the display has not."""
    if not display.sessions:
        return ["it is for no session, so it is not made; a session is required"]
    return [
        f"it shows {name!r}, which session {code!r} has not"
        for name in display.analyses
        for code in display.sessions
        if name not in known or code not in known[name].sessions
    ]


def _misfits(display: Display, known: Mapping[str, Any]) -> list[str]:
    """What its analyses are not, or have not; whether they exist is asked elsewhere."""
    specs = {name: known[name] for name in display.analyses if name in known}
    faults = [fault for name, spec in specs.items() for fault in _of_another_kind(display, name, spec)]
    if faults:
        return faults
    faults = [fault for spec in specs.values() for fault in display.faults(spec)]
    return faults + (display.faults_together(specs) if len(specs) == len({*display.analyses}) else [])


def _of_another_kind(display: Display, name: str, spec: Any) -> list[str]:
    codes, own = kind_of(spec).codes, getattr(spec, "kind", "")
    kinds = (own,) if own in codes else codes  # an entry of a kind with several names says which is its own
    wanted = display.kinds_of(name)
    if set(kinds) & set(wanted):
        return []
    return [f"it shows {' or '.join(wanted)}, but {name} is of kind {' or '.join(kinds)}"]


def _unnumbered(display: Display, numbered: Collection[str]) -> list[str]:
    if display.number:
        return []
    return [f"it has no number, which session {code!r} prints" for code in display.sessions if code in numbered]
