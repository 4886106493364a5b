"""What the table of characteristics prints: lines, denominators, limits, tests, dates, subgroups, by keys of rows."""

from __future__ import annotations

from dataclasses import replace

import pytest
from characteristics import AGE, EBV, ENROLLED, SEX, SPEC, only, with_ebv
from tabled import lines_of

from npcstats.analyses.baseline.summary import summarize_baseline
from npcstats.derive import mask_arms
from npcstats.disclosure import SmallCounts, withhold_small_counts
from npcstats.errors import ResultsError
from npcstats.formatting import format_number
from npcstats.results import one
from npcstats.run.registry import withholdings
from npcstats.tables import baseline_table, printed_text

SPACES = {"\u2007": "", "\u00a0": " "}


@pytest.fixture(scope="module")
def study(crowd):
    return with_ebv(crowd)


@pytest.fixture(scope="module")
def results(study):
    return summarize_baseline(study, SPEC)


def lines(table):
    return [[text.translate(str.maketrans(SPACES)) for text in line] for line in lines_of(table)]


def line(table, name, after=0):
    found = lines(table)
    return found[[row[0] for row in found].index(name) + after]


def printed(results, style, **at):
    row = one(results, **{"subgroup": "all", **at})
    return format_number(row.value, style, rounding="half-away")


def notes(table):
    return " ".join(cell.text for cell in table.notes)


def test_every_number_is_that_of_its_key(results):
    for options in ({"total": True, "missing": "always"}, {"subgroups": "columns"}, {"subgroups": "blocks"}):
        table = baseline_table(results, "who", **options)
        numbers = [piece for piece in table.pieces if any(piece.data().values())]
        assert len(numbers) > 50
        for piece in numbers:
            assert printed_text(results, piece.data(), code=piece.text) == piece.text


def test_several_statistics_have_a_line_each_and_a_style_each(results):
    table = baseline_table(results, "who", total=True)
    at = {"variable": "AGE", "arm": "X"}
    mean = f"{printed(results, 'decimal1', **at, measure='mean')} ("
    mean += f"{printed(results, 'decimal2', **at, measure='std_deviation')})"
    assert line(table, "Age, years")[1:4] == ["", "", ""]
    assert line(table, "Age, years", 1)[:2] == ["Mean (SD)", mean]
    low, high = (printed(results, "decimal1", **at, measure=name) for name in ("minimum", "maximum"))
    assert line(table, "Age, years", 2)[:2] == ["Range", f"{low} to {high}"]


def test_several_statistics_may_stand_together(results):
    table = baseline_table(results, "who")
    at = {"variable": "EBVBL", "arm": "Y"}
    median, q1, q3, mean = (printed(results, "decimal0", **at, measure=name)
                            for name in ("median", "first_quartile", "third_quartile", "geometric_mean"))  # fmt: skip
    factor = printed(results, "decimal2", **at, measure="geometric_deviation")
    share = printed(results, "percent1", **at, measure="geometric_variation")
    words = "Median (quartiles); geometric mean (geometric SD); geometric mean (CV)"
    assert line(table, words)[2] == f"{median} ({q1} to {q3}); {mean} ({factor}); {mean} ({share}%)"
    assert "The geometric SD is a factor." in notes(table)
    assert "CV: coefficient of variation" in notes(table)


def test_a_denominator_stands_where_it_is_not_the_columns(results):
    """Six have no EBV DNA; two no stage, one in each arm."""
    table = baseline_table(results, "who", total=True)
    at = {"variable": "EBVBL", "measure": "observed"}
    shown = [f"n = {printed(results, 'count', **at, arm=arm)}" for arm in ("X", "Y", "all")]
    assert line(table, "EBV DNA")[1:4] == shown
    assert line(table, "Stage, n (%)")[3] == "n = 58"
    lost = [printed(results, "count", variable="STAGE9", measure="missing", arm=arm) for arm in ("X", "Y", "all")]
    assert [text.strip() for text in line(table, "Stage, n (%)", 4)[:4]] == ["Missing, n", *lost]
    assert line(table, "Age, years", 3)[0] != "Missing, n"


def test_missing_values_have_a_line_of_every_characteristic_where_the_plan_wants_it(results):
    table = baseline_table(results, "who", missing="always")
    assert [row[0] for row in lines(table)].count("Missing, n") == len(SPEC.characteristics)
    assert line(table, "Sex, n (%)", 1)[0] == "Male"


def test_a_binary_characteristic_is_one_line(results):
    table = baseline_table(results, "who")
    at = {"variable": "SEX", "level": "M", "measure": "proportion", "arm": "X"}
    share = f"{printed(results, 'count', **at, stat='count')} ({printed(results, 'percent1', **at, stat='estimate')})"
    assert line(table, "Sex: Male, n (%)")[1] == share
    assert "Female" not in " ".join(row[0] for row in lines(table))
    assert "of two categories it is that of the one shown, or listed first" in notes(table)


