"""Who knows everything that is published, and how counts add up, cannot find a small count.

The criterion: for each count from 1 to 4 of the committed trial, printed or implied by the rows (participants of
exactly one grade, without the event, without a value), a whole world of counts exists that agrees with every published
row and with every way in which counts add up, and in which that count is none at all or is 5 or more. The worlds are
found by integer programming; nothing here uses how the package chooses what to withhold.
"""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from npcstats.disclosure import SmallCounts, keep_boundaries, merge_small, withhold_small_counts
from npcstats.errors import SpecError
from npcstats.results import WITHHELD, is_withheld, select
from npcstats.run.registry import withholdings

ROOT = Path(__file__).parents[2]
BELOW = 5
SMALL = range(1, BELOW)
GRADES = range(6)
MARKERS = ("ALC", "WBC", "EBV", "CRP")
NESTED = {
    ("observed", "value", "count"): "value",
    ("observed", "value", "total"): "due",
    ("observed", "change", "count"): "part",
    ("observed", "change", "total"): "due",
    ("proportion", "detectable", "count"): "part",
    ("proportion", "detectable", "total"): "value",
}


class World:
    """Unknown whole numbers of 0 or more, and what is known of them."""

    def __init__(self):
        self.names, self.rules = {}, []

    def know(self, terms, low, high=math.inf):
        """A sum of coefficients times unknowns lies between two numbers."""
        self.rules.append(({self.names.setdefault(n, len(self.names)): c for n, c in terms.items()}, low, high))

    def find(self, name, sign):
        """The largest (sign 1) or smallest (sign -1) value that an unknown can have; None if nothing agrees."""
        data, columns, starts = [], [], [0]
        for terms, _, _ in self.rules:
            columns += terms
            data += terms.values()
            starts.append(len(data))
        matrix = csr_array((data, columns, starts), shape=(len(self.rules), len(self.names)))
        limits = LinearConstraint(matrix, [low for _, low, _ in self.rules], [high for _, _, high in self.rules])
        wanted = np.zeros(len(self.names))
        wanted[self.names[name]] = -sign
        found = milp(wanted, constraints=limits, integrality=np.ones(len(self.names)), bounds=Bounds(0, 1000))
        return None if found.x is None else round(found.x[self.names[name]])

    def hides(self, name):
        """Whether a world exists in which this count is not small."""
        most = self.find(name, 1)
        assert most is not None, "the truth itself must agree with what is published"
        return most >= BELOW or self.find(name, -1) == 0


def numbers(results, **wanted):
    """Values by arm and further key columns."""
    return {row: row.value for row in select(results, **wanted)}


def exact(whole, analysis, window, arm, block, variable):
    """Participants of each worst grade, from the rows before anything was withheld."""
    place = {"analysis": analysis, "window": window, "arm": arm}
    inside = select(whole, **place, measure="observed", stat="count")[0].value
    rows = select(whole, **place, block=block, variable=variable, measure="risk", stat="count")
    graded = {
        int(row.level[-1]): row.value for row in rows if row.level.startswith("grade=") and row.level != "grade=0"
    }
    return {0: inside - sum(graded.values()), **graded}


def at_least(place, grade):
    return {(*place, g): 1 for g in GRADES if g >= grade}


