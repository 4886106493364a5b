"""What is recorded of serious adverse events: the gravest criterion that is met, and whether the event was expected."""

from __future__ import annotations

import numpy as np
import pandas as pd

from npcstats.synthetic.draws import named_stream
from npcstats.synthetic.toxicity import LIFE_THREATENING, SEQUELAE, WORST
from npcstats.synthetic.truth import Toxicity


def add_seriousness(events: pd.DataFrame, planted: Toxicity, seed: int) -> pd.DataFrame:
    """Add criterion and expectedness to serious events; nothing else changes.

    Parameters
    ----------
    events : DataFrame
        Adverse events.
    planted : Toxicity
        Shares.
    seed : int
        Seed of the trial; the part draws from its own stream.

    Returns
    -------
    DataFrame
        With ``AESERCRIT`` and ``AEEXP``, both empty where an event is not serious.
    """
    luck = named_stream(seed, "toxicity/seriousness").random((len(events), 3))
    told, grade = planted.seriousness, events["AETOXGR"].to_numpy()
    laboratory = events["AEDECOD"].isin([term.name for term in planted.laboratory]).to_numpy()
    threat = (grade == LIFE_THREATENING) & (~laboratory | (luck[:, 0] < told.laboratory_threat))
    disables = (events["AEOUT"] == SEQUELAE).to_numpy() & (luck[:, 1] < told.disability)
    criterion = np.select(
        [(events["AESER"] != "Y").to_numpy(), grade == WORST, threat, disables],
        ["", "DEATH", "LIFE-THREATENING", "DISABILITY"],
        "HOSPITALIZATION",
    )
    chance = events["AEDECOD"].map(dict(told.expected)).fillna(0.0).to_numpy()
    expected = np.where((luck[:, 2] < chance) & (grade < WORST), "Y", "N")
    return events.assign(
        AESERCRIT=criterion.astype(object), AEEXP=np.where(criterion == "", "", expected).astype(object)
    )
