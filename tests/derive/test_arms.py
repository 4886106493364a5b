"""Arms by planned and by actual treatment, masked and pooled, and what may be said of a comparison, by hand.

Of the eight of ``eight.py``, seven are enrolled at the cut-off. P01 was planned for Y and had MIXED, which counts in X;
P07 was planned for X and has no actual treatment; the other five had what was planned. Here P05, planned for X, has Y
as well: by planned treatment X holds P05, P07 and P06, by actual treatment P01, P07 and P06.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from npcstats.analyses.baseline.spec import BaselineSpec, Characteristic
from npcstats.analyses.baseline.summary import summarize_baseline
from npcstats.derive import (
    ComparedWords,
    arm_groups,
    arm_pair,
    arms_sentences,
    assign_arms,
    at_cutoff,
    compared_words,
    mask_arms,
    pool_arms,
    population_members,
)
from npcstats.disclosure import SmallCounts, withhold_small_counts
from npcstats.display.captions import ARMS_TOPICS, compose_caption
from npcstats.display.specs import Figure
from npcstats.errors import DataError, SpecError
from npcstats.results import one
from npcstats.run.registry import withholdings
from npcstats.schema import Column
from npcstats.study import ARM_COLUMNS, ARM_SOURCE, Arm, Population, read_study
from npcstats.tables import baseline_table

ITT = Population("ITT", "Randomised", "Everyone enrolled, as planned.", requires=("ENRLDT",), arms="planned")
PER = Population("PER", "Radiotherapy", "Who started radiotherapy, as planned.", requires=("RTSTDT",), arms="planned")
LETTERS = {"X": "B", "Y": "A"}
WHO = ("P05", "P02", "P01", "P07", "P03", "P06", "P04")


def redesigned(study, **changed):
    return replace(study, design=replace(study.design, **changed))


@pytest.fixture(scope="module")
def crossed(whole, cutoff):
    """The seven at the cut-off, with P05 treated in Y, in a randomized study with both ways of assigning arms."""
    design = replace(whole.design, allocation="randomized", populations=(*whole.design.populations, ITT, PER))
    adsl = whole["adsl"].assign(TRT01A=whole["adsl"]["TRT01A"].mask(whole["adsl"]["USUBJID"] == "P05", "Y"))
    study = at_cutoff(replace(whole, design=design).with_frames({"adsl": adsl}), cutoff, snapshot="event-date")
    return assign_arms(replace(study, session="end", rounding="half-away"))


def arms_of(study, population):
    members = population_members(study, population)
    return dict(zip(members["USUBJID"], members["ARM"], strict=True))


BY_PLAN = dict(zip(WHO, "XYYXYXY", strict=True))
BY_TREATMENT = dict(zip(WHO, "YYXXYXY", strict=True))


class TestAssignment:
    def test_both_stand_side_by_side_with_the_same_members(self, crossed):
        assert arms_of(crossed, "ITT") == BY_PLAN
        assert arms_of(crossed, "EVERY") == BY_TREATMENT

    def test_masking_relabels_both(self, crossed):
        masked = mask_arms(crossed, LETTERS)
        assert arms_of(masked, "ITT") == {who: LETTERS[arm] for who, arm in BY_PLAN.items()}
        assert arms_of(masked, "EVERY") == {who: LETTERS[arm] for who, arm in BY_TREATMENT.items()}

    def test_pooling_drops_both(self, crossed):
        pooled = pool_arms(crossed)
        members = population_members(pooled, "ITT")
        assert members["USUBJID"].tolist() == list(WHO)
        assert not [name for name in members if "ARM" in name]

    def test_no_analysis_can_take_an_arm_without_a_population(self, crossed):
        assert "ARM" not in crossed["adsl"]

    def test_numbers_go_by_the_population(self, crossed):
        """Ages: P05 50, P02 61, P01 55, P07 47.5, P03 61, P06 58, P04 70."""
        means = {}
        for population in ("ITT", "EVERY"):
            found = summarize_baseline(crossed, ages(population))
            means[population] = [one(found, variable="AGE", arm=arm, measure="mean").value for arm in "XY"]
        assert means["ITT"] == pytest.approx([(50 + 47.5 + 58) / 3, (61 + 55 + 61 + 70) / 4], abs=1e-12)
        assert means["EVERY"] == pytest.approx([(55 + 47.5 + 58) / 3, (50 + 61 + 61 + 70) / 4], abs=1e-12)

    @pytest.mark.parametrize(
        ("planned", "told"),
        [("MIXED", r"adsl.TRT01P: 1 row not in the code list \(row 1: AAAAA\); one of X, Y is required"),
         ("", r"adsl.TRT01P: 1 row without a value \(row 1\)")],
    )  # fmt: skip
    def test_planned_treatment_that_is_no_arm(self, write_export, texts, design, planned, told):
        changed = texts["adsl"].replace("2025-01-10,X,X", f"2025-01-10,{planned},X")
        columns = tuple(replace(c, missing=c.missing or c.name == "TRT01P") for c in design.frames[0].columns)
        frames = (replace(design.frames[0], columns=columns), *design.frames[1:])
        with pytest.raises(DataError, match=told):
            read_study(write_export({"adsl": changed}), replace(design, frames=frames))

    def test_planned_treatment_that_is_known_later(self, crossed):
        """P07, planned but not yet allotted at the cut-off, is in no arm: refused, not left out of the arms alone."""
        adsl = crossed["adsl"].assign(_ARM_PLANNED=crossed["adsl"]["_ARM_PLANNED"].mask(lambda arm: arm.index == 3, ""))
        with pytest.raises(
            DataError, match=r"^population ITT: 1 of 7 participants in no arm by the cut-off; a planned"
        ):
            population_members(crossed.with_frames({"adsl": adsl}), "ITT")


def ages(population):
    return BaselineSpec(
        "ages", "Ages", population, ("end",), (Characteristic("AGE", "Age", "Person", "continuous", show="mean"),),
        quantile_type=2, smd_denominator="average", status="planned",
    )  # fmt: skip


COUNTS = "Of 7 participants, 1 had MIXED, 1 had no actual treatment recorded and 1 had another arm's treatment than "


class TestSentences:
    def test_how_arms_were_assigned_and_of_how_many_it_matters(self, crossed):
        told = arms_sentences(crossed, "ITT")
        assert told == {"arms": "Arms are as randomised, by planned treatment.", "arms_counts": f"{COUNTS}planned."}
        told = arms_sentences(crossed, "EVERY")
        assert told["arms"] == (
            "Arms are by actual treatment: MIXED counts in arm Ex; who has none recorded counts as planned."
        )
        assert told["arms_counts"] == f"{COUNTS}planned."

    @pytest.mark.parametrize(
        ("members", "told"),
        [
            ({"P01", "P02"}, ": MIXED counts in arm Ex."),
            ({"P02", "P07"}, "; who has none recorded counts as planned."),
            ({"P01", "P07"}, ": MIXED counts in arm Ex; who has none recorded counts as planned."),
            ({"P02", "P05"}, "."),
        ],
    )
    def test_only_what_applies_to_a_member_is_told(self, crossed, members, told):
        few = crossed.with_frames({"adsl": crossed["adsl"].loc[crossed["adsl"]["USUBJID"].isin(members)]})
        assert arms_sentences(few, "EVERY")["arms"] == f"Arms are by actual treatment{told}"
        masked = arms_sentences(mask_arms(few, LETTERS), "EVERY")["arms"]
        blank = "; who has none recorded counts as planned" if "P07" in members else ""
        assert masked == f"Arms are by actual treatment{blank}."

    def test_without_randomisation(self, crossed):
        study = redesigned(crossed, allocation="non-randomized")
        assert arms_sentences(study, "ITT")["arms"] == "Arms are by planned treatment."

    def test_of_one_participant_and_of_nobody(self, crossed):
        adsl = crossed["adsl"]
        just_mixed = crossed.with_frames({"adsl": adsl.loc[adsl["USUBJID"] == "P01"]})
        assert arms_sentences(just_mixed, "EVERY")["arms_counts"] == "Of 1 participant, 1 had MIXED."
        as_planned = crossed.with_frames({"adsl": adsl.loc[adsl["USUBJID"].isin(["P02", "P03"])]})
        assert arms_sentences(as_planned, "ITT")["arms_counts"] == (
            "Of 2 participants, nobody had another treatment than planned."
        )

    def test_masked_names_no_arm_and_no_treatment(self, crossed):
        for population in ("ITT", "EVERY"):
            told = " ".join(arms_sentences(mask_arms(crossed, LETTERS), population).values())
            assert "1 had a treatment that is no arm's own, 1 had no actual treatment recorded and 1 had" in told
            assert not {"MIXED", "Ex", "Wye", "X", "Y"} & set(told.replace(":", " ").replace(".", " ").split())

    def test_pooled_and_single_arm_say_nothing(self, crossed):
        assert arms_sentences(pool_arms(crossed), "ITT") == {}
        alone = replace(crossed, arms=(Arm("X", "Ex"),))
        assert arms_sentences(alone, "ITT") == {}
        assert compared_words(pool_arms(crossed), "ITT") == ComparedWords()
        assert compared_words(alone, "ITT") == ComparedWords()

    def test_every_table_and_figure_by_arm_tells_them(self, crossed):
        results = summarize_baseline(crossed, ages("ITT"))
        figure = Figure(name="ages", title="Ages.", analysis="ages", sessions=(), width="full")
        for printed in (
            baseline_table(results, "ages").notes[0].text,
            str(compose_caption(results, figure, ARMS_TOPICS)),
        ):
            assert "Arms are as randomised, by planned treatment. Of 7 participants, 1 had MIXED" in printed

    def test_public_numbers_do_not_tell_how_few(self, crossed):
        public = withhold_small_counts(summarize_baseline(crossed, ages("EVERY")), SmallCounts(5), withholdings())
        told = public.catalogue.analyses["ages"].sentences
        assert "MIXED counts in arm Ex" in told["arms"]
        assert "arms_counts" not in told

    def test_public_numbers_do_not_tell_whether_there_is_one(self, crossed):
        adsl = crossed["adsl"]
        nobody = crossed.with_frames({"adsl": adsl.loc[adsl["USUBJID"].isin(["P02", "P03", "P05", "P06"])]})
        found = [summarize_baseline(study, ages("EVERY")) for study in (crossed, nobody)]
        public = [withhold_small_counts(results, SmallCounts(5), withholdings()) for results in found]
        told = "Arms are by actual treatment: MIXED counts in arm Ex; who has none recorded counts as planned."
        assert [results.catalogue.analyses["ages"].sentences["arms"] for results in public] == [told, told]


class TestComparedWords:
    def test_not_randomized(self, crossed):
        words = compared_words(redesigned(crossed, allocation="non-randomized"), "ITT")
        assert words.baseline == "The arms were not randomised."
        assert words.unadjusted == "Not adjusted for baseline differences: the arms were not randomised."
        assert words.hazards == "Hazard ratios are associations: the arms were not randomised."

    def test_as_randomized(self, crossed):
        words = compared_words(crossed, "ITT")
        assert words.baseline.startswith("Arms were randomised: differences at enrolment are due to chance")
        assert words.unadjusted == "Unadjusted comparison of the arms as randomised."
        assert words.hazards == "Hazard ratios compare the arms as randomised."

    def test_of_a_part_of_those_randomized(self, crossed):
        """P07 never started radiotherapy."""
        words = compared_words(crossed, "PER")
        assert "not everyone enrolled is in this set: differences need not be due to chance" in words.baseline
        assert words.hazards.endswith("as randomised, without those who are not in this set.")

    def test_by_actual_treatment_nothing_protects(self, crossed):
        words = compared_words(crossed, "EVERY")
        for told in (words.baseline, words.unadjusted, words.hazards):
            assert "by actual treatment, not as randomised: groups are not protected by randomisation" in told

    def test_by_actual_treatment_that_is_the_planned_one(self, crossed):
        adsl = crossed["adsl"].assign(_ARM_ACTUAL=crossed["adsl"]["_ARM_PLANNED"])
        study = crossed.with_frames({"adsl": adsl})
        assert compared_words(study, "EVERY") == compared_words(study, "ITT")

    @pytest.mark.parametrize("masked", [False, True])
    def test_a_summary_says_them(self, crossed, masked):
        study = mask_arms(crossed, LETTERS) if masked else crossed
        told = summarize_baseline(study, ages("EVERY")).catalogue.analyses["ages"].sentences["adjustment"]
        assert "not protected by randomisation" in told
        assert "were not randomised" not in told


class TestDesign:
    @pytest.mark.parametrize(
        ("changed", "told"),
        [
            ({"allocation": "random"}, "allocation 'random' is not one of randomized, non-randomized, single-arm"),
            ({"allocation": "single-arm"}, "allocation is single-arm, but the design has 2 arms"),
            ({"arms": (Arm("X", "Ex"),)}, "allocation is non-randomized, but the design has 1 arm"),
            ({"arm_rule": {"X": "Y"}}, "X, from which arm_rule leads, is an arm"),
            ({"populations": (replace(ITT, arms="as treated"),)},
             "arms 'as treated' of population ITT is not one of planned, actual"),
        ],
    )  # fmt: skip
    def test_closed_sets(self, design, changed, told):
        with pytest.raises(SpecError, match=told):
            replace(design, **changed)

    def test_neither_choice_has_a_default(self, design):
        with pytest.raises(TypeError, match="arms"):
            Population("ALL", "All", "All.", requires=("ENRLDT",))
        values = {name: getattr(design, name) for name in design.__dataclass_fields__ if name != "allocation"}
        with pytest.raises(TypeError, match="allocation"):
            type(design)(**values)


def test_column_of_the_export_that_an_arm_would_hide(design):
    adsl = replace(design.frames[0], columns=(*design.frames[0].columns, Column("ARM", "text")))
    with pytest.raises(SpecError, match=r"adsl\.ARM is the name of the arm that a population compares by"):
        replace(design, frames=(adsl, *design.frames[1:]))


def test_masking_a_pooled_study_is_refused(known):
    with pytest.raises(SpecError, match="a different letter for each of the study's 0 arms"):
        mask_arms(pool_arms(known), {"X": "A", "Y": "B"})


class TestArms:
    def test_actual_treatment_rule_and_plan(self, known):
        """MIXED counts in X by rule; P07 never started and stays where planned."""
        members = population_members(known, "EVERY")
        arms = dict(zip(members["USUBJID"], members["ARM"], strict=True))
        assert arms == {"P05": "X", "P02": "Y", "P01": "X", "P07": "X", "P03": "Y", "P06": "X", "P04": "Y"}

    def test_a_set_without_mixed_treatment(self, known):
        """Of the eight, P01 alone had both: without it the arm that the rule gives it has one member less."""
        population = Population(
            "ONE", "One", "One modality.", requires=("RTSTDT",), arms="actual", without={"TRT01A": ("MIXED",)}
        )
        populations = (*known.design.populations, population)
        study = replace(known, design=replace(known.design, populations=populations))
        everyone, one = (population_members(study, code)["USUBJID"].tolist() for code in ("BEAM", "ONE"))
        assert [who for who in everyone if who not in one] == ["P01"]
        with pytest.raises(DataError, match=r"adsl: TRT01A not in the data .* population ONE requires it"):
            population_members(pool_arms(study), "ONE")

    def test_masking_relabels_and_hides(self, known):
        masked = mask_arms(known, {"X": "B", "Y": "A"})
        assert [(arm.code, arm.label) for arm in masked.arms] == [("A", "Arm A"), ("B", "Arm B")]
        assert arm_pair(masked) == ("A", "B")
        assert population_members(masked, "EVERY")["ARM"].tolist() == ["B", "A", "B", "B", "A", "B", "A"]
        for frame, columns in known.design.treatment_columns.items():
            assert not set(columns) & set(masked[frame])

    @pytest.mark.parametrize("mask", [{}, {"X": "A"}, {"X": "A", "Y": "A"}, {"X": "A", "Z": "B"}])
    def test_mask_gives_each_arm_a_letter_of_its_own(self, known, mask):
        with pytest.raises(SpecError, match="a different letter for each of the study's 2 arms is required"):
            mask_arms(known, mask)

    def test_pooling_removes_every_trace(self, known):
        pooled = pool_arms(known)
        assert pooled.arms == ()
        assert arm_pair(pooled) is None
        assert not {*ARM_COLUMNS.values(), ARM_SOURCE, "TRT01P", "TRT01A", "TECHNIQUE", "RXDOSU"} & set(pooled["adsl"])
        assert "EXDOSU" not in pooled["adex"]
        groups = arm_groups(pooled, population_members(pooled, "EVERY"))
        assert [(g.arm, int(g.members.sum())) for g in groups] == [("all", 7)]

    def test_groups_are_arms_in_page_order_then_everyone(self, known):
        groups = arm_groups(known, population_members(known, "EVERY"))
        assert [(g.arm, int(g.members.sum())) for g in groups] == [("X", 4), ("Y", 3), ("all", 7)]

    @pytest.mark.parametrize(("population", "size"), [("EVERY", 7), ("DOSED", 7), ("BEAM", 6)])
    def test_population_needs_its_dates(self, known, population, size):
        assert len(population_members(known, population)) == size