def toxicity_world(public, analysis, window, arm):
    """What is known of one arm in one window: all its rows, and that a class is at least each of its terms."""
    world, place = World(), {"analysis": analysis, "window": window, "arm": arm}
    inside = select(public, **place, measure="observed", stat="count")[0].value
    rows = [row for row in select(public, **place, measure="risk", stat="count") if row.level != "serious"]
    rows = [row for row in rows if row.block != "composites"]
    terms = dict.fromkeys((row.block, row.variable) for row in rows)
    for term in terms:
        world.know(at_least(term, 0), inside, inside)
    for row in rows:
        term, grade = (row.block, row.variable), int(row.level[-1])
        if not is_withheld(row):
            known = {(*term, grade): 1} if ">" not in row.level else at_least(term, grade)
            world.know(known, row.value, row.value)
    for block, variable in terms:
        if (block, variable) == ("all", "all"):
            continue
        upper = (block, "all") if variable != "all" else ("all", "all")
        siblings = [t for t in terms if t != upper and (t[0] == block if variable != "all" else t[1] == "all")]
        for grade in range(1, 6):
            above = at_least(upper, grade)
            world.know({**above, **dict.fromkeys(at_least((block, variable), grade), -1)}, 0)
            world.know({**dict.fromkeys(above, -1), **{n: 1 for s in siblings for n in at_least(s, grade)}}, 0)
    return world, list(terms)


@pytest.mark.parametrize(("analysis", "window"), [
    ("ae-acute", "acute"), ("ae-late", "late-incident"), ("ae-late", "late-prevalent"),
])  # fmt: skip
@pytest.mark.parametrize("arm", ["PROTON", "PHOTON"])
def test_no_grade_of_a_term_can_be_found(trial, analysis, window, arm):
    _, _, whole, public = trial
    world, terms = toxicity_world(public, analysis, window, arm)
    small = [
        (*term, grade)
        for term in terms
        for grade, count in exact(whole, analysis, window, arm, *term).items()
        if count in SMALL
    ]
    assert small
    assert [name for name in small if not world.hides(name)] == []
    bands = [
        (row.block, row.variable, int(row.level[-1]))
        for row in select(whole, analysis=analysis, window=window, arm=arm, measure="risk", stat="count")
        if row.level.startswith("grade>=") and row.value in SMALL
    ]
    for block, variable, grade in bands:
        world.know({("sum", block, variable, grade): -1, **at_least((block, variable), grade)}, 0, 0)
        assert world.hides(("sum", block, variable, grade))


@pytest.mark.parametrize("analysis", ["ae-acute", "ae-late"])
def test_what_overlaps_with_the_rows_beside_it_is_not_published(trial, analysis):
    """Serious events are some of a term's, a composite is the worst of several terms: the difference could be small."""
    whole, public = trial[2:]
    apart = [row for row in select(public, analysis=analysis) if "serious" in row.level or row.block == "composites"]
    assert [row.key for row in apart if row.stat != "total" and not math.isnan(row.value)] == []
    assert any(row.value > 0 for row in select(whole, analysis=analysis, level="serious"))


def test_the_attack_finds_what_is_left_when_only_small_counts_are_withheld(trial):
    """The proof is worth something: leaving out each small cell and nothing else is not enough."""
    whole = trial[2]
    place = {"analysis": "ae-acute", "window": "acute", "arm": "PROTON"}
    naive = tuple(
        replace(row, value=math.nan, note="By hand.", reason=WITHHELD)
        if row.stat == "count" and row.value in SMALL
        else row
        for row in select(whole, **place)
    )
    world, terms = toxicity_world(replace(whole, rows=naive), **place)
    small = [(*t, g) for t in terms for g, count in exact(whole, *place.values(), *t).items() if count in SMALL]
    assert sum(not world.hides(name) for name in small[:20]) > 5


@pytest.mark.parametrize("analysis", ["ae-acute", "ae-late"])
def test_no_class_less_a_term_is_small(trial, analysis):
    """A class less one of its terms is how many have only others of it; all events less a class likewise."""
    _, _, whole, public = trial

    def pairs(results):
        counts = {
            (row.window, row.arm, row.level, row.block, row.variable): row.value
            for row in select(results, analysis=analysis, measure="risk", stat="count")
            if ">=" in row.level and not math.isnan(row.value)
        }
        for (window, arm, level, block, variable), count in counts.items():
            for of in ((block, "all"), ("all", "all")):
                if (block, variable) != of and (window, arm, level, *of) in counts:
                    yield counts[window, arm, level, *of] - count

    assert any(difference in SMALL for difference in pairs(whole))
    assert not any(difference in SMALL for difference in pairs(public))


