"""Who gets which fault: each in about one of a hundred participants, the rare ones first."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from npcstats.study import Design
from npcstats.synthetic.draws import named_stream
from npcstats.synthetic.faults.adverse_events import ADVERSE_EVENTS
from npcstats.synthetic.faults.conduct import CONDUCT
from npcstats.synthetic.faults.disease import DISEASE
from npcstats.synthetic.faults.draft import Draft, Plant, Planted
from npcstats.synthetic.faults.endings import ENDINGS
from npcstats.synthetic.faults.imaging import IMAGING
from npcstats.synthetic.faults.laboratory import LABORATORY
from npcstats.synthetic.faults.participants import PARTICIPANTS
from npcstats.synthetic.faults.treatment import TREATMENT
from npcstats.synthetic.truth import Truth

SHARE = 0.01
PLANTS: Mapping[str, Plant] = {
    **PARTICIPANTS, **ENDINGS, **TREATMENT, **ADVERSE_EVENTS, **LABORATORY, **IMAGING, **DISEASE, **CONDUCT,
}  # fmt: skip
"""What plants a fault, by the rule that finds it."""

# rare ones first: whoever has one fault gets no other
ORDER = (
    "AE-SERIOUS", "DEATH-EVENT", "DEATH-TOXIC", "DATE-REASON", "AE-EXPECTED", "CARE-WITHIN", "RAD-SCANNER",
    "DEATH-CONTACT", "AFTER-DEATH", "RS-AFTER-PD", "AFTER-EOS", "ELIG-MET", "ELIG-DEVIATION", "ELIG-KNOWN",
    "CONSENT-FIRST", "AE-CONSENT", "END-START", "AFTER-CUTOFF", "ENTRY-DATE", "EX-DRUG", "EX-UNIT", "EX-DOSE",
    "EX-PLANNED", "EX-CYCLES", "EX-START", "RT-DOSE", "RT-FRACTIONS", "RT-TIME", "RT-BLOCKS", "RT-SUM", "RT-UNIT",
    "VS-KNOWN", "VS-WINDOW", "DUPLICATE", "VS-REPEAT", "LB-UNIT", "LB-SWAP", "LB-RANGE", "LB-TEXT", "VALUE-RANGE",
    "AE-TERM", "AE-SOC", "AE-GRADE", "AE-FATAL", "AE-TWICE", "STAGE-TNM", "RS-PD-EVENT", "IDENTIFIER",
    "ENROLLED-FIRST", "CONSENT-LONG", "BEFORE-CONSENT", "PERIOD-OPEN", "KNOWN-FROM", "CARE-OVERLAP", "CARE-SERIOUS",
    "FORM-EARLY", "VISIT-COPY", "LB-PARTS", "LB-RATIO", "LEAP", "LB-LOG", "LB-LIMIT", "LB-BASELINE", "RAD-SET",
    "RAD-REPLICATE", "RAD-COPY", "AE-OVERLAP", "AE-OUTCOME", "AE-LIFE", "AE-SEX", "AE-RELATED", "AE-ACTION",
    "EX-FIRST", "EX-PHASE", "EX-GAP", "RT-SPAN", "RT-MODALITY", "EX-MODALITY", "ARM-DEVIATION", "RS-EARLY",
    "RS-COURSE", "RS-SUM", "EVENT-SEEN", "TTE-ORIGIN", "TERM-LISTED", "TERM-ALIKE", "LB-REPORTED", "AE-VALUE",
    "AE-REASON",
)  # fmt: skip


def plant_faults(
    frames: Mapping[str, pd.DataFrame], design: Design, truth: Truth, seed: int
) -> tuple[dict[str, pd.DataFrame], tuple[Planted, ...]]:
    """Plant faults over every rule of the data checks, each in about one of a hundred participants.

    Parameters
    ----------
    frames : mapping of str to DataFrame
        Of a made trial, as `simulate_trial` returns them or as they are read back; they stay as they are.
    design : Design
        The trial's design.
    truth : Truth
        What the trial was made from.
    seed : int
        Decides who gets which fault.

    Returns
    -------
    dict of str to DataFrame
        Changed copies; records that are added stand last, so that no row moves.
    tuple of Planted
        Everything that the checks should find beyond what they find without faults, sorted.

    Notes
    -----
    *Convention.* A fault that necessarily breaks a second rule (a higher prescribed dose is no longer the sum of its
    blocks) is listed under both. Where fewer participants fit a fault than are wanted, all of them get it. The one
    about the cut-off lies after the truth's database date.
    """
    draft = Draft({name: frame.copy() for name, frame in frames.items()}, design, truth)
    people = draft.frames["adsl"]["USUBJID"].to_numpy()
    count = max(1, round(SHARE * len(people)))
    free = dict.fromkeys(people)
    for rule in ORDER:
        left = count
        for who in named_stream(seed, f"faults/{rule}").permutation(np.array(list(free), dtype=object)):
            if left and PLANTS[rule](draft, who):
                del free[who]
                left -= 1
    for row in _some_screened(draft, count, seed):
        draft.change("adscr", row, rules=("SCREEN-CODE",), CRITERION="INC99")
    return draft.finished(), tuple(sorted(draft.planted))


def _some_screened(draft: Draft, count: int, seed: int) -> list[int]:
    failed = np.flatnonzero((draft.frames["adscr"]["CRITERION"] != "").to_numpy())
    chosen = named_stream(seed, "faults/SCREEN-CODE").permutation(failed)[:count]
    return sorted(int(row) for row in chosen)
