"""However a plan ends, there is one message with its file and line."""

from __future__ import annotations

import os
import py_compile
import sys
import types

import pytest

from npcstats.errors import DataError, Interrupted, SpecError
from npcstats.system.programs import defined_in

ENDS = {
    "runtime": ("raise RuntimeError('no\\nmore')", "RuntimeError: no"),
    "division": ("1 / 0", "ZeroDivisionError: division by zero"),
    "assertion": ("assert False", "AssertionError"),
    "recursion": ("def f(): f()\nf()", "RecursionError: maximum recursion depth exceeded"),
    "own": ("class Own(BaseException): pass\nraise Own('mine')", "Own: mine"),
    "silent": ("class Bad(Exception):\n    def __str__(self): raise ValueError\nraise Bad", "Bad"),
    "ends in its words": ("class Bad(Exception):\n    def __str__(self): raise SystemExit(0)\nraise Bad", "Bad"),
    "exit zero": ("raise SystemExit(0)", "SystemExit: 0"),
    "exit": ("import sys; sys.exit('done')", "SystemExit: done"),
    "interrupt": ("raise KeyboardInterrupt", "KeyboardInterrupt"),
    "generator": ("raise GeneratorExit", "GeneratorExit"),
    "group": ("raise BaseExceptionGroup('all', [KeyboardInterrupt()])", "BaseExceptionGroup: all"),
    "file": ("open('/nowhere/at/all')", "FileNotFoundError: [Errno 2]"),
    "long": ("raise ValueError('x' * 10_000)", "ValueError: xxxx"),
    "memory": ("raise MemoryError", "MemoryError"),
}


@pytest.mark.parametrize(("body", "told"), ENDS.values(), ids=ENDS)
def test_any_end_is_told_with_its_line(tmp_path, body, told):
    path = tmp_path / "plan.py"
    path.write_text(f"X = 1\n{body}\nPLAN = 1\n")
    with pytest.raises(SpecError) as caught:
        defined_in(path, "PLAN")
    message = str(caught.value)
    assert message.startswith(f"{path}: cannot be run ({told}")
    # the file's last line at work: that of the call that never came back, or of the statement itself
    line = 2 if body.startswith("def") else 1 + len(f"X = 1\n{body}".splitlines()) - 1
    assert message.endswith(f", line {line}); a Python file that defines PLAN is required.")
    assert len(message) < 500
    assert "\n" not in message


@pytest.mark.parametrize("content", [b"PLAN = (\n", b"PLAN = \0", b"\xff\xfe", b"(" * 1000, b"\x80\x04"])
def test_what_is_no_program_is_told(tmp_path, content):
    path = tmp_path / "plan.py"
    path.write_bytes(content)
    with pytest.raises(SpecError, match=r"plan\.py: cannot be run \((SyntaxError|ValueError|MemoryError)"):
        defined_in(path, "PLAN")


def test_what_it_defines_works_on(tmp_path):
    path = tmp_path / "plan.py"
    path.write_text(
        "from __future__ import annotations\nfrom dataclasses import dataclass\nY = 2\n"
        "@dataclass(frozen=True)\nclass A:\n    b: int\n\ndef twice(): return Y * A(21).b\nPLAN = twice\n"
    )
    assert defined_in(path, "PLAN")() == 42
    assert defined_in(path, "OTHER") is None


@pytest.mark.parametrize("error", [DataError("adsl: no."), Interrupted(2)])
def test_refusals_and_signals_are_not_the_plans(tmp_path, monkeypatch, error):
    path = tmp_path / "plan.py"
    path.write_text("import builtins\nraise builtins.given\n")
    monkeypatch.setattr("builtins.given", error, raising=False)
    with pytest.raises(type(error)) as caught:
        defined_in(path, "PLAN")
    assert caught.value is error


def package(folder, **parts):
    """A folder of files, each by its name without ``.py``."""
    folder.mkdir(parents=True)
    for name, text in parts.items():
        (folder / f"{name}.py").write_text(text)
    return folder


