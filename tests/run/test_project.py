"""Where a project's plan is: a folder or a file, and every file of it decides whether something is made again."""

from __future__ import annotations

from pathlib import Path

import pytest
from eight import PLAN_FILE

from npcstats.errors import SpecError
from npcstats.run.project import Project
from npcstats.run.wishes import Wish, plan_sessions


@pytest.fixture
def project(tmp_path):
    (tmp_path / "analysis" / "plan").mkdir(parents=True)
    (tmp_path / "analysis" / "plan" / "__init__.py").write_text("from plan.whole import PLAN\n")
    (tmp_path / "analysis" / "plan" / "whole.py").write_text(PLAN_FILE)
    return Project(tmp_path)


def test_a_plan_is_a_folder_or_a_file(project):
    folder, file = project.plans
    assert project.plan == folder == project.folder / "analysis" / "plan"
    file.write_text(PLAN_FILE)
    with pytest.raises(SpecError, match=r"plan, .*plan\.py: a folder and a file; one plan is required\.$"):
        _ = project.plan
    for part in folder.iterdir():
        part.unlink()
    folder.rmdir()
    assert project.plan == file


@pytest.mark.parametrize("named", [False, True], ids=["the project's", "named"])
def test_every_file_of_a_plan_is_seen(project, named):
    """Also the file that would stand beside a folder: with both, nothing is made."""
    folder, file = project.plans
    wish = Wish(data=project.folder, plan=folder if named else None)
    seen = plan_sessions(project, wish, ("front",)).run.seen
    assert {Path(name).name for name in seen[str(folder)]} == {"__init__.py", "whole.py"}
    assert (str(file) in seen) != named
    (folder / "whole.py").write_text(PLAN_FILE + "# another\n")
    again = plan_sessions(project, wish, ("front",)).run.seen
    changed = {name for name, digest in again[str(folder)].items() if seen[str(folder)][name] != digest}
    assert changed == {str(folder / "whole.py")}