@pytest.mark.parametrize("analysis", ["ae-acute", "ae-late"])
def test_pooled_rows_and_contrasts_tell_nothing_that_arms_do_not(trial, analysis):
    public = trial[-1]
    for row in select(public, analysis=analysis, measure={"risk", "risk_difference"}, stat={"count", "estimate"}):
        if row.arm == "all" or row.reference:
            parts = [public.by_key[replace(row, arm=arm, reference="", measure="risk", stat="count").key]
                     for arm in ("PROTON", "PHOTON")]  # fmt: skip
            assert is_withheld(row) == any(map(is_withheld, parts))


@pytest.mark.parametrize("arm", ["PROTON", "PHOTON", "all"])
def test_nobody_outside_a_denominator_can_be_found(trial, arm):
    """The safety set is between those who started radiotherapy and those enrolled; the reasons add up."""
    _, _, whole, public = trial
    size = {
        name: select(public, analysis=name, measure="participants", arm=arm)[0].value for name in ("baseline", "os")
    }
    for analysis, window in (("ae-acute", "acute"), ("ae-late", "late-incident"), ("ae-late", "late-prevalent")):
        world, place = World(), {"analysis": analysis, "window": window, "arm": arm}
        world.know({"set": 1}, size["os"], size["baseline"])
        inside = select(public, **place, measure="observed", stat="count")[0].value
        reasons = select(public, **place, measure="not_evaluable")
        world.know({"set": 1, **{row.level: -1 for row in reasons}}, inside, inside)
        for row in (*reasons, *select(public, **place, measure="participants")):
            if not is_withheld(row):
                world.know({row.level or "set": 1}, row.value, row.value)
        for row in select(whole, **place, measure="not_evaluable"):
            assert row.value not in SMALL or world.hides(row.level)


def test_no_level_of_a_characteristic_can_be_found(trial):
    _, _, whole, public = trial
    arms, checked = ("PROTON", "PHOTON"), 0
    places = dict.fromkeys((row.block, row.variable) for row in select(whole, analysis="baseline", measure="observed"))
    for block, variable in places:
        place, world, truth = {"analysis": "baseline", "block": block, "variable": variable}, World(), {}
        for arm in arms:
            size = select(public, analysis="baseline", measure="participants", arm=arm)[0].value
            levels = [row.level for row in select(whole, **place, arm=arm, measure="proportion", stat="count")]
            parts = {(arm, level): 1 for level in levels} or {(arm, "observed"): 1}
            world.know({**parts, (arm, "missing"): 1}, size, size)
        for row in select(public, **place, measure={"observed", "missing", "proportion"}, stat={"count", "total"}):
            own = "missing" if row.measure == "missing" else row.level
            names = (
                [own]
                if own and row.stat == "count"
                else [n for a, n in world.names if a == "PROTON" and n != "missing"]
            )
            if not is_withheld(row):
                of = arms if row.arm == "all" else (row.arm,)
                world.know({(arm, name): 1 for arm in of for name in names}, row.value, row.value)
        for row in select(whole, **place, measure={"observed", "missing", "proportion"}, stat="count"):
            if row.arm != "all":
                truth[row.arm, "missing" if row.measure == "missing" else row.level or "observed"] = row.value
        for name, count in truth.items():
            if count in SMALL and name in world.names:
                checked += 1
                assert world.hides(name), (variable, name)
    assert checked


def test_shares_and_differences_are_withheld_with_their_counts(trial):
    public = trial[-1]
    for row in public.rows:
        of_count = row.analysis.startswith("ae-") or row.measure == "proportion"
        if of_count and row.measure in ("risk", "proportion") and row.stat in ("estimate", "ci_low", "ci_high"):
            pair = [public.by_key[replace(row, stat=stat).key] for stat in ("count", "total")]
            assert is_withheld(row) or not any(map(is_withheld, pair)), row.key
    for row in select(public, measure="smd"):
        levels = select(public, analysis=row.analysis, variable=row.variable, measure={"proportion", "observed"})
        assert is_withheld(row) or not any(map(is_withheld, levels))


