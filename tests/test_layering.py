"""The order of the rooms, as data: a module imports only from those before it, and nothing hides an edge."""

from __future__ import annotations

import ast
import importlib
import re
import statistics
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from npcstats.provenance import PACKAGES, READERS, RENDERERS, package_versions, renderer_words

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "npcstats"

# Rooms in order; a folder counts as one. Those of one line never import each other.
ROOMS: tuple[tuple[str, ...], ...] = (
    ("errors",),
    ("system", "formatting", "provenance"),
    ("wording", "choices", "parallel"),
    ("schema",),
    ("clinical",),
    ("estimators",),
    ("readers",),
    ("results",),
    ("study",),
    ("derive",),
    ("display",),
    ("disclosure",),
    ("analyses",),
    ("quality", "synthetic", "tables", "figures"),
    ("documents",),
    ("release",),
    ("run",),
    ("__main__",),
)

# Inside a kind's folder the wall is held by file name, or by that of a folder of files. What each may import of the
# package beside its own folder, and of its own folder; common rooms are open to all kinds.
COMMON = ("timetoevent", "adjustment")
DISPLAYED = {"rows", "displays", "table", "figure", "words", "public"}
FROM_ROOMS = {
    "rows": {"results"},
    "displays": {"errors", "choices", "system", "display"},
    "table": {"errors", "formatting", "results", "display"},
    "figure": {"errors", "formatting", "results", "display"},
    "words": {"errors", "formatting", "results", "display"},
    "public": {"results", "disclosure"},
    "kind": {"display", "disclosure", "results"},
}
STUDIED = {
    "errors", "formatting", "wording", "choices", "schema", "clinical", "estimators", "results", "study", "derive"
}  # fmt: skip
FROM_OWN = {
    "rows": {"rows"},
    "displays": {"rows", "displays"},
    "table": {"rows", "displays", "table", "words"},
    "figure": {"rows", "displays", "figure", "words"},
    "words": {"rows", "displays", "words"},
    "public": {"rows", "public"},
}

# Third-party packages, and the only rooms, or files of a kind's folder, that may import them. What is not here may be
# imported nowhere. ``study side`` is every file of a kind's folder that no wall keeps from participants.
STUDY_SIDE = "study side"
THIRD_PARTY: dict[str, frozenset[str]] = {
    "lifelines": frozenset({"estimators"}),
    "pingouin": frozenset({"estimators"}),
    "threadpoolctl": frozenset({"estimators"}),
    "joblib": frozenset({"parallel"}),
    "dask": frozenset({"parallel"}),
    "distributed": frozenset({"parallel"}),
    "formulaic": frozenset({STUDY_SIDE}),
    "pyarrow": frozenset({"readers"}),
    "pyreadstat": frozenset({"readers"}),
    "great_tables": frozenset({"display"}),
    "matplotlib": frozenset({"display", "figure"}),
    "seaborn": frozenset({"display", "figure"}),
    "ipykernel": frozenset({"system"}),
    "ipykernel_launcher": frozenset({"system"}),
    "jupyter_client": frozenset({"documents"}),
    "nbclient": frozenset({"documents"}),
    "nbformat": frozenset({"documents"}),
    "pypandoc": frozenset({"documents"}),
    "pypdf": frozenset({"release"}),
    "typst": frozenset({"documents"}),
    "docx": frozenset({"documents"}),
    "lxml": frozenset({"documents"}),
    "yaml": frozenset({"documents"}),
    "babel": frozenset({"documents"}),
    "typer": frozenset({"run"}),
    "rich": frozenset({"run"}),
    "scipy": frozenset({"estimators", "synthetic", "clinical"}),
    "pandas": frozenset({"schema", "readers", "study", "derive", "display", "synthetic", "quality", STUDY_SIDE}),
    "numpy": frozenset(
        {"parallel", "schema", "estimators", "readers", "study", "derive", "display", "figure", "synthetic", "clinical",
         "quality", STUDY_SIDE}
    ),
}  # fmt: skip

FILES = sorted(SOURCE.rglob("*.py"))


def name_of(path):
    """The module, or the package that it is part of."""
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return parts[0] if parts[0] != "__init__" else "npcstats"


