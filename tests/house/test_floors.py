"""Imports go down only: the contracts of pyproject.toml hold, and they speak of every room there is."""

from __future__ import annotations

import ast
import importlib.util
import inspect
import tomllib
from pathlib import Path

import pytest
from rooms import DECLARED, PACKAGE, ROOT, python, short, sources, tree

from sparsecs.core.family import members

FREE = {
    "base",
    "result",
    "results",
    "solution_path",
    "verdict",
}  # what members may import, beside files that begin with _


def contracts() -> list[dict]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]


def rooms_named() -> set[str]:
    (floors,) = [contract for contract in contracts() if contract["type"] == "layers"]
    return {room.strip() for floor in floors["layers"] for room in floor.split("|")}


def own_imports(file: Path) -> set[str]:
    """Modules of this package that a file imports, wherever in the file it does so."""
    found = set()
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.ImportFrom) and not node.level and (node.module or "").startswith("sparsecs"):
            found.add(node.module or "")
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names if alias.name.startswith("sparsecs"))
    return found


def test_all_import_contracts_are_kept() -> None:
    run = python("-c", "import sys; from importlinter.cli import lint_imports as lint; sys.exit(lint(no_cache=True))")
    assert run.returncode == 0, run.stdout + run.stderr
    assert "0 broken" in run.stdout


def test_every_room_stands_on_a_floor() -> None:
    folders = {f"sparsecs.{init.parent.name}" for init in PACKAGE.glob("*/__init__.py")}
    assert folders
    assert folders <= rooms_named()


def test_every_room_with_a_floor_exists() -> None:
    missing = [room for room in rooms_named() if importlib.util.find_spec(room) is None]
    assert missing == []


def test_every_folder_with_files_is_a_package() -> None:
    folders = {file.parent for file in sources("sparsecs")}
    assert [short(folder) for folder in folders if not (folder / "__init__.py").exists()] == []


@pytest.mark.parametrize("file", sources("sparsecs"), ids=short)
def test_nobody_inside_imports_from_a_face(file: Path) -> None:
    faces = {name for name in own_imports(file) if (ROOT / name.replace(".", "/") / "__init__.py").exists()}
    assert faces == set(), "import from the file that defines the name"


@pytest.mark.parametrize("family", DECLARED)
def test_members_know_no_siblings_and_bases_know_no_members(family: str) -> None:
    holders = {Path(inspect.getfile(cls)) for cls in members(family, DECLARED[family]).values()}
    for file in {*holders, ROOT / family.replace(".", "/") / "base.py"} - {PACKAGE / "trials/base.py"}:
        siblings = {name.rpartition(".")[2] for name in own_imports(file) if name.rpartition(".")[0] == family}
        strangers = {name for name in siblings if name not in FREE and not name.startswith("_")}
        assert strangers == set(), f"{short(file)} imports its siblings"


def test_no_room_is_written_with_relative_imports() -> None:
    relative = [
        short(file)
        for file in sources("sparsecs")
        for node in ast.walk(tree(file))
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert relative == []
