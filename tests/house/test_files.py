"""Files are short, hold one thing, are named after it, and share no hidden state."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from rooms import FAMILIES, ROOT, short, sources, tree

MOST_LINES, MOST_BODY = 300, 40
LISTS = {"sparsecs/__init__.py"}  # the public names, one a line: nothing to read at one go
INSIDE = sources("sparsecs")
EVERYWHERE = sources("sparsecs", "tests", "experiments", "benchmarks")
DOOR = {"sparsecs/operators/door.py"}  # where as_operator stands
SEVERAL = {  # an Adjoint beside Operator; an Iterate beside Solver; what a Result holds
    "sparsecs/operators/base.py",
    "sparsecs/solvers/base.py",
    "sparsecs/solvers/result.py",
}
SPELLED = {"GaussianInputs": "gaussian", "CoSaMP": "cosamp", "IsometryForCoSaMP": "isometry_for_cosamp"}  # a name
VAGUE = {"utils", "util", "helpers", "helper", "misc", "manager", "common", "tools"}
SEEDED = {
    "default_rng",
    "RandomState",
    "get_state",
}  # in the tests only: generators of one's own, and a look at the global one
TYPES = {"Generator", "PCG64", "SeedSequence", "BitGenerator"}


def snake(name: str) -> str:
    """NormalizedIHT -> normalized_iht, GroupL2 -> group_l2, OMP -> omp."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()


def public_classes(file: Path) -> list[str]:
    return [node.name for node in tree(file).body if isinstance(node, ast.ClassDef) and not node.name.startswith("_")]


def public_functions(file: Path) -> list[str]:
    return [
        node.name for node in tree(file).body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    ]


def family_files() -> list[Path]:
    files = [file for family in FAMILIES for file in sources(family.replace(".", "/"))]
    nested = {ROOT / family.replace(".", "/") for family in FAMILIES}
    return [file for file in files if file.parent in nested and not file.name.startswith("_")]


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return function.end_lineno - body[0].lineno + 1 if body else 0


def random_calls(file: Path) -> set[str]:
    """The names x in every ``np.random.x`` of a file, and in ``from numpy.random import x``."""
    found = set()
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) in ("np.random", "numpy.random"):
            found.add(node.attr)
        if isinstance(node, ast.ImportFrom) and node.module == "numpy.random":
            found.update(alias.name for alias in node.names)
        if isinstance(node, ast.Import) and any(alias.name == "random" for alias in node.names):
            found.add("the module random")
    return found


def test_names_become_snake_case_as_the_house_spells_them() -> None:
    spelled = {"OMP": "omp", "NormalizedIHT": "normalized_iht", "GroupL2": "group_l2", "L1": "l1", "Relu": "relu"}
    assert {name: snake(name) for name in spelled} == spelled
    assert snake("DonohoTanner") == "donoho_tanner"


@pytest.mark.parametrize("file", [file for file in EVERYWHERE if short(file) not in LISTS], ids=short)
def test_a_file_has_at_most_three_hundred_lines(file: Path) -> None:
    assert len(file.read_text(encoding="utf-8").splitlines()) <= MOST_LINES


@pytest.mark.parametrize("file", EVERYWHERE, ids=short)
def test_a_file_says_what_it_is(file: Path) -> None:
    assert (ast.get_docstring(tree(file)) or "").strip()


@pytest.mark.parametrize("file", INSIDE, ids=short)
def test_a_function_has_at_most_forty_lines(file: Path) -> None:
    functions = [node for node in ast.walk(tree(file)) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    assert {node.name: body_lines(node) for node in functions if body_lines(node) > MOST_BODY} == {}


@pytest.mark.parametrize("file", family_files(), ids=short)
def test_a_family_file_holds_one_class_or_verb_and_is_named_after_it(file: Path) -> None:
    classes = public_classes(file)
    if not classes:
        assert file.stem in public_functions(file) or short(file) in DOOR
    elif short(file) in SEVERAL:
        assert len(classes) > 1, "no exception is needed any more"
    else:
        assert len(classes) == 1
        assert file.name == "base.py" or file.stem == SPELLED.get(classes[0], snake(classes[0]))


@pytest.mark.parametrize("file", EVERYWHERE, ids=short)
def test_no_file_has_a_vague_name(file: Path) -> None:
    assert not VAGUE & {*file.relative_to(ROOT).with_suffix("").parts}


@pytest.mark.parametrize("file", EVERYWHERE, ids=short)
def test_no_file_draws_from_a_global_generator(file: Path) -> None:
    allowed = TYPES | (SEEDED if short(file).startswith("tests/") else set())
    assert random_calls(file) <= allowed


@pytest.mark.parametrize("file", EVERYWHERE, ids=short)
def test_no_file_imports_a_star(file: Path) -> None:
    stars = [node for node in ast.walk(tree(file)) if isinstance(node, ast.ImportFrom) and node.names[0].name == "*"]
    assert stars == []


@pytest.mark.parametrize("file", INSIDE, ids=short)
def test_compiled_code_is_free_functions_in_kernels(file: Path) -> None:
    compiled = re.search(r"\b(njit|jitclass|prange)\b", file.read_text(encoding="utf-8"))
    assert compiled is None or (file.parent.name == "kernels" and compiled.group() != "jitclass")


@pytest.mark.parametrize("name", [".ci/run", "README.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE"])
def test_the_front_of_the_house_is_there(name: str) -> None:
    assert (ROOT / name).is_file()
    assert (ROOT / name).read_text(encoding="utf-8").strip()


def test_the_check_can_be_run() -> None:
    assert (ROOT / ".ci/run").stat().st_mode & 0o111