def imports_of(path):
    """Dotted names that a file imports."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found += [
                f"{node.module}.{alias.name}" if node.module == "npcstats" else node.module for alias in node.names
            ]
        elif named_in(node) and path.name != DISPLAYS:
            found.append(node.args[0].value)  # a module that is loaded later is imported all the same
    return found


# What a plan can ask for names what makes it, so that who reads a plan waits for no library: the one way upwards.
DISPLAYS = "displays.py"


def named_in(node):
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Named"


def test_displays_name_only_what_makes_them_in_their_own_folder():
    found = [
        (path.parent.name, node.args[0].value)
        for path in FILES
        if path.name == DISPLAYS
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if named_in(node)
    ]
    assert len(found) > 30
    assert [
        (folder, dotted)
        for folder, dotted in found
        if dotted.split(".")[:3] != ["npcstats", "analyses", folder]
        or dotted.split(".")[3] not in ("table", "figure", "words")
    ] == []


def own_edges():
    """Pairs of own modules, importer and imported, edges inside a package left out; with the file for the message."""
    edges = {}
    for path in FILES:
        for dotted in imports_of(path):
            parts = dotted.split(".")
            if parts[0] == "npcstats" and len(parts) > 1:
                pair = (name_of(path), parts[1])
                if pair[0] != pair[1] and not parts[1].startswith("__"):
                    edges.setdefault(pair, path)
    return edges


def place(room):
    for i, rooms in enumerate(ROOMS):
        if room in rooms:
            return i
    raise AssertionError(f"{room} is no room")


def part_of_kind(parts):
    """Folder and file of a dotted name inside a kind's folder, None for what is none."""
    return (parts[2], parts[3]) if len(parts) > 3 and parts[1] == "analyses" else None


def kind_edges():
    """Edges from files of kinds' folders: the file, its folder, its part, and the dotted name that it imports."""
    for path in FILES:
        own = part_of_kind(("npcstats", *path.relative_to(SOURCE).with_suffix("").parts))
        if own:
            for dotted in imports_of(path):
                if dotted.startswith("npcstats."):
                    yield path.relative_to(SOURCE).as_posix(), *own, dotted


def test_every_module_has_its_place():
    assert {name_of(path) for path in FILES} - {"npcstats"} == {room for rooms in ROOMS for room in rooms}


def test_no_edge_upwards_or_sideways():
    wrong = [
        f"{importer} imports {imported} ({path.relative_to(ROOT)})"
        for (importer, imported), path in own_edges().items()
        if importer != "npcstats" and not place(imported) < place(importer)
    ]
    assert wrong == []


def may_import(folder, part, dotted):
    """Whether a file of a kind's folder, named by its part, may import this."""
    parts = dotted.split(".")
    room, inner = parts[1], part_of_kind(parts)
    if inner:
        allowed = inner[1] != "kind" if part == "kind" else inner[1] in FROM_OWN.get(part, {"rows"})
        studied = part not in DISPLAYED and inner[1] not in {*DISPLAYED, "kind"}
        return inner[0] in (folder, *COMMON) and (allowed or studied)
    if room == "analyses":
        return dotted == "npcstats.analyses.kind" and part not in DISPLAYED
    return room in FROM_ROOMS.get(part, STUDIED)


def test_wall_inside_kinds_folders():
    """Who computes sees no display; who displays sees rows and words, and nobody's participants."""
    edges = [*kind_edges()]
    assert len(edges) > 100
    assert [f"{name} imports {dotted}" for name, *edge, dotted in edges if not may_import(*edge, dotted)] == []


@pytest.mark.parametrize(
    ("folder", "part", "dotted"),
    [
        ("toxicity", "summary", "npcstats.display.cells"),
        ("toxicity", "summary", "npcstats.disclosure.rule"),
        ("toxicity", "summary", "npcstats.analyses.toxicity.words"),
        ("toxicity", "summary", "npcstats.analyses.survival.summary"),
        ("toxicity", "table", "npcstats.study"),
        ("toxicity", "table", "npcstats.derive.groups"),
        ("toxicity", "table", "npcstats.analyses.toxicity.summary"),
        ("toxicity", "figure", "npcstats.analyses.baseline.table"),
        ("toxicity", "public", "npcstats.display.cells"),
        ("toxicity", "spec", "npcstats.analyses.kinds"),
        ("toxicity", "kind", "npcstats.analyses.survival.kind"),
    ],
)
def test_breaches_of_the_wall_are_seen(folder, part, dotted):
    assert not may_import(folder, part, dotted)


def test_only_a_run_knows_all_kinds():
    importers = {name_of(path) for path in FILES if "npcstats.analyses.kinds" in imports_of(path)}
    assert importers == {"run"}


