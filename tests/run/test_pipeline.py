"""Plan and export to results: what a session may see, what a plan may say, and what a refusal leaves alone.

The invariants that hold for every summary are tested here, because the pipeline knows them all: the order of rows in
the data changes no byte, masking only relabels, pooled counts are the sums of the arms'.
"""

from __future__ import annotations

import dataclasses
import datetime
import itertools
import json
import math
import random
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from npcstats.analyses.courses.spec import CourseSpec
from npcstats.analyses.endpoints.spec import EndpointsSpec
from npcstats.analyses.listing.spec import ListingSpec
from npcstats.analyses.thresholds.spec import ThresholdSpec
from npcstats.derive import mask_arms, pool_arms
from npcstats.errors import DataError, ResultsError, SpecError
from npcstats.provenance import canonical_text, hash_mask, hash_tree
from npcstats.quality import trace_refusals
from npcstats.results import Catalogue, Results, Row, read_results, results_text, select
from npcstats.run.attempts import analysis_attempts
from npcstats.run.freshness import look
from npcstats.run.make import Run, make_results, needs_mask
from npcstats.run.mask import Mask, read_mask
from npcstats.run.plan import Plan, Report, Session, load_plan
from npcstats.run.sessions import build_results, check_open, prepare_study
from npcstats.study import read_study


@pytest.fixture
def shuffled(whole):
    """The study with the rows and the columns of every frame in another order."""
    return whole.with_frames(
        {
            name: frame.sample(frac=1, random_state=5).sample(frac=1, random_state=6, axis=1).reset_index(drop=True)
            for name, frame in whole.frames.items()
        }
    )


@pytest.fixture(scope="module")
def crowd(whole):
    """The eight, twelve times over, with numbers of many digits."""
    draw = np.random.default_rng(3)

    def multiplied(frame):
        if "USUBJID" not in frame:
            return frame
        copies = [frame.assign(USUBJID=frame["USUBJID"] + f"-{i}") for i in range(12)]
        many = pd.concat(copies, ignore_index=True)
        for column in {"AGE", "AVAL", "EXDOSE"} & set(many):
            many[column] *= draw.uniform(0.8, 1.2, len(many))
        return many

    return whole.with_frames({name: multiplied(frame) for name, frame in whole.frames.items()})


COURSE = CourseSpec(
    id="bars",
    label="Bars",
    population="BEAM",
    sessions=("end",),
    kind="courses",
    origin="RTSTDT",
    param="",
    progression=("LOCAL", "REGIONAL", "DISTANT"),
    stopped_by=(),
    responses=("CR", "PR"),
    shown="everyone",
    limit=0,
    status="planned",
)


def built(study, plan, session, mask=None):
    return build_results(prepare_study(study, plan, session, mask=mask), plan)


@pytest.fixture(scope="module")
def mask(salt):
    return Mask({"X": "A", "Y": "B"}, salt)


