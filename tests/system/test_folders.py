"""A working folder lives as long as its owner: removed at its end, or by the next run if the owner was killed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import pytest

from npcstats.errors import Interrupted
from npcstats.system import interrupts
from npcstats.system.folders import one_at_a_time, working_folder

OWNER = """
import sys, time
from pathlib import Path
from npcstats.system.folders import working_folder
with working_folder(Path(sys.argv[1])) as folder:
    (folder / "half.csv").write_text("x")
    print(folder, flush=True)
    time.sleep(60)
"""


def test_folder_is_removed_whatever_happens(tmp_path):
    with pytest.raises(IsADirectoryError), working_folder(tmp_path) as folder:
        folder.write_text("a folder is no file")
    assert list(tmp_path.iterdir()) == []


def test_folder_of_a_killed_owner_is_removed_by_the_next_and_not_before(tmp_path):
    with subprocess.Popen([sys.executable, "-c", OWNER, tmp_path], stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        left = owner.stdout.readline().strip()
        with working_folder(tmp_path):
            assert os.path.isfile(f"{left}/half.csv")
        owner.kill()
        owner.wait()
        assert os.path.isdir(left)
    with working_folder(tmp_path) as own:
        assert list(tmp_path.iterdir()) == [own]


def test_folder_without_a_lock_is_left_while_it_is_fresh(tmp_path):
    bare = tmp_path / ".making-older"
    bare.mkdir()
    with working_folder(tmp_path):
        assert bare.is_dir()
    os.utime(bare, (time.time() - 3600, time.time() - 3600))
    with working_folder(tmp_path):
        assert not bare.exists()


def test_runs_take_turns(tmp_path):
    """Another process waits for the end of the first, and says so."""
    code = (
        "import sys; from pathlib import Path; from npcstats.system.folders import one_at_a_time\n"
        "with one_at_a_time(Path(sys.argv[1]), waiting=lambda: print('waiting', flush=True)): print('mine')"
    )
    command = [sys.executable, "-c", code, tmp_path]
    with one_at_a_time(tmp_path, waiting=lambda: pytest.fail("nobody is at work")):
        other = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert other.stdout is not None
        assert other.stdout.readline() == "waiting\n"
        assert other.poll() is None
    assert other.communicate(timeout=30)[0] == "mine\n"
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "mine\n"


def test_a_signal_while_a_folder_is_made_or_removed_leaves_nothing(tmp_path, monkeypatch):
    """It comes when the folder is there and not yet held, or half removed; it is raised when nothing is left."""
    for place, name in ((tempfile, "mkdtemp"), (shutil, "rmtree")):
        monkeypatch.setattr(interrupts, "_WATCH", interrupts._Watch())
        whole = getattr(place, name)

        def _stopped(*given, whole=whole, **named):
            made = whole(*given, **named)
            interrupts._stop(signal.SIGTERM, None)
            return made

        with monkeypatch.context() as patch:
            patch.setattr(place, name, _stopped)
            with pytest.raises(Interrupted), working_folder(tmp_path):
                pass
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_REAL, 0.0)
        assert list(tmp_path.iterdir()) == []