def test_reports_import_nothing_that_runs():
    faces = {"tables": SOURCE / "tables.py", "figures": SOURCE / "figures.py"}
    for name, path in faces.items():
        found = {dotted.split(".")[1] for dotted in imports_of(path) if dotted.startswith("npcstats.")}
        assert found <= {"analyses", "display", "results", "errors"}, name
        parts = {part_of_kind(dotted.split("."))[1] for dotted in imports_of(path) if "npcstats.analyses." in dotted}
        assert parts <= DISPLAYED, name


def test_package_files_are_empty_or_faces():
    """An ``__init__`` names what is inside, and does nothing itself."""
    busy = []
    for path in FILES:
        if path.name == "__init__.py":
            body = ast.parse(path.read_text(encoding="utf-8")).body
            plain = all(
                isinstance(node, ast.Import | ast.ImportFrom)
                or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
                or (isinstance(node, ast.Assign) and node.targets[0].id in ("__all__", "__version__"))
                for node in body
            )
            if not plain:
                busy.append(path.relative_to(SOURCE).as_posix())
    assert busy == []


LONGEST_FILE, LONGEST_BODY, MEDIAN_BODY = 500, 50, 6


def bodies_of(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            documented = isinstance(node.body[0], ast.Expr) and isinstance(node.body[0].value, ast.Constant)
            body = node.body[documented and len(node.body) > 1 :]
            yield node.name, body[-1].end_lineno - body[0].lineno + 1


def test_files_and_bodies_are_short():
    tests = sorted((ROOT / "tests").rglob("*.py"))
    files = [path for path in (*FILES, *tests) if path.read_text(encoding="utf-8").count("\n") > LONGEST_FILE]
    lengths = [(path.relative_to(SOURCE).as_posix(), *body) for path in FILES for body in bodies_of(path)]
    assert files == []
    assert [found for found in lengths if found[2] > LONGEST_BODY] == []
    assert statistics.median(found[2] for found in lengths) <= MEDIAN_BODY


def test_package_itself_imports_nothing():
    assert imports_of(SOURCE / "__init__.py") == [] or set(imports_of(SOURCE / "__init__.py")) == {"__future__"}


def test_no_cycle_inside_a_package():
    edges = {}
    for path in FILES:
        dotted = ".".join(("npcstats", *path.relative_to(SOURCE).with_suffix("").parts)).removesuffix(".__init__")
        edges[dotted] = {name for name in imports_of(path) if name.startswith("npcstats.")}
    # a package's __init__ collects its parts; a part that imports its package would close a circle
    known = set(edges)
    state = {}

    def visit(node, trail):
        state[node] = "open"
        for following in sorted(edges[node] & known):
            assert state.get(following) != "open", " -> ".join((*trail, node, following))
            if following not in state:
                visit(following, (*trail, node))
        state[node] = "done"

    for node in sorted(known):
        if node not in state:
            visit(node, ())


def test_what_is_loaded_by_name_is_there():
    """Each is written with both names in place, and there is a function of that name."""
    calls = [
        node
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Named"
    ]
    names = [tuple(argument.value for argument in call.args) for call in calls]
    assert ("npcstats.run.cli", "run_command") in names
    assert [name for name in names if not callable(getattr(importlib.import_module(name[0]), name[1]))] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_imports_stand_at_the_top(path):
    inside = [
        f"line {inner.lineno}"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert inside == []


def owner_of(path):
    """What a file is among those that third-party packages are granted to."""
    inner = part_of_kind(("npcstats", *path.relative_to(SOURCE).with_suffix("").parts))
    if not inner:
        return name_of(path)
    return inner[1] if inner[1] in DISPLAYED else STUDY_SIDE


def test_third_party_packages_stay_where_they_belong():
    wrong = []
    for path in FILES:
        for dotted in imports_of(path):
            package = dotted.split(".")[0]
            if package in sys.stdlib_module_names or package in ("npcstats", "__future__"):
                continue
            if owner_of(path) not in THIRD_PARTY.get(package, frozenset()):
                wrong.append(f"{path.relative_to(ROOT)} imports {package}")
    assert sorted(set(wrong)) == []


# Distributions whose import has another name, and those that no module imports.
IMPORTED_AS = {"great-tables": "great_tables", "pypandoc-binary": "pypandoc", "python-docx": "docx", "pyyaml": "yaml"}
NOT_IMPORTED = {"lifelines", "pingouin", "dask"}
WITH_ANOTHER = {"ipykernel_launcher", "jupyter_client", "lxml"}  # of ipykernel, nbclient, python-docx


def declared_packages():
    """What the package needs, and what its extras do."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [
        *project["dependencies"],
        *(text for extra in project["optional-dependencies"].values() for text in extra),
    ]
    return {re.match("[a-z0-9-]+", text).group() for text in wanted}


def imported_packages():
    names = {dotted.split(".")[0] for path in FILES for dotted in imports_of(path)}
    return names - {*sys.stdlib_module_names, "npcstats", "__future__"}


def test_what_is_installed_is_imported_and_the_other_way_round():
    declared = {IMPORTED_AS.get(name, name) for name in declared_packages()}
    assert declared - imported_packages() - NOT_IMPORTED == set()
    assert imported_packages() - declared - WITH_ANOTHER == set()


def test_only_packages_that_are_imported_are_credited():
    imported = imported_packages()
    credited = (*PACKAGES, *READERS.values(), *RENDERERS)
    assert [name for name in credited if IMPORTED_AS.get(name, name) not in imported] == []


def test_a_package_that_reads_another_format_is_not_credited():
    own = {"python", "npcstats", *PACKAGES}
    assert set(package_versions(["adsl.csv"])) == own
    assert set(package_versions(["adsl.csv", "sub/AE.XPT"])) == own | {"pyreadstat"}
    assert "typst 0." in renderer_words()


def planned_words():
    """Arm codes and labels, codes of visits, endpoints, periods and populations of the plan: their first texts."""
    parts = sorted((ROOT / "analysis" / "plan").glob("*.py"))
    wanted = {"Arm": 2, "Visit": 1, "Endpoint": 1, "Period": 1, "Population": 1}
    words = set()
    for node in (node for path in parts for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in wanted:
            texts = [item.value for item in node.args if isinstance(item, ast.Constant) and isinstance(item.value, str)]
            words.update(texts[: wanted[node.func.id]])
    return words


# Words of the plan that are also something else in the package, with the only modules in which they are.
ALSO = {
    "RT": {"clinical", "synthetic", "quality"},  # phase of treatment and cause of harm
    "ENRL": {"analyses"},  # the variable of accrual rows
}


def test_plan_has_words_to_look_for():
    words = planned_words()
    assert {"PROTON", "PHOTON", "OS", "PFS", "MID", "RT", "acute"} <= words


def texts_of(path):
    """Every text in a file that is not a docstring."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documented = ast.Module | ast.ClassDef | ast.FunctionDef
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings
    ]


# Words of one field of medicine, which no page of a study of another may print, and the packages that hold its
# knowledge: rules of data checks that a plan switches on among them.
FIELD = re.compile(
    r"\b((?i:radiothera|chemo|fractions? (of|planned|given|deliv)|irradiat|gantry|cisplatin|carboplatin|gemcitabine"
    r"|nasophar|epstein|proton|photon|mucositis)|EBV\b|LOCAL\b|REGIONAL\b|DISTANT\b|LOCOREGIONAL\b|SYSTEMIC\b"
    r"|RESIDUAL\b|SECOND-PRIMARY|NEW-THERAPY|FEEDING-TUBE|OPIOID|INDUCTION|CONCURRENT|CHEMO|IMPT|VMAT|IMRT|RTSTDT|RTENDT"
    r"|FXDELIV|FXPLAN|RXDOSE|RT\b)"
)
KNOWING = {"clinical", "synthetic", "quality"}


def test_no_word_of_one_field_is_printed():
    found = [
        f"{path.relative_to(ROOT)}: {text}"
        for path in FILES
        if name_of(path) not in KNOWING
        for text in texts_of(path)
        if FIELD.search(text)
    ]
    assert found == []


@pytest.mark.parametrize(
    "text", ["best reading after radiotherapy", "LOCAL", "Days after RT", "of 3 fractions planned"]
)
def test_words_of_one_field_are_seen(text):
    assert FIELD.search(text)


def test_no_word_of_this_trial_is_written_in_the_package():
    """Code that makes a synthetic trial is given its design too, so it is looked at like the rest."""
    words, found = planned_words(), []
    for path in FILES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        docstrings = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
            and node.body
            and isinstance(node.body[0], ast.Expr)
        }
        for node in ast.walk(tree):
            if not isinstance(node, ast.Constant) or node.value not in words or id(node) in docstrings:
                continue
            if name_of(path) not in ALSO.get(node.value, ()):
                found.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.value!r}")
    assert found == []


def test_what_a_report_imports_is_light():
    """A kernel's start is render time: tables and results draw in no statistics and no drawing library."""
    heavy = ("lifelines", "pingouin", "statsmodels", "sklearn", "seaborn", "matplotlib", "scipy.stats", "great_tables")
    code = f"import sys, npcstats.tables, npcstats.results; print([m for m in {heavy!r} if m in sys.modules])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
