"""An entry of delivered treatment of the trial of eight, for tests of its rows and of its table."""

from __future__ import annotations

from npcstats.analyses.exposure.spec import Amount, ExposureSpec, Part, Reached, Share

GIVEN = ExposureSpec(
    id="given",
    label="Given",
    population="BEAM",
    sessions=("only",),
    parts=(
        Part(
            "BEAM",
            "Beam",
            (
                Amount("FXDELIV", "Fractions", "decimal0"),
                Share("LEAST34", "Most fractions", "FXDELIV", "at least", 34.0),
                Share("ABOVE34", "All fractions", "FXDELIV", "above", 34.0),
                Share("WOMEN", "Women", "SEX", "equal to", "F"),
            ),
        ),
        Part(
            "CIS",
            "Cisplatin planned or given",
            (Amount("CCD_CONC", "Sum", "decimal0", "mg/m²"),),
            among={"CONREG": ("C_QW", "C_Q3W"), "CCD_CONC": ()},
        ),
        Part(
            "REACHED",
            "Reached",
            Reached("CCD_CONC", "CONREG", {"C_QW": "Weekly", "C_Q3W": "Every 3 weeks"}, (40.0, 180.0, 200.0)),
            among={"CONREG": ("C_QW", "C_Q3W")},
        ),
    ),
    quantile_type=2,
    unknown="Not known",
    sentences={"course": "Fractions are counted."},
    status="planned",
)
