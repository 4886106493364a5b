"""Words of the rows of changes since the former meeting: where a row is, what happened to a record, and why."""

from __future__ import annotations

from collections.abc import Mapping

from npcstats.results import Results

FORMER, RECORDS, EVENTS, SETS = "former", "records", "events", "sets"
"""Blocks: whether there is a former meeting; records of each frame; adverse events; analysis sets."""
BLOCKS = (FORMER, RECORDS, EVENTS, SETS)
THEN, NOW, WHOLE = "then", "now", "all"
"""Levels of a size at the former meeting and at this one; of a change, of all of it."""
NEW, LATE, WITHDRAWN, CHANGED, COMPLETED = (
    "new", "late-entry", "withdrawn", "changed", "completed",
)  # fmt: skip
UPGRADED, DOWNGRADED, MOVED = "upgraded", "downgraded", "moved"
RECORD_LEVELS: Mapping[str, str] = {
    THEN: "Former meeting",
    WITHDRAWN: "Withdrawn",
    MOVED: "Dated later now",
    CHANGED: "Changed",
    COMPLETED: "Completed",
    LATE: "Entered later",
    NEW: "New",
    NOW: "Now",
}
"""What became of the records of a frame; those changed or completed are among those of both meetings."""
EVENT_LEVELS: Mapping[str, str] = {
    NEW: "New",
    LATE: "Dated by the former cut-off, entered later",
    UPGRADED: "Regraded, higher",
    DOWNGRADED: "Regraded, lower",
    CHANGED: "Changed otherwise",
    COMPLETED: "Completed",
    MOVED: "Dated after the former cut-off now",
    WITHDRAWN: "Withdrawn",
}
LEFT_CORRECTED, JOINED_CORRECTED = "left-corrected", "joined-corrected"
LEFT_LATER, JOINED_LATER, JOINED_NEW = "left-later", "joined-later", "joined-new"
SET_LEVELS: Mapping[str, str] = {
    THEN: "Former meeting",
    LEFT_CORRECTED: "Left, corrected",
    JOINED_CORRECTED: "Joined, corrected",
    LEFT_LATER: "Left since",
    JOINED_LATER: "Joined since",
    JOINED_NEW: "Enrolled since",
    NOW: "Now",
}
"""Who left and joined an analysis set: by corrected or late records, by what came later, by enrolment."""
CAUSE_WORDS: Mapping[str, str] = {
    "code": "Code",
    "plan": "Plan",
    "corrected": "Corrected",
    "late-entry": "Late entry",
    "follow-up": "Follow-up",
    "new": "New participants",
}
"""Causes of a change, in their order."""
OTHER_RULE = "other-rule"
"""Level of those who are in the same arm by another rule, beside `OTHER_ARM`."""
NEW_PERSON, NEW_EVENT, LATE_EVENT, GRADED_UP, CORRECTED_IN, INSIDE = (
    "new-participant", "new-event", "late-event", "graded-up", "corrected-in", "evaluable",
)  # fmt: skip
GONE_PERSON, GONE_EVENT, GRADED_DOWN, CORRECTED_OUT, OUTSIDE = (
    "participant-withdrawn", "event-withdrawn", "graded-down", "corrected-out", "not-evaluable",
)  # fmt: skip
OTHER_ARM = "other-arm"
JOINED_WORDS: Mapping[str, str] = {
    NEW_PERSON: "newly enrolled",
    NEW_EVENT: "with a new event",
    LATE_EVENT: "entered late",
    GRADED_UP: "upgraded",
    CORRECTED_IN: "otherwise corrected",
    INSIDE: "newly in the denominator",
    OTHER_ARM: "in another group before",
}
LEFT_WORDS: Mapping[str, str] = {
    GONE_EVENT: "withdrawn",
    GRADED_DOWN: "downgraded",
    CORRECTED_OUT: "no longer counted after a correction",
    OUTSIDE: "no longer in the denominator",
    GONE_PERSON: "no longer in the export",
    OTHER_ARM: "in another group now",
}
MEASURES: Mapping[str, str] = {
    "former_meeting": "1 where there is a former meeting, else 0",
    "watched_then": "a watched number as it was released at the former meeting",
    "watched_now": "a watched number at this meeting",
    "change_since": "by how much a watched number differs, in all or by one cause",
    "moved": "watched numbers that differ by more than the plan's amount, of all that are watched",
    "reassigned": "participants of both meetings whom corrections put into another arm, or into theirs by another rule",
    "counted_then": "participants counted in a watched share at the former meeting by the present plan, of how many",
    "counted_now": "participants counted in a watched share at this meeting, of how many",
    "joined": "participants who are counted in a watched number and were not, by reason",
    "left": "participants who were counted in a watched number and are not, by reason",
}
LATE_TEXT = "entered later"
"""What the listing of changed events says of one that was only entered later."""
NO_EVENTS = "no_events"
"""Topic of the sentence that adverse events cannot be compared."""
NO_FORMER = "none"
"""Topic of the sentence that there is no former meeting."""


def style_choice(watch: str) -> str:
    """Name the choice that tells how a watched number is printed.

    Parameters
    ----------
    watch : str
        Id of the watched number in the plan.

    Returns
    -------
    str
        Its name in the catalogue entry.
    """
    return f"style.{watch}"


def amount_choice(watch: str) -> str:
    """Name the choice that tells by how much a watched number must differ to be told.

    Parameters
    ----------
    watch : str
        Id of the watched number in the plan.

    Returns
    -------
    str
        Its name in the catalogue entry.
    """
    return f"amount.{watch}"


def source_choice(variable: str) -> str:
    """Name the choice that holds the key of the present row of a watched number, of its first arm.

    Parameters
    ----------
    variable : str
        The watched number.

    Returns
    -------
    str
        Its name in the catalogue entry.
    """
    return f"source.{variable}"


def has_former(results: Results, analysis: str) -> bool:
    """Tell whether there is a former meeting.

    Parameters
    ----------
    results : Results
        With the analysis of changes.
    analysis : str
        Its id.

    Returns
    -------
    bool
        As its row says.
    """
    return any(row.value > 0 for row in results.by_measure.get((analysis, "former_meeting"), ()))
