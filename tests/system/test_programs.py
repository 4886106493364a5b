"""However a plan ends, there is one message with its file and line."""

from __future__ import annotations

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