class TestInvariants:
    @pytest.mark.parametrize("session", ["front", "shut", "end"])
    def test_order_of_rows_and_columns_changes_no_byte(self, whole, shuffled, plan, mask, session):
        assert results_text(built(shuffled, plan, session, mask)) == results_text(built(whole, plan, session, mask))

    def test_row_order_changes_no_byte_of_a_crowd(self, crowd, plan):
        """Sums of many doubles depend on their order in the last bit, unless they are made in an order of their own."""
        other = crowd.with_frames(
            {n: f.sample(frac=1, random_state=11).reset_index(drop=True) for n, f in crowd.frames.items()}
        )
        assert results_text(built(other, plan, "end")) == results_text(built(crowd, plan, "end"))

    def test_order_in_the_files_changes_no_byte(self, whole, plan, write_export, texts):
        """Rows and columns of every file in another order, read again."""
        draw = random.Random(8)

        def mixed(text):
            header, *rows = (line.split(",") for line in text.splitlines())
            order = draw.sample(range(len(header)), len(header))
            lines = [header, *draw.sample(rows, len(rows))]
            return "".join(",".join(line[i] for i in order) + "\n" for line in lines)

        study = read_study(write_export({name: mixed(text) for name, text in texts.items()}), plan.design)
        assert results_text(built(study, plan, "end")) == results_text(built(whole, plan, "end"))

    def test_masked_in_order_is_named_with_other_names(self, whole, plan, mask):
        """X is A and Y is B: row for row the same, once the letters are put back. Specs of the masked session only."""
        named = built(whole, replace(plan, specs=shut_specs(plan, "end")), "end")
        masked = built(whole, plan, "shut", mask)
        back = {"A": "X", "B": "Y", "all": "all", "": ""}
        relabelled = [replace(row, arm=back[row.arm], reference=back[row.reference]) for row in masked.rows]
        assert text_of(relabelled) == text_of(named.rows)

    def test_masked_the_other_way_turns_every_contrast(self, whole, plan, salt):
        named = built(whole, replace(plan, specs=shut_specs(plan, "end")), "end")
        masked = built(whole, plan, "shut", Mask({"X": "B", "Y": "A"}, salt))
        back = {"B": "X", "A": "Y", "all": "all", "": ""}
        of_named = {row.key: row for row in named.rows}
        turned = {"ci_low": "ci_high", "ci_high": "ci_low"}
        for row in masked.rows:
            relabelled = replace(row, arm=back[row.arm], reference=back[row.reference])
            if not row.reference:
                assert same(of_named[relabelled.key].value, row.value)
                continue
            assert (row.arm, row.reference) == ("A", "B")
            mirror = replace(relabelled, arm="X", reference="Y", stat=turned.get(row.stat, row.stat))
            other = of_named[mirror.key].value
            ratio, distance = row.measure == "geometric_mean_ratio", row.variable == "STAGE9"
            assert close(row.value, 1 / other if ratio else other if distance else -other)

    def test_renaming_arms_only_renames(self, whole, plan, write_export, texts):
        """Codes P and Q instead of X and Y, in data and design alike."""
        design = dataclasses.replace(
            plan.design,
            arms=(replace(plan.design.arms[0], code="P"), replace(plan.design.arms[1], code="Q")),
            arm_rule={"MIXED": "P"},
        )
        renamed = texts["adsl"].replace(",X,X,", ",P,P,").replace(",Y,Y,", ",Q,Q,").replace(",Y,MIXED,", ",Q,MIXED,")
        renamed = renamed.replace(",X,,,47.5", ",P,,,47.5")
        study = read_study(write_export({"adsl": renamed}), design)
        other = built(study, replace(plan, design=design), "end")
        back = {"P": "X", "Q": "Y", "all": "all", "": ""}
        rows = [replace(row, arm=back[row.arm], reference=back[row.reference]) for row in other.rows]
        assert text_of(rows) == results_text(built(whole, plan, "end"))

    def test_pooled_counts_are_sums_of_the_arms(self, whole, plan):
        """Every count and total of everyone is the sum over the arms, wherever arms have the row at all."""
        results = built(whole, plan, "end")
        checked = 0
        for row in results.rows:
            if row.arm != "all" or row.stat not in ("count", "total") or row.measure == "censored_curve":
                continue
            parts = [results.by_key.get(replace(row, arm=arm).key) for arm in ("X", "Y")]
            if None not in parts:
                assert row.value == sum(part.value for part in parts), row.key
                checked += 1
        assert checked > 200

    def test_open_results_are_those_of_everyone(self, whole, plan):
        named, pooled = built(whole, plan, "end"), built(whole, plan, "front")
        assert len(pooled.rows) > 200
        for row in pooled.rows:
            if row.analysis != "limits":
                assert same(named.by_key[row.key].value, row.value)

    def test_analyses_stand_in_plan_order(self, whole, plan, mask):
        wanted = [spec.id for spec in plan.specs if "shut" in spec.sessions]
        results = built(whole, plan, "shut", mask)
        assert list(results.by_analysis) == list(results.catalogue.analyses) == wanted

    @pytest.mark.parametrize("frame", ["adae", "adlb", "adevent", "adassess", "adex", "addv", "adform", "adscr"])
    def test_a_frame_without_records_is_no_crash(self, whole, plan, frame):
        results = built(whole.with_frames({frame: whole[frame].iloc[:0]}), plan, "end")
        assert all(row.note for row in results.rows if math.isnan(row.value))

    def test_one_participant_is_no_crash(self, whole, plan):
        for i, session in itertools.product(range(8), ("front", "end")):
            one_only = whole.with_frames({"adsl": whole["adsl"].iloc[[i]].reset_index(drop=True)})
            if whole["adsl"]["USUBJID"][i] != "P08":  # enrolled after the cut-off
                results = built(one_only, plan, session)
                assert all(row.note for row in results.rows if math.isnan(row.value))


