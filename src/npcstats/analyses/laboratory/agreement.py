"""Values beside reported events: participants in whom the two agree, and in whom they do not."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from npcstats.analyses.laboratory.members import WindowMembers, in_window
from npcstats.analyses.laboratory.rows import AGREEMENT, COMPARED, band_level
from npcstats.analyses.laboratory.spec import LaboratoryParameter, LaboratorySpec
from npcstats.derive import GradedValues, Group, Span, check_named, match_reports, require_columns
from npcstats.results import Row, count_rows
from npcstats.study import Study


def agreement_rows(
    study: Study,
    members: pd.DataFrame,
    spec: LaboratorySpec,
    window: WindowMembers,
    values: Mapping[str, GradedValues],
    groups: tuple[Group, ...],
) -> list[Row]:
    """Count participants whose values and reported events of a grade agree, and those whose do not.

    Parameters
    ----------
    study : Study
        At its cut-off.
    members : DataFrame
        Of a population.
    spec : LaboratorySpec
        Which grades, and how near in time.
    window : WindowMembers
        The window.
    values : mapping of str to GradedValues
        By parameter.
    groups : tuple of Group
        Who is counted together.

    Returns
    -------
    list of Row
        Of each parameter and grade.

    Raises
    ------
    DataError
        If adae lacks a column that is needed.
    SpecError
        If a term is not in its list.
    """
    adae, reason = study["adae"], f"analysis {spec.id}"
    require_columns(adae, "adae", ("AEDECOD", "AETOXGR", "ASTDT", "AENDT"), reason)
    check_named(study, "adae", {"AEDECOD": [item.term for item in spec.parameters]}, reason)
    member = pd.Index(members["USUBJID"]).get_indexer(pd.Index(adae["USUBJID"]))
    events = pd.DataFrame({
        "member": member, "start": adae["ASTDT"], "end": adae["AENDT"], "grade": adae["AETOXGR"],
        "term": adae["AEDECOD"],
    }).loc[member >= 0]  # fmt: skip
    rows = []
    for item in spec.parameters:
        own = events.loc[events["term"] == item.term]
        for grade in spec.agreement.grades if spec.agreement else ():
            found = _compared(item, own, window, values[item.code], grade, spec)
            rows += [
                row
                for group in groups
                for measure in COMPARED
                for row in count_rows(
                    Row(spec.id, spec.population, measure, "count", 0.0, arm=group.arm, block=AGREEMENT,
                        variable=item.code, level=band_level(grade), window=window.window.code),
                    int((group.members & found[measure]).sum()),
                    int((group.members & window.evaluable).sum()),
                )
            ]  # fmt: skip
    return rows


def _compared(
    item: LaboratoryParameter,
    events: pd.DataFrame,
    window: WindowMembers,
    values: GradedValues,
    grade: int,
    spec: LaboratorySpec,
) -> dict[str, np.ndarray]:
    """Who agrees, and who does not in which way; somebody can disagree in several ways."""
    severe = events.loc[events["grade"] >= grade]
    records = values.records
    asked = records.index.isin(in_window(values, window).index) & (records["lowest"] >= grade).to_numpy()
    asked &= records["worse"].to_numpy() | (_without_baseline(values) & (spec.without_baseline == "grade-0"))
    days = spec.agreement.days if spec.agreement else 0
    reported = match_reports(records, asked, severe, grade=grade, days=days)
    begun = _begun_in(severe, window.span) & window.evaluable[severe["member"].to_numpy()]

    def who(members: pd.Series, chosen: np.ndarray) -> np.ndarray:
        return np.isin(np.arange(len(window.evaluable)), members.to_numpy()[chosen])

    of_value, of_event = records.loc[asked, "member"], severe["member"]
    found = {
        "value_only": who(of_value, ~reported.values),
        "event_lower": who(of_event, begun & reported.measured & ~reported.supported),
        "event_unmeasured": who(of_event, begun & ~reported.measured),
    }
    any_of_both = who(of_value, np.ones(len(of_value), dtype=bool)) | who(of_event, begun)
    disagreed = found["value_only"] | found["event_lower"] | found["event_unmeasured"]
    return {"agree": any_of_both & ~disagreed, **found}


def _without_baseline(values: GradedValues) -> np.ndarray:
    missing = np.isnan(values.baseline.lowest)[values.records["member"].to_numpy()]
    return np.asarray(missing & values.records["after"].to_numpy(), dtype=bool)


def _begun_in(events: pd.DataFrame, span: Span) -> np.ndarray:
    member, day = events["member"].to_numpy(), events["start"].to_numpy()
    start, end = (dates.to_numpy()[member] for dates in (span.start, span.end))
    inside: np.ndarray = (day >= start) & ((day <= end) | np.isnat(end))
    return inside
