"""Words by which a modality of radiotherapy is known, however it is written in notes, tables and reports."""

from __future__ import annotations

import re
from collections.abc import Iterable

PROTON = (
    "proton", "hadron", "IMPT", "PBT", "PBRT", "pencil beam", "spot scanning", "passive scattering",
    "RBE", "Gy(RBE)", "GyRBE", "GyE", "CGE", "cobalt gray equivalent", "Bragg peak", "SOBP", "cyclotron", "synchrotron",
    "particle therapy", "charged particle", "particle beam", "range shifter", "beam range",
)  # fmt: skip
PHOTON = (
    "photon", "IMRT", "VMAT", "tomotherapy", "linac", "linear accelerator", "RapidArc",
    "arc therapy", "flattening filter", "megavoltage", "XRT",
    "x-ray therapy", "x-ray beam",
)  # fmt: skip
CARBON = ("carbon ion", "CIRT", "heavy ion", "hadron", "RBE", "Gy(RBE)", "GyE", "synchrotron")
MODALITIES = (PROTON, PHOTON, CARBON)

# What is known by one of these words and is no modality.
OTHER_THINGS = ("proton pump inhibitor", "proton pump inhibitors", "proton density", "single-photon emission")


def modality_words(texts: Iterable[str]) -> tuple[str, ...]:
    """Words of those modalities that some texts name.

    Parameters
    ----------
    texts : iterable of str
        Labels and codes of arms, and of the levels of treatment columns.

    Returns
    -------
    tuple of str
        Each once; none where no text names a modality.
    """
    said = " ".join(texts).casefold()
    named = [
        words
        for words in MODALITIES
        if any(re.search(rf"(?<![a-z]){re.escape(word.casefold())}", said) for word in words)
    ]
    return tuple(dict.fromkeys(word for words in named for word in words))
