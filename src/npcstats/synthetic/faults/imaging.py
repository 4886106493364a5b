"""Faults in image features: readings that are copied, lack a partner, or come from another scanner."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from npcstats.synthetic.faults.draft import Draft, Plant, first_row


def _images(draft: Draft, who: str, *, repeated: bool) -> pd.DataFrame:
    """Images of the first visit with or without a repeated reading."""
    images = draft.rows("adrad", who)
    twice = (images["REPLICATE"] > 1).groupby(images["AVISIT"]).transform("any")
    kept = images.loc[twice == repeated]
    return kept.loc[kept["AVISIT"] == kept["AVISIT"].iloc[0]] if len(kept) else kept


def _other_modality(draft: Draft, who: str) -> bool:
    images = _images(draft, who, repeated=False)
    if len(images) != 2:
        return False
    draft.expect("adrad", images.index[0], "RAD-SET")
    return draft.change("adrad", images.index[1], rules=("RAD-SET",), MODALITY="CT")


def _no_first_reading(draft: Draft, who: str) -> bool:
    images = _images(draft, who, repeated=False)
    if len(images) != 2:
        return False
    draft.expect("adrad", images.index[0], "RAD-SET")
    return draft.change("adrad", images.index[1], rules=("RAD-REPLICATE",), REPLICATE=2)


def _other_scanner(draft: Draft, who: str) -> bool:
    images = _images(draft, who, repeated=True)
    again = first_row(images.loc[images["REPLICATE"] > 1])
    return again is not None and draft.change("adrad", again.name, rules=("RAD-SCANNER",), SCANNER="S9")


def _copied_reading(draft: Draft, who: str) -> bool:
    images = draft.rows("adrad", who)
    if len(images) < 3:
        return False
    features = {str(name): images[name].iloc[0] for name in images if str(name).startswith("original_")}
    return draft.change("adrad", images.index[-1], rules=("RAD-COPY",), **features)


IMAGING: Mapping[str, Plant] = {
    "RAD-SCANNER": _other_scanner,
    "RAD-SET": _other_modality,
    "RAD-REPLICATE": _no_first_reading,
    "RAD-COPY": _copied_reading,
}
