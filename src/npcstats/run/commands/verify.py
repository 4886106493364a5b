"""Stored results are computed again: ``verify``."""

from __future__ import annotations

import datetime
from pathlib import Path

from npcstats.errors import ResultsError
from npcstats.estimators.threads import linear_algebra
from npcstats.formatting import counted
from npcstats.results import Results, diff, read_results
from npcstats.run.make import needs_mask
from npcstats.run.mask import read_mask
from npcstats.run.origin import ELSEWHERE, made_alike
from npcstats.run.places import run_places
from npcstats.run.project import find_project
from npcstats.run.sessions import build_results, prepare_study
from npcstats.run.wishes import Wish, plan_stored
from npcstats.study import read_study


def verify(*, data: Path | None, plan: Path | None, cutoff: datetime.date | None, mask: Path | None) -> None:
    """Compute everything again and compare with the stored results.

    Parameters
    ----------
    data, plan, cutoff, mask
        As in `reporting.Wish`.

    Raises
    ------
    ResultsError
        If they differ.
    """
    project = find_project(Path.cwd())
    run = plan_stored(project, Wish((), data, plan, cutoff, mask))
    places = run_places(project, run)
    study = read_study(run.data, run.plan.design)
    known = read_mask(run.mask, study) if needs_mask(run.plan, run.sessions) else None
    for code in run.sessions:
        again = build_results(prepare_study(study, run.plan, code, cutoff=run.cutoff, mask=known), run.plan)
        try:
            stored = read_results(places.results / code)
        except ResultsError as error:
            raise ResultsError(f"session {code}: {error}") from error
        _same(stored, again, code, tolerance=0.0 if made_alike(places.results / code) else ELSEWHERE)
    alike = all(made_alike(places.results / code) for code in run.sessions)
    how = "exactly" if alike else f"to {ELSEWHERE:g}, by {linear_algebra()}, which has other last digits"
    print(f"The stored results of {', '.join(run.sessions)} are reproduced {how}.")


def _same(stored: Results, again: Results, session: str, *, tolerance: float) -> None:
    found = diff(stored, again, tolerance, absolute=tolerance)
    if found:
        differ = counted(len(found), "row differs", "rows differ")
        raise ResultsError(f"session {session}: {differ} (first {found[0].key}); none may.")
