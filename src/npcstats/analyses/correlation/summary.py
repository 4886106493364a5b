"""Correlations of markers within participants, over visits, and the order in which those alike stand together."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
import pandas as pd

from npcstats.analyses.correlation.rows import BEYOND_VISITS, BLOCKS, TREE, WITHIN
from npcstats.analyses.correlation.spec import CorrelationSpec, correlation_faults
from npcstats.choices import refuse_faults
from npcstats.derive import NEAREST_RECORD, arm_groups, marker_values, population_members, results_of
from npcstats.estimators.types import Interval
from npcstats.estimators.within_correlation import (
    CLUSTERED,
    SIGNED,
    RepeatedCorrelation,
    Tree,
    estimate_repeated_correlation,
    order_by_correlation,
)
from npcstats.results import EVERYONE, Analysis, Results, Row, interval_rows
from npcstats.study import Study

BELOW_WORDS = {
    "half-limit": "Values below the limit of quantification count as half that limit.",
    "missing": "Values below the limit of quantification count as missing.",
}
LIMIT_WORDS = {
    "fisher": "Limits by Fisher's transformation, which takes the visits of a participant for independent once the "
    "participant's mean is removed.",
    CLUSTERED: "Limits on Fisher's scale, with the variance between participants as wholes: visits of a participant "
    "may depend on one another.",
}
BLOCK_WORDS = {WITHIN: "Within participants", BEYOND_VISITS: "Within participants, visits' means removed"}


@dataclass(frozen=True, eq=False)
class _Values:
    """Values of the markers (markers, members, visits) on their scales, NaN where missing."""

    array: np.ndarray

    def pair(self, i: int, j: int, inside: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Both values, member and visit wherever some of the members have both."""
        first, second = self.array[i], self.array[j]
        member, visit = np.nonzero(~np.isnan(first) & ~np.isnan(second) & inside[:, None])
        return first[member, visit], second[member, visit], member, visit


def summarize_correlation(study: Study, spec: CorrelationSpec) -> Results:
    """Correlate markers within participants, of each arm and of everyone.

    Parameters
    ----------
    study : Study
        At its cut-off, arms named, masked or removed.
    spec : CorrelationSpec
        What is wanted.

    Returns
    -------
    Results
        Rows of kind ``correlation``; markers in the catalogue in the order of the tree.

    Raises
    ------
    SpecError
        If a choice is not in its closed set, or a visit is not in the design.
    DataError
        If a marker has a unit other than the declared one, or a value that its scale cannot take.

    Notes
    -----
    Denominator: of each pair of markers, participants with both on two visits or more. Missing data: a visit without
    one of the two is left out of that pair. The tree is of the correlations of everyone within participants; where one
    of them cannot be estimated there is none, and markers stand in the order of the plan.
    """
    refuse_faults(spec.id, correlation_faults(spec))
    members = population_members(study, spec.population)
    values, codes = _values(study, members, spec), [marker.code for marker in spec.markers]
    start = Row(spec.id, spec.population, "participants", "count", 0.0)
    rows: list[Row] = []
    whole = np.eye(len(codes))
    for group in arm_groups(study, members):
        named = replace(start, arm=group.arm)
        rows.append(replace(named, value=float(group.members.sum())))
        for i, j, block, found in _correlations(values, group.members, spec):
            rows += _pair_rows(replace(named, block=block, variable=codes[i], level=codes[j]), found)
            if group.arm == EVERYONE and block == WITHIN:
                whole[i, j] = whole[j, i] = found.interval.estimate
    tree = None
    if not np.isnan(whole).any():
        tree = order_by_correlation(whole, distance=spec.distance, joined=spec.joined)
        rows += _tree_rows(replace(start, block=TREE, measure="merge_distance", stat="estimate"), tree, codes)
    return results_of(study, spec.id, rows, _analysis(study, spec, tree))


def _values(study: Study, members: pd.DataFrame, spec: CorrelationSpec) -> _Values:
    visits = [study.design.visit(code) for code in spec.visits]
    return _Values(
        np.stack([
            marker_values(study, members, visits, code=marker.code, unit=marker.unit, scale=marker.scale,
                          below_limit=spec.below_limit, reason=f"analysis {spec.id}")
            for marker in spec.markers
        ])
    )  # fmt: skip