def shut_specs(plan, session):
    return tuple(
        replace(spec, sessions=(*spec.sessions, session)) if session not in spec.sessions else spec
        for spec in plan.specs
        if "shut" in spec.sessions
    )


def text_of(rows):
    return results_text(Results(tuple(rows), Catalogue({}, {}, {}, {})))


def same(a, b):
    return a == b or (math.isnan(a) and math.isnan(b))


def close(a, b):
    return math.isclose(a, b, rel_tol=1e-12, abs_tol=1e-15) or (math.isnan(a) and math.isnan(b))


class TestPlan:
    @pytest.mark.parametrize(
        ("changed", "message"),
        [
            ({"rounding": "up"}, "rounding 'up' is not one of half-away, half-even"),
            ({"reports": (Report("a", "none", ("pdf",)),)}, "report a is of session 'none', which does not exist"),
            ({"reports": (Report("a", "front", ("rtf",)),)}, "format 'rtf' of report a"),
            ({"reports": (Report("a", "front", ("pdf",)), Report("a", "shut", ("pdf",)))}, "report 'a' stands twice"),
            ({"reports": (Report("a", "front", ()),)}, "report a has no format, so nothing is made of it"),
            ({"reports": (Report("a", "front", ("pdf", "pdf")),)}, "report a: format 'pdf' stands twice"),
        ],
    )  # fmt: skip
    def test_parts_that_do_not_fit(self, plan, changed, message):
        with pytest.raises(SpecError) as caught:
            replace(plan, **changed)
        assert str(caught.value) == f"plan: {message}; parts that fit together are required."

    def test_all_faults_come_at_once(self, plan):
        specs = (*plan.specs, plan.specs[0], replace(plan.specs[1], id="new", sessions=("none",)))
        with pytest.raises(SpecError) as caught:
            replace(plan, specs=specs, rounding="up")
        told = str(caught.value)
        assert "analysis 'accrual' stands twice" in told
        assert "analysis new is for session 'none'" in told
        assert "rounding 'up'" in told

    def test_arm_state_is_a_closed_set(self, plan):
        session = replace(plan.sessions[0], arms="blind")
        with pytest.raises(SpecError, match="arms 'blind' of session front is not one of pooled, masked, named"):
            replace(plan, sessions=(session, *plan.sessions[1:]))

    def survival_for(self, plan, *sessions):
        return tuple(replace(s, sessions=sessions) if s.id == "dead" else s for s in plan.specs)

    def test_a_set_that_looks_at_treatment_is_refused_where_arms_are_hidden(self, plan):
        telling = replace(plan.design.populations[0], without={"TRT01A": ("MIXED",)})
        populations = (telling, *plan.design.populations[1:])
        with pytest.raises(SpecError, match=f"of population {telling.code}, which looks at treatment, in session"):
            replace(plan, design=replace(plan.design, populations=populations))

    def test_efficacy_by_arm_in_an_interim_session_is_refused(self, plan):
        with pytest.raises(SpecError, match="analysis dead shows efficacy by arm in interim session shut, which is"):
            replace(plan, specs=self.survival_for(plan, "shut"))

    def test_efficacy_by_arm_in_an_interim_session_when_the_plan_turns_it_on(self, plan, whole, mask):
        turned_on = replace(plan, specs=self.survival_for(plan, "shut"), interim_efficacy_by_arm=True)
        rows = select(built(whole, turned_on, "shut", mask), analysis="dead", measure="survival_curve")
        assert {row.arm for row in rows} == {"A", "B", "all"}

    def test_events_by_arm_are_efficacy_too(self, plan):
        ends = EndpointsSpec("ends", "Ends", "BEAM", ("shut",), ("DEAD",), "planned")
        with pytest.raises(SpecError, match="analysis ends shows efficacy by arm in interim session shut, which is"):
            replace(plan, specs=(*plan.specs, ends))

    @pytest.mark.parametrize(
        ("session", "message"),
        [("front", "listing bars is for session 'front', whose arms are not masked or named"),
         ("shut", "listing bars shows efficacy by arm in interim session shut, which is off"),
         ("none", "listing bars is for session 'none', whose arms are not masked or named")],
    )  # fmt: skip
    def test_participants_one_by_one_have_their_sessions(self, plan, session, message):
        with pytest.raises(SpecError, match=message):
            replace(plan, listings=(replace(COURSE, sessions=(session,)),))

    def test_record_listings_are_for_masked_sessions(self, plan):
        listing = ListingSpec("deaths", "Deaths", "EVERY", ("end",), "deaths", "TRTSDT", "planned")
        with pytest.raises(SpecError, match="listing deaths is for session 'end', whose arms are not masked"):
            replace(plan, listings=(listing,))

    def test_listing_and_analysis_have_names_of_their_own(self, plan):
        with pytest.raises(SpecError, match="analysis 'dead' stands twice"):
            replace(plan, listings=(replace(COURSE, id="dead"),))

    def test_participants_one_by_one_need_the_secret(self, plan):
        """A named session needs it only where the plan shows participants in it; a pooled one never."""
        shown = replace(plan, listings=(COURSE,))
        assert [needs_mask(shown, (code,)) for code in ("front", "shut", "end")] == [False, True, True]
        assert [needs_mask(plan, (code,)) for code in ("front", "shut", "end")] == [False, True, False]

    def test_pooled_efficacy_is_not_by_arm(self, plan):
        assert replace(plan, specs=self.survival_for(plan, "front", "end"))

    def test_unknown_names(self, plan):
        with pytest.raises(SpecError, match=r"^plan: session 'none' does not exist; one of front, shut, end is"):
            plan.session("none")
        with pytest.raises(SpecError, match=r"^report 'none' is not in the plan; one of public, private is required"):
            plan.report("none")

    @pytest.mark.parametrize(
        ("text", "message"),
        [(None, "there is no such file"), ("X = 1\n", "defines no PLAN"), ("PLAN = (\n", "cannot be run"),
         ("import nowhere_at_all\n", "cannot be run"), ("PLAN = 1\n", "defines no PLAN"),
         ("PLAN = {}['a']\n", "cannot be run"), ("import os\nPLAN = os.nothing\n", "cannot be run")],
    )  # fmt: skip
    def test_file_that_is_no_plan(self, tmp_path, text, message):
        path = tmp_path / "plan.py"
        if text is not None:
            path.write_text(text)
        with pytest.raises(SpecError, match=rf"plan\.py: .*{message}"):
            load_plan(path)

    def test_file_that_is_a_plan(self, tmp_path):
        path = tmp_path / "plan-2"
        shutil.copytree(Path(__file__).parents[2] / "analysis" / "plan", path)
        assert isinstance(load_plan(path), Plan)