def test_parts_of_a_folder_import_each_other_whatever_it_is_called(tmp_path):
    first = package(tmp_path / "plan", __init__="from plan.sizes import SIZE\nPLAN = SIZE + 1\n", sizes="SIZE = 41\n")
    second = package(
        tmp_path / "amendment-2", __init__="from plan import sizes\nPLAN = sizes.SIZE\n", sizes="SIZE = 8\n"
    )
    assert [defined_in(path, "PLAN") for path in (first, second, first)] == [42, 8, 42]
    assert [name for name in sys.modules if name.partition(".")[0] == "plan"] == []


def test_a_folder_inside_a_folder_is_a_part(tmp_path):
    folder = package(tmp_path / "plan", __init__="from plan.deep.part import SIZE\nPLAN = SIZE\n", sizes="SIZE = 5\n")
    package(folder / "deep", __init__="", part="from plan.sizes import SIZE\n")
    assert defined_in(folder, "PLAN") == 5


def test_parts_are_looked_for_in_the_folder_only(tmp_path, monkeypatch):
    """Another folder of the name, which Python would find, has the part that is asked for."""
    package(tmp_path / "other" / "plan", __init__="", sizes="SIZE = 1\n")
    folder = package(tmp_path / "own" / "plan", __init__="X = 1\nfrom plan.sizes import SIZE\nPLAN = SIZE\n")
    monkeypatch.syspath_prepend(tmp_path / "other")
    monkeypatch.setitem(sys.modules, "plan.sizes", types.ModuleType("plan.sizes"))
    with pytest.raises(SpecError) as caught:
        defined_in(folder, "PLAN")
    assert str(caught.value) == (
        f"{folder / '__init__.py'}: cannot be run (ModuleNotFoundError: No module named 'plan.sizes', line 2); "
        "a Python file that defines PLAN is required."
    )
    assert "plan.sizes" in sys.modules


def test_a_part_that_changed_within_its_second_is_read_again(tmp_path):
    """Of the same length and the same time: what Python keeps compiled would not be made again."""
    folder = package(tmp_path / "plan", __init__="from plan.sizes import SIZE\nPLAN = SIZE\n", sizes="SIZE = 41\n")
    part = folder / "sizes.py"
    before = part.stat()
    py_compile.compile(str(part))
    part.write_text("SIZE = 14\n")
    os.utime(part, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert defined_in(folder, "PLAN") == 14


@pytest.mark.parametrize(
    ("text", "told", "line"),
    [
        ("X = 1\nY = 1 / 0\n", "ZeroDivisionError: division by zero", 2),
        ("X = (\n", "SyntaxError: '(' was never closed", 1),
        ("X = 1\n\nfrom plan.nowhere import Y\n", "ModuleNotFoundError: No module named 'plan.nowhere'", 3),
    ],
)
def test_the_part_at_fault_is_told_with_its_line(tmp_path, text, told, line):
    folder = package(tmp_path / "plan", __init__="import plan.part\nPLAN = 1\n", part=text)
    with pytest.raises(SpecError) as caught:
        defined_in(folder, "PLAN")
    assert str(caught.value) == (
        f"{folder / 'part.py'}: cannot be run ({told}, line {line}); a Python file that defines PLAN is required."
    )


def test_a_folder_is_named_as_a_whole(tmp_path):
    folder = package(tmp_path / "plan", sizes="SIZE = 1\n")
    with pytest.raises(SpecError, match=r"plan: has no __init__\.py; a folder with one, or a Python file that defines"):
        defined_in(folder, "PLAN")
    (folder / "__init__.py").write_text("PLAN = 1\n")
    with pytest.raises(SpecError, match=r"__init__\.py: is a part of a folder, which is read as a whole; the folder"):
        defined_in(folder / "__init__.py", "PLAN")


def test_one_plan_may_load_another(tmp_path):
    """The inner one has parts of the same names."""
    inner = package(tmp_path / "inner", __init__="from plan.sizes import SIZE\nPLAN = SIZE\n", sizes="SIZE = 3\n")
    outer = package(
        tmp_path / "outer",
        __init__="from pathlib import Path\nfrom npcstats.system.programs import defined_in\n"
        f"INNER = defined_in(Path({str(inner)!r}), 'PLAN')\nfrom plan.sizes import SIZE\nPLAN = (INNER, SIZE)\n",
        sizes="SIZE = 4\n",
    )
    assert defined_in(outer, "PLAN") == (3, 4)