def _correlations(
    values: _Values, inside: np.ndarray, spec: CorrelationSpec
) -> Iterator[tuple[int, int, str, RepeatedCorrelation]]:
    """Each pair of markers, in the order of the plan, in each block."""
    for i, j in combinations(range(len(spec.markers)), 2):
        first, second, member, visit = values.pair(i, j, inside)
        for block in BLOCKS:
            found = estimate_repeated_correlation(
                first,
                second,
                member,
                occasion=visit if block == BEYOND_VISITS else None,
                limits=spec.limits,
                conf_level=spec.conf_level,
            )
            yield i, j, block, _enough(found, spec)


def _enough(found: RepeatedCorrelation, spec: CorrelationSpec) -> RepeatedCorrelation:
    if found.participants >= spec.minimum_participants:
        return found
    note = f"Fewer than {spec.minimum_participants} participants have both markers on two visits."
    interval = Interval(math.nan, math.nan, math.nan, spec.conf_level, spec.limits, note)
    return replace(found, interval=interval, df=math.nan, p_value=math.nan)


def _pair_rows(template: Row, found: RepeatedCorrelation) -> list[Row]:
    shared = replace(template, measure="repeated_correlation")
    note = found.interval.note
    tested = replace(shared, method=found.interval.method, note=note if math.isnan(found.p_value) else "")
    return [
        replace(template, value=float(found.participants)),
        replace(template, measure="records", value=float(found.pairs)),
        *interval_rows(shared, found.interval),
        replace(tested, stat="df", value=found.df),
        replace(tested, stat="p_value", value=found.p_value),
    ]


def _tree_rows(template: Row, tree: Tree, codes: list[str]) -> list[Row]:
    return [
        replace(template, variable=codes[left], level=codes[right], value=float(distance))
        for left, right, distance in zip(tree.left, tree.right, tree.distance, strict=True)
    ]


def _analysis(study: Study, spec: CorrelationSpec, tree: Tree | None) -> Analysis:
    ordered = [spec.markers[i] for i in tree.order] if tree else list(spec.markers)
    names = {marker.code: marker.label for marker in ordered}
    return Analysis(
        spec.label,
        "correlation",
        spec.status,
        spec.population,
        sentences=_sentences(study, spec, tree is not None),
        choices={
            "repeated_correlation": spec.limits,
            "below_limit": spec.below_limit,
            "distance": spec.distance,
            "joined": spec.joined,
            **{f"scale.{marker.code}": marker.scale for marker in spec.markers},
        },
        labels={"block": BLOCK_WORDS, "variable": names, "level": names},
        units={},
    )


def _sentences(study: Study, spec: CorrelationSpec, has_tree: bool) -> dict[str, str]:
    plain = [marker.label for marker in spec.markers if marker.scale == "identity"]
    whole = {0: "Logarithms of all markers.", len(spec.markers): ""}
    shape = "one minus the correlation" if spec.distance == SIGNED else "one minus the size of the correlation"
    visits = ", ".join(study.design.visit(code).label for code in spec.visits)
    return {
        "population": study.design.population(spec.population).definition,
        "method": "Repeated-measures correlation: whether two markers rise and fall together in a participant, each "
        "participant's own mean removed; with visits' means removed too, whether they do so beyond the common course "
        "of treatment.",
        "scale": whole.get(len(plain), f"Logarithms of all markers but {'; '.join(plain)}."),
        "visits": f"Visits: {visits}. {NEAREST_RECORD}",
        "denominator": "n: participants with both markers on two visits or more.",
        "limit": BELOW_WORDS[spec.below_limit],
        "interval": LIMIT_WORDS[spec.limits],
        "order": f"Markers are in the order of a tree ({spec.joined} linkage of {shape}, of everyone)."
        if has_tree
        else "Markers are in the order of the plan: not every correlation could be estimated, so there is no tree.",
        "multiplicity": "A description: not adjusted for multiplicity, and a correlation is no effect.",
    }
