"""Definitions in one place: what several say leaves their notes, and stands in the table with whom it is of."""

from __future__ import annotations

from dataclasses import replace

import pytest

from npcstats.display.definitions import definitions_table, set_pieces, told_once
from npcstats.display.notes import caption_sentences, closing_sentences
from npcstats.errors import ResultsError
from npcstats.results import Analysis, Catalogue, Results

SETS = {"ALL": "Everyone.", "SAFE": "Everyone treated."}


def entry(label, of, **sentences):
    return Analysis(label, "counts", "planned", of, sentences)


ANALYSES = {
    "one": entry("First", "ALL", population="Everyone.", method="By hand.", arms="As planned.", own="Only here."),
    "two": entry("Second", "ALL", population="Everyone.", method="By hand.", arms="As planned."),
    "three": entry("Third", "SAFE", method="By machine.", arms="As treated.", unlisted="Not listed."),
    "four": replace(entry("Fourth", "SAFE", arms="As treated.", unlisted="Not listed."), status="post hoc"),
}


def results(definitions="once"):
    study = {
        "definitions": definitions,
        "cutoff_text": "30 June 2027",
        "set.ALL": "Everybody",
        "set.SAFE": "Safety set",
    }
    return Results((), Catalogue(study, {}, SETS, ANALYSES))


def told(found):
    return ["".join(piece.text for piece in sentence) for sentence in found]


def test_what_two_say_is_told_once_and_what_one_says_stays():
    assert set(told_once(results())) == {"Everyone.", "By hand.", "As planned.", "As treated."}
    assert told(caption_sentences(results(), ["one"])) == ["Everybody.", "Only here."]


def test_what_explains_a_sign_stays_where_the_sign_is():
    assert told(caption_sentences(results(), ["four"])) == ["Safety set.", "Not listed."]


def test_sets_of_several_analyses_are_named_once():
    assert "".join(piece.text for piece in set_pieces(results(), ["one", "two", "three"])) == "Everybody; Safety set."


def test_figures_name_the_set_only_where_they_tell_whom_they_show():
    assert told(caption_sentences(results(), ["one"], topics=("own",))) == ["Only here."]


def test_the_cutoff_of_every_page_is_not_repeated_but_what_was_not_planned_is():
    assert told(closing_sentences(results(), ["one", "two"])) == []
    assert told(closing_sentences(results(), ["one", "four"])) == ["Fourth: post hoc."]


def test_other_sessions_keep_whole_notes():
    whole = results("each")
    assert told_once(whole) == {}
    assert set_pieces(whole, ["one"]) == ()
    assert told(closing_sentences(whole, ["one"])) == ["Data cut-off 30 June 2027.", "Planned analysis."]
    assert "By hand." in told(caption_sentences(whole, ["one"]))
    with pytest.raises(ResultsError, match=r"^definitions: each note of this session tells its own; "):
        definitions_table(whole)


def test_table_has_every_set_and_every_sentence_with_whom_it_is_of():
    """How arms are assigned is one thing of the one set and another of the other."""
    rows = [[cell.text for cell in row.cells] for row in definitions_table(results()).rows]
    assert rows == [
        ["Everybody", "Everyone."],
        ["Safety set", "Everyone treated."],
        ["Method", "By hand. (Everybody)"],
        ["Arms", "As planned. (Everybody)"],
        ["Arms", "As treated. (Safety set)"],
    ]


def test_a_sentence_that_all_say_needs_no_names():
    alike = {name: replace(one, sentences={"method": "By hand."}) for name, one in ANALYSES.items()}
    made = replace(results(), catalogue=replace(results().catalogue, analyses=alike))
    assert [row.cells[1].text for row in definitions_table(made).rows][2:] == ["By hand."]


def test_a_sentence_within_a_set_of_which_another_says_otherwise_names_its_analyses():
    mixed = {**ANALYSES, "five": entry("Fifth", "ALL", method="By eye.")}
    made = replace(results(), catalogue=replace(results().catalogue, analyses=mixed))
    assert ["Method", "By hand. (First; Second)"] in [
        [cell.text for cell in row.cells] for row in definitions_table(made).rows
    ]


def test_what_stands_in_the_place_of_a_table_is_no_definition():
    alike = {name: replace(one, sentences={"none": "There is no former meeting."}) for name, one in ANALYSES.items()}
    assert told_once(replace(results(), catalogue=replace(results().catalogue, analyses=alike))) == {}
