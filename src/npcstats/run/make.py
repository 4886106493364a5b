"""Plan and export to a results folder: prepare the study for a session, summarize it, draw its figures, write once."""

from __future__ import annotations

import datetime
import os
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from npcstats.derive import Past
from npcstats.display.quotes import entry_of_quote, quote_faults
from npcstats.display.specs import Figure, entry_of_display
from npcstats.errors import AbsentError, DataError, SpecError
from npcstats.provenance import (
    PROVENANCE,
    write_provenance,
)
from npcstats.results import Analysis, Catalogue, Results, absent_sentences, write_listing, write_results
from npcstats.run.drawings import Drawing, drawing_means, make_figures, plan_drawing, record_figures
from npcstats.run.freshness import Seen
from npcstats.run.gate import forbidden_of, known_mask, refuse_package
from npcstats.run.mask import Mask, read_mask, tell_letters
from npcstats.run.meetings.stored import read_meeting
from npcstats.run.origin import describe_run, hash_code, provenance_words
from npcstats.run.past import Way, check_former, find_way, read_past
from npcstats.run.plan import Plan
from npcstats.run.registry import kind_of
from npcstats.run.sessions import absent_entry, build_results, prepare_study
from npcstats.study import Study, read_study
from npcstats.system.folders import restrict, working_folder
from npcstats.system.interrupts import uninterrupted
from npcstats.system.workers import crew

DRAWERS = 2


@dataclass(frozen=True)
class Run:
    """What a run was asked for: export, plan, sessions, and what the command line overrides.

    ``study`` is the export as read, where it was needed to decide what to make; else it is read when it is made.
    ``seen`` are the hashes of all that decides the run, from before any of it was read. ``previous`` is the folder of
    the meeting before, where the run is one of a meeting.
    """

    data: Path
    plan: Plan
    sessions: tuple[str, ...]
    cutoff: datetime.date | None = None
    mask: Path | None = None
    study: Study | None = field(default=None, compare=False, repr=False)
    seen: Seen = field(default_factory=dict, compare=False, repr=False)
    previous: Path | None = None


def make_results(run: Run, folder: Path, *, fonts: Path, drawn: Path | None = None) -> dict[str, dict[str, Any]]:
    """Make the results folders of a run, whole or not at all.

    Parameters
    ----------
    run : Run
        What is wanted.
    folder : Path
        Receives one folder per session; other sessions already there stay.
    fonts : Path
        Folder of the figures' fonts.
    drawn : Path, optional
        Record of the figures that earlier runs drew: one whose rows are the same is copied from there.

    Returns
    -------
    dict of str to dict
        Provenance of each session.

    Raises
    ------
    NpcstatsError
        If anything is refused; nothing in `folder` has changed then.
    """
    study = run.study or read_study(run.data, run.plan.design)
    mask = read_mask(run.mask, study) if needs_mask(run.plan, run.sessions) else None
    _check_unchanged(run, study, mask)
    way = way_to(run, study, mask)
    bench = next(place for place in (folder, *folder.parents) if place.is_dir())
    drawings: list[tuple[str, Drawing]] = []
    told: dict[str, dict[str, Any]] = {}
    with working_folder(bench) as making, crew(DRAWERS) as hands:
        means = drawing_means(fonts, hash_code()) if run.sessions else ""
        for code in sorted(run.sessions, key=partial(_count_specs, run.plan)):
            told[code], results = make_session(study, run, code, mask, making / code, way)
            kinds, place = figure_kinds(run.plan, code), making / code / "figures"
            drawn_here = drawable(results, run.plan.figures_of(code))
            planned = [plan_drawing(results, one, kinds, decided_by=means) for one in drawn_here]
            make_figures([(one, place) for one in planned], fonts=fonts, drawn=drawn, hands=hands)
            drawings += [(code, one) for one in planned]
        hands.finish()
        described = {code: write_provenance(making / code, told[code]) for code in run.sessions}
        for code in run.sessions:
            forbidden = forbidden_of(study, run.plan, code, cutoff=run.cutoff, mask=mask or known_mask(run.mask, study))
            refuse_package([making / code], forbidden, package=f"session {code}, results")
        for code in run.sessions:
            if run.plan.session(code).restricted:
                restrict(making / code)
        with uninterrupted(*(str(folder / code) for code in run.sessions)):
            for code in run.sessions:
                _put_in_place(making / code, folder / code)
    if drawn:
        record_figures(drawn, ((one, folder / code / "figures") for code, one in drawings))
    return described


def _count_specs(plan: Plan, session: str) -> int:
    """How much there is to summarize: the largest session comes last, while figures of the others are drawn."""
    return sum(session in spec.sessions for spec in plan.specs)


def figure_kinds(plan: Plan, session: str) -> tuple[str, ...]:
    """Tell which kinds of file the figures of a session are needed in.

    Parameters
    ----------
    plan : Plan
        Its reports tell.
    session : str
        Session code.

    Returns
    -------
    tuple of str
        SVG, which every page can show; for a report in Word, which goes to a journal, PDF and PNG too.
    """
    in_word = any(report.session == session and "docx" in report.formats for report in plan.reports)
    return ("svg", "pdf", "png") if in_word else ("svg",)


def drawable(results: Results, figures: Iterable[Figure]) -> list[Figure]:
    """Pass over figures for whose analyses the export lacks a frame.

    Parameters
    ----------
    results : Results
        Of a session.
    figures : iterable of Figure
        What the plan wants drawn in it.

    Returns
    -------
    list of Figure
        The others, in order.
    """
    return [one for one in figures if not absent_sentences(results.catalogue, one.analyses)]


