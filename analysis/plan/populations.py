"""Analysis sets."""

from __future__ import annotations

from npcstats.study import Population

POPULATIONS = (
    Population("ENRL", "Enrolled", "All enrolled participants.", requires=("ENRLDT",), arms="actual"),
    Population(
        "SAF",
        "Safety set",
        "Participants with at least one fraction of radiotherapy or one dose of chemotherapy.",
        requires=("TRTSDT",),
        arms="actual",
    ),
    Population(
        "RTEND",
        "Radiotherapy completed",
        "Participants who have completed radiotherapy.",
        requires=("RTENDT",),
        arms="actual",
    ),
    Population(
        "RT",
        "Radiotherapy set",
        "Participants who have started radiotherapy.",
        requires=("RTSTDT",),
        arms="actual",
    ),
    Population(
        "SAFONE",
        "Safety set, one modality",
        "Participants with at least one fraction of radiotherapy or one dose of chemotherapy, without those whose "
        "radiotherapy was of both modalities.",
        requires=("TRTSDT",),
        arms="actual",
        without={"TRT01A": ("MIXED",)},
    ),
    Population(
        "RTONE",
        "Radiotherapy set, one modality",
        "Participants who have started radiotherapy, without those whose radiotherapy was of both modalities.",
        requires=("RTSTDT",),
        arms="actual",
        without={"TRT01A": ("MIXED",)},
    ),
)
