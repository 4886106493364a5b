"""Conventions in force: found by the choice as the value that it is, printed in the order of the page."""

from __future__ import annotations

from npcstats.results import Analysis
from npcstats.results.conventions import CONVENTIONS, conventions_in_force

NAMES = ("mean_difference", "stratified", "smd_denominator", "model", "of_another_kind")
OWN = {(name, value): {"topic": name} for name, value in zip(NAMES, ("welch", True, "average", "cox", 3), strict=True)}


def entry(**choices):
    return Analysis("A label", "counts", "planned", "ENRL", choices=choices)


def test_only_what_an_analysis_chose():
    found = conventions_in_force("half-even", [entry(quantile_type=2), entry(interval="wilson")], CONVENTIONS)
    assert list(found) == ["rounding-half-even", "quantile_type-2", "interval-wilson"]
    assert found["quantile_type-2"] == CONVENTIONS["quantile_type", 2]


def test_a_number_is_not_found_by_its_text():
    assert list(conventions_in_force("half-away", [entry(quantile_type="2")], CONVENTIONS)) == ["rounding-half-away"]


def test_order_of_the_page_whatever_the_order_of_the_kinds():
    chosen = [entry(**dict(OWN.keys())), entry(difference="newcombe", quantile_type=7)]
    wanted = ["rounding-half-away", "quantile_type-7", "smd_denominator-average", "difference-newcombe",
              "stratified-yes", "model-cox", "mean_difference-welch", "of_another_kind-3"]  # fmt: skip
    assert list(conventions_in_force("half-away", chosen, {**OWN, **CONVENTIONS})) == wanted
    assert list(conventions_in_force("half-away", chosen, {**CONVENTIONS, **OWN})) == wanted


def test_of_choices_side_by_side_on_the_page_the_kind_gives_the_order():
    own = {("follow_up", "x"): {"topic": "F"}, ("conf_type", "y"): {"topic": "C"}}
    chosen = [entry(conf_type="y", follow_up="x")]
    assert list(conventions_in_force("half-away", chosen, own)) == ["follow_up-x", "conf_type-y"]
