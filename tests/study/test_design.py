"""What a design may say: names of the data contract, each once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from npcstats.errors import SpecError


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


@pytest.mark.parametrize("kind", ["visit", "population", "period", "endpoint"])
def test_design_lists_what_it_knows(design, kind):
    with pytest.raises(SpecError, match=rf"^plan: {kind} 'none' is not in the design; one of .* is required\.$"):
        getattr(design, kind)("none")