def _check_unchanged(run: Run, study: Study, mask: Mask | None) -> None:
    """Refuse numbers from other bytes than those that name the run."""
    read = {study.source.resolve() / file: digest for file, digest in study.hashes.items()}
    if mask and mask.file:
        read[mask.file.resolve()] = mask.sha256
    seen = {Path(file): digest for files in run.seen.values() for file, digest in files.items()}
    changed = [path.name for path, digest in read.items() if seen.get(path, digest) != digest]
    if changed:
        raise DataError(f"{run.data}: {', '.join(changed)} changed while the run began; files that stay as they are "
                        "are required, so run it again.")  # fmt: skip


def needs_mask(plan: Plan, sessions: Iterable[str]) -> bool:
    """Tell whether sessions need the masking map: for its letters, or for the secret that numbers participants anew.

    Parameters
    ----------
    plan : Plan
        The plan.
    sessions : iterable of str
        Session codes.

    Returns
    -------
    bool
        Whether one of them is masked or shows participants one by one.
    """
    wanted = set(sessions)
    listed = {code for listing in plan.listings for code in listing.sessions}
    shown = [plan.session(code) for code in wanted]
    return any(session.arms == "masked" or session.unmasks for session in shown) or bool(wanted & listed)


def way_to(run: Run, study: Study, mask: Mask | None, *, part: bool = False) -> Way | None:
    """Find the way to a run from the meeting before, where it names one.

    Parameters
    ----------
    run : Run
        What is made.
    study : Study
        The export as read.
    mask : Mask or None
        The map.
    part : bool
        Whether only what is needed of the meeting before is there.

    Returns
    -------
    Way or None
        None for a run that is of no meeting, or of the first.

    Raises
    ------
    ResultsError
        If the meeting before was altered or is not the one before.
    """
    if not run.previous or not run.cutoff:
        return None
    former = read_meeting(run.previous, part=part, otherwise=run.plan)
    check_former(former, run.plan, run.cutoff, mask)
    return find_way(former, study, run.plan, run.cutoff)


def make_session(
    study: Study, run: Run, code: str, mask: Mask | None, folder: Path, way: Way | None = None
) -> tuple[dict[str, Any], Results]:
    """Write the tables of a session.

    Parameters
    ----------
    study : Study
        The export as read.
    run : Run
        What is made.
    code : str
        Session code.
    mask : Mask or None
        The map, for a session that needs one.
    folder : Path
        Made, and filled with rows, catalogue and listings.
    way : Way, optional
        The way from the meeting before.

    Returns
    -------
    tuple of (dict, Results)
        What it was made from, and its results with the folder that they are in.
    """
    prepared = prepare_study(study, run.plan, code, cutoff=run.cutoff, mask=mask)
    past = read_past(way, run.plan, code, mask) if way else None
    results = build_results(prepared, run.plan, past)
    if run.plan.session(code).unmasks and mask:
        results = tell_letters(results, mask)
    described = describe_run(study, run.plan, results, prepared, mask)
    results = replace(results, catalogue=_told_by_plan(results, run.plan, code, provenance_words(described)))
    _check_quotes(results, run.plan, code)
    (folder / "figures").mkdir(parents=True)
    listed = _write_listings(prepared, run.plan, mask, folder, past)
    known = {**results.catalogue.analyses, **listed}
    results = replace(results, catalogue=replace(results.catalogue, analyses=known), folder=folder)
    write_results(results, folder)
    return described, results


def _told_by_plan(results: Results, plan: Plan, code: str, words: Mapping[str, str]) -> Catalogue:
    """The catalogue with where the numbers come from, and with what reports of the session call by name."""
    return replace(
        results.catalogue,
        provenance=words,
        tables={table.name: entry_of_display(table) for table in plan.tables_of(code)},
        figures={figure.name: entry_of_display(figure) for figure in plan.figures_of(code)},
        quotes={told.name: entry_of_quote(told) for told in plan.quotes_of(code)},
    )


def _check_quotes(results: Results, plan: Plan, session: str) -> None:
    """Refuse a run whose reports would quote a number that is not there."""
    faults = quote_faults(results, plan.quotes_of(session))
    if faults:
        raise SpecError(f"plan, session {session}: {'; '.join(faults)}; quotes that find their rows are required.")


def _write_listings(
    study: Study, plan: Plan, mask: Mask | None, folder: Path, past: Past | None
) -> dict[str, Analysis]:
    """Listings of a session, in their folder; their words for the catalogue."""
    told: dict[str, Analysis] = {}
    for spec in plan.listings:
        kind = kind_of(spec)
        if study.session not in spec.sessions or mask is None:
            continue
        if kind.record:
            try:
                listing, told[spec.id] = kind.record(study, spec, mask.salt)
            except AbsentError as error:
                if not plan.session(study.session).interim:
                    raise
                told[spec.id] = absent_entry(spec, error.frame)
                continue
        elif kind.follow:
            listing, told[spec.id] = kind.follow(study, past, spec, mask.salt)
        else:
            continue
        (folder / "listings").mkdir(exist_ok=True)
        write_listing(listing, folder / "listings" / f"{spec.id}.csv")
    return told


def _put_in_place(made: Path, target: Path) -> None:
    """Replace file by file: a folder cannot be replaced in one step, and no file may be missing in between."""
    found = sorted(made.rglob("*"))
    for folder in (made, *(path for path in found if path.is_dir())):
        place = target / folder.relative_to(made)
        place.mkdir(parents=True, exist_ok=True)
        shutil.copymode(folder, place)
    files = [path.relative_to(made) for path in found if path.is_file()]
    files.sort(key=lambda file: file.name == PROVENANCE)  # it comes last, since it vouches for the others
    for file in files:
        os.replace(made / file, target / file)
    for path in sorted(target.rglob("*")):
        if path.is_file() and path.relative_to(target) not in files:
            path.unlink()