def test_no_value_of_one_participant_is_published(trial):
    assert all(math.isnan(row.value) for row in trial[-1].rows if row.measure in ("minimum", "maximum"))


@pytest.mark.parametrize("arm", ["PROTON", "PHOTON", "all"])
def test_nobody_without_a_value_can_be_found(trial, arm):
    """At each visit all markers share whom it is due for; with a change, with a value, due, in the set are nested."""
    _, _, whole, public = trial
    size = select(public, analysis="biomarkers", measure="participants", arm=arm)[0].value
    for window in dict.fromkeys(row.window for row in select(whole, analysis="biomarkers", measure="observed")):
        for variable in dict.fromkeys(row.variable for row in select(whole, analysis="biomarkers", window=window)):
            world, truth = World(), {}
            place = {"analysis": "biomarkers", "window": window, "arm": arm, "variable": variable}
            for rows, known in ((select(whole, **place), False), (select(public, **place), True)):
                for row in rows:
                    name = NESTED.get((row.measure, row.level, row.stat))
                    if name and known and not is_withheld(row):
                        world.know({name: 1}, row.value, row.value)
                    elif name and not known:
                        truth[name] = row.value
            others = select(
                public, **{**place, "variable": {"ALC", "WBC", "EBV", "CRP"}}, measure="observed", stat="total"
            )
            world.know({"due": 1}, max((r.value for r in others if not is_withheld(r)), default=0), size)
            chain = [name for name in ("part", "value", "due") if name in truth]
            ends = [truth[name] for name in chain] + [size]
            for i, (low, high) in enumerate(zip([*chain], [*chain[1:], None], strict=True)):
                gap = f"gap{i}"
                world.know({gap: 1, low: 1, **({high: -1} if high else {})}, 0 if high else size, 0 if high else size)
            for i, (low, high) in enumerate(pairwise(ends)):
                assert high - low not in SMALL or world.hides(f"gap{i}"), (window, variable, low, high)


def test_a_difference_of_shares_stands_only_beside_both_counts(trial):
    """It would tell the count that is withheld; a quartile would be somebody's value, a change those who gained."""
    *_, public = trial
    differences = select(public, analysis="biomarkers", measure="risk_difference", stat="estimate")
    assert len(differences) == 8
    for row in differences:
        at = {"variable": row.variable, "window": row.window, "measure": "proportion", "stat": {"count", "total"}}
        pair = select(public, analysis="biomarkers", arm={row.arm, row.reference}, **at)
        assert len(pair) == 4
        assert is_withheld(row) == any(map(is_withheld, pair))
    hidden = select(public, analysis="biomarkers", measure={"median", "first_quartile", "share_change"})
    assert hidden
    assert all(map(is_withheld, hidden))


def test_the_rule_is_the_plans_and_the_page_says_so(trial):
    plan, _, _, public = trial
    assert plan.session("public").public.below == BELOW
    assert plan.report("manuscript").session == "public"
    for name, entry in public.catalogue.analyses.items():
        shown = [
            row for row in public.by_analysis[name] if is_withheld(row) and row.measure not in ("minimum", "maximum")
        ]
        assert bool(shown) <= ("a count of 1 to 4" in entry.sentences.get("withheld", ""))


def test_the_order_is_said_as_it_is(trial):
    """Terms that stand in the order of their names are not said to stand in that of their frequency."""
    _, _, whole, published = trial
    told = {name: entry.sentences.get("order", "") for name, entry in published.catalogue.analyses.items()}
    by_name = {name for name, text in told.items() if "order of their names" in text}
    assert by_name == {name for name, entry in whole.catalogue.analyses.items() if "order" in entry.sentences}
    assert "ae-acute" in by_name
    assert not any("order of participants" in text for text in told.values())


