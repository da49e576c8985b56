"""The folder is the registry: a new file is a new member, and a wrong name is answered with the nearest one."""

from __future__ import annotations

import sys
from abc import ABC, abstractmethod
from pathlib import Path

import pytest

from sparsecs.core.family import member, members
from sparsecs.curves.base import Curve
from sparsecs.solvers.base import Solver
from sparsecs.solvers.omp import OMP

FOLDER = "zoo_of_a_test"


class Animal(ABC):
    """Base of a family that exists only here."""

    @abstractmethod
    def sound(self) -> str: ...


@pytest.fixture
def zoo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / FOLDER
    folder.mkdir()
    (folder / "__init__.py").touch()
    head = f"from {__name__} import Animal\n"
    monkeypatch.setitem(sys.modules, __name__, sys.modules[__name__])
    (folder / "cat.py").write_text(head + "class Cat(Animal):\n    def sound(self): return 'meow'\n")
    (folder / "_shared.py").write_text(head + "class Ghost(Animal):\n    def sound(self): return ''\n")
    (folder / "abstract.py").write_text(head + "class Pet(Animal): pass\nclass Stone: pass\n")
    monkeypatch.syspath_prepend(tmp_path)
    yield folder
    for name in [name for name in sys.modules if name.startswith(FOLDER)]:
        del sys.modules[name]


def test_only_concrete_classes_of_public_files_are_members(zoo: Path) -> None:
    assert list(members(FOLDER, Animal)) == ["Cat"]


def test_a_new_file_is_a_new_member(zoo: Path) -> None:
    (zoo / "bat.py").write_text(
        f"from {__name__} import Animal\nfrom {FOLDER}.cat import Cat\nclass Bat(Animal):\n    def sound(self): return 'eek'\n"
    )
    assert list(members(FOLDER, Animal)) == ["Bat", "Cat"]
    assert member("bat", FOLDER, Animal)().sound() == "eek"


def test_a_broken_file_is_not_passed_over(zoo: Path) -> None:
    (zoo / "broken.py").write_text("import no_such_library\n")
    with pytest.raises(ImportError, match="no_such_library"):
        members(FOLDER, Animal)


@pytest.mark.parametrize("name", ["OMP", "omp", "Omp"])
def test_case_does_not_matter(name: str) -> None:
    assert member(name, "sparsecs.solvers", Solver) is OMP


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("OPM", "OMP"),
        ("basis_pursuit", "BasisPursuit"),
        ("NormalisedIHT", "NormalizedIHT"),
        ("proxgradient", "ProximalGradient"),
    ],
)
def test_a_misspelt_name_is_answered_with_the_nearest(name: str, nearest: str) -> None:
    message = rf"^There is no solver called '{name}'\. Did you mean {nearest}\? There are: .*BasisPursuit, .*OMP"
    with pytest.raises(ValueError, match=message):
        member(name, "sparsecs.solvers", Solver)


def test_a_name_like_no_other_is_answered_with_the_list() -> None:
    with pytest.raises(
        ValueError, match=r"^There is no curve called 'zzz'\. There are: BahTanner, .*DonohoTanner, .*Stat"
    ):
        member("zzz", "sparsecs.curves", Curve)