class TestDesign:
    @pytest.mark.parametrize(
        ("changed", "message"),
        [
            ({"arm_rule": {"MIXED": "Z"}}, "Z, to which arm_rule leads, is not an arm"),
            ({"treatment_columns": {"adsl": ("TREATMENT",)}}, "treatment column adsl.TREATMENT does not exist"),
            ({"treatment_columns": {"adxx": ("ARM",)}}, "treatment column adxx.ARM does not exist"),
        ],
    )
    def test_name_that_does_not_exist(self, design, changed, message):
        with pytest.raises(SpecError) as caught:
            replace(design, **changed)
        assert str(caught.value) == f"design: {message}; names of the data contract are required."

    @pytest.mark.parametrize(
        ("field", "value", "message"),
        [
            ("origin", "AGE", "AGE of endpoint DEAD is not a date of adsl"),
            ("events", ("DETH",), "DETH of endpoint DEAD is not a kind of event"),
            ("censor_at", ("VITALS",), "VITALS of endpoint DEAD is not a kind of assessment"),
        ],
    )
    def test_endpoint_that_would_have_no_events(self, design, field, value, message):
        endpoint = replace(design.endpoints[0], **{field: value})
        with pytest.raises(SpecError, match=message):
            replace(design, endpoints=(endpoint,))

    def test_population_of_a_column_that_does_not_exist(self, design):
        population = replace(design.populations[0], without={"MODE": ("MIXED",)})
        with pytest.raises(SpecError, match="MODE of population EVERY is not a column of adsl"):
            replace(design, populations=(population,))

    def test_code_that_stands_twice(self, design):
        with pytest.raises(SpecError, match="visit V0 stands twice"):
            replace(design, visits=(*design.visits, design.visits[0]))


