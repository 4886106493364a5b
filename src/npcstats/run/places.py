"""Where a run's results and documents go: folders that no other export, plan, masking map or cut-off can take."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from npcstats.provenance import canonical_text, hash_bytes
from npcstats.run.freshness import input_name, look
from npcstats.run.make import Run
from npcstats.run.plan import load_plan
from npcstats.run.project import Project


@dataclass(frozen=True)
class Places:
    """Where a run's results and documents go."""

    results: Path
    output: Path


def run_places(project: Project, run: Run, *, rules: Path | None = None) -> Places:
    """Decide where results and documents go: the committed trial has its own places, any other run gets a name.

    The name carries a hash of the export, the plan and the masking map, so that no other run takes the folders.

    Parameters
    ----------
    project : Project
        The folder.
    run : Run
        What is made.
    rules : Path, optional
        Data checks, where they are not those that lie beside the plan.

    Returns
    -------
    Places
        Folders.

    Raises
    ------
    DataError
        If a file of the export cannot be read.
    """
    own = run.data.resolve() == project["data"].resolve() and run.cutoff is None and run.mask is None and rules is None
    if own and run.plan == load_plan(project.plan):
        return Places(project["results"], project["output"])
    inputs = [path for path in (run.data, run.mask, rules) if path]
    known = [(path, run.seen.get(input_name(path)) or look([path])[input_name(path)]) for path in inputs]
    hashes = [{os.path.relpath(file, path.resolve()): h for file, h in files.items()} for path, files in known]
    identity = hash_bytes(canonical_text((hashes, run.plan)).encode())[:8]
    name = f"{run.data.resolve().name}-{run.cutoff.isoformat() if run.cutoff else 'plan'}-{identity}"
    return Places(project["results"] / "runs" / name, project["output"] / name)
