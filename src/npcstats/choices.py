"""What a plan may choose: closed sets, and fields that are left empty where nothing would follow from them.

A choice without effect is refused: it would be signed as if it had been made.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import MISSING, Field, fields
from math import isfinite
from numbers import Real

from npcstats.errors import SpecError


def check_choice(value: object, name: str, choices: Iterable[object]) -> None:
    """Refuse an option that is not in its closed set.

    Parameters
    ----------
    value : object
        What the caller chose.
    name : str
        The argument's name, for the message.
    choices : iterable
        The closed set.

    Raises
    ------
    SpecError
        If `value` is not one of `choices`.
    """
    listed = list(choices)
    if isinstance(value, bool) or value not in listed:
        raise SpecError(f"{name}: is {value!r}; one of {', '.join(map(str, listed))} is required.")


def choice_faults(spec: object, name: str, allowed: Iterable[object]) -> list[str]:
    """Faults of a field that holds one of a closed set.

    Parameters
    ----------
    spec : object
        An entry of the plan.
    name : str
        The field.
    allowed : iterable
        Its closed set.

    Returns
    -------
    list of str
        One fault at most.
    """
    given, options = getattr(spec, name), list(allowed)
    known = ", ".join(str(option) or "''" for option in options)
    return [] if given in options else [f"{name} is {given!r}; one of {known} is required"]


def idle_faults(spec: object, idle: Mapping[str, str]) -> list[str]:
    """Faults of fields that are given although nothing follows from them.

    Parameters
    ----------
    spec : object
        An entry of the plan.
    idle : mapping of str to str
        Fields without effect, and why.

    Returns
    -------
    list of str
        One for each field that is neither empty nor left at its default.
    """
    defaults = {item.name: _default(item) for item in fields(spec)}  # type: ignore[arg-type]
    given = {name: getattr(spec, name) for name in idle}
    return [
        f"{name} is {value!r}, but has no effect: {idle[name]}"
        for name, value in given.items()
        if value and value != defaults[name]
    ]


def _default(item: Field[object]) -> object:
    return None if item.default is MISSING else item.default


def refuse_faults(name: str, faults: Sequence[str]) -> None:
    """Refuse an entry of the plan that has faults.

    Parameters
    ----------
    name : str
        Its id.
    faults : sequence of str
        What is wrong and what is required, each a clause.

    Raises
    ------
    SpecError
        One message that lists them, if there are any.
    """
    if faults:
        raise SpecError(f"plan: {name}: {'; '.join(faults)}.")


def faults_within(parts: Iterable[tuple[str, object, Mapping[str, str]]]) -> list[str]:
    """Idle fields of the parts of an entry, each fault after the part's name.

    Parameters
    ----------
    parts : iterable of (str, object, mapping of str to str)
        Name, part, and its fields without effect with the reason.

    Returns
    -------
    list of str
        A clause for each.
    """
    return [f"{name}: {fault}" for name, part, idle in parts for fault in idle_faults(part, idle)]


def repeat_faults(what: str, names: Sequence[str]) -> list[str]:
    """Faults of names of which each may stand once.

    Parameters
    ----------
    what : str
        What they are names of.
    names : sequence of str
        In any order.

    Returns
    -------
    list of str
        One for each that stands more than once.
    """
    return [f"{what} {name!r} stands twice" for name in sorted({n for n in names if names.count(n) > 1})]


def number_faults(
    spec: object,
    name: str,
    *,
    least: float | None = None,
    above: float | None = None,
    most: float | None = None,
    below: float | None = None,
    whole: bool = False,
) -> list[str]:
    """Faults of a field that holds a number.

    Parameters
    ----------
    spec : object
        An entry of the plan.
    name : str
        The field.
    least : float, optional
        Smallest number allowed.
    above : float, optional
        Number that it has to exceed.
    most : float, optional
        Largest number allowed.
    below : float, optional
        Number that it has to stay under.
    whole : bool
        Whether it is an integer.

    Returns
    -------
    list of str
        One fault at most.
    """
    given = getattr(spec, name)
    bounds = (("of at least", least), ("above", above), ("of at most", most), ("below", below))
    required = " and ".join(f"{words} {bound:g}" for words, bound in bounds if bound is not None)
    if _is_number(given, whole) and (
        (least is None or given >= least)
        and (above is None or given > above)
        and (most is None or given <= most)
        and (below is None or given < below)
    ):
        return []
    return [f"{name} is {given!r}; a {'whole' if whole else 'finite'} number {required}".rstrip() + " is required"]


def _is_number(given: object, whole: bool) -> bool:
    if isinstance(given, bool) or not isinstance(given, int if whole else Real):
        return False
    return isfinite(given)