@pytest.fixture(scope="module")
def pooled(whole, plan):
    return built(whole, plan, "front")


class TestOpen:
    def test_what_the_pipeline_makes_is_open(self, pooled, design):
        check_open(pooled, design)
        assert pooled.catalogue.arms == {}
        assert {row.arm for row in pooled.rows} == {"all"}
        assert {row.reference for row in pooled.rows} == {""}

    @pytest.mark.parametrize(
        "leak",
        [
            {"arm": "X"},
            {"reference": "Y"},
            {"variable": "TRT01A"},
            {"variable": "EXDOSU"},
            {"subgroup": "TRT01P=X"},
            {"subgroup": "STAGE9=III;TECHNIQUE=IMPT"},
        ],
    )
    def test_each_kind_of_leak_is_refused(self, pooled, design, leak):
        row = Row("leak", "EVERY", "participants", "count", 1.0, **leak)
        with pytest.raises(ResultsError, match=r"^open session: 1 row by treatment"):
            check_open(replace(pooled, rows=(*pooled.rows, row)), design)

    def test_arm_in_the_catalogue_is_refused(self, pooled, design):
        with pytest.raises(ResultsError, match="open session"):
            check_open(replace(pooled, catalogue=replace(pooled.catalogue, arms={"X": "Ex"})), design)

    def test_treatment_cannot_even_be_asked_for(self, whole, plan):
        item = replace(plan.specs[2].items[0], column="TRT01P", value="X")
        asking = replace(plan, specs=(replace(plan.specs[2], items=(item,)),))
        with pytest.raises(SpecError, match="uses TRT01P, which is not in adsl"):
            built(whole, asking, "front")

    def test_baseline_has_no_contrast(self, pooled):
        assert select(pooled, measure="smd") == ()


class TestPrepare:
    def test_each_session_sees_what_it_may(self, whole, plan, mask):
        states = {code: prepare_study(whole, plan, code, mask=mask).arms for code in ("front", "shut", "end")}
        assert states["front"] == ()
        assert [arm.label for arm in states["shut"]] == ["Arm A", "Arm B"]
        assert states["end"] == plan.design.arms

    def test_cutoff_of_the_command_line_wins(self, whole, plan):
        later = prepare_study(whole, plan, "end", cutoff=datetime.date(2026, 3, 1))
        assert len(later["adsl"]) == 8
        assert later.cutoff == datetime.date(2026, 3, 1)

    def test_masked_session_needs_its_mask(self, whole, plan):
        with pytest.raises(SpecError, match=r"^mask: none is given for session shut, whose arms are masked"):
            prepare_study(whole, plan, "shut")

    def test_catalogue_tells_the_state(self, whole, plan, mask):
        told = {code: built(whole, plan, code, mask).catalogue.study["arms"] for code in ("front", "shut", "end")}
        assert told == {"front": "pooled", "shut": "masked", "end": "named"}

    def test_summaries_of_a_masked_study_name_no_arm(self, whole, plan, mask):
        results = built(whole, plan, "shut", mask)
        assert {row.arm for row in results.rows} == {"A", "B", "all"}
        assert "Wye" not in canonical_text(results.catalogue)
        assert results.catalogue.arms == {"A": "Arm A", "B": "Arm B"}


SALT = "0123456789abcdeffedcba9876543210"


