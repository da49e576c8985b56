"""The public face shows every member of every family, and every declaration can be made, printed, hashed and sent away."""

from __future__ import annotations

import json
import pickle

import pytest
from rooms import DECLARATIONS, FAMILIES, PACKAGE, ROOT, python

import sparsecs
from sparsecs import Declaration, rebuild
from sparsecs.core.family import members

PLOTTING = ["matplotlib", "rich", "click"]
FOREIGN = ["cvxpy", "sklearn", "torch", "jax", "dask", "pylops"]
HEAVY = [*PLOTTING, *FOREIGN, "scipy.sparse.linalg", "scipy.optimize"]


def test_every_folder_with_a_base_is_known_as_a_family() -> None:
    based = {".".join(file.parent.relative_to(PACKAGE.parent).parts) for file in PACKAGE.rglob("base.py")}
    assert based <= set(FAMILIES)
    assert set(FAMILIES) - based == {"sparsecs.trials"}, "the base of trials lives with the sweeps, which toss them"


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_has_members_and_all_are_on_the_face(family: str) -> None:
    found = members(family, FAMILIES[family])
    assert found
    assert [name for name, cls in found.items() if getattr(sparsecs, name, None) is not cls] == []
    assert set(found) <= set(sparsecs.__all__)


def test_the_face_lists_each_name_once_in_order() -> None:
    shouting = [name for name in sparsecs.__all__ if name.isupper()]
    nouns = [name for name in sparsecs.__all__ if name[0].isupper() and not name.isupper()]
    verbs = [name for name in sparsecs.__all__ if name[0].islower()]
    assert sparsecs.__all__ == [*sorted(shouting), *sorted(nouns), *sorted(verbs)]
    assert len(set(sparsecs.__all__)) == len(sparsecs.__all__)


@pytest.mark.parametrize("family", ["sparsecs.solvers", "sparsecs.losses", "sparsecs.penalties"])
def test_the_readme_names_every_member_of_a_family(family: str) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name in members(family, FAMILIES[family]) if f"`{name}`" not in readme] == []


def test_every_listed_name_can_be_imported() -> None:
    scope: dict[str, object] = {}
    exec("from sparsecs import *", scope)
    assert set(sparsecs.__all__) <= set(scope)


def test_nothing_of_the_package_stands_on_the_face_unlisted() -> None:
    ours = {
        name
        for name, value in vars(sparsecs).items()
        if not name.startswith("_") and getattr(value, "__module__", "").startswith("sparsecs.")
    }
    assert ours == set(sparsecs.__all__)


def test_importing_the_package_leaves_heavy_libraries_alone() -> None:
    code = f"import sys, sparsecs; print([name for name in {HEAVY} if name in sys.modules])"
    run = python("-c", code)
    assert run.returncode == 0, run.stderr
    assert run.stdout.strip() == "[]"


def test_the_version_is_that_of_the_installed_package() -> None:
    from importlib.metadata import version

    assert sparsecs.__version__ == version("sparsecs")


@pytest.mark.parametrize("cls", DECLARATIONS, ids=lambda cls: cls.__name__)
class TestEveryDeclaration:
    def test_is_made_with_no_arguments_and_is_its_own_equal(self, cls: type[Declaration]) -> None:
        assert isinstance(cls(), Declaration)
        assert cls() == cls()
        assert cls() is not cls()

    def test_prints_as_the_code_that_makes_it(self, cls: type[Declaration]) -> None:
        assert eval(repr(cls()), vars(sparsecs).copy()) == cls()

    def test_is_hashable_and_frozen(self, cls: type[Declaration]) -> None:
        assert hash(cls()) == hash(cls())
        with pytest.raises(AttributeError):
            cls().tolerance = 1.0

    def test_travels_in_a_pickle(self, cls: type[Declaration]) -> None:
        there_and_back = pickle.loads(pickle.dumps(cls()))
        assert there_and_back == cls()
        assert there_and_back.fingerprint() == cls().fingerprint()

    def test_is_rebuilt_from_what_it_says_of_itself(self, cls: type[Declaration]) -> None:
        assert rebuild(json.loads(json.dumps(cls().describe()))) == cls()

    def test_has_a_fingerprint_that_no_other_has(self, cls: type[Declaration]) -> None:
        assert len(cls().fingerprint()) == 16
        others = [other().fingerprint() for other in DECLARATIONS if other is not cls]
        assert cls().fingerprint() not in others
