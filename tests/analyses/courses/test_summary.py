"""Participants one by one: best change, changes and courses; see ``readings.py`` for the eight."""

from __future__ import annotations

from dataclasses import replace

import pytest
from readings import COURSE, trial

from npcstats.analyses.courses.summary import build_course
from npcstats.errors import DataError, SpecError


class TestCourses:
    """Months from the start of radiotherapy on day −45; numbers are told apart by their values."""

    def listed(self, **changed):
        listing, words = build_course(trial(), replace(COURSE, **changed), "secret")
        return [dict(zip(listing.columns, row, strict=True)) for row in listing.rows], words

    def test_best_change(self):
        """Before: A 40 at day −10 is after the start, so 50 of day −40 is too: none up to day −45 but H's 30.

        H has no later sum: with these dates nobody can be drawn.
        """
        records, words = self.listed()
        assert records == []
        assert words.sentences["drawn"] == "Drawn: 0 of 8."

    def test_best_change_from_the_end(self):
        """A 40 to 0, B 50 to 20, D 60 to 45 before the therapy, G 80 to 100; C has none before, H none after."""
        records, words = self.listed(origin="RTENDT")
        assert sorted((r["ARM"], r["PCHG"]) for r in records) == [
            ("X", "25.0"), ("X", "−100.0"), ("Y", "−25.0"), ("Y", "−60.0"),
        ]  # fmt: skip
        assert words.sentences["drawn"] == "Drawn: 4 of 8."
        assert words.kind == "best-change"

    def test_changes_begin_at_zero_and_are_in_order(self):
        records, _ = self.listed(kind="changes", origin="RTENDT")
        own = [(r["MONTH"], r["PCHG"]) for r in records if r["ARM"] == "Y"]
        assert sorted(own) == sorted(
            [("0.0", "0.0"), ("3.3", "−40.0"), ("5.5", "−60.0"), ("0.0", "0.0"), ("3.2", "−25.0")]
        )
        assert {r["PROGRESSED"] for r in records if r["PCHG"] == "25.0"} == {"yes"}

    def test_courses(self):
        """E died on day 60, 105 days after the start: 3.4 months. G relapsed on day 50 (3.1), was seen on 180 (7.4).

        G's stable reading is no response; F was lost.
        """
        records, _ = self.listed(kind="courses")
        by_end = {(r["END"], r["DIED"], r["ONGOING"]): r for r in records}
        died = by_end["3.4", "yes", "no"]
        assert (died["RESPONSE"], died["PROGRESSION"]) == ("–", "–")
        lost = by_end["2.1", "no", "no"]
        assert lost["RESPONSE"] == "–"
        relapsed = next(r for r in records if r["PROGRESSION"] == "3.1")
        assert (relapsed["END"], relapsed["RESPONSE"], relapsed["ONGOING"]) == ("7.4", "–", "yes")
        assert sorted(r["RESPONSE"] for r in records if r["RESPONSE"] != "–") == ["4.4", "4.7", "4.8", "6.4", "6.7"]

    def test_choice_of_those_with_an_event_is_told(self):
        records, words = self.listed(kind="courses", shown="with-event")
        assert len(records) == 2
        assert words.sentences["drawn"] == "Drawn: 2 of 2 who progressed or died, among 8."
        records, words = self.listed(kind="courses", shown="with-event", limit=1)
        assert len(records) == 1
        assert words.sentences["drawn"] == "Drawn: 1 of 2 who progressed or died, among 8, the first by number."

    def test_numbers_hide_the_participants(self):
        records, _ = self.listed(kind="courses")
        assert sorted(r["PARTICIPANT"] for r in records) == [str(n) for n in range(1, 9)]
        other = build_course(trial(), replace(COURSE, kind="courses"), "another")[0].rows
        assert other != build_course(trial(), replace(COURSE, kind="courses"), "secret")[0].rows

    def test_closed_sets(self):
        with pytest.raises(SpecError, match="kind is 'all'; one of best-change, changes, courses is required"):
            replace(COURSE, kind="all")
        with pytest.raises(SpecError, match="shown is 'some'; one of everyone, with-event is required"):
            replace(COURSE, shown="some")

    def test_study_without_sums_is_told(self):
        study = trial()
        without = replace(study, frames={name: frame for name, frame in study.frames.items() if name != "adtr"})
        with pytest.raises(DataError, match="frame adtr is not in the export; this analysis requires it"):
            build_course(without, COURSE, "secret")
