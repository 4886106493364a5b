"""Results of a run, made once: those of a session that would be the same again are left as they are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import npcstats
from npcstats.provenance import canonical_text, hash_bytes, read_provenance
from npcstats.run.freshness import fresh_outputs, look, record_step, surroundings
from npcstats.run.make import Run, make_results
from npcstats.run.places import Places, run_places
from npcstats.run.project import Project
from npcstats.system.folders import WORK, sweep

CODE = Path(npcstats.__file__).parent


def make_run(project: Project, run: Run, *, force: bool) -> tuple[Places, dict[str, dict[str, Any]]]:
    """Make the results of a run; those of a session that would be the same again are left as they are.

    Parameters
    ----------
    project : Project
        The folder.
    run : Run
        What is made.
    force : bool
        Whether all are made again.

    Returns
    -------
    tuple of (Places, dict)
        Where they are, and the provenance of each session.

    Raises
    ------
    NpcstatsError
        If anything is refused; nothing has changed then.
    """
    _sweep(project)
    places = run_places(project, run)
    decided_by = canonical_text((run.plan, run.cutoff, surroundings()))
    inputs = [run.data, project["fonts"], CODE, *([run.mask] if run.mask else [])]
    records = {code: record_name(places.results / code) for code in run.sessions}
    store, seen = project["records"], run.seen or look(inputs)
    stale = []
    for code in run.sessions:
        standing = () if force else fresh_outputs(store, records[code], decided_by, seen=seen)
        if not standing or {*standing} != {*files_of(places.results / code)}:
            stale.append(code)
    asked, drawn = replace(run, sessions=tuple(stale)), store / "figures.json"
    made = make_results(asked, places.results, fonts=project["fonts"], drawn=drawn) if stale else {}
    for code in made:
        record_step(store, records[code], inputs, decided_by, files_of(places.results / code), seen=seen)
    return places, {code: read_provenance(places.results / code) for code in run.sessions}


def files_of(folder: Path) -> list[Path]:
    """List the files of a folder, those of folders within it too, hidden ones left out.

    Parameters
    ----------
    folder : Path
        The folder.

    Returns
    -------
    list of Path
        In order.
    """
    return sorted(path for path in folder.resolve().rglob("*") if path.is_file() and path.name[:1] != ".")


def _sweep(project: Project) -> None:
    """Remove what runs of the project that were killed left in any of its places."""
    made = [project["results"], project["output"]]
    places = [*made, *(path for place in made for path in (*place.glob("*"), *place.glob("runs/*")))]
    for place in (project["results"].parent, project.folder, *places):
        if place.is_dir() and not place.name.startswith(WORK):
            sweep(place)


def record_name(place: Path) -> str:
    """Name the record of how something was made.

    Parameters
    ----------
    place : Path
        Where it is.

    Returns
    -------
    str
        A name that no other place has.
    """
    return f"{place.name}-{hash_bytes(str(place.resolve()).encode())[:12]}"
