"""What was typed freely reaches no file of a run: names, addresses, numbers and words that tell an arm."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pandas as pd
import pytest

from npcstats.analyses.conduct.spec import StatusItem
from npcstats.analyses.conduct.status import summarize_status
from npcstats.analyses.courses.spec import CourseSpec
from npcstats.analyses.listing.spec import ListingSpec
from npcstats.analyses.toxicity.summary import summarize_toxicity
from npcstats.derive import TERM_NUMBER, GradeWindow, assign_arms, at_cutoff, is_listed, withhold_unlisted
from npcstats.errors import SpecError
from npcstats.results import read_listing, read_results, select
from npcstats.run.make import Run, make_results
from npcstats.run.sessions import prepare_study
from npcstats.schema import Column, with_terms
from npcstats.study import FRAMES, read_study

TYPED = ("Zebedee Quark, z.quark@example.org", "+41 44 999 88 77", "X GANTRY DOWN - P05 held")
"""What a tired person types, and what must be found nowhere: not even a piece of it."""
PIECES = ("zebedee", "quark", "example.org", "999 88", "gantry", "p05 held")
MATCHED = {
    "adlb": ("AVISIT", "ASSAYVER"),
    "adevent": ("CONFIRM",),
    "adrs": ("AVISIT", "METHOD"),
    "adex": ("EXTRT", "EXDOSU"),
    "adform": ("AVISIT",),
    "adrad": ("MODALITY", "ROI", "SCANNER"),
}
"""Columns of free text that are compared with what the plan names, or not read at all."""
OPEN = {"adae": ("AEACN", "AEOUT"), "addv": ("DVTERM",), "adscr": ("CRITERION",)}
CODED = {"adae": ("AEDECOD", "AEBODSYS")}
TERMS = {
    "adae": {"AEDECOD": ("Mucositis oral", "Nausea", "Dry mouth", "Headache"), "AEBODSYS": ("Gut", "Nerves")},
    "addv": {"DVTERM": ("Consent copy", "Late visit", "Wrong dose")},
}
LISTINGS = (
    ListingSpec(
        "serious", "Serious", "DOSED", ("shut",), "serious-events", origin="TRTSDT",
        status="planned",
    ),
    ListingSpec(
        "deaths", "Deaths", "EVERY", ("shut",), "deaths", origin="TRTSDT",
        status="planned",
    ),
    CourseSpec(
        id="bars", label="Bars", population="BEAM", sessions=("end",), kind="courses", origin="RTSTDT", param="",
        progression=("LOCAL", "REGIONAL", "DISTANT"),
        stopped_by=(), responses=("CR",), shown="everyone", limit=0, status="planned",
    ),
)  # fmt: skip


def typed_over(text: str, columns: tuple[str, ...], *, every: int = 1) -> str:
    """A frame's text with free text in some columns of every n-th record, two of three in capitals or small letters."""
    rows = list(csv.DictReader(io.StringIO(text)))
    for i, row in enumerate(rows[::every]):
        typed = TYPED[i % len(TYPED)]
        row.update(dict.fromkeys(columns, (typed, typed.upper(), typed.lower())[i // len(TYPED) % 3]))
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


@pytest.fixture(scope="module")
def listed(plan):
    """The plan with a list for every column that is printed as it stands, and with its listings."""
    frames = tuple(
        with_terms(schema, TERMS[schema.name]) if schema.name in TERMS else schema for schema in plan.design.frames
    )
    return replace(plan, design=replace(plan.design, frames=frames), listings=LISTINGS)


@pytest.fixture
def mask(tmp_path, salt):
    path = tmp_path / "mask.json"
    path.write_text(f'{{"X": "A", "Y": "B", "salt": "{salt}"}}')
    return path


def found_in(folder) -> set[tuple[str, str]]:
    """Files that hold a piece of what was typed, and the piece."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert {"results.csv", "catalogue.json", "serious.csv"} <= {path.name for path in files}
    return {
        (path.name, piece)
        for path in files
        for piece in PIECES
        if piece.encode() in path.read_bytes().lower()
    }  # fmt: skip


@pytest.mark.parametrize("every", [1, 2])
@pytest.mark.parametrize("planted", [OPEN, CODED, MATCHED], ids=["open", "coded", "matched"])
def test_nothing_typed_reaches_a_file(tmp_path, write_export, texts, listed, mask, planted, every):
    changed = {name: typed_over(texts[name], columns, every=every) for name, columns in planted.items()}
    run = Run(write_export(changed), listed, ("front", "shut", "end"), mask=mask)
    make_results(run, tmp_path / "made", fonts=tmp_path)
    assert found_in(tmp_path / "made") == set()


def test_what_is_not_listed_is_counted_and_explained(tmp_path, write_export, texts, listed, mask):
    """All three deviations of P05 and P07 are typed freely: two participants of seven, with one line for both."""
    addv = texts["addv"].replace("P05,2025-02-01,MAJOR,Wrong dose", f'P05,2025-02-01,MAJOR,"{TYPED[0]}"')
    addv = addv.replace("P05,2025-02-02,MAJOR,Wrong dose", f"P05,2025-02-02,MAJOR,{TYPED[2]}")
    addv = addv.replace("Consent copy", "consent copy")
    adae = texts["adae"].replace("2025-03-01,2025-05-10,,RECOVERED", f'2025-03-01,2025-05-10,"{TYPED[0]}",better')
    run = Run(write_export({"addv": addv, "adae": adae}), listed, ("front", "shut"), mask=mask)
    make_results(run, tmp_path / "made", fonts=tmp_path)
    results = read_results(tmp_path / "made" / "front")
    rows = select(results, analysis="deviations", block="MAJOR", measure="proportion", stat="count")
    assert {row.variable: row.value for row in rows} == {"all": 3.0, "NOT LISTED": 2.0, "Wrong dose": 1.0}
    entry = results.catalogue.analyses["deviations"]
    assert entry.labels["variable"]["NOT LISTED"] == "Not listed"
    assert "terms that are not in the plan's list" in entry.sentences["unlisted"]
    assert "unlisted" not in results.catalogue.analyses["tox"].sentences
    listing = read_listing(tmp_path / "made" / "shut" / "listings" / "serious.csv")
    record = dict(zip(listing.columns, listing.rows[0], strict=True))
    assert (record["AEDECOD"], record["AEACN"], record["AEOUT"]) == ("Mucositis oral", "not listed", "not listed")
    shut = read_results(tmp_path / "made" / "shut").catalogue.analyses
    assert "unlisted" in shut["serious"].sentences
    assert "unlisted" not in shut["deaths"].sentences


def test_without_a_list_nothing_of_a_free_column_is_printed(whole, plan):
    frames = tuple(FRAMES["addv"] if schema.name == "addv" else schema for schema in plan.design.frames)
    bare = replace(plan, design=replace(plan.design, frames=frames))
    prepared = prepare_study(replace(whole, design=bare.design), bare, "front")
    assert set(prepared["addv"]["DVTERM"]) == {"NOT LISTED"}
    assert "Nausea" in set(prepared["adae"]["AEDECOD"])


def test_terms_withheld_are_still_told_apart_at_baseline(whole, listed, cutoff):
    """A grade counts where it exceeds that of the same term before treatment, whatever the terms are called.

    P05 has nausea grade 1 before the first dose and after it, which does not count, and mucositis grade 2. With both
    terms withheld the participant still has a worst grade of 2; were they one term, nothing else would change here, so
    P05's nausea before treatment is raised to grade 3: mucositis must still count.
    """
    adae = whole["adae"].copy()
    ours = adae["USUBJID"] == "P05"
    adae.loc[ours, "AEDECOD"] = adae.loc[ours, "AEDECOD"].map({"Nausea": "sick, Dr Who", "Mucositis oral": "sore"})
    adae.loc[ours & (adae["AESEQ"] == 1), "AETOXGR"] = 3
    study = replace(whole, design=listed.design).with_frames({"adae": adae})
    prepared = prepare_study(study, listed, "end")
    spec = next(spec for spec in listed.specs if spec.id == "tox")
    here = {"window": "early", "measure": "risk", "stat": "count", "arm": "X"}
    plain = summarize_toxicity(withheld_by_hand(study, cutoff), spec)
    results = summarize_toxicity(prepared, spec)
    for level in ("grade>=1", "grade>=2", "grade>=3"):
        wanted = select(plain, **here, block="all", variable="all", level=level)[0].value
        assert select(results, **here, block="all", variable="all", level=level)[0].value == wanted
    unlisted = select(results, **here, block="Gut", variable="NOT LISTED", level="grade>=2")
    assert [row.value for row in unlisted] == [1.0]


def withheld_by_hand(study, cutoff):
    """The same study before anything is withheld."""
    known = replace(at_cutoff(study, cutoff, snapshot="event-date"), session="end", rounding="half-away")
    return assign_arms(known)


def test_the_numbers_of_terms_do_not_depend_on_the_order_of_rows(whole, listed, cutoff):
    known = at_cutoff(replace(whole, design=listed.design), cutoff, snapshot="event-date")
    mixed = known.with_frames({"adae": known["adae"].sample(frac=1, random_state=2).reset_index(drop=True)})
    one, other = (withhold_unlisted(study)["adae"].set_index(["USUBJID", "AESEQ"]) for study in (known, mixed))
    assert one[TERM_NUMBER].to_dict() == other[TERM_NUMBER].to_dict()


@pytest.mark.parametrize(
    ("column", "told"),
    [
        (Column("A", "text", terms=("YES", "NO")), [True, True, True, False, False]),
        (Column("A", "text", levels=("YES", "NO")), [True, True, True, False, False]),
        (Column("A", "text", coded=True), [True] * 5),
        (Column("A", "text", coded=True, terms=("YES",)), [True, False, True, False, False]),
        (Column("A", "text"), [False, False, True, False, False]),
        (Column("A", "text", known_from="B", undated="maybe", terms=("YES",)), [True, False, True, False, True]),
    ],
)
def test_what_may_be_printed(column, told):
    assert is_listed(pd.Series(["YES", "NO", "", "yes", "maybe"]), column).tolist() == told


def test_a_plan_that_asks_for_a_text_that_its_list_has_not(known, plan):
    spec = next(spec for spec in plan.specs if spec.id == "tox")
    window = GradeWindow("dead", "Dead", "early", "onset", "everyone", {"AEOUT": ("DIED",)})
    with pytest.raises(
        SpecError, match=r"^plan: window dead asks for adae\.AEOUT 'DIED', which its list does not have"
    ):
        summarize_toxicity(known, replace(spec, windows=(window,)))
    item = StatusItem("LEFT", "Left", "X", "EOSSTT", value="GONE")
    status = next(spec for spec in plan.specs if spec.id == "status")
    with pytest.raises(SpecError, match=r"^plan: LEFT asks for adsl\.EOSSTT 'GONE', which its list does not have"):
        summarize_status(known, replace(status, items=(item,)))


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"kind": "text", "undated": "?"}, "column A: undated has no effect; its date in known_from is required."),
        ({"kind": "number", "terms": ("1",)}, "column A: terms; they are for a column of text without levels."),
        ({"kind": "text", "levels": ("Y",), "terms": ("Y",)}, "column A: terms; they are for a column of text without"),
        ({"kind": "text", "terms": ('a "b"',)}, "column A: 'a \"b\"' cannot be part of a key; terms without quotes"),
        ({"kind": "text", "terms": ("",)}, "column A: '' cannot be part of a key"),
    ],
)
def test_terms_that_cannot_be_declared(options, told):
    with pytest.raises(SpecError) as caught:
        Column("A", **options)
    assert str(caught.value).startswith(told)


def test_terms_of_a_column_that_is_not_there():
    with pytest.raises(SpecError, match=r"^addv: terms of TERM, which it does not declare; a column is required\.$"):
        with_terms(FRAMES["addv"], {"TERM": ("A",)})


def test_free_text_with_quotes_and_bars_is_read(write_export, texts, listed):
    """What is not printed cannot break a key, so it is no reason to refuse an export."""
    addv = texts["addv"].replace("Late visit", '"late | ""visit"""')
    assert 'late | "visit"' in set(read_study(write_export({"addv": addv}), listed.design)["addv"]["DVTERM"])
