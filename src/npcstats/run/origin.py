"""What a session's results were made from, in values for its record and in words for its last page."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import npcstats
from npcstats.analyses.masking.words import masking_sentence
from npcstats.derive import cutoff_day, last_day
from npcstats.estimators.threads import linear_algebra
from npcstats.formatting import format_date
from npcstats.provenance import (
    canonical_text,
    hash_bytes,
    hash_mask,
    hash_tree,
    package_versions,
    read_provenance,
)
from npcstats.results import Results, results_text
from npcstats.run.mask import Mask
from npcstats.run.plan import Plan, Session
from npcstats.study import Study

UNMASKABLE = (
    "The plan does not look at what tells the masked arms apart, which sizes, calendar and side effects can do."
)
# By the code for another processor: iterations end at another place of a flat maximum, by less than this.
ELSEWHERE = 1e-7


def describe_run(study: Study, plan: Plan, results: Results, prepared: Study, mask: Mask | None) -> dict[str, Any]:
    """Describe what a session's results were made from.

    Parameters
    ----------
    study : Study
        As read.
    plan : Plan
        The plan.
    results : Results
        What was made.
    prepared : Study
        The study that they were made from.
    mask : Mask or None
        Only its keyed hash is told.

    Returns
    -------
    dict
        Plain values for ``provenance.json``.
    """
    masked = results.catalogue.study["arms"] == "masked" and mask is not None
    keyed = masked or plan.session(prepared.session).unmasks
    return {
        "registry": plan.design.registry,
        "session": prepared.session,
        "cutoff": results.catalogue.study["cutoff"],
        "synthetic": study.synthetic,
        "seed": plan.seed,
        "rounding": plan.rounding,
        "snapshot": plan.snapshot,
        "results_sha256": hash_bytes(results_text(results).encode()),
        "plan_sha256": hash_bytes(canonical_text(plan).encode()),
        "code_sha256": hash_code(),
        "mask_hmac_sha256": hash_mask(mask.letters, mask.salt) if keyed and mask else "",
        "masking": _masking_notice(results) if masked else "",
        "early": _early_notice(study, prepared),
        "ahead": _ahead_notice(plan.session(prepared.session), cutoff_day(prepared).date()),
        "empty": [name for name, frame in study.frames.items() if frame.empty],
        "data_sha256": dict(sorted(study.hashes.items())),
        "versions": package_versions(study.files),
        "linear_algebra": linear_algebra(),
    }


def _masking_notice(results: Results) -> str:
    """What the first page says of what tells the arms apart."""
    return str(masking_sentence(results)) or UNMASKABLE


def _early_notice(study: Study, prepared: Study) -> str:
    """Words of warning where nothing in the export is as late as the cut-off."""
    last = last_day(study)
    if last is None or prepared.cutoff is None or last >= prepared.cutoff:
        return ""
    return f"The export ends before the cut-off: its records reach {format_date(last)}."


def _ahead_notice(session: Session, day: datetime.date) -> str:
    """Words of warning where a session that is no interim one is made at a cut-off before its own."""
    if session.interim or day >= session.cutoff:
        return ""
    return f"The cut-off is before the one that the plan sets for this session, {format_date(session.cutoff)}."


def made_alike(folder: Path) -> bool:
    """Tell whether results were made by the linear algebra at hand: that for another processor has other last digits.

    Parameters
    ----------
    folder : Path
        A session's results.

    Returns
    -------
    bool
        Whether they must come out again to the last digit; else to `ELSEWHERE`.
    """
    return bool(read_provenance(folder).get("linear_algebra") == linear_algebra())


@cache
def hash_code() -> str:
    """Return the hash of this package's code.

    Returns
    -------
    str
        SHA-256 over all of its modules.
    """
    return hash_tree(Path(npcstats.__file__).parent, "*.py")


def provenance_words(described: Mapping[str, Any]) -> dict[str, str]:
    """Say what the last page of a document tells of its origin.

    Parameters
    ----------
    described : mapping
        From `describe_run`.

    Returns
    -------
    dict of str to str
        By what is told.
    """
    versions = ", ".join(f"{name} {version}" for name, version in described["versions"].items())
    data = hash_bytes(canonical_text(described["data_sha256"]).encode())
    told = {
        "Results, hash": described["results_sha256"],
        "Data files, hash": data,
        "Plan, hash": described["plan_sha256"],
        "Code, hash": described["code_sha256"],
        "Masking map, keyed hash": described["mask_hmac_sha256"],
        "Masking": described["masking"],
        "Frames without a record": ", ".join(described["empty"]),
        "Data cut-off": described["cutoff"],
        "Cut-off of the plan": described["ahead"],
        "Export": described["early"],
        "Records by": {"event-date": "date of event", "event-and-entry-date": "dates of event and entry"}[
            described["snapshot"]
        ],
        "Random seed": str(described["seed"]),
        "Versions": versions,
        "Linear algebra": described["linear_algebra"],
    }
    return {name: text for name, text in told.items() if text}
