"""A masking map is drawn by the operating system, kept where others do not see it, and tells nothing of itself."""

from __future__ import annotations

import json
import stat
import sys
from collections import Counter

import pytest

from npcstats.errors import SpecError
from npcstats.provenance import hash_mask
from npcstats.run.cli import run_command
from npcstats.run.commands.mask import new
from npcstats.run.mask import Mask, check_same_mask, read_mask

DRAWS = 200
# Of 200 fair draws fewer than 60 or more than 140 heads come once in 10^8 times.
FEWEST, MOST = 60, 140


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A project whose plan has arms X and Y, and beside it a folder of one's own."""
    project, own = tmp_path / "project", tmp_path / "own"
    (project / "analysis").mkdir(parents=True)
    own.mkdir(mode=0o700)
    (project / "_quarto.yml").write_text("project:\n  type: default\n")
    source = "from eight import PLAN\n"
    (project / "analysis" / "plan.py").write_text(source)
    monkeypatch.chdir(project)
    return own


def refusal(file):
    with pytest.raises(SpecError) as caught:
        new(file, plan=None)
    return str(caught.value)


def test_a_map_that_a_run_reads(place, whole):
    file = place / "map.json"
    new(file, plan=None)
    found = read_mask(file, whole)
    assert {*found.letters} == {"X", "Y"}
    assert {*found.letters.values()} == {"A", "B"}
    assert len(bytes.fromhex(found.salt)) == 16


@pytest.mark.skipif(sys.platform == "win32", reason="modes of group and others are POSIX's; Windows has none to read")
def test_nobody_but_its_owner_reads_it(place):
    new(place / "map.json", plan=None)
    assert stat.S_IMODE((place / "map.json").stat().st_mode) == 0o600


def test_letters_and_salts_are_drawn(place):
    """Each arm gets either letter about half of the time, and no salt comes twice."""
    drawn = []
    for number in range(DRAWS):
        new(place / f"{number}.json", plan=None)
        drawn.append(json.loads((place / f"{number}.json").read_text()))
    assert FEWEST < Counter(one["X"] for one in drawn)["A"] < MOST
    assert len({one["salt"] for one in drawn}) == DRAWS


def test_what_is_printed_tells_nothing_of_the_map(place, capsys):
    """What the command says is the same whatever was drawn, and the order in the file is that of the plan's codes."""
    told = set()
    for number in range(20):
        file = place / f"{number:02}.json"
        assert run_command(["mask", "new", str(file)]) == 0
        printed = capsys.readouterr().out
        content = json.loads(file.read_text())
        assert content["salt"] not in printed
        assert [*content] == ["X", "Y", "salt"]
        told.add(printed.replace(str(file), "FILE"))
    assert told == {
        "Mask: FILE, readable by its owner only. Keep it, and a copy elsewhere: every meeting needs this very file.\n"
    }


def test_a_map_is_never_written_over(place):
    file = place / "map.json"
    new(file, plan=None)
    before = file.read_bytes()
    assert "exists already; a new file is required, since a map is the same at every meeting" in refusal(file)
    assert file.read_bytes() == before


def test_a_link_to_nowhere_is_not_followed(place):
    (place / "link.json").symlink_to(place / "elsewhere.json")
    assert "exists already" in refusal(place / "link.json")
    assert not (place / "elsewhere.json").exists()


@pytest.mark.parametrize(
    ("mark", "below", "told"),
    [
        ("folder", "", "lies inside a repository"),
        ("folder", "deep/er", "lies inside a repository"),
        ("file", "", "lies inside a repository"),  # of a work tree
        ("project", "analysis", "lies inside a project"),
    ],
)
def test_a_place_that_others_see_is_refused(place, mark, below, told):
    root = place.parent / "project" if mark == "project" else place
    inside = root / below
    inside.mkdir(parents=True, exist_ok=True)
    if mark == "folder":
        (root / ".git").mkdir()
    if mark == "file":
        (root / ".git").write_text("gitdir: elsewhere\n")
    assert told in refusal(inside / "map.json")
    assert not (inside / "map.json").exists()


def test_a_link_into_a_repository_is_refused(place):
    repository = place.parent / "repository"
    (repository / ".git").mkdir(parents=True)
    (place / "shortcut").symlink_to(repository, target_is_directory=True)
    assert "lies inside a repository" in refusal(place / "shortcut" / "map.json")


def test_a_folder_that_is_not_there_is_not_made(place):
    assert "its folder does not exist; a folder that does is required" in refusal(place / "none" / "map.json")
    assert not (place / "none").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="modes of group and others are POSIX's; Windows has none to read")
def test_a_folder_that_others_write_to_is_refused(place):
    """Who can write to the folder can put another map in its place; not where it is sticky."""
    place.chmod(0o777)
    assert "others can write to its folder; a folder that only you can write to is required" in refusal(
        place / "m.json"
    )
    place.chmod(0o1777)
    new(place / "m.json", plan=None)


def test_no_command_and_no_file(capsys):
    for words, told in (
        (["mask"], "`npcstats mask new FILE` draws a map."),
        (["mask", "new"], "Missing parameter: file"),
    ):
        assert run_command(words) == 1
        assert told in capsys.readouterr().err


class TestSameMap:
    def test_the_very_map_passes(self, salt):
        letters = {"X": "A", "Y": "B"}
        check_same_mask(Mask(dict(reversed(letters.items())), salt), hash_mask(letters, salt))

    @pytest.mark.parametrize(
        ("letters", "changed"),
        [({"X": "B", "Y": "A"}, False), ({"X": "A", "Y": "B"}, True), ({"X": "A", "Y": "C"}, False)],
        ids=["letters turned", "another salt", "another letter"],
    )
    def test_another_map_is_refused(self, salt, letters, changed, tmp_path):
        """The message tells neither letters nor salts."""
        other = salt[::-1] if changed else salt
        with pytest.raises(SpecError, match="it is not the map of the former meeting, or was altered since") as caught:
            check_same_mask(Mask(letters, other, tmp_path / "map.json"), hash_mask({"X": "A", "Y": "B"}, salt))
        assert salt not in str(caught.value)
        assert other not in str(caught.value)