@pytest.mark.parametrize("analysis", ["ae-acute", "ae-late"])
def test_rows_stand_in_an_order_that_tells_no_count(trial, analysis):
    public = trial[-1]
    rows = select(public, analysis=analysis, measure="risk", stat="count", arm="all", level="grade>=1")
    rows = [row for row in rows if row.block != "composites"]  # in the order of the plan
    blocks = [block for block in dict.fromkeys(row.block for row in rows) if block != "all"]
    assert blocks == sorted(blocks)
    for block in blocks:
        terms = list(dict.fromkeys(row.variable for row in rows if row.block == block))
        assert terms == ["all", *sorted(set(terms) - {"all"})]


def numbers_of(cells):
    return [tuple(map(float, cell)) for cell in cells]


COUNTS = st.integers(0, 12)


@given(cells=st.lists(st.tuples(COUNTS, COUNTS), min_size=2, max_size=7), seed=st.permutations(range(1, 7)))
def test_no_stretch_between_kept_cuts_is_small(cells, seed):
    order = [cut for cut in seed if cut < len(cells)]
    kept = keep_boundaries(numbers_of(cells), order, SmallCounts(BELOW))
    for low, high in pairwise([0, *sorted(kept), len(cells)]) if kept else ():
        assert not {sum(cell[sort] for cell in cells[low:high]) for sort in (0, 1)} & set(SMALL)


@given(counts=st.lists(COUNTS, min_size=2, max_size=7))
def test_merged_categories_are_two_at_least_and_together_not_small(counts):
    named = {f"L{i}": float(count) for i, count in enumerate(counts)}
    merged = merge_small(named, SmallCounts(BELOW))
    assert {name for name, count in named.items() if count in SMALL} <= merged
    if merged and sum(counts) >= BELOW:
        assert len(merged) > 1
        assert sum(named[name] for name in merged) >= BELOW


def test_by_hand():
    """Grades 0 to 5 of 40: 20, 9, 6, 3, 2, 0.

    Grade 3 or more is 5, and of grade 5 there is nobody: cuts 3, 2, 1 and 5 stay; cut 4 would part 3 from 2. Below 6,
    grade 3 or more is itself small.
    """
    cells = numbers_of([(20,), (9,), (6,), (3,), (2,), (0,)])
    assert keep_boundaries(cells, (3, 2, 1, 4, 5), SmallCounts(5)) == {1, 2, 3, 5}
    assert keep_boundaries(cells, (3, 2, 1, 4, 5), SmallCounts(6)) == {1, 2, 5}
    assert merge_small({"F": 3.0, "M": 90.0, "missing": 0.0}, SmallCounts(5)) == {"F", "M"}
    assert merge_small({"a": 2.0, "b": 3.0, "c": 40.0}, SmallCounts(5)) == {"a", "b"}
    assert merge_small({"a": 2.0, "b": 1.0, "c": 40.0, "d": 9.0}, SmallCounts(5)) == {"a", "b", "d"}


@pytest.mark.parametrize("below", [0, 1, 2.5, True])
def test_a_rule_that_withholds_nothing_is_refused(below):
    with pytest.raises(SpecError, match="2 or more is required"):
        SmallCounts(below)


def test_listings_of_a_public_session_are_refused(trial):
    plan = trial[0]
    listing = replace(plan.listings[0], sessions=("public",))
    with pytest.raises(SpecError, match="which is public"):
        replace(plan, listings=(listing,))


def test_what_is_not_known_is_withheld_whole(trial):
    whole = trial[2]
    other = replace(whole.catalogue.analyses["os"], kind="something new")
    catalogue = replace(whole.catalogue, analyses={**whole.catalogue.analyses, "os": other})
    public = withhold_small_counts(replace(whole, catalogue=catalogue), SmallCounts(BELOW), withholdings())
    assert all(is_withheld(row) for row in public.by_analysis["os"])