def test_limits_of_a_difference_and_their_level(results):
    table = baseline_table(results, "who")
    assert [cell.text.translate(str.maketrans(SPACES)) for cell in table.header][-2:] == ["SMD (95% CI)", "p (Holm)"]
    numbers = [printed(results, "decimal2", variable="AGE", measure="smd", stat=stat)
               for stat in ("estimate", "ci_low", "ci_high")]  # fmt: skip
    assert line(table, "Age, years")[3].replace(" ", "") == "{} ({} to {})".format(*numbers).replace(" ", "")


def test_a_p_value_is_adjusted_and_names_its_test(results):
    table = baseline_table(results, "who")
    at = {"variable": "SEX", "measure": "test_adjusted", "stat": "p_value"}
    row = next(row for row in table.rows if row.cells[0].text == "Sex: Male, n (%)")
    assert row.cells[-1].text == printed(results, "p_value", **at)
    assert f"{row.cells[-1].mark}. Fisher's exact test, two-sided." in notes(table)
    assert "adjusted by Holm's method" in notes(table)
    assert len({row.cells[-1].mark for row in table.rows if row.cells[-1].mark}) == 6


def test_without_tests_there_is_no_such_column(study):
    plain = summarize_baseline(study, only(replace(AGE, test="")))
    assert [cell.text for cell in baseline_table(plain, "who").header][-1].startswith("SMD")


def test_dates_are_days_in_words(results, study):
    table = baseline_table(results, "who", total=True)
    first = study["adsl"]["ENRLDT"].min()
    assert line(table, "Enrolment", 1)[::3][:2] == ["First", f"{first.day} {first.month_name()} {first.year}"]
    assert [line(table, "Enrolment", i)[0] for i in (1, 2, 3)] == ["First", "Median", "Last"]


def test_dates_of_masked_arms_are_withheld_and_the_page_says_why(study):
    masked = summarize_baseline(mask_arms(study, {"X": "B", "Y": "A"}), only(ENROLLED))
    table = baseline_table(masked, "who", total=True)
    for i in (1, 2, 3):
        assert line(table, "Enrolment", i)[1:3] == ["s", "s"]
        assert len(line(table, "Enrolment", i)[3]) > 8
    assert line(table, "Enrolment")[-2:] == ["s", "s"]
    assert "Dates by arm (s) are withheld while arms are masked." in notes(table)


class TestSubgroups:
    def test_side_by_side_under_their_names(self, results):
        table = baseline_table(results, "who", total=True, subgroups="columns")
        assert [cell.text for cell in table.spanners] == ["Characteristic", "Stage IB", "Stage II", "Stage III"]
        assert len(table.header) == 3 * 4
        mean = printed(results, "decimal1", variable="AGE", measure="mean", arm="X", subgroup="STAGE9=III")
        assert line(table, "Age, years", 1)[9].startswith(f"{mean} (")

    def test_one_below_the_other_with_their_sizes(self, results):
        table = baseline_table(results, "who", subgroups="blocks")
        heads = [row for row in table.rows if row.kind == "total"]
        assert [row.cells[0].text for row in heads] == ["Stage IB", "Stage II", "Stage III"]
        size = printed(results, "count", measure="participants", arm="Y", subgroup="STAGE9=II")
        assert heads[1].cells[2].text.translate(str.maketrans(SPACES)) == f"N = {size}"
        assert [cell.text for cell in table.header][1:3] == ["Ex", "Wye"]
        assert "N" not in table.header[1].text
        assert [row[0] for row in lines(table)].count("Age, years") == 3

    def test_who_is_in_none_is_told_and_tests_that_are_not_shown_are_not(self, results):
        for layout in ("columns", "blocks"):
            told = notes(baseline_table(results, "who", subgroups=layout))
            assert "In no subgroup, without a value of Stage: 2." in told
            assert "P-values" not in told
        assert "In no subgroup" not in notes(baseline_table(results, "who"))

    def test_are_refused_where_there_are_none(self, study):
        plain = summarize_baseline(study, only(SEX))
        with pytest.raises(ResultsError, match="who: it has no subgroups; a table by them requires their rows"):
            baseline_table(plain, "who", subgroups="blocks")


def test_who_was_never_treated_is_told(known):
    table = baseline_table(summarize_baseline(known, only(replace(AGE, test=""))), "who")
    assert "Had not reached the start of radiotherapy by the cut-off: 1." in notes(table)


def test_extremes_and_dates_that_are_not_published_say_why(study):
    whole = summarize_baseline(study, only(AGE, ENROLLED))
    table = baseline_table(withhold_small_counts(whole, SmallCounts(2), withholdings()), "who")
    assert line(table, "Age, years", 2)[1:3] == ["s", "s"]
    assert "Withheld: it is the value of one participant." in notes(table)
    assert "Withheld: it is the date of one participant." in notes(table)


def test_one_statistic_of_everyone_is_one_line(study):
    plain = summarize_baseline(study, only(replace(EBV, show="median", together=False, test="", column="AGE")))
    assert [row[0] for row in lines(baseline_table(plain, "who"))] == ["EBV DNA, median (quartiles)"]
