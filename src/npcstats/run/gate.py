"""What must not leave a session without arms, or with arms by letters: gathered from plan, export and masking map."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from npcstats.derive import assign_arms, at_cutoff, population_members
from npcstats.errors import DataError, SpecError
from npcstats.release import Forbidden, Sizes, forbid, refuse_leaks
from npcstats.run.mask import Mask, read_mask
from npcstats.run.plan import Plan
from npcstats.study import ARM_COLUMNS, Study


def forbidden_of(
    study: Study, plan: Plan, session: str, *, cutoff: datetime.date | None = None, mask: Mask | None = None
) -> Forbidden | None:
    """Gather what must not be in anything that a session releases.

    Parameters
    ----------
    study : Study
        As read.
    plan : Plan
        The plan.
    session : str
        Session code.
    cutoff : date, optional
        Instead of the plan's.
    mask : Mask, optional
        Needed for a masked session; where it is known, its secrets are searched in a pooled session too.

    Returns
    -------
    Forbidden or None
        None for a session that names its arms.
    """
    wanted = plan.session(session)
    if wanted.arms == "named":
        return None
    masked = wanted.arms == "masked"
    return forbid(
        plan.design,
        "masked" if masked else "pooled",
        study=study,
        sizes=() if masked else _sizes(study, plan, cutoff or wanted.cutoff),
        letters=mask.letters if mask else None,
        salt=mask.salt if mask else "",
        file=mask.file.name if mask and mask.file else "",
        labels=_labels(plan),
        elsewhere=_other_texts(plan),
    )


def known_mask(path: Path | None, study: Study) -> Mask | None:
    """Read the masking map where there is one, for sessions that can do without.

    Parameters
    ----------
    path : Path or None
        From the command line.
    study : Study
        As read.

    Returns
    -------
    Mask or None
        None where none can be read.
    """
    try:
        return read_mask(path, study)
    except SpecError:
        return None


def refuse_package(places: Iterable[Path], forbidden: Forbidden | None, *, package: str) -> None:
    """Refuse what would unblind; a session that names its arms has nothing to be refused.

    Parameters
    ----------
    places : iterable of Path
        Files and folders.
    forbidden : Forbidden or None
        From `forbidden_of`.
    package : str
        What they are called in a message.

    Raises
    ------
    ReleaseError
        If something is found.
    """
    if forbidden is not None:
        refuse_leaks([*places], forbidden, package=package)


def _sizes(study: Study, plan: Plan, cutoff: datetime.date) -> Iterator[Sizes]:
    """Sizes of the arms, planned and actual ones, of each analysis set that the export can tell."""
    named = assign_arms(at_cutoff(study, cutoff, snapshot=plan.snapshot))
    for population in plan.design.populations:
        try:
            members = population_members(named, population.code)
        except DataError:
            continue
        for column in ARM_COLUMNS.values():
            yield Sizes(population.code, tuple(int((members[column] == arm.code).sum()) for arm in named.arms))


def _hidden(plan: Plan) -> frozenset[str]:
    return frozenset(name for names in plan.design.treatment_columns.values() for name in names)


def _labels(plan: Plan) -> Iterator[str]:
    """What the plan prints for levels of treatment columns: of each spec that looks at one, the labels beside it."""
    hidden = _hidden(plan)
    for value in _values((plan.specs, plan.listings)):
        column = getattr(value, "column", None)
        levels = getattr(value, "levels", None)
        if column in hidden and isinstance(levels, Mapping):
            yield from (str(label) for label in levels.values())


def _other_texts(plan: Plan) -> Iterator[str]:
    """Texts of the plan that are of no arm and no treatment column."""
    design, hidden = plan.design, _hidden(plan)
    named = [(one.label, one.definition) for one in design.populations]
    own = (design.visits, named, design.periods, design.endpoints, design.events, design.graded)
    columns = [column for frame in design.frames for column in frame.columns if column.name not in hidden]
    for value in _values((plan.specs, plan.listings, plan.tables, plan.figures, own, design.words, columns)):
        if isinstance(value, str) and value not in design.arm_rule:
            yield value


def _values(value: object) -> Iterator[object]:
    """Every value within a value, itself among them."""
    yield value
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        for item in dataclasses.fields(value):
            yield from _values(getattr(value, item.name))
    elif isinstance(value, Mapping):
        for pair in value.items():
            yield from _values(pair)
    elif isinstance(value, tuple | list):
        for item in value:
            yield from _values(item)
