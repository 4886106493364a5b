"""What samples by visit are, as a kind of analysis."""

from __future__ import annotations

from npcstats.analyses.kind import Choices, Kind
from npcstats.analyses.samples.displays import SampleReasons, SampleSteps
from npcstats.analyses.samples.spec import SamplesSpec, samples_faults
from npcstats.analyses.samples.summary import summarize_samples
from npcstats.disclosure.withhold import WHOLE

SAMPLES = Kind(
    spec=SamplesSpec,
    codes=("samples",),
    efficacy=False,
    withhold=WHOLE,
    summarize=summarize_samples,
    choices=Choices(faults=samples_faults),
    displays=(SampleReasons, SampleSteps),
)