class TestMask:
    def write(self, folder, content):
        path = folder / "mask.json"
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        return path

    def test_good_map(self, whole, tmp_path, salt):
        found = read_mask(self.write(tmp_path, {"X": "B", "Y": "A", "salt": salt}), whole)
        assert (found.letters, found.salt) == ({"X": "B", "Y": "A"}, salt)

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            ("{", "not JSON"),
            ("[]", "not a masking map"),
            ({"X": "A", "Y": "B"}, "not a masking map"),
            ({"X": 1, "Y": "B", "salt": "0" * 32}, "not a masking map"),
            ({"X": "A", "Y": "B", "salt": "0" * 31}, "its letters are not A to Z or its salt is short"),
            ({"X": "a", "Y": "B", "salt": "0" * 32}, "its letters are not A to Z or its salt is short"),
            ({"X": "Ex", "Y": "B", "salt": "0" * 32}, "its letters are not A to Z or its salt is short"),
            ({"X": "A", "Y": "B", "salt": "g" * 32}, "its letters are not A to Z or its salt is short"),
            ({"X": "A", "Y": "B", "salt": "0" * 32}, "its salt can be guessed"),
            ({"X": "A", "Y": "B", "salt": "0123" * 8}, "its salt can be guessed"),
            ({"X": "A", "Y": "A", "salt": SALT}, "a letter stands for two arms"),
            (f'{{"X": "A", "X": "B", "Y": "A", "salt": "{SALT}"}}', "a name stands twice in it"),
            (f'{{"X": "A", "Y": "B", "salt": "{SALT}", "salt": "{SALT[::-1]}"}}', "a name stands twice in it"),
            ({"X": "A", "salt": SALT}, "1 of the plan's 2 arms missing and 0 unknown"),
            ({"X": "A", "Z": "B", "salt": SALT}, "1 of the plan's 2 arms missing and 1 unknown"),
            ({"X": "A", "Y": "B", "Z": "C", "salt": SALT}, "0 of the plan's 2 arms missing and 1 unknown"),
            ({"X": {"Y": "A"}, "Y": "B", "salt": SALT}, "not a masking map"),
            ([["X", "A"], ["Y", "B"], ["salt", SALT]], "not a masking map"),
            ("[" * 100_000, "not JSON"),
            ('{"X": ' * 10_000, "not JSON"),
            (f'{{"X": "A", "Y": "B", "salt": "{SALT}"}}' + " " * 200_000, "larger than 100,000 bytes"),
            ("\x00", "not JSON"),
        ],
    )
    def test_bad_map(self, whole, tmp_path, content, message):
        with pytest.raises(SpecError) as caught:
            read_mask(self.write(tmp_path, content), whole)
        assert message in str(caught.value)
        told = str(caught.value).removeprefix(f"mask {tmp_path}")
        assert not any(secret in told for secret in (SALT, '"', "Ex", "X:"))
        assert str(caught.value).endswith(
            "a JSON file with a letter for each arm and a salt is required (--mask FILE or $NPCSTATS_MASK)."
        )

    def test_no_map(self, whole, tmp_path, monkeypatch):
        monkeypatch.delenv("NPCSTATS_MASK", raising=False)
        with pytest.raises(SpecError, match="none is given for a session whose arms are masked"):
            read_mask(None, whole)
        with pytest.raises(SpecError, match="No such file"):
            read_mask(tmp_path / "none.json", whole)

    def test_map_of_the_environment(self, whole, tmp_path, salt, monkeypatch):
        path = self.write(tmp_path, {"X": "A", "Y": "B", "salt": salt})
        monkeypatch.setenv("NPCSTATS_MASK", str(path))
        assert read_mask(None, whole).letters == {"X": "A", "Y": "B"}

    def test_synthetic_trial_carries_its_own(self, write_export, design, salt, monkeypatch):
        monkeypatch.delenv("NPCSTATS_MASK", raising=False)
        folder = write_export()
        (folder / "SYNTHETIC.txt").write_text("made")
        self.write(folder, {"X": "A", "Y": "B", "salt": salt})
        assert read_mask(None, read_study(folder, design)).letters == {"X": "A", "Y": "B"}

    def test_hash_of_a_map_does_not_tell_which_it_is(self, salt):
        """A bare hash of two possible maps is inverted by trying both; a keyed one needs the salt."""
        maps = ({"X": "A", "Y": "B"}, {"X": "B", "Y": "A"})
        told = hash_mask(maps[0], salt)
        assert told not in [hash_mask(m, "") for m in maps]
        assert told != hash_mask(maps[1], salt)
        assert told == hash_mask({"Y": "B", "X": "A"}, salt)
        assert told != hash_mask(maps[0], "f" * 32)


