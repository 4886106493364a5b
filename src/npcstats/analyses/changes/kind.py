"""What changes since the former meeting are, as kinds of analysis."""

from __future__ import annotations

from npcstats.analyses.changes.displays import ChangedEvents, EventChanges, NumberChanges, RecordChanges, SetChanges
from npcstats.analyses.changes.listing import follow_events
from npcstats.analyses.changes.rows import MEASURES
from npcstats.analyses.changes.spec import (
    ChangedEventsSpec,
    ChangesSpec,
    changes_faults,
    listing_dates,
)
from npcstats.analyses.changes.summary import compare_changes
from npcstats.analyses.kind import Choices, Kind
from npcstats.disclosure.withhold import WHOLE

CHANGES = Kind(
    spec=ChangesSpec,
    codes=("since",),
    efficacy=False,
    withhold=WHOLE,
    compare=compare_changes,
    displays=(RecordChanges, EventChanges, SetChanges, NumberChanges),
    choices=Choices(faults=changes_faults),
    measures=MEASURES,
)
CHANGED_EVENTS = Kind(
    spec=ChangedEventsSpec,
    codes=("changed-events",),
    efficacy=False,
    withhold=None,
    follow=follow_events,
    record_arms=("masked", "named"),
    displays=(ChangedEvents,),
    choices=Choices(told_dates=listing_dates),
)
