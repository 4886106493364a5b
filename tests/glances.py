"""An entry of the overview for the trial of eight."""

from __future__ import annotations

from npcstats.analyses.overview.spec import Category, Deaths, OverviewSpec, Shared
from npcstats.derive import GradeWindow

EVER = GradeWindow("ever", "Ever", period="ever", counting="onset", evaluable="everyone")
EARLY = GradeWindow("early", "Early", period="early", counting="onset", evaluable="window-complete")
LATE = GradeWindow("late", "Late", period="after", counting="onset", evaluable="assessed-in-window")

SPEC = OverviewSpec(
    id="glance",
    label="At a glance",
    population="DOSED",
    sessions=("only",),
    windows=(EVER, EARLY, LATE),
    categories=(
        Category("any", "Any event"),
        Category("from-3", "Grade ≥ 3", lowest=3),
        Category("two", "Grade 2", lowest=2, highest=2),
        Category("fatal", "Grade 5", lowest=5),
        Category("serious", "Serious", where={"AESER": ("Y",)}),
        Category("related", "Related", where={"AEREL": ("RT", "CHEMO", "BOTH")}, definition="to any treatment"),
    ),
    deaths=(
        Deaths("died", "Died"),
        Deaths("treated", "Of treatment", causes=("TREATMENT",)),
        Deaths("soon", "Within 200 days", anchor="RTENDT", within=200, windows=("ever",)),
    ),
    shared=(
        Shared("both", "with a fatal event", ("treated", "fatal"), windows=("ever",)),
        Shared("without", "without one", ("treated",), none_of=("fatal",), windows=("ever",)),
        Shared("soon-other", "not of treatment", ("soon",), none_of=("treated",), windows=("ever",)),
    ),
    conf_level=0.95,
    interval="clopper-pearson",
    difference="newcombe",
    baseline_adjusted=True,
    scale="CTCAE version 5.0",
    estimand="unadjusted",
    status="planned",
)