class TestMakeResults:
    def run(self, plan, data, mask_file=None, sessions=("front", "end")):
        return Run(data, plan, sessions, mask=mask_file)

    def test_folder_is_read_back_as_it_was_made(self, write_export, plan, whole, tmp_path):
        make_results(self.run(plan, write_export()), tmp_path / "results", fonts=tmp_path)
        found = read_results(tmp_path / "results" / "end")
        assert results_text(found) == results_text(built(whole, plan, "end"))
        assert sorted(path.name for path in (tmp_path / "results" / "end").iterdir()) == [
            "catalogue.json", "figures", "provenance.json", "results.csv",
        ]  # fmt: skip

    def test_same_input_gives_same_bytes(self, write_export, plan, tmp_path):
        data = write_export()
        for name in ("first", "second"):
            make_results(self.run(plan, data), tmp_path / name, fonts=tmp_path)
        for path in sorted((tmp_path / "first").rglob("*")):
            if path.is_file():
                assert path.read_bytes() == (tmp_path / "second" / path.relative_to(tmp_path / "first")).read_bytes()

    def test_provenance_of_a_masked_session_does_not_unmask(self, write_export, plan, tmp_path, salt):
        secret = tmp_path / "secret.json"
        secret.write_text(json.dumps({"X": "B", "Y": "A", "salt": salt}))
        told = make_results(self.run(plan, write_export(), secret, ("shut",)), tmp_path / "r", fonts=tmp_path)["shut"]
        assert told["mask_hmac_sha256"] == hash_mask({"X": "B", "Y": "A"}, salt)
        for path in (tmp_path / "r" / "shut").iterdir():
            if path.is_file():
                text = path.read_text()
                assert salt not in text
                assert "Wye" not in text
                assert '"X"' not in text
        assert told["data_sha256"]["adsl.csv"]
        assert told["seed"] == plan.seed

    @pytest.mark.parametrize("fault", ["bad data", "no mask", "bad cut-off", "no such session"])
    def test_refused_run_leaves_the_former_results_alone(self, write_export, plan, tmp_path, texts, fault, monkeypatch):
        monkeypatch.delenv("NPCSTATS_MASK", raising=False)
        good, folder = write_export(), tmp_path / "results"
        make_results(self.run(plan, good), folder, fonts=tmp_path)
        before = {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()}
        bad = write_export({"adae": texts["adae"].replace("oral,3", "oral,6")}, name="bad")
        run = {
            "bad data": self.run(plan, bad),
            "no mask": self.run(plan, good, None, ("end", "shut")),
            "bad cut-off": replace(self.run(plan, good), cutoff=datetime.date(2020, 1, 1)),
            "no such session": self.run(plan, good, None, ("end", "none")),
        }[fault]
        with pytest.raises((DataError, SpecError)):
            make_results(run, folder, fonts=tmp_path)
        assert {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()} == before
        assert sorted(p.name for p in folder.iterdir()) == ["end", "front"]

    def test_other_sessions_stay(self, write_export, plan, tmp_path):
        data, folder = write_export(), tmp_path / "results"
        make_results(self.run(plan, data, sessions=("front",)), folder, fonts=tmp_path)
        make_results(self.run(plan, data, sessions=("end",)), folder, fonts=tmp_path)
        assert sorted(p.name for p in folder.iterdir()) == ["end", "front"]


