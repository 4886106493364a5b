"""Numbers that stand for participants in one report and in no other."""

from __future__ import annotations

import hashlib
import hmac

import numpy as np

from npcstats.derive import cutoff_day
from npcstats.study import Study


def number_participants(study: Study, secret: str) -> list[str]:
    """Number all participants of a study anew.

    Parameters
    ----------
    study : Study
        At its cut-off, prepared for a session.
    secret : str
        Orders the numbers; not in the repository of a real trial.

    Returns
    -------
    list of str
        In the order of ADSL, from 1, all of the same length; other numbers in another session or at another cut-off.
    """
    adsl = study["adsl"]
    context = f"{study.session}|{cutoff_day(study).date().isoformat()}|"
    codes = [
        hmac.new(secret.encode(), f"{context}{name}".encode(), hashlib.sha256).digest() for name in adsl["USUBJID"]
    ]
    rank = np.argsort(np.argsort(np.array(codes, dtype=object)))
    width = len(str(len(adsl)))
    return [f"{number + 1:0{width}d}" for number in rank]