class TestProvenance:
    def test_order_of_a_mapping_is_kept_because_a_page_follows_it(self):
        assert canonical_text({"b": 1, "a": (1.5, None, True)}) == '{"b":1,"a":[1.5,null,true]}'

    def test_order_of_a_mask_does_not_matter(self):
        assert hash_mask({"X": "A", "Y": "B"}, "0" * 32) == hash_mask({"Y": "B", "X": "A"}, "0" * 32)

    def test_what_is_not_a_value_is_refused(self):
        with pytest.raises(SpecError, match=r"^plan: set is not a value; text, numbers, dates and specs are required"):
            canonical_text({"a": {1, 2}})

    def test_dataclass_tells_its_name(self):
        assert canonical_text(Session("s", "S", "named", datetime.date(2025, 1, 2), False, False)) == (
            '{"":"Session","code":"s","label":"S","arms":"named","cutoff":"2025-01-02","interim":false,"numbered":false,"public":null}'
        )

    def test_hash_of_files_and_trees(self, tmp_path):
        """SHA-256 of the three bytes abc is the first test vector of FIPS 180-2."""
        (tmp_path / "a.py").write_bytes(b"abc")
        first = hash_tree(tmp_path, "*.py")
        (file,) = look([tmp_path])[str(tmp_path)].items()
        assert file == (str(tmp_path / "a.py"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        (tmp_path / "a.py").rename(tmp_path / "b.py")
        assert hash_tree(tmp_path, "*.py") != first

    def test_file_that_is_not_there(self, tmp_path):
        missing = tmp_path / "none.csv"
        assert look([missing]) == {str(missing): {str(missing): "missing"}}


def test_masking_a_pooled_study_is_refused(known):
    with pytest.raises(SpecError, match="a different letter for each of the study's 0 arms"):
        mask_arms(pool_arms(known), {"X": "A", "Y": "B"})


def test_every_analysis_of_the_plan_is_tried(plan):
    names = {name for name, _ in analysis_attempts(plan)}
    assert names - {"the cut-off"} == {
        *(spec.id for spec in plan.specs if not isinstance(spec, ThresholdSpec)),
        *(listing.id for listing in plan.listings),
    }


def test_a_refusal_is_traced_to_its_record(plan, whole):
    """P05 began radiotherapy on 2025-01-20; a recurrence of the day before is the last of the records of events."""
    events = whole["adevent"]
    record = events.head(1).assign(USUBJID="P05", KIND="LOCAL", ADT=pd.Timestamp("2025-01-19"))
    study = whole.with_frames({"adevent": pd.concat([events, record], ignore_index=True)})
    assert trace_refusals(whole, analysis_attempts(plan)) == []
    found = trace_refusals(study, analysis_attempts(plan))
    assert {(item.frame, item.row) for item in found} == {("adevent", len(events) + 1)}
    assert all("1 participant with an event before RTSTDT" in item.text for item in found)


def test_a_refusal_of_a_person_who_is_not_enrolled_is_traced(whole):
    """The third person screened is in no other frame."""

    def refuse(study):
        if (study["adscr"]["CRITERION"] == "INC99").any():
            raise DataError("screening: refused; another one is required.")

    screened = whole["adscr"].copy()
    screened.loc[2, "CRITERION"] = "INC99"
    found = trace_refusals(whole.with_frames({"adscr": screened}), [("screening", refuse)])
    assert [(item.frame, item.row) for item in found] == [("adscr", 3)]


def test_a_criterion_without_a_label_is_no_refusal(plan, whole):
    screened = whole["adscr"].copy()
    screened.loc[2, "CRITERION"] = "INC99"
    assert trace_refusals(whole.with_frames({"adscr": screened}), analysis_attempts(plan)) == []


class TestTextsAndNames:
    @pytest.mark.parametrize("name", ["../x", "a/b", "CON", "", "a b"])
    def test_a_name_that_is_no_file_is_refused(self, plan, name):
        with pytest.raises(SpecError, match="is not of letters, digits, hyphens"):
            replace(plan, reports=(replace(plan.reports[0], name=name),))

    @pytest.mark.parametrize(
        ("sign", "named"), [("\U0001f600", "GRINNING FACE"), ("\u200b", "ZERO WIDTH"), ("\n", "U[+]000A")]
    )
    def test_a_text_that_no_page_prints_is_refused_by_its_path(self, plan, sign, named):
        with pytest.raises(SpecError, match=rf"plan: design\.short_title has .*{named}.*which pages cannot print"):
            replace(plan, design=replace(plan.design, short_title=f"A{sign}B"))

    def test_a_code_that_breaks_a_key_is_refused(self, plan):
        arms = (replace(plan.design.arms[0], code="A|B"), *plan.design.arms[1:])
        with pytest.raises(SpecError):
            replace(plan, design=replace(plan.design, arms=arms))
